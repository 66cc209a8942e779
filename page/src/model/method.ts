/** Where the method page, which is published beside this file, says how a number is made. */

export const METHOD_PAGE = "method.html";

/** What is explained there, by the anchor of its section, and how a link to it reads. */
export const METHOD_SECTIONS = {
  index: "How the risk is put together",
  varied: "Which ways were tried",
  ranks: "How the certainty of a rank is worked out",
  right: "How often scores came true",
  kinds: "How the kind is told",
  act: "How people, support and the list are worked out",
} as const;

/** What stands beside a number that depends on them. */
export const REASONABLE_WAYS =
  "Reasonable ways differ in what could as well have been chosen otherwise: weights, formulas, and errors in the data. The method page calls them plausible indices.";

export type MethodSection = keyof typeof METHOD_SECTIONS;

/** Said once where links stand: the other file may be missing. */
export const METHOD_BESIDE = `What explains the numbers opens ${METHOD_PAGE}, which is published in the folder of this page. If you were sent this page alone, ask for that file, too.`;

export function methodAddress(section: MethodSection): string {
  return `${METHOD_PAGE}#${section}`;
}
