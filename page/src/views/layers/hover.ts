import type { Areas } from "../../model/areas";
import type { LayerInfo } from "../../model/contract";
import { isLarger, unitAt, unitInWords } from "../../model/larger-layer";
import type { Values } from "../../model/values";
import { el, words } from "../../ui/dom";

const GAP = 14;

/** A small label beside the pointer, or beside an area that the keyboard has reached. */
export class Hover {
  readonly element = el("div", { class: "atlas-hover", "aria-hidden": "true", hidden: "" });
  readonly #areas: Areas;
  readonly #values: Values;

  constructor(areas: Areas, values: Values) {
    this.#areas = areas;
    this.#values = values;
  }

  show(row: number, layer: LayerInfo, x: number, y: number, width: number, height: number): void {
    if (isLarger(layer)) {
      const unit = unitAt(layer, row);
      if (unit) this.element.replaceChildren(el("strong", {}, words(unit.name)), ...unitInWords(unit).map((text) => el("span", {}, text)));
      else this.element.replaceChildren(el("strong", {}, "In none of them"));
      this.#place(x, y, width, height);
      return;
    }
    const place = this.#areas.place(row);
    const standing = this.#areas.standing(row);
    this.element.replaceChildren(
      el("strong", {}, words(place || this.#areas.name(row))),
      ...(place ? [el("span", {}, words(this.#areas.official(row)))] : []),
      el("span", { class: "atlas-hover-rank" }, standing),
      ...(layer.column === "risk_decile" ? [] : [el("span", {}, words(layer.title), ": ", words(this.#values.layer(layer, row)))]),
    );
    this.#place(x, y, width, height);
  }

  /** The same for a symbol on the map. */
  showSymbol(title: string, detail: string, x: number, y: number, width: number, height: number): void {
    this.element.replaceChildren(el("strong", {}, words(title)), ...(detail ? [el("span", {}, words(detail))] : []));
    this.#place(x, y, width, height);
  }

  hide(): void {
    this.element.hidden = true;
  }

  #place(x: number, y: number, width: number, height: number): void {
    this.element.hidden = false;
    const { offsetWidth, offsetHeight } = this.element;
    const left = x + GAP + offsetWidth > width ? x - GAP - offsetWidth : x + GAP;
    const top = y + GAP + offsetHeight > height ? y - GAP - offsetHeight : y + GAP;
    this.element.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, top)}px)`;
  }
}
