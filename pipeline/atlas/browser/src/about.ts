import type { AtlasData } from "./data";
import { button, el, words } from "./dom";
import { day, decimal } from "./format";

export function comparedWith(data: AtlasData): string {
  return data.reference === "england" ? `compared with all of ${data.nation.title}` : "compared within this area";
}

/** How to read the page, what the index is made of, and where the data come from. */
export class About {
  readonly element = el("dialog", { class: "atlas-about", "aria-labelledby": "atlas-about-title" });
  readonly #heading = el("h2", { id: "atlas-about-title", tabindex: "-1" }, "About this map");

  constructor(data: AtlasData) {
    const close = button("Close", "atlas-quiet", () => {
      this.element.close();
    });
    this.element.append(
      el("div", { class: "atlas-about-head" }, this.#heading, close),
      el(
        "div",
        { class: "atlas-about-body" },
        data.fictional ? el("p", { class: "atlas-fictional-note" }, "All places and numbers on this page are invented.") : null,
        el("h3", {}, "How to read this"),
        howToRead(data),
        el("h3", {}, "The index: ", words(data.index.title)),
        data.index.description ? el("p", {}, words(data.index.description)) : null,
        weights(data),
        ...(data.notes.length
          ? [el("h3", {}, "Limits of these data"), el("ul", {}, ...data.notes.map((note) => el("li", {}, words(note))))]
          : []),
        el("h3", {}, "Sources and licences"),
        sources(data),
        el(
          "p",
          {},
          `Built on ${day(data.built)}. Boundaries are drawn to within ${decimal(data.quantisation_metres, 0)} m of those published.`,
        ),
      ),
    );
    this.element.addEventListener("click", (event) => {
      if (event.target === this.element) this.element.close();
    });
  }

  open(): void {
    this.element.showModal();
    this.#heading.focus();
  }
}

function howToRead(data: AtlasData): HTMLElement {
  const lines = [
    "Each shape is a neighbourhood of about 1,500 people (a Lower layer Super Output Area, LSOA), drawn for the Census of 2021.",
    "A neighbourhood’s colour is its class on the chosen layer. The legend says what each colour means and which end is worse.",
    `Risk is a score made of several parts, each from 0 to 100, ${comparedWith(data)}. Higher means more likely to be shut out of digital services.`,
    "“37th of 624” means that 36 neighbourhoods on this map are more at risk. The most at-risk tenth is the first tenth of that order.",
    "Point at a neighbourhood for its name and rank. Click it for all its numbers.",
    "With a keyboard: find a place in the search box or the table. On the map, arrow keys move, plus and minus zoom, and Enter opens the area in the middle.",
    "The table lists the same neighbourhoods as the map and can be sorted. “Choose areas” keeps those that meet several conditions, with their totals.",
    "“Try other weights” changes the weights of the parts and ranks again; the page then says that it no longer shows the published index.",
    "A score describes a neighbourhood, not the people in it: many in a high-risk neighbourhood are online, and some in a low-risk one are not.",
    "This page works without the internet and sends nothing anywhere, unless you ask for the street map.",
  ];
  return el("ol", {}, ...lines.map((line) => el("li", {}, line)));
}

function weights(data: AtlasData): HTMLElement {
  const total = data.index.components.reduce((sum, { weight }) => sum + weight, 0) || 1;
  const body = el("tbody");
  for (const { title, weight, why } of data.index.components) {
    body.append(
      el(
        "tr",
        {},
        el("th", { scope: "row" }, words(title)),
        el("td", { class: "atlas-number" }, decimal(weight / total, 0, true)),
        el("td", {}, words(why ?? "")),
      ),
    );
  }
  const head = el("thead", {}, el("tr", {}, ...["Part", "Weight", "Why it counts"].map((title) => el("th", { scope: "col" }, title))));
  return el("table", { class: "atlas-weights" }, el("caption", { class: "atlas-hidden" }, "Parts of the index"), head, body);
}

function sources(data: AtlasData): HTMLElement {
  const list = el("ul", { class: "atlas-sources" });
  for (const { title, publisher, release, licence, attribution } of data.sources) {
    const parts = [publisher, release, licence].filter((part) => Boolean(part)).join(" · ");
    list.append(
      el(
        "li",
        {},
        el("strong", {}, words(title)),
        parts ? el("span", {}, words(parts)) : null,
        attribution ? el("span", { class: "atlas-attribution" }, words(attribution)) : null,
      ),
    );
  }
  return list;
}
