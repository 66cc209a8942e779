"""The layers of the atlas: which column is shown, how, and which end is worse."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from pipeline.catalogue.reading import (
    Declared,
    Key,
    Number,
    Text,
    address_fault,
    named,
    parse,
    read_toml,
    refuse_other_tables,
    tables_of,
)
from pipeline.errors import DeclarationError, did_you_mean


def _as_colour(colour: str) -> str:
    if not re.fullmatch(r"#[0-9a-f]{6}", colour):
        raise ValueError("expected a colour such as #1d3f8c, in small letters")
    return colour


def _as_sentence(text: str) -> str:
    others = [part for part in re.findall(r"\{[^{}]*\}|[{}]", text) if part not in PLACEHOLDERS]
    if others:
        raise ValueError(f"braces are for {', '.join(PLACEHOLDERS)} only; {others[0]} is none of them")
    return text


PLACEHOLDERS = ("{nation}", "{title}", "{why}")
Colour = Annotated[str, AfterValidator(_as_colour)]
Sentence = Annotated[Text, AfterValidator(_as_sentence)]
SERVER = re.compile(r"(?:\{s\}\.)?(?=[A-Za-z0-9])[A-Za-z0-9.-]*(?::[0-9]{1,5})?")


class Palette(Declared):
    """Colours from the low to the high end of a scale, or one per category."""

    colours: tuple[Colour, ...] = Field(min_length=2)
    source: Text


class Layer(Declared):
    """One way to colour the map.

    ``classes`` is ``decile`` (the column holds 1 to 10), ``breaks`` (the upper bounds of all classes but the last are
    in ``breaks``), ``quantiles`` or ``jenks`` (``class_count`` classes computed from the area's values, their bounds
    multiples of ``round_to``), ``categories`` (the column holds the names in ``categories``) or ``pairs`` (the area's
    lowest, middle and highest third of ``column`` by those of ``column_by``: nine colours, ``column`` varying first;
    ``pair`` names the two).
    ``column`` may be a group of columns, as ``components:*`` or ``access:*``: one layer for each of them, ``{title}``
    and ``{why}`` taken from the index's component or from the column's title and meaning. ``categories_from``
    ``components`` takes the titles of the index's components, ``kinds`` those of the kinds of exclusion, then Both and
    Neither, ``column`` the categories of the column itself. ``worse`` says which end means more risk, ``ends`` are
    the labels of the first and the last tenth, ``missing`` is the label of an area without a value. A layer that
    ``may_be_empty`` is left out where its column has no values.
    """

    id: Key
    column: Text
    title: Sentence
    sentence: Sentence
    group: Literal["overall", "act", "support", "components", "indicators", "context", "together"]
    unit: str = ""
    palette: Text
    classes: Literal["decile", "breaks", "quantiles", "jenks", "categories", "pairs"]
    worse: Literal["low", "high", "neither"]
    breaks: tuple[Number, ...] = Field(default=(), max_length=8)
    class_count: int = Field(default=5, ge=2, le=9)
    round_to: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    categories: tuple[Text, ...] = ()
    categories_from: Literal["components", "kinds", "column"] | None = None
    ends: tuple[Text, Text] = ("1", "10")
    may_be_empty: bool = False
    missing: Text = "No data"
    decimals: int = Field(default=0, ge=0, le=4)
    percent: bool = False
    column_by: Text | None = None
    pair: tuple[Text, Text] | None = None

    @model_validator(mode="after")
    def _classes_have_what_they_need(self) -> "Layer":
        if (self.classes == "breaks") != bool(self.breaks):
            raise ValueError("classes = 'breaks' and breaks = [...] go together")
        if list(self.breaks) != sorted(set(self.breaks)):
            raise ValueError("breaks must rise")
        if (self.classes == "categories") != (bool(self.categories) != (self.categories_from is not None)):
            raise ValueError("classes = 'categories' goes together with one of categories = [...] and categories_from")
        if (self.classes == "pairs") != (self.column_by is not None and self.pair is not None):
            raise ValueError("classes = 'pairs' goes together with column_by and pair, the names of the two")
        return self


def _as_tiles(address: str) -> str:
    bare = re.sub(r"\{[a-z]\}", lambda part: part.group()[1] if part.group() in TILE_PARTS else part.group(), address)
    if fault := address_fault(bare):
        raise ValueError(fault)
    if re.search(r"[{}]", bare):
        raise ValueError(f"braces are for {', '.join(TILE_PARTS)} only")
    parts = urlsplit(address)
    if not SERVER.fullmatch(parts.netloc):
        raise ValueError("in the name of the server, only {s}. may stand, at its beginning")
    absent = [part for part in TILE_PARTS[:3] if part not in parts.path + parts.query]
    if absent:
        raise ValueError(f"the address lacks {', '.join(absent)} after the name of the server")
    if re.search(r"[;,]", parts.netloc) or "*" in address:
        raise ValueError("an address has no asterisk, and no comma or semicolon in the name of its server")
    return address


TILE_PARTS = ("{z}", "{x}", "{y}", "{s}")
"""What the page puts into the address of a picture: its zoom, column and row, and which of the servers a, b and c."""


class StreetMap(Declared):
    """A map tile server that a reader of the page may ask for.

    ``address`` begins with https and has ``{z}``, ``{x}`` and ``{y}``; ``{s}.`` may come before the server's name.
    """

    address: Annotated[str, AfterValidator(_as_tiles)]
    attribution: Text
    largest_zoom: int = Field(default=19, ge=1, le=22)
    works_from_file: bool = False

    @property
    def origin(self) -> str:
        """Scheme and host of the address, as a policy of the page names them: ``*`` for any of several servers."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"


@dataclass(frozen=True)
class Look:
    """How the atlas looks: palettes by name, layers in the order they are offered, and the street map, if any."""

    palettes: dict[str, Palette]
    layers: list[Layer]
    street_map: StreetMap | None


def read_layers(path: Path) -> Look:
    """What is declared in ``path``.

    Raises:
        DeclarationError: a fault in the file, or a layer with an unknown palette.
    """
    content = read_toml(path)
    tables = tables_of(content, path)
    refuse_other_tables(tables, ("layers", "palettes", "street_map"), path)
    of_palettes, of_layers = (tables_of(tables.get(name, {}), path, name) for name in ("palettes", "layers"))
    if not of_layers:
        raise DeclarationError(f"{path}: this file declares no layer; expected at least one table, [layers.name].")
    palettes = {k: parse(Palette, v, path, f"palettes.{k}") for k, v in of_palettes.items()}
    layers = [parse(Layer, named("id", k, v, path, "layers"), path, f"layers.{k}") for k, v in of_layers.items()]
    for layer in layers:
        if layer.palette not in palettes:
            raise DeclarationError(
                f"{path}: layers.{layer.id}.palette names '{layer.palette}', which is no palette in this file."
                f"{did_you_mean(layer.palette, palettes)} Palettes: {', '.join(palettes)}."
            )
    streets = parse(StreetMap, tables["street_map"], path, "street_map") if "street_map" in tables else None
    return Look(palettes, layers, streets)
