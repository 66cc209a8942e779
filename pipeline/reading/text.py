"""Text of unknown making as records: its encoding and its separator are recognised, and said where they are unusual."""

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.errors import RawFileError, first
from pipeline.reading.headers import Header, find_header_row

UNDEFINED = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))
"""Bytes without a meaning in Windows-1252."""
SEPARATORS = ",;\t|"
_SEP_LINE = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
CUT_SHORT = "the last row has no line end, as in a file that was cut short"
"""What is said of an official file: publishers end every row."""
_HEAD = 400
"""Lines that are looked at for the separator and the headers."""


@dataclass(frozen=True)
class Text:
    """The text of a file without its byte-order mark, and what should be said of its encoding."""

    content: str
    notes: tuple[str, ...] = ()


def decode(content: bytes, name: str) -> Text:
    """A file as text: UTF-8 or UTF-16, with or without a mark; lines that are not UTF-8 as Windows-1252.

    Raises:
        RawFileError: the file is empty, holds no plain text, or is a web page or a document of another kind.
    """
    if not content.strip():
        raise RawFileError(f"{name}: the file is empty.")
    wide = wide_encoding(content)
    try:
        text = content.decode(wide) if wide else content.decode("utf-8-sig")
        notes: tuple[str, ...] = ()
    except UnicodeDecodeError as error:
        if wide:
            raise RawFileError(
                f"{name}: begins as UTF-16 text but does not continue as such. Save it as UTF-8."
            ) from error
        text, notes = decode_lines(content)
    # Old programs end a text with the control character of Ctrl-Z.
    text = text.removeprefix("\ufeff").rstrip("\x1a")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise RawFileError(f"{name}: line {line} holds a NUL character, so it is not plain text. Save it as CSV UTF-8.")
    _refuse_other_kinds(text, name)
    return Text(text.replace("\r\n", "\n").replace("\r", "\n"), notes)


def wide_encoding(content: bytes) -> str | None:
    """The name of a 16 or 32-bit encoding, by its mark or by the zeros between Latin letters."""
    for mark, encoding in (
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return encoding
    head = content[:400]
    if len(head) > 8 and head[1::2].count(0) * 10 > 9 * len(head[1::2]):
        return "utf-16-le"
    if len(head) > 8 and head[::2].count(0) * 10 > 9 * len(head[::2]):
        return "utf-16-be"
    return None


def decode_lines(content: bytes) -> tuple[str, tuple[str, ...]]:
    """Lines of UTF-8 as such and all others as Windows-1252, and notes that name these."""
    lines, other, undefined = [], [], []
    for number, line in enumerate(content.removeprefix(codecs.BOM_UTF8).split(b"\n"), 1):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            other.append(number)
            if any(byte in line for byte in UNDEFINED):
                undefined.append(number)
            lines.append(line.decode("cp1252", errors="replace"))
    notes = [f"not UTF-8, read as Windows-1252: row(s) {first(other)}"]
    if undefined:
        notes.append(
            f"a byte that is no letter in Windows-1252, shown as \N{REPLACEMENT CHARACTER}: row(s) {first(undefined)}. "
            "Correct the text there"
        )
    return "\n".join(lines), tuple(notes)


def _refuse_other_kinds(text: str, name: str) -> None:
    start = text[:512].lstrip().lower()
    for format_of_maps in ("kml", "gpx", "gml"):
        if start.startswith("<") and f"<{format_of_maps}" in start:
            raise RawFileError(
                f"{name}: this is {format_of_maps.upper()}, which is not read here. Save it as GeoJSON or GeoPackage, "
                "for example with QGIS."
            )
    if start.startswith("<"):
        raise RawFileError(
            f"{name}: expected a table, found a web page or XML. Fetch it again: the server may have sent an error "
            "page."
        )
    if start.startswith(("{", "[{")):
        raise RawFileError(
            f"{name}: expected a table, found JSON: '{' '.join(text[:60].split())}'. Fetch it again: the server may "
            "have sent an error."
        )
    if start.startswith("%pdf"):
        raise RawFileError(f"{name}: expected a table, found a PDF. Its publisher may have the table as CSV, too.")


def split_records(
    text: str, name: str, wanted: Sequence[Header] = (), header_row: int | None = None
) -> tuple[list[list[str]], str, int]:
    """Every record of a text, empty ones too, its separator, and the position of its headers.

    Records are numbered as a spreadsheet does. A line ``sep=;`` at the top says the separator and becomes empty; else
    it is the one with which most headers ``wanted`` are there, or that the first lines use most.

    Raises:
        RawFileError: a quotation mark is not closed; the row is named.
    """
    lines = text.split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    if not any(line.strip() for line in lines):
        raise RawFileError(f"{name}: the file is empty.")
    stated = _SEP_LINE.fullmatch(lines[0].strip())
    if stated:
        lines[0] = ""
    separator = stated[1] if stated else _separator(lines[:_HEAD], wanted, header_row)
    records = _records([f"{line}\n" for line in lines], separator, name)
    header_at = header_row - 1 if header_row is not None else find_header_row(records, wanted)[0]
    return records, separator, header_at


def _separator(lines: Sequence[str], wanted: Sequence[Header], header_row: int | None) -> str:
    heads = [lines[header_row - 1]] if header_row is not None and header_row <= len(lines) else lines
    best, most = ",", (-1, -1)
    for separator in SEPARATORS:
        try:
            head = list(csv.reader(heads, delimiter=separator, skipinitialspace=True))
        except csv.Error:
            # The row is named when all records are read.
            head = [line.split(separator) for line in heads]
        _, count = find_header_row(head, wanted)
        width = max((sum(1 for cell in record if cell.strip()) for record in head[:20]), default=0)
        if (count, width) > most:
            best, most = separator, (count, width)
        if wanted and count == len(wanted):
            break
    return best


def _records(lines: list[str], separator: str, name: str) -> list[list[str]]:
    at_once = _one_for_each(lines, separator)
    if at_once is not None:
        _refuse_open_quote(lines[-1:], separator, f"{name}: row {len(lines)} (line {len(lines)})")
        return at_once
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=True)
    records: list[list[str]] = []
    start = 0
    try:
        for record in reader:
            end = reader.line_num
            if end > start + 1 or end == len(lines):
                _refuse_open_quote(lines[start:end], separator, f"{name}: row {len(records) + 1} (line {start + 1})")
            records.append(record)
            start = end
    except csv.Error as error:
        raise RawFileError(
            f"{name}: row {len(records) + 1} (line {start + 1}) cannot be read: {error}. Is a quotation mark there not "
            "closed?"
        ) from error
    return records


def _one_for_each(lines: list[str], separator: str) -> list[list[str]] | None:
    """The record of each line; ``None`` where one takes in several lines or cannot be read."""
    try:
        records = list(csv.reader(lines, delimiter=separator, skipinitialspace=True))
    except csv.Error:
        return None
    return records if len(records) == len(lines) else None


def _refuse_open_quote(lines: list[str], separator: str, where: str) -> None:
    try:
        list(csv.reader(lines, delimiter=separator, skipinitialspace=True, strict=True))
    except csv.Error as error:
        if len(lines) > 1 or "end of data" in str(error):
            more = f" and takes in {len(lines) - 1:,} line(s) below" if len(lines) > 1 else ""
            raise RawFileError(
                f"{where}: a quotation mark is not closed there{more}. Close it, or write it twice where it belongs to "
                "the text."
            ) from error


def quick_cells(text: str, separator: str, header_at: int, width: int) -> "io.BytesIO | None":
    """The lines below the headers for a quick reader; ``None`` where some cells need care.

    Care is needed for quotation marks after a space or that are never closed, for empty lines, and for lines within
    cells: rows would be numbered wrongly.
    """
    if f'{separator} "' in text or text.count('"') % 2:
        return None
    head = text.split("\n", header_at + 1)
    if len(head) <= header_at + 1 or any(line.count('"') % 2 for line in head[: header_at + 1]):
        return None
    body = head[header_at + 1]
    return io.BytesIO(body.encode() if body.endswith("\n") else f"{body}\n".encode()) if width else None
