"""The only writer under ``data/processed`` and ``maps``: complete files or none, each with its record.

What needs pandas is imported when it is first asked for, so that finding nothing to do takes no time.
"""

from typing import TYPE_CHECKING

from pipeline.store.files import make_way, sweep, write_bytes, write_json, write_text, write_whole
from pipeline.store.steps import (
    ABSENT,
    StepRecord,
    content_hash,
    describe_outputs,
    is_whole,
    output_hash,
    put_in_place,
    read_step_record,
)

if TYPE_CHECKING:
    from pipeline.store.geopackage import GeoPackage, Layer, Style, write_geopackage
    from pipeline.store.package import PackageAbout, PackageSource, Resource, data_package
    from pipeline.store.records import (
        Record,
        SourceUsed,
        TableRecord,
        read_outcome_files,
        read_record,
        read_sources,
        record_path,
        write_record,
    )
    from pipeline.store.tables import (
        empty,
        read_boxes,
        read_geotable,
        read_table,
        read_without_shapes,
        write_csv,
        write_flat_table,
        write_geojson,
        write_table,
    )

__all__ = [
    "ABSENT",
    "GeoPackage",
    "Layer",
    "PackageAbout",
    "PackageSource",
    "Record",
    "Resource",
    "SourceUsed",
    "StepRecord",
    "Style",
    "TableRecord",
    "content_hash",
    "data_package",
    "describe_outputs",
    "empty",
    "is_whole",
    "make_way",
    "output_hash",
    "put_in_place",
    "read_boxes",
    "read_geotable",
    "read_outcome_files",
    "read_record",
    "read_sources",
    "read_step_record",
    "read_table",
    "read_without_shapes",
    "record_path",
    "sweep",
    "write_bytes",
    "write_csv",
    "write_flat_table",
    "write_geojson",
    "write_geopackage",
    "write_json",
    "write_record",
    "write_table",
    "write_text",
    "write_whole",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from pipeline.store import geopackage, package, records, tables

    return next(getattr(module, name) for module in (package, records, tables, geopackage) if hasattr(module, name))
