"""Which outline a point lies in: one rule for postcodes, places and rows of people."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Positions = NDArray[np.int64]
Cells = NDArray[np.int32]
NOWHERE = -1

CELLS_ACROSS = 2.0
"""Cells of the grid that points are sorted by, across an outline of the usual size."""
MOST_CELLS = 2_048
"""Cells from west to east, and from south to north."""
TOGETHER = 200_000
"""Pairs of a point and an outline that are compared at once: few enough to stay in the fast memory of a processor."""
EACH = 100
"""Pairs that an outline counts for by itself, as it is prepared."""


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
    bounds = shapely.bounds(outlines).reshape(-1, 4)
    there = np.flatnonzero(np.isfinite(bounds).all(axis=1))
    if len(points) and len(there):
        # Points are sorted into the cells of a grid, and no object is made of any: of a nation's postcodes that would
        # take longer than all the rest.
        cells = _Cells(points, bounds[there])
        for some in cells.blocks():
            of, point = cells.pairs(some)
            # Copies, as other threads may be comparing with the same outlines, and as what those of a nation are
            # prepared with is larger than they are: it goes with the copies.
            prepared = np.atleast_1d(np.asarray(shapely.force_2d(outlines[there[some]])))
            shapely.prepare(prepared)
            inside = shapely.intersects_xy(prepared[of - some[0]], *points[point].T)
            np.minimum.at(first, point[inside], there[of[inside]])
    first[first == len(outlines)] = NOWHERE
    return first


class _Cells:
    """Points by the cells of a grid, and the boxes around outlines, which they may lie in."""

    def __init__(self, points: Points, boxes: Points) -> None:
        self._boxes = boxes
        self._low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
        usual = np.median(boxes[:, 2:] - boxes[:, :2], axis=0) / CELLS_ACROSS
        self._size = np.maximum(np.maximum(usual, (high - self._low) / MOST_CELLS), np.finfo("float64").tiny)
        self._number = np.clip(np.ceil((high - self._low) / self._size), 1, MOST_CELLS).astype("int64")
        x, y = points.T
        near = np.flatnonzero((x >= self._low[0]) & (x <= high[0]) & (y >= self._low[1]) & (y <= high[1]))
        across, up = self._number
        cell = self._cell(y[near], 1) * across + self._cell(x[near], 0)
        order = np.argsort(cell, kind="stable")
        self._point, self._at = near[order], points[near[order]]
        self._starts = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=across * up))])

    def _cell(self, places: Points, axis: int) -> Cells:
        """The cells from the west, or from the south, that places lie in."""
        cell: Cells = ((places - self._low[axis]) / self._size[axis]).astype("int32")
        np.minimum(cell, self._number[axis].astype("int32") - 1, out=cell)
        return cell

    def _runs(self, outlines: Positions) -> tuple[Positions, Positions, Positions]:
        """Points in the rows of cells that outlines reach over: the outline, and the first point and the one after."""
        west, south, east, north = self._boxes[outlines].T
        bottom = self._cell(south, 1).astype("int64")
        outline, row = _spread(outlines, bottom, self._cell(north, 1) - bottom + 1)
        place = np.searchsorted(outlines, outline)
        begin = row * self._number[0]
        return (
            outline,
            self._starts[begin + self._cell(west, 0)[place]],
            self._starts[begin + self._cell(east, 0)[place] + 1],
        )

    def blocks(self) -> list[Positions]:
        """The outlines in parts, each with no more points around it than can be compared at once, or alone."""
        every = np.arange(len(self._boxes))
        outline, begin, end = self._runs(every)
        around = np.cumsum(np.bincount(outline, end - begin, minlength=len(every)) + EACH)
        return [part for part in np.split(every, np.flatnonzero(np.diff(around // TOGETHER)) + 1) if len(part)]

    def pairs(self, outlines: Positions) -> tuple[Positions, Positions]:
        """Outlines, and points in the box around each."""
        outline, begin, end = self._runs(outlines)
        of, place = _spread(outline, begin, end - begin)
        x, y = self._at[place].T
        west, south, east, north = self._boxes[of].T
        inside = np.flatnonzero((x >= west) & (x <= east) & (y >= south) & (y <= north))
        return of[inside], self._point[place[inside]]


def _spread(keys: Positions, begins: Positions, counts: Positions) -> tuple[Positions, Positions]:
    """Each key as often as it counts, with as many whole numbers from where it begins."""
    steps = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(keys, counts), np.repeat(begins, counts) + steps
