/** Which areas the list of where to act holds, in which order, how many people that reaches, and the list as a file. */
import { ORDER, orderingOf } from "./act";
import { csvOf, MADE_WITH } from "./export";
import { about, count, estimate, plural, roundPeople } from "./format";
import type { Helps } from "./helps";
import { DISTRICT, identityOf } from "./identity";
import { KIND } from "./kinds";
import type { Support } from "./support";
import type { Table } from "./table";

/** How far down the order the list goes. */
export type Reach = "list" | "all";

/** What the list is narrowed to; an empty text leaves all. */
export interface Choice {
  reach: Reach;
  driver: string;
  pointsTo: string;
  /** The kind of exclusion that stands out. */
  kind?: string;
  district: string;
}

export const THE_LIST: Choice = { reach: "list", driver: "", pointsTo: "", kind: "", district: "" };

/** The listed ones of some areas, where to act first to last; after them, where all are asked for, those not on the list. */
export function actionRows(table: Table, rows: Iterable<number>, choice: Choice): number[] {
  const { rank } = orderingOf(table);
  const texts: [string, string][] = [
    ["main_driver", choice.driver],
    ["points_to", choice.pointsTo],
    [KIND, choice.kind ?? ""],
    [identityOf(table, DISTRICT), choice.district],
  ];
  const conditions = texts.filter(([, wanted]) => wanted !== "");
  const kept = [...rows].filter((row) => conditions.every(([column, wanted]) => table.text(column, row) === wanted));
  const listed = listedRows(table, kept);
  if (choice.reach === "list") return listed;
  const order = table.numbers(ORDER);
  const others = kept.filter((row) => Number.isNaN(order[row]));
  return [...listed, ...table.sorted(rank, false, others)];
}

/** Those of some rows that are on the list, where to act first to last. */
export function listedRows(table: Table, rows: Iterable<number>): number[] {
  const order = table.numbers(ORDER);
  const listed: number[] = [];
  for (const row of rows) if (!Number.isNaN(order[row])) listed.push(row);
  return listed.sort((a, b) => order[a] - order[b] || a - b);
}

/** People at risk in the listed areas, and on the whole map. */
export interface Covered {
  areas: number;
  people: number;
  all: number;
}

/** Null where the page has no estimate of people. */
export function coveredBy(table: Table, rows: readonly number[]): Covered | null {
  if (!table.holds("people_at_risk")) return null;
  const people = table.numbers("people_at_risk");
  let all = 0;
  for (const one of people) all += one || 0;
  return { areas: rows.length, people: rows.reduce((total, row) => total + (people[row] || 0), 0), all };
}

/** How many people at risk a list reaches, and how many it misses. */
export function coveredInWords({ areas, people, all }: Covered): string {
  const these = areas === 1 ? "This neighbourhood holds" : `These ${count(areas)} neighbourhoods hold`;
  if (!(people < all)) return `${these} all of the map’s people at risk, ${about(all)} (an estimate).`;
  const percent = (100 * people) / all;
  const whole = Math.round(percent);
  const [share, missed] = percent > 0 && whole === 0 ? ["less than 1", "more than 99"] : whole === 100 ? ["more than 99", "less than 1"] : [whole, 100 - whole];
  return `${these} ${about(people)} of ${estimate(all)} people at risk (${share}%, an estimate): the list misses ${missed}%.`;
}

/** What is left of a list under conditions, and of all areas that could be listed. */
export interface Part {
  part: number;
  whole: number;
  covered: Covered | null;
  everywhere: number;
  all: Covered | null;
}

/** What is left of a list under conditions, and how many areas meet them wherever they stand in the order. */
export function partInWords({ part, whole, covered, everywhere, all }: Part, where = { of: "On the whole map", all: "All areas" }): string {
  const people = (of: Covered | null): string => (of ? `, with ${about(of.people)} people at risk (an estimate)` : "");
  const more =
    everywhere > part ? ` ${where.of} ${plural(everywhere, "neighbourhood does", "neighbourhoods do")}${people(all)}: choose “${where.all}” to list them.` : "";
  return `${count(part)} of the ${count(whole)} listed ${part === 1 ? "meets" : "meet"} these conditions${people(covered)}.${more}`;
}

/** What a list says where there is no estimate of people. */
export function countedInWords(areas: number): string {
  return `${plural(areas, "neighbourhood", "neighbourhoods")}.`;
}

/** Estimates of people; the ends of intervals are not on pages of many areas. */
const PEOPLE = [
  "people_at_risk",
  "people_at_risk_low",
  "people_at_risk_high",
  "people_not_online",
  "people_not_online_low",
  "people_not_online_high",
  "people_without_skills",
  "people_without_skills_low",
  "people_without_skills_high",
];
const COLUMNS = [
  "lsoa21_code",
  "lsoa21_name",
  "place_name",
  "ward_name",
  "lad_name",
  "exclusion_rank",
  "exclusion_decile",
  "risk_rank",
  "worst_decile_probability",
  "exclusion_worst_decile_probability",
  ...PEOPLE,
  "main_driver",
  "points_to",
];
const LISTED = ["lack_of_support", "unmet_need", "list_probability", "unmet_need_expected"];
const NEAREST = ["nearest_support", "nearest_support_kind", "nearest_support_metres", "nearest_support_minutes", "nearest_support_distance"];
const HELP = ["suggested_help", "help_source"];
const KINDS = ["kind", "beyond_similar", "beyond_similar_points"];

export interface ActionFile {
  support: Support | null;
  helps: Helps;
  /** By which weights and under which conditions; nothing where the list is as published. */
  made: string;
}

function rounded(people: string | number | null): string | number | null {
  return typeof people === "number" ? roundPeople(people) : people;
}

/** One line for each area in the order given, columns as in `priorities.csv`; last how it was made, if not as published. */
export function actionCsv(table: Table, rows: readonly number[], { support, helps, made }: ActionFile): string {
  return csvOf(
    [ORDER, ...COLUMNS, ...NEAREST, ...HELP, ...KINDS, ...LISTED, ...(made ? [MADE_WITH] : [])],
    rows.map((row) => {
      const near = support?.nearestNow(row);
      const help = helps.suggest(table, row);
      return [
        table.value(ORDER, row),
        ...COLUMNS.map((column) => (PEOPLE.includes(column) ? rounded(table.value(column, row)) : table.value(column, row))),
        near?.place.name ?? null,
        near?.place.kind.title ?? null,
        near && support?.unit === "metres" ? near.cost : null,
        near && support?.unit === "minutes" ? near.cost : null,
        near ? near.cost : null,
        help?.what ?? null,
        help?.source ?? null,
        ...KINDS.map((column) => table.value(column, row)),
        ...LISTED.map((column) => table.value(column, row)),
        ...(made ? [made] : []),
      ];
    }),
  );
}
