"""Lists of places as published: the columns that every such table has."""

import pandas as pd

from pipeline.errors import RawFileError, first
from pipeline.tables import Family, Table
from pipeline.tables.numerals import NOT_GIVEN, NUMBER

HOURS_OF_WEEK = 168.0


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


def hours_a_week(written: pd.Series, column: str, where: str) -> "pd.Series[float]":
    """Hours a week as a list of places has them; missing where the cell is empty or has a mark for no value.

    Args:
        written: the cells, the first of them in row 2 of the file. ``column``: their header. ``where``: the file.

    Raises:
        RawFileError: a cell that is not a number from 0 to 168; the rows are named.
    """
    text = written.fillna("").astype("str").str.strip()
    given = ~text.str.lower().isin(NOT_GIVEN | {""})
    plain = given & text.str.fullmatch(NUMBER).astype(bool)
    hours = pd.to_numeric(text.where(plain).str.replace(",", ""), errors="coerce").astype("float64")
    odd = given & ~hours.between(0, HOURS_OF_WEEK)
    if odd.any():
        shown = [f"row {row + 2}: '{cell}'" for row, cell in zip(text.index[odd], text[odd], strict=True)]
        raise RawFileError(
            f"{where}: {column} should be a number of hours without a unit, 0 to {HOURS_OF_WEEK:g}, as a week has no "
            f"more; {len(shown):,} row(s) are not: {first(shown, 5)}"
        )
    return hours
