"""Queen contiguity: a shared point is enough."""

import numpy as np
import shapely

from pipeline.space import find_queen_neighbours
from pipeline.space.neighbours import Neighbours
from tests.fixtures.grids import grid, neighbours_of


def lists(neighbours: Neighbours) -> list[list[int]]:
    return [neighbours_of(neighbours, place) for place in range(len(neighbours))]


def test_a_grid_of_three_by_three() -> None:
    found = find_queen_neighbours(grid(3, 3))
    assert lists(found)[0] == [1, 3, 4]
    assert lists(found)[4] == [0, 1, 2, 3, 5, 6, 7, 8]
    assert found.counts.tolist() == [3, 5, 3, 5, 8, 5, 3, 5, 3]


def test_an_island_has_none() -> None:
    geometry = np.array([*grid(2, 2), shapely.box(10, 10, 11, 11)], dtype=object)
    found = find_queen_neighbours(geometry)
    assert found.counts.tolist() == [3, 3, 3, 3, 0]
    assert len(find_queen_neighbours(np.array([shapely.box(0, 0, 1, 1)]))) == 1


def test_borders_that_do_not_agree_to_the_last_digit_still_touch() -> None:
    geometry = np.array([shapely.box(0, 0, 1 + 1e-7, 1), shapely.box(1, 0.5, 2, 1.5), shapely.box(2.01, 0, 3, 1)])
    assert lists(find_queen_neighbours(geometry)) == [[1], [0], []]


def test_neighbours_are_mutual() -> None:
    found = find_queen_neighbours(grid(4, 6))
    pairs = {(i, j) for i, own in enumerate(lists(found)) for j in own}
    assert pairs == {(j, i) for i, j in pairs}
    assert all(i != j for i, j in pairs)
