"""Support places and candidate sites from the files of an analyst: CSV or GeoJSON."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pandas as pd
import pyproj

from pipeline.catalogue.places import Offer, PlaceColumns, PlaceKind
from pipeline.errors import RawFileError, first
from pipeline.places.locating import GRID, GRID_EXTENT
from pipeline.places.rows import DEGREES, Row, headers_of, is_geojson, number_in, plain, read_csv_rows, read_rows
from pipeline.places.visits import FULL_HOURS, HOURS_OF_WEEK, hours_a_week
from pipeline.tables import JOURNEYS, validate

REPORTED = ["row", "id", "name", "kind", "postcode", "x", "y", "offers", "opening", "capacity", "counts", "fault"]
"""Columns of places as their files report them.

``x`` and ``y`` are EPSG:27700 metres on the National Grid, both missing where not given or not usable; ``fault`` says
why coordinates that were given cannot be used, and is empty elsewhere.
"""
OFFERS = get_args(Offer)
MOST_CAPACITY = 100.0
"""Libraries. No single place does the work of more; a larger figure probably counts seats, computers or visits."""
CANDIDATE_COLUMNS = ("name", "postcode", "x", "y", "cost")

_LONE = "only one of x and y is given"
_OTHER_SYSTEM = {
    DEGREES: 'coordinates are not in degrees: should it be crs = "EPSG:27700"?',
    GRID: 'coordinates are not in metres: should it be crs = "EPSG:4326"?',
}
_UNLIKE_THE_REST = {
    DEGREES: "coordinates are not in degrees, as those of most rows are",
    GRID: "coordinates are not in metres on the National Grid, as those of most rows are",
}


def read_places(path: Path, kind: PlaceKind) -> pd.DataFrame:
    """The places of a kind that is declared with ``file``, one row each, columns :data:`REPORTED`.

    ``row`` is the row of a CSV as a spreadsheet counts them (1 = headers) or the number of a GeoJSON feature.
    Coordinates are turned into EPSG:27700. Those that cannot be used (not numbers, 0 and 0, not in the declared system,
    off the National Grid, a feature that is not a point) are ignored in favour of the postcode, and are named by
    :func:`pipeline.places.locating.locate` if that does not locate it.

    Raises:
        RawFileError: the file cannot be read, a declared column is missing, its coordinates are in another system
            than the declared one, an offer, a capacity or hours are impossible, an identifier appears twice, or no
            feature is a point.
    """
    columns = kind.columns
    if columns is None:
        raise RawFileError(f"{path}: the kind '{kind.id}' in declared/places.toml does not name its columns.")
    rows, stated = read_rows(path)
    if stated not in (None, kind.crs):
        advice = f'Set crs = "{stated}" there' if stated in _OTHER_SYSTEM else f"Save the file in {DEGREES} or {GRID}"
        raise RawFileError(
            f"{path}: the crs member says {stated}, and declared/places.toml, kinds.{kind.id}.crs, {kind.crs}. "
            f"{advice}, or remove the member if it is wrong."
        )
    headers = headers_of(rows)
    absent = [header for header in columns.model_dump().values() if header is not None and header not in headers]
    if absent:
        raise RawFileError(
            f"{path}: declared/places.toml, kinds.{kind.id}.columns names {', '.join(absent)}, which is missing. "
            f"Columns found: {first(headers)}"
        )
    frame = _reported(rows, columns, kind, path, _OTHER_SYSTEM)
    return _by_hours(frame, rows, kind, path) if columns.gives_hours else frame


def _by_hours(frame: pd.DataFrame, rows: list[Row], kind: PlaceKind, path: Path) -> pd.DataFrame:
    """``frame`` with the capacity that the hours of each place give, and the visits to one place added up.

    A place without hours has the capacity of its kind; one whose own capacity is given keeps it.
    """
    columns = kind.columns or PlaceColumns(name="")
    hours = hours_a_week(rows, columns, str(path))
    told = pd.Series([bool(_of(row, columns.capacity)) for row in rows])
    key = frame[["name", "postcode", "x", "y"]].assign(name=frame["name"].str.casefold().str.strip())
    group = key.groupby(list(key.columns), dropna=False, sort=False).ngroup()
    there = hours.groupby(group).transform(lambda visits: visits.sum(min_count=1))
    over = frame[there > HOURS_OF_WEEK]
    if len(over):
        raise RawFileError(
            f"{path}: the visits to one place add up to more than the {HOURS_OF_WEEK:g} hours of a week, in row(s) "
            f"{first(over['row'], 8)}"
        )
    by_hours = kind.capacity * there / (kind.full_hours or FULL_HOURS)
    frame = frame.assign(capacity=frame["capacity"].mask(~told & there.notna(), by_hours))
    once = frame[~group.duplicated()].reset_index(drop=True)
    _refuse_equal_ids(once, path)
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
    lone = np.where(frame["x"].isna() != frame["y"].isna(), _LONE, "")
    return frame.assign(**_usable(frame["x"], frame["y"], lone, GRID, _UNLIKE_THE_REST))[REPORTED]


def read_candidates(path: Path, crs: str | None = None) -> pd.DataFrame:
    """Candidate sites from a CSV with ``name``, and ``postcode`` or ``x`` and ``y``; or a GeoJSON with ``name``.

    Headers may be in upper or lower case. The coordinates of a row come first; if it has none, its postcode. Without
    ``crs`` the coordinates are taken to be eastings and northings (EPSG:27700) where in most rows both are beyond 180,
    else degrees. Of a candidate that appears twice, :func:`pipeline.places.locating.locate` keeps the cheapest.

    Returns:
        Columns :data:`REPORTED`, ``cost`` (above 0; 1 where the file has none) and ``priced`` (whether the file has a
        column ``cost``, the same in every row).

    Raises:
        RawFileError: the file cannot be read, a column is missing, or a cost is not a number above 0.
    """
    rows, stated = read_rows(path)
    if stated is not None and stated not in _OTHER_SYSTEM:
        raise RawFileError(f"{path}: the crs member in the file says {stated}. Save the file in {DEGREES} or {GRID}.")
    rows = _with_candidate_columns(rows, path)
    headers = set(headers_of(rows))
    points = is_geojson(path)
    by_point = {"x", "y"} <= headers and not points
    if "name" not in headers or not (points or by_point or "postcode" in headers):
        needed = "the column name" if points else "the columns name, and postcode or x and y"
        raise RawFileError(f"{path}: candidate sites need {needed}. Columns found: {first(headers_of(rows))}")
    columns = PlaceColumns(
        name="name",
        postcode="postcode" if "postcode" in headers else None,
        x="x" if by_point else None,
        y="y" if by_point else None,
    )
    kind = PlaceKind.model_validate(
        {
            "id": "candidate",
            "title": "candidate site",
            "plural": "candidate sites",
            "origin": str(path),
            "why": "given by the analyst",
            "file": path.name,
            "crs": crs or stated or _likely_crs(rows, columns),
            "offers": ("somewhere to go",),
            "columns": columns,
        }
    )
    frame = _reported(rows, columns, kind, path, _UNLIKE_THE_REST)
    written = [_of(row, "cost") for row in rows]
    costs = [number_in(text) if text else 1.0 for text in written]
    bad = [f"row {r.number}: '{t}'" for r, t, cost in zip(rows, written, costs, strict=True) if not cost > 0]
    if bad:
        raise RawFileError(f"{path}: cost should be a number above 0, such as 1500 or 2.5; found {first(bad)}")
    return frame.assign(cost=costs, priced="cost" in headers)


def read_journeys(path: Path) -> pd.DataFrame:
    """A matrix of journeys from a CSV with ``origin`` (LSOA), ``destination`` (``place_id``) and ``minutes``.

    Returns:
        Table ``journeys``.

    Raises:
        RawFileError: the file cannot be read, or a row cannot be used; the rows are named.
        SchemaError: an origin is not an LSOA code.
    """
    rows = read_csv_rows(path)
    needed = ("origin", "destination", "minutes")
    lacking = [column for column in needed if column not in rows[0].cells]
    if lacking:
        raise RawFileError(
            f"{path}: a matrix of journeys needs {', '.join(needed)}; {', '.join(lacking)} is missing. "
            f"Columns found: {first(headers_of(rows[:1]))}"
        )
    matrix = pd.DataFrame({c: [str(row.cells[c]).strip() for row in rows] for c in needed})
    numbers = np.array([row.number for row in rows])
    minutes = matrix["minutes"].map(number_in).astype("float64")
    wrong = (~(minutes >= 0)).to_numpy()
    if wrong.any():
        raise RawFileError(
            f"{path}: minutes should be numbers of 0 or more; they are not in row(s) {first(numbers[wrong])}. Leave "
            "out pairs between which nobody can travel."
        )
    twice = matrix.duplicated(["origin", "destination"], keep=False).to_numpy()
    if twice.any():
        raise RawFileError(f"{path}: a pair appears more than once, in row(s) {first(numbers[twice])}. Keep one.")
    pair = matrix["origin"] + ">" + matrix["destination"]
    frame: pd.DataFrame = matrix.assign(minutes=minutes, pair=pair)[JOURNEYS.names]
    validate(frame, JOURNEYS, str(path))
    return frame


def _with_candidate_columns(rows: list[Row], path: Path) -> list[Row]:
    meant = {h: h.strip().casefold() for h in headers_of(rows) if h.strip().casefold() in CANDIDATE_COLUMNS}
    twice = [header for header, name in meant.items() if list(meant.values()).count(name) > 1]
    if twice:
        raise RawFileError(f"{path}: the columns {', '.join(twice)} mean the same. Keep one of them.")
    return [replace(row, cells={meant.get(header, header): c for header, c in row.cells.items()}) for row in rows]


def _reported(
    rows: list[Row], columns: PlaceColumns, kind: PlaceKind, path: Path, other_system: dict[str, str]
) -> pd.DataFrame:
    _refuse_without_points(rows, columns, path)
    frame = pd.DataFrame(
        {
            "row": [row.number for row in rows],
            "id": [f"{kind.id}-{_of(row, columns.id) or row.number}" for row in rows],
            "name": [_of(row, columns.name) for row in rows],
            "kind": kind.id,
            "postcode": [_of(row, columns.postcode) for row in rows],
            "offers": [_of(row, columns.offers) for row in rows],
            "opening": [_of(row, columns.opening) or kind.opening for row in rows],
            "capacity": [_of(row, columns.capacity) for row in rows],
            "counts": kind.counts,
        }
    )
    if not columns.gives_hours:
        _refuse_equal_ids(frame, path)
    frame["offers"] = _offers(frame, kind, path)
    frame["capacity"] = _capacities(frame, kind.capacity, path)
    given = [_given(row, columns) for row in rows]
    faults = np.array([_fault(row, *texts) for row, texts in zip(rows, given, strict=True)], dtype=object)
    x, y = (pd.Series([number_in(texts[axis]) for texts in given], dtype="float64") for axis in (0, 1))
    return frame.assign(**_usable(x, y, faults, kind.crs, other_system))[REPORTED]


def _refuse_without_points(rows: list[Row], columns: PlaceColumns, path: Path) -> None:
    if columns.postcode is None and columns.x is None and all(row.fault for row in rows):
        shown = first((f"feature {row.number}: {row.fault}" for row in rows), 5)
        raise RawFileError(f"{path}: expected a GeoJSON FeatureCollection of points; none is a point ({shown}).")


def _refuse_equal_ids(frame: pd.DataFrame, path: Path) -> None:
    twice = frame[frame["id"].duplicated(keep=False)]
    if len(twice):
        shown = [f"{name} in rows {', '.join(map(str, rows))}" for name, rows in twice.groupby("id")["row"]]
        raise RawFileError(
            f"{path}: each place needs a different id; found {first(shown)}. Correct the ids, or leave out the id in "
            "declared/places.toml: the row number is then used."
        )


def _of(row: Row, header: str | None) -> str:
    return plain(row.cells.get(header)) if header is not None else ""


def _given(row: Row, columns: PlaceColumns) -> tuple[str, str]:
    if row.point is not None:
        return plain(row.point[0]), plain(row.point[1])
    return _of(row, columns.x), _of(row, columns.y)


def _fault(row: Row, x: str, y: str) -> str:
    """What is wrong with coordinates as they are written, before checking where they are."""
    if not x and not y:
        return row.fault
    if not x or not y:
        return _LONE
    return "coordinates are not numbers" if math.isnan(number_in(x)) or math.isnan(number_in(y)) else ""


def _likely_crs(rows: list[Row], columns: PlaceColumns) -> str:
    points = np.array([[number_in(text) for text in _given(row, columns)] for row in rows])
    points = points[~np.isnan(points).any(axis=1)]
    beyond = (np.abs(points) > 180).all(axis=1)
    return GRID if beyond.sum() * 2 > len(points) else DEGREES


def _usable(x: pd.Series, y: pd.Series, faults: Any, crs: str, other_system: dict[str, str]) -> dict[str, Any]:
    """``x`` and ``y`` in EPSG:27700 where they can be used, and ``fault``: why not, where they were given.

    ``faults`` are those detected earlier, which are kept. ``other_system`` has the message, by ``crs``, for coordinates
    in the wrong system.
    """
    in_degrees = x.between(-180, 180) & y.between(-90, 90)
    wrong_system = (~in_degrees if crs == DEGREES else in_degrees) & x.notna() & y.notna()
    easting, northing = _to_grid(x, y, crs)
    off_grid = ~_on_grid(easting, northing) & x.notna() & y.notna()
    swapped = off_grid & _on_grid(*_to_grid(y, x, crs))
    fault = np.select(
        [faults != "", (x == 0) & (y == 0), wrong_system, swapped, off_grid],
        [
            faults,
            "coordinates are 0, 0",
            other_system[crs],
            "coordinates off the National Grid: are x and y swapped?",
            "coordinates off the National Grid",
        ],
        default="",
    )
    good = (fault == "") & x.notna().to_numpy() & y.notna().to_numpy()
    return {
        "x": np.where(good, easting, np.nan),
        "y": np.where(good, northing, np.nan),
        "fault": pd.Series(fault, index=x.index, dtype="str"),
    }


def _on_grid(easting: Any, northing: Any) -> Any:
    west, south, east, north = GRID_EXTENT
    return (easting >= west) & (easting <= east) & (northing >= south) & (northing <= north)


def _to_grid(x: pd.Series, y: pd.Series, crs: str) -> tuple[Any, Any]:
    if crs == GRID:
        return x.to_numpy(dtype="float64"), y.to_numpy(dtype="float64")
    usable = (x.between(-180, 180) & y.between(-90, 90)).to_numpy()
    easting, northing = np.full(len(x), np.nan), np.full(len(x), np.nan)
    if usable.any():
        transformer = pyproj.Transformer.from_crs(crs, GRID, always_xy=True)
        easting[usable], northing[usable] = transformer.transform(x.to_numpy()[usable], y.to_numpy()[usable])
    return easting, northing


def _offers(frame: pd.DataFrame, kind: PlaceKind, path: Path) -> pd.Series:
    parted = frame["offers"].map(lambda text: [part.strip().lower() for part in text.split(";") if part.strip()])
    wrong = [
        f"row {row}: '{part}'"
        for row, parts in zip(frame["row"], parted, strict=True)
        for part in parts
        if part not in OFFERS
    ]
    if wrong:
        raise RawFileError(
            f"{path}: what a place offers should be among {', '.join(OFFERS)}, separated by semicolons; "
            f"found {first(wrong)}"
        )
    return parted.map(lambda parts: "; ".join(dict.fromkeys(parts or kind.offers)))


def _capacities(frame: pd.DataFrame, usual: float, path: Path) -> pd.Series:
    values = frame["capacity"].map(lambda text: usual if text == "" else number_in(text)).astype("float64")
    _refuse_capacities(frame[~(values >= 0)], "capacity should be a number of 0 or more, such as 0.5.", path)
    most = (
        f"capacity should be {MOST_CAPACITY:g} at most, in units of one library staffed for 30 hours a week; is "
        "this a number of seats?"
    )
    _refuse_capacities(frame[(frame["capacity"] != "") & (values > MOST_CAPACITY)], most, path)
    return values


def _refuse_capacities(wrong: pd.DataFrame, expected: str, path: Path) -> None:
    if len(wrong):
        shown = [f"row {row}: '{text}'" for row, text in zip(wrong["row"], wrong["capacity"], strict=True)]
        raise RawFileError(f"{path}: {expected} Found {first(shown)}.")
