"""Lookups from LSOA to ward, district, Sub-ICB location and ICB, of any year; and from LSOA 2011 to 2021."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from pipeline.errors import RawFileError, first
from pipeline.reading import Header
from pipeline.tables import LSOA11, LSOA21, Family, Table
from pipeline.tables.columns import AREA_NAME, LAD_NAME, LSOA_CODE, LSOA_NAME, WARD_NAME, ons_code, published_name
from pipeline.tidy.reading import Given, read_given
from pipeline.tidy.registry import Noted, reader

YEARS = range(21, 40)
"""Lookups from LSOAs of 2021 are made for the codes of these years."""

LAD = r"[EW]0[6-9]\d{6}"

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
        AREA_NAME,
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
        _change("lsoa11_name", "name", "LSOA 2011 name", "Name of the LSOA of 2011", nullable=True),
        _change("lad22_code", "code", "District of 2022", "Code of the district of 2022", pattern=LAD, nullable=True),
        _change("lad22_name", "name", "District of 2022", "Name of the district of 2022", nullable=True),
    ),
    key="pair",
)


@reader("health_geography", HEALTH_GEOGRAPHY)
def tidy_health_geography(path: Path) -> Noted:
    """LSOA to district, Sub-ICB and ICB, with the lookup's year as a note.

    Raises:
        RawFileError: the columns of one year (``SICBL24CD`` and so on) are missing, or a code is none or appears twice.
        SchemaError: a code is malformed, or a name is empty.
    """
    areas = {"lad": "LAD", "sicbl": "SICBL", "icb": "ICB"}
    columns: dict[str, Header] = {"lsoa21_code": "LSOA21CD", "lsoa21_name": "LSOA21NM"}
    for ours, theirs in areas.items():
        columns |= {f"{ours}_code": _of_any_year(theirs, "CD"), f"{ours}_name": _of_any_year(theirs, "NM")}
    given = read_given(path, columns).only_england().once().with_codes(*(f"{ours}_code" for ours in areas))
    return _of_one_year(given, areas).tidied(HEALTH_GEOGRAPHY)


@reader("wards", WARDS)
def tidy_wards(path: Path) -> Noted:
    """LSOA to best-fit ward, with the lookup's year as a note.

    Raises:
        RawFileError: the ward columns of one year (``WD24CD``) are missing, or a code is none or appears twice.
        SchemaError: a code is malformed, or a name is empty.
    """
    columns: dict[str, Header] = {
        "lsoa21_code": "LSOA21CD",
        "ward_code": _of_any_year("WD", "CD"),
        "ward_name": _of_any_year("WD", "NM"),
    }
    given = read_given(path, columns, perhaps={AREA_NAME.name: "LSOA21NM"}).only_england().once()
    given = given.with_codes("ward_code")
    return _of_one_year(given, {"ward": "WD"}).tidied(WARDS)


@reader("lsoa_changes", LSOA_CHANGES, "lookup")
def tidy_lsoa_changes(path: Path) -> Noted:
    """Pairs of LSOA 2011 and LSOA 2021 with CHGIND: U unchanged, S split, M merged, X irregular; and the names given.

    Raises:
        RawFileError: a column is missing, as in the best-fit lookup, which does not say how areas changed; or a row is
            of no LSOA.
        SchemaError: a code or an indicator is malformed, or a pair appears twice.
    """
    columns: dict[str, Header] = {
        "lsoa11_code": ("LSOA11CD", "F_LSOA11CD"),
        "lsoa21_code": ("LSOA21CD", "F_LSOA21CD"),
        "change": ("CHGIND", "CHNGIND", "F_CHGIND", "F_CHNGIND"),
    }
    perhaps: dict[str, Header] = {
        "lsoa11_name": ("LSOA11NM", "F_LSOA11NM"),
        "lad22_code": ("LAD22CD", "F_LAD22CD"),
        "lad22_name": ("LAD22NM", "F_LAD22NM"),
    }
    try:
        given = read_given(path, columns, perhaps=perhaps)
    except RawFileError as error:
        if "CHGIND" in str(error) and "is missing" in str(error):
            raise RawFileError(
                f"{error}\n  Without CHGIND it is a best-fit lookup, such as LSOA11_LSOA21_LAD22_EW_LU_v2: it does not "
                "say how areas changed. Use the exact-fit one, LSOA11_LSOA21_LAD22_EW_LU_v5."
            ) from error
        raise
    given = given.only_england().with_codes("lsoa11_code")
    pair = given.frame["lsoa11_code"] + ">" + given.frame["lsoa21_code"]
    given = replace(given, frame=given.frame.assign(pair=pair, change=given.frame["change"].astype("str").str.upper()))
    given.refuse("lsoa21_code", pair.duplicated(keep=False), "in a pair that appears more than once")
    absent = {column: pd.Series(None, index=given.frame.index, dtype="str") for column in perhaps}
    told = {column: cells for column, cells in absent.items() if column not in given.titles}
    return replace(given, frame=given.frame.assign(**told)).tidied(LSOA_CHANGES)


def _of_any_year(prefix: str, suffix: str) -> tuple[str, ...]:
    return tuple(f"{prefix}{year}{suffix}" for year in YEARS)


def _of_one_year(given: Given, areas: Mapping[str, str]) -> Given:
    """The lookup, with a note on the year of its codes; code and name of one kind of area are of the same."""
    years: dict[str, list[str]] = {}
    for ours, theirs in areas.items():
        of_code, of_name = (given.titles[f"{ours}_{part}"][-4:-2] for part in ("code", "name"))
        if of_code != of_name:
            raise RawFileError(
                f"{given.name}: {theirs}{of_code}CD and {theirs}{of_name}NM are of different years. Fetch the lookup "
                "of one year."
            )
        years.setdefault(of_code, []).append(theirs)
    mixed = len(years) > 1
    said = [f"codes and names of 20{y}{f' ({first(kinds)})' if mixed else ''}" for y, kinds in years.items()]
    return replace(given, notes=(*given.notes, *said))
