/** The columns of a page by other weights or another comparison. */
import type { AtlasData } from "../model/contract";
import { driverColumns, meanOf } from "../model/drivers";
import type { Scored } from "../model/scored";
import type { Table, Texts } from "../model/table";
import type { WhatIfState } from "../model/what-if";
import type { Listable } from "./exclusion";
import { exclusionColumns, listColumns } from "./exclusion";

/** How sure the published ranks are, which says nothing of those by other weights. */
const UNKNOWN_BY_OTHER_WEIGHTS = [
  "rank_p05",
  "rank_median",
  "rank_p95",
  "worst_decile_probability",
  "england_rank_p05",
  "england_rank_p95",
  "chance_worst_tenth",
];

/** A page holds every area of its nation. */
export function isNation({ nation }: Pick<AtlasData, "nation">, { rows }: Pick<Table, "rows">): boolean {
  return nation.areas === rows;
}

/** Components are scored against the nation, by this comparison or by the page's own. */
export function againstNation(data: Pick<AtlasData, "nation" | "reference">, table: Table, state: WhatIfState | null): boolean {
  const reference = state?.reference ?? data.reference;
  return reference === "england" || (reference === "area" && isNation(data, table));
}

/** The columns that other scores stand in. What else the index makes, such as the place in the nation, is not known. */
export function scoredColumns(scored: Scored, state: WhatIfState, data: AtlasData, table: Table): Map<string, Float64Array | Texts> {
  const unknown = new Float64Array(table.rows).fill(NaN);
  const whole = isNation(data, table);
  const columns = new Map<string, Float64Array | Texts>([
    ["risk_score", scored.score],
    ["risk_rank", scored.rank],
    ["risk_decile", scored.decile],
    ["england_rank", whole ? scored.rank : unknown],
    ["england_decile", whole ? scored.decile : unknown],
  ]);
  data.index.components.forEach(({ column }, number) => columns.set(column, scored.components[number]));
  for (const column of UNKNOWN_BY_OTHER_WEIGHTS) columns.set(column, unknown);
  const published = table.published();
  const more = [
    data.exclusion ? exclusionColumns(scored, published.numbers("capacity_score"), data.exclusion) : [],
    listColumns(listable(scored, data, published), data.where_to_act),
    drivers(scored, state, data, againstNation(data, table, state)),
  ];
  for (const some of more) for (const [column, values] of some) columns.set(column, values);
  return columns;
}

/** What the list by other ranks is made of: support and people stay as published. */
function listable({ rank }: Scored, data: AtlasData, published: Table): Listable {
  const all = new Float64Array(published.rows).fill(1);
  const support = data.where_to_act.by_support;
  return {
    rank,
    little: support ? published.numbers("little_support") : all,
    people: published.numbers("people_at_risk"),
    lack: support ? published.numbers("lack_of_support") : all,
  };
}

/** What drives the risk by other weights, against what the panel holds the components against. */
function drivers({ components: scores }: Scored, { weights }: WhatIfState, data: AtlasData, against: boolean): Map<string, Texts> {
  const { index, nation } = data;
  const national = against && index.components.every(({ column }) => Number.isFinite(nation.means[column] ?? NaN));
  const averages = index.components.map(({ column }, number) => (national ? nation.means[column] : meanOf(scores[number])));
  const { mainDriver, pointsTo } = driverColumns(index.components, weights, scores, averages, data);
  return new Map([
    ["main_driver", mainDriver],
    ["points_to", pointsTo],
  ]);
}
