/** A table of wards, districts and other places, to go down through to their neighbourhoods. */
import { count, estimate } from "../../model/format";
import type { Measure } from "../../model/larger";
import { withRange } from "../../model/larger";
import type { Level, Levels, Unit } from "../../model/levels";
import { levelInWords, partInWords, sumInWords } from "../../model/levels";
import { percent } from "../../model/sentence";
import { button, el, words } from "../../ui/dom";
import type { ListColumn } from "../../ui/list-table";
import { ListTable } from "../../ui/list-table";

export interface LevelsHooks {
  /** Goes down into a place. */
  down: (unit: Unit) => void;
  /** Opens a neighbourhood. */
  select: (row: number) => void;
}

export class LevelsView {
  readonly element = el("section", { class: "atlas-levels", "aria-label": "Places" });
  readonly #levels: Levels;
  readonly #hooks: LevelsHooks;
  readonly #sum = el("p", { class: "atlas-levels-sum" });
  readonly #list = el("div", {});
  readonly #without = el("p", { class: "atlas-note" });

  constructor(levels: Levels, hooks: LevelsHooks) {
    this.#levels = levels;
    this.#hooks = hooks;
    this.element.append(this.#sum, this.#list, this.#without);
  }

  /** Shows the places of a level that some areas make up. */
  show(level: Level, rows: readonly number[]): void {
    const units = this.#levels.units(level, rows);
    this.#sum.textContent = sumInWords(level, units);
    const table = new ListTable<Unit>(
      `${count(units.length)} ${levelInWords(level, units.length)}, the highest share in the most at-risk tenth first.`,
      "No place",
      this.#columns(),
    );
    table.setRows(units);
    this.#list.replaceChildren(table.table, table.pager);
    const without = this.#levels.inNone(level, rows);
    this.#without.textContent = without
      ? `${count(without)} ${levelInWords("lsoa", without)} ${without === 1 ? "lies" : "lie"} in no ${levelInWords(level, 1)} that is known.`
      : "";
  }

  /** Shows something else in place of the table, and how it is to be read. */
  put(elements: readonly HTMLElement[], sentence: string): void {
    this.#sum.textContent = "";
    this.#list.replaceChildren(el("p", { class: "atlas-note atlas-levels-read" }, sentence), ...elements);
    this.#without.textContent = "";
  }

  #columns(): ListColumn<Unit>[] {
    const ranged = (title: string, measure: Measure): ListColumn<Unit> => ({
      title,
      cell: (unit) => withRange(measure, unit[measure]),
      number: true,
      compare: (a, b) => (a[measure].value || 0) - (b[measure].value || 0),
    });
    return [
      { title: "Place", cell: (unit) => this.#opener(unit) },
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
        cell: (unit) => (unit.ranked ? `${count(unit.inWorst)} (${percent(unit.inWorst, unit.ranked)})` : "–"),
        number: true,
        compare: (a, b) => a.inWorst / (a.ranked || 1) - b.inWorst / (b.ranked || 1),
      },
      ranged("People who live in it", "worst"),
      ranged("Mean score", "mean"),
      { title: "On the list", cell: ({ listed }) => count(listed), number: true, compare: (a, b) => a.listed - b.listed },
      { title: "Most often", cell: ({ kinds }) => words(kinds.length ? kinds[0][0] : "–") },
    ];
  }

  #opener(unit: Unit): HTMLElement {
    const open = button("", "atlas-sentence-link", () => {
      if (unit.level === "lsoa") this.#hooks.select(unit.rows[0]);
      else this.#hooks.down(unit);
    });
    open.append(words(unit.name));
    const part = partInWords(unit);
    return el("div", {}, open, part ? el("span", { class: "atlas-act-detail" }, part) : null);
  }
}
