/** What the page carries. Made from `pipeline/atlas/contract/` by `python -m pipeline contract`. */
import type { PackedTable } from "./packed";

/** Means of larger areas and their range in the plausible indices, as `summary_<level>.parquet` has them. */
export interface LargerInfo {
  /** In the order of the rows of `units`. */
  levels: LargerLevel[];
  /**
   * A row for each unit: `risk_score`, `share_people_worst_tenth` and the two ends of each (`_p05`, `_p95`; `_low`,
   * `_high`). `unit_code`, `unit_name`, `share_covered` and `residents` where `of_areas` is false; the columns are left
   * out where no level has them.
   */
  units: PackedTable;
}

/** Wards, districts, GP practices or other larger areas of one level. */
export interface LargerLevel {
  /** `ward`, `msoa`, `lad`, `sicbl`, `icb`, `practice`, `pcn` or the name of a declared group. */
  id: string;
  /** As readers see it: "Wards". */
  title: string;
  /** Each area of the page lies in one of them as a whole, or in none: they stand in the order of their first area. */
  of_areas: boolean;
  /** How many the page has. */
  units: number;
}

/** What changed between two runs of the area, or two releases of the Indices of Deprivation. */
export interface ChangesInfo {
  /** The earlier side, in words. */
  old: string;
  /** The later side, in words. */
  new: string;
  /** Two releases are compared, not scores of this page. */
  releases: boolean;
  /** Whose worst tenth it is: the nation's or the area's, in words. */
  of: string;
  /** How many areas ranks are among. */
  ranked_among: number;
  /** What may be said, each only where it is beyond uncertainty; the first is the finding. */
  sentences: string[];
  /** What to keep in mind. */
  notes: string[];
  /** Those that crossed and moved first, the largest moves first. */
  areas: ChangedArea[];
  /** How many more moved than `areas` has: they are in `changes.csv`. */
  others: number;
}

/** An area that crossed a worst tenth, or moved by more than its uncertainty. */
export interface ChangedArea {
  /** Its row in the table. */
  row: number;
  /** What it did to the worst tenth. */
  crossed: "Entered" | "Left" | null;
  /** By more than its uncertainty. */
  moved: boolean;
  /** Its rank before, 1 = highest risk, */
  rank_old: number | null;
  /** and after. */
  rank_new: number | null;
  /** What moved its rank most the way it went. */
  reason: string | null;
  /** The indicator whose values moved it most, where that is the reason, */
  indicator: string | null;
  /** its value before, in words, */
  value_old: string | null;
  /** and after. */
  value_new: string | null;
}
