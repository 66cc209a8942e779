"""Districts of 2022 to NUTS 3 areas, by name."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from pipeline.errors import RawFileError, first
from pipeline.tables import Family, Table
from pipeline.tables.columns import published_name
from pipeline.tidy.reading import read_given
from pipeline.tidy.registry import Noted, reader

NUTS3 = r"UK[A-Z][A-Z0-9]{2}"

_area = Family("place", "lad22_nuts3")

DISTRICT_NUTS3 = Table(
    "district_nuts3",
    "Districts of 2022 to NUTS 3",
    "A district lies in one NUTS 3 area. Used to compare scores with surveys of these areas.",
    (
        published_name(_area, "lad22_name", "District of 2022"),
        _area("nuts3_code", "code", "NUTS 3 code", "Code of the NUTS 3 area", pattern=NUTS3),
    ),
    key="lad22_name",
    geography="none",
)


@reader("district_nuts3", DISTRICT_NUTS3, "validation")
def tidy_district_nuts3(path: Path) -> Noted:
    """The NUTS 3 area of each district, sorted by the district's name.

    Raises:
        RawFileError: a column is missing, a name is empty, a code is no NUTS 3 code, or a district appears twice.
    """
    columns = {"lad22_name": ("lad22_name", "LAD22NM"), "nuts3_code": ("nuts3_code", "NUTS3CD")}
    given = read_given(path, columns, key="lad22_name")
    names = given.frame["lad22_name"].astype("str").str.strip()
    codes = given.frame["nuts3_code"].astype("str").str.strip().str.upper()
    given = replace(given, frame=given.frame.assign(lad22_name=names, nuts3_code=codes))
    given.refuse("lad22_name", names == "", "empty")
    given.refuse("nuts3_code", ~codes.str.fullmatch(NUTS3), "no code of a NUTS 3 area such as UKH15")
    _refuse_twice(names, given.name)
    return replace(given, frame=given.frame.sort_values("lad22_name")).tidied(DISTRICT_NUTS3)


def _refuse_twice(names: "pd.Series[str]", name: str) -> None:
    twice = names[names.str.casefold().duplicated(keep=False)]
    if len(twice):
        shown = [f"row {row}: {district}" for row, district in twice.items()]
        raise RawFileError(f"{name}: {len(twice):,} row(s) are of a district that appears twice: {first(shown, 5)}.")
