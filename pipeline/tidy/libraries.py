"""Public libraries: Arts Council England's basic dataset for 2023, geocoded by Library Data."""

from pathlib import Path

import pandas as pd

from pipeline.errors import RawFileError, first
from pipeline.tables import validate
from pipeline.tidy.place_lists import hours_a_week, place_list
from pipeline.tidy.reading import numbers, read_columns
from pipeline.tidy.registry import reader

OPERATORS = {
    "LA": "run by the council",
    "LAU": "run by the council, unstaffed",
    "C": "commissioned by the council",
    "CR": "community-run",
    "ICL": "independent community library",
}
"""``Operation in 2023``: who runs it. ``C`` is a commissioned library, not a closed one; empty means not open."""
BY_VOLUNTEERS = ("CR", "ICL")
"""Volunteers are there whenever it is open, although the file counts no staffed hours."""
STATIC, MOBILE = "Static Library", "Mobile Library"
OTHER = ("Archive", "Prison Library", "Static Local History Library")
"""Types that offer no digital support to the public."""

LIBRARIES = place_list("libraries", "Public libraries", "libraries")


@reader("libraries", LIBRARIES, "placed")
def tidy_libraries(path: Path) -> pd.DataFrame:
    """The libraries that were open in 2023, static and mobile.

    A library is open when ``Operation in 2023`` names an operator and ``Year closed`` is empty or after 2023.

    Returns:
        Table ``libraries``: one row for each, ``kind`` ``library`` or ``mobile_library``; ``hours`` are those a week
        when somebody is there to help: staffed hours or, where volunteers run it, opening hours. Many libraries are
        open much longer without staff.

    Raises:
        RawFileError: a column is missing, a value is not a number, hours are not those of a week, or a type or an
            operator is unknown.
    """
    name = str(path)
    columns = {
        "service": "Reporting service",
        "name": "Name",
        "type": "Type",
        "postcode": "Postcode",
        "x": "Easting",
        "y": "Northing",
        "operator": "Operation in 2023",
        "year_closed": "Year closed",
        "open": "Hours open per week",
        "staffed": "Staffed hours per week",
    }
    frame = read_columns(path, columns, name)
    frame.insert(0, "file_row", range(2, len(frame) + 2))
    _refuse_unknown(frame, "type", {STATIC, MOBILE, *OTHER}, name)
    _refuse_unknown(frame, "operator", {*OPERATORS, ""}, name)
    frame = numbers(frame, ["x", "y", "year_closed"], name, suppressed=True, key="name")
    frame["open"] = hours_a_week(frame["open"], columns["open"], name)
    staffed = hours_a_week(frame["staffed"], columns["staffed"], name)
    by_volunteers = frame["operator"].isin(BY_VOLUNTEERS) & ~(staffed > 0)
    frame["hours"] = staffed.mask(by_volunteers, frame["open"])
    still_open = (frame["operator"] != "") & ~(frame["year_closed"] <= 2023)
    frame = frame[still_open & frame["type"].isin([STATIC, MOBILE])].reset_index(drop=True)
    frame["kind"] = frame["type"].map({STATIC: "library", MOBILE: "mobile_library"})
    hours = frame["open"].map(lambda h: f", open {h:g} hours a week", na_action="ignore").fillna("")
    helped = frame["hours"].map(lambda h: f", {h:g} of them staffed", na_action="ignore").fillna("")
    told = hours + helped.where(frame["hours"] < frame["open"], "")
    frame["opening"] = frame["operator"].map(OPERATORS) + told
    frame["opening"] = frame["opening"].str[:1].str.upper() + frame["opening"].str[1:]
    frame["place_id"] = frame["kind"] + "-" + frame["file_row"].astype(str)
    frame["postcode"] = frame["postcode"].where(frame["postcode"] != "")
    frame = frame[LIBRARIES.names]
    validate(frame, LIBRARIES, name)
    return frame


def _refuse_unknown(frame: pd.DataFrame, column: str, expected: set[str], name: str) -> None:
    unknown = ~frame[column].isin(sorted(expected))
    if unknown.any():
        shown = [
            f"row {r}: '{v}'" for r, v in zip(frame.loc[unknown, "file_row"], frame.loc[unknown, column], strict=True)
        ]
        raise RawFileError(
            f"{name}: {column} should be one of {', '.join(sorted(expected - {''}))}; {len(shown):,} row(s) are not: "
            f"{first(shown)}"
        )
