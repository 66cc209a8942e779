/** Places and kinds of place by their codes: names are not unique, and may change. */
import type { Table } from "./table";

/** A column of codes, that of their names, and that of the names of what they lie in. */
export interface Pair {
  code: string;
  name: string;
  title: string;
  around: string | null;
}

export const DISTRICT: Pair = { code: "lad_code", name: "lad_name", title: "District", around: null };
export const WARD: Pair = { code: "ward_code", name: "ward_name", title: "Ward", around: "lad_name" };
/** Named after its areas: the page has no codes of it. */
export const MSOA: Pair = { code: "msoa21_name", name: "msoa21_name", title: "MSOA", around: null };
export const KIND: Pair = { code: "ruc21_code", name: "ruc21_name", title: "Rural or urban", around: null };
export const SUB_ICB: Pair = { code: "sicbl_code", name: "sicbl_name", title: "Sub-ICB", around: null };
export const ICB: Pair = { code: "icb_code", name: "icb_name", title: "Integrated Care Board", around: null };
/** Names of districts of old, which have no codes. */
export const FORMER = "former_district";
const PAIRS: readonly Pair[] = [DISTRICT, WARD, MSOA, KIND, { code: "lsoa21_code", name: "lsoa21_name", title: "Area", around: null }, SUB_ICB, ICB];

/** The pair that a column of codes or of names belongs to. */
export function pairOf(column: string): Pair | null {
  return PAIRS.find(({ code, name }) => column === code || column === name) ?? null;
}

/** The column that tells places of a pair apart in a table: their codes, and their names only where it has no codes. */
export function identityOf(table: Table, { code, name }: Pair): string {
  return table.isText(code) ? code : name;
}

/** What the values of one column that tells places apart are called. */
export class Called {
  readonly column: string;
  readonly title: string;
  /** By code; those of one name have the name of what they lie in added, and where that is one, too, their code. */
  readonly labels: ReadonlyMap<string, string>;
  readonly #codesOf = new Map<string, string[]>();

  constructor(table: Table, pair: Pair) {
    this.column = identityOf(table, pair);
    this.title = pair.title;
    const names = new Map<string, { name: string; around: string | null }>();
    const codes = table.texts(this.column);
    for (let row = 0; codes && row < table.rows; row++) {
      const number = codes.codes[row];
      if (number < 0 || names.has(codes.values[number])) continue;
      const code = codes.values[number];
      names.set(code, { name: table.text(pair.name, row) ?? code, around: pair.around && table.text(pair.around, row) });
    }
    for (const [code, { name }] of names) this.#codesOf.set(name, [...(this.#codesOf.get(name) ?? []), code]);
    const labels = new Map(
      [...names].map(([code, { name, around }]): [string, string] => [code, this.codesOf(name).length > 1 && around !== null ? `${name} (${around})` : name]),
    );
    const times = new Map<string, number>();
    for (const label of labels.values()) times.set(label, (times.get(label) ?? 0) + 1);
    this.labels = new Map([...labels].map(([code, label]): [string, string] => [code, (times.get(label) ?? 0) > 1 ? `${label} (${code})` : label]));
  }

  /** The codes of all places of a name. */
  codesOf(name: string): readonly string[] {
    return this.#codesOf.get(name) ?? [];
  }

  label(code: string): string {
    return this.labels.get(code) ?? code;
  }
}

/** The pairs of a table, each sorted out when it is first asked for. */
export class Identities {
  readonly #table: Table;
  readonly #called = new Map<Pair, Called>();

  constructor(table: Table) {
    this.#table = table;
  }

  of(pair: Pair): Called {
    let called = this.#called.get(pair);
    if (!called) {
      called = new Called(this.#table, pair);
      this.#called.set(pair, called);
    }
    return called;
  }

  /** What a column of codes or of names belongs to; null for any other column. */
  about(column: string): Called | null {
    const pair = pairOf(column);
    return pair ? this.of(pair) : null;
  }
}
