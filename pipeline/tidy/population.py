"""Residents by age: ONS mid-2024 estimates by single year of age, or Census 2021 TS007A by five-year band."""

from pathlib import Path
from typing import BinaryIO

import pandas as pd

from pipeline.tables import POPULATION, validate
from pipeline.tidy.deprivation import read_sheet
from pipeline.tidy.reading import numbers, only_england, pick, read_csv

MID_2024_SHEET = "Mid-2024 LSOA 2021"
HEADER_ROW = 4


def tidy_population_census(file: BinaryIO, name: str) -> pd.DataFrame:
    """Residents by age from the LSOA member of Census 2021 TS007A.

    Raises:
        RawFileError: a column is missing, or a value is no whole number.
        SchemaError: a value is out of its range, or a code stands twice.
    """
    bands = {
        "65": "Age: Aged 65 to 69 years",
        "70": "Age: Aged 70 to 74 years",
        "75": "Age: Aged 75 to 79 years",
        "80": "Age: Aged 80 to 84 years",
        "85": "Age: Aged 85 years and over",
    }
    columns = {"lsoa21_code": "geography code", "population_total": "Age: Total", **bands}
    frame = pick(read_csv(file, name), columns, name)
    frame = only_england(numbers(frame, ["population_total", *bands], name, whole=True))
    frame["population_65_to_74"] = frame[["65", "70"]].sum(axis=1)
    frame["population_75_plus"] = frame[["75", "80", "85"]].sum(axis=1)
    return _with_shares(frame, name)


def tidy_population_estimates(path: Path) -> pd.DataFrame:
    """Residents by age from the mid-2024 sheet of the ONS workbook (single years of age; 90 = 90 and over).

    Raises:
        RawFileError: the sheet or a column is missing, or a value is no whole number.
        SchemaError: a value is out of its range, or a code stands twice.
    """
    name = f"{path}, sheet '{MID_2024_SHEET}'"
    single = [f"{sex}{age}" for sex in "FM" for age in range(65, 91)]
    frame = read_sheet(path, MID_2024_SHEET, HEADER_ROW)
    frame = pick(frame, {"lsoa21_code": "LSOA 2021 Code", "population_total": "Total", **{s: s for s in single}}, name)
    frame = only_england(numbers(frame, ["population_total", *single], name, whole=True))
    frame["population_65_to_74"] = frame[[s for s in single if int(s[1:]) < 75]].sum(axis=1)
    frame["population_75_plus"] = frame[[s for s in single if int(s[1:]) >= 75]].sum(axis=1)
    return _with_shares(frame, name)


def _with_shares(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    for age in ("65_to_74", "75_plus"):
        frame[f"share_{age}"] = frame[f"population_{age}"] / frame["population_total"]
    validate(frame[POPULATION.names], POPULATION, name)
    return frame[POPULATION.names]
