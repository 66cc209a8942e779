/** Which areas share a border. */
import type { Geometry } from "./geometry";
import { arcOf } from "./geometry";

export interface Neighbour {
  row: number;
  /** Length of the shared border, in grid units. */
  border: number;
}

/** The areas that share a border with an area, the longest border first. Areas that touch in a point only are none. */
export function neighboursOf(geometry: Geometry, area: number): Neighbour[] {
  const { areaStarts, ringStarts, ringArcs, neighbours } = geometry;
  const borders = new Map<number, number>();
  const seen = new Set<number>();
  for (let k = ringStarts[areaStarts[area]]; k < ringStarts[areaStarts[area + 1]]; k++) {
    const arc = arcOf(ringArcs[k]);
    if (seen.has(arc)) continue;
    seen.add(arc);
    const [one, other] = [neighbours[2 * arc], neighbours[2 * arc + 1]];
    const row = one === area ? other : one;
    if (row >= 0 && row !== area) borders.set(row, (borders.get(row) ?? 0) + lengthOf(geometry, arc));
  }
  return [...borders].map(([row, border]) => ({ row, border })).sort((a, b) => b.border - a.border || a.row - b.row);
}

/** The same areas, the most at risk first; those without a rank last. */
export function byRisk(neighbours: readonly Neighbour[], rankOf: (row: number) => number): Neighbour[] {
  const rank = ({ row }: Neighbour): number => {
    const value = rankOf(row);
    return Number.isNaN(value) ? Infinity : value;
  };
  return [...neighbours].sort((a, b) => {
    const [left, right] = [rank(a), rank(b)];
    return left === right ? a.row - b.row : left - right;
  });
}

function lengthOf({ arcStarts, xs, ys }: Geometry, arc: number): number {
  let length = 0;
  for (let i = arcStarts[arc] + 1; i < arcStarts[arc + 1]; i++) length += Math.hypot(xs[i] - xs[i - 1], ys[i] - ys[i - 1]);
  return length;
}
