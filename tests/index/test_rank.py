"""Ranks and deciles: 1 is the highest risk."""

import math
from collections.abc import Sequence
from random import Random
from typing import Literal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from pipeline.errors import ScoringError
from pipeline.index import deciles, rank_scores
from pipeline.index.rank import (
    TOLERANCE,
    Ties,
    count_higher,
    count_upto,
    rank_many,
    rank_rows,
    rank_values,
    settle_ties,
    take_quantiles,
)

TIED = pd.Series([50.0, 80.0, 50.0, 10.0, 80.0], index=["E05", "E03", "E01", "E04", "E02"])
SCORES = st.lists(st.integers(0, 30), min_size=1, max_size=60).map(
    lambda values: pd.Series([float(v) for v in values], index=[f"E{i:03}" for i in range(len(values))])
)

NEARLY = st.sampled_from([0.0, 1e-13, 5e-10, 1e-9, 2e-9, 1e-6])
ROWS = st.tuples(st.integers(1, 5), st.integers(1, 30)).flatmap(
    lambda shape: st.tuples(
        hnp.arrays("float64", shape, elements=st.integers(0, 9).map(float)),
        hnp.arrays("float64", shape, elements=NEARLY),
    ).map(lambda parts: np.asarray(parts[0] + parts[1]))
)
"""Rows of scores, some of which are equal or nearly so."""


@pytest.mark.parametrize(
    ("ties", "expected"),
    [("min", [3, 1, 3, 5, 1]), ("average", [3.5, 1.5, 3.5, 5.0, 1.5]), ("code", [4, 2, 3, 5, 1])],
)
def test_ties_by_hand(ties: Ties, expected: Sequence[float]) -> None:
    ranks = rank_scores(TIED, ties)
    assert ranks.to_dict() == dict(zip(TIED.index, expected, strict=True))
    assert ranks.dtype == ("float64" if ties == "average" else "int64")
    assert ranks.name == "rank"


def test_scores_apart_by_rounding_noise_only_are_ties() -> None:
    # Both are 0.6 in exact arithmetic, and they differ in binary.
    one, other = 0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1
    assert one != other
    assert rank_scores(pd.Series([one, other], index=["A", "B"])).tolist() == [1, 1]


def test_ties_hold_across_a_rounding_boundary_and_real_differences_do_not_vanish() -> None:
    boundary = 0.5e-9
    scores = pd.Series([1 + boundary - 1e-12, 1 + boundary + 1e-12, 1 + 1e-8], index=["A", "B", "C"])
    assert rank_scores(scores).tolist() == [2, 2, 1]


def test_a_missing_score_is_refused_by_code() -> None:
    with pytest.raises(ScoringError, match=r"^1 area\(s\) have no score to rank: E09$"):
        rank_scores(pd.Series([1.0, math.nan], index=["E01", "E09"]))


@settings(deadline=None)
@given(SCORES, st.randoms())
def test_ranks_with_ties_by_code_are_a_permutation_in_order_of_score_then_code(
    scores: pd.Series, random: Random
) -> None:
    codes = list(scores.index)
    random.shuffle(codes)
    ranks = rank_scores(scores[codes], "code")
    assert sorted(ranks) == list(range(1, len(scores) + 1))
    assert ranks.sort_values().index.tolist() == sorted(codes, key=lambda code: (-scores[code], code))


@settings(deadline=None)
@given(SCORES, st.sampled_from(["min", "average", "code"]), st.randoms())
def test_ranks_do_not_depend_on_the_order_of_rows(scores: pd.Series, ties: Ties, random: Random) -> None:
    codes = list(scores.index)
    random.shuffle(codes)
    pd.testing.assert_series_equal(rank_scores(scores[codes], ties), rank_scores(scores, ties)[codes])


@settings(deadline=None)
@given(SCORES, st.sampled_from(["min", "average"]))
def test_ranks_are_those_of_pandas(scores: pd.Series, ties: Literal["min", "average"]) -> None:
    expected = scores.rank(ascending=False, method=ties)
    assert rank_scores(scores, ties).tolist() == expected.tolist()


def test_deciles_by_hand() -> None:
    ranks = pd.Series([1, 3, 4, 32, 33], index=list("ABCDE")).reindex([*"ABCDE", *range(28)], fill_value=20)
    assert deciles(ranks)[list("ABCDE")].tolist() == [1, 1, 2, 10, 10]  # N = 33: ceil(10·3/33) = 1, ceil(10·4/33) = 2
    assert deciles(pd.Series(range(1, 11))).tolist() == list(range(1, 11))


@settings(deadline=None)
@given(st.integers(1, 500))
def test_decile_sizes_differ_by_at_most_one_without_ties(count: int) -> None:
    scores = pd.Series(np.arange(count, dtype="float64"), index=[f"E{i:04}" for i in range(count)])
    sizes = deciles(rank_scores(scores)).value_counts().reindex(range(1, 11), fill_value=0)
    assert sizes.sum() == count
    assert sizes.max() - sizes.min() <= 1


@given(ROWS)
def test_rows_are_ranked_as_each_is_alone(scores: NDArray[np.float64]) -> None:
    expected = [rank_values(row, "min").tolist() for row in scores]
    assert rank_rows(scores).tolist() == expected
    assert rank_many(scores, np.uint16).tolist() == expected


@given(ROWS)
def test_higher_scores_are_counted_one_by_one(scores: NDArray[np.float64]) -> None:
    expected = [[int((row > one + TOLERANCE).sum()) for one in row] for row in scores]
    assert count_higher(scores).tolist() == expected
    ordered = np.sort(scores[0])
    assert (len(ordered) - count_upto(ordered, scores[0] + TOLERANCE)).tolist() == expected[0]


def test_scores_that_differ_by_less_than_whole_numbers_can_say_are_still_in_order() -> None:
    # Beside a score of a million, steps of a hundred millionth come out as the same whole number.
    scores = np.array([[1e6, 3e-8, 1e-8, 2e-8, 0.0]])
    assert rank_rows(scores).tolist() == [[1, 2, 4, 3, 5]]
    assert rank_rows(np.full((2, 3), 7.0)).tolist() == [[1, 1, 1], [1, 1, 1]]
    assert rank_rows(np.empty((3, 0))).shape == (3, 0)


@given(hnp.arrays("uint16", st.tuples(st.integers(1, 40), st.integers(0, 6))), st.floats(0, 1))
def test_quantiles_of_draws_are_those_of_numpy(drawn: NDArray[np.uint16], share: float) -> None:
    (ours,) = take_quantiles(drawn, [share])
    assert ours.tolist() == np.quantile(drawn, share, axis=0, method="inverted_cdf").tolist()


@given(ROWS)
def test_ranks_without_ties_are_their_own_average(scores: NDArray[np.float64]) -> None:
    lowest = rank_values(scores[0], "min").astype("int64")
    many = np.bincount(lowest)[lowest]
    assert settle_ties(lowest, "average").tolist() == (lowest + (many - 1) / 2).tolist()
