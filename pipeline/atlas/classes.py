"""The classes and colours of a layer on the areas of a table."""

import warnings
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.atlas.contract import LayerInfo, LegendClass
from pipeline.catalogue import Layer, Palette
from pipeline.errors import DeclarationError, did_you_mean

Numbers = npt.NDArray[np.float64]
THIRDS = ("lowest", "middle", "highest")


def colour(layer: Layer, palette: Palette, table: pd.DataFrame) -> LayerInfo:
    """``layer`` with its legend, worst end first where there is one, on the areas of ``table``.

    Raises:
        DeclarationError: the column is not in the table, or holds what the layer does not declare.
    """
    for key, column in (("column", layer.column), ("column_by", layer.column_by)):
        if column is not None and column not in table.columns:
            raise DeclarationError(
                f"declared/layers.toml: layers.{layer.id}.{key} '{column}' is no column of the table."
                f"{did_you_mean(column, map(str, table.columns))}"
            )
    values = table[layer.column]
    if layer.classes == "categories":
        return _categories(layer, palette, values)
    if layer.classes == "pairs":
        return _pairs(layer, palette, table)
    if layer.classes == "decile":
        labels = [str(decile) for decile in range(1, 11)]
        labels[0], labels[-1] = layer.ends
        bounds = np.arange(1.0, 10.0)
    else:
        bounds = _bounds(layer, values)
        labels = _range_labels(layer, bounds, values)
    classes = _legend(layer, palette, labels)
    if layer.worse == "high":
        return _shown(layer, "range", classes[::-1], bounds.tolist(), descending=True)
    return _shown(layer, "range", classes, bounds.tolist())


def _shown(
    layer: Layer,
    kind: Literal["range", "categories", "pairs"],
    classes: Sequence[LegendClass],
    bounds: Sequence[float] = (),
    bounds_by: Sequence[float] = (),
    *,
    descending: bool = False,
) -> LayerInfo:
    return LayerInfo(
        id=layer.id,
        column=layer.column,
        title=layer.title,
        sentence=layer.sentence,
        group=layer.group,
        unit=layer.unit,
        worse=layer.worse,
        missing=layer.missing,
        column_by=layer.column_by,
        pair=layer.pair,
        kind=kind,
        classes=tuple(classes),
        bounds=tuple(bounds),
        bounds_by=tuple(bounds_by),
        descending=descending,
    )


def _bounds(layer: Layer, values: "pd.Series[float]") -> Numbers:
    """The upper bounds of all classes but the last."""
    if layer.classes == "breaks":
        return np.array(layer.breaks, dtype="float64")
    present: Numbers = np.asarray(values.dropna(), dtype=np.float64)
    count = min(layer.class_count, len(np.unique(present)))
    if count < 2:
        return np.array([], dtype="float64")
    tops = quantiles(present, count) if layer.classes == "quantiles" else _jenks(present, count)
    bounds = np.unique(tops)[:-1]
    if layer.round_to is None:
        return bounds
    rounded = np.unique(np.floor(bounds / layer.round_to + 0.5) * layer.round_to)
    # A bound that no value lies above, or below, would leave a class empty.
    between = rounded[(rounded >= present.min()) & (rounded < present.max())]
    return between if len(between) else bounds


def quantiles(values: Numbers, count: int) -> Numbers:
    """The upper bounds of classes that hold equal numbers of ``values``, the last included.

    A bound that falls between two values is interpolated: the definition, to the last bit, of
    ``mapclassify.Quantiles``, which takes longer to import than an area takes to draw. Bounds that ties make equal are
    given once.
    """
    ordered = np.sort(values)
    width = 100.0 / count
    percent = np.minimum(np.arange(width, 100 + width, width), 100.0)
    place = percent / 100.0 * (len(ordered) - 1)
    below = place.astype(np.int64)
    above = np.minimum(below + 1, len(ordered) - 1)
    near, far = below + 1 - place, place - below
    between = (ordered[below] * near + ordered[above] * far) / (near + far)
    bounds: Numbers = np.unique(np.where(far == 0, ordered[below], between))
    return bounds


def _jenks(values: Numbers, count: int) -> Numbers:
    # Imported only here: it brings scikit-learn, and few maps have a layer that needs it.
    import mapclassify

    with warnings.catch_warnings():
        # It suggests a faster package that nothing else here needs.
        warnings.filterwarnings("ignore", message="Numba not installed")
        bounds: Numbers = mapclassify.FisherJenks(values, k=count).bins.astype("float64")
    return bounds


def _range_labels(layer: Layer, bounds: Numbers, values: "pd.Series[float]") -> list[str]:
    def text(number: float) -> str:
        return f"{100 * number:.{layer.decimals}f}%" if layer.percent else f"{number:,.{layer.decimals}f}"

    if not len(bounds):
        return [f"all: {text(float(values.dropna().iloc[0]))}" if values.notna().any() else "no values"]
    between = [f"over {text(low)} to {text(high)}" for low, high in pairwise(bounds)]
    return [f"up to {text(bounds[0])}", *between, f"over {text(bounds[-1])}"]


def _categories(layer: Layer, palette: Palette, values: "pd.Series[str]") -> LayerInfo:
    surplus = sorted(set(values.dropna().unique()) - set(layer.categories))
    if surplus:
        raise DeclarationError(
            f"declared/layers.toml: layers.{layer.id}.categories lacks value(s) that the table holds: "
            f"{', '.join(surplus)}"
        )
    return _shown(layer, "categories", _legend(layer, palette, layer.categories))


def _pairs(layer: Layer, palette: Palette, table: pd.DataFrame) -> LayerInfo:
    if len(palette.colours) != len(THIRDS) ** 2:
        raise DeclarationError(
            f"declared/layers.toml: layers.{layer.id} shows pairs and needs nine colours; palette '{layer.palette}' "
            f"has {len(palette.colours)}."
        )
    bounds, bounds_by = (_thirds(table[str(column)]) for column in (layer.column, layer.column_by))
    first, second = layer.pair or ("", "")
    labels = [f"{first}: {third} third, {second}: {by} third" for by in THIRDS for third in THIRDS]
    classes = [LegendClass(label=label, colour=c) for label, c in zip(labels, palette.colours, strict=True)]
    return _shown(layer, "pairs", classes[::-1], bounds, bounds_by, descending=True)


def _thirds(values: "pd.Series[float]") -> tuple[float, float]:
    low, high = np.nanquantile(values.to_numpy(dtype="float64", na_value=np.nan), [1 / 3, 2 / 3])
    return float(low), float(high)


def spread(colours: Sequence[str], count: int) -> list[str]:
    """``count`` of the colours, evenly from the first to the last."""
    steps = np.linspace(0, len(colours) - 1, max(count, 2)).round().astype(int)
    return [colours[step] for step in steps][:count]


def _legend(layer: Layer, palette: Palette, labels: Sequence[str]) -> list[LegendClass]:
    """A class for each label, in colours spread over the palette, its strong end at the higher risk."""
    if len(labels) > len(palette.colours):
        raise DeclarationError(
            f"declared/layers.toml: layers.{layer.id} has {len(labels)} classes, palette '{layer.palette}' "
            f"has {len(palette.colours)} colours."
        )
    colours = spread(palette.colours, len(labels))
    if layer.worse == "low":
        colours.reverse()
    return [LegendClass(label=label, colour=colour) for label, colour in zip(labels, colours, strict=True)]
