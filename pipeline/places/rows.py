"""The rows of a file that an analyst has, CSV or GeoJSON, as text; what cannot be read is named by row."""

import codecs
import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import RawFileError

DEGREES = "EPSG:4326"


@dataclass(frozen=True)
class Row:
    """A row of a CSV, or a feature of a GeoJSON with its ``point`` or with what is the matter with its geometry."""

    number: int
    cells: dict[str, Any]
    point: tuple[object, object] | None = None
    fault: str = ""


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


def is_geojson(path: Path) -> bool:
    """Whether a file is taken for GeoJSON, by its name."""
    return path.suffix.lower() in (".geojson", ".json")


def read_rows(path: Path) -> tuple[list[Row], str | None]:
    """The rows of a CSV or GeoJSON file, and the coordinate system that a GeoJSON itself states."""
    return _read_geojson(path) if is_geojson(path) else (read_csv_rows(path), None)


def read_csv_rows(path: Path) -> list[Row]:
    """The rows of a CSV file below its headers; a row without any text is none."""
    top, *records = csv_records(path)
    headers = [header.strip() for header in top]
    twice = sorted({h for h in headers if h and headers.count(h) > 1})
    if twice:
        raise RawFileError(f"{path}: the header(s) {', '.join(twice)} stand more than once.")
    rows: list[Row] = []
    for number, cells in enumerate(records, 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(headers):
            raise RawFileError(
                f"{path}: row {number} has {len(cells)} cells, the headers {len(headers)}. A comma in a text needs "
                "quotation marks around the text."
            )
        padded = (*cells, *[""] * (len(headers) - len(cells)))
        rows.append(Row(number, dict(zip(headers, padded, strict=True))))
    if not rows:
        raise RawFileError(f"{path}: there are no rows below the headers.")
    return rows


def _read_geojson(path: Path) -> tuple[list[Row], str | None]:
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


def _feature(number: int, feature: dict[str, Any]) -> Row:
    cells = dict(feature.get("properties") or {})
    try:
        json.dumps(cells, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        error.reason = f"feature {number} holds half a character (a lone surrogate)"
        raise
    geometry = feature.get("geometry")
    if not geometry:
        return Row(number, cells, fault="it has no geometry")
    shape, coordinates = geometry["type"], geometry.get("coordinates")
    if shape == "MultiPoint" and len(coordinates) == 1:
        shape, coordinates = "Point", coordinates[0]
    if shape != "Point":
        return Row(number, cells, fault=f"its geometry is a {shape}, not a Point")
    if not coordinates or len(coordinates) < 2:
        return Row(number, cells, fault="its point lacks coordinates")
    return Row(number, cells, point=(coordinates[0], coordinates[1]))


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


def headers_of(rows: Sequence[Row]) -> list[str]:
    """Every header that a row has, in order."""
    return list(dict.fromkeys(header for row in rows for header in row.cells))


def plain(value: object) -> str:
    """A cell as text in one line."""
    return "" if value is None else re.sub(r"\s+", " ", str(value)).strip()
