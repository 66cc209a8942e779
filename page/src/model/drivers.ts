/** What drives an area's risk: by how many points each component moves its weighted mean from an average. */
import type { AtlasData, Component } from "./contract";
import { decimal } from "./format";
import type { Texts } from "./table";

export interface Contribution {
  component: Component;
  /** The component's score in the area, 0 to 100. */
  score: number;
  /** By how much that is above the average. */
  distance: number;
  /** The distance times the component's share of all weights: together they are the area's distance. */
  points: number;
}

export interface Drivers {
  /** From the one that adds most to the one that takes off most. */
  contributions: Contribution[];
  /** Components that have no score here, whose weight the others share. */
  missing: Component[];
  /** Weighted means over the components that have a score. */
  score: number;
  average: number;
  total: number;
}

/** A piece of a sentence: our words, or a name from the data. */
export type Piece = string | { name: string };

/** The contributions of an area's components; null where none has a score or a weight. */
export function driversOf(
  components: readonly Component[],
  weights: readonly number[],
  scoreOf: (column: string) => number,
  averageOf: (column: string) => number,
): Drivers | null {
  const known = components
    .map((component, i) => ({ component, weight: weights[i] ?? 0, score: scoreOf(component.column), average: averageOf(component.column) }))
    .filter(({ score, average }) => Number.isFinite(score) && Number.isFinite(average));
  const all = known.reduce((sum, { weight }) => sum + weight, 0);
  if (!(all > 0)) return null;
  const mean = (of: (item: (typeof known)[number]) => number): number => known.reduce((sum, item) => sum + (item.weight / all) * of(item), 0);
  const contributions = known.map(({ component, weight, score, average }) => ({
    component,
    score,
    distance: score - average,
    points: (weight / all) * (score - average),
  }));
  const score = mean((item) => item.score);
  const average = mean((item) => item.average);
  return {
    contributions: contributions.sort((a, b) => b.points - a.points),
    missing: components.filter((component) => !known.some((item) => item.component === component)),
    score,
    average,
    total: score - average,
  };
}

/** The mean of the numbers that are there. */
export function meanOf(values: Float64Array): number {
  let sum = 0;
  let known = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    known++;
  }
  return known ? sum / known : NaN;
}

/** Contributions up to this size are none: the noise of floating-point sums. */
const LEAST = 1e-9;
const SIDES = ["Infrastructure", "People", "Both"];
const BOTH = 2;

/** What drives every area, as the columns of the table have it. */
export interface DriverColumns {
  /** The title of the component that adds most; none where nothing that may be named raises the risk above the average. */
  mainDriver: Texts;
  /** Which of the two sides add enough to be named; none where neither does, or the index lacks components of one. */
  pointsTo: Texts;
}

/** As `pipeline/risk/drivers.py` has it, for all areas at once: one list of scores and one average for each component. */
export function driverColumns(
  components: readonly Component[],
  weights: readonly number[],
  scores: readonly Float64Array[],
  averages: readonly number[],
  { helps, named_from: namedFrom, both_from: bothFrom }: Pick<AtlasData, "helps" | "named_from" | "both_from">,
): DriverColumns {
  const rows = scores[0]?.length ?? 0;
  const bound = Math.max(namedFrom, LEAST);
  const sides = components.map(({ name }) => helps.find(({ component }) => component === name)?.side);
  const bothSides = sides.includes("infrastructure") && sides.includes("people");
  const main = new Int32Array(rows).fill(-1);
  const pointsTo = new Int32Array(rows).fill(-1);
  for (let row = 0; row < rows; row++) {
    let all = 0;
    for (let i = 0; i < components.length; i++) if (Number.isFinite(scores[i][row] - averages[i])) all += weights[i];
    if (!(all > 0)) continue;
    let [infrastructure, people, most] = [0, 0, LEAST];
    for (let i = 0; i < components.length; i++) {
      const points = (weights[i] / all) * (scores[i][row] - averages[i]);
      if (!Number.isFinite(points)) continue;
      if (sides[i] === "infrastructure") infrastructure += points;
      else if (sides[i] === "people") people += points;
      if (!(points > most) || (sides[i] === "infrastructure" && points < bound)) continue;
      most = points;
      main[row] = i;
    }
    if (bothSides) pointsTo[row] = sideOf(infrastructure, people, bound, bothFrom);
  }
  return {
    mainDriver: { values: components.map(({ title }) => title), codes: main },
    pointsTo: { values: SIDES, codes: pointsTo },
  };
}

/** Which of `SIDES`, by the points that each adds; -1 where neither adds enough to be named. */
function sideOf(infrastructure: number, people: number, bound: number, bothFrom: number): number {
  const larger = Math.max(infrastructure, people);
  if (larger < bound) return -1;
  if (Math.min(infrastructure, people) >= Math.max(bound, bothFrom * larger)) return BOTH;
  return infrastructure > people ? 0 : 1;
}

/** Points of the whole score. Less than the first is no difference worth a word. */
const SLIGHT = 2;
const CLEAR = 5;
const MUCH = 15;
/** Points of one component. */
const ABOVE = 10;
const FAR = 25;
/** How much of the push one way the components named must make up, and how many are named at most. */
const MOST = 0.6;
const NAMED = 3;

/** One sentence on why an area's risk is high, low or neither. `place` completes "the average". */
export function why(drivers: Drivers, place: readonly Piece[]): Piece[] {
  const up = drivers.contributions.filter(({ points }) => points > 0);
  const down = drivers.contributions.filter(({ points }) => points < 0).reverse();
  const high = drivers.total > 0;
  const size = Math.abs(drivers.total);
  const [same, against] = high ? [up, down] : [down, up];
  const pieces: Piece[] = [];
  if (size < SLIGHT) {
    pieces.push("About the average risk ", ...place);
    const [most] = up;
    const [least] = down;
    const lifts = up.length > 0 && most.points >= SLIGHT;
    const lowers = down.length > 0 && least.points <= -SLIGHT;
    if (lifts && lowers) pieces.push(": the risk from ", name(most), " pushes it up and that from ", name(least), " holds it down");
    else if (lifts || lowers) pieces.push("; the risk from ", name(lifts ? most : least), ` ${lifts ? "pushes it up" : "holds it down"} a little`);
    else pieces.push("; none of its parts moves it much");
  } else {
    const degree = size >= MUCH ? "Much " : size < CLEAR ? "Slightly " : "";
    const word = high ? "higher" : "lower";
    pieces.push(`${degree}${degree ? word : word.charAt(0).toUpperCase() + word.slice(1)} risk than the average `, ...place);
    const main = mainOf(same);
    const many = main.length > 1;
    pieces.push(`, mostly because the ${many ? "risks" : "risk"} from `, ...listed(main.map(name)));
    pieces.push(` ${many ? "are" : "is"} ${howFar(main)}${high ? "above" : "below"} average`);
    const [strongest] = against;
    if (against.length > 0 && Math.abs(strongest.points) >= SLIGHT) {
      pieces.push("; the risk from ", name(strongest), high ? " holds it down" : " pushes it up");
    }
  }
  if (drivers.missing.length) pieces.push(". There are no data on ", ...listed(drivers.missing.map(({ title }) => ({ name: title }))));
  pieces.push(".");
  return pieces;
}

/** The sentence as plain text. */
export function asText(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (typeof piece === "string" ? piece : piece.name)).join("");
}

/** "+8.2 points", with a true minus sign. */
export function signedPoints(points: number): string {
  const size = decimal(Math.abs(points), 1);
  const sign = Number(size) === 0 ? "" : points > 0 ? "+" : "\u2212";
  return `${sign}${size} ${size === "1.0" ? "point" : "points"}`;
}

function name({ component }: Contribution): Piece {
  return { name: component.title };
}

function mainOf(contributions: readonly Contribution[]): Contribution[] {
  const all = contributions.reduce((sum, { points }) => sum + Math.abs(points), 0);
  const main: Contribution[] = [];
  let sum = 0;
  for (const contribution of contributions) {
    if (main.length === NAMED || sum >= MOST * all) break;
    main.push(contribution);
    sum += Math.abs(contribution.points);
  }
  return main;
}

function howFar(contributions: readonly Contribution[]): string {
  const distances = contributions.map(({ distance }) => Math.abs(distance));
  if (Math.min(...distances) >= FAR) return "far ";
  return Math.max(...distances) < ABOVE ? "a little " : "";
}

function listed(items: readonly Piece[]): Piece[] {
  return items.flatMap((item, i) => (i === 0 ? [item] : [i === items.length - 1 ? " and " : ", ", item]));
}
