/** What the panel says on where to act: an area's place in that order, its support and its people at risk. */
import { capacityInWords, estimate, ORDER, orderingOf, SURE_OF_LIST } from "./act";
import type { AtlasData } from "./contract";
import { el, words } from "./dom";
import { decimal, rankOf } from "./format";
import type { Table } from "./table";

export class WhereToAct {
  readonly #data: Pick<AtlasData, "people">;
  readonly #table: Table;
  /** Of all areas, in ascending order. Weights do not change it. */
  #capacities: Float64Array | null = null;

  constructor(data: Pick<AtlasData, "people">, table: Table) {
    this.#data = data;
    this.#table = table;
  }

  parts(row: number): HTMLElement[] {
    const act = [...this.#rank(row), ...this.#capacity(row)];
    const people = this.#people(row);
    if (!act.length && !people.length) return [];
    return [el("h3", {}, act.length ? "Where to act" : "People at risk"), ...act, ...people];
  }

  #rank(row: number): HTMLElement[] {
    if (!orderingOf(this.#table).support) return [];
    const rank = this.#table.number("exclusion_rank", row);
    if (Number.isNaN(rank)) return [el("p", { class: "atlas-act-rank" }, "Not ranked for high risk with little support")];
    const order = this.#table.number(ORDER, row);
    const listed = this.#table.numbers(ORDER).reduce((sum, other) => sum + (Number.isNaN(other) ? 0 : 1), 0);
    const standing = Number.isNaN(order)
      ? "Not on the list of high risk and little support"
      : `${rankOf(order, listed)} on the list of high risk and little support`;
    return [el("p", { class: "atlas-act-rank" }, standing), ...this.#programme(row), ...this.#howSure(row)];
  }

  #howSure(row: number): HTMLElement[] {
    const share = this.#table.number(SURE_OF_LIST, row);
    if (Number.isNaN(share)) return [];
    return [el("p", {}, `High risk and little support, by the bounds of the list, in ${decimal(share, 0, true)} of the ways to calculate them that were tried.`)];
  }

  /** The programme that the area is in, as published. */
  #programme(row: number): HTMLElement[] {
    const name = this.#table.text("programme_name", row);
    return name === null || this.#table.changed ? [] : [el("p", {}, "In the programme ", words(name), ".")];
  }

  #capacity(row: number): HTMLElement[] {
    this.#capacities ??= this.#table
      .numbers("capacity_score")
      .filter((value) => !Number.isNaN(value))
      .sort();
    const sentence = capacityInWords(this.#table.number("capacity_score", row), this.#capacities);
    return sentence ? [el("p", {}, sentence)] : [];
  }

  #people(row: number): HTMLElement[] {
    const [people, low, high] = ["people_at_risk", "people_at_risk_low", "people_at_risk_high"].map((column) =>
      this.#table.number(column, row),
    );
    if (Number.isNaN(people)) return [];
    const within = Number.isNaN(low) || Number.isNaN(high) ? "" : `: ${estimate(low)} to ${estimate(high)}`;
    const { people: meaning } = this.#data;
    const many = people >= 1.5 || people < 0.5;
    return [
      el("p", { class: "atlas-act-people" }, el("strong", {}, `About ${estimate(people)} ${many ? "people" : "person"}`), ` at risk of being shut out (an estimate${within}).`),
      el(
        "p",
        { class: "atlas-note" },
        meaning.scaled ? "From national rates by age, scaled by deprivation; nobody was counted here." : "From national rates by age alone: poverty or disability here do not change it. Nobody was counted.",
        ...(within ? [" Low: people who ", words(meaning.low), ". High: people who ", words(meaning.high), "."] : []),
      ),
    ];
  }
}
