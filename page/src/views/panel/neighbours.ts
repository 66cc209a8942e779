/** The areas that share a border with one, with the colours of the map. */
import { NO_DATA } from "../../model/classes";
import { count } from "../../model/format";
import type { Neighbour } from "../../model/neighbours";
import { byRisk, neighboursOf } from "../../model/neighbours";
import type { Page } from "../../scoring/page";
import { button, el, words } from "../../ui/dom";

const NEIGHBOURS_SHOWN = 8;

export class Neighbours {
  readonly #page: Page;
  readonly #open: (row: number) => void;
  /** The reader has asked for those that are folded away. */
  #all = false;

  constructor(page: Page, open: (row: number) => void) {
    this.#page = page;
    this.#open = open;
  }

  /** Those of another area are folded again. */
  fold(): void {
    this.#all = false;
  }

  parts(row: number): HTMLElement[] {
    const neighbours = byRisk(neighboursOf(this.#page.geometry, row), (other) => this.#page.table.number("risk_rank", other));
    if (!neighbours.length) return [];
    // One too many would take no less room as a button that promises it.
    const shown = this.#all || neighbours.length <= NEIGHBOURS_SHOWN ? neighbours.length : NEIGHBOURS_SHOWN;
    const list = el("ul", { class: "atlas-neighbours" });
    const add = (some: readonly Neighbour[]): void => {
      list.append(...some.map((neighbour) => el("li", {}, this.#neighbour(neighbour.row))));
    };
    add(neighbours.slice(0, shown));
    const section = el(
      "div",
      { class: "atlas-neighbours-part" },
      el("h3", {}, "Neighbours"),
      el("p", { class: "atlas-note" }, "Areas that share a border, the most at risk first. The square has the colour of the map."),
      list,
    );
    if (shown < neighbours.length) {
      const more = button(`and ${count(neighbours.length - shown)} more`, "atlas-quiet", () => {
        this.#all = true;
        add(neighbours.slice(shown));
        more.remove();
        list.children[shown].querySelector("button")?.focus();
      });
      section.append(more);
    }
    return [section];
  }

  #neighbour(row: number): HTMLElement {
    const colour = this.#colourOf(row);
    const swatch = el("span", { class: colour === null ? "atlas-swatch atlas-no-data" : "atlas-swatch", "aria-hidden": "true" });
    if (colour !== null) swatch.style.backgroundColor = colour;
    const place = this.#page.areas.placeName(row) ?? this.#page.areas.district(row);
    const element = button("", "atlas-neighbour", () => {
      this.#open(row);
    });
    element.append(
      swatch,
      el(
        "span",
        { class: "atlas-neighbour-name" },
        place === null ? null : words(place),
        place === null ? null : " ",
        words(this.#page.areas.name(row), place === null ? "" : "atlas-neighbour-detail"),
      ),
      " ",
      el("span", { class: "atlas-neighbour-rank" }, this.#page.areas.rank(row)),
    );
    return element;
  }

  /** The colour that the layer shown gives an area; null where it has no data. */
  #colourOf(row: number): string | null {
    const { values, showing } = this.#page;
    const layer = showing.layer.peek();
    const number = values.classes(layer)[row];
    return number === NO_DATA ? null : layer.classes[number].colour;
  }
}
