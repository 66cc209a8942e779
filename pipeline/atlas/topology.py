"""Polygons that share borders, as arcs that are stored once.

Neighbouring areas repeat their common border vertex by vertex. Here every ring is quantised to a grid of integers and
cut where borders meet, so that each run of border, an *arc*, is kept once and drawn once. Nothing is simplified: the
rings put together again from arcs are the quantised rings, vertex for vertex, whatever is wrong with the polygons.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from pipeline.errors import RawFileError

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]
Geometries = npt.NDArray[np.object_]

EARTH_RADIUS = 6378137.0
"""Metres; the sphere of EPSG:3857."""

LATITUDE_LIMIT = 85.06
"""Degrees; Web Mercator ends here."""

GRID_LIMIT = 2**31
"""Steps along either axis; above it, a grid point no longer fits one 64-bit key."""


@dataclass(frozen=True, eq=False)
class Topology:
    """Areas as rings, rings as shared arcs, arcs as runs of grid points.

    A grid point ``(i, j)`` is ``(origin[0] + i * step, origin[1] + j * step)`` in EPSG:3857 metres. Each ``*_offsets``
    array has one entry more than there are items: item ``n`` spans ``offsets[n]:offsets[n + 1]``.
    """

    origin: tuple[float, float]
    """Web Mercator metres of grid point (0, 0)."""
    step: float
    """Web Mercator metres from one grid point to the next."""
    arc_offsets: Integers
    """Into ``arc_x`` and ``arc_y``, shape (arcs + 1,)."""
    arc_x: Integers
    """Grid columns of all arcs in a row; a closed arc repeats its first vertex."""
    arc_y: Integers
    """Grid rows, as ``arc_x``."""
    ring_offsets: Integers
    """Into ``ring_arcs``, shape (rings + 1,)."""
    ring_arcs: Integers
    """Arc ``a`` walked forwards is ``a``, backwards ``-a - 1``."""
    ring_is_hole: Booleans
    """Per ring; holes follow the outer ring they belong to."""
    area_ring_offsets: Integers
    """Into the rings, shape (areas + 1,); an area without geometry spans none."""
    arc_neighbours: Integers
    """Area number + 1 on either side, 0 for outside, shape (arcs, 2)."""
    dropped_rings: int
    """Rings smaller than the grid, left out."""

    @property
    def arcs(self) -> int:
        """How many arcs there are."""
        return len(self.arc_offsets) - 1

    @property
    def rings(self) -> int:
        """How many rings there are."""
        return len(self.ring_offsets) - 1

    @property
    def areas(self) -> int:
        """How many areas there are, those without geometry included."""
        return len(self.area_ring_offsets) - 1


@dataclass(frozen=True, eq=False)
class Rings:
    """Rings without their closing vertex, as runs of coordinates or grid points, in the order of their areas."""

    x: npt.NDArray[Any]
    y: npt.NDArray[Any]
    offsets: Integers
    """Into ``x`` and ``y``, shape (rings + 1,)."""
    area: Integers
    """Area number of each ring, ascending."""
    is_hole: Booleans


def build_topology(geometries: Iterable[BaseGeometry | None], quantisation_metres: float) -> Topology:
    """Cut areas into shared arcs on a grid whose step is at most ``quantisation_metres`` on the ground.

    ``geometries`` are polygons or multipolygons in EPSG:4326, one per area; None or empty is an area without geometry.
    """
    if not quantisation_metres > 0:
        raise ValueError(f"quantisation_metres must be above 0, not {quantisation_metres}")
    areas = np.asarray(geometries if isinstance(geometries, np.ndarray) else list(geometries), dtype=object)
    published = _read_rings(areas)
    if not len(published.x):
        return _without_geometry(len(areas), quantisation_metres)
    origin, step, gridded = _quantise(published, quantisation_metres)
    rings, dropped = _drop_collapsed(_drop_repeats(gridded), np.abs(_ring_areas(published)))
    return _cut(rings, len(areas), origin, step, dropped)


def rebuild(topology: Topology) -> list[BaseGeometry | None]:
    """Put the areas together again, as polygons or multipolygons in EPSG:4326; None for an area without geometry."""
    rings = ring_vertices(topology)
    x = topology.origin[0] + rings.x * topology.step
    y = topology.origin[1] + rings.y * topology.step
    longitude = np.degrees(x / EARTH_RADIUS)
    latitude = np.degrees(2 * np.arctan(np.exp(y / EARTH_RADIUS)) - np.pi / 2)
    return _assemble(longitude, latitude, rings, topology.areas)


def rebuild_mercator(topology: Topology) -> list[BaseGeometry | None]:
    """Put the areas together again in EPSG:3857 metres; None for an area without geometry."""
    rings = ring_vertices(topology)
    x = topology.origin[0] + rings.x * topology.step
    y = topology.origin[1] + rings.y * topology.step
    return _assemble(x, y, rings, topology.areas)


def ring_vertices(topology: Topology) -> Rings:
    """Walk the arcs of every ring: grid points without the closing vertex, starting where the first arc starts."""
    backwards = topology.ring_arcs < 0
    arc = np.where(backwards, -topology.ring_arcs - 1, topology.ring_arcs)
    steps = np.diff(topology.arc_offsets)[arc]
    start = np.where(backwards, topology.arc_offsets[arc + 1] - 1, topology.arc_offsets[arc])
    ends = _offsets(steps)
    place = np.arange(ends[-1]) - np.repeat(ends[:-1], steps)
    # Each arc but the last vertex: that one is the first of the next arc.
    steps_kept = steps - 1
    kept = place < np.repeat(steps_kept, steps)
    index = np.repeat(start, steps) + place * np.repeat(np.where(backwards, -1, 1), steps)
    index = index[kept]
    offsets = _offsets(steps_kept)[topology.ring_offsets]
    area = np.repeat(np.arange(topology.areas), np.diff(topology.area_ring_offsets))
    return Rings(topology.arc_x[index], topology.arc_y[index], offsets, area, topology.ring_is_hole)


def project(longitude: Numbers, latitude: Numbers) -> tuple[Numbers, Numbers]:
    """Degrees to spherical Web Mercator metres."""
    return EARTH_RADIUS * np.radians(longitude), EARTH_RADIUS * np.arctanh(np.sin(np.radians(latitude)))


def _offsets(counts: npt.NDArray[Any]) -> Integers:
    """Where each run starts, given how long each is, with the total at the end."""
    offsets = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=offsets[1:])
    return offsets


def _without_geometry(areas: int, step: float) -> Topology:
    """Areas of which none has geometry."""
    none, one = np.zeros(0, dtype=np.int64), np.zeros(1, dtype=np.int64)
    return Topology(
        origin=(0.0, 0.0),
        step=step,
        arc_offsets=one,
        arc_x=none,
        arc_y=none,
        ring_offsets=one,
        ring_arcs=none,
        ring_is_hole=none.astype(bool),
        area_ring_offsets=np.zeros(areas + 1, dtype=np.int64),
        arc_neighbours=none.reshape(0, 2),
        dropped_rings=0,
    )


def _read_rings(areas: Geometries) -> Rings:
    """All rings of all areas in degrees."""
    parts, part_area = shapely.get_parts(areas, return_index=True)
    present = ~shapely.is_empty(parts)
    parts, part_area = parts[present], part_area[present]
    strange = shapely.get_type_id(parts) != shapely.GeometryType.POLYGON
    if strange.any():
        number = int(part_area[strange][0])
        raise RawFileError(
            f"Area {number} (counted from 0) holds a {parts[strange][0].geom_type}: every area must be a polygon or "
            "multipolygon. Take out lines and points from the boundary file."
        )
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    coordinates = shapely.get_coordinates(rings)
    _check_degrees(coordinates)
    counts = shapely.get_num_coordinates(rings)
    offsets = _offsets(counts)
    open_ended = np.ones(len(coordinates), dtype=bool)
    open_ended[offsets[1:] - 1] = False
    is_hole = np.zeros(len(rings), dtype=bool)
    is_hole[1:] = ring_part[1:] == ring_part[:-1]
    x, y = coordinates[open_ended].T
    return Rings(x, y, _offsets(counts - 1), part_area[ring_part].astype(np.int64), is_hole)


def _check_degrees(coordinates: Numbers) -> None:
    """Refuse what cannot be longitude and latitude."""
    within = (np.abs(coordinates[:, 0]) <= 180) & (np.abs(coordinates[:, 1]) <= LATITUDE_LIMIT)
    if not within.all():
        x, y = coordinates[~within][0]
        raise RawFileError(
            f"Boundaries must be in degrees (EPSG:4326), between {LATITUDE_LIMIT} south and north; found ({x}, {y}). "
            "Reproject the boundary file first."
        )


def _quantise(rings: Rings, metres: float) -> tuple[tuple[float, float], float, Rings]:
    """The origin, the step and the rings as grid points."""
    x, y = project(rings.x, rings.y)
    origin = (float(np.floor(x.min())), float(np.floor(y.min())))
    straddles_equator = rings.y.min() < 0 < rings.y.max()
    # One Mercator metre is cos(latitude) metres on the ground, most where the latitude is smallest.
    nearest_equator = 0.0 if straddles_equator else float(np.abs(rings.y).min())
    step = float(metres / np.cos(np.radians(nearest_equator)))
    if max(x.max() - origin[0], y.max() - origin[1]) / step >= GRID_LIMIT:
        raise ValueError(f"quantisation_metres of {metres} is too fine for an area of this extent")
    columns = np.rint((x - origin[0]) / step).astype(np.int64)
    rows = np.rint((y - origin[1]) / step).astype(np.int64)
    return origin, step, Rings(columns, rows, rings.offsets, rings.area, rings.is_hole)


def _following(offsets: Integers) -> Integers:
    """The index of the next vertex of each vertex's ring, the first following the last."""
    following = np.arange(1, offsets[-1] + 1)
    filled = np.diff(offsets) > 0
    following[offsets[1:][filled] - 1] = offsets[:-1][filled]
    return following


def _ring_areas(rings: Rings) -> Numbers:
    """Signed area of each ring, in the square of its units."""
    first = rings.offsets[:-1]
    counts = np.diff(rings.offsets)
    # Measured from the ring's first vertex: far from the origin, products of coordinates lose small rings.
    x, y = rings.x - np.repeat(rings.x[first], counts), rings.y - np.repeat(rings.y[first], counts)
    following = _following(rings.offsets)
    doubled: Numbers = np.add.reduceat(x * y[following] - x[following] * y, first)
    return doubled / 2


def _keep_vertices(rings: Rings, kept: Booleans) -> Rings:
    """The rings with only the vertices ``kept``."""
    offsets = _offsets(kept)[rings.offsets]
    return Rings(rings.x[kept], rings.y[kept], offsets, rings.area, rings.is_hole)


def _keep_rings(rings: Rings, kept: Booleans) -> Rings:
    """Only the rings ``kept``."""
    counts = np.diff(rings.offsets)
    vertices = np.repeat(kept, counts)
    return Rings(rings.x[vertices], rings.y[vertices], _offsets(counts[kept]), rings.area[kept], rings.is_hole[kept])


def _drop_repeats(rings: Rings) -> Rings:
    """The rings without vertices that are the same grid point as the next; one vertex of a ring always stays."""
    following = _following(rings.offsets)
    kept = (rings.x != rings.x[following]) | (rings.y != rings.y[following])
    collapsed = _offsets(kept)[rings.offsets]
    kept[rings.offsets[:-1][np.diff(collapsed) == 0]] = True
    return _keep_vertices(rings, kept)


def _grid_points(rings: Rings) -> Integers:
    """One number per vertex, the same for the same grid point, counted from 0 in order of first appearance."""
    codes, _ = pd.factorize(rings.x * np.int64(rings.y.max() + 1) + rings.y)
    return np.asarray(codes, dtype=np.int64)


def _drop_collapsed(rings: Rings, published_areas: Numbers) -> tuple[Rings, int]:
    """The rings that still enclose something to draw, and how many were left out.

    A ring of fewer than three distinct grid points goes, and the holes of an outer ring go with it. An area of which
    every ring would go keeps the outer ring of the largest published area, as the smallest triangle there is.
    """
    collapsed = _distinct_points(rings) < 3
    outer = np.maximum.accumulate(np.where(rings.is_hole, -1, np.arange(len(collapsed))))
    dropped = collapsed | collapsed[outer]
    if not dropped.any():
        return rings, 0
    survives = np.zeros(rings.area[-1] + 1, dtype=bool)
    survives[rings.area[~dropped]] = True
    lost = np.flatnonzero(~survives[rings.area] & ~rings.is_hole)
    by_size = lost[np.lexsort((lost, -published_areas[lost], rings.area[lost]))]
    largest = by_size[np.unique(rings.area[by_size], return_index=True)[1]]
    dropped[largest] = False
    return _keep_rings(_as_triangles(rings, largest), ~dropped), int(dropped.sum())


def _distinct_points(rings: Rings) -> Integers:
    """How many distinct grid points each ring has; rings of more than a few vertices are not told apart above three."""
    counts = np.diff(rings.offsets)
    distinct = counts.copy()
    # Consecutive vertices differ, so a third distinct point is one that is neither the first nor the second vertex.
    first = np.repeat(rings.offsets[:-1], counts)
    second = np.minimum(first + 1, len(rings.x) - 1)
    is_third = _differs(rings, first) & _differs(rings, second)
    thirds = np.diff(_offsets(is_third)[rings.offsets])
    distinct[thirds == 0] = np.minimum(counts[thirds == 0], 2)
    return distinct


def _differs(rings: Rings, other: Integers) -> Booleans:
    """Which vertices are another grid point than the vertex at ``other``."""
    differs: Booleans = (rings.x != rings.x[other]) | (rings.y != rings.y[other])
    return differs


def _as_triangles(rings: Rings, numbers: Integers) -> Rings:
    """The rings with those of ``numbers``, all collapsed to a point or a line, made triangles one step wide."""
    if not len(numbers):
        return rings
    xs, ys = np.split(rings.x, rings.offsets[1:-1]), np.split(rings.y, rings.offsets[1:-1])
    for number in numbers:
        (x, *more_x), (y, *more_y) = xs[number].tolist(), ys[number].tolist()
        end_x, end_y = (more_x[0], more_y[0]) if more_x else (x + 1, y)
        lies_flat = abs(end_x - x) >= abs(end_y - y)
        xs[number] = np.array([x, end_x, x if lies_flat else x + 1])
        ys[number] = np.array([y, end_y, y + 1 if lies_flat else y])
    offsets = _offsets(np.array([len(x) for x in xs]))
    return Rings(np.concatenate(xs), np.concatenate(ys), offsets, rings.area, rings.is_hole)


def _cut(rings: Rings, areas: int, origin: tuple[float, float], step: float, dropped: int) -> Topology:
    """Cut the rings at their junctions and keep each arc once, in the order of first use."""
    edge, forwards = _edges(rings)
    rings, edge, forwards = _start_at_cut(rings, edge, forwards)
    cuts = np.flatnonzero(_cut_here(rings, edge))
    # An edge lies on one arc only, so the least edge of a run names its arc, and the way it is walked names the way.
    named = np.minimum.reduceat(edge * 2 + forwards, cuts)
    arc, _ = pd.factorize(named >> 1)
    arc = arc.astype(np.int64)
    first_use = np.zeros(arc.max() + 1, dtype=np.int64)
    first_use[arc[::-1]] = np.arange(len(arc))[::-1]
    same_way = (named & 1) == (named & 1)[first_use][arc]
    x, y, arc_offsets = _arc_vertices(rings, cuts, first_use)
    ring_of_use = np.searchsorted(rings.offsets, cuts, side="right") - 1
    return Topology(
        origin=origin,
        step=step,
        arc_offsets=arc_offsets,
        arc_x=x,
        arc_y=y,
        ring_offsets=np.searchsorted(cuts, rings.offsets).astype(np.int64),
        ring_arcs=np.where(same_way, arc, -arc - 1),
        ring_is_hole=rings.is_hole,
        area_ring_offsets=np.searchsorted(rings.area, np.arange(areas + 1)).astype(np.int64),
        arc_neighbours=_neighbours(arc, rings.area[ring_of_use]),
        dropped_rings=dropped,
    )


def _edges(rings: Rings) -> tuple[Integers, Booleans]:
    """For each vertex, the number of the undirected edge to the next vertex, and whether it is walked upwards."""
    here = _grid_points(rings)
    there = here[_following(rings.offsets)]
    forwards = here < there
    edge, _ = pd.factorize(np.minimum(here, there) * np.int64(here.max() + 1) + np.maximum(here, there))
    return edge.astype(np.int64), forwards


def _preceding_edges(edge: Integers, offsets: Integers) -> Integers:
    """For each vertex, the edge that leads to it."""
    preceding = np.empty_like(edge)
    preceding[_following(offsets)] = edge
    return preceding


def _cut_here(rings: Rings, edge: Integers) -> Booleans:
    """Which vertices end an arc: junctions, and one point of every ring that has no junction.

    A junction is a grid point that has not exactly two distinct edges, or where a ring turns back on itself. At any
    other point, every ring that comes by one edge leaves by the other: so both edges have the same owners, and whoever
    walks part of an arc walks all of it.
    """
    point = _grid_points(rings)
    preceding = _preceding_edges(edge, rings.offsets)
    low, high = np.minimum(edge, preceding), np.maximum(edge, preceding)
    least, most = _extremes(point, low, high)
    joins = np.zeros(len(least), dtype=bool)
    # Two edges and no turning back: every visit sees the same two, so the pair seen never varies.
    joins[point[(low != least[point]) | (high != most[point]) | (low == high)]] = True
    free = ~np.logical_or.reduceat(joins[point], rings.offsets[:-1])
    joins[np.minimum.reduceat(point, rings.offsets[:-1])[free]] = True
    return joins[point]


def _extremes(point: Integers, low: Integers, high: Integers) -> tuple[Integers, Integers]:
    """The lower and the higher edge of one visit to each grid point, whichever visit it is."""
    least, most = np.empty(point.max() + 1, dtype=np.int64), np.empty(point.max() + 1, dtype=np.int64)
    least[point], most[point] = low, high
    return least, most


def _start_at_cut(rings: Rings, edge: Integers, forwards: Booleans) -> tuple[Rings, Integers, Booleans]:
    """The rings turned so that each starts where an arc starts."""
    counts = np.diff(rings.offsets)
    first = np.repeat(rings.offsets[:-1], counts)
    cuts = np.flatnonzero(_cut_here(rings, edge))
    first_cut = cuts[np.searchsorted(cuts, rings.offsets[:-1])]
    turn = np.repeat(first_cut - rings.offsets[:-1], counts)
    index = first + (np.arange(len(edge)) - first + turn) % np.repeat(counts, counts)
    turned = Rings(rings.x[index], rings.y[index], rings.offsets, rings.area, rings.is_hole)
    return turned, edge[index], forwards[index]


def _arc_vertices(rings: Rings, cuts: Integers, uses: Integers) -> tuple[Integers, Integers, Integers]:
    """The grid points of the runs ``uses`` between ``cuts``, both ends included, and where each starts."""
    starts = cuts[uses]
    lengths = np.diff(np.append(cuts, len(rings.x)))[uses] + 1
    offsets = _offsets(lengths)
    index = np.repeat(starts - offsets[:-1], lengths) + np.arange(offsets[-1])
    last = offsets[1:] - 1
    index[last] = _following(rings.offsets)[index[last] - 1]
    return rings.x[index], rings.y[index], offsets


def _neighbours(arc: Integers, area: Integers) -> Integers:
    """The areas on either side of each arc, numbered from 1; 0 where there is none.

    ``arc`` and ``area`` have one entry per use of an arc by a ring. An arc that one area uses twice, between two of its
    parts, has it on both sides. Where overlapping areas put more than two at an arc, the first two are kept.
    """
    arcs = int(arc.max()) + 1
    order = np.lexsort((area, arc))
    arc, area = arc[order], area[order]
    start = np.searchsorted(arc, np.arange(arcs))
    new = np.ones(len(arc), dtype=bool)
    new[1:] = (arc[1:] != arc[:-1]) | (area[1:] != area[:-1])
    neighbours = np.zeros((arcs, 2), dtype=np.int64)
    neighbours[:, 0] = area[start] + 1
    twice = np.bincount(arc, minlength=arcs) > 1
    neighbours[twice, 1] = neighbours[twice, 0]
    another = np.flatnonzero(new & (np.arange(len(arc)) != start[arc]))[::-1]
    neighbours[arc[another], 1] = area[another] + 1
    return neighbours


def _assemble(x: Numbers, y: Numbers, rings: Rings, areas: int) -> list[BaseGeometry | None]:
    """Polygons and multipolygons from coordinates of open rings."""
    assembled: list[BaseGeometry | None] = [None] * areas
    if not len(rings.area):
        return assembled
    ring_of_vertex = np.repeat(np.arange(len(rings.area)), np.diff(rings.offsets))
    linear = np.asarray(shapely.linearrings(np.column_stack([x, y]), indices=ring_of_vertex), dtype=object)
    polygons = np.asarray(shapely.polygons(linear, indices=np.cumsum(~rings.is_hole) - 1), dtype=object)
    polygon_area = rings.area[~rings.is_hole]
    present, start, counts = np.unique(polygon_area, return_index=True, return_counts=True)
    of_area = np.repeat(np.arange(len(present)), counts)
    multiple = np.asarray(shapely.multipolygons(polygons, indices=of_area), dtype=object)
    for number, first, parts, whole in zip(present.tolist(), start, counts, multiple, strict=True):
        assembled[number] = polygons[first] if parts == 1 else whole
    return assembled
