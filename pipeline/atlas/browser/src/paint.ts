/** Drawing on a canvas; knows nothing of Leaflet. */
import type { Box, Geometry } from "./geometry";
import { arcOf } from "./geometry";
import type { Level } from "./thin";
import { NO_DATA } from "./classes";

/** Grid units to CSS pixels of the canvas: `x · scale + left`, `top − y · scale`. */
export interface Frame {
  scale: number;
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Ink {
  noData: string;
  between: string;
  districts: string;
  outside: string;
}

export const INNER = 0;
export const DISTRICT = 1;
export const OUTER = 2;

/** Beside each arc: two areas of one district, of two, or nothing. */
export function arcKinds(geometry: Geometry, districts: Int32Array): Uint8Array {
  const kinds = new Uint8Array(geometry.arcs);
  for (let arc = 0; arc < geometry.arcs; arc++) {
    const left = geometry.neighbours[2 * arc];
    const right = geometry.neighbours[2 * arc + 1];
    if (left < 0 || right < 0) kinds[arc] = OUTER;
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
  return (
    boxes[4 * number] > view.east ||
    boxes[4 * number + 2] < view.west ||
    boxes[4 * number + 1] > view.north ||
    boxes[4 * number + 3] < view.south
  );
}

/** Rings are left open: filling closes them, and closing each costs more than everything else together. */
function traceArea(context: CanvasRenderingContext2D, geometry: Geometry, level: Level, frame: Frame, area: number): number {
  const { areaStarts, ringStarts, ringArcs } = geometry;
  const { starts, xs, ys } = level;
  const scale = frame.scale * level.unit;
  const { left, top } = frame;
  let traced = 0;
  for (let ring = areaStarts[area]; ring < areaStarts[area + 1]; ring++) {
    let lastX = NaN;
    let lastY = NaN;
    for (let k = ringStarts[ring]; k < ringStarts[ring + 1]; k++) {
      const arc = arcOf(ringArcs[k]);
      const forwards = ringArcs[k] >= 0;
      const step = forwards ? 1 : -1;
      const end = forwards ? starts[arc + 1] - 1 : starts[arc];
      for (let i = forwards ? starts[arc] : starts[arc + 1] - 1; i !== end; i += step) {
        const x = xs[i];
        const y = ys[i];
        if (x === lastX && y === lastY) continue;
        if (Number.isNaN(lastX)) context.moveTo(x * scale + left, top - y * scale);
        else context.lineTo(x * scale + left, top - y * scale);
        lastX = x;
        lastY = y;
        traced++;
      }
    }
  }
  return traced;
}

function traceArc(context: CanvasRenderingContext2D, level: Level, frame: Frame, arc: number): void {
  const { starts, xs, ys } = level;
  const scale = frame.scale * level.unit;
  const { left, top } = frame;
  const first = starts[arc];
  context.moveTo(xs[first] * scale + left, top - ys[first] * scale);
  for (let i = first + 1; i < starts[arc + 1]; i++) context.lineTo(xs[i] * scale + left, top - ys[i] * scale);
}

/** Very long paths cost more than their parts: they are filled in portions of about this many vertices. */
const PORTION = 20_000;

/** Below this many square pixels for an average area, lines between areas would hide the colours. */
const SMALLEST_OUTLINED = 45;

export function paintAreas(
  context: CanvasRenderingContext2D,
  geometry: Geometry,
  level: Level,
  frame: Frame,
  classes: Uint8Array,
  colours: readonly string[],
  kinds: Uint8Array,
  averageArea: number,
  ink: Ink,
): void {
  const view = visibleBox(frame);
  const visible: number[][] = Array.from({ length: colours.length + 1 }, () => []);
  for (let area = 0; area < geometry.areas; area++) {
    if (apart(geometry.areaBoxes, area, view)) continue;
    const number = classes[area];
    visible[number === NO_DATA ? colours.length : number].push(area);
  }
  const outlined = averageArea * frame.scale * frame.scale >= SMALLEST_OUTLINED;
  visible.forEach((areas, number) => {
    const colour = number < colours.length ? colours[number] : ink.noData;
    context.fillStyle = colour;
    let traced = 0;
    context.beginPath();
    for (const area of areas) {
      traced += traceArea(context, geometry, level, frame, area);
      if (traced < PORTION) continue;
      context.fill("evenodd");
      context.beginPath();
      traced = 0;
    }
    if (traced) context.fill("evenodd");
  });
  if (!outlined) closeSeams(context);
  context.lineJoin = "round";
  const side = Math.sqrt(averageArea) * frame.scale;
  const pens: [number, string, number][] = [
    [DISTRICT, ink.districts, Math.min(1.8, 0.5 + side / 40)],
    [OUTER, ink.outside, Math.min(1.6, 0.4 + side / 60)],
  ];
  if (outlined) pens.unshift([INNER, ink.between, Math.min(1, 0.25 + side / 60)]);
  for (const [kind, colour, width] of pens) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    for (let arc = 0; arc < geometry.arcs; arc++) {
      if (kinds[arc] === kind && !apart(geometry.arcBoxes, arc, view)) traceArc(context, level, frame, arc);
    }
    context.stroke();
  }
}

/**
 * Without lines between them, smoothed edges of neighbours let the background shine through; what is drawn, put a pixel
 * aside and behind itself, closes these seams for less than stroking every border would take.
 */
function closeSeams(context: CanvasRenderingContext2D): void {
  context.save();
  context.resetTransform();
  context.globalCompositeOperation = "destination-over";
  context.drawImage(context.canvas, 1, 1);
  context.restore();
}

/** The outline around some areas together: arcs with one of them on one side only. */
export function paintOutline(
  context: CanvasRenderingContext2D,
  geometry: Geometry,
  level: Level,
  frame: Frame,
  areas: ReadonlySet<number>,
  pens: readonly (readonly [string, number])[],
): void {
  const arcs = new Set<number>();
  for (const area of areas) {
    const first = geometry.ringStarts[geometry.areaStarts[area]];
    const end = geometry.ringStarts[geometry.areaStarts[area + 1]];
    for (let k = first; k < end; k++) {
      const arc = arcOf(geometry.ringArcs[k]);
      if (!areas.has(geometry.neighbours[2 * arc]) || !areas.has(geometry.neighbours[2 * arc + 1])) arcs.add(arc);
    }
  }
  context.lineJoin = "round";
  context.lineCap = "round";
  context.beginPath();
  for (const arc of arcs) traceArc(context, level, frame, arc);
  for (const [colour, width] of pens) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke();
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
