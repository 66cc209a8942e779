"""What makes an index impossible to compute, refused by name before anything is computed."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue.indices import Component, Index, Indicator
from pipeline.errors import ScoringError, first

Vector = NDArray[np.float64]

SAME = 1e-12
"""An indicator whose range is less than this share of its largest value is constant apart from floating-point noise."""

ROUNDING = 1e-9
"""How far weights that should total 1 may exceed it."""


def normalisation_of(index: Index, indicator: Indicator) -> str:
    """The normalisation of the indicator, or else that of the index."""
    return indicator.normalisation or index.normalisation


def aggregation_of(index: Index, component: Component) -> str:
    """The aggregation of the component, or else that of the index for its components."""
    return component.aggregation or index.within_components


def uses_z_scores(index: Index) -> bool:
    """Whether all its indicators are normalised to z-scores (:func:`check_method` refuses a mixture)."""
    return normalisation_of(index, index.components[0].indicators[0]) == "z-score"


def check_method(index: Index) -> None:
    """Refuse a method whose score would be meaningless or have no scale.

    Raises:
        ScoringError: a component names a column twice; z-scores are mixed with other normalisations or averaged
            geometrically; or the weights of a weighted sum total more than 1.
    """
    for component in index.components:
        columns = [indicator.column for indicator in component.indicators]
        twice = sorted({column for column in columns if columns.count(column) > 1})
        if twice:
            raise ScoringError(
                f"{index.id}: the component '{component.name}' names {', '.join(twice)} twice. "
                "Give it one weight instead."
            )
    _check_z_scores(index)
    if uses_z_scores(index):
        return
    for component in index.components:
        if aggregation_of(index, component) == "weighted-sum":
            _check_total(index, f"the indicators of component '{component.name}'", component.indicators)
    if index.aggregation == "weighted-sum":
        _check_total(index, "the components", index.components)


def _check_z_scores(index: Index) -> None:
    used = sorted({normalisation_of(index, i) for c in index.components for i in c.indicators})
    if "z-score" not in used:
        return
    if len(used) > 1:
        raise ScoringError(
            f"{index.id}: it mixes {' and '.join(used)}, but z-scores are in standard deviations and the others "
            f"from 0 to {index.scale:g}, so they cannot be averaged. Use z-score for every indicator or for none."
        )
    if "geometric" in {index.aggregation, *(aggregation_of(index, c) for c in index.components)}:
        raise ScoringError(
            f"{index.id}: a geometric mean needs scores that are not negative, and half of all z-scores are. "
            "Choose another normalisation, or the arithmetic mean."
        )


def _check_total(index: Index, what: str, parts: tuple[Component, ...] | tuple[Indicator, ...]) -> None:
    total = sum(part.weight for part in parts)
    if total > 1 + ROUNDING:
        raise ScoringError(
            f"{index.id}: a weighted sum takes weights as given, and those of {what} total {total:g}, so that scores "
            f"would exceed {index.scale:g}. Let them total 1 or less, or use the arithmetic mean, which rescales them."
        )


def check_table(index: Index, frame: pd.DataFrame, name: str) -> None:
    """Refuse a table that lacks what the index reads; ``name`` is its name in messages.

    Raises:
        ScoringError: it has no rows or repeats an area code; a column is missing, not numeric, or infinite.
    """
    if frame.empty:
        raise ScoringError(f"{index.id}: {name} has no areas to score.")
    if not frame.index.is_unique:
        repeated = frame.index[frame.index.duplicated()].unique()
        raise ScoringError(f"{index.id}: {name} has more than one row for {first(repeated)}")
    absent = [column for column in index.columns if column not in frame.columns]
    if absent:
        raise ScoringError(
            f"{index.id}: {name} has no column {', '.join(absent)}. It has: "
            f"{first(sorted(map(str, frame.columns)), 60)}"
        )
    for column in index.columns:
        _check_numbers(index, frame[column], name)


def _check_numbers(index: Index, column: pd.Series, name: str) -> None:
    if not pd.api.types.is_numeric_dtype(column.dtype):
        raise ScoringError(
            f"{index.id}: the column '{column.name}' of {name} holds {column.dtype}; an indicator must hold numbers."
        )
    infinite = np.isinf(vector(column))
    if infinite.any():
        raise ScoringError(
            f"{index.id}: the column '{column.name}' of {name} is infinite for {int(infinite.sum()):,} area(s): "
            f"{first(column.index[infinite])}"
        )


def check_varies(index: Index, component: Component, indicator: Indicator, reference: Vector) -> None:
    """Refuse an indicator that does not distinguish areas of the reference.

    Raises:
        ScoringError: it has no values, or the same value everywhere.
    """
    which = f"{index.id}: the indicator '{indicator.column}' of component '{component.name}'"
    present = reference[~np.isnan(reference)]
    if not len(present):
        raise ScoringError(f"{which} has no value for any area of the reference. Complete its source, or remove it.")
    if np.ptp(present) <= SAME * np.abs(present).max():
        raise ScoringError(
            f"{which} is {present[0]:g} everywhere in the reference, so it does not distinguish areas. "
            "Remove it, or compare with a larger reference."
        )


def vector(column: pd.Series) -> Vector:
    """The column's numbers, whatever its numeric type; missing values as NaN."""
    return column.to_numpy(dtype="float64", na_value=np.nan)
