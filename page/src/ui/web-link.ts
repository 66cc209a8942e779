/** Links from the page to the web, which open only when the reader asks for one. */
import { el, words } from "./dom";

/** The address of a web page; null for what would do something else than open one. */
export function webAddress(text: string): string | null {
  try {
    const { protocol, href } = new URL(text);
    return protocol === "https:" || protocol === "http:" ? href : null;
  } catch {
    return null;
  }
}

/** A source by its name, as a link where it has a page on the web. */
export function sourceLink(source: string, page: string): HTMLElement {
  const address = webAddress(page);
  if (address === null) return words(source);
  return el("a", { href: address, rel: "noreferrer noopener", target: "_blank" }, words(source), " (web page, needs the internet)");
}
