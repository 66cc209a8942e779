/** One picture of the areas, drawn in slices: land, lines, names, and the colours of one layer or of two. */
import { MANY_AREAS } from "../model/areas";
import type { Colouring } from "../model/colour";
import { paletteOf, stripedPalette } from "../model/colour";
import type { Geometry } from "../model/geometry";
import type { Canvases } from "./canvases";
import type { Box, LabelInk, Names } from "./labels";
import { paintNames } from "./labels";
import type { Land, LandInk } from "./land";
import type { Mosaic } from "./mosaic";
import { paintMosaic, Sampler } from "./mosaic";
import type { OutlineInk } from "./outlines";
import type { Frame, Groups, Ink, Lines } from "./paint";
import { arcKinds } from "./paint";
import type { Steps } from "./slices";
import { REST } from "./slices";
import { metresPerPixel } from "./thin";
import type { View } from "./view";
import { cornerIn, frameOf } from "./view";

/** Of stripes, in CSS pixels. */
const STRIPE_PERIOD = 6;
const STRIPE_WIDTH = 2;
/** From this many device pixels in one CSS pixel on, borders are smooth enough with one sample in each. */
const FINE_PIXEL_RATIO = 1.75;

export interface Style {
  ink: Ink;
  land: LandInk;
  labels: LabelInk;
  outlines: OutlineInk;
}

/** What is drawn: the areas and their districts, the land around them if there is any, and names. */
export interface Ground {
  geometry: Geometry;
  districts: () => Int32Array;
  names: () => Names;
  land: Land | null;
}

/** What the areas are coloured by. */
export interface Colours {
  first: Colouring;
  /** Right of the divider; null where there is none. */
  other: Colouring | null;
  /** Areas with 0 are drawn paler; null: none are. */
  included: Uint8Array | null;
  /** Areas with 1 are striped on the first layer; null: none are. */
  striped: Uint8Array | null;
}

export interface Picture {
  view: View;
  frame: Frame;
  mosaic: Mosaic;
  land: HTMLCanvasElement;
  lines: HTMLCanvasElement;
  names: HTMLCanvasElement;
}

export interface Painted {
  areas: HTMLCanvasElement;
  other: HTMLCanvasElement | null;
}

/** Pixels of the screen to one of a draft of many areas, either way: a fourth of the samples, for a few frames. */
const COARSE = 2;

export class Painter {
  /** Pictures have no names, those of many areas no lines, and at most one sample a pixel: as the first one, of what the map shows and no more, to be there the sooner. */
  draft = true;
  readonly #ground: Ground;
  readonly #canvases: Canvases;
  readonly #lines: Lines;
  #groups: Groups | null = null;
  readonly #sampler: Sampler;
  /** Made when they are first written. */
  #names: Names | null = null;
  /** What names keep clear of, in CSS pixels of the map. */
  #over: () => readonly Box[] = () => [];

  constructor(ground: Ground, canvases: Canvases, lines: Lines) {
    this.#ground = ground;
    this.#canvases = canvases;
    this.#lines = lines;
    this.#sampler = new Sampler(ground.geometry);
  }

  /** Areas that are shown as one; whether other lines are to be drawn for it. */
  group(groups: Groups | null): boolean {
    if (groups === this.#groups) return false;
    this.#groups = groups;
    this.#lines.kindsOf(() => arcKinds(this.#ground.geometry, this.#ground.districts(), groups));
    return true;
  }

  /** Whether the first picture has to be there before it can be fine. */
  get #hasty(): boolean {
    return this.draft && this.#ground.geometry.areas > MANY_AREAS;
  }

  /** By how much a picture is coarser than the screen. */
  get coarseness(): number {
    return this.#hasty ? COARSE : 1;
  }

  avoid(over: () => readonly Box[]): void {
    this.#over = over;
  }

  /** Which area each pixel is of, with land, lines and names; no colours yet. */
  *picture(view: View, style: Style): Steps<Picture> {
    const frame = frameOf(this.#ground.geometry, view);
    const land = this.#land(view, style.land);
    yield REST;
    const lines = this.#canvases.take("atlas-lines", view.size, view.ratio);
    const { width, height } = lines;
    const { draft } = this;
    const mosaic = yield* this.#sampler.sample(frame, width, height, draft || view.ratio >= FINE_PIXEL_RATIO ? 1 : 2);
    const context = lines.getContext("2d");
    // At a nation's first sight they are hardly seen, and take a sixth of its time.
    if (context && !this.#hasty) {
      context.scale(width / view.size.x, height / view.size.y);
      yield;
      yield* this.#lines.borders(context, frame, style.ink, 1 / view.ratio);
    }
    const names = draft ? this.#canvases.take("atlas-names", L.point(0, 0), view.ratio) : yield* this.names({ view, frame }, cornerIn(view), style);
    yield;
    return { view, frame, mosaic, land, lines, names };
  }

  /** Names for a map whose upper left corner lies at a point of the picture. */
  *names({ view, frame }: Pick<Picture, "view" | "frame">, { x, y }: L.Point, style: Style): Steps<HTMLCanvasElement> {
    const names = this.#canvases.take("atlas-names", view.size, view.ratio);
    const context = names.getContext("2d");
    if (!context) return names;
    context.scale(names.width / view.size.x, names.height / view.size.y);
    const room = {
      view: { left: x, top: y, right: x + view.mapSize.x, bottom: y + view.mapSize.y },
      over: this.#over().map(({ left, top, right, bottom }) => ({ left: left + x, top: top + y, right: right + x, bottom: bottom + y })),
    };
    this.#names ??= this.#ground.names();
    yield* paintNames(context, frame, this.#names, style.labels, metresPerPixel(view.zoom), room);
    return names;
  }

  #land(view: View, ink: LandInk): HTMLCanvasElement {
    const { land } = this.#ground;
    const element = this.#canvases.take("atlas-land", land ? view.size : L.point(0, 0), view.ratio);
    const context = land && element.getContext("2d");
    if (context) land.paint(context, view.topLeft, view.zoom, element.width / view.size.x, ink);
    return element;
  }

  *colours({ view, mosaic }: Picture, { first, other, included, striped }: Colours, { ink }: Style): Steps<Painted> {
    const paint = function* (this: Painter, name: string, colouring: Colouring, stripedAreas: Uint8Array | null): Steps<HTMLCanvasElement> {
      const element = this.#canvases.take(name, view.size, view.ratio);
      const context = element.getContext("2d");
      const palette = paletteOf(colouring, included, ink.noData, ink.ground);
      yield;
      const stripes = stripedAreas && {
        palette: stripedPalette(palette, stripedAreas),
        period: Math.round(STRIPE_PERIOD * view.ratio),
        width: Math.round(STRIPE_WIDTH * view.ratio),
        // Fixed to the ground, so that a redrawn picture has them where they were.
        phase: Math.round((view.topLeft.y % STRIPE_PERIOD) * view.ratio),
      };
      if (context) yield* paintMosaic(context, mosaic, palette, stripes);
      return element;
    }.bind(this);
    const areas = yield* paint("atlas-areas", first, striped);
    return { areas, other: other ? yield* paint("atlas-other", other, null) : null };
  }
}
