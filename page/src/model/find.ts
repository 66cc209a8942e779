/** Finding places by what they are called, were called, or are written as. */
import type { Areas } from "./areas";
import { plural } from "./format";
import { DISTRICT, FORMER, ICB, Identities, identityOf, SUB_ICB, WARD } from "./identity";
import { sharedName } from "./place-names";
import type { FoundPostcode, Postcodes } from "./postcodes";
import { looksLikePostcode } from "./postcodes";
import type { SupportPlace } from "./support";

/** A complete postcode lies in an area; a sector, or what is larger, in several. */
export type PlaceKind = "icb" | "sicbl" | "district" | "former" | "town" | "msoa" | "ward" | "support" | "area" | "postcode" | "sector";

export interface Place {
  kind: PlaceKind;
  name: string;
  /** What it is and where. */
  detail: string;
  /** None for a support place: it has a point. */
  rows: number[];
  /** It is called what was typed, and does not only begin alike. */
  exact: boolean;
  /** The support place that it is. */
  support?: SupportPlace;
}

interface Entry {
  place: Place;
  name: string;
  /** All that the place may be found by, with a space before each word. */
  text: string;
  codes: readonly string[];
}

/** Letters and figures in small letters, without accents, hyphens and apostrophes, and without "and" between words. */
export function normalise(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}|['’‘`´]/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()
    .replace(/ and(?= |$)/g, "");
}

/** A town and the area that it lies in. */
export interface TownPlace {
  name: string;
  row: number;
}

/** How near a name is to what was typed: it, its beginning, beginnings of its words, inside it. */
const TIERS = 4;
const [EXACT, BEGINNING, WORDS, INSIDE] = [0, 1, 2, 3];
/** Letters from which what lies inside words is looked for. */
const FEWEST_INSIDE = 3;

/** What else than its areas a page may be searched for. */
export interface Searched {
  postcodes: Postcodes | null;
  towns: readonly TownPlace[];
  support: readonly SupportPlace[];
}

export class PlaceIndex {
  readonly #entries: Entry[] = [];
  readonly #areas: Areas;
  readonly #identities: Identities;
  readonly #postcodes: Postcodes | null;

  constructor(areas: Areas, { postcodes, towns, support }: Searched = { postcodes: null, towns: [], support: [] }) {
    this.#areas = areas;
    this.#identities = new Identities(areas.table);
    this.#postcodes = postcodes;
    this.#addGroups(ICB, "icb", "Integrated Care Board");
    this.#addGroups(SUB_ICB, "sicbl", "Sub-ICB");
    this.#addGroups(DISTRICT, "district", "District");
    this.#addFormer();
    for (const { name, row } of towns) this.#add({ kind: "town", name, detail: this.#inDistrict("Town", row), rows: [row] });
    this.#addMsoas();
    this.#addWards();
    for (const place of support) {
      const detail = [capital(place.kind.title), place.postcode].filter(Boolean).join(" · ");
      this.#add({ kind: "support", name: place.name, detail, rows: [], support: place }, [place.kind.title]);
    }
    this.#addAreas();
  }

  #add(place: Omit<Place, "exact">, also: readonly (string | null)[] = [], codes: readonly string[] = []): void {
    const text = normalise([place.name, ...also, ...codes].filter((part) => part !== null).join(" "));
    this.#entries.push({ place: { ...place, exact: false }, name: normalise(place.name), text: ` ${text}`, codes: codes.map(normalise) });
  }

  #inDistrict(what: string, row: number): string {
    const district = this.#areas.district(row);
    return district ? `${what} in ${district}` : what;
  }

  #addGroups(pair: typeof DISTRICT, kind: PlaceKind, what: string): void {
    const column = identityOf(this.#areas.table, pair);
    for (const [code, rows] of rowsBy(this.#areas, column)) {
      this.#add({ kind, name: this.#identities.of(pair).label(code), detail: what, rows }, [], column === pair.code ? [code] : []);
    }
  }

  #addFormer(): void {
    for (const [name, rows] of rowsBy(this.#areas, FORMER)) {
      const today = [...new Set(rows.map((row) => this.#areas.district(row)))].filter((district) => district !== null);
      this.#add({ kind: "former", name, detail: ["Former district", ...(today.length ? [`now in ${today.join(", ")}`] : [])].join(", "), rows });
    }
  }

  /** MSOAs by the names that people know, or else by their official ones: their areas may be in several wards. */
  #addMsoas(): void {
    if (!this.#areas.table.isText("place_name")) return;
    const msoas = new Map<string, number[]>();
    for (let row = 0; row < this.#areas.table.rows; row++) {
      const msoa = this.#areas.msoa(row);
      const rows = msoas.get(msoa);
      if (rows) rows.push(row);
      else msoas.set(msoa, [row]);
    }
    for (const [msoa, rows] of msoas) {
      const names = new Set(rows.map((row) => sharedName(this.#areas.placeName(row) ?? msoa)));
      const wards = new Set(rows.map((row) => this.#areas.ward(row)));
      const [name] = names;
      const code = this.#areas.table.text("msoa21_code", rows[0]);
      const named = names.size === 1 && !(wards.size === 1 && wards.has(name)) ? name : msoa;
      const beside = [this.#inDistrict("Wider neighbourhood", rows[0]), ...(named === msoa ? [] : [msoa])];
      this.#add({ kind: "msoa", name: named, detail: beside.join(" · "), rows }, [msoa], code === null ? [] : [code]);
    }
  }

  #addWards(): void {
    const areas = this.#areas;
    const column = identityOf(areas.table, WARD);
    const wards = [...rowsBy(areas, column)].map(([code, rows]) => ({
      code,
      name: areas.ward(rows[0]) ?? code,
      detail: this.#inDistrict("Ward", rows[0]),
      rows,
    }));
    const times = new Map<string, number>();
    const both = ({ name, detail }: (typeof wards)[number]): string => `${name}\n${detail}`;
    for (const ward of wards) times.set(both(ward), (times.get(both(ward)) ?? 0) + 1);
    for (const ward of wards) {
      const { code, name, rows } = ward;
      const detail = (times.get(both(ward)) ?? 0) > 1 ? `${ward.detail} (${code})` : ward.detail;
      this.#add({ kind: "ward", name, detail, rows }, [areas.district(rows[0])], column === WARD.code ? [code] : []);
    }
  }

  #addAreas(): void {
    const areas = this.#areas;
    const named = areas.table.isText("place_name");
    for (let row = 0; row < areas.table.rows; row++) {
      const place = named ? areas.placeName(row) : null;
      const detail = named ? [this.#inDistrict("Neighbourhood", row), areas.official(row)] : [areas.code(row), areas.place(row)];
      const also = [areas.name(row), areas.ward(row), areas.district(row)];
      this.#add({ kind: "area", name: place ?? areas.name(row), detail: detail.filter(Boolean).join(" · "), rows: [row] }, also, [
        areas.code(row),
        areas.name(row),
      ]);
    }
  }

  /** Postcodes, then places: the closest to what was typed first, larger before smaller, and single areas last. */
  find(query: string, limit: number): Place[] {
    const wanted = normalise(query);
    if (!wanted) return [];
    return [...this.#findPostcodes(query, limit), ...this.#findNames(wanted, limit)].slice(0, limit);
  }

  /** Why a postcode was not found, where the text looks like one. */
  missing(query: string): string | null {
    if (!looksLikePostcode(query)) return null;
    return this.#postcodes?.missing(query) ?? "This page holds no postcodes: try a ward, a town or a district";
  }

  #findPostcodes(query: string, limit: number): Place[] {
    return (this.#postcodes?.find(query, limit) ?? []).map((found) => this.#placeOf(found));
  }

  #placeOf({ level, text, rows, exact, typed }: FoundPostcode): Place {
    if (level === "unit") {
      const inside = [this.#areas.placeName(rows[0]), this.#areas.name(rows[0])].filter(Boolean).join(", ");
      return { kind: "postcode", name: text, detail: `Postcode · in ${inside}`, rows, exact };
    }
    const what = level === "sector" ? "Postcode sector" : "Postcode district";
    const sentence = typed ? `${what} of ${typed}, as this page has no complete postcodes` : what;
    return { kind: "sector", name: text, detail: `${sentence} · ${plural(rows.length, "area", "areas")}`, rows, exact };
  }

  #findNames(wanted: string, limit: number): Place[] {
    const parts = wanted.split(" ").map((part) => ` ${part}`);
    const places: Place[][] = Array.from({ length: 2 * TIERS }, () => []);
    for (const entry of this.#entries) {
      const tier = nearness(entry, wanted, parts);
      if (tier === null) continue;
      const { place } = entry;
      // The areas of a place would leave no room for the others that are called like it.
      const last = place.kind === "area" && tier !== EXACT;
      const tierOf = places[last ? TIERS + tier : tier];
      if (tierOf.length < limit) tierOf.push({ ...place, exact: tier === EXACT });
    }
    return places.flat().slice(0, limit);
  }
}

function nearness({ name, text, codes }: Entry, wanted: string, parts: readonly string[]): number | null {
  if (name === wanted || codes.includes(wanted)) return EXACT;
  if (name.startsWith(wanted) || codes.some((code) => code.startsWith(wanted))) return BEGINNING;
  if (parts.every((part) => text.includes(part))) return WORDS;
  return wanted.length >= FEWEST_INSIDE && text.includes(wanted) ? INSIDE : null;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The rows of each value of a column. */
function rowsBy(areas: Areas, column: string): Map<string, number[]> {
  const texts = areas.table.texts(column);
  const rows = new Map<string, number[]>();
  for (let row = 0; texts && row < areas.table.rows; row++) {
    if (texts.codes[row] < 0) continue;
    const value = texts.values[texts.codes[row]];
    const known = rows.get(value);
    if (known) known.push(row);
    else rows.set(value, [row]);
  }
  return rows;
}
