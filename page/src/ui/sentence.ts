/** Sentences made of data as elements: names set apart, links that show areas. */
import type { Part } from "../model/sentence";
import { isLink } from "../model/sentence";
import { el, words } from "./dom";

export function sentenceNodes(parts: readonly Part[], show: (rows: readonly number[], text: string) => void): (Node | string)[] {
  return parts.map((part) => {
    if (typeof part === "string") return part;
    if (!isLink(part)) return words(part.name);
    return inlineButton(words(part.text), () => {
      show(part.rows, part.text);
    });
  });
}

/** A button whose words go on with the line around them: browsers keep those of a `<button>` in a box of its own. */
export function inlineButton(label: Node, press: () => void): HTMLElement {
  const element = el("span", { role: "button", tabindex: "0", class: "atlas-sentence-link" }, label);
  element.addEventListener("click", press);
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    press();
  });
  return element;
}
