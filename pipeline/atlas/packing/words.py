"""A page's data as the page holds them: what is packed already beside everything else, packed together."""

from pipeline.atlas.contract import AtlasData, AtlasFile
from pipeline.atlas.packing.encoding import compress

APART = {"format", "table", "postcodes", "support", "geometry", "land"}
"""Left as they are: bytes that packing again would make larger, and what a page can do without where it is damaged."""


def pack_words(data: AtlasData) -> AtlasFile:
    """``data`` with its sentences, layers, programmes and all else that is plain text in the bytes of gzip."""
    return AtlasFile(
        format=data.format,
        words=compress(data.model_dump_json(exclude=APART).encode()),
        table=data.table,
        postcodes=data.postcodes,
        support=data.support,
        geometry=data.geometry,
        land=data.land,
    )
