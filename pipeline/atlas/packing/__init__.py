"""Tables, postcodes and geometry as compact text; ``docs/contract.md`` describes the layout of the bytes."""

from pipeline.atlas.packing.geometry import pack_boundaries, pack_geometry
from pipeline.atlas.packing.postcodes import pack_postcodes
from pipeline.atlas.packing.table import pack_areas, pack_table
from pipeline.atlas.packing.topology import build_topology
from pipeline.atlas.packing.words import pack_words

__all__ = [
    "build_topology",
    "pack_areas",
    "pack_boundaries",
    "pack_geometry",
    "pack_postcodes",
    "pack_table",
    "pack_words",
]
