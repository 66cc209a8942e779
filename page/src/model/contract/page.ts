/** What the page carries. Made from `pipeline/atlas/contract/` by `python -m pipeline contract`. */
import type { IndexInfo } from "./index-info";
import type { ChangesInfo, LargerInfo } from "./larger";
import type { ColumnInfo, LayerInfo, StreetMapInfo } from "./layers";
import type { AreaGeometry, AreaTable, PackedGeometry, PackedPostcodes } from "./packed";
import type { ProgrammesInfo } from "./programmes";
import type { ExclusionInfo, HelpInfo, KindsInfo, ListInfo, PeopleInfo, SitesInfo, Story, SupportInfo } from "./support";

/** What the page carries: an `AtlasFile` and an `AtlasRest`, once words are unpacked. */
export interface AtlasData {
  /** The version of this format. */
  format: 8;
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
  table: AreaTable;
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
  /** Means of wards, districts and other larger areas; `null` where none were summed up. */
  larger: LargerInfo | null;
  /** `null` where nobody compared runs, or the comparison is of other scores than the page. */
  changes: ChangesInfo | null;
  /** The boundaries of the areas, in the order of the table. */
  geometry: AreaGeometry;
  /** What of each district lies around the areas, coarsely; `null` where the area was built without districts. */
  land: PackedGeometry | null;
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

export type Town = [string, number, number, number];

/** The JSON object of the element `atlas-data`: the keys of `AtlasData`, most of them packed together. */
export interface AtlasFile {
  /** The version of this format. */
  format: 8;
  /** All the other keys, as a JSON object. Text of gzip: *Bytes as text* in `docs/contract.md`. */
  words: string;
  /** As in `AtlasData`, without the columns that stand in `AtlasRest`. */
  table: AreaTable;
  /** As in `AtlasData`, without the vertices that stand in `AtlasRest`. */
  geometry: AreaGeometry;
  /** As in `AtlasData`. */
  land: PackedGeometry | null;
}

/**
 * The JSON object of the element `atlas-rest`, which a browser reads when the first picture is drawn. Each key is the
 * text of gzip that a key of `AtlasData` has; in `AtlasFile` that is empty.
 */
export interface AtlasRest {
  /** `table.rest` */
  table: string;
  /** `geometry.rest` */
  geometry: string;
  /** `postcodes.packed`; empty where there are none. */
  postcodes: string;
  /** `support.places.packed`; empty where there are none. */
  places: string;
  /** `support.nearest.packed`; empty where there are none. */
  nearest: string;
  /** `larger.units.packed`; empty where there are none. */
  larger: string;
  /** `changes` as a JSON object with the key `areas` alone; empty where nobody compared runs. */
  changes: string;
}
