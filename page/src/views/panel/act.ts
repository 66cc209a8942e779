/** What the panel says on where to act: an area's place in that order, its support and its people at risk. */
import { capacityInWords, ORDER, orderingOf, SURE_OF_LIST } from "../../model/act";
import type { AtlasData, PeopleInfo, PeopleMeasure } from "../../model/contract";
import { about, capital, decimal, estimate, rankOf } from "../../model/format";
import type { Table } from "../../model/table";
import { el, words } from "../../ui/dom";
import { methodLink } from "../../ui/method-link";

/** What tells one area from another. */
function basisOf({ scaled }: PeopleInfo): string {
  return scaled ? "Estimated from national rates by age and disability, and the risk here" : "Estimated from national rates by age and disability alone";
}

/** What estimates of people are made from, with the totals, in a sentence or two. */
export function madeOf(people: PeopleInfo): string {
  const totals = people.measures.map(
    ({ share, adults_from, means, year }) => `${decimal(share, 0, true)} of adults aged ${adults_from} and over ${means} (${year})`,
  );
  return `${basisOf(people)}; over the country they add up to published totals: ${totals.join(", ")}. Nobody was counted here.`;
}

export class WhereToAct {
  readonly #data: Pick<AtlasData, "people">;
  readonly #table: Table;
  /** Of all areas, in ascending order. Weights do not change it. */
  #capacities: Float64Array | null = null;

  constructor(data: Pick<AtlasData, "people">, table: Table) {
    this.#data = data;
    this.#table = table;
  }

  /** How many people are at risk, and what that estimate is. */
  people(row: number): HTMLElement[] {
    const people = this.#people(row);
    return people.length ? [el("h3", {}, "People at risk"), ...people] : [];
  }

  /** Support within reach, and where the area stands on the list of where to act. */
  support(row: number): HTMLElement[] {
    const act = [...this.#capacity(row), ...this.#rank(row)];
    return act.length ? [el("h3", {}, "Support, and where to act"), ...act] : [];
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
    return [
      el("p", {}, `High risk and little support, by the bounds of the list, in ${decimal(share, 0, true)} of the ways to calculate them that were tried.`),
    ];
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
    const people = this.#table.number("people_at_risk", row);
    if (Number.isNaN(people)) return [];
    const { people: meaning } = this.#data;
    const measures = meaning.measures.filter(({ column }) => !Number.isNaN(this.#table.number(column, row)));
    return [
      el("p", { class: "atlas-act-people" }, el("strong", {}, `${capital(about(people))} people`), " at risk of being shut out (an estimate)."),
      ...(measures.length ? [el("ul", { class: "atlas-act-measures" }, ...measures.map((measure) => this.#measure(measure, row)))] : []),
      el(
        "p",
        { class: "atlas-note" },
        measures.length ? `At risk: those not online, and ${decimal(meaning.part, 0, true)} of those online without the skills. ` : "",
        `${basisOf(meaning)}${this.#table.changed && meaning.scaled ? " by the published index" : ""}, adding up to the totals of the country. Nobody was counted here. `,
        methodLink("act"),
      ),
    ];
  }

  #measure({ column, title, means, share, year }: PeopleMeasure, row: number): HTMLElement {
    const [people, low, high] = ["", "_low", "_high"].map((end) => this.#table.number(`${column}${end}`, row));
    const between = Number.isNaN(low) || Number.isNaN(high) ? "" : `, likely between ${estimate(low)} and ${estimate(high)}`;
    return el("li", {}, words(title), `: ${about(people)}${between} (`, words(means), `: ${decimal(share, 0, true)} of all adults in ${year})`);
  }
}
