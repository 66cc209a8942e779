/** Which of some areas lie nearest to others, in a straight line between the middles of their boxes. */
import type { Geometry } from "./geometry";
import { toLonLat } from "./geometry";

export interface Near {
  row: number;
  /** On the ground. */
  metres: number;
}

/** Each of some areas by its distance to the nearest of those it is looked for from, the nearest first; areas without a boundary are left out. */
export function nearest(geometry: Geometry, from: Iterable<number>, candidates: Iterable<number>): Near[] {
  const starts = [...from].filter((row) => hasBox(geometry, row)).map((row) => middleOf(geometry, row));
  if (!starts.length) return [];
  const near = [...candidates]
    .filter((row) => hasBox(geometry, row))
    .map((row) => {
      const [x, y] = middleOf(geometry, row);
      let least = Infinity;
      for (const [i, j] of starts) least = Math.min(least, (x - i) ** 2 + (y - j) ** 2);
      return { row, metres: Math.sqrt(least) * geometry.step * groundOf(geometry, x, y) };
    });
  return near.sort((a, b) => a.metres - b.metres || a.row - b.row);
}

function hasBox({ areaBoxes }: Geometry, row: number): boolean {
  return areaBoxes[4 * row] <= areaBoxes[4 * row + 2];
}

function middleOf({ areaBoxes }: Geometry, row: number): [number, number] {
  const [west, south, east, north] = areaBoxes.subarray(4 * row, 4 * row + 4);
  return [(west + east) / 2, (south + north) / 2];
}

/** Metres on the ground for one metre of the map's projection. */
function groundOf(geometry: Geometry, x: number, y: number): number {
  return Math.cos((toLonLat(geometry, x, y)[1] * Math.PI) / 180);
}
