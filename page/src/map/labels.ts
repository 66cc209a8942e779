/** Names of towns, districts and, further in, wards, so that the map can be read without a street map behind it. */
import type { AtlasData } from "../model/contract";
import type { Geometry } from "../model/geometry";
import { contains, insidePoint, toGrid } from "../model/geometry";
import type { Table } from "../model/table";
import type { Frame } from "./paint";
import type { Steps } from "./slices";

export interface Town {
  name: string;
  lon: number;
  lat: number;
  population: number;
}

/** The towns that the page carries without their keys, as a nation has many. */
export function townsOf({ towns }: Pick<AtlasData, "towns">): Town[] {
  return towns.map(([name, lon, lat, population]) => ({ name, lon, lat, population }));
}

export interface Label {
  text: string;
  x: number;
  y: number;
  /** Grid units across. */
  width: number;
}

export interface TownLabel {
  text: string;
  x: number;
  y: number;
  population: number;
}

/** The largest or widest of each come first. */
export interface Names {
  towns: readonly TownLabel[];
  districts: readonly Label[];
  wards: readonly Label[];
}

export interface LabelInk {
  family: string;
  colour: string;
  halo: string;
}

const LONGEST = 40;

export function namesOf(geometry: Geometry, table: Table, towns: readonly Town[]): Names {
  return {
    towns: townLabels(geometry, towns),
    districts: labelsOf(geometry, table, "lad"),
    wards: labelsOf(geometry, table, "ward"),
  };
}

/** Largest first. */
export function townLabels(geometry: Geometry, towns: readonly Town[]): TownLabel[] {
  return towns
    .map(({ name, lon, lat, population }) => {
      const [x, y] = toGrid(geometry, lon, lat);
      return { text: shorten(name), x, y, population };
    })
    .sort((a, b) => b.population - a.population);
}

/**
 * One label for each place, widest first: at the middle of its areas, or where that lies outside of them, inside the
 * nearest one. Places are told apart by code, for names are not unique.
 */
export function labelsOf(geometry: Geometry, table: Table, level: "lad" | "ward"): Label[] {
  const column = table.texts(`${level}_code`) ?? table.texts(`${level}_name`);
  if (!column) return [];
  const { codes, values } = column;
  const { areaBoxes } = geometry;
  const members = values.map((): number[] => []);
  for (let area = 0; area < geometry.areas; area++) {
    if (codes[area] >= 0 && areaBoxes[4 * area] <= areaBoxes[4 * area + 2]) members[codes[area]].push(area);
  }
  const labels: Label[] = [];
  for (const areas of members) {
    const text = areas.length ? table.text(`${level}_name`, areas[0]) : null;
    if (text === null) continue;
    let [weight, sumX, sumY, west, east] = [0, 0, 0, Infinity, -Infinity];
    for (const area of areas) {
      const w = areaBoxes[4 * area];
      const s = areaBoxes[4 * area + 1];
      const e = areaBoxes[4 * area + 2];
      const n = areaBoxes[4 * area + 3];
      const part = Math.max(1, (e - w) * (n - s));
      weight += part;
      sumX += (part * (w + e)) / 2;
      sumY += (part * (s + n)) / 2;
      west = Math.min(west, w);
      east = Math.max(east, e);
    }
    const [x, y] = within(geometry, areas, sumX / weight, sumY / weight);
    labels.push({ text: shorten(text), x, y, width: east - west });
  }
  return labels.sort((a, b) => b.width - a.width);
}

/** The point itself if one of the areas holds it, else one inside the nearest. */
function within(geometry: Geometry, areas: readonly number[], x: number, y: number): [number, number] {
  const { areaBoxes } = geometry;
  let nearest = areas[0];
  let distance = Infinity;
  for (const area of areas) {
    const dx = Math.max(areaBoxes[4 * area] - x, 0, x - areaBoxes[4 * area + 2]);
    const dy = Math.max(areaBoxes[4 * area + 1] - y, 0, y - areaBoxes[4 * area + 3]);
    if (dx === 0 && dy === 0 && contains(geometry, area, x, y)) return [x, y];
    const far = Math.hypot(
      (areaBoxes[4 * area] + areaBoxes[4 * area + 2]) / 2 - x,
      (areaBoxes[4 * area + 1] + areaBoxes[4 * area + 3]) / 2 - y,
    );
    if (far >= distance) continue;
    nearest = area;
    distance = far;
  }
  return insidePoint(geometry, nearest);
}

function shorten(text: string): string {
  const characters = Array.from(text);
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join("")}…` : text;
}

/** In CSS pixels of the canvas. */
export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

interface TownStep {
  from: number;
  font: string;
  height: number;
  dot: number;
}

/** Sizes of towns by residents, largest first. */
const STEPS: readonly TownStep[] = [
  { from: 250_000, font: "700 16px", height: 9, dot: 3.5 },
  { from: 75_000, font: "700 14px", height: 8, dot: 3 },
  { from: 20_000, font: "600 12.5px", height: 7.5, dot: 2.5 },
  { from: 0, font: "600 11.5px", height: 7, dot: 2 },
];
/** Towns of these steps come before districts. */
const LARGE = 2;
/** A town is shown from this many residents on for each metre in a pixel. */
const RESIDENTS_PER_METRE = 80;
/** The largest towns, shown at every zoom. */
const ALWAYS = 3;
const GAP = 4;

interface PlaceStyle {
  font: string;
  height: number;
  /** How wide a name may be, as a share of the width of its place. */
  room: number;
}

const DISTRICT: PlaceStyle = { font: "600 13px", height: 9, room: 1.15 };
const WARD: PlaceStyle = { font: "11.5px", height: 8, room: 0.75 };

/**
 * Draws the names that fit and do not touch one drawn before: large towns, districts, other towns, wards. `view`: the
 * part of the canvas that the map shows.
 */
export function* paintNames(
  context: CanvasRenderingContext2D,
  frame: Frame,
  names: Names,
  ink: LabelInk,
  metresPerPixel: number,
  view: Box,
): Steps<void> {
  const { towns, districts, wards } = names;
  const shown = towns.filter(
    ({ population }, rank) => rank < ALWAYS || population >= RESIDENTS_PER_METRE * metresPerPixel,
  );
  const painter = new Painter(context, frame, ink, view, shown);
  const steps = shown.map(({ population }) => STEPS.findIndex(({ from }) => population >= from));
  for (const [number, town] of shown.entries()) {
    if (steps[number] >= 0 && steps[number] < LARGE && painter.town(town, STEPS[steps[number]])) yield;
  }
  for (const label of districts) if (painter.place(label, DISTRICT)) yield;
  for (const [number, town] of shown.entries()) {
    if (steps[number] >= LARGE && painter.town(town, STEPS[steps[number]])) yield;
  }
  for (const label of wards) if (painter.place(label, WARD)) yield;
}

/** Widths in CSS pixels of texts measured before. */
const widths = new WeakMap<Label | TownLabel, number>();

class Painter {
  readonly #context: CanvasRenderingContext2D;
  readonly #frame: Frame;
  readonly #ink: LabelInk;
  readonly #view: Box;
  readonly #taken: Box[] = [];
  #font = "";
  readonly #towns: ReadonlyMap<string, TownLabel>;

  constructor(context: CanvasRenderingContext2D, frame: Frame, ink: LabelInk, view: Box, towns: readonly TownLabel[]) {
    this.#view = view;
    this.#towns = new Map(towns.map((town) => [town.text, town]));
    this.#context = context;
    this.#frame = frame;
    this.#ink = ink;
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 3;
    context.strokeStyle = ink.halo;
  }

  /** Returns whether the name was written. */
  place(label: Label, style: PlaceStyle): boolean {
    const { scale } = this.#frame;
    if (label.width * scale < 24) return false;
    const namesake = this.#towns.get(label.text);
    if (namesake && Math.hypot(namesake.x - label.x, namesake.y - label.y) < label.width) return false;
    const x = label.x * scale + this.#frame.left;
    const y = this.#frame.top - label.y * scale;
    if (this.#outside(x, y)) return false;
    const width = this.#measure(label, style.font);
    if (width > label.width * scale * style.room) return false;
    const box = { left: x - width / 2 - 4, right: x + width / 2 + 4, top: y - style.height, bottom: y + style.height };
    if (!this.#free(box)) return false;
    this.#taken.push(box);
    this.#write(label.text, x, y, style.font, "center");
    return true;
  }

  /** A dot with the name on a side of it where there is room, whole in view if it can be: right, left, above, below. */
  town(town: TownLabel, step: TownStep): boolean {
    const x = town.x * this.#frame.scale + this.#frame.left;
    const y = this.#frame.top - town.y * this.#frame.scale;
    if (this.#outside(x, y)) return false;
    const width = this.#measure(town, step.font);
    const { dot, height } = step;
    const aside = dot + GAP;
    const over = dot + height;
    const sides: [CanvasTextAlign, number, number, number][] = [
      ["left", x + aside, y, x + aside],
      ["right", x - aside, y, x - aside - width],
      ["center", x, y - over, x - width / 2],
      ["center", x, y + over, x - width / 2],
    ];
    const point = { left: x - dot - 1, right: x + dot + 1, top: y - dot - 1, bottom: y + dot + 1 };
    if (!this.#free(point)) return false;
    const free = sides
      .map(([align, textX, textY, left]) => ({
        write: () => {
          this.#write(town.text, textX, textY, step.font, align);
        },
        box: { left: left - 2, right: left + width + 2, top: textY - height, bottom: textY + height },
      }))
      .filter(({ box }) => this.#free(box));
    const chosen = free.find(({ box }) => this.#inView(box)) ?? free.at(0);
    if (!chosen) return false;
    this.#taken.push(chosen.box, point);
    this.#dot(x, y, dot);
    chosen.write();
    return true;
  }

  #measure(label: Label | TownLabel, font: string): number {
    let width = widths.get(label);
    if (width === undefined) {
      this.#useFont(font);
      width = this.#context.measureText(label.text).width;
      widths.set(label, width);
    }
    return width;
  }

  /** Setting a font costs even where it stays the same. */
  #useFont(font: string): void {
    if (font !== this.#font) this.#context.font = `${font} ${this.#ink.family}`;
    this.#font = font;
  }

  #outside(x: number, y: number): boolean {
    return x < 0 || y < 0 || x > this.#frame.width || y > this.#frame.height;
  }

  #inView({ left, right, top, bottom }: Box): boolean {
    const view = this.#view;
    return left >= view.left && right <= view.right && top >= view.top && bottom <= view.bottom;
  }

  #free(box: Box): boolean {
    return !this.#taken.some(
      (other) => box.left < other.right && box.right > other.left && box.top < other.bottom && box.bottom > other.top,
    );
  }

  #dot(x: number, y: number, radius: number): void {
    const context = this.#context;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.stroke();
    context.fillStyle = this.#ink.colour;
    context.fill();
  }

  #write(text: string, x: number, y: number, font: string, align: CanvasTextAlign): void {
    this.#useFont(font);
    this.#context.textAlign = align;
    this.#context.strokeText(text, x, y);
    this.#context.fillStyle = this.#ink.colour;
    this.#context.fillText(text, x, y);
  }
}
