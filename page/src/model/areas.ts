/** What the areas are called and where they stand, from the columns the pipeline always writes. */
import { rankOf, tenth } from "./format";
import { msoaOf, sharedName } from "./place-names";
import type { Table } from "./table";

/** "Caister-on-Sea (D)", "Kirkley & Pakefield (009B)" */
const LETTERED = / \([^()]+\)$/;

/** From so many areas on, as a nation has, a page shows less at first. */
export const MANY_AREAS = 10_000;

export class Areas {
  readonly table: Table;
  /** Both are made when they are first asked for. */
  #rowOfCode: ReadonlyMap<string, number> | null = null;
  #ranked: number | null = null;

  constructor(table: Table) {
    this.table = table;
  }

  /** How many areas have a rank. */
  get ranked(): number {
    this.#ranked ??= this.table.numbers("risk_rank").reduce((ranked, rank) => ranked + (Number.isNaN(rank) ? 0 : 1), 0);
    return this.#ranked;
  }

  /** After the ranks changed. */
  recount(): void {
    this.#ranked = null;
  }

  row(code: string): number | null {
    this.#rowOfCode ??= new Map(Array.from({ length: this.table.rows }, (_, row) => [this.code(row), row]));
    return this.#rowOfCode.get(code) ?? null;
  }

  code(row: number): string {
    return this.table.text("lsoa21_code", row) ?? String(row);
  }

  /** The name that the Office for National Statistics gives it. */
  name(row: number): string {
    return this.table.text("lsoa21_name", row) ?? this.code(row);
  }

  ward(row: number): string | null {
    return this.table.text("ward_name", row);
  }

  district(row: number): string | null {
    return this.table.text("lad_name", row);
  }

  /** The name of its MSOA: its own without the letter. */
  msoa(row: number): string {
    return msoaOf(this.name(row));
  }

  /** What people call it, unique within its district; on a page without such names, its ward. */
  placeName(row: number): string | null {
    return this.table.text("place_name", row) ?? this.ward(row);
  }

  /** As one says it: letters in brackets tell places apart on paper, its ward does in a sentence. */
  spoken(row: number): string {
    const [place, ward, district] = [this.placeName(row), this.ward(row), this.district(row)];
    if (place === null || !LETTERED.test(place)) return this.place(row) || this.name(row);
    const shared = sharedName(place);
    const among = ward === null || plainly(ward) === plainly(shared) ? `A part of ${shared}` : `${shared} in ${ward} ward`;
    return [among, district].filter((part) => part !== null).join(", ");
  }

  /** What people call it, or its official name. */
  title(row: number): string {
    return this.placeName(row) ?? this.name(row);
  }

  /** What people call it and its district, or what there is of them. */
  place(row: number): string {
    return [this.placeName(row), this.district(row)].filter((part) => part !== null).join(", ");
  }

  /** Official name and code, to stand beside the name that people know. */
  official(row: number): string {
    const [name, code] = [this.name(row), this.code(row)];
    return name === code ? code : `${name} · ${code}`;
  }

  rank(row: number): string {
    return rankOf(this.table.number("risk_rank", row), this.ranked);
  }

  tenth(row: number): string {
    return tenth(this.table.number("risk_decile", row));
  }

  standing(row: number): string {
    return [this.rank(row), this.tenth(row)].filter(Boolean).join(" · ");
  }

  /** A number per area that is equal for areas of one district; -1 where it is not known. */
  districtNumbers(): Int32Array {
    return (this.table.texts("lad_code") ?? this.table.texts("lad_name"))?.codes ?? new Int32Array(this.table.rows).fill(-1);
  }
}

/** Without what makers of lists write in different ways. */
function plainly(name: string): string {
  return name.toLowerCase().replace(/&/g, "and");
}
