/** One sentence for a reader who has just opened the page; gone for good with the first thing that is chosen. */
import { ORDER } from "../../model/act";
import { follow } from "../../model/store";
import type { Page } from "../../scoring/page";
import { changeInWords } from "../../scoring/now";
import { button, el, words } from "../../ui/dom";

export class StartLine {
  readonly element = el("p", { class: "atlas-start", hidden: "" });
  readonly #page: Page;
  readonly #choose: (row: number) => void;
  #gone = false;

  constructor(page: Page, choose: (row: number) => void) {
    this.#page = page;
    this.#choose = choose;
    const { store, showing } = page;
    follow(
      () => store.selected.value !== null || store.outlined.value !== null || store.beside.value !== null || store.show.value === "act",
      (chosen) => {
        if (chosen) this.hide();
      },
    );
    follow(
      () => [showing.rows.value, showing.rescored.value],
      () => {
        if (!this.#gone) this.#show();
      },
    );
  }

  hide(): void {
    this.#gone = true;
    this.element.hidden = true;
  }

  #show(): void {
    const { data, table, store, showing } = this.#page;
    const worst = this.#first("risk_rank");
    if (!worst) {
      this.element.replaceChildren();
      return;
    }
    const first = table.has(ORDER) ? this.#first(ORDER) : null;
    const narrowed = store.included.peek() !== null;
    const by = showing.changed ? ` by ${changeInWords(showing.changed)}` : "";
    this.element.replaceChildren(
      `Highest risk${narrowed ? " of the chosen areas" : ""}${by}: `,
      worst,
      ...(first ? [`. First${narrowed ? " of them" : ""} on the list of ${data.where_to_act.by_support ? "high risk and little support" : "high risk"}: `, first] : []),
      ".",
      el("span", { class: "atlas-if-wide" }, " Choose any area on the map for its numbers."),
    );
    this.element.hidden = false;
  }

  /** A button that opens the area which a column ranks first; null where it ranks none. */
  #first(column: string): HTMLElement | null {
    const { table, areas, store } = this.#page;
    const included = store.included.peek();
    const ranks = table.numbers(column).map((rank, row) => (!included || included[row] ? rank : NaN));
    const row = ranks.indexOf(ranks.reduce((least, rank) => (rank < least ? rank : least), Infinity));
    if (row < 0) return null;
    const open = button("", "atlas-start-area", () => {
      this.#choose(row);
    });
    open.append(words(areas.place(row) || areas.name(row)));
    return open;
  }
}
