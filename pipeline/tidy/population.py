"""Residents by age: ONS mid-2024 estimates by single year of age, or Census 2021 TS007A by five-year band."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from pipeline.tables import Family, Table
from pipeline.tables.columns import LSOA_CODE
from pipeline.tidy.reading import Given, read_given
from pipeline.tidy.registry import Noted, member_reader, reader

MID_2024_SHEET = "Mid-2024 LSOA 2021"


_age = Family("population", "mye2024")

POPULATION = Table(
    "population",
    "Residents by age",
    "Usual residents; the metadata says whether they are ONS mid-year estimates or Census 2021 counts.",
    (
        LSOA_CODE,
        _age("population_total", "people", "Residents", "Usual residents of all ages"),
        _age("population_65_to_74", "people", "Residents aged 65 to 74", "Usual residents aged 65 to 74"),
        _age("population_75_plus", "people", "Residents aged 75 and over", "Usual residents aged 75 and over"),
        _age(
            "share_65_to_74",
            "share",
            "Aged 65 to 74",
            "Residents aged 65 to 74 as a share of all residents of the same table",
            of="residents",
            worse="high",
        ),
        _age(
            "share_75_plus",
            "share",
            "Aged 75 and over",
            "Residents aged 75 and over as a share of all residents of the same table",
            of="residents",
            worse="high",
        ),
    ),
    key="lsoa21_code",
)


@member_reader("population_census", POPULATION, notes_release=True)
def tidy_population_census(file: BinaryIO, name: str) -> Noted:
    """Residents by age from the LSOA member of Census 2021 TS007A.

    Raises:
        RawFileError: a column is missing, a value is not a whole number from 0, a total is 0 or less than its part, or
            a code is none or appears twice.
        SchemaError: a value is out of its range.
    """
    younger = {"65": "Age: Aged 65 to 69 years", "70": "Age: Aged 70 to 74 years"}
    older = {
        "75": "Age: Aged 75 to 79 years",
        "80": "Age: Aged 80 to 84 years",
        "85": "Age: Aged 85 years and over",
    }
    columns = {"lsoa21_code": "geography code", "population_total": "Age: Total", **younger, **older}
    return _with_shares(read_given(file, columns, name), list(younger), list(older))


@reader("population_estimates", POPULATION, notes_release=True)
def tidy_population_estimates(path: Path) -> Noted:
    """Residents by age from the mid-2024 sheet of the ONS workbook (single years of age; 90 = 90 and over).

    Raises:
        RawFileError: the sheet or a column is missing, a value is not a whole number from 0, a total is 0 or less than
            its part, or a code is none or appears twice.
        SchemaError: a value is out of its range.
    """
    younger = [f"{sex}{age}" for sex in "FM" for age in range(65, 75)]
    older = [f"{sex}{age}" for sex in "FM" for age in range(75, 91)]
    single = {age: age for age in (*younger, *older)}
    columns = {"lsoa21_code": "LSOA 2021 Code", "population_total": "Total", **single}
    return _with_shares(read_given(path, columns, sheet=MID_2024_SHEET), younger, older)


def _with_shares(given: Given, younger: Sequence[str], older: Sequence[str]) -> Noted:
    given = given.only_england().once().with_counts("population_total", *younger, *older)
    bands = {"65_to_74": younger, "75_plus": older}
    sums = {f"population_{age}": given.frame[list(columns)].sum(axis=1) for age, columns in bands.items()}
    given = replace(given, frame=given.frame.assign(**sums))
    for age in bands:
        given = given.with_share(f"share_{age}", given.frame[f"population_{age}"], of="population_total")
    return given.tidied(POPULATION)
