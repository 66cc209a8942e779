"""How likely a score is right."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evidence.chance import fit_chance, is_worst, judge_lists, measure_rightness, place_scores
from pipeline.evidence.outcome import Outcome


def test_places_are_halves_between_ranks() -> None:
    places = place_scores(pd.Series([10.0, 40.0, 20.0, 30.0], index=list("abcd")))
    assert places.to_dict() == {"a": 0.875, "b": 0.125, "c": 0.625, "d": 0.375}


def test_the_worst_tenth_is_the_tenth_with_the_most_harm() -> None:
    assert is_worst(np.arange(20.0)).sum() == 2
    assert is_worst(np.arange(20.0))[-2:].all()


def test_a_worked_curve() -> None:
    """Of 100 areas the first five are truly among the worst, and of the next five two, out of order."""
    places = (np.arange(100) + 0.5) / 100
    worst = np.zeros(100, dtype=bool)
    worst[[0, 1, 2, 3, 4, 7, 9]] = True
    top, chance = fit_chance(places, worst)
    at = np.interp([0.0, 0.045, 0.06, 0.09, 0.3, 0.99], top, chance)
    assert at[:2].tolist() == [1, 1]
    # The classes from 5% to 6.5%, 8% and 10% hold 0 of 1, 1 of 2 and 1 of 2: pooled they are 2 of 5.
    assert at[3] == pytest.approx(0.4)
    assert at[4:].tolist() == [0, 0]


@given(st.integers(0, 10_000), st.integers(1, 400))
def test_the_chance_never_rises_as_the_score_falls(seed: int, areas: int) -> None:
    random = np.random.default_rng(seed)
    top, chance = fit_chance(random.uniform(0, 1, areas), random.random(areas) < 0.3)
    assert (np.diff(top) > 0).all()
    assert (np.diff(chance) <= 0).all()
    assert ((chance >= 0) & (chance <= 1)).all()


def test_the_chance_of_a_score_that_says_all_and_of_one_that_says_nothing() -> None:
    random = np.random.default_rng(1)
    codes = [f"E01{n:06}" for n in range(4000)]
    harm = pd.Series(random.normal(size=4000), index=codes)
    boards = pd.Series([f"E5400000{n % 8}" for n in range(4000)], index=codes)
    outcome = Outcome("o", harm, False, "2021", 4000, {}, title="In words")
    perfect = measure_rightness(harm, outcome, boards)
    assert perfect.chance.title == "In words"
    assert [band.observed for band in perfect.reliability] == [1, 1, 1, 0, 0, 0]
    assert [band.observed for band in perfect.local] == [1, 1, 1]
    blind = measure_rightness(pd.Series(random.normal(size=4000), index=codes), outcome, boards)
    assert max(abs(band.said - 0.1) for band in blind.reliability) < 0.06
    assert sum(band.areas for band in blind.reliability) == 4000


def test_what_is_said_comes_true_where_it_was_not_fitted() -> None:
    random = np.random.default_rng(2)
    codes = [f"E01{n:06}" for n in range(8000)]
    score = pd.Series(random.normal(size=8000), index=codes)
    harm = score + pd.Series(random.normal(size=8000), index=codes)
    boards = pd.Series(random.choice(list("ABCDEFGH"), 8000), index=codes)
    rightness = measure_rightness(score, Outcome("o", harm, False, "2021", 8000, {}), boards)
    for band in rightness.reliability:
        assert band.said == pytest.approx(band.observed, abs=0.1)
    assert rightness.reliability[0].observed > rightness.reliability[3].observed > rightness.reliability[5].observed


def test_boards_with_few_areas_have_no_list() -> None:
    assert judge_lists(np.arange(20.0), np.arange(20.0), np.array(["A"] * 20, dtype=object)) == ()
