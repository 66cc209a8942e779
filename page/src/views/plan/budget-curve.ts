/** What sums reach, as a drawing with its words. */
import type { BudgetPoint } from "../../model/contract";
import { budget, pointInWords } from "../../model/programmes";
import { drawCurve } from "../../ui/curve";

export const BUDGET_CURVE = "People at risk reached, by what programmes may cost together in a year";

export function budgetCurve(points: readonly BudgetPoint[]): HTMLElement {
  return drawCurve({
    title: BUDGET_CURVE,
    said: `${points.map(pointInWords).join("; ")}.`,
    width: 360,
    height: 140,
    right: 24,
    points: points.map(({ budget: much, people }) => ({ much, people })),
    ends: ["£0", budget(points[points.length - 1].budget)],
  });
}
