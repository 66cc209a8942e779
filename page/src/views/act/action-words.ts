/** What the list of where to act is, how sure it is, and how not to read it, in words. */
import { boundsInWords, orderingOf, SURE_OF_LIST, sureness } from "../../model/act";
import type { AtlasData } from "../../model/contract";
import { count, day, decimal, plural } from "../../model/format";
import type { Table } from "../../model/table";
import { madeOf } from "../panel/act";

/** How neither the list nor the map may be read. */
export const NOT_PERSONS =
  "The risk is of the place, not of the person: most people in these neighbourhoods are online, and most people who are not live elsewhere.";
const NEIGHBOURING = "Neighbouring ranks are not meaningfully different.";

/** By what the list is ordered, and which areas it holds; `all`: those that are not on it follow. */
export function introInWords({ where_to_act: list }: AtlasData, table: Table, rows: readonly number[], all: boolean): string {
  const { support } = orderingOf(table);
  const order = support
    ? "High risk and little support: both, the most people at risk without support first"
    : "High risk, the most people at risk first; this page knows of no support places";
  return `${order}. ${boundsInWords(list)} ${NEIGHBOURING}${all ? "" : howSure(list, table, rows)}`;
}

/** How many of the listed hold their place, whatever is chosen. */
function howSure({ unsure, least_probability: least }: AtlasData["where_to_act"], table: Table, rows: readonly number[]): string {
  if (!table.holds(SURE_OF_LIST) || !rows.length) return "";
  const all = rows.map((row) => sureness(table.number(SURE_OF_LIST, row)));
  const [firm, likely] = ["firm", "likely"].map((level) => all.filter((own) => own === level).length);
  const left = unsure
    ? ` ${plural(unsure, "more neighbourhood meets", "more neighbourhoods meet")} them in under ${decimal(least, 0, true)} of these ways and ${unsure === 1 ? "is" : "are"} left off.`
    : "";
  return ` ${count(firm)} of these ${count(all.length)} meet both bounds in nearly every way to calculate them that was tried (firm), ${count(likely)} in most (likely), ${count(all.length - firm - likely)} in fewer than half. That tests choices, not errors in the data: start with the firm ones.${left}`;
}

/** What a printed list says of its numbers and their sources. */
export function caveats({ people, support, sources, built }: AtlasData, table: Table): string[] {
  const origins = support?.kinds.map(({ plural: many, origin }) => `${many}: ${origin}`) ?? [];
  const attributions = sources.map(({ attribution }) => attribution.replace(/^Source: /, "")).filter(Boolean);
  const rates = people.sources.map(({ source }) => source);
  return [
    NOT_PERSONS,
    `People at risk are an estimate: those who ${people.low} in full, and ${decimal(people.part, 0, true)} of those who are online but ${people.high}. The range runs from the first alone to all of both. ${madeOf(people)}`,
    ...(support ? [support.unit === "minutes" ? "Distances are journeys, in minutes." : "Distances are straight lines, not journeys."] : []),
    ...(table.holds(SURE_OF_LIST)
      ? [
          "How sure: the share of the ways to calculate it that were tried by which the neighbourhood has a high risk and little support; firm from 90%, likely from 50%, borderline from 10%. It tests choices, not errors in the data.",
        ]
      : []),
    `Built ${day(built)}, printed ${day(new Date().toISOString())}. Sources: ${[...new Set([...attributions, ...origins, ...rates])].join(" · ")}`,
  ];
}
