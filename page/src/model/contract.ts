/** What the page carries. Made from `pipeline/atlas/contract/` by `python -m pipeline contract`. */

/** What the page carries: an `AtlasFile` once its words are unpacked. */
export interface AtlasData {
  /** The version of this format. */
  format: 6;
  /** The name of the area, such as "Norfolk and Waveney". */
  title: string;
  /** True where the area, its places and its people are invented. */
  fictional: boolean;
  /** What indicators were compared with: the nation, or the area itself. */
  reference: "england" | "area";
  /** When the area was scored: ISO 8601, UTC. */
  built: string;
  /** How far a vertex may be from its published position, in metres on the ground. */
  quantisation_metres: number;
  /** How the score is made. */
  index: IndexInfo;
  /** What areas are compared with. */
  nation: Nation;
  /** Wards, districts and others of which the page holds only a part. */
  parts: PartOfPlace[];
  /** Plain sentences on the limits of these data. */
  notes: string[];
  /** The sources of everything on the page. */
  sources: Source[];
  /** The columns of the table, and those that the page works out. */
  columns: ColumnInfo[];
  /** In the order they are offered. */
  layers: LayerInfo[];
  /** The layer shown first. */
  first_layer: string;
  /** A row for each area, in the order of `lsoa21_code`. */
  table: PackedTable;
  /** The postcodes that readers can search for. */
  postcodes: PackedPostcodes | null;
  /** Name, longitude, latitude and people of each; the largest first. */
  towns: Town[];
  /** `null` where `declared/layers.toml` takes it out. */
  street_map: StreetMapInfo | null;
  /** `null` where the area has no list of places. */
  support: SupportInfo | null;
  /** How risk and capacity become one score; `null` where the area has no list of places. */
  exclusion: ExclusionInfo | null;
  /** Which areas are on the list of where to act. */
  where_to_act: ListInfo;
  /** Neighbourhoods on the list, bundled; `null` where the area was built without. */
  programmes: ProgrammesInfo | null;
  /** What usually helps, by component. */
  helps: HelpInfo[];
  /** Infrastructure and people are named in `points_to` where they add this many points to the risk or more. */
  named_from: number;
  /** `points_to` is "Both" where both are named and the smaller adds at least this part of what the larger does. */
  both_from: number;
  /** The kinds of exclusion that areas are scored for. */
  kinds: KindsInfo;
  /** The rates behind the estimates of people at risk. */
  people: PeopleInfo;
  /** `null` where nobody asked for any. */
  sites: SitesInfo | null;
  /** Shown as symbols and in the panel of their area. */
  stories: Story[];
  /** The boundaries of the areas, in the order of the table. */
  geometry: PackedGeometry;
  /** What of each district lies around the areas, coarsely; `null` where the area was built without districts. */
  land: PackedGeometry | null;
}

/** A composite index as its file in `declared/indices` has it, with every default filled in. */
export interface IndexInfo {
  /** The name of its file. */
  id: string;
  /** As readers see it. */
  title: string;
  /** What it measures. */
  description: string;
  /** The method it follows, and who published it. */
  source: string;
  /** How indicators become comparable, unless they say otherwise. */
  normalisation: Normalisation;
  /** The top of normalised values: 10 or 100. */
  scale: number;
  /** How indicators become a component's score, unless the component says otherwise. */
  within_components: Aggregation;
  /** How components become the score. */
  aggregation: Aggregation;
  /** What happens to missing values. */
  missing: "error" | "reweight" | "impute";
  /** The column whose classes give the medians that gaps are filled with. */
  impute_by: string | null;
  /** The rank of equal scores. */
  ties: "min" | "average" | "code";
  /** Indicators that the method calls for and the open data lack. */
  absent: AbsentIndicator[];
  /** The source of the outcome that the weights were fitted to. */
  fitted_to: string | null;
  /** What `chance_worst_tenth` is the chance of: the outcome, in words; null where that was not worked out. */
  chance_of: string | null;
  /** What it is made from. */
  components: Component[];
}

export type Normalisation = "min-max" | "percentile" | "z-score" | "rank-exponential";

export type Aggregation = "arithmetic" | "geometric" | "weighted-sum";

/** An indicator that the method calls for and the open data lack. */
export interface AbsentIndicator {
  /** As readers see it. */
  title: string;
  /** The component it belongs to. */
  component: string;
  /** The weight it would have. */
  weight: number;
  /** Why it is absent. */
  why: string;
}

/** A named group of indicators, aggregated before the components are. */
export interface Component {
  /** Short name, as columns have it. */
  name: string;
  /** As readers see it. */
  title: string;
  /** Within the index. */
  weight: number;
  /** Why it belongs to digital exclusion. */
  why: string;
  /** The column of the table with the component's score, 0 to 100. */
  column: string;
  /** How its indicators become one score; the default of the index where the component declares none. */
  aggregation: Aggregation;
  /** What it is made from. */
  indicators: Indicator[];
}

/** One column that a component is made from. */
export interface Indicator {
  /** A column of the table. */
  column: string;
  /** 1: a higher value means more risk; -1: less. */
  direction: 1 | -1;
  /** Within its component. */
  weight: number;
  /** What it represents. */
  why: string;
  /** How its values become comparable; the default of the index where the indicator declares none. */
  normalisation: Normalisation;
  /** Why it counts the other way round than its column's meaning asks for; null where it does not. */
  against_meaning: string | null;
}

/** What the page says about the nation: medians and means over all its areas. */
export interface Nation {
  /** As readers see it: "England". */
  title: string;
  /** How many LSOAs it has. */
  areas: number;
  /** By column. */
  medians: Record<string, number>;
  /** By column. */
  means: Record<string, number>;
  /** Its Integrated Care Boards; `null` where the nation cannot be ranked by this index, or has none. */
  boards: Board[] | null;
}

/** An Integrated Care Board among those of the nation. */
export interface Board {
  /** ONS nine-character code. */
  code: string;
  /** As published. */
  name: string;
  /** How many LSOAs it has. */
  areas: number;
  /** How many of them are in the nation's most at-risk tenth, */
  worst: number;
  /** and between this number */
  worst_low: number | null;
  /** and this one in nine of ten plausible indices; `null` where none were drawn. */
  worst_high: number | null;
  /** By the share of its LSOAs in that tenth; 1 is the highest, equal shares have the same, */
  rank: number;
  /** and between this place */
  rank_low: number | null;
  /** and this one in nine of ten plausible indices. */
  rank_high: number | null;
  /** An estimate. */
  people_at_risk: number;
}

/** A place of which the page holds only a part. */
export interface PartOfPlace {
  /** What it is: the table's columns `<level>_code` and `<level>_name`. */
  level: "ward" | "lad" | "sicbl" | "icb";
  /** Its code. */
  code: string;
  /** How many LSOAs it has in the nation, those of the page included. */
  areas: number;
}

/** A publication that the page's numbers come from. */
export interface Source {
  /** As published. */
  title: string;
  /** Who published it. */
  publisher: string;
  /** The release that was used. */
  release: string;
  /** The licence it is published under. */
  licence: string;
  /** The sentence that the licence asks for. */
  attribution: string;
}

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

export type Group = "place" | "rurality" | "population" | "households" | "deprivation" | "connectivity" | "indicators" | "components" | "score" | "certainty" | "kinds" | "support" | "exclusion" | "people_at_risk" | "drivers" | "contributions" | "access" | "help" | "sites" | "programmes" | "stories" | "evidence";

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

/** A table as bytes; their layout is under *Table* in `docs/contract.md`. */
export interface PackedTable {
  /** How many rows. */
  rows: number;
  /** Text of gzip: *Bytes as text* in `docs/contract.md`. */
  packed: string;
}

/** Postcodes with the area of each, as bytes; their layout is under *Postcodes* in `docs/contract.md`. */
export interface PackedPostcodes {
  /** Every postcode; otherwise only sectors ("NR2 3"), each with all areas that its postcodes lie in. */
  whole: boolean;
  /** How many postcodes, or sectors. */
  count: number;
  /** Text of gzip: *Bytes as text* in `docs/contract.md`. */
  packed: string;
}

export type Town = [string, number, number, number];

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

/** Places that offer or could offer help, and the nearest of each kind to every area. */
export interface SupportInfo {
  /** The unit of distance: metres in a straight line, or minutes by an analyst's journeys. */
  unit: Unit;
  /** How many places of each kind are listed for an area. */
  listed: number;
  /** In the order of their file. */
  kinds: PlaceKind[];
  /**
   * A row for each place: `name`, `kind` (an id of `kinds`), `offers` (separated by "; "), `opening`, `postcode`,
   * `lon`, `lat`.
   */
  places: PackedTable;
  /**
   * A row for each area and, for each kind and each number `n` from 1 to `listed`, `<kind>_<n>` (a row of `places`) and
   * `<kind>_<n>_cost` (in `unit`); no value where there are fewer. A page of many areas lists one of each kind, whose
   * distance is in the page's table (`nearest_<kind>_<unit>`).
   */
  nearest: PackedTable;
}

export type Unit = "metres" | "minutes";

/** A kind of support place, as `declared/places.toml` has it. */
export interface PlaceKind {
  /** As it appears in the names of columns. */
  id: string;
  /** In the singular: "public library". */
  title: string;
  /** In the plural: "Public libraries". */
  plural: string;
  /** Who published the list. */
  origin: string;
  /** What such a place offers. */
  why: string;
  /** Whether it adds to capacity. */
  counts: boolean;
  /** False: it could offer help with going online, but as a rule does not. */
  offers_now: boolean;
  /** Shown at its base, never counted: it stops elsewhere. */
  mobile: boolean;
}

/**
 * High risk and low capacity as one score: r^w × (100 − capacity)^(1 − w), or w × r + (1 − w) × (100 − capacity). r is
 * the percentile of the risk score among the map's areas, 100 × (N + 1 − rank) / N, equal scores sharing the mean of
 * their ranks; w is `risk_weight`.
 */
export interface ExclusionInfo {
  /** The first needs both to be high, the second either. */
  formula: "geometric" | "arithmetic";
  /** The share of the weight that risk has. */
  risk_weight: number;
}

/**
 * The bounds of the list of where to act, as `[where_to_act]` of `declared/places.toml` has them. With other weights
 * the page lists the areas whose risk rank is at most `risk_share` × N and whose support is little (`little_support`),
 * the largest people at risk × `lack_of_support` first.
 */
export interface ListInfo {
  /** False where the page knows of no support places: the list then asks for high risk alone. */
  by_support: boolean;
  /** High is the risk of this share of the areas, 0 to 1. */
  risk_share: number;
  /** Little is the support of this share of the areas, those with the least within reach. */
  support_share: number;
  /** In `unit`: support is never little where help is nearer. */
  near: number;
  /** In `unit`: support is little where help is farther. */
  far: number;
  /** Of `near` and `far`. */
  unit: Unit;
  /** Areas that meet the bounds in a smaller share of plausible choices are left off. */
  least_probability: number;
  /** How many were. */
  unsure: number;
}

/** Programmes of the area, and what money reaches. */
export interface ProgrammesInfo {
  /** In order. */
  programmes: Programme[];
  /** Areas on the list that are in none. */
  too_small: TooSmall[];
  /** People at risk that a programme has at least, */
  least_people: number;
  /** and at most. */
  most_people: number;
  /** How far its neighbourhoods may lie from its centre. */
  reach_metres: number;
  /** The share of the people at risk whom a programme works with in a year: a decision. */
  helped_share: number;
  /** What outline costs are made of. */
  costs: CostInfo[];
  /** What the declared budgets reach. */
  curve: BudgetPoint[];
  /** `null` where nobody asked for one. */
  plan: PlanInfo | null;
}

/** Neighbourhoods on the list that touch and are of one kind. */
export interface Programme {
  /** Counted from 1; the largest unmet need first. */
  order: number;
  /** After its places and the nearest town. */
  name: string;
  /** The kind of exclusion; `null` where kinds are not told apart. */
  kind: string | null;
  /** People at risk in its neighbourhoods; with decimals, as programmes are chosen by it. */
  people: number;
  /** People whom it works with in a year. */
  helped: number;
  /** Its neighbourhoods, as rows of the table. */
  areas: number[];
  /** What drives the risk of most of its people: the title of a component. */
  main_driver: string | null;
  /** The nearest support place. */
  host: string | null;
  /** What kind of place that is. */
  host_kind: string | null;
  /** From the mean point of its people, in a straight line. */
  host_metres: number | null;
  /** What usually helps with the main driver. */
  what_helps: string | null;
  /** Who says so. */
  help_source: string | null;
  /** Pounds in a year, all prices low. */
  cost_low: number;
  /** Central prices; with pence, as programmes are chosen by it. */
  cost: number;
  /** All prices high. */
  cost_high: number;
}

/** An area on the list that is too small for a programme alone. */
export interface TooSmall {
  /** As a row of the table. */
  area: number;
  /** The `order` of the nearest programme; `null` where there is none. */
  nearest: number | null;
  /** To the mean point of its people. */
  metres: number | null;
}

/** One thing that a programme pays for. */
export interface CostInfo {
  /** In words. */
  what: string;
  /** Paid once, or for each person helped who needs it. */
  per: "programme" | "person";
  /** The share of the people helped who need it, where no kind says otherwise. */
  share: number;
  /** The same by kind of exclusion. */
  share_by_kind: Record<string, number>;
  /** The lowest price. */
  low: PriceInfo;
  /** The price that plans are made by. */
  central: PriceInfo;
  /** The highest price. */
  high: PriceInfo;
  /** What else is published; may be empty. */
  note: string;
}

/** An assumed price and who says so. */
export interface PriceInfo {
  /** In pounds. */
  value: number;
  /** Of the prices. */
  year: number;
  /** Who says so; "assumption, no source" where nobody does. */
  source: string;
  /** The web address where they say it. */
  page: string | null;
}

/** The best choice of programmes, and sites, for a sum. */
export interface BudgetPoint {
  /** Pounds in a year. */
  budget: number;
  /** How many. */
  chosen: number;
  /** People at risk whom they reach. */
  people: number;
  /** Pounds in a year, all prices low. */
  cost_low: number;
  /** Central prices. */
  cost: number;
  /** All prices high. */
  cost_high: number;
}

/** What somebody asked for: the best use of a budget. */
export interface PlanInfo {
  /** Pounds in a year. */
  budget: number;
  /** People at risk whom it reaches. */
  people: number;
  /** Of all together, all prices low. */
  cost_low: number;
  /** Central prices. */
  cost: number;
  /** All prices high. */
  cost_high: number;
  /** How many more the best possible plan could reach, as a share; 0: none reaches more. */
  gap: number;
  /** How many candidate sites there were to choose from, beside the programmes. */
  candidates: number;
  /** The one that reaches most people first. */
  chosen: PlannedThing[];
  /** What smaller and larger budgets reach. */
  curve: BudgetPoint[];
}

/** A programme or site of a plan. */
export interface PlannedThing {
  /** What it is. */
  sort: "programme" | "site";
  /** As in its table or file. */
  name: string;
  /** The `order` of the programme; `null` for a site. */
  programme: number | null;
  /** People at risk whom it reaches and none before it does. */
  people: number;
  /** Pounds in a year, all prices low. */
  cost_low: number;
  /** Central prices. */
  cost: number;
  /** All prices high. */
  cost_high: number;
}

/** What usually helps where a component drives the risk. */
export interface HelpInfo {
  /** The name of the component. */
  component: string;
  /** Whether it reflects cables and distance, or skills, money and health. */
  side: "infrastructure" | "people";
  /** Completes "Risk here is above the average most of all because ...". */
  sentence: string;
  /** Each with who says so. */
  helps: HelpingThing[];
}

/** One measure that usually helps. */
export interface HelpingThing {
  /** In a sentence. */
  what: string;
  /** Who says so. */
  source: string;
  /** The web address where they say it. */
  page: string;
  /** The ids of the kinds of exclusion that it suits; none where it suits any. */
  kinds: string[];
}

/** The two kinds of exclusion, and when one is said to stand out. */
export interface KindsInfo {
  /** A kind stands out where its score is above this. */
  stands_out_above: number;
  /** Why there. */
  why: string;
  /** In the order of `declared/kinds.toml`. */
  kinds: [KindInfo, KindInfo];
}

/** A kind of exclusion. */
export interface KindInfo {
  /** As `declared/kinds.toml` names it. */
  id: string;
  /** As readers see it, and the value of the column `kind` where it stands out alone. */
  title: string;
  /** Who lives where it stands out. */
  sentence: string;
  /** The column with its score: the percentile over the nation, 0 to 100. */
  column: string;
  /** What usually helps there, whatever drives the risk. */
  helps: HelpingThing[];
}

/** What the estimate of people at risk is made of. */
export interface PeopleInfo {
  /** What is estimated. */
  title: string;
  /** What people counted in the low figure do or lack: "do not use the internet". */
  low: string;
  /** What people counted in the high figure do or lack. */
  high: string;
  /** The share of those who are online without skills that counts among the people at risk, 0 to 1. */
  part: number;
  /** Whether the rates were shaped by the risk score. */
  scaled: boolean;
  /** The low one, then the high one. */
  measures: PeopleMeasure[];
  /** The rates and totals. */
  sources: PeopleSource[];
}

/** One of the two measures of being shut out. */
export interface PeopleMeasure {
  /** The column with its estimate; with "_low" and "_high" added, the 95% interval. */
  column: string;
  /** Its name: "Not online". */
  title: string;
  /** What the people counted do or lack: "have no internet at home". */
  means: string;
  /** The youngest age that counts as adult. */
  adults_from: number;
  /** The published total that its estimates add up to, as a share of the nation's adults, 0 to 1. */
  share: number;
  /** The year of that total. */
  year: number;
  /** Who published that total. */
  source: string;
}

/** A published figure that the estimate is made from. */
export interface PeopleSource {
  /** What was measured, and among whom. */
  measure: string;
  /** Who published it. */
  source: string;
  /** The year or period it describes. */
  year: number;
  /** The web address where it is published. */
  page: string;
  /** The share of those people, 0 to 1. */
  value: number;
}

/** Sites proposed for new places. */
export interface SitesInfo {
  /** Chosen for the people they bring within reach, or for the travel they save. */
  model: "maximal covering" | "p-median";
  /** How far a place serves, in `unit`. */
  reach: number;
  /** Of `reach`. */
  unit: Unit;
  /** Titles, in the plural, of the kinds of existing places that were counted. */
  counted_in: string[];
  /** What the sites were chosen from, in words. */
  candidates: string;
  /** How much better the best possible plan could be, as a share; 0: none is better. */
  gap: number;
  /** People at risk in the area. */
  people: number;
  /** Those within reach of existing places. */
  already: number;
  /** Of a p-median: kilometres or minutes saved by all sites together, times people. */
  way_saved: number | null;
  /** In order. */
  sites: Site[];
  /** From no site to all of them. */
  curve: CurvePoint[];
}

/** A proposed site. */
export interface Site {
  /** Counted from 1; the one that brings most people within reach first. */
  order: number;
  /** The name of the candidate. */
  name: string;
  /** In degrees, to the nearest metre. */
  lon: number;
  /** In degrees, to the nearest metre. */
  lat: number;
  /** People at risk that it brings within reach, beyond the sites before it. */
  newly_covered: number;
  /** The same if it were the only new site. */
  covered_alone: number;
  /** The same for it and the sites before it together. */
  covered_together: number;
}

/** The best plan with a given number of sites. */
export interface CurvePoint {
  /** How many sites. */
  sites: number;
  /** People at risk newly within reach. */
  covered: number;
}

/** What somebody said, shown with consent. */
export interface Story {
  /** Where, in words. */
  place: string;
  /** What was said. */
  quote: string;
  /** What it is about. */
  theme: string;
  /** Who collected it. */
  source: string;
  /** Degrees. */
  lon: number;
  /** Degrees. */
  lat: number;
  /** The area it belongs to, as a row of the table; `null` for a larger place. */
  area: number | null;
}

/** The areas as shared arcs, as bytes; their layout is under *Geometry* in `docs/contract.md`. */
export interface PackedGeometry {
  /** Text of gzip: *Bytes as text* in `docs/contract.md`. */
  packed: string;
  /** Web Mercator metres of grid point (0, 0). */
  origin: [number, number];
  /** Web Mercator metres from one grid point to the next. */
  step: number;
  /** How many arcs. */
  arcs: number;
  /** How many rings. */
  rings: number;
  /** Where each lies in the bytes. */
  sections: GeometrySections;
}

/** Where each section of the geometry lies: offset and length, in bytes. */
export interface GeometrySections {
  /** Vertices of each arc. */
  arc_lengths: Span;
  /** Grid columns of the vertices. */
  xs: Span;
  /** Grid rows of the vertices. */
  ys: Span;
  /** Arcs in each ring. */
  ring_lengths: Span;
  /** The arcs of the rings. */
  ring_arcs: Span;
  /** Rings of each area. */
  area_rings: Span;
  /** Whether each ring is a hole. */
  ring_is_hole: Span;
}

export type Span = [number, number];

/** The JSON object of the element `atlas-data`: the keys of `AtlasData`, most of them packed together. */
export interface AtlasFile {
  /** The version of this format. */
  format: 6;
  /** All the other keys, as a JSON object. Text of gzip: *Bytes as text* in `docs/contract.md`. */
  words: string;
  /** As in `AtlasData`. */
  table: PackedTable;
  /** As in `AtlasData`. */
  postcodes: PackedPostcodes | null;
  /** As in `AtlasData`. */
  support: SupportInfo | null;
  /** As in `AtlasData`. */
  geometry: PackedGeometry;
  /** As in `AtlasData`. */
  land: PackedGeometry | null;
}

/** The header of a packed table: its columns by name, each after those that it refers to. */
export type TableHeader = Record<string, PackedColumn>;

export type PackedColumn = SameColumn | TextColumn | CountedColumn | PlaceNamesColumn | NumberColumn | OrderedColumn | RatioColumn | FloatColumn;

/** A column that repeats an earlier one. */
export interface SameColumn {
  kind: "same";
  /** The name of the earlier column. */
  as: string;
}

/** Text as numbers of a list. */
export interface TextColumn {
  kind: "text";
  /** The list. */
  values: string[];
  /** 0 for no value, else the position in `values`, counted from 1. */
  codes: Stream;
}

/** Whole numbers of a column, one a row, from 0. */
export interface Stream {
  /** Bytes a number. */
  width: number;
  /** Each is the difference from the one before, zigzag-coded. */
  delta: boolean;
  /** The column, described earlier, in whose order the numbers stand; `null` for the order of the rows. */
  along: string | null;
  /** Offset and length of its bytes. */
  at: Span;
}

/** Codes and names that count up (`E01000001`, `Norwich 001A`): a head, a number and a tail. */
export interface CountedColumn {
  kind: "counted";
  /** Digits of every number, leading zeros included. */
  digits: number;
  /** The position in `heads`, counted from 0. */
  head: Stream;
  /** The text before the number. */
  heads: string[];
  /** The position in `tails`, counted from 0. */
  tail: Stream;
  /** The text after the number. */
  tails: string[];
  /** The number. */
  number: Stream;
}

/**
 * What places are called: the name of an MSOA or ward, and what tells apart those that share it. Worked out from the
 * columns `lsoa21_name`, `ward_name` and `lad_name`, which come before it. An MSOA is the part of `lsoa21_name` before
 * its last letter.
 */
export interface PlaceNamesColumn {
  kind: "places";
  /**
   * One line for each MSOA in the order in which they first appear; an empty line: the ward of each area. A word of one
   * figure or small letter (0 to 9, then a to z) means a word of the MSOA's wards, in the order of their areas, and
   * then of its districts, each counted once. Words lie between spaces, commas and ampersands; one that begins with "="
   * is what follows it.
   */
  names: string;
  /** What follows; in brackets, "*" is the last letter of `lsoa21_name`, and "#" its last word. */
  endings: string[];
  /** The position in `endings`, counted from 0. */
  ending: Stream;
}

/** Numbers of few decimals as whole numbers. */
export interface NumberColumn {
  kind: "number";
  /** The number of decimals of every value. */
  decimals: number;
  /** The lowest value, times 10 to the power `decimals`. */
  lowest: number;
  /** 0 for no value, else the value times 10 to the power `decimals`, less `lowest`, plus 1. */
  values: Stream;
}

/** Numbers of which the order and ties matter: rounded to what is shown, and told apart within the same number. */
export interface OrderedColumn {
  kind: "ordered";
  /** The number of decimals that are shown. */
  decimals: number;
  /** How many numbers can be told apart among those that are shown alike. */
  slots: number;
  /** The lowest value, times 10 to the power `decimals`, times `slots`. */
  lowest: number;
  /** 0 for no value, else the value times 10 to the power `decimals`, times `slots`, less `lowest`, plus 1. */
  values: Stream;
}

/** Percentiles, bit for bit: 100 times a number of equal parts. */
export interface RatioColumn {
  kind: "ratio";
  /** How many parts 100 has. */
  parts: number;
  /** 0 for no value, else the number of parts, plus 1: the value is 100 × (number / `parts`), in this order. */
  values: Stream;
}

/** Numbers bit for bit. */
export interface FloatColumn {
  kind: "float";
  /** NaN for no value. */
  values: FloatStream;
}

/** IEEE numbers of a column, one a row. */
export interface FloatStream {
  /** Bytes a number. */
  width: 8;
  /** Offset and length of its bytes. */
  at: Span;
}

/** The header of the packed postcodes. */
export interface PostcodesHeader {
  /** In alphabetical order, such as "NR2 1". */
  sectors: string[];
  /** Offset and length of each stream; of sectors where only these are kept. */
  at: PostcodeStreams | SectorStreams;
}

/** Where the streams of full postcodes are. */
export interface PostcodeStreams {
  /** Rows of the table, one for each postcode. */
  areas: Span;
  /** How many postcodes each sector has. */
  counts: Span;
  /** The last two letters of each postcode. */
  units: Span;
}

/** Where the streams of sectors are. */
export interface SectorStreams {
  /** Rows of the table: for each sector the areas that its postcodes lie in, ascending. */
  areas: Span;
  /** How many areas each sector has. */
  counts: Span;
}
