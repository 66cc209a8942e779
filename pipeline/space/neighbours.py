"""Which areas touch: queen contiguity, for which a shared point is enough."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Neighbours:
    """The neighbours of each area by position: those of area i are ``ids[starts[i] : starts[i + 1]]``, rising."""

    starts: Integers
    ids: Integers

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def counts(self) -> Integers:
        """The number of neighbours of each area."""
        return np.diff(self.starts)


def find_queen_neighbours(geometry: NDArray[np.object_]) -> Neighbours:
    """The areas whose polygons share a point.

    Polygons count as touching when they intersect, so that two published outlines that disagree in the last digit (a
    sliver of overlap) are still neighbours; with a gap between them they are not. Only the areas given are considered:
    one at the edge of the table has only neighbours inside it, and an island has none.

    Args:
        geometry: valid polygons or multipolygons, all in one system of coordinates.
    """
    first, second = shapely.STRtree(geometry).query(geometry, predicate="intersects")
    apart = first != second
    return collect_neighbours(np.stack([first[apart], second[apart]], axis=1), len(geometry))


def collect_neighbours(pairs: Integers, count: int) -> Neighbours:
    """From pairs (i, j), each given both ways round, among ``count`` areas."""
    pairs = np.unique(pairs.reshape(-1, 2).astype("int64"), axis=0)
    starts = np.concatenate([[0], np.cumsum(np.bincount(pairs[:, 0], minlength=count))])
    return Neighbours(starts.astype("int64"), pairs[:, 1].copy())
