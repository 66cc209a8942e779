/** Invented places, sites and stories for the invented areas of `fixture.ts`. */
import type { PlaceKind, SitesInfo, Story, SupportInfo } from "../src/model/contract";
import { toLonLat } from "../src/model/geometry";
import { Support } from "../src/model/support";
import type { Plain } from "../src/model/table";
import { geometry, packTable } from "./fixture";
import { pack } from "./packing";

const kind = (id: string, title: string, plural: string, more: Partial<PlaceKind> = {}): PlaceKind => ({
  id,
  title,
  plural,
  origin: "Nobody, 2026",
  why: "Made up.",
  offers_now: true,
  counts: true,
  mobile: false,
  ...more,
});

export const KINDS = [
  kind("library", "public library", "Public libraries"),
  kind("bus", "mobile library", "Mobile libraries", { counts: false, mobile: true }),
  kind("gp_practice", "GP practice", "GP practices", { offers_now: false }),
];

/** A point in the first of the areas, and one far outside. */
export const INSIDE = toLonLat(geometry(), 50, 50);
export const OUTSIDE = toLonLat(geometry(), 20_000, 50);

const at = ([lon, lat]: [number, number], east = 0): { lon: number; lat: number } => ({ lon: lon + east, lat });

const ROWS: Record<string, Plain>[] = [
  { place_id: "1", name: "Fenmouth Library", kind: "library", offers: "devices; skills", opening: "9 to 5", postcode: "NR99 1AA", ...at(INSIDE) },
  { place_id: "2", name: "Harbour Library", kind: "library", offers: "devices", opening: null, postcode: "NR99 1AB", ...at(INSIDE, 0.0001) },
  { place_id: "3", name: "Ångstrom’s Surgery", kind: "gp_practice", offers: "somewhere to go", opening: null, postcode: "NR99 1AA", ...at(INSIDE, 0.0001) },
  { place_id: "4", name: "Far Library", kind: "library", offers: "data; tea", opening: null, postcode: null, ...at(OUTSIDE) },
  { place_id: "5", name: "Wheels", kind: "bus", offers: "somewhere to go", opening: null, postcode: null, ...at(INSIDE, 0.02) },
  { place_id: "6", name: "Of no kind", kind: "pub", offers: "", opening: null, postcode: null, ...at(INSIDE) },
].map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, [value]])));

export const PLACES: Record<string, Plain> = Object.fromEntries(Object.keys(ROWS[0]).map((name) => [name, ROWS.map((row) => row[name][0])]));

export const NEAREST: Record<string, Plain> = {
  library_1: [0, 1, 3, null],
  library_1_cost: [120, 870, 12_340, null],
  library_2: [1, 0, null, null],
  library_2_cost: [450, 996, null, null],
  gp_practice_1: [2, 2, 2, null],
  gp_practice_1_cost: [100, 800, 9000, null],
  bus_1: [4, 4, 4, null],
  bus_1_cost: [50, 60, 70, null],
};

export function supportInfo(places = PLACES): SupportInfo {
  const packed = (rows: number, columns: Record<string, Plain>): { rows: number; packed: string } => ({
    rows,
    packed: pack(packTable(columns)),
  });
  return { unit: "metres", listed: 2, kinds: KINDS, places: packed(places.name.length, places), nearest: packed(4, NEAREST) };
}

export function support(places = PLACES): Support {
  return Support.read(supportInfo(places), packTable(places), packTable(NEAREST));
}

export const SITES: SitesInfo = {
  model: "maximal covering",
  reach: 5000,
  unit: "metres",
  counted_in: ["Public libraries"],
  candidates: "4 neighbourhoods",
  gap: 0,
  people: 8800,
  already: 4120,
  way_saved: null,
  sites: [
    { order: 1, name: "Wetland 002A", ...at(INSIDE, 0.001), newly_covered: 900, covered_alone: 900, covered_together: 900 },
    { order: 2, name: "Fenmouth 001B", ...at(INSIDE, 0.001), newly_covered: 34, covered_alone: 400, covered_together: 934 },
  ],
  curve: [
    { sites: 0, covered: 0 },
    { sites: 1, covered: 900 },
    { sites: 2, covered: 934 },
  ],
};

export const STORIES: Story[] = [
  { place: "Fenmouth", quote: "I never had one.", theme: "Devices", source: "A meeting", area: 0, ...at(INSIDE) },
  { place: "Fenmouth", quote: "It closes at five.", theme: "Opening", source: "A meeting", area: null, ...at(INSIDE) },
];
