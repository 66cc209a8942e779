import type { Areas } from "../../model/areas";
import type { AtlasData, ColumnInfo, LayerInfo } from "../../model/contract";
import type { Drivers, Piece } from "../../model/drivers";
import { driversOf, meanOf, signedPoints } from "../../model/drivers";
import { count, decimal, MISSING, ordinal, plural, rankOf, tenth } from "../../model/format";
import type { Geometry } from "../../model/geometry";
import { Helps } from "../../model/helps";
import { KIND } from "../../model/kinds";
import type { Neighbour } from "../../model/neighbours";
import { byRisk, neighboursOf } from "../../model/neighbours";
import type { Support, SupportPlace } from "../../model/support";
import type { Table } from "../../model/table";
import type { Values } from "../../model/values";
import { button, el, words } from "../../ui/dom";
import type { Middles } from "../../ui/score-bar";
import { scoreBar } from "../../ui/score-bar";
import { CopyLink, printArea } from "../../ui/share";
import { WhereToAct } from "./act";
import { nodes, WhyAndWhatHelps } from "./help";
import { WhatKind } from "./kind";
import { Pinned, pinnedInWords } from "./pinned";
import { storiesOf } from "./stories";
import { NearestSupport } from "./support";

const SHOWN_ELSEWHERE = new Set(["lsoa21_code", "lsoa21_name"]);
const NEIGHBOURS_SHOWN = 8;
const SUPPORT = "Support and where to act";

/** The heading under which a column is listed. */
export function sectionOf(column: ColumnInfo): string {
  if (/^(exclusion|capacity|support|nearest)_/.test(column.name)) return SUPPORT;
  if (["kinds", "drivers"].includes(column.group)) return "Risk";
  if (/^(risk|england|component|contribution|indicators|rank|worst)_|^(main_driver|drivers|points_to)$/.test(column.name)) return "Risk";
  if (/^(population|share|people)_/.test(column.name)) return "People";
  if (/_(code|name)$/.test(column.name)) return "Place";
  return "Indicators";
}

/** Columns under their headings, in a fixed order of headings. */
export function sections(columns: readonly ColumnInfo[]): [string, ColumnInfo[]][] {
  const result: [string, ColumnInfo[]][] = ["Risk", SUPPORT, "People", "Indicators", "Place"].map((title) => [title, []]);
  for (const column of columns) {
    if (column.name.startsWith("class:") || SHOWN_ELSEWHERE.has(column.name)) continue;
    result.find(([title]) => title === sectionOf(column))?.[1].push(column);
  }
  return result.filter(([, members]) => members.length > 0);
}

/** What the panel asks of the page around it. */
export interface PanelHooks {
  close: () => void;
  /** Zooms the map to the area that is shown. */
  zoom: () => void;
  /** Selects an area and gives the panel the focus. */
  open: (row: number) => void;
  /** The area pinned to compare has changed. */
  pinned: (row: number | null) => void;
  say: (text: string) => void;
  /** The colour that the layer shown gives an area; null where it has no data. */
  colourOf: (row: number) => string | null;
  /** The weights of the components, in the order of the index. */
  weights: () => readonly number[];
  /** False while the components are scored against something other than the nation. */
  againstNation: () => boolean;
  /** What is printed above the panel. */
  mapFrame: () => HTMLElement;
  /** Shows a support place on the map. */
  showPlace: (place: SupportPlace) => void;
}

/** Everything the page knows of one area. */
export class Panel {
  readonly element = el("aside", { class: "atlas-panel", "aria-labelledby": "atlas-panel-title", hidden: "" });
  readonly #heading = el("h2", { id: "atlas-panel-title", tabindex: "-1" });
  readonly #about = el("div", { class: "atlas-panel-part" });
  readonly #parts = el("div", { class: "atlas-panel-part" });
  readonly #data: AtlasData;
  readonly #table: Table;
  readonly #areas: Areas;
  readonly #values: Values;
  readonly #geometry: Geometry;
  readonly #hooks: PanelHooks;
  readonly #comparison: Pinned;
  readonly #act: WhereToAct;
  readonly #kind: WhatKind;
  readonly #why: WhyAndWhatHelps;
  readonly #support: NearestSupport;
  readonly #copyLink: CopyLink;
  readonly #pinButton: HTMLButtonElement;
  readonly #medians = new Map<string, number>();
  readonly #means = new Map<string, number>();
  readonly #open = new Set<string>(["People"]);
  #opener: Element | null = null;
  #row: number | null = null;
  #layer: LayerInfo | null = null;
  #pinned: number | null = null;
  #allNeighbours = false;

  constructor(data: AtlasData, table: Table, areas: Areas, values: Values, geometry: Geometry, hooks: PanelHooks) {
    this.#data = data;
    this.#table = table;
    this.#areas = areas;
    this.#values = values;
    this.#geometry = geometry;
    this.#hooks = hooks;
    this.#act = new WhereToAct(data, table);
    this.#kind = new WhatKind(data, table);
    this.#why = new WhyAndWhatHelps(table, new Helps(data));
    this.#support = new NearestSupport(hooks.showPlace);
    this.#copyLink = new CopyLink(hooks.say);
    this.#pinButton = button("Pin to compare", "atlas-quiet", () => {
      this.#togglePin();
    });
    this.#comparison = new Pinned(data, table, areas, values, {
      swap: () => {
        this.#swap();
      },
      unpin: () => {
        this.#unpin();
      },
    });
    this.element.append(
      el(
        "div",
        { class: "atlas-panel-head" },
        this.#heading,
        el("div", { class: "atlas-panel-buttons" }, button("Zoom to area", "atlas-quiet", hooks.zoom), button("Close", "atlas-quiet", hooks.close)),
      ),
      el(
        "div",
        { class: "atlas-panel-body" },
        this.#about,
        el(
          "div",
          { class: "atlas-panel-actions" },
          el(
            "div",
            { class: "atlas-panel-row" },
            this.#pinButton,
            this.#copyLink.button,
            button("Print this area", "atlas-quiet", () => {
              printArea(hooks.mapFrame(), this.#comparison.comparing);
            }),
          ),
          this.#copyLink.element,
        ),
        this.#comparison.element,
        this.#parts,
      ),
    );
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") hooks.close();
    });
  }

  show(row: number, layer: LayerInfo, focus: boolean): void {
    if (this.element.hidden) this.#opener = document.activeElement;
    else if (!this.element.contains(document.activeElement)) this.#opener = document.activeElement;
    const same = this.#row === row && !this.element.hidden;
    this.#row = row;
    this.#layer = layer;
    if (!same) {
      this.#allNeighbours = false;
      this.#copyLink.clear();
    }
    this.#fill(row, layer);
    this.element.hidden = false;
    if (!same) this.element.scrollTop = 0;
    if (!focus) return;
    this.#heading.focus({ preventScroll: true });
    // On a page that scrolls the panel stands below the map.
    if (["static", ""].includes(getComputedStyle(this.element).position) && this.element.getBoundingClientRect().top >= innerHeight - 1) this.#heading.scrollIntoView({ block: "nearest" });
  }

  /** Reads everything again after weights, ranks or scores have changed; `components`: whether those are among the scores. */
  refresh(components = true, layer = this.#layer): void {
    this.#layer = layer;
    if (components) {
      this.#medians.clear();
      this.#means.clear();
    }
    if (this.#row !== null && this.#layer !== null && !this.element.hidden) this.#fill(this.#row, this.#layer);
  }

  /** The link is to another view now. */
  linkChanged(): void {
    this.#copyLink.clear();
  }

  /** Support places may come after the first area is shown. */
  setSupport(support: Support): void {
    this.#support.setSupport(support);
  }

  /** Hides the panel; the focus goes back to where it came from, if that is still there. */
  hide(fallback: HTMLElement): void {
    if (this.element.hidden) return;
    const focused = this.element.contains(document.activeElement);
    this.element.hidden = true;
    if (!focused) return;
    const opener = this.#opener instanceof HTMLElement && this.#opener.isConnected ? this.#opener : fallback;
    (opener === document.body ? fallback : opener).focus({ preventScroll: true });
  }

  /** The code of the area pinned to compare. */
  get pinned(): string | null {
    return this.#pinned === null ? null : this.#areas.code(this.#pinned);
  }

  /** Pins an area; a code that this map does not know pins none. */
  setPinned(code: string | null): void {
    this.#pin(code === null ? null : this.#areas.row(code));
  }

  // --- pinning ---

  #pin(row: number | null): void {
    if (row === this.#pinned) return;
    this.#pinned = row;
    if (this.#row !== null) this.#showPinned(this.#row);
    this.#hooks.pinned(row);
  }

  #togglePin(): void {
    if (this.#row === null) return;
    const pin = this.#pinned !== this.#row;
    this.#pin(pin ? this.#row : null);
    this.#hooks.say(pin ? pinnedInWords(this.#areas.name(this.#row), this.#areas.table.rows) : "No area is pinned");
  }

  #unpin(): void {
    this.#pin(null);
    this.#pinButton.focus();
    this.#hooks.say("No area is pinned");
  }

  #swap(): void {
    const pinned = this.#pinned;
    if (pinned === null || this.#row === null || pinned === this.#row) return;
    this.#pin(this.#row);
    this.#hooks.open(pinned);
  }

  #showPinned(row: number): void {
    this.#comparison.show(this.#pinned, row);
    this.#pinButton.textContent =
      this.#pinned === row ? "Unpin this area" : this.#pinned === null ? "Pin to compare" : "Pin this one instead";
  }

  // --- what is said ---

  #fill(row: number, layer: LayerInfo): void {
    const place = this.#areas.place(row);
    const drivers = this.#drivers(row);
    this.#heading.replaceChildren(words(place || this.#areas.name(row)));
    this.#about.replaceChildren(
      el(
        "p",
        { class: "atlas-panel-code" },
        ...(place ? [words(this.#areas.name(row)), " · "] : []),
        "LSOA ",
        words(this.#areas.code(row)),
      ),
      this.#standing(row),
      ...this.#howSure(row),
      ...this.#kind.parts(row),
      ...this.#act.parts(row),
      ...this.#why.parts(row, drivers, this.#average()),
      ...(["risk_decile", KIND].includes(layer.column) ? [] : [this.#onThisLayer(row, layer)]),
    );
    this.#showPinned(row);
    this.#support.show(row);
    this.#parts.replaceChildren(
      ...this.#components(row, drivers),
      this.#support.element,
      ...storiesOf(this.#data.stories, row),
      ...this.#neighbours(row),
      ...this.#numbers(row),
    );
  }

  get #isNation(): boolean {
    return this.#data.nation.areas === this.#table.rows;
  }

  /**
   * Whether others would agree (where plausible indices place the area), and whether it is so (how often areas placed like
   * it were truly among the worst). Other weights than the published ones have neither.
   */
  #howSure(row: number): HTMLElement[] {
    const [low, middle, high, share] = ["rank_p05", "rank_median", "rank_p95", "worst_decile_probability"].map((column) =>
      this.#table.number(column, row),
    );
    if (this.#table.changed || [low, middle, high, share].some(Number.isNaN)) return [];
    const ranked = Math.max(2, this.#areas.ranked);
    const at = (rank: number): string => `${(100 * (rank - 1)) / (ranked - 1)}%`;
    const bar = el("div", { class: "atlas-interval", "aria-hidden": "true" });
    const span = el("div", { class: "atlas-interval-span" });
    span.style.left = at(low);
    span.style.right = `calc(100% - ${at(high)})`;
    const mark = el("div", { class: "atlas-interval-middle" });
    mark.style.left = at(middle);
    bar.append(span, mark);
    return [
      el("h3", {}, "How sure is the risk?"),
      el(
        "p",
        {},
        el("strong", {}, "Robust to choices: "),
        `in the most at-risk tenth in ${decimal(share, 0, true)} of plausible indices. In nine of ten of them its rank lies between `,
        `${ordinal(Math.round(low))} and ${ordinal(Math.round(high))} of ${count(this.#areas.ranked)}`,
        ...this.#sureInNation(row),
        ".",
      ),
      bar,
      el("p", { class: "atlas-interval-ends", "aria-hidden": "true" }, el("span", {}, "most at risk"), el("span", {}, "least at risk")),
      ...this.#likelyRight(row),
    ];
  }

  #sureInNation(row: number): (Node | string)[] {
    const [low, high] = ["england_rank_p05", "england_rank_p95"].map((column) => this.#table.number(column, row));
    if (this.#isNation || Number.isNaN(low) || Number.isNaN(high)) return [];
    const { nation } = this.#data;
    return [`, and between ${ordinal(Math.round(low))} and ${ordinal(Math.round(high))} of ${count(nation.areas)} in `, words(nation.title)];
  }

  /** A robust rank can be wrong: what matters may be in none of the indices. */
  #likelyRight(row: number): HTMLElement[] {
    const chance = this.#table.number("chance_worst_tenth", row);
    const { nation, index } = this.#data;
    if (Number.isNaN(chance) || index.chance_of === null) return [];
    return [
      el(
        "p",
        {},
        el("strong", {}, "Likely right: "),
        `of neighbourhoods placed like it in `,
        words(nation.title),
        `, about ${decimal(chance, 0, true)} were truly in the worst tenth there, by: `,
        words(index.chance_of),
        ".",
      ),
    ];
  }

  #older(row: number): string {
    const older = this.#table.number("population_65_plus", row);
    return Number.isNaN(older) ? "" : `, ${count(older)} of them aged 65 and over`;
  }

  #standing(row: number): HTMLElement {
    const { nation } = this.#data;
    const residents = this.#table.number("population_total", row);
    const within = this.#areas.tenth(row);
    const of = (name: string): Node[] => [new Text(" of "), words(name)];
    const lines: (HTMLElement | null)[] = [
      this.#isNation ? null : this.#nationStanding(row),
      Number.isNaN(residents) ? null : el("p", {}, plural(residents, "resident", "residents"), this.#older(row)),
    ];
    return el(
      "div",
      { class: "atlas-standing" },
      el(
        "p",
        { class: "atlas-rank" },
        rankOf(this.#table.number("risk_rank", row), this.#areas.ranked),
        within ? " · " : null,
        within ? el("span", {}, within, ...(this.#isNation ? of(nation.title) : [])) : null,
      ),
      ...lines,
    );
  }

  #nationStanding(row: number): HTMLElement | null {
    const { nation } = this.#data;
    const rank = this.#table.number("england_rank", row);
    const decile = tenth(this.#table.number("england_decile", row));
    if (Number.isNaN(rank) && !decile) {
      return this.#table.changed ? el("p", {}, "Not ranked in ", words(nation.title), " with changed weights") : null;
    }
    return el(
      "p",
      { class: "atlas-nation-rank" },
      Number.isNaN(rank) ? null : rankOf(rank, nation.areas),
      Number.isNaN(rank) || !decile ? null : " · ",
      decile,
      " of ",
      words(nation.title),
    );
  }

  #onThisLayer(row: number, layer: LayerInfo): HTMLElement {
    return el("p", { class: "atlas-on-layer" }, words(layer.title), ": ", el("strong", {}, words(this.#values.layer(layer, row))));
  }

  // --- what drives it ---

  /** Whether there is a nation that the components can be held against. */
  get #nationApplies(): boolean {
    const { nation, index } = this.#data;
    return this.#hooks.againstNation() && index.components.every(({ column }) => Number.isFinite(nation.means[column] ?? NaN));
  }

  #average(): Piece[] {
    return this.#nationApplies ? ["for ", { name: this.#data.nation.title }] : ["of this map"];
  }

  #drivers(row: number): Drivers | null {
    const { index, nation } = this.#data;
    const national = this.#nationApplies;
    return driversOf(
      index.components,
      this.#hooks.weights(),
      (column) => this.#table.number(column, row),
      (column) => (national ? nation.means[column] : this.#mean(column)),
    );
  }

  #mean(column: string): number {
    let mean = this.#means.get(column);
    if (mean === undefined) {
      mean = meanOf(this.#table.numbers(column));
      this.#means.set(column, mean);
    }
    return mean;
  }

  #middles(column: string): Middles {
    let here = this.#medians.get(column);
    if (here === undefined) {
      here = this.#table.median(column);
      this.#medians.set(column, here);
    }
    return { here, nation: this.#isNation || !this.#hooks.againstNation() ? NaN : (this.#data.nation.medians[column] ?? NaN) };
  }

  #components(row: number, drivers: Drivers | null): HTMLElement[] {
    const components = this.#data.index.components.filter(({ column }) => this.#table.has(column));
    if (!components.length) return [];
    const { nation } = this.#data;
    const contributions = drivers?.contributions ?? [];
    const placed = new Set(contributions.map(({ component }) => component));
    const ordered = [...placed, ...components.filter((component) => !placed.has(component))];
    const list = el("ol", { class: "atlas-bars" });
    const bothTicks = components.some(({ column }) => !Number.isNaN(this.#middles(column).nation));
    ordered.forEach(({ title, column }, i) => {
      const score = this.#table.number(column, row);
      const middles = this.#middles(column);
      const points = i < contributions.length ? signedPoints(contributions[i].points) : null;
      list.append(
        el(
          "li",
          {},
          el(
            "div",
            { class: "atlas-bar-head" },
            words(title, "atlas-bar-title"),
            el("span", { class: "atlas-bar-value" }, Number.isNaN(score) ? MISSING : decimal(score, 0)),
            el("span", { class: "atlas-hidden" }, ...nodes(this.#inWords(score, middles))),
            points === null ? null : el("span", { class: "atlas-points" }, points),
          ),
          scoreBar(score, middles),
        ),
      );
    });
    const key = el(
      "p",
      { class: "atlas-note atlas-tick-key" },
      "Each scored 0 to 100; higher means more risk. ",
      el(
        "span",
        {},
        el("span", { class: "atlas-key-here", "aria-hidden": "true" }),
        "middle of ",
        ...(this.#isNation ? [words(nation.title)] : ["this map’s areas"]),
      ),
      bothTicks ? " " : null,
      bothTicks ? el("span", {}, el("span", { class: "atlas-key-nation", "aria-hidden": "true" }), "middle of ", words(nation.title)) : null,
    );
    return [el("h3", {}, "What makes up the risk"), key, list, ...(drivers ? [this.#sum(drivers)] : [])];
  }

  /** Follows the score in the text for those who listen. */
  #inWords(score: number, { here, nation }: Middles): Piece[] {
    const middle = { name: this.#data.nation.title };
    const pieces: Piece[] = [Number.isNaN(score) ? "" : " of 100"];
    if (!Number.isNaN(here)) {
      pieces.push("; ", ...(this.#isNation ? ["middle of ", middle] : ["middle here"]), ` ${decimal(here, 0)}`);
    }
    if (!Number.isNaN(nation)) pieces.push(", middle of ", middle, ` ${decimal(nation, 0)}`);
    return [...pieces, ". "];
  }

  #sum({ total, score, average }: Drivers): HTMLElement {
    const geometric = this.#data.index.aggregation === "geometric";
    return el(
      "p",
      { class: "atlas-note atlas-points-sum" },
      "Points: what each adds to the risk against the average ",
      ...nodes(this.#average()),
      ". Together ",
      el("strong", {}, signedPoints(total)),
      `: ${decimal(score, 1)} here, ${decimal(average, 1)} on average.`,
      geometric ? " The score itself is a geometric mean, which weighs low parts more." : null,
    );
  }

  // --- neighbours ---

  #neighbours(row: number): HTMLElement[] {
    const neighbours = byRisk(neighboursOf(this.#geometry, row), (other) => this.#table.number("risk_rank", other));
    if (!neighbours.length) return [];
    // One too many would take no less room as a button that promises it.
    const shown = this.#allNeighbours || neighbours.length <= NEIGHBOURS_SHOWN ? neighbours.length : NEIGHBOURS_SHOWN;
    const list = el("ul", { class: "atlas-neighbours" });
    const add = (some: readonly Neighbour[]): void => {
      list.append(...some.map((neighbour) => el("li", {}, this.#neighbour(neighbour.row))));
    };
    add(neighbours.slice(0, shown));
    const section = el(
      "div",
      { class: "atlas-neighbours-part" },
      el("h3", {}, "Neighbours"),
      el("p", { class: "atlas-note" }, "Areas that share a border, the most at risk first. The square has the colour of the map."),
      list,
    );
    if (shown < neighbours.length) {
      const more = button(`and ${count(neighbours.length - shown)} more`, "atlas-quiet", () => {
        this.#allNeighbours = true;
        add(neighbours.slice(shown));
        more.remove();
        list.children[shown].querySelector("button")?.focus();
      });
      section.append(more);
    }
    return [section];
  }

  #neighbour(row: number): HTMLElement {
    const colour = this.#hooks.colourOf(row);
    const swatch = el("span", { class: colour === null ? "atlas-swatch atlas-no-data" : "atlas-swatch", "aria-hidden": "true" });
    if (colour !== null) swatch.style.backgroundColor = colour;
    const place = this.#areas.placeName(row) ?? this.#areas.district(row);
    const element = button("", "atlas-neighbour", () => {
      this.#hooks.open(row);
    });
    element.append(
      swatch,
      el(
        "span",
        { class: "atlas-neighbour-name" },
        place === null ? null : words(place),
        place === null ? null : " ",
        words(this.#areas.name(row), place === null ? "" : "atlas-neighbour-detail"),
      ),
      " ",
      el("span", { class: "atlas-neighbour-rank" }, this.#areas.rank(row)),
    );
    return element;
  }

  // --- all the numbers ---

  #numbers(row: number): HTMLElement[] {
    const columns = this.#data.columns.filter((column) => this.#table.has(column.name));
    const parts = sections(columns).map(([title, members]) => {
      const list = el("dl");
      for (const info of members) {
        list.append(
          el(
            "div",
            {},
            el("dt", {}, words(info.title), el("span", { class: "atlas-description" }, ...this.#meaning(info))),
            el("dd", {}, words(this.#values.column(info, row))),
          ),
        );
      }
      const details = el("details", { class: "atlas-numbers" }, el("summary", {}, title), list);
      details.open = this.#open.has(title);
      details.addEventListener("toggle", () => {
        if (details.open) this.#open.add(title);
        else this.#open.delete(title);
      });
      return details;
    });
    return parts.length ? [el("h3", { class: "atlas-all-numbers" }, "All the numbers"), ...parts] : [];
  }

  /** What a column means and what date its numbers are of. */
  #meaning(info: ColumnInfo): (Node | string)[] {
    const parts = [this.#values.meaning(info), info.as_of ?? ""].filter(Boolean);
    return parts.flatMap((part, i) => (i ? [" · ", words(part)] : [words(part)]));
  }
}
