/** A made-up page in the documented format: squares in a row, invented codes. */
import { gzipSync } from "node:zlib";
import type { AtlasData, ColumnInfo, PackedGeometry, SectionName } from "../src/data";
import { decodeGeometry } from "../src/geometry";
import { Areas } from "../src/areas";
import { Table } from "../src/table";

export function encodeUnsigned(values: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  for (let value of values) {
    while (value >= 0x80) {
      bytes.push((value % 0x80) | 0x80);
      value = Math.floor(value / 0x80);
    }
    bytes.push(value);
  }
  return Uint8Array.from(bytes);
}

export function encodeDeltas(values: readonly number[]): Uint8Array {
  return encodeUnsigned(
    values.map((value, i) => {
      const difference = value - (i ? values[i - 1] : 0);
      return difference >= 0 ? 2 * difference : -2 * difference - 1;
    }),
  );
}

interface Shape {
  arcs: [number, number][][];
  /** Per area its rings, per ring its signed arcs. */
  areas: number[][][];
  holes?: number[];
  neighbours: [number, number][];
}

export function packShape(shape: Shape, origin: [number, number], step: number): { geometry: PackedGeometry; bytes: Uint8Array } {
  const points = shape.arcs.flat();
  const rings = shape.areas.flat();
  const parts: Record<SectionName, Uint8Array> = {
    arc_lengths: encodeUnsigned(shape.arcs.map((arc) => arc.length)),
    xs: encodeDeltas(points.map(([x]) => x)),
    ys: encodeDeltas(points.map(([, y]) => y)),
    ring_lengths: encodeUnsigned(rings.map((ring) => ring.length)),
    ring_arcs: encodeDeltas(rings.flat()),
    area_rings: encodeUnsigned(shape.areas.map((area) => area.length)),
    ring_is_hole: encodeUnsigned(shape.holes ?? rings.map(() => 0)),
    arc_neighbours: encodeUnsigned(shape.neighbours.flat().map((area) => area + 1)),
  };
  const bytes = Uint8Array.from(Object.values(parts).flatMap((part) => [...part]));
  let at = 0;
  const sections = Object.fromEntries(
    Object.entries(parts).map(([name, part]) => {
      at += part.length;
      return [name, [at - part.length, part.length]];
    }),
  ) as PackedGeometry["sections"];
  const packed = gzipSync(bytes).toString("base64");
  return { geometry: { packed, origin, step, arcs: shape.arcs.length, rings: rings.length, sections }, bytes };
}

/** A hundred steps a side: two neighbours sharing an arc, an island with a hole, and an area without geometry. */
export const SHAPE: Shape = {
  arcs: [
    [[100, 0], [100, 100]],
    [[100, 100], [0, 100], [0, 0], [100, 0]],
    [[100, 100], [200, 100], [200, 0], [100, 0]],
    [[300, 0], [400, 0], [400, 100], [300, 100], [300, 0]],
    [[340, 40], [340, 60], [360, 60], [360, 40], [340, 40]],
  ],
  areas: [[[0, 1]], [[-1, -3]], [[3], [4]], []],
  holes: [0, 0, 0, 1],
  neighbours: [
    [0, 1],
    [0, -1],
    [1, -1],
    [2, -1],
    [2, -1],
  ],
};

export const ORIGIN: [number, number] = [100_000, 6_900_000];
export const STEP = 10;

export function geometry(shape = SHAPE) {
  const { geometry: packed, bytes } = packShape(shape, ORIGIN, STEP);
  return decodeGeometry(packed, bytes);
}

export const HOSTILE = [
  `</script><img src=x onerror="alert(1)">`,
  "\u202eright to left\u202c \u05e9\u05dc\u05d5\u05dd",
  "😀 Quay 🏝️",
  "x".repeat(300),
];

type Columns = ConstructorParameters<typeof Table>[1];

export const COLUMNS: Columns = {
  lsoa21_code: { values: ["E01900001", "E01900002", "E01900003", "E01900004"], codes: [0, 1, 2, 3] },
  lsoa21_name: { values: ["Fenmouth 001A", "Fenmouth 001B", "Wetland 002A", "Wetland 010A"], codes: [0, 1, 2, 3] },
  ward_name: { values: ["Harbour", "Café & Quay"], codes: [0, 0, 1, -1] },
  lad_name: { values: ["Fenmouth", "Wetland"], codes: [0, 0, 1, 1] },
  population_total: [1500, 1600, 1700, null],
  share_75_plus: [0.1234, 0.2, 0.3, null],
  risk_rank: [2, 1, 3, null],
  risk_decile: [5, 1, 10, null],
  england_decile: [2, 1, 9, null],
  component_age: [40, 90, 10, null],
  "class:risk_decile": [4, 0, 9, 255],
  "class:component_age": [1, 0, 2, 255],
};

function column(name: string, title: string, type: ColumnInfo["type"], more: Partial<ColumnInfo> = {}): ColumnInfo {
  return { name, title, description: `What ${title} means`, unit: "", type, decimals: 0, percent: false, ...more };
}

export function atlasData(columns = COLUMNS): AtlasData {
  const { geometry: packed } = packShape(SHAPE, ORIGIN, STEP);
  const rows = 4;
  return {
    format: 1,
    title: "Little Wetland",
    fictional: true,
    reference: "england",
    built: "2026-11-23T01:02:03Z",
    quantisation_metres: 1,
    index: {
      title: "An index",
      description: "Made up.",
      components: [{ name: "age", title: "Age", weight: 2, why: "Older people.", column: "component_age" }],
    },
    notes: ["A limit."],
    sources: [{ title: "A source", publisher: "Nobody", release: "2021", licence: "OGL", attribution: "Nobody" }],
    columns: [
      column("lsoa21_code", "LSOA code", "string"),
      column("lsoa21_name", "LSOA name", "string"),
      column("ward_name", "Ward", "string"),
      column("lad_name", "District", "string"),
      column("population_total", "Residents", "integer", { unit: "people" }),
      column("share_75_plus", "Aged 75 and over", "number", { percent: true, decimals: 1, unit: "% of residents" }),
      column("component_age", "Age", "number", { unit: "score, 0 to 100" }),
      column("class:risk_decile", "hidden", "integer"),
    ],
    layers: [
      {
        id: "risk_decile",
        column: "risk_decile",
        title: "Risk",
        sentence: "By tenths.",
        group: "overall",
        unit: "tenth",
        worse: "low",
        classes: Array.from({ length: 10 }, (_, i) => ({ label: String(i + 1), colour: `#0000${String(10 + i)}` })),
        class_of: "class:risk_decile",
      },
      {
        id: "component_age",
        column: "component_age",
        title: "Age",
        sentence: "Scored.",
        group: "components",
        unit: "score",
        worse: "high",
        classes: ["over 60", "over 20 to 60", "up to 20"].map((label) => ({ label, colour: "#123456" })),
        class_of: "class:component_age",
      },
    ],
    first_layer: "risk_decile",
    table: { rows, packed: gzipSync(JSON.stringify(columns)).toString("base64") },
    geometry: packed,
  };
}

export function table(columns = COLUMNS): Table {
  return new Table(4, columns);
}

export function areas(columns = COLUMNS): Areas {
  return new Areas(table(columns));
}

export function hostileColumns(): Columns {
  return {
    ...COLUMNS,
    ward_name: { values: HOSTILE, codes: [0, 1, 2, 3] },
    lad_name: { values: HOSTILE, codes: [3, 2, 1, 0] },
    lsoa21_name: { values: HOSTILE, codes: [1, 0, 3, 2] },
  };
}
