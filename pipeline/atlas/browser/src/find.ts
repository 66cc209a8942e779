/** Finding places by what they are called. */
import type { Areas } from "./areas";

export type PlaceKind = "district" | "ward" | "area";

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

export class PlaceIndex {
  readonly #entries: Entry[] = [];

  constructor(areas: Areas) {
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

  /** Places with a word that starts with each word of the query; the closest first, districts before wards before areas. */
  find(query: string, limit: number): Place[] {
    const wanted = normalise(query);
    if (!wanted) return [];
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
