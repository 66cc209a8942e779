import { describe, expect, it } from "vitest";
import { wrap } from "../../src/map/picture";
import { fileName, toCsv, toDictionary, toGeoJson } from "../../src/model/export";
import { polygonsOf } from "../../src/model/polygons";
import { atlasData, COLUMNS, geometry, hostileColumns, table } from "../fixture";

interface Collection {
  bbox: [number, number, number, number];
  features: { id: string; geometry: { coordinates: [number, number][][][] } | null; properties: Record<string, unknown> }[];
}

describe("the table as a file", () => {
  it("has a line for each area and a column for each number", () => {
    const lines = toCsv(atlasData(), table(), [1, 3], "as published").split("\r\n");
    expect(lines[0].charCodeAt(0)).toBe(0xfeff);
    expect(lines[1]).toBe("E01900002,Fenmouth 001B,Harbour,Fenmouth,1600,0.2,90,400,1,1,as published");
    expect(lines[2]).toBe("E01900004,Wetland 010A,,Wetland,,,,,,,as published");
    expect(lines).toHaveLength(4);
  });

  it("has plain headings with units, each once, and a dictionary that says what they mean", () => {
    const data = atlasData();
    const twice = data.columns.map((one, at) => (at < 2 ? { ...one, title: "Same", unit: "people" } : one));
    const named = { ...data, columns: twice };
    const [head] = toCsv(named, table(), [0]).slice(1).split("\r\n");
    expect(head.split(",").slice(0, 2)).toEqual(twice.slice(0, 2).map(({ name }) => `Same (people) [${name}]`));
    const percent = data.columns.find((one) => one.percent && table().has(one.name));
    if (percent) expect(head).toContain(`"${percent.title} (share, 0 to 1)"`);
    const [heading, ...entries] = toDictionary(named, table()).slice(1).split("\r\n");
    expect(heading).toBe("Heading,Column,Meaning,Unit,Release");
    expect(entries[0]).toContain(`Same (people) [${twice[0].name}],${twice[0].name},`);
    expect(entries.filter(Boolean)).toHaveLength(head.split(/,(?! )/).length);
  });

  it("holds hostile names as text, and no formula", () => {
    const csv = toCsv(atlasData(), table({ ...hostileColumns(), lad_name: ["=1+1", '"quoted"', "a,b", "@SUM(1)"] }), [0, 1, 2, 3]);
    expect(csv).toContain(`,'=1+1,`);
    expect(csv).toContain(`,"""quoted""",`);
    expect(csv).toContain(`,"a,b",`);
    expect(csv).toContain(`,'@SUM(1),`);
  });
});

describe("the areas as a file", () => {
  const collection = JSON.parse(toGeoJson(atlasData(), table(), geometry(), [0, 2, 3], "A note")) as Collection;

  it("has each area with its numbers", () => {
    expect(collection.features.map(({ id }) => id)).toEqual(["E01900001", "E01900003", "E01900004"]);
    expect(collection.features[0].properties.share_75_plus).toBe(COLUMNS.share_75_plus[0]);
    expect(collection.features[2].geometry).toBeNull();
  });

  it("has closed outer rings anticlockwise and holes clockwise", () => {
    const [polygon] = collection.features[1].geometry?.coordinates ?? [];
    expect(polygon).toHaveLength(2);
    const area = (ring: [number, number][]): number => ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i][0] * y - x * ring[i][1], 0);
    expect(area(polygon[0])).toBeGreaterThan(0);
    expect(area(polygon[1])).toBeLessThan(0);
    for (const ring of polygon) expect(ring[0]).toEqual(ring[ring.length - 1]);
  });

  it("says how far they reach", () => {
    const points = collection.features.flatMap(({ geometry: shape }) => shape?.coordinates.flat(2) ?? []);
    const [lons, lats] = [0, 1].map((axis) => points.map((point) => point[axis]));
    expect(collection.bbox).toEqual([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)]);
    expect(JSON.parse(toGeoJson(atlasData(), table(), geometry(), [3], ""))).not.toHaveProperty("bbox");
  });

  it("keeps an island in a lake apart", () => {
    const square = (from: number, to: number): [number, number][] => [
      [from, from],
      [to, from],
      [to, to],
      [from, to],
      [from, from],
    ];
    const polygons = polygonsOf([square(0, 10), square(2, 8), square(4, 6), square(20, 30)]);
    expect(polygons.map((polygon) => polygon.length)).toEqual([2, 1, 1]);
  });
});

it("file names hold letters, figures and hyphens", () => {
  expect(fileName("Café & Quay", "", "areas")).toBe("cafe-quay-areas");
});

it("long words of a caption are wrapped", () => {
  expect(wrap("one two three four", 9, (text) => text.length)).toEqual(["one two", "three", "four"]);
});
