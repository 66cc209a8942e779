"""Who entered and left the worst tenth, and why; and what is not compared at all."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import tables
from pipeline.catalogue import Uncertainty
from pipeline.compare import Side, compare_sides, refuse_incomparable
from pipeline.compare.crossing import say_value
from pipeline.errors import CompareError
from pipeline.tables import CHANGES
from pipeline.tables.changes import (
    BY_BOUNDARY,
    BY_METHOD,
    BY_OTHERS,
    BY_VALUES,
    BY_WEIGHTS,
    ENTERED,
    LEFT,
    ONLY_NEW,
    ONLY_OLD,
    OUTSIDE,
    STAYED,
)
from tests.fixtures.sides import SURE, make_comparison_index, make_side, make_truth, within

NATION = make_truth(200)
COLUMNS = {"old_share": tables.Column("old_share", "share", "population", "Old", "Old residents", of="residents")}


def compared(old: Side, new: Side, uncertainty: Uncertainty | None = SURE) -> pd.DataFrame:
    frame = compare_sides(old, new, uncertainty, COLUMNS).frame
    tables.validate(frame, CHANGES, "a test")
    return frame.set_index("lsoa21_code")


def far_from_the_top(side: Side) -> str:
    return str(side.areas["rank"].idxmax())


def test_one_area_enters_by_its_values_and_one_leaves_because_of_it() -> None:
    old = make_side(NATION)
    entering, last = far_from_the_top(old), str((old.areas["rank"] - 20).abs().idxmin())
    later = NATION.copy()
    later.loc[entering, ["old_share", "poor_share"]] = [0.9, 0.9]
    frame = compared(old, make_side(later))
    status = frame["worst_tenth_england"]
    assert status.index[status == ENTERED].tolist() == [entering]
    assert status.index[status == LEFT].tolist() == [last]
    assert frame.loc[entering, "reason_england"] == BY_VALUES
    assert frame.loc[last, "reason_england"] == BY_OTHERS
    assert (frame.loc[entering, "moved"], frame.loc[last, "moved"]) == (True, False)
    assert (status == STAYED).sum() == 19
    assert frame.loc[entering, "main_indicator_new"] in ("90.0%", "0.90")
    assert frame["reason_england"].notna().sum() == 2


def test_another_index_is_the_reason_of_all_that_cross() -> None:
    frame = compared(make_side(NATION), make_side(NATION, make_comparison_index(1, 5, 5)))
    assert set(frame["reason_england"].dropna()) == {BY_WEIGHTS}
    assert set(frame["reason"].dropna()) == {BY_WEIGHTS}
    assert frame["main_indicator"].isna().all()
    assert not frame["values_changed"].any()


def test_another_normalisation_is_method() -> None:
    frame = compared(make_side(NATION), make_side(NATION, make_comparison_index(normalisation="min-max")))
    assert set(frame["reason"].dropna()) == {BY_METHOD}


def test_what_this_program_ranks_otherwise_than_published_is_of_the_program() -> None:
    old = make_side(NATION)
    published = old.areas["rank"].to_numpy() % len(NATION) + 1
    earlier = replace(old, areas=old.areas.assign(rank=published))
    frame = compared(earlier, old)
    assert (frame["part_program"] == frame["rank_change"]).all()
    assert set(frame["reason"].dropna()) == {BY_METHOD}


@settings(max_examples=15)
@given(st.integers(0, 500))
def test_the_parts_of_the_table_add_up(seed: int) -> None:
    random = np.random.default_rng(seed)
    later = NATION.assign(old_share=random.permutation(NATION["old_share"]))
    old = make_side(NATION)
    shifted = replace(old, areas=old.areas.assign(rank=(old.areas["rank"] + int(random.integers(0, 3))).clip(1, 200)))
    frame = compared(shifted, make_side(later, make_comparison_index(2, 3, 4, normalisation="min-max")), None)
    parts = frame[["part_indicators", "part_weights", "part_method", "part_program"]].sum(axis=1)
    np.testing.assert_allclose(parts, frame["rank_change"], atol=1e-6)


def test_areas_that_come_and_go_do_so_with_the_boundary() -> None:
    side = make_side(NATION)
    codes = NATION.index[50:150]
    old, new = within(side, codes[:-1]), within(side, codes[1:])
    frame = compared(old, new)
    assert frame.loc[codes[0], "run"] == ONLY_OLD
    assert frame.loc[codes[-1], "run"] == ONLY_NEW
    assert frame.loc[[codes[0], codes[-1]], "reason"].tolist() == [BY_BOUNDARY] * 2
    assert len(frame) == 100
    assert not frame["moved"].any()


def test_the_worst_tenth_of_the_area_is_told_from_that_of_the_nation() -> None:
    side = make_side(NATION)
    best = side.areas["rank"].nlargest(50).index
    later = NATION.copy()
    later.loc[best[0], ["old_share", "poor_share"]] = NATION[["old_share", "poor_share"]].quantile(0.6)
    frame = compared(within(side, best), within(make_side(later), best))
    assert (frame["worst_tenth_england"] == OUTSIDE).all()
    assert frame["worst_tenth_area"].value_counts()[ENTERED] >= 1
    assert frame.loc[best[0], "reason_area"] == BY_VALUES


def test_values_carried_over_to_another_outline_cross_with_the_boundary() -> None:
    old = make_side(NATION)
    entering = far_from_the_top(old)
    later = NATION.copy()
    later.loc[entering, "old_share"] = 0.9
    words = pd.Series("unchanged", index=NATION.index, dtype="object")
    words[entering] = "split"
    frame = compared(replace(old, redrawn=words), make_side(later))
    assert frame.loc[entering, "reason"] == BY_BOUNDARY
    assert frame["redrawn"].value_counts().to_dict() == {"unchanged": 199, "split": 1}


OTHER: dict[str, tuple[dict[str, Any], str]] = {
    "kind": ({"kind": "release"}, "a run is compared with a run, a release with a release"),
    "area": ({"area": "elsewhere"}, "a comparison is of one area at two times"),
    "reference": ({"reference": "area"}, "ranks by two references do not mean the same. Set the same reference"),
}


@pytest.mark.parametrize("name", OTHER)
def test_figures_that_do_not_mean_the_same_are_refused(name: str) -> None:
    changed, said = OTHER[name]
    side = make_side(NATION)
    with pytest.raises(CompareError, match=said):
        refuse_incomparable(side, replace(side, **changed))


def test_other_codes_are_refused_with_the_way_through_the_lookup() -> None:
    side = make_side(NATION)
    former = NATION.rename(index={NATION.index[0]: "E01999999"})
    with pytest.raises(
        CompareError, match=r"1 are in the first alone \(E01000000\).*carried over .* by the official lookup"
    ):
        refuse_incomparable(side, make_side(former))
    with pytest.raises(CompareError, match="no LSOA in common"):
        refuse_incomparable(within(side, NATION.index[:5]), within(side, NATION.index[5:9]))


def test_a_column_that_nobody_has_is_refused() -> None:
    index = make_comparison_index()
    lacking = replace(make_side(NATION), compared=NATION.drop(columns="slow"))
    with pytest.raises(CompareError, match="has the column slow"):
        compare_sides(lacking, replace(lacking, index=index), SURE, {})


@pytest.mark.parametrize(
    ("value", "column", "said"),
    [(0.1234, COLUMNS["old_share"], "12.3%"), (3.14159, None, "3.14"), (float("nan"), None, "missing")],
)
def test_values_in_words(value: float, column: tables.Column | None, said: str) -> None:
    assert say_value(value, column) == said
