/** From scores to ranks and deciles, as `pipeline/index/rank.py` has it: rank 1 and decile 1 are the highest risk. */
import type { IndexInfo } from "../model/contract";
import type { Ranked } from "../model/scored";

/** Scores on the index's own scale that follow each other by no more than this are equal. */
export const TOLERANCE = 1e-9;

/**
 * Ranks and deciles of the rows that have a score.
 *
 * @param ties `min` gives equal scores the same, worse-off rank; `average` the mean of their ranks; `code` breaks ties
 *   by the order of rows in `byCode`.
 */
export function rankScores(score: Float64Array, ties: IndexInfo["ties"], byCode: () => Int32Array, tolerance = TOLERANCE): Ranked {
  const sorted = score.filter((value) => !Number.isNaN(value)).sort();
  const count = sorted.length;
  const starts: number[] = [];
  for (let i = 0; i < count; i++) if (i === 0 || sorted[i] - sorted[i - 1] > tolerance) starts.push(i);
  const lowest = Float64Array.from(starts, (start) => sorted[start]);
  const ends = [...starts.slice(1), count];
  const averages = Float64Array.from(starts, (start, group) => (2 * count - start - ends[group] + 1) / 2);
  // The rank of each group of equals; with ties by code, that of its next row.
  const ranks = ties === "average" ? averages : Float64Array.from(starts, (_, group) => count - ends[group] + 1);
  const average = new Float64Array(score.length).fill(NaN);
  const rank = new Float64Array(score.length).fill(NaN);
  const decile = new Float64Array(score.length).fill(NaN);
  const rows = ties === "code" ? byCode() : null;
  for (let i = 0; i < score.length; i++) {
    const row = rows ? rows[i] : i;
    if (Number.isNaN(score[row])) continue;
    const group = last(lowest, score[row]);
    rank[row] = ranks[group];
    average[row] = averages[group];
    if (rows) ranks[group]++;
    decile[row] = Math.ceil((10 * rank[row]) / count);
  }
  return { rank, decile, average, count };
}

/** The last of some ascending numbers that is not above `value`. */
function last(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
