"""A frame is held against its table, and every fault is named."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SchemaError
from pipeline.tables import Column, Table, validate
from pipeline.tables.table import _numbers_hold

TABLE = Table(
    "things",
    "Things",
    "Some.",
    (
        Column("code", "code", "place", "Code", "A code", pattern=r"T\d"),
        Column("share", "share", "population", "Share", "A part", of="things", nullable=True),
        Column("tenth", "decile", "score", "Tenth", "A tenth"),
        Column("kind", "category", "place", "Kind", "A kind", categories=("a", "b")),
        Column("open", "flag", "place", "Open", "Whether it is open"),
    ),
    key="code",
)


def things(**changes: Sequence[float | str]) -> pd.DataFrame:
    frame = pd.DataFrame(
        {"code": ["T1", "T2"], "share": [0.5, np.nan], "tenth": [1, 10], "kind": ["a", "b"], "open": [True, False]}
    )
    return frame.assign(**changes)


def test_a_good_frame_passes() -> None:
    validate(things(), TABLE, "things.csv")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code": ["T1", "T1"]}, "code: 1 value.s. appear more than once: T1"),
        ({"code": ["T1", "U2"]}, r"code: 1 value.s. not of the form T\\d: U2"),
        ({"share": [0.5, 1.5]}, r"share: 1 value.s. above 1: T2 \(1.5\)"),
        ({"share": [-0.5, 0.5]}, r"share: 1 value.s. below 0: T1 \(-0.5\)"),
        ({"share": [np.inf, 0.5]}, "share: 1 value.s. infinite: T1"),
        ({"tenth": [1.0, np.nan]}, "tenth: 1 value.s. missing: T2"),
        ({"tenth": [1.5, 2.0]}, "tenth: expected integer values, found float64"),
        ({"kind": ["a", "c"]}, r"kind: 1 value.s. not one of a, b: T2 \(c\)"),
        ({"kind": ["a", " "]}, "kind: 1 value.s. empty: T2"),
        ({"open": ["yes", "no"]}, "open: expected boolean values"),
    ],
)
def test_a_fault_is_named_with_its_row(changes: Mapping[str, Sequence[float | str]], said: str) -> None:
    with pytest.raises(SchemaError, match=said):
        validate(things(**changes), TABLE, "things.csv")


def test_columns_that_are_missing_surplus_or_in_another_order_are_named() -> None:
    with pytest.raises(SchemaError, match=r"missing: kind\n  not expected: sort"):
        validate(things().rename(columns={"kind": "sort"}), TABLE, "things.csv")
    with pytest.raises(SchemaError, match="the order differs"):
        validate(things()[["share", "code", "tenth", "kind", "open"]], TABLE, "things.csv")
    with pytest.raises(SchemaError, match="has no rows"):
        validate(things().iloc[:0], TABLE, "things.csv")


@given(st.lists(st.floats(0, 1) | st.none(), min_size=1, max_size=9), st.floats(1.001, 1e6), st.integers(0, 8))
def test_exactly_the_values_outside_the_limits_are_faults(
    shares: Sequence[float | None], outside: float, place: int
) -> None:
    codes = [f"T{number}" for number in range(len(shares))]
    frame = pd.DataFrame(
        {
            "code": codes,
            "share": pd.Series([np.nan if share is None else share for share in shares], dtype="float64"),
            "tenth": 1,
        }
    )
    frame = frame.assign(kind="a", open=True)
    validate(frame, TABLE, "things.csv")
    row = place % len(shares)
    frame.loc[row, "share"] = outside
    with pytest.raises(SchemaError, match=rf"1 value.s. above 1: T{row} "):
        validate(frame, TABLE, "things.csv")


@given(
    st.lists(
        st.one_of(st.floats(), st.integers(-3, 13).map(float), st.floats(0, 1), st.just(np.nan)), min_size=1, max_size=6
    )
)
def test_numbers_are_in_order_exactly_where_each_of_them_is(values: list[float]) -> None:
    numbers = pd.Series(values, dtype="float64")
    share, tenth = TABLE.column("share"), TABLE.column("tenth")
    assert _numbers_hold(numbers, share) == all(np.isnan(value) or 0 <= value <= 1 for value in values)
    assert _numbers_hold(numbers, tenth) == all(1 <= value <= 10 and value % 1 == 0 for value in values)
