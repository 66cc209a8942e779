"""Lists of places as published: the columns that every such table has."""

import pandas as pd

from pipeline.errors import RawFileError, first
from pipeline.tables import Family, Table

POSTCODE = r"(?i)[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}"


def place_list(name: str, title: str, source: str) -> Table:
    """The table of a list of places, read from a source: not yet located, with everything that any kind may need."""
    listed = Family("support", source)
    return Table(
        name,
        title,
        "One row for each place that is open, as its publisher lists it.",
        (
            listed("file_row", "order", "Row of the file", "Its row in the file, 1 = the first", minimum=1),
            listed("place_id", "identifier", "Place", "Kind, and the number or code that the place has in its file"),
            listed("name", "name", "Name", "As its file gives it"),
            listed("kind", "code", "Kind", "A kind of declared/places.toml", pattern=r"[a-z][a-z0-9_]*"),
            listed("postcode", "code", "Postcode", "As its file gives it", nullable=True),
            listed("x", "metres", "Easting", "EPSG:27700 easting, where the file gives it", nullable=True),
            listed("y", "metres", "Northing", "EPSG:27700 northing, where the file gives it", nullable=True),
            listed("opening", "text", "Opening", "Who runs it and when it is open, where the file says", nullable=True),
            listed(
                "hours",
                "amount",
                "Hours",
                "Hours a week when somebody is there to help, where the file says",
                unit="hours a week",
                nullable=True,
            ),
        ),
        key="place_id",
        geography="none",
    )


def note_postcodes(frame: pd.DataFrame, name: str) -> list[str]:
    """A note on places whose postcode cannot be one, by row; columns ``file_row`` and ``postcode``, which may be empty.

    Raises:
        RawFileError: most are none: the column holds something else.
    """
    given = frame[frame["postcode"] != ""]
    odd = given[~given["postcode"].str.fullmatch(POSTCODE)]
    if odd.empty:
        return []
    shown = first([f"row {row}: '{code:.20}'" for row, code in zip(odd["file_row"], odd["postcode"], strict=True)], 5)
    if 2 * len(odd) > len(given):
        raise RawFileError(f"{name}: {len(odd):,} of {len(given):,} postcodes are none: {shown}. Is it another list?")
    return [f"{len(odd):,} postcode(s) cannot be one: {shown}"]
