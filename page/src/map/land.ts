/** Land around the areas: outlines that are drawn beneath them, made once and stretched to each view. */
import type { Geometry } from "../model/geometry";
import { arcOf, WORLD } from "../model/geometry";
import { metresPerPixel } from "./thin";

export interface LandInk {
  land: string;
  /** Of the lines where land ends, and between districts. */
  coast: string;
  borders: string;
}

/** In CSS pixels. */
const COAST_WIDTH = 1;
const BORDER_WIDTH = 0.75;

export class Land {
  readonly #geometry: Geometry;
  #paths: Record<"ground" | "coast" | "borders", Path2D> | null = null;

  constructor(geometry: Geometry) {
    this.#geometry = geometry;
  }

  /** On a canvas whose upper left corner is a point of the world, in pixels of a zoom level, `ratio` of its own to each. */
  paint(context: CanvasRenderingContext2D, topLeft: L.Point, zoom: number, ratio: number, ink: LandInk): void {
    const { ground, coast, borders } = (this.#paths ??= pathsOf(this.#geometry));
    const { origin, step } = this.#geometry;
    const metres = metresPerPixel(zoom);
    const scale = (step / metres) * ratio;
    const left = ((origin[0] + WORLD / 2) / metres - topLeft.x) * ratio;
    const top = ((WORLD / 2 - origin[1]) / metres - topLeft.y) * ratio;
    context.setTransform(scale, 0, 0, -scale, left, top);
    context.lineJoin = "round";
    context.fillStyle = ink.land;
    context.fill(ground, "evenodd");
    context.strokeStyle = ink.borders;
    context.lineWidth = (BORDER_WIDTH * ratio) / scale;
    context.stroke(borders);
    context.strokeStyle = ink.coast;
    context.lineWidth = (COAST_WIDTH * ratio) / scale;
    context.stroke(coast);
    context.resetTransform();
  }
}

function pathsOf(geometry: Geometry): Record<"ground" | "coast" | "borders", Path2D> {
  const [ground, coast, borders] = [new Path2D(), new Path2D(), new Path2D()];
  const { arcStarts, neighbours, ringStarts, ringArcs, xs, ys } = geometry;
  for (let ring = 0; ring + 1 < ringStarts.length; ring++) {
    let begun = false;
    for (let k = ringStarts[ring]; k < ringStarts[ring + 1]; k++) {
      const arc = arcOf(ringArcs[k]);
      const forwards = ringArcs[k] >= 0;
      const count = arcStarts[arc + 1] - arcStarts[arc];
      for (let step = begun ? 1 : 0; step < count; step++) {
        const i = forwards ? arcStarts[arc] + step : arcStarts[arc + 1] - 1 - step;
        if (begun) ground.lineTo(xs[i], ys[i]);
        else ground.moveTo(xs[i], ys[i]);
        begun = true;
      }
    }
    ground.closePath();
  }
  for (let arc = 0; arc < geometry.arcs; arc++) {
    const line = neighbours[2 * arc] < 0 || neighbours[2 * arc + 1] < 0 ? coast : borders;
    line.moveTo(xs[arcStarts[arc]], ys[arcStarts[arc]]);
    for (let i = arcStarts[arc] + 1; i < arcStarts[arc + 1]; i++) line.lineTo(xs[i], ys[i]);
  }
  return { ground, coast, borders };
}
