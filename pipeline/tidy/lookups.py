"""Lookups from LSOA to ward, district, Sub-ICB location and ICB, of any year; and from LSOA 2011 to 2021."""

import re
from pathlib import Path

import pandas as pd

from pipeline.errors import RawFileError, first
from pipeline.tables import HEALTH_GEOGRAPHY, LSOA_CHANGES, WARDS, validate
from pipeline.tidy.reading import only_england, pick, read_csv


def tidy_health_geography(path: Path) -> tuple[pd.DataFrame, str]:
    """LSOA to district, Sub-ICB and ICB, with the lookup's year in words, for example ``2024``.

    Raises:
        RawFileError: the columns of one year (``SICBL24CD`` and so on) are not there.
        SchemaError: a code is malformed or stands twice.
    """
    name = str(path)
    frame = read_csv(path, name)
    year = _year(frame, "SICBL", name)
    columns = {"lsoa21_code": "LSOA21CD", "lsoa21_name": "LSOA21NM"}
    for ours, theirs in (("lad", "LAD"), ("sicbl", "SICBL"), ("icb", "ICB")):
        columns |= {f"{ours}_code": f"{theirs}{year}CD", f"{ours}_name": f"{theirs}{year}NM"}
    frame = only_england(pick(frame, columns, name))[HEALTH_GEOGRAPHY.names]
    validate(frame, HEALTH_GEOGRAPHY, name)
    return frame, f"20{year}"


def tidy_wards(path: Path) -> tuple[pd.DataFrame, str]:
    """LSOA to best-fit ward, with the lookup's year.

    Raises:
        RawFileError: the ward columns of one year (``WD24CD``) are not there.
        SchemaError: a code is malformed or stands twice.
    """
    name = str(path)
    frame = read_csv(path, name)
    year = _year(frame, "WD", name)
    columns = {"lsoa21_code": "LSOA21CD", "ward_code": f"WD{year}CD", "ward_name": f"WD{year}NM"}
    frame = only_england(pick(frame, columns, name))
    validate(frame, WARDS, name)
    return frame, f"20{year}"


def tidy_lsoa_changes(path: Path) -> pd.DataFrame:
    """Pairs of LSOA 2011 and LSOA 2021 with CHGIND: U unchanged, S split, M merged, X irregular.

    Raises:
        RawFileError: a column is missing.
        SchemaError: a code or an indicator is malformed, or a pair stands twice.
    """
    name = str(path)
    columns = {"lsoa11_code": "LSOA11CD", "lsoa21_code": "LSOA21CD", "change": "CHGIND"}
    frame = pick(read_csv(path, name), columns, name)
    frame.insert(0, "pair", frame["lsoa11_code"] + ">" + frame["lsoa21_code"])
    frame = only_england(frame)[LSOA_CHANGES.names]
    validate(frame, LSOA_CHANGES, name)
    return frame


def _year(frame: pd.DataFrame, prefix: str, name: str) -> str:
    years = sorted({m[1] for column in frame.columns if (m := re.fullmatch(rf"{prefix}(\d\d)CD", column))})
    if len(years) != 1:
        raise RawFileError(
            f"{name}: expected one column {prefix}yyCD (yy = a year, such as {prefix}24CD); found years "
            f"{', '.join(years) or 'none'}. Columns found: {first(frame.columns)}"
        )
    return years[0]
