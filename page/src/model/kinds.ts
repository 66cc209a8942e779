/** Which kind of exclusion stands out in an area, in words. */
import type { KindInfo, KindsInfo } from "./contract";

/** The values of the column `kind` beside the titles of the kinds, as in `pipeline/catalogue/kinds.py`. */
export const BOTH = "Both";
export const NEITHER = "Neither";
export const KIND = "kind";

export class Kinds {
  readonly #kinds: KindsInfo;

  constructor(kinds: KindsInfo) {
    this.#kinds = kinds;
  }

  /** The kinds that the value of an area's column names. */
  standingOut(value: string | null): KindInfo[] {
    return this.#kinds.kinds.filter(({ title }) => value === BOTH || value === title);
  }

  /** The values that a condition may ask for. */
  get values(): string[] {
    return [...this.#kinds.kinds.map(({ title }) => title), BOTH, NEITHER];
  }

  /** A value as readers see it where it stands alone. */
  called(value: string): string {
    return value === BOTH ? "Both kinds" : value === NEITHER ? "Neither kind" : value;
  }
}
