"""Public libraries: Arts Council England's basic dataset for 2023, geocoded by Library Data."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from pipeline.errors import RawFileError
from pipeline.reading import NumberForm
from pipeline.reading.sheets import all_plain
from pipeline.tables import validate
from pipeline.tidy.place_lists import note_postcodes, place_list
from pipeline.tidy.reading import Given, read_given
from pipeline.tidy.registry import Noted, reader

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
HOURS_OF_A_WEEK = 168
FEWEST, MOST_STAFFED = 5, 0.25
"""Libraries, and the share of them, that may be staffed for longer than they are open: 2% in England."""
MAY_BE_MISSING = NumberForm(may_be_missing=True)
YEAR = NumberForm(may_be_missing=True, integers=True)

LIBRARIES = place_list("libraries", "Public libraries", "libraries")


@reader("libraries", LIBRARIES, "placed")
def tidy_libraries(path: Path) -> Noted:
    """The libraries that were open in 2023, static and mobile.

    A library is open when ``Operation in 2023`` names an operator and ``Year closed`` is empty or after 2023.

    Returns:
        Table ``libraries``: one row for each, ``kind`` ``library`` or ``mobile_library``; ``hours`` are those a week
        when somebody is there to help: staffed hours or, where volunteers run it, opening hours. Many libraries are
        open much longer without staff.

    Raises:
        RawFileError: a column is missing, a value is not a number, more hours than a week has, or a type or an operator
            is unknown; by row and name.
    """
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
    given = _as_published(read_given(path, columns, key="name"))
    frame = given.frame.copy()
    frame.insert(0, "file_row", frame.index)
    by_volunteers = frame["operator"].isin(BY_VOLUNTEERS) & ~(frame["staffed"] > 0)
    frame["hours"] = frame["staffed"].mask(by_volunteers, frame["open"])
    still_open = (frame["operator"] != "") & ~(frame["year_closed"] <= 2023)
    frame = frame[still_open & frame["type"].isin([STATIC, MOBILE])].reset_index(drop=True)
    if frame.empty:
        raise RawFileError(
            f"{given.name}: none of its {len(given.frame):,} libraries is open and for the public: "
            f"'{given.titles['operator']}' should name an operator, '{given.titles['year_closed']}' be empty, and "
            f"'{given.titles['type']}' be static or mobile. Fetch it again, or delete it to go without libraries."
        )
    frame["kind"] = frame["type"].map({STATIC: "library", MOBILE: "mobile_library"})
    frame["opening"] = [
        _opening(operator, opened, helped)
        for operator, opened, helped in zip(frame["operator"], frame["open"], frame["hours"], strict=True)
    ]
    frame["place_id"] = frame["kind"] + "-" + frame["file_row"].astype(str)
    notes = (*given.notes, *note_postcodes(frame, given.name))
    frame["postcode"] = frame["postcode"].where(frame["postcode"] != "")
    frame = frame[LIBRARIES.names]
    validate(frame, LIBRARIES, given.name)
    return Noted(frame, notes)


def _opening(operator: str, opened: float, helped: float) -> str:
    """Who runs a library, how long it is open, and how much of that somebody is there; hours may be missing."""
    words = OPERATORS[operator]
    words += f", open {opened:g} hours a week" if opened == opened else ""
    words += f", {helped:g} of them staffed" if helped < opened else ""
    return words[:1].upper() + words[1:]


def _as_published(given: Given) -> Given:
    """The table with its numbers read and its words checked."""
    rows = given.frame.index
    words = {
        column: pd.Series(all_plain(given.frame[column]), index=rows, dtype="str")
        for column in ("type", "operator", "postcode")
    }
    words["name"] = given.frame["name"].astype("str")
    given = replace(given, frame=given.frame.assign(**words))
    twice = given.frame.duplicated(keep=False)
    given.refuse("name", twice, "in rows that appear more than once", "Take out what is repeated.")
    for column, expected in (("type", (STATIC, MOBILE, *OTHER)), ("operator", (*OPERATORS, ""))):
        unknown = ~given.frame[column].isin(expected)
        given.refuse(column, unknown, f"not one of {', '.join(filter(None, expected))}", "Correct them.")
    given.refuse("name", given.frame["name"] == "", "empty", "Give these libraries a name.")
    given = given.with_numbers("x", "y", "open", "staffed", form=MAY_BE_MISSING).with_numbers("year_closed", form=YEAR)
    for column in ("open", "staffed"):
        hours = given.frame[column]
        given.refuse(column, hours < 0, "below 0, and cannot be", "Correct them.")
        given.refuse(
            column, hours > HOURS_OF_A_WEEK, f"more hours than the {HOURS_OF_A_WEEK} of a week", "Correct them."
        )
    more = given.frame["staffed"] > given.frame["open"]
    if more.sum() >= FEWEST and more.mean() > MOST_STAFFED:
        given.refuse(
            "staffed", more, "more than the hours that the library is open", "Are these columns the right ones?"
        )
    year = given.frame["year_closed"]
    given.refuse("year_closed", year.notna() & ~year.between(1800, 2100), "no year", "Correct them.")
    given.refuse(
        "x", given.frame["x"].isna() != given.frame["y"].isna(), "without the other coordinate", "Complete them."
    )
    return given
