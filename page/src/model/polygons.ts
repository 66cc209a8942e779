/**
 * Valid polygons (OGC simple features, RFC 7946) from rings that are filled even-odd, whatever rounding has done to them.
 *
 * All coordinates are whole numbers. Edges are cut where they meet, edges that lie on one another in pairs go, and the
 * faces are walked again from what is left. `docs/decisions/0013-valid-polygons.md` says why this is not a library.
 */
export type Point = readonly [number, number];
export type Ring = Point[];

interface Edge {
  from: Point;
  to: Point;
}

/** A crossing that is moved to a whole number may make another one; few do, and none for long. */
const MOST_ROUNDS = 20;

/** Twice the signed area of a triangle: above 0 where `c` lies left of the way from `a` to `b`. Exact below 2^53. */
function turn(a: Point, b: Point, c: Point): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

function same(a: Point, b: Point): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

/** Coordinates are counted from the corner of what is looked at, so that two of them fit one number. */
const SPAN = 2 ** 26;

function keyOf([x, y]: Point): number {
  return x * SPAN + y;
}

/** Whether a point of the line through an edge lies strictly within it. */
function within({ from, to }: Edge, point: Point): boolean {
  if (same(from, point) || same(to, point)) return false;
  return (
    Math.min(from[0], to[0]) <= point[0] && point[0] <= Math.max(from[0], to[0]) && Math.min(from[1], to[1]) <= point[1] && point[1] <= Math.max(from[1], to[1])
  );
}

/** Notes on both edges where they must be cut. */
function cut(a: Edge, b: Edge, cuts: Map<Edge, Point[]>): void {
  const note = (edge: Edge, point: Point): void => {
    if (!same(edge.from, point) && !same(edge.to, point)) cuts.set(edge, [...(cuts.get(edge) ?? []), point]);
  };
  const [a1, a2] = [turn(b.from, b.to, a.from), turn(b.from, b.to, a.to)];
  const [b1, b2] = [turn(a.from, a.to, b.from), turn(a.from, a.to, b.to)];
  if (a1 === 0 && within(b, a.from)) note(b, a.from);
  if (a2 === 0 && within(b, a.to)) note(b, a.to);
  if (b1 === 0 && within(a, b.from)) note(a, b.from);
  if (b2 === 0 && within(a, b.to)) note(a, b.to);
  if (a1 * a2 >= 0 || b1 * b2 >= 0) return;
  const share = a1 / (a1 - a2);
  const at: Point = [Math.round(a.from[0] + share * (a.to[0] - a.from[0])), Math.round(a.from[1] + share * (a.to[1] - a.from[1]))];
  note(a, at);
  note(b, at);
}

/** The edges once each, without those that an even number lie on one another: nothing is between these. */
function single(edges: readonly Edge[]): Edge[] {
  const left = new Map<number, Map<number, Edge>>();
  for (const edge of edges) {
    const [a, b] = [keyOf(edge.from), keyOf(edge.to)];
    if (a === b) continue;
    const [low, high] = a < b ? [a, b] : [b, a];
    const others = left.get(low);
    if (!others) left.set(low, new Map([[high, edge]]));
    else if (!others.delete(high)) others.set(high, edge);
  }
  return [...left.values()].flatMap((others) => [...others.values()]);
}

/** The edges cut until none meets another but at their ends. */
function noded(edges: Edge[]): Edge[] {
  let parts = single(edges);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const cuts = new Map<Edge, Point[]>();
    const sorted = [...parts].sort((a, b) => Math.min(a.from[0], a.to[0]) - Math.min(b.from[0], b.to[0]));
    sorted.forEach((edge, i) => {
      const east = Math.max(edge.from[0], edge.to[0]);
      const [south, north] = [Math.min(edge.from[1], edge.to[1]), Math.max(edge.from[1], edge.to[1])];
      for (let j = i + 1; j < sorted.length; j++) {
        const other = sorted[j];
        if (Math.min(other.from[0], other.to[0]) > east) break;
        if (Math.min(other.from[1], other.to[1]) > north || Math.max(other.from[1], other.to[1]) < south) continue;
        cut(edge, other, cuts);
      }
    });
    if (!cuts.size) return parts;
    parts = single(
      parts.flatMap((edge) => {
        const along = (point: Point): number => (point[0] - edge.from[0]) ** 2 + (point[1] - edge.from[1]) ** 2;
        const points = [edge.from, ...(cuts.get(edge) ?? []).sort((a, b) => along(a) - along(b)), edge.to];
        return points.slice(1).map((to, i) => ({ from: points[i], to }));
      }),
    );
  }
  return parts;
}

/** Whether an odd number of edges lie above the middle of an edge, so that what is filled lies above it. */
function filledAbove(edge: Edge, edges: readonly Edge[]): boolean {
  // Upright edges are looked at from the side: the answer is then whether what lies right of them is filled.
  const upright = edge.from[0] === edge.to[0];
  const [across, along] = upright ? [1, 0] : [0, 1];
  const middle = (edge.from[across] + edge.to[across]) / 2;
  const level = (edge.from[along] + edge.to[along]) / 2;
  let inside = false;
  for (const other of edges) {
    if (other === edge) continue;
    const { from, to } = other;
    if (from[across] > middle === to[across] > middle) continue;
    const at = from[along] + ((middle - from[across]) / (to[across] - from[across])) * (to[along] - from[along]);
    if (at > level) inside = !inside;
  }
  return inside;
}

/** The edges at each point. */
function byPoint(edges: readonly Edge[], pointsOf: (edge: Edge) => readonly Point[]): Map<number, Edge[]> {
  const at = new Map<number, Edge[]>();
  for (const edge of edges) {
    for (const point of pointsOf(edge)) {
      const others = at.get(keyOf(point));
      if (others) others.push(edge);
      else at.set(keyOf(point), [edge]);
    }
  }
  return at;
}

/** The edges turned so that what is filled lies on their left. */
function directed(edges: readonly Edge[]): Edge[] {
  const at = byPoint(edges, ({ from, to }) => [from, to]);
  const left = new Set(edges);
  const turned: Edge[] = [];
  // Where only two edges meet, what is filled stays on the same side: one of a run says it for all.
  const run = (first: Edge, start: Point): Edge[] => {
    const path: Edge[] = [];
    let [edge, point]: [Edge | undefined, Point] = [first, start];
    while (edge) {
      left.delete(edge);
      const next: Point = same(edge.from, point) ? edge.to : edge.from;
      path.push({ from: point, to: next });
      const here: Edge[] = at.get(keyOf(next)) ?? [];
      edge = here.length === 2 ? here.find((other) => left.has(other)) : undefined;
      point = next;
    }
    return path;
  };
  for (const edge of edges) {
    if (!left.has(edge)) continue;
    const forwards = run(edge, edge.from);
    left.add(edge);
    const backwards = run(edge, edge.to).slice(1);
    const path = [...backwards.reverse().map(({ from, to }): Edge => ({ from: to, to: from })), ...forwards];
    const above = filledAbove(edge, edges);
    // Left of a way to the east is above; left of a way to the south is the east.
    const onLeft = edge.from[0] === edge.to[0] ? edge.to[1] < edge.from[1] === above : edge.to[0] > edge.from[0] === above;
    turned.push(...(onLeft ? path : path.map(({ from, to }): Edge => ({ from: to, to: from }))));
  }
  return turned;
}

/** Walks with what is filled on the left, each around one connected part of it. */
function walks(edges: readonly Edge[]): Ring[] {
  const ways = byPoint(edges, ({ from }) => [from]);
  const used = new Set<Edge>();
  const result: Ring[] = [];
  for (const first of edges) {
    const ring: Ring = [];
    let edge: Edge | undefined = first;
    while (edge && !used.has(edge)) {
      used.add(edge);
      ring.push(edge.from);
      edge = leftmost(edge, ways.get(keyOf(edge.to)) ?? []);
    }
    if (ring.length) result.push(ring);
  }
  return result;
}

/** Of the ways on, the one that turns most to the left, so that parts that touch at a point stay apart. */
function leftmost(edge: Edge, ways: readonly Edge[]): Edge | undefined {
  const heading = Math.atan2(edge.to[1] - edge.from[1], edge.to[0] - edge.from[0]);
  const left = (way: Edge): number => {
    const angle = Math.atan2(way.to[1] - way.from[1], way.to[0] - way.from[0]) - heading;
    return angle <= -Math.PI ? angle + 2 * Math.PI : angle > Math.PI ? angle - 2 * Math.PI : angle;
  };
  return ways.length < 2 ? ways.at(0) : [...ways].sort((a, b) => left(b) - left(a))[0];
}

/** A walk taken apart where it comes to a point again: rings that meet themselves nowhere. */
function simple(walk: Ring): Ring[] {
  const rings: Ring[] = [];
  const path: Ring = [];
  const placeOf = new Map<number, number>();
  for (const point of walk) {
    const place = placeOf.get(keyOf(point));
    if (place !== undefined) {
      const loop = path.splice(place);
      for (const other of loop) placeOf.delete(keyOf(other));
      rings.push(loop);
    }
    placeOf.set(keyOf(point), path.length);
    path.push(point);
  }
  if (path.length) rings.push(path);
  return rings.filter((ring) => ring.length > 2);
}

/** Above 0 for rings that run anticlockwise; of corners without the first again. */
function area(ring: Ring): number {
  let sum = 0;
  for (let i = 1; i + 1 < ring.length; i++) sum += turn(ring[0], ring[i], ring[i + 1]);
  return sum / 2;
}

function holds(ring: Ring, [x, y]: Point): boolean {
  let inside = false;
  ring.forEach(([x1, y1], i) => {
    const [x2, y2] = ring[(i + 1) % ring.length];
    if (y1 > y !== y2 > y && x < x1 + ((y - y1) * (x2 - x1)) / (y2 - y1)) inside = !inside;
  });
  return inside;
}

/** Of a point that may lie on the ring: it is on the side that most of the hole's corners and edges are on. */
function around(shell: Ring, hole: Ring): boolean {
  let within = 0;
  let counted = 0;
  hole.forEach((point, i) => {
    const next = hole[(i + 1) % hole.length];
    counted++;
    if (holds(shell, [(point[0] + next[0]) / 2, (point[1] + next[1]) / 2])) within++;
  });
  return 2 * within > counted;
}

/**
 * The polygons that rings enclose, filled even-odd: each an outer ring, anticlockwise, with its holes, clockwise. Rings
 * may be given closed or not, and come back closed. Parts touch each other at points only.
 */
export function polygonsOf(rings: readonly (readonly Point[])[]): Ring[][] {
  const points = rings.flat();
  const [west, south] = [0, 1].map((axis) => points.reduce((least, point) => Math.min(least, point[axis]), Infinity));
  const edges = rings.flatMap((ring) => {
    const placed = ring.map(([x, y]): Point => [x - west, y - south]);
    return placed.map((from, i): Edge => ({ from, to: placed[(i + 1) % placed.length] }));
  });
  const parts = walks(directed(noded(edges))).flatMap(simple);
  const shells = parts.filter((ring) => area(ring) > 0);
  const polygons = new Map<Ring, Ring[]>(shells.map((shell) => [shell, [shell]]));
  const smallest = [...shells].sort((a, b) => area(a) - area(b));
  for (const hole of parts.filter((ring) => area(ring) < 0)) {
    const shell = smallest.find((other) => area(other) > -area(hole) && around(other, hole));
    if (shell) polygons.get(shell)?.push(hole);
  }
  return [...polygons.values()].map((polygon) => polygon.map((ring) => [...ring, ring[0]].map(([x, y]): Point => [x + west, y + south])));
}
