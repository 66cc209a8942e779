"""What arrives is what its name says, whole to its end; a page with an excuse is not."""

import gzip
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.catalogue import Source
from pipeline.errors import FetchError
from pipeline.fetch import Destination, FetchSettings, copy_source, fetch_source
from pipeline.fetch.archives import longest_sheet
from pipeline.fetch.kinds import inspect, shape_of, wrong_rows
from tests.fixtures.publisher import Publisher

Declare = Callable[..., Source]
HEADERS = ["LSOA code (2021)", "Name", "Share"]
ROWS = [[f"E0190{n:04}", f'Nébulous {n}, "A"', f"{n / 7:.3f}"] for n in range(1, 40)]


def table(delimiter: str = ",", end: str = "\r\n") -> str:
    lines = [HEADERS, *([f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row] for row in ROWS)]
    return end.join(delimiter.join(line) for line in lines) + end


def workbook(rows: int = 39) -> bytes:
    content = io.BytesIO()
    with pd.ExcelWriter(content) as writer:
        pd.DataFrame({"notes": ["one"]}).to_excel(writer, sheet_name="Notes", index=False)
        pd.DataFrame(ROWS[:rows], columns=HEADERS).to_excel(writer, sheet_name="Table", index=False)
    return content.getvalue()


def parquet() -> bytes:
    content = io.BytesIO()
    pd.DataFrame(ROWS, columns=HEADERS).to_parquet(content)
    return content.getvalue()


def geojson() -> bytes:
    feature = {"type": "Feature", "properties": {"LSOA21CD": "E01900001"}, "geometry": None}
    return json.dumps({"type": "FeatureCollection", "features": [feature] * 39}).encode()


def zipped(member: bytes = table().encode(), name: str = "t.csv") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, member)
    return content.getvalue()


def database(folder: Path) -> bytes:
    path = folder / "made.gpkg"
    with sqlite3.connect(path) as opened:
        opened.execute("CREATE TABLE t (x)")
    opened.close()
    return path.read_bytes()


PAGES = {
    "a sentence": b"Service temporarily unavailable",
    "sentences": b"Sorry, we are closed.\r\nPlease, come back tomorrow, or write to us.\r\nThank you\r\n",
    "an answer": b'{"error": "rate limit"}',
    "an answer in lines": b'{\n  "error": {"code": 429,\n  "message": "slow down, please"}\n}\n',
    "a list": b'["rate limit", 5]',
    "a page": b"\n\n  <!DOCTYPE html>\n<html><body>,,,</body></html>",
    "a page in capitals": b"<HTML><TITLE>Sign in</TITLE>",
    "a page without a head": b"<h1>Access denied</h1><p>a, b, c</p>",
    "a page in UTF-16": "<html><p>Sign in".encode("utf-16"),
    "xml": b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>",
    "nothing": b"",
    "blanks": b"\r\n \r\n",
    "headers alone": b"LSOA code (2021),Name,Share\r\n",
    "bytes": bytes(range(256)) * 20,
}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", ["t.csv", "t.xlsx", "t.zip", "t.parquet", "t.geojson", "t.gpkg", "t.csv.gz"])
def test_a_page_is_never_taken_for_a_file(
    page: str, name: str, publisher: Publisher, declare: Declare, tmp_path: Path, settings: FetchSettings
) -> None:
    folder = tmp_path / "data/raw/invented"
    folder.mkdir(parents=True)
    (folder / name).write_bytes(b"the good file of before")
    (folder / f"{name}.receipt.json").write_bytes(b"its receipt")
    publisher.files[f"/{name}"] = PAGES[page]
    source = declare(f"/{name}", format="zip" if name == "t.zip" else "file")
    with pytest.raises(FetchError, match=r"invented: "):
        fetch_source(source, Destination(tmp_path, "a"), accept=True, quiet=True, settings=settings)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        name: b"the good file of before",
        f"{name}.receipt.json": b"its receipt",
    }


def checked(content: bytes, name: str, folder: Path, **values: Any) -> int | None:
    path = folder / "arrived"
    path.write_bytes(content)
    base = {
        "id": "invented",
        "title": "Invented",
        "publisher": "Nobody",
        "licence": "none",
        "attribution": "none",
        "landing_page": "https://example.org",
        "address": "https://example.org/t",
        "release": "first",
        "accessed": "2026-01-01",
        "geography": "none",
        "format": "file",
        "file": name,
        "reads": "invented",
    }
    return inspect(path, Source.model_validate(base | values), name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_tables_as_people_save_them_are_counted(encoding: str, delimiter: str, end: str, tmp_path: Path) -> None:
    content = table(delimiter, end).encode(encoding)
    assert checked(content, "t.csv", tmp_path, headers=["lsoa code (2021)", "Share"]) == 39
    with pytest.raises(FetchError, match="no column 'Rank'"):
        checked(content, "t.csv", tmp_path, headers=["Rank"])
    with pytest.raises(FetchError, match="not a table"):
        checked(content, "t.csv", tmp_path, columns=4)


def test_a_preamble_and_notes_are_not_rows(tmp_path: Path) -> None:
    content = "Invented table\r\nsource: nobody\r\n\r\n" + table() + "\r\nNotes\r\n"
    assert checked(content.encode(), "t.csv", tmp_path) == 39
    assert checked(b"sep=;\r\n" + table(";").encode(), "t.csv", tmp_path) == 39


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_a_table_cut_in_the_middle_of_a_row_is_noticed_wherever_it_is_cut(end: str, tmp_path: Path) -> None:
    content = table(",", end).encode()
    last = len(content.splitlines(keepends=True)[-1])
    for missing in range(len(end) + 1, last):
        with pytest.raises(FetchError, match="cut short"):
            checked(content[:-missing], "t.csv", tmp_path)


@pytest.mark.parametrize("values", [["Norwich", "Great Yarmouth"], ["E07000148", "E07000145"], ["1", "0"]])
def test_a_last_value_that_is_only_the_beginning_of_one_is_noticed(values: list[str], tmp_path: Path) -> None:
    content = "code,value\n" + "".join(f"E0190{n:04},{values[n % 2]}\n" for n in range(20))
    for missing in range(2, len(values[1]) + 2):
        with pytest.raises(FetchError, match="cut short"):
            checked(content[:-missing].encode(), "t.csv", tmp_path)


def test_a_last_line_without_an_end_is_taken_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert checked(table().encode()[:-2], "t.csv", tmp_path) == 39
    assert "the last line of t.csv has no line end" in capsys.readouterr().err


def test_an_open_quotation_mark_is_cut_short(tmp_path: Path) -> None:
    open_mark = table().encode() + b'"E01900099,' + b"x,y,z\r\n" * 40_000
    with pytest.raises(FetchError, match="cut short"):
        checked(open_mark, "t.csv", tmp_path)


def kinds(folder: Path) -> dict[str, bytes]:
    return {
        "t.xlsx": workbook(),
        "t.parquet": parquet(),
        "t.geojson": geojson(),
        "t.zip": zipped(),
        "t.gpkg": database(folder),
        "t.csv.gz": gzip.compress(table().encode()),
    }


def test_each_kind_is_taken_and_its_rows_are_counted(tmp_path: Path) -> None:
    rows = {
        name: checked(content, name, tmp_path, format="zip" if name == "t.zip" else "file", member="t.csv", rows=39)
        for name, content in kinds(tmp_path).items()
    }
    assert rows == {"t.xlsx": 40, "t.parquet": 39, "t.geojson": 39, "t.zip": 39, "t.gpkg": None, "t.csv.gz": None}


@pytest.mark.parametrize("name", ["t.xlsx", "t.parquet", "t.geojson", "t.zip", "t.csv.gz"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.99])
def test_each_kind_cut_short_is_refused(name: str, share: float, tmp_path: Path) -> None:
    content = kinds(tmp_path)[name]
    with pytest.raises(FetchError, match=r"invented: "):
        checked(content[: int(len(content) * share)], name, tmp_path, member="t.csv")


def test_a_member_cut_before_it_was_zipped_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"t\.zip!t\.csv is cut short"):
        checked(zipped(table().encode()[:-9]), "t.zip", tmp_path, format="zip", member="t.csv")
    with pytest.raises(FetchError, match="not a table"):
        checked(zipped(b'{"error": 5}'), "t.zip", tmp_path, format="zip", member="t.csv")


def test_an_archive_under_the_name_of_a_workbook_is_no_workbook(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"lacks \[Content_Types\]\.xml"):
        checked(zipped(), "t.xlsx", tmp_path)


@pytest.mark.parametrize("name", ["t.zip", "t.xlsx"])
def test_an_archive_that_swells_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="would unpack to"):
        checked(zipped(b"0" * 60_000_000), name, tmp_path, member="t.csv")


def test_the_only_table_of_an_archive_is_looked_at_without_being_named(tmp_path: Path) -> None:
    assert checked(zipped(name="a/t.csv"), "t.zip", tmp_path, format="zip") == 39
    with pytest.raises(FetchError, match="not a table"):
        checked(zipped(), "t.zip", tmp_path, format="zip", columns=26)


def test_rows_of_a_sheet_are_counted_however_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    for tag in (b"row", b"x:row"):
        content = b"<x>" + b"".join(b'<%s r="%d"><c/></%s>' % (tag, n, tag) for n in range(70_000))
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/sheet1.xml", content)
            archive.writestr("xl/other.xml", content * 2)
        assert longest_sheet(path) == 70_000


def test_an_archive_within_an_archive_is_held_to_the_same(tmp_path: Path) -> None:
    bomb = zipped(zipped(b"0" * 60_000_000), "inner.zip")
    with pytest.raises(FetchError, match="would unpack to"):
        checked(bomb, "t.zip", tmp_path, format="zip", member="inner.zip!t.csv")
    assert checked(zipped(zipped(), "inner.zip"), "t.zip", tmp_path, format="zip", member="inner.zip!t.csv") == 39


@pytest.mark.parametrize("name", ["../out.csv", "/etc/x.csv", "a/../../b.csv", "C:/x.csv", "..\\x.csv"])
def test_members_that_lead_out_of_an_archive_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="paths out of it"):
        checked(zipped(name=name), "t.zip", tmp_path, format="zip")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_twice_and_too_many_members_are_refused(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for _ in range(2):
            archive.writestr("t.csv", table())
    with pytest.raises(FetchError, match="names twice: t.csv"):
        checked(content.getvalue(), "t.zip", tmp_path, format="zip", member="t.csv")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for number in range(10_001):
            archive.writestr(str(number), b"")
    with pytest.raises(FetchError, match="10,001 files"):
        checked(content.getvalue(), "t.zip", tmp_path, format="zip")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[" * 200_000, "brackets"),
        (b'{"type": "FeatureCollection"}', "without features"),
        (b'{"type": "Feature", "features": []}', "without features"),
        (b'{"error": {"code": 400}}', "without features"),
        (b"[1, 2]", "without features"),
    ],
)
def test_other_json_is_not_geojson(content: bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=said):
        checked(content, "t.geojson", tmp_path)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    content=st.binary(max_size=300),
    name=st.sampled_from(["t.csv", "t.xlsx", "t.zip", "t.parquet", "t.geojson", "t.gpkg", "t.x"]),
)
def test_arbitrary_bytes_are_taken_or_refused_and_nothing_else(content: bytes, name: str, tmp_path: Path) -> None:
    with suppress(FetchError):
        checked(content, name, tmp_path, member="t.csv", format="zip" if name == "t.zip" else "file")


cells = st.text(
    st.characters(codec="utf-8", exclude_characters='",;\t|\r\n\0\x85\u2028\u2029\x1c\x1d\x1e\x0b\x0c'), min_size=1
)


@given(st.lists(st.tuples(cells, cells, cells), min_size=2, max_size=12))
def test_the_rows_of_a_table_are_those_that_were_written(rows: list[tuple[str, str, str]]) -> None:
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    text = "".join(",".join(row) + "\n" for row in rows)
    shape = shape_of(io.StringIO(text), ",")
    if len(filled) >= 2:
        assert shape is not None
        assert (shape.rows, shape.width) == (len(filled) - 1, 3)


def test_rows_are_those_of_the_file_by_its_name(declare: Declare) -> None:
    source = declare(
        "/t.csv", rows=40, also_named=["former.csv"], other_files={"former.csv": {"rows": 39, "release": "older"}}
    )
    assert wrong_rows(source, "t.csv", 40) is None
    assert wrong_rows(source, "t.csv", 39) == "expected 40 rows, got 39"
    assert wrong_rows(source, "former.csv", 39) is None
    assert wrong_rows(source, "t.xlsx", 45) is None
    assert wrong_rows(source, "t.xlsx", 30) == "expected at least 40 rows, got 30"
    assert (source.as_in("former.csv").release, source.as_in("t.csv").release) == ("older", "first")


@pytest.mark.parametrize("way", ["network", "mirror"])
@pytest.mark.parametrize("name", ["t.csv", "t.zip", "t.xlsx", "t.parquet", "t.geojson"])
def test_declared_rows_are_counted_from_the_network_and_on_mirrors(
    way: str, name: str, publisher: Publisher, declare: Declare, tmp_path: Path, settings: FetchSettings
) -> None:
    content = {"t.csv": table().encode(), **kinds(tmp_path)}[name]
    kind = "zip" if name == "t.zip" else "file"
    publisher.files[f"/{name}"] = content
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    (mirror / name).write_bytes(content)

    def take(rows: int, *, accept: bool = False) -> bool:
        source = declare(f"/{name}", rows=rows, format=kind, member="t.csv" if kind == "zip" else None)
        to = Destination(tmp_path, "saltmarsh")
        if way == "network":
            return fetch_source(source, to, accept=accept, quiet=True, settings=settings).accepted_difference
        receipt = copy_source(source, mirror, to, accept=accept, quiet=True)
        assert receipt is not None
        return receipt.accepted_difference

    with pytest.raises(FetchError, match=r"(?s)expected (at least )?50 rows.*ACCEPT=invented"):
        take(50)
    assert not list((tmp_path / "data/raw").glob("invented/t.*"))
    assert take(39) is False
    assert take(50, accept=True) is True


def test_a_file_too_large_for_the_memory_is_said(
    declare: Declare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("pipeline.fetch.kinds.json.loads", fill)
    path = tmp_path / "t.geojson"
    path.write_bytes(geojson())
    with pytest.raises(FetchError, match="memory of this computer"):
        inspect(path, declare("/t.geojson"), path.name)
