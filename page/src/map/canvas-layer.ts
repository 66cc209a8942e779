/**
 * The areas on canvases of their own above the map: colours, a second layer's colours beside a divider, lines with
 * names, and outlines, so that a change of one of them repaints no other. Drawn in slices while the picture before
 * stays in view.
 */
import type { Colouring } from "../model/colour";
import { paletteOf, stripedPalette } from "../model/colour";
import type { Geometry } from "../model/geometry";
import { WORLD } from "../model/geometry";
import { canvas, Canvases, empty, originAt, resize } from "./canvases";
import type { Land, LandInk } from "./land";
import type { Box, LabelInk, Names, Room } from "./labels";
import { paintNames } from "./labels";
import type { Mosaic } from "./mosaic";
import { paintMosaic, Sampler } from "./mosaic";
import type { Frame, Ink } from "./paint";
import { arcKinds, Lines } from "./paint";
import type { Job, Steps } from "./slices";
import { REST, Slices } from "./slices";
import { metresPerPixel } from "./thin";

export type { Colouring } from "../model/colour";

/** Share of the map's size drawn beyond each edge, so that a short drag shows no bare strip and repaints nothing. */
const PADDING = 0.15;
/** Share of the padding that is left when drawing the next picture begins. */
const SPARE = 0.4;
const FINEST_PIXEL_RATIO = 2;
/** Of stripes, in CSS pixels. */
const STRIPE_PERIOD = 6;
const STRIPE_WIDTH = 2;
/** From this many device pixels in one CSS pixel on, borders are smooth enough with one sample in each. */
const FINE_PIXEL_RATIO = 1.75;

/** CSS pixels, beyond any map. */
const FAR = 20_000;

export type Mark = "pinned" | "found" | "hovered" | "selected";
/** Later ones lie above. */
const MARKS = ["pinned", "found", "hovered", "selected"] as const;
/** Room around outlines for their width, in CSS pixels. */
const EDGE = 6;

export interface Style {
  ink: Ink;
  land: LandInk;
  labels: LabelInk;
  outlines: Record<Mark, readonly (readonly [string, number])[]>;
}

/** What a picture shows: a rectangle in world pixels of a zoom level. */
interface View {
  zoom: number;
  topLeft: L.Point;
  size: L.Point;
  mapSize: L.Point;
  /** Device pixels in one CSS pixel. */
  ratio: number;
}

interface Picture {
  view: View;
  frame: Frame;
  mosaic: Mosaic;
  land: HTMLCanvasElement;
  lines: HTMLCanvasElement;
  names: HTMLCanvasElement;
}

/** What is drawn: the areas and their districts, the land around them if there is any, and names. */
export interface Ground {
  geometry: Geometry;
  districts: Int32Array;
  names: Names;
  land: Land | null;
}

interface Painted {
  areas: HTMLCanvasElement;
  other: HTMLCanvasElement | null;
}

export class CanvasLayer extends L.Layer {
  readonly #geometry: Geometry;
  readonly #lines: Lines;
  readonly #sampler: Sampler;
  readonly #names: Names;
  readonly #land: Land | null;
  readonly #slices = new Slices();
  readonly #canvases = new Canvases();
  readonly #marks: Record<Mark, ReadonlySet<number>> = {
    pinned: new Set(),
    found: new Set(),
    hovered: new Set(),
    selected: new Set(),
  };
  readonly #outlines = canvas("atlas-outlines");
  /** Left and right of the divider; not moved by zooming, so that the divider stays where it is. */
  readonly #left = frame();
  readonly #right = frame();
  #areasCanvas = canvas("atlas-areas");
  #otherCanvas = canvas("atlas-other");
  #landCanvas = canvas("atlas-land");
  #linesCanvas = canvas("atlas-lines");
  #namesCanvas = canvas("atlas-names");
  #map: L.Map | null = null;
  #picture: Picture | null = null;
  /** Of the picture that is being drawn or waits for the end of a zoom. */
  #coming: View | null = null;
  #ready: (() => void) | null = null;
  #zooming = false;
  #moving = false;
  /** Of a picture that is to be saved; 0 while none is. */
  #leastRatio = 0;
  #style: Style;
  #colouring: Colouring;
  #other: Colouring | null = null;
  #included: Uint8Array | null = null;
  #striped: Uint8Array | null = null;
  #share = 0.5;
  /** In CSS pixels of the picture. */
  #outlinesAt = L.point(0, 0);
  /** Counts what changes colours; what is painted is of `#paintedVersion`. */
  #version = 0;
  #paintedVersion = -1;
  #waiting: (() => void)[] = [];
  /** What names keep clear of, in CSS pixels of the map. */
  #over: () => readonly Box[] = () => [];
  /** The corner of the map, in world pixels, that the names were placed for. */
  #namedAt = L.point(NaN, NaN);

  constructor({ geometry, districts, names, land }: Ground, style: Style, colouring: Colouring) {
    super();
    this.#geometry = geometry;
    this.#lines = new Lines(geometry, arcKinds(geometry, districts));
    this.#sampler = new Sampler(geometry);
    this.#names = names;
    this.#land = land;
    this.#style = style;
    this.#colouring = colouring;
    this.#left.append(this.#areasCanvas);
    this.#right.append(this.#otherCanvas);
    this.#right.hidden = true;
  }

  override onAdd(map: L.Map): this {
    this.#map = map;
    map.getPane("overlayPane")?.append(this.#landCanvas, this.#left, this.#right, this.#linesCanvas, this.#outlines, this.#namesCanvas);
    this.#cover();
    this.#slices.finish();
    this.#settle();
    return this;
  }

  override onRemove(): this {
    this.#slices.stop();
    for (const element of [this.#landCanvas, this.#left, this.#right, this.#linesCanvas, this.#outlines, this.#namesCanvas]) element.remove();
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
        this.#draw(this.#viewAt(center, zoom));
      },
    };
  }

  colour(colouring: Colouring): void {
    this.#colouring = colouring;
    this.#recolour();
  }

  /** What lies right of `share` of the map's width shows another colouring; null ends it. */
  compare(other: Colouring | null, share = this.#share): void {
    this.#other = other;
    this.divide(share);
    if (other) {
      this.#recolour();
      return;
    }
    this.#right.hidden = true;
    this.#clip();
    empty(this.#otherCanvas);
  }

  /** Moves the divider; the areas are not painted again. */
  divide(share: number): void {
    this.#share = Math.min(1, Math.max(0, share));
    this.#clip();
  }

  /** Areas with 0 are drawn paler; null: none are. */
  fade(included: Uint8Array | null): void {
    if (included === null && this.#included === null) return;
    this.#included = included;
    this.#recolour();
  }

  /** Areas with 1 are striped on the first layer; null: none are. */
  stripe(areas: Uint8Array | null): void {
    if (areas === this.#striped) return;
    this.#striped = areas;
    this.#recolour();
  }

  mark(mark: Mark, areas: Iterable<number>): void {
    this.#marks[mark] = new Set(areas);
    this.#outline();
  }

  /** Names keep clear of what lies over the map: boxes in CSS pixels of it. */
  avoid(over: () => readonly Box[]): void {
    this.#over = over;
    this.rename();
  }

  /** Places the names anew, as something else lies over the map now. */
  rename(): void {
    const [map, picture] = [this.#map, this.#picture];
    if (!map || !picture || this.#moving || this.#zooming || this.#coming || map.getZoom() !== picture.view.zoom) return;
    const corner = map.getPixelBounds().min ?? L.point(0, 0);
    const names = this.#canvases.take("atlas-names", picture.view.size, picture.view.ratio);
    const naming = this.#naming(picture, names, corner.subtract(picture.view.topLeft));
    while (!naming.next().done);
    picture.names = this.#namesCanvas = this.#canvases.replace(this.#namesCanvas, names);
    this.#namedAt = corner;
    this.#put();
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

  /** One picture of what the map shows, at least so many pixels wide, on a solid ground. */
  async picture(width: number): Promise<HTMLCanvasElement> {
    await this.settled();
    this.#leastRatio = width / Math.max(1, this.#map?.getSize().x ?? width);
    try {
      this.#cover();
      await this.settled();
      return this.toCanvas();
    } finally {
      this.#leastRatio = 0;
      this.#cover();
    }
  }

  /** One picture of what the map shows, at the resolution of the screen, on a solid ground. */
  toCanvas(): HTMLCanvasElement {
    const map = this.#map;
    const picture = this.#picture;
    const result = document.createElement("canvas");
    const context = map && picture ? result.getContext("2d") : null;
    if (!map || !picture || !context) return result;
    const { view } = picture;
    const { x, y } = map.getSize();
    result.width = Math.round(x * view.ratio);
    result.height = Math.round(y * view.ratio);
    context.scale(view.ratio, view.ratio);
    context.fillStyle = this.#style.ink.ground;
    context.fillRect(0, 0, x, y);
    const scale = map.getZoomScale(map.getZoom(), view.zoom);
    const corner = view.topLeft.multiplyBy(scale).subtract(map.getPixelBounds().min ?? L.point(0, 0));
    const put = (source: HTMLCanvasElement, at = L.point(0, 0)): void => {
      if (!source.width || !source.height) return;
      const { x: left, y: top } = corner.add(at.multiplyBy(scale));
      context.drawImage(source, left, top, (source.width / view.ratio) * scale, (source.height / view.ratio) * scale);
    };
    put(this.#landCanvas);
    put(this.#areasCanvas);
    if (this.#other) {
      const divider = this.#share * x;
      context.save();
      context.beginPath();
      context.rect(divider, 0, x - divider, y);
      context.clip();
      context.fillRect(divider, 0, x - divider, y);
      put(this.#landCanvas);
      put(this.#otherCanvas);
      context.restore();
      put(this.#linesCanvas);
      put(this.#outlines, this.#outlinesAt);
      put(this.#namesCanvas);
      context.fillStyle = this.#style.labels.halo;
      context.fillRect(divider - 2, 0, 4, y);
      context.fillStyle = this.#style.labels.colour;
      context.fillRect(divider - 1, 0, 2, y);
    } else {
      put(this.#linesCanvas);
      put(this.#outlines, this.#outlinesAt);
      put(this.#namesCanvas);
    }
    return result;
  }

  // --- what is in view ---

  /** Pixels of the picture to one of the page. */
  get #ratio(): number {
    return Math.max(Math.min(devicePixelRatio, FINEST_PIXEL_RATIO), this.#leastRatio);
  }

  #viewAt(center: L.LatLng, zoom: number): View {
    const map = this.#map;
    const mapSize = map?.getSize() ?? L.point(0, 0);
    const corner = map ? map.project(center, zoom).subtract(mapSize.divideBy(2)).round() : L.point(0, 0);
    return this.#around(corner, zoom, mapSize);
  }

  #around(corner: L.Point, zoom: number, mapSize: L.Point): View {
    const padding = mapSize.multiplyBy(PADDING).round();
    return {
      zoom,
      topLeft: corner.subtract(padding),
      size: mapSize.add(padding.multiplyBy(2)),
      mapSize,
      ratio: this.#ratio,
    };
  }

  #shows(view: View | null | undefined, bounds: L.Bounds, zoom: number, mapSize: L.Point): boolean {
    return (
      view?.zoom === zoom &&
      view.mapSize.equals(mapSize) &&
      view.ratio === this.#ratio &&
      L.bounds(view.topLeft, view.topLeft.add(view.size)).contains(bounds)
    );
  }

  /** Draws what the map shows unless that is in the picture already, or will be. */
  #cover(): void {
    const map = this.#map;
    if (!map || this.#zooming) return;
    this.#put();
    const [bounds, zoom, size] = [map.getPixelBounds(), map.getZoom(), map.getSize()];
    if (this.#coming) {
      if (this.#shows(this.#coming, bounds, zoom, size)) return;
      this.#coming = this.#ready = null;
      this.#slices.stop();
    }
    this.#settle();
    if (this.#shows(this.#picture?.view, bounds, zoom, size)) {
      this.#recolourIfStale();
      if (!bounds.min?.equals(this.#namedAt)) this.rename();
    } else this.#draw(this.#around(bounds.min ?? L.point(0, 0), zoom, size));
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
    if (zoom === view.zoom && !this.#shows(view, wider, zoom, size)) this.#draw(this.#around(corner, zoom, size));
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
    const frame = frameOf(this.#geometry, view);
    const land = this.#canvases.take("atlas-land", this.#land ? view.size : L.point(0, 0), view.ratio);
    const ground = land.getContext("2d");
    if (ground && this.#land) this.#land.paint(ground, view.topLeft, view.zoom, land.width / view.size.x, this.#style.land);
    yield REST;
    const names = this.#canvases.take("atlas-names", view.size, view.ratio);
    const lines = this.#canvases.take("atlas-lines", view.size, view.ratio);
    const { width, height } = lines;
    const mosaic = yield* this.#sampler.sample(frame, width, height, view.ratio < FINE_PIXEL_RATIO ? 2 : 1);
    const context = lines.getContext("2d");
    if (context) {
      context.scale(width / view.size.x, height / view.size.y);
      yield;
      yield* this.#lines.borders(context, frame, this.#style.ink, 1 / view.ratio);
    }
    const picture = { view, frame, mosaic, land, lines, names };
    const corner = view.size.subtract(view.mapSize).divideBy(2);
    yield* this.#naming(picture, names, corner);
    yield;
    let version: number;
    let painted: Painted;
    do {
      version = this.#version;
      painted = yield* this.#painting(picture);
    } while (version !== this.#version);
    const show = (): void => {
      this.#coming = this.#ready = null;
      this.#show(picture, painted, version);
    };
    if (this.#zooming) this.#ready = show;
    else show();
  }

  /** Names for a map whose upper left corner lies at a point of the picture. */
  *#naming({ view, frame }: Picture, names: HTMLCanvasElement, corner: L.Point): Steps<void> {
    const context = names.getContext("2d");
    if (!context) return;
    context.scale(names.width / view.size.x, names.height / view.size.y);
    const room: Room = {
      view: { left: corner.x, top: corner.y, right: corner.x + view.mapSize.x, bottom: corner.y + view.mapSize.y },
      over: this.#over().map(({ left, top, right, bottom }) => ({ left: left + corner.x, top: top + corner.y, right: right + corner.x, bottom: bottom + corner.y })),
    };
    yield* paintNames(context, frame, this.#names, this.#style.labels, metresPerPixel(view.zoom), room);
  }

  *#painting({ view, mosaic }: Picture): Steps<Painted> {
    const paint = function* (
      this: CanvasLayer,
      name: string,
      colouring: Colouring,
      striped: Uint8Array | null,
    ): Steps<HTMLCanvasElement> {
      const { noData, ground } = this.#style.ink;
      const element = this.#canvases.take(name, view.size, view.ratio);
      const context = element.getContext("2d");
      const palette = paletteOf(colouring, this.#included, noData, ground);
      yield;
      const stripes = striped && {
        palette: stripedPalette(palette, striped),
        period: Math.round(STRIPE_PERIOD * view.ratio),
        width: Math.round(STRIPE_WIDTH * view.ratio),
        // Fixed to the ground, so that a redrawn picture has them where they were.
        phase: Math.round((view.topLeft.y % STRIPE_PERIOD) * view.ratio),
      };
      if (context) yield* paintMosaic(context, mosaic, palette, stripes);
      return element;
    }.bind(this);
    const areas = yield* paint("atlas-areas", this.#colouring, this.#striped);
    return { areas, other: this.#other ? yield* paint("atlas-other", this.#other, null) : null };
  }

  #show(picture: Picture, painted: Painted, version: number): void {
    this.#picture = picture;
    this.#landCanvas = this.#canvases.replace(this.#landCanvas, picture.land);
    this.#linesCanvas = this.#canvases.replace(this.#linesCanvas, picture.lines);
    this.#namesCanvas = this.#canvases.replace(this.#namesCanvas, picture.names);
    this.#namedAt = picture.view.topLeft.add(picture.view.size.subtract(picture.view.mapSize).divideBy(2));
    this.#showColours(painted, version);
    this.#outline();
  }

  #showColours({ areas, other }: Painted, version: number): void {
    this.#paintedVersion = version;
    this.#areasCanvas = this.#canvases.replace(this.#areasCanvas, areas);
    if (other && this.#other) {
      this.#otherCanvas = this.#canvases.replace(this.#otherCanvas, other);
      this.#right.hidden = false;
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
      this.#showColours(yield* this.#painting(picture), version);
    }
  }

  /** On a canvas no larger than the marked areas, for the mark under the pointer changes all the time. */
  #outline(): void {
    const picture = this.#picture;
    if (!picture || this.#zooming) return;
    const { frame, view } = picture;
    const marked = MARKS.map((mark) => this.#marks[mark]);
    const part = this.#lines.part(frame, everyOf(marked), EDGE);
    this.#outlinesAt = L.point(part?.left ?? 0, part?.top ?? 0);
    resize(this.#outlines, L.point(part?.width ?? 0, part?.height ?? 0), view.ratio);
    const context = part ? this.#outlines.getContext("2d") : null;
    if (part && context) {
      context.scale(this.#outlines.width / part.width, this.#outlines.height / part.height);
      const { left, top } = part;
      const within = { ...frame, left: frame.left - left, top: frame.top - top, width: part.width, height: part.height };
      MARKS.forEach((mark, number) => {
        const areas = marked[number];
        if (areas.size) this.#lines.outline(context, within, areas, this.#style.outlines[mark], 1 / view.ratio);
      });
    }
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
    for (const element of [this.#landCanvas, this.#areasCanvas, this.#otherCanvas, this.#linesCanvas, this.#namesCanvas]) put(element, view.topLeft);
    put(this.#outlines, view.topLeft.add(this.#outlinesAt));
    this.#clip();
  }

  #clip(): void {
    const map = this.#map;
    if (!map) return;
    // Both layers keep to their side, for what is under them may shine through.
    const divided = this.#other !== null && !this.#right.hidden;
    const { x } = map.containerPointToLayerPoint([this.#share * map.getSize().x, 0]);
    this.#left.style.clipPath = divided ? `inset(-${FAR}px ${-x}px -${FAR}px -${FAR}px)` : "none";
    this.#right.style.clipPath = `inset(-${FAR}px -${FAR}px -${FAR}px ${x}px)`;
  }
}

function frameOf({ origin, step }: Geometry, { zoom, topLeft, size }: View): Frame {
  const metres = metresPerPixel(zoom);
  return {
    scale: step / metres,
    left: (origin[0] + WORLD / 2) / metres - topLeft.x,
    top: (WORLD / 2 - origin[1]) / metres - topLeft.y,
    width: size.x,
    height: size.y,
  };
}

function frame(): HTMLElement {
  const element = document.createElement("div");
  element.setAttribute("aria-hidden", "true");
  // As high as Leaflet's style sheet has every canvas.
  Object.assign(element.style, { position: "absolute", left: "0", top: "0", zIndex: "100" });
  return element;
}

function* everyOf(sets: readonly ReadonlySet<number>[]): Iterable<number> {
  for (const set of sets) yield* set;
}
