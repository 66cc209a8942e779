import type { LayerInfo } from "./data";
import type { Table } from "./table";

export const NO_DATA = 255;

/** The class of each area on a layer. */
export function classesOf(layer: LayerInfo, table: Table): Uint8Array {
  const classes = new Uint8Array(table.rows).fill(NO_DATA);
  for (let row = 0; row < table.rows; row++) {
    const number = table.number(layer.class_of, row);
    if (number >= 0 && number < layer.classes.length) classes[row] = number;
  }
  return classes;
}

export interface LegendEntry {
  label: string;
  /** null for areas without data, whose grey depends on the colour scheme. */
  colour: string | null;
  count: number;
}

/** Legend entries in the order the layer gives them; "No data" last and only where there is an area without. */
export function legendEntries(layer: LayerInfo, classes: Uint8Array): LegendEntry[] {
  const counts = new Uint32Array(256);
  for (const number of classes) counts[number]++;
  const entries: LegendEntry[] = layer.classes.map((entry, number) => ({ ...entry, count: counts[number] }));
  if (counts[NO_DATA]) entries.push({ label: "No data", colour: null, count: counts[NO_DATA] });
  return entries;
}

/** Which end of the layer is worse, in words. */
export function worseInWords(layer: LayerInfo): string {
  if (layer.worse === "neither") return "Neither end means more risk.";
  return `Worse at the top: ${layer.worse === "low" ? "lower" : "higher"} numbers mean more risk.`;
}
