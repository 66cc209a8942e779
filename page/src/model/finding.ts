/** The finding: how many of some areas are most at risk, how many people, in which kind, and where to act first. */
import { ORDER } from "./act";
import { coveredBy, listedRows } from "./action-rows";
import type { Programme } from "./contract";
import { about, capital, count, plural } from "./format";
import { everyArea } from "./geometry";
import { BOTH, KIND, NEITHER } from "./kinds";
import { nearest } from "./nearest";
import { metresInWords } from "./programmes";
import type { Part, Sentence } from "./sentence";
import { listed, percent } from "./sentence";
import type { Subject } from "./subject";
import type { Table } from "./table";
import { worstTenth } from "./worst-tenth";

export type Topic = "worst" | "people" | "kind" | "act";

/** The finding on some areas; nothing on what is not known of them. */
export function findingOf(subject: Subject): Sentence<Topic>[] {
  if (!subject.rows.length) return [{ topic: "worst", parts: ["No neighbourhood meets these conditions."] }];
  return [...worstTenth(subject), ...peopleAtRisk(subject), ...inKinds(subject), ...whereToAct(subject)];
}

/** People at risk, and those of its low and its high figure. */
export interface People {
  people: number;
  low: number;
  high: number;
}

export function peopleOf(table: Table, rows: Iterable<number>): People | null {
  return peopleReader(table)(rows);
}

/**
 * Adds up the people of any areas; null where none has an estimate. The low and the high figure are the two measures
 * themselves where a page of many areas has no columns of the figures.
 */
export function peopleReader(table: Table): (rows: Iterable<number>) => People | null {
  if (!table.holds("people_at_risk")) return () => null;
  const people = table.numbers("people_at_risk");
  const lows = table.numbers(table.holds("people_at_risk_low") ? "people_at_risk_low" : "people_not_online");
  const highs = table.numbers(table.holds("people_at_risk_high") ? "people_at_risk_high" : "people_without_skills");
  if (!table.holds("people_at_risk_high")) for (let row = 0; row < highs.length; row++) highs[row] = Math.max(highs[row], lows[row]);
  return (rows) => {
    let counted = 0;
    let [sum, low, high] = [0, 0, 0];
    for (const row of rows) {
      if (Number.isNaN(people[row])) continue;
      counted++;
      sum += people[row];
      low += lows[row];
      high += highs[row];
    }
    return counted ? { people: sum, low, high } : null;
  };
}

function peopleAtRisk({ data, table, rows }: Subject): Sentence<"people">[] {
  const here = peopleOf(table, rows);
  if (!here) return [];
  const { low, high } = data.people;
  const range = Number.isNaN(here.low + here.high) ? "" : `: from ${about(here.low)} who ${low} to ${about(here.high)} who ${high}`;
  return [{ topic: "people", parts: [`${capital(about(here.people))} people living there are at risk of being shut out (an estimate)${range}.`] }];
}

/** Areas and people of each kind, most people first; null where kinds, or people, are not known. */
export function byKind(table: Table, rows: Iterable<number>): { kind: string | null; rows: number[]; people: number }[] | null {
  if (!table.holds(KIND) || !table.holds("people_at_risk")) return null;
  const people = table.numbers("people_at_risk");
  const { values, codes } = table.texts(KIND) ?? { values: [], codes: new Int32Array(table.rows).fill(-1) };
  const groups = [...values, null].map((kind) => ({ kind, rows: [] as number[], people: 0 }));
  for (const row of rows) {
    const group = groups[codes[row] < 0 ? values.length : codes[row]];
    group.rows.push(row);
    group.people += people[row] || 0;
  }
  return groups.filter((group) => group.rows.length > 0).sort((a, b) => b.people - a.people || (a.kind ?? "").localeCompare(b.kind ?? ""));
}

function inKinds({ table, rows }: Subject): Sentence<"kind">[] {
  const groups = byKind(table, rows)?.filter(({ people }) => people > 0) ?? [];
  const all = groups.reduce((sum, { people }) => sum + people, 0);
  if (!groups.some(({ kind }) => kind !== null)) return [];
  const items = groups.map(({ kind, people, rows: areas }): Part[] => [{ text: percent(people, all), rows: areas }, ...standingOut(kind)]);
  return [{ topic: "kind", parts: ["Of these people, ", ...listed(items), "."] }];
}

function standingOut(kind: string | null): Part[] {
  if (kind === null) return [" live where the kind cannot be said"];
  if (kind === BOTH) return [" live where both kinds stand out"];
  if (kind === NEITHER) return [" live where neither kind stands out"];
  return [" live where ", { name: `“${kind}”` }, " stands out"];
}

const NEAREST = 3;

function whereToAct(subject: Subject): Sentence<"act">[] {
  const { table, rows, nameOf } = subject;
  const all = listedRows(table, everyArea(subject.geometry));
  const by = subject.changed ? ` by ${subject.changed.inWords}` : "";
  const sentence = (parts: Part[]): Sentence<"act">[] => [{ topic: "act", parts }];
  if (!all.length) return sentence([`No neighbourhood is on the list of where to act${by}.`]);
  const here = rows.length < table.rows ? listedRows(table, rows) : all;
  if (!here.length) return sentence(elsewhere(subject, all, by));
  const covered = coveredBy(table, here);
  const people = covered ? `, with ${about(covered.people)} people at risk` : "";
  const verb = here.length === 1 ? "is" : "are";
  const counted: Part[] = [
    { text: count(here.length), rows: here },
    " of ",
    ...subject.theirs(rows.length),
    ` neighbourhoods ${verb} on the list of where to act${by}${people}.`,
  ];
  const first = firstProgramme(subject);
  if (first) {
    return sentence([
      ...counted,
      " First: ",
      { text: first.name, rows: first.areas },
      ` (${plural(first.areas.length, "neighbourhood", "neighbourhoods")}), which reaches ${about(first.people)} of them.`,
    ]);
  }
  const reached = coveredBy(table, here.slice(0, 1));
  return sentence([...counted, " First: ", { text: nameOf(here[0]), rows: here.slice(0, 1) }, reached ? `, with ${about(reached.people)} of them.` : "."]);
}

/** The first programme of the whole map, which follows no filter and no other weights. */
function firstProgramme({ data, table, rows, changed }: Subject): Programme | null {
  return changed || rows.length < table.rows ? null : (data.programmes?.programmes[0] ?? null);
}

/** Why the list of where to act has no row for some areas, and which listed ones are nearest to them. */
export function emptyList(subject: Subject): Part[] {
  const by = subject.changed ? ` by ${subject.changed.inWords}` : "";
  if (!subject.rows.length) return ["No neighbourhood meets these conditions."];
  const all = listedRows(subject.table, everyArea(subject.geometry));
  return all.length ? elsewhere(subject, all, by) : [`No neighbourhood is on the list of where to act${by}.`];
}

/** "None of Norwich’s 85 neighbourhoods is on the list; the nearest that are …" */
function elsewhere(subject: Subject, all: readonly number[], by: string): Part[] {
  const { rows, theirs } = subject;
  const none: Part[] =
    rows.length === 1
      ? ["This neighbourhood is not on the list of where to act"]
      : ["None of ", ...theirs(rows.length), " neighbourhoods is on the list of where to act"];
  const near = nearestListed(subject, all).map(({ name, rows: areas, metres }): Part[] => [{ text: name, rows: areas }, ` (${metresInWords(metres)})`]);
  return [...none, by, ...(near.length ? [`; ${near.length === 1 ? "the nearest is " : "its nearest are "}`, ...listed(near)] : []), "."];
}

/** Programmes, or areas that are in none, by the distance of their nearest listed area; of changed lists the areas. */
export function nearestListed(
  { data, table, geometry, rows, changed, nameOf }: Subject,
  all: readonly number[] | null = null,
  most = NEAREST,
): { name: string; rows: readonly number[]; metres: number }[] {
  const order = table.numbers(ORDER);
  const candidates = all ?? Array.from(order.keys()).filter((row) => !Number.isNaN(order[row]));
  const programmeOf = new Map<number, Programme>(
    changed ? [] : (data.programmes?.programmes ?? []).flatMap((one) => one.areas.map((row): [number, Programme] => [row, one])),
  );
  const chosen = new Map<Programme | number, { name: string; rows: readonly number[]; metres: number }>();
  for (const { row, metres } of nearest(geometry, rows, candidates)) {
    const programme = programmeOf.get(row);
    const key = programme ?? row;
    if (!chosen.has(key)) chosen.set(key, programme ? { name: programme.name, rows: programme.areas, metres } : { name: nameOf(row), rows: [row], metres });
    if (chosen.size === most) break;
  }
  return [...chosen.values()];
}
