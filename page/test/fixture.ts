/** A made-up page in the documented format: squares in a row, invented codes. */
import { Areas } from "../src/model/areas";
import type { AtlasData, ColumnInfo, GeometrySections, KindsInfo, LayerInfo, PackedGeometry, PeopleInfo } from "../src/model/contract";
import { arcOf, decodeGeometry } from "../src/model/geometry";
import type { Plain } from "../src/model/table";
import { Table } from "../src/model/table";
import { pack } from "./packing";

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
}

/** The arcs in the order in which the rings meet them, and the rings with the numbers that they have then. */
function inOrder({ arcs, areas }: Shape): { arcs: [number, number][][]; rings: number[][] } {
  const met = [...new Set(areas.flat(2).map(arcOf))];
  const number = new Map(met.map((arc, place) => [arc, place]));
  const renumbered = (walk: number): number => {
    const arc = number.get(arcOf(walk)) ?? 0;
    return walk < 0 ? -arc - 1 : arc;
  };
  return { arcs: met.map((arc) => arcs[arc]), rings: areas.flat().map((ring) => ring.map(renumbered)) };
}

/** How many arcs were met since, times 2; plus 1 backwards. */
function backReferences(walks: readonly number[]): number[] {
  let met = 0;
  return walks.map((walk) => {
    const back = met - arcOf(walk);
    if (back === 0) met++;
    return 2 * back + (walk < 0 ? 1 : 0);
  });
}

export function packShape(shape: Shape, origin: [number, number], step: number): { geometry: PackedGeometry; bytes: Uint8Array } {
  const { arcs, rings } = inOrder(shape);
  const points = arcs.flat();
  const parts: Record<keyof GeometrySections, Uint8Array> = {
    arc_lengths: encodeUnsigned(arcs.map((arc) => arc.length)),
    xs: encodeDeltas(points.map(([x]) => x)),
    ys: encodeDeltas(points.map(([, y]) => y)),
    ring_lengths: encodeUnsigned(rings.map((ring) => ring.length)),
    ring_arcs: encodeUnsigned(backReferences(rings.flat())),
    area_rings: encodeUnsigned(shape.areas.map((area) => area.length)),
    ring_is_hole: encodeUnsigned(shape.holes ?? rings.map(() => 0)),
  };
  const bytes = Uint8Array.from(Object.values(parts).flatMap((part) => [...part]));
  let at = 0;
  const sections = Object.fromEntries(
    Object.entries(parts).map(([name, part]) => {
      at += part.length;
      return [name, [at - part.length, part.length]];
    }),
  ) as Record<keyof GeometrySections, [number, number]>;
  const packed = pack(bytes);
  return { geometry: { packed, origin, step, arcs: arcs.length, rings: rings.length, sections }, bytes };
}

/** A hundred steps a side: two neighbours sharing an arc, an island with a hole, and an area without geometry. */
export const SHAPE: Shape = {
  arcs: [
    [
      [100, 0],
      [100, 100],
    ],
    [
      [100, 100],
      [0, 100],
      [0, 0],
      [100, 0],
    ],
    [
      [100, 100],
      [200, 100],
      [200, 0],
      [100, 0],
    ],
    [
      [300, 0],
      [400, 0],
      [400, 100],
      [300, 100],
      [300, 0],
    ],
    [
      [340, 40],
      [340, 60],
      [360, 60],
      [360, 40],
      [340, 40],
    ],
  ],
  areas: [[[0, 1]], [[-1, -3]], [[3], [4]], []],
  holes: [0, 0, 0, 1],
};

export const ORIGIN: [number, number] = [100_000, 6_900_000];
export const STEP = 10;

export function geometry(shape = SHAPE) {
  const { geometry: packed, bytes } = packShape(shape, ORIGIN, STEP);
  return decodeGeometry(packed, bytes);
}

/** All vertices belong to the first picture. */
export const NO_REST = { rest: "", rest_sections: { between: [0, 0], xs: [0, 0], ys: [0, 0] } } satisfies Partial<AtlasData["geometry"]>;

export const HOSTILE = [`</script><img src=x onerror="alert(1)">`, "\u202eright to left\u202c \u05e9\u05dc\u05d5\u05dd", "😀 Quay 🏝️", "x".repeat(300)];

type Columns = Record<string, Plain>;

export const COLUMNS: Columns = {
  lsoa21_code: ["E01900001", "E01900002", "E01900003", "E01900004"],
  lsoa21_name: ["Fenmouth 001A", "Fenmouth 001B", "Wetland 002A", "Wetland 010A"],
  ward_name: ["Harbour", "Harbour", "Café & Quay", null],
  lad_name: ["Fenmouth", "Fenmouth", "Wetland", "Wetland"],
  ruc21_name: ["Urban: Nearer", "Smaller rural: Further", "Smaller rural: Further", null],
  population_65_plus: [300, 400, 600, null],
  population_total: [1500, 1600, 1700, null],
  share_75_plus: [0.1234, 0.2, 0.3, null],
  risk_rank: [2, 1, 3, null],
  risk_decile: [5, 1, 10, null],
  england_decile: [2, 1, 9, null],
  component_age: [40, 90, 10, null],
};

/** Each column as the page has it: text by number, whole numbers in two bytes, others in eight. */
export function packTable(columns: Columns): Uint8Array {
  const body: number[] = [];
  const planes = (values: number[], width: number): [number, number] => {
    const start = body.length;
    for (let plane = 0; plane < width; plane++) for (const value of values) body.push(Math.floor(value / 256 ** plane) % 256);
    return [start, body.length - start];
  };
  const header: Record<string, object> = Object.fromEntries(
    Object.entries(columns).map(([name, list]): [string, object] => {
      const texts = list.filter((value) => typeof value === "string");
      if (texts.length) {
        const values = [...new Set(texts)];
        const at = planes(
          list.map((value) => values.indexOf(String(value)) + 1),
          1,
        );
        return [name, { kind: "text", values, codes: { at, width: 1, delta: false, along: null } }];
      }
      if (list.every((value) => Number.isInteger(value ?? 0))) {
        const at = planes(
          list.map((value) => (value === null ? 0 : Number(value) + 1)),
          2,
        );
        return [name, { kind: "number", decimals: 0, lowest: 0, values: { at, width: 2, delta: false, along: null } }];
      }
      const bytes = new Uint8Array(Float64Array.from(list, (value) => Number(value ?? NaN)).buffer);
      const at: [number, number] = [body.length, bytes.length];
      for (let plane = 0; plane < 8; plane++) for (let row = 0; row < list.length; row++) body.push(bytes[8 * row + plane]);
      return [name, { kind: "float", values: { at, width: 8 } }];
    }),
  );
  const encoded = new TextEncoder().encode(JSON.stringify(header));
  const length = Uint8Array.of(encoded.length % 256, encoded.length >> 8, 0, 0);
  return Uint8Array.from([...length, ...encoded, ...body]);
}

export function column(name: string, title: string, type: ColumnInfo["type"], more: Partial<ColumnInfo> = {}): ColumnInfo {
  return {
    name,
    title,
    description: `What ${title} means`,
    unit: "",
    type,
    decimals: 0,
    percent: false,
    as_of: null,
    quantity: "count",
    group: "place",
    ...more,
  };
}

export const PEOPLE: PeopleInfo = {
  title: "Adults offline or without skills",
  low: "are offline",
  high: "lack skills",
  part: 0.5,
  scaled: true,
  measures: [
    { column: "people_not_online", title: "Not online", means: "are offline", adults_from: 16, share: 0.05, year: 2025, source: "A survey" },
    { column: "people_without_skills", title: "Without skills", means: "lack skills", adults_from: 18, share: 0.16, year: 2023, source: "Another" },
  ],
  sources: [{ measure: "are offline, aged 75 and over", value: 0.46, source: "A survey", year: 2020, page: "https://example.org/survey" }],
};

export const EXCLUSION_KINDS: KindsInfo = {
  stands_out_above: 80,
  why: "The highest fifth",
  kinds: [
    {
      id: "age_settled",
      title: "Age and homes",
      sentence: "Many are old.",
      column: "score_age_settled",
      helps: [{ what: "Tea for the old", source: "A club", page: "https://example.org/club", kinds: [] }],
    },
    { id: "money_skills_health", title: "Money and skills", sentence: "Many are poor.", column: "score_money_skills_health", helps: [] },
  ],
};

/** What a page of an area without places, sites and stories carries. */
export const NOTHING_BESIDE = {
  postcodes: null,
  land: null,
  towns: [],
  street_map: null,
  support: null,
  exclusion: null,
  where_to_act: { by_support: true, risk_share: 0.2, support_share: 0.33, near: 800, far: 3000, unit: "metres", least_probability: 0.1, unsure: 0 },
  programmes: null,
  helps: [],
  named_from: 0,
  both_from: 0.5,
  kinds: EXCLUSION_KINDS,
  people: PEOPLE,
  sites: null,
  stories: [],
  larger: null,
  changes: null,
} satisfies Partial<AtlasData>;

/** What layers of one column leave empty. */
export const ONE_COLUMN = { missing: "No data", column_by: null, pair: null, bounds_by: [] } satisfies Partial<LayerInfo>;

export function atlasData(columns = COLUMNS): AtlasData {
  const { geometry: packed } = packShape(SHAPE, ORIGIN, STEP);
  const rows = 4;
  return {
    format: 8,
    title: "Little Wetland",
    fictional: true,
    reference: "england",
    built: "2026-11-23T01:02:03Z",
    quantisation_metres: 1,
    index: {
      id: "made-up",
      title: "An index",
      description: "Made up.",
      source: "Nobody",
      normalisation: "percentile",
      scale: 100,
      within_components: "arithmetic",
      aggregation: "arithmetic",
      missing: "reweight",
      impute_by: null,
      ties: "min",
      absent: [],
      fitted_to: null,
      chance_of: null,
      components: [
        {
          name: "age",
          title: "Age",
          weight: 2,
          why: "Older people.",
          column: "component_age",
          aggregation: "arithmetic",
          indicators: [{ column: "share_75_plus", direction: 1, weight: 1, normalisation: "percentile", why: "Residents", against_meaning: null }],
        },
      ],
    },
    nation: { title: "the fictional country", areas: 600, medians: { component_age: 50 }, means: { component_age: 51 }, boards: null },
    parts: [],
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
      column("population_65_plus", "Residents aged 65 and over", "integer", { unit: "people" }),
      column("risk_rank", "Risk rank", "integer"),
      column("risk_decile", "Risk decile", "integer"),
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
        kind: "range",
        bounds: [1, 2, 3, 4, 5, 6, 7, 8, 9],
        ...ONE_COLUMN,
        descending: false,
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
        kind: "range",
        bounds: [20, 60],
        ...ONE_COLUMN,
        descending: true,
      },
    ],
    first_layer: "risk_decile",
    table: { rows, packed: pack(packTable(columns)), rest: "" },
    ...NOTHING_BESIDE,
    geometry: { ...packed, ...NO_REST },
  };
}

export function table(columns = COLUMNS): Table {
  return Table.of(4, columns);
}

export function areas(columns = COLUMNS): Areas {
  return new Areas(table(columns));
}

export function hostileColumns(): Columns {
  return {
    ...COLUMNS,
    ward_name: HOSTILE,
    lad_name: [...HOSTILE].reverse(),
    lsoa21_name: [HOSTILE[1], HOSTILE[0], HOSTILE[3], HOSTILE[2]],
  };
}
