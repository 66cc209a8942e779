import io
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.errors import RawFileError
from pipeline.reading import Layout, read_numbers, read_sheet
from pipeline.reading.records import even_rows

Rows = list[list[object]]


def workbook(path: Path, **sheets: Rows) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


TABLE: Rows = [["Code", "Rate"], ["Z01", 1.5], ["Z02", "1,234"]]


def test_the_only_sheet_is_read_whatever_the_file_is_called(tmp_path: Path) -> None:
    workbook(tmp_path / "t.xlsx", Data=TABLE).rename(tmp_path / "t.csv")
    sheet = read_sheet(tmp_path / "t.csv", ["Code"])
    assert read_numbers(sheet.column("Rate"), "Rate", sheet.name).values.tolist() == [1.5, 1234.0]


def test_a_sheet_is_named_where_there_are_several(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", Cover=[["About"]], Data=TABLE)
    with pytest.raises(RawFileError, match="several sheets.*Cover, Data"):
        read_sheet(path)
    assert read_sheet(path, layout=Layout(sheet="data")).headers == ("Code", "Rate")
    assert read_sheet(path, layout=Layout(sheet="*ta")).headers == ("Code", "Rate")
    with pytest.raises(RawFileError, match="'Dat'"):
        read_sheet(path, layout=Layout(sheet="Dat"))


def test_the_only_sheet_with_the_headers_is_read_where_that_is_asked_for(tmp_path: Path) -> None:
    anywhere = Layout(any_sheet=True)
    path = workbook(tmp_path / "t.xlsx", Cover=[["About"]], Data=TABLE)
    assert read_sheet(path, ["Code", "Rate"], anywhere).name.endswith("sheet 'Data'")
    with pytest.raises(RawFileError, match="one sheet with the columns Code, Cost; found 0. Sheets found: Cover, Data"):
        read_sheet(path, ["Code", "Cost"], anywhere)
    with pytest.raises(RawFileError, match="found 2"):
        read_sheet(workbook(path, A=TABLE, B=TABLE), ["Code"], anywhere)


def test_a_member_of_an_archive_is_named_where_there_are_several(tmp_path: Path) -> None:
    path = tmp_path / "t.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/Wanted.csv", "Code\nZ01\n")
        archive.writestr("a/other.csv", "Code\nZ02\n")
    assert read_sheet(path, ["Code"], Layout(member="wanted.csv")).column("Code").tolist() == ["Z01"]
    with pytest.raises(RawFileError, match="expected one table in the archive; found 2"):
        read_sheet(path, ["Code"])


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ([], "no rows"),
        ([["", " "]], "no rows"),
        ([["a", "b"], ["c", "d"]], "at least 3 columns"),
        ([["a", "b", "c"], ["d", "e"], ["f", "g", "h"]], "row 2 .2."),
        ([["a", "b", "c"], ["d", "e", "f", "g"], ["h", "i", "j"]], "row 2 .4."),
    ],
)
def test_rows_without_headers_are_even_or_refused_by_number(records: Rows, said: str) -> None:
    with pytest.raises(RawFileError, match=rf"t.csv: .*{said}"):
        even_rows(records, 3, "t.csv")
    padded: Rows = [["a", "b", "c", ""], [], ["d", " e", 5.0], ["f", "g", "h", "", ""]]
    assert even_rows(padded, 3, "t.csv")[1] == (3, ["d", "e", "5"])


def test_headers_below_notes_and_a_cell_right_of_them(tmp_path: Path) -> None:
    above: Rows = [["Notes on the table"], [None, None], *TABLE]
    assert read_sheet(workbook(tmp_path / "a.xlsx", D=above), ["Code"]).rows.tolist() == [4, 5]
    right: Rows = [*TABLE, ["Z03", 3, None, "checked"]]
    with pytest.raises(RawFileError, match="row 4: 'checked'"):
        read_sheet(workbook(tmp_path / "b.xlsx", D=right), ["Code"])


def test_codes_in_the_index_of_a_parquet_file_are_a_column(tmp_path: Path) -> None:
    frame = pd.DataFrame({"rate": [1.0, None]}, index=pd.Index(["Z01", "Z02"], name="code"))
    frame.to_parquet(tmp_path / "named.parquet")
    frame.rename_axis(None).to_parquet(tmp_path / "bare.parquet")
    assert read_sheet(tmp_path / "named.parquet").column("code").tolist() == ["Z01", "Z02"]
    assert read_sheet(tmp_path / "bare.parquet").column("index").tolist() == ["Z01", "Z02"]


def test_a_damaged_workbook_is_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", D=TABLE)
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(RawFileError, match=r"t.xlsx.*damaged"):
        read_sheet(path)


def test_a_workbook_with_other_bytes_in_one_of_its_parts_is_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", D=TABLE)
    content = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        part = archive.getinfo("xl/styles.xml")
    at = part.header_offset + 30 + len(part.filename) + part.compress_size // 2
    path.write_bytes(content[:at] + bytes(byte ^ 0xFF for byte in content[at : at + 20]) + content[at + 20 :])
    with pytest.raises(RawFileError, match=r"t.xlsx.*damaged"):
        read_sheet(path)


def test_parquet_with_decimals_bytes_and_a_header_twice(tmp_path: Path) -> None:
    codes = pa.array([b"E01900001", b"E01900002"])
    exact = pa.array([Decimal("1.5"), Decimal("2.5")])
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table([codes, exact, exact], names=["code", "rate", "rate"]), path)
    sheet = read_sheet(path)
    assert sheet.column("code").tolist() == ["E01900001", "E01900002"]
    with pytest.raises(RawFileError, match="'rate' appears more than once, in columns 2 and 3"):
        sheet.column("rate")
    pq.write_table(pa.table([codes, exact], names=["code", "rate"]), path)
    assert read_sheet(path).column("rate").tolist() == [1.5, 2.5]


def test_headers_that_are_likely_tell_their_row_and_the_separator() -> None:
    text = "Our hubs\n\nSite name;lon;lat\nHub;1,25;52,6\nPub;1,30;52,7\n"
    sheet = read_sheet(io.BytesIO(text.encode()), (), Layout(likely=("site name", "lon", "lat")), name="hubs.csv")
    assert sheet.headers == ("Site name", "lon", "lat")
    assert sheet.column("lat").tolist() == ["52,6", "52,7"]
