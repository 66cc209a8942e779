"""Reasons in words an analyst understands."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from pipeline.stages.changes import code_changes, declared_changes, file_changes
from pipeline.store import ABSENT

INDEX: dict[str, Any] = {
    "id": "norfolk-waveney",
    "components": [
        {"name": "age", "weight": 24.0, "indicators": [{"column": "share_75_plus", "weight": 22.0, "direction": 1}]},
        {"name": "income", "weight": 19.0, "indicators": [{"column": "income_deprivation", "weight": 2.0}]},
    ],
}
VALUES = st.recursive(
    # A key without a value is the same as no key.
    st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def _changed(**values: JsonValue) -> dict[str, JsonValue]:
    first, second = INDEX["components"]
    indicator = {**first["indicators"][0], **values}
    return {**INDEX, "components": [{**first, "indicators": [indicator]}, second]}


def _lines(old: JsonValue, new: JsonValue) -> list[str]:
    return list(
        declared_changes({"declared/indices/norfolk-waveney.toml": old}, {"declared/indices/norfolk-waveney.toml": new})
    )


def test_a_weight_is_named_with_its_indicator() -> None:
    assert _lines(INDEX, _changed(weight=30.0)) == ["share_75_plus: weight 22 → 30 in norfolk-waveney.toml"]


def test_what_is_added_and_taken_out_is_named() -> None:
    shorter = {**INDEX, "components": INDEX["components"][:1]}
    assert _lines(INDEX, shorter) == ["income removed in norfolk-waveney.toml"]
    assert _lines(shorter, INDEX) == ["income added in norfolk-waveney.toml"]


def test_the_first_of_a_list_is_added_by_its_name() -> None:
    assert _lines([], [{"id": "asked_for_help"}]) == ["asked_for_help added in norfolk-waveney.toml"]
    assert _lines([{"id": "asked_for_help"}], []) == ["asked_for_help removed in norfolk-waveney.toml"]


def test_another_order_is_told() -> None:
    assert _lines(INDEX, {**INDEX, "components": INDEX["components"][::-1]}) == [
        "norfolk-waveney: components in a different order in norfolk-waveney.toml"
    ]


def test_files_come_change_and_go() -> None:
    before = {"a.csv": "1", "b.csv": "2", "c.csv": ABSENT}
    now = {"a.csv": "1", "b.csv": "3", "c.csv": "4", "d.csv": ABSENT}
    assert list(file_changes(before, now, ABSENT)) == ["b.csv changed", "c.csv is new"]
    assert list(file_changes(now, {"a.csv": "1"}, ABSENT)) == ["b.csv is gone", "c.csv is gone"]


def test_code_is_told_in_one_line() -> None:
    before = {f"pipeline.m{n}": "1" for n in range(5)}
    now = dict.fromkeys(before, "2")
    assert list(code_changes(before, now)) == ["the program changed (pipeline.m0, pipeline.m1, pipeline.m2 and 2 more)"]
    assert list(code_changes(before, before)) == []


@given(VALUES, VALUES)
def test_equal_content_gives_no_reason_and_other_content_gives_one(old: JsonValue, new: JsonValue) -> None:
    assert _lines(old, old) == []
    assert bool(_lines(old, new)) == (old != new)
