/** A second layer on the right of a line that the reader moves over the map. */
import type { State } from "../../model/address";
import type { LegendEntry } from "../../model/classes";
import type { LayerInfo } from "../../model/contract";
import { el, words } from "../../ui/dom";
import { byGroup, groupTitle } from "./layers-control";
import { Legend } from "./legend";

const HALF = 0.5;

/** The layer on the right, null where there is none, and where the layers meet: 0 at the left edge of the map, 1 at the right. */
export type SwipeState = Pick<State, "beside" | "divide">;

export interface SwipeHooks {
  /** Another second layer is to be shown, or none. */
  compare: (layer: string | null, share: number) => void;
  /** The line has moved. */
  divide: (share: number) => void;
  say: (text: string) => void;
  entries: (layer: LayerInfo) => LegendEntry[];
  /** The layer with the words that hold of what the page shows. */
  now: (layer: LayerInfo) => LayerInfo;
  /** That the colours are not of the published index; nothing where they are. */
  changed: (layer: LayerInfo) => string;
}

export class Swipe {
  /** The choice of the second layer, for the side of the page. */
  readonly control: HTMLElement;
  /** The line with its handle and captions, to lie over the whole map. */
  readonly element: HTMLElement;
  readonly legend: HTMLElement;
  readonly #layers: readonly LayerInfo[];
  readonly #hooks: SwipeHooks;
  readonly #select = el("select", { id: "atlas-with" });
  readonly #range = el("input", { type: "range", id: "atlas-divide", min: "0", max: "100", step: "any" });
  readonly #left = words("", "atlas-swipe-caption");
  readonly #right = words("", "atlas-swipe-caption");
  readonly #secondLegend: Legend;
  #first: LayerInfo;
  #second: LayerInfo | null = null;
  #share = HALF;

  constructor(layers: readonly LayerInfo[], first: LayerInfo, narrow: MediaQueryList, hooks: SwipeHooks) {
    this.#layers = layers;
    this.#first = first;
    this.#hooks = hooks;
    this.#select.append(el("option", { value: "" }, "no second layer"));
    // By number: no id of a layer can then be mistaken for the empty value.
    for (const [group, members] of byGroup(layers)) {
      const optgroup = el("optgroup", { label: groupTitle(group) });
      for (const layer of members) optgroup.append(el("option", { value: String(layers.indexOf(layer)) }, layer.title));
      this.#select.append(optgroup);
    }
    this.#select.addEventListener("change", () => {
      this.#choose(this.#select.value === "" ? null : layers[Number(this.#select.value)]);
    });
    this.#range.addEventListener("input", () => {
      this.#share = Number(this.#range.value) / 100;
      this.#place();
      hooks.divide(this.#share);
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
    this.#show();
  }

  get state(): SwipeState {
    return { beside: this.#second?.id ?? null, divide: this.#share };
  }

  /** Takes up a state from the address; a layer that is not there, or is the first, means none. */
  restore(state: SwipeState): void {
    const layer = this.#layers.find(({ id }) => id === state.beside) ?? null;
    this.#share = Math.min(1, Math.max(0, state.divide));
    this.#set(layer === this.#first ? null : layer);
  }

  /** The layer on the left is another one. Where it was on the right, the two change places. */
  setFirst(layer: LayerInfo): void {
    const before = this.#first;
    this.#first = layer;
    if (this.#second === layer) this.#set(before === layer ? null : before);
    else this.#show();
  }

  /** Counts the legend again after the values have changed. */
  refresh(): void {
    this.#show();
  }

  #choose(layer: LayerInfo | null): void {
    this.#set(layer);
    this.#hooks.say(layer ? `On the left: ${this.#first.title}. On the right: ${layer.title}.` : "One layer only");
  }

  #set(layer: LayerInfo | null): void {
    this.#second = layer;
    this.#show();
    this.#hooks.compare(layer?.id ?? null, this.#share);
  }

  #show(): void {
    const second = this.#second;
    const number = second ? String(this.#layers.indexOf(second)) : "";
    const first = String(this.#layers.indexOf(this.#first));
    for (const option of this.#select.options) option.disabled = option.value === first;
    this.#select.value = number;
    this.element.hidden = this.legend.hidden = second === null;
    if (!second) return;
    this.#left.textContent = this.#first.title;
    this.#right.textContent = second.title;
    this.#secondLegend.show(this.#hooks.now(second), this.#hooks.entries(second));
    this.#secondLegend.showChanged(this.#hooks.changed(second));
    this.#range.value = String(100 * this.#share);
    this.#place();
  }

  #place(): void {
    this.element.style.setProperty("--atlas-divide", String(this.#share));
    this.#range.setAttribute(
      "aria-valuetext",
      `Left: ${this.#first.title}, right: ${this.#second?.title ?? ""}, divided at ${Math.round(100 * this.#share)}%`,
    );
  }
}
