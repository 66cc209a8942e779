/** Arcs with only the vertices that the screen can show. */
import type { Geometry } from "../model/geometry";
import { WORLD } from "../model/geometry";

/** Of a pixel, either way; along the diagonal this is just under one. */
const NEAR = 0.7;

/**
 * The vertices of an arc that are drawn, written to `kept`; returns how many. Those within a pixel of the last one drawn
 * are left out, both ends stay. An arc is thinned as a whole, so that both neighbours have the same border.
 */
export function thin(geometry: Geometry, arc: number, pixel: number, kept: Uint32Array): number {
  const { arcStarts, xs, ys } = geometry;
  const near = NEAR * pixel;
  const first = arcStarts[arc];
  const last = arcStarts[arc + 1] - 1;
  let count = 0;
  kept[count++] = first;
  let x = xs[first];
  let y = ys[first];
  for (let i = first + 1; i < last; i++) {
    const dx = xs[i] - x;
    const dy = ys[i] - y;
    if (dx < near && dx > -near && dy < near && dy > -near) continue;
    kept[count++] = i;
    x = xs[i];
    y = ys[i];
  }
  kept[count++] = last;
  return count;
}

export function longestArc(geometry: Geometry): number {
  let longest = 0;
  for (let arc = 0; arc < geometry.arcs; arc++) {
    longest = Math.max(longest, geometry.arcStarts[arc + 1] - geometry.arcStarts[arc]);
  }
  return longest;
}

/** Web Mercator metres in one pixel. */
export function metresPerPixel(zoom: number): number {
  return WORLD / (256 * 2 ** zoom);
}
