/**
 * Symbols above the areas: only those in view, and one in place of those that would lie on each other. They are painted
 * on canvases, which a map that is dragged moves at no cost; over each lies an empty element to click and to name it.
 */
import type { Cluster, Spot } from "../model/spots";
import { Clusters, countsInWords, isCluster, total } from "../model/spots";
import type { Subject, SymbolKind } from "../model/symbol-kinds";
import type { Box } from "./labels";
import { canvas, empty, originAt, resize } from "./canvases";
import { clusterSize, paintCluster, paintSymbol, UNITS } from "./symbol";

/** Symbols are there this far beyond the edges of the map, as a share of its size, so that a short drag shows no bare strip. */
const PADDING = 0.15;
const FINEST_PIXEL_RATIO = 2;
const SIZE = 26;
const PIN_SIZE = 34;
/** Kinds of which a cluster shows the symbols; one of more kinds shows none. */
const KINDS_SHOWN = 3;
const ABOVE: Record<Subject, number> = { places: 0, sites: 10_000, stories: 20_000 };
const OPEN_ABOVE = 30_000;
/** How solid symbols outside the areas are. */
const OUTSIDE = 0.55;
/** Until a reader asks for symbols, they are gathered as on a map of so many zoom levels less. */
const GATHERED = 1.25;
/** Coming closer by this many zoom levels asks for them. */
const ASKS = 1;
const FORCED = "(forced-colors: active)";

export interface SymbolLayerHooks {
  /** Clicked, or reached with Enter. */
  choose: (found: Spot | Cluster, element: HTMLElement) => void;
  /** What is on the map has changed. */
  painted: () => void;
  /** The pointer is over it, or has left it. */
  over: (found: Spot | Cluster | null, at: L.Point | null) => void;
}

/** What a symbol says to those who listen. */
export function inWords(found: Spot | Cluster): string {
  return isCluster(found) ? countsInWords(found.counts) : `${found.name}, ${found.kind.one}`;
}

export class SymbolLayer extends L.Layer {
  readonly #hooks: SymbolLayerHooks;
  readonly #clusters: Record<"places" | "stories", Clusters>;
  readonly #markers = new Map<string, L.Marker>();
  readonly #canvas = canvas("atlas-spots");
  /** By itself, for what people said is not printed unless that is asked for. */
  readonly #storyCanvas = canvas("atlas-story");
  readonly #forced = matchMedia(FORCED);
  #wanted: ReadonlyMap<string, Spot | Cluster> = new Map();
  #sites: readonly Spot[] = [];
  #open: Spot | null = null;
  #map: L.Map | null = null;
  /** Of what is painted: the corner in world pixels of a zoom, and what of the world it holds. */
  #topLeft = L.point(0, 0);
  #zoom = 0;
  #covered: L.LatLngBounds | null = null;
  /** They are gathered below this zoom. */
  #gatheredBelow = 0;
  /** Clusters have numbers that mean others once what is shown has changed. */
  #version = 0;

  constructor(kinds: readonly SymbolKind[], hooks: SymbolLayerHooks) {
    super();
    this.#hooks = hooks;
    this.#clusters = { places: new Clusters(kinds), stories: new Clusters(kinds) };
    this.#forced.addEventListener("change", () => {
      this.#paint();
    });
  }

  override onAdd(map: L.Map): this {
    this.#map = map;
    map.getPane("markerPane")?.append(this.#canvas, this.#storyCanvas);
    this.#update();
    return this;
  }

  override onRemove(): this {
    this.#keep(new Map());
    empty(this.#canvas);
    empty(this.#storyCanvas);
    this.#canvas.remove();
    this.#storyCanvas.remove();
    this.#map = null;
    return this;
  }

  override getEvents(): Record<string, L.LeafletEventHandlerFn> {
    const update = (): void => {
      this.#update();
    };
    return {
      moveend: update,
      resize: update,
      move: () => {
        const map = this.#map;
        if (map?.getZoom() === this.#zoom && !this.#covered?.contains(map.getBounds())) this.#update();
      },
      zoom: () => {
        if (this.#map) this.#follow(this.#map.getCenter(), this.#map.getZoom());
      },
      zoomanim: (event: L.LeafletEvent) => {
        const { center, zoom } = event as L.ZoomAnimEvent;
        this.#follow(center, zoom);
      },
    };
  }

  /** Everything that is to be seen. Proposed sites stay apart from each other, for each has its number. */
  setSpots(spots: readonly Spot[]): void {
    const of = (subject: Subject): Spot[] => spots.filter(({ kind }) => kind.subject === subject);
    this.#clusters.places.set(of("places"));
    this.#clusters.stories.set(of("stories"));
    this.#sites = of("sites");
    this.#version++;
    this.#update();
  }

  /** Whether symbols stay gathered until the map comes closer. */
  gather(wanted: boolean): void {
    this.#gatheredBelow = wanted && this.#map ? this.#map.getZoom() + ASKS : 0;
    this.#update();
  }

  /** The one whose box is open is shown whether or not it is in a cluster or its kind is hidden. */
  setOpen(spot: Spot | null): void {
    this.#open = spot;
    this.#update();
  }

  /** The zoom at which a cluster falls apart. */
  apartFrom(cluster: Cluster): number {
    return Math.max(this.#of(cluster).apartFrom(cluster), this.#gatheredBelow);
  }

  members(cluster: Cluster): Spot[] {
    return this.#of(cluster).members(cluster);
  }

  /** Draws what is on the map on a picture of it, `ratio` of whose pixels are one of the map. */
  paintOn(context: CanvasRenderingContext2D, ratio: number, stories: boolean): void {
    const map = this.#map;
    if (!map) return;
    const { x, y } = this.#topLeft.subtract(map.getPixelBounds().min ?? this.#topLeft);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    for (const element of stories ? [this.#canvas, this.#storyCanvas] : [this.#canvas]) {
      if (element.width && element.height) context.drawImage(element, x, y, parseFloat(element.style.width), parseFloat(element.style.height));
    }
  }

  /** Where they lie, in CSS pixels of the map. */
  boxes(): Box[] {
    const map = this.#map;
    if (!map) return [];
    return [...this.#wanted.values()].map((found) => {
      const { x, y } = map.latLngToContainerPoint([found.lat, found.lon]);
      const half = (isCluster(found) ? clusterSize(total(found.counts)) : sizeOf(found)) / 2;
      const middle = !isCluster(found) && isPin(found) ? y - half : y;
      return { left: x - half, right: x + half, top: middle - half, bottom: middle + half };
    });
  }

  #of(cluster: Cluster): Clusters {
    return [...cluster.counts.keys()].some(isStories) ? this.#clusters.stories : this.#clusters.places;
  }

  #update(): void {
    const map = this.#map;
    if (!map) return;
    const padded = map.getBounds().pad(PADDING);
    const bounds = { west: padded.getWest(), south: padded.getSouth(), east: padded.getEast(), north: padded.getNorth() };
    const zoom = map.getZoom() < this.#gatheredBelow ? map.getZoom() - GATHERED : map.getZoom();
    const wanted = new Map<string, Spot | Cluster>();
    const add = (name: "places" | "stories"): void => {
      for (const found of this.#clusters[name].within(bounds, zoom)) {
        wanted.set(isCluster(found) ? `${name}:${this.#version}:${found.id}` : found.id, found);
      }
    };
    add("places");
    for (const site of this.#sites) if (padded.contains([site.lat, site.lon])) wanted.set(site.id, site);
    add("stories");
    // Last, so that it lies above the others.
    if (this.#open) {
      wanted.delete(this.#open.id);
      wanted.set(this.#open.id, this.#open);
    }
    this.#covered = padded;
    this.#keep(wanted);
    this.#paint();
  }

  // --- painting ---

  #paint(): void {
    const map = this.#map;
    if (!map) return;
    const size = map.getSize();
    const padding = size.multiplyBy(PADDING).round();
    this.#zoom = map.getZoom();
    this.#topLeft = (map.getPixelBounds().min ?? L.point(0, 0)).subtract(padding);
    const found = [...this.#wanted.values()];
    const [stories, others] = [found.filter(isStory), found.filter((one) => !isStory(one))];
    for (const [element, some] of [
      [this.#canvas, others],
      [this.#storyCanvas, stories],
    ] as const) {
      const ratio = Math.min(devicePixelRatio, FINEST_PIXEL_RATIO);
      if (some.length) resize(element, size.add(padding.multiplyBy(2)), ratio);
      else empty(element);
      const context = some.length ? element.getContext("2d") : null;
      if (context) this.#paintAll(context, map, some, ratio);
    }
    this.#place(map.getPixelOrigin(), this.#zoom);
    this.#hooks.painted();
  }

  #paintAll(context: CanvasRenderingContext2D, map: L.Map, found: readonly (Spot | Cluster)[], ratio: number): void {
    const forced = this.#forced.matches;
    for (const one of found) {
      const { x, y } = map.project([one.lat, one.lon], this.#zoom).subtract(this.#topLeft).round();
      context.setTransform(ratio, 0, 0, ratio, x * ratio, y * ratio);
      context.globalAlpha = one.outside && !forced ? OUTSIDE : 1;
      if (isCluster(one)) paintCluster(context, total(one.counts), one.counts.size > KINDS_SHOWN ? [] : [...one.counts.keys()], forced);
      else {
        const size = sizeOf(one);
        context.translate(0, isPin(one) ? -size / 2 : 0);
        paintSymbol(context, one.kind, size / UNITS, forced, "site" in one ? one.site.order : undefined);
      }
    }
  }

  /** Stretches what is painted to a view that is still changing. */
  #follow(center: L.LatLng, zoom: number): void {
    if (this.#map) this.#place(originAt(this.#map, center, zoom), zoom);
  }

  #place(origin: L.Point, zoom: number): void {
    const scale = this.#map?.getZoomScale(zoom, this.#zoom) ?? 1;
    for (const element of [this.#canvas, this.#storyCanvas]) L.DomUtil.setTransform(element, this.#topLeft.multiplyBy(scale).subtract(origin), scale);
  }

  // --- what is clicked ---

  /** Takes away what is not wanted and adds what is not there; the rest stays as it is. */
  #keep(wanted: ReadonlyMap<string, Spot | Cluster>): void {
    this.#wanted = wanted;
    for (const [key, marker] of this.#markers) {
      if (wanted.has(key)) continue;
      marker.remove();
      this.#markers.delete(key);
    }
    for (const [key, found] of wanted) {
      const marker = this.#markers.get(key) ?? this.#add(key, found);
      const open = found === this.#open;
      marker.getElement()?.classList.toggle("atlas-spot-open", open);
      if (!isCluster(found)) marker.setZIndexOffset(open ? OPEN_ABOVE : ABOVE[found.kind.subject]);
    }
  }

  #add(key: string, found: Spot | Cluster): L.Marker {
    const size = isCluster(found) ? clusterSize(total(found.counts)) : sizeOf(found);
    const pin = !isCluster(found) && isPin(found);
    const icon = L.divIcon({ className: "atlas-spot", iconSize: [size, size], iconAnchor: [size / 2, pin ? size : size / 2] });
    const marker = L.marker([found.lat, found.lon], { icon, keyboard: false, autoPanOnFocus: false });
    this.#markers.set(key, marker);
    if (this.#map) marker.addTo(this.#map);
    const element = marker.getElement();
    if (!element) return marker;
    // Hundreds of symbols would be as many stops on the way through the page: the list of places has the same.
    for (const [name, value] of Object.entries({ role: "button", tabindex: "-1", "aria-label": inWords(found) })) element.setAttribute(name, value);
    marker.on("click", () => {
      this.#hooks.choose(found, element);
    });
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      this.#hooks.choose(found, element);
    });
    marker.on("mousemove", (event) => {
      this.#hooks.over(found, event.containerPoint);
    });
    marker.on("mouseout", () => {
      this.#hooks.over(null, null);
    });
    return marker;
  }
}

function isStories({ subject }: SymbolKind): boolean {
  return subject === "stories";
}

function isStory(found: Spot | Cluster): boolean {
  return isCluster(found) ? [...found.counts.keys()].some(isStories) : isStories(found.kind);
}

/** A pin stands on its point, other symbols lie around it. */
function isPin({ kind }: Spot): boolean {
  return kind.subject !== "places";
}

function sizeOf(spot: Spot): number {
  return isPin(spot) ? PIN_SIZE : SIZE;
}
