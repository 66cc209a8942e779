/** A condition on any number that the page has. */
import type { Bound } from "../../model/filter";
import { columnValue } from "../../model/format";
import type { Page } from "../../scoring/page";
import { el, words } from "../../ui/dom";
import { field, fill } from "./fields";

export class FilterByNumber {
  readonly element: HTMLElement;
  readonly #page: Page;
  readonly #add: (bound: Bound) => void;
  readonly #column = el("select", { id: "atlas-filter-number" });
  readonly #side = el("select", { id: "atlas-filter-condition" });
  readonly #unit = el("span", { class: "atlas-filter-unit" });
  readonly #hint = el("p", { class: "atlas-note", id: "atlas-filter-hint" });
  readonly #value = el("input", {
    type: "number",
    step: "any",
    id: "atlas-filter-value",
    "aria-describedby": "atlas-filter-hint",
    inputmode: "decimal",
  });

  constructor(page: Page, add: (bound: Bound) => void) {
    this.#page = page;
    this.#add = add;
    fill(
      this.#column,
      null,
      page.filterWords.numeric.map(({ title, name }) => [title, name]),
    );
    fill(this.#side, null, [
      ["at least", "least"],
      ["at most", "most"],
    ]);
    this.#column.addEventListener("change", () => {
      this.explain();
    });
    this.element = el(
      "form",
      { class: "atlas-filter-more" },
      field(this.#column, "Number"),
      el(
        "div",
        { class: "atlas-filter-line" },
        field(this.#side, "Condition", true),
        el("label", { for: "atlas-filter-value", class: "atlas-hidden" }, "Value"),
        this.#value,
        this.#unit,
        el("button", { type: "submit", class: "atlas-quiet" }, "Add"),
      ),
      this.#hint,
    );
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#take();
    });
  }

  /** What the chosen number means, and how far it ranges here. */
  explain(): void {
    const info = this.#page.filterWords.info(this.#column.value);
    if (!info) return;
    this.#unit.textContent = info.percent ? "%" : "";
    const numbers = this.#page.table.numbers(info.name).filter((value) => !Number.isNaN(value));
    let [low, high] = [Infinity, -Infinity];
    for (const number of numbers) {
      low = Math.min(low, number);
      high = Math.max(high, number);
    }
    this.#hint.replaceChildren(words(info.description), low <= high ? `. Here from ${columnValue(info, low)} to ${columnValue(info, high)}.` : ".");
  }

  #take(): void {
    const info = this.#page.filterWords.info(this.#column.value);
    const typed = Number(this.#value.value);
    if (!info || this.#value.value.trim() === "" || !Number.isFinite(typed)) {
      this.#value.focus();
      return;
    }
    this.#add({ column: info.name, side: this.#side.value === "most" ? "most" : "least", value: info.percent ? typed / 100 : typed });
    this.#value.value = "";
  }
}
