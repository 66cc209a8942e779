"""Which outline a point lies in: one rule for postcodes, places and rows of people."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Positions = NDArray[np.int64]
NOWHERE = -1


def place_points(points: Points, outlines: NDArray[Any]) -> Positions:
    """The position of the first of ``outlines`` that each point lies in or on the border of; -1 where there is none.

    A point on a border that several share so goes to the first, whatever other points there are and in which order
    they come: with outlines sorted by code, to the LSOA with the lowest code.

    Args:
        points: shape (points, 2), in the system of the outlines; all finite.
        outlines: valid polygons, sorted.
    """
    # Imported here because it is slow to import.
    import shapely

    first = np.full(len(points), len(outlines), dtype="int64")
    if len(points):
        # The points are indexed, not the outlines: each outline is prepared once for all points in its box.
        tree = shapely.STRtree(np.atleast_1d(np.asarray(shapely.points(points))))
        of_outline, of_point = tree.query(outlines, predicate="intersects")
        np.minimum.at(first, of_point, of_outline)
    first[first == len(outlines)] = NOWHERE
    return first
