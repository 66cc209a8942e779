"""Which points on the National Grid lie in or near outlines that are given in another system."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.reading.coordinates import DEGREES, GRID
from pipeline.reading.projection import moved, transformer
from pipeline.reading.within import NOWHERE, place_points

if TYPE_CHECKING:
    import geopandas as gpd

ROUND_BOX, OF_ITS_SIZE = 100.0, 0.01
"""Metres, and a share of its size, that a box round an outline is made larger by: its sides are bent on the grid."""


def lie_near(points: NDArray[np.float64], outlines: "gpd.GeoSeries", metres: float) -> NDArray[np.bool_]:
    """Which points lie in one of the outlines or at most ``metres`` from one.

    Distances are those on the National Grid. Which points lie in an outline is told in the system of the outlines, and
    only outlines near one of the others are brought there: to compare thousands of points with every outline of a
    nation within 20 km takes a hundred times as long.

    Args:
        points: eastings and northings, shape (points, 2).
        outlines: polygons with their coordinate system.
    """
    # Imported here because it is slow to import.
    import shapely

    near = np.zeros(len(points), dtype=bool)
    if not len(points):
        return near
    shapes, system = outlines.to_numpy(), DEGREES if outlines.crs.to_epsg() == 4326 else outlines.crs
    onto_grid = transformer(system, GRID)
    if metres >= ROUND_BOX:
        # Sides that are straight in degrees are bent on the grid by far less than this.
        there = np.column_stack(transformer(GRID, system).transform(*points.T))
        near = place_points(there, shapes) != NOWHERE
    bounds = shapely.bounds(shapes)
    corners = [onto_grid.transform(bounds[:, x], bounds[:, y]) for x in (0, 2) for y in (1, 3)]
    x, y = (np.array([corner[axis] for corner in corners]) for axis in (0, 1))
    more = ROUND_BOX + OF_ITS_SIZE * np.hypot(np.ptp(x, axis=0), np.ptp(y, axis=0))
    boxes = np.array([x.min(axis=0) - more, y.min(axis=0) - more, x.max(axis=0) + more, y.max(axis=0) + more])
    tree = shapely.STRtree(shapely.box(*boxes))
    low, high = boxes[:2].min(axis=1), boxes[2:].max(axis=1)
    for distance in (metres,) if metres >= ROUND_BOX else (0.0, metres):
        left = np.flatnonzero(~near & ((points >= low - distance) & (points <= high + distance)).all(axis=1))
        west, south = points[left].T - distance
        east, north = points[left].T + distance
        reached, candidates = tree.query(shapely.box(west, south, east, north))
        left, candidates = left[np.unique(reached)], np.unique(candidates)
        if not len(left):
            continue
        those = shapely.STRtree(moved(shapes[candidates], onto_grid))
        at = shapely.points(points[left])
        within = those.query(at, predicate="dwithin", distance=distance) if distance else those.query(at, "intersects")
        near[left[within[0]]] = True
    return near
