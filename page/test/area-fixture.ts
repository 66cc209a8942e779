/** A made-up page of twelve squares around a thirteenth, with two components and a nation. Invented codes. */
import type { AtlasData, Component, LayerInfo } from "../src/model/contract";
import type { Geometry } from "../src/model/geometry";
import { decodeGeometry } from "../src/model/geometry";
import { Table } from "../src/model/table";
import type { Page } from "../src/scoring/page";
import { pageOf } from "../src/scoring/page";
import { column, NO_REST, NOTHING_BESIDE, ONE_COLUMN, ORIGIN, packShape, STEP } from "./fixture";

export type Lists = Parameters<typeof Table.of>[1];

/** Area 0 is a strip; areas 1 to 12 hang from it, the later ones by longer borders; area 13 lies apart. */
export function combGeometry(): Geometry {
  const arcs: [number, number][][] = [];
  const areas: number[][][] = [];
  const strip: number[] = [];
  let x = 0;
  for (let tooth = 1; tooth <= 12; tooth++) {
    const end = x + 10 * tooth;
    strip.push(arcs.length);
    areas.push([[-arcs.length - 1, arcs.length + 1]]);
    arcs.push(
      [
        [x, 0],
        [end, 0],
      ],
      [
        [x, 0],
        [x, -20],
        [end, -20],
        [end, 0],
      ],
    );
    x = end;
  }
  strip.push(arcs.length);
  arcs.push([
    [x, 0],
    [x, 30],
    [0, 30],
    [0, 0],
  ]);
  areas.unshift([strip]);
  areas.push([[arcs.length]]);
  arcs.push([
    [9000, 0],
    [9100, 0],
    [9100, 100],
    [9000, 0],
  ]);
  const { geometry, bytes } = packShape({ arcs, areas }, ORIGIN, STEP);
  return decodeGeometry(geometry, bytes);
}

const ROWS = 14;
const each = <T>(of: (row: number) => T): T[] => Array.from({ length: ROWS }, (_, row) => of(row));

export function lists(): Lists {
  return {
    lsoa21_code: each((row) => `E0190000${String.fromCharCode(65 + row)}`),
    lsoa21_name: each((row) => `Fenmouth 00${row + 1}A`),
    ward_name: each((row) => (row === 13 ? null : `Ward ${row}`)),
    lad_name: each(() => "Fenmouth"),
    population_total: each((row) => (row === 13 ? null : 1500 + 10 * row)),
    share_75_plus: each((row) => 0.1 + row / 100),
    adult_skills: each((row) => 0.2 + row / 50),
    ruc21_name: each((row) => (row % 2 ? "Rural" : "Urban")),
    risk_score: each((row) => (row === 13 ? null : 90 - 5 * row)),
    risk_rank: each((row) => (row === 13 ? null : row + 1)),
    risk_decile: each((row) => (row === 13 ? null : Math.min(10, row + 1))),
    england_rank: each((row) => (row === 13 ? null : 4123 + row)),
    england_decile: each((row) => (row === 13 ? null : 2)),
    on_list: each((row) => (row === 0 ? 1 : 0)),
    priority: each((row) => (row === 0 ? 1 : null)),
    component_age: each((row) => (row === 13 ? null : 62 - row)),
    component_skills: each((row) => (row === 13 ? null : 90 - 7 * row)),
  };
}

function component(name: string, title: string, weight: number, indicator: string): Component {
  return {
    name,
    title,
    weight,
    why: "",
    column: `component_${name}`,
    aggregation: "arithmetic",
    indicators: [{ column: indicator, direction: 1, weight: 1, why: "", normalisation: "percentile", against_meaning: null }],
  };
}

const SHOWN = [
  { id: "risk", column: "risk_decile", title: "Risk", group: "overall" },
  { id: "age", column: "component_age", title: "Age", group: "components" },
  { id: "skills", column: "component_skills", title: "Adult skills", group: "components" },
] satisfies Partial<LayerInfo>[];

export const LAYERS: LayerInfo[] = SHOWN.map((layer) => ({
  ...layer,
  ...ONE_COLUMN,
  sentence: "",
  unit: "",
  worse: "high",
  kind: "range",
  bounds: [50],
  descending: false,
  classes: [
    { label: "up to 50", colour: "#eeeeee" },
    { label: "over 50", colour: "#222222" },
  ],
}));

export function areaData(more: Partial<AtlasData> = {}): AtlasData {
  return {
    format: 8,
    title: "Little Wetland",
    fictional: false,
    reference: "england",
    built: "2026-11-23T01:02:03Z",
    quantisation_metres: 1,
    index: {
      id: "made-up",
      title: "An index",
      description: "",
      source: "",
      normalisation: "percentile",
      scale: 100,
      within_components: "arithmetic",
      aggregation: "arithmetic",
      missing: "error",
      impute_by: null,
      ties: "min",
      absent: [],
      fitted_to: null,
      chance_of: null,
      components: [component("age", "Age", 1, "share_75_plus"), component("skills", "Adult skills", 3, "adult_skills")],
    },
    nation: {
      title: "England",
      areas: 33_755,
      medians: { component_age: 50, component_skills: 48 },
      means: { component_age: 52, component_skills: 50, risk_score: 50.5 },
      boards: null,
    },
    parts: [],
    notes: [],
    sources: [],
    columns: [
      column("lsoa21_code", "LSOA code", "string"),
      column("lsoa21_name", "LSOA name", "string"),
      column("ward_name", "Ward", "string"),
      column("lad_name", "District", "string"),
      column("population_total", "Residents", "integer", { unit: "people", as_of: "Mid-2024" }),
      column("share_75_plus", "Aged 75 and over", "number", { percent: true, decimals: 1, unit: "% of residents" }),
      column("adult_skills", "Low skills", "number", { decimals: 2 }),
      column("ruc21_name", "Rural or urban", "string"),
      column("component_age", "Age", "number", { unit: "score, 0 to 100" }),
    ],
    ...NOTHING_BESIDE,
    layers: LAYERS,
    first_layer: "risk",
    table: { rows: ROWS, packed: "", rest: "" },
    geometry: { packed: "", origin: ORIGIN, step: STEP, arcs: 0, rings: 0, sections: {} as AtlasData["geometry"]["sections"], ...NO_REST },
    ...more,
  };
}

export function parts(data: AtlasData, columns: Lists = lists()): Page {
  return pageOf(data, Table.of(ROWS, columns), combGeometry());
}

/** Other numbers take the place of those in the table, as after other weights. */
export function replaceNumbers({ table, store }: Page, columns: Parameters<Table["replace"]>[0]): void {
  table.replace(columns);
  store.revision.value++;
}
