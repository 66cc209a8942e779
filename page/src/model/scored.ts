/** What scoring gives: ranks, deciles and scores of all areas. */

export interface Ranked {
  /** NaN for rows without a score. */
  rank: Float64Array;
  /** 1 to 10, NaN for rows without a score. */
  decile: Float64Array;
  /** The rank, or the mean of those that equal scores take up, whatever the rule for ties. */
  average: Float64Array;
  /** How many rows have a rank. */
  count: number;
}

export interface Scored extends Ranked {
  /** One per component, 0 to 100; NaN throughout for one that could not be computed and has no weight. */
  components: Float64Array[];
  /** 0 to 100, also for areas outside the selection that is compared with. */
  score: Float64Array;
}

/** Why there is no result, for the reader. */
export interface Problem {
  problem: string;
}
