/** What the page carries. Made from `pipeline/atlas/contract/` by `python -m pipeline contract`. */
import type { PackedTable } from "./packed";

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
