/** What the page carries, as `docs/atlas-format.md` describes it. */

export interface Component {
  name: string;
  title: string;
  weight: number;
  why?: string | null;
  column: string;
}

export interface Source {
  title: string;
  publisher?: string | null;
  release?: string | null;
  licence?: string | null;
  attribution?: string | null;
}

export interface ColumnInfo {
  name: string;
  title: string;
  description?: string | null;
  unit?: string | null;
  type: "string" | "integer" | "number";
  decimals?: number | null;
  percent?: boolean | null;
}

export interface LegendClass {
  label: string;
  colour: string;
}

export interface LayerInfo {
  id: string;
  column: string;
  title: string;
  sentence?: string | null;
  group: string;
  unit?: string | null;
  worse: "low" | "high" | "neither";
  classes: LegendClass[];
  class_of: string;
}

export interface PackedGeometry {
  packed: string;
  origin: [number, number];
  step: number;
  arcs: number;
  rings: number;
  sections: Record<SectionName, [number, number]>;
}

export type SectionName =
  | "arc_lengths"
  | "xs"
  | "ys"
  | "ring_lengths"
  | "ring_arcs"
  | "area_rings"
  | "ring_is_hole"
  | "arc_neighbours";

export interface AtlasData {
  format: number;
  title: string;
  fictional: boolean;
  reference: string;
  built: string;
  quantisation_metres: number;
  index: { title: string; description?: string | null; components: Component[] };
  notes: string[];
  sources: Source[];
  columns: ColumnInfo[];
  layers: LayerInfo[];
  first_layer: string;
  table: { rows: number; packed: string };
  geometry: PackedGeometry;
}

/** An error whose message is meant for the reader of the page. */
export class PageError extends Error {}

export function parseData(text: string | null | undefined): AtlasData {
  if (!text) throw new PageError("This page holds no data. It may have been cut short when it was saved or sent.");
  let data: AtlasData;
  try {
    data = JSON.parse(text) as AtlasData;
  } catch {
    throw new PageError("The data in this page cannot be read. It may have been cut short when it was saved or sent.");
  }
  if (data.format !== 1) {
    throw new PageError(`The data in this page are of format ${String(data.format)}; this page reads format 1.`);
  }
  if (data.layers.length === 0) throw new PageError("This page holds no layer to show.");
  return data;
}

export function firstLayer(data: AtlasData): LayerInfo {
  return data.layers.find((layer) => layer.id === data.first_layer) ?? data.layers[0];
}
