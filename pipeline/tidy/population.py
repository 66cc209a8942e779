"""Residents by age: ONS mid-2024 estimates by single year of age, or Census 2021 TS007A by five-year band."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import pandas as pd

from pipeline.errors import RawFileError
from pipeline.tables import Column, Family, Table
from pipeline.tables.columns import AREA_NAME, LSOA_CODE
from pipeline.tidy.reading import Given, read_given
from pipeline.tidy.registry import Noted, member_reader, reader

MID_2024_SHEET = "Mid-2024 LSOA 2021"


FEWEST = 20
"""LSOAs from which the sum of all says something."""
MOST_OLDER = 1.3
"""Residents in a five-year band of age from 65 as a multiple of the band before: 1.01 at most in England in 2021; those
born in 1946 and 1947, who are many, move up since. Exchanged bands of England give 1.4 and more."""

_age = Family("population", "mye2024")

_BANDS = (
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
)
ADULT_AGES = (16, 18)
"""The youngest ages at which surveys count people as adults."""


def _adults(age: int) -> Column:
    meaning = f"Usual residents aged {age} and over; missing where the file has no single years of age"
    return _age(
        f"population_{age}_plus", "people", f"Residents aged {age} and over", meaning, nullable=True, detail=True
    )


_TITLE = "Residents by age"
_MEANING = "Usual residents; the metadata says whether they are ONS mid-year estimates or Census 2021 counts."
POPULATION = Table("population", _TITLE, _MEANING, (*_BANDS, AREA_NAME), key="lsoa21_code")
POPULATION_BY_YEAR = Table(
    "population", _TITLE, _MEANING, (*_BANDS, *map(_adults, ADULT_AGES), AREA_NAME), key="lsoa21_code"
)
"""By single year of age, so that adults can be counted: five-year bands do not tell an age of 15 from 16."""


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
    rest = {f"under_{age + 5}": f"Age: Aged {age} to {age + 4} years" for age in range(5, 65, 5)}
    rest |= {"under_5": "Age: Aged 4 years and under"}
    given = read_given(file, columns, name, perhaps={AREA_NAME.name: "geography", **rest})
    given = _as_counts(given, rest, [*younger, *older])
    _refuse_other_order(given, {age: [age] for age in (*younger, *older)})
    return _with_shares(given, list(younger), list(older))


@reader("population_estimates", POPULATION_BY_YEAR, notes_release=True)
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
    rest = {f"{sex}{age}": f"{sex}{age}" for sex in "FM" for age in range(65)}
    given = read_given(path, columns, sheet=MID_2024_SHEET, perhaps={AREA_NAME.name: "LSOA 2021 Name", **rest})
    adults = {f"population_{age}_plus": _count_adults(given, age) for age in ADULT_AGES}
    given = _as_counts(given, rest, [*younger, *older])
    given = replace(given, frame=given.frame.assign(**adults))
    ages = {"65": range(65, 70), "70": range(70, 75), "75": range(75, 80), "80": range(80, 85), "85": range(85, 91)}
    _refuse_other_order(given, {first: [f"{sex}{age}" for sex in "FM" for age in band] for first, band in ages.items()})
    return _with_shares(given, younger, older, POPULATION_BY_YEAR)


def _count_adults(given: Given, age: int) -> pd.Series:
    """All residents less those under ``age``; missing where the file does not have these by single year."""
    children = [f"{sex}{year}" for sex in "FM" for year in range(age)]
    if not set(children) <= set(given.frame.columns):
        return pd.Series(pd.NA, index=given.frame.index, dtype="Int64")
    younger = pd.concat([given.numbers_in(column) for column in children], axis=1).sum(axis=1, skipna=False)
    left = given.numbers_in("population_total") - younger
    # What is no whole number from 0 is refused for the columns that are needed, and here is not known.
    return left.where((left >= 0) & (left % 1 == 0)).astype("Int64")


def _as_counts(given: Given, rest: Collection[str], ages: Sequence[str]) -> Given:
    """The total and the columns of ``ages``, which add up to it with the ``rest``, where the file has these."""
    given = given.only_england().once().with_counts("population_total", *ages)
    given = given.refuse_other_sum("population_total", *rest, *ages)
    return replace(given, frame=given.frame.drop(columns=list(rest), errors="ignore"))


def _refuse_other_order(given: Given, bands: Mapping[str, Sequence[str]]) -> None:
    """Refuse bands of age that were exchanged: of all residents, older bands have fewer.

    Args:
        bands: the columns of each band by the age that it begins with, in order.

    Raises:
        RawFileError: a band has far more residents than the one before it.
    """
    if len(given.frame) < FEWEST:
        return
    totals = {age: int(given.frame[list(columns)].sum().sum()) for age, columns in bands.items()}
    for (younger, fewer), (older, more) in pairwise(totals.items()):
        if more > MOST_OLDER * fewer:
            raise RawFileError(
                f"{given.name}: {more:,} residents are in the band of age from {older}, and only {fewer:,} in the one "
                f"from {younger}: columns of ages were exchanged. Fetch the file again."
            )


def _with_shares(given: Given, younger: Sequence[str], older: Sequence[str], table: Table = POPULATION) -> Noted:
    bands = {"65_to_74": younger, "75_plus": older}
    sums = {f"population_{age}": given.frame[list(columns)].sum(axis=1) for age, columns in bands.items()}
    given = replace(given, frame=given.frame.assign(**sums))
    for age in bands:
        given = given.with_share(f"share_{age}", given.frame[f"population_{age}"], of="population_total")
    return given.tidied(table)
