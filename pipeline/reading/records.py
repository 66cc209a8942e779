"""What a file is, told by its content, and its records: text, workbook, parquet or an archive of one table."""

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Literal

import pandas as pd

from pipeline.errors import RawFileError, first
from pipeline.reading.sheets import Layout
from pipeline.reading.text import decode, split_records

Kind = Literal["text", "workbook", "parquet", "zip", "database", "json", "shapefile"]
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
)
"""What ``zipfile`` raises for an archive that is damaged, cut short, encrypted or compressed in an unknown way."""
LARGEST_MEMBER = 2_000_000_000
"""Bytes: no table of an archive is larger once unpacked."""
_WORKBOOK_PARTS = ("xl/workbook", "content.xml")


def content_of(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        RawFileError: it is missing, is a folder, or cannot be read.
    """
    try:
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
        except BROKEN as error:
            raise RawFileError(
                f"{name}: this archive or workbook is damaged ({error}). Fetch or save it again."
            ) from error
        return "workbook" if any(part.startswith(_WORKBOOK_PARTS) for part in inside) else "zip"
    if content.startswith(b"\x00\x00\x27\x0a"):
        return "shapefile"
    start = content[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{") or (start and name.lower().endswith((".geojson", ".json"))):
        return "json"
    if content.startswith(b"\x1f\x8b"):
        raise RawFileError(f"{name}: this file is packed with gzip. Unpack it first.")
    return "text"


def only_member(content: bytes, name: str) -> tuple[bytes, str]:
    """The only table in an archive, and its name for messages.

    Raises:
        RawFileError: there is none or several, or it cannot be unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            tables = [
                info
                for info in archive.infolist()
                if PurePosixPath(info.filename).suffix.lower() in (".csv", ".txt", ".tsv", ".xlsx", ".parquet")
                and not info.filename.startswith("__MACOSX")
            ]
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
    except BROKEN as error:
        raise RawFileError(f"{name}: this archive is damaged ({error}). Fetch or save it again.") from error


def read_records(path: Path, layout: Layout) -> tuple[list[list[Any]], str]:
    """Every record of a file that may have no headers, and its name for messages.

    Raises:
        RawFileError: the file cannot be read as a table.
    """
    content, name = content_of(path), str(path)
    kind = kind_of(content, name)
    if kind == "zip":
        content, name = only_member(content, name)
        kind = kind_of(content, name)
    if kind == "workbook":
        return workbook_records(content, name, layout)
    if kind == "parquet":
        frame = parquet_frame(content, name)
        return [list(frame.columns), *frame.astype(object).where(frame.notna(), "").to_numpy().tolist()], name
    return [list(record) for record in split_records(decode(content, name).content, name)[0]], name


def workbook_records(content: bytes, name: str, layout: Layout) -> tuple[list[list[Any]], str]:
    """Every row of a sheet, and the name of file and sheet for messages.

    Raises:
        RawFileError: not a workbook, no such sheet, or several and none named; the sheets are listed.
    """
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = _sheet_name(workbook.sheet_names, layout.sheet, name)
        rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise RawFileError(
            f"{name}: cannot be read as an Excel workbook ({error}). Open it in a spreadsheet and save it as .xlsx, "
            "without a password."
        ) from error
    return [list(row) for row in rows], f"{name}, sheet '{sheet}'"


def _sheet_name(sheets: Sequence[str], wanted: str | None, name: str) -> str:
    if wanted is None:
        fitting = list(sheets)
    elif wanted.startswith("*"):
        ending = wanted.removeprefix("*").strip().casefold()
        fitting = [sheet for sheet in sheets if sheet.strip().casefold().endswith(ending)]
    else:
        fitting = [sheet for sheet in sheets if sheet.strip().casefold() == wanted.strip().casefold()]
    if len(fitting) == 1:
        return fitting[0]
    reason = (
        "there are several sheets; name the one to read" if wanted is None else f"no one sheet is called '{wanted}'"
    )
    raise RawFileError(f'{name}: {reason} (sheet = "…" or --sheet). Sheets found: {first(sheets)}')


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
        table = pq.read_table(io.BytesIO(content))
        kept = [n for n in table.column_names if not pa.types.is_nested(table.schema.field(n).type)]
        # Text that is not UTF-8 would fail only where it is looked at.
        table.validate(full=True)
        frame: pd.DataFrame = table.select(kept).to_pandas()
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise RawFileError(f"{name}: cannot be read as a parquet file ({error}). Write it again.") from error
    if frame.index.names != [None] or not isinstance(frame.index, pd.RangeIndex):
        unnamed = ["index" if level is None else str(level) for level in frame.index.names]
        frame = frame.reset_index(names=unnamed)
    return frame
