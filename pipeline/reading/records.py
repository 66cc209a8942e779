"""What a file is, told by its content, and its records: text, workbook, parquet or an archive of one table."""

import io
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from pipeline.errors import RawFileError, did_you_mean, first
from pipeline.raw import BROKEN_ARCHIVE
from pipeline.reading.headers import ROWS_SEARCHED, Header, find_header_row
from pipeline.reading.sheets import Layout, plain
from pipeline.reading.text import decode, split_records

if TYPE_CHECKING:
    import pyarrow as pa
    import python_calamine

Kind = Literal["text", "workbook", "parquet", "zip", "database", "json", "shapefile"]
LARGEST_MEMBER = 2_000_000_000
"""Bytes: no table of an archive is larger once unpacked."""
TABLE_SUFFIXES = (".csv", ".txt", ".tsv", ".xlsx", ".parquet")
"""Of the files in an archive that may be its table."""
GEOMETRY = "geometry"
"""The column that shapes in parquet usually have."""
_WORKBOOK_PARTS = ("xl/workbook", "content.xml")


def content_of(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        RawFileError: it is missing, is a folder, or cannot be read.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise RawFileError(f"{path}: this is no ordinary file, but a pipe or a device. Put the file itself there.")
        return path.read_bytes()
    except FileNotFoundError:
        raise RawFileError(f"{path}: there is no such file. Put it there, or correct its name.") from None
    except IsADirectoryError:
        raise RawFileError(f"{path}: this is a folder. Name the file in it.") from None
    except OSError as error:
        raise RawFileError(f"{path}: cannot be read: {error.strerror}. Is it open in another program?") from error


def kind_of(content: bytes, name: str) -> Kind:
    """What a file is, by its first bytes: names lie."""
    if content.startswith(b"PAR1"):
        return "parquet"
    if content.startswith(b"SQLite format 3\0"):
        return "database"
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return "workbook"
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                inside = archive.namelist()
                workbook = any(part.startswith(_WORKBOOK_PARTS) for part in inside)
                # A reader of workbooks may pass over bytes that were changed on the way.
                damaged = archive.testzip() if workbook and _unpacks_within_bounds(archive) else None
        except BROKEN_ARCHIVE as error:
            raise RawFileError(
                f"{name}: this archive or workbook is damaged ({error}). Fetch or save it again."
            ) from error
        if damaged is not None:
            raise RawFileError(f"{name}: this workbook is damaged in {damaged}. Fetch or save it again.")
        return "workbook" if workbook else "zip"
    if content.startswith(b"\x00\x00\x27\x0a"):
        return "shapefile"
    start = content[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{") or (start and name.lower().endswith((".geojson", ".json"))):
        return "json"
    if content.startswith(b"\x1f\x8b"):
        raise RawFileError(f"{name}: this file is packed with gzip. Unpack it first.")
    return "text"


def _unpacks_within_bounds(archive: zipfile.ZipFile) -> bool:
    """Whether all members together claim to be no larger than what is read; of others the reader of workbooks tells."""
    return sum(info.file_size for info in archive.infolist()) <= LARGEST_MEMBER


def only_member(content: bytes, name: str, called: str | None = None) -> tuple[bytes, str]:
    """The only table in an archive, or the only one ``called`` so in any of its folders; and its name for messages.

    Raises:
        RawFileError: there is none or several, or it cannot be unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            tables = [
                info
                for info in archive.infolist()
                if PurePosixPath(info.filename).suffix.lower() in TABLE_SUFFIXES
                and not info.filename.startswith("__MACOSX")
            ]
            if called is not None and len(tables) > 1:
                fitting = [t for t in tables if PurePosixPath(t.filename).name.casefold() == called.casefold()]
                tables = fitting or tables
            if len(tables) != 1:
                raise RawFileError(
                    f"{name}: expected one table in the archive; found {len(tables):,}: "
                    f"{first([t.filename for t in tables] or archive.namelist())}. Unpack it and name the file."
                )
            if tables[0].file_size > LARGEST_MEMBER:
                raise RawFileError(
                    f"{name}: {tables[0].filename} would take {tables[0].file_size:,} bytes unpacked. Is it the right "
                    "file?"
                )
            return archive.read(tables[0]), f"{name}!{tables[0].filename}"
    except BROKEN_ARCHIVE as error:
        raise RawFileError(f"{name}: this archive is damaged ({error}). Fetch or save it again.") from error


Numbered = tuple[int, Sequence[str]]
"""A row with its number in the file."""


def even_rows(records: Sequence[Sequence[Any]], fewest: int, name: str) -> list[Numbered]:
    """The rows of a table without headers that hold something, as text, with their numbers.

    Raises:
        RawFileError: there are none, or a row has fewer columns than ``fewest`` or than most, or more that are filled.
    """
    rows: list[Numbered] = [(number, row) for number, row in enumerate(map(_stripped, records), 1) if any(row)]
    if not rows:
        raise RawFileError(f"{name}: there are no rows in it. Fetch it again.")
    width = Counter(len(row) for _, row in rows).most_common(1)[0][0]
    filled = Counter(_filled(row) for _, row in rows).most_common(1)[0][0]
    if width < fewest:
        raise RawFileError(f"{name}: expected at least {fewest} columns and no headers; most rows have {width}.")
    least = min(width, max(fewest, filled))
    uneven = [f"row {n} ({len(row)})" for n, row in rows if len(row) < least or any(row[width:])]
    if uneven:
        raise RawFileError(
            f"{name}: {len(uneven):,} row(s) do not have {width} columns as most have: {first(uneven, 5)}. A text with "
            "a comma in it needs quotation marks; at the end, the file may have been cut short."
        )
    return rows


def _stripped(record: Sequence[Any]) -> list[str]:
    """The cells of a record as text."""
    try:
        return list(map(str.strip, record))
    except TypeError:
        return [cell.strip() if isinstance(cell, str) else plain(cell) for cell in record]


def _filled(row: Sequence[str]) -> int:
    """Columns up to the last that holds something."""
    end = len(row)
    while end and not row[end - 1]:
        end -= 1
    return end


def read_records(path: Path, layout: Layout) -> tuple[list[list[Any]], str, tuple[str, ...]]:
    """Every record of a file that may have no headers, its name for messages, and notes on how it was read.

    Raises:
        RawFileError: the file cannot be read as a table.
    """
    content, name = content_of(path), str(path)
    kind = kind_of(content, name)
    if kind == "zip":
        content, name = only_member(content, name, layout.member)
        kind = kind_of(content, name)
    if kind == "workbook":
        return (*workbook_records(content, name, layout), ())
    if kind == "parquet":
        frame = parquet_frame(content, name)
        return [list(frame.columns), *frame.astype(object).where(frame.notna(), "").to_numpy().tolist()], name, ()
    if kind != "text":
        # Shapes need geopandas, which is slow to import.
        from pipeline.reading.shapes import read_features

        features = read_features(path, layout)
        cells = [features.cells[place].tolist() for place in range(len(features.headers))]
        return [list(features.headers), *(list(row) for row in zip(*cells, strict=True))], name, ()
    text = decode(content, name)
    return [list(record) for record in split_records(text.content, name)[0]], name, text.notes


def workbook_records(
    content: bytes, name: str, layout: Layout, wanted: Sequence[Header] = ()
) -> tuple[list[list[Any]], str]:
    """Every row of a sheet, and the name of file and sheet for messages; ``wanted`` tells which, if the layout says so.

    Raises:
        RawFileError: not a workbook, no such sheet, or several and none named; the sheets are listed.
    """
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        if layout.any_sheet and layout.sheet is None and len(workbook.sheet_names) > 1:
            sheet = _sheet_with(workbook, wanted, name)
        else:
            sheet = workbook.get_sheet_by_name(_sheet_name(workbook.sheet_names, layout, name))
        rows = sheet.to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise RawFileError(
            f"{name}: cannot be read as an Excel workbook ({error}). Open it in a spreadsheet and save it as .xlsx, "
            "without a password."
        ) from error
    return rows, f"{name}, sheet '{sheet.name}'"


def _sheet_with(
    workbook: "python_calamine.CalamineWorkbook", wanted: Sequence[Header], name: str
) -> "python_calamine.CalamineSheet":
    """The only sheet that has all headers ``wanted`` in its first rows."""
    fitting = []
    # Each is read once, whole: only what is made of its cells can be limited.
    for sheet in map(workbook.get_sheet_by_name, workbook.sheet_names):
        head = sheet.to_python(skip_empty_area=False, nrows=ROWS_SEARCHED)
        if find_header_row([[plain(cell) for cell in row] for row in head], wanted)[1] == len(wanted):
            fitting.append(sheet)
    if len(fitting) == 1:
        return fitting[0]
    listed = [header if isinstance(header, str) else header[0] for header in wanted]
    raise RawFileError(
        f"{name}: expected one sheet with the columns {first(listed, 6)}; found {len(fitting)}. Sheets found: "
        f"{first(workbook.sheet_names)}"
    )


def _sheet_name(sheets: Sequence[str], layout: Layout, name: str) -> str:
    wanted = layout.sheet
    if wanted is None:
        fitting = list(sheets)
    elif wanted.startswith("*"):
        ending = wanted.removeprefix("*").strip().casefold()
        fitting = [sheet for sheet in sheets if sheet.strip().casefold().endswith(ending)]
    else:
        fitting = [sheet for sheet in sheets if sheet.strip().casefold() == wanted.strip().casefold()]
    if len(fitting) == 1:
        return fitting[0]
    if wanted is not None and wanted.startswith("*"):
        raise RawFileError(
            f"{name}: expected one sheet whose name ends in '{wanted[1:]}'; found {len(fitting)}. Sheets found: "
            f"{first(sheets)}. Delete the others, or fetch the file again."
        )
    naming = layout.naming or 'name the one to read (sheet = "…" or --sheet)'
    if wanted is None:
        raise RawFileError(f"{name}: there are several sheets; {naming}. Sheets found: {first(sheets)}")
    raise RawFileError(
        f"{name}: no one sheet is called '{wanted}'.{did_you_mean(wanted, sheets)} Sheets found: {first(sheets)}"
    )


def has_shapes(content: bytes) -> bool:
    """Whether a parquet file says that it has geometry, as GeoParquet does."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return b"geo" in (pq.read_schema(io.BytesIO(content)).metadata or {})
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, IndexError):
        # What is wrong with it is said where it is read.
        return False


def _as_usual(table: "pa.Table") -> "pa.Table":
    """A parquet table without nested columns, with exact decimals as numbers and bytes as text."""
    import pyarrow as pa

    columns, names = [], []
    for name, column in zip(table.column_names, table.columns, strict=True):
        kind = column.type
        if pa.types.is_nested(kind):
            continue
        if pa.types.is_decimal(kind):
            column = column.cast(pa.float64())
        elif name != GEOMETRY and (pa.types.is_binary(kind) or pa.types.is_large_binary(kind)):
            try:
                column = column.cast(pa.string())
            except pa.ArrowInvalid:
                # Not text: a picture or a geometry, which no table is read for.
                continue
        columns.append(column)
        names.append(name)
    return pa.table(columns, names=names).replace_schema_metadata(table.schema.metadata)


def parquet_frame(content: bytes, name: str) -> pd.DataFrame:
    """A parquet file as a frame, with codes that are in its index as a column.

    Raises:
        RawFileError: the file is cut short or is not parquet, or it has two columns of one name.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not content.endswith(b"PAR1") or len(content) < 12:
        raise RawFileError(
            f"{name}: this parquet file is cut short: it does not end as one does. Write or fetch it again."
        )
    try:
        table = _as_usual(pq.ParquetFile(io.BytesIO(content)).read())
        # Text that is not UTF-8 would fail only where it is looked at.
        table.validate(full=True)
        names = table.column_names
        # Columns of one name would make pandas lose its way: they get numbers, and their names again afterwards.
        twice = len(set(names)) < len(names)
        numbered = table.rename_columns([str(n) for n in range(len(names))]).replace_schema_metadata(None)
        frame: pd.DataFrame = (numbered if twice else table).to_pandas()
        if twice:
            frame.columns = pd.Index(names)
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise RawFileError(f"{name}: cannot be read as a parquet file ({error}). Write it again.") from error
    if frame.index.names != [None] or not isinstance(frame.index, pd.RangeIndex):
        unnamed = ["index" if level is None else str(level) for level in frame.index.names]
        frame = frame.reset_index(names=unnamed)
    return frame
