/** Drawing lines on a canvas; knows nothing of Leaflet. */
import type { Box, Geometry } from "../model/geometry";
import { arcOf, boxOf } from "../model/geometry";
import type { Steps } from "./slices";
import { REST } from "./slices";
import { longestArc, thin } from "./thin";

/** Grid units to CSS pixels of the canvas: `x · scale + left`, `top − y · scale`. */
export interface Frame {
  scale: number;
  left: number;
  top: number;
  width: number;
  height: number;
}

/** CSS pixels of a canvas. */
export interface Part {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Ink {
  /** Behind the map, and what faded areas fade into. */
  ground: string;
  noData: string;
  between: string;
  districts: string;
  outside: string;
}

export const INNER = 0;
export const DISTRICT = 1;
export const OUTER = 2;
export const HIDDEN = 3;

/** Areas that are shown together as one, by numbers that are equal for these, and whether their borders are wide. */
export interface Groups {
  numbers: Int32Array;
  wide: boolean;
}

/** Beside each arc: two areas of one district, of two, or nothing; within a group there is no line. */
export function arcKinds(geometry: Geometry, districts: Int32Array, groups: Groups | null = null): Uint8Array {
  const { arcs, neighbours } = geometry;
  const kinds = new Uint8Array(arcs);
  for (let arc = 0; arc < arcs; arc++) {
    const left = neighbours[2 * arc];
    const right = neighbours[2 * arc + 1];
    if (left < 0 || right < 0) kinds[arc] = OUTER;
    else if (groups && groups.numbers[left] === groups.numbers[right]) kinds[arc] = HIDDEN;
    else if (groups?.wide) kinds[arc] = DISTRICT;
    else if (districts[left] !== districts[right]) kinds[arc] = DISTRICT;
  }
  return kinds;
}

export function visibleBox(frame: Frame): Box {
  return {
    west: -frame.left / frame.scale,
    east: (frame.width - frame.left) / frame.scale,
    south: (frame.top - frame.height) / frame.scale,
    north: frame.top / frame.scale,
  };
}

function apart(boxes: Int32Array, number: number, view: Box): boolean {
  return boxes[4 * number] > view.east || boxes[4 * number + 2] < view.west || boxes[4 * number + 1] > view.north || boxes[4 * number + 3] < view.south;
}

/** Very long paths cost more than their parts: they are stroked in portions of about this many vertices. */
const PORTION = 4_000;

/** Below this many square pixels for an average area, lines between areas would hide the colours. */
const SMALLEST_OUTLINED = 45;

/** Draws borders, each arc once. */
export class Lines {
  readonly #geometry: Geometry;
  /** Of each arc; worked out when the first line is drawn. */
  #kinds: Uint8Array | null = null;
  #makeKinds: () => Uint8Array;
  /** What follows from vertices, and the vertices that it is of: they are refined once. */
  #of: Int32Array | null = null;
  #side = 0;
  #kept = new Uint32Array(0);

  constructor(geometry: Geometry, kinds: () => Uint8Array) {
    this.#geometry = geometry;
    this.#makeKinds = kinds;
  }

  /** Other kinds of line from now on. */
  kindsOf(kinds: () => Uint8Array): void {
    this.#kinds = null;
    this.#makeKinds = kinds;
  }

  #measure(): void {
    if (this.#of === this.#geometry.xs) return;
    this.#of = this.#geometry.xs;
    this.#side = Math.sqrt(averageArea(this.#geometry));
    this.#kept = new Uint32Array(longestArc(this.#geometry));
  }

  /** All borders in view; `pixel` is that of the device, in CSS pixels. */
  *borders(context: CanvasRenderingContext2D, frame: Frame, ink: Ink, pixel: number): Steps<void> {
    this.#measure();
    const kinds = (this.#kinds ??= this.#makeKinds());
    const { arcs, arcBoxes } = this.#geometry;
    const view = visibleBox(frame);
    const side = this.#side * frame.scale;
    const pens: [number, string, number][] = [
      [DISTRICT, ink.districts, Math.min(1.8, 0.5 + side / 40)],
      [OUTER, ink.outside, Math.min(1.6, 0.4 + side / 60)],
    ];
    if (side * side >= SMALLEST_OUTLINED) pens.unshift([INNER, ink.between, Math.min(1, 0.25 + side / 60)]);
    for (const [kind, colour, width] of pens) {
      context.lineJoin = "round";
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.beginPath();
      let traced = 0;
      for (let arc = 0; arc < arcs; arc++) {
        if (kinds[arc] !== kind || apart(arcBoxes, arc, view)) continue;
        traced += this.#trace(context, frame, arc, pixel);
        if (traced < PORTION) continue;
        context.stroke();
        context.beginPath();
        traced = 0;
        yield REST;
      }
      context.stroke();
      yield REST;
    }
  }

  /** The outline around some areas together: arcs with one of them on one side only. */
  outline(context: CanvasRenderingContext2D, frame: Frame, areas: ReadonlySet<number>, pens: readonly (readonly [string, number])[], pixel: number): void {
    this.#measure();
    const { ringStarts, areaStarts, ringArcs, neighbours, arcBoxes } = this.#geometry;
    const view = visibleBox(frame);
    const arcs = new Set<number>();
    for (const area of areas) {
      const first = ringStarts[areaStarts[area]];
      const end = ringStarts[areaStarts[area + 1]];
      for (let k = first; k < end; k++) {
        const arc = arcOf(ringArcs[k]);
        const outer = !areas.has(neighbours[2 * arc]) || !areas.has(neighbours[2 * arc + 1]);
        if (outer && !apart(arcBoxes, arc, view)) arcs.add(arc);
      }
    }
    context.lineJoin = "round";
    context.lineCap = "round";
    context.beginPath();
    for (const arc of arcs) this.#trace(context, frame, arc, pixel);
    for (const [colour, width] of pens) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.stroke();
    }
  }

  /** The part of a frame that some areas take up with `edge` CSS pixels around them; null where there is none. */
  part(frame: Frame, areas: Iterable<number>, edge: number): Part | null {
    const box = boxOf(this.#geometry, areas);
    if (!box) return null;
    const left = Math.max(0, Math.floor(box.west * frame.scale + frame.left - edge));
    const top = Math.max(0, Math.floor(frame.top - box.north * frame.scale - edge));
    const right = Math.min(frame.width, Math.ceil(box.east * frame.scale + frame.left + edge));
    const bottom = Math.min(frame.height, Math.ceil(frame.top - box.south * frame.scale + edge));
    return left < right && top < bottom ? { left, top, width: right - left, height: bottom - top } : null;
  }

  #trace(context: CanvasRenderingContext2D, frame: Frame, arc: number, pixel: number): number {
    const { xs, ys } = this.#geometry;
    const { scale, left, top } = frame;
    const kept = this.#kept;
    const count = thin(this.#geometry, arc, pixel / scale, kept);
    context.moveTo(xs[kept[0]] * scale + left, top - ys[kept[0]] * scale);
    for (let k = 1; k < count; k++) context.lineTo(xs[kept[k]] * scale + left, top - ys[kept[k]] * scale);
    return count;
  }
}

/** Square grid units of an average area that has any. */
export function averageArea(geometry: Geometry): number {
  let total = 0;
  let areas = 0;
  for (let area = 0; area < geometry.areas; area++) {
    const width = geometry.areaBoxes[4 * area + 2] - geometry.areaBoxes[4 * area];
    const height = geometry.areaBoxes[4 * area + 3] - geometry.areaBoxes[4 * area + 1];
    if (width < 0) continue;
    total += (width * height) / 2;
    areas++;
  }
  return areas ? total / areas : 0;
}
