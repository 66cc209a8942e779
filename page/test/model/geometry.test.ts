import { describe, expect, it } from "vitest";
import { arcKinds, DISTRICT, INNER, OUTER } from "../../src/map/paint";
import {
  decodeGeometry,
  boxOf,
  contains,
  decodeDeltas,
  decodeUnsigned,
  everyArea,
  HitTest,
  insidePoint,
  ringsOf,
  toGrid,
  toLonLat,
} from "../../src/model/geometry";
import { encodeDeltas, encodeUnsigned, geometry, ORIGIN, packShape, SHAPE, STEP } from "../fixture";

describe("varints", () => {
  it("are read low bits first", () => {
    expect([...decodeUnsigned(Uint8Array.of(0x00, 0x7f, 0x80, 0x01, 0xac, 0x02))]).toEqual([0, 127, 128, 300]);
  });

  it("come back as they were written, to 32 bits", () => {
    const values = [0, 1, 127, 128, 16_383, 16_384, 2 ** 21, 2 ** 28, 2 ** 32 - 1];
    expect([...decodeUnsigned(encodeUnsigned(values))]).toEqual(values);
  });

  it("hold zigzag differences, summed", () => {
    expect([...decodeDeltas(Uint8Array.of(0, 1, 2, 3, 4))]).toEqual([0, -1, 0, -2, 0]);
    const values = [5, -7, 1_000_000, -1_000_000, 2 ** 29, -(2 ** 29), 0];
    expect([...decodeDeltas(encodeDeltas(values))]).toEqual(values);
  });
});

describe("geometry", () => {
  it("gives each area its rings from shared arcs", () => {
    const decoded = geometry();
    expect(decoded.areas).toBe(4);
    expect(ringsOf(decoded, 0)[0]).toHaveLength(5);
    expect(new Set(ringsOf(decoded, 1)[0].map(String))).toEqual(new Set(["100,0", "100,100", "200,100", "200,0"]));
    expect(ringsOf(decoded, 2)).toHaveLength(2);
    expect(ringsOf(decoded, 3)).toEqual([]);
  });

  it("knows the boxes", () => {
    const decoded = geometry();
    expect(boxOf(decoded, [1])).toEqual({ west: 100, south: 0, east: 200, north: 100 });
    expect(boxOf(decoded, everyArea(decoded))).toEqual({ west: 0, south: 0, east: 400, north: 100 });
    expect(boxOf(decoded, [3])).toBeNull();
  });

  it("turns grid points into longitude and latitude and back", () => {
    const decoded = geometry();
    const [lon, lat] = toLonLat(decoded, 12, 34);
    const [i, j] = toGrid(decoded, lon, lat);
    expect(i).toBeCloseTo(12, 6);
    expect(j).toBeCloseTo(34, 6);
    expect(lon).toBeCloseTo(((ORIGIN[0] + 12 * STEP) / 20_037_508.342789244) * 180, 9);
  });

  it("refuses sections that do not fit together", () => {
    const { geometry: packed, bytes } = packShape(SHAPE, ORIGIN, STEP);
    const { arc_lengths: lengths } = packed.sections;
    const fewer = { ...packed, sections: { ...packed.sections, arc_lengths: [lengths[0], lengths[1] - 1] as [number, number] } };
    expect(() => decodeGeometry(packed, bytes)).not.toThrow();
    expect(() => decodeGeometry(fewer, bytes)).toThrow(/damaged/);
  });

  it("has the areas on either side of each border", () => {
    const square = (x: number): [number, number][] => [
      [x, 0],
      [x + 100, 0],
      [x + 100, 100],
      [x, 100],
      [x, 0],
    ];
    const sides = (areas: number[][][], arc: number): number[] => [
      ...geometry({ arcs: [square(0), square(500)], areas }).neighbours.subarray(2 * arc, 2 * arc + 2),
    ];
    expect(sides([[[0]], [[-1], [1]]], 0)).toEqual([0, 1]);
    expect(sides([[[0]], [[-1], [1]]], 1)).toEqual([1, -1]);
    // Between two parts of one area, and between three that overlap.
    expect(sides([[[0], [-1]], [[1]]], 0)).toEqual([0, 0]);
    expect(sides([[[0], [-1]], [[0]], [[0]]], 0)).toEqual([0, 1]);
  });

  it("finds the area that holds a point", () => {
    const hit = new HitTest(geometry());
    expect(hit.at(50, 50)).toBe(0);
    expect(hit.at(150, 50)).toBe(1);
    expect(hit.at(310, 50)).toBe(2);
    expect(hit.at(350, 50), "the hole").toBe(-1);
    expect(hit.at(250, 50), "the sea").toBe(-1);
    expect(hit.at(-1000, 50)).toBe(-1);
  });

  it("puts every point of a shared border in exactly one area", () => {
    const hit = new HitTest(geometry());
    for (let y = 0.5; y < 100; y += 1) expect([0, 1]).toContain(hit.at(100, y));
  });

  it("tells borders inside a district from those between and around", () => {
    expect([...arcKinds(geometry(), Int32Array.of(0, 0, 1, 1))]).toEqual([INNER, OUTER, OUTER, OUTER, OUTER]);
    expect(arcKinds(geometry(), Int32Array.of(0, 1, 1, 1))[0]).toBe(DISTRICT);
  });

  it("finds a point inside an area, whatever its shape", () => {
    const decoded = geometry();
    for (const area of [0, 1, 2]) expect(contains(decoded, area, ...insidePoint(decoded, area))).toBe(true);
    expect(contains(decoded, 2, 350, 50), "the middle of the third lies in its hole").toBe(false);
  });
});
