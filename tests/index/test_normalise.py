"""Each normalisation against figures worked out by hand, and against independent implementations."""

import math
from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from scipy import stats

from pipeline.catalogue.indices import Normalisation
from pipeline.index.normalise import NORMALISERS, min_max, percentile, rank_exponential, z_score

FIVE = np.array([2.0, 4.0, 4.0, 8.0, 12.0])
SAMPLES = hnp.arrays("float64", st.integers(2, 40), elements=st.integers(-50, 50).map(float)).filter(
    lambda x: np.ptp(x) > 0
)


def test_min_max_by_hand() -> None:
    assert min_max(FIVE, FIVE, 1, 10.0).tolist() == [0.0, 2.0, 2.0, 6.0, 10.0]
    assert min_max(FIVE, FIVE, -1, 10.0).tolist() == [10.0, 8.0, 8.0, 4.0, 0.0]
    assert min_max(FIVE, FIVE, 1, 100.0).tolist() == [0.0, 20.0, 20.0, 60.0, 100.0]


def test_min_max_holds_values_beyond_the_reference_at_its_ends() -> None:
    outside = np.array([-5.0, 7.0, 90.0])
    assert min_max(outside, FIVE, 1, 10.0).tolist() == [0.0, 5.0, 10.0]
    assert min_max(outside, FIVE, -1, 10.0).tolist() == [10.0, 5.0, 0.0]


def test_percentile_by_hand() -> None:
    assert percentile(FIVE, FIVE, 1, 1.0).tolist() == [0.2, 0.5, 0.5, 0.8, 1.0]
    assert percentile(FIVE, FIVE, -1, 1.0).tolist() == [1.0, 0.7, 0.7, 0.4, 0.2]


def test_percentile_of_values_that_are_not_in_the_reference() -> None:
    outside = np.array([1.0, 3.0, 10.0, 99.0])
    assert percentile(outside, FIVE, 1, 100.0).tolist() == [10.0, 30.0, 90.0, 100.0]


def test_z_score_by_hand_with_the_population_standard_deviation() -> None:
    values = np.array([2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0])  # mean 5, population sd 2
    expected = [-1.5, -0.5, -0.5, -0.5, 0.0, 0.0, 1.0, 2.0]
    assert z_score(values, values, 1, 100.0).tolist() == expected
    assert z_score(values, values, -1, 100.0).tolist() == [-z for z in expected]
    assert z_score(np.array([13.0]), values, 1, 100.0).tolist() == [4.0]


def test_rank_exponential_by_hand() -> None:
    ranks = np.array([1.0, 2.0, 3.0, 4.0])
    result = rank_exponential(ranks, ranks, -1, 100.0)
    # R = 1, 3/4, 1/2, 1/4 with 1 - exp(-100/23) = 0.98706...
    kept = 1 - math.exp(-100 / 23)
    assert result == pytest.approx(
        [100.0, *(-23 * math.log(1 - share * kept) for share in (0.75, 0.5, 0.25))], abs=1e-9
    )
    assert result[2] == pytest.approx(15.647, abs=0.001)
    assert rank_exponential(ranks, ranks, -1, 10.0) == pytest.approx(result / 10)


def test_rank_exponential_gives_the_worst_tenth_the_upper_half_of_the_scale() -> None:
    ranks = np.arange(1.0, 32845.0)
    result = rank_exponential(ranks, ranks, -1, 100.0)
    assert 49.9 < result[3283] < 50.6
    assert np.count_nonzero(result > 50) / len(ranks) == pytest.approx(0.10, abs=0.003)


def test_rank_exponential_shares_the_average_rank_between_ties() -> None:
    tied = rank_exponential(np.array([5.0, 5.0, 1.0]), np.array([5.0, 5.0, 1.0]), 1, 100.0)
    kept = 1 - math.exp(-100 / 23)
    assert tied[:2] == pytest.approx([-23 * math.log(1 - 2.5 / 3 * kept)] * 2)


@pytest.mark.parametrize("name", NORMALISERS)
def test_missing_values_stay_missing_and_do_not_count_in_the_reference(name: Normalisation) -> None:
    gappy = np.array([2.0, np.nan, 4.0, 4.0, 8.0, np.nan, 12.0])
    result = NORMALISERS[name](gappy, gappy, 1, 100.0)
    assert np.isnan(result).tolist() == np.isnan(gappy).tolist()
    assert result[~np.isnan(gappy)].tolist() == NORMALISERS[name](FIVE, FIVE, 1, 100.0).tolist()


@settings(deadline=None)
@given(SAMPLES)
def test_percentile_is_the_rank_that_pandas_and_scipy_give(values: NDArray[np.float64]) -> None:
    result = percentile(values, values, 1, 1.0)
    assert result == pytest.approx(pd.Series(values).rank(pct=True).to_numpy(), abs=1e-15)
    assert 100 * result == pytest.approx(stats.percentileofscore(values, values, kind="rank"))
    down = percentile(values, values, -1, 1.0)
    assert down == pytest.approx(pd.Series(-values).rank(pct=True).to_numpy(), abs=1e-15)


@settings(deadline=None)
@given(SAMPLES)
def test_z_score_is_what_scipy_gives(values: NDArray[np.float64]) -> None:
    assert z_score(values, values, 1, 1.0) == pytest.approx(stats.zscore(values), abs=1e-9)


@settings(deadline=None)
@given(SAMPLES, st.sampled_from([1.0, 10.0, 100.0]))
def test_directions_mirror(values: NDArray[np.float64], scale: float) -> None:
    assert np.array_equal(min_max(values, values, -1, scale), scale - min_max(values, values, 1, scale))
    assert np.array_equal(z_score(values, values, -1, scale), -z_score(values, values, 1, scale))
    for normaliser in (percentile, rank_exponential):
        assert np.array_equal(normaliser(values, values, -1, scale), normaliser(-values, -values, 1, scale))
    both = percentile(values, values, 1, scale) + percentile(values, values, -1, scale)
    assert both == pytest.approx(np.full(len(values), scale * (len(values) + 1) / len(values)))


@settings(deadline=None)
@given(SAMPLES, st.sampled_from([1, -1]))
def test_extremes_hit_the_ends(values: NDArray[np.float64], direction: int) -> None:
    worst, best = np.argmax(direction * values), np.argmin(direction * values)
    bounded = min_max(values, values, direction, 100.0)
    assert (bounded[worst], bounded[best]) == (100.0, 0.0)
    if np.count_nonzero(values == values[worst]) == 1:
        assert percentile(values, values, direction, 100.0)[worst] == 100.0
        assert rank_exponential(values, values, direction, 100.0)[worst] == pytest.approx(100.0, abs=1e-9)


@settings(deadline=None)
@given(SAMPLES, st.sampled_from([1, -1]), st.sampled_from(sorted(NORMALISERS)), st.randoms())
def test_each_normalisation_is_monotone_and_blind_to_the_order_of_the_reference(
    values: NDArray[np.float64], direction: int, name: Normalisation, random: Random
) -> None:
    shuffled = values[random.sample(range(len(values)), len(values))]
    probes = np.sort(direction * np.concatenate([values, values + 0.5])) * direction
    result = NORMALISERS[name](probes, values, direction, 100.0)
    assert np.all(np.diff(result) >= 0)
    assert np.array_equal(result, NORMALISERS[name](probes, shuffled, direction, 100.0))
    if name != "z-score":
        assert result.min() >= 0.0
        assert result.max() <= 100.0


@settings(deadline=None)
@given(SAMPLES, st.sampled_from(["percentile", "rank-exponential"]))
def test_a_monotone_transform_changes_nothing_under_ranks(values: NDArray[np.float64], name: Normalisation) -> None:
    transformed = np.exp(values / 10) + values
    before, after = (NORMALISERS[name](x, x, 1, 100.0) for x in (values, transformed))
    assert np.array_equal(before, after)


@settings(deadline=None)
@given(SAMPLES, st.floats(0.01, 100), st.floats(-100, 100))
def test_units_and_origin_change_nothing_under_min_max_and_z_score(
    values: NDArray[np.float64], factor: float, shift: float
) -> None:
    moved = factor * values + shift
    for normaliser in (min_max, z_score):
        assert normaliser(moved, moved, 1, 100.0) == pytest.approx(normaliser(values, values, 1, 100.0), abs=1e-6)


@given(SAMPLES, st.sampled_from([1, -1]))
def test_values_among_themselves_stand_where_each_of_them_does_alone(values: NDArray[np.float64], way: int) -> None:
    values = np.append(values, np.nan)
    for normalise in (percentile, rank_exponential):
        together = normalise(values, values, way, 100.0)
        alone = [normalise(np.array([value]), values, way, 100.0)[0] for value in values]
        assert np.array_equal(together, alone, equal_nan=True)
