/** Areas as files: CSV and GeoJSON. */
import type { AtlasData, ColumnInfo } from "./contract";
import { roundPeople } from "./format";
import type { Geometry } from "./geometry";
import { ringsOf, toLonLat } from "./geometry";
import { polygonsOf } from "./polygons";
import type { Table } from "./table";

const DECIMALS = 6;
/** Of longitudes and latitudes, for one degree: a tenth of a metre. */
const PER_DEGREE = 1e6;
/** What a spreadsheet may take for the beginning of a formula, whatever blanks it skips before it. */
const FORMULA = /^[\s\p{Cf}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20\u2212]|^[\t\r\n]/u;
/** The last column of a table that is not of the published index, or not of all areas: how it was made. */
export const MADE_WITH = "made_with";
/** The same under plain headings. */
const HOW_MADE = "How it was made";

/** Numbers to six decimals, shares as shares; text that a spreadsheet would take for a formula begins with a quote. */
function cell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(Number(value.toFixed(DECIMALS)));
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

function columnsOf(data: AtlasData, table: Table): ColumnInfo[] {
  return data.columns.filter(({ name }) => table.has(name));
}

/** A value as it leaves the page: an estimate of people with no more figures than it is worth. */
function leaving({ name, quantity }: ColumnInfo, table: Table, row: number): string | number | null {
  const value = table.value(name, row);
  return typeof value === "number" && quantity === "estimated people" ? roundPeople(value) : value;
}

/** Begins with a byte-order mark, so that Excel reads names right. */
export function csvOf(headers: readonly string[], lines: Iterable<readonly (string | number | null)[]>): string {
  const all = [headers, ...lines].map((line) => line.map(cell).join(","));
  return `\ufeff${all.join("\r\n")}\r\n`;
}

function unitOf({ unit, percent }: ColumnInfo): string {
  return percent ? "share, 0 to 1" : unit;
}

/** The headings of a table as people read them, with units; a title that stands twice has the name of its column, too. */
function headings(columns: readonly ColumnInfo[]): string[] {
  const plain = columns.map((column) => `${column.title}${unitOf(column) ? ` (${unitOf(column)})` : ""}`);
  return plain.map((heading, at) => (plain.indexOf(heading) === plain.lastIndexOf(heading) ? heading : `${heading} [${columns[at].name}]`));
}

/** What each column of the table means: its heading, and its name in `risk.csv` and in the areas as GeoJSON. */
export function toDictionary(data: AtlasData, table: Table): string {
  const columns = columnsOf(data, table);
  const titles = headings(columns);
  return csvOf(
    ["Heading", "Column", "Meaning", "Unit", "Release"],
    columns.map((column, at) => [titles[at], column.name, column.description, unitOf(column), column.as_of]),
  );
}

/** One line for each area, under plain headings; last how the table was made, where that is not as published. */
export function toCsv(data: AtlasData, table: Table, rows: Iterable<number>, made = ""): string {
  const columns = columnsOf(data, table);
  const names = headings(columns);
  return csvOf(
    made ? [...names, HOW_MADE] : names,
    Array.from(rows, (row) => [...columns.map((column) => leaving(column, table, row)), ...(made ? [made] : [])]),
  );
}

/** West, south, east and north, in degrees. */
type Bounds = [number, number, number, number];

function widen(bounds: Bounds, points: readonly number[][]): void {
  for (const [lon, lat] of points) {
    bounds[0] = Math.min(bounds[0], lon);
    bounds[1] = Math.min(bounds[1], lat);
    bounds[2] = Math.max(bounds[2], lon);
    bounds[3] = Math.max(bounds[3], lat);
  }
}

/** A FeatureCollection in longitude and latitude, with every column as a property, and what each means. */
export function toGeoJson(data: AtlasData, table: Table, geometry: Geometry, rows: Iterable<number>, made: string): string {
  const columns = columnsOf(data, table);
  const features: string[] = [];
  const bounds: Bounds = [Infinity, Infinity, -Infinity, -Infinity];
  for (const row of rows) {
    const rings = ringsOf(geometry, row).map((ring) =>
      ring.map(([x, y]): [number, number] => {
        const [lon, lat] = toLonLat(geometry, x, y);
        return [Math.round(lon * PER_DEGREE), Math.round(lat * PER_DEGREE)];
      }),
    );
    const polygons = polygonsOf(rings).map((polygon) => polygon.map((ring) => ring.map(([x, y]) => [x / PER_DEGREE, y / PER_DEGREE])));
    widen(bounds, polygons.flat(2));
    const properties = Object.fromEntries(
      columns.map((column) => {
        const value = leaving(column, table, row);
        return [column.name, typeof value === "number" ? Number(value.toFixed(DECIMALS)) : value];
      }),
    );
    features.push(
      JSON.stringify({
        type: "Feature",
        id: table.text("lsoa21_code", row) ?? row,
        geometry: polygons.length ? { type: "MultiPolygon", coordinates: polygons } : null,
        properties,
      }),
    );
  }
  const about = JSON.stringify({
    title: data.title,
    built: data.built,
    index: data.index.title,
    made_with: made,
    fictional: data.fictional,
    quantisation_metres: data.quantisation_metres,
    attribution: [...new Set(data.sources.map(({ attribution }) => attribution).filter(Boolean))],
    columns: Object.fromEntries(
      columns.map(({ name, title, description, unit, percent }) => [name, { title, description, unit: percent ? `share, 0 to 1 (${unit})` : unit }]),
    ),
  });
  const box = bounds[0] <= bounds[2] ? `"bbox":${JSON.stringify(bounds)},` : "";
  return `{"type":"FeatureCollection",${box}"about":${about},"features":[\n${features.join(",\n")}\n]}\n`;
}

/** A file's name of letters, figures and hyphens. */
export function fileName(...parts: string[]): string {
  return parts
    .map((part) =>
      part
        .normalize("NFKD")
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-+|-+$/g, "")
        .slice(0, 60),
    )
    .filter(Boolean)
    .join("-");
}
