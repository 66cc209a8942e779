"""What a workbook holds, before it is written: a cover, notes, and one table for each sheet."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from pipeline.tables import Column, round_people

Look = Literal["text", "whole", "one decimal", "two decimals", "five decimals", "percent"]
Cell = str | int | float
UNAVAILABLE, LOW = "[x]", "[low]"
"""What stands in a cell without a number, as the Analysis Function has it."""
SHORTHAND = (
    f"{UNAVAILABLE} means not available, {LOW} means some but under 10, which is too few for an estimate to be given."
)
LEAST_PEOPLE = 10
TAKEN = ("cover", "contents", "notes", "history")
"""Names of the front sheets, and one that Excel keeps for itself; capitals make no difference."""
LONGEST_NAME = 31
"""Characters that Excel allows in the name of a sheet."""


@dataclass(frozen=True)
class Heading:
    """The head of a column: its ``title`` and ``unit``, how its values look, and the ``notes`` that it refers to."""

    title: str
    look: Look = "text"
    unit: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class TableSheet:
    """A sheet with one table.

    Attributes:
        name: of the sheet, 31 characters at most. ``title``: what the table shows.
        headings: of the columns of ``frame``, in order; its values are text, numbers, or missing.
        says: sentences above the table. ``frozen``: the columns that stay in sight; 0 where the table is short.
        dictionary: the name, the unit and the meaning of each column; empty where the headings say all.
    """

    name: str
    title: str
    frame: pd.DataFrame
    headings: tuple[Heading, ...]
    says: tuple[str, ...] = ()
    frozen: int = 0
    dictionary: tuple[Column, ...] = ()


@dataclass(frozen=True)
class CoverPage:
    """What the first sheet says: the title, what the workbook is, and what readers should know of the data."""

    title: str
    subject: str
    intro: tuple[str, ...]
    about: tuple[str, ...]
    contact: tuple[str, ...]


@dataclass(frozen=True)
class Workbook:
    """A workbook: ``notes`` by the name that headings refer to; ``built`` in UTC, ISO 8601."""

    cover: CoverPage
    notes: Mapping[str, str]
    sheets: Sequence[TableSheet]
    built: str
    author: str


def table_sheet(
    names: tuple[str, str], frame: pd.DataFrame, columns: Sequence[Column], notes: Mapping[str, tuple[str, ...]]
) -> TableSheet:
    """A sheet of the ``columns`` of ``frame`` that have values, as readers see them.

    Args:
        names: of the sheet, and the title of its table.
        columns: those of ``frame`` that are wanted; what none of its rows has is left out.
        notes: the notes that a column refers to, by its name.
    """
    has_values = frame.notna().any()
    filled = [c for c in columns if c.name in frame and (frame.empty or has_values[c.name])]
    headings = [Heading(c.title, _look(c), c.shown_unit, notes.get(c.name, ())) for c in filled]
    shown = np.empty((len(filled), len(frame)), dtype=object)
    for number, column in enumerate(filled):
        shown[number] = shown_values(frame[column.name], column)
    return TableSheet(
        sheet_name(names[0]),
        names[1],
        pd.DataFrame(shown.T, dtype="object"),
        tuple(_distinct(headings, filled)),
        dictionary=tuple(filled),
    )


def shown_values(values: pd.Series, column: Column) -> list[Cell]:
    """Values as a workbook has them: estimates rounded as on the page, flags in words, what is missing as ``[x]``.

    Numbers are rounded to the decimals that their quantity is stored to, so that none pretends to be more exact.
    """
    cells, missing = values.tolist(), values.isna().tolist()
    as_shown = _as_shown(column)
    present = (cell for cell, absent in zip(cells, missing, strict=True) if not absent)
    # A column of a nation has a tenth as many values as rows.
    distinct = {value: as_shown(value) for value in dict.fromkeys(present)}
    return [UNAVAILABLE if absent else distinct[cell] for cell, absent in zip(cells, missing, strict=True)]


def _as_shown(column: Column) -> Callable[[Any], Cell]:
    """How a value of ``column`` stands in a cell."""
    if column.storage == "boolean":
        return lambda value: "Yes" if value else "No"
    if column.quantity == "estimated people":
        return _people
    if column.storage == "number":
        decimals = column.nature.kept
        return lambda value: round(value, decimals) if decimals else round(value)
    return int if column.storage == "integer" else str


def _people(value: float) -> int | str:
    return LOW if 0 < value < LEAST_PEOPLE else round_people(value)


def _look(column: Column) -> Look:
    if column.storage not in ("integer", "number"):
        return "text"
    if column.nature.percent:
        return "percent"
    looks: dict[int, Look] = {0: "whole", 1: "one decimal", 2: "two decimals", 5: "five decimals"}
    if column.quantity == "tied rank":
        return "whole"
    return looks.get(column.nature.decimals, "two decimals")


def _distinct(headings: Sequence[Heading], columns: Sequence[Column]) -> list[Heading]:
    """Headings of which no two are the same: a spreadsheet refuses a table that has the same one twice."""
    seen, distinct = set[tuple[str, str]](), []
    for heading, column in zip(headings, columns, strict=True):
        if (heading.title.casefold(), heading.unit.casefold()) in seen:
            heading = replace(heading, title=f"{heading.title}, {column.name}")
        seen.add((heading.title.casefold(), heading.unit.casefold()))
        distinct.append(heading)
    return distinct


def distinct_names(sheets: Iterable[TableSheet]) -> list[TableSheet]:
    """The sheets, those numbered whose name another has: declared titles may be alike, or those of the front sheets."""
    taken, distinct = set(TAKEN), []
    for sheet in sheets:
        name, number = sheet.name, 1
        while name.casefold() in taken:
            number += 1
            ending = f" ({number})"
            name = f"{cut(sheet.name, LONGEST_NAME - len(ending))}{ending}"
        taken.add(name.casefold())
        distinct.append(replace(sheet, name=name))
    return distinct


def sheet_name(title: str) -> str:
    """``title`` as Excel lets a sheet be called: without the signs that paths have, and not longer than it allows.

    Nor does it have a dollar sign, which gptables takes for a reference to a note; an apostrophe, which would cut its
    links in the contents short, is a curved one.
    """
    plain = "".join(" " if letter in "[]:*?/\\$" or not letter.isprintable() else letter for letter in title)
    return cut(" ".join(plain.replace("'", "’").split()), LONGEST_NAME).strip(" ’") or "Table"


def cut(name: str, most: int) -> str:
    """The beginning of a name; Excel counts a character beyond the first 65,536, such as a symbol, as two."""
    return name.encode("utf-16-le")[: 2 * most].decode("utf-16-le", errors="ignore")
