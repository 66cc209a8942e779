import type { LayerInfo } from "./contract";
import type { Table } from "./table";

export const NO_DATA = 255;

/** The class of each area on a layer. */
export function classesOf(layer: LayerInfo, table: Table): Uint8Array {
  if (layer.kind === "categories") return categoriesOf(layer, table);
  const own = table.numbers(layer.column);
  const by = layer.kind === "pairs" && layer.column_by ? table.numbers(layer.column_by) : null;
  const last = layer.classes.length - 1;
  const classes = new Uint8Array(table.rows);
  for (let row = 0; row < classes.length; row++) {
    let number = place(own[row], layer.bounds);
    if (by) number += 3 * place(by[row], layer.bounds_by);
    classes[row] = Number.isNaN(number) ? NO_DATA : layer.descending ? last - number : number;
  }
  return classes;
}

/** How many bounds lie below a value; NaN for NaN. */
function place(value: number, bounds: readonly number[]): number {
  if (Number.isNaN(value)) return NaN;
  let number = 0;
  for (let end = bounds.length; number < end;) {
    const middle = (number + end) >> 1;
    if (bounds[middle] < value) number = middle + 1;
    else end = middle;
  }
  return number;
}

function categoriesOf(layer: LayerInfo, table: Table): Uint8Array {
  const classes = new Uint8Array(table.rows).fill(NO_DATA);
  const texts = table.texts(layer.column);
  if (!texts) return classes;
  const ofCode = texts.values.map((value) => layer.classes.findIndex(({ label }) => label === value));
  for (let row = 0; row < classes.length; row++) {
    const number = texts.codes[row] < 0 ? -1 : ofCode[texts.codes[row]];
    if (number >= 0) classes[row] = number;
  }
  return classes;
}

export interface LegendEntry {
  /** Of its class. */
  number: number;
  label: string;
  /** null for areas without data, whose grey depends on the colour scheme. */
  colour: string | null;
  count: number;
}

/**
 * Legend entries in the order the layer gives them, but classes that no area of the page has; those without a value last
 * and only where there is an area without.
 */
export function legendEntries(layer: LayerInfo, classes: Uint8Array, included: Uint8Array | null = null): LegendEntry[] {
  const counts = new Uint32Array(256);
  const there = new Uint8Array(256);
  for (let row = 0; row < classes.length; row++) {
    there[classes[row]] = 1;
    if (!included || included[row]) counts[classes[row]]++;
  }
  const entries: LegendEntry[] = layer.classes.map((entry, number) => ({ ...entry, number, count: counts[number] })).filter(({ number }) => there[number]);
  if (counts[NO_DATA]) entries.push({ number: NO_DATA, label: layer.missing, colour: null, count: counts[NO_DATA] });
  return entries;
}

/** Which end of the layer is worse, in words. */
export function worseInWords(layer: LayerInfo): string {
  if (layer.worse === "neither") return layer.kind === "categories" ? "" : "Neither end means more risk.";
  if (layer.kind === "pairs") return "Darkest: the highest third of both.";
  return `Worse at the top: ${layer.worse === "low" ? "lower" : "higher"} numbers are worse.`;
}
