from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from pipeline.evidence.validate import correlate_resamples, draw_resamples, spearman, validate_indices
from tests.fixtures.evidence import make_outcome_nation

SHORT = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=4, max_size=40)


@given(SHORT)
def test_correlation_and_every_resample_are_those_of_scipy(pairs: Sequence[tuple[int, int]]) -> None:
    left, right = np.array(pairs, dtype=float).T
    counts = draw_resamples(len(left), 5, np.random.default_rng(3), None)
    drawn = correlate_resamples({"left": left}, right, counts)["left"]
    for count, found in zip(counts, drawn, strict=True):
        again = np.repeat(np.arange(len(left)), count.astype(int))
        if np.ptp(left[again]) and np.ptp(right[again]):
            assert found == pytest.approx(spearmanr(left[again], right[again]).statistic, abs=1e-9)
        else:
            assert np.isnan(found)
    if np.ptp(left) and np.ptp(right):
        assert spearman(left, right) == pytest.approx(spearmanr(left, right).statistic, abs=1e-9)


def test_whole_clusters_are_drawn() -> None:
    clusters = np.array(["a", "a", "b", "b", "c"], dtype=object)
    counts = draw_resamples(5, 50, np.random.default_rng(1), clusters)
    assert (counts[:, 0] == counts[:, 1]).all()
    assert (counts[:, 2] == counts[:, 3]).all()
    assert (counts[:, [0, 2, 4]].sum(axis=1) == 3).all()


def test_a_score_that_goes_with_harm_is_positive_overall_and_within_places() -> None:
    scores, outcome, places = make_outcome_nation()
    result = validate_indices(scores, outcome, places, scores.index[:100], draws=200)
    table = result.agreement.set_index(["candidate", "level", "code"])
    assert table["spearman"].loc[("good", "all", "all")] > 0.9
    assert abs(table["spearman"].loc[("noise", "all", "all")]) < 0.2
    assert table.loc[("good", "area", "area"), "areas"] == 100
    assert result.agreement["level"].value_counts().to_dict() == {"all": 2, "area": 2, "icb": 8, "lad": 16}
    assert (result.agreement["low"] <= result.agreement["spearman"]).all()
    assert (result.agreement["spearman"] <= result.agreement["high"]).all()
    assert result.summary["candidate"].tolist() == ["good", "noise"]


def test_the_outcome_gets_better_from_the_worst_decile_to_the_best() -> None:
    scores, outcome, places = make_outcome_nation()
    table = validate_indices(scores, outcome, places, scores.index, draws=100).calibration
    own = table[table["candidate"] == "good"].set_index("decile")
    assert own["mean"].is_monotonic_increasing
    assert own["areas"].tolist() == [40] * 10
    worst = scores["good"].nlargest(40).index
    assert own.loc[1, "mean"] == pytest.approx(outcome.values[worst].mean())


def test_the_same_seed_gives_the_same_intervals() -> None:
    scores, outcome, places = make_outcome_nation(120)
    first, second = (validate_indices(scores, outcome, places, scores.index, draws=50, seed=4) for _ in "ab")
    pd.testing.assert_frame_equal(first.agreement, second.agreement)
    pd.testing.assert_frame_equal(first.calibration, second.calibration)


def test_places_with_too_few_areas_are_left_out() -> None:
    scores, outcome, places = make_outcome_nation(40)
    assert set(validate_indices(scores, outcome, places, scores.index, draws=20).agreement["level"]) == {"all"}


def test_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    random, covered = np.random.default_rng(8), 0
    truth = 6 / np.pi * np.arcsin(0.6 / 2)
    for _ in range(100):
        left, right = random.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], 150).T
        drawn = correlate_resamples({"left": left}, right, draw_resamples(150, 300, random, None))["left"]
        low, high = np.percentile(drawn, [2.5, 97.5])
        covered += low <= truth <= high
    assert 87 <= covered <= 100


@settings(max_examples=20)
@given(st.floats(0.1, 50), st.floats(-100, 100))
def test_only_the_order_of_a_score_matters(factor: float, shift: float) -> None:
    scores, outcome, _ = make_outcome_nation(60)
    before = spearman(scores["good"].to_numpy(), outcome.harm.to_numpy())
    assert spearman(scores["good"].to_numpy() * factor + shift, outcome.harm.to_numpy()) == pytest.approx(before)
