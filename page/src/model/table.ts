/** The attributes of the areas, one typed column each, as `docs/contract.md` describes them. */
import type { PackedColumn, PlaceNamesColumn, SameColumn, Stream, TableHeader } from "./contract";
import { PageError } from "./data";
import { placeNames } from "./place-names";
import { readFramed } from "./unpack";

/** Text by its number in a list; -1 where there is none. */
export interface Texts {
  values: readonly string[];
  codes: Int32Array;
}

interface TextColumn extends Texts {
  kind: "text";
}

interface NumberColumn {
  kind: "number";
  numbers: Float64Array;
}

/** Whole numbers to be divided by `divisor`; `ABSENT` where there is none. */
interface ScaledColumn {
  kind: "scaled";
  numbers: Int32Array;
  divisor: number;
}

type Column = TextColumn | NumberColumn | ScaledColumn;

const ABSENT = -0x80000000;

export type Plain = (string | number | null)[];

/** Low bytes of all values first, then the next; differences are signed, the sign in the lowest bit. */
function readIntegers(stream: Stream, body: Uint8Array, rows: number): Int32Array {
  const [offset, length] = stream.at;
  if (length !== rows * stream.width || offset + length > body.length) throw damaged();
  const values = new Int32Array(rows);
  for (let plane = 0; plane < stream.width; plane++) {
    const at = offset + plane * rows;
    for (let row = 0; row < rows; row++) values[row] |= body[at + row] << (8 * plane);
  }
  if (stream.delta) {
    let value = 0;
    for (let row = 0; row < rows; row++) {
      value += (values[row] >>> 1) ^ -(values[row] & 1);
      values[row] = value;
    }
  }
  return values;
}

function damaged(): PageError {
  return new PageError("The table in this page is damaged. Please ask for the file again.");
}

function readColumn(about: Exclude<PackedColumn, SameColumn | PlaceNamesColumn>, body: Uint8Array, rows: number): Column {
  if (about.kind === "text") {
    const codes = readIntegers(about.codes, body, rows);
    for (let row = 0; row < rows; row++) codes[row]--;
    return { kind: "text", values: about.values, codes };
  }
  if (about.kind === "counted") {
    const [head, tail, number] = [about.head, about.tail, about.number].map((part) => readIntegers(part, body, rows));
    const values = Array.from(
      { length: rows },
      (_, row) => about.heads[head[row]] + String(number[row]).padStart(about.digits, "0") + about.tails[tail[row]],
    );
    return { kind: "text", values, codes: Int32Array.from(values.keys()) };
  }
  if (about.kind === "number" || about.kind === "ordered") {
    const numbers = readIntegers(about.values, body, rows);
    for (let row = 0; row < rows; row++) numbers[row] = numbers[row] === 0 ? ABSENT : numbers[row] - 1 + about.lowest;
    return { kind: "scaled", numbers, divisor: 10 ** about.decimals * (about.kind === "ordered" ? about.slots : 1) };
  }
  if (about.kind === "ratio") {
    const parts = readIntegers(about.values, body, rows);
    return { kind: "number", numbers: Float64Array.from(parts, (number) => (number === 0 ? NaN : 100 * ((number - 1) / about.parts))) };
  }
  const { at, width } = about.values;
  const [offset, length] = at;
  if (length !== width * rows || offset + length > body.length) throw damaged();
  const bytes = new Uint8Array(length);
  for (let plane = 0; plane < width; plane++) {
    for (let row = 0; row < rows; row++) bytes[width * row + plane] = body[offset + plane * rows + row];
  }
  return { kind: "number", numbers: new Float64Array(bytes.buffer) };
}

function textAt(column: Column | undefined, row: number): string | null {
  return column?.kind === "text" && column.codes[row] >= 0 ? column.values[column.codes[row]] : null;
}

/** Texts of the rows, each once. */
function textColumn(list: readonly (string | null)[]): TextColumn {
  const numbers = new Map<string, number>();
  for (const text of list) if (text !== null && !numbers.has(text)) numbers.set(text, numbers.size);
  return { kind: "text", values: [...numbers.keys()], codes: Int32Array.from(list, (text) => (text === null ? -1 : (numbers.get(text) ?? -1))) };
}

function readPlaceNames(about: PlaceNamesColumn, body: Uint8Array, rows: number, columns: ReadonlyMap<string, Column>): Column {
  const of = (name: string) => (row: number) => textAt(columns.get(name), row);
  const packed = { ...about, ending: readIntegers(about.ending, body, rows) };
  return textColumn(placeNames(rows, packed, { official: of("lsoa21_name"), ward: of("ward_name"), district: of("lad_name") }));
}

export class Table {
  readonly rows: number;
  readonly #columns = new Map<string, Column>();
  readonly #replaced = new Map<string, Column>();

  constructor(rows: number, columns: ReadonlyMap<string, Column>) {
    this.rows = rows;
    this.#columns = new Map(columns);
  }

  /** From the unpacked bytes of the page. */
  static read(rows: number, bytes: Uint8Array): Table {
    let framed: ReturnType<typeof readFramed>;
    try {
      framed = readFramed(bytes);
    } catch {
      throw damaged();
    }
    const header = framed.header as TableHeader;
    const { body } = framed;
    const columns = new Map<string, Column>();
    for (const [name, about] of Object.entries(header)) {
      const column =
        about.kind === "same" ? columns.get(about.as) : about.kind === "places" ? readPlaceNames(about, body, rows, columns) : readColumn(about, body, rows);
      if (!column) throw damaged();
      columns.set(name, column);
    }
    return new Table(rows, columns);
  }

  /** From plain lists, one value a row, null for none. */
  static of(rows: number, lists: Record<string, Plain>): Table {
    const columns = new Map<string, Column>();
    for (const [name, list] of Object.entries(lists)) {
      if (list.length !== rows) throw damaged();
      if (list.some((value) => typeof value === "string")) {
        const values = [...new Set(list)].filter((value) => typeof value === "string");
        columns.set(name, { kind: "text", values, codes: Int32Array.from(list, (value) => values.indexOf(String(value))) });
      } else {
        columns.set(name, { kind: "number", numbers: Float64Array.from(list, (value) => (value === null ? NaN : Number(value))) });
      }
    }
    return new Table(rows, columns);
  }

  #column(name: string): Column | undefined {
    return this.#replaced.get(name) ?? this.#columns.get(name);
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

  /** A column that follows from others and is not carried. */
  add(name: string, numbers: Float64Array): void {
    this.#columns.set(name, { kind: "number", numbers });
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
    return Float64Array.from({ length: this.rows }, (_, row) => (column ? numberAt(column, row) : NaN));
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
