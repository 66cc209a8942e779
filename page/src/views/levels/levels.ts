/** A table of wards, districts and other places, to go down through to their neighbourhoods. */
import { count, decimal, estimate } from "../../model/format";
import type { Level, Levels, Unit } from "../../model/levels";
import { levelInWords, partInWords, sumInWords } from "../../model/levels";
import { percent } from "../../model/sentence";
import { button, el, words } from "../../ui/dom";
import { ListTable } from "../../ui/list-table";

export interface LevelsHooks {
  /** Shows a place on the map. */
  show: (rows: readonly number[], text: string) => void;
  /** Opens a neighbourhood. */
  select: (row: number) => void;
  /** The places of this level are shown now. */
  shown?: (level: Level) => void;
}

export class LevelsView {
  readonly element = el("section", { class: "atlas-levels", "aria-label": "Places" });
  readonly #levels: Levels;
  readonly #hooks: LevelsHooks;
  readonly #way = el("nav", { class: "atlas-levels-way", "aria-label": "The places that these lie in" });
  readonly #sum = el("p", { class: "atlas-levels-sum" });
  readonly #list = el("div", {});
  readonly #without = el("p", { class: "atlas-note" });

  constructor(levels: Levels, hooks: LevelsHooks) {
    this.#levels = levels;
    this.#hooks = hooks;
    this.element.append(this.#way, this.#sum, this.#list, this.#without);
  }

  /** Shows the places of a level: of some areas, or within the last of the places that were opened. */
  show(level: Level, rows?: readonly number[], opened: readonly Unit[] = []): void {
    const within = opened.at(-1)?.rows ?? rows;
    const units = this.#levels.units(level, within);
    this.#way.replaceChildren(...this.#trail(level, rows, opened));
    this.#sum.textContent = sumInWords(level, units);
    this.#hooks.shown?.(level);
    const down = this.#levels.below(level);
    const table = new ListTable<Unit>(
      `${count(units.length)} ${levelInWords(level, units.length)}, the highest share in the most at-risk tenth first.`,
      "No place",
      [
        { title: "Place", cell: (unit) => this.#opener(unit, down, rows, opened) },
        { title: "Neighbourhoods", cell: (unit) => count(unit.rows.length), number: true, compare: (a, b) => a.rows.length - b.rows.length },
        { title: "Residents", cell: ({ population }) => count(population), number: true, compare: (a, b) => a.population - b.population },
        {
          title: "People at risk, about",
          cell: ({ people }) => (people ? estimate(people.people) : "–"),
          number: true,
          compare: (a, b) => (a.people?.people ?? 0) - (b.people?.people ?? 0),
        },
        {
          title: "In the most at-risk tenth",
          cell: (unit) => (unit.ranked ? `${count(unit.worst)} (${percent(unit.worst, unit.ranked)})` : "–"),
          number: true,
          compare: (a, b) => a.worst / (a.ranked || 1) - b.worst / (b.ranked || 1),
        },
        { title: "On the list", cell: ({ listed }) => count(listed), number: true, compare: (a, b) => a.listed - b.listed },
        { title: "Most often", cell: ({ kinds }) => words(kinds.length ? kinds[0][0] : "–") },
        {
          title: "Mean score",
          cell: ({ score }) => (Number.isNaN(score) ? "–" : decimal(score, 1)),
          number: true,
          compare: (a, b) => (a.score || 0) - (b.score || 0),
        },
      ],
    );
    table.setRows(units);
    this.#list.replaceChildren(table.table, table.pager);
    const without = this.#levels.without(level, within);
    this.#without.textContent = without
      ? `${count(without)} ${levelInWords("lsoa", without)} ${without === 1 ? "lies" : "lie"} in no ${levelInWords(level, 1)} that is known.`
      : "";
  }

  #opener(unit: Unit, down: Level | null, rows: readonly number[] | undefined, opened: readonly Unit[]): HTMLElement {
    const open = button("", "atlas-sentence-link", () => {
      if (!down) {
        this.#hooks.select(unit.rows[0]);
        return;
      }
      this.#hooks.show(unit.rows, unit.name);
      this.show(down, rows, [...opened, unit]);
    });
    open.append(words(unit.name));
    const part = partInWords(unit);
    return el("div", {}, open, part ? el("span", { class: "atlas-act-detail" }, part) : null);
  }

  /** The places that were opened, each of which leads back to what it was chosen from. */
  #trail(level: Level, rows: readonly number[] | undefined, opened: readonly Unit[]): HTMLElement[] {
    return opened.map((unit, at) => {
      const back = button("", "atlas-sentence-link", () => {
        this.show(unit.level, rows, opened.slice(0, at));
      });
      back.setAttribute("aria-label", `Back to the ${levelInWords(unit.level)}, from ${unit.name}`);
      back.append(words(unit.name), " › ");
      if (at === opened.length - 1) back.append(levelInWords(level));
      return back;
    });
  }
}
