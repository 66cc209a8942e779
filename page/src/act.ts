/** Where to act, in words: ranks of high risk with little support, estimates of people, how sure. */
import { ordinal } from "./format";
import type { Table } from "./table";

const SURE = 0.9;
const LIKELY = 0.5;
const SELDOM = 0.1;

/** The columns that say where to act first. */
export interface Ordering {
  /** 1 is the first. */
  rank: string;
  decile: string;
  /** The share of plausible choices that put an area in the worst tenth. */
  probability: string;
  /** Little support counts too, not the risk alone. */
  support: boolean;
}

/** By risk and support together where the page knows of support; by risk alone otherwise. */
export function orderingOf(table: Table): Ordering {
  return table.holds("exclusion_rank")
    ? { rank: "exclusion_rank", decile: "exclusion_decile", probability: "exclusion_worst_decile_probability", support: true }
    : { rank: "risk_rank", decile: "risk_decile", probability: "worst_decile_probability", support: false };
}

/** A tenth by where to act, from "worst tenth" to "best tenth". */
export function worstTenth(decile: number): string {
  if (!(decile >= 1 && decile <= 10)) return "";
  const fromEnd = decile <= 5 ? decile : 11 - decile;
  const end = decile <= 5 ? "worst" : "best";
  return fromEnd === 1 ? `${end} tenth` : `${ordinal(fromEnd)} ${end} tenth`;
}

/** How sure it is that an area is in the worst tenth. */
export function sureness(probability: number): string {
  if (probability >= SURE) return "firm";
  if (probability >= LIKELY) return "likely";
  return probability >= SELDOM ? "borderline" : "hardly ever";
}

/** That broadband and distance raise the risk by enough to be named; that people's circumstances do is said by the drivers. */
export function pointsToInWords(side: string | null): string {
  if (side === "Infrastructure") return "Broadband and distance raise it more here than people’s circumstances do; the points below say how much each counts.";
  if (side === "Both") return "Broadband and distance raise it too, beside people’s circumstances; the points below say how much each counts.";
  return "";
}

/**
 * How much support is within reach against the other areas, by capacity scores. `others` are those of all areas of the
 * map, in ascending order.
 */
export function capacityInWords(capacity: number, others: Float64Array): string {
  if (Number.isNaN(capacity)) return "";
  if (capacity === 0) return "No place is near enough to count as within reach.";
  const more = others.length - firstAbove(others, capacity);
  const less = firstAbove(others, capacity, true);
  // Rounded down, so that none is said to stand below or above all of which it is one.
  const share = (areas: number): number => Math.floor((100 * areas) / others.length);
  const [word, percent] = more >= less ? ["Less", share(more)] : ["More", share(less)];
  return percent ? `${word} support within reach than ${percent}% of this map’s neighbourhoods.` : "As much support within reach as in most of this map’s neighbourhoods.";
}

/** The place of the first of some ascending numbers that is above `value`, or that is at least it. */
function firstAbove(ascending: Float64Array, value: number, orEqual = false): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < value || (!orEqual && ascending[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}
