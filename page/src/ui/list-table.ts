/** A table that sorts by its headings and shows a page of its rows at a time. */
import { count } from "../model/format";
import { button, el } from "./dom";

const PAGE = 100;

export interface ListColumn<Row> {
  title: string;
  cell: (row: Row) => Node | string;
  /** The order of this column; without it there is no button to sort by. */
  compare?: (a: Row, b: Row) => number;
  number?: boolean;
}

export class ListTable<Row> {
  readonly table: HTMLTableElement;
  /** Which rows are shown, and buttons to the others where there are more. */
  readonly pager: HTMLElement;
  readonly #where = el("span", { class: "atlas-table-where", role: "status" });
  readonly #body = el("tbody");
  readonly #columns: readonly ListColumn<Row>[];
  readonly #headCells: HTMLElement[];
  readonly #previous: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  readonly #none: string;
  #rows: readonly Row[] = [];
  #sorted: readonly Row[] = [];
  #sortBy: ListColumn<Row>;
  #descending = false;
  #page = 0;

  constructor(caption: string, none: string, columns: readonly ListColumn<Row>[]) {
    this.#none = none;
    this.#columns = columns;
    [this.#sortBy] = columns;
    this.#headCells = columns.map((column) => this.#heading(column));
    this.table = el("table", {}, el("caption", { class: "atlas-hidden" }, caption), el("thead", {}, el("tr", {}, ...this.#headCells)), this.#body);
    this.#previous = button("Previous", "atlas-quiet", () => {
      this.#turn(-1);
    });
    this.#next = button("Next", "atlas-quiet", () => {
      this.#turn(1);
    });
    this.pager = el("div", { class: "atlas-pager" }, this.#where, this.#previous, this.#next);
  }

  /** The rows in their own order, which those that sort equal keep. */
  setRows(rows: readonly Row[]): void {
    this.#rows = rows;
    this.#page = 0;
    this.#arrange();
  }

  #heading(column: ListColumn<Row>): HTMLElement {
    const attributes = { scope: "col", ...(column.number ? { class: "atlas-number" } : {}) };
    if (!column.compare) return el("th", attributes, el("span", {}, column.title));
    const sort = el("button", { type: "button" }, column.title);
    sort.addEventListener("click", () => {
      this.#descending = column === this.#sortBy && !this.#descending;
      this.#sortBy = column;
      this.#page = 0;
      this.#arrange();
    });
    return el("th", attributes, sort);
  }

  #turn(pages: number): void {
    this.#page += pages;
    this.#render();
    this.table.scrollIntoView({ block: "nearest" });
  }

  #arrange(): void {
    const { compare } = this.#sortBy;
    const direction = this.#descending ? -1 : 1;
    this.#sorted = compare ? [...this.#rows].sort((a, b) => direction * compare(a, b)) : this.#rows;
    this.#columns.forEach((column, number) => {
      if (column === this.#sortBy && compare) this.#headCells[number].setAttribute("aria-sort", this.#descending ? "descending" : "ascending");
      else this.#headCells[number].removeAttribute("aria-sort");
    });
    this.#render();
  }

  #render(): void {
    const first = this.#page * PAGE;
    const rows = this.#sorted.slice(first, first + PAGE);
    this.#body.replaceChildren(
      ...rows.map((row) =>
        el(
          "tr",
          {},
          ...this.#columns.map(({ cell, number }, place) =>
            el(place === 0 ? "th" : "td", { ...(place === 0 ? { scope: "row" } : {}), ...(number ? { class: "atlas-number" } : {}) }, cell(row)),
          ),
        ),
      ),
    );
    const all = this.#sorted.length;
    this.#where.textContent = !all ? this.#none : `${count(first + 1)} to ${count(first + rows.length)} of ${count(all)}`;
    this.#previous.disabled = first === 0;
    this.#next.disabled = first + PAGE >= all;
    this.#previous.hidden = this.#next.hidden = all <= PAGE;
  }
}
