from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from pipeline.errors import RawFileError
from pipeline.reading import Layout, read_numbers, read_sheet

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
