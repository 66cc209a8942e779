/** What the page carries. Made from `pipeline/atlas/contract/` by `python -m pipeline contract`. */
import type { Span } from "./base";

/** The table of the areas, of which the columns of the first picture come first. */
export interface AreaTable {
  /** How many rows. */
  rows: number;
  /** Text of gzip: *Bytes as text* in `docs/contract.md`. */
  packed: string;
  /** What belongs to the other columns, as text of gzip: a `TableTexts`, and the bytes after those of `packed`. */
  rest: string;
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

/** A table as bytes; their layout is under *Table* in `docs/contract.md`. */
export interface PackedTable {
  /** How many rows. */
  rows: number;
  /** Text of gzip: *Bytes as text* in `docs/contract.md`. */
  packed: string;
}

/** The boundaries of the areas, of which the vertices of the first picture come first. */
export interface AreaGeometry {
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
  /** The other vertices, as text of gzip: *Geometry* in `docs/contract.md`. */
  rest: string;
  /** Where each lies in the bytes of `rest`. */
  rest_sections: FinerSections;
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

/** Where each lies in the bytes of the vertices that come after the first picture: offset and length. */
export interface FinerSections {
  /** How many lie between two vertices that are there at first. */
  between: Span;
  /** How far each is from where it is expected, in grid columns. */
  xs: Span;
  /** The same in grid rows. */
  ys: Span;
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

/** The header of the rest of a packed table: the texts of columns that the first picture does without. */
export type TableTexts = Record<string, string[]>;

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
