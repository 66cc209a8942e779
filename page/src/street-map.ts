/** Streets behind the areas, from a server of map pictures: only when the reader asks, as it needs the internet. */
import type { StreetMapInfo } from "./contract";
import { button, el, words } from "./dom";

/**
 * The name that a window has while its reader wants the street map. The policy of the page, which is written before
 * anything is loaded, lets the pictures in only then; a name stays when the page is loaded again, and is not in its link.
 */
const WANTED = "atlas-street-map";
const PAUSE = 4_000;

export class StreetMap {
  readonly element: HTMLDetailsElement;
  readonly #info: StreetMapInfo;
  readonly #say: (text: string) => void;
  readonly #state = el("p", { class: "atlas-note", hidden: "" });
  readonly shown = window.name === WANTED;
  #complained = 0;

  constructor(info: StreetMapInfo, say: (text: string) => void) {
    this.#info = info;
    this.#say = say;
    const { host } = new URL(info.address.replace(/[{}]/g, ""));
    this.element = el(
      "details",
      { class: "atlas-section" },
      el("summary", {}, "Street map"),
      el(
        "div",
        { class: "atlas-section-body" },
        el(
          "p",
          { class: "atlas-note" },
          this.shown
            ? "Streets are shown behind the areas. While they are, your browser asks "
            : "Shows streets behind the areas. This needs the internet: your browser will ask ",
          words(host),
          " for pictures of the places you look at. Nothing else is sent.",
        ),
        this.#state,
        el(
          "div",
          { class: "atlas-row" },
          button(this.shown ? "Remove the street map" : "Show the street map (needs the internet)", "atlas-quiet", () => {
            window.name = this.shown ? "" : WANTED;
            location.reload();
          }),
        ),
      ),
    );
  }

  addTo(map: L.Map): void {
    if (!this.shown) return;
    const { address, attribution, largest_zoom: maxNativeZoom } = this.#info;
    const tiles = L.tileLayer(address, { maxNativeZoom, maxZoom: 22, className: "atlas-streets" });
    tiles.on("tileerror", () => {
      this.#complain();
    });
    tiles.addTo(map);
    map.getContainer().classList.add("atlas-on-streets");
    const credit = el("div", { class: "atlas-streets-credit leaflet-control" }, words(attribution));
    const control = new L.Control({ position: "bottomright" });
    control.onAdd = () => credit;
    control.addTo(map);
  }

  #complain(): void {
    const now = Date.now();
    if (now - this.#complained < PAUSE) return;
    this.#complained = now;
    this.#state.hidden = false;
    this.#state.textContent = "The street map could not be reached. Everything else on this page works without it.";
    this.#say(this.#state.textContent);
  }
}
