"""Residents by age: ONS mid-2024 estimates by single year of age, or Census 2021 TS007A by five-year band."""

from pathlib import Path
from typing import BinaryIO

import pandas as pd

from pipeline.tables import Family, Table, validate
from pipeline.tables.columns import LSOA_CODE
from pipeline.tidy.reading import numbers, only_england, pick, read_columns
from pipeline.tidy.registry import member_reader, reader
from pipeline.tidy.workbooks import read_sheet

MID_2024_SHEET = "Mid-2024 LSOA 2021"
HEADER_ROW = 4


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
def tidy_population_census(file: BinaryIO, name: str) -> pd.DataFrame:
    """Residents by age from the LSOA member of Census 2021 TS007A.

    Raises:
        RawFileError: a column is missing, or a value is not a whole number.
        SchemaError: a value is out of its range, or a code appears twice.
    """
    bands = {
        "65": "Age: Aged 65 to 69 years",
        "70": "Age: Aged 70 to 74 years",
        "75": "Age: Aged 75 to 79 years",
        "80": "Age: Aged 80 to 84 years",
        "85": "Age: Aged 85 years and over",
    }
    columns = {"lsoa21_code": "geography code", "population_total": "Age: Total", **bands}
    frame = read_columns(file, columns, name)
    frame = only_england(numbers(frame, ["population_total", *bands], name, integers=True))
    frame["population_65_to_74"] = frame[["65", "70"]].sum(axis=1)
    frame["population_75_plus"] = frame[["75", "80", "85"]].sum(axis=1)
    return _with_shares(frame, name)


@reader("population_estimates", POPULATION, notes_release=True)
def tidy_population_estimates(path: Path) -> pd.DataFrame:
    """Residents by age from the mid-2024 sheet of the ONS workbook (single years of age; 90 = 90 and over).

    Raises:
        RawFileError: the sheet or a column is missing, or a value is not a whole number.
        SchemaError: a value is out of its range, or a code appears twice.
    """
    name = f"{path}, sheet '{MID_2024_SHEET}'"
    single = [f"{sex}{age}" for sex in "FM" for age in range(65, 91)]
    frame = read_sheet(path, MID_2024_SHEET, HEADER_ROW)
    frame = pick(frame, {"lsoa21_code": "LSOA 2021 Code", "population_total": "Total", **{s: s for s in single}}, name)
    frame = only_england(numbers(frame, ["population_total", *single], name, integers=True))
    frame["population_65_to_74"] = frame[[s for s in single if int(s[1:]) < 75]].sum(axis=1)
    frame["population_75_plus"] = frame[[s for s in single if int(s[1:]) >= 75]].sum(axis=1)
    return _with_shares(frame, name)


def _with_shares(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    for age in ("65_to_74", "75_plus"):
        frame[f"share_{age}"] = frame[f"population_{age}"] / frame["population_total"]
    validate(frame[POPULATION.names], POPULATION, name)
    return frame[POPULATION.names]
