/** Support places, proposed sites and stories: which of them the map shows, and what happens when one is chosen. */
import type { Box } from "../../map/labels";
import { SymbolBox } from "../../map/symbol-box";
import { inWords, SymbolLayer } from "../../map/symbol-layer";
import type { AtlasData } from "../../model/contract";
import { plural } from "../../model/format";
import { byName } from "../../model/places";
import type { Cluster, PlaceSpot, Spot } from "../../model/spots";
import { CLOSEST, countsInWords, isCluster, total } from "../../model/spots";
import type { Support, SupportPlace } from "../../model/support";
import type { Subject, SymbolKind } from "../../model/symbol-kinds";
import { symbolKinds } from "../../model/symbol-kinds";
import type { Store } from "../../model/store";
import { MANY_AREAS } from "../../model/areas";
import { follow } from "../../model/store";
import type { Page } from "../../scoring/page";
import { foldedKey, PlacesControl, symbolKey } from "./places-control";
import { PlacesView } from "./places-view";

/** How close the map comes to a place chosen in a list. */
const PLACE_FIT = 13;
/** Degrees, a few hundred metres. */
const NEAR = 0.004;
const NONE = "none";
const PRINTED_TOO = "atlas-print-stories";

export interface SymbolHooks {
  /** The area that a point lies in. */
  rowAt: (lon: number, lat: number) => number | null;
  select: (row: number) => void;
  /** What is under the pointer, in one line or two; null: no symbol is. */
  over: (title: string | null, detail: string, at: L.Point | null) => void;
  /** The map is to move to a point, no less close than a zoom. */
  goTo: (lat: number, lon: number, zoom: number) => void;
  /** What the symbols that are shown mean; null where none are. */
  key: (key: HTMLElement | null, folded: HTMLElement | null) => void;
  /** Symbols lie elsewhere on the map. */
  painted: () => void;
  openList: () => void;
  closeList: () => void;
  say: (text: string) => void;
}

export class Symbols {
  readonly control: PlacesControl | null;
  readonly view: PlacesView | null;
  readonly box: SymbolBox;
  readonly #kinds: readonly SymbolKind[];
  readonly #atFirst: readonly SymbolKind[];
  readonly #layer: SymbolLayer;
  readonly #hooks: SymbolHooks;
  readonly #store: Store;
  /** Sites and stories, which are there from the beginning. */
  readonly #given: readonly Spot[];
  #places: readonly PlaceSpot[] = [];

  constructor(map: L.Map, { data, store }: Pick<Page, "data" | "store">, hooks: SymbolHooks) {
    this.#hooks = hooks;
    this.#store = store;
    this.#kinds = symbolKinds(data);
    // On a page of many areas they would hide what it shows.
    this.#atFirst = data.table.rows < MANY_AREAS ? this.#kinds.filter(({ subject, offersNow, mobile }) => subject === "places" && offersNow && !mobile) : [];
    this.#given = given(data, this.#kinds);
    const show = (spot: Spot, opener: HTMLElement | null): void => {
      this.#goTo(spot, opener);
    };
    // Who reads the list of sites or stories looks for them on the map as well.
    const turned = (to: Subject): void => {
      const { shown } = this;
      if (to === "places" || shown.some(({ subject }) => subject === to)) return;
      this.#set(this.#kinds.filter((kind) => kind.subject === to || shown.includes(kind)));
      hooks.say(`${this.#kinds.find(({ subject }) => subject === to)?.title ?? ""}: shown on the map`);
    };
    const some = this.#kinds.length > 0;
    this.control = some
      ? new PlacesControl(this.#kinds, data.support?.unit ?? null, {
          change: (kinds) => {
            this.#layer.gather(false);
            this.#set(kinds);
          },
          printStories: (wanted) => {
            document.documentElement.classList.toggle(PRINTED_TOO, wanted);
          },
          list: hooks.openList,
        })
      : null;
    this.view = some ? new PlacesView(this.#kinds, data.sites ?? null, this.#given, { show, turned, close: hooks.closeList }) : null;
    this.box = new SymbolBox(map, data.sites ?? null, {
      rowAt: hooks.rowAt,
      select: hooks.select,
      show: (spot, opener) => {
        this.#open(spot, opener);
      },
      closed: () => {
        this.#layer.setOpen(null);
      },
    });
    this.#layer = new SymbolLayer(this.#kinds, {
      painted: hooks.painted,
      choose: (found, element) => {
        if (isCluster(found)) this.#openCluster(map, found, element);
        else this.#open(found, element);
      },
      over: (found, at) => {
        if (!found) hooks.over(null, "", null);
        else if (isCluster(found)) hooks.over(countsInWords(found.counts), "", at);
        else hooks.over(found.name, found.kind.one, at);
      },
    });
    map.on("click", () => {
      this.box.close();
    });
    this.#count();
    follow(
      () => store.places.value,
      () => {
        this.control?.show(this.shown);
        this.#draw();
      },
    );
  }

  /** Where they lie, in CSS pixels of the map. */
  boxes(): Box[] {
    return this.#layer.boxes();
  }

  /** Adds them to the map; before this nothing is drawn. */
  addTo(map: L.Map): void {
    this.#layer.addTo(map);
    this.#layer.gather(this.#store.places.peek() === null);
  }

  setSupport(support: Support): void {
    const kinds = new Map(this.#kinds.map((kind) => [kind.id, kind]));
    this.#places = support.places.flatMap((place) => {
      const kind = kinds.get(place.kind.id);
      return kind ? [{ id: `place:${place.row}`, kind, name: place.name, lon: place.lon, lat: place.lat, place, outside: this.#isOutside(place) }] : [];
    });
    this.#count();
    this.view?.setPlaces(this.#places);
    this.#draw();
  }

  /** A place that is named elsewhere on the page is shown as if it were chosen in the list. */
  showPlace(place: SupportPlace): void {
    const spot = this.#places.find((other) => other.place.row === place.row);
    if (spot) this.#goTo(spot, document.activeElement instanceof HTMLElement ? document.activeElement : null);
  }

  /** The kinds shown. */
  get shown(): readonly SymbolKind[] {
    const ids = this.#store.places.peek();
    return ids === null ? this.#atFirst : this.#kinds.filter(({ id }) => ids.includes(id));
  }

  /** The kinds shown, for the address: null where they are those that the page shows by itself. */
  get state(): string | null {
    const ids = this.#store.places.value;
    return ids && (ids.join(",") || NONE);
  }

  /** The kinds that an address names, and those that this page does not have, in words. */
  read(state: string | null): { places: readonly string[] | null; unread: string[] } {
    const wanted = new Set(state?.split(","));
    const unread = [...wanted].filter((id) => id !== NONE && !this.#kinds.some((kind) => kind.id === id));
    return {
      places: state === null ? null : this.#idsOf(this.#kinds.filter(({ id }) => wanted.has(id))),
      unread: unread.map((id) => `symbols of the kind “${id}”`),
    };
  }

  /** Draws what is shown on a picture of the map, which is as far from the screen as paper. */
  paintOn(context: CanvasRenderingContext2D, ratio: number): void {
    this.#layer.paintOn(context, ratio, this.#storiesLeave);
  }

  /** What that picture has symbols of. */
  get painted(): SymbolKind[] {
    return this.shown.filter(({ subject }) => subject !== "stories" || this.#storiesLeave);
  }

  get #storiesLeave(): boolean {
    return document.documentElement.classList.contains(PRINTED_TOO);
  }

  /** Far from all areas: the point of a place by the sea may lie just beyond one. */
  #isOutside({ lon, lat }: SupportPlace): boolean {
    return [
      [0, 0],
      [0, NEAR],
      [0, -NEAR],
      [NEAR, 0],
      [-NEAR, 0],
    ].every(([east, north]) => this.#hooks.rowAt(lon + east, lat + north) === null);
  }

  #set(kinds: readonly SymbolKind[]): void {
    this.#store.places.value = this.#idsOf(kinds);
  }

  #idsOf(kinds: readonly SymbolKind[]): string[] | null {
    const ids = kinds.map(({ id }) => id);
    return ids.join() === this.#atFirst.map(({ id }) => id).join() ? null : ids;
  }

  #count(): void {
    const counts = new Map<SymbolKind, number>();
    for (const { kind } of [...this.#places, ...this.#given]) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    this.control?.setCounts(counts);
  }

  #draw(): void {
    const { shown } = this;
    const wanted = new Set(shown);
    this.#layer.setSpots([...this.#places, ...this.#given].filter(({ kind }) => wanted.has(kind)));
    if (shown.length) this.#hooks.key(symbolKey(shown), foldedKey(shown));
    else this.#hooks.key(null, null);
  }

  #open(spot: Spot, opener: HTMLElement | null): void {
    this.#hooks.over(null, "", null);
    this.#layer.setOpen(spot);
    this.box.showSpot(spot, opener);
  }

  #goTo(spot: Spot, opener: HTMLElement | null): void {
    this.#hooks.goTo(spot.lat, spot.lon, PLACE_FIT);
    this.#open(spot, opener);
    this.#hooks.say(`${inWords(spot)}: shown on the map`);
  }

  /** Comes closer until it falls apart; what no zoom tells apart is listed. */
  #openCluster(map: L.Map, cluster: Cluster, element: HTMLElement): void {
    this.#hooks.over(null, "", null);
    const zoom = this.#layer.apartFrom(cluster);
    if (zoom > CLOSEST) {
      const what = cluster.counts.size === 1 ? countsInWords(cluster.counts) : plural(total(cluster.counts), "place", "places");
      this.#layer.setOpen(null);
      this.box.showList(`${what} here`, [cluster.lat, cluster.lon], this.#layer.members(cluster).sort(byName), element);
      return;
    }
    if (document.activeElement === element) map.getContainer().focus({ preventScroll: true });
    this.box.close();
    this.#hooks.goTo(cluster.lat, cluster.lon, zoom);
    this.#hooks.say(`Closer to ${countsInWords(cluster.counts)}`);
  }
}

function given({ sites, stories }: AtlasData, kinds: readonly SymbolKind[]): Spot[] {
  const of = (subject: Subject): SymbolKind | undefined => kinds.find((kind) => kind.subject === subject);
  const proposed = of("sites");
  const told = of("stories");
  return [
    ...(proposed
      ? (sites?.sites ?? []).map((site) => ({ id: `site:${site.order}`, kind: proposed, name: site.name, lon: site.lon, lat: site.lat, site }))
      : []),
    ...(told ? stories.map((story, number) => ({ id: `story:${number}`, kind: told, name: story.place, lon: story.lon, lat: story.lat, story })) : []),
  ];
}
