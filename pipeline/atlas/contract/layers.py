"""Columns and layers: their names, how they are shown and their colours."""

from typing import Literal

from typing_extensions import TypeAliasType

from pipeline import tables
from pipeline.atlas.contract.base import Carried, Count

Quantity = TypeAliasType("Quantity", tables.Quantity)
Group = TypeAliasType("Group", tables.Group)


class ColumnInfo(Carried):
    """The name of a column of the table and how it is shown."""

    name: str
    """As in ``risk.parquet``."""
    title: str
    """As readers see it."""
    description: str
    """What it means."""
    unit: str
    """In words; empty where it has none."""
    type: Literal["string", "integer", "number", "boolean"]
    """The type of its values."""
    decimals: Count
    """How many decimals are shown."""
    percent: bool
    """Values are shares, 0 to 1, shown as percentages."""
    as_of: str | None
    """The release that its numbers come from."""
    quantity: Quantity
    """What kind of thing it holds, as in ``docs/data-dictionary.md``."""
    group: Group
    """The group it belongs to."""


class LegendClass(Carried):
    """One entry of a legend."""

    label: str
    """Its name, or its range in words."""
    colour: str
    """``#rrggbb``."""


class LayerInfo(Carried):
    """One way to colour the map.

    The class of an area is worked out in the browser. For a range it is the number of bounds below the value; for
    categories, the class whose label the value is; for pairs, the third that the first value lies in plus three times
    that of the second. Where ``descending`` is true, the number is taken from the last class down.
    """

    id: str
    """As in ``declared/layers.toml``; for a layer of many columns, the column."""
    column: str
    """What is shown."""
    title: str
    """As readers see it."""
    sentence: str
    """What it shows, in a sentence."""
    group: Literal["overall", "act", "support", "components", "indicators", "context", "together"]
    """The heading it is listed under."""
    unit: str
    """In words; empty where it has none."""
    worse: Literal["low", "high", "neither"]
    """Which end means more risk."""
    missing: str
    """The label for areas without a value."""
    column_by: str | None
    """Of pairs: the second column."""
    pair: tuple[str, str] | None
    """Of pairs: the names of the two columns."""
    kind: Literal["range", "categories", "pairs"]
    """``pairs`` has nine classes, thirds of ``column`` by thirds of ``column_by``."""
    classes: tuple[LegendClass, ...]
    """In the order of the legend, the worst end first where there is one."""
    bounds: tuple[float, ...]
    """Upper bounds of all classes but the last, each belonging to the class below it."""
    bounds_by: tuple[float, ...]
    """Of pairs: the bounds of the second column."""
    descending: bool
    """The classes run from high to low."""


class StreetMapInfo(Carried):
    """A server of map pictures that a reader may ask for."""

    address: str
    """With ``{z}``, ``{x}`` and ``{y}``."""
    attribution: str
    """Shown beside its pictures."""
    largest_zoom: int
    """The closest zoom level it has pictures for."""
    works_from_file: bool
    """Whether it answers a page that was opened from a file, and so cannot say which website asks."""
