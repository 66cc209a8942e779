"""Patients by LSOA and members of networks, in the layouts of NHS England."""

import io
from pathlib import Path

import pytest

from pipeline.errors import RawFileError
from pipeline.tidy.patients import tidy_patients, tidy_pcn_members

HEAD = "PUBLICATION,EXTRACT_DATE,PRACTICE_CODE,PRACTICE_NAME,LSOA_CODE,SEX,NUMBER_OF_PATIENTS"
ROWS = (
    "GP_PRAC_PAT_LIST,01OCT2025,A81001,THE DENSHAM SURGERY,E01011949,ALL,12",
    "GP_PRAC_PAT_LIST,01OCT2025,A81001,THE DENSHAM SURGERY,W01000001,ALL,3",
    "GP_PRAC_PAT_LIST,01OCT2025,A81001,THE DENSHAM SURGERY,EMPTY,ALL,2",
    "GP_PRAC_PAT_LIST,01OCT2025,A81001,THE DENSHAM SURGERY,CLOSED,ALL,4",
    "GP_PRAC_PAT_LIST,01OCT2025,A81001,THE DENSHAM SURGERY,E01011949,MALE,6",
)
PARTNER = '"A81001","THE DENSHAM SURGERY","16C","","{0}","{1}","16C","","{2}","{3}","Yes"'


def test_patients_without_an_lsoa_are_kept_as_one_row() -> None:
    frame, notes = tidy_patients(io.BytesIO("\n".join([HEAD, *ROWS]).encode()), "p.csv")
    assert frame["patients"].tolist() == [6, 12, 3]
    assert frame["lsoa_code"].isna().tolist() == [True, False, False]
    assert set(frame["practice_name"]) == {"The Densham Surgery"}
    assert "patients registered on 01OCT2025" in notes
    assert "6 of 21 patients without an LSOA of England or Wales" in notes


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (ROWS[4:], "no row is of all patients .SEX = ALL., only of MALE"),
        ((ROWS[0], ROWS[0]), "given twice for a practice: row 2"),
        ((ROWS[0].replace(",12", ",twelve"),), "row 2"),
        ((ROWS[0].replace("A81001", ""),), "empty"),
    ],
)
def test_other_files_are_refused(rows: tuple[str, ...], message: str) -> None:
    with pytest.raises(RawFileError, match=message):
        tidy_patients(io.BytesIO("\n".join([HEAD, *rows]).encode()), "p.csv")


def write(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "epcncorepartnerdetails.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_only_current_members_count_and_the_latest_of_several(tmp_path: Path) -> None:
    rows = [
        PARTNER.format("U00001", "OLD PCN", "20190701", "20200331"),
        PARTNER.format("U00002", "FIRST PCN", "20200401", ""),
        PARTNER.format("U00003", "KINGS LYNN PCN", "20210401", ""),
    ]
    frame, notes = tidy_pcn_members(write(tmp_path, *rows))
    assert frame.to_numpy().tolist() == [["A81001", "U00003", "Kings Lynn PCN"]]
    assert "1 memberships that have ended left out" in notes
    assert any("A81001" in note for note in notes)


def test_headers_are_recognised(tmp_path: Path) -> None:
    head = ",".join(f'"{name}"' for name in ("Partner Code", "Partner", *"abcdefghi"))
    frame, notes = tidy_pcn_members(write(tmp_path, head, PARTNER.format("U00001", "A PCN", "20190701", "")))
    assert len(frame) == 1
    assert "row 1 holds headers" in notes


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([PARTNER.format("U00001", "OLD PCN", "20190701", "20200331")], "none of 1 memberships is current"),
        ([PARTNER.format("16C", "OLD PCN", "20190701", "")], "the 5th column should hold codes of networks"),
        (['"A81001","THE DENSHAM SURGERY"'], "expected at least 10 columns"),
    ],
)
def test_other_lists_are_refused(tmp_path: Path, rows: list[str], message: str) -> None:
    with pytest.raises(RawFileError, match=message):
        tidy_pcn_members(write(tmp_path, *rows))
