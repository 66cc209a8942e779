"""A declared index over a table: normalised indicators, component scores, a score, ranks, deciles."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue.indices import Component, Index, Indicator
from pipeline.errors import ScoringError, first
from pipeline.index.aggregate import aggregate
from pipeline.index.checks import check_method, check_table, check_varies, uses_z_scores, vector
from pipeline.index.gaps import find_missing, impute, refuse_missing
from pipeline.index.normalise import NORMALISERS
from pipeline.index.rank import TOLERANCE, deciles, rank_scores

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Scores:
    """What an index gives for some areas; every frame and series is indexed as the areas were, by area code.

    Attributes:
        normalised: one column ``<component>.<indicator column>`` per indicator, higher = more risk: 0 to ``scale``,
            or standard deviations from the reference's mean where the method is z-score.
        components: one column per component, 0 to ``scale``.
        score: 0 to ``scale``.
        rank: 1 = highest score among these areas.
        decile: 1 = the highest-scoring tenth of these areas.
        indicators_missing: the number of columns of the index without a value (before imputation).
        missing: the codes of the areas without a value, sorted, for each column that has any.
        imputed: the codes of the areas whose value was imputed, likewise.
        weights: one row per indicator, see :func:`list_weights`.
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

    Indicators are normalised against the values that ``reference`` holds, leaving out imputed ones, so the score of an
    area does not depend on which others are scored with it. Where the method is z-score, components and score are
    rescaled to 0 to ``scale`` at the end by min-max over the reference. Neither the order of rows nor that of columns
    matters, and the inputs are not changed.

    Args:
        index: what to compute.
        reference: the areas to compare with, indexed by area code, with every column of the index.
        areas: the areas to score, likewise. Values outside the range of the reference are set to its ends.

    Returns:
        The scores; ranks and deciles are among ``areas``.

    Raises:
        ScoringError: the index or the data cannot be used: a column is missing, not numeric, infinite or constant;
            a value is missing and the index says ``error``, or cannot be imputed; an area has no indicators;
            or the method is meaningless (:func:`pipeline.index.checks.check_method`). It names column and areas.

    Two indicators of four areas, the first of double weight, in the other direction the second:

    >>> import pandas as pd
    >>> from pipeline import score
    >>> from pipeline.catalogue.indices import Component, Index, Indicator
    >>> age = Component(name="age", title="Age", weight=2, indicators=(Indicator(column="share_75_plus", direction=1),))
    >>> pay = Component(name="pay", title="Pay", weight=1, indicators=(Indicator(column="income", direction=-1),))
    >>> index = Index(
    ...     id="two", title="Two", description="Old age twice, low pay once", source="invented",
    ...     normalisation="percentile", components=(age, pay),
    ... )
    >>> nation = pd.DataFrame(
    ...     {"share_75_plus": [0.05, 0.10, 0.20, 0.15], "income": [40, 30, 20, 50]},
    ...     index=["E01000001", "E01000002", "E01000003", "E01000004"],
    ... )
    >>> scores = score(index, nation)
    >>> scores.components["pay"].tolist()
    [50.0, 75.0, 100.0, 25.0]
    >>> scores.score.round(1).tolist(), scores.rank.tolist()
    ([33.3, 58.3, 100.0, 58.3], [4, 2, 1, 2])
    >>> score(index, nation, nation.loc[["E01000002"]]).score.round(1).tolist()
    [58.3]
    """
    areas = reference if areas is None else areas
    _check(index, reference, areas)
    missing = find_missing(index, areas)
    normalised = normalise(index, reference, areas)
    components = _components(index, normalised)
    total = _total(index, components)
    _refuse_empty(index, total)
    if uses_z_scores(index):
        components, total = _on_scale(index, reference, components, total)
    rank = rank_scores(total, index.ties)
    return Scores(
        normalised=normalised,
        components=components,
        score=total,
        rank=rank,
        decile=deciles(rank),
        indicators_missing=areas[list(index.columns)].isna().sum(axis=1).astype("int64").rename("indicators_missing"),
        missing=missing,
        imputed=missing if index.missing == "impute" else {},
        weights=list_weights(index),
        scale=index.scale,
    )


def list_weights(index: Index) -> pd.DataFrame:
    """The weights of ``index``, one row per indicator.

    Returns:
        ``component``, ``column``, ``direction``, ``weight`` (within the component) and ``component_weight`` (both as
        given), and ``share``: the indicator's share of the total weight, 0–1, totalling 1.
    """
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


def _check(index: Index, reference: pd.DataFrame, areas: pd.DataFrame) -> None:
    check_method(index)
    tables = {"the reference": reference} if areas is reference else {"the reference": reference, "the table": areas}
    for name, table in tables.items():
        check_table(index, table, name)
        if index.missing == "error":
            refuse_missing(index, table, name)
    for component in index.components:
        for indicator in component.indicators:
            check_varies(index, component, indicator, vector(reference[indicator.column]))


def _refuse_empty(index: Index, total: pd.Series) -> None:
    empty = total.isna().to_numpy()
    if empty.any():
        codes = sorted(total.index[empty])
        raise ScoringError(f"{index.id}: {len(codes):,} area(s) have no indicator with a value: {first(codes)}")


def normalise(index: Index, reference: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Every indicator of ``areas`` against ``reference``, one column ``<component>.<column>`` each, in order.

    Both must have passed the checks of :func:`score`.
    """
    filled = impute(index, reference, areas) if index.missing == "impute" else areas
    columns = {}
    for component in index.components:
        for indicator in component.indicators:
            normaliser = NORMALISERS[indicator.normalisation or index.normalisation]
            values, compared = vector(filled[indicator.column]), vector(reference[indicator.column])
            columns[_label(component, indicator)] = normaliser(values, compared, indicator.direction, index.scale)
    return pd.DataFrame(columns, index=areas.index)


def _components(index: Index, normalised: pd.DataFrame) -> pd.DataFrame:
    columns, values, start = {}, normalised.to_numpy(), 0
    for component in index.components:
        indicators = values[:, start : start + len(component.indicators)]
        start += len(component.indicators)
        method = component.aggregation or index.within_components
        columns[component.name] = aggregate(indicators, _weights(component.indicators), method, index.scale)
    return pd.DataFrame(columns, index=normalised.index)


def _total(index: Index, components: pd.DataFrame) -> pd.Series:
    total = aggregate(components.to_numpy(), _weights(index.components), index.aggregation, index.scale)
    return pd.Series(total, index=components.index, name="score")


def _on_scale(
    index: Index, reference: pd.DataFrame, components: pd.DataFrame, total: pd.Series
) -> tuple[pd.DataFrame, pd.Series]:
    """Components and score in standard deviations to 0–``scale``, by the ends that each has over the reference."""
    ends = _components(index, normalise(index, reference, reference))
    bounded = pd.DataFrame(
        {name: _between(index, f"component '{name}'", components[name], ends[name]) for name in components.columns}
    )
    return bounded, _between(index, "the index", total, _total(index, ends))


def _between(index: Index, what: str, values: pd.Series, reference: pd.Series) -> pd.Series:
    low, high = reference.min(), reference.max()
    if high - low <= TOLERANCE:
        raise ScoringError(
            f"{index.id}: the indicators of {what} cancel each other out: all areas score alike. Check directions."
        )
    share: pd.Series = (values - low) / (high - low)
    return share.clip(0.0, 1.0) * index.scale


def _label(component: Component, indicator: Indicator) -> str:
    return f"{component.name}.{indicator.column}"


def _weights(parts: tuple[Component, ...] | tuple[Indicator, ...]) -> Vector:
    return np.array([part.weight for part in parts], dtype="float64")
