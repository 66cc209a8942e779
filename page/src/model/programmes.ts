/** Programmes and what money reaches, in words and as a file. */
import type { AtlasData, BudgetPoint, CostInfo, PlanInfo, Programme, ProgrammesInfo } from "./contract";
import { csvOf } from "./export";
import { about, count, decimal, estimate, plural } from "./format";

const THOUSAND = 1000;
/** Figures that an outline cost is worth. */
const FIGURES = 2;
const PROVEN = 1e-6;

/** An outline cost: "£39,000", "£9,600", "£850". */
export function pounds(sum: number): string {
  return `£${count(sum < 1 ? 0 : Number(sum.toPrecision(FIGURES)))}`;
}

/** A budget, as it was given: "£12,500". */
export function budget(sum: number): string {
  return `£${count(Math.round(sum))}`;
}

export function costInWords({ cost, cost_low, cost_high }: Pick<Programme, "cost" | "cost_low" | "cost_high">): string {
  return `${pounds(cost)} (${pounds(cost_low)} to ${pounds(cost_high)})`;
}

export function metresInWords(metres: number): string {
  return metres < THOUSAND ? `${count(Math.round(metres / 10) * 10)} m` : `${decimal(metres / THOUSAND, 1)} km`;
}

/** What the programmes are, and what is not in them. */
export function introInWords(info: ProgrammesInfo): string {
  const { programmes, too_small, least_people, most_people, reach_metres } = info;
  if (!programmes.length) {
    return `No neighbourhoods of the list of where to act that touch hold the ${count(least_people)} people at risk that a programme needs.`;
  }
  const people = programmes.reduce((sum, one) => sum + one.people, 0);
  const areas = programmes.reduce((sum, one) => sum + one.areas.length, 0);
  const small = too_small.length
    ? ` ${plural(too_small.length, "more neighbourhood", "more neighbourhoods")} on the list ${too_small.length === 1 ? "is" : "are"} too small for a programme alone.`
    : "";
  return (
    `${plural(programmes.length, "programme", "programmes")} for ${plural(areas, "neighbourhood", "neighbourhoods")} with ${about(people)} people at risk (an estimate). ` +
    `Each bundles neighbourhoods of the list of where to act that touch and are of one kind, ${count(least_people)} to ${count(most_people)} people at risk within ${metresInWords(reach_metres)} of its centre.${small}`
  );
}

/** What the outline costs are. */
export function costsInWords({ helped_share }: ProgrammesInfo): string {
  return `Outline costs are for one year, for helping ${decimal(helped_share, 0, true)} of the people at risk. Every price is an assumption, to be replaced by local ones; low and high take all low or all high prices at once.`;
}

/** A plan in words. */
export function planInWords(plan: PlanInfo): string {
  const proven = plan.gap <= PROVEN ? "no other choice reaches more (proven)" : `another could reach at most ${decimal(plan.gap, 1, true)} more`;
  const over = plan.cost_high > plan.budget ? " Should all prices be high, it costs more than the budget." : "";
  const one = plan.chosen.length === 1;
  const things = plan.candidates ? (one ? "programme or site" : "programmes and sites") : one ? "programme" : "programmes";
  return `${budget(plan.budget)} pays for ${count(plan.chosen.length)} ${things}, which ${one ? "reaches" : "reach"} ${about(plan.people)} people at risk: ${proven}. Outline cost ${costInWords(plan)}.${over}`;
}

/** A point of the curve in words: "£100,000: 2,400 people in 3 programmes". */
export function pointInWords({ budget: sum, people, chosen }: BudgetPoint): string {
  return `${budget(sum)}: ${estimate(people)} people in ${plural(chosen, "programme", "programmes")}`;
}

/** A price with who says so: "£141 (2014)". */
export function pricesInWords({ low, central, high }: CostInfo): string {
  return [low, central, high].map(({ value, year }) => `${budget(value)} (${year})`).join(" · ");
}

const COLUMNS = [
  "programme",
  "name",
  "kind",
  "people_at_risk",
  "people_helped",
  "neighbourhoods",
  "lsoa21_codes",
  "main_driver",
  "host",
  "host_kind",
  "host_metres",
  "what_helps",
  "help_source",
  "cost_low",
  "cost",
  "cost_high",
];

/** One line for each programme, columns as in `programmes.csv`. */
export function programmesCsv(programmes: readonly Programme[], codeOf: (row: number) => string): string {
  return csvOf(
    COLUMNS,
    programmes.map((one) => [
      one.order,
      one.name,
      one.kind,
      Math.round(one.people),
      one.helped,
      one.areas.length,
      one.areas.map(codeOf).join("; "),
      one.main_driver,
      one.host,
      one.host_kind,
      one.host_metres,
      one.what_helps,
      one.help_source,
      one.cost_low,
      Math.round(one.cost),
      one.cost_high,
    ]),
  );
}

/** Whether the page has a view of programmes: the list holds an area, so that there is something to say. */
export function hasProgrammes(info: AtlasData["programmes"]): info is ProgrammesInfo {
  return info !== null && info.programmes.length + info.too_small.length > 0;
}
