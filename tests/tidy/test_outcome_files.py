"""The files of outcomes: two blocks side by side, shares that add up, groups by name, and districts by name."""

import csv
import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from pipeline.catalogue import read_sources
from pipeline.demo import demo_files
from pipeline.errors import RawFileError
from pipeline.tidy import tidy_source
from pipeline.tidy.registry import Tidied
from tests.fixtures.folders import DECLARED

BLOCKS = (
    ["", "UK", 7.5, 7.8, 8.1, "", "UKI", "Smoke", 4.0, 4.9, 5.6],
    ["", "", "", "", "", "", "UKI31", "Fog", "-", 1.7, 4.2],
    ["UKH", "Levels", 6.8, 7.7, 8.6, "", "UKN06", " Giants", 5.0, 9.0, 8.0],
    ["UKH15", "Reeds", 2.8, 6.4, 10.1, "", "", "", "", "", ""],
)
HEADERS = ["NUTS Code", "", "Lower limit", "Survey estimate", "Upper limit", "", "", ""]
HEADERS += ["Lower limit", "Survey estimate", "Upper limit"]
Change = Callable[[list[list[object]]], None]


@cache
def made() -> dict[str, tuple[str, bytes]]:
    return {source: (name, content) for source, name, content in demo_files(60)}


def tidied(source: str, content: bytes, folder: Path) -> Tidied:
    declared = read_sources(DECLARED / "sources.toml")[source]
    path = folder / declared.file
    path.write_bytes(content)
    return tidy_source(declared, path)


def survey(folder: Path, change: Change | None = None, sheets: tuple[str, ...] = ("9a", "9b")) -> Tidied:
    """The four rows of blocks on both sheets; ``change`` alters those of the percentages."""
    book = openpyxl.Workbook()
    for sheet in sheets:
        rows: list[list[object]] = [list(row) for row in BLOCKS]
        if change is not None and sheet == "9b":
            change(rows)
        page = book.create_sheet(sheet)
        for row in (["TABLE"], ["Persons aged 16 and over"], [], HEADERS, [], *rows, [], ["Notes", "of the publisher"]):
            page.append(row)
    out = io.BytesIO()
    book.save(out)
    return tidied("ons_internet_users", out.getvalue(), folder)


def test_both_blocks_of_the_survey_are_read_and_a_dash_is_a_limit_that_is_not_given(tmp_path: Path) -> None:
    result = survey(tmp_path)
    frame = result.frame.set_index("nuts_code")
    assert frame.index.to_list() == ["UK", "UKH", "UKH15", "UKI", "UKI31"]
    assert frame.loc["UKH15", "share_not_online"] == pytest.approx(0.064)
    assert frame.loc["UKH15", "people_not_online_high"] == pytest.approx(10_100)
    assert frame["share_not_online_low"].isna().to_list() == [False, False, False, False, True]
    assert "sheet 9b: 1 lower limit(s) would be below 0 and are not given" in result.notes


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: rows[3].__setitem__(4, 5.0), "should rise, from 0; 1 area.s. differ: UKH15: 2.8, 6.4, 5"),
        (lambda rows: rows[3].__setitem__(3, "many"), "column 'Survey estimate' should hold numbers; .*UKH15"),
        (lambda rows: rows[3].__setitem__(3, "-"), "are not given: row 9 .UKH15"),
        (lambda rows: rows[3].__setitem__(0, ""), "'Reeds' has an estimate and no NUTS code"),
        (lambda rows: rows[3].__setitem__(0, "UKH"), "appears twice: UKH"),
        (lambda rows: rows[3].__setitem__(0, "UKH16"), "only one has UKH15, UKH16"),
    ],
    ids=["order", "text", "no estimate", "no code", "twice", "other areas"],
)
def test_what_is_wrong_in_the_survey_is_said_by_area(change: Change, said: str, tmp_path: Path) -> None:
    with pytest.raises(RawFileError, match=said):
        survey(tmp_path, change)


def test_a_survey_without_a_sheet_or_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RawFileError, match="no one sheet is called '9a'"):
        survey(tmp_path, sheets=("9b", "10a"))
    with pytest.raises(RawFileError, match="expected the workbook of the publisher"):
        tidied("ons_internet_users", b"NUTS Code,Lower limit\nUKH15,1\n", tmp_path)


def online(folder: Path, *rows: tuple[str, str, str, str]) -> Tidied:
    head = "Local Authority Name,LSOA Code,Paper First,Online share of returns,Paper share of returns"
    lines = [",".join(["The Fens", *row]) for row in rows]
    return tidied("ons_online_share", "\n".join([head, *lines, ""]).encode(), folder)


def test_the_online_share_and_the_paper_first_flag_are_read(tmp_path: Path) -> None:
    frame = online(
        tmp_path,
        ("E01000002", "No", "0.93", "0.07"),
        ("E01000001", "YES", "0.7", "0.301"),
        ("W01000001", "No", "1", "0"),
    ).frame
    assert frame["lsoa11_code"].to_list() == ["E01000001", "E01000002"]
    assert frame["paper_first"].to_list() == [True, False]
    assert frame["online_share"].to_list() == [0.7, 0.93]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("E01000001", "No", "0.93", "0.17"), "row 2 .E01000001.: '0.93'"),
        (("E01000001", "No", "93", "7"), "not what the paper share leaves of 1"),
        (("E01000001", "maybe", "0.93", "0.07"), "neither Yes nor No: row 2 .E01000001.: 'maybe'"),
    ],
    ids=["sum", "percentages", "flag"],
)
def test_shares_that_do_not_add_up_and_other_flags_are_refused(
    row: tuple[str, str, str, str], said: str, tmp_path: Path
) -> None:
    with pytest.raises(RawFileError, match=said):
        online(tmp_path, row, ("E01000002", "No", "0.9", "0.1"))


def test_a_group_has_the_name_of_its_publisher(tmp_path: Path) -> None:
    content = "LSOA11_CD,GRP_CD,GRP_LABEL\nE01000001,10,{}\nE01000002,{},e-Mainstream\n"
    frame = tidied("iuc2018", content.format("e-withdrawn ", 6).encode(), tmp_path).frame
    assert frame["user_group_name"].to_list() == ["e-Withdrawn", "e-Mainstream"]
    with pytest.raises(RawFileError, match="not the name of the group beside it: row 2 .E01000001.: 'Digital Seniors'"):
        tidied("iuc2018", content.format("Digital Seniors", 6).encode(), tmp_path)
    with pytest.raises(RawFileError, match="no group from 1 to 10: row 3"):
        tidied("iuc2018", content.format("e-Withdrawn", 11).encode(), tmp_path)


def test_a_district_lies_in_one_nuts_3_area(tmp_path: Path) -> None:
    content = 'lad22_name,nuts3_code\n"Reeds, City of",ukh15\nFog,{}\n'
    frame = tidied("lad22_nuts3", content.format("UKI31").encode(), tmp_path).frame
    assert frame.to_numpy().tolist() == [["Fog", "UKI31"], ["Reeds, City of", "UKH15"]]
    with pytest.raises(RawFileError, match="no code of a NUTS 3 area such as UKH15: row 3"):
        tidied("lad22_nuts3", content.format("UKI").encode(), tmp_path)
    with pytest.raises(RawFileError, match="a district that appears twice: row 3: Fog, row 4: FOG"):
        tidied("lad22_nuts3", (content.format("UKI31") + "FOG,UKI32\n").encode(), tmp_path)


def test_the_lookup_of_changes_keeps_the_district_of_2022_and_may_be_without(tmp_path: Path) -> None:
    content = made()["lsoa11_lsoa21"][1]
    frame = tidied("lsoa11_lsoa21", content, tmp_path).frame
    assert frame["lad22_name"].notna().all()
    rows = list(csv.reader(io.StringIO(content.decode())))
    bare = "\n".join(",".join(row[:5]) for row in rows)
    assert tidied("lsoa11_lsoa21", bare.encode(), tmp_path).frame["lad22_name"].isna().all()


@pytest.mark.parametrize("source", ["ons_dpi", "ons_online_share", "iuc2018", "ons_internet_users", "lad22_nuts3"])
def test_the_fictional_files_are_read_as_the_published_ones(source: str, tmp_path: Path) -> None:
    assert len(tidied(source, made()[source][1], tmp_path).frame)
