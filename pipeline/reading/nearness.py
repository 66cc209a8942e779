"""Which points on the National Grid lie in or near outlines that are given in another system."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.reading.coordinates import GRID

if TYPE_CHECKING:
    import geopandas as gpd

ROUND_BOX, OF_ITS_SIZE = 100.0, 0.01
"""Metres, and a share of its size, that a box round an outline is made larger by: its sides are bent on the grid."""


def lie_near(points: NDArray[np.float64], outlines: "gpd.GeoSeries", metres: float) -> NDArray[np.bool_]:
    """Which points lie in one of the outlines or at most ``metres`` from one.

    Distances are those on the National Grid. Only outlines that a point may be near are brought there, and distances
    are taken only from points that lie in none: to compare thousands of points with every outline of a nation within
    20 km takes a hundred times as long.

    Args:
        points: eastings and northings, shape (points, 2).
        outlines: polygons with their coordinate system.
    """
    # Imported here because they are slow to import.
    import pyproj
    import shapely

    bounds = outlines.bounds.to_numpy()
    to_grid = pyproj.Transformer.from_crs(outlines.crs, GRID, always_xy=True)
    corners = [to_grid.transform(bounds[:, x], bounds[:, y]) for x in (0, 2) for y in (1, 3)]
    x, y = (np.array([corner[axis] for corner in corners]) for axis in (0, 1))
    more = ROUND_BOX + OF_ITS_SIZE * np.hypot(np.ptp(x, axis=0), np.ptp(y, axis=0))
    boxes = shapely.STRtree(
        shapely.box(x.min(axis=0) - more, y.min(axis=0) - more, x.max(axis=0) + more, y.max(axis=0) + more)
    )
    near = np.zeros(len(points), dtype=bool)
    for distance in (0.0, metres):
        left = np.flatnonzero(~near)
        west, south = points[left].T - distance
        east, north = points[left].T + distance
        candidates = np.unique(boxes.query(shapely.box(west, south, east, north))[1])
        tree = shapely.STRtree(outlines.iloc[candidates].to_crs(GRID).to_numpy())
        at = shapely.points(points[left])
        within = tree.query(at, predicate="dwithin", distance=distance) if distance else tree.query(at, "intersects")
        near[left[within[0]]] = True
    return near
