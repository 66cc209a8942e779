/** What makes up the risk of an area: its components against the median and the average of others. */
import type { Drivers, Piece } from "../../model/drivers";
import { driversOf, meanOf, signedPoints } from "../../model/drivers";
import { decimal, MISSING } from "../../model/format";
import type { Page } from "../../scoring/page";
import { el, words } from "../../ui/dom";
import { methodLine } from "../../ui/method-link";
import type { Middles } from "../../ui/score-bar";
import { scoreBar } from "../../ui/score-bar";
import { nodes } from "./help";

export class Components {
  readonly #page: Page;
  readonly #medians = new Map<string, number>();
  readonly #means = new Map<string, number>();

  constructor(page: Page) {
    this.#page = page;
  }

  /** After the numbers of the table were replaced. */
  forget(): void {
    this.#medians.clear();
    this.#means.clear();
  }

  /** Whether there is a nation that the components can be held against. */
  get #nationApplies(): boolean {
    const { nation, index } = this.#page.data;
    return this.#page.showing.againstNation && index.components.every(({ column }) => Number.isFinite(nation.means[column] ?? NaN));
  }

  average(): Piece[] {
    return this.#nationApplies ? ["for ", { name: this.#page.data.nation.title }] : ["of this map"];
  }

  drivers(row: number): Drivers | null {
    const { index, nation } = this.#page.data;
    const national = this.#nationApplies;
    return driversOf(
      index.components,
      this.#page.showing.weights,
      (column) => this.#page.table.number(column, row),
      (column) => (national ? nation.means[column] : this.#mean(column)),
    );
  }

  #mean(column: string): number {
    let mean = this.#means.get(column);
    if (mean === undefined) {
      mean = meanOf(this.#page.table.numbers(column));
      this.#means.set(column, mean);
    }
    return mean;
  }

  #middles(column: string): Middles {
    let here = this.#medians.get(column);
    if (here === undefined) {
      here = this.#page.table.median(column);
      this.#medians.set(column, here);
    }
    return { here, nation: this.#page.showing.isNation || !this.#page.showing.againstNation ? NaN : (this.#page.data.nation.medians[column] ?? NaN) };
  }

  components(row: number, drivers: Drivers | null): HTMLElement[] {
    const components = this.#page.data.index.components.filter(({ column }) => this.#page.table.has(column));
    if (!components.length) return [];
    const { nation } = this.#page.data;
    const contributions = drivers?.contributions ?? [];
    const placed = new Set(contributions.map(({ component }) => component));
    const ordered = [...placed, ...components.filter((component) => !placed.has(component))];
    const list = el("ol", { class: "atlas-bars" });
    const bothTicks = components.some(({ column }) => !Number.isNaN(this.#middles(column).nation));
    ordered.forEach(({ title, column }, i) => {
      const score = this.#page.table.number(column, row);
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
        "median of ",
        ...(this.#page.showing.isNation ? [words(nation.title)] : ["this map’s areas"]),
      ),
      bothTicks ? " " : null,
      bothTicks ? el("span", {}, el("span", { class: "atlas-key-nation", "aria-hidden": "true" }), "median of ", words(nation.title)) : null,
    );
    return [key, list, ...(drivers ? [this.#sum(drivers)] : []), methodLine("index")];
  }

  /** Follows the score in the text for those who listen. */
  #inWords(score: number, { here, nation }: Middles): Piece[] {
    const middle = { name: this.#page.data.nation.title };
    const pieces: Piece[] = [Number.isNaN(score) ? "" : " of 100"];
    if (!Number.isNaN(here)) {
      pieces.push("; ", ...(this.#page.showing.isNation ? ["median of ", middle] : ["median here"]), ` ${decimal(here, 0)}`);
    }
    if (!Number.isNaN(nation)) pieces.push(", median of ", middle, ` ${decimal(nation, 0)}`);
    return [...pieces, ". "];
  }

  #sum({ total, score, average }: Drivers): HTMLElement {
    const geometric = this.#page.data.index.aggregation === "geometric";
    return el(
      "p",
      { class: "atlas-note atlas-points-sum" },
      "Points: what each adds to the risk against the average ",
      ...nodes(this.average()),
      ". Together ",
      el("strong", {}, signedPoints(total)),
      `: ${decimal(score, 1)} here, ${decimal(average, 1)} on average.`,
      geometric ? " The score itself is a geometric mean, which weighs low parts more." : null,
    );
  }
}
