/** High risk and little support as one score and as a list, by the formulas of `pipeline/act/exclusion.py` and `pipeline/act/listing.py`. */
import type { ExclusionInfo, ListInfo } from "../model/contract";
import type { Ranked } from "../model/scored";
import { rankScores } from "./ranking";

const FULL = 100;
/** What is known of the published ranks only. */
const UNSURE = ["exclusion_rank_p05", "exclusion_rank_median", "exclusion_rank_p95", "exclusion_worst_decile_probability"];
const UNSURE_OF_LIST = ["list_probability", "unmet_need_expected"];

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

/** What the list of where to act is made of, for each area; `little` is 1 where support is little, 0 where it is not. */
export interface Listable {
  /** 1 is the highest risk. */
  rank: Float64Array;
  /** All 1 where the page knows of no support places. */
  little: Float64Array;
  people: Float64Array;
  /** All 1 where the page knows of no support places. */
  lack: Float64Array;
}

/**
 * The list by other ranks of the risk: areas of high risk and little support, the most people at risk × lack of support
 * first; equals in the order of risk, then of the table. How sure it is is not known.
 */
export function listColumns({ rank, little, people, lack }: Listable, { risk_share }: ListInfo): Map<string, Float64Array> {
  const ranked = rank.reduce((sum, own) => sum + (Number.isNaN(own) ? 0 : 1), 0);
  const listed = rank.map((own, row) => (own <= risk_share * ranked && little[row] === 1 ? 1 : 0));
  const need = people.map((own, row) => own * lack[row]);
  const order = new Float64Array(rank.length).fill(NaN);
  const rows = [...listed.keys()].filter((row) => listed[row] === 1);
  rows.sort((a, b) => need[b] - need[a] || rank[a] - rank[b] || a - b);
  for (const [place, row] of rows.entries()) order[row] = place + 1;
  const unknown = new Float64Array(rank.length).fill(NaN);
  return new Map([["on_list", listed], ["priority", order], ...UNSURE_OF_LIST.map((column): [string, Float64Array] => [column, unknown])]);
}

/** Numbers that rounding has carried past an end would have no root. */
function within(value: number): number {
  return Math.min(Math.max(value, 0), FULL);
}
