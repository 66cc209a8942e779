"""Queen contiguity: a shared point is enough."""

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

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


SIDES = st.tuples(*[st.integers(0, 6)] * 2, *[st.sampled_from([0.5, 1.0, 2.0])] * 2)


@given(st.lists(SIDES, max_size=12))
def test_neighbours_are_the_pairs_that_share_a_point(sides: list[tuple[int, int, float, float]]) -> None:
    boxes = np.array([shapely.box(x, y, x + wide, y + high) for x, y, wide, high in sides], dtype=object)
    pairs = [[b for b, other in enumerate(boxes) if a != b and one.intersects(other)] for a, one in enumerate(boxes)]
    assert lists(find_queen_neighbours(boxes)) == pairs


def test_many_areas_that_meet_in_one_point_are_all_neighbours() -> None:
    turns = np.linspace(0, 2 * np.pi, 13)
    rim = np.column_stack([np.cos(turns), np.sin(turns)])
    wedges = np.array([shapely.Polygon([(0, 0), *rim[place : place + 2]]) for place in range(12)])
    assert find_queen_neighbours(wedges).counts.tolist() == [11] * 12
