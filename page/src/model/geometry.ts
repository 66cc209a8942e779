/** Areas as rings of shared arcs on an integer grid over Web Mercator. Typed arrays only: England has 33,755 areas. */
import type { FinerSections, GeometrySections, PackedGeometry } from "./contract";
import type { Span } from "./contract/base";
import { PageError } from "./data";

const EARTH_RADIUS = 6_378_137;
export const WORLD = 2 * Math.PI * EARTH_RADIUS;

/** Vertices and boxes are those of the first picture until it is refined. */
export interface Geometry {
  readonly areas: number;
  readonly arcs: number;
  readonly origin: readonly [number, number];
  readonly step: number;
  /** Arc `a` has the vertices `arcStarts[a]` to `arcStarts[a + 1]`. */
  readonly arcStarts: Uint32Array;
  readonly xs: Int32Array;
  readonly ys: Int32Array;
  readonly ringStarts: Uint32Array;
  /** Arc `a` forwards is `a`, backwards `-a - 1`. */
  readonly ringArcs: Int32Array;
  readonly areaStarts: Uint32Array;
  /** Two per arc: the areas on either side, -1 for outside; worked out when it is first asked for. */
  readonly neighbours: Int32Array;
  /** Four per arc and per area: west, south, east, north; west > east where there is nothing. */
  readonly arcBoxes: Int32Array;
  readonly areaBoxes: Int32Array;
}

export function countVarints(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte < 0x80) count++;
  return count;
}

/** `count` of them, where that is known. */
export function decodeUnsigned(bytes: Uint8Array, count = countVarints(bytes)): Uint32Array {
  const values = new Uint32Array(count);
  let at = 0;
  for (let i = 0; i < values.length; i++) {
    let byte = bytes[at++];
    let value = byte & 0x7f;
    for (let shift = 7; byte >= 0x80; shift += 7) {
      byte = bytes[at++];
      value |= (byte & 0x7f) << shift;
    }
    values[i] = value;
  }
  if (at !== bytes.length) throw damaged();
  return values;
}

/** Zigzag-coded differences, summed; `count` of them, where that is known. */
export function decodeDeltas(bytes: Uint8Array, count = countVarints(bytes)): Int32Array {
  const values = new Int32Array(count);
  let at = 0;
  let value = 0;
  for (let i = 0; i < count; i++) {
    let byte = bytes[at++];
    let coded = byte & 0x7f;
    for (let shift = 7; byte >= 0x80; shift += 7) {
      byte = bytes[at++];
      coded |= (byte & 0x7f) << shift;
    }
    value += (coded >>> 1) ^ -(coded & 1);
    values[i] = value;
  }
  if (at !== bytes.length) throw damaged();
  return values;
}

/**
 * How far back each arc was met for the first time, times 2; 0 for the next new one; plus 1 where it is walked back.
 * There are `arcs`, each of which is met.
 */
function decodeWalks(bytes: Uint8Array, arcs: number): Int32Array {
  const references = decodeUnsigned(bytes);
  const walks = new Int32Array(references.length);
  let met = 0;
  for (let i = 0; i < references.length; i++) {
    const back = references[i] >>> 1;
    const arc = met - back;
    if (back === 0) met++;
    if (arc < 0) throw damaged();
    walks[i] = references[i] & 1 ? -arc - 1 : arc;
  }
  if (met !== arcs) throw damaged();
  return walks;
}

/** Two per arc: the areas on either side; both are the same where an arc lies between two parts of one area. */
function neighboursOfArcs(arcs: number, { areaStarts, ringStarts, ringArcs }: Pick<Geometry, "areaStarts" | "ringStarts" | "ringArcs">): Int32Array {
  const neighbours = new Int32Array(2 * arcs).fill(-1);
  for (let area = 0; area + 1 < areaStarts.length; area++) {
    for (let i = ringStarts[areaStarts[area]]; i < ringStarts[areaStarts[area + 1]]; i++) {
      const one = 2 * arcOf(ringArcs[i]);
      const other = one + 1;
      if (neighbours[one] < 0) neighbours[one] = area;
      // Of areas that overlap, the first two are kept.
      else if (neighbours[other] < 0 || neighbours[other] === neighbours[one]) neighbours[other] = area;
    }
  }
  return neighbours;
}

function startsFrom(lengths: Uint32Array): Uint32Array {
  const starts = new Uint32Array(lengths.length + 1);
  for (let i = 0; i < lengths.length; i++) starts[i + 1] = starts[i] + lengths[i];
  return starts;
}

function damaged(): PageError {
  return new PageError("The boundaries in this page are damaged. Please ask for the file again.");
}

export function decodeGeometry(packed: Omit<PackedGeometry, "packed">, bytes: Uint8Array): Geometry {
  const section = (name: keyof GeometrySections): Uint8Array => {
    const [offset, length] = packed.sections[name];
    return bytes.subarray(offset, offset + length);
  };
  const arcStarts = startsFrom(decodeUnsigned(section("arc_lengths"), packed.arcs));
  const vertices = arcStarts[arcStarts.length - 1];
  const xs = decodeDeltas(section("xs"), vertices);
  const ys = decodeDeltas(section("ys"), vertices);
  const ringStarts = startsFrom(decodeUnsigned(section("ring_lengths"), packed.rings));
  const arcs = packed.arcs;
  const ringArcs = decodeWalks(section("ring_arcs"), arcs);
  const areaStarts = startsFrom(decodeUnsigned(section("area_rings")));
  if (ringStarts[ringStarts.length - 1] !== ringArcs.length || areaStarts[areaStarts.length - 1] !== packed.rings) throw damaged();
  const arcBoxes = boxesOfArcs(arcStarts, xs, ys);
  let neighbours: Int32Array | null = null;
  return {
    areas: areaStarts.length - 1,
    arcs,
    origin: packed.origin,
    step: packed.step,
    arcStarts,
    xs,
    ys,
    ringStarts,
    ringArcs,
    areaStarts,
    get neighbours() {
      return (neighbours ??= neighboursOfArcs(arcs, { areaStarts, ringStarts, ringArcs }));
    },
    arcBoxes,
    areaBoxes: boxesOfAreas(areaStarts, ringStarts, ringArcs, arcBoxes),
  };
}

/** Zigzag-coded numbers. */
function decodeSigned(bytes: Uint8Array): Int32Array {
  return Int32Array.from(decodeUnsigned(bytes), (coded) => (coded >>> 1) ^ -(coded & 1));
}

/** Adds the vertices that the first picture does without: those between two that are there. @throws {PageError} where they cannot be. */
export function refine(geometry: Geometry, sections: FinerSections, bytes: Uint8Array): void {
  const section = ([offset, length]: Span): Uint8Array => bytes.subarray(offset, offset + length);
  const between = decodeUnsigned(section(sections.between));
  const besideX = decodeSigned(section(sections.xs));
  const besideY = decodeSigned(section(sections.ys));
  const { arcs, arcStarts, xs: coarseXs, ys: coarseYs, areaStarts, ringStarts, ringArcs } = geometry;
  const added = between.reduce((sum, count) => sum + count, 0);
  if (between.length !== coarseXs.length - arcs || besideX.length !== added || besideY.length !== added) throw damaged();
  const starts = new Uint32Array(arcs + 1);
  const xs = new Int32Array(coarseXs.length + added);
  const ys = new Int32Array(xs.length);
  for (let arc = 0, at = 0, next = 0, stretch = 0; arc < arcs; arc++) {
    for (let i = arcStarts[arc]; ; i++) {
      let x = (xs[at] = coarseXs[i]);
      let y = (ys[at++] = coarseYs[i]);
      if (i + 1 >= arcStarts[arc + 1]) break;
      for (let steps = between[stretch++] + 1; steps > 1; steps--, next++) {
        // The first of the steps that would lead straight to the next vertex, and how far this one is from there.
        x = xs[at] = x + Math.floor((2 * (coarseXs[i + 1] - x) + steps) / (2 * steps)) + besideX[next];
        y = ys[at++] = y + Math.floor((2 * (coarseYs[i + 1] - y) + steps) / (2 * steps)) + besideY[next];
      }
    }
    starts[arc + 1] = at;
  }
  const arcBoxes = boxesOfArcs(starts, xs, ys);
  const areaBoxes = boxesOfAreas(areaStarts, ringStarts, ringArcs, arcBoxes);
  Object.assign(geometry, { arcStarts: starts, xs, ys, arcBoxes, areaBoxes } satisfies Partial<Geometry>);
}

const NOTHING = [0x7fffffff, 0x7fffffff, -0x7fffffff, -0x7fffffff];

function boxesOfArcs(starts: Uint32Array, xs: Int32Array, ys: Int32Array): Int32Array {
  const arcs = starts.length - 1;
  const boxes = noBoxes(arcs);
  for (let arc = 0, at = 0; arc < arcs; arc++, at += 4) {
    for (let i = starts[arc]; i < starts[arc + 1]; i++) {
      const x = xs[i];
      const y = ys[i];
      if (x < boxes[at]) boxes[at] = x;
      if (y < boxes[at + 1]) boxes[at + 1] = y;
      if (x > boxes[at + 2]) boxes[at + 2] = x;
      if (y > boxes[at + 3]) boxes[at + 3] = y;
    }
  }
  return boxes;
}

function boxesOfAreas(areaStarts: Uint32Array, ringStarts: Uint32Array, ringArcs: Int32Array, arcBoxes: Int32Array): Int32Array {
  const areas = areaStarts.length - 1;
  const boxes = noBoxes(areas);
  for (let area = 0, at = 0; area < areas; area++, at += 4) {
    for (let i = ringStarts[areaStarts[area]]; i < ringStarts[areaStarts[area + 1]]; i++) {
      const arc = 4 * arcOf(ringArcs[i]);
      boxes[at] = Math.min(boxes[at], arcBoxes[arc]);
      boxes[at + 1] = Math.min(boxes[at + 1], arcBoxes[arc + 1]);
      boxes[at + 2] = Math.max(boxes[at + 2], arcBoxes[arc + 2]);
      boxes[at + 3] = Math.max(boxes[at + 3], arcBoxes[arc + 3]);
    }
  }
  return boxes;
}

/** So many boxes around nothing. */
function noBoxes(count: number): Int32Array {
  const boxes = new Int32Array(4 * count);
  for (let i = 0; i < boxes.length; i++) boxes[i] = NOTHING[i & 3];
  return boxes;
}

/** The number of an arc, whichever way it is walked. */
export function arcOf(signed: number): number {
  return signed < 0 ? -signed - 1 : signed;
}

export interface Box {
  west: number;
  south: number;
  east: number;
  north: number;
}

/** The box around some areas, in grid units; null where they have no geometry. */
export function boxOf(geometry: Geometry, areas: Iterable<number>): Box | null {
  let [west, south, east, north] = NOTHING;
  for (const area of areas) {
    west = Math.min(west, geometry.areaBoxes[4 * area]);
    south = Math.min(south, geometry.areaBoxes[4 * area + 1]);
    east = Math.max(east, geometry.areaBoxes[4 * area + 2]);
    north = Math.max(north, geometry.areaBoxes[4 * area + 3]);
  }
  return west > east ? null : { west, south, east, north };
}

export function everyArea(geometry: Geometry): Iterable<number> {
  return Array(geometry.areas).keys();
}

/** Longitude and latitude to grid units, not rounded. */
export function toGrid(geometry: Geometry, lon: number, lat: number): [number, number] {
  const x = (lon / 360) * WORLD;
  const y = EARTH_RADIUS * Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
  return [(x - geometry.origin[0]) / geometry.step, (y - geometry.origin[1]) / geometry.step];
}

/** Grid units to longitude and latitude. */
export function toLonLat(geometry: Geometry, i: number, j: number): [number, number] {
  const x = geometry.origin[0] + i * geometry.step;
  const y = geometry.origin[1] + j * geometry.step;
  return [(x / WORLD) * 360, (Math.atan(Math.exp(y / EARTH_RADIUS)) * 360) / Math.PI - 90];
}

/** The rings of an area as closed lists of grid points. */
export function ringsOf(geometry: Geometry, area: number): [number, number][][] {
  const { areaStarts, ringStarts, ringArcs, arcStarts, xs, ys } = geometry;
  const rings: [number, number][][] = [];
  for (let ring = areaStarts[area]; ring < areaStarts[area + 1]; ring++) {
    const points: [number, number][] = [];
    for (let k = ringStarts[ring]; k < ringStarts[ring + 1]; k++) {
      const arc = arcOf(ringArcs[k]);
      const first = arcStarts[arc];
      const last = arcStarts[arc + 1] - 1;
      if (ringArcs[k] >= 0) for (let i = first; i < last; i++) points.push([xs[i], ys[i]]);
      else for (let i = last; i > first; i--) points.push([xs[i], ys[i]]);
    }
    if (points.length) points.push(points[0]);
    rings.push(points);
  }
  return rings;
}

/** Whether an area holds a point in grid units. */
export function contains(geometry: Geometry, area: number, x: number, y: number): boolean {
  const { areaStarts, ringStarts, ringArcs, arcStarts, arcBoxes, xs, ys } = geometry;
  let inside = false;
  for (let k = ringStarts[areaStarts[area]]; k < ringStarts[areaStarts[area + 1]]; k++) {
    const arc = arcOf(ringArcs[k]);
    if (y < arcBoxes[4 * arc + 1] || y > arcBoxes[4 * arc + 3] || x > arcBoxes[4 * arc + 2]) continue;
    // An arc is always walked the way it is stored, so that both neighbours get the same answer to the last bit.
    for (let i = arcStarts[arc], end = arcStarts[arc + 1] - 1; i < end; i++) {
      const below = ys[i];
      const above = ys[i + 1];
      if (below > y !== above > y && x < xs[i] + ((y - below) * (xs[i + 1] - xs[i])) / (above - below)) inside = !inside;
    }
  }
  return inside;
}

/** A point inside an area that has geometry: in the middle of its widest part halfway up. */
export function insidePoint(geometry: Geometry, area: number): [number, number] {
  const { areaStarts, ringStarts, ringArcs, arcStarts, areaBoxes, xs, ys } = geometry;
  // Between two rows of the grid, so that no vertex lies on the line.
  const y = Math.floor((areaBoxes[4 * area + 1] + areaBoxes[4 * area + 3]) / 2) + 0.5;
  const crossings: number[] = [];
  for (let k = ringStarts[areaStarts[area]]; k < ringStarts[areaStarts[area + 1]]; k++) {
    const arc = arcOf(ringArcs[k]);
    for (let i = arcStarts[arc], end = arcStarts[arc + 1] - 1; i < end; i++) {
      if (ys[i] > y !== ys[i + 1] > y) crossings.push(xs[i] + ((y - ys[i]) * (xs[i + 1] - xs[i])) / (ys[i + 1] - ys[i]));
    }
  }
  crossings.sort((a, b) => a - b);
  let [x, widest] = [(areaBoxes[4 * area] + areaBoxes[4 * area + 2]) / 2, 0];
  for (let k = 0; k + 1 < crossings.length; k += 2) {
    const width = crossings[k + 1] - crossings[k];
    if (width > widest) [x, widest] = [(crossings[k] + crossings[k + 1]) / 2, width];
  }
  return [x, y];
}

/** Which area holds a point: a grid of cells, each listing the areas whose boxes touch it. */
export class HitTest {
  readonly #geometry: Geometry;
  readonly #west: number;
  readonly #south: number;
  readonly #cell: number;
  readonly #columns: number;
  readonly #rows: number;
  readonly #starts: Uint32Array;
  readonly #areas: Uint32Array;

  constructor(geometry: Geometry) {
    this.#geometry = geometry;
    const box = boxOf(geometry, everyArea(geometry)) ?? { west: 0, south: 0, east: 1, north: 1 };
    const width = Math.max(1, box.east - box.west);
    const height = Math.max(1, box.north - box.south);
    this.#west = box.west;
    this.#south = box.south;
    this.#cell = Math.max(1, Math.sqrt((width * height) / Math.max(1, 2 * geometry.areas)));
    this.#columns = Math.floor(width / this.#cell) + 1;
    this.#rows = Math.floor(height / this.#cell) + 1;
    this.#starts = new Uint32Array(this.#columns * this.#rows + 1);
    this.#visit((cell) => this.#starts[cell + 1]++);
    for (let cell = 1; cell < this.#starts.length; cell++) this.#starts[cell] += this.#starts[cell - 1];
    this.#areas = new Uint32Array(this.#starts[this.#starts.length - 1]);
    const next = this.#starts.slice();
    this.#visit((cell, area) => (this.#areas[next[cell]++] = area));
  }

  #visit(see: (cell: number, area: number) => void): void {
    const { areas, areaBoxes } = this.#geometry;
    for (let area = 0; area < areas; area++) {
      if (areaBoxes[4 * area] > areaBoxes[4 * area + 2]) continue;
      const left = Math.floor((areaBoxes[4 * area] - this.#west) / this.#cell);
      const bottom = Math.floor((areaBoxes[4 * area + 1] - this.#south) / this.#cell);
      const right = Math.floor((areaBoxes[4 * area + 2] - this.#west) / this.#cell);
      const top = Math.floor((areaBoxes[4 * area + 3] - this.#south) / this.#cell);
      for (let row = bottom; row <= top; row++) {
        for (let column = left; column <= right; column++) see(row * this.#columns + column, area);
      }
    }
  }

  /** The area at a point in grid units, or -1. */
  at(x: number, y: number): number {
    const column = Math.floor((x - this.#west) / this.#cell);
    const row = Math.floor((y - this.#south) / this.#cell);
    if (column < 0 || row < 0 || column >= this.#columns || row >= this.#rows) return -1;
    const cell = row * this.#columns + column;
    const boxes = this.#geometry.areaBoxes;
    for (let k = this.#starts[cell]; k < this.#starts[cell + 1]; k++) {
      const area = this.#areas[k];
      if (x < boxes[4 * area] || y < boxes[4 * area + 1] || x > boxes[4 * area + 2] || y > boxes[4 * area + 3]) continue;
      if (contains(this.#geometry, area, x, y)) return area;
    }
    return -1;
  }
}
