/** The places that are nearest to an area: what they offer, how far they are, and where they stand on the map. */
import type { PlaceKind } from "../../model/contract";
import { offersInWords } from "../../model/places";
import type { Near, Support, SupportPlace } from "../../model/support";
import { button, el, words } from "../../ui/dom";

export class NearestSupport {
  readonly element = el("div", { class: "atlas-near", hidden: "" });
  readonly #showPlace: (place: SupportPlace) => void;
  #support: Support | null = null;
  #row: number | null = null;

  constructor(showPlace: (place: SupportPlace) => void) {
    this.#showPlace = showPlace;
  }

  /** The places, once they are there. */
  get support(): Support | null {
    return this.#support;
  }

  /** Places may come after the first area is shown. */
  setSupport(support: Support): void {
    this.#support = support;
    if (this.#row !== null) this.show(this.#row);
  }

  show(row: number): void {
    this.#row = row;
    const support = this.#support;
    this.element.hidden = !support;
    if (!support) return;
    const groups: [string, PlaceKind[]][] = [
      ["Offers help now", support.kinds.filter((kind) => kind.offers_now)],
      ["Could offer help", support.kinds.filter((kind) => !kind.offers_now)],
    ];
    const parts = groups.flatMap(([title, kinds]) => this.#group(support, row, title, kinds));
    const how = support.unit === "minutes" ? "Distances are journeys, in minutes." : "Distances are straight lines, not journeys.";
    this.element.replaceChildren(
      el("h3", {}, "Nearest support"),
      el("p", { class: "atlas-note" }, parts.length ? `${how} A name shows the place on the map.` : "No place is near enough to be in these data."),
      ...parts,
    );
  }

  #group(support: Support, row: number, title: string, kinds: readonly PlaceKind[]): HTMLElement[] {
    const known = kinds.map((kind) => ({ kind, near: support.nearest(row, kind.id) })).filter(({ near }) => near.length > 0);
    if (!known.length) return [];
    return [
      el("h4", {}, title),
      ...known.flatMap(({ kind, near }) => [
        el("p", { class: "atlas-near-kind" }, words(kind.plural), kind.mobile ? " (at their base; they come round)" : null),
        el("ul", { class: "atlas-near-places" }, ...near.map((one) => this.#place(support, one))),
      ]),
    ];
  }

  #place(support: Support, { place, cost }: Near): HTMLElement {
    const name = button("", "atlas-near-name", () => {
      this.#showPlace(place);
    });
    name.append(words(place.name), el("span", { class: "atlas-hidden" }, " on the map"));
    const details = [offersInWords(place.offers), place.opening ?? ""].filter(Boolean);
    return el(
      "li",
      {},
      el("div", { class: "atlas-near-head" }, name, el("span", { class: "atlas-near-distance" }, support.distance(cost))),
      ...details.map((text) => el("p", { class: "atlas-description" }, words(text))),
    );
  }
}
