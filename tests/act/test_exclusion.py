"""Capacity and the score of exclusion: by hand, and what they must keep to."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.act.exclusion import score_capacity, score_exclusion
from pipeline.catalogue.places import Exclusion, Formula
from pipeline.errors import ScoringError
from tests.fixtures.indices import make_series


def test_capacity_is_the_percentile_of_access_and_nothing_within_reach_is_nothing() -> None:
    found = score_capacity(make_series([0.0, 0.0, 0.5, 2.0]))
    assert found["capacity_score"].tolist() == [0.0, 0.0, 75.0, 100.0]
    assert found["capacity_decile"].tolist() == [3, 3, 8, 10]


def test_capacity_is_compared_with_the_reference() -> None:
    assert score_capacity(make_series([1.0]), make_series(range(10)))["capacity_score"].tolist() == [20.0]


def test_areas_without_any_place_all_have_no_capacity() -> None:
    found = score_capacity(make_series([0.0] * 5))
    assert found["capacity_score"].tolist() == [0.0] * 5
    result = score_exclusion(make_series([10.0, 20, 30, 40, 50]), found["capacity_score"], Exclusion())
    assert result["exclusion_rank"].tolist() == [5, 4, 3, 2, 1]


def test_missing_access_is_named() -> None:
    with pytest.raises(ScoringError, match="A1"):
        score_capacity(make_series([1.0, np.nan]))


@given(st.lists(st.floats(0, 100), min_size=2, max_size=20), st.data())
def test_more_access_never_means_less_capacity(values: Sequence[float], data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(values) - 1))
    before = score_capacity(make_series(values))["capacity_score"]
    raised = list(values)
    raised[number] += 5
    assert score_capacity(make_series(raised))["capacity_score"].iloc[number] >= before.iloc[number]


@pytest.mark.parametrize(
    ("formula", "expected"), [("geometric", [(50 * 80) ** 0.5, 10.0, 0.0]), ("arithmetic", [65.0, 50.5, 12.5])]
)
def test_the_two_formulas(formula: Formula, expected: Sequence[float]) -> None:
    """Risks of 30, 90, 20 and 10 are the percentiles 75, 100, 50 and 25."""
    risk, capacity_score = make_series([20.0, 90.0, 10.0, 30.0]), make_series([20.0, 99.0, 100.0, 50.0])
    found = score_exclusion(risk, capacity_score, Exclusion(formula=formula))
    assert found["exclusion_score"].tolist()[:3] == pytest.approx(expected)


@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=1, max_size=12),
    st.floats(0, 100),
    st.sampled_from(["geometric", "arithmetic"]),
)
def test_exclusion_rises_with_risk_and_falls_with_capacity(
    areas: Sequence[tuple[float, float]], step: float, formula: Formula
) -> None:
    how = Exclusion(formula=formula)
    risk, capacity_score = make_series([r for r, _ in areas]), make_series([c for _, c in areas])
    riskier, served = risk.copy(), capacity_score.copy()
    riskier.iloc[0] = min(100.0, risk.iloc[0] + step)
    served.iloc[0] = min(100.0, capacity_score.iloc[0] + step)
    first = score_exclusion(risk, capacity_score, how)["exclusion_score"].iloc[0]
    assert score_exclusion(riskier, capacity_score, how)["exclusion_score"].iloc[0] >= first - 1e-9
    assert score_exclusion(risk, served, how)["exclusion_score"].iloc[0] <= first + 1e-9


@given(st.lists(st.integers(1, 99).map(float), min_size=3, max_size=12))
def test_only_the_order_of_risks_matters(values: Sequence[float]) -> None:
    capacity_score = make_series(np.linspace(0, 100, len(values)))
    one = score_exclusion(make_series(values), capacity_score, Exclusion())["exclusion_score"]
    other = score_exclusion(make_series(np.array(values) / 10 + 3), capacity_score, Exclusion())["exclusion_score"]
    assert one.tolist() == pytest.approx(other.tolist())


def test_scores_of_different_areas_are_refused() -> None:
    with pytest.raises(ScoringError, match="same areas"):
        score_exclusion(make_series([1.0]), make_series([1.0], "B"), Exclusion())
