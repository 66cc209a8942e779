/** What the page says of itself: in its heading, in the notes about it, and on paper. */
import { day, plural } from "../model/format";
import { follow } from "../model/store";
import { comparedWith } from "../scoring/now";
import type { Page } from "../scoring/page";
import { el, words } from "../ui/dom";
import type { About } from "../views/tools/about";
import type { Files } from "./files";

/** How many areas there are, what they are compared with, and when the page was built. */
export function makeSubtitle({ data, table, showing }: Page): HTMLElement {
  const subtitle = el("p");
  follow(
    () => showing.changed,
    (changed) => {
      subtitle.textContent = `${plural(table.rows, "neighbourhood", "neighbourhoods")}, ${comparedWith(data, changed)} · built ${day(data.built)}`;
    },
  );
  return subtitle;
}

/** Has the notes about the page say where it shows something else than they describe. */
export function followChanges(about: About, { showing }: Page): void {
  follow(
    () => (showing.changed ? showing.provenance()[0] : ""),
    (changed) => {
      about.follow(changed);
    },
  );
}

/** On paper only: conditions and weights, how not to read the map, and where it comes from. */
export interface Foot {
  element: HTMLElement;
  refresh: () => void;
}

export function makeFoot(files: Files): Foot {
  const element = el("footer", { class: "atlas-foot" });
  const show = (lines: readonly string[]): void => {
    element.replaceChildren(...lines.map((line) => el("p", {}, words(line))));
  };
  follow(() => files.footLines(), show);
  return {
    element,
    refresh: () => {
      show(files.footLines());
    },
  };
}
