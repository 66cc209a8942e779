/** What the page carries, as `docs/atlas-format.md` describes it. */

export type Normalisation = "min-max" | "percentile" | "z-score" | "rank-exponential";
export type Aggregation = "arithmetic" | "geometric" | "weighted-sum";

export interface Indicator {
  column: string;
  direction: 1 | -1;
  /** Within its component. */
  weight: number;
  normalisation: Normalisation;
  why?: string | null;
}

export interface Component {
  name: string;
  title: string;
  weight: number;
  why?: string | null;
  /** Of the table: the component's score, 0 to 100. */
  column: string;
  /** How its indicators become one score. */
  aggregation: Aggregation;
  indicators: Indicator[];
}

/** A composite index, as its file in `declared/indices` has it, with defaults filled in. */
export interface IndexInfo {
  id: string;
  title: string;
  description?: string | null;
  source?: string | null;
  normalisation: Normalisation;
  scale: number;
  within_components: Aggregation;
  aggregation: Aggregation;
  missing: "error" | "impute" | "reweight";
  /** The column whose classes give the medians that gaps are filled with. */
  impute_by?: string | null;
  ties: "min" | "average" | "code";
  components: Component[];
  /** Indicators that the method calls for and the open data lack. */
  absent?: { title: string; component: string; weight: number; why: string }[];
}

/** What is known of the whole nation: the middle and the mean of numeric columns, over all its areas. */
export interface Nation {
  title: string;
  areas: number;
  medians: Record<string, number>;
  means: Record<string, number>;
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
  /** The release that the numbers are of. */
  as_of?: string | null;
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
  /** What areas without a value are called. */
  missing?: string | null;
  /** `pairs` has nine classes, three of `column` by three of `column_by`. */
  kind: "range" | "categories" | "pairs";
  /** Upper bounds of all classes but the last, each belonging to the class below it. */
  bounds: number[];
  /** The classes stand in the order from high to low. */
  descending: boolean;
  column_by?: string | null;
  /** What the two columns of pairs are called. */
  pair?: [string, string] | null;
  bounds_by?: number[] | null;
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

/** `whole`: postcodes with the area of each; otherwise sectors ("NR2 3") only. */
export interface PackedPostcodes {
  whole: boolean;
  count: number;
  packed: string;
}

export interface Town {
  name: string;
  lon: number;
  lat: number;
  population: number;
}

/** Pictures of streets: the address has {z}, {x} and {y}. */
export interface StreetMapInfo {
  address: string;
  attribution: string;
  largest_zoom: number;
}

/** A kind of support place, as `declared/places.toml` has it. */
export interface PlaceKind {
  id: string;
  title: string;
  plural: string;
  /** Who published the list. */
  origin: string;
  why: string;
  /** False: it could offer help with going online, and does not as a rule. */
  offers_now: boolean;
  /** Adds to capacity. Mobile places are shown at their base and do not. */
  counts: boolean;
  mobile: boolean;
}

/**
 * Places that offer or could offer help. `places` and `nearest` are tables like the page's own. `places` has a row for
 * each place: `name`, `kind`, `offers` ("devices; skills"), `opening`, `postcode`, `lon`, `lat`.
 * `nearest` has a row for each area and for each kind and number from 1 to `listed` two columns: `<kind>_<n>` (a row of
 * `places`) and `<kind>_<n>_cost` (in `unit`); none where there are fewer. A page of many areas lists one of each kind,
 * whose cost is that of the page's table.
 */
export interface SupportInfo {
  unit: "metres" | "minutes";
  listed: number;
  kinds: PlaceKind[];
  places: { rows: number; packed: string };
  nearest: { rows: number; packed: string };
}

/**
 * High risk and low capacity as one score: r^w * (100 - capacity)^(1-w), or w * r + (1-w) * (100 - capacity). r is the
 * percentile of the risk score among the map's areas: 100 * (N + 1 - rank) / N, equal scores sharing the mean of their ranks.
 */
export interface ExclusionInfo {
  formula: "geometric" | "arithmetic";
  risk_weight: number;
}

/** What usually helps where a component drives the risk. */
export interface HelpInfo {
  /** A component's name. */
  component: string;
  side: "infrastructure" | "people";
  /** Ends "Risk here is above the average most of all because ...". */
  sentence: string;
  helps: { what: string; source: string; page: string }[];
}

/** What the estimate of people at risk is made of. */
export interface PeopleInfo {
  title: string;
  /** What the low and the high figure count: "do not use the internet". */
  low: string;
  high: string;
  /** The rates were scaled by the area's deprivation. */
  scaled?: boolean;
  /** `value` is a share of the people that the measure is of. */
  sources: { measure: string; value?: number; source: string; year: number; page: string }[];
}

/** Sites proposed for new places, the one that brings most people within reach first. */
export interface SitesInfo {
  /** Chosen for the people whom they bring within reach, or for the way that they save. */
  model: "maximal covering" | "p-median";
  reach: number;
  unit: "metres" | "minutes";
  /** Titles, in the plural, of the kinds of places that count as being there already. */
  counted_in: string[];
  candidates: string;
  /** How far the best plan there is could be above this one, as a share; 0: none is better. */
  gap: number;
  /** People at risk in the area, and those within reach of existing places. */
  people: number;
  already: number;
  /** By all of a p-median together, times people: kilometres, or minutes. */
  way_saved?: number | null;
  sites: { order: number; name: string; lon: number; lat: number; newly_covered: number; covered_alone: number; covered_together: number }[];
  /** People newly within reach by the best plan of each number of sites. */
  curve: { sites: number; covered: number }[];
}

/** What somebody said, shown with consent. */
export interface Story {
  place: string;
  quote: string;
  theme: string;
  source: string;
  lon: number;
  lat: number;
  /** The area that it belongs to, as a row of the table; null for a larger place. */
  area: number | null;
}

export interface AtlasData {
  format: number;
  title: string;
  fictional: boolean;
  reference: string;
  built: string;
  quantisation_metres: number;
  index: IndexInfo;
  nation: Nation;
  notes: string[];
  sources: Source[];
  columns: ColumnInfo[];
  layers: LayerInfo[];
  first_layer: string;
  table: { rows: number; packed: string };
  postcodes?: PackedPostcodes | null;
  towns: Town[];
  street_map?: StreetMapInfo | null;
  support?: SupportInfo | null;
  exclusion?: ExclusionInfo | null;
  helps: HelpInfo[];
  /** `points_to` is "Both" where the two sides differ by no more points than this. */
  both_within?: number;
  people?: PeopleInfo | null;
  sites?: SitesInfo | null;
  stories: Story[];
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
  if (data.format !== 3) {
    throw new PageError(`The data in this page are of format ${String(data.format)}; this page reads format 3.`);
  }
  // Carried without their keys, as a nation has many.
  data.towns = (data.towns as unknown as [string, number, number, number][]).map(([name, lon, lat, population]) => ({
    name,
    lon,
    lat,
    population,
  }));
  if (data.layers.length === 0) throw new PageError("This page holds no layer to show.");
  return data;
}

export function firstLayer(data: AtlasData): LayerInfo {
  return data.layers.find((layer) => layer.id === data.first_layer) ?? data.layers[0];
}
