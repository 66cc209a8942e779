"""Which areas touch: queen contiguity, a shared point is enough."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Neighbours:
    """Each area's neighbours as places in the table: those of area i are ``ids[starts[i] : starts[i + 1]]``, rising."""

    starts: Integers
    ids: Integers

    def __len__(self) -> int:
        return len(self.starts) - 1

    def of(self, place: int) -> Integers:
        """The neighbours of the area at ``place``."""
        return self.ids[self.starts[place] : self.starts[place + 1]]

    @property
    def counts(self) -> Integers:
        """How many neighbours each area has."""
        return np.diff(self.starts)


def queen_neighbours(geometry: NDArray[np.object_]) -> Neighbours:
    """The areas whose polygons share a point.

    Polygons are held to touch when they intersect, so that a border on which two published outlines do not agree to
    the last digit (a sliver of overlap) still makes neighbours; a gap between them does not. Only the areas given are
    looked at: one at the border of the table has its neighbours inside it, and an island none.

    Args:
        geometry: valid polygons or multipolygons, all in one system of coordinates.
    """
    first, second = shapely.STRtree(geometry).query(geometry, predicate="intersects")
    apart = first != second
    return neighbours_of_pairs(np.stack([first[apart], second[apart]], axis=1), len(geometry))


def neighbours_of_pairs(pairs: Integers, count: int) -> Neighbours:
    """From pairs (i, j), each given both ways round, among ``count`` areas."""
    pairs = np.unique(pairs.reshape(-1, 2).astype("int64"), axis=0)
    starts = np.concatenate([[0], np.cumsum(np.bincount(pairs[:, 0], minlength=count))])
    return Neighbours(starts.astype("int64"), pairs[:, 1].copy())
