"""The layers of the atlas: which column is shown, how, and which end is worse."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from pipeline.catalogue.reading import Declared, parse, read_toml
from pipeline.errors import DeclarationError

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]


class Palette(Declared):
    """Colours from the low to the high end of a scale, or one per category."""

    colours: tuple[Colour, ...] = Field(min_length=2)
    source: str = Field(min_length=1)


class Layer(Declared):
    """One way to colour the map.

    ``classes`` is ``decile`` (the column holds 1 to 10), ``breaks`` (the upper bounds of all classes
    but the last are in ``breaks``), ``quantiles`` or ``jenks`` (``class_count`` classes computed from
    the area's values), ``categories`` (the column holds the names in ``categories``) or ``pairs`` (the area's
    lowest, middle and highest third of ``column`` by those of ``column_by``: nine colours, ``column`` varying
    first; ``pair`` names the two).
    ``column`` may be a group of columns, as ``components:*`` or ``access:*``: one layer for each of them, ``{title}``
    and ``{why}`` taken from the index's component or from the column's title and meaning. ``categories_from``
    ``components`` takes the titles of the index's components. ``worse`` says which end means more risk, ``ends`` are
    the labels of the first and the last tenth, ``missing`` is the label of an area without a value. A layer that
    ``may_be_empty`` is left out where its column has no values.
    """

    id: str = Field(min_length=1)
    column: str = Field(min_length=1)
    title: str = Field(min_length=1)
    sentence: str = Field(min_length=1)
    group: Literal["overall", "act", "support", "components", "indicators", "context", "together"]
    unit: str = ""
    palette: str = Field(min_length=1)
    classes: Literal["decile", "breaks", "quantiles", "jenks", "categories", "pairs"]
    worse: Literal["low", "high", "neither"]
    breaks: tuple[float, ...] = ()
    class_count: int = Field(default=5, ge=2, le=9)
    categories: tuple[str, ...] = ()
    categories_from: Literal["components"] | None = None
    ends: tuple[str, str] = ("1", "10")
    may_be_empty: bool = False
    missing: str = "No data"
    decimals: int = Field(default=0, ge=0, le=4)
    percent: bool = False
    column_by: str | None = None
    pair: tuple[str, str] | None = None

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


class StreetMap(Declared):
    """A map tile server that a reader of the page may ask for; ``address`` has ``{z}``, ``{x}`` and ``{y}``."""

    address: Annotated[str, StringConstraints(pattern=r"^https?://[^/{}]+/\S*$")]
    attribution: str = Field(min_length=1)
    largest_zoom: int = Field(default=19, ge=1, le=22)
    works_from_file: bool = False

    @model_validator(mode="after")
    def _address_says_which_picture(self) -> "StreetMap":
        absent = [part for part in ("{z}", "{x}", "{y}") if part not in self.address]
        if absent:
            raise ValueError(f"address lacks {', '.join(absent)}")
        return self

    @property
    def origin(self) -> str:
        """Scheme and host of the address."""
        return "/".join(self.address.split("/")[:3])


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
    unknown = sorted(set(content) - {"palettes", "layers", "street_map"})
    if unknown:
        raise DeclarationError(f"{path}: unknown key(s) {', '.join(unknown)}. Known keys: layers, palettes, street_map")
    palettes = {k: parse(Palette, v, path, f"palettes.{k}") for k, v in content.get("palettes", {}).items()}
    layers = [parse(Layer, {"id": k, **v}, path, f"layers.{k}") for k, v in content.get("layers", {}).items()]
    for layer in layers:
        if layer.palette not in palettes:
            raise DeclarationError(
                f"{path}: layers.{layer.id}.palette names '{layer.palette}', which is no palette in this file."
            )
    streets = parse(StreetMap, content["street_map"], path, "street_map") if "street_map" in content else None
    return Look(palettes, layers, streets)
