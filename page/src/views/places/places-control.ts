/** Which symbols the map shows: a box to tick for each kind. */
import { drawn } from "../../map/symbol";
import type { SupportInfo } from "../../model/contract";
import { count } from "../../model/format";
import type { SymbolKind } from "../../model/symbol-kinds";
import { button, el, words } from "../../ui/dom";

export interface ControlHooks {
  /** Other kinds are wanted. */
  change: (kinds: readonly SymbolKind[]) => void;
  printStories: (wanted: boolean) => void;
  list: () => void;
}

interface Choice {
  kind: SymbolKind;
  input: HTMLInputElement;
  number: HTMLElement;
}

export class PlacesControl {
  readonly element: HTMLDetailsElement;
  readonly #choices: readonly Choice[];

  constructor(kinds: readonly SymbolKind[], unit: SupportInfo["unit"] | null, hooks: ControlHooks) {
    this.#choices = kinds.map((kind, number) => {
      const input = el("input", { type: "checkbox", id: `atlas-symbols-${number}` });
      input.addEventListener("change", () => {
        hooks.change(this.#choices.filter((choice) => choice.input.checked).map((choice) => choice.kind));
      });
      return { kind, input, number: el("span", { class: "atlas-quiet-number" }) };
    });
    const list = el("fieldset", { class: "atlas-kinds" }, el("legend", {}, "Symbols on the map"));
    for (const { kind, input, number } of this.#choices) {
      const label = el("label", { for: input.id }, words(kind.title), " ", number, aside(kind));
      list.append(el("div", { class: "atlas-kind" }, input, sample(kind), label));
      if (kind.subject === "stories") list.append(this.#print(hooks));
    }
    const way = { metres: "Distances on this page are straight lines.", minutes: "Distances on this page are journeys, in minutes." };
    this.element = el(
      "details",
      { class: "atlas-section" },
      el("summary", {}, "Support places"),
      el(
        "div",
        { class: "atlas-section-body" },
        list,
        unit ? el("p", { class: "atlas-note" }, "Places just outside the area are counted in. ", way[unit]) : null,
        el("div", { class: "atlas-row" }, button("List of places", "atlas-quiet", hooks.list)),
      ),
    );
  }

  show(kinds: readonly SymbolKind[]): void {
    for (const { kind, input } of this.#choices) input.checked = kinds.includes(kind);
  }

  setCounts(counts: ReadonlyMap<SymbolKind, number>): void {
    for (const { kind, number } of this.#choices) {
      const known = counts.get(kind);
      number.textContent = known === undefined ? "" : `(${count(known)})`;
    }
  }

  #print({ printStories }: ControlHooks): HTMLElement {
    const input = el("input", { type: "checkbox", id: "atlas-print-stories-too" });
    input.addEventListener("change", () => {
      printStories(input.checked);
    });
    const label = el("label", { for: input.id }, "Print stories too", el("span", { class: "atlas-kind-aside" }, "and show them in saved pictures"));
    return el("div", { class: "atlas-kind atlas-kind-more" }, input, label);
  }
}

/** What a hollow symbol, or one on wheels, says of its kind. */
function aside({ offersNow, mobile }: SymbolKind): HTMLElement | null {
  const text = !offersNow ? "could offer help" : mobile ? "at their base" : "";
  return text ? el("span", { class: "atlas-kind-aside" }, text) : null;
}

/** The symbols that the map shows, in a legend. */
export function symbolKey(kinds: readonly SymbolKind[]): HTMLElement {
  const entries = kinds.map((kind) => {
    const note = aside(kind);
    return el("li", entry(kind), sample(kind), el("span", {}, words(kind.title), note ? " " : null, note));
  });
  return el("ul", { class: "atlas-key", "aria-label": "Symbols on the map" }, ...entries);
}

/** The same where the legend is folded, in as few words as can be. */
export function foldedKey(kinds: readonly SymbolKind[]): HTMLElement {
  return el(
    "span",
    { class: "atlas-key atlas-key-folded" },
    ...kinds.map((kind) => el("span", entry(kind), sample(kind), words(kind.title), aside(kind) ? " " : null, aside(kind))),
  );
}

function entry({ subject }: SymbolKind): { class: string } {
  return { class: subject === "stories" ? "atlas-key-entry atlas-story" : "atlas-key-entry" };
}

/** A symbol of a kind that stands for all of it. */
function sample(kind: SymbolKind): SVGSVGElement {
  return drawn(kind, kind.subject === "sites" ? 1 : undefined);
}
