"""Whether a file is what its name says: a table, an archive, a workbook …, whole to its end, and not a page."""

import codecs
import csv
import io
import json
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pipeline import raw
from pipeline.catalogue import Source
from pipeline.errors import FetchError, command
from pipeline.fetch.archives import longest_sheet, refuse_broken_archive, refuse_broken_workbook
from pipeline.fetch.unpacking import unpacked

MARKUP = re.compile(r"<\s*(!doctype|html|head|body|\?xml|!--|error|script|div|p|title|h\d)\b|<!--")
START = 65_536
DELIMITERS = ",;\t|"
LEAST_AGREEING = 0.8
"""The share of a table's lines that have as many values as most; sentences with commas do not agree so well."""
LEAST_BLANK = 0.1
"""The share of blanks in a last column from which a blank at the very end of a table is no sign of a cut."""
TEXT, JSON = frozenset({".csv", ".txt", ".tsv", ".tab"}), frozenset({".json", ".geojson"})
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Shape:
    """A table as text: its rows without the headers, the values in most of them, and whether it ends with a line."""

    rows: int
    width: int
    ends_with_line: bool


def inspect(path: Path, source: Source, name: str) -> int | None:
    """Refuse a file that is not what its name says, or is cut short.

    Args:
        path: the file.
        source: what it should be.
        name: its name in ``data/raw`` or in a mirror, whose ending says what kind of file it is.

    Returns:
        The rows of its table; of a workbook, of its longest sheet; ``None`` where they are not counted.

    Raises:
        FetchError: it is a page or an answer in place of a file, empty, damaged or cut short.
    """
    _refuse_page(path, source, name)
    ending = Path(name).suffix.lower()
    try:
        if ending in TEXT:
            with path.open("rb") as file:
                return _inspect_text(file, source, name)
        inspections: Mapping[str, Callable[[Path, Source, str], int | None]] = {
            ".zip": _inspect_archive,
            ".xlsx": _inspect_workbook,
            ".xlsm": _inspect_workbook,
            ".parquet": _inspect_parquet,
            ".gpkg": _inspect_database,
            ".gz": _inspect_gzip,
            **dict.fromkeys(JSON, _inspect_json),
        }
        return inspections[ending](path, source, name) if ending in inspections else None
    except MemoryError as error:
        raise FetchError(f"{source.id}: {name} does not fit into the memory of this computer.") from error


def _refuse_page(path: Path, source: Source, name: str) -> None:
    if path.stat().st_size == 0:
        raise FetchError(f"{source.id}: expected {name}, but an empty file arrived. See {source.landing_page}")
    with path.open("rb") as file:
        content = file.read(512)
    start = content.decode(_encoding(content), "replace").lstrip("\ufeff \r\n\t").lower()
    is_answer = start.startswith(("{", "[")) and Path(name).suffix.lower() not in JSON
    if MARKUP.match(start) or is_answer:
        what = "an answer in JSON" if is_answer else "a web page"
        raise FetchError(_in_place_of(source, name, f"{what} arrived (it starts '{' '.join(start[:60].split())}')"))


def _in_place_of(source: Source, name: str, what: str) -> str:
    return (
        f"{source.id}: expected {name}, but {what}.\n"
        f"  Open {source.landing_page} in a browser, see whether the file has moved, and correct its address in "
        "declared/sources.toml; or save the file in a folder, then\n"
        f"  {command('data', '<area>', mirror='<folder>')}"
    )


def _cut(source: Source, name: str, where: str) -> FetchError:
    return FetchError(f"{source.id}: {name} is cut short: {where}. Fetch or copy it again.")


def _encoding(content: bytes) -> str:
    return next((name for mark, name in MARKS if content.startswith(mark)), "utf-8")


def _inspect_text(file: IO[bytes], source: Source, name: str) -> int:
    start = file.read(START)
    encoding = _encoding(start)
    if b"\0" in start and encoding != "utf-16":
        raise FetchError(_in_place_of(source, name, "what arrived is not text"))
    text = io.TextIOWrapper(io.BufferedReader(_Rejoined(start, file)), encoding, errors="replace", newline="")
    beginning = start.decode(encoding, "replace")
    try:
        shape = shape_of(text, _delimiter(beginning))
    except csv.Error as error:
        raise _cut(source, name, f"a quotation mark is not closed ({error})") from error
    except EOFError as error:
        raise _cut(source, name, str(error)) from error
    if shape is None or shape.width < (source.columns or 2):
        raise FetchError(_in_place_of(source, name, f"what arrived is not a table (it starts '{_line(beginning)}')"))
    present = _plain(beginning)
    absent = [header for header in source.headers if _plain(header) not in present]
    if absent:
        raise FetchError(
            _in_place_of(source, name, f"it has no column '{absent[0]}'; its first line is '{_line(beginning)}'")
        )
    if not shape.ends_with_line:
        print(
            f"  {source.id}: the last line of {name} has no line end: is the file whole?", file=sys.stderr, flush=True
        )
    return shape.rows


class _Rejoined(io.RawIOBase):
    """A stream of which the start was read already."""

    def __init__(self, start: bytes, rest: IO[bytes]) -> None:
        self._start = start
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._start:
            piece, self._start = self._start[: len(buffer)], self._start[len(buffer) :]
        else:
            piece = self._rest.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


def _line(text: str) -> str:
    return " ".join(text[:400].lstrip("\ufeff").strip().partition("\n")[0].split())[:100]


def _plain(text: str) -> str:
    return " ".join(text.replace('"', " ").lower().split())


def _delimiter(beginning: str) -> str:
    """What separates the values: what splits most lines into the same number of them."""
    told = re.match(r"\ufeff?sep=(.)\r?\n", beginning)
    if told is not None:
        return told[1]
    lines = beginning.splitlines()[:200]

    def agreeing(delimiter: str) -> int:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter))
        return max((width * count for width, count in widths.items() if width > 1), default=0)

    try:
        return max(DELIMITERS, key=agreeing)
    except csv.Error:
        return ","


def shape_of(text: io.TextIOBase, delimiter: str) -> Shape | None:
    """The shape of a table as text; ``None`` where its lines have no common number of values.

    Raises:
        EOFError: its last row is cut in the middle.
        csv.Error: a value never ends.
    """
    pending: list[str] = []

    def lines() -> Iterator[str]:
        for line in text:
            pending.append(line)
            yield line

    widths: Counter[int] = Counter()
    finals: Counter[str] = Counter()
    last: list[str] = []
    ended: list[str] = []
    tail: list[str] = []
    for record in csv.reader(lines(), delimiter=delimiter):
        if any(cell.strip() for cell in record) and record[0].lower() != "sep=":
            widths[len(record)] += 1
            finals[record[-1]] += 1
            last, ended = record, pending.copy()
        tail = pending.copy() or tail
        pending.clear()
    width = max(widths, key=lambda each: (widths[each], each), default=0)
    if width < 2 or widths.total() < 2 or widths[width] < LEAST_AGREEING * widths.total():
        return None
    ends_with_line = ended[-1].endswith(("\n", "\r"))
    finals[last[-1]] -= 1
    open_mark = _is_open(tail, delimiter)
    if open_mark or (not ends_with_line and (len(last) < width or _is_part(last[-1], finals))):
        what = "opens a quotation mark" if open_mark else f"holds {len(last)} of {width} values"
        raise EOFError(f"its last row {what} and has no end ('{' '.join(ended[-1].split())[-80:]}')")
    return Shape(sum(count for each, count in widths.items() if 2 * each >= width) - 1, width, ends_with_line)


def _is_part(value: str, finals: Counter[str]) -> bool:
    """Whether the last value of a table is only the beginning of one, by the values above it."""
    above = {other for other, count in finals.items() if count > 0}
    if value in above:
        return not value.strip() and finals[value] < LEAST_BLANK * finals.total()
    if len(above) > 1 and len({len(other) for other in above}) == 1 and len(value) < len(next(iter(above))):
        return True
    is_text = not value.replace(".", "").replace("-", "").isdecimal()
    return is_text and any(other.startswith(value) for other in above)


def _is_open(lines: list[str], delimiter: str) -> bool:
    """Whether a record ends within quotation marks."""
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "end of data" in str(error)
    return False


def _inspect_archive(path: Path, source: Source, name: str) -> int | None:
    refuse_broken_archive(path, source, name)
    member = source.member or _only_text(path)
    if member is None or Path(raw.member_name(member)).suffix.lower() not in TEXT:
        return None
    with raw.open_member(path, member) as file:
        return _inspect_text(file, source, f"{name}!{member}")


def _only_text(path: Path) -> str | None:
    """The one table in an archive of which no member is declared; ``None`` where there are several, or none."""
    with zipfile.ZipFile(path) as archive:
        tables = [member for member in archive.namelist() if Path(member).suffix.lower() in TEXT]
    return tables[0] if len(tables) == 1 else None


def _inspect_workbook(path: Path, source: Source, name: str) -> int | None:
    refuse_broken_workbook(path, source, name)
    return None if source.rows is None else longest_sheet(path)


def _inspect_parquet(path: Path, source: Source, name: str) -> int:
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    with path.open("rb") as file:
        if file.read(4) != b"PAR1":
            raise FetchError(_in_place_of(source, name, "what arrived is not a parquet file"))
        file.seek(-4, io.SEEK_END)
        if file.read(4) != b"PAR1":
            raise _cut(source, name, "it lacks the end that a parquet file has")
    try:
        with ParquetFile(path) as table:
            return int(table.metadata.num_rows)
    except (ArrowException, OSError, ValueError) as error:
        raise _cut(source, name, f"it cannot be read as parquet ({error})") from error


def _inspect_database(path: Path, source: Source, name: str) -> None:
    with path.open("rb") as file:
        if file.read(16) != b"SQLite format 3\0":
            raise FetchError(_in_place_of(source, name, "what arrived is not a GeoPackage"))


def _inspect_gzip(path: Path, source: Source, name: str) -> None:
    with path.open("rb") as file:
        if file.read(2) != b"\x1f\x8b":
            raise FetchError(_in_place_of(source, name, "what arrived is not packed by gzip"))
        file.seek(0)
        try:
            for _ in unpacked(iter(lambda: file.read(START), b""), "gzip", source.id):
                pass
        except EOFError as error:
            raise _cut(source, name, "its packed content has no end, or is damaged") from error


def _inspect_json(path: Path, source: Source, name: str) -> int | None:
    try:
        content = json.loads(path.read_bytes())
    except RecursionError as error:
        raise FetchError(_in_place_of(source, name, "its brackets are nested without end")) from error
    except ValueError as error:
        raise _cut(source, name, f"it cannot be read as JSON ({' '.join(str(error).split())[:120]})") from error
    if Path(name).suffix.lower() != ".geojson":
        return len(content) if isinstance(content, list) else None
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not isinstance(content, dict) or content.get("type") != "FeatureCollection":
        start = " ".join(str(content)[:60].split())
        raise FetchError(_in_place_of(source, name, f"an answer without features arrived (it starts '{start}')"))
    return len(features)


def wrong_rows(source: Source, name: str, rows: int | None) -> str | None:
    """How the rows of a file differ from those declared; ``None`` where they do not."""
    declared = source.rows_of(name)
    if declared is None or rows is None:
        return None
    is_workbook = Path(name).suffix.lower().startswith(".xls")
    if rows == declared or (is_workbook and rows > declared):
        return None
    at_least = "at least " if is_workbook else ""
    return f"expected {at_least}{declared:,} rows, got {rows:,}"
