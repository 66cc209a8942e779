"""The layers of the atlas: which column is shown, how, and which end is worse."""

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
    the area's values) or ``categories`` (the column holds the names in ``categories``).
    ``column`` may end in ``*``: one layer per matching column, ``{title}`` and ``{why}`` taken from
    the index's component. ``worse`` says which end means more risk.
    """

    id: str = Field(min_length=1)
    column: str = Field(min_length=1)
    title: str = Field(min_length=1)
    sentence: str = Field(min_length=1)
    group: Literal["overall", "components", "indicators", "context"]
    unit: str = ""
    palette: str = Field(min_length=1)
    classes: Literal["decile", "breaks", "quantiles", "jenks", "categories"]
    worse: Literal["low", "high", "neither"]
    breaks: tuple[float, ...] = ()
    class_count: int = Field(default=5, ge=2, le=9)
    categories: tuple[str, ...] = ()
    decimals: int = Field(default=0, ge=0, le=4)
    percent: bool = False

    @model_validator(mode="after")
    def _classes_have_what_they_need(self) -> "Layer":
        if (self.classes == "breaks") != bool(self.breaks):
            raise ValueError("classes = 'breaks' and breaks = [...] go together")
        if list(self.breaks) != sorted(set(self.breaks)):
            raise ValueError("breaks must rise")
        if (self.classes == "categories") != bool(self.categories):
            raise ValueError("classes = 'categories' and categories = [...] go together")
        return self


def read_layers(path: Path) -> tuple[dict[str, Palette], list[Layer]]:
    """The declared palettes by name and the layers in the order they are offered.

    Raises:
        DeclarationError: a fault in the file, or a layer with an unknown palette.
    """
    content = read_toml(path)
    unknown = sorted(set(content) - {"palettes", "layers"})
    if unknown:
        raise DeclarationError(f"{path}: unknown key(s) {', '.join(unknown)}. Known keys: layers, palettes")
    palettes = {k: parse(Palette, v, path, f"palettes.{k}") for k, v in content.get("palettes", {}).items()}
    layers = [parse(Layer, {"id": k, **v}, path, f"layers.{k}") for k, v in content.get("layers", {}).items()]
    for layer in layers:
        if layer.palette not in palettes:
            raise DeclarationError(
                f"{path}: layers.{layer.id}.palette names '{layer.palette}', which is no palette here."
            )
    return palettes, layers
