/**
 * The areas on canvases of their own above the map: colours, a second layer's colours beside a divider, lines with
 * names, and outlines, so that a change of one of them repaints no other. Drawn in slices while the picture before
 * stays in view.
 */
import type { Colouring } from "../model/colour";
import type { Geometry } from "../model/geometry";
import { canvas, Canvases, empty, originAt } from "./canvases";
import type { Names } from "./labels";
import type { Mark } from "./outlines";
import { Outlines } from "./outlines";
import { arcKinds, Lines } from "./paint";
import type { Colours, Painted, Picture, Style } from "./painting";
import { Painter } from "./painting";
import { shotOf } from "./shot";
import { Sides } from "./sides";
import type { Job } from "./slices";
import { Slices } from "./slices";
import type { View } from "./view";
import { PADDING, shows, viewAround, viewAt } from "./view";

export type { Colouring } from "../model/colour";
export type { Mark } from "./outlines";
export type { Style } from "./painting";

/** Share of the padding that is left when drawing the next picture begins. */
const SPARE = 0.4;

export class CanvasLayer extends L.Layer {
  readonly #slices = new Slices();
  readonly #canvases = new Canvases();
  readonly #painter: Painter;
  readonly #outlines: Outlines;
  readonly #sides = new Sides();
  #areasCanvas = canvas("atlas-areas");
  #otherCanvas = canvas("atlas-other");
  #linesCanvas = canvas("atlas-lines");
  #map: L.Map | null = null;
  #picture: Picture | null = null;
  /** Of the picture that is being drawn or waits for the end of a zoom. */
  #coming: View | null = null;
  #ready: (() => void) | null = null;
  #zooming = false;
  #moving = false;
  #style: Style;
  #colours: Colours;
  /** Counts what changes colours; what is painted is of `#paintedVersion`. */
  #version = 0;
  #paintedVersion = -1;
  #waiting: (() => void)[] = [];

  constructor(geometry: Geometry, districts: Int32Array, names: Names, style: Style, colouring: Colouring) {
    super();
    const lines = new Lines(geometry, arcKinds(geometry, districts));
    this.#painter = new Painter(geometry, this.#canvases, lines, names);
    this.#outlines = new Outlines(lines);
    this.#style = style;
    this.#colours = { first: colouring, other: null, included: null, striped: null };
    this.#sides.left.append(this.#areasCanvas);
    this.#sides.right.append(this.#otherCanvas);
  }

  override onAdd(map: L.Map): this {
    this.#map = map;
    map.getPane("overlayPane")?.append(this.#sides.left, this.#sides.right, this.#linesCanvas, this.#outlines.canvas);
    this.#cover();
    this.#slices.finish();
    this.#settle();
    return this;
  }

  override onRemove(): this {
    this.#slices.stop();
    for (const element of [this.#sides.left, this.#sides.right, this.#linesCanvas, this.#outlines.canvas]) element.remove();
    this.#canvases.clear();
    this.#picture = this.#coming = this.#ready = null;
    this.#zooming = this.#moving = false;
    this.#settle();
    this.#map = null;
    return this;
  }

  override getEvents(): Record<string, L.LeafletEventHandlerFn> {
    const cover = (): void => {
      this.#cover();
    };
    const end = (): void => {
      this.#zooming = false;
      if (this.#ready) this.#ready();
      else this.#outline();
      this.#cover();
    };
    return {
      movestart: () => {
        this.#moving = true;
        this.#settle();
      },
      move: () => {
        this.#clip();
        if (!this.#zooming) this.#anticipate();
      },
      moveend: () => {
        this.#moving = false;
        this.#cover();
      },
      zoomend: end,
      viewreset: end,
      resize: cover,
      zoom: () => {
        if (this.#map) this.#follow(this.#map.getCenter(), this.#map.getZoom());
      },
      zoomanim: (event: L.LeafletEvent) => {
        const { center, zoom } = event as L.ZoomAnimEvent;
        this.#zooming = true;
        this.#follow(center, zoom);
        this.#draw(viewAt(this.#map, center, zoom));
      },
    };
  }

  colour(colouring: Colouring): void {
    this.#colours.first = colouring;
    this.#recolour();
  }

  /** What lies right of `share` of the map's width shows another colouring; null ends it. */
  compare(other: Colouring | null, share = this.#sides.share): void {
    this.#colours.other = other;
    this.divide(share);
    if (other) {
      this.#recolour();
      return;
    }
    this.#sides.end();
    this.#clip();
    empty(this.#otherCanvas);
  }

  /** Moves the divider; the areas are not painted again. */
  divide(share: number): void {
    this.#sides.share = share;
    this.#clip();
  }

  /** Areas with 0 are drawn paler; null: none are. */
  fade(included: Uint8Array | null): void {
    if (included === null && this.#colours.included === null) return;
    this.#colours.included = included;
    this.#recolour();
  }

  /** Areas with 1 are striped on the first layer; null: none are. */
  stripe(areas: Uint8Array | null): void {
    if (areas === this.#colours.striped) return;
    this.#colours.striped = areas;
    this.#recolour();
  }

  mark(mark: Mark, areas: Iterable<number>): void {
    this.#outlines.mark(mark, areas);
    this.#outline();
  }

  restyle(style: Style): void {
    this.#style = style;
    this.#version++;
    const view = this.#coming ?? this.#picture?.view;
    if (view) this.#draw(view);
  }

  /** Resolves when the map is still and its picture finished. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#settle();
    });
  }

  /** One picture of what the map shows, at the resolution of the screen, on a solid ground. */
  toCanvas(): HTMLCanvasElement {
    if (!this.#map || !this.#picture) return document.createElement("canvas");
    const { canvas: outlines, at: outlinesAt } = this.#outlines;
    const [areas, other, lines, { share }] = [this.#areasCanvas, this.#colours.other && this.#otherCanvas, this.#linesCanvas, this.#sides];
    return shotOf(this.#map, this.#picture.view, { areas, other, lines, outlines, outlinesAt, share }, this.#style);
  }

  // --- what is in view ---

  /** Draws what the map shows unless that is in the picture already, or will be. */
  #cover(): void {
    const map = this.#map;
    if (!map || this.#zooming) return;
    this.#put();
    const [bounds, zoom, size] = [map.getPixelBounds(), map.getZoom(), map.getSize()];
    if (this.#coming) {
      if (shows(this.#coming, bounds, zoom, size)) return;
      this.#coming = this.#ready = null;
      this.#slices.stop();
    }
    this.#settle();
    if (shows(this.#picture?.view, bounds, zoom, size)) this.#recolourIfStale();
    else this.#draw(viewAround(bounds.min ?? L.point(0, 0), zoom, size));
  }

  /** While the map is dragged: begins the next picture before the edge of this one comes into view. */
  #anticipate(): void {
    const map = this.#map;
    const view = this.#picture?.view;
    if (!map || !view || this.#slices.busy || this.#coming) return;
    const [bounds, zoom, size] = [map.getPixelBounds(), map.getZoom(), map.getSize()];
    const spare = size.multiplyBy(PADDING * SPARE);
    const corner = bounds.min ?? L.point(0, 0);
    const wider = L.bounds(corner.subtract(spare), corner.add(size).add(spare));
    if (zoom === view.zoom && !shows(view, wider, zoom, size)) this.#draw(viewAround(corner, zoom, size));
  }

  // --- drawing ---

  #draw(view: View): void {
    if (!view.size.x || !view.size.y) return;
    this.#coming = view;
    this.#ready = null;
    this.#slices.start(this.#drawing(view));
    this.#settle();
  }

  *#drawing(view: View): Job {
    const picture = yield* this.#painter.picture(view, this.#style);
    let version: number;
    let painted: Painted;
    do {
      version = this.#version;
      painted = yield* this.#painter.colours(picture, this.#colours, this.#style);
    } while (version !== this.#version);
    const show = (): void => {
      this.#coming = this.#ready = null;
      this.#show(picture, painted, version);
    };
    if (this.#zooming) this.#ready = show;
    else show();
  }

  #show(picture: Picture, painted: Painted, version: number): void {
    this.#picture = picture;
    this.#linesCanvas = this.#canvases.replace(this.#linesCanvas, picture.lines);
    this.#showColours(painted, version);
    this.#outline();
  }

  #showColours({ areas, other }: Painted, version: number): void {
    this.#paintedVersion = version;
    this.#areasCanvas = this.#canvases.replace(this.#areasCanvas, areas);
    if (other && this.#colours.other) {
      this.#otherCanvas = this.#canvases.replace(this.#otherCanvas, other);
      this.#sides.begin();
    }
    this.#put();
    this.#recolourIfStale();
    this.#settle();
  }

  #recolour(): void {
    this.#version++;
    // A picture that is being drawn takes up the new colours before it is shown.
    if (!this.#coming) this.#recolourIfStale();
    this.#settle();
  }

  #recolourIfStale(): void {
    const picture = this.#picture;
    if (!picture || this.#slices.busy || this.#paintedVersion === this.#version) return;
    this.#slices.start(this.#recolouring(picture));
  }

  *#recolouring(picture: Picture): Job {
    // Colours that change faster than they can be painted are shown as often as they can.
    while (this.#paintedVersion !== this.#version) {
      const version = this.#version;
      this.#showColours(yield* this.#painter.colours(picture, this.#colours, this.#style), version);
    }
  }

  #outline(): void {
    const picture = this.#picture;
    if (!picture || this.#zooming) return;
    this.#outlines.draw(picture.frame, picture.view.ratio, this.#style.outlines);
    this.#put();
  }

  /** `data-drawing` on the map's element tells other scripts what `settled` tells this one. */
  #settle(): void {
    const stale = this.#picture !== null && this.#paintedVersion !== this.#version;
    const drawing = this.#map !== null && (this.#moving || this.#zooming || this.#coming !== null || stale);
    this.#map?.getContainer().toggleAttribute("data-drawing", drawing);
    if (drawing) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  // --- where it stands ---

  /** Puts the picture where it belongs in the map as it is. */
  #put(): void {
    const map = this.#map;
    if (map && !this.#zooming) this.#place(map.getPixelOrigin(), map.getZoom());
  }

  /** Stretches the picture to a view that is still changing. */
  #follow(center: L.LatLng, zoom: number): void {
    if (this.#map) this.#place(originAt(this.#map, center, zoom), zoom);
  }

  #place(origin: L.Point, zoom: number): void {
    const map = this.#map;
    const view = this.#picture?.view;
    if (!map || !view) return;
    const scale = map.getZoomScale(zoom, view.zoom);
    const put = (element: HTMLCanvasElement, topLeft: L.Point): void => {
      L.DomUtil.setTransform(element, topLeft.multiplyBy(scale).subtract(origin), scale);
    };
    for (const element of [this.#areasCanvas, this.#otherCanvas, this.#linesCanvas]) put(element, view.topLeft);
    put(this.#outlines.canvas, view.topLeft.add(this.#outlines.at));
    this.#clip();
  }

  #clip(): void {
    if (this.#map) this.#sides.clip(this.#map);
  }
}
