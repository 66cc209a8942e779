"""Each aggregation against figures worked out by hand, and what must hold for any scores."""

import math
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from pipeline.catalogue.indices import Aggregation
from pipeline.index.aggregate import aggregate

WEIGHTS = np.array([3.0, 1.0])
SCORES = hnp.arrays("float64", st.tuples(st.integers(1, 12), st.just(3)), elements=st.floats(0, 100))
THREE = st.tuples(*[st.floats(0.05, 20)] * 3).map(np.array)


def test_arithmetic_mean_by_hand() -> None:
    result = aggregate(np.array([[10.0, 50.0], [0.0, 100.0]]), WEIGHTS, "arithmetic", 100.0)
    assert result.tolist() == [20.0, 25.0]


def test_weighted_sum_takes_weights_as_given() -> None:
    result = aggregate(np.array([[10.0, 50.0], [0.0, 100.0]]), np.array([0.5, 0.25]), "weighted-sum", 100.0)
    assert result.tolist() == [17.5, 25.0]


def test_geometric_mean_by_hand() -> None:
    result = aggregate(np.array([[15.0, 0.0], [0.0, 0.0], [100.0, 100.0]]), WEIGHTS, "geometric", 100.0)
    assert result == pytest.approx([16**0.75 - 1, 0.0, 100.0])  # (15 + 1)^(3/4) · (0 + 1)^(1/4) - 1 = 7
    assert result[0] == pytest.approx(7.0)


def test_geometric_mean_is_the_same_on_any_scale() -> None:
    scores = np.array([[15.0, 40.0], [0.0, 90.0]])
    on_ten = aggregate(scores / 10, WEIGHTS, "geometric", 10.0)
    assert on_ten * 10 == pytest.approx(aggregate(scores, WEIGHTS, "geometric", 100.0))


def test_missing_scores_are_left_out_and_the_others_reweighted() -> None:
    scores = np.array([[np.nan, 50.0, 20.0], [10.0, np.nan, np.nan], [np.nan] * 3])
    weights = np.array([0.5, 0.3, 0.1])
    assert aggregate(scores, weights, "arithmetic", 100.0) == pytest.approx([42.5, 10.0, math.nan], nan_ok=True)
    assert aggregate(scores, weights, "weighted-sum", 100.0) == pytest.approx([38.25, 9.0, math.nan], nan_ok=True)
    geometric = aggregate(scores, weights, "geometric", 100.0)
    assert geometric == pytest.approx([51**0.75 * 21**0.25 - 1, 10.0, math.nan], nan_ok=True)


@settings(deadline=None)
@given(SCORES, THREE)
def test_means_stay_between_the_parts_and_the_geometric_never_passes_the_arithmetic(
    scores: NDArray[np.float64], weights: NDArray[np.float64]
) -> None:
    arithmetic, geometric = (aggregate(scores, weights, how, 100.0) for how in ("arithmetic", "geometric"))
    for mean in (arithmetic, geometric):
        assert np.all(mean >= scores.min(axis=1))
        assert np.all(mean <= scores.max(axis=1))
    assert np.all(geometric <= arithmetic + 1e-9)


@settings(deadline=None)
@given(st.floats(0, 100), THREE)
def test_the_mean_of_equal_scores_is_that_score_to_the_last_bit(value: float, weights: NDArray[np.float64]) -> None:
    for how in ("arithmetic", "geometric"):
        assert aggregate(np.full((1, 3), value), weights, how, 100.0).tolist() == [value]


@settings(deadline=None)
@given(SCORES, THREE, st.floats(0.01, 100))
def test_scaling_all_weights_changes_only_the_weighted_sum(
    scores: NDArray[np.float64], weights: NDArray[np.float64], factor: float
) -> None:
    changes: dict[Aggregation, float] = {"arithmetic": 1.0, "geometric": 1.0, "weighted-sum": factor}
    for how, expected in changes.items():
        before, after = (aggregate(scores, w, how, 100.0) for w in (weights, weights * factor))
        assert after == pytest.approx(before * expected, abs=1e-7)


@settings(deadline=None)
@given(
    SCORES, THREE, st.integers(0, 2), st.floats(0.01, 50), st.sampled_from(["arithmetic", "geometric", "weighted-sum"])
)
def test_a_higher_part_gives_a_higher_whole(
    scores: NDArray[np.float64], weights: NDArray[np.float64], column: int, more: float, how: Aggregation
) -> None:
    raised = scores.copy()
    raised[:, column] += more
    assert np.all(aggregate(raised, weights, how, 100.0) > aggregate(scores, weights, how, 100.0))


@settings(deadline=None)
@given(SCORES, THREE, st.sampled_from(["arithmetic", "geometric", "weighted-sum"]), st.randoms())
def test_the_place_of_a_row_does_not_change_it(
    scores: NDArray[np.float64],
    weights: NDArray[np.float64],
    how: Aggregation,
    random: Random,
) -> None:
    order = list(range(len(scores)))
    random.shuffle(order)
    whole = aggregate(scores, weights, how, 100.0)
    assert np.array_equal(aggregate(scores[order], weights, how, 100.0), whole[order])
