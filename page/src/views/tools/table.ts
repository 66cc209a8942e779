import type { Areas } from "../../model/areas";
import type { LayerInfo } from "../../model/contract";
import { isEmpty } from "../../model/filter";
import { count, decimal, estimate, MISSING } from "../../model/format";
import { KIND } from "../../model/kinds";
import { follow } from "../../model/store";
import type { Table } from "../../model/table";
import type { Values } from "../../model/values";
import type { Page } from "../../scoring/page";
import { button, el, words } from "../../ui/dom";

const PAGE = 100;
const LAYER = "";

interface Heading {
  /** The column to sort by; empty for that of the current layer. */
  column: string;
  title: string;
  number: boolean;
  cell: (row: number) => string;
}

export interface TableHooks {
  select: (row: number) => void;
  /** Shows where an area is that the keyboard or the pointer has reached; null for none. */
  preview: (row: number | null) => void;
  close: () => void;
}

/** All areas as rows: what the map shows, for those who do not use the map. */
export class TableView {
  readonly element = el("section", { class: "atlas-table", "aria-labelledby": "atlas-table-title", hidden: "" });
  readonly #heading = el("h2", { id: "atlas-table-title", tabindex: "-1" }, "All areas");
  readonly #body = el("tbody");
  readonly #caption = el("caption", { class: "atlas-hidden" });
  readonly #where = el("span", { class: "atlas-table-where", role: "status" });
  readonly #totals = el("p", { class: "atlas-table-totals" });
  readonly #scroll: HTMLElement;
  readonly #previous: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  readonly #page: Page;
  readonly #table: Table;
  readonly #areas: Areas;
  readonly #values: Values;
  readonly #headings: Heading[];
  readonly #headCells: HTMLElement[] = [];
  readonly #layerTitle = words("");
  readonly #hooks: TableHooks;
  #sorted: number[] = [];
  #sortBy: string;
  #descending = false;
  #first = 0;
  #stale = true;

  constructor(page: Page, hooks: TableHooks) {
    const { table, areas, values, store, showing } = page;
    this.#page = page;
    this.#table = table;
    this.#areas = areas;
    this.#values = values;
    this.#hooks = hooks;
    this.#sortBy = table.has("risk_rank") ? "risk_rank" : "lsoa21_code";
    this.#headings = this.#columns();
    this.#previous = button("Previous", "atlas-quiet", () => {
      this.#turn(-1);
    });
    this.#next = button("Next", "atlas-quiet", () => {
      this.#turn(1);
    });
    const head = el("tr");
    for (const heading of this.#headings) {
      const sort = el("button", { type: "button" }, heading.column === LAYER ? this.#layerTitle : words(heading.title));
      sort.addEventListener("click", () => {
        this.#sort(heading.column);
      });
      const cell = el("th", { scope: "col", ...(heading.number ? { class: "atlas-number" } : {}) }, sort);
      this.#headCells.push(cell);
      head.append(cell);
    }
    this.#scroll = el(
      "div",
      { class: "atlas-table-scroll", role: "group", "aria-label": "Rows of the table", tabindex: "0" },
      el("table", {}, this.#caption, el("thead", {}, head), this.#body),
    );
    this.element.append(
      el(
        "div",
        { class: "atlas-table-head" },
        this.#heading,
        this.#where,
        el("div", { class: "atlas-table-buttons" }, this.#previous, this.#next, button("Close table", "atlas-quiet", hooks.close)),
      ),
      this.#totals,
      this.#scroll,
    );
    this.#body.addEventListener("pointerleave", () => {
      hooks.preview(null);
    });
    this.#body.addEventListener("focusout", () => {
      hooks.preview(null);
    });
    follow(
      () => [showing.rows.value, store.filter.value],
      () => {
        this.#showChosen();
      },
    );
    follow(
      () => ({ layer: showing.layer.value, revision: store.revision.value }),
      ({ layer }) => {
        this.#layerTitle.textContent = layer.title;
        this.#caption.textContent = `Areas with their value of: ${layer.title}. The buttons in the first row sort.`;
        this.#refresh();
      },
    );
    follow(
      () => store.selected.value,
      (selected) => {
        for (const element of this.#body.querySelectorAll("tr")) mark(element, element.dataset.row === String(selected));
      },
    );
  }

  #columns(): Heading[] {
    const text = (column: string, title: string): Heading => ({
      column,
      title,
      number: false,
      cell: (row) => this.#table.text(column, row) ?? MISSING,
    });
    const whole = (column: string, title: string): Heading => ({
      column,
      title,
      number: true,
      cell: (row) => {
        const number = this.#table.number(column, row);
        return Number.isNaN(number) ? MISSING : count(number);
      },
    });
    const headings = [
      ...(this.#table.holds("place_name") ? [text("place_name", "Area"), text("lsoa21_name", "Official name")] : [text("lsoa21_name", "Area")]),
      text("ward_name", "Ward"),
      text("lad_name", "District"),
      whole("risk_rank", "Risk rank"),
      {
        column: "worst_decile_probability",
        title: "Sure of highest-risk tenth",
        number: true,
        cell: (row: number) => {
          const share = this.#table.number("worst_decile_probability", row);
          return Number.isNaN(share) ? MISSING : decimal(share, 0, true);
        },
      },
      whole("exclusion_rank", "Where to act"),
      text(KIND, "What kind"),
      {
        column: "people_at_risk",
        title: "People at risk",
        number: true,
        cell: (row: number) => {
          const people = this.#table.number("people_at_risk", row);
          return Number.isNaN(people) ? MISSING : estimate(people);
        },
      },
      { column: LAYER, title: "", number: false, cell: (row: number) => this.#values.layer(this.#layer, row) },
      whole("population_total", "Residents"),
      whole("population_65_plus", "Aged 65 and over"),
      text("lsoa21_code", "LSOA code"),
    ];
    return headings.filter(({ column }) => column === LAYER || this.#table.holds(column));
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  show(focus: boolean): void {
    this.element.hidden = false;
    if (this.#stale) this.#arrange();
    this.#toSelected();
    if (focus) this.#heading.focus();
  }

  hide(): void {
    this.element.hidden = true;
  }

  get #layer(): LayerInfo {
    return this.#page.showing.layer.peek();
  }

  /** The areas that meet the filter, with a heading for them and their totals. */
  #showChosen(): void {
    const { store, showing } = this.#page;
    const chosen = showing.rows.peek().length ? "Chosen areas" : "No area meets all the conditions";
    this.#heading.textContent = isEmpty(store.filter.peek()) ? "All areas" : chosen;
    this.#totals.textContent = showing.totalsInWords();
    this.#first = 0;
    this.#refresh();
  }

  /** The rows of a table that is closed are made when it opens. */
  #refresh(): void {
    if (this.open) this.#arrange();
    else this.#stale = true;
  }

  #sort(column: string): void {
    this.#descending = column === this.#sortBy && !this.#descending;
    this.#sortBy = column;
    this.#first = 0;
    this.#arrange();
    this.#scroll.scrollTop = 0;
  }

  #turn(pages: number): void {
    this.#first += pages * PAGE;
    this.#render();
    this.#scroll.scrollTop = 0;
  }

  #arrange(): void {
    this.#stale = false;
    const column = this.#sortBy === LAYER ? this.#layer.column : this.#sortBy;
    this.#sorted = this.#table.sorted(column, this.#descending, this.#page.showing.rows.peek());
    this.#first = Math.min(this.#first, PAGE * Math.max(0, Math.ceil(this.#sorted.length / PAGE) - 1));
    this.#headings.forEach((heading, number) => {
      if (heading.column === this.#sortBy) this.#headCells[number].setAttribute("aria-sort", this.#descending ? "descending" : "ascending");
      else this.#headCells[number].removeAttribute("aria-sort");
    });
    this.#render();
  }

  #toSelected(): void {
    const selected = this.#page.store.selected.peek();
    if (selected === null) return;
    const first = PAGE * Math.floor(this.#sorted.indexOf(selected) / PAGE);
    if (first !== this.#first && first >= 0) {
      this.#first = first;
      this.#render();
    }
    this.#body.querySelector(".atlas-chosen")?.scrollIntoView({ block: "center" });
  }

  #render(): void {
    const first = this.#first;
    const rows = this.#sorted.slice(first, first + PAGE);
    this.#body.replaceChildren(...rows.map((row) => this.#row(row)));
    this.#where.textContent = !rows.length ? "No area" : `${count(first + 1)} to ${count(first + rows.length)} of ${count(this.#sorted.length)}`;
    this.#previous.disabled = first === 0;
    this.#next.disabled = first + PAGE >= this.#sorted.length;
  }

  #row(row: number): HTMLElement {
    const open = el("button", { type: "button" }, words(this.#headings[0].column === "place_name" ? this.#headings[0].cell(row) : this.#areas.name(row)));
    open.addEventListener("click", () => {
      this.#hooks.select(row);
    });
    const element = el("tr", { "data-row": String(row) });
    this.#headings.forEach((heading, number) => {
      if (number === 0) element.append(el("th", { scope: "row" }, open));
      else element.append(el("td", heading.number ? { class: "atlas-number" } : {}, words(heading.cell(row))));
    });
    element.addEventListener("pointerenter", () => {
      this.#hooks.preview(row);
    });
    open.addEventListener("focus", () => {
      this.#hooks.preview(row);
    });
    mark(element, row === this.#page.store.selected.peek());
    return element;
  }
}

/** Marks a row of a table as that of the area that is selected, or as another. */
export function mark(element: HTMLElement, chosen: boolean): void {
  element.classList.toggle("atlas-chosen", chosen);
  const open = element.querySelector("button");
  if (chosen) open?.setAttribute("aria-current", "true");
  else open?.removeAttribute("aria-current");
}
