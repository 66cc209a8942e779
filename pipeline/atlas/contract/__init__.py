"""The contract between Python, which writes the page's data, and the browser, which reads them.

:class:`AtlasData` is the complete object; :class:`PackedColumn` and :class:`PostcodesHeader` describe its
packed bytes. ``page/src/contract.ts`` and the tables of ``docs/contract.md`` are made from its models by
``python -m pipeline contract``: what a key means is written there and nowhere else.

Every key is always there; where a value may be absent, it is ``null``.
"""

from pipeline.atlas.contract.base import Carried, Span
from pipeline.atlas.contract.index import AbsentIndicator, Aggregation, Component, IndexInfo, Indicator, Normalisation
from pipeline.atlas.contract.layers import ColumnInfo, LayerInfo, LegendClass, StreetMapInfo
from pipeline.atlas.contract.packed import (
    CountedColumn,
    FloatColumn,
    FloatStream,
    GeometrySections,
    NumberColumn,
    PackedColumn,
    PackedGeometry,
    PackedPostcodes,
    PackedTable,
    PostcodesHeader,
    PostcodeStreams,
    RatioColumn,
    SameColumn,
    SectorStreams,
    Stream,
    TableHeader,
    TextColumn,
)
from pipeline.atlas.contract.page import FORMAT, AtlasData, Nation, Source, Town
from pipeline.atlas.contract.support import (
    CurvePoint,
    ExclusionInfo,
    HelpInfo,
    HelpingThing,
    KindInfo,
    KindsInfo,
    PeopleInfo,
    PeopleMeasure,
    PeopleSource,
    PlaceKind,
    Site,
    SitesInfo,
    Story,
    SupportInfo,
    Unit,
)

__all__ = [
    "FORMAT",
    "AbsentIndicator",
    "Aggregation",
    "AtlasData",
    "Carried",
    "ColumnInfo",
    "Component",
    "CountedColumn",
    "CurvePoint",
    "ExclusionInfo",
    "FloatColumn",
    "FloatStream",
    "GeometrySections",
    "HelpInfo",
    "HelpingThing",
    "IndexInfo",
    "Indicator",
    "KindInfo",
    "KindsInfo",
    "LayerInfo",
    "LegendClass",
    "Nation",
    "Normalisation",
    "NumberColumn",
    "PackedColumn",
    "PackedGeometry",
    "PackedPostcodes",
    "PackedTable",
    "PeopleInfo",
    "PeopleMeasure",
    "PeopleSource",
    "PlaceKind",
    "PostcodeStreams",
    "PostcodesHeader",
    "RatioColumn",
    "SameColumn",
    "SectorStreams",
    "Site",
    "SitesInfo",
    "Source",
    "Span",
    "Story",
    "Stream",
    "StreetMapInfo",
    "SupportInfo",
    "TableHeader",
    "TextColumn",
    "Town",
    "Unit",
]
