"""Large tables of rows about people or premises, block by block: a few columns of CSV or parquet, in bounded memory.

Nothing that is said of such a file quotes a cell: its name, the number of a row and what was expected have to do.
"""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import CountError, RawFileError, first, refused_by_machine
from pipeline.reading.headers import Header
from pipeline.reading.text import decode, split_records, wide_encoding

if TYPE_CHECKING:
    # Imported here because it is slow to import.
    import pyarrow as pa

PARQUET, TEXTS = (".parquet", ".pq"), (".csv", ".txt", ".tsv")
ENDINGS = (*PARQUET, *TEXTS)
BLOCK_BYTES = 16 << 20
"""Of text that is read at a time; no row may be longer."""
BLOCK_ROWS = 250_000
"""Of parquet that are read at a time."""
PART_BYTES, PART_ROWS = 64 << 20, 4_000_000
"""Of parquet, a file of more bytes is shared out by its groups of rows, so many rows at a time."""
HEAD_BYTES = 1 << 18
"""Of text in which the headers are sought."""
SKIPPED = (".crc", ".md5", ".sha256")
"""Endings of files that programs put beside their tables."""


@dataclass(frozen=True)
class Part:
    """Part of the work: a file, or some groups of rows of a parquet file.

    Attributes:
        path: with forward or backward slashes, as this system has them.
        size: of the file in bytes: a file of another size elsewhere is another file.
        groups: the first group of rows, and the one after the last; ``None`` for all of a file.
    """

    path: str
    size: int
    groups: tuple[int, int] | None = None


@dataclass(frozen=True)
class Heads:
    """What the columns of a file are called.

    Attributes:
        names: the headers in order. ``name``: the file, for messages.
        shapes: of parquet, the columns that hold geometry, with the system of each as pyproj reads it.
        separator, skipped: of text, what separates cells, and the lines down to the headers.
    """

    names: tuple[str, ...]
    name: str
    shapes: Mapping[str, str]
    separator: str = ","
    skipped: int = 0


def find_tables(given: Sequence[str | Path]) -> list[Path]:
    """The files that are named: themselves, by a pattern (``*.parquet``), or all in a folder; sorted, each once.

    Raises:
        CountError: one names nothing, or a folder holds a file that is none of :data:`ENDINGS`.
    """
    files: dict[Path, Path] = {}
    for text in map(str, given):
        path = Path(text)
        if path.is_dir():
            listed = _in_folder(path)
        elif path.is_file():
            listed = [path]
        else:
            listed = _fitting(path)
        if not listed:
            raise CountError(f"{text}: there is no such file, and no file that fits such a pattern.")
        for file in listed:
            if file.suffix.lower() not in ENDINGS:
                raise CountError(f"{file}: only {', '.join(ENDINGS)} can be counted. Save it as one of these.")
            files.setdefault(file.resolve(), file)
    return sorted(files.values())


def _fitting(pattern: Path) -> list[Path]:
    """The files that fit a pattern such as ``visits/*.parquet``."""
    try:
        fitting = Path(pattern.anchor).glob(pattern.relative_to(pattern.anchor).as_posix())
        return [path for path in fitting if path.is_file() and not path.name.startswith((".", "_"))]
    except (ValueError, OSError, NotImplementedError):
        return []


def _in_folder(folder: Path) -> list[Path]:
    inside = [path for path in folder.rglob("*") if path.is_file()]
    hidden = [p for p in inside if any(part.startswith((".", "_")) for part in p.relative_to(folder).parts)]
    listed = [p for p in inside if p not in set(hidden) and p.suffix.lower() not in SKIPPED]
    odd = [p.relative_to(folder).as_posix() for p in listed if p.suffix.lower() not in ENDINGS]
    if odd:
        raise CountError(
            f"{folder}: {len(odd):,} file(s) in it cannot be counted, and would be left out: {first(sorted(odd), 5)}. "
            f"Only {', '.join(ENDINGS)} can. Move the others away, or name the files."
        )
    return listed


def parts_of_tables(files: Sequence[Path]) -> list[Part]:
    """The parts that files are worked on in, in their order; of parquet, some millions of rows each.

    Raises:
        CountError: a parquet file is cut short or damaged.
    """
    parts: list[Part] = []
    for path in files:
        size = path.stat().st_size
        if path.suffix.lower() in PARQUET and size > PART_BYTES:
            parts += [Part(str(path), size, groups) for groups in _groups(path)]
        else:
            parts.append(Part(str(path), size))
    return parts


def _groups(path: Path) -> Iterator[tuple[int, int]]:
    with _open_parquet(str(path)) as file:
        begin = rows = 0
        for group in range(file.num_row_groups):
            rows += file.metadata.row_group(group).num_rows
            if rows >= PART_ROWS:
                yield begin, group + 1
                begin, rows = group + 1, 0
        if begin < file.num_row_groups:
            yield begin, file.num_row_groups


def refuse_other_file(part: Part) -> None:
    """Refuse a file that is missing where it is read, or is not the one that was asked for.

    Raises:
        CountError: it is missing, or has another size.
    """
    path = Path(part.path)
    try:
        size = path.stat().st_size
    except OSError as error:
        raise CountError(
            f"{part.path}: {refused_by_machine(error) or 'it cannot be read.'} Every worker has to see it under this "
            "name: is the network drive connected there?"
        ) from None
    if size != part.size:
        raise CountError(
            f"{part.path}: it has {size:,} bytes where it is read, and {part.size:,} where it was asked for. It is "
            "another file, or is still being written. Run the same command again once it is there."
        )


def heads_of(path: str, wanted: Sequence[Header]) -> Heads:
    """The headers of a file; of a text, those of the row that holds most of the headers ``wanted``.

    Raises:
        CountError: the file is empty, damaged or not a table.
    """
    if Path(path).suffix.lower() in PARQUET:
        with _open_parquet(path) as file:
            schema = file.schema_arrow
            return Heads(tuple(schema.names), path, _shapes(schema.metadata or {}))
    try:
        with Path(path).open("rb") as text:
            head = text.read(HEAD_BYTES)
    except OSError as error:
        raise CountError(f"{path}: {refused_by_machine(error) or 'it cannot be read.'}") from None
    if not head.strip():
        raise CountError(f"{path}: the file is empty.")
    if len(head) == HEAD_BYTES and wide_encoding(head) is None:
        head = head[: head.rfind(b"\n") + 1] or head
    try:
        if len(head) % 2 and wide_encoding(head) is not None:
            head = head[:-1]
        records, separator, at = split_records(_quoted_evenly(decode(head, path).content), path, wanted)
    except RawFileError:
        raise CountError(
            f"{path}: expected a table as text, with a row of headers at the top; this is something else, or a "
            "quotation mark near its top is not closed."
        ) from None
    if any("\n" in cell for record in records[: at + 1] for cell in record):
        raise CountError(f"{path}: its headers take more than one line. Write them in one.")
    return Heads(tuple(cell.strip() for cell in records[at]), path, {}, separator, at + 1)


def _quoted_evenly(text: str) -> str:
    """The beginning of a text up to a line at whose end no cell is open."""
    lines, kept, open_quotes = text.split("\n"), 0, 0
    for number, line in enumerate(lines, 1):
        open_quotes += line.count('"')
        if open_quotes % 2 == 0:
            kept = number
    return "\n".join(lines[:kept])


def _shapes(metadata: Mapping[bytes, bytes]) -> dict[str, str]:
    """The columns of a GeoParquet file that hold points as WKB, and the system of each."""
    try:
        columns = json.loads(metadata[b"geo"])["columns"]
        return {
            name: json.dumps(column["crs"]) if column.get("crs") else "OGC:CRS84"
            for name, column in columns.items()
            if column.get("encoding") == "WKB"
        }
    except (KeyError, ValueError, TypeError, AttributeError):
        return {}


def read_blocks(part: Part, heads: Heads, columns: Mapping[str, str]) -> Iterator["dict[str, pa.Array]"]:
    """The columns of part of a file, block by block, by what they mean.

    Of a text they are strings, cells that are not UTF-8 read as Windows-1252; of parquet, what the file has.

    Args:
        columns: the header of each, by what it means.

    Raises:
        CountError: the file is damaged, changed while it was read, or has rows of another number of cells; by row.
    """
    import pyarrow as pa

    blocks = _of_parquet if Path(part.path).suffix.lower() in PARQUET else _of_text
    try:
        yield from blocks(part, heads, columns)
    except (pa.ArrowException, OSError, ValueError) as error:
        # What these say may quote a row.
        told = refused_by_machine(error, part.path) if isinstance(error, OSError) and error.errno is not None else None
        raise CountError(
            told or f"{part.path}: it is damaged or cut short, and cannot be read to its end. Write or fetch it again."
        ) from None


def _of_parquet(part: Part, heads: Heads, columns: Mapping[str, str]) -> Iterator["dict[str, pa.Array]"]:
    wanted = list(dict.fromkeys(columns.values()))
    with _open_parquet(part.path) as file:
        begin, end = part.groups or (0, file.num_row_groups)
        if tuple(file.schema_arrow.names) != heads.names or end > file.num_row_groups:
            raise CountError(f"{part.path}: it changed while it was read. Run the same command again.")
        for batch in file.iter_batches(BLOCK_ROWS, row_groups=range(begin, end), columns=wanted):
            yield {meaning: batch.column(header) for meaning, header in columns.items()}


def _open_parquet(path: str) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(path, pre_buffer=False)
    except FileNotFoundError as error:
        raise CountError(f"{path}: {refused_by_machine(error, path)}") from None
    except (pa.ArrowException, OSError):
        raise CountError(f"{path}: this parquet file is cut short, damaged or none. Write or fetch it again.") from None


class _Watched(io.RawIOBase):
    """The bytes of a text, with what shows afterwards that it was whole: their number, and the quotation marks."""

    def __init__(self, file: io.BufferedReader) -> None:
        self._file = file
        self.size = self.quotes = self.zeros = 0

    def readable(self) -> bool:
        """It is only read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        content = self._file.read(size)
        self.size += len(content)
        self.quotes += content.count(b'"')
        self.zeros += content.count(b"\0")
        return content


def _of_text(part: Part, heads: Heads, columns: Mapping[str, str]) -> Iterator["dict[str, pa.Array]"]:
    import pyarrow as pa
    import pyarrow.csv

    uneven: list[int] = []

    def note(row: Any) -> str:
        uneven.append(row.number or 0)
        return "skip"

    names = [str(place) for place in range(len(heads.names))]
    places = {meaning: str(heads.names.index(header)) for meaning, header in columns.items()}
    wanted = list(dict.fromkeys(places.values()))
    with Path(part.path).open("rb") as file:
        encoding = wide_encoding(file.read(400))
        file.seek(0)
        watched = _Watched(file)
        try:
            reader = pyarrow.csv.open_csv(
                pa.PythonFile(watched, mode="r"),
                pyarrow.csv.ReadOptions(
                    use_threads=False,
                    block_size=BLOCK_BYTES,
                    skip_rows=heads.skipped,
                    column_names=names,
                    encoding=encoding or "utf8",
                ),
                pyarrow.csv.ParseOptions(delimiter=heads.separator, newlines_in_values=True, invalid_row_handler=note),
                pyarrow.csv.ConvertOptions(
                    include_columns=wanted,
                    column_types=dict.fromkeys(wanted, pa.binary()),
                    strings_can_be_null=False,
                    null_values=[],
                ),
            )
        except pa.ArrowInvalid:
            if not _has_rows(part.path, heads.skipped):
                return
            raise
        for batch in reader:
            texts = dict(zip(wanted, map(_as_text, batch.columns), strict=True))
            yield {meaning: texts[place] for meaning, place in places.items()}
    if uneven:
        shown = first(sorted(uneven), 3) if all(uneven) else "not numbered"
        raise CountError(
            f"{part.path}: {len(uneven):,} row(s) have another number of cells than the {len(heads.names)} headers: "
            f"row {shown}. A separator or a quotation mark is missing or too many there. Correct them."
        )
    if encoding is None and (watched.quotes % 2 or watched.zeros):
        what = "a quotation mark is not closed, so that rows may run together" if watched.quotes % 2 else "it holds NUL"
        raise CountError(f"{part.path}: {what}. Write the file again, or correct it.")
    if watched.size != part.size:
        raise CountError(f"{part.path}: it changed while it was read. Run the same command again.")


def _has_rows(path: str, skipped: int) -> bool:
    """Whether anything follows the headers."""
    with Path(path).open("rb") as file:
        for _ in range(skipped):
            file.readline()
        return bool(file.read(HEAD_BYTES).strip())


def _as_text(cells: "pa.Array") -> "pa.Array":
    """Cells as text: UTF-8, and those that are not as Windows-1252."""
    import pyarrow as pa

    try:
        return cells.cast(pa.string())
    except pa.ArrowInvalid:
        return pa.array([_decoded(cell) for cell in cells.to_pylist()], pa.string())


def _decoded(cell: bytes) -> str:
    try:
        return cell.decode("utf-8")
    except UnicodeDecodeError:
        return cell.decode("cp1252", errors="replace")
