"""Tables as parquet, CSV and GeoJSON with their records, and reading them back."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeGuard

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.store.files import write_bytes, write_text, write_whole
from pipeline.store.records import Record, write_record
from pipeline.tables import Column, Storage, Table, described_columns, field_metadata, plain_columns

ROWS_PER_GROUP = 8_192
"""The number of rows that a reader of GeoParquet can skip at once by their bounding boxes."""
ARROW_TYPES: Mapping[Storage, pa.DataType] = {
    "string": pa.large_string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
}
PANDAS_TYPES: Mapping[Storage, str] = {"string": "str", "integer": "int64", "number": "float64", "boolean": "bool"}

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""

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
    frame: pd.DataFrame, path: Path, table: Table, record: Record, *, rows_together: int | None = None
) -> None:
    """A table as parquet, and its record beside it.

    Every field carries the title, unit and meaning of its column of ``table``. A frame with geometry becomes GeoParquet
    1.1 with a bounding-box column, so that readers can skip what is outside a window. ``rows_together`` is
    the number of rows in one group, so that part of the table can be read without the rest.
    """
    described = _described(_as_arrow(frame), {column.name: column for column in described_columns(table)})
    rows = rows_together or (ROWS_PER_GROUP if _has_geometry(frame) else None)
    write_whole(path, lambda temporary: pq.write_table(described, temporary, compression="zstd", row_group_size=rows))
    write_record(path, record)


def write_flat_table(frame: pd.DataFrame, path: Path, table: Table, record: Record, about: Mapping[str, str]) -> None:
    """A table without shapes as parquet that any tool reads, and its record beside it.

    Text is plain text and not of the large kind, nothing is nested, compression is Snappy, and nothing is said to
    pandas alone. Every field carries what :func:`write_table` says of it, and the file what it is ``about``.
    """
    described = _described(_as_arrow(frame), {column.name: column for column in table.columns})
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


def _as_arrow(frame: pd.DataFrame) -> pa.Table:
    """``frame`` as an Arrow table; one with geometry as GeoParquet, which only the writer of geopandas makes."""
    if not _has_geometry(frame):
        return pa.Table.from_pandas(frame, preserve_index=False)
    if frame.crs is not None and frame.crs.to_epsg() == WGS84_CODE:
        import pyproj

        # What PROJ knows of a system by its code depends on what it was asked for before, and so would the bytes.
        frame = frame.set_crs(pyproj.CRS.from_wkt(WGS84), allow_override=True)
    buffer = io.BytesIO()
    frame.to_parquet(
        buffer,
        index=False,
        compression=None,
        schema_version="1.1.0",
        write_covering_bbox=True,
        # It is only read back, from memory.
        use_dictionary=False,
        write_statistics=False,
    )
    return pq.read_table(pa.BufferReader(buffer.getbuffer()))


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
    # In one thread, and not as a data set: tables are small, and several steps run beside each other.
    frame: pd.DataFrame = pq.ParquetFile(path).read(columns, use_threads=False).to_pandas(use_threads=False)
    return frame


def read_geotable(path: Path, columns: Sequence[str] | None = None) -> "gpd.GeoDataFrame":
    """A table with geometry written by :func:`write_table`, without its bounding-box column; or some of its columns."""
    import geopandas as gpd

    frame = gpd.read_parquet(path, columns=columns)
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
    write_bytes(path, b"\xef\xbb\xbf" + plain.to_csv(index=False, lineterminator="\r\n").encode("utf-8"))


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
