/** Sentences made of data as elements: names set apart, links that show areas. */
import type { Part } from "../model/sentence";
import { isLink } from "../model/sentence";
import { button, words } from "./dom";

export function sentenceNodes(parts: readonly Part[], show: (rows: readonly number[], text: string) => void): (Node | string)[] {
  return parts.map((part) => {
    if (typeof part === "string") return part;
    if (!isLink(part)) return words(part.name);
    const link = button("", "atlas-sentence-link", () => {
      show(part.rows, part.text);
    });
    link.append(words(part.text));
    return link;
  });
}
