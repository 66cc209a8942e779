/** Finding places by what they are called. */
import type { Areas } from "./areas";
import { plural } from "./format";
import { DISTRICT, Identities, identityOf, WARD } from "./identity";
import type { FoundPostcode, Postcodes } from "./postcodes";
import { looksLikePostcode } from "./postcodes";

/** Of postcodes a complete one lies in an area; a sector, or what is larger, in several. */
export type PlaceKind = "town" | "district" | "ward" | "area" | "postcode" | "sector";

export interface Place {
  kind: PlaceKind;
  name: string;
  detail: string;
  rows: number[];
  /** It is called what was typed, and does not only begin alike. */
  exact: boolean;
}

interface Entry {
  place: Place;
  name: string;
  /** All that the place may be found by, with a space before each word. */
  text: string;
  code: string;
}

export function normalise(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}|['’]/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** A town and the area that it lies in. */
export interface TownPlace {
  name: string;
  row: number;
}

export class PlaceIndex {
  readonly #entries: Entry[] = [];
  readonly #areas: Areas;
  readonly #postcodes: Postcodes | null;

  constructor(areas: Areas, postcodes: Postcodes | null = null, towns: readonly TownPlace[] = []) {
    this.#areas = areas;
    this.#postcodes = postcodes;
    for (const { name, row } of towns) {
      const district = areas.district(row);
      this.#add({ kind: "town", name, detail: district ? `Town in ${district}` : "Town", rows: [row], exact: false }, name, "");
    }
    const identities = new Identities(areas.table);
    const ambiguous = new Set<string>();
    for (const [code, rows] of rowsBy(areas, identityOf(areas.table, DISTRICT))) {
      const name = identities.of(DISTRICT).label(code);
      this.#add({ kind: "district", name, detail: "District", rows, exact: false }, name, "");
    }
    const wards = [...rowsBy(areas, identityOf(areas.table, WARD))].map(([code, rows]) => {
      const ward = areas.ward(rows[0]) ?? code;
      const district = areas.district(rows[0]) ?? "";
      const detail = district ? `Ward in ${district}` : "Ward";
      return { code, ward, district, detail, rows };
    });
    const seen = new Set<string>();
    for (const { ward, detail } of wards) {
      const both = `${ward}\n${detail}`;
      if (seen.has(both)) ambiguous.add(both);
      seen.add(both);
    }
    for (const { code, ward, district, detail, rows } of wards) {
      const apart = ambiguous.has(`${ward}\n${detail}`) ? `${detail} (${code})` : detail;
      this.#add({ kind: "ward", name: ward, detail: apart, rows, exact: false }, `${ward} ${district}`, "");
    }
    for (let row = 0; row < areas.table.rows; row++) {
      const place = areas.place(row);
      const code = areas.code(row);
      const detail = [code, place].filter(Boolean).join(" · ");
      this.#add({ kind: "area", name: areas.name(row), detail, rows: [row], exact: false }, `${areas.name(row)} ${code} ${place}`, code);
    }
  }

  #add(place: Place, text: string, code: string): void {
    this.#entries.push({ place, name: normalise(place.name), text: ` ${normalise(text)}`, code: normalise(code) });
  }

  /** Postcodes, then places with a word that starts with each word of the query: the closest first, larger before smaller. */
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
      const inside = [this.#areas.ward(rows[0]), this.#areas.name(rows[0])].filter(Boolean).join(", ");
      return { kind: "postcode", name: text, detail: `Postcode · in ${inside}`, rows, exact };
    }
    const what = level === "sector" ? "Postcode sector" : "Postcode district";
    const sentence = typed ? `${what} of ${typed}, as this page has no complete postcodes` : what;
    return { kind: "sector", name: text, detail: `${sentence} · ${plural(rows.length, "area", "areas")}`, rows, exact };
  }

  #findNames(wanted: string, limit: number): Place[] {
    const parts = wanted.split(" ").map((part) => ` ${part}`);
    const tiers: Place[][] = [[], [], []];
    for (const { place, name, text, code } of this.#entries) {
      if (!parts.every((part) => text.includes(part))) continue;
      const tier = name === wanted || code === wanted ? 0 : name.startsWith(wanted) || (code !== "" && code.startsWith(wanted)) ? 1 : 2;
      if (tiers[tier].length < limit) tiers[tier].push({ ...place, exact: tier === 0 });
    }
    return tiers.flat().slice(0, limit);
  }
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
