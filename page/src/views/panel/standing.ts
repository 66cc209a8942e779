/** Where an area stands, and how sure that is. */
import { count, decimal, ordinal, plural, rankOf, tenth } from "../../model/format";
import { REASONABLE_WAYS } from "../../model/method";
import type { Page } from "../../scoring/page";
import { el, words } from "../../ui/dom";
import { methodLine } from "../../ui/method-link";

export class Standing {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  #older(row: number): string {
    const older = this.#page.table.number("population_65_plus", row);
    return Number.isNaN(older) ? "" : `, ${count(older)} of them aged 65 and over`;
  }

  /** Where the area stands, then how sure that is. */
  parts(row: number): HTMLElement[] {
    const sure = this.#howSure(row);
    return [el("h3", {}, sure.length ? "Where it stands, and how sure that is" : "Where it stands"), this.#standing(row), ...sure];
  }

  #standing(row: number): HTMLElement {
    const { nation } = this.#page.data;
    const residents = this.#page.table.number("population_total", row);
    const within = this.#page.areas.tenth(row);
    const of = (name: string): Node[] => [new Text(" of "), words(name)];
    const lines: (HTMLElement | null)[] = [
      this.#page.showing.isNation ? null : this.#nationStanding(row),
      Number.isNaN(residents) ? null : el("p", {}, plural(residents, "resident", "residents"), this.#older(row)),
    ];
    return el(
      "div",
      { class: "atlas-standing" },
      el(
        "p",
        { class: "atlas-rank" },
        rankOf(this.#page.table.number("risk_rank", row), this.#page.areas.ranked),
        within ? " · " : null,
        within ? el("span", {}, within, ...(this.#page.showing.isNation ? of(nation.title) : [])) : null,
      ),
      ...lines,
    );
  }

  #nationStanding(row: number): HTMLElement | null {
    const { nation } = this.#page.data;
    const rank = this.#page.table.number("england_rank", row);
    const decile = tenth(this.#page.table.number("england_decile", row));
    if (Number.isNaN(rank) && !decile) {
      return this.#page.table.changed ? el("p", {}, "Not ranked in ", words(nation.title), " with changed weights") : null;
    }
    return el(
      "p",
      { class: "atlas-nation-rank" },
      Number.isNaN(rank) ? null : rankOf(rank, nation.areas),
      Number.isNaN(rank) || !decile ? null : " · ",
      decile,
      " of ",
      words(nation.title),
    );
  }

  /**
   * Whether others would agree (where other reasonable ways to calculate it place the area), and whether it is so (how often areas placed like
   * it were truly among the worst). Other weights than the published ones have neither.
   */
  #howSure(row: number): HTMLElement[] {
    const [low, middle, high, share] = ["rank_p05", "rank_median", "rank_p95", "worst_decile_probability"].map((column) =>
      this.#page.table.number(column, row),
    );
    if (this.#page.table.changed || [low, middle, high, share].some(Number.isNaN)) return [];
    const ranked = Math.max(2, this.#page.areas.ranked);
    const at = (rank: number): string => `${(100 * (rank - 1)) / (ranked - 1)}%`;
    const bar = el("div", { class: "atlas-interval", "aria-hidden": "true" });
    const span = el("div", { class: "atlas-interval-span" });
    span.style.left = at(low);
    span.style.right = `calc(100% - ${at(high)})`;
    const mark = el("div", { class: "atlas-interval-middle" });
    mark.style.left = at(middle);
    bar.append(span, mark);
    return [
      el("h4", {}, "Robust to choices?"),
      el(
        "p",
        {},
        `In the most at-risk tenth by ${decimal(share, 0, true)} of the reasonable ways to calculate it. By nine of ten of them its rank lies `,
        `${within(low, high)} of ${count(this.#page.areas.ranked)}`,
        ...this.#sureInNation(row),
        ".",
      ),
      bar,
      el("p", { class: "atlas-interval-ends", "aria-hidden": "true" }, el("span", {}, "most at risk"), el("span", {}, "least at risk")),
      el("p", { class: "atlas-note atlas-plausible" }, REASONABLE_WAYS),
      methodLine("ranks", "varied"),
      ...this.#likelyRight(row),
    ];
  }

  #sureInNation(row: number): (Node | string)[] {
    const [low, high] = ["england_rank_p05", "england_rank_p95"].map((column) => this.#page.table.number(column, row));
    if (this.#page.showing.isNation || Number.isNaN(low) || Number.isNaN(high)) return [];
    const { nation } = this.#page.data;
    return [`, and ${within(low, high)} of ${count(nation.areas)} in `, words(nation.title)];
  }

  /** A robust rank can be wrong: what matters may be in none of the indices. */
  #likelyRight(row: number): HTMLElement[] {
    const chance = this.#page.table.number("chance_worst_tenth", row);
    const { nation, index } = this.#page.data;
    if (Number.isNaN(chance) || index.chance_of === null) return [];
    return [
      el("h4", {}, "Likely right?"),
      el(
        "p",
        {},
        `Of neighbourhoods placed like it in `,
        words(nation.title),
        `, about ${decimal(chance, 0, true)} were truly in the worst tenth there, by: `,
        words(index.chance_of),
        ". ",
      ),
      methodLine("right"),
    ];
  }
}

/** "between 1st and 3rd"; of one rank "at 1st". */
function within(low: number, high: number): string {
  const [from, to] = [low, high].map((rank) => ordinal(Math.round(rank)));
  return from === to ? `at ${from}` : `between ${from} and ${to}`;
}
