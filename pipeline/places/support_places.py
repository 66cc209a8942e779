"""Support places from the files of an analyst and from tidied lists, as they are reported there."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, get_args

import numpy as np
import pandas as pd

from pipeline.catalogue.places import Offer, PlaceColumns, PlaceKind
from pipeline.errors import RawFileError, first
from pipeline.places.points import LONE, coordinate_numbers, refuse_system, refuse_unusual_system, usable_points
from pipeline.places.visits import FULL_HOURS, HOURS_OF_WEEK, hours_a_week
from pipeline.reading import Layout, NumberForm, Sheet, find_recognised, loosely_among, number_in, plain, read_sheet
from pipeline.reading.coordinates import DEGREES, GRID
from pipeline.reading.numbers import perhaps_decimal_comma

REPORTED = ["row", "id", "name", "kind", "postcode", "x", "y", "offers", "opening", "capacity", "counts", "fault"]
"""Columns of places as their files report them.

``x`` and ``y`` are EPSG:27700 metres on the National Grid, both missing where not given or not usable; ``fault`` says
why coordinates that were given cannot be used, and is empty elsewhere.
"""
OFFERS = get_args(Offer)
MOST_CAPACITY = 100.0
"""Libraries. No single place does the work of more; a larger figure probably counts seats, computers or visits."""
DECLARED = "declared/places.toml"
LIKELY = tuple(
    tuple(form for meaning in meanings for form in loosely_among(meaning))
    for meanings in (("name",), ("postcode",), ("longitude", "easting", "x"), ("latitude", "northing", "y"))
)
"""Headers of places that people use, which tell the row with the headers where none is declared."""
_PAIRS = (("longitude", "latitude"), ("easting", "northing"), ("x", "y"))
MOST_APART = 500.0
"""Metres between two positions of one place in one row: degrees of an older datum are about 100 m off."""
VISITS = ("hours", "starts", "ends", "every")


class GivenPlaces(NamedTuple):
    """Places as a file reports them, and notes on how it was read."""

    frame: pd.DataFrame
    notes: tuple[str, ...]


def read_places(path: Path, kind: PlaceKind) -> GivenPlaces:
    """The places of a kind that is declared with ``file``, one row each, columns :data:`REPORTED`.

    ``row`` is the row of a table as a spreadsheet counts them (1 = headers) or the number of a feature. Columns that
    the declaration does not name are recognised by the headers that people use. Coordinates are turned into EPSG:27700.
    Those that cannot be used (not numbers, 0 and 0, not in the declared system, off the National Grid) are ignored in
    favour of the postcode, and are named by :func:`pipeline.places.locating.locate` if that does not locate the place.
    A point inside is used for an outline.

    Raises:
        RawFileError: the file cannot be read, a declared column is missing, most of its coordinates are in another
            system than the declared one, an offer, a capacity or hours are impossible, or an identifier appears twice.
    """
    layout = Layout(kind.sheet, kind.header_row, kind.layer, kind.decimal, likely=LIKELY)
    declared = {} if kind.columns is None else kind.columns.model_dump(exclude_none=True)
    where = f"{DECLARED}, kinds.{kind.id}"
    try:
        sheet = read_sheet(path, tuple(declared.values()), layout)
        headers, recognised = fill_columns(sheet, declared)
        for header in declared.values():
            sheet.column(header)
    except RawFileError as error:
        raise RawFileError(f"{error} (See {where}.)") from error
    stated = sheet.crs
    crs = kind.crs or recognised or stated or DEGREES
    if stated not in (None, crs) and sheet.points is not None:
        raise RawFileError(
            f'{path}: the file says that its coordinates are {stated}, and {where}.crs {crs}. Set crs = "{stated}" '
            "there, or save the file with the right one."
        )
    refuse_unusual_system(crs, str(path))
    if "name" not in headers or not (sheet.points is not None or "postcode" in headers or {"x", "y"} <= headers.keys()):
        raise RawFileError(
            f"{path}: a place needs a name, and coordinates or a postcode. Name their columns in {where}.columns. "
            f"Columns found: {first([header for header in sheet.headers if header])}"
        )
    named = PlaceColumns.model_validate(headers)
    of_file = kind.model_copy(update={"columns": named, "crs": crs})
    frame = report_places(sheet, of_file, layout)
    if "x" not in declared:
        refuse_second_positions(sheet, frame, layout, f"{where}.columns")
    return GivenPlaces(_by_hours(frame, sheet, of_file, layout) if named.gives_hours else frame, sheet.notes)


def _by_hours(frame: pd.DataFrame, sheet: Sheet, kind: PlaceKind, layout: Layout) -> pd.DataFrame:
    """``frame`` with the capacity that the hours of each place give, and the visits to one place added up.

    A place without hours has the capacity of its kind; one whose own capacity is given keeps it.
    """
    headers = {} if kind.columns is None else kind.columns.model_dump(exclude_none=True)
    cells = {key: sheet.column(headers[key]).map(plain) for key in VISITS if key in headers}
    hours = hours_a_week(cells, NumberForm(decimal=layout.decimal), sheet.name).reset_index(drop=True)
    told = pd.Series(data=False, index=frame.index)
    if "capacity" in headers:
        told = (sheet.column(headers["capacity"]).map(plain) != "").reset_index(drop=True)
    key = frame[["name", "postcode", "x", "y"]].assign(name=frame["name"].str.casefold().str.strip())
    group = key.groupby(list(key.columns), dropna=False, sort=False).ngroup()
    there = hours.groupby(group).transform(lambda visits: visits.sum(min_count=1))
    over = frame[there > HOURS_OF_WEEK]
    if len(over):
        raise RawFileError(
            f"{sheet.name}: the visits to one place add up to more than the {HOURS_OF_WEEK:g} hours of a week, in "
            f"row(s) {first(over['row'], 8)}"
        )
    by_hours = kind.capacity * there / (kind.full_hours or FULL_HOURS)
    frame = frame.assign(capacity=frame["capacity"].mask(~told & there.notna(), by_hours))
    once = frame[~group.duplicated()].reset_index(drop=True)
    _refuse_equal_ids(once, sheet.name)
    return once


def of_kind(tidied: pd.DataFrame, kind: PlaceKind) -> pd.DataFrame:
    """The rows of a tidied source (libraries, GP practices) that are of ``kind``, with :data:`REPORTED` columns."""
    frame = tidied[tidied["kind"] == kind.id].reset_index(drop=True)
    opening = frame["opening"].fillna(kind.opening)
    share = 1.0 if kind.full_hours is None else (frame["hours"] / kind.full_hours).fillna(1.0)
    offers = "; ".join(kind.offers)
    frame = frame.rename(columns={"file_row": "row", "place_id": "id"})
    frame = frame.assign(offers=offers, opening=opening, capacity=kind.capacity * share, counts=kind.counts)
    frame["postcode"] = frame["postcode"].fillna("")
    lone = pd.Series(np.where(frame["x"].isna() != frame["y"].isna(), LONE, ""), index=frame.index)
    return frame.assign(**usable_points(frame["x"], frame["y"], lone, GRID))[REPORTED]


def fill_columns(sheet: Sheet, declared: Mapping[str, str]) -> tuple[dict[str, str], str | None]:
    """The headers of a place's columns: those declared, else those that people use; and the system that these name.

    ``x`` and ``y`` may be called longitude and latitude, or easting and northing; where a file has both pairs, the
    degrees are used. The system is ``None`` where the headers do not say it.
    """
    headers = dict(declared)
    for meaning in ("name", "postcode"):
        if meaning not in headers and (used := find_recognised(sheet.headers, meaning)) is not None:
            headers[meaning] = used
    if sheet.points is None and not {"x", "y"} & headers.keys():
        for x, y in _PAIRS:
            pair = find_recognised(sheet.headers, x), find_recognised(sheet.headers, y)
            if pair[0] is not None and pair[1] is not None:
                headers |= {"x": pair[0], "y": pair[1]}
                break
    return headers, _system_of(headers)


def refuse_second_positions(sheet: Sheet, frame: pd.DataFrame, layout: Layout, where: str) -> None:
    """Refuse a file with degrees and eastings beside them that say that a place is somewhere else.

    Args:
        frame: its places by the degrees, columns :data:`REPORTED`.
        where: where the columns to use are named, for the message.

    Raises:
        RawFileError: they are further apart than rounding and another datum make; by row.
    """
    pairs = [[find_recognised(sheet.headers, axis) for axis in pair] for pair in _PAIRS[:2]]
    degrees, grid = ([axis for axis in pair if axis is not None] for pair in pairs)
    if sheet.points is not None or len(degrees) < 2 or len(grid) < 2:
        return
    cells = (sheet.column(grid[0]), sheet.column(grid[1]))
    x, y, faults = (s.reset_index(drop=True) for s in coordinate_numbers(*cells, NumberForm(decimal=layout.decimal)))
    second = usable_points(x, y, faults, GRID)
    apart = np.hypot(frame["x"] - second["x"], frame["y"] - second["y"])
    far = apart > MOST_APART
    if far.any():
        shown = [
            f"row {row} ({name}): {metres / 1000:,.1f} km"
            for row, name, metres in zip(frame["row"][far], frame["name"][far], apart[far], strict=True)
        ]
        raise RawFileError(
            f"{sheet.name}: '{degrees[0]}' and '{degrees[1]}' put {len(shown):,} place(s) elsewhere than '{grid[0]}' "
            f"and '{grid[1]}' do: {first(shown, 5)}. Correct them, or name the two to use as x and y in {where}."
        )


def _system_of(headers: Mapping[str, str]) -> str | None:
    across = headers.get("x")
    if across is None:
        return None
    if find_recognised([across], "longitude") is not None:
        return DEGREES
    return GRID if find_recognised([across], "easting") is not None else None


def point_cells(sheet: Sheet, headers: Mapping[str, str]) -> tuple[pd.Series, pd.Series]:
    """The cells of coordinates: of shapes, their points; else the columns ``x`` and ``y``; empty without either."""
    if sheet.points is not None:
        return sheet.points["x"], sheet.points["y"]
    if {"x", "y"} <= headers.keys():
        return sheet.column(headers["x"]), sheet.column(headers["y"])
    empty = pd.Series("", index=sheet.rows, dtype="str")
    return empty, empty


def report_places(sheet: Sheet, kind: PlaceKind, layout: Layout) -> pd.DataFrame:
    """The rows of a sheet as places of a kind that names its columns and its system: columns :data:`REPORTED`.

    Raises:
        RawFileError: as :func:`read_places`.
    """
    headers = {} if kind.columns is None else kind.columns.model_dump(exclude_none=True)
    crs = kind.crs or DEGREES
    texts = {
        key: sheet.column(headers[key]).map(plain) if key in headers else pd.Series("", index=sheet.rows, dtype="str")
        for key in ("id", "name", "postcode", "offers", "opening", "capacity")
    }
    frame = pd.DataFrame(
        {
            "row": sheet.rows,
            "id": [f"{kind.id}-{text or row}" for row, text in texts["id"].items()],
            "name": texts["name"].to_numpy(),
            "kind": kind.id,
            "postcode": texts["postcode"].to_numpy(),
            "offers": texts["offers"].to_numpy(),
            "opening": texts["opening"].where(texts["opening"] != "", kind.opening).to_numpy(),
            "capacity": texts["capacity"].to_numpy(),
            "counts": kind.counts,
        }
    )
    if kind.columns is None or not kind.columns.gives_hours:
        _refuse_equal_ids(frame, sheet.name)
    form = NumberForm(decimal=layout.decimal)
    frame["offers"] = _offers(frame, kind, sheet.name)
    frame["capacity"] = _capacities(frame, kind.capacity, form, sheet.name)
    x, y, faults = (s.reset_index(drop=True) for s in coordinate_numbers(*point_cells(sheet, headers), form))
    if sheet.points is not None:
        faults = sheet.points["fault"].reset_index(drop=True)
    refuse_system(x, y, crs, frame["postcode"] != "", sheet.name)
    return frame.assign(**usable_points(x, y, faults, crs))[REPORTED]


def _refuse_equal_ids(frame: pd.DataFrame, name: str) -> None:
    twice = frame[frame["id"].duplicated(keep=False)]
    if len(twice):
        shown = [f"{place} in rows {', '.join(map(str, rows))}" for place, rows in twice.groupby("id")["row"]]
        raise RawFileError(
            f"{name}: each place needs a different id; found {first(shown)}. Correct the ids, or leave out the id in "
            f"{DECLARED}: the row number is then used."
        )


def _offers(frame: pd.DataFrame, kind: PlaceKind, name: str) -> pd.Series:
    parted = frame["offers"].map(lambda text: [part.strip().lower() for part in text.split(";") if part.strip()])
    wrong = [
        f"row {row}: '{part}'"
        for row, parts in zip(frame["row"], parted, strict=True)
        for part in parts
        if part not in OFFERS
    ]
    if wrong:
        raise RawFileError(
            f"{name}: what a place offers should be among {', '.join(OFFERS)}, separated by semicolons; "
            f"found {first(wrong)}"
        )
    return parted.map(lambda parts: "; ".join(dict.fromkeys(parts or kind.offers)))


def _capacities(frame: pd.DataFrame, usual: float, form: NumberForm, name: str) -> pd.Series:
    values = frame["capacity"].map(lambda text: usual if text == "" else number_in(text, form)).astype("float64")
    bad = frame[~(values >= 0)]
    question = perhaps_decimal_comma(bad["capacity"], form)
    _refuse_capacities(bad, "capacity should be a number of 0 or more, such as 0.5.", name, question)
    most = (
        f"capacity should be {MOST_CAPACITY:g} at most, in units of one library staffed for 30 hours a week; is "
        "this a number of seats?"
    )
    _refuse_capacities(frame[(frame["capacity"] != "") & (values > MOST_CAPACITY)], most, name)
    return values


def _refuse_capacities(wrong: pd.DataFrame, expected: str, name: str, question: str = "") -> None:
    if len(wrong):
        shown = [f"row {row}: '{text}'" for row, text in zip(wrong["row"], wrong["capacity"], strict=True)]
        raise RawFileError(f"{name}: {expected} Found {first(shown)}{question}.")
