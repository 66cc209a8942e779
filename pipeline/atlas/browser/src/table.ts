/** The attributes of the areas, one typed column each. */
import { PageError } from "./data";

interface TextColumn {
  kind: "text";
  values: string[];
  codes: Int32Array;
}

interface NumberColumn {
  kind: "number";
  numbers: Float64Array;
}

export type Column = TextColumn | NumberColumn;

type Packed = (number | null)[] | { values: string[]; codes: number[] };

export class Table {
  readonly rows: number;
  readonly #columns = new Map<string, Column>();

  constructor(rows: number, packed: Record<string, Packed>) {
    this.rows = rows;
    for (const [name, column] of Object.entries(packed)) {
      const length = Array.isArray(column) ? column.length : column.codes.length;
      if (length !== rows) throw new PageError("The table in this page is damaged. Please ask for the file again.");
      this.#columns.set(
        name,
        Array.isArray(column)
          ? { kind: "number", numbers: Float64Array.from(column, (value) => value ?? NaN) }
          : { kind: "text", values: column.values, codes: Int32Array.from(column.codes) },
      );
    }
  }

  has(name: string): boolean {
    return this.#columns.has(name);
  }

  column(name: string): Column | undefined {
    return this.#columns.get(name);
  }

  text(name: string, row: number): string | null {
    const column = this.#columns.get(name);
    return column?.kind === "text" && column.codes[row] >= 0 ? column.values[column.codes[row]] : null;
  }

  /** NaN where there is no number. */
  number(name: string, row: number): number {
    const column = this.#columns.get(name);
    return column?.kind === "number" ? column.numbers[row] : NaN;
  }

  value(name: string, row: number): string | number | null {
    const column = this.#columns.get(name);
    if (column?.kind !== "number") return this.text(name, row);
    return Number.isNaN(column.numbers[row]) ? null : column.numbers[row];
  }

  median(name: string): number {
    const column = this.#columns.get(name);
    if (column?.kind !== "number") return NaN;
    const sorted = column.numbers.filter((value) => !Number.isNaN(value)).sort();
    const middle = sorted.length >> 1;
    if (!sorted.length) return NaN;
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** Row numbers in the order of a column; rows without a value come last either way. */
  sorted(name: string, descending: boolean, rows: readonly number[]): number[] {
    const column = this.#columns.get(name);
    const sign = descending ? -1 : 1;
    const keys = new Float64Array(this.rows).fill(NaN);
    if (column?.kind === "number") keys.set(column.numbers);
    else if (column) {
      const collator = new Intl.Collator("en-GB", { numeric: true });
      const order = column.values.map((_, code) => code).sort((a, b) => collator.compare(column.values[a], column.values[b]));
      const place = new Float64Array(order.length);
      order.forEach((code, position) => (place[code] = position));
      for (let row = 0; row < this.rows; row++) if (column.codes[row] >= 0) keys[row] = place[column.codes[row]];
    }
    return [...rows].sort((a, b) => {
      const left = keys[a];
      const right = keys[b];
      if (Number.isNaN(left)) return Number.isNaN(right) ? a - b : 1;
      if (Number.isNaN(right)) return -1;
      return sign * (left - right) || a - b;
    });
  }
}
