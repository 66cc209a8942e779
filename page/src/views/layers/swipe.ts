/** A second layer on the right of a line that the reader moves over the map. */
import type { LayerInfo } from "../../model/contract";
import { follow } from "../../model/store";
import type { Page } from "../../scoring/page";
import { el, words } from "../../ui/dom";
import { byGroup, groupTitle } from "./layers-control";
import { Legend } from "./legend";

export class Swipe {
  /** The choice of the second layer, for the side of the page. */
  readonly control: HTMLElement;
  /** The line with its handle and captions, to lie over the whole map. */
  readonly element: HTMLElement;
  readonly legend: HTMLElement;
  readonly #page: Page;
  readonly #select = el("select", { id: "atlas-with" });
  readonly #range = el("input", { type: "range", id: "atlas-divide", min: "0", max: "100", step: "any" });
  readonly #left = words("", "atlas-swipe-caption");
  readonly #right = words("", "atlas-swipe-caption");
  readonly #secondLegend: Legend;

  constructor(page: Page, narrow: MediaQueryList, say: (text: string) => void) {
    this.#page = page;
    const { layers } = page.data;
    const { store, showing } = page;
    this.#select.append(el("option", { value: "" }, "no second layer"));
    // By number: no id of a layer can then be mistaken for the empty value.
    for (const [group, members] of byGroup(layers)) {
      const optgroup = el("optgroup", { label: groupTitle(group) });
      for (const layer of members) optgroup.append(el("option", { value: String(layers.indexOf(layer)) }, layer.title));
      this.#select.append(optgroup);
    }
    this.#select.addEventListener("change", () => {
      const layer = this.#select.value === "" ? null : layers[Number(this.#select.value)];
      store.beside.value = layer?.id ?? null;
      say(layer ? `On the left: ${showing.layer.value.title}. On the right: ${layer.title}.` : "One layer only");
    });
    this.#range.addEventListener("input", () => {
      store.divide.value = Number(this.#range.value) / 100;
    });
    this.#secondLegend = new Legend(narrow);
    this.legend = this.#secondLegend.element;
    this.legend.classList.add("atlas-legend-second");
    this.control = el("div", { class: "atlas-with" }, el("label", { for: "atlas-with" }, "Compare with"), this.#select);
    this.element = el(
      "div",
      { class: "atlas-swipe", hidden: "" },
      el("div", { class: "atlas-swipe-line", "aria-hidden": "true" }),
      el("div", { class: "atlas-swipe-side atlas-swipe-left", "aria-hidden": "true" }, this.#left),
      el("div", { class: "atlas-swipe-side atlas-swipe-right", "aria-hidden": "true" }, this.#right),
      el("label", { class: "atlas-hidden", for: "atlas-divide" }, "Where the two layers meet"),
      this.#range,
      el("div", { class: "atlas-swipe-handle", "aria-hidden": "true" }),
    );
    follow(
      () => ({ first: showing.layer.value, second: showing.beside.value, included: store.included.value }),
      ({ first, second }) => {
        this.#show(first, second);
      },
    );
    follow(
      () => ({ share: store.divide.value, first: showing.layer.value, second: showing.beside.value }),
      ({ share, first, second }) => {
        const value = 100 * share;
        if (this.#range.valueAsNumber !== value) this.#range.value = String(value);
        this.element.style.setProperty("--atlas-divide", String(share));
        this.#range.setAttribute("aria-valuetext", `Left: ${first.title}, right: ${second?.title ?? ""}, divided at ${Math.round(value)}%`);
      },
    );
  }

  #show(first: LayerInfo, second: LayerInfo | null): void {
    const { layers } = this.#page.data;
    const number = (layer: LayerInfo): string => String(layers.findIndex(({ id }) => id === layer.id));
    for (const option of this.#select.options) option.disabled = option.value === number(first);
    this.#select.value = second ? number(second) : "";
    this.element.hidden = this.legend.hidden = second === null;
    if (!second) return;
    this.#left.textContent = first.title;
    this.#right.textContent = second.title;
    this.#secondLegend.show(second, this.#page.showing.entries(second));
    this.#secondLegend.showChanged(this.#page.showing.changedInWords(second));
  }
}
