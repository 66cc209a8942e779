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

/** A column with the numbers from 0 that it was made of, of which the first counts most in its order. */
interface Read {
  column: Column;
  parts: Int32Array[];
}

const ABSENT = -0x80000000;

export type Plain = (string | number | null)[];

/** Bits of a number that rows are sorted by at a time. */
const DIGIT = 11;

/** The rows by numbers from 0, smallest first; those of equal numbers as they are. */
function orderOf(parts: readonly Int32Array[], rows: number): Uint32Array {
  let order = new Uint32Array(rows);
  let next = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) order[row] = row;
  const mask = (1 << DIGIT) - 1;
  for (const part of [...parts].reverse()) {
    let bits = 0;
    for (let row = 0; row < rows; row++) bits |= part[row];
    // The lowest digits first: those that are equal in the higher ones keep their order.
    for (let shift = 0; shift < 32 && bits >>> shift > 0; shift += DIGIT) {
      const starts = new Uint32Array(mask + 2);
      for (let row = 0; row < rows; row++) starts[((part[row] >>> shift) & mask) + 1]++;
      for (let digit = 0; digit < mask; digit++) starts[digit + 1] += starts[digit];
      for (let place = 0; place < rows; place++) {
        const row = order[place];
        next[starts[(part[row] >>> shift) & mask]++] = row;
      }
      [order, next] = [next, order];
    }
  }
  return order;
}

/** The rows in the order of a column that was read before. */
type OrderBy = (column: string) => Uint32Array;

/** Low bytes of all values first, then the next; differences are signed, the sign in the lowest bit. */
function readIntegers(stream: Stream, body: Uint8Array, rows: number, orderBy: OrderBy): Int32Array {
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
  if (stream.along === null) return values;
  const order = orderBy(stream.along);
  const inRows = new Int32Array(rows);
  for (let place = 0; place < rows; place++) inRows[order[place]] = values[place];
  return inRows;
}

function damaged(): PageError {
  return new PageError("The table in this page is damaged. Please ask for the file again.");
}

function readColumn(about: Exclude<PackedColumn, SameColumn | PlaceNamesColumn>, body: Uint8Array, rows: number, orderBy: OrderBy): Read {
  if (about.kind === "text") {
    const codes = readIntegers(about.codes, body, rows, orderBy);
    return { column: { kind: "text", values: about.values, codes: codes.map((code) => code - 1) }, parts: [codes] };
  }
  if (about.kind === "counted") {
    const [head, number, tail] = [about.head, about.number, about.tail].map((part) => readIntegers(part, body, rows, orderBy));
    const values = Array.from({ length: rows }, (_, row) => about.heads[head[row]] + String(number[row]).padStart(about.digits, "0") + about.tails[tail[row]]);
    return { column: { kind: "text", values, codes: Int32Array.from(values.keys()) }, parts: [head, number, tail] };
  }
  if (about.kind === "number" || about.kind === "ordered") {
    const read = readIntegers(about.values, body, rows, orderBy);
    const numbers = read.map((number) => (number === 0 ? ABSENT : number - 1 + about.lowest));
    return { column: { kind: "scaled", numbers, divisor: 10 ** about.decimals * (about.kind === "ordered" ? about.slots : 1) }, parts: [read] };
  }
  if (about.kind === "ratio") {
    const read = readIntegers(about.values, body, rows, orderBy);
    const numbers = Float64Array.from(read, (number) => (number === 0 ? NaN : 100 * ((number - 1) / about.parts)));
    return { column: { kind: "number", numbers }, parts: [read] };
  }
  const { at, width } = about.values;
  const [offset, length] = at;
  if (length !== width * rows || offset + length > body.length) throw damaged();
  const bytes = new Uint8Array(length);
  for (let plane = 0; plane < width; plane++) {
    for (let row = 0; row < rows; row++) bytes[width * row + plane] = body[offset + plane * rows + row];
  }
  return { column: { kind: "number", numbers: new Float64Array(bytes.buffer) }, parts: [] };
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

function readPlaceNames(about: PlaceNamesColumn, body: Uint8Array, rows: number, read: ReadonlyMap<string, Read>, orderBy: OrderBy): Read {
  const of = (name: string) => (row: number) => textAt(read.get(name)?.column, row);
  const packed = { ...about, ending: readIntegers(about.ending, body, rows, orderBy) };
  const column = textColumn(placeNames(rows, packed, { official: of("lsoa21_name"), ward: of("ward_name"), district: of("lad_name") }));
  return { column, parts: [] };
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
    const read = new Map<string, Read>();
    const orders = new Map<string, Uint32Array>();
    const orderBy = (name: string): Uint32Array => {
      const parts = read.get(name)?.parts;
      if (!parts) throw damaged();
      const order = orders.get(name) ?? orderOf(parts, rows);
      orders.set(name, order);
      return order;
    };
    for (const [name, about] of Object.entries(header)) {
      const column =
        about.kind === "same"
          ? read.get(about.as)
          : about.kind === "places"
            ? readPlaceNames(about, body, rows, read, orderBy)
            : readColumn(about, body, rows, orderBy);
      if (!column) throw damaged();
      read.set(name, column);
    }
    return new Table(rows, new Map([...read].map(([name, { column }]) => [name, column])));
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
