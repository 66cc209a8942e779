/** Several columns of scores to one, as `pipeline/index/aggregate.py` has it. */
import type { Aggregation } from "../model/contract";

/** The share of the scale that a geometric mean adds to every score, so that one zero does not decide all. */
const GEOMETRIC_FLOOR = 0.01;

/**
 * One value for each row of `columns`, given one weight above 0 for each. Missing values (NaN) are left out of their
 * row and the weights of the others scaled up to the same total; NaN where nothing is present.
 */
export function aggregate(columns: readonly Float64Array[], weights: readonly number[], how: Aggregation, scale: number): Float64Array {
  const result = new Float64Array(columns[0].length);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const geometric = how === "geometric";
  const floor = geometric ? GEOMETRIC_FLOOR * scale : 0;
  for (let row = 0; row < result.length; row++) {
    let total = 0;
    let weight = 0;
    let low = Infinity;
    let high = -Infinity;
    for (let column = 0; column < columns.length; column++) {
      const score = columns[column][row];
      if (Number.isNaN(score)) continue;
      total += (geometric ? Math.log(score + floor) : score) * weights[column];
      weight += weights[column];
      if (score < low) low = score;
      if (score > high) high = score;
    }
    const mean = weight > 0 ? total / weight : NaN;
    if (how === "weighted-sum") result[row] = mean * all;
    else {
      // A mean lies between the least and the greatest of its parts; its last bit might not.
      const within = geometric ? Math.exp(mean) - floor : mean;
      result[row] = within < low ? low : within > high ? high : within;
    }
  }
  return result;
}
