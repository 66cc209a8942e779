/** Links to the method page beside this file, by the section that explains a number. */
import type { MethodSection } from "../model/method";
import { METHOD_SECTIONS, methodAddress } from "../model/method";
import { el } from "./dom";

/** In a window of its own, so that what was chosen here stays, also where there is no such file. */
export function methodLink(section: MethodSection): HTMLElement {
  return el("a", { class: "atlas-method-link", href: methodAddress(section), target: "_blank", rel: "noopener" }, METHOD_SECTIONS[section]);
}

/** The same in a line of its own. */
export function methodLine(...sections: MethodSection[]): HTMLElement {
  return el("p", { class: "atlas-note atlas-method" }, ...sections.flatMap((section, at) => [at ? " · " : "", methodLink(section)]));
}
