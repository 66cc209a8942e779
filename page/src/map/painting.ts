/** One picture of the areas, drawn in slices: lines with names, and the colours of one layer or of two. */
import type { Colouring } from "../model/colour";
import { paletteOf, stripedPalette } from "../model/colour";
import type { Geometry } from "../model/geometry";
import { WORLD } from "../model/geometry";
import type { Canvases } from "./canvases";
import type { LabelInk, Names } from "./labels";
import { paintNames } from "./labels";
import type { Mosaic } from "./mosaic";
import { paintMosaic, Sampler } from "./mosaic";
import type { OutlineInk } from "./outlines";
import type { Frame, Ink, Lines } from "./paint";
import type { Steps } from "./slices";
import { metresPerPixel } from "./thin";
import type { View } from "./view";
import { inView } from "./view";

/** Of stripes, in CSS pixels. */
const STRIPE_PERIOD = 6;
const STRIPE_WIDTH = 2;
/** From this many device pixels in one CSS pixel on, borders are smooth enough with one sample in each. */
const FINE_PIXEL_RATIO = 1.75;

export interface Style {
  ink: Ink;
  labels: LabelInk;
  outlines: OutlineInk;
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
  lines: HTMLCanvasElement;
}

export interface Painted {
  areas: HTMLCanvasElement;
  other: HTMLCanvasElement | null;
}

export class Painter {
  readonly #geometry: Geometry;
  readonly #canvases: Canvases;
  readonly #lines: Lines;
  readonly #names: Names;
  readonly #sampler: Sampler;

  constructor(geometry: Geometry, canvases: Canvases, lines: Lines, names: Names) {
    this.#geometry = geometry;
    this.#canvases = canvases;
    this.#lines = lines;
    this.#names = names;
    this.#sampler = new Sampler(geometry);
  }

  /** Which area each pixel is of, with lines and names; no colours yet. */
  *picture(view: View, style: Style): Steps<Picture> {
    const metres = metresPerPixel(view.zoom);
    const [west, south] = this.#geometry.origin;
    const frame: Frame = {
      scale: this.#geometry.step / metres,
      left: (west + WORLD / 2) / metres - view.topLeft.x,
      top: (WORLD / 2 - south) / metres - view.topLeft.y,
      width: view.size.x,
      height: view.size.y,
    };
    const lines = this.#canvases.take("atlas-lines", view.size, view.ratio);
    const { width, height } = lines;
    const mosaic = yield* this.#sampler.sample(frame, width, height, view.ratio < FINE_PIXEL_RATIO ? 2 : 1);
    const context = lines.getContext("2d");
    if (context) {
      context.scale(width / view.size.x, height / view.size.y);
      yield;
      yield* this.#lines.borders(context, frame, style.ink, 1 / view.ratio);
      yield* paintNames(context, frame, this.#names, style.labels, metres, inView(view));
      yield;
    }
    return { view, frame, mosaic, lines };
  }

  *colours({ view, mosaic }: Picture, { first, other, included, striped }: Colours, { ink }: Style): Steps<Painted> {
    const paint = function* (this: Painter, name: string, colouring: Colouring, stripedAreas: Uint8Array | null): Steps<HTMLCanvasElement> {
      const element = this.#canvases.take(name, view.size, view.ratio);
      const context = element.getContext("2d");
      const palette = paletteOf(colouring, included, ink.noData, ink.ground);
      yield;
      const stripes = stripedAreas && {
        palette: stripedPalette(palette, stripedAreas, ink.ground),
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
