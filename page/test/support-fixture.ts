/** Made-up support, exclusion, people and helps for the page of fourteen areas. */
import type { AtlasData, PlaceKind } from "../src/model/contract";
import { Support } from "../src/model/support";
import { Table } from "../src/model/table";
import type { Lists } from "./area-fixture";
import { areaData, lists } from "./area-fixture";

const ROWS = 14;
const each = <T>(of: (row: number) => T): T[] => Array.from({ length: ROWS }, (_, row) => of(row));

function kind(id: string, title: string, more: Partial<PlaceKind> = {}): PlaceKind {
  return { id, title, plural: `${title}s`, origin: `A list of each ${title}`, why: `Why a ${title}`, offers_now: true, counts: true, mobile: false, ...more };
}

export const KINDS = [kind("library", "library"), kind("bus", "library bus", { mobile: true, counts: false }), kind("gp", "practice", { offers_now: false })];

export function supportLists(): Lists {
  return {
    ...lists(),
    support_access: each((row) => (row === 12 ? 0 : row / 10)),
    capacity_score: each((row) => (row === 12 ? 0 : 5 * row + 5)),
    exclusion_score: each((row) => (row === 13 ? null : 80 - row)),
    exclusion_rank: each((row) => (row === 13 ? null : 13 - row)),
    exclusion_decile: each((row) => (row === 13 ? null : Math.ceil((10 * (13 - row)) / 13))),
    exclusion_rank_p05: each((row) => (row === 13 ? null : Math.max(1, 11 - row))),
    exclusion_rank_p95: each((row) => (row === 13 ? null : Math.min(13, 15 - row))),
    exclusion_worst_decile_probability: each((row) => (row === 13 ? null : row / 12)),
    little_support: each((row) => (row >= 11 && row < 13 ? 1 : 0)),
    lack_of_support: each((row) => (row === 13 ? null : row / 12)),
    unmet_need: each((row) => (row === 13 ? null : (row / 12) * (313.4 + row))),
    on_list: each((row) => (row === 12 || row === 11 ? 1 : 0)),
    list_probability: each((row) => (row === 13 ? null : row / 12)),
    unmet_need_expected: each((row) => (row === 13 ? null : (row / 12) ** 2 * (313.4 + row))),
    priority: each((row) => (row === 12 ? 1 : row === 11 ? 2 : null)),
    worst_decile_probability: each((row) => (row === 13 ? null : 1 - row / 12)),
    people_at_risk: each((row) => (row === 13 ? null : 313.4 + row)),
    people_at_risk_low: each((row) => (row === 13 ? null : 178)),
    people_at_risk_high: each((row) => (row === 13 ? null : 441)),
    people_not_online: each((row) => (row === 13 ? null : 178)),
    people_not_online_low: each((row) => (row === 13 ? null : 88)),
    people_not_online_high: each((row) => (row === 13 ? null : 362)),
    people_without_skills: each((row) => (row === 13 ? null : 441)),
    main_driver: each((row) => (row === 13 ? null : row % 3 ? "Adult skills" : "Age")),
    points_to: each((row) => (row === 13 ? null : row % 3 ? "People" : "Both")),
  };
}

export function supportData(more: Partial<AtlasData> = {}): AtlasData {
  return areaData({
    support: { unit: "metres", listed: 3, kinds: KINDS, places: { rows: 0, packed: "" }, nearest: { rows: ROWS, packed: "" } },
    exclusion: { formula: "geometric", risk_weight: 0.5 },
    helps: [
      {
        component: "age",
        side: "people",
        sentence: "many residents are old",
        helps: [
          { what: "Sessions over tea", source: "A charity", page: "https://example.org/tea", kinds: [] },
          { what: "Letters", source: "A service", page: "javascript:alert(1)", kinds: [] },
        ],
      },
      {
        component: "skills",
        side: "people",
        sentence: "many adults lack qualifications: courses",
        helps: [{ what: "NHS courses", source: "A college", page: "http://example.org/c", kinds: [] }],
      },
    ],
    ...more,
  });
}

/** The first library is nearest to even areas; area 13 has none at all. */
export function support(unit: "metres" | "minutes" = "metres"): Support {
  const places = Table.of(4, {
    place_id: ["a", "b", "c", "d"],
    name: ["Harbour Library", "Quay Library", "The Bus", "The Surgery"],
    kind: ["library", "library", "bus", "gp"],
    offers: ["devices; skills", "devices", "somewhere to go", null],
    opening: ["10 hours a week", null, null, null],
    postcode: ["NR1 1AA", null, null, null],
    lon: [1, 1.1, 1.2, 1.3],
    lat: [52, 52.1, 52.2, 52.3],
  });
  const nearest = Table.of(ROWS, {
    library_1: each((row) => (row === 13 ? null : row % 2)),
    library_1_cost: each((row) => (row === 13 ? null : 400 + 100 * row)),
    library_2: each((row) => (row === 13 ? null : 1 - (row % 2))),
    library_2_cost: each((row) => (row === 13 ? null : 3200 + 100 * row)),
    bus_1: each(() => 2),
    bus_1_cost: each(() => 100),
    gp_1: each(() => 3),
    gp_1_cost: each(() => 90),
  });
  return new Support({ unit, listed: 3, kinds: KINDS, places: { rows: 4, packed: "" }, nearest: { rows: ROWS, packed: "" } }, places, nearest);
}
