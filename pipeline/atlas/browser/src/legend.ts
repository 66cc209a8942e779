import type { LayerInfo } from "./data";
import type { LegendEntry } from "./classes";
import { worseInWords } from "./classes";
import { el, words } from "./dom";
import { count, plural } from "./format";

/** What the colours mean; folds down to a strip of the colours. */
export class Legend {
  readonly element: HTMLDetailsElement;
  readonly #title = words("", "atlas-legend-title");
  readonly #strip = el("span", { class: "atlas-strip", "aria-hidden": "true" });
  readonly #ends = el("span", { class: "atlas-ends" }, el("span", {}, "more risk"), el("span", {}, "less risk"));
  readonly #body = el("div", { class: "atlas-legend-body" });

  constructor(narrow: MediaQueryList) {
    this.element = el(
      "details",
      { class: "atlas-legend" },
      el("summary", {}, el("span", { class: "atlas-hidden" }, "Legend: "), this.#title, this.#strip, this.#ends),
      this.#body,
    );
    const fold = (): void => {
      this.element.open = !narrow.matches;
    };
    narrow.addEventListener("change", fold);
    fold();
  }

  show(layer: LayerInfo, entries: readonly LegendEntry[]): void {
    this.#title.textContent = layer.title;
    this.#strip.replaceChildren(...entries.filter(({ colour }) => colour !== null).map((entry) => swatch(entry)));
    this.#ends.hidden = layer.worse === "neither";
    const list = el("ul");
    for (const entry of entries) {
      list.append(
        el(
          "li",
          {},
          swatch(entry),
          words(entry.label, "atlas-legend-label"),
          el("span", { class: "atlas-legend-count", "aria-label": plural(entry.count, "area", "areas"), role: "img" }, count(entry.count)),
        ),
      );
    }
    this.#body.replaceChildren(
      el("p", { class: "atlas-sentence" }, layer.sentence ? words(layer.sentence) : null),
      el("p", { class: "atlas-legend-head", "aria-hidden": "true" }, words(layer.unit ?? ""), el("span", {}, "areas")),
      list,
      el("p", { class: "atlas-worse" }, worseInWords(layer)),
    );
  }
}

function swatch(entry: LegendEntry): HTMLElement {
  const element = el("span", { class: entry.colour === null ? "atlas-swatch atlas-no-data" : "atlas-swatch" });
  if (entry.colour !== null) element.style.backgroundColor = entry.colour;
  return element;
}
