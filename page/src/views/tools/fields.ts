/** Selects with their labels, in forms. */
import { el } from "../../ui/dom";

/** Gives a select its options, titles with values; `all` is that of the empty value, if there is one. */
export function fill(select: HTMLSelectElement, all: string | null, options: readonly (readonly [string, string])[]): void {
  select.replaceChildren(...(all === null ? [] : [el("option", { value: "" }, all)]), ...options.map(([title, value]) => el("option", { value }, title)));
}

/** A control with its label; `hidden`: only for those who listen. */
export function field(control: HTMLSelectElement, label: string, hidden = false): HTMLElement {
  return el("div", { class: "atlas-field" }, el("label", { for: control.id, ...(hidden ? { class: "atlas-hidden" } : {}) }, label), control);
}
