from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipeline.catalogue import Index
from pipeline.errors import ScoringError
from pipeline.index import deciles, rank_scores, score
from pipeline.index.aggregate import aggregate
from pipeline.index.normalise import min_max, percentile, rank_exponential, z_score
from pipeline.index.rank import Ties

vectors = st.lists(st.integers(-1_000, 1_000), min_size=3, max_size=40).filter(lambda v: len(set(v)) > 1)


def index(**changes: object) -> Index:
    values = {
        "id": "test",
        "title": "Test",
        "description": "For tests",
        "source": "none",
        "normalisation": "percentile",
        "components": [
            {"name": "one", "title": "One", "weight": 1, "indicators": [{"column": "a", "direction": 1}]},
            {"name": "two", "title": "Two", "weight": 3, "indicators": [{"column": "b", "direction": -1}]},
        ],
    }
    return Index.model_validate(values | changes)


def table(a: Sequence[float], b: Sequence[int]) -> pd.DataFrame:
    codes = [f"E0190{number:04d}" for number in range(len(a))]
    return pd.DataFrame({"a": np.array(a, float), "b": np.array(b, float)}, index=pd.Index(codes, name="lsoa21_code"))


def test_min_max_by_hand() -> None:
    x = np.array([2.0, 4.0, 6.0, np.nan])
    assert min_max(x, x, 1, 10)[:3].tolist() == [0, 5, 10]
    assert min_max(x, x, -1, 10)[:3].tolist() == [10, 5, 0]
    assert np.isnan(min_max(x, x, 1, 10)[3])


def test_percentile_by_hand() -> None:
    x = np.array([3.0, 1.0, 1.0, 7.0])
    assert percentile(x, x, 1, 100).tolist() == [75, 37.5, 37.5, 100]
    assert percentile(x, x, -1, 100).tolist() == [50, 87.5, 87.5, 25]


def test_z_score_by_hand() -> None:
    x = np.array([1.0, 3.0])
    assert z_score(x, x, 1, 1).tolist() == [-1, 1]


def test_rank_exponential_ends_are_100_and_just_above_0() -> None:
    x = np.arange(1, 1001, dtype=float)
    result = rank_exponential(x, x, -1, 100)
    assert result[0] == pytest.approx(100)
    assert 0 < result[-1] < 0.05
    # Half of the areas score less than about 16 (technical report: 10% of the areas take 50 to 100).
    assert (result > 50).mean() == pytest.approx(0.1, abs=0.005)


def test_aggregates_by_hand() -> None:
    scores = np.array([[0.0, 100.0], [50.0, 50.0], [np.nan, 80.0], [np.nan, np.nan]])
    weights = np.array([1.0, 3.0])
    assert aggregate(scores, weights, "arithmetic", 100)[:3].tolist() == [75, 50, 80]
    assert aggregate(scores, weights, "weighted-sum", 100)[:2].tolist() == [300, 200]
    geometric = aggregate(scores, weights, "geometric", 100)
    assert geometric[0] < 75
    assert geometric[1] == pytest.approx(50)
    assert np.isnan(geometric[3])


@settings(deadline=None, max_examples=20)
@given(vectors)
def test_extremes_hit_the_ends_and_directions_mirror(values: Sequence[int]) -> None:
    x = np.array(values, float)
    up, down = min_max(x, x, 1, 10), min_max(x, x, -1, 10)
    assert up.min() == 0
    assert up.max() == 10
    assert np.allclose(up, 10 - down)


@settings(deadline=None, max_examples=20)
@given(vectors, st.floats(0.1, 50), st.floats(-100, 100))
def test_scaling_an_indicator_changes_nothing_under_ranks(values: Sequence[int], factor: float, shift: float) -> None:
    x = np.array(values, float)
    assert np.array_equal(percentile(x, x, 1, 100), percentile(np.sign(x) * x**2, np.sign(x) * x**2, 1, 100))
    assert np.allclose(min_max(x, x, 1, 10), min_max(x * factor + shift, x * factor + shift, 1, 10))


@settings(deadline=None, max_examples=20)
@given(st.data(), st.sampled_from(["min-max", "percentile", "z-score", "rank-exponential"]))
def test_order_of_rows_is_irrelevant(data: st.DataObject, how: str) -> None:
    a = data.draw(vectors)
    b = data.draw(st.lists(st.integers(0, 50), min_size=len(a), max_size=len(a)).filter(lambda v: len(set(v)) > 1))
    frame = table(a, b)
    shuffled = frame.iloc[data.draw(st.permutations(range(len(frame))))]
    first, second = score(index(normalisation=how), frame), score(index(normalisation=how), shuffled)
    pd.testing.assert_series_equal(first.score, second.score.reindex(frame.index))
    assert (first.rank == second.rank.reindex(frame.index)).all()


@settings(deadline=None, max_examples=20)
@given(vectors, st.data())
def test_more_risk_never_lowers_a_score(values: Sequence[int], data: st.DataObject) -> None:
    frame = table(values, range(len(values)))
    chosen = data.draw(st.integers(0, len(values) - 1))
    step = data.draw(st.integers(1, 500))
    raised = frame.assign(a=frame["a"] + step * (np.arange(len(frame)) == chosen))
    # A column that becomes constant is refused, which another test holds.
    assume(raised["a"].min() < raised["a"].max())
    for how in ("arithmetic", "geometric"):
        before = score(index(aggregation=how), frame).score.iloc[chosen]
        assert score(index(aggregation=how), raised).score.iloc[chosen] >= before - 1e-9


@settings(deadline=None, max_examples=20)
@given(vectors)
def test_some_areas_score_as_they_do_among_all(values: Sequence[int]) -> None:
    frame = table(values, [v % 7 for v in range(len(values))])
    every, some = score(index(), frame), score(index(), frame, frame.iloc[::2])
    pd.testing.assert_series_equal(some.score, every.score.iloc[::2])


@settings(deadline=None, max_examples=20)
@given(st.lists(st.floats(0, 100), min_size=1, max_size=60), st.sampled_from(["min", "average", "code"]))
def test_ranks(scores: Sequence[float], ties: Ties) -> None:
    series = pd.Series(scores, index=[f"E{number:03d}" for number in range(len(scores))])
    ranks = rank_scores(series, ties)
    assert ranks.iloc[int(np.argmax(scores))] <= ranks.max()
    assert ranks.between(1, len(scores)).all()
    if ties == "code":
        assert sorted(ranks) == list(range(1, len(scores) + 1))
        sizes = deciles(ranks).value_counts()
        assert sizes.max() - sizes.min() <= 1


def test_weights_scaled_change_nothing() -> None:
    frame = table([1, 5, 3], [2, 9, 4])
    doubled = [c.model_dump() | {"weight": c.weight * 2} for c in index().components]
    pd.testing.assert_series_equal(score(index(), frame).score, score(index(components=doubled), frame).score)


def test_a_constant_indicator_is_named() -> None:
    with pytest.raises(ScoringError, match="'a' of component 'one'"):
        score(index(), table([1, 1, 1], [1, 2, 3]))


def test_missing_values_are_refused_by_name() -> None:
    with pytest.raises(ScoringError, match=r"a: 1 area\(s\): E01900001"):
        score(index(), table([1, np.nan, 3], [1, 2, 3]))


def test_infinite_and_absent_columns_are_refused() -> None:
    with pytest.raises(ScoringError, match=r"infinite.*E01900002"):
        score(index(), table([1, 2, np.inf], [1, 2, 3]))
    with pytest.raises(ScoringError, match="no column b"):
        score(index(), table([1, 2, 3], [1, 2, 3]).drop(columns="b"))


def test_reweighting_counts_and_names() -> None:
    frame = table([1, np.nan, 3], [1, 2, 3])
    result = score(index(missing="reweight"), frame)
    assert result.indicators_missing.tolist() == [0, 1, 0]
    assert result.missing == {"a": ("E01900001",)}
    assert result.score.iloc[1] == result.components["two"].iloc[1]
    whole = table([1, 2, 3], [1, 2, 3])
    pd.testing.assert_series_equal(score(index(missing="reweight"), whole).score, score(index(), whole).score)


def test_imputing_takes_the_median_of_the_class_and_says_so() -> None:
    frame = table([10, 20, 30, np.nan, 90], [1, 2, 3, 4, 5]).assign(kind=["x", "x", "x", "x", "y"])
    result = score(index(missing="impute", impute_by="kind"), frame)
    assert result.imputed == {"a": ("E01900003",)}
    assert result.indicators_missing.sum() == 1
    assert result.normalised.loc["E01900003", "one.a"] == 50


def test_inputs_are_not_changed() -> None:
    frame = table([1, 2, 3], [3, 2, 1])
    before = frame.copy()
    score(index(), frame)
    pd.testing.assert_frame_equal(frame, before)
