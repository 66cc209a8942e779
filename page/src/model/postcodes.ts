/** Postcodes, or only their sectors, each with the areas that it lies in. */
import type { PackedPostcodes, PostcodesHeader, Span } from "./contract";
import { PageError } from "./data";
import { decodeDeltas, decodeUnsigned } from "./geometry";
import { readFramed } from "./unpack";

const LETTERS = 26;
const A = "A".charCodeAt(0);
const OUTWARD = /^[A-Z]{1,2}[0-9][A-Z0-9]?$/;
const INWARD = /^([0-9][A-Z]{0,2})?$/;
const COMPLETE = 3;

export type PostcodeLevel = "outward" | "sector" | "unit";

export interface FoundPostcode {
  level: PostcodeLevel;
  /** As it is written: "NR2 3AB", "NR2 3" or "NR2". */
  text: string;
  rows: number[];
  /** It is all that was typed, and not only begins alike. */
  exact: boolean;
  /** The complete postcode that was typed where the page has only its sector. */
  typed: string | null;
}

/** One way to read a text as the beginning of a postcode. */
interface Reading {
  outward: string;
  inward: string;
  /** The outward code may go on: "NR1" may become "NR11". */
  open: boolean;
}

/**
 * All ways to read a text. Without a blank "NR11" may be the district NR11 or the sector NR1 1; with one it is what it
 * says.
 */
function readings(text: string): Reading[] {
  const written = text.normalize("NFKC").toUpperCase();
  const parts = written.split(/[^A-Z0-9]+/).filter(Boolean);
  if (!parts.length) return [];
  const [outward, ...others] = parts;
  const apart = parts.length > 1 || /[^A-Z0-9]$/.test(written);
  if (apart && OUTWARD.test(outward) && INWARD.test(others.join(""))) return [{ outward, inward: others.join(""), open: false }];
  const joined = parts.join("");
  const ways: Reading[] = [];
  for (let end = joined.length; end > 0; end--) {
    const way = { outward: joined.slice(0, end), inward: joined.slice(end), open: end === joined.length };
    if (OUTWARD.test(way.outward) && INWARD.test(way.inward)) ways.push(way);
  }
  return ways;
}

/** Whether a text may be the beginning of a postcode. */
export function looksLikePostcode(text: string): boolean {
  return readings(text).length > 0;
}

const ORDER: readonly PostcodeLevel[] = ["outward", "sector", "unit"];

export class Postcodes {
  readonly #sectors: readonly string[];
  readonly #starts: Uint32Array;
  /** Null where the page has sectors alone. */
  readonly #units: ArrayLike<number> | null;
  readonly #areas: Int32Array;
  /** The sectors of each outward code. */
  readonly #outward = new Map<string, number[]>();

  constructor(packed: PackedPostcodes, bytes: Uint8Array) {
    const framed = readFramed(bytes);
    const header = framed.header as PostcodesHeader;
    const { body } = framed;
    const part = ([offset, length]: Span): Uint8Array => body.subarray(offset, offset + length);
    this.#sectors = header.sectors;
    this.#areas = decodeDeltas(part(header.at.areas));
    this.#units = packed.whole && "units" in header.at ? decodeUnsigned(part(header.at.units)) : null;
    const counts = decodeUnsigned(part(header.at.counts));
    this.#starts = new Uint32Array(header.sectors.length + 1);
    header.sectors.forEach((sector, number) => {
      this.#starts[number + 1] = this.#starts[number] + (counts[number] ?? 0);
      const [outward] = sector.split(" ");
      const known = this.#outward.get(outward);
      if (known) known.push(number);
      else this.#outward.set(outward, [number]);
    });
    const complete = counts.length === header.sectors.length && this.#starts[header.sectors.length] === this.#areas.length;
    if (!complete || (this.#units && this.#units.length !== this.#areas.length)) {
      throw new PageError("The postcodes in this page are damaged. Please ask for the file again.");
    }
  }

  /** What a text may mean: what it is exactly before what only begins alike, and larger before smaller. */
  find(text: string, limit: number): FoundPostcode[] {
    const found = readings(text).flatMap((reading) => this.#read(reading, limit));
    const place = ({ exact, level }: FoundPostcode): number => (exact ? 0 : ORDER.length) + ORDER.indexOf(level);
    return found.sort((a, b) => place(a) - place(b)).slice(0, limit);
  }

  /** Why nothing was found, in a sentence. */
  missing(text: string): string {
    const ways = readings(text);
    const [{ outward, inward }] = ways;
    const sector = `${outward} ${inward.charAt(0)}`;
    if (ways.length > 1) return `No such postcode on this map: none begins with ${outward}${inward}; it may lie outside, or be mistyped`;
    if (!this.#outward.has(outward)) return `No such postcode on this map: none begins with ${outward}; it lies outside, or there is none`;
    if (this.#sectorOf(outward, inward) === null) return `No such postcode on this map: none begins with ${sector}; it lies outside, or there is none`;
    return `No such postcode on this map: ${outward} ${inward} may lie outside, be mistyped, no longer be in use, or be newer than these data`;
  }

  #read({ outward, inward, open }: Reading, limit: number): FoundPostcode[] {
    if (inward === "") {
      const codes = open ? [...this.#outward.keys()].filter((code) => code.startsWith(outward)) : [outward];
      return codes.flatMap((code) => {
        const sectors = this.#outward.get(code);
        const rows = sectors && unique(sectors.flatMap((sector) => this.#rowsOf(sector)));
        return rows ? [{ level: "outward" as const, text: code, rows, exact: code === outward, typed: null }] : [];
      });
    }
    const sector = this.#sectorOf(outward, inward);
    if (sector === null) return [];
    const whole = { level: "sector" as const, text: this.#sectors[sector], rows: this.#rowsOf(sector), exact: true };
    const letters = inward.slice(1);
    if (!this.#units) return [{ ...whole, typed: inward.length === COMPLETE ? `${outward} ${inward}` : null }];
    return [...(letters ? [] : [{ ...whole, typed: null }]), ...this.#inSector(sector, letters, limit)];
  }

  #sectorOf(outward: string, inward: string): number | null {
    return this.#outward.get(outward)?.find((sector) => this.#sectors[sector] === `${outward} ${inward.charAt(0)}`) ?? null;
  }

  #rowsOf(sector: number): number[] {
    return unique(Array.from(this.#areas.subarray(this.#starts[sector], this.#starts[sector + 1])));
  }

  #inSector(sector: number, letters: string, limit: number): FoundPostcode[] {
    const found: FoundPostcode[] = [];
    let number = 0;
    for (let i = this.#starts[sector]; i < this.#starts[sector + 1]; i++) {
      number += this.#units?.[i] ?? 0;
      const written = String.fromCharCode(A + Math.floor(number / LETTERS), A + (number % LETTERS));
      if (!written.startsWith(letters)) continue;
      found.push({ level: "unit", text: this.#sectors[sector] + written, rows: [this.#areas[i]], exact: written === letters, typed: null });
      if (found.length >= limit) break;
    }
    return found;
  }
}

function unique(rows: number[]): number[] {
  return [...new Set(rows)].sort((a, b) => a - b);
}
