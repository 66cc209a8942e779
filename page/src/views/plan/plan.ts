/** A budget, the programmes that it pays for, and the people whom these reach. */
import type { ProgrammesInfo } from "../../model/contract";
import { estimate, plural } from "../../model/format";
import type { Choice } from "../../model/plan";
import { choiceInWords, notInTheMoney, planFor, readBudget, withPoint } from "../../model/plan";
import { budget, costInWords } from "../../model/programmes";
import { button, el, words } from "../../ui/dom";
import { PRINTING_PLAN, printOnly } from "../../ui/share";
import { budgetCurve } from "./budget-curve";

/** What the field asks for before its reader does, in pounds. */
const FIRST = 100_000;
const FIELD = "atlas-plan-budget";

export interface PlanHooks {
  /** The budget that a reader chose, in pounds. */
  choose: (pounds: number) => void;
  /** Shows areas on the map. */
  show: (rows: readonly number[], text: string) => void;
}

export class PlanView {
  readonly element = el("section", { class: "atlas-plan", "aria-label": "A plan for a budget" });
  readonly #info: ProgrammesInfo;
  readonly #hooks: PlanHooks;
  readonly #field = el("input", { id: FIELD, type: "text", inputmode: "numeric", autocomplete: "off", size: "10", "aria-describedby": `${FIELD}-wrong` });
  readonly #wrong = el("p", { id: `${FIELD}-wrong`, class: "atlas-note", role: "status" });
  readonly #result = el("div", { class: "atlas-plan-result" });
  readonly #assumptions: HTMLDetailsElement;

  constructor(info: ProgrammesInfo, hooks: PlanHooks) {
    this.#info = info;
    this.#hooks = hooks;
    const lines = notInTheMoney(info).map((line) => el("li", {}, line));
    this.#assumptions = el(
      "details",
      { class: "atlas-more atlas-plan-assumptions" },
      el("summary", {}, "What the money is for, and what it is not"),
      el("ul", {}, ...lines),
    );
    const form = el(
      "form",
      { class: "atlas-plan-form" },
      el("label", { for: FIELD }, "£ for a year"),
      this.#field,
      el("button", { type: "submit", class: "atlas-quiet" }, "Show the plan"),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#read();
    });
    this.element.append(form, this.#wrong, this.#result);
  }

  /** Shows the plan for a budget; none where nothing was chosen yet. */
  show(pounds: number | null): void {
    this.#wrong.textContent = "";
    this.#field.value = budget(pounds ?? FIRST).slice(1);
    this.#result.replaceChildren(...(pounds === null ? [] : this.#plan(planFor(this.#info.programmes, pounds))));
  }

  #read(): void {
    const pounds = readBudget(this.#field.value);
    this.#field.toggleAttribute("aria-invalid", pounds === null);
    if (pounds === null) this.#wrong.textContent = "Please give a sum in pounds, such as 100,000 or 100k.";
    else this.#hooks.choose(pounds);
  }

  #plan(choice: Choice): HTMLElement[] {
    const chosen = choice.programmes.map((programme) => {
      const open = button("", "atlas-sentence-link", () => {
        this.#hooks.show(programme.areas, programme.name);
      });
      open.append(words(programme.name));
      return el(
        "li",
        {},
        open,
        `: ${estimate(programme.people)} people at risk in ${plural(programme.areas.length, "neighbourhood", "neighbourhoods")}, ${costInWords(programme)}`,
      );
    });
    const all = button("Show all of them on the map", "atlas-quiet", () => {
      this.#hooks.show(
        choice.programmes.flatMap(({ areas }) => areas),
        `${budget(choice.budget)}: ${plural(choice.chosen, "programme", "programmes")}`,
      );
    });
    const points = withPoint(this.#info.curve, choice);
    return [
      el("h3", { class: "atlas-plan-title" }, `A plan for ${budget(choice.budget)} a year`),
      el("p", {}, choiceInWords(choice, this.#info.programmes)),
      ...(chosen.length ? [el("ol", {}, ...chosen), el("div", { class: "atlas-plan-buttons" }, all, this.#printer())] : []),
      budgetCurve(points),
      this.#assumptions,
    ];
  }

  /** On paper the assumptions are unfolded, and a heading says what it is. */
  #printer(): HTMLButtonElement {
    return button("Print this plan", "atlas-quiet", () => {
      const { open } = this.#assumptions;
      this.#assumptions.open = true;
      printOnly([PRINTING_PLAN], () => {
        this.#assumptions.open = open;
      });
    });
  }
}
