"""Which choice moves ranks most, what each indicator does, and what is counted twice.

Sobol indices after Saltelli et al. (2010), Variance based sensitivity analysis of model output, computed by SALib; of
the mean absolute rank change, as in Saisana, Saltelli & Tarantola (2005). Effective weights after Paruolo, Saisana &
Saltelli (2013), Ratings and rankings: voodoo or science?
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue import Index, Uncertainty
from pipeline.catalogue.uncertainty import Contains
from pipeline.errors import MachineError
from pipeline.index.blocks import Rows, score_in_blocks
from pipeline.index.plausible import (
    Choices,
    Prepared,
    component_scores,
    declared_choice,
    leave_out,
    prepare,
    rank_choice,
    score_choice,
)
from pipeline.index.rank import rank_rows, settle_ties

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

LEAST_GAMMA = 1e-12
"""Keeps a weight drawn at the very end of its distribution above zero, so that never all of them are zero."""
MOST_BINS, LEAST_IN_BIN = 20, 20


@dataclass(frozen=True)
class Choosing:
    """One choice that is varied: its title, and the number of values between 0 and 1 that decide it."""

    title: str
    numbers: int


@dataclass(frozen=True)
class ChoiceEffect:
    """What one choice does to the ranks: Sobol indices, with the half-widths of their 95% intervals."""

    choice: str
    first: float
    first_interval: float
    total: float
    total_interval: float


@dataclass(frozen=True)
class RemovalEffect:
    """What leaving one indicator out does.

    ``mean_change`` is the mean absolute rank change, in places; ``worst_tenth_changed`` the share of the worst tenth
    that is no longer in it.
    """

    component: str
    column: str
    mean_change: float
    worst_tenth_changed: float


@dataclass(frozen=True)
class CountedTwice:
    """Two columns that measure nearly the same, or of which one contains the other; ``correlation`` may be NaN."""

    first: str
    second: str
    correlation: float
    why: str


@dataclass(frozen=True)
class EffectiveWeight:
    """What a component contributes to the score.

    Attributes:
        given: its share of the declared weights.
        correlation: with the score; NaN where the component is the same everywhere.
        explains: the share of the variance of the score that the component alone explains.
        effective: the same as a share of the total over components.
    """

    component: str
    given: float
    correlation: float
    explains: float
    effective: float


@dataclass(frozen=True)
class Sensitivity:
    """What the ranks of an area depend on.

    Attributes:
        choices: the choices that are varied, the largest total first; empty if nothing varies.
        mean_change: the mean absolute rank change over those plausible indices and areas, as a share of the areas.
        evaluations: the number of plausible indices.
        areas: the number of areas; fewer than the area has where they are a sample.
        removed: one for each indicator; empty for an index of one indicator.
        correlations: of the normalised indicators over the area, higher = more risk; NaN where one is the same all
            over the area. Rows and columns ``<component>.<column>``, in the order of the index.
        counted_twice: the pairs whose correlation exceeds the declared bound, and those of which one is declared to
            contain the other.
        effective: one for each component.
    """

    choices: tuple[ChoiceEffect, ...]
    mean_change: float
    evaluations: int
    areas: int
    removed: tuple[RemovalEffect, ...]
    correlations: pd.DataFrame
    counted_twice: tuple[CountedTwice, ...]
    effective: tuple[EffectiveWeight, ...]


def analyse_sensitivity(
    index: Index, reference: pd.DataFrame, areas: pd.DataFrame, uncertainty: Uncertainty
) -> Sensitivity:
    """What the ranks of ``areas`` depend on; indicators are compared with ``reference``, as in :func:`score`.

    Of an area with more than ``uncertainty.sensitivity.largest_area`` LSOAs the Sobol indices are computed over a
    random sample of that many, ranked among themselves; everything else over all of them.
    """
    declared = uncertainty.sensitivity
    prepared = prepare(index, reference, areas, uncertainty)
    sampled = prepared
    if len(areas) > declared.largest_area:
        sampled = prepare(
            index, reference, areas.sample(declared.largest_area, random_state=declared.seed), uncertainty
        )
    choosing = list_varied_choices(sampled, uncertainty)
    evaluated: list[float] = []

    def change(points: Matrix) -> Vector:
        changes = measure_rank_changes(sampled, uncertainty, points)
        evaluated.extend(changes.tolist())
        return changes

    choices = estimate_sobol_indices(choosing, change, declared.samples, declared.seed)
    return Sensitivity(
        choices=choices,
        mean_change=float(np.mean(evaluated)) / len(sampled.codes) if evaluated else 0.0,
        evaluations=len(evaluated),
        areas=len(sampled.codes),
        removed=remove_each(prepared),
        correlations=correlate_indicators(prepared),
        counted_twice=find_counted_twice(prepared, declared.double_counting_above, uncertainty.contains),
        effective=measure_effective_weights(prepared),
    )


def list_varied_choices(prepared: Prepared, uncertainty: Uncertainty) -> list[Choosing]:
    """The choices that vary, in the order in which :func:`measure_rank_changes` reads their numbers."""
    components = prepared.index.components
    result: list[Choosing] = []
    if len(components) > 1 and np.isfinite(uncertainty.weights.components):
        result += [Choosing(f"Weight of {component.title}", 1) for component in components]
    if np.isfinite(uncertainty.weights.within_components):
        result += [
            Choosing(f"Weights within {component.title}", len(component.indicators))
            for component in components
            if len(component.indicators) > 1
        ]
    if len(prepared.schemes) > 1:
        result.append(Choosing("Normalisation", 1))
    if len(prepared.aggregations) > 1:
        result.append(Choosing("Arithmetic or geometric mean", 1))
    if prepared.noisy:
        result.append(Choosing("Errors in the data", 1))
    return result


def measure_rank_changes(prepared: Prepared, uncertainty: Uncertainty, points: Matrix) -> Vector:
    """The mean absolute rank change that each row of ``points`` brings, in places.

    Args:
        points: numbers from 0 to 1, as many in a row as :func:`list_varied_choices` counts. Weights are the Dirichlet
            distribution's: each number gives a gamma variate by its inverse distribution, and they are divided by
            their sum, which keeps the numbers independent, as Sobol indices need them.
    """
    # Imported here because it is slow to import, and only this function needs it.
    from scipy.special import gammaincinv

    nominal = declared_choice(prepared.index)
    taken = 0

    def take(count: int) -> Matrix:
        nonlocal taken
        taken += count
        return points[:, taken - count : taken]

    def weights(means: Vector, concentration: float) -> Matrix:
        if len(means) == 1 or np.isinf(concentration):
            return np.tile(means, (len(points), 1))
        gamma = np.maximum(gammaincinv(concentration * means / means.sum(), take(len(means))), LEAST_GAMMA)
        drawn: Matrix = gamma / gamma.sum(axis=1, keepdims=True) * means.sum()
        return drawn

    def one_of(count: int) -> NDArray[np.int64]:
        if count == 1:
            return np.zeros(len(points), dtype="int64")
        return (take(1)[:, 0] * count).astype("int64").clip(max=count - 1)

    choices = Choices(
        weights(nominal.components, uncertainty.weights.components),
        tuple(weights(within, uncertainty.weights.within_components) for within in nominal.within),
        one_of(len(prepared.schemes)),
        one_of(len(prepared.aggregations)),
        (take(1)[:, 0] * 2**31).astype("int64") if prepared.noisy else None,
    )
    ranks = rank_choice(prepared, nominal)
    ties, places = prepared.index.ties, prepared.places
    changes = np.empty(len(points))

    def measure(rows: Rows, scores: Matrix) -> None:
        lowest = rank_rows(scores)
        settled = lowest if ties == "min" else np.array([settle_ties(row, ties, places) for row in lowest])
        changes[rows] = np.abs(settled - ranks).mean(axis=1)

    score_in_blocks(prepared, choices, measure)
    return changes


def estimate_sobol_indices(
    choosing: Sequence[Choosing], function: Callable[[Matrix], Vector], samples: int, seed: int
) -> tuple[ChoiceEffect, ...]:
    """First-order and total Sobol indices of ``function`` over independent uniform numbers.

    The first-order index is the share of the variance that a choice explains alone; the total adds what it does
    together with others, so totals may add up to more than 1. Intervals are half-widths at 95%, by bootstrap.

    Args:
        choosing: the choices; the numbers of one choice are varied together.
        function: from points (rows of numbers from 0 to 1) to one value each.
        samples: N, a power of 2; the function is evaluated N · (choices + 2) times.

    Returns:
        The largest total first; all zero where the function is constant.
    """
    if not choosing:
        return ()
    # Imported here because it takes two seconds to import, and only this function needs it.
    from SALib.analyze import sobol as analysis

    owners = [choice.title for choice in choosing for _ in range(choice.numbers)]
    problem = {
        "num_vars": len(owners),
        "names": [f"{owner} {place}" for place, owner in enumerate(owners)],
        "groups": owners,
        "bounds": [[0.0, 1.0]] * len(owners),
    }
    _refuse_broken_sequence(2 * len(owners))
    values = function(cross_sample(owners, samples, seed))
    titles = [choice.title for choice in choosing]
    if len(choosing) == 1:
        # With one choice, all of the variance is due to it; the estimator needs at least two.
        share = float(np.ptp(values) > 0)
        return (ChoiceEffect(titles[0], share, 0.0, share, 0.0),)
    if np.ptp(values) == 0:
        return tuple(ChoiceEffect(title, 0.0, 0.0, 0.0, 0.0) for title in titles)
    estimated = analysis.analyze(problem, values, calc_second_order=False, seed=seed)
    columns = (estimated[name].tolist() for name in ("S1", "S1_conf", "ST", "ST_conf"))
    effects = [ChoiceEffect(*row) for row in zip(titles, *columns, strict=True)]
    return tuple(sorted(effects, key=lambda effect: -effect.total))


def cross_sample(owners: Sequence[str], samples: int, seed: int) -> Matrix:
    """The points of Saltelli's design, those of ``SALib.sample.sobol``, which puts them together number by number.

    Of each pair of points A and B these are A; for each choice, A with the numbers of that choice as in B; and B.

    Args:
        owners: the choice that each number belongs to.
    """
    from scipy.stats import qmc

    first, second = np.hsplit(qmc.Sobol(2 * len(owners), seed=seed).random(samples), 2)
    crossed = [np.where([owner == choice for owner in owners], second, first) for choice in dict.fromkeys(owners)]
    return np.stack([first, *crossed, second], axis=1).reshape(-1, len(owners))


def _refuse_broken_sequence(dimensions: int) -> None:
    """Refuse to go on where SciPy could not read its table of direction numbers: it prints that, and counts on.

    The first eight points of a Sobol sequence have each eighth once in every dimension.

    Raises:
        MachineError: they have not.
    """
    from scipy.stats import qmc

    first = np.sort(qmc.Sobol(dimensions, scramble=False).random(8), axis=0)
    if not np.array_equal(first, np.repeat(np.arange(8)[:, None] / 8, dimensions, axis=1)):
        raise MachineError(
            "SciPy could not read the table of numbers that it is installed with, so how sure the ranks are cannot be "
            "worked out. Raise the limit for open files (ulimit -n), or install it again, and run the same command "
            "again."
        )


def remove_each(prepared: Prepared) -> tuple[RemovalEffect, ...]:
    """What leaving out each indicator does; empty for an index of one indicator."""
    indicators = _indicators(prepared.index)
    if len(indicators) == 1:
        return ()
    nominal = rank_choice(prepared, declared_choice(prepared.index))
    worst = nominal <= len(nominal) / 10
    effects = []
    for place, (component, column) in enumerate(indicators):
        ranks = rank_choice(prepared, leave_out(prepared, place))
        left = float((ranks[worst] > len(nominal) / 10).mean()) if worst.any() else 0.0
        effects.append(RemovalEffect(component, column, float(np.abs(ranks - nominal).mean()), left))
    return tuple(effects)


def correlate_indicators(prepared: Prepared) -> pd.DataFrame:
    """Pearson correlations of the normalised indicators; where they are percentiles, these are Spearman's."""
    labels = [f"{component}.{column}" for component, column in _indicators(prepared.index)]
    return pd.DataFrame(prepared.schemes[0].values, columns=labels).corr()


def find_counted_twice(prepared: Prepared, bound: float, contains: Sequence[Contains]) -> tuple[CountedTwice, ...]:
    """The pairs of indicators that measure nearly the same, or of which one is declared to contain the other."""
    matrix, indicators = correlate_indicators(prepared).to_numpy(), _indicators(prepared.index)
    held = {(entry.whole, part): entry.why for entry in contains for part in entry.parts}
    pairs = []
    for i, (_, first) in enumerate(indicators):
        for j, (_, second) in enumerate(indicators[:i]):
            why = held.get((first, second)) or held.get((second, first))
            if first == second:
                why = "The same column is in two components."
            if why is None and abs(matrix[i, j]) > bound:
                why = f"Their correlation exceeds {bound:g}."
            if why is not None:
                pairs.append(CountedTwice(second, first, float(matrix[i, j]), why))
    return tuple(pairs)


def measure_effective_weights(prepared: Prepared) -> tuple[EffectiveWeight, ...]:
    """The declared weights beside what each component contributes to the score."""
    nominal = declared_choice(prepared.index)
    components, score = component_scores(prepared, nominal), score_choice(prepared, nominal)
    correlations, explained = [], []
    for place in range(len(prepared.index.components)):
        present = ~np.isnan(components[:, place])
        values, total = components[present, place], score[present]
        varies = len(values) > 1 and np.ptp(values) > 0 and np.ptp(total) > 0
        correlations.append(float(np.corrcoef(values, total)[0, 1]) if varies else float("nan"))
        explained.append(_explained(values, total) if varies else 0.0)
    names = [component.name for component in prepared.index.components]
    given = (nominal.components / nominal.components.sum()).tolist()
    together = float(pd.Series(explained).sum())
    effective = [share / together if together > 0 else 0.0 for share in explained]
    return tuple(EffectiveWeight(*row) for row in zip(names, given, correlations, explained, effective, strict=True))


def _explained(values: Vector, total: Vector) -> float:
    """Var(E(total | values)) / Var(total): the correlation ratio over bins of equal count, 0–1.

    Adjusted for the number of bins (Kelley's ε²), which would explain a share by chance alone. Equal values share a
    bin, so a component with few classes is binned by its classes.
    """
    count = int(np.clip(len(values) // LEAST_IN_BIN, 2, MOST_BINS))
    bins = np.searchsorted(np.unique(np.quantile(values, np.arange(1, count) / count)), values, side="left")
    sums, sizes = np.bincount(bins, weights=total - total.mean()), np.bincount(bins)
    used = int((sizes > 0).sum())
    between = float((sums[sizes > 0] ** 2 / sizes[sizes > 0]).sum() / ((total - total.mean()) ** 2).sum())
    adjusted = 1 - (1 - between) * (len(values) - 1) / max(len(values) - used, 1)
    return float(np.clip(adjusted, 0.0, 1.0))


def _indicators(index: Index) -> list[tuple[str, str]]:
    return [(component.name, indicator.column) for component in index.components for indicator in component.indicators]
