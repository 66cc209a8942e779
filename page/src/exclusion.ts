/** High risk and little support as one score, by the formulas of `pipeline/capacity/scores.py`. */
import type { ExclusionInfo } from "./contract";
import type { Ranked } from "./ranking";
import { rankScores } from "./ranking";

const FULL = 100;
/** What is known of the published ranks only. */
const UNSURE = ["exclusion_rank_p05", "exclusion_rank_median", "exclusion_rank_p95", "exclusion_worst_decile_probability"];

/** The percentile of each area's risk among those that have a rank, 0 to 100; higher is more risk. Equals share theirs. */
export function riskPercentiles({ average, count }: Pick<Ranked, "average" | "count">): Float64Array {
  return average.map((rank) => (FULL * (count + 1 - rank)) / count);
}

/**
 * One score of two percentiles, risk and capacity, all 0 to 100: `geometric` is high only where both the risk and the lack
 * of capacity are, `arithmetic` lets one make up for the other. NaN where one of them is not known.
 */
export function exclusionScores(risk: Float64Array, capacity: Float64Array, { formula, risk_weight: share }: ExclusionInfo): Float64Array {
  return risk.map((own, row) => {
    // A power of 0 is 1 even of what is not known.
    if (Number.isNaN(own) || Number.isNaN(capacity[row])) return NaN;
    const high = within(own);
    const lack = within(FULL - capacity[row]);
    return within(formula === "geometric" ? high ** share * lack ** (1 - share) : share * high + (1 - share) * lack);
  });
}

/**
 * The columns of where to act, by other ranks of the risk; areas without one have none here either. Equal scores share the
 * worse-off rank. How sure the ranks are is not known.
 */
export function exclusionColumns(risk: Pick<Ranked, "average" | "count">, capacity: Float64Array, how: ExclusionInfo): Map<string, Float64Array> {
  const score = exclusionScores(riskPercentiles(risk), capacity, how);
  const unknown = new Float64Array(score.length).fill(NaN);
  const { rank, decile } = rankScores(score, "min", () => new Int32Array());
  return new Map([
    ["exclusion_score", score],
    ["exclusion_rank", rank],
    ["exclusion_decile", decile],
    ...UNSURE.map((column): [string, Float64Array] => [column, unknown]),
  ]);
}

/** Numbers that rounding has carried past an end would have no root. */
function within(value: number): number {
  return Math.min(Math.max(value, 0), FULL);
}
