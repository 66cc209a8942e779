"""Local statistics by hand and against esda; what is called a hot spot, and what is not."""

import warnings

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from pipeline.space import CATEGORIES, find_hotspots, find_queen_neighbours
from pipeline.space.hotspots import adjust_for_false_discovery, lags
from pipeline.space.neighbours import Neighbours
from tests.fixtures.grids import grid, neighbours_of

NINE = find_queen_neighbours(grid(3, 3))


def test_morans_i_of_a_grid_by_hand() -> None:
    """Scores 1 to 9, row after row; mean 5, deviations −4 to 4, their mean square 60/9.

    Corner 1: neighbours 2, 4, 5, deviations −3, −1, 0, mean −4/3; I = −4 · (−4/3) / (60/9) = 0.8.
    Side 2: neighbours 1, 3, 4, 5, 6: mean −6/5; I = −3 · (−6/5) / (60/9) = 0.54.
    Corner 3: neighbours 2, 5, 6: mean −2/3; I = −2 · (−2/3) / (60/9) = 0.2.
    Side 4: neighbours 1, 2, 5, 7, 8: mean −2/5; I = −1 · (−2/5) / (60/9) = 0.06.
    The middle is 0, and the other half mirrors the first. Mean: 2 · (0.8 + 0.54 + 0.2 + 0.06) / 9 = 3.2 / 9.
    """
    found = find_hotspots(np.arange(1.0, 10.0), NINE, 99, 1, 0.05)
    assert found.moran == pytest.approx([0.8, 0.54, 0.2, 0.06, 0, 0.06, 0.2, 0.54, 0.8])
    assert found.global_moran == pytest.approx(3.2 / 9)


def test_a_permutation_p_value_by_counting() -> None:
    """Three squares in a row: the first has one neighbour of two others; each comes up half of the time."""
    row = find_queen_neighbours(grid(1, 3))
    found = find_hotspots(np.array([0.0, 5.0, 10.0]), row, 1999, 1, 0.05)
    # The neighbour of area 0 is the smaller of the two others: all draws are at least it, half are at most it.
    assert found.p_value == pytest.approx([1.0, 1.0, 1.0], abs=0.06)
    assert set(found.category) == {"Not significant"}


@pytest.fixture(scope="module")
def clustered() -> tuple[NDArray[np.float64], Neighbours, int]:
    """A grid with a high corner and a low one, an outlier in each, and an island."""
    size = 14
    y, x = np.mgrid[0:size, 0:size]
    random = np.random.default_rng(5)
    scores = random.normal(0, 0.3, (size, size)) + 3 * (x + y < 9) - 3 * (x + y > 17)
    scores[2, 2], scores[11, 11] = -3, 3
    geometry = np.array([*grid(size, size), shapely.box(50, 50, 51, 51)], dtype=object)
    return np.append(scores.ravel(), 10.0), find_queen_neighbours(geometry), size


def test_clusters_and_outliers_are_named(clustered: tuple[NDArray[np.float64], Neighbours, int]) -> None:
    scores, neighbours, size = clustered
    found = find_hotspots(scores, neighbours, 999, 1, 0.05)
    where = found.category[:-1].reshape(size, size)
    assert where[1, 5] == where[4, 1] == "Hot spot"
    assert where[12, 8] == "Cold spot"
    assert where[2, 2] == "Low among high"
    assert where[11, 11] == "High among low"
    assert where[0, 13] == "Not significant"
    assert found.category[-1] == "No neighbours"
    assert np.isnan(found.p_value[-1])
    assert sum(found.counts.values()) == len(scores)
    assert list(found.counts) == list(CATEGORIES)


def test_an_island_takes_no_part(clustered: tuple[NDArray[np.float64], Neighbours, int]) -> None:
    scores, neighbours, _ = clustered
    found = find_hotspots(scores, neighbours, 199, 1, 0.05)
    other = find_hotspots(np.append(scores[:-1], -1e6), neighbours, 199, 1, 0.05)
    np.testing.assert_array_equal(found.category, other.category)
    np.testing.assert_array_equal(found.moran, other.moran)


@pytest.mark.slow
def test_statistics_and_p_values_are_those_of_esda(clustered: tuple[NDArray[np.float64], Neighbours, int]) -> None:
    scores, neighbours, _ = clustered
    scores, count = scores[:-1], len(scores) - 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import esda
        from libpysal.weights import W

        weights = W({i: neighbours_of(neighbours, i) for i in range(count)}, silence_warnings=True)
        moran = esda.Moran_Local(scores, weights, permutations=9999, seed=1)
        # esda divides by the sum of the scores, so its sign is right only where that is positive.
        star = esda.G_Local(scores + 100, weights, transform="B", star=True, permutations=9999, seed=1)
        whole = esda.Moran(scores, weights, permutations=0)
    found = find_hotspots(scores, find_queen_neighbours(grid(14, 14)), 9999, 2, 0.05)
    # esda divides by N − 1 here, and by N for the whole.
    assert found.moran * (count - 1) / count == pytest.approx(moran.Is)
    assert found.global_moran == pytest.approx(moran.Is.mean() * count / (count - 1))
    assert np.sign(found.global_moran) == np.sign(whole.I)
    # esda's p-values are of the nearer side; ours is of both, and the same for local Moran's I and for Gi*.
    for statistic in (moran, star):
        assert np.abs(np.minimum(2 * statistic.p_sim, 1) - found.p_value).max() < 0.03
    assert (star.Zs[found.category == "Hot spot"] > 0).all()
    assert (star.Zs[found.category == "Cold spot"] < 0).all()


def test_neighbours_are_those_of_libpysal() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import geopandas as gpd
        from libpysal.weights import Queen

        geometry = grid(4, 5)
        theirs = Queen.from_dataframe(gpd.GeoDataFrame(geometry=geometry), use_index=False, silence_warnings=True)
    ours = find_queen_neighbours(geometry)
    assert [sorted(theirs.neighbors[i]) for i in range(20)] == [neighbours_of(ours, i) for i in range(20)]


def test_without_clusters_few_are_found() -> None:
    """Scores dealt out at random: all discoveries are false, and most runs make none."""
    neighbours, random = find_queen_neighbours(grid(12, 12)), np.random.default_rng(1)
    any_found = [
        (find_hotspots(random.normal(size=144), neighbours, 1999, run, 0.1).adjusted <= 0.1).any() for run in range(60)
    ]
    assert np.mean(any_found) <= 0.2


@given(arrays("float64", 30, elements=st.floats(-100, 100, width=16)), st.floats(0.5, 10), st.floats(-50, 50))
@settings(max_examples=40, deadline=None)
def test_neither_unit_nor_origin_matters(scores: NDArray[np.float64], factor: float, offset: float) -> None:
    neighbours = find_queen_neighbours(grid(5, 6))
    if np.ptp(scores) < 1:
        return
    found = find_hotspots(scores, neighbours, 99, 1, 0.2)
    other = find_hotspots(scores * factor + offset, neighbours, 99, 1, 0.2)
    np.testing.assert_allclose(other.moran, found.moran, atol=1e-6)
    np.testing.assert_array_equal(other.p_value, found.p_value)


def test_scores_that_are_all_the_same_and_areas_that_are_all_islands() -> None:
    same = find_hotspots(np.ones(9), NINE, 99, 1, 0.05)
    assert set(same.category) == {"Not significant"}
    assert np.isnan(same.global_moran)
    islands = find_queen_neighbours(np.array([shapely.box(3 * i, 0, 3 * i + 1, 1) for i in range(3)]))
    alone = find_hotspots(np.array([1.0, 2.0, 3.0]), islands, 99, 1, 0.05)
    assert set(alone.category) == {"No neighbours"}
    assert np.isnan(lags(np.ones(3), islands)).all()


def test_the_false_discovery_rate_by_hand() -> None:
    """Benjamini & Hochberg (1995): p · m / rank, made to rise."""
    adjusted = adjust_for_false_discovery(np.array([0.01, 0.04, np.nan, 0.03, 0.5]))
    assert adjusted[[0, 1, 3, 4]] == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])
    assert np.isnan(adjusted[2])
    from scipy.stats import false_discovery_control

    p_values = np.random.default_rng(1).random(200)
    assert adjust_for_false_discovery(p_values) == pytest.approx(false_discovery_control(p_values))


def test_the_same_seed_gives_the_same() -> None:
    scores = np.random.default_rng(2).normal(size=9)
    first, second = find_hotspots(scores, NINE, 99, 7, 0.05), find_hotspots(scores, NINE, 99, 7, 0.05)
    np.testing.assert_array_equal(first.p_value, second.p_value)
