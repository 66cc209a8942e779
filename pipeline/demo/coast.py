"""The land: a fractal coast to the south and west with an estuary, a spit and islands; an inland border elsewhere."""

from dataclasses import dataclass

import numpy as np
import shapely

from pipeline.demo.noise import Floats, wiggle

CENTRE = np.array([565_000.0, 640_000.0])
"""EPSG:27700 metres: open North Sea, 70 km and more from any land, and inside the area that the grid is meant for:
the transformation to longitude and latitude jumps at 2 degrees east."""
HALF_WIDTH = 52_000.0
"""Metres from the centre to the eastern border, at 600 areas."""
FINEST = 90.0
"""The longest segment of the coast, in metres."""

_INLAND = (
    (-0.80, 0.66),
    (-0.40, 0.58),
    (0.10, 0.70),
    (0.50, 0.60),
    (0.93, 0.64),
    (1.00, 0.10),
    (0.88, -0.30),
    (0.84, -0.62),
)
_COAST = (
    (0.84, -0.62), (0.60, -0.70), (0.35, -0.55), (0.12, -0.61), (-0.10, -0.60), (-0.33, -0.74), (-0.55, -0.68),
    (-0.72, -0.80), (-0.64, -0.50), (-0.44, -0.27), (-0.62, -0.04), (-0.92, 0.06), (-0.85, 0.30), (-0.96, 0.50),
    (-0.80, 0.66),
)  # fmt: skip
_ESTUARY = ((0.02, -0.72), (0.03, -0.50), (-0.05, -0.36), (0.04, -0.22), (0.06, -0.10), (0.10, -0.03))
_ESTUARY_WIDTHS = (0.130, 0.075, 0.045, 0.026, 0.012, 0.004)
_SPIT = ((-0.86, 0.07), (-0.93, -0.02), (-0.95, -0.10), (-0.91, -0.17), (-0.86, -0.20))
_SPIT_WIDTHS = (0.030, 0.016, 0.013, 0.012, 0.004)
_ISLANDS = ((-0.80, -0.34, 0.045), (-0.74, -0.24, 0.018), (0.24, -0.74, 0.022), (-1.02, 0.36, 0.014))


@dataclass(frozen=True)
class Coast:
    """``mainland`` and ``islands`` in EPSG:27700 metres, points along the open ``shore``, ``unit`` of places."""

    mainland: shapely.Polygon
    islands: tuple[shapely.Polygon, ...]
    shore: Floats
    unit: float


def make_coast(areas: int, random: np.random.Generator) -> Coast:
    """A country for ``areas`` areas: more areas make it larger, but never so large that it leaves the open sea."""
    unit = unit_of(areas)
    inland = wiggle(place(_INLAND, unit), FINEST * 2, 0.06, random)
    shore = wiggle(place(_COAST, unit), FINEST, 0.155, random)
    mainland = _largest(shapely.Polygon(np.concatenate([inland, shore[1:-1]])))
    mainland = _largest(shapely.union(mainland, _ribbon(_SPIT, _SPIT_WIDTHS, unit, random)))
    estuary = _ribbon(_ESTUARY, _ESTUARY_WIDTHS, unit, random)
    mainland = _largest(shapely.difference(mainland, estuary))
    islands = tuple(_island(island, unit, mainland, random) for island in _ISLANDS)
    return Coast(mainland, islands, shore, unit)


def unit_of(areas: int) -> float:
    """Metres of the unit that coasts are laid out in, for a country of so many areas."""
    return HALF_WIDTH * float(np.clip((areas / 600) ** 0.25, 0.6, 1.4))


def place(points: tuple[tuple[float, float], ...], unit: float) -> Floats:
    """Points in units around the centre, in EPSG:27700 metres."""
    return np.asarray(np.array(points) * unit + CENTRE)


def _largest(shape: shapely.Geometry) -> shapely.Polygon:
    """The largest part of ``shape`` without its holes: a fractal line may touch itself."""
    parts = [part for part in shapely.get_parts(shapely.make_valid(shape)) if part.geom_type == "Polygon"]
    return shapely.Polygon(max(parts, key=shapely.area).exterior)


def _ribbon(
    middle: tuple[tuple[float, float], ...], widths: tuple[float, ...], unit: float, random: np.random.Generator
) -> shapely.Polygon:
    """A ribbon along ``middle`` that is as wide as ``widths``, with fractal sides."""
    line = place(middle, unit)
    along = np.gradient(line, axis=0)
    side = np.column_stack([-along[:, 1], along[:, 0]]) / np.hypot(along[:, 0], along[:, 1])[:, None]
    side = side * np.array(widths)[:, None] * unit / 2
    left, right = (wiggle(edge, FINEST, 0.09, random) for edge in (line + side, (line - side)[::-1]))
    return _largest(shapely.Polygon(np.concatenate([left, right])))


def _island(
    island: tuple[float, float, float], unit: float, mainland: shapely.Polygon, random: np.random.Generator
) -> shapely.Polygon:
    x, y, size = island
    turn = np.linspace(0, 2 * np.pi, 9)
    ring = np.column_stack([np.cos(turn) * 0.7, np.sin(turn)]) * size * unit + np.array([x, y]) * unit + CENTRE
    ring[-1] = ring[0]
    shape = _largest(shapely.Polygon(wiggle(ring, FINEST, 0.12, random)))
    return _largest(shapely.difference(shape, mainland.simplify(50).buffer(200, quad_segs=2)))
