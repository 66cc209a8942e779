/** What of the map is in view: fitted beside what lies over it, and moved to areas and places. */
import type { Boxes } from "../map/boxes";
import { roomFor } from "../map/room";
import type { View } from "../model/address";
import type { Box } from "../model/geometry";
import { boxOf, everyArea, toLonLat } from "../model/geometry";
import type { Page } from "../scoring/page";
import { button } from "../ui/dom";

/** No closer than this to areas that are chosen. */
const CLOSEST_FIT = 13;
const EDGE = 24;
const NARROW_EDGE = 12;
/** Where a panel leaves less of the map's height than this, an area cannot be kept clear of it, in pixels. */
const MOST_COVERED = 96;
/** No closer than this when an area that was out of view is brought into it. */
const INTO_VIEW = 11;

/** What lies over the map. */
export interface Covers {
  frame: HTMLElement;
  panel: HTMLElement;
  boxes: Boxes;
}

interface Padding {
  paddingTopLeft: [number, number];
  paddingBottomRight: [number, number];
}

export class Viewport {
  readonly #map: L.Map;
  readonly #page: Page;
  readonly #covers: Covers;
  readonly #narrow: MediaQueryList;
  readonly #calm = matchMedia("(prefers-reduced-motion: reduce)");
  /** There while the map has been moved. */
  readonly #back = button("Whole map", "atlas-whole", () => {
    this.fitAll();
  });
  #all: L.LatLngBounds | null = null;
  #zooming = false;
  /** All areas are in view and the reader has not moved the map. */
  #isWhole = true;

  constructor(map: L.Map, page: Page, covers: Covers, narrow: MediaQueryList) {
    this.#map = map;
    this.#page = page;
    this.#covers = covers;
    this.#narrow = narrow;
  }

  /** Readies the map, with all areas in view. */
  prepare(): void {
    const map = this.#map;
    map.options.zoomSnap = 0;
    map.options.zoomDelta = 1;
    map.options.inertia = !this.#calm.matches;
    map.zoomControl.setPosition("topright");
    const whole = new L.Control({ position: "topright" });
    const back = this.#back;
    L.DomEvent.disableClickPropagation(back);
    whole.onAdd = () => back;
    whole.addTo(map);
    L.control.scale({ position: "bottomright" }).addTo(map);
    // Last, so that all is laid out at once.
    map.invalidateSize({ animate: false });
    const all = this.bounds(boxOf(this.#page.geometry, everyArea(this.#page.geometry)));
    if (!all) return;
    this.#all = all;
    this.fitAll();
    map.setMinZoom(Math.max(0, map.getZoom() - 1.5));
    map.setMaxZoom(17);
    map.setMaxBounds(all.pad(1));
  }

  /** From now on the store has the view that the map is on. */
  listen(): void {
    const map = this.#map;
    const { store } = this.#page;
    const tell = (): void => {
      const { lat, lng } = map.getCenter();
      store.view.value = { zoom: map.getZoom(), lat, lon: lng };
    };
    map.on("movestart", () => {
      this.#setWhole(false);
    });
    map.on("zoomstart", () => {
      this.#zooming = true;
    });
    map.on("zoomend", () => {
      this.#zooming = false;
    });
    map.on("moveend", tell);
    new ResizeObserver(() => {
      const { clientWidth, clientHeight } = map.getContainer();
      // It calls once for the size that is there already.
      if (!map.getSize().equals([clientWidth, clientHeight])) this.resize();
    }).observe(map.getContainer());
    tell();
  }

  #setWhole(whole: boolean): void {
    this.#isWhole = whole;
    // A reader who has just pressed it keeps the focus on the map.
    if (whole && document.activeElement === this.#back) this.#map.getContainer().focus({ preventScroll: true });
    this.#back.hidden = whole;
  }

  bounds(box: Box | null): L.LatLngBounds | null {
    if (!box) return null;
    const { geometry } = this.#page;
    const [west, south] = toLonLat(geometry, box.west, box.south);
    const [east, north] = toLonLat(geometry, box.east, box.north);
    return L.latLngBounds([south, west], [north, east]);
  }

  boundsOf(row: number): L.LatLngBounds | null {
    return this.bounds(boxOf(this.#page.geometry, [row]));
  }

  fit(rows: Iterable<number>, maxZoom = CLOSEST_FIT): void {
    const bounds = this.bounds(boxOf(this.#page.geometry, rows));
    if (bounds) this.#fitBounds(bounds, maxZoom);
  }

  /** The same beside what lies over the map, such as the legend. */
  fitBeside(rows: Iterable<number>): void {
    const bounds = this.bounds(boxOf(this.#page.geometry, rows));
    if (bounds) this.#fitBounds(bounds, CLOSEST_FIT, this.#roomiest(bounds));
  }

  /** Moves to a point, no less close than `zoom`. */
  goTo(lat: number, lon: number, zoom: number): void {
    this.#fitBounds(L.latLngBounds([lat, lon], [lat, lon]), Math.max(zoom, this.#map.getZoom()));
  }

  fitAll(): void {
    // A map that is being zoomed would go on to where it was going.
    if (this.#zooming) {
      this.#map.once("zoomend", () => {
        this.fitAll();
      });
      return;
    }
    const { x, y } = this.#map.getSize();
    // A page opened in the background may have no size yet; the map is fitted when it gets one.
    const all = this.#all;
    if (all && x > 0 && y > 0) this.#moveAtOnce(() => this.#map.fitBounds(all, { ...this.#roomiest(all), animate: false }));
    this.#setWhole(true);
  }

  setView({ lat, lon, zoom }: View): void {
    if (!this.#all?.pad(0.5).contains([lat, lon])) return;
    this.#moveAtOnce(() => this.#map.setView([lat, lon], zoom, { animate: false }));
    this.#setWhole(false);
  }

  bringIntoView(row: number): void {
    const bounds = this.boundsOf(row);
    if (!bounds) return;
    const covered = this.#coveredBelow();
    const size = this.#map.getSize();
    const northWest = this.#map.latLngToContainerPoint(bounds.getNorthWest());
    const southEast = this.#map.latLngToContainerPoint(bounds.getSouthEast());
    const middle = northWest.add(southEast).divideBy(2);
    const seen = middle.x > EDGE && middle.y > EDGE && middle.x < size.x - EDGE && middle.y < size.y - covered - EDGE;
    if (!seen) this.fit([row], Math.max(this.#map.getZoom(), INTO_VIEW));
  }

  /** After something around the map opened or closed. */
  resize(): void {
    const whole = this.#isWhole;
    this.#map.invalidateSize({ pan: false });
    if (whole) this.fitAll();
    this.#setWhole(whole);
  }

  /**
   * Makes the map as large as it is on paper, CSS pixels, with some areas in its middle, until the answer is called. What is
   * painted follows a moment later.
   */
  onPaper(rows: Iterable<number>, { width, height }: { width: number; height: number }): () => void {
    const { frame } = this.#covers;
    const map = this.#map;
    const [whole, centre, zoom] = [this.#isWhole, map.getCenter(), map.getZoom()];
    const sized = (across: string, down: string): void => {
      Object.assign(frame.style, { width: across, height: down, flex: across && "none" });
      map.invalidateSize({ animate: false, pan: false });
    };
    sized(`${width}px`, `${height}px`);
    const bounds = this.bounds(boxOf(this.#page.geometry, rows));
    if (bounds) this.#moveAtOnce(() => map.fitBounds(bounds, { padding: [EDGE, EDGE], maxZoom: CLOSEST_FIT, animate: false }));
    return () => {
      sized("", "");
      this.#moveAtOnce(() => map.setView(centre, zoom, { animate: false }));
      this.#setWhole(whole);
    };
  }

  #fitBounds(bounds: L.LatLngBounds, maxZoom: number, padding: Padding = this.#padding()): void {
    // A map that is being zoomed would go on to where it was going.
    if (this.#zooming) {
      this.#map.once("zoomend", () => {
        this.#fitBounds(bounds, maxZoom, padding);
      });
      return;
    }
    this.#map.fitBounds(bounds, { ...padding, maxZoom, animate: !this.#calm.matches });
  }

  /** Moves the map whatever it is doing: one that was made smaller may be gliding back into its bounds, and would go on. */
  #moveAtOnce(move: () => void): void {
    const { maxBounds } = this.#map.options;
    this.#map.setMaxBounds(undefined);
    this.#map.stop();
    move();
    this.#map.setMaxBounds(maxBounds);
  }

  /** Beside what lies over the map, where the bounds are seen largest. */
  #roomiest(bounds: L.LatLngBounds): Padding {
    const { x, y } = this.#map.getSize();
    const zoom = this.#map.getZoom();
    const shape = L.bounds(this.#map.project(bounds.getNorthWest(), zoom), this.#map.project(bounds.getSouthEast(), zoom)).getSize();
    const edge = this.#narrow.matches ? NARROW_EDGE : EDGE;
    const { left, right, top, bottom } = roomFor({ width: shape.x, height: shape.y }, { width: x, height: y }, this.#covers.boxes.large(), edge);
    return { paddingTopLeft: [left, top], paddingBottomRight: [x - right, y - bottom] };
  }

  #padding(): Padding {
    const edge = this.#narrow.matches ? NARROW_EDGE : EDGE;
    return { paddingTopLeft: [edge, edge], paddingBottomRight: [edge, edge + this.#coveredBelow()] };
  }

  #coveredBelow(): number {
    const { panel, frame } = this.#covers;
    const map = frame.getBoundingClientRect();
    // A panel below the map, as on a page that scrolls, covers nothing; one over all of it leaves nothing to keep free.
    const covered = panel.hidden || !this.#narrow.matches ? 0 : map.bottom - panel.getBoundingClientRect().top;
    return covered > 0 && covered < map.height - MOST_COVERED ? covered : 0;
  }
}
