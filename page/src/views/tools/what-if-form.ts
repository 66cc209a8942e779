/** The sliders and the comparisons of "What if". */
import { decimal } from "../../model/format";
import type { Reference } from "../../model/what-if";
import { sliderRange } from "../../model/what-if";
import type { Scorer } from "../../scoring/score";
import { keepsTotal, total } from "../../scoring/weights";
import { el, words } from "../../ui/dom";
import type { WhatIfData } from "./what-if";

const AMONG_SELECTED = "Ranks and tenths are then among the filtered areas only. The other areas have none.";

interface Slider {
  input: HTMLInputElement;
  share: HTMLElement;
  was: HTMLElement;
}

export interface FormHooks {
  /** The reader gives a component, by its place in the index, another weight. */
  weigh: (component: number, weight: number) => void;
  compare: (reference: Reference) => void;
}

export class WhatIfForm {
  readonly sliders: HTMLElement;
  readonly comparisons: HTMLElement;
  readonly #scorer: Scorer;
  readonly #sliders: Slider[] = [];
  readonly #radios = new Map<Reference, HTMLInputElement>();
  readonly #filtered = el("span");

  constructor(data: WhatIfData, scorer: Scorer, hooks: FormHooks) {
    this.#scorer = scorer;
    this.sliders = this.#weights(data, hooks.weigh);
    this.comparisons = this.#comparisons(data, hooks.compare);
  }

  focus(): void {
    this.#sliders[0].input.focus();
  }

  /** A slider that is there already is left alone, as the reader's hand may be on it. */
  show(weights: readonly number[], reference: Reference): void {
    this.#sliders.forEach(({ input }, i) => {
      if (input.valueAsNumber !== weights[i]) input.value = String(weights[i]);
    });
    const radio = this.#radios.get(reference);
    if (radio) radio.checked = true;
    this.showShares(weights);
  }

  /** How many areas the filter leaves, in words. */
  showFiltered(text: string): void {
    this.#filtered.textContent = text;
  }

  /** Of how much of the whole each weight is; sliders stay where they are. */
  showShares(weights: readonly number[]): void {
    const all = total(weights);
    const allPublished = total(this.#scorer.published);
    this.#sliders.forEach(({ input, share, was }, i) => {
      const part = percent(all > 0 ? weights[i] / all : 0);
      const old = percent(this.#scorer.published[i] / allPublished);
      input.setAttribute("aria-valuetext", `${plain(weights[i])}, ${part} of the whole${part === old ? "" : `, published ${old}`}`);
      share.textContent = part;
      was.textContent = part === old ? "" : `published ${old}`;
    });
  }

  #weights({ index }: WhatIfData, weigh: FormHooks["weigh"]): HTMLElement {
    const { most, step } = sliderRange(this.#scorer.published);
    const sliders = el("fieldset", {}, el("legend", {}, "How much each part counts"));
    index.components.forEach(({ title }, i) => {
      const id = `atlas-what-if-${i}`;
      const input = el("input", { type: "range", id, min: "0", max: String(most), step: String(step) });
      input.addEventListener("input", () => {
        weigh(i, input.valueAsNumber);
      });
      const share = el("span", { class: "atlas-what-if-share", "aria-hidden": "true" });
      const was = el("span", { class: "atlas-what-if-was", "aria-hidden": "true" });
      this.#sliders.push({ input, share, was });
      sliders.append(el("div", { class: "atlas-what-if-row" }, el("label", { for: id }, words(title)), share, input, was));
    });
    if (keepsTotal(index)) sliders.append(el("p", { class: "atlas-note" }, "Only the shares count: together, the weights stay what they were."));
    return sliders;
  }

  #comparisons(data: WhatIfData, compare: FormHooks["compare"]): HTMLElement {
    const fieldset = el("fieldset", {}, el("legend", {}, "Compared with"));
    for (const reference of this.#scorer.references) {
      const id = `atlas-what-if-${reference}`;
      const input = el("input", { type: "radio", name: "atlas-what-if-reference", id, value: reference });
      input.addEventListener("change", () => {
        compare(reference);
      });
      const obstacle = this.#scorer.obstacle(reference);
      // The page's own comparison stays, as that is what the published scores are.
      input.disabled = obstacle !== null && reference !== this.#scorer.own;
      const hint = obstacle ?? (reference === "selection" ? AMONG_SELECTED : null);
      const explained = hint === null ? null : el("p", { class: "atlas-note", id: `${id}-hint` }, hint);
      if (explained) {
        input.setAttribute("aria-describedby", explained.id);
        if (reference === "selection" && obstacle === null) explained.append(" ", this.#filtered);
      }
      this.#radios.set(reference, input);
      fieldset.append(el("div", { class: "atlas-what-if-choice" }, input, el("label", { for: id }, called(reference, data))), explained ?? "");
    }
    return fieldset;
  }
}

function called(reference: Reference, { title, nation }: WhatIfData): HTMLElement | string {
  if (reference === "selection") return "The areas that the filter leaves";
  if (reference === "area") return el("span", {}, "The areas of ", words(title));
  return el("span", {}, "All areas of ", words(nation.title));
}

function percent(share: number): string {
  return decimal(share, 0, true);
}

/** A weight with no more decimals than it has. */
function plain(weight: number): string {
  return String(Number(weight.toFixed(4)));
}
