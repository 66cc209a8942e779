"""Areas on the list bundled into programmes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.act.bundling import ALONE, Listed, bundle, settle_kinds
from pipeline.catalogue.kinds import BOTH
from pipeline.catalogue.places import Bundling
from pipeline.space.neighbours import collect_neighbours, find_queen_neighbours
from tests.fixtures.grids import grid

A, M = "Age and settled living", "Money, skills and health"
FAR = Bundling(least_people=500, most_people=3000, reach_metres=100_000)


def line(people: list[float], kinds: list[str] | None = None, apart: float = 1000.0) -> Listed:
    """Areas in a row, each touching the next."""
    count = len(people)
    pairs = [(n, n + 1) for n in range(count - 1)]
    both = np.array([*pairs, *((b, a) for a, b in pairs)], dtype="int64").reshape(-1, 2)
    points = np.column_stack([np.arange(count) * apart, np.zeros(count)])
    return Listed(np.array(people), points, tuple(kinds or [""] * count), collect_neighbours(both, count))


def numbers(listed: Listed, declared: Bundling = FAR) -> list[int]:
    found: list[int] = bundle(listed, declared)[0].tolist()
    return found


def test_touching_areas_of_one_kind_are_one_programme_and_small_ones_none() -> None:
    assert numbers(line([300, 250, 100])) == [0, 0, 0]
    assert numbers(line([300, 100, 50])) == [ALONE] * 3
    assert numbers(line([300, 300, 300, 300], [A, A, M, M])) == [0, 0, 1, 1]


def test_a_group_with_too_many_people_is_divided_into_parts_that_touch() -> None:
    """Six areas of 1,000 people: no part may have over 3,000."""
    found = numbers(line([1000] * 6))
    assert ALONE not in found
    assert found == sorted(found)
    assert max(found.count(number) for number in set(found)) <= 3


def test_a_group_that_is_too_wide_is_divided() -> None:
    near = Bundling(least_people=500, most_people=3000, reach_metres=1000)
    found = numbers(line([300] * 4, apart=1500.0), near)
    assert found == [0, 0, 1, 1]


def test_one_area_with_more_people_than_a_programme_may_hold_is_one() -> None:
    assert numbers(line([5000, 400])) == [0, ALONE]


def test_areas_of_both_kinds_join_the_kind_of_most_people_beside_them() -> None:
    assert settle_kinds(line([300, 200, 500], [A, BOTH, M])) == (A, M, M)
    assert settle_kinds(line([300, 200, 200, 300], [M, BOTH, BOTH, A])) == (M, A, A, A)
    assert settle_kinds(line([300, 200], [BOTH, BOTH])) == (BOTH, BOTH)
    assert numbers(line([300, 200, 100], [A, BOTH, M])) == [0, 0, ALONE]


def test_the_kinds_mirror_when_their_names_are_swapped() -> None:
    kinds = [A, BOTH, M, M, BOTH, A]
    swapped = [{A: M, M: A}.get(kind, kind) for kind in kinds]
    people = [310.0, 200, 500, 120, 90, 700]
    assert numbers(line(people, kinds)) == numbers(line(people, swapped))


@given(st.integers(0, 2**32 - 1))
def test_parts_keep_the_bounds_touch_and_do_not_depend_on_the_order_of_areas(seed: int) -> None:
    random = np.random.default_rng(seed)
    shapes = grid(5, 5)
    keep = np.flatnonzero(random.random(25) < 0.7)
    if not len(keep):
        return
    people = random.integers(50, 900, len(keep)).astype("float64")
    points = np.array([[shape.centroid.x, shape.centroid.y] for shape in shapes[keep]])
    kinds = random.choice([A, M, BOTH], len(keep))
    declared = Bundling(least_people=500, most_people=1500, reach_metres=100)
    listed = Listed(people, points, tuple(kinds), find_queen_neighbours(shapes[keep]))
    found, settled = bundle(listed, declared)
    for number in set(found.tolist()) - {ALONE}:
        members = np.flatnonzero(found == number).tolist()
        assert listed.count(members) >= 500
        assert listed.count(members) <= 1500 or len(members) == 1
        assert len({settled[member] for member in members}) == 1
        reached, waiting = {members[0]}, [members[0]]
        while waiting:
            more = [n for n in listed.beside(waiting.pop()) if n in members and n not in reached]
            reached.update(more)
            waiting += more
        assert reached == set(members)


def test_the_centre_is_where_most_people_are() -> None:
    listed = line([100, 300])
    assert listed.centre([0, 1]).tolist() == [750.0, 0.0]
    assert listed.spread([0, 1]) == pytest.approx(750.0)
    assert line([0, 0]).centre([0, 1]).tolist() == [500.0, 0.0]
