"""A made-up country: a fractal coast with an estuary and islands, a city, towns, villages and countryside.

Areas are Voronoi cells of seeds that lie as densely as people live, clipped to the land. Every border between two
cells is made wiggly once, so that neighbours share it vertex by vertex.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import Voronoi, cKDTree

from pipeline.demo.noise import wiggle

Points = NDArray[np.float64]

CENTRE = (690_000.0, 560_000.0)
"""EPSG:27700 metres: open North Sea, where no land is."""
RADIUS = 34_000.0
CITY = (0.10, -0.05, 0.085)
TOWNS = ((-0.52, 0.30, 0.045), (0.55, 0.42, 0.030), (-0.15, -0.58, 0.028), (0.50, -0.45, 0.022), (-0.62, -0.25, 0.020))
"""x, y and spread of each town, as shares of the radius; the weights follow in TOWN_PEOPLE."""
TOWN_PEOPLE = (0.36, 0.14, 0.08, 0.06, 0.05, 0.04)
LLOYD_ROUNDS = 6


@dataclass(frozen=True)
class Land:
    """The areas: polygons and points inside in EPSG:27700 metres.

    ``urban`` is 0 (open country) to 1 (middle of the city), ``coast`` the distance to the sea in metres,
    ``settlement`` the nearest settlement's number (0 = the city).
    """

    polygons: NDArray[np.object_]
    centres: Points
    urban: NDArray[np.float64]
    coast: NDArray[np.float64]
    settlement: NDArray[np.int64]


def make_land(areas: int, random: np.random.Generator) -> Land:
    """``areas`` areas; the more there are, the smaller they are."""
    mainland, islands = _coast(random)
    centre = np.array(CENTRE)
    settlements = np.array([CITY, *TOWNS])
    seeds = _seeds(areas, mainland, settlements, random)
    cells = _cells(seeds, mainland, random)
    cells = _with_islands(cells, islands)
    points = shapely.get_coordinates(shapely.point_on_surface(cells))
    distance = np.linalg.norm((points[:, None] - centre) / RADIUS - settlements[None, :, :2], axis=2)
    closeness = np.exp(-((distance / settlements[None, :, 2]) ** 2) / 2)
    return Land(
        polygons=cells,
        centres=points,
        urban=closeness.max(axis=1),
        coast=np.asarray(shapely.distance(shapely.points(points), mainland.exterior)),
        settlement=distance.argmin(axis=1),
    )


def _coast(random: np.random.Generator) -> tuple[shapely.Polygon, list[shapely.Polygon]]:
    """The mainland with an estuary, and two islands off it."""
    angle = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    radius = RADIUS * (0.95 + 0.07 * np.sin(3 * angle + 1) + random.normal(0, 0.035, len(angle)))
    corners = np.column_stack([np.cos(angle), np.sin(angle)]) * radius[:, None] + CENTRE
    outline = shapely.Polygon(wiggle(corners, 7, 0.16, random))
    x, y = CENTRE
    mouth = np.array(
        [[0.20, -0.10], [0.42, -0.02], [0.66, 0.06], [1.25, 0.12], [1.25, 0.02], [0.68, 0.00], [0.43, -0.06]]
    )
    estuary = shapely.Polygon(mouth * RADIUS + (x, y)).buffer(260).segmentize(400)
    mainland = max(shapely.get_parts(shapely.make_valid(outline.buffer(0)).difference(estuary)), key=shapely.area)
    islands: list[shapely.Polygon] = []
    for share, size in ((1.12, 1_900.0), (1.18, 1_100.0)):
        turn = 2.2 + 0.28 * len(islands)
        middle = np.array([np.cos(turn), np.sin(turn)]) * RADIUS * share + CENTRE
        around = np.linspace(0, 2 * np.pi, 9, endpoint=False)
        corners = np.column_stack([np.cos(around) * 1.6, np.sin(around)]) * size + middle
        islands.append(shapely.Polygon(wiggle(corners, 5, 0.12, random)).difference(mainland))
    return shapely.Polygon(mainland.exterior), islands


def _seeds(areas: int, mainland: shapely.Polygon, settlements: Points, random: np.random.Generator) -> Points:
    """Points that lie as densely as people live, evened out by Lloyd's method on a sample."""
    shapely.prepare(mainland)
    crowd = _people(areas * 60, mainland, settlements, random)
    seeds = crowd[random.choice(len(crowd), areas, replace=False)]
    for _ in range(LLOYD_ROUNDS):
        nearest = cKDTree(seeds).query(crowd)[1]
        count = np.bincount(nearest, minlength=areas)
        moved = np.column_stack([np.bincount(nearest, crowd[:, axis], areas) / np.maximum(count, 1) for axis in (0, 1)])
        inside = shapely.contains_xy(mainland, moved[:, 0], moved[:, 1]) & (count > 0)
        seeds = np.where(inside[:, None], moved, seeds)
    return seeds


def _people(count: int, mainland: shapely.Polygon, settlements: Points, random: np.random.Generator) -> Points:
    west, south, east, north = mainland.bounds
    found: list[Points] = []
    while sum(map(len, found)) < count:
        kind = random.choice(len(settlements) + 1, size=count, p=[*TOWN_PEOPLE, 1 - sum(TOWN_PEOPLE)])
        everywhere = random.uniform((west, south), (east, north), size=(count, 2))
        town = settlements[np.minimum(kind, len(settlements) - 1)]
        near = (town[:, :2] + random.normal(0, 1, (count, 2)) * town[:, 2:]) * RADIUS + CENTRE
        points = np.where((kind < len(settlements))[:, None], near, everywhere)
        found.append(points[shapely.contains_xy(mainland, points[:, 0], points[:, 1])])
    return np.concatenate(found)[:count]


def _cells(seeds: Points, mainland: shapely.Polygon, random: np.random.Generator) -> NDArray[np.object_]:
    """One cell for each seed, its borders wiggly and shared, clipped to the land."""
    far = RADIUS * 6
    frame = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1], [0, 2], [2, 0], [0, -2], [-2, 0]]) * far + CENTRE
    diagram = Voronoi(np.concatenate([seeds, frame]))
    lines = []
    for (left, right), (start, end) in zip(diagram.ridge_points, diagram.ridge_vertices, strict=True):
        if start < 0 or min(left, right) >= len(seeds):
            continue
        lines.append(
            _border(diagram.vertices[start], diagram.vertices[end], diagram.points[left], diagram.points[right], random)
        )
    borders = shapely.linestrings(
        np.concatenate(lines), indices=np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    )
    faces = shapely.get_parts(shapely.polygonize(np.asarray(borders, dtype=object)))
    owner = shapely.STRtree(faces).query(shapely.points(seeds), predicate="within")
    if len(owner[0]) != len(seeds):
        raise AssertionError("a seed lies outside its own cell: the borders wiggle too much")
    return _clip(faces[owner[1]], mainland)


def _border(start: Points, end: Points, left: Points, right: Points, random: np.random.Generator) -> Points:
    """A wiggly line that stays within the triangles of the border and each seed, so that no two borders cross."""
    length = float(np.linalg.norm(end - start))
    if length == 0:
        return np.array([start, end])
    room = float(np.linalg.norm(right - left)) / 2
    levels = int(np.clip(np.ceil(np.log2(max(length, 1) / 60)), 0, 5))
    share = np.linspace(0, 1, 2**levels + 1)
    normal = np.array([-(end - start)[1], (end - start)[0]]) / length
    offset = np.zeros(len(share))
    for level in range(levels):
        spacing = 2 ** (levels - level)
        middle = np.arange(spacing // 2, len(share) - 1, spacing)
        between = (offset[middle - spacing // 2] + offset[middle + spacing // 2]) / 2
        offset[middle] = between + random.normal(0, 0.09, len(middle)) * length / 2**level
    foot = float((left - start) @ (end - start)) / length**2
    rising = share / foot if foot > 0 else np.full(len(share), np.inf)
    falling = (1 - share) / (1 - foot) if foot < 1 else np.full(len(share), np.inf)
    most = 0.8 * room * np.minimum(rising, falling)
    along = start + (end - start) * share[:, None]
    return along + normal * np.clip(offset, -most, most)[:, None]


def _clip(cells: NDArray[np.object_], mainland: shapely.Polygon) -> NDArray[np.object_]:
    """Cells cut at the coast, noded so that neighbours share the points where it cuts them."""
    shapely.prepare(mainland)
    inside = shapely.contains_properly(mainland, cells)
    network = shapely.union_all([mainland.exterior, *shapely.boundary(cells[~inside])])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(network)))
    middles = shapely.point_on_surface(faces)
    faces = faces[shapely.contains(mainland, middles)]
    middles = shapely.point_on_surface(faces)
    outer = np.flatnonzero(~inside)
    piece, cell = shapely.STRtree(cells[outer]).query(middles, predicate="within")
    result = cells.copy()
    for number in range(len(outer)):
        parts = [part for part in faces[piece[cell == number]] if part.area > 200]
        result[outer[number]] = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
    return result


def _with_islands(cells: NDArray[np.object_], islands: list[shapely.Polygon]) -> NDArray[np.object_]:
    """Each island belongs to the area on the mainland nearest to it."""
    result = cells.copy()
    for island in islands:
        nearest = int(np.argmin(shapely.distance(result, island)))
        parts = [*shapely.get_parts(result[nearest]), *shapely.get_parts(island)]
        result[nearest] = shapely.MultiPolygon([part for part in parts if part.geom_type == "Polygon"])
    return result
