/** The columns of a packed table, each unpacked when it is first asked for: `docs/contract.md` describes them. */
import type { FloatStream, PackedColumn, PlaceNamesColumn, SameColumn, Stream, TableHeader, TableTexts } from "./contract";
import type { Span } from "./contract/base";
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

export type Column = TextColumn | NumberColumn | ScaledColumn;

export const ABSENT = -0x80000000;

type Carried = Exclude<PackedColumn, SameColumn>;

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

export function damaged(): PageError {
  return new PageError("The table in this page is damaged. Please ask for the file again.");
}

/** Where the numbers of a column stand, in the order in which they count when rows are put in its order. */
function streamsOf(about: Carried): Stream[] {
  switch (about.kind) {
    case "text":
      return [about.codes];
    case "counted":
      return [about.head, about.number, about.tail];
    case "places":
      return [about.ending];
    case "float":
      return [];
    default:
      return [about.values];
  }
}

/** Where all bytes of a column stand. */
function spansOf(about: Carried): Pick<Stream, "at" | "width">[] {
  return about.kind === "float" ? [about.values] : streamsOf(about);
}

export function textAt(column: Column | undefined, row: number): string | null {
  return column?.kind === "text" && column.codes[row] >= 0 ? column.values[column.codes[row]] : null;
}

/** Texts of the rows, each once. */
export function textColumn(list: readonly (string | null)[]): TextColumn {
  const numbers = new Map<string, number>();
  for (const text of list) if (text !== null && !numbers.has(text)) numbers.set(text, numbers.size);
  return { kind: "text", values: [...numbers.keys()], codes: Int32Array.from(list, (text) => (text === null ? -1 : (numbers.get(text) ?? -1))) };
}

export class PackedColumns {
  readonly #rows: number;
  readonly #header: ReadonlyMap<string, PackedColumn>;
  /** The bytes of the columns of the first picture, and those of the others, once they are there. */
  #body: Uint8Array;
  #rest: Uint8Array | null = null;
  #texts: TableTexts = {};
  readonly #unpacked = new Map<string, Column>();
  readonly #orders = new Map<string, Uint32Array>();

  /** @throws {PageError} where the bytes cannot be what they say they are. */
  constructor(rows: number, bytes: Uint8Array) {
    this.#rows = rows;
    try {
      const { header, body } = readFramed(bytes);
      this.#header = new Map(Object.entries(header as TableHeader));
      this.#body = body;
    } catch {
      throw damaged();
    }
    this.#check();
  }

  /** The bytes of the columns that the first picture does without. @throws {PageError} where they cannot be theirs. */
  add(rest: Uint8Array): void {
    try {
      const { header, body } = readFramed(rest);
      this.#texts = header as TableTexts;
      this.#rest = body;
    } catch {
      throw damaged();
    }
    this.#checkSpans();
  }

  /** There are no other columns. @throws {PageError} where there are. */
  close(): void {
    this.#rest = new Uint8Array();
    this.#checkSpans();
  }

  get names(): Iterable<string> {
    return this.#header.keys();
  }

  column(name: string): Column {
    let column = this.#unpacked.get(name);
    if (!column) {
      const about = this.#about(name);
      column = about.kind === "same" ? this.column(about.as) : this.#unpack(about, name);
      this.#unpacked.set(name, column);
    }
    return column;
  }

  /** Unpacks what nobody has asked for yet, a column at a time, and gives the bytes back. */
  *rest(): Generator<undefined, void> {
    for (const name of this.#header.keys()) {
      this.column(name);
      yield;
    }
    this.#body = this.#rest = new Uint8Array();
    this.#orders.clear();
  }

  /** All that is not looked into before a column is asked for. */
  #check(): void {
    const before = new Set<string>();
    for (const [name, about] of this.#header) {
      const streams = about.kind === "same" ? [] : streamsOf(about);
      const spans = about.kind === "same" ? [] : spansOf(about);
      const faulty = ({ at: [offset, length], width }: Pick<Stream, "at" | "width">): boolean =>
        length !== this.#rows * width || (offset < this.#body.length && offset + length > this.#body.length);
      const unmet = [...(about.kind === "same" ? [about.as] : []), ...streams.map(({ along }) => along)].some((other) => other !== null && !before.has(other));
      if (unmet || spans.some(faulty)) throw damaged();
      before.add(name);
    }
  }

  /** No column lies beyond what is there. */
  #checkSpans(): void {
    const end = this.#body.length + (this.#rest?.length ?? 0);
    for (const about of this.#header.values()) {
      if (about.kind !== "same" && spansOf(about).some(({ at: [offset, length] }) => offset + length > end)) throw damaged();
    }
  }

  /** The bytes of a stream. */
  #bytes([offset, length]: Span): Uint8Array {
    const after = offset - this.#body.length;
    if (after < 0) return this.#body.subarray(offset, offset + length);
    if (!this.#rest) throw new Error("A column was asked for that comes after the first picture.");
    return this.#rest.subarray(after, after + length);
  }

  #about(name: string): PackedColumn {
    const about = this.#header.get(name);
    if (!about) throw damaged();
    return about;
  }

  /** Low bytes of all values first, then the next; differences are signed, the sign in the lowest bit. */
  #integers(stream: Stream): Int32Array {
    const rows = this.#rows;
    const bytes = this.#bytes(stream.at);
    const values = new Int32Array(rows);
    for (let plane = 0; plane < stream.width; plane++) {
      const at = plane * rows;
      for (let row = 0; row < rows; row++) values[row] |= bytes[at + row] << (8 * plane);
    }
    if (stream.delta) {
      let value = 0;
      for (let row = 0; row < rows; row++) {
        value += (values[row] >>> 1) ^ -(values[row] & 1);
        values[row] = value;
      }
    }
    if (stream.along === null) return values;
    const order = this.#order(stream.along);
    const inRows = new Int32Array(rows);
    for (let place = 0; place < rows; place++) inRows[order[place]] = values[place];
    return inRows;
  }

  /** The rows in the order of a column. */
  #order(name: string): Uint32Array {
    let order = this.#orders.get(name);
    if (!order) {
      const about = this.#about(name);
      order =
        about.kind === "same"
          ? this.#order(about.as)
          : orderOf(about.kind === "places" ? [] : streamsOf(about).map((stream) => this.#integers(stream)), this.#rows);
      this.#orders.set(name, order);
    }
    return order;
  }

  #unpack(about: Carried, name: string): Column {
    const rows = this.#rows;
    if (about.kind === "float") return { kind: "number", numbers: this.#floats(about.values) };
    const parts = streamsOf(about).map((stream) => this.#integers(stream));
    const [first] = parts;
    switch (about.kind) {
      case "text":
        return { kind: "text", values: Object.hasOwn(this.#texts, name) ? this.#texts[name] : about.values, codes: first.map((code) => code - 1) };
      case "counted": {
        const [head, number, tail] = parts;
        const values = Array.from(
          { length: rows },
          (_, row) => about.heads[head[row]] + String(number[row]).padStart(about.digits, "0") + about.tails[tail[row]],
        );
        return { kind: "text", values, codes: Int32Array.from(values.keys()) };
      }
      case "places":
        return this.#placeNames(about, first);
      case "ratio":
        return { kind: "number", numbers: Float64Array.from(first, (number) => (number === 0 ? NaN : 100 * ((number - 1) / about.parts))) };
      default: {
        const divisor = 10 ** about.decimals * (about.kind === "ordered" ? about.slots : 1);
        return { kind: "scaled", numbers: first.map((number) => (number === 0 ? ABSENT : number - 1 + about.lowest)), divisor };
      }
    }
  }

  #floats({ at, width }: FloatStream): Float64Array {
    const rows = this.#rows;
    const planes = this.#bytes(at);
    const bytes = new Uint8Array(width * rows);
    for (let plane = 0; plane < width; plane++) {
      for (let row = 0; row < rows; row++) bytes[width * row + plane] = planes[plane * rows + row];
    }
    return new Float64Array(bytes.buffer);
  }

  #placeNames(about: PlaceNamesColumn, ending: Int32Array): Column {
    const of = (name: string): ((row: number) => string | null) => {
      const column = this.#header.has(name) ? this.column(name) : undefined;
      return (row) => textAt(column, row);
    };
    return textColumn(placeNames(this.#rows, { ...about, ending }, { official: of("lsoa21_name"), ward: of("ward_name"), district: of("lad_name") }));
  }
}
