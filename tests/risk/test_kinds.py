"""The two kinds of exclusion: scores by hand, bounds, what is missing, and that kinds mirror each other."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalogue.kinds import Kinds, read_kinds
from pipeline.errors import ScoringError
from pipeline.risk.kinds import score_kinds
from pipeline.tables import KIND_INDICATORS, KIND_TITLES
from tests.fixtures.folders import DECLARED

OLD = ({"column": "old", "direction": 1, "weight": 2}, {"column": "crowded", "direction": -1})
POOR = ({"column": "poor", "direction": 1},)


def kinds(first: Sequence[object] = OLD, second: Sequence[object] = POOR, above: float = 60) -> Kinds:
    declared = (("age_settled", "Age", first), ("money_skills_health", "Money", second))
    return Kinds.model_validate(
        {
            "stands_out_above": above,
            "why": "w",
            "kinds": [
                {"id": name, "title": title, "sentence": "s", "indicators": tuple(indicators)}
                for name, title, indicators in declared
            ],
        }
    )


def nation(**columns: Sequence[float | None]) -> pd.DataFrame:
    frame = pd.DataFrame(columns, dtype="float64")
    return frame.set_axis([f"E{n}" for n in range(len(frame))])


FIVE = nation(old=[1, 2, 3, 4, 5], crowded=[1, 5, 2, 4, 3], poor=[50, 10, 20, 30, 40])


def test_scores_by_hand() -> None:
    found = score_kinds(FIVE, kinds()).frame
    # Percentiles of old: 20 40 60 80 100; of crowded, fewer first: 100 20 80 40 60. Two parts to one: 46.7 33.3 66.7
    # 66.7 86.7, so that E2 and E3 share the ranks 3 and 4.
    assert found["score_age_settled"].tolist() == pytest.approx([40, 20, 70, 70, 100])
    assert found["score_money_skills_health"].tolist() == pytest.approx([100, 20, 40, 60, 80])
    assert found["kind"].tolist() == ["Money", "Neither", "Age", "Age", "Both"]


def test_a_kind_stands_out_above_the_bound_and_not_at_it() -> None:
    assert score_kinds(FIVE, kinds(above=70)).frame["kind"].tolist() == [
        "Money",
        "Neither",
        "Neither",
        "Neither",
        "Both",
    ]


def test_where_an_indicator_is_missing_the_kind_is_not_said_and_others_are_ranked_without_it() -> None:
    lacking = nation(old=[1, 2, 3, 4, None], crowded=[1, 5, 2, 4, 3], poor=[50, 10, 20, 30, 40])
    found = score_kinds(lacking, kinds())
    assert found.not_scored == {"old": ("E4",)}
    assert found.frame["score_age_settled"].isna().tolist() == [False] * 4 + [True]
    assert found.frame["score_age_settled"].iloc[:4].max() == 100
    assert found.frame["score_money_skills_health"].notna().all()
    assert found.frame["kind"].isna().tolist() == [False] * 4 + [True]


def test_a_column_that_the_nation_has_no_value_of_leaves_all_unsaid() -> None:
    found = score_kinds(FIVE.assign(poor=np.nan), kinds())
    assert found.frame["kind"].isna().all()
    assert found.frame["score_age_settled"].notna().all()
    assert found.not_scored["poor"] == tuple(FIVE.index)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ScoringError, match="no column poor"):
        score_kinds(FIVE.drop(columns="poor"), kinds())


@given(
    st.lists(st.tuples(*[st.integers(0, 6)] * 3), min_size=3, max_size=25).filter(
        lambda rows: all(len(set(column)) > 1 for column in zip(*rows, strict=True))
    ),
    st.integers(0, 99),
)
def test_kinds_mirror_when_their_indicators_are_swapped(rows: list[tuple[int, int, int]], above: int) -> None:
    frame = nation(**dict(zip(("old", "crowded", "poor"), zip(*rows, strict=True), strict=True)))
    one = score_kinds(frame, kinds(OLD, POOR, above)).frame
    other = score_kinds(frame, kinds(POOR, OLD, above)).frame
    assert one["score_age_settled"].tolist() == other["score_money_skills_health"].tolist()
    assert one["score_money_skills_health"].tolist() == other["score_age_settled"].tolist()
    swapped = other["kind"].replace({"Age": "Money", "Money": "Age"})
    assert one["kind"].tolist() == swapped.tolist()


@given(st.permutations(range(5)))
def test_the_order_of_places_does_not_matter(order: list[int]) -> None:
    shuffled = FIVE.iloc[order]
    pd.testing.assert_frame_equal(score_kinds(shuffled, kinds()).frame.sort_index(), score_kinds(FIVE, kinds()).frame)


def test_the_shipped_kinds_are_those_of_the_registry() -> None:
    shipped = read_kinds(DECLARED / "kinds.toml")
    assert shipped.titles == dict(KIND_TITLES)
    assert {kind.id: kind.index.columns for kind in shipped.kinds} == dict(KIND_INDICATORS)
