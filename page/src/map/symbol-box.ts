/** The box beside a symbol: what it stands for, or a list of what stands in one place. */
import type { SitesInfo } from "../model/contract";
import { capital } from "../model/format";
import { offersInWords } from "../model/places";
import { ESTIMATED, siteInWords } from "../model/sites";
import type { PlaceSpot, SiteSpot, Spot, StorySpot } from "../model/spots";
import { button, el, words } from "../ui/dom";
import { drawn } from "./symbol";

/** Between the box and the edge of the map, in pixels. */
const EDGE = 6;
/** Kept free around a point for its symbol: on either side, above and below. */
interface Room {
  aside: number;
  above: number;
  below: number;
}
const AROUND: Room = { aside: 26, above: 26, below: 26 };
const PIN: Room = { aside: 30, above: 46, below: 12 };

export interface BoxHooks {
  /** The area that a point lies in. */
  rowAt: (lon: number, lat: number) => number | null;
  /** Selects an area and goes to it. */
  select: (row: number) => void;
  /** Shows one of a list. */
  show: (spot: Spot, opener: HTMLElement | null) => void;
  /** The box is closed. */
  closed: () => void;
}

export class SymbolBox {
  readonly element = el("section", { class: "atlas-box", role: "dialog", "aria-labelledby": "atlas-box-title", hidden: "" });
  readonly #heading = el("h2", { id: "atlas-box-title", tabindex: "-1" });
  readonly #body = el("div", { class: "atlas-box-body" });
  readonly #map: L.Map;
  readonly #sites: SitesInfo | null;
  readonly #hooks: BoxHooks;
  #at: L.LatLng | null = null;
  #room = AROUND;
  #opener: HTMLElement | null = null;

  constructor(map: L.Map, sites: SitesInfo | null, hooks: BoxHooks) {
    this.#map = map;
    this.#sites = sites;
    this.#hooks = hooks;
    const close = button("Close", "atlas-quiet", () => {
      this.close();
    });
    this.element.append(el("div", { class: "atlas-box-head" }, this.#heading, close), this.#body);
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
    });
    map.on("move resize zoomend", () => {
      this.#place();
    });
    // A zooming map tells where its points are only when it has come to rest.
    map.on("zoomstart", () => {
      this.element.classList.add("atlas-box-waiting");
    });
    map.on("zoomend", () => {
      this.element.classList.remove("atlas-box-waiting");
    });
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  /** The focus goes to the box, and with its end back to the opener. */
  showSpot(spot: Spot, opener: HTMLElement | null): void {
    this.#show([spot.lat, spot.lon], "place" in spot ? AROUND : PIN, spot.name, this.#about(spot), opener);
  }

  showList(title: string, at: L.LatLngTuple, spots: readonly Spot[], opener: HTMLElement | null): void {
    const list = el("ul", { class: "atlas-box-list" });
    for (const spot of spots) {
      const open = button("", "atlas-box-item", () => {
        this.#hooks.show(spot, opener);
      });
      open.append(drawn(spot.kind), el("span", {}, words(spot.name), el("span", { class: "atlas-hidden" }, `, ${spot.kind.one}`)));
      list.append(el("li", {}, open));
    }
    this.#show(at, AROUND, title, [list], opener);
  }

  /** Leaves the focus where it is unless it is in the box. */
  close(): void {
    if (!this.open) return;
    const focused = this.element.contains(document.activeElement);
    this.element.hidden = true;
    this.#at = null;
    // The symbol may be another element by now, or none.
    const opener = this.#opener?.isConnected ? this.#opener : this.#map.getContainer();
    if (focused) opener.focus({ preventScroll: true });
    this.#hooks.closed();
  }

  #show(at: L.LatLngTuple, room: Room, title: string, body: HTMLElement[], opener: HTMLElement | null): void {
    this.#at = L.latLng(at);
    this.#room = room;
    this.#opener = opener;
    this.#heading.replaceChildren(words(title));
    this.#body.replaceChildren(...body);
    this.element.hidden = false;
    this.element.scrollTop = 0;
    this.#place();
    this.#heading.focus({ preventScroll: true });
  }

  /** Above its symbol, or where there is room; always within the map. */
  #place(): void {
    if (!this.#at || !this.open) return;
    const { x, y } = this.#map.latLngToContainerPoint(this.#at);
    const { offsetWidth, offsetHeight } = this.element;
    const size = this.#map.getSize();
    const { aside, above, below } = this.#room;
    const [right, bottom] = [size.x - EDGE - offsetWidth, size.y - EDGE - offsetHeight];
    const within = (value: number, most: number): number => Math.round(Math.max(EDGE, Math.min(value, most)));
    const middle = { left: within(x - offsetWidth / 2, right), top: within(y - offsetHeight / 2, bottom) };
    const sides = [
      { left: middle.left, top: y - above - offsetHeight },
      { left: middle.left, top: y + below },
      { left: x + aside, top: middle.top },
      { left: x - aside - offsetWidth, top: middle.top },
    ];
    const { left, top } = sides.find((side) => side.left >= EDGE && side.left <= right && side.top >= EDGE && side.top <= bottom) ?? sides[0];
    this.element.style.transform = `translate(${within(left, right)}px, ${within(top, bottom)}px)`;
  }

  #about(spot: Spot): HTMLElement[] {
    const parts = "place" in spot ? aboutPlace(spot) : "site" in spot ? this.#aboutSite(spot) : aboutStory(spot);
    const row = "story" in spot ? spot.story.area : this.#hooks.rowAt(spot.lon, spot.lat);
    const kind = el(
      "p",
      { class: "atlas-box-kind" },
      drawn(spot.kind, "site" in spot ? spot.site.order : undefined),
      el("span", {}, words(capital(spot.kind.one))),
    );
    const more =
      row === null
        ? []
        : [
            el(
              "p",
              {},
              button("Show its neighbourhood", "atlas-quiet", () => {
                this.close();
                this.#hooks.select(row);
              }),
            ),
          ];
    return [kind, ...parts, ...more];
  }

  #aboutSite({ site }: SiteSpot): HTMLElement[] {
    if (!this.#sites) return [];
    return [...siteInWords(this.#sites, site).map((line) => el("p", {}, line)), el("p", { class: "atlas-note" }, ESTIMATED)];
  }
}

function aboutPlace({ place: { kind, offers, opening, postcode } }: PlaceSpot): HTMLElement[] {
  const lines: (HTMLElement | null)[] = [
    kind.offers_now ? null : el("p", {}, el("strong", {}, "Could offer help, does not as a rule.")),
    kind.mobile ? el("p", {}, "Mobile: shown at its base. Its stops are not in the data.") : null,
    offers.length ? el("p", {}, kind.offers_now ? "Offers: " : "Could offer: ", words(offersInWords(offers))) : null,
    opening ? el("p", {}, "Opening: ", words(opening)) : null,
    postcode ? el("p", {}, "Postcode: ", words(postcode)) : null,
    el("p", { class: "atlas-note" }, "Source: ", words(kind.origin)),
  ];
  return lines.filter((line) => line !== null);
}

function aboutStory({ story }: StorySpot): HTMLElement[] {
  return [
    el("blockquote", { class: "atlas-quote" }, words(story.quote)),
    el("p", {}, "About: ", words(story.theme)),
    el("p", { class: "atlas-note" }, words(story.source), ". Shown with consent."),
  ];
}
