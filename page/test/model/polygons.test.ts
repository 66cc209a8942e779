import { describe, expect, it } from "vitest";
import type { Point, Ring } from "../../src/model/polygons";
import { polygonsOf } from "../../src/model/polygons";

function area(ring: readonly Point[]): number {
  return ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i][0] * y - x * ring[i][1], 0) / 2;
}

const turn = (a: Point, b: Point, c: Point): number => Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));

/** Whether two edges share more than an end. */
function meet([a, b]: readonly [Point, Point], [c, d]: readonly [Point, Point]): boolean {
  if (Math.max(a[0], b[0]) < Math.min(c[0], d[0]) || Math.max(c[0], d[0]) < Math.min(a[0], b[0])) return false;
  const ends = [a, b, c, d].map(String);
  const crossing = turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
  const on = (p: Point, q: Point, r: Point): boolean =>
    turn(p, q, r) === 0 &&
    String(r) !== String(p) &&
    String(r) !== String(q) &&
    Math.min(p[0], q[0]) <= r[0] &&
    r[0] <= Math.max(p[0], q[0]) &&
    Math.min(p[1], q[1]) <= r[1] &&
    r[1] <= Math.max(p[1], q[1]);
  const same = new Set(ends).size === 2;
  return same || crossing || on(a, b, c) || on(a, b, d) || on(c, d, a) || on(c, d, b);
}

function expectValid(polygons: readonly Ring[][]): void {
  const edges: [Point, Point][] = [];
  for (const [shell, ...holes] of polygons) {
    expect(area(shell)).toBeGreaterThan(0);
    for (const hole of holes) expect(area(hole)).toBeLessThan(0);
    for (const ring of [shell, ...holes]) {
      expect(ring.length).toBeGreaterThan(3);
      expect(ring[0]).toEqual(ring[ring.length - 1]);
      expect(new Set(ring.map(String)).size).toBe(ring.length - 1);
      ring.slice(1).forEach((to, i) => edges.push([ring[i], to]));
    }
    expect(area(shell)).toBeGreaterThan(-holes.reduce((sum, hole) => sum + area(hole), 0));
  }
  const faults = edges.flatMap((edge, i) =>
    edges
      .slice(i + 1)
      .filter((other) => meet(edge, other))
      .map((other) => [edge, other]),
  );
  expect(faults).toEqual([]);
}

const total = (polygons: readonly Ring[][]): number => polygons.flat().reduce((sum, ring) => sum + area(ring), 0);

describe("rings that rounding has spoilt", () => {
  it.each<[string, Point[][], number, number[]]>([
    [
      "a bow tie",
      [
        [
          [0, 0],
          [10, 10],
          [10, 0],
          [0, 10],
        ],
      ],
      50,
      [1, 1],
    ],
    [
      "a spike",
      [
        [
          [0, 0],
          [10, 0],
          [10, 10],
          [20, 10],
          [10, 10],
          [0, 10],
        ],
      ],
      100,
      [1],
    ],
    [
      "a neck as thin as a line",
      [
        [
          [0, 0],
          [10, 0],
          [10, 5],
          [20, 5],
          [20, 0],
          [30, 0],
          [30, 10],
          [20, 10],
          [20, 5],
          [10, 5],
          [10, 10],
          [0, 10],
        ],
      ],
      200,
      [1, 1],
    ],
    [
      "a corner that lies on another edge",
      [
        [
          [0, 0],
          [10, 0],
          [10, 10],
          [5, 0],
          [0, 10],
        ],
      ],
      50,
      [1, 1],
    ],
    [
      "a ring that comes twice",
      [
        [
          [0, 0],
          [10, 0],
          [10, 10],
        ],
        [
          [0, 0],
          [10, 0],
          [10, 10],
        ],
      ],
      0,
      [],
    ],
    [
      "a ring without area",
      [
        [
          [0, 0],
          [10, 0],
          [5, 0],
        ],
      ],
      0,
      [],
    ],
    [
      "a hole that touches its shell at one corner",
      [
        [
          [0, 0],
          [10, 0],
          [10, 10],
          [0, 10],
        ],
        [
          [0, 0],
          [4, 2],
          [2, 4],
        ],
      ],
      94,
      [2],
    ],
    [
      "a hole that cuts its shell in two",
      [
        [
          [0, 0],
          [10, 0],
          [10, 10],
          [0, 10],
        ],
        [
          [0, 0],
          [4, 6],
          [10, 10],
          [6, 4],
        ],
      ],
      80,
      [1, 1],
    ],
    [
      "a hole partly outside",
      [
        [
          [0, 0],
          [10, 0],
          [10, 10],
          [0, 10],
        ],
        [
          [5, 5],
          [15, 5],
          [15, 6],
          [5, 6],
        ],
      ],
      100,
      [1, 1],
    ],
    [
      "an island in a lake",
      [
        [
          [0, 0],
          [10, 0],
          [10, 10],
          [0, 10],
        ],
        [
          [2, 2],
          [8, 2],
          [8, 8],
          [2, 8],
        ],
        [
          [4, 4],
          [6, 4],
          [6, 6],
          [4, 6],
        ],
      ],
      68,
      [2, 1],
    ],
  ])("%s", (_, rings, expected, parts) => {
    const polygons = polygonsOf(rings);
    expectValid(polygons);
    expect(total(polygons)).toBe(expected);
    expect(polygons.map((polygon) => polygon.length)).toEqual(parts);
  });

  it("any rings at all", () => {
    let seed = 7;
    const next = (most: number): number => (seed = (seed * 48_271) % 2_147_483_647) % most;
    for (let round = 0; round < 60; round++) {
      const rings = Array.from({ length: 1 + next(3) }, () => Array.from({ length: 3 + next(7) }, (): Point => [1000 * next(30), 1000 * next(30)]));
      expectValid(polygonsOf(rings));
    }
  });

  it("keeps those that are whole, corner for corner", () => {
    const [[ring]] = polygonsOf([
      [
        [5, 5],
        [5, 0],
        [0, 0],
        [0, 5],
      ],
    ]);
    expect(new Set(ring.map(String))).toEqual(new Set(["5,5", "5,0", "0,0", "0,5"]));
  });
});
