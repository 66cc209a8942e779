"""Areas from seeds: Voronoi cells whose borders are made wiggly once, so that neighbours share every vertex."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import Voronoi

from pipeline.demo.coast import Coast
from pipeline.demo.noise import Floats, displace

Shapes = NDArray[np.object_]

STEP = 75.0
"""Borders have a vertex about every so many metres."""
MOST_HALVINGS = 6
STRENGTH = 0.105
ROOM = 0.8
"""The share of the space up to the neighbouring borders that a border may use: less than all, so that none touch."""


def make_cells(seeds: Floats, coast: Coast, random: np.random.Generator) -> Shapes:
    """One polygon or multipolygon for each seed; together they are the mainland and its islands."""
    faces = shapely.get_parts(shapely.polygonize(_borders(seeds, coast, random)))
    seed, face = shapely.STRtree(faces).query(shapely.points(seeds), predicate="within")
    cells = np.empty(len(seeds), dtype=object)
    cells[seed] = faces[face]
    return _with_islands(_clip(cells, seeds, coast.mainland), coast.islands)


def _borders(seeds: Floats, coast: Coast, random: np.random.Generator) -> Shapes:
    """Every border between two cells as a wiggly line from Voronoi vertex to Voronoi vertex."""
    corners = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1], [0, 2], [2, 0], [0, -2], [-2, 0]])
    diagram = Voronoi(np.concatenate([seeds, corners * coast.unit * 6 + seeds.mean(axis=0)]))
    ends = np.asarray(diagram.ridge_vertices)
    pair = diagram.ridge_points
    finite = (ends >= 0).all(axis=1) & (pair.min(axis=1) < len(seeds))
    ends, pair = ends[finite], pair[finite]
    start, end = diagram.vertices[ends[:, 0]], diagram.vertices[ends[:, 1]]
    length = np.linalg.norm(end - start, axis=1)
    halvings = np.clip(np.ceil(np.log2(np.maximum(length, 1) / STEP)), 0, MOST_HALVINGS).astype(int)
    lines = [np.empty(0, dtype=object)]
    for halving in np.unique(halvings):
        some = np.flatnonzero(halvings == halving)
        ridges = (start[some], end[some], diagram.points[pair[some, 0]], diagram.points[pair[some, 1]])
        lines.append(np.asarray(shapely.linestrings(_wiggled(*ridges, halvings=int(halving), random=random))))
    return np.concatenate(lines)


def _wiggled(
    start: Floats, end: Floats, left: Floats, right: Floats, *, halvings: int, random: np.random.Generator
) -> Floats:
    """Wiggly lines that each stay in the kite of their ends and the two seeds, so that no two of them cross."""
    along = end - start
    length = np.maximum(np.linalg.norm(along, axis=1), 1e-9)
    across = np.column_stack([-along[:, 1], along[:, 0]]) / length[:, None]
    share = np.linspace(0, 1, 2**halvings + 1)
    offset = displace((len(start), len(share)), STRENGTH, random) * length[:, None]
    height = np.linalg.norm(right - left, axis=1) / 2
    foot = (((left - start) * along).sum(axis=1) / length**2)[:, None]
    rising = np.where(foot > 0, share / np.maximum(foot, 1e-12), np.inf)
    falling = np.where(foot < 1, (1 - share) / np.maximum(1 - foot, 1e-12), np.inf)
    most = ROOM * height[:, None] * np.minimum(rising, falling)
    offset = np.clip(offset, -most, most)
    offset[:, [0, -1]] = 0
    points = start[:, None] + along[:, None] * share[:, None] + across[:, None] * offset[..., None]
    points[:, -1] = end
    return np.asarray(points)


def _clip(cells: Shapes, seeds: Floats, mainland: shapely.Polygon) -> Shapes:
    """Cells cut at the coast, noded so that neighbours share the points where it cuts them."""
    shapely.prepare(mainland)
    outer = np.flatnonzero(~shapely.contains_properly(mainland, cells))
    network = shapely.union_all([mainland.exterior, *shapely.boundary(cells[outer])])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(network)))
    middles = shapely.point_on_surface(faces)
    on_land = shapely.contains(mainland, middles)
    faces, middles = faces[on_land], middles[on_land]
    face, owner = shapely.STRtree(cells[outer]).query(middles, predicate="within")
    faces = faces[face]
    main = np.asarray(shapely.contains_xy(faces, seeds[outer[owner], 0], seeds[outer[owner], 1]))
    result = cells.copy()
    result[outer[owner[main]]] = faces[main]
    return _give_away(result, faces[~main])


def _give_away(cells: Shapes, cut_off: Shapes) -> Shapes:
    """What an inlet cuts off from its cell goes to the neighbour with the longest border on it."""
    waiting: Sequence[shapely.Geometry] = list(cut_off[np.argsort(-shapely.area(cut_off), kind="stable")])
    while waiting:
        tree, later = shapely.STRtree(cells), []
        for part in waiting:
            near = tree.query(part, predicate="intersects")
            shared = shapely.length(shapely.intersection(cells[near], part))
            if len(near) and shared.max() > 0:
                cell = near[int(shared.argmax())]
                cells[cell] = shapely.union(cells[cell], part)
            else:
                later.append(part)
        if len(later) == len(waiting):
            raise AssertionError("a part of the mainland borders on no area")
        waiting = later
    return cells


def _with_islands(cells: Shapes, islands: Sequence[shapely.Polygon]) -> Shapes:
    """Each island belongs to the mainland area nearest to it."""
    for island in islands:
        nearest = int(shapely.STRtree(cells).query_nearest(island).min())
        cells[nearest] = shapely.MultiPolygon([*shapely.get_parts(cells[nearest]), island])
    return cells
