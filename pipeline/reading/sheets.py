"""A table as its file has it: headers, and cells that nothing was guessed about."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.errors import RawFileError, first
from pipeline.reading.headers import Header, find_header, find_headers

INVISIBLE = "\ufeff\u200b\u2060"
"""Byte-order marks and zero-width characters, which programs leave at the ends of cells."""
_SPACES = re.compile(r"\s+")
_IS_PLAIN = r"^(?:[!-~]+(?: [!-~]+)*)?$"
"""Words of visible ASCII with single spaces between them, or nothing."""


@dataclass(frozen=True)
class Layout:
    """What is declared of a file; everything else is recognised.

    Attributes:
        sheet: of a workbook; ``None``: the only one. A name that begins with ``*`` means the sheet that ends
            with the rest of it.
        any_sheet: where no sheet is named and there are several, read the only one that has the headers sought.
        member: of an archive with several tables, the name of the file to read, without its folders.
        header_row: the row with the headers, from 1; ``None``: the first in which the headers sought are.
        layer: of a file with several layers of shapes.
        decimal: what separates the decimals of its numbers.
        likely: headers that are not declared and are probably there: they tell which row has the headers, and what
            separates the columns.
        naming: how the sheet or layer to read is named, for messages.
    """

    sheet: str | None = None
    header_row: int | None = None
    layer: str | None = None
    decimal: Literal[".", ","] = "."
    any_sheet: bool = False
    member: str | None = None
    likely: tuple[Header, ...] = ()
    naming: str = ""


@dataclass(frozen=True)
class Row:
    """A row of a table with its number in the file, and the point of a feature or what is wrong with its geometry."""

    number: int
    cells: Mapping[str, Any]
    point: tuple[object, object] | None = None
    fault: str = ""


@dataclass(frozen=True)
class Sheet:
    """A table as its file has it.

    Attributes:
        name: the file, with its sheet or member, for messages.
        headers: as the file has them, without spaces around them; empty where a column has none.
        cells: the cells below each header by its position, from 0. Text is as written, without spaces around it; empty
            cells are ``""``. A workbook or parquet file has numbers, too. Indexed by the number of the row in the file
            (1 = its first row; of a parquet file or of shapes, the first record).
        notes: what was recognised and should be said of everything made from the file.
        points: of shapes: columns ``x``, ``y`` and ``fault``, with the index of the cells.
        crs: the coordinate system that a file of shapes states.
        ended: whether the last row of a text has a line end.
    """

    name: str
    headers: tuple[str, ...]
    cells: Mapping[int, pd.Series]
    notes: tuple[str, ...] = ()
    points: pd.DataFrame | None = None
    crs: str | None = None
    rows: pd.Index = field(default_factory=lambda: pd.Index([], dtype="int64"))
    ended: bool = True

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, header: Header) -> pd.Series:
        """The cells under a header.

        Raises:
            RawFileError: no column or several have it; the message names their positions, and the headers.
        """
        return self.cells[find_header(self.headers, header, self.name)]

    def pick(self, wanted: Mapping[str, Header]) -> pd.DataFrame:
        """Columns under names of our choice, indexed by the number of the row.

        Raises:
            RawFileError: as :meth:`column`.
        """
        return pd.DataFrame({ours: self.column(header) for ours, header in wanted.items()}, index=self.rows)

    def records(self) -> list[Row]:
        """The rows one by one, with the headers that appear once.

        A header that appears more than once is left out: :meth:`column` refuses it by name where it is asked for.
        """
        there = [(n, h) for n, h in enumerate(self.headers) if h and self.headers.count(h) == 1 and n in self.cells]
        names = [header for _, header in there]
        columns = [self.cells[n].tolist() for n, _ in there]
        rows = [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)] if columns else []
        rows = rows or [{} for _ in self.rows]
        if self.points is None:
            return [Row(int(number), cells) for number, cells in zip(self.rows, rows, strict=True)]
        x, y, faults = (self.points[name].tolist() for name in ("x", "y", "fault"))
        return [
            Row(int(number), cells, None if fault else (a, b), fault)
            for number, cells, a, b, fault in zip(self.rows, rows, x, y, faults, strict=True)
        ]


def plain(value: object) -> str:
    """A cell as text in one line; a number without decimals as a whole number."""
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return _SPACES.sub(" ", str(value)).strip().strip(INVISIBLE).strip()


def all_plain(values: pd.Series) -> list[str]:
    """Cells as :func:`plain` has them; at once where they are so already."""
    if isinstance(values.dtype, pd.StringDtype):
        text = pa.array(values, pa.large_string(), from_pandas=True)
        if not text.null_count and pc.all(pc.match_substring_regex(text, _IS_PLAIN)).as_py():
            return list(text.to_pylist())
    return [plain(value) for value in values]


def trim(cell: Any) -> Any:
    """A cell without spaces and invisible characters around its text; nothing for a missing one."""
    if isinstance(cell, str):
        bare = cell.strip()
        return bare if bare.isascii() else bare.strip(INVISIBLE).strip()
    return "" if cell is None or cell != cell else cell


def is_blank(cell: object) -> bool:
    """Whether a cell holds nothing that can be seen."""
    return cell is None or cell != cell or (isinstance(cell, str) and not cell.strip().strip(INVISIBLE).strip())


def below_headers(
    records: Sequence[Sequence[Any]], header_at: int, name: str, wanted: Sequence[Header] | None, notes: Sequence[str]
) -> Sheet:
    """The table below the headers, which are the record at ``header_at`` (from 0).

    Empty records are left out, and so are notes below the table: records with one cell of text after an empty one.

    Args:
        records: every row of the file, empty ones too.
        header_at: the position of the headers.
        name: of the file, for messages.
        wanted: the columns to keep; ``None`` for all.
        notes: on the file.

    Raises:
        RawFileError: a header that is wanted is missing or appears twice, a row has more or fewer cells than the
            headers (by number), or there are no rows.
    """
    headers = tuple(plain(cell) for cell in records[header_at])
    while headers and not headers[-1]:
        headers = headers[:-1]
    if not headers:
        raise RawFileError(f"{name}: row {header_at + 1} should have the headers and is empty.")
    places = range(len(headers)) if wanted is None else find_headers(headers, wanted, name)
    body = list(enumerate(records[header_at + 1 :], header_at + 2))
    kept, notes_below = _without_notes_below(body, len(headers))
    _refuse_ragged(kept, headers, name)
    if not kept:
        raise RawFileError(f"{name}: there are no rows below the headers, which are in row {header_at + 1}.")
    rows = pd.Index([number for number, _ in kept], dtype="int64")
    cells = {place: as_cells([record[place] for _, record in kept], rows) for place in dict.fromkeys(places)}
    said = [*notes]
    if header_at:
        said.append(f"headers in row {header_at + 1}; the rows above are not part of the table")
    if notes_below:
        said.append(f"notes below the table left out: row(s) {first(notes_below)}")
    return Sheet(name, headers, cells, tuple(said), rows=rows)


def as_cells(values: Sequence[Any], rows: pd.Index) -> pd.Series:
    """Cells as a series: of text where all are text, else of objects."""
    kinds = set(map(type, values))
    if kinds == {int} or (kinds == {float} and all(map(math.isfinite, values))):
        return pd.Series(values, index=rows, dtype="object")
    if kinds == {str}:
        bare = list(map(str.strip, values))
        trimmed = bare if "".join(bare).isascii() else list(map(trim, bare))
        return pd.Series(trimmed, index=rows, dtype="str")
    trimmed = [trim(value) for value in values]
    text = all(isinstance(value, str) for value in trimmed)
    return pd.Series(trimmed, index=rows, dtype="str" if text else "object")


Numbered = tuple[int, Sequence[Any]]


def _without_notes_below(body: Sequence[Numbered], width: int) -> tuple[list[Numbered], list[int]]:
    """Records that hold something, without the notes below the table; and the rows of these notes."""
    blank = [not _holds_something(record) for _, record in body]
    notes: list[int] = []
    end = len(body)
    for at in range(len(body) - 1, -1, -1):
        if blank[at]:
            if notes:
                end = at
            continue
        if width == 1 or not _is_note(body[at][1]):
            break
        notes.append(at)
    dropped = {at for at in notes if at >= end}
    kept = [record for at, record in enumerate(body) if not blank[at] and at not in dropped]
    return kept, sorted(body[at][0] for at in dropped)


def _holds_something(record: Sequence[Any]) -> bool:
    first = record[0] if len(record) else ""
    # Most begin with a code.
    is_word = isinstance(first, str) and first.isascii() and first.isalnum()
    return is_word or not is_blank(first) or not all(map(is_blank, record))


def _is_note(record: Sequence[Any]) -> bool:
    """Whether a record is words in its first cell only, which is no code of an area."""
    texts = [plain(cell) for cell in record if not is_blank(cell)]
    return len(texts) == 1 and not is_blank(record[0]) and not re.search(r"\b[A-Z]\w{2}\d{3,6}\b", texts[0])


def _refuse_ragged(body: Sequence[Numbered], headers: Sequence[str], name: str) -> None:
    width = len(headers)
    longer = [(n, record) for n, record in body if len(record) > width]
    long = [(n, record) for n, record in longer if any(not is_blank(cell) for cell in record[width:])]
    if long:
        shown = [f"row {n}: '{next(plain(c) for c in r[width:] if not is_blank(c)):.40}'" for n, r in long]
        raise RawFileError(
            f"{name}: {len(long):,} row(s) hold something right of the {width} headers: {first(shown, 5)}. A text "
            "with a separator in it needs quotation marks; a column needs a header."
        )
    short = [(n, len(record)) for n, record in body if len(record) < width]
    if short:
        shown = [f"row {n} ({cells})" for n, cells in short]
        cut = ""
        if body[-1][0] == short[-1][0]:
            cut = " The last row is one of them: the file may have been cut short, or has a note below the table."
        raise RawFileError(
            f"{name}: {len(short):,} row(s) have fewer cells than the {width} headers: {first(shown, 5)}.{cut} "
            "Complete them, or fetch or save the file again."
        )
