/** Programmes: neighbourhoods bundled so that money can be spent on them, what each may cost, and what a sum reaches. */
import type { Areas } from "../../model/areas";
import type { BudgetPoint, CostInfo, PlanInfo, PriceInfo, Programme, ProgrammesInfo, TooSmall } from "../../model/contract";
import { count, decimal, estimate } from "../../model/format";
import { budget, costInWords, costsInWords, introInWords, metresInWords, planInWords, pounds, pricesInWords, programmesCsv } from "../../model/programmes";
import { button, el, words } from "../../ui/dom";
import type { DrawerView } from "../../ui/drawer";
import { ListTable } from "../../ui/list-table";
import { sourceLink } from "../../ui/web-link";
import { BUDGET_CURVE, budgetCurve } from "../plan/budget-curve";

export interface ProgrammeHooks {
  /** Outlines areas on the map. */
  show: (rows: readonly number[], text: string) => void;
  select: (row: number) => void;
  saveCsv: (what: string, text: string) => void;
  close: () => void;
}

export class ProgrammesView implements DrawerView {
  readonly element = el("section", { class: "atlas-table atlas-programmes", "aria-labelledby": "atlas-programmes-title", hidden: "" });
  readonly #heading = el("h2", { id: "atlas-programmes-title", tabindex: "-1" }, "Programmes");
  readonly #info: ProgrammesInfo;
  readonly #areas: Areas;
  readonly #hooks: ProgrammeHooks;
  readonly #scroll = el("div", { class: "atlas-programmes-scroll" });
  #filled = false;

  constructor(info: ProgrammesInfo, areas: Areas, codeOf: (row: number) => string, hooks: ProgrammeHooks) {
    this.#info = info;
    this.#areas = areas;
    this.#hooks = hooks;
    const csv = button("Save as CSV", "atlas-quiet", () => {
      hooks.saveCsv("programmes", programmesCsv(info.programmes, codeOf));
    });
    csv.disabled = !info.programmes.length;
    this.element.append(
      el(
        "div",
        { class: "atlas-table-head" },
        this.#heading,
        el("div", { class: "atlas-table-buttons" }, csv, button("Close programmes", "atlas-quiet", hooks.close)),
      ),
      this.#scroll,
    );
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  show(focus: boolean): void {
    this.element.hidden = false;
    if (!this.#filled) this.#fill();
    if (focus) this.#heading.focus();
  }

  hide(): void {
    this.element.hidden = true;
  }

  #fill(): void {
    this.#filled = true;
    const { programmes, too_small, plan, curve } = this.#info;
    this.#scroll.append(el("p", {}, introInWords(this.#info)));
    if (plan) this.#scroll.append(...this.#plan(plan));
    if (programmes.length) {
      this.#scroll.append(el("p", { class: "atlas-note" }, costsInWords(this.#info)), this.#list(programmes), ...reach(curve), costs(this.#info.costs));
    }
    if (too_small.length) this.#scroll.append(this.#small(too_small));
  }

  #opener(programme: Programme): HTMLElement {
    const open = button("", "atlas-programme-name", () => {
      this.#hooks.show(programme.areas, `${programme.name}: ${count(programme.areas.length)} neighbourhoods`);
    });
    open.append(words(programme.name));
    return open;
  }

  #list(programmes: readonly Programme[]): HTMLElement {
    const kinds = programmes.some(({ kind }) => kind !== null);
    const table = new ListTable<Programme>("Programmes, the largest unmet need first. A name outlines the programme on the map.", "No programme", [
      { title: "Programme", cell: (one) => el("div", {}, this.#opener(one), this.#members(one)), compare: (a, b) => a.order - b.order },
      { title: "People at risk, about", cell: ({ people }) => estimate(people), number: true, compare: (a, b) => a.people - b.people },
      ...(kinds
        ? [
            {
              title: "Kind",
              cell: ({ kind }: Programme) => words(kind ?? "–"),
              compare: (a: Programme, b: Programme) => (a.kind ?? "").localeCompare(b.kind ?? ""),
            },
          ]
        : []),
      { title: "Nearest host", cell: host },
      { title: "What usually helps", cell: ({ what_helps }) => words(what_helps ?? "–", "atlas-programme-help") },
      {
        title: "Outline cost in a year",
        cell: (one) => el("div", {}, pounds(one.cost), detail(`${pounds(one.cost_low)} to ${pounds(one.cost_high)}`)),
        number: true,
        compare: (a, b) => a.cost - b.cost,
      },
    ]);
    table.setRows(programmes);
    return el("div", {}, table.table, table.pager);
  }

  /** The neighbourhoods of a programme, each of which opens. */
  #members({ areas }: Programme): HTMLElement {
    const list = el("ul", {}, ...areas.map((row) => el("li", {}, this.#area(row))));
    return el("details", { class: "atlas-more" }, el("summary", {}, `${count(areas.length)} neighbourhoods`), list);
  }

  #area(row: number): HTMLElement {
    const open = button("", "atlas-programme-name", () => {
      this.#hooks.select(row);
    });
    open.append(words([this.#areas.place(row), this.#areas.name(row)].filter(Boolean).join(" · ")));
    return open;
  }

  #plan(plan: PlanInfo): HTMLElement[] {
    const { programmes } = this.#info;
    const rows = plan.chosen.map((thing) => {
      const programme = programmes.find(({ order, name }) => order === thing.programme && name === thing.name);
      const name = programme ? this.#opener(programme) : words(thing.name);
      return el("li", {}, name, ` ${estimate(thing.people)} people at risk, ${costInWords(thing)}`);
    });
    return [
      el("h3", {}, `A plan for ${budget(plan.budget)}`),
      el("p", {}, planInWords(plan)),
      el("ol", { class: "atlas-programme-plan" }, ...rows),
      ...reach(plan.curve),
      el("h3", {}, "All programmes"),
    ];
  }

  #small(areas: readonly TooSmall[]): HTMLElement {
    const { programmes } = this.#info;
    const table = new ListTable<TooSmall>("Neighbourhoods on the list that are too small for a programme alone.", "None", [
      { title: "Neighbourhood", cell: ({ area }) => this.#area(area) },
      {
        title: "Nearest programme",
        cell: ({ nearest, metres }) => {
          const programme = programmes.find(({ order }) => order === nearest);
          return el("div", {}, programme ? words(programme.name) : "–", metres === null ? null : detail(metresInWords(metres)));
        },
      },
    ]);
    table.setRows(areas);
    return el("details", { class: "atlas-more" }, el("summary", {}, `Too small for a programme alone: ${count(areas.length)}`), table.table, table.pager);
  }
}

function host({ host: name, host_kind, host_metres }: Programme): HTMLElement {
  if (name === null) return el("span", {}, "–");
  const kind = [host_kind, host_metres === null ? "" : metresInWords(host_metres)].filter(Boolean).join(", ");
  return el("div", {}, words(name), detail(kind));
}

function detail(text: string): HTMLElement {
  return el("span", { class: "atlas-act-detail" }, text);
}

/** What sums reach: a drawing, and the numbers. */
function reach(points: readonly BudgetPoint[]): HTMLElement[] {
  if (!points.length) return [];
  const table = new ListTable<BudgetPoint>(`${BUDGET_CURVE}.`, "No number", [
    { title: "Budget", cell: ({ budget: sum }) => budget(sum), number: true },
    { title: "People at risk reached, about", cell: ({ people }) => estimate(people), number: true },
    { title: "Chosen", cell: ({ chosen }) => count(chosen), number: true },
    { title: "Outline cost", cell: (point) => (point.chosen ? costInWords(point) : "–"), number: true },
  ]);
  table.setRows(points);
  return [budgetCurve(points), el("details", { class: "atlas-more", open: "" }, el("summary", {}, "What more or less money reaches"), table.table)];
}

/** The assumed prices, with who says so. */
function costs(items: readonly CostInfo[]): HTMLElement {
  const rows = items.map((item) =>
    el(
      "li",
      {},
      `${item.what}: ${pricesInWords(item)} ${item.per === "person" ? "for each person helped" : "for each programme"}${shares(item)}. `,
      ...sources([item.low, item.central, item.high]),
      item.note ? ` ${item.note}` : null,
    ),
  );
  return el(
    "details",
    { class: "atlas-more" },
    el("summary", {}, "What the outline costs are made of: low, central and high prices"),
    el("ul", { class: "atlas-programme-costs" }, ...rows),
  );
}

function shares({ per, share, share_by_kind }: CostInfo): string {
  if (per !== "person") return "";
  const kinds = Object.entries(share_by_kind).map(([kind, of]) => `${decimal(of, 0, true)} in “${kind}”`);
  const all = share < 1 || kinds.length ? [`${decimal(share, 0, true)} of them`] : [];
  return all.length ? `, ${[...all, ...kinds].join(", ")}` : "";
}

function sources(prices: readonly PriceInfo[]): (Node | string)[] {
  return prices.flatMap(({ source, page }, place) => [place ? "; " : "", page === null ? words(source) : sourceLink(source, page)]);
}
