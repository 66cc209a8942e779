/** Streets behind the areas, from a server of map pictures: only when the reader asks, as it needs the internet. */
import type { StreetMapInfo } from "../model/contract";
import { plural } from "../model/format";
import { button, el, words } from "../ui/dom";

declare global {
  interface Window {
    /**
     * Whether the reader of this page, in this tab, wants the street map. The first script of the page says so
     * (`html.py`), as the policy that lets the pictures in has to be written before anything is loaded.
     */
    atlasStreetsWanted?: boolean;
  }
}

/** As the first script of the page has it: the wish is of one page in one tab, and outlives only that it is loaded again. */
const WISH = `atlas-street-map:${location.pathname}`;
const PAUSE = 4_000;
/** How long a picture may take, milliseconds. */
const PATIENCE = 20_000;
const REFUSED = 400;
const STILL = "Everything else on this page works without it.";

/** Why pictures are not there. */
type Failure = { kind: "refused"; status: number } | { kind: "unreached" } | { kind: "slow" };

export class StreetMap {
  readonly element: HTMLDetailsElement;
  readonly shown: boolean;
  readonly #info: StreetMapInfo;
  readonly #host: string;
  readonly #say: (text: string) => void;
  readonly #state = el("p", { class: "atlas-note atlas-streets-state", role: "status", hidden: "" });
  readonly #credit = el("div", { class: "atlas-streets-credit leaflet-control" });
  readonly #waiting = new Map<HTMLElement, ReturnType<typeof setTimeout>>();
  #failed = 0;
  #complained = 0;

  constructor(info: StreetMapInfo, say: (text: string) => void) {
    this.#info = info;
    this.#say = say;
    const { host } = new URL(info.address.replace("{s}.", "").replace(/[{}]/g, ""));
    this.#host = host;
    const offered = !fromFile() || info.works_from_file;
    this.shown = offered && window.atlasStreetsWanted === true;
    if (!this.shown) forget();
    this.element = el(
      "details",
      { class: "atlas-section" },
      el("summary", {}, "Street map"),
      el("div", { class: "atlas-section-body" }, ...(offered ? this.#offer() : this.#notOffered()), this.#state),
    );
  }

  #offer(): HTMLElement[] {
    const offline = !navigator.onLine && !this.shown;
    return [
      el(
        "p",
        { class: "atlas-note" },
        this.shown
          ? "Streets are shown behind the areas. While they are, your browser asks "
          : "Shows streets behind the areas. This needs the internet: your browser will ask ",
        words(this.#host),
        " for pictures of the places you look at, and say from which website. Nothing else is sent. Closing the tab ends it.",
      ),
      ...(offline ? [el("p", { class: "atlas-note" }, "This computer seems to be offline now.")] : []),
      el(
        "div",
        { class: "atlas-row" },
        button(this.shown ? "Remove the street map" : "Show the street map (needs the internet)", "atlas-quiet", () => {
          this.#wish(!this.shown);
        }),
      ),
    ];
  }

  /** Servers of map pictures answer only those who say which website asks, and a file cannot. */
  #notOffered(): HTMLElement[] {
    return [
      el(
        "p",
        { class: "atlas-note" },
        "Not offered here: this page was opened from a file, and ",
        words(this.#host),
        " refuses whoever does not say from which website they ask, which a file cannot. Opened from a web server (an address that begins with https), the page offers it.",
      ),
    ];
  }

  #wish(wanted: boolean): void {
    try {
      if (wanted) sessionStorage.setItem(WISH, "1");
      else sessionStorage.removeItem(WISH);
    } catch {
      this.#tell("This browser lets the page remember nothing, not even until it is loaded again, so the street map cannot be shown.");
      return;
    }
    location.reload();
  }

  addTo(map: L.Map): void {
    if (!this.shown) return;
    const { address, attribution, largest_zoom: maxNativeZoom } = this.#info;
    // Asked for in this way, the status of an answer can be seen: some servers refuse with a picture that says so.
    const tiles = L.tileLayer(address, {
      maxNativeZoom,
      maxZoom: 22,
      className: "atlas-streets",
      crossOrigin: "anonymous",
      referrerPolicy: "strict-origin-when-cross-origin",
    });
    let arrived = false;
    tiles.on("loading", () => {
      this.#failed = 0;
    });
    tiles.on("tileloadstart", ({ tile }) => {
      this.#wait(tile);
    });
    tiles.on("tileunload", ({ tile }) => {
      this.#had(tile);
    });
    tiles.on("tileload", ({ tile }) => {
      this.#had(tile);
      arrived = true;
      map.getContainer().classList.add("atlas-on-streets");
    });
    tiles.on("tileerror", ({ tile }) => {
      this.#had(tile);
      if (tiles.options.crossOrigin && !arrived) {
        // A server need not let pages see its answers; its pictures may be shown all the same.
        tiles.options.crossOrigin = false;
        tiles.redraw();
        return;
      }
      this.#complain({ kind: "unreached" });
    });
    tiles.on("load", () => {
      if (!this.#failed) this.#tell("");
    });
    this.#watchAnswers(tiles);
    tiles.addTo(map);
    this.#credit.replaceChildren(words(attribution));
    const control = new L.Control({ position: "bottomright" });
    control.onAdd = () => this.#credit;
    control.addTo(map);
  }

  /** Pictures that came with a refusal are taken away again. */
  #watchAnswers(tiles: L.TileLayer): void {
    if (typeof PerformanceObserver === "undefined") return;
    const watch = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const status = "responseStatus" in entry ? Number(entry.responseStatus) : 0;
        if (!(status >= REFUSED)) continue;
        const pictures = [...(tiles.getContainer()?.querySelectorAll("img") ?? [])].filter(({ src }) => src === entry.name);
        for (const picture of pictures) picture.style.visibility = "hidden";
        if (pictures.length) this.#complain({ kind: "refused", status });
      }
    });
    watch.observe({ type: "resource", buffered: true });
  }

  #wait(tile: HTMLElement): void {
    this.#had(tile);
    this.#waiting.set(
      tile,
      setTimeout(() => {
        this.#waiting.delete(tile);
        this.#complain({ kind: "slow" });
      }, PATIENCE),
    );
  }

  #had(tile: HTMLElement): void {
    clearTimeout(this.#waiting.get(tile));
    this.#waiting.delete(tile);
  }

  #complain(failure: Failure): void {
    this.#failed++;
    const now = Date.now();
    const text = this.#inWords(failure);
    if (now - this.#complained < PAUSE && !this.#state.hidden) return;
    this.#complained = now;
    this.element.open = true;
    this.#tell(text);
  }

  #inWords(failure: Failure): string {
    if (failure.kind === "refused") return `${this.#host} refuses to show its street map here (answer ${failure.status}). ${STILL}`;
    if (!navigator.onLine) return `The street map could not be reached: this computer seems to be offline. ${STILL}`;
    if (failure.kind === "slow")
      return `${this.#host} has not answered for ${plural(PATIENCE / 1000, "second", "seconds")}: the street map is not all there. ${STILL}`;
    return `The street map could not be reached: ${this.#host} does not answer, or refuses. ${STILL}`;
  }

  /** Nothing takes away what was said. */
  #tell(text: string): void {
    if (text === this.#state.textContent) return;
    this.#state.textContent = text;
    this.#state.hidden = !text;
    if (this.shown) this.#credit.replaceChildren(words(this.#info.attribution), text ? " · some streets are missing" : "");
    if (text) this.#say(text);
  }
}

/** A page without a website of its own: opened from a disk, an attachment, or inside a viewer. */
function fromFile(): boolean {
  return !/^https?:$/.test(location.protocol) || location.origin === "null";
}

/** No later load of the page in this tab is to take up the wish. */
function forget(): void {
  try {
    sessionStorage.removeItem(WISH);
  } catch {
    // A browser that lets the page remember nothing has nothing to forget.
  }
}
