"""Declared layers, resolved against a table: their classes, colours and the class of each area."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import mapclassify
import numpy as np
import pandas as pd

from pipeline.catalogue import Index, Layer, Palette
from pipeline.errors import DeclarationError
from pipeline.tables import Column

NO_DATA = 255
"""The class of an area without a value."""


@dataclass(frozen=True)
class Class:
    """One entry of a legend."""

    label: str
    colour: str


@dataclass(frozen=True)
class Coloured:
    """A layer with its legend, worst end first where there is one, and how a value finds its class.

    ``kind`` is ``range`` (``bounds`` are the upper bounds of all classes but the last, each belonging to the class
    below), ``categories`` (classes are the layer's categories) or ``pairs`` (thirds of two columns, ``bounds`` and
    ``bounds_by``). ``descending``: the classes stand from high to low.
    """

    layer: Layer
    classes: tuple[Class, ...]
    kind: Literal["range", "categories", "pairs"]
    bounds: tuple[float, ...] = ()
    bounds_by: tuple[float, ...] = ()
    descending: bool = False

    def of_area(self, frame: pd.DataFrame) -> "np.ndarray[tuple[int], np.dtype[np.uint8]]":
        """The class of each row of ``frame``, ``NO_DATA`` where there is no value."""
        values = frame[self.layer.column]
        if self.kind == "categories":
            order = {name: number for number, name in enumerate(self.layer.categories)}
            return _numbered(np.asarray(values.map(order), dtype=np.float64))
        classes = _place(values, self.bounds)
        if self.kind == "pairs":
            classes = classes + 3 * _place(frame[str(self.layer.column_by)], self.bounds_by)
        return _numbered(len(self.classes) - 1 - classes if self.descending else classes)


def _place(values: pd.Series, bounds: tuple[float, ...]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    number = values.to_numpy(dtype="float64", na_value=np.nan)
    return np.where(np.isnan(number), np.nan, np.searchsorted(bounds, number, side="left"))


def _numbered(
    classes: "np.ndarray[tuple[int], np.dtype[np.float64]]",
) -> "np.ndarray[tuple[int], np.dtype[np.uint8]]":
    return np.where(np.isnan(classes), NO_DATA, classes).astype("uint8")


def expand(
    layers: Sequence[Layer], index: Index, nation: str, columns: Sequence[Column], frame: pd.DataFrame
) -> list[Layer]:
    """``layers`` as this table has them, the nation named.

    A column that ends in ``*`` becomes one layer for each component of ``index`` (``component_*``), or for each of
    ``columns`` that begins so. Layers that may be empty, and are in ``frame``, are left out.
    """
    result = []
    for layer in (_named(layer, nation) for layer in layers):
        if layer.categories_from == "components":
            titles = tuple(component.title for component in index.components)
            layer = layer.model_copy(update={"categories": titles})
        matching = _matching(layer, index, columns) if layer.column.endswith("*") else [layer]
        result += [one for one in matching if not (one.may_be_empty and _is_empty(frame, one.column))]
    return result


def _matching(layer: Layer, index: Index, columns: Sequence[Column]) -> list[Layer]:
    start = layer.column.removesuffix("*")
    if start == "component_":
        named = [(f"{start}{c.name}", c.title, c.why) for c in index.components]
    else:
        named = [(c.name, c.title, c.description) for c in columns if c.name.startswith(start)]
    return [
        layer.model_copy(
            update={
                "id": column,
                "column": column,
                "title": layer.title.format(title=title, why=why),
                "sentence": layer.sentence.format(title=title, why=why).strip(),
            }
        )
        for column, title, why in named
    ]


def _is_empty(frame: pd.DataFrame, column: str) -> bool:
    return column not in frame.columns or not frame[column].notna().any()


def _named(layer: Layer, nation: str) -> Layer:
    texts = {key: getattr(layer, key).replace("{nation}", nation) for key in ("title", "sentence", "unit")}
    return layer.model_copy(update=texts)


def colour(layer: Layer, palette: Palette, frame: pd.DataFrame) -> Coloured:
    """The classes and colours of ``layer`` on the areas of ``frame``.

    Raises:
        DeclarationError: the column is not in the table, or holds what the layer does not declare.
    """
    for key, column in (("column", layer.column), ("column_by", layer.column_by)):
        if column is not None and column not in frame.columns:
            raise DeclarationError(
                f"declared/layers.toml: layers.{layer.id}.{key} '{column}' is no column of the table."
            )
    values = frame[layer.column]
    if layer.classes == "categories":
        return _categories(layer, palette, values)
    if layer.classes == "pairs":
        return _pairs(layer, palette, frame)
    if layer.classes == "decile":
        labels = [str(decile) for decile in range(1, 11)]
        labels[0], labels[-1] = layer.ends
        bounds = np.arange(1.0, 10.0)
    else:
        bounds = _bounds(layer, values)
        labels = _range_labels(layer, bounds, values)
    classes = _classes(layer, palette, labels)
    down = layer.worse == "high"
    return Coloured(layer, classes[::-1] if down else classes, "range", bounds=tuple(bounds.tolist()), descending=down)


def _bounds(layer: Layer, values: pd.Series) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    if layer.classes == "breaks":
        return np.array(layer.breaks, dtype="float64")
    present = values.dropna().to_numpy(dtype="float64")
    count = min(layer.class_count, len(np.unique(present)))
    if count < 2:
        return np.array([], dtype="float64")
    scheme = mapclassify.Quantiles if layer.classes == "quantiles" else mapclassify.FisherJenks
    return np.unique(scheme(present, k=count).bins)[:-1].astype("float64")


def _range_labels(layer: Layer, bounds: "np.ndarray[tuple[int], np.dtype[np.float64]]", values: pd.Series) -> list[str]:
    def text(number: float) -> str:
        return f"{100 * number:.{layer.decimals}f}%" if layer.percent else f"{number:,.{layer.decimals}f}"

    if not len(bounds):
        return [f"all: {text(float(values.dropna().iloc[0]))}" if values.notna().any() else "no values"]
    middle = [f"over {text(low)} to {text(high)}" for low, high in pairwise(bounds)]
    return [f"up to {text(bounds[0])}", *middle, f"over {text(bounds[-1])}"]


def _categories(layer: Layer, palette: Palette, values: pd.Series) -> Coloured:
    surplus = sorted(set(values.dropna()) - set(layer.categories))
    if surplus:
        raise DeclarationError(
            f"declared/layers.toml: layers.{layer.id}.categories lacks value(s) that the table holds: "
            f"{', '.join(surplus)}"
        )
    return Coloured(layer, _classes(layer, palette, list(layer.categories)), "categories")


THIRDS = ("lowest", "middle", "highest")


def _pairs(layer: Layer, palette: Palette, frame: pd.DataFrame) -> Coloured:
    if len(palette.colours) != len(THIRDS) ** 2:
        raise DeclarationError(
            f"declared/layers.toml: layers.{layer.id} shows pairs and needs nine colours; palette '{layer.palette}' "
            f"has {len(palette.colours)}."
        )
    bounds, bounds_by = (_thirds(frame[str(column)]) for column in (layer.column, layer.column_by))
    own_name, by_name = layer.pair or ("", "")
    labels = [f"{own_name}: {own} third, {by_name}: {by} third" for by in THIRDS for own in THIRDS]
    classes = tuple(Class(*pair) for pair in zip(labels, palette.colours, strict=True))
    return Coloured(layer, classes[::-1], "pairs", bounds=bounds, bounds_by=bounds_by, descending=True)


def _thirds(values: pd.Series) -> tuple[float, float]:
    low, high = np.nanquantile(values.to_numpy(dtype="float64", na_value=np.nan), [1 / 3, 2 / 3])
    return float(low), float(high)


def _classes(layer: Layer, palette: Palette, labels: list[str]) -> tuple[Class, ...]:
    if len(labels) > len(palette.colours):
        raise DeclarationError(
            f"declared/layers.toml: layers.{layer.id} has {len(labels)} classes, palette '{layer.palette}' "
            f"has {len(palette.colours)} colours."
        )
    steps = np.linspace(0, len(palette.colours) - 1, max(len(labels), 2)).round().astype(int)
    colours = [palette.colours[step] for step in steps][: len(labels)]
    if layer.worse == "low":
        colours.reverse()
    return tuple(Class(*pair) for pair in zip(labels, colours, strict=True))
