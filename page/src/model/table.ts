/** The attributes of the areas, one typed column each, as `docs/contract.md` describes them. */
import type { Column, Texts } from "./packed-table";
import { ABSENT, damaged, PackedColumns, textAt, textColumn } from "./packed-table";

export type { Texts } from "./packed-table";

export type Plain = (string | number | null)[];

export class Table {
  readonly rows: number;
  /** Each is made when it is first asked for. */
  readonly #columns: Map<string, () => Column>;
  readonly #replaced = new Map<string, Column>();
  #packed: PackedColumns | null = null;

  constructor(rows: number, columns: ReadonlyMap<string, () => Column>) {
    this.rows = rows;
    this.#columns = new Map(columns);
  }

  /** From the unpacked bytes of the page; what is not `complete` is added later. */
  static read(rows: number, bytes: Uint8Array, complete = true): Table {
    const packed = new PackedColumns(rows, bytes);
    if (complete) packed.close();
    const table = new Table(rows, new Map(Array.from(packed.names, (name) => [name, () => packed.column(name)])));
    table.#packed = packed;
    return table;
  }

  /** The bytes of the columns that the first picture does without. @throws {PageError} where they cannot be theirs. */
  add(rest: Uint8Array): void {
    this.#packed?.add(rest);
  }

  /** Unpacks a column at a time what nobody has asked for yet; afterwards the bytes of the page are not needed any more. */
  *unpackRest(): Generator<undefined, void> {
    yield* this.#packed?.rest() ?? [];
    this.#packed = null;
  }

  /** From plain lists, one value a row, null for none. */
  static of(rows: number, lists: Record<string, Plain>): Table {
    const columns = new Map<string, () => Column>();
    for (const [name, list] of Object.entries(lists)) {
      if (list.length !== rows) throw damaged();
      if (list.some((value) => typeof value === "string")) {
        const values = [...new Set(list)].filter((value) => typeof value === "string");
        const codes = Int32Array.from(list, (value) => values.indexOf(String(value)));
        columns.set(name, () => ({ kind: "text", values, codes }));
      } else {
        const numbers = Float64Array.from(list, (value) => (value === null ? NaN : Number(value)));
        columns.set(name, () => ({ kind: "number", numbers }));
      }
    }
    return new Table(rows, columns);
  }

  #column(name: string): Column | undefined {
    return this.#replaced.get(name) ?? this.#columns.get(name)?.();
  }

  has(name: string): boolean {
    return this.#columns.has(name);
  }

  isText(name: string): boolean {
    return this.#column(name)?.kind === "text";
  }

  /** Whether any row has a value: a column without one says nothing of this page's areas. */
  holds(name: string): boolean {
    const column = this.#column(name);
    if (!column) return false;
    if (column.kind === "text") return column.codes.some((code) => code >= 0);
    if (column.kind === "number") return column.numbers.some((number) => !Number.isNaN(number));
    return column.numbers.some((number) => number !== ABSENT);
  }

  /** Shows other values in place of those of the page, until told otherwise. Columns that it lacks are left out. */
  replace(columns: ReadonlyMap<string, Float64Array | Texts> | null): void {
    this.#replaced.clear();
    for (const [name, values] of columns ?? []) {
      if (!this.#columns.has(name)) continue;
      this.#replaced.set(name, values instanceof Float64Array ? { kind: "number", numbers: values } : { kind: "text", ...values });
    }
  }

  /** A column that follows from others and is not carried; worked out when it is first asked for. */
  derive(name: string, work: () => Float64Array): void {
    let column: Column | null = null;
    this.#columns.set(name, () => (column ??= { kind: "number", numbers: work() }));
  }

  /** The same of texts, one a row. */
  deriveTexts(name: string, work: () => (string | null)[]): void {
    let column: Column | null = null;
    this.#columns.set(name, () => (column ??= textColumn(work())));
  }

  get changed(): boolean {
    return this.#replaced.size > 0;
  }

  /** The columns of the page, whatever is shown in their place here. */
  published(): Table {
    return new Table(this.rows, this.#columns);
  }

  text(name: string, row: number): string | null {
    return textAt(this.#column(name), row);
  }

  /** The different texts of a column, and for each row which it is; -1 for none. */
  texts(name: string): Texts | null {
    const column = this.#column(name);
    return column?.kind === "text" ? column : null;
  }

  /** NaN where there is no number. */
  number(name: string, row: number): number {
    const column = this.#column(name);
    return column ? numberAt(column, row) : NaN;
  }

  /** A column's numbers, to be changed freely; NaN where there is none. */
  numbers(name: string): Float64Array {
    const column = this.#column(name);
    if (column?.kind === "number") return column.numbers.slice();
    const numbers = new Float64Array(this.rows).fill(NaN);
    if (column?.kind !== "scaled") return numbers;
    const { numbers: scaled, divisor } = column;
    for (let row = 0; row < scaled.length; row++) if (scaled[row] !== ABSENT) numbers[row] = scaled[row] / divisor;
    return numbers;
  }

  value(name: string, row: number): string | number | null {
    const column = this.#column(name);
    if (!column) return null;
    if (column.kind === "text") return this.text(name, row);
    const number = numberAt(column, row);
    return Number.isNaN(number) ? null : number;
  }

  median(name: string): number {
    const sorted = this.numbers(name)
      .filter((value) => !Number.isNaN(value))
      .sort();
    const middle = sorted.length >> 1;
    if (!sorted.length) return NaN;
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** Row numbers in the order of a column; rows without a value come last either way. */
  sorted(name: string, descending: boolean, rows: Iterable<number>): number[] {
    const texts = this.texts(name);
    const sign = descending ? -1 : 1;
    let keys: Float64Array;
    if (texts) {
      keys = new Float64Array(this.rows).fill(NaN);
      const collator = new Intl.Collator("en-GB", { numeric: true });
      const order = texts.values.map((_, code) => code).sort((a, b) => collator.compare(texts.values[a], texts.values[b]));
      const place = new Float64Array(order.length);
      order.forEach((code, position) => (place[code] = position));
      for (let row = 0; row < this.rows; row++) if (texts.codes[row] >= 0) keys[row] = place[texts.codes[row]];
    } else {
      keys = this.numbers(name);
    }
    return Array.from(rows).sort((a, b) => {
      const left = keys[a];
      const right = keys[b];
      if (Number.isNaN(left)) return Number.isNaN(right) ? a - b : 1;
      if (Number.isNaN(right)) return -1;
      return sign * (left - right) || a - b;
    });
  }
}

function numberAt(column: Column, row: number): number {
  if (column.kind === "number") return column.numbers[row];
  if (column.kind === "text" || column.numbers[row] === ABSENT) return NaN;
  return column.numbers[row] / column.divisor;
}
