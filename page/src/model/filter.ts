/** Which areas meet every one of several conditions, and what they add up to. */
import type { Identities } from "./identity";
import type { Table } from "./table";

/** The value is one of these. */
export interface OneOf {
  column: string;
  values: readonly string[];
}

/** The number is at least, or at most, this. */
export interface Bound {
  column: string;
  side: "least" | "most";
  value: number;
}

export interface Filter {
  readonly oneOf: readonly OneOf[];
  readonly bounds: readonly Bound[];
}

export const NO_FILTER: Filter = { oneOf: [], bounds: [] };

export function isEmpty(filter: Filter): boolean {
  return !filter.oneOf.length && !filter.bounds.length;
}

/** 1 for each area that meets all conditions; areas without a value meet none. Null when there is no condition. */
export function matching(filter: Filter, table: Table): Uint8Array | null {
  if (isEmpty(filter)) return null;
  const included = new Uint8Array(table.rows).fill(1);
  for (const { column, values } of filter.oneOf) {
    const texts = table.texts(column);
    const wanted = new Set(values);
    const ofCode = texts?.values.map((value) => wanted.has(value)) ?? [];
    for (let row = 0; row < included.length; row++) {
      const code = texts ? texts.codes[row] : -1;
      if (code < 0 || !ofCode[code]) included[row] = 0;
    }
  }
  for (const { column, side, value } of filter.bounds) {
    const numbers = table.numbers(column);
    for (let row = 0; row < included.length; row++) {
      const met = side === "least" ? numbers[row] >= value : numbers[row] <= value;
      if (!met) included[row] = 0;
    }
  }
  return included;
}

/** Whether two selections hold the same areas. */
export function sameSelection(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === b) return true;
  return a !== null && b !== null && a.length === b.length && a.every((value, row) => value === b[row]);
}

export function rowsOf(included: Uint8Array | null, rows: number): Uint32Array {
  const found = new Uint32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) if (!included || included[row]) found[count++] = row;
  return found.slice(0, count);
}

export interface Totals {
  areas: number;
  people: number;
  older: number;
}

/** Areas, residents, and residents of 65 and over; missing numbers count as nobody. */
export function totals(rows: Iterable<number>, table: Table): Totals {
  let areas = 0;
  let people = 0;
  let older = 0;
  for (const row of rows) {
    areas++;
    people += table.number("population_total", row) || 0;
    older += table.number("population_65_plus", row) || 0;
  }
  return { areas, people, older };
}

/** The filter with one column's condition replaced; no values take it away. */
export function withOneOf(filter: Filter, column: string, values: readonly string[]): Filter {
  const others = filter.oneOf.filter((condition) => condition.column !== column);
  return { ...filter, oneOf: values.length ? [...others, { column, values }] : others };
}

/** The filter with the condition on one side of a column replaced; null takes it away. */
export function withBound(filter: Filter, column: string, side: Bound["side"], value: number | null): Filter {
  const others = filter.bounds.filter((bound) => bound.column !== column || bound.side !== side);
  return { ...filter, bounds: value === null ? others : [...others, { column, side, value }] };
}

const SIGN = { least: ">", most: "<" } as const;

/** As text for the address: `lad_code=E07000148,E07000145;risk_decile<1`. */
export function formatFilter(filter: Filter): string {
  return [
    ...filter.oneOf.map(({ column, values }) => `${column}=${values.map(encodeURIComponent).join(",")}`),
    ...filter.bounds.map(({ column, side, value }) => `${column}${SIGN[side]}${value}`),
  ].join(";");
}

/** A filter as it was read, and what of its text this page cannot meet, in words. */
export interface ReadFilter {
  filter: Filter;
  unread: string[];
}

/** What `formatFilter` wrote. Names of places, as older links have them, are read as the code that they stand for. */
export function parseFilter(text: string | null, table: Table, identities: Identities): ReadFilter {
  let filter = NO_FILTER;
  const unread: string[] = [];
  for (const part of (text ?? "").split(";").filter(Boolean)) {
    const match = /^(\w+)([=<>])(.+)$/.exec(part);
    const column = match?.[1] ?? "";
    if (!match || !(table.has(column) || identities.about(column))) {
      unread.push(`the condition “${part}”`);
      continue;
    }
    const [, , sign, rest] = match;
    if (sign === "=") {
      const about = identities.about(column);
      const [into, values] = about
        ? [
            about.column,
            rest
              .split(",")
              .map(decode)
              .flatMap((value) => named(value, about, unread)),
          ]
        : [column, rest.split(",").map(decode)];
      const known = new Set(table.texts(into)?.values);
      for (const value of values) if (!known.has(value)) unread.push(`${about?.title ?? column} “${value}”`);
      filter = withOneOf(
        filter,
        into,
        [...new Set(values)].filter((value) => known.has(value)),
      );
      continue;
    }
    const value = Number(rest);
    if (Number.isFinite(value) && table.has(column) && !table.isText(column)) filter = withBound(filter, column, sign === ">" ? "least" : "most", value);
    else unread.push(`the condition “${part}”`);
  }
  return { filter, unread };
}

/** The code that a code or a name means; none, and a word on it, where several places have the name. */
function named(
  value: string,
  about: { title: string; labels: ReadonlyMap<string, string>; codesOf: (name: string) => readonly string[] },
  unread: string[],
): string[] {
  if (about.labels.has(value)) return [value];
  const codes = about.codesOf(value);
  if (codes.length < 2) return [codes.length ? codes[0] : value];
  unread.push(`${about.title} “${value}”, a name that ${codes.length} have here`);
  return [];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
