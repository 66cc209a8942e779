import { describe, expect, it } from "vitest";
import type { Box, Names } from "../../src/map/labels";
import { labelsOf, leastResidents, namesOf, paintNames } from "../../src/map/labels";
import { contains } from "../../src/model/geometry";
import { geometry, ORIGIN, STEP, table } from "../fixture";

const INK = { family: "sans-serif", colour: "#000", quiet: "#444", halo: "#fff" };

interface Written {
  text: string;
  left: number;
  right: number;
  y: number;
}

/** What is written on a canvas where every letter is six pixels wide. */
function written(names: Names, width = 400, metres = 50, over: readonly Box[] = [], view = { left: 0, right: width, top: 0, bottom: 200 }): Written[] {
  const found: Written[] = [];
  const context = {
    textAlign: "left",
    measureText: (text: string) => ({ width: 6 * text.length }),
    fillText(text: string, x: number, y: number) {
      const length = 6 * text.length;
      const left = this.textAlign === "left" ? x : this.textAlign === "right" ? x - length : x - length / 2;
      found.push({ text, left, right: left + length, y });
    },
    strokeText: () => undefined,
    beginPath: () => undefined,
    arc: () => undefined,
    stroke: () => undefined,
    fill: () => undefined,
  };
  const frame = { scale: 1, left: 0, top: 200, width, height: 200 };
  const painting = paintNames(context as unknown as CanvasRenderingContext2D, frame, names, INK, metres, { view, over });
  while (!painting.next().done);
  return found;
}

const texts = (names: Names, ...more: [number?, number?, Box[]?, Box?]): string[] => written(names, ...more).map(({ text }) => text);
const place = (text: string, x: number, y: number, width = 200) => ({ text, x, y, width });
const town = (text: string, x: number, y: number, population: number) => ({ text, x, y, population });

describe("places", () => {
  it("are told apart by code, not by name", () => {
    const columns = { ward_code: ["W1", "W2", "W2", null], ward_name: ["Castle", "Castle", "Castle", null] };
    const labels = labelsOf(geometry(), table(columns), "ward");
    expect(labels.map(({ text }) => text)).toEqual(["Castle", "Castle"]);
  });

  it("go by name where there is no code", () => {
    const columns = { lad_name: ["Fenmouth", "Fenmouth", "Wetland", "Wetland"] };
    expect(labelsOf(geometry(), table(columns), "lad").map(({ text }) => text)).toEqual(["Fenmouth", "Wetland"]);
  });

  it("have their names inside them", () => {
    const decoded = geometry();
    const columns = { lad_code: ["L", "L", "L", null], lad_name: ["Wide", "Wide", "Wide", null] };
    const [wide] = labelsOf(decoded, table(columns), "lad");
    expect([0, 1, 2].some((area) => contains(decoded, area, wide.x, wide.y))).toBe(true);
    const rows = { lad_code: ["a", "b", "c", null], lad_name: ["a", "b", "c", null] };
    for (const { text, x, y } of labelsOf(decoded, table(rows), "lad")) {
      expect(contains(decoded, "abc".indexOf(text), x, y), text).toBe(true);
    }
  });
});

describe("names on the map", () => {
  it("put towns where they are", () => {
    const lon = (ORIGIN[0] + 10 * STEP) / 111_319.49079327358;
    const { towns } = namesOf(geometry(), table(), [
      { name: "Small", lon: 0, lat: 0, population: 10 },
      { name: "Large", lon, lat: 0, population: 20 },
    ]);
    expect(towns.map(({ text }) => text)).toEqual(["Large", "Small"]);
    expect(towns[0].x).toBeCloseTo(10, 6);
  });

  it("give large towns the first place, then districts, other towns and wards", () => {
    const at = { districts: [place("District", 200, 100, 60)], wards: [place("Ward", 200, 100)] };
    expect(texts({ ...at, wards: [], towns: [town("City", 200, 100, 300_000)] })).toEqual(["City", "District"]);
    expect(texts({ ...at, towns: [town("Village", 200, 100, 3_000)] })).toEqual(["District"]);
    expect(texts({ ...at, districts: [], towns: [town("Village", 200, 100, 3_000)] })).toEqual(["Village"]);
    expect(texts({ towns: [], districts: [], wards: at.wards })).toEqual(["Ward"]);
  });

  it("show smaller towns further in, and the largest always", () => {
    const towns = [50_000, 40_000, 30_000, 20_000, 9_000].map((population, n) => town(String(n), 80 * n + 20, 100, population));
    const names = { towns, districts: [], wards: [] };
    expect(texts(names, 400, 5_000)).toEqual(["0", "1", "2"]);
    expect(texts(names, 400, 300)).toEqual(["0", "1", "2", "3"]);
    expect(texts(names, 400, 20)).toEqual(["0", "1", "2", "3", "4"]);
  });

  it("write a town's name where it can be read whole", () => {
    const [{ left, right }] = written({ towns: [town("At the edge", 390, 100, 300_000)], districts: [], wards: [] });
    expect(left).toBeGreaterThanOrEqual(0);
    expect(right).toBeLessThanOrEqual(400);
  });

  it("stand wholly in the map or wholly beyond its edge", () => {
    const view = { left: 0, right: 400, top: 0, bottom: 200 };
    const names = { towns: [town("At the edge", 395, 100, 300_000)], districts: [place("Cut in two", 405, 40)], wards: [] };
    expect(texts(names, 800, 50, [], view)).toEqual(["At the edge"]);
    expect(written(names, 800, 50, [], view)[0].right).toBeLessThanOrEqual(400);
    expect(texts(names, 800, 50, [], { ...view, right: 800 })).toEqual(["At the edge", "Cut in two"]);
  });

  it("keep clear of boxes and symbols over the map", () => {
    const box = { left: 195, right: 300, top: 80, bottom: 120 };
    const names = { towns: [town("Town", 200, 100, 300_000)], districts: [place("District", 250, 100)], wards: [] };
    for (const { left, right, y } of written(names, 400, 50, [box])) {
      expect(right <= box.left || left >= box.right || y <= box.top || y >= box.bottom).toBe(true);
    }
    expect(texts(names, 400, 50, [box])).toEqual(["Town", "District"]);
    expect(texts(names, 400, 50, [{ left: 0, right: 400, top: 0, bottom: 200 }])).toEqual([]);
  });

  it("leave a town beside a larger one to closer views", () => {
    const names = { towns: [town("City", 200, 100, 300_000), town("Suburb", 215, 110, 90_000)], districts: [], wards: [] };
    expect(texts(names)).toEqual(["City"]);
  });

  it("do not cover the dot of another town where they can stand elsewhere", () => {
    const names = { towns: [town("City", 200, 100, 300_000), town("Town", 230, 100, 90_000)], districts: [], wards: [] };
    expect(written(names).map(({ text, right }) => [text, right <= 230 || text === "Town"])).toEqual([
      ["City", true],
      ["Town", true],
    ]);
  });

  it("name wards only close by", () => {
    const names = { towns: [], districts: [], wards: [place("Ward", 200, 100)] };
    expect(texts(names, 400, 300)).toEqual([]);
    expect(texts(names, 400, 40)).toEqual(["Ward"]);
  });

  it("show cities of a nation, towns of a county and villages of a parish", () => {
    expect(leastResidents(1_500)).toBeGreaterThan(130_000);
    expect(leastResidents(300)).toBeLessThan(20_000);
    expect(leastResidents(38)).toBeLessThan(1_000);
  });

  it("do not name a district again that is called like a town beside it", () => {
    const names = { towns: [town("Norwich", 150, 100, 200_000)], districts: [place("Norwich", 180, 60)], wards: [] };
    expect(texts(names)).toEqual(["Norwich"]);
  });

  it("never touch each other", () => {
    const spots = Array.from({ length: 60 }, (_, n) => [(n * 67) % 400, (n * 41) % 200]);
    const names = {
      towns: spots.slice(0, 20).map(([x, y], n) => town(`Town ${n}`, x, y, 1000 * 4 ** (n % 5))),
      districts: spots.slice(20, 40).map(([x, y], n) => place(`District ${n}`, x, y)),
      wards: spots.slice(40).map(([x, y], n) => place(`Ward ${n}`, x, y)),
    };
    const found = written(names, 400, 1);
    expect(found.length).toBeGreaterThan(5);
    found.forEach((a, n) => {
      for (const b of found.slice(n + 1)) {
        expect(a.left < b.right && b.left < a.right && Math.abs(a.y - b.y) < 13, `${a.text} and ${b.text}`).toBe(false);
      }
    });
  });
});
