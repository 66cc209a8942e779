import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import RawFileError
from pipeline.reading import NumberForm, number_in, read_numbers

GAPS = NumberForm(may_be_missing=True)


def cells(*texts: object) -> pd.Series:
    return pd.Series(list(texts), index=range(2, len(texts) + 2), dtype="object")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234", 1234.0),
        ("1,234,567.5", 1234567.5),
        ("-0.25", -0.25),
        ("−3", -3.0),
        (".5", 0.5),
        ("007", 7.0),
        (" 12\xa0", 12.0),
        ("1.5e-05", 1.5e-05),
    ],
)
def test_numbers_as_publishers_write_them(text: str, value: float) -> None:
    assert read_numbers(cells(text), "rate", "f").values.tolist() == [value]


@pytest.mark.parametrize("text", ["0,123", "-0,123", "7,5", "12,34", "1,2345", "1.234,5", "1 234,5"])
def test_a_comma_that_parts_no_thousands_is_asked_about(text: str) -> None:
    with pytest.raises(RawFileError, match=r"row 3 .*decimal comma|decimal comma.*row 3"):
        read_numbers(cells("1,234", text), "rate", "f")


@pytest.mark.parametrize(
    "text",
    [
        "e5",
        "inf",
        "1e999",
        "nan?",
        "１２",
        "٣",
        "1" * 5000,
        "7.5 hrs",
        "1,23,456",
        "1 234",
        "0x1F",
        "True",
        "1_000",
        "--5",
    ],
)
def test_what_is_no_number_is_refused_by_row(text: str) -> None:
    with pytest.raises(RawFileError, match="row 3") as refused:
        read_numbers(cells("1", text), "rate", "f", GAPS)
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize("cell", [True, False, np.bool_(True), float("inf"), pd.Timestamp("2021-03-21")])
def test_cells_of_a_workbook_that_are_no_numbers_are_refused(cell: object) -> None:
    with pytest.raises(RawFileError, match="row 3"):
        read_numbers(cells(1.0, cell), "rate", "f", GAPS)


@pytest.mark.parametrize("mark", ["*", "c", "[c]", ":", "<5", "..", "#N/A", "NULL", "", "-", "n/a", "≤ 3", "[low]"])
def test_marks_of_publishers_are_no_value_and_counted(mark: str) -> None:
    numbers = read_numbers(cells("1", mark, mark), "rate", "f", GAPS)
    assert math.isnan(numbers.values.iloc[1])
    assert numbers.marks == {mark.casefold(): 2}
    assert (numbers.note("rate") is None) == (mark == "")
    with pytest.raises(RawFileError, match="2 value.* not given: row 3"):
        read_numbers(cells("1", mark, mark), "rate", "f")


def test_units_are_understood_where_the_column_has_them() -> None:
    assert number_in("£1,500", NumberForm(unit="cost")) == 1500
    assert number_in("33%", NumberForm(unit="share")) == 0.33
    assert number_in("33 %", NumberForm(unit="percent")) == 33
    for text in ("£1,500", "33%"):
        with pytest.raises(RawFileError, match="Take out"):
            read_numbers(cells(text), "people", "f")


def test_a_decimal_comma_may_be_declared() -> None:
    comma = NumberForm(decimal=",")
    assert read_numbers(cells("0,123", "7,5", "1.234,5", "12"), "r", "f", comma).values.tolist() == [
        0.123,
        7.5,
        1234.5,
        12.0,
    ]
    with pytest.raises(RawFileError, match="row 2"):
        read_numbers(cells("7.5"), "r", "f", comma)


def test_whole_numbers_hold_no_fraction_and_no_exponent() -> None:
    whole = NumberForm(integers=True)
    assert read_numbers(cells("12", 3.0), "n", "f", whole).values.tolist() == [12, 3]
    for text in ("1.5", "1.2E+05"):
        with pytest.raises(RawFileError, match="not whole numbers: row 2"):
            read_numbers(cells(text), "n", "f", whole)


@given(st.lists(st.floats(-9e12, 9e12), min_size=1, max_size=30))
def test_every_number_comes_back_from_its_text(values: list[float]) -> None:
    texts = pd.Series([repr(value) for value in values], dtype="str")
    assert read_numbers(texts, "n", "f").values.tolist() == values


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=30))
def test_thousands_may_be_parted(values: list[int]) -> None:
    plain, parted = (pd.Series([form.format(v) for v in values], dtype="str") for form in ("{}", "{:,}"))
    assert read_numbers(plain, "n", "f").values.tolist() == read_numbers(parted, "n", "f").values.tolist() == values


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    number = number_in(text)
    assert math.isnan(number) or math.isfinite(number)
    if not math.isnan(number):
        assert any(digit in text for digit in "0123456789")


@pytest.mark.parametrize("cells", [[1.0, 1e300], [1.0, -1e13], ["1", "9e99"], ["1", "98765432198765"]])
def test_a_number_that_nothing_has_is_refused_by_row(cells: list[object]) -> None:
    with pytest.raises(RawFileError, match="1 value.*too large to be a number: .*Correct"):
        read_numbers(pd.Series(cells, index=[2, 3]), "Calls", "calls.xlsx")
