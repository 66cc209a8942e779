"""One small module for each family of official source: raw file in, one tidy frame out.

A tidy frame has our column names and our units, and matches its table, which the same module defines and registers
with its reader (:mod:`pipeline.tidy.registry`).
"""

from pipeline.tidy.boundaries import boundaries_within, box_on_grid, boxes_of, boxes_on_grid
from pipeline.tidy.districts import land_around
from pipeline.tidy.postcodes import assign_postcodes, find_postcodes, read_postcodes_in
from pipeline.tidy.registry import (
    Noted,
    Reader,
    Tidied,
    add_derived,
    derived_columns,
    joined_sources_table,
    reader_of,
    readers,
    source_columns,
    source_tables,
    tidy_source,
)
from pipeline.tidy.towns import towns_near

__all__ = [
    "Noted",
    "Reader",
    "Tidied",
    "add_derived",
    "assign_postcodes",
    "boundaries_within",
    "box_on_grid",
    "boxes_of",
    "boxes_on_grid",
    "derived_columns",
    "find_postcodes",
    "joined_sources_table",
    "land_around",
    "read_postcodes_in",
    "reader_of",
    "readers",
    "source_columns",
    "source_tables",
    "tidy_source",
    "towns_near",
]
