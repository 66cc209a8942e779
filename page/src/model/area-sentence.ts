/** One sentence on one area that can be read out: how much at risk, how many people, which kind, how far to help. */
import type { Piece } from "./drivers";
import { about, count, tenth } from "./format";
import type { Kinds } from "./kinds";
import { KIND } from "./kinds";
import { plain, possessive } from "./sentence";
import type { ChangedHere } from "./subject";
import { inSentence } from "./symbol-kinds";
import type { Support } from "./support";
import type { Table } from "./table";

/** What the sentence is made from. */
export interface Spoken {
  table: Table;
  /** Of the nation: "England". */
  nation: string;
  /** What people call the area, with its district. */
  name: string;
  kinds: Kinds;
  /** The estimate of people follows the published risk of their area. */
  scaled: boolean;
  /** Null where the page has no places, or has not read them yet. */
  support: Pick<Support, "nearestNow" | "distance"> | null;
  changed: ChangedHere | null;
}

export function areaSentence(row: number, spoken: Spoken): Piece[] {
  const after = [...peopleAndKind(row, spoken), ...nearestHelp(row, spoken)];
  return [...standing(row, spoken), ...after.flatMap((clause, at): Piece[] => [at ? "; " : ": ", ...clause]), "."];
}

export function areaInWords(row: number, spoken: Spoken): string {
  return plain(areaSentence(row, spoken));
}

/** "Quayside, Fenmouth, is in England’s worst tenth" */
function standing(row: number, { table, nation, name, changed }: Spoken): Piece[] {
  const by = changed ? `By ${changed.inWords}, ` : "";
  const who: Piece[] = [by, { name }, name.includes(", ") ? "," : ""];
  const decile = (column: string): number => (table.holds(column) ? table.number(column, row) : NaN);
  const national = decile("england_decile");
  if (!Number.isNaN(national)) return [...who, " is in ", ...tenthOf(national, { name: possessive(nation) }, { name: nation })];
  const here = decile("risk_decile");
  if (Number.isNaN(here)) return [...who, changed?.among != null ? " is not among the areas that are ranked" : " has no known risk"];
  if (changed?.among != null) {
    const chosen = `the ${count(changed.among)} chosen neighbourhoods`;
    return [...who, ` is in the ${here === 1 ? "worst tenth" : tenth(here)} of ${chosen}`];
  }
  return [...who, " is in ", ...tenthOf(here, "this map’s", "this map")];
}

function tenthOf(decile: number, theirs: Piece, of: Piece): Piece[] {
  return decile === 1 ? [theirs, " worst tenth"] : [`the ${tenth(decile)} of `, of];
}

function peopleAndKind(row: number, { table, kinds, scaled, changed }: Spoken): Piece[][] {
  const people = table.holds("people_at_risk") ? table.number("people_at_risk", row) : NaN;
  const published = changed && scaled ? " by the published index" : "";
  const said: Piece[] = Number.isNaN(people) ? [] : [`${about(people)} people there are at risk of being shut out${published}`];
  const kind = kindInWords(table.holds(KIND) ? table.text(KIND, row) : null, kinds);
  return said.length && kind.length ? [[...said, ", and ", ...kind]] : [said, kind].filter(({ length }) => length > 0);
}

function kindInWords(value: string | null, kinds: Kinds): Piece[] {
  if (value === null) return [];
  const standingOut = kinds.standingOut(value);
  if (standingOut.length > 1) return ["both kinds of exclusion stand out"];
  return standingOut.length ? [{ name: `“${standingOut[0].title}”` }, " stands out"] : ["neither kind of exclusion stands out"];
}

function nearestHelp(row: number, { support }: Spoken): Piece[][] {
  if (!support) return [];
  const near = support.nearestNow(row);
  if (!near) return [["no place that helps now is near enough to be in these data"]];
  const { name, kind } = near.place;
  const what = inSentence(kind.title);
  // Lists often name a library by its place alone.
  const told = words(what).some((word) => words(name).includes(word)) ? "," : ` (${what}),`;
  return [["the nearest help is ", { name }, `${told} ${support.distance(near.cost)} away`]];
}

function words(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter(Boolean);
}
