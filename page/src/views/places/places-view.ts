/** Everything that the map shows as symbols, in lists: for those who do not use the map, and to find a place by name. */
import { drawn } from "../../map/symbol";
import type { SitesInfo } from "../../model/contract";
import { byKind, byName, offersInWords, offersOf, offerTitle, PlaceSearch } from "../../model/places";
import type { PlaceSpot, SiteSpot, Spot, StorySpot } from "../../model/spots";
import type { Subject, SymbolKind } from "../../model/symbol-kinds";
import { button, el, words } from "../../ui/dom";
import type { DrawerView } from "../../ui/drawer";
import { ListTable } from "../../ui/list-table";
import { SitesView } from "../act/sites";

const TITLES: Record<Subject, string> = { places: "Support places", sites: "Proposed sites", stories: "Stories" };

type Show = (spot: Spot, opener: HTMLElement) => void;

export interface PlacesHooks {
  /** One was chosen, to be shown on the map. */
  show: Show;
  /** Another list is read. */
  turned: (to: Subject) => void;
  close: () => void;
}

interface Part {
  element: HTMLElement;
  tab: HTMLButtonElement;
  /** Makes the list when it is first turned to; null where that is done. */
  fill: (() => HTMLElement) | null;
}

export class PlacesView implements DrawerView {
  readonly element = el("section", { class: "atlas-table atlas-places", "aria-labelledby": "atlas-places-title", hidden: "" });
  readonly #heading = el("h2", { id: "atlas-places-title", tabindex: "-1" });
  readonly #parts = new Map<Subject, Part>();
  readonly #hooks: PlacesHooks;
  #list: PlacesList | null = null;
  #places: readonly PlaceSpot[] = [];
  #turnedTo: Subject | null = null;

  constructor(kinds: readonly SymbolKind[], sites: SitesInfo | null, spots: readonly Spot[], hooks: PlacesHooks) {
    this.#hooks = hooks;
    const places = kinds.filter(({ subject }) => subject === "places");
    if (places.length) {
      this.#add("places", () => {
        this.#list = new PlacesList(places, hooks.show);
        this.#list.set(this.#places);
        return this.#list.element;
      });
    }
    const proposed = spots.filter((spot): spot is SiteSpot => "site" in spot);
    if (sites && proposed.length) this.#add("sites", () => new SitesView(sites, proposed, hooks.show).element);
    const stories = spots.filter((spot): spot is StorySpot => "story" in spot);
    if (stories.length) this.#add("stories", () => this.#stories(stories));
    const tabs = [...this.#parts.values()].map(({ tab }) => tab);
    this.element.append(
      el(
        "div",
        { class: "atlas-table-head" },
        this.#heading,
        tabs.length > 1 ? el("div", { class: "atlas-tabs", role: "group", "aria-label": "Which list" }, ...tabs) : null,
        el("div", { class: "atlas-table-buttons" }, button("Close list", "atlas-quiet", hooks.close)),
      ),
      el(
        "div",
        { class: "atlas-table-scroll", role: "group", "aria-label": "Rows of the list", tabindex: "0" },
        el(
          "p",
          { class: "atlas-note atlas-places-intro" },
          "Choose one to see it on the map.",
          el("span", { class: "atlas-hidden" }, " The symbols themselves cannot be reached with the Tab key; everything that they say is in these lists."),
        ),
        ...[...this.#parts.values()].map(({ element }) => element),
      ),
    );
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  show(focus: boolean): void {
    const [first] = this.#parts.keys();
    if (this.#turnedTo === null) this.#turnTo(first);
    this.element.hidden = false;
    if (focus) this.#heading.focus();
  }

  hide(): void {
    this.element.hidden = true;
  }

  setPlaces(spots: readonly PlaceSpot[]): void {
    this.#places = spots;
    this.#list?.set(spots);
  }

  #add(subject: Subject, fill: () => HTMLElement): void {
    const tab = button(TITLES[subject], "atlas-quiet", () => {
      this.#turnTo(subject);
      this.#hooks.turned(subject);
    });
    const story = subject === "stories" ? " atlas-story" : "";
    this.#parts.set(subject, { element: el("div", { class: `atlas-places-part${story}` }), tab, fill });
  }

  #turnTo(wanted: Subject): void {
    this.#turnedTo = wanted;
    for (const [subject, part] of this.#parts) {
      const chosen = subject === wanted;
      if (chosen && part.fill) {
        part.element.append(part.fill());
        part.fill = null;
      }
      part.element.hidden = !chosen;
      part.tab.setAttribute("aria-pressed", String(chosen));
    }
    this.#heading.textContent = TITLES[wanted];
  }

  #stories(stories: readonly StorySpot[]): HTMLElement {
    const table = new ListTable<StorySpot>("Stories. The buttons in the first row sort.", "No story", [
      { title: "Place", cell: (spot) => opener(spot, this.#hooks.show), compare: byName },
      { title: "What was said", cell: ({ story }) => words(story.quote) },
      { title: "About", cell: ({ story }) => words(story.theme), compare: (a, b) => a.story.theme.localeCompare(b.story.theme, "en-GB") },
      { title: "Source", cell: ({ story }) => words(story.source) },
    ]);
    table.setRows(stories);
    return table.table;
  }
}

function opener<S extends Spot>(spot: S, show: (spot: S, opener: HTMLElement) => void): HTMLElement {
  const open = button("", "", () => {
    show(spot, open);
  });
  open.append(words(spot.name));
  return open;
}

/** Support places with what narrows them down. */
class PlacesList {
  readonly element: HTMLElement;
  readonly #kind = el("select", { id: "atlas-places-kind" });
  readonly #offer = el("select", { id: "atlas-places-offer" });
  readonly #words = el("input", { id: "atlas-places-words", type: "text", autocomplete: "off", spellcheck: "false" });
  readonly #table: ListTable<PlaceSpot>;
  #search = new PlaceSearch([]);

  constructor(kinds: readonly SymbolKind[], show: Show) {
    this.#table = new ListTable<PlaceSpot>("Support places. The buttons in the first row sort.", "No place", [
      { title: "Name", cell: (spot) => opener(spot, show), compare: byName },
      { title: "Kind", cell: ({ kind }) => el("span", { class: "atlas-kind-cell" }, drawn(kind), words(kind.one)), compare: byKind },
      { title: "What it offers", cell: ({ kind, place }) => offers(kind, place.offers) },
      { title: "Opening", cell: ({ place }) => words(place.opening ?? "not in the data") },
      { title: "Postcode", cell: ({ place }) => words(place.postcode ?? "not in the data") },
    ]);
    this.#kind.append(el("option", { value: "" }, "All kinds"), ...kinds.map(({ id, title }) => el("option", { value: id }, title)));
    for (const control of [this.#kind, this.#offer]) {
      control.addEventListener("change", () => {
        this.#find();
      });
    }
    this.#words.addEventListener("input", () => {
      this.#find();
    });
    this.element = el(
      "div",
      {},
      el(
        "div",
        { class: "atlas-places-filter" },
        field("Name or postcode", this.#words),
        field("Kind", this.#kind),
        field("Offers", this.#offer),
        this.#table.pager,
      ),
      this.#table.table,
    );
    this.set([]);
  }

  set(spots: readonly PlaceSpot[]): void {
    this.#search = new PlaceSearch(spots);
    this.#offer.replaceChildren(el("option", { value: "" }, "Anything"), ...offersOf(spots).map((offer) => el("option", { value: offer }, offerTitle(offer))));
    this.#find();
  }

  #find(): void {
    this.#table.setRows(this.#search.find({ kind: this.#kind.value, offer: this.#offer.value, words: this.#words.value }));
  }
}

function offers({ offersNow }: SymbolKind, list: readonly string[]): HTMLElement {
  const text = list.length ? offersInWords(list) : "not in the data";
  return offersNow ? words(text) : el("span", {}, words(text), el("span", { class: "atlas-kind-aside" }, "could offer, does not as a rule"));
}

function field(label: string, control: HTMLSelectElement | HTMLInputElement): HTMLElement {
  return el("div", { class: "atlas-field" }, el("label", { for: control.id }, label), control);
}
