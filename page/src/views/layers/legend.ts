import type { LegendEntry } from "../../model/classes";
import { worseInWords } from "../../model/classes";
import type { LayerInfo } from "../../model/contract";
import { count, plural } from "../../model/format";
import { el, words } from "../../ui/dom";

/** What the colours mean; folds down to a strip of the colours where the page is narrow. */
export class Legend {
  readonly element: HTMLDetailsElement;
  readonly #title = words("", "atlas-legend-title");
  /** The same where the legend does not fold. */
  readonly #heading = el("h2", { class: "atlas-legend-heading" });
  readonly #strip = el("span", { class: "atlas-strip", "aria-hidden": "true" });
  readonly #ends = el("span", { class: "atlas-ends" }, el("span", {}, "more risk"), el("span", {}, "less risk"));
  readonly #body = el("div", { class: "atlas-legend-body" });
  readonly #note = el("div", { class: "atlas-legend-note" });
  readonly #changed = el("p", { class: "atlas-legend-changed", hidden: "" });
  readonly #symbols = el("div", { class: "atlas-legend-symbols" });
  /** What stands for each class, by its number. */
  readonly #marked = new Map<number, HTMLElement[]>();
  readonly #symbolsFolded = el("span", { class: "atlas-legend-folded", "aria-hidden": "true" });

  constructor(narrow: MediaQueryList) {
    this.element = el(
      "details",
      { class: "atlas-legend" },
      el("summary", {}, el("span", { class: "atlas-hidden" }, "Legend: "), this.#title, this.#strip, this.#ends, this.#symbolsFolded),
      this.#body,
    );
    const fold = (): void => {
      this.element.open = !narrow.matches;
    };
    narrow.addEventListener("change", fold);
    fold();
    new ResizeObserver(() => {
      this.#letKeysScroll();
    }).observe(this.element);
  }

  /** Where it is higher than its room, the keyboard has to come to it as well. */
  #letKeysScroll(): void {
    if (this.element.scrollHeight > this.element.clientHeight) this.element.tabIndex = 0;
    else this.element.removeAttribute("tabindex");
  }

  /** Something more to say of the colours, or null. */
  showNote(note: HTMLElement | null): void {
    this.#note.replaceChildren(...(note ? [note] : []));
  }

  /** That the colours are not of the published index; nothing where they are. */
  showChanged(text: string): void {
    this.#changed.textContent = text;
    this.#changed.hidden = !text;
  }

  /** The class of the value under the pointer; null where it is over none. */
  mark(number: number | null): void {
    for (const [entry, elements] of this.#marked) for (const element of elements) element.classList.toggle("atlas-under-pointer", entry === number);
  }

  /** What the symbols on the map mean; a folded legend has the second of the two. */
  showSymbols(symbols: HTMLElement | null, folded: HTMLElement | null): void {
    this.#symbols.replaceChildren(...(symbols ? [symbols] : []));
    this.#symbolsFolded.replaceChildren(...(folded ? [folded] : []));
  }

  /** `counted`: what a number beside an entry is of. */
  show(layer: LayerInfo, entries: readonly LegendEntry[], [one, many]: readonly [string, string] = ["area", "areas"]): void {
    this.#title.textContent = layer.title;
    this.#heading.replaceChildren(words(layer.title));
    this.#marked.clear();
    const strip = entries.map((entry) => this.#marking(entry, swatch(entry)));
    this.#strip.replaceChildren(...strip.filter((_, number) => entries[number].colour !== null));
    this.#ends.hidden = layer.worse === "neither" || layer.kind === "pairs";
    const list = el("ul", layer.kind === "pairs" ? { class: "atlas-pairs-list" } : {});
    for (const entry of entries) {
      const item = el(
        "li",
        {},
        swatch(entry),
        words(entry.label, "atlas-legend-label"),
        el("span", { class: "atlas-legend-count", "aria-label": plural(entry.count, one, many), role: "img" }, count(entry.count)),
      );
      list.append(this.#marking(entry, item));
    }
    const parts = [
      this.#heading,
      this.#changed,
      el("p", { class: "atlas-sentence" }, layer.sentence ? words(layer.sentence) : null),
      layer.kind === "pairs" ? this.#pairs(layer) : null,
      layer.kind === "pairs" ? null : el("p", { class: "atlas-legend-head", "aria-hidden": "true" }, words(layer.unit), el("span", {}, many)),
      layer.kind === "pairs" ? el("details", { class: "atlas-pairs-words" }, el("summary", {}, "The nine colours in words"), list) : list,
      el("p", { class: "atlas-worse" }, worseInWords(layer)),
      this.#note,
      this.#symbols,
    ];
    this.#body.replaceChildren(...parts.filter((part) => part !== null));
  }

  #marking({ number }: Pick<LegendEntry, "number">, element: HTMLElement): HTMLElement {
    this.#marked.set(number, [...(this.#marked.get(number) ?? []), element]);
    return element;
  }

  /** Three by three colours: the first value rises to the right, the second upwards. */
  #pairs(layer: LayerInfo): HTMLElement {
    const [own, by] = layer.pair ?? ["", ""];
    const grid = el("div", { class: "atlas-pairs-grid" });
    const last = layer.classes.length - 1;
    for (let up = 2; up >= 0; up--) {
      for (let right = 0; right < 3; right++) {
        const number = right + 3 * up;
        const place = layer.descending ? last - number : number;
        const cell = el("span");
        cell.style.backgroundColor = layer.classes[place].colour;
        grid.append(this.#marking({ number: place }, cell));
      }
    }
    return el(
      "div",
      { class: "atlas-pairs", "aria-hidden": "true" },
      el("span", { class: "atlas-pairs-up" }, words(by), " higher \u2192"),
      grid,
      el("span", { class: "atlas-pairs-right" }, words(own), " higher \u2192"),
    );
  }
}

function swatch(entry: LegendEntry): HTMLElement {
  const element = el("span", { class: entry.colour === null ? "atlas-swatch atlas-no-data" : "atlas-swatch" });
  if (entry.colour !== null) element.style.backgroundColor = entry.colour;
  return element;
}
