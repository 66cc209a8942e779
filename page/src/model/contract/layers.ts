/** What the page carries. Made from `pipeline/atlas/contract/` by `python -m pipeline contract`. */

/** The name of a column of the table and how it is shown. */
export interface ColumnInfo {
  /** As in `risk.parquet`. */
  name: string;
  /** As readers see it. */
  title: string;
  /** What it means. */
  description: string;
  /** In words; empty where it has none. */
  unit: string;
  /** The type of its values. */
  type: "string" | "integer" | "number" | "boolean";
  /** How many decimals are shown. */
  decimals: number;
  /** Values are shares, 0 to 1, shown as percentages. */
  percent: boolean;
  /** The release that its numbers come from. */
  as_of: string | null;
  /** What kind of thing it holds, as in `docs/data-dictionary.md`. */
  quantity: Quantity;
  /** The group it belongs to. */
  group: Group;
}

export type Quantity = "identifier" | "code" | "name" | "category" | "list" | "text" | "flag" | "people" | "estimated people" | "count" | "share" | "score" | "standardised score" | "points" | "rank" | "tied rank" | "decile" | "order" | "ratio" | "amount" | "correlation" | "pounds" | "metres" | "minutes" | "degrees" | "geometry" | "box";

export type Group = "place" | "rurality" | "population" | "households" | "deprivation" | "connectivity" | "indicators" | "components" | "score" | "certainty" | "kinds" | "support" | "exclusion" | "people_at_risk" | "drivers" | "contributions" | "access" | "help" | "sites" | "programmes" | "priority_groups" | "self_assessment" | "stories" | "evidence" | "changes";

/**
 * One way to colour the map. The class of an area is worked out in the browser. For a range it is the number of bounds
 * below the value; for categories, the class whose label the value is; for pairs, the third that the first value lies
 * in plus three times that of the second. Where `descending` is true, the number is taken from the last class down.
 */
export interface LayerInfo {
  /** As in `declared/layers.toml`; for a layer of many columns, the column. */
  id: string;
  /** What is shown. */
  column: string;
  /** As readers see it. */
  title: string;
  /** What it shows, in a sentence. */
  sentence: string;
  /** The heading it is listed under. */
  group: "overall" | "act" | "support" | "components" | "indicators" | "context" | "together";
  /** In words; empty where it has none. */
  unit: string;
  /** Which end means more risk. */
  worse: "low" | "high" | "neither";
  /** The label for areas without a value. */
  missing: string;
  /** Of pairs: the second column. */
  column_by: string | null;
  /** Of pairs: the names of the two columns. */
  pair: [string, string] | null;
  /** `pairs` has nine classes, thirds of `column` by thirds of `column_by`. */
  kind: "range" | "categories" | "pairs";
  /** In the order of the legend, the worst end first where there is one. */
  classes: LegendClass[];
  /** Upper bounds of all classes but the last, each belonging to the class below it. */
  bounds: number[];
  /** Of pairs: the bounds of the second column. */
  bounds_by: number[];
  /** The classes run from high to low. */
  descending: boolean;
}

/** One entry of a legend. */
export interface LegendClass {
  /** Its name, or its range in words. */
  label: string;
  /** `#rrggbb`. */
  colour: string;
}

/** A server of map pictures that a reader may ask for. */
export interface StreetMapInfo {
  /** With `{z}`, `{x}` and `{y}`. */
  address: string;
  /** Shown beside its pictures. */
  attribution: string;
  /** The closest zoom level it has pictures for. */
  largest_zoom: number;
  /** Whether it answers a page that was opened from a file, and so cannot say which website asks. */
  works_from_file: boolean;
}
