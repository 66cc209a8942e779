/** From an indicator's values to normalised values, as `pipeline/index/normalise.py` has it: higher means more risk. */
import type { Normalisation } from "../model/contract";

/** The constant of the exponential transformation of the English Indices of Deprivation. */
const IMD_CONSTANT = 23;
/** An indicator whose range is less than this share of its largest value is constant but for noise. */
const SAME = 1e-12;

/** The values that others are compared with: known ones only, in ascending order. */
export type Known = Float64Array;

export function known(values: Float64Array): Known {
  return values.filter((value) => !Number.isNaN(value)).sort();
}

/** Whether it tells one area from another. */
export function varies(reference: Known): boolean {
  if (!reference.length) return false;
  const low = reference[0];
  const high = reference[reference.length - 1];
  return high - low > SAME * Math.max(Math.abs(low), Math.abs(high));
}

/**
 * `values` compared with `reference`, 0 to `scale`; z-scores in standard deviations instead. NaN stays NaN.
 * The reference must vary.
 */
export function normalise(how: Normalisation, values: Float64Array, reference: Known, direction: 1 | -1, scale: number): Float64Array {
  switch (how) {
    case "min-max":
      return minMax(values, reference, direction, scale);
    case "percentile":
      return percentile(values, reference, direction, scale);
    case "z-score":
      return zScore(values, reference, direction);
    case "rank-exponential":
      return rankExponential(values, reference, direction, scale);
  }
}

function minMax(values: Float64Array, reference: Known, direction: 1 | -1, scale: number): Float64Array {
  const low = reference[0];
  const range = reference[reference.length - 1] - low;
  return values.map((value) => {
    const upward = scale * clamp((value - low) / range, 0, 1);
    return direction > 0 ? upward : scale - upward;
  });
}

function percentile(values: Float64Array, reference: Known, direction: 1 | -1, scale: number): Float64Array {
  const place = new Places(reference, direction);
  return values.map((value) => scale * Math.min(place.of(value) / reference.length, 1));
}

function zScore(values: Float64Array, reference: Known, direction: 1 | -1): Float64Array {
  const mean = sum(reference, (value) => value) / reference.length;
  const deviation = Math.sqrt(sum(reference, (value) => (value - mean) ** 2) / reference.length);
  return values.map((value) => (direction * (value - mean)) / deviation);
}

function rankExponential(values: Float64Array, reference: Known, direction: 1 | -1, scale: number): Float64Array {
  const place = new Places(reference, direction === 1 ? -1 : 1);
  const count = reference.length;
  const most = Math.expm1(-100 / IMD_CONSTANT);
  return values.map((value) => {
    const share = clamp((count - place.of(value) + 1) / count, 0, 1);
    return scale * Math.min((-IMD_CONSTANT * Math.log1p(share * most)) / 100, 1);
  });
}

/** The average rank of values in a reference. */
class Places {
  readonly #distinct: Float64Array;
  /** How many of the reference come before each distinct value, and how many there are in all. */
  readonly #before: Float64Array;
  readonly #direction: 1 | -1;

  constructor(reference: Known, direction: 1 | -1) {
    this.#direction = direction;
    const ordered = direction > 0 ? reference : reference.map((value) => -value).reverse();
    const starts: number[] = [];
    for (let i = 0; i < ordered.length; i++) if (i === 0 || ordered[i] !== ordered[i - 1]) starts.push(i);
    this.#distinct = Float64Array.from(starts, (start) => ordered[start]);
    this.#before = Float64Array.from([...starts, ordered.length]);
  }

  /** Count below + (count equal + 1) / 2. */
  of(value: number): number {
    if (Number.isNaN(value)) return NaN;
    const sought = this.#direction * value;
    let low = 0;
    let high = this.#distinct.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#distinct[middle] < sought) low = middle + 1;
      else high = middle;
    }
    const equal = this.#distinct[low] === sought ? this.#before[low + 1] - this.#before[low] : 0;
    return this.#before[low] + (equal + 1) / 2;
  }
}

/** A sum whose error does not grow with the number of its parts. */
function sum(values: Float64Array, of: (value: number) => number): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const part = of(value) - lost;
    const next = total + part;
    lost = next - total - part;
    total = next;
  }
  return total;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
