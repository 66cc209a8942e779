"""Lookups from LSOA to ward, district, Sub-ICB location and ICB, of any year; and from LSOA 2011 to 2021."""

import re
from pathlib import Path

import pandas as pd

from pipeline.errors import RawFileError, first
from pipeline.tables import LSOA11, LSOA21, Family, Table, validate
from pipeline.tables.columns import LAD_NAME, LSOA_CODE, LSOA_NAME, WARD_NAME, ons_code, published_name
from pipeline.tidy.reading import only_england, read_columns, read_headers
from pipeline.tidy.registry import Noted, reader

_health_geography = Family("place", "lsoa21_icb")
_ward = Family("place", "lsoa21_ward")
_change = Family("place", "lsoa11_lsoa21")

HEALTH_GEOGRAPHY = Table(
    "health_geography",
    "LSOA to district, Sub-ICB location and ICB",
    "A dated official lookup; its year is in the metadata.",
    (
        LSOA_CODE,
        LSOA_NAME,
        ons_code(_health_geography, "lad_code", "District code", r"E0[6-9]\d{6}"),
        LAD_NAME,
        ons_code(_health_geography, "sicbl_code", "Sub-ICB code", r"E38\d{6}"),
        published_name(_health_geography, "sicbl_name", "Sub-ICB"),
        ons_code(_health_geography, "icb_code", "ICB code", r"E54\d{6}"),
        published_name(_health_geography, "icb_name", "Integrated Care Board"),
    ),
    key="lsoa21_code",
)

WARDS = Table(
    "wards",
    "LSOA to ward, best fit",
    "A dated official lookup; its year is in the metadata.",
    (
        LSOA_CODE,
        ons_code(_ward, "ward_code", "Ward code", r"[EW]05\d{6}"),
        WARD_NAME,
    ),
    key="lsoa21_code",
)

LSOA_CHANGES = Table(
    "lsoa_changes",
    "LSOA 2011 to LSOA 2021",
    "Exact-fit change lookup: U unchanged, S split, M merged, X irregular. One row for each pair.",
    (
        _change(
            "pair",
            "identifier",
            "Pair",
            "LSOA 2011 and LSOA 2021 code",
            pattern=rf"{LSOA11}>{LSOA21}",
        ),
        ons_code(_change, "lsoa11_code", "LSOA 2011 code", LSOA11),
        ons_code(_change, "lsoa21_code", "LSOA code", LSOA21),
        _change("change", "category", "Change", "What happened to the 2011 area", categories=("U", "S", "M", "X")),
    ),
    key="pair",
)


@reader("health_geography", HEALTH_GEOGRAPHY)
def tidy_health_geography(path: Path) -> Noted:
    """LSOA to district, Sub-ICB and ICB, with the lookup's year as a note.

    Raises:
        RawFileError: the columns of one year (``SICBL24CD`` and so on) are missing.
        SchemaError: a code is malformed or appears twice.
    """
    name = str(path)
    year = _year(read_headers(path, name), "SICBL", name)
    columns = {"lsoa21_code": "LSOA21CD", "lsoa21_name": "LSOA21NM"}
    for ours, theirs in (("lad", "LAD"), ("sicbl", "SICBL"), ("icb", "ICB")):
        columns |= {f"{ours}_code": f"{theirs}{year}CD", f"{ours}_name": f"{theirs}{year}NM"}
    frame = only_england(read_columns(path, columns, name))[HEALTH_GEOGRAPHY.names]
    validate(frame, HEALTH_GEOGRAPHY, name)
    return Noted(frame, (f"codes and names of 20{year}",))


@reader("wards", WARDS)
def tidy_wards(path: Path) -> Noted:
    """LSOA to best-fit ward, with the lookup's year as a note.

    Raises:
        RawFileError: the ward columns of one year (``WD24CD``) are missing.
        SchemaError: a code is malformed or appears twice.
    """
    name = str(path)
    year = _year(read_headers(path, name), "WD", name)
    columns = {"lsoa21_code": "LSOA21CD", "ward_code": f"WD{year}CD", "ward_name": f"WD{year}NM"}
    frame = only_england(read_columns(path, columns, name))
    validate(frame, WARDS, name)
    return Noted(frame, (f"codes and names of 20{year}",))


@reader("lsoa_changes", LSOA_CHANGES, "lookup")
def tidy_lsoa_changes(path: Path) -> pd.DataFrame:
    """Pairs of LSOA 2011 and LSOA 2021 with CHGIND: U unchanged, S split, M merged, X irregular.

    Raises:
        RawFileError: a column is missing.
        SchemaError: a code or an indicator is malformed, or a pair appears twice.
    """
    name = str(path)
    columns = {"lsoa11_code": "LSOA11CD", "lsoa21_code": "LSOA21CD", "change": "CHGIND"}
    frame = read_columns(path, columns, name)
    frame.insert(0, "pair", frame["lsoa11_code"] + ">" + frame["lsoa21_code"])
    frame = only_england(frame)[LSOA_CHANGES.names]
    validate(frame, LSOA_CHANGES, name)
    return frame


def _year(headers: list[str], prefix: str, name: str) -> str:
    years = sorted({m[1] for header in headers if (m := re.fullmatch(rf"{prefix}(\d\d)CD", header))})
    if len(years) != 1:
        raise RawFileError(
            f"{name}: expected one column {prefix}yyCD (yy = a year, such as {prefix}24CD); found years "
            f"{', '.join(years) or 'none'}. Columns found: {first(headers)}"
        )
    return years[0]
