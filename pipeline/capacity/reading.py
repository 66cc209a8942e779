"""Support places and candidate sites from the files an analyst has: CSV or GeoJSON."""

import codecs
import csv
import io
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pandas as pd
import pyproj

from pipeline.capacity.places import GRID, GRID_EXTENT
from pipeline.catalogue.places import Offer, PlaceColumns, PlaceKind
from pipeline.errors import RawFileError, first
from pipeline.schema import JOURNEYS, validate

REPORTED = ["row", "id", "name", "kind", "postcode", "x", "y", "offers", "opening", "capacity", "counts", "fault"]
"""Columns of places as their files report them.

``x`` and ``y`` are EPSG:27700 metres on the National Grid, both missing where not given or not usable; ``fault`` says
why coordinates that were given cannot be used, and is empty elsewhere.
"""
OFFERS = get_args(Offer)
DEGREES = "EPSG:4326"
MOST_CAPACITY = 100.0
"""Libraries. No single place does the work of more; seats, computers or visits were counted instead."""
CANDIDATE_COLUMNS = ("name", "postcode", "x", "y", "cost")

_LONE = "only one of x and y is given"
_NUMBER = re.compile(r"[+-]?(?:(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_OTHER_SYSTEM = {
    DEGREES: 'coordinates are no degrees: is crs = "EPSG:27700" meant?',
    GRID: 'coordinates are no metres: is crs = "EPSG:4326" meant?',
}
_UNLIKE_THE_REST = {
    DEGREES: "coordinates are no degrees, as those of most rows are",
    GRID: "coordinates are no metres on the National Grid, as those of most rows are",
}


@dataclass(frozen=True)
class _Row:
    """A row of a CSV, or a feature of a GeoJSON with its ``point`` or with what is the matter with its geometry."""

    number: int
    cells: dict[str, Any]
    point: tuple[object, object] | None = None
    fault: str = ""


def read_places(path: Path, kind: PlaceKind) -> pd.DataFrame:
    """The places of a kind that is declared with ``file``, one row each, columns :data:`REPORTED`.

    ``row`` is the row of a CSV as a spreadsheet counts them (1 = headers) or the number of a GeoJSON feature.
    Coordinates are turned into EPSG:27700. Those that cannot be used (no numbers, 0 and 0, not in the declared system,
    off the National Grid, a feature that is no point) leave the row to its postcode, and are named by
    :func:`pipeline.capacity.places.locate` if that does not locate it.

    Raises:
        RawFileError: the file cannot be read, a declared column is not there, its coordinates are in another system
            than the declared one, an offer or a capacity is impossible, an identifier stands twice, or no feature is a
            point.
    """
    columns = kind.columns
    if columns is None:
        raise RawFileError(f"{path}: the kind '{kind.id}' in declared/places.toml does not say its columns.")
    rows, stated = _read(path)
    if stated not in (None, kind.crs):
        advice = f'Set crs = "{stated}" there' if stated in _OTHER_SYSTEM else f"Save the file in {DEGREES} or {GRID}"
        raise RawFileError(
            f"{path}: its own crs member says {stated}, and declared/places.toml, kinds.{kind.id}.crs, {kind.crs}. "
            f"{advice}, or take the member out if it is wrong."
        )
    headers = _headers(rows)
    absent = [header for header in columns.model_dump().values() if header is not None and header not in headers]
    if absent:
        raise RawFileError(
            f"{path}: declared/places.toml, kinds.{kind.id}.columns names {', '.join(absent)}, which is not there. "
            f"Columns found: {first(headers)}"
        )
    return _reported(rows, columns, kind, path, _OTHER_SYSTEM)


def of_kind(tidied: pd.DataFrame, kind: PlaceKind) -> pd.DataFrame:
    """The rows of a tidied source (libraries, GP practices) that are of ``kind``, with :data:`REPORTED` columns."""
    frame = tidied[tidied["kind"] == kind.id].reset_index(drop=True)
    opening = frame["opening"].where(frame["opening"] != "", kind.opening)
    share = 1.0 if kind.full_hours is None else (frame["hours"] / kind.full_hours).fillna(1.0)
    offers = "; ".join(kind.offers)
    frame = frame.assign(offers=offers, opening=opening, capacity=kind.capacity * share, counts=kind.counts)
    lone = np.where(frame["x"].isna() != frame["y"].isna(), _LONE, "")
    return frame.assign(**_usable(frame["x"], frame["y"], lone, GRID, _UNLIKE_THE_REST))[REPORTED]


def read_candidates(path: Path, crs: str | None = None) -> pd.DataFrame:
    """Candidate sites from a CSV with ``name``, and ``postcode`` or ``x`` and ``y``; or a GeoJSON with ``name``.

    Headers count whatever their case. A row's own coordinates come first, without any its postcode. Without ``crs``
    the coordinates are taken to be eastings and northings (EPSG:27700) where in most rows both are beyond 180, else
    degrees. Of a candidate that stands twice, :func:`pipeline.capacity.places.locate` keeps the cheapest.

    Returns:
        Columns :data:`REPORTED`, ``cost`` (above 0; 1 where the file has none) and ``priced`` (whether the file has a
        column ``cost``, the same in every row).

    Raises:
        RawFileError: the file cannot be read, a column is not there, or a cost is no number above 0.
    """
    rows, stated = _read(path)
    if stated is not None and stated not in _OTHER_SYSTEM:
        raise RawFileError(f"{path}: its own crs member says {stated}. Save the file in {DEGREES} or {GRID}.")
    rows = _with_candidate_columns(rows, path)
    headers = set(_headers(rows))
    is_geojson = _is_geojson(path)
    by_point = {"x", "y"} <= headers and not is_geojson
    if "name" not in headers or not (is_geojson or by_point or "postcode" in headers):
        needed = "the column name" if is_geojson else "the columns name, and postcode or x and y"
        raise RawFileError(f"{path}: candidate sites need {needed}. Columns found: {first(_headers(rows))}")
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
    costs = [_number(text) if text else 1.0 for text in written]
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
        SchemaError: an origin is no LSOA code.
    """
    rows = _read_csv(path)
    needed = ("origin", "destination", "minutes")
    lacking = [column for column in needed if column not in rows[0].cells]
    if lacking:
        raise RawFileError(
            f"{path}: a matrix of journeys needs {', '.join(needed)}; {', '.join(lacking)} is not there. "
            f"Columns found: {first(_headers(rows[:1]))}"
        )
    matrix = pd.DataFrame({c: [str(row.cells[c]).strip() for row in rows] for c in needed})
    numbers = np.array([row.number for row in rows])
    minutes = matrix["minutes"].map(_number).astype("float64")
    wrong = (~(minutes >= 0)).to_numpy()
    if wrong.any():
        raise RawFileError(
            f"{path}: minutes should be numbers of 0 or more; not so in row(s) {first(numbers[wrong])}. Leave out "
            "pairs that nobody can travel."
        )
    twice = matrix.duplicated(["origin", "destination"], keep=False).to_numpy()
    if twice.any():
        raise RawFileError(f"{path}: a pair stands more than once, in row(s) {first(numbers[twice])}. Keep one.")
    pair = matrix["origin"] + ">" + matrix["destination"]
    frame: pd.DataFrame = matrix.assign(minutes=minutes, pair=pair)[JOURNEYS.names]
    validate(frame, JOURNEYS, str(path))
    return frame


def csv_records(path: Path) -> list[list[str]]:
    """All records of a CSV, its headers first and empty ones too, so that their places are a spreadsheet's rows.

    UTF-8, UTF-16 with its mark, else Windows-1252; separated by commas, or by semicolons or tabs where the headers
    hold these and no comma.

    Raises:
        RawFileError: the file cannot be read, is no text or no table, or a quotation mark is not closed.
    """
    text = _decoded(path)
    lines = list(io.StringIO(text, newline=""))
    if not lines or not lines[0].strip() or text.lstrip().startswith("<"):
        raise RawFileError(f"{path}: expected a CSV table with headers in its first row.")
    separator = _separator(lines[0])
    reader = csv.reader(lines, delimiter=separator)
    records: list[list[str]] = []
    start = 0
    try:
        for record in reader:
            end = reader.line_num
            if end > start + 1 or end == len(lines):
                _refuse_open_quote(lines[start:end], separator, f"{path}: row {len(records) + 1} (line {start + 1})")
            records.append(record)
            start = end
    except csv.Error as error:
        raise RawFileError(
            f"{path}: row {len(records) + 1} (line {start + 1}) cannot be read: {error}. Is a quotation mark there not "
            "closed?"
        ) from error
    return records


def _refuse_open_quote(lines: list[str], separator: str, where: str) -> None:
    try:
        list(csv.reader(lines, delimiter=separator, strict=True))
    except csv.Error as error:
        if len(lines) > 1 or "end of data" in str(error):
            more = f" and takes in {len(lines) - 1:,} line(s) below" if len(lines) > 1 else ""
            raise RawFileError(
                f"{where}: a quotation mark is not closed there{more}. Close it, or write it twice where it belongs to "
                "the text."
            ) from error


def _decoded(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RawFileError(f"{path}: cannot be read: {error.strerror}.") from error
    try:
        wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        if wide:
            raise RawFileError(f"{path}: begins as UTF-16 text and goes on otherwise. Save it as UTF-8.") from error
        text = content.decode("cp1252", errors="replace")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise RawFileError(f"{path}: line {line} holds a NUL character, so it is no plain text. Save it as CSV UTF-8.")
    return text


def _separator(headers: str) -> str:
    bare = re.sub(r'"[^"]*"', "", headers)
    return "," if "," in bare else max(",;\t", key=bare.count)


def _is_geojson(path: Path) -> bool:
    return path.suffix.lower() in (".geojson", ".json")


def _read(path: Path) -> tuple[list[_Row], str | None]:
    """The rows of a CSV or GeoJSON file, and the coordinate system that a GeoJSON itself states."""
    return _read_geojson(path) if _is_geojson(path) else (_read_csv(path), None)


def _read_csv(path: Path) -> list[_Row]:
    top, *records = csv_records(path)
    headers = [header.strip() for header in top]
    twice = sorted({h for h in headers if h and headers.count(h) > 1})
    if twice:
        raise RawFileError(f"{path}: the header(s) {', '.join(twice)} stand more than once.")
    rows: list[_Row] = []
    for number, cells in enumerate(records, 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(headers):
            raise RawFileError(
                f"{path}: row {number} has {len(cells)} cells, the headers {len(headers)}. A comma in a text needs "
                "quotation marks around the text."
            )
        padded = (*cells, *[""] * (len(headers) - len(cells)))
        rows.append(_Row(number, dict(zip(headers, padded, strict=True))))
    if not rows:
        raise RawFileError(f"{path}: there are no rows below the headers.")
    return rows


def _read_geojson(path: Path) -> tuple[list[_Row], str | None]:
    text = _decoded(path)
    try:
        content = json.loads(text)
        stated = _stated_crs(content.get("crs"))
        rows = [_feature(number, feature) for number, feature in enumerate(content["features"], 1)]
    except RecursionError as error:
        raise RawFileError(f"{path}: brackets within brackets, too deep for a GeoJSON of points.") from error
    except UnicodeEncodeError as error:
        raise RawFileError(f"{path}: {error.reason}. Save the file as UTF-8 and correct the text.") from error
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise RawFileError(f"{path}: expected a GeoJSON FeatureCollection of points: {error!r}") from error
    if not rows:
        raise RawFileError(f"{path}: there are no features in it.")
    return rows, stated


def _feature(number: int, feature: dict[str, Any]) -> _Row:
    cells = dict(feature.get("properties") or {})
    try:
        json.dumps(cells, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        error.reason = f"feature {number} holds half a character (a lone surrogate)"
        raise
    geometry = feature.get("geometry")
    if not geometry:
        return _Row(number, cells, fault="it has no geometry")
    shape, coordinates = geometry["type"], geometry.get("coordinates")
    if shape == "MultiPoint" and len(coordinates) == 1:
        shape, coordinates = "Point", coordinates[0]
    if shape != "Point":
        return _Row(number, cells, fault=f"its geometry is a {shape}, not a Point")
    if not coordinates or len(coordinates) < 2:
        return _Row(number, cells, fault="its point lacks coordinates")
    return _Row(number, cells, point=(coordinates[0], coordinates[1]))


def _stated_crs(crs: dict[str, Any] | None) -> str | None:
    """What the member ``crs`` of GeoJSON before RFC 7946 names: ``EPSG:`` and a number where it can be understood."""
    if crs is None:
        return None
    properties = crs["properties"]
    name = str(properties.get("name") or properties.get("code") or properties)
    if "CRS84" in name.upper():
        return DEGREES
    code = re.fullmatch(r"(?:.*EPSG:(?:.*:)?)?([0-9]{4,6})", name.strip(), re.IGNORECASE)
    return f"EPSG:{code.group(1)}" if code else name


def _headers(rows: Sequence[_Row]) -> list[str]:
    return list(dict.fromkeys(header for row in rows for header in row.cells))


def _with_candidate_columns(rows: list[_Row], path: Path) -> list[_Row]:
    meant = {h: h.strip().casefold() for h in _headers(rows) if h.strip().casefold() in CANDIDATE_COLUMNS}
    twice = [header for header, name in meant.items() if list(meant.values()).count(name) > 1]
    if twice:
        raise RawFileError(f"{path}: the columns {', '.join(twice)} mean the same. Keep one of them.")
    return [replace(row, cells={meant.get(header, header): c for header, c in row.cells.items()}) for row in rows]


def _reported(
    rows: list[_Row], columns: PlaceColumns, kind: PlaceKind, path: Path, other_system: dict[str, str]
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
    _refuse_equal_ids(frame, path)
    frame["offers"] = _offers(frame, kind, path)
    frame["capacity"] = _capacities(frame, kind.capacity, path)
    given = [_given(row, columns) for row in rows]
    faults = np.array([_fault(row, *texts) for row, texts in zip(rows, given, strict=True)], dtype=object)
    x, y = (pd.Series([_number(texts[axis]) for texts in given], dtype="float64") for axis in (0, 1))
    return frame.assign(**_usable(x, y, faults, kind.crs, other_system))[REPORTED]


def _refuse_without_points(rows: list[_Row], columns: PlaceColumns, path: Path) -> None:
    if columns.postcode is None and columns.x is None and all(row.fault for row in rows):
        shown = first((f"feature {row.number}: {row.fault}" for row in rows), 5)
        raise RawFileError(f"{path}: expected a GeoJSON FeatureCollection of points; none is a point ({shown}).")


def _refuse_equal_ids(frame: pd.DataFrame, path: Path) -> None:
    twice = frame[frame["id"].duplicated(keep=False)]
    if len(twice):
        shown = [f"{name} in rows {', '.join(map(str, rows))}" for name, rows in twice.groupby("id")["row"]]
        raise RawFileError(
            f"{path}: each place needs an id of its own; found {first(shown)}. Correct the ids, or leave out the id in "
            "declared/places.toml: the row then stands for it."
        )


def _of(row: _Row, header: str | None) -> str:
    return _plain(row.cells.get(header)) if header is not None else ""


def _plain(value: object) -> str:
    return "" if value is None else re.sub(r"\s+", " ", str(value)).strip()


def _number(text: object) -> float:
    """A number as written, with or without commas between thousands; not a number where it is none, or infinite."""
    plain = _plain(text).replace("−", "-")
    number = float(plain.replace(",", "")) if _NUMBER.fullmatch(plain) else math.nan
    return number if math.isfinite(number) else math.nan


def _given(row: _Row, columns: PlaceColumns) -> tuple[str, str]:
    if row.point is not None:
        return _plain(row.point[0]), _plain(row.point[1])
    return _of(row, columns.x), _of(row, columns.y)


def _fault(row: _Row, x: str, y: str) -> str:
    """What is the matter with coordinates as they are written, before it is asked where they lie."""
    if not x and not y:
        return row.fault
    if not x or not y:
        return _LONE
    return "coordinates are no numbers" if math.isnan(_number(x)) or math.isnan(_number(y)) else ""


def _likely_crs(rows: list[_Row], columns: PlaceColumns) -> str:
    points = np.array([[_number(text) for text in _given(row, columns)] for row in rows])
    points = points[~np.isnan(points).any(axis=1)]
    beyond = (np.abs(points) > 180).all(axis=1)
    return GRID if beyond.sum() * 2 > len(points) else DEGREES


def _usable(x: pd.Series, y: pd.Series, faults: Any, crs: str, other_system: dict[str, str]) -> dict[str, Any]:
    """``x`` and ``y`` in EPSG:27700 where they can be used, and ``fault``: why not, where they were given.

    ``faults`` are those found before, which stay. ``other_system`` says by ``crs`` that coordinates are in another.
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
    known = (x.between(-180, 180) & y.between(-90, 90)).to_numpy()
    easting, northing = np.full(len(x), np.nan), np.full(len(x), np.nan)
    if known.any():
        transformer = pyproj.Transformer.from_crs(crs, GRID, always_xy=True)
        easting[known], northing[known] = transformer.transform(x.to_numpy()[known], y.to_numpy()[known])
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
    values = frame["capacity"].map(lambda text: usual if text == "" else _number(text)).astype("float64")
    _refuse_capacities(frame[~(values >= 0)], "capacity should be a number of 0 or more, such as 0.5.", path)
    most = (
        f"capacity should be {MOST_CAPACITY:g} at most, in units of one library open with staff 30 hours a week; is "
        "this a number of seats?"
    )
    _refuse_capacities(frame[(frame["capacity"] != "") & (values > MOST_CAPACITY)], most, path)
    return values


def _refuse_capacities(wrong: pd.DataFrame, expected: str, path: Path) -> None:
    if len(wrong):
        shown = [f"row {row}: '{text}'" for row, text in zip(wrong["row"], wrong["capacity"], strict=True)]
        raise RawFileError(f"{path}: {expected} Found {first(shown)}.")
