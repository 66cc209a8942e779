/** What the page carries of larger areas: means over their people, with the range that plausible indices give. */
import type { LargerInfo, LargerLevel } from "./contract";
import { PageError } from "./data";
import { decimal } from "./format";
import { Table } from "./table";

/** A number, and between which it lies in nine of ten plausible indices; NaN where that is not known. */
export interface Ranged {
  value: number;
  low: number;
  high: number;
}

/** What larger areas are coloured by: their mean risk, or the share of their people in the worst tenth. */
export type Measure = "mean" | "worst";
export const MEASURES: readonly Measure[] = ["mean", "worst"];

export type Figures = Record<Measure, Ranged>;

/** A practice, network or group: areas may belong to several, and to each in part. */
export interface Overlapping extends Figures {
  code: string;
  name: string;
  /** The share of its people who live in areas of the page, and their number. */
  covered: number;
  residents: number;
}

const COLUMNS: Record<Measure, readonly [string, string, string]> = {
  mean: ["risk_score", "risk_score_p05", "risk_score_p95"],
  worst: ["share_people_worst_tenth", "share_people_worst_tenth_low", "share_people_worst_tenth_high"],
};

export class Larger {
  readonly #levels: readonly LargerLevel[];
  readonly #table: Table;

  /** @throws {PageError} where there are not as many units as the levels have. */
  constructor(levels: readonly LargerLevel[], table: Table) {
    this.#levels = levels;
    this.#table = table;
    if (levels.reduce((sum, { units }) => sum + units, 0) !== table.rows) {
      throw new PageError("The figures of larger areas in this page are damaged. Please ask for the file again.");
    }
  }

  static read({ levels, units }: LargerInfo, packed: Uint8Array): Larger {
    return new Larger(levels, Table.read(units.rows, packed));
  }

  /** The figures of a level's units in the order of their first area; null where the page does not carry those of `units` units. */
  figures(level: string, units: number): Figures[] | null {
    const rows = this.#rows(level);
    return rows?.length === units ? rows.map((row) => this.#figures(row)) : null;
  }

  overlapping(level: string): Overlapping[] {
    const text = (name: string, row: number): string => this.#table.text(name, row) ?? "";
    const number = (name: string, row: number): number => this.#table.number(name, row);
    return (this.#rows(level) ?? []).map((row) => ({
      ...this.#figures(row),
      code: text("unit_code", row),
      name: text("unit_name", row),
      covered: number("share_covered", row),
      residents: number("residents", row),
    }));
  }

  #figures(row: number): Figures {
    const ranged = (measure: Measure): Ranged => {
      const [value, low, high] = COLUMNS[measure].map((column) => this.#table.number(column, row));
      return { value, low, high };
    };
    return { mean: ranged("mean"), worst: ranged("worst") };
  }

  #rows(level: string): number[] | null {
    let start = 0;
    for (const { id, units } of this.#levels) {
      if (id === level) return Array.from({ length: units }, (_, place) => start + place);
      start += units;
    }
    return null;
  }
}

/** Only the number, without a range. */
export function bare(value: number): Ranged {
  return { value, low: NaN, high: NaN };
}

/** "53.2", "48%" */
export function measured(measure: Measure, value: number): string {
  if (Number.isNaN(value)) return "–";
  if (measure === "mean") return decimal(value, 1);
  return value > 0 && value < 0.005 ? "under 1%" : decimal(value, 0, true);
}

/** "51.9 to 54.4"; nothing where the range is not known. */
export function rangeOf(measure: Measure, { low, high }: Ranged): string {
  if (Number.isNaN(low) || Number.isNaN(high)) return "";
  return `${measured(measure, low)} to ${measured(measure, high)}`;
}

/** "53.2 (51.9 to 54.4)" */
export function withRange(measure: Measure, ranged: Ranged): string {
  const range = rangeOf(measure, ranged);
  return range ? `${measured(measure, ranged.value)} (${range})` : measured(measure, ranged.value);
}
