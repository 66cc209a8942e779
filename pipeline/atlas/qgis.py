"""A layer of the page as a style of QGIS: the same classes, bounds and colours, the labels of its legend."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.etree import ElementTree as Xml

from pipeline.atlas.contract import LayerInfo

NO_DATA = "#bcc6cc"
"""As on the page."""
BORDER, BORDER_MM = "#ffffff", 0.06
VERSION = "3.22.0"
HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"


@dataclass(frozen=True)
class Rule:
    """What is drawn where an expression of QGIS holds: a label of the legend and a symbol, one of the three below."""

    label: str
    holds: str
    symbol: "Fill | Outline | Dot"


@dataclass(frozen=True)
class Fill:
    """An area in a colour, its border hardly seen."""

    colour: str


@dataclass(frozen=True)
class Outline:
    """The outline of an area, ``width`` in millimetres."""

    colour: str
    width: float


@dataclass(frozen=True)
class Dot:
    """A dot, ``size`` in millimetres; ``hollow``: only its outline is in the colour."""

    colour: str
    size: float
    hollow: bool = False


def layer_style(layer: LayerInfo, titles: Mapping[str, str] | None = None) -> str:
    """The style of areas by a layer of the page, worst end first in the legend, as a ``.qml`` file has it.

    Rules and not a graduated style: upper bounds belong to the class below them, as on the page, and areas without a
    value have their label. ``titles``: of the fields, which QGIS then shows in place of their names.
    """
    column = _quoted(layer.column)
    holds = _conditions(layer)
    rules = [Rule(c.label, test, Fill(c.colour)) for c, test in zip(layer.classes, holds, strict=True)]
    missing = [f"{column} IS NULL", *([f"{_quoted(layer.column_by)} IS NULL"] if layer.column_by else [])]
    return style([*rules, Rule(layer.missing, " OR ".join(missing), Fill(NO_DATA))], titles)


def style(rules: Sequence[Rule], titles: Mapping[str, str] | None = None) -> str:
    """A style of rules, in the order of the legend; and, where they are given, the ``titles`` of fields."""
    top = Xml.Element("qgis", version=VERSION, styleCategories="Symbology|Fields" if titles else "Symbology")
    drawn = Xml.SubElement(top, "renderer-v2", type="RuleRenderer", forceraster="0", symbollevels="0")
    listed = Xml.SubElement(drawn, "rules", key="{rules}")
    symbols = Xml.SubElement(drawn, "symbols")
    for number, rule in enumerate(rules):
        Xml.SubElement(
            listed,
            "rule",
            key=f"{{rule-{number}}}",
            label=_printable(rule.label),
            filter=rule.holds,
            symbol=f"{number}",
        )
        _symbol(symbols, f"{number}", rule.symbol)
    if titles:
        aliases = Xml.SubElement(top, "aliases")
        for number, (name, title) in enumerate(titles.items()):
            Xml.SubElement(aliases, "alias", index=f"{number}", field=name, name=_printable(title))
    Xml.indent(top, " ")
    return HEAD + Xml.tostring(top, encoding="unicode") + "\n"


def _conditions(layer: LayerInfo) -> list[str]:
    """For each class of the legend, when an area belongs to it."""
    column = _quoted(layer.column)
    if layer.kind == "categories":
        return [f"{column} = {_text(c.label)}" for c in layer.classes]
    rising = _ranges(column, layer.bounds)
    if layer.kind == "pairs":
        across = _ranges(_quoted(str(layer.column_by)), layer.bounds_by)
        rising = [f"{first} AND {second}" for second in across for first in rising]
    return rising[::-1] if layer.descending else rising


def _ranges(column: str, bounds: Sequence[float]) -> list[str]:
    """The classes of a number, from low to high; each upper bound belongs to the class below it."""
    if not bounds:
        return [f"{column} IS NOT NULL"]
    between = [f"{column} > {low!r} AND {column} <= {high!r}" for low, high in pairwise(bounds)]
    return [f"{column} <= {bounds[0]!r}", *between, f"{column} > {bounds[-1]!r}"]


def _quoted(column: str | None) -> str:
    return '"' + (column or "").replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _symbol(parent: Xml.Element, name: str, drawn: Fill | Outline | Dot) -> None:
    kind = "marker" if isinstance(drawn, Dot) else "fill"
    symbol = Xml.SubElement(parent, "symbol", type=kind, name=name, alpha="1", clip_to_extent="1", force_rhr="0")
    sort = "SimpleMarker" if isinstance(drawn, Dot) else "SimpleFill"
    layer = Xml.SubElement(symbol, "layer", {"class": sort, "enabled": "1", "locked": "0", "pass": "0"})
    options = Xml.SubElement(layer, "Option", type="Map")
    for key, value in _properties(drawn):
        Xml.SubElement(options, "Option", name=key, value=value, type="QString")
        # Versions of QGIS before 3.20 read these.
        Xml.SubElement(layer, "prop", k=key, v=value)


def _properties(drawn: Fill | Outline | Dot) -> Iterable[tuple[str, str]]:
    if isinstance(drawn, Fill):
        return (
            *(("color", _rgba(drawn.colour)), ("style", "solid"), ("outline_color", _rgba(BORDER, 160))),
            *(("outline_style", "solid"), ("outline_width", f"{BORDER_MM}"), ("outline_width_unit", "MM")),
        )
    if isinstance(drawn, Outline):
        return (
            *(("color", _rgba(drawn.colour, 0)), ("style", "no"), ("outline_color", _rgba(drawn.colour))),
            *(("outline_style", "solid"), ("outline_width", f"{drawn.width}"), ("outline_width_unit", "MM")),
        )
    return (
        *(("name", "circle"), ("color", _rgba("#ffffff" if drawn.hollow else drawn.colour))),
        *(("outline_color", _rgba(drawn.colour)), ("outline_width", "0.4"), ("outline_width_unit", "MM")),
        *(("size", f"{drawn.size}"), ("size_unit", "MM")),
    )


def _rgba(colour: str, alpha: int = 255) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},{alpha}"


def _printable(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(letter for letter in text if letter.isprintable())
