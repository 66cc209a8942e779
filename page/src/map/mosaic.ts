/**
 * Which area holds each sample of a picture, row by row in runs. Borders are walked once for all layers: colours are
 * looked up afterwards, so that another layer, a faded area or a second layer beside the first costs no geometry.
 */
import type { Geometry } from "../model/geometry";
import { arcOf } from "../model/geometry";
import type { Frame } from "./paint";
import { visibleBox } from "./paint";
import type { Steps } from "./slices";

export interface Mosaic {
  /** Samples across and down; each pixel has `oversample` times as many of them either way. */
  readonly columns: number;
  readonly rows: number;
  readonly oversample: number;
  /** Row `r` has the runs `starts[r]` to `starts[r + 1]`. */
  readonly starts: Uint32Array;
  /** The column behind each run. */
  readonly ends: Uint16Array | Uint32Array;
  /** Area number + 1, or 0 for none. */
  readonly areas: Uint16Array | Uint32Array;
}

/** About so many samples are worked on between two interruptions. */
const BAND = 1 << 18;
const NUMBER_BITS = 20;
const NUMBER = (1 << NUMBER_BITS) - 1;

/** A number that can be told from two others combined. */
function codeOf(number: number): number {
  return (number | ((Math.imul(number, 0x9e3779b1) >>> NUMBER_BITS) << NUMBER_BITS)) >>> 0;
}

class Growing<A extends Uint16Array | Uint32Array> {
  values: A;
  readonly #make: (length: number) => A;

  constructor(make: (length: number) => A, length: number) {
    this.#make = make;
    this.values = make(length);
  }

  reserve(length: number): void {
    if (length <= this.values.length) return;
    const longer = this.#make(Math.max(length, 2 * this.values.length));
    longer.set(this.values);
    this.values = longer;
  }
}

function numbersUpTo(most: number): (length: number) => Uint16Array | Uint32Array {
  return most < 1 << 16 ? (length) => new Uint16Array(length) : (length) => new Uint32Array(length);
}

/** For each arc, the codes of the areas whose rings it is part of, combined. */
function codesOfArcs(geometry: Geometry, codes: Uint32Array): Uint32Array {
  const { areas, areaStarts, ringStarts, ringArcs } = geometry;
  const combined = new Uint32Array(geometry.arcs);
  for (let area = 0; area < areas; area++) {
    const end = ringStarts[areaStarts[area + 1]];
    for (let k = ringStarts[areaStarts[area]]; k < end; k++) combined[arcOf(ringArcs[k])] ^= codes[area + 1];
  }
  return combined;
}

/** Arcs that any row of the view crosses at or left of its right edge. */
function arcsInRows(geometry: Geometry, frame: Frame): Uint32Array {
  const { arcBoxes, arcs } = geometry;
  const view = visibleBox(frame);
  const found = new Uint32Array(arcs);
  let count = 0;
  for (let arc = 0; arc < arcs; arc++) {
    if (arcBoxes[4 * arc] <= view.east && arcBoxes[4 * arc + 1] <= view.north && arcBoxes[4 * arc + 3] >= view.south) {
      found[count++] = arc;
    }
  }
  return found.slice(0, count);
}

/**
 * A sample lies in an area if a line from the left edge to it crosses the area's border an odd number of times. Every
 * crossing toggles the areas on both sides, all at once, in the first sample behind it; what has been toggled from the
 * left edge on, combined, is the area itself. Neither the order of crossings nor the direction of arcs matters.
 */
export class Sampler {
  readonly #geometry: Geometry;
  readonly #codes: Uint32Array;
  readonly #arcCodes: Uint32Array;

  constructor(geometry: Geometry) {
    this.#geometry = geometry;
    this.#codes = new Uint32Array(geometry.areas + 1);
    for (let number = 1; number <= geometry.areas; number++) this.#codes[number] = codeOf(number);
    this.#arcCodes = codesOfArcs(geometry, this.#codes);
  }

  /** A mosaic of so many pixels. */
  *sample(frame: Frame, width: number, height: number, oversample: number): Steps<Mosaic> {
    const columns = width * oversample;
    const rows = height * oversample;
    const density = columns / frame.width;
    const scale = frame.scale * density;
    const top = frame.top * density - 0.5;
    const arcs = arcsInRows(this.#geometry, frame);
    const bandRows = Math.max(8, Math.floor(BAND / Math.max(1, columns)));
    const words = (columns + 31) >> 5;
    const band: Band = {
      first: 0,
      last: 0,
      columns,
      scale,
      left: frame.left * density - 0.5,
      top,
      west: -frame.left / frame.scale,
      toggled: new Uint32Array(bandRows * columns),
      touched: new Uint32Array(bandRows * words),
      words,
    };
    const runs = new Runs(rows, columns, this.#codes);
    yield;
    for (band.first = 0; band.first < rows; band.first = band.last) {
      band.last = Math.min(rows, band.first + bandRows);
      this.#toggle(band, arcs);
      runs.read(band);
      yield;
    }
    return { columns, rows, oversample, ...runs.finish() };
  }

  #toggle(band: Band, arcs: Uint32Array): void {
    const { arcStarts, xs, ys, arcBoxes } = this.#geometry;
    const { first, last, scale, left, top, west } = band;
    const north = (top - first + 1) / scale;
    const south = (top - last - 1) / scale;
    for (const arc of arcs) {
      if (arcBoxes[4 * arc + 1] > north || arcBoxes[4 * arc + 3] < south) continue;
      const code = this.#arcCodes[arc];
      const begin = arcStarts[arc];
      const end = arcStarts[arc + 1] - 1;
      // Left of the view only the rows between its ends have an odd number of crossings.
      const step = arcBoxes[4 * arc + 2] < west ? end - begin : 1;
      let x0 = xs[begin] * scale + left;
      let y0 = top - ys[begin] * scale;
      let row0 = Math.min(last, Math.max(first, Math.ceil(y0)));
      for (let i = begin + step; i <= end; i += step) {
        const x1 = xs[i] * scale + left;
        const y1 = top - ys[i] * scale;
        const row1 = Math.min(last, Math.max(first, Math.ceil(y1)));
        if (row1 > row0) cross(band, x0, y0, (x1 - x0) / (y1 - y0), row0, row1, code);
        else if (row1 < row0) cross(band, x0, y0, (x1 - x0) / (y1 - y0), row1, row0, code);
        x0 = x1;
        y0 = y1;
        row0 = row1;
      }
    }
  }
}

interface Band {
  first: number;
  last: number;
  columns: number;
  /** Grid units to samples, as in a frame, their centres at whole numbers. */
  scale: number;
  left: number;
  top: number;
  /** The left edge in grid units. */
  west: number;
  toggled: Uint32Array;
  /** One bit for each sample that was toggled, as few are; each row begins with a new word. */
  touched: Uint32Array;
  words: number;
}

function cross(band: Band, x: number, y: number, slope: number, from: number, to: number, code: number): void {
  const { first, columns, toggled, touched, words } = band;
  for (let row = from; row < to; row++) {
    const column = Math.max(0, Math.ceil(x + (row - y) * slope));
    if (column >= columns) continue;
    toggled[(row - first) * columns + column] ^= code;
    touched[(row - first) * words + (column >> 5)] |= 1 << (column & 31);
  }
}

/** Collects runs row by row. */
class Runs {
  readonly #codes: Uint32Array;
  readonly #starts: Uint32Array;
  readonly #ends: Growing<Uint16Array | Uint32Array>;
  readonly #areas: Growing<Uint16Array | Uint32Array>;
  #count = 0;

  constructor(rows: number, columns: number, codes: Uint32Array) {
    this.#codes = codes;
    this.#starts = new Uint32Array(rows + 1);
    this.#ends = new Growing(numbersUpTo(columns), 1 << 14);
    this.#areas = new Growing(numbersUpTo(codes.length), 1 << 14);
  }

  /** Reads what was toggled in a band, and clears it. */
  read(band: Band): void {
    const { first, last, columns, toggled, touched, words } = band;
    for (let row = first; row < last; row++) {
      this.#ends.reserve(this.#count + columns + 1);
      this.#areas.reserve(this.#count + columns + 1);
      const ends = this.#ends.values;
      const areas = this.#areas.values;
      const from = (row - first) * columns;
      let count = this.#count;
      let state = 0;
      let area = 0;
      for (let word = 0; word < words; word++) {
        let bits = touched[(row - first) * words + word];
        touched[(row - first) * words + word] = 0;
        while (bits !== 0) {
          const lowest = bits & -bits;
          bits ^= lowest;
          const column = 32 * word + 31 - Math.clz32(lowest);
          state = (state ^ toggled[from + column]) >>> 0;
          toggled[from + column] = 0;
          const next = this.#areaOf(state, area);
          if (next === area) continue;
          if (column > 0) {
            ends[count] = column;
            areas[count++] = area;
          }
          area = next;
        }
      }
      ends[count] = columns;
      areas[count++] = area;
      this.#starts[row + 1] = this.#count = count;
    }
  }

  /** What the codes combined stand for, right of a given area. */
  #areaOf(state: number, area: number): number {
    const codes = this.#codes;
    const number = state & NUMBER;
    if (codes[number] === state) return number;
    // Two areas overlap here: the later one lies on top, as it would if they were drawn one after the other.
    const other = (state ^ codes[area]) >>> 0;
    return codes[other & NUMBER] === other ? Math.max(area, other & NUMBER) : area;
  }

  finish(): Pick<Mosaic, "starts" | "ends" | "areas"> {
    return {
      starts: this.#starts,
      ends: this.#ends.values.slice(0, this.#count),
      areas: this.#areas.values.slice(0, this.#count),
    };
  }
}

/** The area number at a sample, or -1. */
export function areaAt(mosaic: Mosaic, column: number, row: number): number {
  let run = mosaic.starts[row];
  while (mosaic.ends[run] <= column) run++;
  return mosaic.areas[run] - 1;
}

/** One row of pixels from one row of samples. */
function colourPlain(mosaic: Mosaic, row: number, palette: Uint32Array, pixels: Uint32Array, at: number): void {
  const { starts, ends, areas } = mosaic;
  let column = 0;
  for (let run = starts[row]; run < starts[row + 1]; run++) {
    fill(pixels, palette[areas[run]], at + column, at + ends[run]);
    column = ends[run];
  }
}

/** One row of pixels from two rows of samples, two by two. */
function colourSmooth(mosaic: Mosaic, row: number, palette: Uint32Array, pixels: Uint32Array, at: number): void {
  const { starts, ends, areas } = mosaic;
  const width = mosaic.columns >> 1;
  let upper = starts[2 * row];
  let lower = starts[2 * row + 1];
  for (let x = 0; x < width;) {
    const column = 2 * x;
    while (ends[upper] <= column) upper++;
    while (ends[lower] <= column) lower++;
    const a = palette[areas[upper]];
    const c = palette[areas[lower]];
    const alike = Math.min(ends[upper], ends[lower]) >> 1;
    if (alike > x) {
      fill(pixels, a === c ? a : mean(a, a, c, c), at + x, at + alike);
      x = alike;
      continue;
    }
    const b = ends[upper] > column + 1 ? a : palette[areas[upper + 1]];
    const d = ends[lower] > column + 1 ? c : palette[areas[lower + 1]];
    pixels[at + x++] = a === b && c === d && a === c ? a : mean(a, b, c, d);
  }
}

function fill(pixels: Uint32Array, colour: number, from: number, to: number): void {
  if (to - from > 24) pixels.fill(colour, from, to);
  else for (let i = from; i < to; i++) pixels[i] = colour;
}

const OPACITY = [0, 0x40000000, 0x80000000, 0xbf000000, 0xff000000];

/** Of four colours that are opaque or, 0, not there. */
function mean(a: number, b: number, c: number, d: number): number {
  const count = (a >>> 31) + (b >>> 31) + (c >>> 31) + (d >>> 31);
  if (count === 0) return 0;
  const outer = (a & 0xff00ff) + (b & 0xff00ff) + (c & 0xff00ff) + (d & 0xff00ff);
  const green = ((a >>> 8) & 0xff) + ((b >>> 8) & 0xff) + ((c >>> 8) & 0xff) + ((d >>> 8) & 0xff);
  if (count === 4) return (((outer >>> 2) & 0xff00ff) | (((green >>> 2) & 0xff) << 8) | 0xff000000) >>> 0;
  const red = ((outer & 0xffff) / count) | 0;
  const blue = ((outer >>> 16) / count) | 0;
  return (red | (((green / count) | 0) << 8) | (blue << 16) | OPACITY[count]) >>> 0;
}

/** About so many pixels are coloured between two interruptions. */
const PIXELS = 1 << 17;

/** Rows of pixels that take their colours from another palette: `width` of every `period`, from `phase` on. */
export interface Stripes {
  palette: Uint32Array;
  period: number;
  width: number;
  phase: number;
}

/** Puts a mosaic on a canvas. `palette`: what `parseColour` gives, per area number + 1; its first entry is 0. */
export function* paintMosaic(context: CanvasRenderingContext2D, mosaic: Mosaic, palette: Uint32Array, stripes: Stripes | null = null): Steps<void> {
  const { columns, rows, oversample } = mosaic;
  const width = columns / oversample;
  const height = rows / oversample;
  if (!width || !height) return;
  const bandRows = Math.min(height, Math.max(1, Math.floor(PIXELS / width)));
  const image = context.createImageData(width, bandRows);
  const pixels = new Uint32Array(image.data.buffer);
  const colour = oversample === 1 ? colourPlain : colourSmooth;
  yield;
  for (let first = 0; first < height; first += bandRows) {
    const last = Math.min(height, first + bandRows);
    for (let row = first; row < last; row++) {
      const striped = stripes !== null && (row + stripes.phase) % stripes.period < stripes.width;
      colour(mosaic, row, striped ? stripes.palette : palette, pixels, (row - first) * width);
    }
    context.putImageData(image, 0, first, 0, 0, width, last - first);
    yield;
  }
}
