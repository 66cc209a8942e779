"""The object that the page carries."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from pipeline.atlas.contract.base import Carried, Count
from pipeline.atlas.contract.index import IndexInfo
from pipeline.atlas.contract.larger import ChangesInfo, LargerInfo
from pipeline.atlas.contract.layers import ColumnInfo, LayerInfo, StreetMapInfo
from pipeline.atlas.contract.packed import AreaGeometry, AreaTable, PackedGeometry, PackedPostcodes
from pipeline.atlas.contract.programmes import ProgrammesInfo
from pipeline.atlas.contract.support import (
    ExclusionInfo,
    HelpInfo,
    KindsInfo,
    ListInfo,
    PeopleInfo,
    SitesInfo,
    Story,
    SupportInfo,
)

FORMAT = 8
"""Raised whenever the page could no longer read data written for an earlier version."""

Town = TypeAliasType("Town", tuple[str, float, float, Count])


class Board(Carried):
    """An Integrated Care Board among those of the nation."""

    code: str
    """ONS nine-character code."""
    name: str
    """As published."""
    areas: Count
    """How many LSOAs it has."""
    worst: Count
    """How many of them are in the nation's most at-risk tenth,"""
    worst_low: Count | None
    """and between this number"""
    worst_high: Count | None
    """and this one in nine of ten plausible indices; ``null`` where none were drawn."""
    rank: Count
    """By the share of its LSOAs in that tenth; 1 is the highest, equal shares have the same,"""
    rank_low: Count | None
    """and between this place"""
    rank_high: Count | None
    """and this one in nine of ten plausible indices."""
    people_at_risk: float
    """An estimate."""


class PartOfPlace(Carried):
    """A place of which the page holds only a part."""

    level: Literal["ward", "lad", "sicbl", "icb"]
    """What it is: the table's columns ``<level>_code`` and ``<level>_name``."""
    code: str
    """Its code."""
    areas: Count
    """How many LSOAs it has in the nation, those of the page included."""


class Nation(Carried):
    """What the page says about the nation: medians and means over all its areas."""

    title: str
    """As readers see it: "England"."""
    areas: Count
    """How many LSOAs it has."""
    medians: dict[str, float]
    """By column."""
    means: dict[str, float]
    """By column."""
    boards: tuple[Board, ...] | None
    """Its Integrated Care Boards; ``null`` where the nation cannot be ranked by this index, or has none."""


class Source(Carried):
    """A publication that the page's numbers come from."""

    title: str
    """As published."""
    publisher: str
    """Who published it."""
    release: str
    """The release that was used."""
    licence: str
    """The licence it is published under."""
    attribution: str
    """The sentence that the licence asks for."""


class AtlasData(Carried):
    """What the page carries: an ``AtlasFile`` and an ``AtlasRest``, once words are unpacked."""

    format: Literal[8]
    """The version of this format."""
    title: str
    """The name of the area, such as "Norfolk and Waveney"."""
    fictional: bool
    """True where the area, its places and its people are invented."""
    reference: Literal["england", "area"]
    """What indicators were compared with: the nation, or the area itself."""
    built: str
    """When the area was scored: ISO 8601, UTC."""
    quantisation_metres: float
    """How far a vertex may be from its published position, in metres on the ground."""
    index: IndexInfo
    """How the score is made."""
    nation: Nation
    """What areas are compared with."""
    parts: tuple[PartOfPlace, ...]
    """Wards, districts and others of which the page holds only a part."""
    notes: tuple[str, ...]
    """Plain sentences on the limits of these data."""
    sources: tuple[Source, ...]
    """The sources of everything on the page."""
    columns: tuple[ColumnInfo, ...]
    """The columns of the table, and those that the page works out."""
    layers: Annotated[tuple[LayerInfo, ...], Field(min_length=1)]
    """In the order they are offered."""
    first_layer: str
    """The layer shown first."""
    table: AreaTable
    """A row for each area, in the order of ``lsoa21_code``."""
    postcodes: PackedPostcodes | None
    """The postcodes that readers can search for."""
    towns: tuple[Town, ...]
    """Name, longitude, latitude and people of each; the largest first."""
    street_map: StreetMapInfo | None
    """``null`` where ``declared/layers.toml`` takes it out."""
    support: SupportInfo | None
    """``null`` where the area has no list of places."""
    exclusion: ExclusionInfo | None
    """How risk and capacity become one score; ``null`` where the area has no list of places."""
    where_to_act: ListInfo
    """Which areas are on the list of where to act."""
    programmes: ProgrammesInfo | None
    """Neighbourhoods on the list, bundled; ``null`` where the area was built without."""
    helps: tuple[HelpInfo, ...]
    """What usually helps, by component."""
    named_from: float
    """Infrastructure and people are named in ``points_to`` where they add this many points to the risk or more."""
    both_from: float
    """``points_to`` is "Both" where both are named and the smaller adds at least this part of what the larger does."""
    kinds: KindsInfo
    """The kinds of exclusion that areas are scored for."""
    people: PeopleInfo
    """The rates behind the estimates of people at risk."""
    sites: SitesInfo | None
    """``null`` where nobody asked for any."""
    stories: tuple[Story, ...]
    """Shown as symbols and in the panel of their area."""
    larger: LargerInfo | None
    """Means of wards, districts and other larger areas; ``null`` where none were summed up."""
    changes: ChangesInfo | None
    """``null`` where nobody compared runs, or the comparison is of other scores than the page."""
    geometry: AreaGeometry
    """The boundaries of the areas, in the order of the table."""
    land: PackedGeometry | None
    """What of each district lies around the areas, coarsely; ``null`` where the area was built without districts."""


class AtlasFile(Carried):
    """The JSON object of the element ``atlas-data``: the keys of ``AtlasData``, most of them packed together."""

    format: Literal[8]
    """The version of this format."""
    words: str
    """All the other keys, as a JSON object. Text of gzip: *Bytes as text* in ``docs/contract.md``."""
    table: AreaTable
    """As in ``AtlasData``, without the columns that stand in ``AtlasRest``."""
    geometry: AreaGeometry
    """As in ``AtlasData``, without the vertices that stand in ``AtlasRest``."""
    land: PackedGeometry | None
    """As in ``AtlasData``."""


class AtlasRest(Carried):
    """The JSON object of the element ``atlas-rest``, which a browser reads when the first picture is drawn.

    Each key is the text of gzip that a key of ``AtlasData`` has; in ``AtlasFile`` that is empty.
    """

    table: str
    """``table.rest``"""
    geometry: str
    """``geometry.rest``"""
    postcodes: str
    """``postcodes.packed``; empty where there are none."""
    places: str
    """``support.places.packed``; empty where there are none."""
    nearest: str
    """``support.nearest.packed``; empty where there are none."""
    larger: str
    """``larger.units.packed``; empty where there are none."""
    changes: str
    """``changes`` as a JSON object with the key ``areas`` alone; empty where nobody compared runs."""
