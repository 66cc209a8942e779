"""The workbook: accessible as the Analysis Function asks, and nothing in a cell but what it says."""

import io
import re
import zipfile
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.reports.workbook.sheets import (
    LONGEST_NAME,
    LOW,
    UNAVAILABLE,
    CoverPage,
    Heading,
    TableSheet,
    Workbook,
    distinct_names,
    sheet_name,
    shown_values,
    table_sheet,
)
from pipeline.reports.workbook.writing import _Sheet, workbook_bytes
from pipeline.tables import Column, Family
from tests.fixtures.hostile import HOSTILE

BUILT = "2026-11-27T12:00:00Z"
FORMULAS = ("=1+1", "+A1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "{=A1:A2}", "=cmd|'/c calc'!A0")
MARKUP = ("https://example.org", "[a](https://example.org)", "$$people$$", "mailto:a@example.org", "00012", "1e5")
place = Family("place")
NAME = place("name", "name", "Name", "A name")
PEOPLE = place("people", "estimated people", "People", "People", nullable=True)
SHARE = place("share", "share", "Share", "A share", of="people", nullable=True)


def written(*sheets: TableSheet, notes: dict[str, str] | None = None, title: str = "An area") -> bytes:
    cover = CoverPage(title, "A subject", ("An introduction.",), ("About it.",), ("Ask.",))
    return workbook_bytes(Workbook(cover, notes or {}, sheets, BUILT, "The project"))


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def texts(*values: str) -> TableSheet:
    return TableSheet("Texts", "Some texts", pd.DataFrame({0: list(values)}), (Heading("Text"),))


def values_of(content: bytes, sheet: str = "Texts") -> list[Any]:
    page = opened(content)[sheet]
    area = next(iter(page.tables.values())).ref
    return [row[0].value for row in page[area]][1:]


@pytest.mark.parametrize("text", [*FORMULAS, *MARKUP])
def test_text_of_data_stays_text(text: str) -> None:
    content = written(texts(text))
    cell = next(
        c for row in opened(content)["Texts"].iter_rows() for c in row if c.value and text.strip() in str(c.value)
    )
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)


@pytest.mark.parametrize("text", [*HOSTILE, *FORMULAS, *MARKUP])
def test_hostile_text_may_stand_anywhere(text: str) -> None:
    sheet = TableSheet(sheet_name(text), text, pd.DataFrame({0: [text]}), (Heading(text, unit=text),), says=(text,))
    book = opened(written(sheet, title=text))
    assert book.sheetnames[:2] == ["Cover", "Contents"]
    assert len(book.sheetnames) == 3


def test_numbers_are_numbers_and_never_text() -> None:
    frame = pd.DataFrame({"name": ["a", "b", "c"], "people": [123.4, 3.0, None], "share": [0.12341, None, 1.0]})
    made = table_sheet(("Table", "A table"), frame, (NAME, PEOPLE, SHARE), {})
    assert made.frame.to_numpy().tolist() == [
        ["a", 120, 0.1234],
        ["b", LOW, UNAVAILABLE],
        ["c", UNAVAILABLE, 1],
    ]
    page = opened(written(made))["Table"]
    types = [[cell.data_type for cell in row] for row in page.iter_rows(min_row=page.max_row - 2)]
    assert types == [["s", "n", "n"], ["s", "s", "s"], ["s", "s", "n"]]
    assert [cell.number_format for cell in page[page.max_row - 2]] == ["@", "#,##0", "0.0%"]


@given(st.lists(st.one_of(st.none(), st.floats(0, 1e7)), min_size=1, max_size=20))
def test_estimates_are_rounded_as_on_the_page(people: list[float | None]) -> None:
    shown = shown_values(pd.Series(people, dtype="float64"), PEOPLE)
    for given_, value in zip(people, shown, strict=True):
        if given_ is None:
            assert value == UNAVAILABLE
        elif 0 < given_ < 10:
            assert value == LOW
        else:
            assert isinstance(value, int)
            assert value % (10 if value < 1_000 else 100) == 0
            assert abs(value - given_) <= (5 if given_ < 995 else 50)


@given(st.text(max_size=60))
def test_any_title_gives_a_name_that_excel_takes(title: str) -> None:
    name = sheet_name(title)
    assert 0 < len(name.encode("utf-16-le")) / 2 <= LONGEST_NAME
    assert not re.search(r"[\[\]:*?/\\']", name)
    assert name.strip("’ ") == name


@pytest.mark.parametrize("title", ["King's Lynn teams", "🙂" * 31])
def test_the_contents_lead_to_a_sheet_whatever_its_title(title: str) -> None:
    sheet = TableSheet(sheet_name(title), title, pd.DataFrame({0: ["a"]}), (Heading("Text"),))
    book = opened(written(sheet))
    [link] = [cell.hyperlink.location for row in book["Contents"].iter_rows() for cell in row if cell.hyperlink]
    assert link == f"'{book.sheetnames[-1]}'!A1"
    assert "'" not in book.sheetnames[-1]


@given(st.lists(st.sampled_from(["Wards", "wards", "Notes", "A" * 31, "a" * 31, "History"]), max_size=12))
def test_no_two_sheets_have_the_same_name(names: list[str]) -> None:
    empty = pd.DataFrame({0: ["a"]})
    made = distinct_names(TableSheet(name, name, empty, (Heading("Text"),)) for name in names)
    distinct = {sheet.name.casefold() for sheet in made}
    assert len(distinct) == len(names)
    assert not distinct & {"cover", "contents", "notes", "history"}
    assert all(len(name) <= LONGEST_NAME for name in distinct)


def test_headings_differ_where_titles_are_the_same() -> None:
    columns = tuple(place(name, "count", title, "A count") for name, title in (("a", "Count"), ("b", "count")))
    made = table_sheet(("Table", "A table"), pd.DataFrame({"a": [1], "b": [2]}), columns, {})
    assert [heading.title for heading in made.headings] == ["Count", "count, b"]
    assert opened(written(made))["Table"].tables


def test_columns_that_no_row_has_are_left_out() -> None:
    frame = pd.DataFrame({"name": ["a"], "people": [None], "other": [1]})
    made = table_sheet(("Table", "A table"), frame, (NAME, PEOPLE, SHARE), {})
    assert [heading.title for heading in made.headings] == ["Name"]


def test_notes_are_numbered_in_the_order_of_the_headings_that_refer_to_them() -> None:
    one, two = Heading("One", notes=("second",)), Heading("Two", notes=("first", "second"))
    sheet = TableSheet("Table", "A table", pd.DataFrame({0: ["a"], 1: ["b"]}), (one, two))
    notes = {"first": "The first that is given.", "second": "The second.", "third": "Nobody refers to it."}
    book = opened(written(sheet, notes=notes))
    assert [cell.value for cell in book["Notes"]["B"]][-2:] == ["The second.", "The first that is given."]
    heads = [cell.value for cell in book["Table"][3]]
    assert heads == ["One\n[note 1]", "Two\n[note 2][note 1]"]


def test_each_sheet_is_laid_out_as_the_analysis_function_asks() -> None:
    frame = pd.DataFrame({"name": [f"a {n}" for n in range(40)], "people": [None, *range(39)]})
    made = table_sheet(("Table", "A table"), frame, (NAME, PEOPLE), {"people": ("note",)})
    book = opened(written(made, texts("a"), notes={"note": "A note."}))
    assert book.sheetnames == ["Cover", "Contents", "Notes", "Table", "Texts"]
    for page in book:
        assert not page.merged_cells.ranges
        assert page.sheet_view.showGridLines is False
        assert all(page.row_dimensions[n].hidden is False for n in range(1, page.max_row + 1))
    for page in book.worksheets[1:]:
        (table,) = page.tables.values()
        assert page["A1"].value
        assert page["A1"].font.b
        assert page["A2"].value.startswith("This worksheet contains one table.")
        rows = list(page[table.ref])
        assert rows[-1][0].row == page.max_row
        assert all(cell.value not in (None, "") for row in rows for cell in row)
        assert all(cell.font.b for cell in rows[0])
        assert table.autoFilter is None
    assert "[x] means not available" in book["Table"]["A3"].value
    links = [cell.hyperlink.location for row in book["Contents"].iter_rows() for cell in row if cell.hyperlink]
    assert links == ["'Table'!A1", "'Texts'!A1"]


def test_the_properties_say_what_it_is_and_in_which_language() -> None:
    content = written(texts("a"))
    properties = opened(content).properties
    assert (properties.title, properties.subject, properties.creator) == ("An area", "A subject", "The project")
    assert properties.language == "en-GB"
    assert properties.created.isoformat() == "2026-11-27T12:00:00"


def test_the_same_workbook_gives_the_same_bytes() -> None:
    assert written(texts("a", "b")) == written(texts("a", "b"))


def test_cells_are_written_as_the_library_writes_them_to_the_last_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    many = {f"n{number}": [0.1 + number, 1e-9, 123456789.125] for number in range(30)}
    columns = [place(name, "share", f"Share {name}", "A share", of="people") for name in many]
    frame = pd.DataFrame({"name": ["a", "<&>", ""], "people": [12.0, 3.0, None], **many})
    sheets = table_sheet(("Table", "A table"), frame, (NAME, PEOPLE, *columns), {}), texts("a", "b")
    made = written(*sheets)
    monkeypatch.setattr(_Sheet, "_keep_column", _Sheet._write_column)
    assert written(*sheets) == made


@given(
    st.lists(
        st.one_of(st.text(max_size=8), st.integers(-(10**9), 10**9), st.floats(-1e6, 1e6), st.just(UNAVAILABLE)),
        min_size=1,
        max_size=12,
    ),
    st.integers(1, 3),
)
def test_any_cells_are_written_as_the_library_writes_them(values: list[str | float], times: int) -> None:
    # Of zeros that differ in their sign alone the first is written.
    column = pd.Series([0.0 if value == 0 else value for value in values] * times, dtype="object")
    sheet = TableSheet("Cells", "Cells", pd.DataFrame({0: column}), (Heading("Cell", "two decimals"),))
    made = written(sheet)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_Sheet, "_keep_column", _Sheet._write_column)
        assert written(sheet) == made


@pytest.mark.parametrize("value", [float("inf"), float("nan"), None])
def test_a_cell_that_is_neither_text_nor_a_number_is_refused(value: float | None) -> None:
    cells = pd.Series([1.0, value], dtype="object")
    with pytest.raises(TypeError, match=r"neither a text nor a number|INF"):
        written(TableSheet("Cells", "Cells", pd.DataFrame({0: cells}), (Heading("Cell", "whole"),)))


def test_a_text_is_as_long_as_excel_allows() -> None:
    longest, symbol = "x" * 32_767, "🙂" * 20_000
    assert values_of(written(texts(longest + "y", symbol))) == [longest, symbol[: 32_767 // 2]]


def test_a_table_without_rows_says_so_and_opens() -> None:
    empty = TableSheet("Texts", "None", pd.DataFrame({0: []}), (Heading("Text"),), says=("There is no row.",))
    page = opened(written(empty))["Texts"]
    assert [cell.value for cell in page["A"]][2:4] == ["There is no row.", "Text"]


def test_a_row_is_as_high_as_its_text() -> None:
    page = opened(written(texts("short", "word " * 100)))["Texts"]
    assert page.row_dimensions[4].height is None
    assert page.row_dimensions[5].height > 80


def test_a_flag_is_said_in_words() -> None:
    flag: Column = place("listed", "flag", "Listed", "Whether it is listed")
    assert shown_values(pd.Series([True, False]), flag) == ["Yes", "No"]
