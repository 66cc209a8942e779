"""ONS Internet users 2020: adults not online by NUTS area, from the Labour Force Survey, with 95% limits.

The workbook's sheets 9a (thousands) and 9b (percent) have two blocks side by side. A lower limit that would be below 0
is written as a dash.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from pipeline.errors import RawFileError, first
from pipeline.reading import Layout, NumberForm, plain, read_numbers
from pipeline.reading.records import content_of, kind_of, workbook_records
from pipeline.tables import Column, Family, Quantity, Table, validate
from pipeline.tables.columns import published_name
from pipeline.tidy.registry import Noted, reader

SHEETS = {"people_not_online": ("9a", 1_000.0), "share_not_online": ("9b", 0.01)}
"""The columns of each sheet, its name, and what its numbers are multiplied by."""
NUTS = r"UK(?:[A-Z][A-Z0-9]{0,2})?"
COUNTRY = "UK"
ENGLAND = r"UK(?:[C-K][A-Z0-9]{0,2})?"
HEADERS = ("lower limit", "survey estimate", "upper limit")
VALUES = ["low", "estimate", "high"]
ROWS_SEARCHED = 20
LIMIT = NumberForm(may_be_missing=True)

_survey = Family("evidence", "ons_internet_users")


def _measured(name: str, quantity: Quantity, title: str, of: str = "") -> tuple[Column, ...]:
    """An estimate and the limits of its 95% interval."""
    below, above = "Lower 95% limit; empty where it would be below 0", "Upper 95% limit"
    return (
        _survey(name, quantity, title, "Estimate of the survey", of=of, worse="high"),
        _survey(f"{name}_low", quantity, f"{title}, low", below, of=of, nullable=True),
        _survey(f"{name}_high", quantity, f"{title}, high", above, of=of),
    )


INTERNET_USERS = Table(
    "internet_users",
    "Adults not online by NUTS area, Labour Force Survey 2020",
    "People aged 16 and over who never used the internet, or did so more than three months ago; a sample, with its "
    "error. The United Kingdom, and the regions and NUTS 3 areas of England. An outcome to compare scores with.",
    (
        _survey("nuts_code", "code", "NUTS code", "UK, or the code of a region or NUTS 3 area", pattern=ENGLAND),
        published_name(_survey, "nuts_name", "Area"),
        *_measured("people_not_online", "estimated people", "Adults not online"),
        *_measured("share_not_online", "share", "Share of adults not online", of="adults"),
    ),
    key="nuts_code",
    geography="nuts",
)


class _Line(NamedTuple):
    """An area in one block of a sheet: the row in the file, code, name, and the three cells."""

    row: int
    code: str
    name: str
    low: Any
    estimate: Any
    high: Any


@reader("internet_users", INTERNET_USERS, "validation")
def tidy_internet_users(path: Path) -> Noted:
    """Adults not online, in people and as a share of adults, with the limits of 95% intervals, by NUTS code.

    Other nations are left out: as published, some upper limits of Northern Ireland lie below the estimates.

    Raises:
        RawFileError: no workbook, a sheet is missing or has no such blocks, a value is not a number or out of order,
            an area has no code or appears twice, or the two sheets are of different areas.
        SchemaError: a value is out of its range.
    """
    content = content_of(path)
    if kind_of(content, str(path)) != "workbook":
        raise RawFileError(f"{path}: expected the workbook of the publisher, internetusers2020.xlsx. Fetch it again.")
    tables, notes = {}, []
    for column, (sheet, factor) in SHEETS.items():
        records, name = workbook_records(content, str(path), Layout(sheet=sheet))
        frame = _read_blocks(records, name)
        below = int(frame["low"].isna().sum())
        notes += [f"sheet {sheet}: {below:,} lower limit(s) would be below 0 and are not given"] if below else []
        frame[VALUES] = frame[VALUES] * factor
        tables[column] = frame.rename(
            columns={"low": f"{column}_low", "estimate": column, "high": f"{column}_high", "name": "nuts_name"}
        )
    people, share = tables.values()
    other = set(people.index) ^ set(share.index)
    if other:
        raise RawFileError(
            f"{path}: sheets 9a and 9b should be of the same areas; only one has {first(sorted(other))}."
        )
    joined = people.join(share.drop(columns="nuts_name"), validate="one_to_one").reset_index()
    result = joined[INTERNET_USERS.names].sort_values("nuts_code", ignore_index=True)
    validate(result, INTERNET_USERS, str(path))
    return Noted(result, tuple(notes))


def _read_blocks(records: Sequence[Sequence[Any]], name: str) -> pd.DataFrame:
    """``name, low, estimate, high`` by ``nuts_code``, as published, of all blocks of a sheet."""
    at, places = _blocks_of(records, name)
    lines = [line for place in places for line in _lines(records[at + 1 :], at + 2, place, name)]
    lines = [line for line in lines if re.fullmatch(ENGLAND, line.code)]
    frame = pd.DataFrame(lines, columns=list(_Line._fields)).set_index("row")
    twice = frame["code"][frame["code"].duplicated(keep=False)]
    if len(twice):
        raise RawFileError(f"{name}: {len(twice):,} row(s) are of an area that appears twice: {first(twice.unique())}.")
    for column, header in zip(VALUES, HEADERS, strict=True):
        form = LIMIT if column == "low" else NumberForm()
        frame[column] = read_numbers(frame[column], header.capitalize(), name, form, frame["code"]).values
    low, estimate, high = (frame[column] for column in VALUES)
    odd = (low > estimate) | (estimate > high) | (estimate < 0)
    if odd.any():
        shown = [f"{code}: {a:g}, {b:g}, {c:g}" for code, a, b, c in frame[odd][["code", *VALUES]].to_numpy()]
        raise RawFileError(
            f"{name}: lower limit, estimate and upper limit should rise, from 0; {len(shown):,} area(s) differ: "
            f"{first(shown, 5)}. Fetch the file again."
        )
    return frame.set_index("code").rename_axis("nuts_code")


def _blocks_of(records: Sequence[Sequence[Any]], name: str) -> tuple[int, list[int]]:
    """The position of the row with the headers, and that of each block's estimates in it."""
    for at, record in enumerate(records[:ROWS_SEARCHED]):
        cells = [plain(cell).casefold() for cell in record]
        places = [place for place in range(3, len(cells) - 1) if tuple(cells[place - 1 : place + 2]) == HEADERS]
        if places:
            return at, places
    raise RawFileError(
        f"{name}: expected the headers {', '.join(header.capitalize() for header in HEADERS)} side by side; found "
        "none. Fetch the file again."
    )


def _lines(records: Sequence[Sequence[Any]], start: int, place: int, name: str) -> Iterator[_Line]:
    """The areas of the block whose estimates are at ``place``: code and name lie left of the lower limit."""
    for number, record in enumerate(records, start):
        cells = [*record, *[""] * (place + 2 - len(record))]
        code, title = plain(cells[place - 3]).upper(), plain(cells[place - 2])
        low, estimate, high = cells[place - 1 : place + 2]
        if not code and title == COUNTRY:
            code = COUNTRY
        if re.fullmatch(NUTS, code):
            yield _Line(number, code, title, low, estimate, high)
        elif isinstance(estimate, int | float) and not isinstance(estimate, bool):
            raise RawFileError(
                f"{name}: row {number}: '{title:.40}' has an estimate and no NUTS code such as UKH15. Fetch the file "
                "again."
            )
