"""Support places and candidate sites from the files an analyst has: CSV or GeoJSON."""

import csv
import io
import json
import math
import re
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pandas as pd
import pyproj

from pipeline.capacity.access import matrix_minutes
from pipeline.catalogue.places import Offer, PlaceColumns, PlaceKind
from pipeline.errors import RawFileError, first
from pipeline.schema import JOURNEYS, validate

REPORTED = ["row", "id", "name", "kind", "postcode", "x", "y", "offers", "opening", "capacity", "counts"]
"""Columns of places as their files report them: ``x`` and ``y`` in EPSG:27700 metres, missing where not given."""
OFFERS = get_args(Offer)


def read_places(path: Path, kind: PlaceKind) -> pd.DataFrame:
    """The places of a kind that is declared with ``file``, one row each, columns :data:`REPORTED`.

    ``row`` is the line of a CSV (1 = headers) or the number of a GeoJSON feature. Coordinates are turned into
    EPSG:27700; a row whose coordinates are no numbers is left to its postcode, and named by
    :func:`pipeline.capacity.places.locate` if it has none.

    Raises:
        RawFileError: the file cannot be read, a declared column is not there, an offer or a capacity is impossible.
    """
    columns = kind.columns
    if columns is None:
        raise RawFileError(f"{path}: the kind '{kind.id}' in declared/places.toml does not say its columns.")
    is_geojson = path.suffix.lower() in (".geojson", ".json")
    rows = _read_geojson(path) if is_geojson else _read_csv(path)
    _refuse_missing_columns(rows, columns, path, kind.id)
    frame = pd.DataFrame(
        {
            "row": [row["_row"] for row in rows],
            "id": [f"{kind.id}-{_of(row, columns.id) or row['_row']}" for row in rows],
            "name": [_of(row, columns.name) for row in rows],
            "kind": kind.id,
            "postcode": [_of(row, columns.postcode) for row in rows],
            "x": [_number(row["_x"] if "_x" in row else _of(row, columns.x)) for row in rows],
            "y": [_number(row["_y"] if "_y" in row else _of(row, columns.y)) for row in rows],
            "offers": [_of(row, columns.offers) or "; ".join(kind.offers) for row in rows],
            "opening": [_of(row, columns.opening) or kind.opening for row in rows],
            "capacity": [_of(row, columns.capacity) for row in rows],
            "counts": kind.counts,
        }
    )
    frame["x"], frame["y"] = _to_grid(frame["x"], frame["y"], kind.crs)
    frame["offers"] = _offers(frame, path)
    frame["capacity"] = _capacities(frame, kind.capacity, path)
    return frame[REPORTED]


def of_kind(tidied: pd.DataFrame, kind: PlaceKind) -> pd.DataFrame:
    """The rows of a tidied source (libraries, GP practices) that are of ``kind``, with :data:`REPORTED` columns."""
    frame = tidied[tidied["kind"] == kind.id].reset_index(drop=True)
    opening = frame["opening"].where(frame["opening"] != "", kind.opening)
    share = 1.0 if kind.full_hours is None else (frame["hours"] / kind.full_hours).fillna(1.0)
    offers = "; ".join(kind.offers)
    return frame.assign(offers=offers, opening=opening, capacity=kind.capacity * share, counts=kind.counts)[REPORTED]


def read_candidates(path: Path, crs: str = "EPSG:4326") -> pd.DataFrame:
    """Candidate sites from a CSV or GeoJSON with ``name``; a CSV with ``postcode``, or ``x`` and ``y``, too.

    ``cost`` is 1 where the file has none.

    Raises:
        RawFileError: the file cannot be read, or a column is not there.
    """
    is_geojson = path.suffix.lower() in (".geojson", ".json")
    rows = _read_geojson(path) if is_geojson else _read_csv(path)
    headers = set(rows[0]) if rows else set()
    by_postcode = "postcode" in headers and not {"x", "y"} <= headers
    located = {} if is_geojson else {"postcode": "postcode"} if by_postcode else {"x": "x", "y": "y"}
    kind = PlaceKind.model_validate(
        {
            "id": "candidate",
            "title": "candidate site",
            "plural": "candidate sites",
            "origin": str(path),
            "why": "given by the analyst",
            "file": path.name,
            "crs": crs,
            "offers": ("somewhere to go",),
            "columns": {"name": "name", **located},
        }
    )
    frame = read_places(path, kind)
    costs = [_number(str(row.get("cost", "1")).strip() or "1") for row in rows]
    bad = [f"row {row['_row']}" for row, cost in zip(rows, costs, strict=True) if not cost > 0]
    if bad:
        raise RawFileError(f"{path}: cost should be a number above 0; not so in {first(bad)}")
    return frame.assign(cost=costs)


def read_journeys(path: Path) -> pd.DataFrame:
    """A matrix of journeys from a CSV with ``origin`` (LSOA), ``destination`` (``place_id``) and ``minutes``.

    Returns:
        Table ``journeys``.

    Raises:
        RawFileError: the file cannot be read, or a row cannot be used; the rows are named.
        SchemaError: an origin is no LSOA code.
    """
    matrix = pd.DataFrame(_read_csv(path)).drop(columns="_row")
    matrix = matrix.apply(lambda cells: cells.astype(str).str.strip())
    minutes = matrix_minutes(matrix, str(path))
    pair = matrix["origin"] + ">" + matrix["destination"]
    frame: pd.DataFrame = matrix.assign(minutes=minutes, pair=pair)[JOURNEYS.names]
    validate(frame, JOURNEYS, str(path))
    return frame


def _read_csv(path: Path) -> list[dict[str, Any]]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RawFileError(f"{path}: cannot be read: {error.strerror}.") from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    reader = csv.reader(io.StringIO(text, newline=""))
    headers = [header.strip() for header in next(reader, [])]
    if not headers or text.lstrip().startswith("<"):
        raise RawFileError(f"{path}: expected a CSV table with headers in its first row.")
    twice = sorted({h for h in headers if h and headers.count(h) > 1})
    if twice:
        raise RawFileError(f"{path}: the header(s) {', '.join(twice)} stand more than once.")
    rows: list[dict[str, Any]] = []
    for number, cells in enumerate(reader, 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(headers):
            raise RawFileError(
                f"{path}: row {number} has {len(cells)} cells, the headers {len(headers)}. A comma in a text needs "
                "quotation marks around the text."
            )
        rows.append({"_row": number, **dict(zip(headers, (*cells, *[""] * (len(headers) - len(cells))), strict=True))})
    if not rows:
        raise RawFileError(f"{path}: there are no rows below the headers.")
    return rows


def _read_geojson(path: Path) -> list[dict[str, Any]]:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
        features = content["features"]
        rows = [_feature(number, feature) for number, feature in enumerate(features, 1)]
    except OSError as error:
        raise RawFileError(f"{path}: cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise RawFileError(f"{path}: expected a GeoJSON FeatureCollection of points: {error!r}") from error
    if not rows:
        raise RawFileError(f"{path}: there are no features in it.")
    return rows


def _feature(number: int, feature: dict[str, Any]) -> dict[str, Any]:
    geometry = feature.get("geometry") or {}
    if geometry and geometry["type"] != "Point":
        raise ValueError(f"feature {number} is a {geometry['type']}, not a Point")
    x, y = geometry["coordinates"][:2] if geometry else ("", "")
    return {**(feature.get("properties") or {}), "_row": number, "_x": x, "_y": y}


def _refuse_missing_columns(rows: list[dict[str, Any]], columns: PlaceColumns, path: Path, kind: str) -> None:
    found = list(dict.fromkeys(key for row in rows for key in row if not key.startswith("_")))
    absent = [header for header in columns.model_dump().values() if header is not None and header not in found]
    if absent:
        raise RawFileError(
            f"{path}: declared/places.toml, kinds.{kind}.columns names {', '.join(absent)}, which is not there. "
            f"Columns found: {first(found)}"
        )


def _of(row: dict[str, Any], header: str | None) -> str:
    value = row.get(header) if header is not None else None
    return "" if value is None else re.sub(r"\s+", " ", str(value)).strip()


def _number(value: object) -> float:
    try:
        number = float(str(value).replace(",", ""))
    except ValueError:
        return math.nan
    return number if math.isfinite(number) else math.nan


def _to_grid(x: pd.Series, y: pd.Series, crs: str) -> tuple[Any, Any]:
    if crs == "EPSG:27700":
        return x, y
    known = (x.between(-180, 180) & y.between(-90, 90)).to_numpy()
    easting, northing = np.full(len(x), np.nan), np.full(len(x), np.nan)
    if known.any():
        transformer = pyproj.Transformer.from_crs(crs, "EPSG:27700", always_xy=True)
        easting[known], northing[known] = transformer.transform(x.to_numpy()[known], y.to_numpy()[known])
    finite = np.isfinite(easting) & np.isfinite(northing)
    return np.where(finite, easting, np.nan), np.where(finite, northing, np.nan)


def _offers(frame: pd.DataFrame, path: Path) -> pd.Series:
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
    return parted.map(lambda parts: "; ".join(dict.fromkeys(parts)))


def _capacities(frame: pd.DataFrame, usual: float, path: Path) -> pd.Series:
    values = frame["capacity"].map(lambda text: usual if text == "" else _number(text)).astype("float64")
    wrong = ~(values >= 0)
    if wrong.any():
        shown = [f"row {r}: '{v}'" for r, v in zip(frame.loc[wrong, "row"], frame.loc[wrong, "capacity"], strict=True)]
        raise RawFileError(f"{path}: capacity should be a number of 0 or more; found {first(shown)}")
    return values
