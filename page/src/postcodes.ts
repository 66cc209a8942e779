/** Postcodes, or only their sectors, each with the number of its area. */
import type { PackedPostcodes, PostcodesHeader, Span } from "./contract";
import { PageError } from "./data";
import { decodeDeltas, decodeUnsigned } from "./geometry";
import { readFramed } from "./unpack";

const LETTERS = 26;
const A = "A".charCodeAt(0);

export interface Found {
  /** As it is written: "NR2 3AB", "NR2 3" or "NR2". */
  text: string;
  rows: number[];
}

/** Letters and figures only, in capitals. */
function compact(text: string): string {
  return text.toUpperCase().replace(/[^A-Z0-9]/g, "");
}

/** Whether a text may be the beginning of a postcode. */
export function looksLikePostcode(text: string): boolean {
  return /^[A-Z]{1,2}[0-9][A-Z0-9]?([0-9][A-Z]{0,2})?$/.test(compact(text));
}

export class Postcodes {
  readonly whole: boolean;
  readonly #sectors: readonly string[];
  readonly #starts: Uint32Array;
  readonly #units: ArrayLike<number> | null;
  readonly #areas: Int32Array;

  constructor(packed: PackedPostcodes, bytes: Uint8Array) {
    const framed = readFramed(bytes);
    const header = framed.header as PostcodesHeader;
    const { body } = framed;
    const part = ([offset, length]: Span): Uint8Array => body.subarray(offset, offset + length);
    const whole = "units" in header.at ? header.at : null;
    this.whole = packed.whole;
    this.#sectors = header.sectors;
    this.#areas = decodeDeltas(part(header.at.areas));
    this.#starts = new Uint32Array(header.sectors.length + 1);
    const counts = whole ? decodeUnsigned(part(whole.counts)) : null;
    for (let sector = 0; sector < header.sectors.length; sector++) {
      this.#starts[sector + 1] = this.#starts[sector] + (counts ? counts[sector] : 1);
    }
    this.#units = whole ? decodeUnsigned(part(whole.units)) : null;
    if (this.#starts[header.sectors.length] !== this.#areas.length || (this.#units && this.#units.length !== this.#areas.length)) {
      throw new PageError("The postcodes in this page are damaged. Please ask for the file again.");
    }
  }

  /** Places that a text may mean, shortest first: an outward code, a sector, or postcodes. */
  find(text: string, limit: number): Found[] {
    const wanted = compact(text);
    if (!looksLikePostcode(text)) return [];
    const found: Found[] = [];
    const outward = new Map<string, number[]>();
    for (let sector = 0; sector < this.#sectors.length; sector++) {
      const name = this.#sectors[sector];
      const key = compact(name);
      if (!key.startsWith(wanted) && !wanted.startsWith(key)) continue;
      const out = name.slice(0, name.indexOf(" "));
      if (out.startsWith(wanted)) outward.set(out, [...(outward.get(out) ?? []), sector]);
      if (key === wanted || (wanted.startsWith(key) && !this.#units)) found.push({ text: name, rows: this.#rowsOf(sector) });
      if (wanted.startsWith(key) && this.#units) found.push(...this.#inSector(sector, wanted.slice(key.length), limit));
      if (key.startsWith(wanted) && key !== wanted && !out.startsWith(wanted)) found.push({ text: name, rows: this.#rowsOf(sector) });
    }
    const codes = [...outward].map(([name, sectors]) => ({ text: name, rows: unique(sectors.flatMap((sector) => this.#rowsOf(sector))) }));
    codes.sort((a, b) => a.text.length - b.text.length || (a.text < b.text ? -1 : 1));
    return [...codes, ...found].slice(0, limit);
  }

  #rowsOf(sector: number): number[] {
    return unique(Array.from(this.#areas.subarray(this.#starts[sector], this.#starts[sector + 1])));
  }

  #inSector(sector: number, unit: string, limit: number): Found[] {
    const found: Found[] = [];
    let letters = 0;
    for (let i = this.#starts[sector]; i < this.#starts[sector + 1]; i++) {
      letters += this.#units?.[i] ?? 0;
      const written = String.fromCharCode(A + Math.floor(letters / LETTERS), A + (letters % LETTERS));
      if (!written.startsWith(unit)) continue;
      found.push({ text: this.#sectors[sector] + written, rows: [this.#areas[i]] });
      if (found.length >= limit) break;
    }
    return found;
  }
}

function unique(rows: number[]): number[] {
  return [...new Set(rows)].sort((a, b) => a - b);
}
