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
  /** Of districts and wards, which are no places that one could stand in. */
  quiet: string;
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
    const far = Math.hypot((areaBoxes[4 * area] + areaBoxes[4 * area + 2]) / 2 - x, (areaBoxes[4 * area + 1] + areaBoxes[4 * area + 3]) / 2 - y);
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

/** What names have to keep to, in CSS pixels of the canvas. */
export interface Room {
  /** What the map shows: a name stands wholly in it or wholly beyond. */
  view: Box;
  /** What lies over the map: boxes and symbols. */
  over: readonly Box[];
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
/** Towns of this step come after districts. */
const SMALL = STEPS[STEPS.length - 1];
/** A town so near to a larger one is left to closer views, in CSS pixels between their dots. */
const APART = 26;
/** The largest towns, shown at every zoom. */
const ALWAYS = 3;
const GAP = 4;
const TOWN_SPACING = "0px";
/** How much farther from its dot the name of a large town may stand, where something lies beside it. */
const ASIDE: readonly number[] = [0, 14, 28];
const BESIDE: readonly number[] = [0];
/** Wards are named from here on, in metres of Web Mercator in a pixel. */
const WARDS_BELOW = 62;

/** The residents from which on a town is shown: few places have many, so that a map of any scale has as many names. */
export function leastResidents(metresPerPixel: number): number {
  return 1.2 * metresPerPixel ** 1.6;
}

interface PlaceStyle {
  font: string;
  /** Between letters. */
  spacing: string;
  height: number;
  /** How wide a name may be, as a share of the width of its place. */
  room: number;
  /** Where it may stand, below the middle of its place, in its own heights. */
  away: readonly number[];
}

const DISTRICT: PlaceStyle = { font: "600 12px", spacing: "1.2px", height: 9, room: 1.15, away: [0, -2, 2, -4, 4] };
const WARD: PlaceStyle = { font: "italic 11.5px", spacing: "0px", height: 8, room: 0.75, away: [0] };

/** Draws the names that fit and do not touch one drawn before: large towns, districts, other towns; wards only close by. */
export function* paintNames(context: CanvasRenderingContext2D, frame: Frame, names: Names, ink: LabelInk, metresPerPixel: number, room: Room): Steps<void> {
  const { towns, districts, wards } = names;
  const least = leastResidents(metresPerPixel);
  const shown = towns.filter(({ population }, rank) => rank < ALWAYS || population >= least);
  const painter = new Painter(context, frame, ink, room, shown);
  const spots = painter.apart(shown);
  for (const spot of spots) if (spot.step !== SMALL && painter.town(spot, ASIDE)) yield;
  for (const label of districts) if (painter.place(label, DISTRICT)) yield;
  for (const spot of spots) if (spot.step === SMALL && painter.town(spot, BESIDE)) yield;
  if (metresPerPixel > WARDS_BELOW) return;
  for (const label of wards) if (painter.place(label, WARD)) yield;
}

/** Widths in CSS pixels of texts measured before. */
const widths = new WeakMap<Label | TownLabel, number>();

/** A town on the canvas. */
interface Spot {
  town: TownLabel;
  step: TownStep;
  x: number;
  y: number;
  /** Around its dot. */
  dot: Box;
}

class Painter {
  readonly #context: CanvasRenderingContext2D;
  readonly #frame: Frame;
  readonly #ink: LabelInk;
  readonly #room: Room;
  readonly #taken: Box[] = [];
  #dots: readonly Box[] = [];
  #font = "";
  readonly #towns: ReadonlyMap<string, TownLabel>;

  constructor(context: CanvasRenderingContext2D, frame: Frame, ink: LabelInk, room: Room, towns: readonly TownLabel[]) {
    this.#room = room;
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
    const width = this.#measure(label, style.font, style.spacing);
    if (width > label.width * scale * style.room) return false;
    for (const away of style.away) {
      const at = y + away * style.height;
      const box = { left: x - width / 2 - 4, right: x + width / 2 + 4, top: at - style.height, bottom: at + style.height };
      if (!this.#fits(box)) continue;
      this.#taken.push(box);
      this.#use(style.font, style.spacing);
      this.#write(label.text, x, at, this.#ink.quiet, "center");
      return true;
    }
    return false;
  }

  /** The towns in the picture, but for those beside a larger one. */
  apart(towns: readonly TownLabel[]): Spot[] {
    const spots: Spot[] = [];
    for (const town of towns) {
      const x = town.x * this.#frame.scale + this.#frame.left;
      const y = this.#frame.top - town.y * this.#frame.scale;
      if (this.#outside(x, y) || spots.some((other) => Math.hypot(other.x - x, other.y - y) < APART)) continue;
      const step = STEPS.find(({ from }) => town.population >= from) ?? SMALL;
      const room = step.dot + 1;
      spots.push({ town, step, x, y, dot: { left: x - room, right: x + room, top: y - room, bottom: y + room } });
    }
    this.#dots = spots.map(({ dot }) => dot);
    return spots;
  }

  /** A dot with the name on a side of it where there is room: right, left, above, below, then farther off. */
  town({ town, step, x, y, dot }: Spot, farther: readonly number[]): boolean {
    if (this.#taken.some((other) => touch(dot, other))) return false;
    const width = this.#measure(town, step.font, TOWN_SPACING);
    const sides = farther.flatMap((more): { align: CanvasTextAlign; x: number; y: number; left: number }[] => {
      const aside = step.dot + GAP + more;
      const over = step.dot + step.height + more;
      return [
        { align: "left", x: x + aside, y, left: x + aside },
        { align: "right", x: x - aside, y, left: x - aside - width },
        { align: "center", x, y: y - over, left: x - width / 2 },
        { align: "center", x, y: y + over, left: x - width / 2 },
      ];
    });
    const seen = touch(dot, this.#room.view);
    const free = sides
      .map((side) => ({ ...side, box: { left: side.left - 2, right: side.left + width + 2, top: side.y - step.height, bottom: side.y + step.height } }))
      .filter(({ box }) => this.#fits(box) && (!seen || touch(box, this.#room.view)));
    // The dot of another town would be covered for good, as its name would have no place either.
    const chosen = free.find(({ box }) => !this.#dots.some((other) => other !== dot && touch(box, other))) ?? free.at(0);
    if (!chosen) return false;
    this.#taken.push(chosen.box, dot);
    this.#dot(x, y, step.dot);
    this.#use(step.font, TOWN_SPACING);
    this.#write(town.text, chosen.x, chosen.y, this.#ink.colour, chosen.align);
    return true;
  }

  #measure(label: Label | TownLabel, font: string, spacing: string): number {
    let width = widths.get(label);
    if (width === undefined) {
      this.#use(font, spacing);
      width = this.#context.measureText(label.text).width;
      widths.set(label, width);
    }
    return width;
  }

  /** Setting a font costs even where it stays the same. */
  #use(font: string, spacing: string): void {
    if (font === this.#font) return;
    this.#context.font = `${font} ${this.#ink.family}`;
    this.#context.letterSpacing = spacing;
    this.#font = font;
  }

  #outside(x: number, y: number): boolean {
    return x < 0 || y < 0 || x > this.#frame.width || y > this.#frame.height;
  }

  /** Whether nothing is there, and the edge of the map cuts nothing off. */
  #fits(box: Box): boolean {
    const { view, over } = this.#room;
    const inView = box.left >= view.left && box.right <= view.right && box.top >= view.top && box.bottom <= view.bottom;
    return (inView || !touch(box, view)) && ![this.#taken, over].some((boxes) => boxes.some((other) => touch(box, other)));
  }

  #dot(x: number, y: number, radius: number): void {
    const context = this.#context;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.stroke();
    context.fillStyle = this.#ink.colour;
    context.fill();
  }

  #write(text: string, x: number, y: number, colour: string, align: CanvasTextAlign): void {
    this.#context.textAlign = align;
    this.#context.strokeText(text, x, y);
    this.#context.fillStyle = colour;
    this.#context.fillText(text, x, y);
  }
}

function touch(one: Box, other: Box): boolean {
  return one.left < other.right && one.right > other.left && one.top < other.bottom && one.bottom > other.top;
}
