/** The list of areas that answers a question, beside the map: rows first, what the list is not folded below. */
import type { AreaList } from "../../model/questions";
import { count } from "../../model/format";
import { button, el, words } from "../../ui/dom";
import { RowList } from "../../ui/row-list";

export interface ListHooks {
  select: (row: number) => void;
  preview: (row: number | null) => void;
  colourOf: (row: number) => string | null;
  /** Opens the list with all its columns; none where there is no such list. */
  full?: (() => void) | undefined;
}

export class QuestionList {
  readonly element: HTMLElement;
  readonly #heading: HTMLElement;
  readonly #sentence = el("p", { class: "atlas-list-sentence" });
  readonly #before = el("div");
  readonly #empty = el("p", { class: "atlas-list-empty", hidden: "" });
  readonly #isNot = el("ul");
  readonly #caveats = el("details", { class: "atlas-list-caveats" }, el("summary", {}, "What this list is not"), this.#isNot);
  readonly #rows: RowList;
  readonly #hooks: ListHooks;
  #list: AreaList | null = null;

  constructor(id: string, hooks: ListHooks) {
    this.#hooks = hooks;
    this.#heading = el("h2", { id: `atlas-list-${id}`, tabindex: "-1" });
    this.element = el("section", { class: "atlas-list", "aria-labelledby": `atlas-list-${id}` });
    this.#rows = new RowList("Neighbourhoods", {
      choose: (place) => {
        const row = this.#list?.rows[place];
        if (row !== undefined) hooks.select(row);
      },
      preview: (place) => {
        hooks.preview(place === null ? null : (this.#list?.rows[place] ?? null));
      },
    });
    const { full } = hooks;
    this.element.append(
      el("div", { class: "atlas-list-head" }, this.#heading, this.#sentence),
      this.#before,
      this.#empty,
      this.#rows.element,
      el("div", { class: "atlas-list-foot" }, full ? button("All columns, print, CSV", "atlas-quiet", full) : null, this.#caveats),
    );
  }

  /** What stands above the rows: kinds to choose from, programmes, a plan. */
  set before(parts: readonly HTMLElement[]) {
    this.#before.replaceChildren(...parts);
  }

  /** `empty` is said where the list has no row. */
  show(list: AreaList, empty: readonly (Node | string)[] = ["No neighbourhood."]): void {
    this.#list = list;
    this.#heading.replaceChildren(words(list.title));
    this.#sentence.replaceChildren(words(list.sentence));
    this.#empty.replaceChildren(...empty);
    this.#empty.hidden = list.rows.length > 0;
    this.#isNot.replaceChildren(...list.isNot.map((text) => el("li", {}, words(text))));
    this.#rows.show(list.rows.length, (place) => {
      const row = list.rows[place];
      return { mark: count(place + 1), colour: this.#hooks.colourOf(row), ...list.item(row) };
    });
  }

  setSelected(row: number | null): void {
    const place = row === null ? -1 : (this.#list?.rows.indexOf(row) ?? -1);
    this.#rows.setCurrent(place < 0 ? null : place);
  }

  /** The row of an area, or the heading where the list does not show it. */
  elementOf(row: number | null): HTMLElement {
    const place = row === null ? -1 : (this.#list?.rows.indexOf(row) ?? -1);
    return (place < 0 ? null : this.#rows.rowAt(place)) ?? this.#heading;
  }

  focus(): void {
    this.#heading.focus({ preventScroll: true });
  }
}
