import type { Areas } from "./areas";
import type { AtlasData, ColumnInfo, LayerInfo } from "./data";
import type { Table } from "./table";
import type { Values } from "./values";
import { button, el, words } from "./dom";
import { MISSING, count, decimal, rankOf, tenth } from "./format";

const SHOWN_ELSEWHERE = new Set(["lsoa21_code", "lsoa21_name"]);

/** The heading under which a column is listed. */
export function sectionOf(column: ColumnInfo): string {
  if (/^(risk|england|exclusion|capacity|component|indicators|rank|worst)_/.test(column.name)) return "Risk";
  if (/^(population|share|people)_/.test(column.name)) return "People";
  if (/_(code|name)$/.test(column.name)) return "Place";
  return "Indicators";
}

/** Columns under their headings, in a fixed order of headings. */
export function sections(columns: readonly ColumnInfo[]): [string, ColumnInfo[]][] {
  const result: [string, ColumnInfo[]][] = ["Risk", "People", "Indicators", "Place"].map((title) => [title, []]);
  for (const column of columns) {
    if (column.name.startsWith("class:") || SHOWN_ELSEWHERE.has(column.name)) continue;
    result.find(([title]) => title === sectionOf(column))?.[1].push(column);
  }
  return result.filter(([, members]) => members.length > 0);
}

/** Everything the page knows of one area. */
export class Panel {
  readonly element = el("aside", { class: "atlas-panel", "aria-labelledby": "atlas-panel-title", hidden: "" });
  readonly #heading = el("h2", { id: "atlas-panel-title", tabindex: "-1" });
  readonly #body = el("div", { class: "atlas-panel-body" });
  readonly #data: AtlasData;
  readonly #table: Table;
  readonly #areas: Areas;
  readonly #values: Values;
  readonly #medians = new Map<string, number>();
  readonly #open = new Set<string>(["People"]);
  #opener: Element | null = null;

  constructor(data: AtlasData, table: Table, areas: Areas, values: Values, close: () => void, zoom: () => void) {
    this.#data = data;
    this.#table = table;
    this.#areas = areas;
    this.#values = values;
    for (const { column } of data.index.components) this.#medians.set(column, table.median(column));
    this.element.append(
      el(
        "div",
        { class: "atlas-panel-head" },
        this.#heading,
        el("div", { class: "atlas-panel-buttons" }, button("Zoom to area", "atlas-quiet", zoom), button("Close", "atlas-quiet", close)),
      ),
      this.#body,
    );
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
    });
  }

  show(row: number, layer: LayerInfo, focus: boolean): void {
    if (this.element.hidden) this.#opener = document.activeElement;
    else if (!this.element.contains(document.activeElement)) this.#opener = document.activeElement;
    const place = this.#areas.place(row);
    const same = this.#heading.dataset.code === this.#areas.code(row);
    this.#heading.dataset.code = this.#areas.code(row);
    this.#heading.replaceChildren(words(place || this.#areas.name(row)));
    this.#body.replaceChildren(
      el(
        "p",
        { class: "atlas-panel-code" },
        ...(place ? [words(this.#areas.name(row)), " · "] : []),
        "LSOA ",
        words(this.#areas.code(row)),
      ),
      this.#standing(row),
      ...(layer.column === "risk_decile" ? [] : [this.#onThisLayer(row, layer)]),
      ...this.#components(row),
      ...this.#numbers(row),
    );
    this.element.hidden = false;
    if (!same) this.element.scrollTop = 0;
    if (focus) this.#heading.focus({ preventScroll: true });
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

  #standing(row: number): HTMLElement {
    const england = this.#table.number("england_decile", row);
    const englandRank = this.#table.number("england_rank", row);
    const residents = this.#table.number("population_total", row);
    const within = this.#areas.tenth(row);
    const lines: (string | null)[] = [
      Number.isNaN(england) ? null : `In England: ${tenth(england)}${Number.isNaN(englandRank) ? "" : ` (rank ${count(englandRank)})`}`,
      Number.isNaN(residents) ? null : `${count(residents)} residents`,
    ];
    return el(
      "div",
      { class: "atlas-standing" },
      el(
        "p",
        { class: "atlas-rank" },
        rankOf(this.#table.number("risk_rank", row), this.#areas.ranked),
        within ? " · " : null,
        within ? el("span", {}, within) : null,
      ),
      ...lines.filter((line) => line !== null).map((line) => el("p", {}, line)),
    );
  }

  #onThisLayer(row: number, layer: LayerInfo): HTMLElement {
    return el("p", { class: "atlas-on-layer" }, words(layer.title), ": ", el("strong", {}, words(this.#values.layer(layer, row))));
  }

  #components(row: number): HTMLElement[] {
    const components = this.#data.index.components.filter(({ column }) => this.#table.has(column));
    if (!components.length) return [];
    const list = el("ul", { class: "atlas-bars" });
    for (const { title, column } of components) {
      const value = this.#table.number(column, row);
      const median = this.#medians.get(column) ?? NaN;
      const bar = el("div", { class: "atlas-bar", "aria-hidden": "true" });
      const fill = el("div", { class: "atlas-bar-fill" });
      fill.style.width = `${Number.isNaN(value) ? 0 : Math.min(100, Math.max(0, value))}%`;
      bar.append(fill);
      if (!Number.isNaN(median)) {
        const tick = el("div", { class: "atlas-bar-median" });
        tick.style.left = `${Math.min(100, Math.max(0, median))}%`;
        bar.append(tick);
      }
      list.append(
        el(
          "li",
          {},
          el(
            "div",
            { class: "atlas-bar-head" },
            words(title),
            el("span", { class: "atlas-bar-value" }, Number.isNaN(value) ? MISSING : decimal(value, 0)),
            Number.isNaN(median) ? null : el("span", { class: "atlas-hidden" }, ` of 100; the middle here is ${decimal(median, 0)}`),
          ),
          bar,
        ),
      );
    }
    return [
      el("h3", {}, "What makes up the risk"),
      el(
        "p",
        { class: "atlas-note" },
        "Each scored 0 to 100; higher means more risk. ",
        el("span", { class: "atlas-median-key", "aria-hidden": "true" }),
        "marks the middle of this map’s areas.",
      ),
      list,
    ];
  }

  #numbers(row: number): HTMLElement[] {
    const columns = this.#data.columns.filter((column) => this.#table.has(column.name));
    const parts = sections(columns).map(([title, members]) => {
      const list = el("dl");
      for (const info of members) {
        list.append(
          el(
            "div",
            {},
            el("dt", {}, words(info.title), el("span", { class: "atlas-description" }, words(this.#values.meaning(info)))),
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
    return parts.length ? [el("h3", {}, "All the numbers"), ...parts] : [];
  }
}
