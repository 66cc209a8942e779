/** Scores, ranks and deciles for other weights and comparisons, by the formulas of `pipeline/index`. */
import type { Component, IndexInfo, Indicator, Nation } from "../model/contract";
import { count, plural } from "../model/format";
import { sameSelection } from "../model/filter";
import type { Problem, Ranked, Scored } from "../model/scored";
import type { Reference } from "../model/what-if";
import { aggregate } from "./aggregation";
import { known, normalise, varies } from "./normalisation";
import { rankScores, TOLERANCE } from "./ranking";

/** What scoring reads of a table. */
export interface ScoringTable {
  readonly rows: number;
  has: (column: string) => boolean;
  number: (column: string, row: number) => number;
  text: (column: string, row: number) => string | null;
}

/** A component of all rows: 0 to 100, or before that in standard deviations. */
interface Part {
  values: Float64Array;
  bounded: Float64Array;
  problem: string | null;
}

const FULL = 100;
/** By how much weights that are meant to total 1 may pass it. */
const ROUNDING = 1e-9;

export class Scorer {
  /** What the reader can choose from; the first is what the page's own scores are compared with. */
  readonly references: readonly Reference[];
  readonly published: readonly number[];
  readonly #index: IndexInfo;
  readonly #table: ScoringTable;
  readonly #nation: Pick<Nation, "title" | "areas">;
  readonly #zScores: boolean;
  /** The page holds every area that its scores were compared with. */
  readonly #whole: boolean;
  readonly #columns = new Map<string, Float64Array>();
  readonly #parts = new Map<Reference, Part[]>();
  #selection: Uint8Array | null = null;
  #codes: Int32Array | null = null;

  /** @param reference what the page's scores were compared with, `england` or `area`. */
  constructor(index: IndexInfo, table: ScoringTable, nation: Pick<Nation, "title" | "areas">, reference: string) {
    this.#index = index;
    this.#table = table;
    this.#nation = nation;
    this.#zScores = index.components[0].indicators[0].normalisation === "z-score";
    const nationwide = nation.areas === table.rows;
    const own = reference === "area" ? "area" : "england";
    this.#whole = nationwide || own === "area";
    this.references = nationwide || own === "area" ? [own, "selection"] : ["england", "area", "selection"];
    this.published = index.components.map(({ weight }) => weight);
  }

  get own(): Reference {
    return this.references[0];
  }

  /** Why nothing can be compared in this way on this page, whatever the weights; null where it can. */
  obstacle(reference: Reference): string | null {
    if (!this.references.includes(reference)) return `This page does not hold the rest of ${this.#nation.title}.`;
    if (this.#taken(reference)) return null;
    if (reference === this.own && !this.#whole) {
      return `This index is made of standard deviations, and this page does not hold the rest of ${this.#nation.title} to work them out again.`;
    }
    const absent = this.#index.components.flatMap(({ indicators }) => indicators).find(({ column }) => !this.#table.has(column));
    return absent ? `This page does not hold the numbers of ${absent.column}.` : null;
  }

  /**
   * The index with other weights for its components, in their order; 0 leaves one out.
   *
   * Compared with a selection, ranks and deciles are among the selected areas and NaN for the others; no selection is
   * all areas.
   */
  score(weights: readonly number[], reference: Reference, selection: Uint8Array | null): Scored | Problem {
    const problem = this.#weightProblem(weights) ?? this.obstacle(reference);
    if (problem) return { problem };
    const among = reference === "selection" ? selection : null;
    const parts = this.#partsOf(reference, among);
    const counted = parts.map((_, i) => i).filter((i) => weights[i] > 0);
    for (const i of counted) {
      const own = parts[i].problem;
      if (own) return { problem: own };
    }
    const values = counted.map((i) => parts[i].values);
    const total = aggregate(
      values,
      counted.map((i) => weights[i]),
      this.#index.aggregation,
      FULL,
    );
    const score = this.#zScores ? between(total, among) : total;
    if (!score) return { problem: "With these weights the parts cancel each other out, so all areas score the same." };
    const ranked = this.rank(among ? score.map((value, row) => (among[row] ? value : NaN)) : score);
    return { components: parts.map(({ bounded }) => bounded), score, ...ranked };
  }

  /** What a first score by other weights would work out before anything else, a component at a time; most of its time. */
  *prepare(): Generator<void> {
    if (this.obstacle(this.own)) return;
    for (const i of this.#index.components.keys()) {
      this.#partAt(i, this.own, null);
      yield;
    }
    this.#byCode();
  }

  /** Ranks and deciles by the index's rule for ties; NaN is not ranked. */
  rank(score: Float64Array): Ranked {
    return rankScores(score, this.#index.ties, () => this.#byCode(), (TOLERANCE * FULL) / this.#index.scale);
  }

  #weightProblem(weights: readonly number[]): string | null {
    if (weights.length !== this.#index.components.length || !weights.every((weight) => weight >= 0 && weight < Infinity)) {
      return "The weights do not fit this index.";
    }
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    if (total === 0) return "Every weight is 0, so nothing would count. Give at least one part some weight.";
    if (this.#index.aggregation === "weighted-sum" && !this.#zScores && total > 1 + ROUNDING) {
      return "The weights of this index are counted as they are, and together they may not be more than 1.";
    }
    return null;
  }

  /** The page's own components are exact, and can be taken as they are. */
  #taken(reference: Reference): boolean {
    const nationwide = this.#nation.areas === this.#table.rows;
    return reference === this.own && !nationwide && !this.#zScores && this.#index.components.every(({ column }) => this.#table.has(column));
  }

  #partsOf(reference: Reference, among: Uint8Array | null): Part[] {
    if (reference === "selection" && !sameSelection(this.#selection, among)) {
      this.#parts.delete("selection");
      this.#selection = among ? among.slice() : null;
    }
    return this.#index.components.map((_, i) => this.#partAt(i, reference, among));
  }

  #partAt(i: number, reference: Reference, among: Uint8Array | null): Part {
    let parts = this.#parts.get(reference);
    if (!parts) {
      parts = [];
      this.#parts.set(reference, parts);
    }
    const component = this.#index.components[i];
    parts[i] ??= this.#taken(reference) ? this.#takenPart(component.column) : this.#part(component, among);
    return parts[i];
  }

  #takenPart(column: string): Part {
    const values = this.#column(column);
    return { values, bounded: values, problem: null };
  }

  #part(component: Component, among: Uint8Array | null): Part {
    const nothing = (problem: string): Part => {
      const values = new Float64Array(this.#table.rows).fill(NaN);
      return { values, bounded: values, problem };
    };
    const normalised: Float64Array[] = [];
    for (const indicator of component.indicators) {
      const own = this.#column(indicator.column);
      const reference = known(among ? own.filter((_, row) => among[row]) : own);
      if (!varies(reference)) return nothing(constant(component, indicator, reference.length));
      const filled = this.#withoutGaps(component, own, among);
      if ("problem" in filled) return nothing(filled.problem);
      normalised.push(normalise(indicator.normalisation, filled.values, reference, indicator.direction, FULL));
    }
    const weights = component.indicators.map(({ weight }) => weight);
    const values = aggregate(normalised, weights, component.aggregation, FULL);
    if (!this.#zScores) return { values, bounded: values, problem: null };
    const bounded = between(values, among);
    return bounded
      ? { values, bounded, problem: null }
      : nothing(`The numbers behind “${component.title}” cancel each other out, so all areas score the same. ${REMEDY}`);
  }

  /** An indicator's values with its gaps filled as the index says, or why that cannot be. */
  #withoutGaps(component: Component, values: Float64Array, among: Uint8Array | null): { values: Float64Array } | Problem {
    let gaps = 0;
    for (const value of values) if (Number.isNaN(value)) gaps++;
    if (!gaps || this.#index.missing === "reweight") return { values };
    const lacking = `“${component.title}” has no value for ${plural(gaps, "area", "areas")}`;
    if (this.#index.missing === "error") return { problem: `${lacking}, and this index leaves no gaps. ${REMEDY}` };
    const by = this.#index.impute_by;
    if (!by || !this.#table.has(by)) {
      return { problem: `${lacking}. The index fills such gaps from areas of the same kind, which this page does not hold. ${REMEDY}` };
    }
    const filled = this.#impute(values, by, among);
    return filled ? { values: filled } : { problem: `${lacking}, and no area of the same kind to fill the gap from. ${REMEDY}` };
  }

  /** Gaps filled with the median of the area's class over the reference; null where a class has none. */
  #impute(values: Float64Array, by: string, among: Uint8Array | null): Float64Array | null {
    const groups = new Map<string, number[]>();
    const classOf = (row: number): string | null => {
      const text = this.#table.text(by, row);
      const number = this.#table.number(by, row);
      return text ?? (Number.isNaN(number) ? null : String(number));
    };
    for (let row = 0; row < values.length; row++) {
      const own = classOf(row);
      if (own === null || Number.isNaN(values[row]) || (among && !among[row])) continue;
      const group = groups.get(own);
      if (group) group.push(values[row]);
      else groups.set(own, [values[row]]);
    }
    const medians = new Map([...groups].map(([name, group]) => [name, median(group)]));
    const filled = values.map((value, row) => (Number.isNaN(value) ? (medians.get(classOf(row) ?? "") ?? NaN) : value));
    return filled.some((value) => Number.isNaN(value)) ? null : filled;
  }

  #column(name: string): Float64Array {
    let values = this.#columns.get(name);
    if (!values) {
      values = new Float64Array(this.#table.rows);
      for (let row = 0; row < values.length; row++) values[row] = this.#table.number(name, row);
      this.#columns.set(name, values);
    }
    return values;
  }

  #byCode(): Int32Array {
    if (!this.#codes) {
      const codes = Array.from({ length: this.#table.rows }, (_, row) => this.#table.text("lsoa21_code", row) ?? "");
      this.#codes = Int32Array.from(codes.keys()).sort((a, b) => (codes[a] < codes[b] ? -1 : codes[a] > codes[b] ? 1 : a - b));
    }
    return this.#codes;
  }
}

const REMEDY = "Set its weight to 0, or choose another comparison.";

function constant(component: Component, indicator: Indicator, areas: number): string {
  const which = component.indicators.length > 1 ? `One of the numbers behind “${component.title}” (${indicator.column})` : `“${component.title}”`;
  if (!areas) return `${which} has no value for any of the areas compared with. ${REMEDY}`;
  const where = areas === 1 ? "There is only one area to compare with, so" : `${which} is the same in all ${count(areas)} areas compared with, so`;
  return `${where} it tells no area from another. ${REMEDY}`;
}

/** Standard deviations to 0–100, by the ends that they have over the reference; null where these are the same. */
function between(values: Float64Array, among: Uint8Array | null): Float64Array | null {
  let low = Infinity;
  let high = -Infinity;
  for (let row = 0; row < values.length; row++) {
    if (among && !among[row]) continue;
    if (values[row] < low) low = values[row];
    if (values[row] > high) high = values[row];
  }
  if (!(high - low > TOLERANCE)) return null;
  return values.map((value) => FULL * Math.min(Math.max((value - low) / (high - low), 0), 1));
}

function median(values: number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
