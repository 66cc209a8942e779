"""Rings of polygons on a grid of integers: read, quantised, and stripped of what the grid cannot show."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from pipeline.atlas.packing.encoding import Integers
from pipeline.errors import RawFileError

Numbers = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]
Geometries = npt.NDArray[np.object_]

EARTH_RADIUS = 6378137.0
"""Metres; the sphere of EPSG:3857."""

LATITUDE_LIMIT = 85.06
"""Degrees; Web Mercator ends here."""

GRID_LIMIT = 2**31
"""Steps along either axis; above it, a grid point no longer fits one 64-bit key."""


@dataclass(frozen=True)
class Grid:
    """A grid point ``(i, j)`` is ``(origin[0] + i * step, origin[1] + j * step)`` in EPSG:3857 metres."""

    origin: tuple[float, float]
    step: float


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


def _project(longitude: Numbers, latitude: Numbers) -> tuple[Numbers, Numbers]:
    """Degrees to spherical Web Mercator metres."""
    return EARTH_RADIUS * np.radians(longitude), EARTH_RADIUS * np.arctanh(np.sin(np.radians(latitude)))


def offsets_of(counts: npt.NDArray[Any]) -> Integers:
    """Where each run starts, given how long each is, with the total at the end."""
    offsets = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=offsets[1:])
    return offsets


def read_rings(areas: Geometries) -> Rings:
    """All rings of all areas in degrees.

    Raises:
        RawFileError: an area is no polygon, or its coordinates are no longitude and latitude.
    """
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
    offsets = offsets_of(counts)
    open_ended = np.ones(len(coordinates), dtype=bool)
    open_ended[offsets[1:] - 1] = False
    is_hole = np.zeros(len(rings), dtype=bool)
    is_hole[1:] = ring_part[1:] == ring_part[:-1]
    x, y = coordinates[open_ended].T
    return Rings(x, y, offsets_of(counts - 1), part_area[ring_part].astype(np.int64), is_hole)


def _check_degrees(coordinates: Numbers) -> None:
    """Refuse what cannot be longitude and latitude."""
    within = (np.abs(coordinates[:, 0]) <= 180) & (np.abs(coordinates[:, 1]) <= LATITUDE_LIMIT)
    if not within.all():
        x, y = coordinates[~within][0]
        raise RawFileError(
            f"Boundaries must be in degrees (EPSG:4326), between {LATITUDE_LIMIT} south and north; found ({x}, {y}). "
            "Reproject the boundary file first."
        )


def quantise(rings: Rings, metres: float) -> tuple[Grid, Rings]:
    """A grid whose step is at most ``metres`` on the ground, and the rings as points of it.

    Raises:
        ValueError: the area is too large for a grid as fine as that.
    """
    x, y = _project(rings.x, rings.y)
    origin = (float(np.floor(x.min())), float(np.floor(y.min())))
    straddles_equator = rings.y.min() < 0 < rings.y.max()
    # One Mercator metre is cos(latitude) metres on the ground, most where the latitude is smallest.
    nearest_equator = 0.0 if straddles_equator else float(np.abs(rings.y).min())
    step = float(metres / np.cos(np.radians(nearest_equator)))
    if max(x.max() - origin[0], y.max() - origin[1]) / step >= GRID_LIMIT:
        raise ValueError(f"quantisation_metres of {metres} is too fine for an area of this extent")
    columns = np.rint((x - origin[0]) / step).astype(np.int64)
    rows = np.rint((y - origin[1]) / step).astype(np.int64)
    return Grid(origin, step), Rings(columns, rows, rings.offsets, rings.area, rings.is_hole)


def following_vertex(offsets: Integers) -> Integers:
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
    following = following_vertex(rings.offsets)
    doubled: Numbers = np.add.reduceat(x * y[following] - x[following] * y, first)
    return doubled / 2


def _keep_vertices(rings: Rings, kept: Booleans) -> Rings:
    """The rings with only the vertices ``kept``."""
    offsets = offsets_of(kept)[rings.offsets]
    return Rings(rings.x[kept], rings.y[kept], offsets, rings.area, rings.is_hole)


def _keep_rings(rings: Rings, kept: Booleans) -> Rings:
    """Only the rings ``kept``."""
    counts = np.diff(rings.offsets)
    vertices = np.repeat(kept, counts)
    return Rings(rings.x[vertices], rings.y[vertices], offsets_of(counts[kept]), rings.area[kept], rings.is_hole[kept])


def _drop_repeats(rings: Rings) -> Rings:
    """The rings without vertices that are the same grid point as the next; one vertex of a ring always stays."""
    following = following_vertex(rings.offsets)
    kept = (rings.x != rings.x[following]) | (rings.y != rings.y[following])
    collapsed = offsets_of(kept)[rings.offsets]
    kept[rings.offsets[:-1][np.diff(collapsed) == 0]] = True
    return _keep_vertices(rings, kept)


def grid_points(rings: Rings) -> Integers:
    """One number per vertex, the same for the same grid point, counted from 0 in order of first appearance."""
    codes, _ = pd.factorize(rings.x * np.int64(rings.y.max() + 1) + rings.y)
    return np.asarray(codes, dtype=np.int64)


def drop_collapsed(gridded: Rings, published: Rings) -> Rings:
    """The rings on a grid without repeated vertices, and without those that no longer enclose anything to draw.

    ``published`` are the same rings before they were put on the grid. A ring of fewer than three distinct grid points
    goes, and the holes of an outer ring go with it. An area of which every ring would go keeps the outer ring of the
    largest published area, as the smallest triangle there is.
    """
    rings = _drop_repeats(gridded)
    collapsed = _distinct_points(rings) < 3
    outer = np.maximum.accumulate(np.where(rings.is_hole, -1, np.arange(len(collapsed))))
    dropped = collapsed | collapsed[outer]
    if not dropped.any():
        return rings
    published_areas = np.abs(_ring_areas(published))
    survives = np.zeros(rings.area[-1] + 1, dtype=bool)
    survives[rings.area[~dropped]] = True
    lost = np.flatnonzero(~survives[rings.area] & ~rings.is_hole)
    by_size = lost[np.lexsort((lost, -published_areas[lost], rings.area[lost]))]
    largest = by_size[np.unique(rings.area[by_size], return_index=True)[1]]
    dropped[largest] = False
    return _keep_rings(_as_triangles(rings, largest), ~dropped)


def _distinct_points(rings: Rings) -> Integers:
    """Distinct grid points of each ring; above three, rings of more than a few vertices are not told apart."""
    counts = np.diff(rings.offsets)
    distinct = counts.copy()
    # Consecutive vertices differ, so a third distinct point is one that is neither the first nor the second vertex.
    first = np.repeat(rings.offsets[:-1], counts)
    second = np.minimum(first + 1, len(rings.x) - 1)
    is_third = _differs(rings, first) & _differs(rings, second)
    thirds = np.diff(offsets_of(is_third)[rings.offsets])
    distinct[thirds == 0] = np.minimum(counts[thirds == 0], 2)
    return distinct


def _differs(rings: Rings, other: Integers) -> Booleans:
    """Which vertices are at a different grid point from the vertex at ``other``."""
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
    offsets = offsets_of(np.array([len(x) for x in xs]))
    return Rings(np.concatenate(xs), np.concatenate(ys), offsets, rings.area, rings.is_hole)
