/** Where to act: a list for the one who has three minutes, of where, why, who and what is near. */
import { ORDER } from "../../model/act";
import type { Choice, Reach } from "../../model/action-rows";
import { actionCsv, actionRows, countedInWords, coveredBy, coveredInWords, partInWords, THE_LIST } from "../../model/action-rows";
import type { AtlasData } from "../../model/contract";
import { isEmpty } from "../../model/filter";
import { count, plural } from "../../model/format";
import { Helps } from "../../model/helps";
import { DISTRICT } from "../../model/identity";
import { KIND, Kinds } from "../../model/kinds";
import { follow } from "../../model/store";
import type { Support } from "../../model/support";
import type { Table } from "../../model/table";
import type { Page } from "../../scoring/page";
import { button, el, words } from "../../ui/dom";
import type { DrawerView } from "../../ui/drawer";
import { printOnly } from "../../ui/share";
import { mark } from "../tools/table";
import type { Column } from "./action-columns";
import { actionColumns, detail } from "./action-columns";
import { caveats, introInWords } from "./action-words";

const PAGE = 100;
/** A longer list would print for minutes. */
const PRINTED = 1000;
const PRINTING = "atlas-print-list";
export interface ActionHooks {
  select: (row: number) => void;
  /** Shows where an area is that the keyboard or the pointer has reached; null for none. */
  preview: (row: number | null) => void;
  close: () => void;
  saveCsv: (what: string, text: string) => void;
  say: (text: string) => void;
}

export class ActionList implements DrawerView {
  readonly element = el("section", { class: "atlas-act", "aria-labelledby": "atlas-act-title", hidden: "" });
  readonly #heading = el("h2", { id: "atlas-act-title", tabindex: "-1" }, "Where to act");
  readonly #intro = el("p");
  readonly #totals = el("p", { class: "atlas-act-totals" });
  readonly #limits = el("p", { class: "atlas-note" });
  readonly #changed = el(
    "p",
    { class: "atlas-act-changed", hidden: "" },
    "By changed weights: this is not the published list, and how sure it is is not known.",
  );
  readonly #where = el("span", { class: "atlas-table-where", role: "status" });
  readonly #head = el("tr", { role: "row" });
  readonly #body = el("tbody", { role: "rowgroup" });
  readonly #scroll = el("div", { class: "atlas-act-scroll" });
  readonly #paper = el("div", { class: "atlas-act-paper" });
  readonly #reach: HTMLSelectElement;
  readonly #driver: HTMLSelectElement;
  readonly #pointsTo: HTMLSelectElement;
  readonly #kind: HTMLSelectElement;
  readonly #district: HTMLSelectElement;
  readonly #previous: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  readonly #print: HTMLButtonElement;
  readonly #csv: HTMLButtonElement;
  readonly #page: Page;
  readonly #data: AtlasData;
  readonly #table: Table;
  readonly #helps: Helps;
  readonly #kinds: Kinds;
  readonly #hooks: ActionHooks;
  #choice: Choice = THE_LIST;
  #support: Support | null = null;
  #rows: readonly number[] = [];
  #first = 0;
  #stale = true;

  constructor(page: Page, hooks: ActionHooks) {
    const { data, table, store, showing } = page;
    this.#page = page;
    this.#data = data;
    this.#table = table;
    this.#helps = new Helps(data);
    this.#kinds = new Kinds(data.kinds);
    this.#hooks = hooks;
    this.#reach = this.#select("reach", "How many", (value) => ({ reach: value as Reach }));
    this.#driver = this.#select("driver", "Main driver", (value) => ({ driver: value }));
    this.#pointsTo = this.#select("points-to", "Points to", (value) => ({ pointsTo: value }));
    this.#kind = this.#select("kind", "What kind", (value) => ({ kind: value }));
    this.#district = this.#select("district", "District", (value) => ({ district: value }));
    this.#previous = button("Previous", "atlas-quiet", () => {
      this.#turn(-1);
    });
    this.#next = button("Next", "atlas-quiet", () => {
      this.#turn(1);
    });
    this.#print = button("Print this list", "atlas-quiet", () => {
      this.#printList();
    });
    this.#csv = button("Save as CSV", "atlas-quiet", () => {
      this.#saveCsv();
    });
    this.#scroll.append(
      this.#changed,
      this.#intro,
      this.#totals,
      el("div", { class: "atlas-act-choices" }, ...this.#choices.map(labelled)),
      this.#limits,
      el("div", { class: "atlas-act-pages" }, this.#where, this.#previous, this.#next),
      el(
        "table",
        { role: "table" },
        el("caption", { class: "atlas-hidden" }, "Neighbourhoods in the order in which to act"),
        el("thead", { role: "rowgroup" }, this.#head),
        this.#body,
      ),
      this.#paper,
    );
    this.element.append(
      el(
        "div",
        { class: "atlas-table-head" },
        this.#heading,
        el("div", { class: "atlas-table-buttons" }, this.#print, this.#csv, button("Close list", "atlas-quiet", hooks.close)),
      ),
      this.#scroll,
    );
    this.#body.addEventListener("pointerleave", () => {
      hooks.preview(null);
    });
    this.#body.addEventListener("focusout", () => {
      hooks.preview(null);
    });
    follow(
      () => [showing.rows.value, store.revision.value],
      () => {
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

  /** What the list can be narrowed to; kinds only where the page has them. */
  get #choices(): HTMLSelectElement[] {
    return [this.#reach, ...(this.#table.holds(KIND) ? [this.#kind] : []), this.#driver, this.#pointsTo, this.#district];
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  show(focus: boolean): void {
    this.element.hidden = false;
    if (this.#stale) this.#arrange();
    if (focus) this.#heading.focus();
  }

  hide(): void {
    this.element.hidden = true;
  }

  setSupport(support: Support): void {
    this.#support = support;
    this.#refresh();
  }

  /** How many areas the conditions of the page leave; null where there are none. */
  get #chosen(): number | null {
    const { store, showing } = this.#page;
    return isEmpty(store.filter.peek()) ? null : showing.rows.peek().length;
  }

  /** The rows of a list that is closed are made when it opens. */
  #refresh(): void {
    if (this.open) this.#arrange();
    else this.#stale = true;
  }

  // --- what is listed ---

  #select(id: string, label: string, choose: (value: string) => Partial<Choice>): HTMLSelectElement {
    const select = el("select", { id: `atlas-act-${id}`, "data-label": label });
    select.addEventListener("change", () => {
      this.#choice = { ...this.#choice, ...choose(select.value) };
      this.#arrange();
      this.#hooks.say(this.#totals.textContent);
    });
    return select;
  }

  #arrange(): void {
    this.#stale = false;
    this.#first = 0;
    this.#fillSelects();
    this.#rows = actionRows(this.#table, this.#page.showing.rows.peek(), this.#choice);
    this.#changed.hidden = !this.#table.changed;
    this.#intro.textContent = introInWords(this.#data, this.#table, this.#rows, this.#choice.reach === "all");
    this.#totals.textContent = this.#totalsInWords();
    this.#limits.textContent = this.#chosen === null ? "" : `Only from the ${plural(this.#chosen, "area", "areas")} that “Choose areas” leaves on this page.`;
    this.#limits.hidden = this.#chosen === null;
    // What is near comes after the map, and a file or a paper without it would be taken for all there is.
    this.#csv.disabled = this.#print.disabled = !this.#rows.length || (Boolean(this.#data.support) && !this.#support);
    this.#render();
  }

  #totalsInWords(): string {
    if (!this.#rows.length) return "No neighbourhood meets all of these conditions.";
    const covered = coveredBy(this.#table, this.#rows);
    const whole = actionRows(this.#table, this.#page.showing.rows.peek(), { ...THE_LIST, reach: this.#choice.reach });
    if (whole.length > this.#rows.length) {
      const everywhere = actionRows(this.#table, this.#page.showing.rows.peek(), { ...this.#choice, reach: "all" });
      const where = this.#chosen === null ? { of: "On the whole map", all: "All areas" } : { of: "Of the chosen areas", all: "All chosen areas" };
      return partInWords(
        { part: this.#rows.length, whole: whole.length, covered, everywhere: everywhere.length, all: coveredBy(this.#table, everywhere) },
        where,
      );
    }
    return covered ? coveredInWords(covered) : countedInWords(this.#rows.length);
  }

  #fillSelects(): void {
    const { driver, pointsTo, kind = "", district, reach } = this.#choice;
    const reaches: [string, string][] = [
      ["list", "The list"],
      ["all", this.#chosen === null ? "All areas" : "All chosen areas"],
    ];
    fill(this.#reach, reaches, reach);
    const any = (title: string, column: string, value: string, called = (text: string): string => text): [string, string][] => [
      ["", title],
      ...textsOf(this.#table, column, value).map((text): [string, string] => [text, called(text)]),
    ];
    fill(
      this.#driver,
      any("Any", "main_driver", driver, (title) => this.#helps.called(title)),
      driver,
    );
    fill(this.#pointsTo, any("Either", "points_to", pointsTo), pointsTo);
    const kinds = this.#kinds.values.map((value): [string, string] => [value, this.#kinds.called(value)]);
    fill(this.#kind, [["", "Any"], ...kinds], kind);
    const called = this.#page.identities.of(DISTRICT);
    const districts = any("All districts", called.column, district, (code) => called.label(code));
    fill(this.#district, districts.slice(0, 1).concat(districts.slice(1).sort(([, a], [, b]) => new Intl.Collator("en-GB").compare(a, b))), district);
  }

  // --- rows ---

  #turn(pages: number): void {
    this.#first += pages * PAGE;
    this.#render();
    this.#where.scrollIntoView({ block: "nearest" });
  }

  #render(): void {
    const first = this.#first;
    const last = Math.min(first + PAGE, this.#rows.length);
    this.#fillBody(first, last);
    this.#where.textContent = this.#rows.length > PAGE ? `${count(first + 1)} to ${count(last)} of ${count(this.#rows.length)}` : "";
    this.#previous.disabled = first === 0;
    this.#next.disabled = last >= this.#rows.length;
    this.#previous.hidden = this.#next.hidden = this.#rows.length <= PAGE;
  }

  #fillBody(first: number, last: number): void {
    const columns = actionColumns({ data: this.#data, table: this.#table, helps: this.#helps, kinds: this.#kinds, support: this.#support });
    this.#head.replaceChildren(
      el("th", { scope: "col", role: "columnheader", class: "atlas-number" }, "Order"),
      el("th", { scope: "col", role: "columnheader" }, "Area"),
      ...columns.map(({ title, number }) => el("th", { scope: "col", role: "columnheader", ...(number ? { class: "atlas-number" } : {}) }, title)),
    );
    this.#body.replaceChildren(...this.#rows.slice(first, last).map((row) => this.#row(row, this.#table.number(ORDER, row), columns)));
  }

  #row(row: number, order: number, columns: readonly Column[]): HTMLElement {
    const open = button("", "atlas-act-area", () => {
      this.#hooks.select(row);
    });
    const place = this.#page.areas.place(row);
    open.append(words(place || this.#page.areas.name(row)));
    open.addEventListener("focus", () => {
      this.#hooks.preview(row);
    });
    const element = el(
      "tr",
      { role: "row", "data-row": String(row) },
      el("td", { role: "cell", class: "atlas-number atlas-act-order" }, Number.isNaN(order) ? "–" : count(order)),
      el("th", { scope: "row", role: "rowheader" }, open, place ? detail(words(this.#page.areas.name(row))) : null),
      ...columns.map((column) => cellOf(column, row)),
    );
    element.addEventListener("pointerenter", () => {
      this.#hooks.preview(row);
    });
    mark(element, row === this.#page.store.selected.peek());
    return element;
  }

  // --- on paper and as a file ---

  #printList(): void {
    const printed = Math.min(this.#rows.length, PRINTED);
    this.#fillBody(0, printed);
    const lines = [
      ...(printed < this.#rows.length ? [`Only the first ${count(printed)} of ${count(this.#rows.length)} are printed.`] : []),
      `${this.#choiceInWords()}. ${this.#page.showing.provenance().join(" ")}`.trim(),
      ...caveats(this.#data, this.#table),
    ];
    this.#paper.replaceChildren(...lines.map((line) => el("p", {}, words(line))));
    printOnly([PRINTING], () => {
      this.#paper.replaceChildren();
      this.#render();
    });
  }

  /** What the list is narrowed to. */
  #choiceInWords(): string {
    return this.#choices.map((select) => `${select.dataset.label}: ${select.selectedOptions[0].text}`).join("; ");
  }

  #saveCsv(): void {
    const reach = this.#reach.selectedOptions[0].text;
    const { driver, pointsTo, kind = "", district } = this.#choice;
    const where = district && this.#page.identities.of(DISTRICT).label(district);
    const provenance = this.#page.showing.provenance();
    const narrowed = reach !== this.#reach.options[0].text || Boolean(driver || pointsTo || kind || district);
    const made = narrowed || provenance.length ? [...provenance, `List: ${this.#choiceInWords()}.`].join(" ") : "";
    this.#hooks.saveCsv(
      ["where to act", reach, kind, driver, pointsTo, where].filter(Boolean).join(" "),
      actionCsv(this.#table, this.#rows, { support: this.#support, helps: this.#helps, made }),
    );
    this.#hooks.say("The list was saved as a CSV file");
  }
}

/** The texts of a column that any area has, and the one that is asked for. */
function textsOf(table: Table, column: string, wanted: string): string[] {
  const texts = table.texts(column);
  if (!texts) return wanted ? [wanted] : [];
  const codes = new Set(texts.codes);
  const held = new Set(texts.values.filter((_, code) => codes.has(code)));
  if (wanted) held.add(wanted);
  return [...held].sort(new Intl.Collator("en-GB").compare);
}

function cellOf({ title, number, cell }: Column, row: number): HTMLElement {
  return el(
    "td",
    { role: "cell", ...(number ? { class: "atlas-number" } : {}) },
    el("span", { class: "atlas-act-label", "aria-hidden": "true" }, title),
    el("span", { class: "atlas-act-value" }, ...cell(row)),
  );
}

function fill(select: HTMLSelectElement, options: readonly [string, string][], value: string): void {
  select.replaceChildren(...options.map(([own, title]) => el("option", { value: own }, title)));
  select.value = value;
}

function labelled(select: HTMLSelectElement): HTMLElement {
  return el("div", { class: "atlas-field" }, el("label", { for: select.id }, select.dataset.label ?? ""), select);
}
