"""A declared index over a table: normalised indicators, component scores, a score, ranks, deciles."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.catalogue.indices import Component, Index, Indicator
from pipeline.errors import ScoringError, first
from pipeline.index.aggregate import aggregate
from pipeline.index.normalise import NORMALISERS
from pipeline.index.rank import deciles, rank_scores


@dataclass(frozen=True)
class Scores:
    """What an index gives for some areas; every frame and series is indexed by area code.

    Attributes:
        normalised: one column ``<component>.<indicator column>`` per indicator, higher = more risk.
        components: one column per component, 0 to ``scale``.
        score: 0 to ``scale``.
        rank: 1 = highest score among these areas.
        decile: 1 = the highest-scoring tenth of these areas.
        indicators_missing: how many indicators of the area had no value (imputed ones count).
        missing: the areas without a value, per column that has any.
        imputed: the areas whose value was imputed, per column that has any.
        weights: per indicator its weight, its component's weight, and ``share``, its weight in the whole.
        scale: the top of the scores.
    """

    normalised: pd.DataFrame
    components: pd.DataFrame
    score: pd.Series
    rank: pd.Series
    decile: pd.Series
    indicators_missing: pd.Series
    missing: Mapping[str, tuple[str, ...]]
    imputed: Mapping[str, tuple[str, ...]]
    weights: pd.DataFrame
    scale: float


def score(index: Index, reference: pd.DataFrame, areas: pd.DataFrame | None = None) -> Scores:
    """Score ``areas`` (default: the reference itself) by ``index``.

    Args:
        reference: the areas that indicators are compared with, indexed by area code, with every column of the index.
        areas: the areas to score, likewise; their ranks and deciles are among themselves.

    Raises:
        ScoringError: a column is missing, not numeric, infinite or constant; a value is missing and the index says
            ``missing = "error"``; or an area has no indicator at all. The message names column and areas.
    """
    areas = reference if areas is None else areas
    _check_columns(index, reference)
    _check_columns(index, areas)
    missing = {c: tuple(areas.index[areas[c].isna()]) for c in index.columns if areas[c].isna().any()}
    if index.missing == "error":
        _refuse_missing(index, reference)
        _refuse_missing(index, areas)
    imputed: dict[str, tuple[str, ...]] = {}
    values = areas
    if index.missing == "impute":
        values, imputed = _impute(index, reference, areas), missing
    normalised = pd.DataFrame(
        {f"{c.name}.{i.column}": _normalise(index, c, i, reference, values) for c in index.components for i in c.indicators},
        index=areas.index,
    )
    components = _components(index, normalised)
    total = aggregate(components.to_numpy(), _weights(index.components), index.aggregation, index.scale)
    result = pd.Series(total, index=areas.index, name="score")
    if index.normalisation == "z-score":
        components, result = _bounded(index, reference, areas, components, result)
    if result.isna().any():
        raise ScoringError(f"{index.id}: no indicator has a value for {first(result.index[result.isna()])}")
    rank = rank_scores(result, index.ties)
    return Scores(
        normalised=normalised,
        components=components,
        score=result,
        rank=rank,
        decile=deciles(rank),
        indicators_missing=areas[list(index.columns)].isna().sum(axis=1).astype("int64").rename("indicators_missing"),
        missing=missing,
        imputed=imputed,
        weights=weight_table(index),
        scale=index.scale,
    )


def weight_table(index: Index) -> pd.DataFrame:
    """One row per indicator: ``component, column, direction, weight, component_weight, share`` (of the whole)."""
    total = sum(component.weight for component in index.components)
    rows = [
        {
            "component": component.name,
            "column": indicator.column,
            "direction": indicator.direction,
            "weight": indicator.weight,
            "component_weight": component.weight,
            "share": component.weight / total * indicator.weight / sum(i.weight for i in component.indicators),
        }
        for component in index.components
        for indicator in component.indicators
    ]
    return pd.DataFrame(rows)


def _weights(parts: tuple[Component, ...] | tuple[Indicator, ...]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.array([part.weight for part in parts], dtype="float64")


def _components(index: Index, normalised: pd.DataFrame) -> pd.DataFrame:
    columns = {}
    for component in index.components:
        own = normalised[[f"{component.name}.{i.column}" for i in component.indicators]]
        how = component.aggregation or index.within_components
        columns[component.name] = aggregate(own.to_numpy(), _weights(component.indicators), how, index.scale)
    return pd.DataFrame(columns, index=normalised.index)


def _normalise(
    index: Index, component: Component, indicator: Indicator, reference: pd.DataFrame, areas: pd.DataFrame
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    known = reference[indicator.column].to_numpy(dtype="float64", na_value=np.nan)
    if np.isnan(known).all() or np.nanmin(known) == np.nanmax(known):
        raise ScoringError(
            f"{index.id}: the indicator '{indicator.column}' of component '{component.name}' has the same value everywhere, "
            "so it tells no area from another. Remove it, or compare with a larger reference."
        )
    normaliser = NORMALISERS[indicator.normalisation or index.normalisation]
    values = areas[indicator.column].to_numpy(dtype="float64", na_value=np.nan)
    return normaliser(values, known, indicator.direction, index.scale)


def _bounded(
    index: Index, reference: pd.DataFrame, areas: pd.DataFrame, components: pd.DataFrame, result: pd.Series
) -> tuple[pd.DataFrame, pd.Series]:
    """z-scores have no ends: put components and score on 0 to scale by their range over the reference."""
    plain = _components(
        index,
        pd.DataFrame(
            {
                f"{c.name}.{i.column}": _normalise(index, c, i, reference, reference)
                for c in index.components
                for i in c.indicators
            },
            index=reference.index,
        ),
    )
    whole = aggregate(plain.to_numpy(), _weights(index.components), index.aggregation, index.scale)
    low, high = plain.min(), plain.max()
    bounded = ((components - low) / (high - low)).clip(0, 1) * index.scale
    span = np.nanmax(whole) - np.nanmin(whole)
    return bounded, (((result - np.nanmin(whole)) / span).clip(0, 1) * index.scale).reindex(areas.index)


def _check_columns(index: Index, frame: pd.DataFrame) -> None:
    absent = [column for column in index.columns if column not in frame.columns]
    if absent:
        raise ScoringError(f"{index.id}: the table has no column {', '.join(absent)}. It has: {first(sorted(frame.columns), 60)}")
    for column in index.columns:
        values = frame[column]
        if not pd.api.types.is_numeric_dtype(values.dtype):
            raise ScoringError(f"{index.id}: the column '{column}' holds {values.dtype}, an indicator must hold numbers.")
        infinite = np.isinf(values.to_numpy(dtype="float64", na_value=np.nan))
        if infinite.any():
            raise ScoringError(f"{index.id}: the column '{column}' is infinite for {first(frame.index[infinite])}")


def _refuse_missing(index: Index, frame: pd.DataFrame) -> None:
    faults = [
        f"  {column}: {int(frame[column].isna().sum()):,} area(s): {first(frame.index[frame[column].isna()])}"
        for column in index.columns
        if frame[column].isna().any()
    ]
    if faults:
        raise ScoringError(
            "\n".join(
                [
                    f"{index.id}: values are missing, and the index says missing = \"error\":",
                    *faults,
                    '  Complete the source, or choose missing = "reweight" or "impute" in the index file.',
                ]
            )
        )


def _impute(index: Index, reference: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Missing values replaced by the median of the area's class over the reference."""
    by = str(index.impute_by)
    if by not in areas.columns or by not in reference.columns:
        raise ScoringError(f"{index.id}: impute_by names '{by}', which is no column of the table.")
    result = areas.copy()
    for column in index.columns:
        gaps = areas[column].isna()
        if not gaps.any():
            continue
        medians = reference.groupby(by)[column].median()
        filled = areas.loc[gaps, by].map(medians)
        if filled.isna().any():
            raise ScoringError(
                f"{index.id}: '{column}' cannot be imputed: no area of the same '{by}' has a value, "
                f"for {first(filled.index[filled.isna()])}"
            )
        result[column] = result[column].astype("float64").where(~gaps, areas[by].map(medians))
    return result
