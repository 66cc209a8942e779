"""A file of any usual kind as a sheet, whatever its name says it is."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from pipeline.errors import RawFileError
from pipeline.reading.headers import Header, Perhaps, find_header_row, find_headers
from pipeline.reading.records import content_of, has_shapes, kind_of, only_member, parquet_frame, workbook_records
from pipeline.reading.sheets import Layout, Sheet, as_cells, below_headers, is_blank, plain
from pipeline.reading.text import Text, decode, quick_cells, split_records

AS_DECLARED = Layout()
QUICK_FROM = 200_000
"""Characters from which a CSV is worth a quick reader."""


def read_sheet(
    source: Path | BinaryIO,
    wanted: Sequence[Header] = (),
    layout: Layout = AS_DECLARED,
    *,
    name: str = "",
    everything: bool = True,
    perhaps: Sequence[Perhaps] = (),
) -> Sheet:
    """A table from a CSV, text, workbook, parquet file, GeoJSON, GeoPackage or shapefile, or from an archive of one.

    Text may be UTF-8, UTF-16 or Windows-1252, separated by commas, semicolons, tabs or bars. The headers are in the
    first row that has all those ``wanted``. Empty cells right of them are dropped, and so are empty rows and notes
    below the table.

    Args:
        source: the path of a file, or an opened one.
        wanted: headers that have to be there.
        layout: what is declared of the file.
        name: of the file in messages, where it is not its path.
        everything: keep all columns; else only those ``wanted``, and those that are ``perhaps`` there.

    Raises:
        RawFileError: the file cannot be read as a table, or a header that is wanted is missing or appears twice, or a
            row has more or fewer cells than the headers.
    """
    content = content_of(source) if isinstance(source, Path) else source.read()
    name = name or str(source)
    kind = kind_of(content, name)
    if kind == "zip" and not _holds_shapes(content):
        content, name = only_member(content, name, layout.member)
        kind = kind_of(content, name)
    kept = None if everything else [*wanted, *perhaps]
    shaped = isinstance(source, Path) and (kind not in PLAIN or (kind == "parquet" and has_shapes(content)))
    _refuse_misplaced(layout, "shapes" if shaped else kind, name)
    if kind == "workbook":
        records, where = workbook_records(content, name, layout, wanted)
        sheet = _of_records(records, where, wanted, layout, kept)
    elif kind == "parquet" and not shaped:
        sheet = _of_parquet(content, name, kept)
    elif kind == "text":
        text = decode(content, name)
        sheet = _of_text(text, name, wanted, layout, kept)
        sheet = replace(sheet, ended=text.content.endswith("\n"))
    elif isinstance(source, Path):
        # Shapes need geopandas, which is slow to import.
        from pipeline.reading.shapes import read_features

        sheet = read_features(source, layout)
    else:
        raise RawFileError(f"{name}: expected a table, found {kind}. Fetch it again.")
    find_headers(sheet.headers, wanted, sheet.name)
    return sheet


PLAIN = ("text", "workbook", "parquet")


def _refuse_misplaced(layout: Layout, kind: str, name: str) -> None:
    """Refuse what is declared of a file that cannot have it: a sheet of a CSV, a layer of a workbook.

    The sheets that official files have in some years only, which begin with ``*``, may be missing.
    """
    misplaced = []
    if layout.sheet is not None and kind != "workbook" and not layout.sheet.startswith("*"):
        misplaced.append(f"a sheet ('{layout.sheet}')")
    if layout.layer is not None and kind != "shapes":
        misplaced.append(f"a layer ('{layout.layer}')")
    if layout.header_row is not None and kind not in ("text", "workbook"):
        misplaced.append(f"a row of headers ({layout.header_row})")
    if misplaced:
        what = {"text": "text", "workbook": "a workbook", "parquet": "a parquet file"}.get(kind, "a file of shapes")
        raise RawFileError(
            f"{name}: {' and '.join(misplaced)} is declared for it, and it is {what}, which has none to choose. Take "
            "that out, or name the right file."
        )


def _holds_shapes(content: bytes) -> bool:
    return any(ending in content for ending in (b".shp", b".SHP", b".gpkg", b".geojson"))


def _of_records(
    records: Sequence[Sequence[object]], name: str, wanted: Sequence[Header], layout: Layout, kept: list[Header] | None
) -> Sheet:
    if not any(not is_blank(cell) for record in records for cell in record):
        raise RawFileError(f"{name}: the sheet is empty.")
    texts = [[plain(cell) for cell in record] for record in records[:200]]
    sought = [*wanted, *layout.likely]
    at = layout.header_row - 1 if layout.header_row is not None else find_header_row(texts, sought)[0]
    if at >= len(records):
        raise RawFileError(f"{name}: expected headers in row {at + 1}; there are {len(records):,} rows.")
    return below_headers(records, at, name, kept, ())


def _of_parquet(content: bytes, name: str, kept: list[Header] | None) -> Sheet:
    frame = parquet_frame(content, name)
    headers = tuple(str(column) for column in frame.columns)
    if not len(frame):
        raise RawFileError(f"{name}: it has no rows.")
    rows = pd.RangeIndex(1, len(frame) + 1)
    places = range(len(headers)) if kept is None else find_headers(headers, kept, name)
    cells = {}
    for place in places:
        column = frame.iloc[:, place]
        numeric = pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype)
        values = column.astype("float64") if numeric and column.hasnans else column
        cells[place] = values.set_axis(rows) if numeric else as_cells(column.tolist(), rows)
    return Sheet(name, headers, cells, rows=rows)


def _of_text(text: Text, name: str, wanted: Sequence[Header], layout: Layout, kept: list[Header] | None) -> Sheet:
    if kept is not None and len(text.content) >= QUICK_FROM:
        quick = _quickly(text, name, wanted, layout, kept)
        if quick is not None:
            return quick
    records, separator, at = split_records(text.content, name, [*wanted, *layout.likely], layout.header_row)
    if at >= len(records):
        raise RawFileError(f"{name}: expected headers in row {at + 1}; there are {len(records):,} rows.")
    notes = [*text.notes, *([f"separated by {_TITLES[separator]}"] if separator in _TITLES else [])]
    return below_headers(records, at, name, kept, notes)


_TITLES = {";": "semicolons", "\t": "tabs", "|": "bars"}


def _quickly(text: Text, name: str, wanted: Sequence[Header], layout: Layout, kept: list[Header]) -> Sheet | None:
    """The columns kept of a large and regular CSV; ``None`` where it has to be read with care."""
    end = 0
    for _ in range(300):
        end = text.content.find("\n", end) + 1
        if not end:
            return None
    head = text.content[:end]
    if head.count('"') % 2:
        return None
    records, separator, at = split_records(head, name, wanted, layout.header_row)
    if at >= len(records):
        return None
    headers = tuple(plain(cell) for cell in records[at])
    while headers and not headers[-1]:
        headers = headers[:-1]
    places = find_headers(headers, kept, name)
    body = quick_cells(text.content, separator, at, len(headers))
    if body is None:
        return None
    numbered = [str(number) for number in range(len(headers))]
    lines = body.getbuffer().tobytes().count(b"\n")
    try:
        table = pyarrow.csv.read_csv(
            body,
            pyarrow.csv.ReadOptions(column_names=numbered, block_size=1 << 24),
            pyarrow.csv.ParseOptions(delimiter=separator, newlines_in_values=False),
            pyarrow.csv.ConvertOptions(
                include_columns=[numbered[place] for place in dict.fromkeys(places)],
                column_types=dict.fromkeys(numbered, pa.string()),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != lines:
        return None
    rows = pd.RangeIndex(at + 2, at + 2 + lines)
    cells = {
        place: pc.utf8_trim_whitespace(table[numbered[place]]).to_pandas().astype("str").set_axis(rows)
        for place in dict.fromkeys(places)
    }
    notes = [f"headers in row {at + 1}; the rows above are not part of the table"] if at else []
    return Sheet(name, headers, cells, (*text.notes, *notes), rows=rows)
