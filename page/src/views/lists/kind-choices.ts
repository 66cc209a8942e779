/** How many neighbourhoods and people each kind has; choosing one lists its neighbourhoods. */
import type { KindCount } from "../../model/kind-counts";
import { count, estimate } from "../../model/format";
import { el, words } from "../../ui/dom";

export class KindChoices {
  readonly element = el("fieldset", { class: "atlas-kind-choices" }, el("legend", { class: "atlas-hidden" }, "Kind to list"));
  readonly #choose: (kind: string | null) => void;

  constructor(choose: (kind: string | null) => void) {
    this.#choose = choose;
  }

  show(counts: readonly KindCount[], wanted: string | null): void {
    const rows = [
      {
        kind: null,
        title: "All kinds",
        areas: counts.reduce((sum, { areas }) => sum + areas, 0),
        people: counts.reduce((sum, { people }) => sum + people, 0),
        colour: null,
      },
      ...counts,
    ];
    const focused = this.element.contains(document.activeElement);
    this.element.replaceChildren(this.element.firstElementChild ?? "", ...rows.map((row, number) => this.#row(row, number, wanted)));
    if (focused) this.element.querySelector<HTMLInputElement>("input:checked")?.focus();
  }

  #row({ kind, title, areas, people, colour }: Omit<KindCount, "kind"> & { kind: string | null }, number: number, wanted: string | null): HTMLElement {
    const id = `atlas-kind-choice-${number}`;
    const input = el("input", { type: "radio", name: "atlas-kind-choice", id });
    input.checked = kind === wanted;
    input.addEventListener("change", () => {
      this.#choose(kind);
    });
    const swatch = el("span", { class: "atlas-kind-swatch", "aria-hidden": "true" });
    if (colour !== null) swatch.style.backgroundColor = colour;
    return el(
      "div",
      { class: "atlas-kind-choice" },
      input,
      swatch,
      el("label", { for: id }, words(title)),
      el("span", { class: "atlas-kind-count" }, `${count(areas)}${people > 0 ? ` · ${estimate(people)} people` : ""}`),
    );
  }
}
