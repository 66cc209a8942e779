/** Wards, MSOAs, districts, Sub-ICBs and ICBs, added up from their areas, to look at and go down through. */
import { ORDER } from "./act";
import type { PartOfPlace } from "./contract";
import type { Filter } from "./filter";
import { rowsOf, withOneOf } from "./filter";
import type { People } from "./finding";
import { peopleReader } from "./finding";
import { about, count, plural } from "./format";
import type { Identities } from "./identity";
import { identityOf, pairOf } from "./identity";
import { KIND } from "./kinds";
import type { Figures, Larger, Measure, Overlapping } from "./larger";
import { bare } from "./larger";
import { sharedName } from "./place-names";
import { percent } from "./sentence";
import { signal } from "./store";
import type { Table } from "./table";

/** From the largest to the smallest. */
export const LEVELS = ["icb", "sicbl", "lad", "msoa", "ward", "lsoa"] as const;
export type Level = (typeof LEVELS)[number];

const CALLED: Record<Level, readonly [string, string]> = {
  icb: ["ICB", "ICBs"],
  sicbl: ["Sub-ICB", "Sub-ICBs"],
  lad: ["district", "districts"],
  msoa: ["MSOA", "MSOAs"],
  ward: ["ward", "wards"],
  lsoa: ["neighbourhood", "neighbourhoods"],
};

/** "district", "districts" */
export function levelInWords(level: Level, number = 2): string {
  return CALLED[level][number === 1 ? 0 : 1];
}

/** A place, and what its areas on the page add up to. */
export interface Unit extends Figures {
  level: Level;
  /** Its code, or its name where the page has no code of it. */
  id: string;
  name: string;
  rows: readonly number[];
  population: number;
  /** Estimates; null where the page has none. */
  people: People | null;
  /** Areas in the most at-risk tenth, and those that have a rank. */
  inWorst: number;
  ranked: number;
  /** Areas on the list of where to act. */
  listed: number;
  /** How many areas each kind stands out in, most first. */
  kinds: readonly (readonly [string, number])[];
  /** How many areas the place has in all, with those that are not among `rows`. */
  everywhere: number;
}

export class Levels {
  readonly #table: Table;
  readonly #identities: Identities;
  readonly #parts: ReadonlyMap<string, number>;
  #levels: Level[] | null = null;
  readonly #ids = new Map<Level, readonly (string | null)[]>();
  #rows: ReadonlyMap<string, number> | null = null;
  #msoas: ReadonlyMap<string, number> | null = null;
  readonly #sizes = new Map<Level, ReadonlyMap<string, number>>();
  /** The published figures, which come after the first picture. */
  readonly published = signal<Larger | null>(null);

  constructor(table: Table, identities: Identities, parts: readonly PartOfPlace[]) {
    this.#table = table;
    this.#identities = identities;
    this.#parts = new Map(parts.map(({ level, code, areas }) => [`${level} ${code}`, areas]));
  }

  /** The levels that the page has places of, from the largest. */
  get levels(): Level[] {
    this.#levels ??= LEVELS.filter((level) => this.#table.holds(this.#column(level)));
    return this.#levels;
  }

  /** The practices, networks or groups of a level. */
  overlapping(level: string): Overlapping[] {
    return this.published.peek()?.overlapping(level) ?? [];
  }

  /** The largest level of which there are several. */
  get first(): Level {
    return this.levels.find((level) => new Set(this.idsOf(level)).size > 1) ?? "lsoa";
  }

  /** The next smaller level; null below neighbourhoods. MSOAs and wards both lie below districts, and neither in the other. */
  below(level: Level): Level | null {
    if (level === "lsoa") return null;
    if (level === "msoa" || level === "ward") return "lsoa";
    const smaller = this.levels.slice(this.levels.indexOf(level) + 1);
    return smaller.includes("ward") && level === "lad" ? "ward" : smaller[0];
  }

  /** The column that says in which place of a level an area lies. */
  #column(level: Level): string {
    const pair = pairOf(`${level}_code`) ?? pairOf(`${level}21_code`) ?? pairOf(`${level}21_name`);
    return pair ? identityOf(this.#table, pair) : "";
  }

  /** The place of a level that each area lies in; null for none. */
  idsOf(level: Level): readonly (string | null)[] {
    let ids = this.#ids.get(level);
    if (!ids) {
      const rows = Array.from({ length: this.#table.rows }, (_, row) => row);
      const column = this.#column(level);
      ids = rows.map((row) => this.#table.text(column, row));
      this.#ids.set(level, ids);
    }
    return ids;
  }

  /** The places of a level, the highest share in the most at-risk tenth first; of all areas, or of some. */
  units(level: Level, rows: Iterable<number> = rowsOf(null, this.#table.rows)): Unit[] {
    const ids = this.idsOf(level);
    const groups = new Map<string, number[]>();
    for (const row of rows) {
      const id = ids[row];
      if (id === null) continue;
      const group = groups.get(id);
      if (group) group.push(row);
      else groups.set(id, [row]);
    }
    const sum = summing(this.#table);
    const published = this.#publishedOf(level);
    const units = [...groups].map(([id, own]) => {
      const place = { level, id, name: this.#name(level, id), rows: own, everywhere: this.#everywhere(level, id), ...sum(own) };
      // Of a part of a place, and by other weights, the figures are those of its areas, of which nobody knows the range.
      const figures = this.#table.changed || own.length < this.#onPage(level, id) ? undefined : published.get(id);
      return { ...place, ...figures };
    });
    const share = ({ inWorst, ranked }: Unit): number => (ranked ? inWorst / ranked : -1);
    return units.sort((a, b) => share(b) - share(a) || (b.mean.value || 0) - (a.mean.value || 0) || byName(a, b));
  }

  /** The places that a filter asks for one of, the largest first. */
  trail(filter: Filter): Unit[] {
    const places = LEVELS.flatMap((level): [Level, string][] => {
      const asked = level === "lsoa" ? undefined : filter.oneOf.find(({ column }) => column === this.#column(level));
      return asked?.values.length === 1 ? [[level, asked.values[0]]] : [];
    });
    return places.flatMap(([level, id]) => {
      const ids = this.idsOf(level);
      const rows = [...ids.keys()].filter((row) => ids[row] === id);
      return this.units(level, rows);
    });
  }

  /** A filter that asks for a place. */
  within(filter: Filter, { level, id }: Pick<Unit, "level" | "id">): Filter {
    return withOneOf(this.without(filter, level), this.#column(level), [id]);
  }

  /** A filter that asks for no place of a level, nor for one that may lie in such a place. */
  without(filter: Filter, level: Level): Filter {
    const from = Math.min(LEVELS.indexOf(level), level === "ward" ? LEVELS.indexOf("msoa") : LEVELS.length);
    return LEVELS.slice(from).reduce((kept, smaller) => (smaller === "lsoa" ? kept : withOneOf(kept, this.#column(smaller), [])), filter);
  }

  /** The published figures of a level's places, by their ids: not kept, as those of a nation take megabytes. */
  #publishedOf(level: Level): ReadonlyMap<string, Figures> {
    const larger = this.published.peek();
    if (!larger) return new Map();
    const ids = [...new Set(this.idsOf(level))].filter((id) => id !== null);
    // Of another number of places they would be of others; then none has a range, which is said.
    const carried = larger.figures(level, ids.length);
    return new Map(carried?.map((one, place): [string, Figures] => [ids[place], one]));
  }

  /** How many areas of a level's are in no place of it. */
  inNone(level: Level, rows: Iterable<number> = rowsOf(null, this.#table.rows)): number {
    const ids = this.idsOf(level);
    let number = 0;
    for (const row of rows) if (ids[row] === null) number++;
    return number;
  }

  #name(level: Level, id: string): string {
    if (level === "lsoa") return this.#placeOf(id);
    if (level === "msoa") return this.#msoaCalled(id);
    return this.#identities.about(`${level}_code`)?.label(id) ?? id;
  }

  /** What people call a neighbourhood, where the page knows it, with the official name. */
  #placeOf(code: string): string {
    this.#rows ??= new Map(this.idsOf("lsoa").flatMap((id, row): [string, number][] => (id === null ? [] : [[id, row]])));
    const official = this.#identities.about("lsoa21_code")?.label(code) ?? code;
    const row = this.#rows.get(code);
    const place = row === undefined || !this.#table.isText("place_name") ? null : this.#table.text("place_name", row);
    return place === null || place === official ? official : `${place} · ${official}`;
  }

  /** What people call an MSOA, where its areas say so, with its official name. */
  #msoaCalled(id: string): string {
    this.#msoas ??= new Map(this.idsOf("msoa").flatMap((msoa, row): [string, number][] => (msoa === null ? [] : [[msoa, row]])));
    const row = this.#msoas.get(id);
    const place = row === undefined || !this.#table.isText("place_name") ? null : this.#table.text("place_name", row);
    const called = place === null ? id : sharedName(place);
    return called === id ? id : `${called} (${id})`;
  }

  #everywhere(level: Level, id: string): number {
    return this.#parts.get(`${level} ${id}`) ?? this.#onPage(level, id);
  }

  /** How many areas of a place the page has. */
  #onPage(level: Level, id: string): number {
    let sizes = this.#sizes.get(level);
    if (!sizes) {
      const counts = new Map<string, number>();
      for (const one of this.idsOf(level)) if (one !== null) counts.set(one, (counts.get(one) ?? 0) + 1);
      sizes = counts;
      this.#sizes.set(level, sizes);
    }
    return sizes.get(id) ?? 0;
  }
}

/** What the places of a level add up to: "4 districts: 624 neighbourhoods, about 108,300 people at risk; 192 (31%) in the most at-risk tenth; 47 on the list". */
export function sumInWords(level: Level, units: readonly Unit[]): string {
  const total = (of: (unit: Unit) => number): number => units.reduce((sum, unit) => sum + of(unit), 0);
  const [areas, ranked, worst, listed] = [
    total(({ rows }) => rows.length),
    total((unit) => unit.ranked),
    total((unit) => unit.inWorst),
    total((unit) => unit.listed),
  ];
  const people = units.some((unit) => unit.people) ? `, ${about(total((unit) => unit.people?.people ?? 0))} people at risk` : "";
  const tenth = ranked ? `; ${count(worst)} (${percent(worst, ranked)}) in the most at-risk tenth` : "";
  const what = level === "lsoa" ? "" : `${count(units.length)} ${levelInWords(level, units.length)}: `;
  return `${what}${plural(areas, "neighbourhood", "neighbourhoods")}${people}${tenth}; ${count(listed)} on the list of where to act.`;
}

function byName(a: Unit, b: Unit): number {
  return a.name.localeCompare(b.name, "en-GB", { numeric: true });
}

/** The highest by a measure first. */
export function highestFirst(units: readonly Unit[], measure: Measure): Unit[] {
  const value = (unit: Unit): number => (Number.isNaN(unit[measure].value) ? -1 : unit[measure].value);
  return [...units].sort((a, b) => value(b) - value(a) || b.mean.value - a.mean.value || byName(a, b));
}

/** What a place lacks here: "72 of its 145 neighbourhoods; the others are not among these" */
export function partInWords({ rows, everywhere }: Unit): string {
  return rows.length === everywhere ? "" : `${rows.length} of its ${plural(everywhere, "neighbourhood", "neighbourhoods")}; the others are not among these`;
}

/** The sums of some areas, from columns that are read once. */
function summing(table: Table): (rows: readonly number[]) => Omit<Unit, "level" | "id" | "name" | "rows" | "everywhere"> {
  const residents = table.numbers("population_total");
  const scores = table.numbers("risk_score");
  const order = table.numbers(ORDER);
  const decile = table.numbers(tenthOf(table));
  const people = peopleReader(table);
  return (rows) => {
    const sums = { population: 0, inWorst: 0, ranked: 0, listed: 0 };
    const kinds = new Map<string, number>();
    let [weights, weighted, placed, inWorst] = [0, 0, 0, 0];
    for (const row of rows) {
      const here = residents[row] || 0;
      sums.population += here;
      if (decile[row] === 1) {
        sums.inWorst++;
        inWorst += here;
      }
      if (!Number.isNaN(decile[row])) {
        sums.ranked++;
        placed += here;
      }
      if (!Number.isNaN(order[row])) sums.listed++;
      const kind = table.text(KIND, row);
      if (kind !== null) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      if (Number.isNaN(scores[row])) continue;
      weights += here;
      weighted += here * scores[row];
    }
    return {
      ...sums,
      people: people(rows),
      kinds: [...kinds].sort(([a, left], [b, right]) => right - left || a.localeCompare(b)),
      mean: bare(weights ? weighted / weights : NaN),
      worst: bare(placed ? inWorst / placed : NaN),
    };
  };
}

/** The tenths that places are held against: the nation's, or those of this map where the nation's are not known. */
export function tenthOf(table: Table): "england_decile" | "risk_decile" {
  return table.holds("england_decile") ? "england_decile" : "risk_decile";
}
