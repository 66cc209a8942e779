/** Arcs with only the vertices that a zoom level can show. */
import type { Geometry } from "./geometry";
import { WORLD } from "./geometry";

export interface Level {
  readonly starts: Uint32Array;
  readonly xs: Int32Array;
  readonly ys: Int32Array;
  /** Grid units in one unit of this level. */
  readonly unit: number;
}

/** Vertices are rounded to half a pixel, the same for both neighbours, and those within a pixel of the last are left out. */
export function thin(geometry: Geometry, unit: number): Level {
  const { arcStarts, arcs } = geometry;
  if (unit <= 1) return { starts: arcStarts, xs: geometry.xs, ys: geometry.ys, unit: 1 };
  const factor = 1 / unit;
  const starts = new Uint32Array(arcs + 1);
  const xs = new Int32Array(geometry.xs.length);
  const ys = new Int32Array(geometry.xs.length);
  let kept = 0;
  for (let arc = 0; arc < arcs; arc++) {
    const first = arcStarts[arc];
    const last = arcStarts[arc + 1] - 1;
    let x = Math.round(geometry.xs[first] * factor);
    let y = Math.round(geometry.ys[first] * factor);
    xs[kept] = x;
    ys[kept++] = y;
    for (let i = first + 1; i < last; i++) {
      const nextX = Math.round(geometry.xs[i] * factor);
      const nextY = Math.round(geometry.ys[i] * factor);
      const dx = nextX - x;
      const dy = nextY - y;
      if (dx < 2 && dx > -2 && dy < 2 && dy > -2) continue;
      x = nextX;
      y = nextY;
      xs[kept] = x;
      ys[kept++] = y;
    }
    xs[kept] = Math.round(geometry.xs[last] * factor);
    ys[kept++] = Math.round(geometry.ys[last] * factor);
    starts[arc + 1] = kept;
  }
  return { starts, xs: xs.slice(0, kept), ys: ys.slice(0, kept), unit };
}

/** Web Mercator metres in one pixel. */
export function metresPerPixel(zoom: number): number {
  return WORLD / (256 * 2 ** zoom);
}

const KEPT_LEVELS = 3;

/** The levels used last. */
export class Levels {
  readonly #geometry: Geometry;
  readonly #levels = new Map<number, Level>();

  constructor(geometry: Geometry) {
    this.#geometry = geometry;
  }

  at(zoom: number, pixelRatio: number): Level {
    const number = Math.ceil(zoom + Math.log2(pixelRatio) - 1e-6);
    const unit = (0.5 * metresPerPixel(number)) / this.#geometry.step;
    const key = unit <= 1 ? Infinity : number;
    const level = this.#levels.get(key) ?? thin(this.#geometry, unit);
    this.#levels.delete(key);
    this.#levels.set(key, level);
    for (const oldest of this.#levels.keys()) {
      if (this.#levels.size <= KEPT_LEVELS) break;
      this.#levels.delete(oldest);
    }
    return level;
  }
}
