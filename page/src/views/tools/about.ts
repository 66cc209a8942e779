import type { AtlasData } from "../../model/contract";
import { day, decimal } from "../../model/format";
import { KIND } from "../../model/kinds";
import { comparedWith } from "../../scoring/now";
import { button, el, words } from "../../ui/dom";
import { sourceLink } from "../../ui/web-link";
import { madeOf } from "../panel/act";

/** How to read the page, what the index is made of, and where the data come from. */
export class About {
  readonly element = el("dialog", { class: "atlas-about", "aria-labelledby": "atlas-about-title" });
  readonly #heading = el("h2", { id: "atlas-about-title", tabindex: "-1" }, "About this map");

  /** Says what is shown where that is not what this dialog describes. */
  readonly #now = el("p", { class: "atlas-about-now", role: "note", hidden: "" });

  constructor(data: AtlasData) {
    const close = button("Close", "atlas-quiet", () => {
      this.element.close();
    });
    this.element.append(
      el("div", { class: "atlas-about-head" }, this.#heading, close),
      el(
        "div",
        { class: "atlas-about-body" },
        this.#now,
        data.fictional ? el("p", { class: "atlas-fictional-note" }, "All places and numbers on this page are invented.") : null,
        el("h3", {}, "How to read this"),
        howToRead(data),
        el("h3", {}, "The index: ", words(data.index.title)),
        data.index.description ? el("p", {}, words(data.index.description)) : null,
        weights(data),
        ...kindsOfExclusion(data),
        ...whereToAct(data),
        ...peopleAtRisk(data),
        ...(data.notes.length ? [el("h3", {}, "Limits of these data"), el("ul", {}, ...data.notes.map((note) => el("li", {}, words(note))))] : []),
        el("h3", {}, "Sources and licences"),
        sources(data),
        el("p", {}, `Built on ${day(data.built)}. Boundaries are drawn to within ${decimal(data.quantisation_metres, 0)} m of those published.`),
      ),
    );
    this.element.addEventListener("click", (event) => {
      if (event.target === this.element) this.element.close();
    });
  }

  /** What the page shows in place of the published index, in sentences; none where it shows that. */
  follow(changed: string): void {
    this.#now.hidden = changed === "";
    this.#now.textContent = changed && `${changed} What follows describes the published index.`;
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
    ...(data.exclusion
      ? ["“Where to act” lists the neighbourhoods where a high risk meets little support, with what usually helps there. It can be printed."]
      : []),
    "The table lists the same neighbourhoods as the map and can be sorted. “Choose areas” keeps those that meet several conditions, with their totals.",
    "“Try other weights” changes the weights of the parts and ranks again; the page then says that it no longer shows the published index.",
    "A score describes a neighbourhood, not the people in it: many in a high-risk neighbourhood are online, and some in a low-risk one are not.",
    "This page works without the internet and sends nothing anywhere, unless you ask for the street map.",
  ];
  return el("ol", {}, ...lines.map((line) => el("li", {}, line)));
}

/** What tells the two kinds of exclusion apart, and from where on one stands out. */
function kindsOfExclusion({ kinds, nation, columns }: AtlasData): HTMLElement[] {
  if (!columns.some(({ name }) => name === KIND)) return [];
  return [
    el("h3", {}, "What kind of exclusion"),
    el(
      "p",
      {},
      "Every neighbourhood has two more scores, as two kinds of exclusion need different help. Each says what percentage of the neighbourhoods of ",
      words(nation.title),
      ` score as high or lower, and stands out above ${decimal(kinds.stands_out_above, 0)}. `,
      words(kinds.why),
    ),
    el("ul", {}, ...kinds.kinds.map(({ title, sentence }) => el("li", {}, el("strong", {}, words(title)), ": ", words(sentence)))),
  ];
}

/** Support within reach, and that together with the risk. */
function whereToAct({ support, exclusion }: AtlasData): HTMLElement[] {
  if (!support || !exclusion) return [];
  const { formula, risk_weight: share } = exclusion;
  const way = support.unit === "minutes" ? "Distances are journeys, in minutes." : "Distances are straight lines, not journeys.";
  const together =
    formula === "geometric" ? "their geometric mean, which is high only where both are" : "their arithmetic mean, in which one can make up for the other";
  const counted = support.kinds.filter(({ counts }) => counts);
  return [
    el("h3", {}, "Support, and where to act"),
    el(
      "p",
      {},
      "Capacity says how much support is within reach of a neighbourhood (the enhanced two-step floating catchment area method, E2SFCA). ",
      "Every place within reach counts: nearer ones count more, and so do those that fewer people at risk share. ",
      `${way} A score of 0 means that no place is within reach. Counted: `,
      ...counted.flatMap(({ plural }, i) => [i ? ", " : "", words(plural)]),
      ".",
    ),
    el("p", {}, `“Where to act” ranks neighbourhoods by risk and lack of capacity together: ${together}. Risk has ${decimal(share, 0, true)} of the weight.`),
    el(
      "ul",
      {},
      ...support.kinds.map(({ plural, origin, why }) =>
        el("li", {}, el("strong", {}, words(plural)), ": ", words(why), " ", words(origin, "atlas-attribution")),
      ),
    ),
  ];
}

/** What the estimate of people is made of, and that a list of the worst areas does not reach most of them. */
function peopleAtRisk({ people }: AtlasData): HTMLElement[] {
  const list = el("ul", { class: "atlas-sources" });
  for (const { measure, value, source, year, page } of people.sources) {
    list.append(
      el("li", {}, `${decimal(value, 0, true)}: `, words(measure), el("span", { class: "atlas-attribution" }, `${year}: `, sourceLink(source, page))),
    );
  }
  return [
    el("h3", {}, "People at risk"),
    el(
      "p",
      {},
      words(people.title),
      ". An estimate: those who ",
      words(people.low),
      ` count in full, and of those who are online but `,
      words(people.high),
      `, ${decimal(people.part, 0, true)}. `,
      words(madeOf(people)),
      " Of neighbourhoods with the same ages and as many disabled people, one with a higher risk has more.",
    ),
    el(
      "p",
      {},
      "Most people at risk do not live in the worst tenth: a list of the worst neighbourhoods reaches a minority of them, and the list says how many.",
    ),
    list,
  ];
}

function weights(data: AtlasData): HTMLElement {
  const total = data.index.components.reduce((sum, { weight }) => sum + weight, 0) || 1;
  const body = el("tbody");
  for (const { title, weight, why } of data.index.components) {
    body.append(
      el("tr", {}, el("th", { scope: "row" }, words(title)), el("td", { class: "atlas-number" }, decimal(weight / total, 0, true)), el("td", {}, words(why))),
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
