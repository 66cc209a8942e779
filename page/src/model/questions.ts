/** The four questions by which a reader goes in, each with the layer and the list that answer it. */
import { boundsInWords, ORDER, sureness } from "./act";
import type { Areas } from "./areas";
import type { AtlasData } from "./contract";
import { about, count, decimal, estimate, ordinal, plural } from "./format";
import { KIND, Kinds } from "./kinds";
import type { Question } from "./store";
import type { Support } from "./support";
import type { Table } from "./table";

/** In the order of the way through: where, what, what lacks, what to do. */
export const QUESTIONS: readonly { id: Question; title: string; layer: string }[] = [
  { id: "risk", title: "Where is risk?", layer: "risk_decile" },
  { id: "kind", title: "What kind?", layer: KIND },
  { id: "support", title: "Where is support missing?", layer: "capacity_decile" },
  { id: "act", title: "Where to act?", layer: "programme_standing" },
];

/** On pages whose list has no programmes, the layer of high risk and little support stands for them. */
const ACT_WITHOUT_PROGRAMMES = "exclusion_decile";

/** The layer that answers a question on a page with these layers; null where none does. */
export function layerOf(question: Question, layers: AtlasData["layers"]): string | null {
  const wanted = QUESTIONS.find(({ id }) => id === question)?.layer;
  const offered = (id: string | undefined): boolean => layers.some((layer) => layer.id === id);
  if (wanted !== undefined && offered(wanted)) return wanted;
  if (question !== "act") return null;
  return offered(ACT_WITHOUT_PROGRAMMES) ? ACT_WITHOUT_PROGRAMMES : offered("risk_decile") ? "risk_decile" : null;
}

/** The questions that a page has something to answer with. */
export function questionsOf(layers: AtlasData["layers"]): Question[] {
  return QUESTIONS.map(({ id }) => id).filter((id) => layerOf(id, layers) !== null);
}

/** The question that a layer answers; null for all other layers. */
export function questionOf(layer: string, layers: AtlasData["layers"]): Question | null {
  return questionsOf(layers).find((id) => layerOf(id, layers) === layer) ?? null;
}

/** What one area has in a list. */
export interface ListedArea {
  title: string;
  detail: string;
  figure: string;
  /** What the figure is. */
  of: string;
}

export interface AreaList {
  title: string;
  /** What the list shows, in a sentence. */
  sentence: string;
  /** What it does not say, folded below it. */
  isNot: readonly string[];
  /** Areas, in order. */
  rows: readonly number[];
  item: (row: number) => ListedArea;
}

/** What lists are made of. */
export interface Listing {
  data: AtlasData;
  table: Table;
  areas: Areas;
  support: Support | null;
  /** The areas that the reader's conditions leave. */
  rows: readonly number[];
}

const NEIGHBOURING = "Neighbouring ranks are not meaningfully different: the panel of each area says how sure its rank is.";
const ESTIMATES = "People at risk are estimates from published rates and totals, not counts of persons.";
const PLACES = "It says something of places, nothing of any person who lives there.";

function people(table: Table, row: number): string {
  const at = table.number("people_at_risk", row);
  return Number.isNaN(at) ? "" : `${about(at)} people at risk`;
}

function joined(...parts: readonly (string | null)[]): string {
  return parts.filter(Boolean).join(" · ");
}

/** "worst tenth of England", "3rd tenth of England" */
function standing(decile: number, nation: string): string | null {
  if (Number.isNaN(decile)) return null;
  return `${decile === 1 ? "worst tenth" : `${ordinal(decile)} tenth`} of ${nation}`;
}

/** How many people are at risk; the rank where the page has no estimate. */
function peopleOrRank(table: Table, areas: Areas, row: number): Pick<ListedArea, "figure" | "of"> {
  const at = table.number("people_at_risk", row);
  return Number.isNaN(at)
    ? { figure: ordinal(Math.floor(table.number("risk_rank", row))), of: `of ${count(areas.ranked)}` }
    : { figure: estimate(at), of: "people at risk" };
}

/** Where the risk is highest first. */
export function riskList({ data, table, areas, rows }: Listing): AreaList {
  const ranked = table.sorted("risk_rank", false, rows).filter((row) => !Number.isNaN(table.number("risk_rank", row)));
  const nation = data.nation;
  return {
    title: "Most at risk first",
    sentence: `${plural(ranked.length, "neighbourhood", "neighbourhoods")}, those most likely to be shut out of digital health care first.`,
    isNot: [NEIGHBOURING, PLACES, ESTIMATES],
    rows: ranked,
    item: (row) => {
      const decile = table.number("england_decile", row);
      return {
        title: areas.title(row),
        detail: joined(areas.district(row), standing(decile, nation.title)),
        ...peopleOrRank(table, areas, row),
      };
    },
  };
}

/** Areas of one kind, or of all, where it stands out most first. */
export function kindList({ data, table, areas, rows }: Listing, wanted: string | null): AreaList {
  const kinds = new Kinds(data.kinds);
  const { kinds: infos } = data.kinds;
  const one = infos.find(({ title }) => title === wanted);
  const kept = rows.filter((row) => (wanted === null ? table.text(KIND, row) !== null : table.text(KIND, row) === wanted));
  const sorted = one ? table.sorted(one.column, true, kept) : table.sorted("risk_rank", false, kept);
  return {
    title: wanted === null ? "Kinds of exclusion, most at risk first" : kinds.called(wanted),
    sentence: one ? one.sentence : `A kind stands out above ${decimal(data.kinds.stands_out_above, 0)} of 100 against ${data.nation.title}.`,
    isNot: ["A kind says what exclusion is likely to look like in a place. It does not describe any person there.", NEIGHBOURING],
    rows: sorted,
    item: (row) => ({
      title: areas.title(row),
      detail: joined(areas.district(row), wanted === null ? kinds.called(table.text(KIND, row) ?? "") : people(table, row)),
      ...(one ? { figure: decimal(table.number(one.column, row), 0), of: `of 100 in ${data.nation.title}` } : peopleOrRank(table, areas, row)),
    }),
  };
}

/** Where the least support is within reach first; where there is none, the most people at risk first. */
export function supportList({ table, areas, support, rows }: Listing): AreaList {
  const scores = table.numbers("capacity_score");
  const risk = table.numbers("people_at_risk");
  const kept = rows.filter((row) => !Number.isNaN(scores[row]));
  const sorted = [...kept].sort((a, b) => scores[a] - scores[b] || (risk[b] || 0) - (risk[a] || 0) || a - b);
  const none = kept.filter((row) => scores[row] === 0);
  const affected = none.reduce((sum, row) => sum + (risk[row] || 0), 0);
  return {
    title: "Least support within reach first",
    sentence: none.length
      ? `${plural(none.length, "neighbourhood has", "neighbourhoods have")} no place within reach that helps now${affected ? `: ${about(affected)} people at risk live there` : ""}.`
      : "Every neighbourhood has a place within reach that helps now; those with the least are first.",
    isNot: [
      "Support is places and their hours. What is offered at home, by telephone or by volunteers without a building is not known here.",
      "Distances are as the crow flies unless journeys were given.",
      ESTIMATES,
    ],
    rows: sorted,
    item: (row) => {
      const near = support?.nearestNow(row);
      return {
        title: areas.title(row),
        detail: joined(areas.district(row), people(table, row)),
        figure: near && support ? support.distance(near.cost) : "–",
        of: near ? `to ${near.place.name}` : "no place that helps now",
      };
    },
  };
}

/** The list of where to act, in its order. */
export function actList({ data, table, areas, support, rows }: Listing): AreaList {
  const order = table.numbers(ORDER);
  const listed = table.sorted(
    ORDER,
    false,
    rows.filter((row) => !Number.isNaN(order[row])),
  );
  const lack = table.numbers("lack_of_support");
  return {
    title: data.where_to_act.by_support ? "High risk and little support" : "High risk",
    sentence: `${plural(listed.length, "neighbourhood", "neighbourhoods")}, the most people without support first.`,
    isNot: [boundsInWords(data.where_to_act), NEIGHBOURING, ESTIMATES],
    rows: listed,
    item: (row) => {
      const near = support?.nearestNow(row);
      const sure = table.number("list_probability", row);
      const unmet = table.number("people_at_risk", row) * lack[row];
      return {
        title: areas.title(row),
        detail: joined(areas.district(row), near && support ? `nearest help ${support.distance(near.cost)}` : null, Number.isNaN(sure) ? null : sureness(sure)),
        figure: Number.isNaN(unmet) ? "–" : estimate(unmet),
        of: "people without support",
      };
    },
  };
}
