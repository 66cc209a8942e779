/** Finding places by what they are called. */
import type { Areas } from "./areas";
import type { Postcodes } from "./postcodes";
import { looksLikePostcode } from "./postcodes";

export type PlaceKind = "town" | "district" | "ward" | "area" | "postcode";

export interface Place {
  kind: PlaceKind;
  name: string;
  detail: string;
  rows: number[];
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
      this.#add({ kind: "town", name, detail: district ? `Town in ${district}` : "Town", rows: [row] }, name, "");
    }
    const districts = new Map<string, number[]>();
    const wards = new Map<string, { ward: string; district: string; rows: number[] }>();
    for (let row = 0; row < areas.table.rows; row++) {
      const district = areas.district(row) ?? "";
      const ward = areas.ward(row);
      if (district) append(districts, district, row);
      if (ward === null) continue;
      const key = areas.table.text("ward_code", row) ?? `${ward}\n${district}`;
      const known = wards.get(key);
      if (known) known.rows.push(row);
      else wards.set(key, { ward, district, rows: [row] });
    }
    for (const [name, rows] of districts) this.#add({ kind: "district", name, detail: "District", rows }, name, "");
    for (const { ward, district, rows } of wards.values()) {
      const detail = district ? `Ward in ${district}` : "Ward";
      this.#add({ kind: "ward", name: ward, detail, rows }, `${ward} ${district}`, "");
    }
    for (let row = 0; row < areas.table.rows; row++) {
      const place = areas.place(row);
      const code = areas.code(row);
      const detail = [code, place].filter(Boolean).join(" · ");
      this.#add({ kind: "area", name: areas.name(row), detail, rows: [row] }, `${areas.name(row)} ${code} ${place}`, code);
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
    if (!looksLikePostcode(query) || !/\d/.test(query)) return null;
    if (!this.#postcodes) return "This page holds no postcodes: try a ward, a town or a district";
    return "No such postcode on this map";
  }

  #findPostcodes(query: string, limit: number): Place[] {
    return (this.#postcodes?.find(query, limit) ?? []).map(({ text, rows }) => {
      const [row] = rows;
      const inside = rows.length === 1 ? [` · in ${this.#areas.ward(row) ?? this.#areas.name(row)}`, this.#areas.name(row)].join(", ") : "";
      return { kind: "postcode", name: text, detail: `Postcode${inside}`, rows };
    });
  }

  #findNames(wanted: string, limit: number): Place[] {
    const parts = wanted.split(" ").map((part) => ` ${part}`);
    const tiers: Place[][] = [[], [], []];
    for (const { place, name, text, code } of this.#entries) {
      if (!parts.every((part) => text.includes(part))) continue;
      const tier = name === wanted || code === wanted ? 0 : name.startsWith(wanted) || (code !== "" && code.startsWith(wanted)) ? 1 : 2;
      if (tiers[tier].length < limit) tiers[tier].push(place);
    }
    return tiers.flat().slice(0, limit);
  }
}

function append(map: Map<string, number[]>, key: string, row: number): void {
  const rows = map.get(key);
  if (rows) rows.push(row);
  else map.set(key, [row]);
}
