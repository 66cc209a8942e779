/**
 * The areas on canvases of their own above the map: land, colours, a second layer's colours beside a divider, lines,
 * outlines and names, so that a change of one of them repaints no other. Drawn in slices while the picture before
 * stays in view.
 */
import type { Colouring } from "../model/colour";
import { Canvases } from "./canvases";
import type { Box } from "./labels";
import type { Mark } from "./outlines";
import { Outlines } from "./outlines";
import type { Groups } from "./paint";
import { arcKinds, Lines } from "./paint";
import type { Colours, Ground, Painted, Picture, Style } from "./painting";
import { Painter } from "./painting";
import type { Job } from "./slices";
import { finished, Slices } from "./slices";
import { Stage } from "./stage";
import { Stillness } from "./stillness";
import type { View } from "./view";
import { cornerIn, PADDING, screenRatio, shows, viewAround, viewAt, wider } from "./view";

export type { Colouring } from "../model/colour";
export type { Mark } from "./outlines";
export type { Style } from "./painting";

/** Share of the padding that is left when drawing the next picture begins. */
const SPARE = 0.4;

export class CanvasLayer extends L.Layer {
  readonly #slices = new Slices();
  readonly #stillness = new Stillness();
  readonly #canvases = new Canvases();
  readonly #painter: Painter;
  readonly #outlines: Outlines;
  readonly #stage: Stage;
  #map: L.Map | null = null;
  #picture: Picture | null = null;
  /** Of the picture that is being drawn or waits for the end of a zoom. */
  #coming: View | null = null;
  #ready: (() => void) | null = null;
  #zooming = false;
  #moving = false;
  /** Of a picture that is to be saved; 0 while none is. */
  #leastRatio = 0;
  /** The corner of the map, in world pixels, that the names were placed for. */
  #namedAt = L.point(NaN, NaN);
  #style: Style;
  #colours: Colours;
  /** Counts what changes colours; what is painted is of `#paintedVersion`. */
  #version = 0;
  #paintedVersion = -1;

  constructor(ground: Ground, style: Style, colouring: Colouring) {
    super();
    const lines = new Lines(ground.geometry, () => arcKinds(ground.geometry, ground.districts()));
    this.#painter = new Painter(ground, this.#canvases, lines);
    this.#outlines = new Outlines(lines);
    this.#stage = new Stage(this.#canvases, this.#outlines);
    this.#style = style;
    this.#colours = { first: colouring, other: null, included: null, striped: null };
  }

  override onAdd(map: L.Map): this {
    this.#map = map;
    map.getPane("overlayPane")?.append(...this.#stage.elements);
    this.#cover();
    this.#slices.finish();
    this.#settle();
    return this;
  }

  override onRemove(): this {
    this.#slices.stop();
    this.#stage.end();
    this.#picture = this.#coming = this.#ready = null;
    this.#zooming = this.#moving = false;
    this.#settle();
    this.#map = null;
    return this;
  }

  override getEvents(): Record<string, L.LeafletEventHandlerFn> {
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
      resize: () => {
        this.#cover();
      },
      zoom: () => {
        if (this.#map) this.#stage.follow(this.#map, this.#map.getCenter(), this.#map.getZoom());
      },
      zoomanim: (event: L.LeafletEvent) => {
        const { center, zoom } = event as L.ZoomAnimEvent;
        this.#zooming = true;
        if (this.#map) this.#stage.follow(this.#map, center, zoom);
        this.#draw(viewAt(this.#map, center, zoom, this.#ratio));
      },
    };
  }

  /** `groups`: areas that are shown as one; null: each is shown by itself. */
  colour(colouring: Colouring, groups: Groups | null = null): void {
    this.#colours.first = colouring;
    if (this.#painter.group(groups)) this.restyle(this.#style);
    this.#recolour();
  }

  /** What lies right of `share` of the map's width shows another colouring; null ends it. */
  compare(other: Colouring | null, share = this.#stage.sides.share): void {
    this.#colours.other = other;
    if (!other) this.#stage.endComparison();
    this.divide(share);
    if (other) this.#recolour();
  }

  /** Moves the divider; the areas are not painted again. */
  divide(share: number): void {
    this.#stage.sides.share = share;
    this.#clip();
  }

  /** Areas with 0 in `included` are drawn paler, those with 1 in `striped` have stripes on the first layer; null: none do. */
  shade(kind: "included" | "striped", areas: Uint8Array | null): void {
    if (areas === this.#colours[kind]) return;
    this.#colours[kind] = areas;
    this.#recolour();
  }

  mark(mark: Mark, areas: Iterable<number>): void {
    this.#outlines.mark(mark, areas);
    this.#outline();
  }

  /** Names keep clear of what lies over the map: boxes in CSS pixels of it. */
  avoid(over: () => readonly Box[]): void {
    this.#painter.avoid(over);
    this.rename();
  }

  /** Draws what takes the place of the first picture: with names, and with what lies beyond the edges of the map. */
  complete(): void {
    this.#painter.draft = false;
    if (this.#map && !this.#zooming) this.#draw(this.#wanted(this.#map));
  }

  /** Places the names anew, as something else lies over the map now. */
  rename(): void {
    const [map, picture] = [this.#map, this.#picture];
    if (!map || !picture || this.#painter.draft || this.#moving || this.#zooming || this.#coming || map.getZoom() !== picture.view.zoom) return;
    this.#namedAt = map.getPixelBounds().min ?? L.point(0, 0);
    this.#stage.showNames(finished(this.#painter.names(picture, this.#namedAt.subtract(picture.view.topLeft), this.#style)));
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
    const settled = this.#stillness.wait();
    this.#settle();
    return settled;
  }

  /** One picture of what the map shows, at least so many pixels wide, on a solid ground. */
  async picture(width: number): Promise<HTMLCanvasElement> {
    await this.settled();
    this.#leastRatio = width / Math.max(1, this.#map?.getSize().x ?? width);
    try {
      this.#cover();
      await this.settled();
      return this.#stage.shot(this.#map, this.#style);
    } finally {
      this.#leastRatio = 0;
      this.#cover();
    }
  }

  // --- what is in view ---

  /** Pixels of the picture to one of the page. */
  get #ratio(): number {
    return Math.max(screenRatio(), this.#leastRatio);
  }

  /** Draws what the map shows unless that is in the picture already, or will be. */
  #cover(): void {
    const map = this.#map;
    if (!map || this.#zooming) return;
    this.#put();
    const bounds = map.getPixelBounds();
    const wanted = this.#wanted(map);
    if (this.#coming) {
      if (shows(this.#coming, wanted, bounds)) return;
      this.#coming = this.#ready = null;
      this.#slices.stop();
    }
    this.#settle();
    if (shows(this.#picture?.view, wanted, bounds)) {
      this.#recolourIfStale();
      if (!bounds.min?.equals(this.#namedAt)) this.rename();
    } else this.#draw(wanted);
  }

  /** What would be drawn for the map as it is. */
  #wanted(map: L.Map): View {
    const { draft, coarseness } = this.#painter;
    return viewAround(map.getPixelBounds().min ?? L.point(0, 0), map.getZoom(), map.getSize(), this.#ratio / coarseness, draft ? 0 : PADDING);
  }

  /** While the map is dragged: begins the next picture before the edge of this one comes into view. */
  #anticipate(): void {
    const [map, view] = [this.#map, this.#picture?.view];
    if (!map || !view || this.#slices.busy || this.#coming) return;
    const wanted = this.#wanted(map);
    if (wanted.zoom === view.zoom && !shows(view, wanted, wider(map.getPixelBounds(), PADDING * SPARE))) this.#draw(wanted);
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
    this.#stage.show(picture);
    this.#namedAt = picture.view.topLeft.add(cornerIn(picture.view));
    this.#showColours(painted, version);
    this.#outline();
  }

  #showColours({ areas, other }: Painted, version: number): void {
    this.#paintedVersion = version;
    this.#stage.showColours({ areas, other: this.#colours.other && other });
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

  #settle(): void {
    const stale = this.#picture !== null && this.#paintedVersion !== this.#version;
    this.#stillness.tell(this.#map, this.#moving || this.#zooming || this.#coming !== null || stale);
  }

  /** Puts the picture where it belongs in the map as it is. */
  #put(): void {
    if (this.#map && !this.#zooming) this.#stage.put(this.#map);
  }

  #clip(): void {
    if (this.#map) this.#stage.sides.clip(this.#map);
  }
}
