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
from functools import cached_property, lru_cache, reduce
from threading import Lock

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue import Index, Uncertainty
from pipeline.catalogue.fits import Loss
from pipeline.catalogue.indices import Aggregation, Normalisation
from pipeline.catalogue.uncertainty import Noise
from pipeline.index.aggregate import Fixed, aggregate, fix, take_logs
from pipeline.index.checks import vector
from pipeline.index.engine import normalise
from pipeline.index.gaps import impute
from pipeline.index.normalise import NORMALISERS
from pipeline.index.rank import places_by_code, rank_values

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Cube = NDArray[np.float64]

CANDIDATES = 100
"""Candidates for each draw, where an index that fits less counts less."""
STEPS = 8192
"""The normalised values of so many evenly spaced values of a column are worked out once; between them, linearly."""
POOL = 2**20
"""Normal numbers drawn once. The errors of one draw begin at a random place among them."""
MORE = 2**16
"""Errors begin at any of them, so that more are drawn: as many times so many as hold all areas."""
ERRORS = 100
"""So many different sets of errors are drawn, and every draw has one of them."""
MOST_INPUTS = 8
ELEMENTS = 140_000
"""Values that are worked out at once: as many as stay near the processor. Of fewer, threads wait for their turn at the
interpreter after each operation for longer than it takes."""


@dataclass(frozen=True)
class Noisy:
    """The indicators whose values are drawn, in the unit of their columns.

    Attributes:
        places: of these among all indicators.
        steps: the value of each area as a step of the column's range, from 0 to :data:`STEPS`; indicators × areas.
        deviations: the standard deviation of each area's error, in the same steps; likewise.
        normalised: by scheme, the normalised value of every step, indicators × steps. ``rises``: by how much that of
            the next step exceeds it.
        observed: by scheme, the normalised value of each area, between two steps; indicators × areas.
    """

    places: tuple[int, ...]
    steps: Matrix
    deviations: Matrix
    normalised: tuple[Matrix, ...]
    rises: tuple[Matrix, ...]
    observed: tuple[Matrix, ...]


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
    noisy: Noisy | None
    errors: Vector
    recent: Recent = field(default_factory=Recent, compare=False)

    @property
    def noisy_columns(self) -> tuple[str, ...]:
        """The columns whose errors are drawn."""
        columns = [indicator.column for component in self.index.components for indicator in component.indicators]
        return () if self.noisy is None else tuple(columns[place] for place in self.noisy.places)

    @cached_property
    def starts(self) -> list[int]:
        """The place of each component's first indicator."""
        sizes = [len(component.indicators) for component in self.index.components]
        return [0, *np.cumsum(sizes)[:-1].tolist()]

    @cached_property
    def complete(self) -> bool:
        """Whether every area has a value of every indicator."""
        return not any(np.isnan(scheme.values).any() for scheme in self.schemes)

    @cached_property
    def alone(self) -> list[int]:
        """The components that are one indicator without errors, so that they are the same in every draw."""
        noisy = () if self.noisy is None else self.noisy.places
        return [
            place
            for place, (component, start) in enumerate(zip(self.index.components, self.starts, strict=True))
            if len(component.indicators) == 1 and start not in noisy and self.within(place) != "weighted-sum"
        ]

    @cached_property
    def apart(self) -> list[float]:
        """By scheme, how far the components of :attr:`alone` lie apart in the area where they are closest."""
        places = [self.starts[place] for place in self.alone]
        if len(places) < 2 or not self.complete:
            return [0.0 for _ in self.schemes]
        columns = [[scheme.values[:, place] for place in places] for scheme in self.schemes]
        return [float((reduce(np.maximum, each) - reduce(np.minimum, each)).min()) for each in columns]

    @cached_property
    def logs_alone(self) -> list[dict[int, Matrix]]:
        """By scheme, the logarithms of the components of :attr:`alone`, each 1 × areas, for their geometric mean."""
        scale = self.index.scale
        return [
            {place: take_logs(scheme.values[None, :, self.starts[place]], scale) for place in self.alone}
            for scheme in self.schemes
        ]

    def within(self, place: int) -> Aggregation:
        """How the indicators of a component, by its place, become its score."""
        return self.index.components[place].aggregation or self.index.within_components


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
    noisy = _noisy(prepared, reference, areas, uncertainty.noise)
    if noisy is None:
        return prepared
    return replace(prepared, noisy=noisy, errors=_draw_errors(uncertainty.seed, len(areas)), recent=Recent())


def _draw_errors(seed: int, areas: int) -> Vector:
    """:data:`POOL` standard normal numbers and at least as many more as there are areas."""
    return _draw_normal(seed, POOL + -(-areas // MORE) * MORE)


@lru_cache(maxsize=2)
def _draw_normal(seed: int, count: int) -> Vector:
    """Normal numbers, drawn once for an area and its nation: more of a seed begin like fewer."""
    drawn = np.random.default_rng([seed, POOL]).standard_normal(count)
    drawn.flags.writeable = False
    return drawn


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
        None,
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


def _noisy(prepared: Prepared, reference: pd.DataFrame, areas: pd.DataFrame, declared: Sequence[Noise]) -> Noisy | None:
    index = prepared.index
    noise_of = {noise.column: noise for noise in declared}
    values = impute(index, reference, areas) if index.missing == "impute" and noise_of else areas
    indicators = [indicator for component in index.components for indicator in component.indicators]
    places, at, deviations = [], [], []
    tables: list[list[Vector]] = [[] for _ in prepared.schemes]
    for place, indicator in enumerate(indicators):
        noise = noise_of.get(indicator.column)
        if noise is None or (noise.of is not None and noise.of not in areas.columns):
            continue
        observed, compared = vector(values[indicator.column]), vector(reference[indicator.column])
        low, high = float(np.nanmin(compared)), float(np.nanmax(compared))
        steps, width = np.linspace(low, high, STEPS + 1), (high - low) / STEPS
        for of_scheme, scheme in zip(tables, prepared.schemes, strict=True):
            of_steps = NORMALISERS[scheme.used[place]](steps, compared, indicator.direction, index.scale)
            of_scheme.append(_on_scale(scheme, of_steps, index.scale))
        places.append(place)
        at.append(np.clip(np.nan_to_num((observed - low) / width), 0.0, STEPS))
        deviations.append(np.nan_to_num(error_deviations(noise, observed, areas) / width))
    if not places:
        return None
    stacked = np.array(at)
    normalised_by = tuple(np.array(of_scheme) for of_scheme in tables)
    rises_by = tuple(np.diff(of_scheme, axis=1, append=of_scheme[:, -1:]) for of_scheme in normalised_by)
    for normalised, rises in zip(normalised_by, rises_by, strict=True):
        # The last step as one reaches it from the step before, which may differ in the last bit.
        normalised[:, -1] = normalised[:, -2] + rises[:, -2]
    observed_by = tuple(np.empty_like(stacked) for _ in prepared.schemes)
    for normalised, rises, between in zip(normalised_by, rises_by, observed_by, strict=True):
        scratch = Scratch.of(stacked.shape[1:])
        for row in range(len(places)):
            np.copyto(scratch.at, stacked[row])
            _between(normalised[row], rises[row], scratch, between[row])
    return Noisy(tuple(places), stacked, np.array(deviations), normalised_by, rises_by, observed_by)


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
        drawn = take(drawn, _resample(np.exp(-lost / uncertainty.fit.tolerance), count, generators[4]))
    if not prepared.noisy:
        return drawn
    seeds_of_errors = generators[4].integers(2**31, size=ERRORS)
    errors = seeds_of_errors[generators[4].integers(ERRORS, size=count)]
    # Draws that share errors and normalisation follow each other, so that these are worked out once.
    return take(replace(drawn, noise=errors), np.lexsort((errors, drawn.scheme)))


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


def take(choices: Choices, rows: NDArray[np.int64]) -> Choices:
    """Some of many choices, in the order of ``rows``."""
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
        method = prepared.within(place)
        if len(component.indicators) == 1 and method != "weighted-sum":
            components[:, place] = indicators[:, 0]
        else:
            components[:, place] = aggregate(
                indicators, choice.within[place], method, index.scale, inputs.fixed.get(place)
            )
    return components


def _inputs_of(prepared: Prepared, number: int, seed: int | None) -> Inputs:
    return prepared.recent.get((number, seed), lambda: _make_inputs(prepared, number, seed))


def _make_inputs(prepared: Prepared, number: int, seed: int | None) -> Inputs:
    index = prepared.index
    values = prepared.schemes[number].values if seed is None else _with_noise(prepared, number, seed)
    fixed = {
        place: fix(
            values[:, start : start + len(component.indicators)],
            index.scale,
            geometric=prepared.within(place) == "geometric",
        )
        for place, (component, start) in enumerate(zip(index.components, prepared.starts, strict=True))
        if len(component.indicators) > 1
    }
    return Inputs(values, fixed)


def _with_noise(prepared: Prepared, number: int, seed: int) -> Matrix:
    """The normalised values of a scheme with errors added to what was observed."""
    values = prepared.schemes[number].values.copy(order="F")
    if prepared.noisy is not None:
        for place, column in zip(prepared.noisy.places, draw_values(prepared, number, [seed]), strict=True):
            values[:, place] = column[0]
    return values


def draw_values(prepared: Prepared, number: int, seeds: Sequence[int]) -> Cube:
    """The normalised values of the indicators that have errors, with errors: indicators × sets of errors × areas.

    The reference distribution stays as published: an error in one of many areas hardly moves it.

    Args:
        number: of the scheme. ``seeds``: one for each set of errors.
    """
    noisy, scheme, areas = prepared.noisy, prepared.schemes[number], len(prepared.codes)
    if noisy is None:
        return np.empty((0, len(seeds), areas))
    starts = [np.random.default_rng(seed).integers(POOL, size=len(noisy.places)).tolist() for seed in seeds]
    drawn = np.empty((len(noisy.places), len(seeds), areas))
    # As many sets at once as stay near the processor.
    at_once = max(1, ELEMENTS // max(areas, 1))
    for first in range(0, len(seeds), at_once):
        some = starts[first : first + at_once]
        scratch = Scratch.of((len(some), areas))
        for row, place in enumerate(noisy.places):
            moved, values = scratch.at, drawn[row, first : first + at_once]
            for number_of_set, start_of in enumerate(some):
                errors = prepared.errors[start_of[row] : start_of[row] + areas]
                np.multiply(noisy.deviations[row], errors, out=moved[number_of_set])
            moved += noisy.steps[row]
            np.clip(moved, 0.0, STEPS, out=moved)
            # What the error changes is added, so that an area without one keeps its value to the last bit.
            _between(noisy.normalised[number][row], noisy.rises[number][row], scratch, values)
            values -= noisy.observed[number][row]
            values += scheme.values[:, place]
            np.clip(values, 0.0, prepared.index.scale, out=values)
    return drawn


@dataclass(frozen=True)
class Scratch:
    """Room to work out values between two steps: taken once for many columns."""

    at: Matrix
    lower: NDArray[np.intp]
    part: Matrix

    @classmethod
    def of(cls, shape: tuple[int, ...]) -> "Scratch":
        """Room for so many values."""
        return cls(np.empty(shape), np.empty(shape, dtype=np.intp), np.empty(shape))


def _between(normalised: Vector, rises: Vector, scratch: Scratch, values: Matrix) -> None:
    """Put the normalised values at steps ``scratch.at``, linearly between two, into ``values``."""
    at, lower, part = scratch.at, scratch.lower, scratch.part
    np.copyto(lower, at, casting="unsafe")
    # Taking whole numbers from others takes three times as long as taking others from them.
    np.subtract(at, np.floor(at, out=part), out=part)
    # Taken within bounds, which takes a third of the time of normalised[lower].
    rises.take(lower, mode="clip", out=values)
    values *= part
    normalised.take(lower, mode="clip", out=part)
    values += part


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
