/** Which areas a finding is about, how they are spoken of, and what it is made from. */
import type { AtlasData, Nation } from "./contract";
import type { Filter } from "./filter";
import { isEmpty } from "./filter";
import { count } from "./format";
import type { Geometry } from "./geometry";
import type { Identities } from "./identity";
import { KIND as RURALITY } from "./identity";
import type { Part } from "./sentence";
import { possessive } from "./sentence";
import type { Table } from "./table";

/** What other weights, or another comparison, leave true. */
export interface ChangedHere {
  /** "changed weights" */
  inWords: string;
  /** How many areas are ranked among each other, where that are only those of the filter. */
  among: number | null;
}

/** Which areas a finding is about, and what it is made from. */
export interface Subject {
  data: Pick<AtlasData, "programmes" | "kinds" | "people" | "where_to_act">;
  nation: Nation;
  table: Table;
  geometry: Geometry;
  /** Those that meet the filter, or all. */
  rows: Uint32Array;
  /** "Norwich’s 85", "these 85", "the chosen 85" */
  theirs: (areas: number) => Part[];
  changed: ChangedHere | null;
  nameOf: (row: number) => string;
}

/** The one place that a filter asks for; null where it asks for anything else. */
export function placeOf(filter: Filter, identities: Identities): string | null {
  if (filter.bounds.length || filter.oneOf.length !== 1 || filter.oneOf[0].values.length !== 1) return null;
  const [{ column, values }] = filter.oneOf;
  const about = identities.about(column);
  return about && about.title !== RURALITY.title ? about.label(values[0]) : null;
}

/** How the areas of a filter are spoken of, with their number. */
export function theirsOf(title: string, filter: Filter, identities: Identities): Subject["theirs"] {
  const place = isEmpty(filter) ? title : placeOf(filter, identities);
  return (areas) => (place === null ? [`the ${count(areas)} chosen`] : [{ name: possessive(place) }, ` ${count(areas)}`]);
}
