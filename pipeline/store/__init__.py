"""The only writer under ``data/processed`` and ``maps``: whole files or none, each with where it came from."""

from pipeline.store.files import write_bytes, write_json, write_text, write_whole
from pipeline.store.package import data_package
from pipeline.store.tables import (
    empty,
    metadata_path,
    read_geotable,
    read_metadata,
    read_table,
    remove_table,
    write_csv,
    write_geojson,
    write_table,
)

__all__ = [
    "data_package",
    "empty",
    "metadata_path",
    "read_geotable",
    "read_metadata",
    "read_table",
    "remove_table",
    "write_bytes",
    "write_csv",
    "write_geojson",
    "write_json",
    "write_table",
    "write_text",
    "write_whole",
]
