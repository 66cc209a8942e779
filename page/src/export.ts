/** Areas as files: CSV and GeoJSON. */
import type { AtlasData, ColumnInfo } from "./contract";
import type { Geometry } from "./geometry";
import { ringsOf, toLonLat } from "./geometry";
import type { Table } from "./table";

const DECIMALS = 6;

/** Numbers to six decimals, shares as shares; text that a spreadsheet would take for a formula begins with a quote. */
function cell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(Number(value.toFixed(DECIMALS)));
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

function columnsOf(data: AtlasData, table: Table): ColumnInfo[] {
  return data.columns.filter(({ name }) => table.has(name));
}

/** Begins with a byte-order mark, so that Excel reads names right. */
export function csvOf(headers: readonly string[], lines: Iterable<readonly (string | number | null)[]>): string {
  const all = [headers, ...lines].map((line) => line.map(cell).join(","));
  return `\ufeff${all.join("\r\n")}\r\n`;
}

/** One line for each area, columns as in `risk.csv`. */
export function toCsv(data: AtlasData, table: Table, rows: Iterable<number>): string {
  const names = columnsOf(data, table).map(({ name }) => name);
  return csvOf(
    names,
    Array.from(rows, (row) => names.map((name) => table.value(name, row))),
  );
}

type Ring = [number, number][];

function signedArea(ring: Ring): number {
  let sum = 0;
  for (let i = 0; i + 1 < ring.length; i++) sum += ring[i][0] * ring[i + 1][1] - ring[i + 1][0] * ring[i][1];
  return sum / 2;
}

function holds(ring: Ring, [x, y]: [number, number]): boolean {
  let inside = false;
  for (let i = 0; i + 1 < ring.length; i++) {
    const [x1, y1] = ring[i];
    const [x2, y2] = ring[i + 1];
    if (y1 > y !== y2 > y && x < x1 + ((y - y1) * (x2 - x1)) / (y2 - y1)) inside = !inside;
  }
  return inside;
}

/** The middle of a ring's first edge: rings of one area may touch at vertices. */
function onEdge(ring: Ring): [number, number] {
  return [(ring[0][0] + ring[1][0]) / 2, (ring[0][1] + ring[1][1]) / 2];
}

/** Rings that are filled even-odd as polygons: each outer ring with its holes, outer rings anticlockwise (RFC 7946). */
export function polygonsOf(rings: readonly Ring[]): Ring[][] {
  const depth = rings.map((ring) => rings.filter((other) => other !== ring && holds(other, onEdge(ring))).length);
  const turned = rings.map((ring, i) => (signedArea(ring) > 0 === (depth[i] % 2 === 0) ? [...ring] : [...ring].reverse()));
  const polygons: Ring[][] = [];
  rings.forEach((ring, i) => {
    if (depth[i] % 2) return;
    const holes = turned.filter((_, j) => depth[j] === depth[i] + 1 && holds(ring, onEdge(rings[j])));
    polygons.push([turned[i], ...holes]);
  });
  return polygons;
}

/** A FeatureCollection in longitude and latitude, with every column as a property. */
export function toGeoJson(data: AtlasData, table: Table, geometry: Geometry, rows: Iterable<number>, note: string): string {
  const columns = columnsOf(data, table);
  const features: string[] = [];
  for (const row of rows) {
    const polygons = polygonsOf(ringsOf(geometry, row)).map((polygon) =>
      polygon.map((ring) =>
        ring.map(([x, y]) => toLonLat(geometry, x, y).map((degrees) => Number(degrees.toFixed(DECIMALS)))),
      ),
    );
    const properties = Object.fromEntries(
      columns.map(({ name }) => {
        const value = table.value(name, row);
        return [name, typeof value === "number" ? Number(value.toFixed(DECIMALS)) : value];
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
  const about = JSON.stringify({ title: data.title, built: data.built, index: data.index.title, note, fictional: data.fictional });
  return `{"type":"FeatureCollection","about":${about},"features":[\n${features.join(",\n")}\n]}\n`;
}

/** Hands a file to the reader. */
export function save(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 60_000);
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
