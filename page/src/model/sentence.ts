/** Sentences as data: words, names from the data, and links that show areas. */
import type { Piece } from "./drivers";
import { decimal } from "./format";

/** Words that show areas on the map. */
export interface Link {
  text: string;
  rows: readonly number[];
}

export type Part = Piece | Link;

/** A sentence, and what it is about. */
export interface Sentence<Topic extends string = string> {
  topic: Topic;
  parts: readonly Part[];
}

export function isLink(part: Part): part is Link {
  return typeof part === "object" && "rows" in part;
}

/** The words alone. */
export function plain(parts: readonly Part[]): string {
  return parts.map((part) => (typeof part === "string" ? part : isLink(part) ? part.text : part.name)).join("");
}

/** "a", "a and b", "a, b and c" */
export function listed(items: readonly (readonly Part[])[]): Part[] {
  return items.flatMap((item, at) => [...(at === 0 ? [] : [at === items.length - 1 ? " and " : ", "]), ...item]);
}

/** "Norwich’s", "St Albans’" */
export function possessive(name: string): string {
  return name.endsWith("s") ? `${name}’` : `${name}’s`;
}

/** A share in whole percents; never 0% or 100% where it is neither. */
export function percent(part: number, all: number): string {
  const share = part / all;
  if (part > 0 && share < 0.005) return "under 1%";
  if (part < all && share >= 0.995) return "over 99%";
  return decimal(share, 0, true);
}
