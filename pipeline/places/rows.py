"""The rows of a file from an analyst: CSV, workbook, parquet or GeoJSON; what cannot be read is named by row."""

import codecs
import csv
import io
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import RawFileError, first
from pipeline.tables.numerals import NUMBER

DEGREES = "EPSG:4326"


@dataclass(frozen=True)
class Row:
    """A row of a CSV, or a feature of a GeoJSON with its ``point`` or with what is wrong with its geometry."""

    number: int
    cells: dict[str, Any]
    point: tuple[object, object] | None = None
    fault: str = ""


def csv_records(path: Path, header_row: int = 1) -> list[list[str]]:
    """All records of a CSV, its headers first and empty ones too, so that they are numbered as in a spreadsheet.

    UTF-8, UTF-16 with its mark, else Windows-1252; separated by commas, or by semicolons or tabs where the headers
    have these and no comma. The headers are in row ``header_row`` (from 1).

    Raises:
        RawFileError: the file cannot be read, is not text or not a table, or a quotation mark is not closed.
    """
    text = _decoded(path)
    lines = list(io.StringIO(text, newline=""))
    if not lines or not lines[0].strip() or text.lstrip().startswith("<"):
        raise RawFileError(f"{path}: expected a CSV table with headers in its first row.")
    separator = _separator(lines[min(header_row, len(lines)) - 1])
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
            raise RawFileError(
                f"{path}: begins as UTF-16 text but does not continue as such. Save it as UTF-8."
            ) from error
        text = content.decode("cp1252", errors="replace")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise RawFileError(f"{path}: line {line} holds a NUL character, so it is not plain text. Save it as CSV UTF-8.")
    return text


def _separator(headers: str) -> str:
    bare = re.sub(r'"[^"]*"', "", headers)
    return "," if "," in bare else max(",;\t", key=bare.count)


def is_geojson(path: Path) -> bool:
    """Whether the name of a file says that it is GeoJSON."""
    return path.suffix.lower() in (".geojson", ".json")


def read_rows(path: Path) -> tuple[list[Row], str | None]:
    """The rows of a CSV or GeoJSON file, and the coordinate system that a GeoJSON itself states."""
    return _read_geojson(path) if is_geojson(path) else (read_csv_rows(path), None)


def read_csv_rows(path: Path, header_row: int = 1) -> list[Row]:
    """The rows of a CSV file below its headers; rows without any text are skipped."""
    return _below(csv_records(path, header_row), header_row, path)


def read_workbook_rows(path: Path, sheet: str | None = None, header_row: int = 1) -> list[Row]:
    """The rows of a sheet of a workbook below its headers; without ``sheet``, of the only sheet.

    Raises:
        RawFileError: not a workbook, no such sheet or several, or the rows cannot be read; the sheets are listed.
    """
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
    except (python_calamine.CalamineError, OSError) as error:
        raise RawFileError(f"{path}: cannot be read as an Excel workbook: {error}") from error
    sheets = workbook.sheet_names
    fitting = [name for name in sheets if sheet is None or name.strip().casefold() == sheet.strip().casefold()]
    if len(fitting) != 1:
        wanted = "more than one sheet; name the one to read with sheet" if sheet is None else f"no sheet '{sheet}'"
        raise RawFileError(f"{path}: there is {wanted}. Sheets found: {first(sheets)}")
    cells = workbook.get_sheet_by_name(fitting[0]).to_python(skip_empty_area=False)
    return _below([["" if cell is None else cell for cell in row] for row in cells], header_row, path)


def read_parquet_rows(path: Path) -> list[Row]:
    """The rows of a parquet file, numbered from 1."""
    import pandas as pd

    try:
        frame = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise RawFileError(f"{path}: cannot be read as a parquet file: {error}") from error
    named = frame.reset_index() if frame.index.name else frame
    cells = named.astype(object).where(named.notna(), "").to_dict(orient="records")
    if not cells:
        raise RawFileError(f"{path}: it has no rows.")
    return [Row(number, {str(header): cell for header, cell in row.items()}) for number, row in enumerate(cells, 1)]


def _below(records: Sequence[Sequence[Any]], header_row: int, path: Path) -> list[Row]:
    """The rows below the headers, which are in row ``header_row`` (from 1)."""
    if len(records) < header_row:
        raise RawFileError(f"{path}: expected headers in row {header_row}; there are {len(records)} rows.")
    headers = [plain(header) for header in records[header_row - 1]]
    twice = sorted({h for h in headers if h and headers.count(h) > 1})
    if twice:
        raise RawFileError(f"{path}: the header(s) {', '.join(twice)} appear more than once.")
    rows: list[Row] = []
    for number, cells in enumerate(records[header_row:], header_row + 1):
        if not any(plain(cell) for cell in cells):
            continue
        if len(cells) > len(headers):
            raise RawFileError(
                f"{path}: row {number} has {len(cells)} cells, the headers {len(headers)}. A text with a comma needs "
                "quotation marks around it."
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
        raise RawFileError(
            f"{path}: brackets are nested too deeply for a GeoJSON of points. Is it the right file?"
        ) from error
    except UnicodeEncodeError as error:
        raise RawFileError(f"{path}: {error.reason}. Save the file as UTF-8 and correct the text.") from error
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise RawFileError(f"{path}: expected a GeoJSON FeatureCollection of points: {error!r}") from error
    if not rows:
        raise RawFileError(f"{path}: it has no features.")
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


def number_in(cell: object) -> float:
    """A number as written, with or without commas between thousands; NaN where it is not a number, or infinite."""
    written = plain(cell).replace("−", "-")
    number = float(written.replace(",", "")) if NUMBER.fullmatch(written) else math.nan
    return number if math.isfinite(number) else math.nan


def plain(value: object) -> str:
    """A cell as text in one line."""
    return "" if value is None else re.sub(r"\s+", " ", str(value)).strip()
