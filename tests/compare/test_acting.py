"""What is said of declared actions: an effect with its interval, or why nothing can be said."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.catalogue.actions import Action
from pipeline.compare import LEAST_ACTED, Side
from pipeline.compare.acting import compare_actions, list_unknown
from pipeline.store.changes import ActionCompared
from tests.fixtures.sides import make_side, make_truth

NATION = make_truth(400).assign(registered=50.0)
ACTED = NATION.index[::13].tolist()


def act(**options: Any) -> Action:
    given = {"id": "loans", "title": "Tablets on loan", "areas": tuple(ACTED), "start": date(2026, 3, 1)}
    return Action.model_validate({**given, "people_reached": 90, **options})


def runs(planted: float = 0.0, seed: int = 1) -> tuple[Side, Side]:
    """A measure that rises everywhere, and more where something was done."""
    random = np.random.default_rng(seed)
    later = NATION.assign(registered=60 + random.normal(0, 2, len(NATION)) + planted * NATION.index.isin(ACTED))
    return make_side(NATION, date="2026-01-01"), make_side(later, date="2026-12-01")


def only(actions: list[Action], sides: tuple[Side, Side]) -> ActionCompared:
    [result] = compare_actions(actions, *sides, {}).actions
    return result


def test_a_planted_effect_is_said_with_its_interval_and_that_it_proves_no_cause() -> None:
    result = only([act(measure="registered")], runs(5.0))
    assert result.low is not None
    assert result.high is not None
    assert 3 < result.low < 5 < result.high < 7
    assert "registered changed by +" in result.said
    assert "no proof of a cause" in result.said
    assert result.controls > result.matched >= LEAST_ACTED


def test_without_an_effect_that_is_said() -> None:
    result = only([act(measure="registered")], runs())
    assert "did not change otherwise than chance would explain" in result.said


def test_which_areas_were_compared_is_noted() -> None:
    acted = compare_actions([act(measure="registered")], *runs(), {})
    assert acted.acted_on.dropna().index.tolist() == sorted(ACTED)
    similar = acted.similar_to.dropna()
    assert len(similar) == acted.actions[0].controls
    assert not set(similar.index) & set(ACTED)


def test_areas_of_another_action_are_no_controls() -> None:
    others = [code for code in NATION.index if code not in ACTED]
    elsewhere = act(id="skills", title="Courses", areas=tuple(others), measure="registered")
    acted = compare_actions([act(measure="registered"), elsewhere], *runs(), {})
    assert acted.similar_to.isna().all()
    assert all("Too few to say: 0 of" in action.said for action in acted.actions)


def test_codes_that_are_no_lsoas_of_the_nation_are_said() -> None:
    [said] = list_unknown([act(), act(id="old", areas=(ACTED[0], "E01999999"))], runs()[1])
    assert "old (declared/actions.toml) names 1 code(s) that are no LSOAs of 2021" in said
    assert said.endswith("Are they of 2011? E01999999")


SILENT: dict[str, tuple[dict[str, Any], str]] = {
    "few": (
        {"areas": tuple(ACTED[: LEAST_ACTED - 1]), "measure": "registered"},
        "of its 9 neighbourhoods here have similar ones",
    ),
    "before": ({"start": date(2025, 12, 31)}, "before the earlier run"),
    "after": ({"start": date(2026, 12, 2)}, "after the later run"),
    "elsewhere": ({"areas": ("E01999999",)}, "None of its areas lies in this area"),
    "unknown": ({"measure": "nonsense"}, "nonsense, its measure, is no column of numbers in both runs"),
    "words": ({"measure": "kind"}, "kind, its measure, is no column of numbers"),
    "not renewed": ({}, "none of the figures that are compared was renewed"),
}


@pytest.mark.parametrize("name", SILENT)
def test_where_nothing_can_be_said_the_reason_is(name: str) -> None:
    options, said = SILENT[name]
    result = only([act(**options)], runs())
    assert said in result.said
    assert (result.difference, result.low, result.high, result.p_value) == (None,) * 4


def test_the_place_in_the_order_is_compared_where_no_measure_is_named() -> None:
    old, new = runs()
    later = NATION.assign(old_share=NATION["old_share"] * np.where(NATION.index.isin(ACTED), 0.3, 1.0))
    result = only([act()], (old, replace(make_side(later, date=new.date), title="later")))
    assert result.high is not None
    assert result.high < 0, "risk fell where something was done"
    assert result.unit == "percentage points"


def test_an_area_that_one_run_lacks_does_not_count() -> None:
    old, new = runs(5.0)
    gone = replace(new, areas=new.areas.drop(index=ACTED[:3]))
    assert only([act(measure="registered")], (old, gone)).in_area == len(ACTED) - 3
    assert pd.Index(ACTED).isin(old.areas.index).all()
