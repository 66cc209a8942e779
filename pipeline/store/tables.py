"""Tables as parquet, CSV and GeoJSON with their records, and reading them back."""

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeGuard

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.store.files import write_bytes, write_text, write_whole
from pipeline.store.records import Record, write_record
from pipeline.tables import Column, Storage, Table, described_columns, field_metadata, plain_columns

ROWS_PER_GROUP = 8_192
"""The number of rows that a reader of GeoParquet can skip at once by their bounding boxes."""
SAMPLE = 4_096
"""The first rows of a column, by which it is told whether its values come again and again."""
ARROW_TYPES: Mapping[Storage, pa.DataType] = {
    "string": pa.large_string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
}
PANDAS_TYPES: Mapping[Storage, str] = {"string": "str", "integer": "int64", "number": "float64", "boolean": "bool"}

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""

SMALLEST_PLAIN, LARGEST_PLAIN = 1e-4, 1e10
"""Between these Arrow and Python write numbers alike, without a power of ten."""

GEOPARQUET = "1.1.0"
BOX, SIDES = "bbox", ("xmin", "ymin", "xmax", "ymax")
"""The column with the box around each shape, and its parts; as GeoParquet proposes."""
WGS84_CODE = 4326
WGS84 = (
    'GEOGCRS["WGS 84",DATUM["World Geodetic System 1984",ELLIPSOID["WGS 84",6378137,298.257223563,'
    'LENGTHUNIT["metre",1]]],PRIMEM["Greenwich",0,ANGLEUNIT["degree",0.0174532925199433]],CS[ellipsoidal,2],'
    'AXIS["geodetic latitude (Lat)",north,ORDER[1],ANGLEUNIT["degree",0.0174532925199433]],'
    'AXIS["geodetic longitude (Lon)",east,ORDER[2],ANGLEUNIT["degree",0.0174532925199433]],ID["EPSG",4326]]'
)
"""The coordinate system of every table with geometry, in one wording."""

if TYPE_CHECKING:
    # Imported here because it is slow to import, and only boundaries need it.
    import geopandas as gpd


def write_table(
    frame: pd.DataFrame,
    path: Path,
    table: Table,
    record: Record,
    *,
    rows_together: int | None = None,
    packed: bool = False,
) -> None:
    """A table as parquet, and its record beside it.

    Every field carries the title, unit and meaning of its column of ``table``. A frame with geometry becomes GeoParquet
    1.1 with a bounding-box column, so that readers can skip what is outside a window. ``rows_together`` is
    the number of rows in one group, so that part of the table can be read without the rest. In a table that is
    ``packed``, whole numbers are written as their differences, which Arrow and DuckDB read, and not every spreadsheet.
    """
    described = _described(as_arrow(frame), {column.name: column for column in described_columns(table)})
    rows = rows_together or (ROWS_PER_GROUP if _has_geometry(frame) else None)
    again = repeating(described)
    integers = [field.name for field in described.schema if packed and pa.types.is_integer(field.type)]
    encodings = {name: "DELTA_BINARY_PACKED" for name in integers if name not in again}
    write_whole(
        path,
        lambda temporary: pq.write_table(
            described,
            temporary,
            compression="zstd",
            row_group_size=rows,
            use_dictionary=again,
            column_encoding=encodings or None,
        ),
    )
    write_record(path, record)


def repeating(table: pa.Table) -> list[str]:
    """The columns of which parquet should number the distinct values, instead of writing each value.

    In a column of codes or measures nearly every value is another one: to number them takes as long again as all the
    rest of writing, makes reading slower and the file larger, as compression finds less in numbers.
    """
    sampled = table.slice(0, SAMPLE).combine_chunks().flatten().flatten()
    return [name for name, values in zip(sampled.column_names, sampled.columns, strict=True) if _repeat(values)]


def _repeat(values: pa.ChunkedArray) -> bool:
    if pa.types.is_nested(values.type) or pa.types.is_dictionary(values.type):
        return True
    distinct: int = pc.count_distinct(values, mode="all").as_py()
    return 2 * distinct <= len(values)


def write_flat_table(frame: pd.DataFrame, path: Path, table: Table, record: Record, about: Mapping[str, str]) -> None:
    """A table without shapes as parquet that any tool reads, and its record beside it.

    Text is plain text and not of the large kind, nothing is nested, compression is Snappy, and nothing is said to
    pandas alone. Every field carries what :func:`write_table` says of it, and the file what it is ``about``.
    """
    described = _described(as_arrow(frame), {column.name: column for column in table.columns})
    fields = [
        pa.field(
            field.name, pa.string() if pa.types.is_large_string(field.type) else field.type, metadata=field.metadata
        )
        for field in described.schema
    ]
    said = {name.encode(): text.encode() for name, text in about.items()}
    plain = described.cast(pa.schema(fields, described.schema.metadata)).replace_schema_metadata(said)
    write_whole(path, lambda temporary: pq.write_table(plain, temporary, compression="snappy"))
    write_record(path, record)


def as_arrow(frame: pd.DataFrame) -> pa.Table:
    """``frame`` as an Arrow table; one with geometry as GeoParquet 1.1 with a box around each shape."""
    return _as_geoparquet(frame) if _has_geometry(frame) else pa.Table.from_pandas(frame, preserve_index=False)


def _as_geoparquet(frame: "gpd.GeoDataFrame") -> pa.Table:
    """What GeoParquet says of a frame only writers of geopandas make.

    Its writer of Feather, which states the same of the shapes, leaves out the boxes but is read back as it lies in
    memory; its writer of parquet takes twice the time.
    """
    if frame.crs is not None and frame.crs.to_epsg() == WGS84_CODE:
        import pyproj

        # What PROJ knows of a system by its code depends on what it was asked for before, and so would the bytes.
        frame = frame.set_crs(pyproj.CRS.from_wkt(WGS84), allow_override=True)
    buffer = io.BytesIO()
    frame.to_feather(buffer, index=False, compression="uncompressed", schema_version=GEOPARQUET)
    table = pa.ipc.open_file(pa.BufferReader(buffer.getbuffer())).read_all()
    bounds = frame.bounds
    boxes = pa.StructArray.from_arrays([bounds[side] for side in ("minx", "miny", "maxx", "maxy")], names=[*SIDES])
    about = json.loads(table.schema.metadata[b"geo"])
    about["columns"][about["primary_column"]]["covering"] = {BOX: {side: [BOX, side] for side in SIDES}}
    metadata = {**table.schema.metadata, b"geo": json.dumps(about).encode()}
    return table.append_column(BOX, boxes).replace_schema_metadata(metadata)


def _has_geometry(frame: pd.DataFrame) -> "TypeGuard[gpd.GeoDataFrame]":
    """Whether ``frame`` is one of geopandas, which is slow to import: its class tells, whatever was imported."""
    return any(kind.__module__.partition(".")[0] == "geopandas" for kind in type(frame).__mro__)


def _described(arrow: pa.Table, columns: Mapping[str, Column]) -> pa.Table:
    """``arrow`` with ``columns`` described in its fields, and whole numbers and empty columns in their type.

    pandas has no whole numbers with gaps and gives columns without values no type.
    """
    fields, arrays = [], []
    for field, array in zip(arrow.schema, arrow.columns, strict=True):
        column = columns.get(field.name)
        if column is not None:
            untyped = pa.types.is_null(field.type)
            with_gaps = column.storage == "integer" and pa.types.is_floating(field.type)
            if (untyped or with_gaps) and column.storage in ARROW_TYPES:
                array = array.cast(ARROW_TYPES[column.storage])
            field = pa.field(field.name, array.type, field.nullable, {**(field.metadata or {}), **_said(column)})
        fields.append(field)
        arrays.append(array)
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields, arrow.schema.metadata))


def _said(column: Column) -> dict[bytes, bytes]:
    return {name.encode(): text.encode() for name, text in field_metadata(column).items()}


def empty(table: Table) -> pd.DataFrame:
    """A table without rows, its columns typed."""
    return pd.DataFrame({column.name: pd.Series(dtype=PANDAS_TYPES[column.storage]) for column in table.columns})


def read_table(path: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """A table written by :func:`write_table`, or some of its columns."""
    return _read(pq.ParquetFile(path), columns)


def read_without_shapes(path: Path) -> pd.DataFrame:
    """A table with geometry written by :func:`write_table`, without its geometry: what has many columns and no map."""
    file = pq.ParquetFile(path)
    return _read(file, [name for name in file.schema_arrow.names if name not in ("geometry", BOX)])


def _read(file: pq.ParquetFile, columns: Sequence[str] | None) -> pd.DataFrame:
    # In one thread, and not as a data set: tables are small, and several steps run beside each other.
    frame: pd.DataFrame = file.read(columns, use_threads=False).to_pandas(use_threads=False)
    return frame


def read_boxes(path: Path) -> npt.NDArray[np.float64]:
    """West, south, east and north of each row of a table with geometry, shape (rows, 4); NaN without a geometry."""
    boxes = pq.read_table(path, columns=["bbox"])["bbox"].combine_chunks()
    sides = [boxes.field(side).to_numpy(zero_copy_only=False) for side in ("xmin", "ymin", "xmax", "ymax")]
    return np.column_stack(sides)


def read_geotable(path: Path, columns: Sequence[str] | None = None) -> "gpd.GeoDataFrame":
    """A table with geometry written by :func:`write_table`, without its bounding-box column.

    Of ``columns``, beside the geometry, only those that it has, where any are named.
    """
    import geopandas as gpd

    if columns is not None:
        there = pq.read_schema(path).names
        return gpd.read_parquet(path, columns=[name for name in dict.fromkeys((*columns, "geometry")) if name in there])
    frame = gpd.read_parquet(path)
    return frame.drop(columns="bbox", errors="ignore")


def write_csv(frame: pd.DataFrame, path: Path, table: Table) -> None:
    """The columns of ``table`` but its geometry as CSV, numbers to six decimals, whole numbers without decimals.

    UTF-8 with a byte-order mark, so that Excel reads names correctly; text that a spreadsheet would take for a formula
    starts with an apostrophe.
    """
    columns = plain_columns(table)
    plain = pd.DataFrame(frame[[column.name for column in columns]]).round(6)
    for column in columns:
        if column.storage == "integer":
            plain[column.name] = plain[column.name].astype("Int64")
        elif column.storage == "string":
            plain[column.name] = _without_formulas(plain[column.name])
    write_bytes(path, b"\xef\xbb\xbf" + as_csv(plain).encode("utf-8"))


def as_csv(frame: pd.DataFrame) -> str:
    """What ``frame.to_csv`` gives without the index and with the line ends of Windows, in a fifth of its time.

    pandas makes a Python object of every value; here Arrow makes text of whole columns, some rows at once. What is
    neither numbers, yes or no, nor text, pandas writes itself.
    """
    # A row of a single empty value would be an empty line.
    if len(frame.columns) < 2 or frame.empty:
        return str(frame.to_csv(index=False, lineterminator="\r\n"))
    header = _quoted(pa.array([str(name) for name in frame.columns], pa.large_string())).to_pylist()
    starts = range(0, len(frame), ROWS_PER_GROUP)
    rows = [_rows_as_csv(frame.iloc[start : start + ROWS_PER_GROUP]) for start in starts]
    return "".join([",".join(header), "\r\n", *rows])


def _rows_as_csv(frame: pd.DataFrame) -> str:
    fields = []
    for name in frame.columns:
        field = _as_fields(frame[name])
        if field is None:
            return str(frame.to_csv(index=False, header=False, lineterminator="\r\n"))
        fields.append(field)
    return "".join(_join(_join(*fields, between=","), "", between="\r\n").to_pylist())


def _as_fields(values: pd.Series) -> pa.Array | None:
    """A column as CSV has it, nothing where a value is missing; ``None`` where Arrow does not write as pandas does."""
    kinds, kind = pd.api.types, values.dtype
    try:
        if kinds.is_bool_dtype(kind):
            said = pc.if_else(pa.array(values, pa.bool_(), from_pandas=True), "True", "False").cast(pa.large_string())
        elif kinds.is_integer_dtype(kind):
            said = pa.array(values, pa.int64(), from_pandas=True).cast(pa.large_string())
        elif kind == np.float64:
            said = _as_decimals(values.to_numpy())
        else:
            text = _joined(pa.array(values, from_pandas=True))
            if not any(
                kind_of(text.type) for kind_of in (pa.types.is_string, pa.types.is_large_string, pa.types.is_null)
            ):
                return None
            said = _quoted(text.cast(pa.large_string()))
    except (pa.ArrowTypeError, pa.ArrowInvalid, pa.ArrowNotImplementedError, UnicodeEncodeError):
        return None
    return _joined(said).fill_null("")


def _as_decimals(values: npt.NDArray[np.float64]) -> pa.Array:
    """Numbers as Python writes them: as few digits as tell them apart, whole ones with ``.0``."""
    text = pa.array(values, from_pandas=True).cast(pa.large_string())
    text = pc.if_else(np.trunc(values) == values, _join(text, ".0"), text)
    size = np.abs(values)
    # Where Arrow and Python go over to powers of ten.
    unlike = ((size < SMALLEST_PLAIN) & (size > 0)) | (size >= LARGEST_PLAIN)
    return pc.replace_with_mask(text, unlike, pa.array(map(repr, values[unlike].tolist()), pa.large_string()))


def _quoted(text: pa.Array) -> pa.Array:
    """Text in quotation marks where it holds one, a comma or the end of a line."""
    needs = pc.match_substring_regex(text, '[,"\r\n]')
    if not pc.any(needs).as_py():
        return text
    return pc.if_else(needs, _join("", pc.replace_substring(text, '"', '""'), "", between='"'), text)


def _join(*parts: pa.Array | str, between: str = "") -> pa.Array:
    """The texts of several columns together, row by row."""
    return pc.binary_join_element_wise(*(_large(part) for part in (*parts, between)))


def _large(part: pa.Array | str) -> pa.Array | pa.Scalar:
    return pa.scalar(part, pa.large_string()) if isinstance(part, str) else part


def _joined(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def write_geojson(frame: "gpd.GeoDataFrame", path: Path) -> None:
    """A frame with geometry in EPSG:4326 as GeoJSON (RFC 7946).

    Rings run as the standard asks, outer ones against the clock, and begin where they do for the same shape however it
    was drawn.
    """
    import shapely

    shapes = shapely.orient_polygons(shapely.normalize(frame.geometry.to_numpy()))
    write_text(path, frame.set_geometry(shapes, crs=frame.crs).to_json(drop_id=True, na="null", show_bbox=False) + "\n")


def _without_formulas(values: pd.Series) -> pd.Series:
    """Text with an apostrophe before what a spreadsheet would take for a formula."""
    distinct = values.dropna().unique()
    quoted = {text: f"'{text}" for text in distinct if isinstance(text, str) and text.startswith(FORMULA)}
    return values.map(lambda text: quoted.get(text, text), na_action="ignore") if quoted else values
