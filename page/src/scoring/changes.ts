/** What other weights change: who enters and leaves the most at-risk tenth, and how like the two orders are. */
import { count, decimal, plural } from "../model/format";
import type { Ranked } from "../model/scored";

export interface Riser {
  row: number;
  from: number;
  to: number;
}

export interface Changes {
  enter: number;
  leave: number;
  /** Spearman's rank correlation; NaN where one of the orders tells no area from another. */
  correlation: number;
  /** The areas that move furthest towards rank 1, furthest first. */
  risers: Riser[];
}

/** How `after` differs from `before`, over the rows that have a rank in both. */
export function changesOf(before: Ranked, after: Ranked, risers: number): Changes {
  let enter = 0;
  let leave = 0;
  const rows: number[] = [];
  for (let row = 0; row < after.rank.length; row++) {
    if (Number.isNaN(after.rank[row]) || Number.isNaN(before.rank[row])) continue;
    rows.push(row);
    if (after.decile[row] === 1 && before.decile[row] !== 1) enter++;
    if (after.decile[row] !== 1 && before.decile[row] === 1) leave++;
  }
  return { enter, leave, correlation: correlation(rows, before.average, after.average), risers: furthest(rows, before, after, risers) };
}

function furthest(rows: readonly number[], before: Ranked, after: Ranked, most: number): Riser[] {
  const risers: Riser[] = [];
  const rise = ({ from, to }: Riser): number => from - to;
  for (const row of rows) {
    const riser = { row, from: before.rank[row], to: after.rank[row] };
    if (rise(riser) <= 0 || (risers.length === most && rise(riser) <= rise(risers[most - 1]))) continue;
    const place = risers.findIndex((other) => rise(other) < rise(riser));
    risers.splice(place < 0 ? risers.length : place, 0, riser);
    risers.length = Math.min(risers.length, most);
  }
  return risers;
}

function correlation(rows: readonly number[], a: Float64Array, b: Float64Array): number {
  const mean = (of: Float64Array): number => rows.reduce((sum, row) => sum + of[row], 0) / rows.length;
  const [middleA, middleB] = [mean(a), mean(b)];
  let [both, ofA, ofB] = [0, 0, 0];
  for (const row of rows) {
    const [left, right] = [a[row] - middleA, b[row] - middleB];
    both += left * right;
    ofA += left * left;
    ofB += right * right;
  }
  return both / Math.sqrt(ofA * ofB);
}

/** How many areas change places in the most at-risk tenth, in words. */
export function tenthInWords({ enter, leave }: Changes): string {
  if (!enter && !leave) return "The same areas are in the most at-risk tenth.";
  const enters = enter === 1 ? "enters" : "enter";
  return `${plural(enter, "area", "areas")} ${enters} the most at-risk tenth, ${count(leave)} ${leave === 1 ? "leaves" : "leave"} it.`;
}

const LIKENESS: [number, string][] = [
  [0.99, "almost the same as"],
  [0.95, "close to"],
  [0.8, "similar to"],
  [0.5, "rather different from"],
  [-1, "very different from"],
];

/** How like the two orders of `which` are, in words. */
export function orderInWords({ correlation: value }: Changes, which = "all areas"): string {
  if (Number.isNaN(value)) return "";
  const [, words] = LIKENESS.find(([least]) => value >= least) ?? LIKENESS[LIKENESS.length - 1];
  return `The order of ${which} is ${words} the published one (rank correlation ${decimal(value, 2)}; 1 is the same order).`;
}
