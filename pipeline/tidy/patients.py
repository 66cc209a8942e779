"""Patients of GP practices by the LSOA where they live, and which practices make up a primary care network."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pandas as pd

from pipeline.errors import RawFileError, first
from pipeline.reading import Header, Layout
from pipeline.reading.records import Numbered, even_rows, read_records
from pipeline.tables import Family, Table, validate
from pipeline.tidy.gp_practices import tidy_name
from pipeline.tidy.reading import read_given
from pipeline.tidy.registry import Noted, member_reader, reader

EVERYBODY = "ALL"
"""What the column SEX says of rows that count men and women together."""
LSOA_OF_ANY_YEAR = r"[EW]01[0-9]{6}"
PRACTICE, PRACTICE_NAME, PCN, PCN_NAME, START, END = 0, 1, 4, 5, 8, 9
"""Positions of the columns of a report of core partners: the file has no header."""
FEWEST_COLUMNS = 10
_CODE = re.compile(r"(?=.*[0-9])[A-Z0-9]{5,8}")
_NETWORK = re.compile(r"U[0-9]{5}")

_patients = Family("place", "patients_lsoa")
_member = Family("place", "pcn_membership")

PATIENTS = Table(
    "patients",
    "Patients of GP practices by LSOA",
    "One row for each practice and LSOA where its patients live, and one for those of them whose LSOA is not given.",
    (
        _patients("pair", "identifier", "Pair", "Practice and LSOA", pattern=r".+>.*"),
        _patients("practice_code", "code", "Practice code", "Code of the practice, Organisation Data Service"),
        _patients("practice_name", "name", "Practice", "Its name, in ordinary case"),
        _patients(
            "lsoa_code",
            "code",
            "LSOA code",
            "LSOA of 2011 or 2021, as the release has them; missing where it is not given",
            pattern=LSOA_OF_ANY_YEAR,
            nullable=True,
        ),
        _patients("patients", "people", "Patients", "Patients registered with the practice who live there"),
    ),
    key="pair",
    geography="none",
)

PCN_MEMBERS = Table(
    "pcn_members",
    "Practices of primary care networks",
    "One row for each practice that belongs to a primary care network now.",
    (
        _member("practice_code", "code", "Practice code", "Code of the practice, Organisation Data Service"),
        _member("pcn_code", "code", "PCN code", "Code of the network, Organisation Data Service", pattern=r"U\d{5}"),
        _member("pcn_name", "name", "PCN", "Its name, in ordinary case"),
    ),
    key="practice_code",
    geography="none",
)


@member_reader("patients", PATIENTS, "membership", notes_release=True)
def tidy_patients(file: BinaryIO, name: str) -> Noted:
    """Patients by practice and LSOA, men and women together.

    Rows that name no LSOA of England or Wales (``EMPTY``, ``CLOSED``, other nations) are added up by practice: those
    patients are somewhere, and the practice should say of how many it is not known where.

    Raises:
        RawFileError: a column is missing, no row counts men and women together, or a value cannot be read; by rows.
    """
    columns: dict[str, Header] = {
        "practice_code": "PRACTICE_CODE",
        "practice_name": "PRACTICE_NAME",
        "lsoa_code": ("LSOA_CODE", "LSOA21_CODE", "LSOA11_CODE"),
        "patients": "NUMBER_OF_PATIENTS",
        "sex": "SEX",
    }
    given = read_given(file, columns, name, key="lsoa_code", perhaps={"extracted": "EXTRACT_DATE"})
    everybody = given.frame["sex"].astype("str").str.upper() == EVERYBODY
    if not everybody.any():
        sexes = first(sorted(set(given.frame["sex"].astype("str"))), 5)
        raise RawFileError(
            f"{given.name}: no row is of all patients (SEX = ALL), only of {sexes}. Take gp-reg-pat-prac-lsoa-all.csv "
            "from the same archive."
        )
    given = replace(given, frame=given.frame[everybody]).with_codes("lsoa_code").with_counts("patients")
    frame = given.frame
    unnamed = frame["practice_code"].astype("str") == ""
    given.refuse("practice_code", unnamed, "empty", "Take out totals, or fetch the file again.")
    placed = frame["lsoa_code"].str.fullmatch(LSOA_OF_ANY_YEAR)
    somewhere = frame["lsoa_code"].where(placed)
    pair = frame["practice_code"] + ">" + somewhere.fillna("")
    given.refuse("lsoa_code", placed & pair.duplicated(keep=False), "given twice for a practice")
    notes = [*given.notes]
    if "extracted" in given.titles:
        notes.append(f"patients registered on {first(sorted(set(frame['extracted'].astype('str'))), 3)}")
    lost = int(frame.loc[~placed, "patients"].sum())
    if lost:
        notes.append(f"{lost:,} of {int(frame['patients'].sum()):,} patients without an LSOA of England or Wales")
    rows = frame.assign(pair=pair, lsoa_code=somewhere.astype("object"))
    of_pair = rows.groupby("pair", sort=True)
    summed = of_pair[["practice_code", "practice_name", "lsoa_code"]].first().assign(patients=of_pair["patients"].sum())
    names = {text: tidy_name(text) for text in summed["practice_name"].unique()}
    tidied = summed.assign(practice_name=summed["practice_name"].map(names)).reset_index()[PATIENTS.names]
    validate(tidied, PATIENTS, given.name)
    return Noted(tidied, tuple(notes))


@reader("pcn_membership", PCN_MEMBERS, "membership", notes_release=True)
def tidy_pcn_members(path: Path) -> Noted:
    """Practices that belong to a network now, from the report of core partners, with or without headers.

    A membership without an end date is current. Of a practice that has several, the one that began last counts.

    Raises:
        RawFileError: the file has another layout, or no membership is current; the rows are named.
    """
    records, name, read = read_records(path, Layout(member="epcncorepartnerdetails.csv", sheet="*Core Partner Details"))
    rows = even_rows(records, FEWEST_COLUMNS, name)
    notes = list(read)
    while (
        rows and not _CODE.fullmatch(rows[0][1][PRACTICE].upper()) and not _NETWORK.fullmatch(rows[0][1][PCN].upper())
    ):
        notes.append(f"row {rows[0][0]} holds headers")
        rows = rows[1:]
    _refuse_other_layouts(rows, name)
    current = pd.DataFrame(
        [
            (row[PRACTICE].upper(), row[PCN].upper(), tidy_network(row[PCN_NAME]), row[START], number)
            for number, row in rows
            if not row[END]
        ],
        columns=["practice_code", "pcn_code", "pcn_name", "start", "row"],
    )
    if current.empty:
        raise RawFileError(f"{name}: none of {len(rows):,} memberships is current (10th column empty). Fetch it again.")
    current = current.sort_values(["practice_code", "start", "row"], kind="stable")
    again = current[current["practice_code"].duplicated(keep="last")]
    if len(again):
        notes.append(f"practices in several networks, of which the latest counts: {first(again['practice_code'])}")
    notes.append(f"{len(rows) - len(current):,} memberships that have ended left out")
    latest = current.drop_duplicates("practice_code", keep="last").reset_index(drop=True)
    names = latest.drop_duplicates("pcn_code", keep="last").set_index("pcn_code")["pcn_name"]
    frame = latest.assign(pcn_name=latest["pcn_code"].map(names))[PCN_MEMBERS.names]
    validate(frame, PCN_MEMBERS, name)
    return Noted(frame, tuple(notes))


def tidy_network(name: str) -> str:
    """The name of a network in ordinary case: ``KINGS LYNN PCN`` to ``Kings Lynn PCN``."""
    return " ".join("PCN" if word.upper() == "PCN" else word for word in tidy_name(name).split())


def _refuse_other_layouts(rows: Sequence[Numbered], name: str) -> None:
    for place, what, form in (
        (PRACTICE, "the first column should hold practice codes such as A81001", _CODE),
        (PCN, "the 5th column should hold codes of networks such as U12345", _NETWORK),
    ):
        odd = [f"row {n}: '{row[place]:.40}'" for n, row in rows if not form.fullmatch(row[place].upper())]
        if odd:
            raise RawFileError(f"{name}: {what}; {len(odd):,} row(s) do not: {first(odd, 5)}. Is it another list?")
