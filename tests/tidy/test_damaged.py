"""Every official file × every kind of damage: read as the undamaged one, or refused by name; never anything else."""

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from pipeline.catalogue import read_sources
from pipeline.catalogue.sources import Source
from pipeline.demo import demo_files
from pipeline.errors import RawFileError, SchemaError
from pipeline.tidy import tidy_source
from pipeline.tidy.registry import Tidied
from tests.fixtures.folders import DECLARED

pytestmark = pytest.mark.broad
Rows = list[list[str]]
REFUSALS = (RawFileError, SchemaError)
SHEETS = {
    "iod2025_file8": "IoD25 Barriers Domain",
    "mye2024": "Mid-2024 LSOA 2021",
    "ons_online_share": "Online_Share_England&Wales",
}
HEADERLESS = ("gp_practices", "code_point_open")
ZIPPED = (
    "census2021_age",
    "census2021_disability",
    "census2021_tenure",
    "census2021_household_deprivation",
    "code_point_open",
)
SHAPES = ("lsoa21_boundaries", "lsoa21_centroids")
NUMBERS = {
    "iod2025_file7": ("Index of Multiple Deprivation (IMD) Score", "Income Rank (where 1 is most deprived)"),
    "iod2025_file8": ("Connectivity Score",),
    "mye2024": ("Total", "F75"),
    "census2021_age": ("Age: Total", "Age: Aged 75 to 79 years"),
    "census2021_disability": ("Disability: Disabled under the Equality Act",),
    "census2021_tenure": ("Tenure of household: Social rented",),
    "census2021_household_deprivation": ("Household deprivation: Total: All households; measures: Value",),
    "ons_dpi": ("Score",),
    "ons_online_share": ("Online share of returns",),
    "iuc2018": ("GRP_CD",),
    "libraries": ("Easting", "Staffed hours per week"),
}
"""Columns of numbers, by the source."""
COUNTS = {
    "mye2024": "F75",
    "census2021_age": "Age: Total",
    "census2021_disability": "Disability: Disabled under the Equality Act",
    "census2021_tenure": "Tenure of household: Total: All households",
    "census2021_household_deprivation": "Household deprivation: Total: All households; measures: Value",
}
TOTALS = {
    **COUNTS,
    "mye2024": "Total",
    "census2021_disability": "Disability: Total: All usual residents",
}
TEXTS = {
    "ruc2021": "RUC21CD",
    "lsoa21_icb": "ICB24CD",
    "lsoa21_ward": "WD24NM",
    "lsoa11_lsoa21": "CHGIND",
    "iuc2018": "GRP_LABEL",
}
CODES = {
    "iod2025_file7": "LSOA code (2021)",
    "iod2025_file8": "LSOA code (2021)",
    "ruc2021": "LSOA21CD",
    "lsoa21_icb": "LSOA21CD",
    "lsoa21_ward": "LSOA21CD",
    "mye2024": "LSOA 2021 Code",
    "ons_dpi": "LSOA11CD",
    "ons_online_share": "LSOA Code",
    "iuc2018": "LSOA11_CD",
    "lsoa11_lsoa21": "LSOA21CD",
    **dict.fromkeys(ZIPPED[:4], "geography code"),
}
"""The columns with the codes of LSOAs."""
LOCAL = 'LOCAL_CS["Site grid",UNIT["metre",1],AXIS["x",EAST],AXIS["y",NORTH]]'
BY_CODE = tuple(CODES)
WITH_HEADERS = (*BY_CODE, "libraries")
TABLES = (*WITH_HEADERS, *HEADERLESS)
EVERY = (*TABLES, *SHAPES, "geonames_towns")


@cache
def declared() -> Mapping[str, Source]:
    return read_sources(DECLARED / "sources.toml")


@cache
def published() -> Mapping[str, tuple[str, bytes]]:
    """Name and content of every official file of the fictional country."""
    files = {source: (name, content) for source, name, content in demo_files(60, population="estimates")}
    files |= {source: (name, content) for source, name, content in demo_files(60)}
    codes = [row[0] for row in list(csv.reader(io.StringIO(files["lsoa21_ward"][1].decode())))[1:]]
    lines = [f"{code},The Fens,Gullhaven,{50 + number / 4}" for number, code in enumerate(codes)]
    text = "\n".join(["LSOA11CD,Region,Local Authority name,Score", *lines, ""])
    return {**files, "ons_dpi": (declared()["ons_dpi"].file, text.encode())}


@cache
def member_of(source: str) -> str:
    with zipfile.ZipFile(io.BytesIO(published()[source][1])) as archive:
        return archive.namelist()[0]


@cache
def rows_of(source: str) -> tuple[tuple[str, ...], ...]:
    """The table of a source as cells of text, headers first where it has any."""
    content = published()[source][1]
    if source in SHEETS:
        cells = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(SHEETS[source]).to_python()
        whole = [[int(c) if isinstance(c, float) and c.is_integer() else c for c in row] for row in cells]
        return tuple(tuple(map(str, row)) for row in whole if row[1] != "")
    if source in ZIPPED:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = archive.read(member_of(source))
    return tuple(tuple(row) for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def packed(source: str, content: bytes) -> bytes:
    """A table as the file of its source: in its archive, where it has one."""
    if source not in ZIPPED:
        return content
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(member_of(source), content)
    return out.getvalue()


def text_of(rows: Sequence[Sequence[str]], separator: str = ",", *, quoted: bool = False) -> str:
    out = io.StringIO()
    if quoted:
        writer = csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\n")
    else:
        writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerows(rows)
    return out.getvalue()


def tidied(source: str, content: bytes, name: str | None = None) -> Tidied:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (name or published()[source][0])
        path.write_bytes(content)
        return tidy_source(declared()[source], path)


@cache
def expected(source: str) -> pd.DataFrame:
    return tidied(source, published()[source][1]).frame


def assert_alike(source: str, content: bytes, name: str | None = None) -> None:
    by_row = {"file_row", "place_id"} if source == "libraries" else {"file_row"}
    read = tidied(source, content, name).frame
    left = [column for column in read.columns if column not in by_row]
    pd.testing.assert_frame_equal(pd.DataFrame(read[left]), pd.DataFrame(expected(source)[left]))


def assert_refused(source: str, content: bytes, *said: str) -> None:
    with pytest.raises(REFUSALS) as refused:
        tidied(source, content)
    message = str(refused.value)
    assert published()[source][0] in message
    for words in said:
        assert words in message


def workbook_of(rows: Sequence[Sequence[object]], above: int = 0, title: str = "Data") -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.worksheets[0].title = "Notes"
    book.worksheets[0].append(["About this table"])
    sheet = book.create_sheet(title)
    for _ in range(above):
        sheet.append(["A note on the table"])
    for row in rows:
        sheet.append([_cell(cell) for cell in row])
    book.save(out)
    return out.getvalue()


def _cell(cell: object) -> object:
    text = str(cell)
    return float(text) if text.replace(".", "", 1).isdigit() and not text.startswith("0") else text


def parquet_of(rows: Sequence[Sequence[str]]) -> bytes:
    out = io.BytesIO()
    pd.DataFrame(rows[1:], columns=list(rows[0])).to_parquet(out)
    return out.getvalue()


# --- what is understood -----------------------------------------------------------------------------------------------


def _each_code(rows: Rows, source: str, change: Callable[[str], str]) -> Rows:
    at = rows[0].index(CODES[source])
    return [rows[0], *([change(c) if n == at else c for n, c in enumerate(row)] for row in rows[1:])]


TEXT_FORMS: dict[str, Callable[[Rows], bytes]] = {
    "as published": lambda rows: text_of(rows).encode(),
    "byte-order mark": lambda rows: text_of(rows).encode("utf-8-sig"),
    "UTF-16": lambda rows: text_of(rows).encode("utf-16"),
    "UTF-16 without a mark": lambda rows: text_of(rows).encode("utf-16-le"),
    "semicolons": lambda rows: text_of(rows, ";").encode(),
    "tabs": lambda rows: text_of(rows, "\t").encode(),
    "bars": lambda rows: text_of(rows, "|").encode(),
    "a line that says the separator": lambda rows: f"sep=;\n{text_of(rows, ';')}".encode(),
    "all cells quoted": lambda rows: text_of(rows, quoted=True).encode(),
    "line ends of Windows": lambda rows: text_of(rows).replace("\n", "\r\n").encode(),
    "line ends of old Macs": lambda rows: text_of(rows).replace("\n", "\r").encode(),
    "no line end": lambda rows: text_of(rows).removesuffix("\n").encode(),
    "empty lines below": lambda rows: f"{text_of(rows)}\n\n,,\n".encode(),
    "an empty line between": lambda rows: (text_of(rows[:5]) + "\n" + text_of(rows[5:])).encode(),
    "spaces around cells": lambda rows: text_of([[f" {cell}  " for cell in row] for row in rows]).encode(),
    "a comma at the end of each row": lambda rows: text_of([[*row, ""] for row in rows]).encode(),
    "empty cells right of some rows": lambda rows: text_of([*rows[:3], *([*r, "", ""] for r in rows[3:])]).encode(),
    "saved as a workbook": lambda rows: workbook_of(rows),
    "zipped once more": lambda rows: zipped({"table.csv": text_of(rows).encode()}),
}
WITH_HEADERS_FORMS: dict[str, Callable[[Rows], bytes]] = {
    "headers in capitals": lambda rows: text_of([[h.upper() for h in rows[0]], *rows[1:]]).encode(),
    "spaces in headers": lambda rows: text_of([[f"  {h} ".replace(" ", "  ") for h in rows[0]], *rows[1:]]).encode(),
    "columns in another order": lambda rows: text_of([row[::-1] for row in rows]).encode(),
    "another column": lambda rows: text_of([["Extra", *rows[0]], *(["x, y", *row] for row in rows[1:])]).encode(),
    "a column without a header": lambda rows: text_of([["", *rows[0]], *(["", *row] for row in rows[1:])]).encode(),
    "a preamble": lambda rows: f'Nomis\n"Date, of it","x"\n\nTable 1\n{text_of(rows)}'.encode(),
    "notes below": lambda rows: f'{text_of(rows)}\n"Source: invented, not real"\nNotes: 1. rounded\n'.encode(),
    "a workbook with notes above": lambda rows: workbook_of(rows, above=5),
    "parquet": lambda rows: parquet_of(rows),
}


def zipped(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def _form(source: str, content: bytes) -> bytes:
    """A table in place of what is published: the one in an archive stays in it, where it is text."""
    if source not in ZIPPED or (content.startswith((b"PK", b"PAR1")) and source != "code_point_open"):
        return content
    return packed(source, content)


def _sheet_title(source: str, content: bytes, rows: Rows, above: int) -> bytes:
    """A workbook whose sheet is called as in the published one."""
    return workbook_of(rows, above, SHEETS[source]) if source in SHEETS and content.startswith(b"PK") else content


@pytest.mark.parametrize("source", TABLES)
@pytest.mark.parametrize("form", TEXT_FORMS)
def test_a_table_in_another_form_is_read_as_the_published_one(source: str, form: str) -> None:
    rows = [list(row) for row in rows_of(source)]
    content = TEXT_FORMS[form](rows)
    if source == "code_point_open" and form in ("saved as a workbook", "zipped once more"):
        assert_refused(source, packed(source, content))
        return
    if form == "saved as a workbook":
        content = _sheet_title(source, content, rows, 0)
    if source == "gp_practices" and form == "saved as a workbook":
        assert_refused(source, content, "several sheets")
        return
    assert_alike(source, _form(source, content))


@pytest.mark.parametrize("source", WITH_HEADERS)
@pytest.mark.parametrize("form", WITH_HEADERS_FORMS)
def test_headers_are_found_wherever_they_are(source: str, form: str) -> None:
    rows = [list(row) for row in rows_of(source)]
    content = WITH_HEADERS_FORMS[form](rows)
    if form == "a workbook with notes above":
        content = _sheet_title(source, content, rows, 5)
    assert_alike(source, _form(source, content))


@pytest.mark.parametrize("source", BY_CODE)
@pytest.mark.parametrize(
    "change",
    [str.lower, lambda c: f"{c} : Gullhaven 001A", lambda c: f"{c[:3]} {c[3:6]} {c[6:]}", lambda c: f"\u200b{c}\u00a0"],
    ids=["lower case", "names beside", "spaces within", "invisible characters"],
)
def test_codes_are_read_as_people_write_them(source: str, change: Callable[[str], str]) -> None:
    rows = _each_code([list(row) for row in rows_of(source)], source, change)
    assert_alike(source, packed(source, text_of(rows).encode()))


@pytest.mark.parametrize("source", TABLES)
def test_a_line_that_is_not_utf8_is_said(source: str) -> None:
    lines = text_of(rows_of(source)).encode().split(b"\n")
    at = next((n for n, line in enumerate(lines) if n and b"hav" in line.lower()), 3)
    lines[at] = lines[at].replace(b"hav", b"h\xe9v", 1) if b"hav" in lines[at] else lines[at] + b"\xe9"
    if source in ("ons_dpi", *BY_CODE):
        said = tidied(source, packed(source, b"\n".join(lines))) if b"h\xe9v" in lines[at] else None
        assert said is None or f"not UTF-8, read as Windows-1252: row(s) {at + 1}" in said.notes
    else:
        damaged_or_read(source, packed(source, b"\n".join(lines)))


# --- what is refused --------------------------------------------------------------------------------------------------

NO_TABLES: dict[str, bytes] = {
    "nothing": b"",
    "spaces": b" \n\r\n \n",
    "a web page": b"<!DOCTYPE html><html><p>Service temporarily unavailable</p></html>",
    "an error of a service": b'{"error": {"code": 429, "message": "rate limit"}}',
    "a list in JSON": b'[{"LSOA21CD": "E01900001"}]',
    "a sentence": b"Service temporarily unavailable",
    "a PDF": b"%PDF-1.7\n1 0 obj",
    "gzip": b"\x1f\x8b\x08\x00\x00\x00",
    "zeros": bytes(500),
    "the beginning of an archive": b"PK\x03\x04\x14\x00\x00\x00",
    "the beginning of parquet": b"PAR1\x15\x04",
    "the beginning of a database": b"SQLite format 3\x00\x10\x00",
    "the beginning of an old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "an archive without files": zipped({}),
    "an archive of something else": zipped({"readme.txt": b"hello", "a/b.csv": b"x,y\n1,2\n"}),
    "brackets": b"[" * 200_000,
    "another table": b"Name,Age\nSam,5\nAlex,6\n",
    "half of UTF-16": "Name,Age\n".encode("utf-16") + b"\x00",
}


@pytest.mark.parametrize("source", EVERY)
@pytest.mark.parametrize("what", NO_TABLES)
def test_what_is_no_table_is_refused(source: str, what: str) -> None:
    assert_refused(source, NO_TABLES[what])


@dataclass(frozen=True)
class Damage:
    """A changed table, and the words that the refusal must have."""

    rows: Rows
    said: tuple[str, ...] = ()


def _changed(source: str, header: str, value: str, row: int = 4) -> Damage:
    """A cell changed in a row, from 1; the row is named."""
    rows = [list(r) for r in rows_of(source)]
    rows[row - 1][rows[0].index(header)] = value
    return Damage(rows, (f"row {row} ",))


VALUES = {
    "words": "many",
    "a decimal comma": "0,123",
    "nothing": "",
    "a suppression mark": "[c]",
    "fewer than": "<5",
    "a bare exponent": "e5",
    "infinity": "inf",
    "a huge exponent": "1e999",
    "5,000 figures": "9" * 5_000,
    "full-width figures": "\uff11\uff12",
    "a percentage": "33%",
    "pounds": "£1,500",
    "a unit": "7.5 hrs",
    "two numbers": "12 13",
    "yes": "TRUE",
    "a formula": "=A1+1",
    "an error of a spreadsheet": "#DIV/0!",
}
MAY_BE_MISSING = {"nothing", "a suppression mark", "fewer than", "an error of a spreadsheet"}


@pytest.mark.parametrize(("source", "header"), [(s, h) for s, headers in NUMBERS.items() for h in headers])
@pytest.mark.parametrize("value", VALUES)
def test_what_is_no_number_is_refused_by_row(source: str, header: str, value: str) -> None:
    damage = _changed(source, header, VALUES[value])
    if source == "libraries" and value in MAY_BE_MISSING:
        if header == "Easting":
            assert_refused(source, text_of(damage.rows).encode(), "row 4 ", "without the other coordinate")
        else:
            assert len(tidied(source, text_of(damage.rows).encode()).frame) == len(expected(source))
        return
    assert_refused(source, packed(source, text_of(damage.rows).encode()), *damage.said)


@pytest.mark.parametrize("source", COUNTS)
@pytest.mark.parametrize("value", ["-5", "12.5", "1e2", "-0.0001"])
def test_what_is_no_count_is_refused_by_row(source: str, value: str) -> None:
    damage = _changed(source, COUNTS[source], value)
    assert_refused(source, packed(source, text_of(damage.rows).encode()), *damage.said)


@pytest.mark.parametrize("source", TOTALS)
@pytest.mark.parametrize("value", ["0", "1"])
def test_shares_of_nothing_or_of_less_than_the_part_are_refused_by_row(source: str, value: str) -> None:
    damage = _changed(source, TOTALS[source], value)
    assert_refused(source, packed(source, text_of(damage.rows).encode()), *damage.said)


@pytest.mark.parametrize("source", TEXTS)
@pytest.mark.parametrize("value", ["", "???"])
def test_what_is_no_code_of_a_class_or_an_area_is_refused(source: str, value: str) -> None:
    damage = _changed(source, TEXTS[source], value)
    code = damage.rows[3][damage.rows[0].index(CODES[source])]
    if source == "lsoa21_ward" and value:
        damage = _changed(source, "WD24CD", value)
    assert_refused(source, text_of(damage.rows).encode(), code)


def _of_codes(kind: str, source: str) -> Damage:
    rows = [list(row) for row in rows_of(source)]
    at, number = rows[0].index(CODES[source]), len(rows)
    if kind == "a row twice":
        return Damage([*rows, rows[3]], (str(number + 1),))
    if kind == "a total below":
        total = [*rows[3]]
        total[at] = "E92000001"
        return Damage([*rows, total], (f"row {number + 1}", "E92000001"))
    if kind == "a total in words":
        total = [*rows[3]]
        total[at] = "Total"
        return Damage([*rows[:2], total, *rows[2:]], ("row 3", "Total"))
    if kind == "only Wales":
        return Damage(_each_code(rows, source, lambda code: f"W{code[1:]}"), ("no English LSOA",))
    if kind == "only larger areas":
        return Damage(_each_code(rows, source, lambda code: f"E02{code[3:]}"), ("MSOAs",))
    if kind == "an empty column":
        return Damage(_each_code(rows, source, lambda _: ""), ("row 2",))
    value = {
        "a letter for a figure": "EO1900001",
        "a figure too few": "E0190000",
        "a figure too many": "E019000011",
        "a number": "5",
        "nothing": "",
        "another kind": "K02000001",
    }[kind]
    rows[3][at] = value
    return Damage(rows, ("row 4",))


@pytest.mark.parametrize("source", BY_CODE)
@pytest.mark.parametrize(
    "kind",
    [
        "a row twice",
        "a total below",
        "a total in words",
        "only Wales",
        "only larger areas",
        "an empty column",
        "a letter for a figure",
        "a figure too few",
        "a figure too many",
        "a number",
        "nothing",
        "another kind",
    ],
)
def test_rows_that_are_of_no_lsoa_are_refused_by_row(source: str, kind: str) -> None:
    damage = _of_codes(kind, source)
    assert_refused(source, packed(source, text_of(damage.rows).encode()), *damage.said)


def _of_headers(kind: str, source: str, header: str) -> Damage:
    rows = [list(row) for row in rows_of(source)]
    at = rows[0].index(header)
    if kind == "twice":
        return Damage([[*row, row[at] if n == 0 else "1"] for n, row in enumerate(rows)], ("more than once",))
    if kind == "twice in other capitals":
        more = [header.swapcase(), *("1" for _ in rows[1:])]
        return Damage([[*row, cell] for row, cell in zip(rows, more, strict=True)], ("more than once",))
    if kind == "missing":
        return Damage([[c for n, c in enumerate(row) if n != at] for row in rows], (f"'{header}", "missing"))
    if kind == "misspelt":
        rows[0][at] = f"{header[:3]}x{header[3:-1]}x" if len(header) < 40 else f"x{header}"
        return Damage(rows, ("missing",))
    return Damage([rows[0]], ("no rows below",))


@pytest.mark.parametrize("source", WITH_HEADERS)
@pytest.mark.parametrize("kind", ["twice", "twice in other capitals", "missing", "misspelt", "alone"])
@pytest.mark.parametrize("as_workbook", [False, True])
def test_headers_that_cannot_be_relied_on_are_refused(source: str, kind: str, as_workbook: bool) -> None:
    header = (NUMBERS.get(source) or (TEXTS[source],))[0]
    damage = _of_headers(kind, source, header)
    said = () if source in TEXTS and kind == "missing" else damage.said
    if as_workbook:
        content = workbook_of(damage.rows, 0, SHEETS.get(source, "Data"))
        assert_refused(source, content, *(() if kind in ("missing", "misspelt", "alone") else said))
    else:
        assert_refused(source, packed(source, text_of(damage.rows).encode()), *said)


ROW_FAULTS: dict[str, Callable[[list[str]], str]] = {
    "a cell too many": lambda row: text_of([[*row, "surplus"]]),
    "a comma that is not quoted": lambda row: text_of([row[:1]]).rstrip("\n") + ",more," + text_of([row[1:]]),
    "cells too few": lambda row: text_of([row[: len(row) // 2 or 1]]),
    "a quotation mark that is not closed": lambda row: '"' + text_of([row]),
    "a NUL character": lambda row: text_of([row]).replace("\n", "\0\n"),
}


@pytest.mark.parametrize("source", TABLES)
@pytest.mark.parametrize("fault", ROW_FAULTS)
@pytest.mark.parametrize("last", [False, True])
def test_a_row_that_differs_from_the_others_is_refused_by_number(source: str, fault: str, last: bool) -> None:
    rows = [list(row) for row in rows_of(source)]
    at = len(rows) - 1 if last else 3
    text = text_of(rows[:at]) + ROW_FAULTS[fault](rows[at]) + text_of(rows[at + 1 :])
    assert_refused(source, packed(source, text.encode()), str(at + 1))


def test_a_vast_cell_is_refused_by_row() -> None:
    text = text_of(rows_of("gp_practices")) + '"' + "x" * 200_000
    assert_refused("gp_practices", text.encode(), f"row {len(rows_of('gp_practices')) + 1}")


def test_the_best_fit_lookup_is_refused_by_name() -> None:
    rows = [[cell for at, cell in enumerate(row) if at != 2] for row in rows_of("lsoa11_lsoa21")]
    assert_refused("lsoa11_lsoa21", text_of(rows).encode(), "LSOA11_LSOA21_LAD22_EW_LU_v2", "_v5")


def test_a_national_table_of_the_former_lsoas_is_refused() -> None:
    header, *rows = [list(row) for row in rows_of("ruc2021")]
    many = [[f"E01{number:06}", *rows[number % 60][1:]] for number in range(1, 32_845)]
    assert_refused("ruc2021", text_of([header, *many]).encode(), "LSOAs of 2011")


# --- successors of the declared layouts -------------------------------------------------------------------------------


def _renamed(source: str, change: Callable[[str], str]) -> bytes:
    rows = rows_of(source)
    return text_of([[change(header) for header in rows[0]], *rows[1:]]).encode()


def test_lookups_of_other_years_are_read_and_their_year_noted() -> None:
    for source, year in (("lsoa21_icb", "26"), ("lsoa21_ward", "25")):
        read = tidied(source, _renamed(source, lambda header: header.replace("24", year)))  # noqa: B023
        pd.testing.assert_frame_equal(read.frame, expected(source))
        assert read.notes == (f"codes and names of 20{year}",)


def test_a_lookup_of_two_years_is_noted_or_refused() -> None:
    read = tidied("lsoa21_icb", _renamed("lsoa21_icb", lambda h: h.replace("LAD24", "LAD25")))
    assert read.notes == ("codes and names of 2025 (LAD)", "codes and names of 2024 (SICBL, ICB)")
    assert_refused("lsoa21_ward", _renamed("lsoa21_ward", lambda h: h.replace("WD24NM", "WD25NM")), "different years")
    rows = rows_of("lsoa21_ward")
    both = text_of([[*rows[0], "WD25CD", "WD25NM"], *([*row, *row[2:4]] for row in rows[1:])])
    assert_refused("lsoa21_ward", both.encode(), "WD24CD, WD25CD mean the same")


def test_the_lookup_of_changes_is_read_in_its_present_and_its_old_form() -> None:
    rows = rows_of("lsoa11_lsoa21")
    numbered = [["ObjectId", *rows[0]], *([str(n), *row] for n, row in enumerate(rows[1:], 1))]
    assert_alike("lsoa11_lsoa21", text_of(numbered).encode(), "LSOA11_LSOA21_LAD22_EW_LU_v5.csv")
    assert_alike("lsoa11_lsoa21", _renamed("lsoa11_lsoa21", lambda header: f"F_{header}"))


def test_the_digital_propensity_index_is_read_from_the_workbook_of_the_article() -> None:
    rows = rows_of("ons_dpi")
    article = [["LSOAcode", "LSOA name", "Score"], *([row[0], "A name", row[3]] for row in rows[1:])]
    for above in (0, 4):
        assert_alike("ons_dpi", workbook_of(article, above, "Table 1"), "digitalpropensityindexlsoas.xlsx")


# --- archives and shapes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", ZIPPED[:4])
def test_a_member_is_found_in_any_folder_and_an_unpacked_file_read(source: str) -> None:
    content = text_of(rows_of(source)).encode()
    name = member_of(source)
    assert_alike(source, zipped({f"folder/{name}": content, "folder/census2021-ts-msoa.csv": b"a,b\n1,2\n"}))
    assert_alike(source, content, name)
    assert_alike(source, content, "renamed.txt")
    assert_alike(source, zipped({"table.csv": content, "readme.txt.md": b"About"}))
    assert_refused(source, zipped({"census2021-msoa.csv": content, "census2021-oa.csv": content}), name)


@pytest.mark.parametrize("source", SHAPES)
def test_shapes_in_other_formats_are_read_alike(source: str, tmp_path: Path) -> None:
    import geopandas as gpd

    first = tmp_path / published()[source][0]
    first.write_bytes(published()[source][1])
    frame = gpd.read_parquet(first) if first.suffix == ".parquet" else gpd.read_file(first)
    renamed = frame.rename(columns={"LSOA21CD": "lsoa21cd", "LSOA21NM": "Lsoa21nm"})
    for name in ("other.gpkg", "other.geojson", "other.parquet"):
        path = tmp_path / name
        renamed.to_parquet(path) if path.suffix == ".parquet" else renamed.to_file(path)
        read = tidy_source(declared()[source], path).frame
        assert read["lsoa21_code"].tolist() == expected(source)["lsoa21_code"].tolist()
        pd.testing.assert_frame_equal(_bounds(read), _bounds(expected(source)), atol=1e-6, rtol=1e-6)


def _bounds(frame: pd.DataFrame) -> pd.DataFrame:
    import geopandas as gpd

    return frame.bounds if isinstance(frame, gpd.GeoDataFrame) else frame[["easting", "northing"]]


@pytest.mark.parametrize("source", SHAPES)
@pytest.mark.parametrize("codes", ["integers", "words", "missing", "a duplicate", "only Wales", "gone"])
def test_shapes_with_other_codes_are_refused(source: str, codes: str, tmp_path: Path) -> None:
    import geopandas as gpd

    path = tmp_path / published()[source][0]
    path.write_bytes(published()[source][1])
    frame = gpd.read_parquet(path) if path.suffix == ".parquet" else gpd.read_file(path)
    given_codes = frame["LSOA21CD"].astype(object)
    changed = {
        "integers": pd.Series(range(len(frame))),
        "words": given_codes.where(given_codes.index != 2, "the third"),
        "missing": given_codes.where(given_codes.index != 2, None),
        "a duplicate": given_codes.where(given_codes.index != 2, given_codes[0]),
        "only Wales": "W" + frame["LSOA21CD"].str[1:],
        "gone": given_codes,
    }[codes]
    frame["LSOA21CD"] = changed
    frame = frame.rename(columns={"LSOA21CD": "code"}) if codes == "gone" else frame
    out = io.BytesIO()
    frame.to_parquet(out)
    said = {"words": "feature 3: 'the third'", "missing": "feature 3: ''", "integers": "feature 1: '0'"}
    assert_refused(source, out.getvalue(), said.get(codes, "LSOA"))


@pytest.mark.parametrize("source", SHAPES)
def test_shapes_without_a_usable_coordinate_system_are_refused(source: str, tmp_path: Path) -> None:
    import geopandas as gpd

    path = tmp_path / published()[source][0]
    path.write_bytes(published()[source][1])
    frame = gpd.read_parquet(path) if path.suffix == ".parquet" else gpd.read_file(path)
    for crs, said in ((None, "does not state its coordinate system"), (LOCAL, "cannot be converted")):
        out = io.BytesIO()
        frame.set_crs(crs, allow_override=True).to_parquet(out)
        assert_refused(source, out.getvalue(), said)


@pytest.mark.parametrize("source", SHAPES)
def test_a_table_without_shapes_is_refused(source: str) -> None:
    assert_refused(source, text_of(rows_of("lsoa21_ward")).encode(), "shapes")
    assert_refused(source, parquet_of(rows_of("lsoa21_ward")), "shapes")


# --- any truncation, any bytes ----------------------------------------------------------------------------------------


def damaged_or_read(source: str, content: bytes) -> Tidied | None:
    """What is read of a damaged file; ``None`` where it is refused by name."""
    try:
        return tidied(source, content)
    except REFUSALS as refusal:
        message = str(refusal)
    assert published()[source][0] in message
    return None


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
quietly = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


@pytest.mark.parametrize("source", EVERY)
@quietly
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_file_cut_short_is_refused_or_has_the_rows_that_are_there(source: str, share: float) -> None:
    """Only the last row may be cut within its last cell; that rows are missing shows when tables are compared."""
    content = published()[source][1]
    read = damaged_or_read(source, content[: int(len(content) * share)])
    if read is not None:
        key = read.table.key
        there, complete = read.frame.set_index(key), expected(source).set_index(key)
        alike = (there == complete.loc[there.index.intersection(complete.index)].reindex(there.index)) | there.isna()
        assert int((~alike.all(axis=1)).sum()) <= 1


@pytest.mark.parametrize("source", ZIPPED)
@quietly
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_member_cut_short_is_refused_or_has_the_rows_that_are_there(source: str, share: float) -> None:
    content = text_of(rows_of(source)).encode()
    read = damaged_or_read(source, packed(source, content[: int(len(content) * share)]))
    assert read is None or len(read.frame) <= len(expected(source))


@pytest.mark.parametrize("source", EVERY)
@quietly
@given(data=st.data())
def test_any_bytes_in_a_file_are_read_or_refused(source: str, data: st.DataObject) -> None:
    content = bytearray(published()[source][1])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    damaged_or_read(source, bytes(content))


@pytest.mark.parametrize("source", EVERY)
@quietly
@given(content=st.binary(max_size=200))
def test_any_bytes_instead_of_a_file_are_refused(source: str, content: bytes) -> None:
    assert damaged_or_read(source, content) is None


@pytest.mark.parametrize("source", WITH_HEADERS)
@quietly
@given(
    row=st.integers(1, 59),
    cell=st.text(st.characters(codec="utf-8"), max_size=12),
    place=st.integers(0, 300),
)
def test_any_cell_is_read_or_refused(source: str, row: int, cell: str, place: int) -> None:
    rows = [list(r) for r in rows_of(source)]
    row = min(row, len(rows) - 1)
    rows[row][place % len(rows[row])] = cell
    damaged_or_read(source, packed(source, text_of(rows).encode()))


@quietly
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_json_instead_of_towns_or_shapes_is_refused(content: object) -> None:
    for source in ("geonames_towns", "lsoa21_centroids"):
        assert damaged_or_read(source, json.dumps(content).encode()) is None
