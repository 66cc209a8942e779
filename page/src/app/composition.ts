/** Where the parts of the page stand. */
import type { AtlasData } from "../model/contract";
import { button, el, words } from "../ui/dom";
import type { Drawer } from "../ui/drawer";

export interface Parts {
  data: AtlasData;
  subtitle: HTMLElement;
  search: HTMLElement;
  drawer: Drawer;
  openAbout: () => void;
  /** Below the header, from above to below. */
  notices: readonly HTMLElement[];
  layers: HTMLElement;
  /** Folded away at the side, from above to below. */
  tools: readonly (HTMLElement | null)[];
  mapFrame: HTMLElement;
  panel: HTMLElement;
  foot: HTMLElement;
  announcer: HTMLElement;
}

export function composed(parts: Parts): HTMLElement {
  const { data, drawer } = parts;
  const toTable = button("Skip to the table of areas", "atlas-skip", () => {
    drawer.show("table", true);
  });
  const about = button("About", "atlas-bar-button", parts.openAbout);
  about.append(el("span", { class: "atlas-if-wide" }, " and sources"));
  const title = el("div", { class: "atlas-title" }, el("h1", {}, "Digital-exclusion risk in ", words(data.title)), parts.subtitle);
  return el(
    "div",
    { class: "atlas" },
    el(
      "header",
      {},
      toTable,
      el("div", { class: "atlas-header" }, title, parts.search, el("div", { class: "atlas-bar-buttons" }, ...drawer.buttons, about)),
      data.fictional
        ? el("p", { class: "atlas-fictional", role: "note" }, el("strong", {}, "Fictional data. "), "Every place and number on this page is invented.")
        : null,
      ...parts.notices,
    ),
    el(
      "main",
      { class: "atlas-main" },
      el(
        "section",
        { class: "atlas-side", "aria-label": "What the map shows" },
        el("div", { class: "atlas-side-layers" }, parts.layers),
        el("div", { class: "atlas-tools" }, ...parts.tools),
      ),
      el("div", { class: "atlas-middle" }, parts.mapFrame, ...drawer.elements),
      parts.panel,
    ),
    parts.foot,
    parts.announcer,
  );
}

/** Makes the map's element something that the keyboard works on, and says how. */
export function describeMap(container: HTMLElement): void {
  container.setAttribute("role", "application");
  container.setAttribute(
    "aria-label",
    "Map of neighbourhoods. Arrow keys move it, plus and minus zoom, Enter opens the area in the middle.",
  );
}
