/** A list whose rows open something: one stop for the Tab key, arrow keys within it, more rows where the reader asks. */
import { count } from "../model/format";
import { button, el, words } from "./dom";

const AT_FIRST = 30;
const MORE = 50;

/** What a row says. */
export interface RowItem {
  /** Its place in the list, or an empty text. */
  mark: string;
  title: string;
  /** A line below the title. */
  detail: string;
  /** What the list is in order of, at the right end. */
  figure: string;
  /** What the figure is of, below it. */
  of: string;
  colour?: string | null;
}

export interface RowHooks {
  choose: (place: number) => void;
  /** The pointer or the keyboard is at a row; null: at none. */
  preview: (place: number | null) => void;
}

export class RowList {
  readonly element = el("div", { class: "atlas-rows" });
  readonly #list: HTMLOListElement;
  readonly #more: HTMLButtonElement;
  readonly #hooks: RowHooks;
  #item: (place: number) => RowItem = () => ({ mark: "", title: "", detail: "", figure: "", of: "" });
  #length = 0;
  #shown = 0;
  #current: number | null = null;

  constructor(label: string, hooks: RowHooks) {
    this.#hooks = hooks;
    this.#list = el("ol", { class: "atlas-row-list", "aria-label": label });
    this.#more = button("", "atlas-rows-more", () => {
      const first = this.#shown;
      this.#add(MORE);
      this.#buttons()[first].focus();
    });
    this.element.append(this.#list, this.#more);
    this.#list.addEventListener("keydown", (event) => {
      this.#onKey(event);
    });
    this.#list.addEventListener("pointerleave", () => {
      hooks.preview(null);
    });
    this.#list.addEventListener("focusout", (event) => {
      if (!this.#list.contains(event.relatedTarget as Node | null)) hooks.preview(null);
    });
  }

  /** As many rows as there are, and what each says. */
  show(length: number, item: (place: number) => RowItem): void {
    this.#length = length;
    this.#item = item;
    this.#shown = 0;
    this.#list.replaceChildren();
    this.#add(AT_FIRST);
    this.#stopAt(this.#current ?? 0);
  }

  /** Marks the row that is open elsewhere; null, or one that is not in view yet, marks none. */
  setCurrent(place: number | null): void {
    this.#current = place;
    for (const [number, row] of this.#buttons().entries()) {
      if (number === place) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }

  /** The row at a place, which the Tab key then reaches; null where it is not in view yet. */
  rowAt(place: number): HTMLElement | null {
    const row = this.#buttons().at(place) ?? null;
    if (row) this.#stopAt(place);
    return row;
  }

  #buttons(): HTMLButtonElement[] {
    return [...this.#list.querySelectorAll<HTMLButtonElement>("li > button")];
  }

  #add(rows: number): void {
    const upTo = Math.min(this.#length, this.#shown + rows);
    for (; this.#shown < upTo; this.#shown++) this.#list.append(el("li", {}, this.#row(this.#shown)));
    const left = this.#length - this.#shown;
    this.#more.hidden = left <= 0;
    this.#more.textContent = `Show ${count(Math.min(MORE, left))} more of ${count(this.#length)}`;
  }

  #row(place: number): HTMLButtonElement {
    const { mark, title, detail, figure, of, colour } = this.#item(place);
    const row = button("", "atlas-list-row", () => {
      this.#stopAt(place);
      this.#hooks.choose(place);
    });
    row.tabIndex = -1;
    if (place === this.#current) row.setAttribute("aria-current", "true");
    const swatch = el("span", { class: "atlas-row-mark" }, mark);
    if (colour) swatch.style.setProperty("--atlas-row-colour", colour);
    row.append(
      swatch,
      el("span", { class: "atlas-row-words" }, words(title, "atlas-row-title"), el("span", { class: "atlas-hidden" }, ". "), words(detail, "atlas-row-detail")),
      el("span", { class: "atlas-hidden" }, ". "),
      el("span", { class: "atlas-row-figure" }, el("strong", {}, figure), " ", el("span", {}, of)),
    );
    row.addEventListener("pointerenter", () => {
      this.#hooks.preview(place);
    });
    row.addEventListener("focus", () => {
      this.#hooks.preview(place);
    });
    return row;
  }

  #stopAt(place: number): void {
    for (const [number, row] of this.#buttons().entries()) row.tabIndex = number === place ? 0 : -1;
  }

  #onKey(event: KeyboardEvent): void {
    const rows = this.#buttons();
    const at = rows.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    if (to < 0 || to >= rows.length) return;
    this.#stopAt(to);
    rows[to].focus();
  }
}
