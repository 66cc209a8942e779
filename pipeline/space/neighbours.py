"""Which areas touch: queen contiguity, for which a shared point is enough."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Integers = NDArray[np.int64]
MIXED = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))
"""Odd numbers of mixed bits: coordinates times these differ where the coordinates do."""
MOST_AT_A_POINT = 8
"""So many vertices at one point are compared with each other; a pair that is missed is found by its outlines."""


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
    count = len(geometry)
    touching = _pairs_with_common_vertices(geometry)
    first, second = shapely.STRtree(geometry).query(geometry)
    near = _numbered(first[first < second], second[first < second], count)
    # To see whether two polygons touch takes far longer than to see that they have a vertex in common, as most do.
    unsure = near[~np.isin(near, touching)]
    sure = shapely.intersects(geometry[unsure // count], geometry[unsure % count])
    touching = np.concatenate([touching, unsure[sure]])
    pairs = np.stack([touching // max(count, 1), touching % max(count, 1)], axis=1)
    return collect_neighbours(np.concatenate([pairs, pairs[:, ::-1]]), count)


def _pairs_with_common_vertices(geometry: NDArray[np.object_]) -> Integers:
    """Pairs of areas, as numbers, that have a vertex in common; perhaps not all."""
    points, owner = shapely.get_coordinates(geometry, return_index=True)
    # Points in the order of a number that is the same for the same point, and hardly ever for others.
    bits = (points + 0.0).view("uint64")
    number = (bits[:, 0] * MIXED[0]) ^ (bits[:, 1] * MIXED[1])
    order = np.argsort(number)
    points, owner, number = points[order], owner[order], number[order]
    place, pairs = np.arange(len(number)), [np.empty(0, dtype="int64")]
    for away in range(1, MOST_AT_A_POINT):
        # What is the same so many places on is so at every place before.
        place = place[place + away < len(number)]
        place = place[number[place] == number[place + away]]
        apart = place[owner[place] != owner[place + away]]
        apart = apart[(points[apart] == points[apart + away]).all(axis=1)]
        one, other = owner[apart], owner[apart + away]
        pairs.append(np.unique(_numbered(np.minimum(one, other), np.maximum(one, other), len(geometry))))
    return np.unique(np.concatenate(pairs))


def _numbered(first: NDArray[np.intp], second: NDArray[np.intp], count: int) -> Integers:
    """Pairs of ``count`` areas as one number each."""
    return np.asarray(first * count + second, dtype="int64")


def collect_neighbours(pairs: Integers, count: int) -> Neighbours:
    """From pairs (i, j), each given both ways round, among ``count`` areas."""
    pairs = pairs.reshape(-1, 2).astype("int64")
    numbers = np.unique(_numbered(pairs[:, 0], pairs[:, 1], count))
    pairs = np.stack([numbers // max(count, 1), numbers % max(count, 1)], axis=1)
    starts = np.concatenate([[0], np.cumsum(np.bincount(pairs[:, 0], minlength=count))])
    return Neighbours(starts.astype("int64"), pairs[:, 1].copy())
