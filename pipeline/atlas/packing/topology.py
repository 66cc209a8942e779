"""Polygons that share borders, as arcs that are stored once.

Neighbouring areas repeat their common border vertex by vertex. Here every ring is quantised to a grid of integers and
cut where borders meet, so that each run of border, an *arc*, is kept once and drawn once. Nothing is simplified: the
rings put together again from arcs are the quantised rings, vertex for vertex, whatever is wrong with the polygons.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from pipeline.atlas.packing.encoding import Integers
from pipeline.atlas.packing.rings import (
    Booleans,
    Grid,
    Rings,
    drop_collapsed,
    following_vertex,
    grid_points,
    offsets_of,
    quantise,
    read_rings,
)


@dataclass(frozen=True, eq=False)
class Topology:
    """Areas as rings, rings as shared arcs, arcs as runs of grid points.

    Each ``*_offsets`` array has one entry more than there are items: item ``n`` spans ``offsets[n]:offsets[n + 1]``.
    """

    grid: Grid
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

    @property
    def arcs(self) -> int:
        """How many arcs there are."""
        return len(self.arc_offsets) - 1

    @property
    def rings(self) -> int:
        """How many rings there are."""
        return len(self.ring_offsets) - 1


def build_topology(geometries: Iterable[BaseGeometry | None], quantisation_metres: float) -> Topology:
    """Cut areas into shared arcs on a grid whose step is at most ``quantisation_metres`` on the ground.

    ``geometries`` are polygons or multipolygons in EPSG:4326, one per area; None or empty is an area without geometry.

    Raises:
        RawFileError: an area is no polygon, or its coordinates are no longitude and latitude.
    """
    if not quantisation_metres > 0:
        raise ValueError(f"quantisation_metres must be above 0, not {quantisation_metres}")
    areas = np.asarray(geometries if isinstance(geometries, np.ndarray) else list(geometries), dtype=object)
    published = read_rings(areas)
    if not len(published.x):
        return _without_geometry(len(areas), quantisation_metres)
    grid, gridded = quantise(published, quantisation_metres)
    return _cut(drop_collapsed(gridded, published), len(areas), grid)


def _without_geometry(areas: int, step: float) -> Topology:
    """Areas of which none has geometry."""
    none, one = np.zeros(0, dtype=np.int64), np.zeros(1, dtype=np.int64)
    return Topology(
        grid=Grid((0.0, 0.0), step),
        arc_offsets=one,
        arc_x=none,
        arc_y=none,
        ring_offsets=one,
        ring_arcs=none,
        ring_is_hole=none.astype(bool),
        area_ring_offsets=np.zeros(areas + 1, dtype=np.int64),
    )


def _cut(rings: Rings, areas: int, grid: Grid) -> Topology:
    """Cut the rings at their junctions and keep each arc once, in the order of first use."""
    point = grid_points(rings)
    edge, forwards = _edges(point, rings.offsets)
    rings, index, cuts = _start_at_cut(rings, _cut_here(point, edge, rings.offsets))
    edge, forwards = edge[index], forwards[index]
    # An edge lies on one arc only, so the least edge of a run names its arc, and its direction is that of the arc.
    named = np.minimum.reduceat(edge * 2 + forwards, cuts)
    arc, _ = pd.factorize(named >> 1)
    arc = arc.astype(np.int64)
    first_use = np.zeros(arc.max() + 1, dtype=np.int64)
    first_use[arc[::-1]] = np.arange(len(arc))[::-1]
    same_way = (named & 1) == (named & 1)[first_use][arc]
    x, y, arc_offsets = _arc_vertices(rings, cuts, first_use)
    return Topology(
        grid=grid,
        arc_offsets=arc_offsets,
        arc_x=x,
        arc_y=y,
        ring_offsets=np.searchsorted(cuts, rings.offsets).astype(np.int64),
        ring_arcs=np.where(same_way, arc, -arc - 1),
        ring_is_hole=rings.is_hole,
        area_ring_offsets=np.searchsorted(rings.area, np.arange(areas + 1)).astype(np.int64),
    )


def _edges(here: Integers, offsets: Integers) -> tuple[Integers, Booleans]:
    """For each vertex, the number of the undirected edge to the next vertex, and whether it is walked upwards."""
    there = here[following_vertex(offsets)]
    forwards = here < there
    edge, _ = pd.factorize(np.minimum(here, there) * np.int64(here.max() + 1) + np.maximum(here, there))
    return edge.astype(np.int64), forwards


def _preceding_edges(edge: Integers, offsets: Integers) -> Integers:
    """For each vertex, the edge that leads to it."""
    preceding = np.empty_like(edge)
    preceding[following_vertex(offsets)] = edge
    return preceding


def _cut_here(point: Integers, edge: Integers, offsets: Integers) -> Booleans:
    """Which vertices end an arc: junctions, and one point of every ring that has no junction.

    A junction is a grid point that has not exactly two distinct edges, or where a ring turns back on itself. At any
    other point, every ring that comes by one edge leaves by the other: so both edges have the same owners, and a ring
    that walks part of an arc walks all of it.
    """
    preceding = _preceding_edges(edge, offsets)
    low, high = np.minimum(edge, preceding), np.maximum(edge, preceding)
    least, most = _extremes(point, low, high)
    joins = np.zeros(len(least), dtype=bool)
    # Two edges and no turning back: every visit sees the same two, so the pair never varies.
    joins[point[(low != least[point]) | (high != most[point]) | (low == high)]] = True
    free = ~np.logical_or.reduceat(joins[point], offsets[:-1])
    joins[np.minimum.reduceat(point, offsets[:-1])[free]] = True
    return joins[point]


def _extremes(point: Integers, low: Integers, high: Integers) -> tuple[Integers, Integers]:
    """The lower and the higher edge of one visit to each grid point, whichever visit it is."""
    least, most = np.empty(point.max() + 1, dtype=np.int64), np.empty(point.max() + 1, dtype=np.int64)
    least[point], most[point] = low, high
    return least, most


def _start_at_cut(rings: Rings, cut: Booleans) -> tuple[Rings, Integers, Integers]:
    """The rings turned so that each starts where an arc starts.

    Also returns the former position of each vertex, and the vertices that now end an arc.
    """
    counts = np.diff(rings.offsets)
    first = np.repeat(rings.offsets[:-1], counts)
    cuts = np.flatnonzero(cut)
    first_cut = cuts[np.searchsorted(cuts, rings.offsets[:-1])]
    turn = np.repeat(first_cut - rings.offsets[:-1], counts)
    index = first + (np.arange(len(cut)) - first + turn) % np.repeat(counts, counts)
    turned = Rings(rings.x[index], rings.y[index], rings.offsets, rings.area, rings.is_hole)
    return turned, index, np.flatnonzero(cut[index])


def _arc_vertices(rings: Rings, cuts: Integers, uses: Integers) -> tuple[Integers, Integers, Integers]:
    """The grid points of the runs ``uses`` between ``cuts``, both ends included, and where each starts."""
    starts = cuts[uses]
    lengths = np.diff(np.append(cuts, len(rings.x)))[uses] + 1
    offsets = offsets_of(lengths)
    index = np.repeat(starts - offsets[:-1], lengths) + np.arange(offsets[-1])
    last = offsets[1:] - 1
    index[last] = following_vertex(rings.offsets)[index[last] - 1]
    return rings.x[index], rings.y[index], offsets
