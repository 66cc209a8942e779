"""A page's data as the page holds them: what the first picture takes, and what a browser reads after it."""

from pipeline.atlas.contract import AtlasData, AtlasFile, AtlasRest, ChangesInfo
from pipeline.atlas.packing.encoding import compress

APART = {"format", "table", "geometry", "land"}
"""Left as they are: bytes that packing again would make larger."""


def pack_words(data: AtlasData) -> tuple[AtlasFile, AtlasRest]:
    """``data`` with its sentences, layers, programmes and all else that is plain text in the bytes of gzip.

    Apart from it stands what a page can draw its first picture without, and do without where it is damaged.
    """
    rest = AtlasRest(
        table=data.table.rest,
        geometry=data.geometry.rest,
        postcodes=data.postcodes.packed if data.postcodes else "",
        places=data.support.places.packed if data.support else "",
        nearest=data.support.nearest.packed if data.support else "",
        larger=data.larger.units.packed if data.larger else "",
        changes=_pack_changed(data.changes) if data.changes else "",
    )
    first = _without_rest(data)
    file = AtlasFile(
        format=data.format,
        words=compress(first.model_dump_json(exclude=APART).encode()),
        table=first.table,
        geometry=first.geometry,
        land=data.land,
    )
    return file, rest


def _pack_changed(changes: ChangesInfo) -> str:
    return compress(changes.model_dump_json(include={"areas"}).encode())


def _without_rest(data: AtlasData) -> AtlasData:
    nothing = {"packed": ""}
    support = data.support and data.support.model_copy(
        update={
            "places": data.support.places.model_copy(update=nothing),
            "nearest": data.support.nearest.model_copy(update=nothing),
        }
    )
    return data.model_copy(
        update={
            "table": data.table.model_copy(update={"rest": ""}),
            "geometry": data.geometry.model_copy(update={"rest": ""}),
            "postcodes": data.postcodes and data.postcodes.model_copy(update=nothing),
            "support": support,
            "larger": data.larger
            and data.larger.model_copy(update={"units": data.larger.units.model_copy(update=nothing)}),
            "changes": data.changes and data.changes.model_copy(update={"areas": ()}),
        }
    )
