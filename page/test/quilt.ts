/** A made-up region of crooked squares that share crooked borders. */
import { geometry } from "./fixture";

/** The same numbers every time, from 0 to 1. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export const CELL = 1000;

/** `side` by `side` areas, each border with `bends` vertices between its ends. */
export function quilt(side: number, bends: number, seed = 1) {
  const next = random(seed);
  const jitter = (size: number): number => Math.round((next() - 0.5) * size);
  const nodes = Array.from({ length: (side + 1) ** 2 }, (_, n): [number, number] => [
    (n % (side + 1)) * CELL + jitter(CELL * 0.4),
    Math.floor(n / (side + 1)) * CELL + jitter(CELL * 0.4),
  ]);
  const arcs: [number, number][][] = [];
  const node = (column: number, row: number): number => row * (side + 1) + column;
  const border = (from: number, to: number): number => {
    const [x0, y0] = nodes[from];
    const [x1, y1] = nodes[to];
    const between = Array.from({ length: bends }, (_, k): [number, number] => {
      const share = (k + 1) / (bends + 1);
      return [Math.round(x0 + share * (x1 - x0)) + jitter(CELL * 0.1), Math.round(y0 + share * (y1 - y0)) + jitter(CELL * 0.1)];
    });
    arcs.push([nodes[from], ...between, nodes[to]]);
    return arcs.length - 1;
  };
  const across = Array.from({ length: side + 1 }, (_, row) => Array.from({ length: side }, (_, column) => border(node(column, row), node(column + 1, row))));
  const upright = Array.from({ length: side }, (_, row) => Array.from({ length: side + 1 }, (_, column) => border(node(column, row), node(column, row + 1))));
  const areas = Array.from({ length: side * side }, (_, n) => {
    const [column, row] = [n % side, Math.floor(n / side)];
    return [[across[row][column], upright[row][column + 1], -across[row + 1][column] - 1, -upright[row][column] - 1]];
  });
  return geometry({ arcs, areas });
}
