/** What a budget reaches: the programmes that together reach most people at risk, as `pipeline/act/plan.py` chooses them. */
import type { BudgetPoint, Programme, ProgrammesInfo } from "./contract";
import { count, decimal, plural } from "./format";
import { choose } from "./knapsack";
import { budget, planInWords, pounds } from "./programmes";

const PENCE = 100;
/** People are counted in hundredths, as the page has them; where there are many, in tenths or whole, which the search takes no longer for. */
const PARTS = [100, 10, 1];
const MOST_PARTS = 2e6;
/** More than any budget that is asked for. */
const MOST = 1e10;

/** The programmes that a sum pays for. */
export interface Choice extends BudgetPoint {
  /** The one that reaches most people first. */
  programmes: readonly Programme[];
  /** People whom they work with in a year. */
  helped: number;
}

/** The best choice for a sum, in pounds by central prices. Programmes share no neighbourhood, so that nobody is counted twice. */
export function planFor(programmes: readonly Programme[], sum: number): Choice {
  const everybody = programmes.reduce((all, { people }) => all + people, 0);
  const parts = PARTS.find((number) => everybody * number <= MOST_PARTS) ?? 1;
  const counted = (programme: Programme): number => Math.round(programme.people * parts);
  const items = programmes.map((one) => ({ cost: Math.round(one.cost * PENCE), value: counted(one) }));
  const chosen = choose(items, Math.round(sum * PENCE)).map((at) => programmes[at]);
  const total = (of: (programme: Programme) => number): number => chosen.reduce((all, programme) => all + of(programme), 0);
  return {
    budget: sum,
    chosen: chosen.length,
    // As they are counted, so that more money never reaches fewer.
    people: total(counted) / parts,
    helped: total(({ helped }) => helped),
    cost_low: total((one) => one.cost_low),
    cost: total(({ cost }) => cost),
    cost_high: total((one) => one.cost_high),
    programmes: chosen.sort((a, b) => b.people - a.people || a.order - b.order),
  };
}

/** Pounds as people write them: "£100,000", "100k", "1.5 m"; null for anything else. */
export function readBudget(text: string): number | null {
  const match = /^£?\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s*(k|m|thousand|million)?$/i.exec(text.trim());
  if (!match) return null;
  const [, whole, fraction = "", unit = ""] = match;
  const times = unit === "" ? 1 : /^[kt]/i.test(unit) ? 1e3 : 1e6;
  const sum = Number(`${whole.replaceAll(",", "")}${fraction}`) * times;
  return sum <= MOST ? sum : null;
}

/** What a sum pays for, in words. */
export function choiceInWords(choice: Choice, programmes: readonly Programme[]): string {
  const all = programmes.reduce((sum, { cost }) => sum + cost, 0);
  if (!programmes.length) return "There is no programme to pay for.";
  if (!choice.chosen) {
    const cheapest = Math.min(...programmes.map(({ cost }) => cost));
    return `${budget(choice.budget)} pays for no programme: the cheapest costs ${pounds(cheapest)}.`;
  }
  const plan = planInWords({ ...choice, gap: 0, candidates: 0, chosen: choice.programmes.map(planned), curve: [] });
  return choice.chosen === programmes.length ? `${plan} These are all there are; together they cost ${pounds(all)}.` : plan;
}

function planned({ name, order, people, cost_low, cost, cost_high }: Programme) {
  return { sort: "programme" as const, name, programme: order, people, cost_low, cost, cost_high };
}

/** What is in the money and what is not. */
export function notInTheMoney({ costs, helped_share, too_small, plan }: Pick<ProgrammesInfo, "costs" | "helped_share" | "too_small" | "plan">): string[] {
  return [
    `In the money, for one year and ${decimal(helped_share, 0, true)} of the people at risk: ${costs.map(({ what }) => what.charAt(0).toLowerCase() + what.slice(1)).join("; ")}. Nothing else is.`,
    "Every price is an assumption, to be replaced by local ones; the sum is met by central prices.",
    ...(too_small.length
      ? [
          `${plural(too_small.length, "neighbourhood", "neighbourhoods")} on the list ${too_small.length === 1 ? "is" : "are"} too small for a programme and cannot be chosen.`,
        ]
      : []),
    ...(plan?.candidates ? [`The ${count(plan.candidates)} candidate sites are not among the choices here; the plan that was asked for has them.`] : []),
  ];
}

/** The points of the curve with one more among them. */
export function withPoint(curve: readonly BudgetPoint[], point: BudgetPoint): BudgetPoint[] {
  return [...curve.filter(({ budget: sum }) => sum !== point.budget), point].sort((a, b) => a.budget - b.budget);
}
