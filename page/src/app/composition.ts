/** Where the parts of the page stand. */
import type { AtlasData } from "../model/contract";
import { button, el, words } from "../ui/dom";
import type { Flyout } from "../ui/flyout";
import { Handle } from "../ui/handle";

export interface Parts {
  data: AtlasData;
  subtitle: HTMLElement;
  search: HTMLElement;
  /** Opens the table of areas. */
  toTable: () => void;
  /** The one button behind which all tools are. */
  tools: Flyout;
  /** Below the header. */
  notice: HTMLElement;
  finding: HTMLElement;
  questions: HTMLElement;
  lists: HTMLElement;
  panel: HTMLElement;
  mapFrame: HTMLElement;
  announcer: HTMLElement;
  /** The reader gave the map more or less room. */
  resized: () => void;
}

/** The share of the height that the map has above its list on a narrow page. */
const MAP_SHARE = 0.47;

export function composed(parts: Parts): HTMLElement {
  const { data, tools } = parts;
  const toTable = button("Skip to the table of areas", "atlas-skip", parts.toTable);
  const title = el("div", { class: "atlas-title" }, el("h1", {}, "Digital-exclusion risk in ", words(data.title)), parts.subtitle);
  const body = el("div", { class: "atlas-body" }, parts.lists, parts.panel);
  const middle = el("div", { class: "atlas-middle" }, parts.mapFrame);
  const main = el("main", { class: "atlas-main" }, parts.finding, parts.questions, body, middle, tools.element);
  const handle = new Handle(
    "Height of the map",
    MAP_SHARE,
    () => split(middle, body),
    (share) => {
      main.style.setProperty("--atlas-map-room", `${share}fr`);
      main.style.setProperty("--atlas-list-room", `${1 - share}fr`);
      parts.resized();
    },
  );
  body.before(handle.element);
  return el(
    "div",
    { class: "atlas" },
    el(
      "header",
      {},
      toTable,
      el("div", { class: "atlas-header" }, title, parts.search, tools.button),
      data.fictional
        ? el("p", { class: "atlas-fictional", role: "note" }, el("strong", {}, "Fictional data. "), "Every place and number on this page is invented.")
        : null,
      parts.notice,
    ),
    main,
    parts.announcer,
  );
}

/** What the handle divides, from the top of the one to the bottom of the other. */
function split(upper: HTMLElement, lower: HTMLElement): { top: number; height: number } {
  const { top } = upper.getBoundingClientRect();
  return { top, height: lower.getBoundingClientRect().bottom - top };
}

/** Makes the map's element something that the keyboard works on, and says how. */
export function describeMap(container: HTMLElement): void {
  container.setAttribute("role", "application");
  container.setAttribute("aria-label", "Map of neighbourhoods. Arrow keys move it, plus and minus zoom, Enter opens the area in the middle.");
}
