"""Plausible indices: the declared one with other weights, another normalisation, another mean, errors in its data.

Everything that does not depend on the weights is computed once (:func:`prepare`), so that one more index costs a few
weighted means and a sort. The normalisations and means are those of the engine.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue import Index, Uncertainty
from pipeline.catalogue.indices import Aggregation, Normalisation
from pipeline.catalogue.uncertainty import Noise
from pipeline.index.aggregate import aggregate
from pipeline.index.checks import vector
from pipeline.index.engine import normalise
from pipeline.index.gaps import impute
from pipeline.index.normalise import NORMALISERS
from pipeline.index.rank import places_by_code, rank_values

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Noisy:
    """An indicator whose values are drawn: its place among the indicators, its values, and those it is compared with.

    ``deviations`` are standard deviations, one for each area, in the unit of the column.
    """

    place: int
    values: Vector
    reference: Vector
    deviations: Vector
    direction: int


@dataclass(frozen=True)
class Scheme:
    """One normalisation of all indicators: areas × indicators, from 0 to the index's scale.

    ``used`` names the normalisation of each indicator. z-scores (``standardised``) lie on that scale by one linear map
    for all indicators, ``low`` to ``high`` standard deviations, which changes no ranking and allows geometric
    means of them.
    """

    title: str
    values: Matrix
    used: tuple[Normalisation, ...]
    standardised: bool
    low: float = 0.0
    high: float = 1.0


@dataclass(frozen=True)
class Prepared:
    """The areas' indicators by every normalisation, and the means that are tried; those of the index come first."""

    index: Index
    codes: pd.Index
    places: NDArray[np.int64]
    schemes: tuple[Scheme, ...]
    aggregations: tuple[Aggregation, ...]
    noisy: tuple[Noisy, ...]

    @property
    def starts(self) -> list[int]:
        """The place of each component's first indicator."""
        sizes = [len(component.indicators) for component in self.index.components]
        return [0, *np.cumsum(sizes)[:-1].tolist()]


@dataclass(frozen=True)
class Choice:
    """One plausible index: the weights of components and of their indicators, and which alternatives it uses."""

    components: Vector
    within: tuple[Vector, ...]
    scheme: int = 0
    aggregation: int = 0
    noise: int | None = None


@dataclass(frozen=True)
class Choices:
    """Many :class:`Choice`, one in each row."""

    components: Matrix
    within: tuple[Matrix, ...]
    scheme: NDArray[np.int64]
    aggregation: NDArray[np.int64]
    noise: NDArray[np.int64] | None

    def __len__(self) -> int:
        return len(self.scheme)

    def __getitem__(self, row: int) -> Choice:
        return Choice(
            self.components[row],
            tuple(weights[row] for weights in self.within),
            int(self.scheme[row]),
            int(self.aggregation[row]),
            None if self.noise is None else int(self.noise[row]),
        )

    def __iter__(self) -> Iterator[Choice]:
        return (self[row] for row in range(len(self)))


def prepare(index: Index, reference: pd.DataFrame, areas: pd.DataFrame, uncertainty: Uncertainty) -> Prepared:
    """The indicators of ``areas`` under every normalisation of ``uncertainty``, each against ``reference``.

    It must be possible to score the index on the tables (:func:`pipeline.index.score`).
    """
    declared = {indicator.normalisation or index.normalisation for c in index.components for indicator in c.indicators}
    others = [other for other in dict.fromkeys(uncertainty.normalisation.others) if declared != {other}]
    schemes = [
        _scheme(index, "as declared" if len(declared) > 1 else min(declared), reference, areas),
        *(_scheme(_all_by(index, other), other, reference, areas) for other in others),
    ]
    return Prepared(
        index,
        areas.index,
        places_by_code(areas.index),
        tuple(schemes),
        _aggregations(index.aggregation, uncertainty.aggregation.others),
        tuple(_noisy(index, reference, areas, uncertainty.noise)),
    )


def _aggregations(declared: Aggregation, others: Sequence[Aggregation]) -> tuple[Aggregation, ...]:
    """That of the index comes first. A weighted sum ranks like the arithmetic mean, so only one of them is tried."""
    alike = {"arithmetic", "weighted-sum"}
    apart = [other for other in dict.fromkeys(others) if other != declared and not {declared, other} <= alike]
    if {"arithmetic", "weighted-sum"} <= set(apart):
        apart.remove("weighted-sum")
    return (declared, *apart)


def _all_by(index: Index, normalisation: Normalisation) -> Index:
    """``index`` with all its indicators normalised alike."""
    components = tuple(
        component.model_copy(
            update={"indicators": tuple(i.model_copy(update={"normalisation": None}) for i in component.indicators)}
        )
        for component in index.components
    )
    return index.model_copy(update={"normalisation": normalisation, "components": components})


def _scheme(index: Index, title: str, reference: pd.DataFrame, areas: pd.DataFrame) -> Scheme:
    used = tuple(i.normalisation or index.normalisation for c in index.components for i in c.indicators)
    # Means are taken over columns, so each column is kept together in memory.
    values = np.asfortranarray(normalise(index, reference, areas).to_numpy())
    if "z-score" not in used:
        return Scheme(title, values, used, standardised=False)
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    return Scheme(title, (values - low) / (high - low) * index.scale, used, standardised=True, low=low, high=high)


def _noisy(index: Index, reference: pd.DataFrame, areas: pd.DataFrame, declared: Sequence[Noise]) -> Iterator[Noisy]:
    noise_of = {noise.column: noise for noise in declared}
    values = impute(index, reference, areas) if index.missing == "impute" and noise_of else areas
    indicators = [indicator for component in index.components for indicator in component.indicators]
    for place, indicator in enumerate(indicators):
        noise = noise_of.get(indicator.column)
        if noise is None:
            continue
        observed = vector(values[indicator.column])
        if noise.standard_deviation is not None:
            deviations = np.full(len(observed), noise.standard_deviation)
        else:
            deviations = np.abs(observed) * float(noise.relative_standard_deviation or 0.0)
        yield Noisy(place, observed, vector(reference[indicator.column]), deviations, indicator.direction)


def declared_choice(index: Index) -> Choice:
    """The index as declared."""
    return Choice(
        np.array([component.weight for component in index.components]),
        tuple(np.array([i.weight for i in component.indicators]) for component in index.components),
    )


def draw_choices(prepared: Prepared, uncertainty: Uncertainty, count: int, seed: int) -> Choices:
    """``count`` plausible indices; a seed gives the same ones whatever else is drawn."""
    index = prepared.index
    seeds = np.random.SeedSequence(seed).spawn(5)
    generators = [np.random.default_rng(child) for child in seeds]
    nominal = declared_choice(index)
    return Choices(
        _dirichlet(generators[0], nominal.components, uncertainty.weights.components, count),
        tuple(_dirichlet(generators[1], w, uncertainty.weights.within_components, count) for w in nominal.within),
        generators[2].integers(len(prepared.schemes), size=count),
        generators[3].integers(len(prepared.aggregations), size=count),
        generators[4].integers(2**31, size=count) if prepared.noisy else None,
    )


def _dirichlet(generator: np.random.Generator, weights: Vector, concentration: float, count: int) -> Matrix:
    """``count`` sets of weights around ``weights``, each with the same total."""
    if np.isinf(concentration) or len(weights) == 1:
        return np.tile(weights, (count, 1))
    total = weights.sum()
    drawn: Matrix = generator.dirichlet(concentration * weights / total, size=count) * total
    return drawn


@dataclass(frozen=True)
class WeightDrawn:
    """One weight as a share of all weights of its level: as declared, and the range of 90% of the draws.

    ``column`` is None for the weight of a component.
    """

    component: str
    column: str | None
    given: float
    p05: float
    p95: float


def summarise_weights(prepared: Prepared, choices: Choices) -> list[WeightDrawn]:
    """Every component's weight, then every weight within the components that have several indicators."""
    nominal, components = declared_choice(prepared.index), prepared.index.components
    result = _ends([(component.name, None) for component in components], nominal.components, choices.components)
    for place, component in enumerate(components):
        if len(component.indicators) > 1:
            names = [(component.name, indicator.column) for indicator in component.indicators]
            result += _ends(names, nominal.within[place], choices.within[place])
    return result


def _ends(names: Sequence[tuple[str, str | None]], weights: Vector, drawn: Matrix) -> list[WeightDrawn]:
    shares = weights / weights.sum()
    low, high = np.quantile(drawn / drawn.sum(axis=1, keepdims=True), [0.05, 0.95], axis=0)
    return [WeightDrawn(*name, *map(float, ends)) for name, *ends in zip(names, shares, low, high, strict=True)]


def score_choice(prepared: Prepared, choice: Choice) -> Vector:
    """The score of each area by one plausible index, from 0 to the index's scale."""
    components, method = component_scores(prepared, choice), prepared.aggregations[choice.aggregation]
    return aggregate(components, choice.components, method, prepared.index.scale)


def component_scores(prepared: Prepared, choice: Choice) -> Matrix:
    """The score of each area in each component by one plausible index: areas × components."""
    index, scheme = prepared.index, prepared.schemes[choice.scheme]
    values = scheme.values if choice.noise is None else _with_noise(prepared, scheme, choice.noise)
    components = np.empty((len(values), len(index.components)), order="F")
    for place, (component, start) in enumerate(zip(index.components, prepared.starts, strict=True)):
        indicators = values[:, start : start + len(component.indicators)]
        method = component.aggregation or index.within_components
        if len(component.indicators) == 1 and method != "weighted-sum":
            components[:, place] = indicators[:, 0]
        else:
            components[:, place] = aggregate(indicators, choice.within[place], method, index.scale)
    return components


def _with_noise(prepared: Prepared, scheme: Scheme, seed: int) -> Matrix:
    """The normalised values with errors added to what was observed.

    The reference distribution stays as published: an error in one of many areas hardly moves it.
    """
    generator = np.random.default_rng(seed)
    values, scale = scheme.values.copy(order="F"), prepared.index.scale
    for noisy in prepared.noisy:
        drawn = noisy.values + noisy.deviations * generator.standard_normal(len(noisy.values))
        normaliser = NORMALISERS[scheme.used[noisy.place]]
        normalised = normaliser(drawn, noisy.reference, noisy.direction, scale)
        if scheme.standardised:
            normalised = np.clip((normalised - scheme.low) / (scheme.high - scheme.low), 0.0, 1.0) * scale
        values[:, noisy.place] = normalised
    return values


def rank_choice(prepared: Prepared, choice: Choice) -> Vector:
    """The rank of each area by one plausible index, 1 = highest risk; ties as the index says."""
    return rank_values(score_choice(prepared, choice), prepared.index.ties, prepared.places)


def leave_out(prepared: Prepared, place: int) -> Choice:
    """The declared index without its indicator number ``place``; a component left empty is dropped."""
    choice = declared_choice(prepared.index)
    for number, start in enumerate(prepared.starts):
        size = len(choice.within[number])
        if not start <= place < start + size:
            continue
        if size == 1:
            components = choice.components.copy()
            components[number] = 0.0
            return replace(choice, components=components)
        weights = choice.within[number].copy()
        weights[place - start] = 0.0
        return replace(choice, within=(*choice.within[:number], weights, *choice.within[number + 1 :]))
    raise IndexError(f"the index has no indicator number {place}")
