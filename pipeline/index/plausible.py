"""Plausible indices: the declared one with other weights, another normalisation, another mean, errors in its data.

Everything that does not depend on the weights is computed once (:func:`prepare`), so that one more index costs a few
weighted means and a sort. The normalisations and means are those of the engine.

Where the index was fitted to outcomes, an index that agrees with them less counts less: many more candidates are drawn
than are needed, and of these the draws are taken in proportion to exp(−loss / tolerance) (sampling importance
resampling; Rubin 1988). So every draw counts alike, and a share of the draws is a share of the plausible indices
weighted by how well they fit.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import repeat
from threading import Lock

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue import Index, Uncertainty
from pipeline.catalogue.fits import Loss
from pipeline.catalogue.indices import Aggregation, Normalisation
from pipeline.catalogue.uncertainty import Noise
from pipeline.index.aggregate import Fixed, aggregate, aggregate_together, fix
from pipeline.index.checks import vector
from pipeline.index.engine import normalise
from pipeline.index.gaps import impute
from pipeline.index.normalise import NORMALISERS
from pipeline.index.rank import places_by_code, rank_values

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

CANDIDATES = 100
"""Candidates for each draw, where an index that fits less counts less."""
STEPS = 8192
"""The normalised values of so many evenly spaced values of a column are worked out once; between them, linearly."""
POOL = 2**20
"""Normal numbers drawn once. The errors of one draw begin at a random place among them."""
ERRORS = 100
"""So many different sets of errors are drawn, and every draw has one of them."""
MOST_INPUTS = 8
ELEMENTS = 20_000
"""Scores that are worked out at once: as many as stay near the processor."""


@dataclass(frozen=True)
class Noisy:
    """An indicator whose values are drawn, in the unit of its column.

    Attributes:
        place: among the indicators.
        at: the value of each area as a step of the column's range, from 0 to :data:`STEPS`.
        deviations: the standard deviation of each area's error, in the same steps.
        normalised: by scheme, the normalised value of every step. ``observed``: that of each area, between two steps.
    """

    place: int
    at: Vector
    deviations: Vector
    normalised: tuple[Vector, ...]
    observed: tuple[Vector, ...]


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
class Inputs:
    """The normalised values of one scheme, errors included, areas × indicators.

    ``fixed`` is what of them does not depend on weights, for each component that has several, by its place.
    """

    values: Matrix
    fixed: Mapping[int, Fixed]


class Recent:
    """The inputs that were used last: draws are in an order in which those with the same inputs follow each other."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._inputs: OrderedDict[tuple[int, int | None], Inputs] = OrderedDict()

    def __reduce__(self) -> tuple[type["Recent"], tuple[()]]:
        """Another process begins without any, so that blocks of draws can be worked out there."""
        return Recent, ()

    def get(self, key: tuple[int, int | None], make: Callable[[], Inputs]) -> Inputs:
        """The inputs of ``key``, made where they are not among the last."""
        with self._lock:
            there = self._inputs.get(key)
        if there is not None:
            return there
        made = make()
        with self._lock:
            self._inputs[key] = made
            while len(self._inputs) > MOST_INPUTS:
                self._inputs.popitem(last=False)
        return made


@dataclass(frozen=True)
class Prepared:
    """The areas' indicators by every normalisation, and the means that are tried; those of the index come first."""

    index: Index
    codes: pd.Index
    places: NDArray[np.int64]
    schemes: tuple[Scheme, ...]
    aggregations: tuple[Aggregation, ...]
    noisy: tuple[Noisy, ...]
    errors: Vector
    recent: Recent = field(default_factory=Recent, compare=False)

    @property
    def noisy_columns(self) -> tuple[str, ...]:
        """The columns whose errors are drawn."""
        columns = [indicator.column for component in self.index.components for indicator in component.indicators]
        return tuple(columns[noisy.place] for noisy in self.noisy)

    @cached_property
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

    It must be possible to score the index on the tables (:func:`pipeline.index.score`). An error by the number that a
    share is of is left out where the tables lack that number.
    """
    others, means = uncertainty.normalisation.others, uncertainty.aggregation.others
    prepared = prepare_schemes(index, reference, areas, others, means)
    noisy = tuple(_noisy(prepared, reference, areas, uncertainty.noise))
    if not noisy:
        return prepared
    errors = np.random.default_rng([uncertainty.seed, POOL]).standard_normal(POOL + len(areas))
    return replace(prepared, noisy=noisy, errors=errors, recent=Recent())


def prepare_schemes(
    index: Index,
    reference: pd.DataFrame,
    areas: pd.DataFrame,
    others: Sequence[Normalisation],
    means: Sequence[Aggregation],
) -> Prepared:
    """The indicators of ``areas`` under each normalisation, the index's first, and the means besides the index's."""
    declared = {indicator.normalisation or index.normalisation for c in index.components for indicator in c.indicators}
    further = [other for other in dict.fromkeys(others) if declared != {other}]
    schemes = [
        _scheme(index, "as declared" if len(declared) > 1 else min(declared), reference, areas),
        *(_scheme(_all_by(index, other), other, reference, areas) for other in further),
    ]
    return Prepared(
        index,
        areas.index,
        places_by_code(areas.index),
        tuple(schemes),
        _aggregations(index.aggregation, means),
        (),
        np.zeros(0),
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


def _noisy(
    prepared: Prepared, reference: pd.DataFrame, areas: pd.DataFrame, declared: Sequence[Noise]
) -> Iterator[Noisy]:
    index = prepared.index
    noise_of = {noise.column: noise for noise in declared}
    values = impute(index, reference, areas) if index.missing == "impute" and noise_of else areas
    indicators = [indicator for component in index.components for indicator in component.indicators]
    for place, indicator in enumerate(indicators):
        noise = noise_of.get(indicator.column)
        if noise is None or (noise.of is not None and noise.of not in areas.columns):
            continue
        observed, compared = vector(values[indicator.column]), vector(reference[indicator.column])
        deviations = error_deviations(noise, observed, areas)
        low, high = float(np.nanmin(compared)), float(np.nanmax(compared))
        steps = np.linspace(low, high, STEPS + 1)
        normalised = tuple(
            _on_scale(
                scheme, NORMALISERS[scheme.used[place]](steps, compared, indicator.direction, index.scale), index.scale
            )
            for scheme in prepared.schemes
        )
        width = (high - low) / STEPS
        at = np.clip(np.nan_to_num((observed - low) / width), 0.0, STEPS)
        between = tuple(_between(table, at) for table in normalised)
        yield Noisy(place, at, np.nan_to_num(deviations / width), normalised, between)


def error_deviations(noise: Noise, observed: Vector, areas: pd.DataFrame) -> Vector:
    """The standard deviation of each area's error, in the unit of the column.

    Of a share of n people p is taken as (np + 1)/(n + 2), so that none of few people is not sure to be none.
    """
    if noise.standard_deviation is not None:
        return np.full(len(observed), noise.standard_deviation)
    if noise.of is None:
        return np.asarray(np.abs(observed) * float(noise.relative_standard_deviation or 0.0))
    many = np.maximum(np.nan_to_num(vector(areas[noise.of])), 1.0)
    share = (np.clip(observed, 0.0, 1.0) * many + 1) / (many + 2)
    return np.asarray(np.sqrt(share * (1 - share) / many))


def _on_scale(scheme: Scheme, normalised: Vector, scale: float) -> Vector:
    if not scheme.standardised:
        return normalised
    return np.asarray(np.clip((normalised - scheme.low) / (scheme.high - scheme.low), 0.0, 1.0) * scale)


def declared_choice(index: Index) -> Choice:
    """The index as declared."""
    return Choice(
        np.array([component.weight for component in index.components]),
        tuple(np.array([i.weight for i in component.indicators]) for component in index.components),
    )


def draw_choices(
    prepared: Prepared, uncertainty: Uncertainty, count: int, seed: int, loss: Loss | None = None
) -> Choices:
    """``count`` plausible indices; a seed gives the same ones whatever else is drawn.

    Args:
        loss: how much less other weights agree with the outcomes that the index was fitted to; without it, all
            plausible indices count alike.
    """
    index = prepared.index
    seeds = np.random.SeedSequence(seed).spawn(5)
    generators = [np.random.default_rng(child) for child in seeds]
    nominal = declared_choice(index)
    many = count if loss is None else count * CANDIDATES
    drawn = Choices(
        _dirichlet(generators[0], nominal.components, uncertainty.weights.components, many),
        tuple(_dirichlet(generators[1], w, uncertainty.weights.within_components, many) for w in nominal.within),
        generators[2].integers(len(prepared.schemes), size=many),
        generators[3].integers(len(prepared.aggregations), size=many),
        None,
    )
    if loss is not None:
        lost = measure_loss(prepared, drawn, loss)
        drawn = _take(drawn, _resample(np.exp(-lost / uncertainty.fit.tolerance), count, generators[4]))
    if not prepared.noisy:
        return drawn
    seeds_of_errors = generators[4].integers(2**31, size=ERRORS)
    errors = seeds_of_errors[generators[4].integers(ERRORS, size=count)]
    # Draws that share errors and normalisation follow each other, so that these are worked out once.
    return _take(replace(drawn, noise=errors), np.lexsort((errors, drawn.scheme)))


def measure_loss(prepared: Prepared, choices: Choices, loss: Loss) -> Vector:
    """How much less of the outcomes' variance each choice explains than the fitted weights; not below 0.

    The loss of weights is quadratic around the fitted ones, and that of another normalisation or mean is added to it.
    One that was not measured when the index was calibrated is not plausible at all. The weights within a component
    whose indicators are multiplied were not fitted, and cost nothing.
    """
    place_of = {name: place for place, name in enumerate(loss.terms)}
    shares = np.zeros((len(choices), len(loss.terms)))
    together = choices.components.sum(axis=1)
    for number, component in enumerate(prepared.index.components):
        share = choices.components[:, number] / together
        if component.name in place_of:
            shares[:, place_of[component.name]] = share
            continue
        within = choices.within[number] / choices.within[number].sum(axis=1, keepdims=True)
        for column, indicator in enumerate(component.indicators):
            shares[:, place_of[f"{component.name}.{indicator.column}"]] = share * within[:, column]
    away = shares - np.array(loss.shares)
    curvature = np.array(loss.curvature).reshape(len(loss.terms), len(loss.terms))
    curved = 0.5 * np.einsum("ij,ij->i", away @ curvature, away)
    unmeasured = np.inf if loss.alternatives else 0.0
    others = np.array(
        [
            [loss.alternatives.get(f"{scheme.title}, {mean}", unmeasured) for mean in prepared.aggregations]
            for scheme in prepared.schemes
        ]
    )
    # The index as declared costs nothing even where its file names no alternatives.
    others[0, 0] = 0.0
    lost: Vector = np.maximum(curved - away @ np.array(loss.slope), 0.0) + others[choices.scheme, choices.aggregation]
    return np.maximum(lost, 0.0)


def _resample(weights: Vector, count: int, generator: np.random.Generator) -> NDArray[np.int64]:
    """``count`` places, each as often as its weight says, give or take one (systematic resampling), in any order."""
    upto = np.cumsum(weights)
    points = (np.arange(count) + generator.random()) / count * upto[-1]
    return generator.permutation(np.minimum(np.searchsorted(upto, points, side="right"), len(weights) - 1))


def _take(choices: Choices, rows: NDArray[np.int64]) -> Choices:
    return Choices(
        choices.components[rows],
        tuple(weights[rows] for weights in choices.within),
        choices.scheme[rows],
        choices.aggregation[rows],
        None if choices.noise is None else choices.noise[rows],
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
    index, number, seed = prepared.index, choice.scheme, choice.noise
    inputs = _inputs_of(prepared, number, seed)
    values = inputs.values
    components = np.empty((len(values), len(index.components)), order="F")
    for place, (component, start) in enumerate(zip(index.components, prepared.starts, strict=True)):
        indicators = values[:, start : start + len(component.indicators)]
        method = component.aggregation or index.within_components
        if len(component.indicators) == 1 and method != "weighted-sum":
            components[:, place] = indicators[:, 0]
        else:
            components[:, place] = aggregate(
                indicators, choice.within[place], method, index.scale, inputs.fixed.get(place)
            )
    return components


def score_choices(prepared: Prepared, choices: Choices) -> Iterator[Vector]:
    """What :func:`score_choice` gives for each of ``choices``, to the last bit.

    Of a few hundred areas, calling numpy takes longer than what it works out: many choices are scored at once.
    """
    at_once = max(1, ELEMENTS // max(len(prepared.codes), 1))
    for start in range(0, len(choices), at_once):
        some = _take(choices, np.arange(start, min(start + at_once, len(choices))))
        scores = _score_together(prepared, some) if at_once > 1 else None
        yield from scores if scores is not None else (score_choice(prepared, choice) for choice in some)


def _score_together(prepared: Prepared, choices: Choices) -> Matrix | None:
    """Scores, choices × areas; ``None`` where a value is missing or a weight is nothing, which takes a closer look."""
    index, scale = prepared.index, prepared.index.scale
    seeds = [None] * len(choices) if choices.noise is None else choices.noise.tolist()
    inputs = list(map(_inputs_of, repeat(prepared), choices.scheme.tolist(), seeds))
    totals = [np.cumsum(weights, axis=1)[:, -1] for weights in (choices.components, *choices.within)]
    missing = any(np.isnan(of_draw.values).any() for of_draw in {id(one): one for one in inputs}.values())
    if missing or any((total <= 0).any() for total in totals):
        return None
    columns = np.stack([of_draw.values.T for of_draw in inputs], axis=1)
    parts = np.empty((len(index.components), len(choices), columns.shape[2]))
    for place, (component, start) in enumerate(zip(index.components, prepared.starts, strict=True)):
        mine = columns[start : start + len(component.indicators)]
        method = component.aggregation or index.within_components
        if len(mine) == 1 and method != "weighted-sum":
            parts[place] = mine[0]
        else:
            fixed = [one.fixed.get(place) for one in inputs]
            given = [one.logs.T for one in fixed if one is not None and one.logs is not None]
            logs = np.stack(given, axis=1) if given else None
            parts[place] = aggregate_together(mine, choices.within[place], method, scale, logs)
    scores = np.empty(parts.shape[1:])
    for number, method in enumerate(prepared.aggregations):
        rows = choices.aggregation == number
        if rows.any():
            scores[rows] = aggregate_together(parts[:, rows], choices.components[rows], method, scale)
    return scores


def _inputs_of(prepared: Prepared, number: int, seed: int | None) -> Inputs:
    return prepared.recent.get((number, seed), lambda: _make_inputs(prepared, number, seed))


def _make_inputs(prepared: Prepared, number: int, seed: int | None) -> Inputs:
    index = prepared.index
    values = prepared.schemes[number].values if seed is None else _with_noise(prepared, number, seed)
    fixed = {
        place: fix(
            values[:, start : start + len(component.indicators)],
            index.scale,
            geometric=(component.aggregation or index.within_components) == "geometric",
        )
        for place, (component, start) in enumerate(zip(index.components, prepared.starts, strict=True))
        if len(component.indicators) > 1
    }
    return Inputs(values, fixed)


def _with_noise(prepared: Prepared, number: int, seed: int) -> Matrix:
    """The normalised values of a scheme with errors added to what was observed.

    The reference distribution stays as published: an error in one of many areas hardly moves it.
    """
    scheme, scale = prepared.schemes[number], prepared.index.scale
    values = scheme.values.copy(order="F")
    starts = np.random.default_rng(seed).integers(POOL, size=len(prepared.noisy))
    for noisy, start in zip(prepared.noisy, starts.tolist(), strict=True):
        moved = noisy.deviations * prepared.errors[start : start + len(values)]
        moved += noisy.at
        np.clip(moved, 0.0, STEPS, out=moved)
        # What the error changes is added, so that an area without one keeps its value to the last bit.
        changed = _between(noisy.normalised[number], moved) - noisy.observed[number]
        values[:, noisy.place] = np.clip(values[:, noisy.place] + changed, 0.0, scale)
    return values


def _between(table: Vector, at: Vector) -> Vector:
    """The values of ``table`` at steps ``at``, linearly between two."""
    lower = at.astype(np.intp)
    np.minimum(lower, len(table) - 2, out=lower)
    # Taken in place and within bounds: a third of the time of table[lower].
    below = table.take(lower, mode="clip")
    part = at - lower
    lower += 1
    between = table.take(lower, mode="clip")
    between -= below
    between *= part
    between += below
    return between


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
