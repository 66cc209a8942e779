/** What people of an area said, with their consent. Not printed unless that is asked for: paper goes further than a screen. */
import type { Story } from "../../model/contract";
import { el, words } from "../../ui/dom";

export function storiesOf(stories: readonly Story[], row: number): HTMLElement[] {
  const own = stories.filter(({ area }) => area === row);
  if (!own.length) return [];
  return [
    el(
      "section",
      { class: "atlas-story", "aria-labelledby": "atlas-story-title" },
      el("h3", { id: "atlas-story-title" }, "In people’s words"),
      ...own.map(({ quote, theme, source }) =>
        el("figure", {}, el("blockquote", {}, el("p", {}, words(quote))), el("figcaption", { class: "atlas-note" }, words(theme), " · ", words(source))),
      ),
    ),
  ];
}
