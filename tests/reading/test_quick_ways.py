"""What is read at once is what is read cell by cell."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import RawFileError
from pipeline.reading import NumberForm, read_numbers
from pipeline.reading.numbers import NOT_GIVEN, parse_number
from pipeline.reading.records import even_rows
from pipeline.reading.sheets import as_cells, below_headers, is_blank, trim

PIECES = st.sampled_from(
    [" ", "\t", "\xa0", "\u2003", "\ufeff", "\u200b", "\u2060", "a", "Z01", "é", "0", "-", "\u3000"]
)
TEXT = st.lists(PIECES, max_size=5).map("".join)
CELL = st.one_of(TEXT, st.none(), st.integers(-5, 5), st.floats(), st.booleans())
WRITTEN = st.one_of(
    st.decimals(-1000, 1000, places=3).map(str),
    st.integers(-(10**15), 10**15).map(str),
    st.integers(0, 10**7).map("{:,}".format),
    st.sampled_from(sorted(NOT_GIVEN)),
    st.sampled_from(["", " 7", "7 ", "+3", ".5", "5.", "1e3", "<5", "−2", "007", "9" * 15, "12.5"]),
)
GAPS = NumberForm(may_be_missing=True)


@given(st.lists(TEXT, min_size=1, max_size=6))
def test_cells_of_text_are_trimmed_as_each_of_them_is(values: list[str]) -> None:
    made = as_cells(values, pd.RangeIndex(len(values)))
    assert isinstance(made.dtype, pd.StringDtype)
    assert made.tolist() == [trim(value) for value in values]


@given(st.lists(st.lists(CELL, min_size=2, max_size=2), min_size=1, max_size=6))
def test_rows_that_hold_something_are_kept_whatever_they_begin_with(rows: list[list[object]]) -> None:
    held = [n for n, row in enumerate(rows, 2) if not all(map(is_blank, row))]
    # A row of figures at the end, as words below a table would be notes.
    sheet = below_headers([["code", "rate"], *rows, ["Z01000001", 1]], 0, "t.csv", None, ())
    assert sheet.rows.tolist() == [*held, len(rows) + 2]


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=6))
def test_rows_without_headers_are_text_whatever_they_hold(rows: list[list[object]]) -> None:
    full: Sequence[Sequence[object]] = [*rows, *([["x", "y", "z"]] * 7)]
    texts = [[cell.strip() if isinstance(cell, str) else trim_of_other(cell) for cell in row] for row in full]
    expected = [(n, row) for n, row in enumerate(texts, 1) if any(row)]
    if all(row[-1] for _, row in expected):
        assert even_rows(full, 3, "t.csv") == expected


def trim_of_other(cell: object) -> str:
    if cell is None or cell != cell:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15 else str(cell)


@given(st.lists(WRITTEN, min_size=1, max_size=8), st.sampled_from([GAPS, NumberForm(may_be_missing=True, decimal=",")]))
def test_a_column_is_read_as_each_of_its_numbers_is(texts: list[str], form: NumberForm) -> None:
    each = [parse_number(text, form) for text in texts]
    column = pd.Series(texts, index=range(2, len(texts) + 2), dtype="str")
    faults = [row for row, (_, fault) in enumerate(each, 2) if fault]
    if faults or any(abs(number) >= 1e13 for number, _ in each):
        with pytest.raises(RawFileError) as refused:
            read_numbers(column, "rate", "f", form)
        assert not faults or f"row {faults[0]}:" in str(refused.value)
        return
    read = read_numbers(column, "rate", "f", form)
    np.testing.assert_array_equal(read.values.to_numpy(), [number for number, _ in each])
    assert sum(read.marks.values()) == sum(number != number for number, _ in each)


def test_missing_cells_among_figures_stay_missing() -> None:
    column = pd.Series(["1.5", None, "..", "2"], index=[2, 3, 4, 5], dtype="str")
    read = read_numbers(column, "rate", "f", GAPS)
    np.testing.assert_array_equal(read.values.to_numpy(), [1.5, np.nan, np.nan, 2.0])
    assert read.marks[".."] == 1
