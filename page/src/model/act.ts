/** Where to act, in words: the list of high risk and little support, estimates of people, how sure. */
import type { ListInfo } from "./contract";
import { count, decimal } from "./format";
import type { Table } from "./table";

const SURE = 0.9;
const LIKELY = 0.5;
const SELDOM = 0.1;

/** The column with the place of an area on the list of where to act; areas that are not on it have none. */
export const ORDER = "priority";
/** The share of plausible choices by which an area meets the bounds of the list. */
export const SURE_OF_LIST = "list_probability";

/** The columns that say where to act first. */
export interface Ordering {
  /** The order of areas that are not on the list; 1 is the first. */
  rank: string;
  /** Little support counts too, not the risk alone. */
  support: boolean;
}

/** By risk and support together where the page knows of support; by risk alone otherwise. */
export function orderingOf(table: Table): Ordering {
  const support = table.holds("exclusion_rank");
  return { rank: support ? "exclusion_rank" : "risk_rank", support };
}

/** What the list asks for, in words. */
export function boundsInWords({ by_support, risk_share, support_share, near, far, unit }: ListInfo): string {
  const high = `High risk: the ${decimal(risk_share, 0, true)} of this map’s neighbourhoods where it is highest`;
  if (!by_support) return `${high}.`;
  return `${high}. Little support: the ${decimal(support_share, 0, true)} with the least within reach, or no place that helps now within ${way(far, unit)}; never where one is within ${way(near, unit)}.`;
}

function way(length: number, unit: ListInfo["unit"]): string {
  if (unit === "minutes") return `${count(length)} minutes`;
  return length < 1000 ? `${count(length)} m` : `${decimal(length / 1000, length % 1000 ? 1 : 0)} km`;
}

/** How sure it is that an area is among those that a list asks for. */
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
  return percent
    ? `${word} support within reach than ${percent}% of this map’s neighbourhoods.`
    : "As much support within reach as in most of this map’s neighbourhoods.";
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
