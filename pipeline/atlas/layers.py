"""Declared layers, resolved against a table: their classes, colours and the class of each area."""

from dataclasses import dataclass, replace
from itertools import pairwise

import mapclassify
import numpy as np
import pandas as pd

from pipeline.catalogue import Index, Layer, Palette
from pipeline.errors import DeclarationError

NO_DATA = 255
"""The class of an area without a value."""


@dataclass(frozen=True)
class Class:
    """One entry of a legend."""

    label: str
    colour: str


@dataclass(frozen=True)
class Coloured:
    """A layer with its legend, worst end first where there is one, and the class number of each area."""

    layer: Layer
    classes: tuple[Class, ...]
    of_area: "np.ndarray[tuple[int], np.dtype[np.uint8]]"


def expand(layers: list[Layer], index: Index) -> list[Layer]:
    """``layers`` with ``component_*`` replaced by one layer for each component of ``index``."""
    result = []
    for layer in layers:
        if not layer.column.endswith("*"):
            result.append(layer)
            continue
        for component in index.components:
            column = layer.column.removesuffix("*") + component.name
            words = {"title": component.title, "why": component.why}
            sentence = layer.sentence.format(**words).strip()
            result.append(
                layer.model_copy(
                    update={"id": column, "column": column, "title": layer.title.format(**words), "sentence": sentence}
                )
            )
    return result


def colour(layer: Layer, palette: Palette, frame: pd.DataFrame) -> Coloured:
    """Classes, colours and the class of each row of ``frame``.

    Raises:
        DeclarationError: the column is not in the table, or holds what the layer does not declare.
    """
    if layer.column not in frame.columns:
        raise DeclarationError(
            f"declared/layers.toml: layers.{layer.id}.column '{layer.column}' is no column of the table."
        )
    values = frame[layer.column]
    if layer.classes == "categories":
        return _categories(layer, palette, values)
    if layer.classes == "decile":
        labels = [str(decile) for decile in range(1, 11)]
        labels[0], labels[-1] = _end_labels(layer)
        classes = (values - 1).to_numpy(dtype="float64", na_value=np.nan)
    else:
        bounds = _bounds(layer, values)
        labels = _range_labels(layer, bounds, values)
        number = values.to_numpy(dtype="float64", na_value=np.nan)
        classes = np.where(np.isnan(number), np.nan, np.searchsorted(bounds, number, side="left"))
    coloured = _coloured(layer, palette, labels, classes)
    return _worst_first(coloured) if layer.worse == "high" else coloured


def _end_labels(layer: Layer) -> tuple[str, str]:
    words = {"risk": ("1 – most at risk", "10 – least at risk")}.get(
        layer.palette, ("1 – most deprived", "10 – least deprived")
    )
    return words if layer.worse == "low" else ("1 – lowest", "10 – highest")


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
    order = {name: number for number, name in enumerate(layer.categories)}
    classes = np.asarray(values.map(order), dtype=np.float64)
    return _coloured(layer, palette, list(layer.categories), classes)


def _coloured(
    layer: Layer,
    palette: Palette,
    labels: list[str],
    classes: "np.ndarray[tuple[int], np.dtype[np.float64]]",
) -> Coloured:
    if len(labels) > len(palette.colours):
        raise DeclarationError(
            f"declared/layers.toml: layers.{layer.id} has {len(labels)} classes, palette '{layer.palette}' "
            f"has {len(palette.colours)} colours."
        )
    steps = np.linspace(0, len(palette.colours) - 1, max(len(labels), 2)).round().astype(int)
    colours = [palette.colours[step] for step in steps][: len(labels)]
    if layer.worse == "low":
        colours.reverse()
    of_area = np.where(np.isnan(classes), NO_DATA, classes).astype("uint8")
    return Coloured(layer, tuple(Class(*pair) for pair in zip(labels, colours, strict=True)), of_area)


def _worst_first(coloured: Coloured) -> Coloured:
    last = len(coloured.classes) - 1
    flipped = np.where(coloured.of_area == NO_DATA, NO_DATA, last - np.minimum(coloured.of_area, last)).astype("uint8")
    return replace(coloured, classes=coloured.classes[::-1], of_area=flipped)
