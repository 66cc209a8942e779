import time
from collections.abc import Mapping, Sequence
from random import Random

import numpy as np
import pandas as pd
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from pipeline.errors import RawFileError
from pipeline.space.access import (
    Supply,
    decay,
    e2sfca,
    find_nearest,
    keep_within,
    list_nearest_pairs,
    pair_by_distance,
    pair_by_journeys,
    straight_line,
)

coordinates = st.floats(0, 20_000).map(lambda v: round(v, 1))


def points(least: int = 0, most: int = 8) -> st.SearchStrategy[NDArray[np.float64]]:
    return st.integers(least, most).flatmap(lambda n: arrays.arrays("float64", (n, 2), elements=coordinates))


def people(count: int) -> st.SearchStrategy[NDArray[np.float64]]:
    return arrays.arrays("float64", count, elements=st.integers(0, 500).map(float))


@st.composite
def worlds(
    draw: st.DrawFn, least_places: int = 1
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    origins, places = draw(points(1)), draw(points(least_places))
    reach = draw(arrays.arrays("float64", len(origins), elements=st.sampled_from([2000.0, 5000.0, 12000.0])))
    supply = draw(arrays.arrays("float64", len(places), elements=st.sampled_from([0.25, 1.0, 3.0])))
    return origins, places, reach, draw(people(len(origins))), supply


def access(
    origins: NDArray[np.float64],
    places: NDArray[np.float64],
    reach: NDArray[np.float64],
    demand: NDArray[np.float64],
    supply: NDArray[np.float64],
) -> Supply:
    return e2sfca(pair_by_distance(origins, places, reach), demand, supply, reach)


def brute_force(origins: NDArray[np.float64], places: NDArray[np.float64]) -> NDArray[np.float64]:
    distances: NDArray[np.float64] = np.sqrt(((origins[:, None, :] - places[None, :, :]) ** 2).sum(axis=2))
    return distances


def test_the_decay_is_one_at_the_door_a_half_on_the_way_and_nothing_at_the_edge() -> None:
    weights = decay(np.array([0.0, 500.0, 1000.0, 2000.0]), np.full(4, 1000.0))
    assert weights == pytest.approx([1.0, (np.exp(-0.125) - np.exp(-0.5)) / (1 - np.exp(-0.5)), 0.0, 0.0])


def test_a_worked_example() -> None:
    """Two villages of 100 and 300 people at 0 and 1 km from a library that serves 2 km."""
    origins, places = np.array([[0.0, 0.0], [1000.0, 0.0]]), np.array([[0.0, 0.0]])
    reach = np.full(2, 2000.0)
    near = (np.exp(-0.125) - np.exp(-0.5)) / (1 - np.exp(-0.5))
    found = access(origins, places, reach, np.array([100.0, 300.0]), np.array([1.0]))
    ratio = 1 / (100 + 300 * near)
    assert found.ratio == pytest.approx([ratio])
    assert found.access == pytest.approx([ratio, ratio * near])


@given(worlds(0), st.integers(1, 4))
def test_the_nearest_are_those_of_brute_force_exactly(
    world: tuple[
        NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]
    ],
    k: int,
) -> None:
    origins, places, *_ = world
    found = find_nearest(origins, places, k)
    expected = np.sort(brute_force(origins, places), axis=1)[:, :k]
    shown = min(k, len(places))
    assert np.array_equal(found.cost[:, :shown], expected)
    assert np.isinf(found.cost[:, shown:]).all()
    assert (found.place[:, shown:] == -1).all()
    for row in range(len(origins)):
        for column in range(shown):
            place = places[[found.place[row, column]]]
            assert straight_line(origins[[row]], place)[0] == found.cost[row, column]


@given(worlds())
def test_pairs_are_those_of_brute_force_exactly(
    world: tuple[
        NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]
    ],
) -> None:
    origins, places, reach, *_ = world
    pairs = pair_by_distance(origins, places, reach)
    metres = brute_force(origins, places)
    rows, columns = np.nonzero(metres <= reach[:, None])
    assert pairs.origin.tolist() == rows.tolist()
    assert pairs.place.tolist() == columns.tolist()
    assert np.array_equal(pairs.cost, metres[rows, columns])


@given(worlds())
def test_supply_is_shared_out_and_never_made(
    world: tuple[
        NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]
    ],
) -> None:
    _, _, _, demand, supply = world
    found = access(*world)
    used = supply[found.ratio > 0].sum()
    assert (found.access * demand).sum() == pytest.approx(used)


@given(worlds(0), points(1, 1))
def test_one_more_place_lowers_nobodys_access_and_one_less_raises_nobodys(
    world: tuple[
        NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]
    ],
    another: NDArray[np.float64],
) -> None:
    origins, places, reach, demand, supply = world
    before = access(origins, places, reach, demand, supply).access
    after = access(origins, np.vstack([places, another]), reach, demand, np.append(supply, 1.0)).access
    assert (after >= before - 1e-12 * (1 + before)).all()
    assert (find_nearest(origins, np.vstack([places, another]), 2).cost <= find_nearest(origins, places, 2).cost).all()


@given(worlds(), st.floats(0.0, 1.0), st.integers(1, 3))
def test_a_place_that_moves_away_from_an_area_is_never_nearer_to_it(
    world: tuple[
        NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]
    ],
    step: float,
    k: int,
) -> None:
    origins, places, *_ = world
    home = origins[:1]
    moved = places.copy()
    moved[0] = home[0] + (places[0] - home[0]) * (1 + step)
    before, after = find_nearest(home, places, k).cost, find_nearest(home, moved, k).cost
    assert (after >= before - 1e-9).all()


@given(worlds())
def test_a_place_that_moves_out_of_an_areas_reach_never_raises_its_access(
    world: tuple[
        NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]
    ],
) -> None:
    origins, places, reach, demand, supply = world
    moved = places.copy()
    moved[0] = [-1e6, -1e6]
    before, after = access(origins, places, reach, demand, supply), access(origins, moved, reach, demand, supply)
    assert (after.access <= before.access + 1e-12 * (1 + before.access)).all()


def test_within_reach_a_place_that_leaves_a_crowd_behind_serves_those_who_are_left_better() -> None:
    """Supply is conserved, so it cannot be otherwise: the docstring says so."""
    origins, reach = np.array([[0.0, 0.0], [3000.0, 0.0]]), np.full(2, 2000.0)
    demand, supply = np.array([10.0, 1000.0]), np.array([1.0])
    near = access(origins, np.array([[1100.0, 0.0]]), reach, demand, supply).access[0]
    farther_from_both = access(origins, np.array([[0.0, -1200.0]]), reach, demand, supply).access[0]
    assert farther_from_both > near


def test_without_places_access_is_nothing_and_distances_are_infinite() -> None:
    origins, none = np.zeros((3, 2)), np.zeros((0, 2))
    found = access(origins, none, np.full(3, 1000.0), np.ones(3), np.zeros(0))
    assert found.access.tolist() == [0.0, 0.0, 0.0]
    assert np.isinf(find_nearest(origins, none, 2).cost).all()


def test_a_place_that_nobody_reaches_is_named_and_divides_by_nothing() -> None:
    origins = np.array([[0.0, 0.0]])
    found = access(origins, np.array([[0.0, 0.0]]), np.array([500.0]), np.array([0.0]), np.array([1.0]))
    assert found.ratio[0] == 0
    assert found.access.tolist() == [0.0]


def test_grid_distances_agree_with_geodesics_to_a_thousandth_all_over_great_britain() -> None:
    random = np.random.default_rng(5)
    start = np.column_stack([random.uniform(80_000, 655_000, 3000), random.uniform(10_000, 1_200_000, 3000)])
    angle, length = random.uniform(0, 2 * np.pi, 3000), random.uniform(500, 20_000, 3000)
    end = start + np.column_stack([np.cos(angle), np.sin(angle)]) * length[:, None]
    to_degrees = pyproj.Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
    first, second = to_degrees.transform(*start.T), to_degrees.transform(*end.T)
    _, _, geodesic = pyproj.Geod(ellps="WGS84").inv(*first, *second)
    assert np.abs(straight_line(start, end) / np.array(geodesic) - 1).max() < 0.001


def matrix(**changes: Sequence[int | str]) -> pd.DataFrame:
    content = {"origin": ["A", "A", "B", "Z"], "destination": ["p", "q", "q", "p"], "minutes": [5, 30, 12, 1]}
    return pd.DataFrame({**content, **changes})


def test_a_matrix_of_minutes_stands_instead_of_distances() -> None:
    pairs = pair_by_journeys(matrix(), ["A", "B", "C"], ["p", "q"], "m.csv")
    found = list_nearest_pairs(pairs, 3, 2)
    assert found.cost.tolist() == [[5.0, 30.0], [12.0, np.inf], [np.inf, np.inf]]
    assert found.place.tolist() == [[0, 1], [1, -1], [-1, -1]]
    near = keep_within(pairs, np.full(3, 20.0))
    assert (near.origin.tolist(), near.place.tolist()) == ([0, 1], [0, 1])
    supply = e2sfca(near, np.array([10.0, 10.0, 10.0]), np.ones(2), np.full(3, 20.0))
    assert supply.access.tolist() == pytest.approx([0.1, 0.1, 0.0])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"minutes": [5, -1, 12, 1]}, r"row\(s\) 3"),
        ({"minutes": [5, "soon", 12, 1]}, r"row\(s\) 3"),
        ({"destination": ["p", "p", "q", "p"]}, r"more than once, in row\(s\) 3"),
        ({"origin": ["X", "Y", "W", "Z"]}, "none of its 4 rows"),
    ],
)
def test_a_matrix_that_cannot_be_used_is_refused_by_row(
    changes: Mapping[str, Sequence[int | str]], message: str
) -> None:
    with pytest.raises(RawFileError, match=message):
        pair_by_journeys(matrix(**changes), ["A", "B", "C"], ["p", "q"], "m.csv")


def test_a_matrix_without_minutes_is_refused() -> None:
    with pytest.raises(RawFileError, match="minutes is missing"):
        pair_by_journeys(matrix().drop(columns="minutes"), ["A"], ["p"], "m.csv")


def test_all_of_england_against_twenty_thousand_places_takes_seconds() -> None:
    random = np.random.default_rng(1)
    towns = random.uniform([100_000, 50_000], [650_000, 600_000], (400, 2))
    origins = towns[random.integers(0, 400, 33_755)] + random.normal(0, 6000, (33_755, 2))
    places = towns[random.integers(0, 400, 20_000)] + random.normal(0, 6000, (20_000, 2))
    reach = random.choice(
        [3000.0, 4000.0, 6000.0, 8000.0, 10000.0, 12000.0], 33_755, p=[0.78, 0.06, 0.06, 0.03, 0.04, 0.03]
    )
    started = time.perf_counter()
    find_nearest(origins, places, 3)
    access(origins, places, reach, np.full(33_755, 180.0), np.ones(20_000))
    assert time.perf_counter() - started < 10


@settings(max_examples=25)
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_places_does_not_matter(
    world: tuple[
        NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]
    ],
    random: Random,
) -> None:
    origins, places, reach, demand, supply = world
    order = list(range(len(places)))
    random.shuffle(order)
    one = access(origins, places, reach, demand, supply).access
    other = access(origins, places[order], reach, demand, supply[order]).access
    assert one == pytest.approx(other)
