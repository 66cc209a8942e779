"""Published tables read as text, and their numbers and codes parsed, or refused by name."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from pipeline.errors import RawFileError, first
from pipeline.tables.numerals import NOT_GIVEN, NUMBER


def read_csv(source: Path | BinaryIO, name: str) -> pd.DataFrame:
    """A CSV as text: byte-order mark and stray spaces removed, empty cells as ``""``, nothing guessed.

    ``name`` is the name of the file in errors.

    Raises:
        RawFileError: the file is a web page or not a table, its rows differ in length, or a header appears twice.
    """
    content = _content(source, name)
    headers, below = _headers(content, name)
    twice = sorted({header for header in headers if headers.count(header) > 1})
    if twice:
        raise RawFileError(f"{name}: the header(s) {first(twice)} appear more than once.")
    return _columns(content, below, len(headers), {header: place for place, header in enumerate(headers)}, name)


def read_columns(source: Path | BinaryIO, wanted: Mapping[str, str], name: str) -> pd.DataFrame:
    """The columns ``wanted`` of a CSV (our name to the publisher's header) as :func:`read_csv` reads them, no others.

    A header that the publisher cut short is matched by its prefix, when just one column fits.

    Raises:
        RawFileError: as :func:`read_csv`, or a header is missing or fits several columns; the headers are listed.
    """
    content = _content(source, name)
    headers, below = _headers(content, name)
    places = {ours: headers.index(match(headers, header, name)) for ours, header in wanted.items()}
    return _columns(content, below, len(headers), places, name)


def read_headers(source: Path, name: str) -> list[str]:
    """The headers of a CSV.

    Raises:
        RawFileError: as :func:`read_csv`.
    """
    return _headers(_content(source, name), name)[0]


def pick(frame: pd.DataFrame, wanted: Mapping[str, str], name: str) -> pd.DataFrame:
    """The columns ``wanted`` (our name to the publisher's header) under our names.

    A header that the publisher cut short is matched by its prefix, when just one column fits.

    Raises:
        RawFileError: a header is missing or fits several columns; the message lists the headers.
    """
    named = {match([str(column) for column in frame.columns], header, name): ours for ours, header in wanted.items()}
    return frame[list(named)].rename(columns=named)


def match(headers: Sequence[str], wanted: str, name: str) -> str:
    """The one of ``headers`` that is ``wanted`` in any case, or that is ``wanted`` cut short by the publisher.

    Raises:
        RawFileError: none is, or several are.
    """
    fitting = [header for header in headers if header.casefold() == wanted.casefold()]
    fitting = fitting or [h for h in headers if len(h) >= 40 and wanted.casefold().startswith(h.casefold())]
    if len(fitting) != 1:
        reason = "is missing" if not fitting else "fits several columns"
        raise RawFileError(f"{name}: the column '{wanted}' {reason}. Columns found: {first(headers, 60)}")
    return fitting[0]


def only_england(frame: pd.DataFrame, code: str = "lsoa21_code") -> pd.DataFrame:
    """The rows whose LSOA is in England (codes starting with E), in the order of their codes."""
    return frame[frame[code].str.startswith("E")].sort_values(code, ignore_index=True)


def numbers(
    frame: pd.DataFrame,
    columns: Sequence[str],
    name: str,
    *,
    integers: bool = False,
    suppressed: bool = False,
    key: str = "lsoa21_code",
) -> pd.DataFrame:
    """``frame`` with ``columns`` read from the publishers' number formats (``1,234``, ``0.5``, ``-1.2``).

    Args:
        integers: read as 64-bit integers; a fraction is refused.
        suppressed: allow the publishers' marks for a value not given (``-``, ``..``, ``[c]``, ``[x]``, empty),
            which become missing values. Otherwise they are refused, like any other text.

    Raises:
        RawFileError: which values are not numbers, in which column, for which areas.
    """
    result = frame.copy()
    for column in columns:
        parsed = _parsed(frame, column, name, suppressed=suppressed, key=key)
        if not suppressed and parsed.isna().any():
            raise RawFileError(f"{name}: column '{column}' has no value for {first(frame.loc[parsed.isna(), key])}")
        if integers:
            broken = parsed.notna() & (parsed % 1 != 0)
            if broken.any():
                raise RawFileError(
                    f"{name}: column '{column}' should hold whole numbers; not so for {first(frame.loc[broken, key])}"
                )
            result[column] = parsed.astype("Int64" if parsed.isna().any() else "int64")
        else:
            result[column] = parsed
    return result


def _parsed(frame: pd.DataFrame, column: str, name: str, *, suppressed: bool, key: str) -> pd.Series:
    values = frame[column]
    if pd.api.types.is_numeric_dtype(values.dtype):
        return values.astype("float64")
    text = values.astype(str).str.strip()
    absent = text.str.lower().isin(NOT_GIVEN | {""}) if suppressed else pd.Series(data=False, index=text.index)
    wrong = ~absent & ~text.str.fullmatch(NUMBER)
    if wrong.any():
        shown = [f"{k}: '{v}'" for k, v in zip(frame.loc[wrong, key], text[wrong], strict=True)]
        raise RawFileError(
            f"{name}: column '{column}' should hold numbers; {len(shown):,} value(s) are not: {first(shown)}"
        )
    bare = text.where(~absent).str.replace(",", "").str.removeprefix("+")
    return pd.Series(pc.cast(pa.array(bare, pa.string()), pa.float64()).to_numpy(zero_copy_only=False), text.index)


def _content(source: Path | BinaryIO, name: str) -> bytes:
    """A file in UTF-8 without its byte-order mark."""
    content = source.read_bytes() if isinstance(source, Path) else source.read()
    content = content.removeprefix(b"\xef\xbb\xbf")
    if content[:512].lstrip(b" \r\n\t").lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        raise RawFileError(
            f"{name}: expected a CSV table, found a web page. Fetch it again: the server sent an error page."
        )
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252").encode("utf-8")
    return content


def _headers(content: bytes, name: str) -> tuple[list[str], int]:
    """The headers of a CSV, and the number of lines that they and empty lines above them take."""
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(content), "utf-8", newline=""), skipinitialspace=True)
    try:
        headers = next((record for record in reader if record), None)
    except csv.Error as error:
        raise RawFileError(f"{name}: expected a CSV table, but it cannot be read as one: {error}") from error
    if headers is None:
        raise RawFileError(f"{name}: expected a CSV table, but it cannot be read as one: the file is empty")
    return [header.strip() for header in headers], reader.line_num


def _columns(content: bytes, below: int, width: int, places: Mapping[str, int], name: str) -> pd.DataFrame:
    """The columns at ``places`` of a CSV of ``width`` columns whose first ``below`` lines are its headers."""
    # Arrow treats a quotation mark after a space as text, and one that is never closed as closed at the end.
    by_hand = b', "' in content or content.count(b'"') % 2 == 1
    read = _cells_by_hand if by_hand else _cells
    try:
        cells = read(content, below, width, sorted(set(places.values())))
    except (pa.ArrowInvalid, csv.Error, ValueError) as error:
        raise RawFileError(f"{name}: expected a CSV table, but it cannot be read as one: {error}") from error
    return pd.DataFrame({ours: cells[place] for ours, place in places.items()})


def _cells(content: bytes, below: int, width: int, places: Sequence[int]) -> dict[int, pd.Series]:
    numbered = [str(number) for number in range(width)]
    table = pyarrow.csv.read_csv(
        pa.BufferReader(content if content.endswith(b"\n") else content + b"\n"),
        pyarrow.csv.ReadOptions(column_names=numbered, skip_rows=below),
        pyarrow.csv.ParseOptions(newlines_in_values=True),
        pyarrow.csv.ConvertOptions(
            include_columns=[numbered[place] for place in places],
            column_types=dict.fromkeys(numbered, pa.string()),
            strings_can_be_null=False,
        ),
    )
    return {place: pc.utf8_trim_whitespace(table[numbered[place]]).to_pandas() for place in places}


def _cells_by_hand(content: bytes, below: int, width: int, places: Sequence[int]) -> dict[int, pd.Series]:
    lines = list(io.TextIOWrapper(io.BytesIO(content), "utf-8", newline=""))[below:]
    reader = csv.reader(lines, skipinitialspace=True)
    rows, start, end = [], 0, 0
    for row in reader:
        start, end = end, reader.line_num
        if row and len(row) != width:
            raise ValueError(f"expected {width} columns, got {len(row)} in line {below + end}")
        if row:
            rows.append([row[place].strip() for place in places])
    _refuse_open_quote(lines[start:end])
    columns = zip(*rows, strict=True) if rows else [()] * len(places)
    return {place: pd.Series(list(column), dtype="str") for place, column in zip(places, columns, strict=True)}


def _refuse_open_quote(last: list[str]) -> None:
    """Refuse a last record that ends within quotation marks: the file was cut short."""
    try:
        list(csv.reader(last, skipinitialspace=True, strict=True))
    except csv.Error as error:
        if "end of data" in str(error):
            raise
