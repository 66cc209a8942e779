"""Which choice moves ranks most, what each indicator does, and what is counted twice.

Sobol indices after Saltelli et al. (2010), Variance based sensitivity analysis of model output, computed by SALib; of
the mean absolute rank change, as in Saisana, Saltelli & Tarantola (2005). Effective weights after Paruolo, Saisana &
Saltelli (2013), Ratings and rankings: voodoo or science?
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaincinv

from pipeline.catalogue import Index, Uncertainty
from pipeline.catalogue.uncertainty import Contains
from pipeline.index.plausible import (
    Choices,
    Prepared,
    component_scores,
    given,
    prepare,
    rank_choice,
    score_choice,
    without,
)

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

LEAST_GAMMA = 1e-12
"""Keeps a weight drawn at the very end of its distribution above zero, so that not all of them can be."""
MOST_BINS, LEAST_IN_BIN = 20, 20


@dataclass(frozen=True)
class Choosing:
    """One choice that is varied: its title, and how many numbers between 0 and 1 make it."""

    title: str
    numbers: int


@dataclass(frozen=True)
class Sensitivity:
    """What the ranks of an area depend on.

    Attributes:
        choices: one row for each choice that is varied, the largest total first: ``choice, first, first_interval,
            total, total_interval``; Sobol indices, with the half-widths of 95% intervals. Empty if nothing varies.
        mean_change: the mean absolute rank change over those plausible indices and areas, as a share of the areas.
        evaluations: over how many plausible indices.
        areas: over how many areas; fewer than the area has where they are a sample.
        removed: one row for each indicator: ``component, column, mean_change`` (the mean absolute rank change without
            it, in places), ``worst_tenth_changed`` (the share of the worst tenth that is no longer in it).
        correlations: of the normalised indicators over the area, higher = more risk; NaN where one is the same all
            over the area. Rows and columns ``<component>.<column>``.
        counted_twice: ``first, second, correlation, why``: the pairs whose correlation passes the declared bound, and
            those of which one is declared to hold the other.
        effective: one row for each component: ``component, given`` (share of the weights), ``correlation`` (with the
            score), ``explains`` (the share of the variance of the score that the component alone explains),
            ``effective`` (the same as a share of the total over components).
    """

    choices: pd.DataFrame
    mean_change: float
    evaluations: int
    areas: int
    removed: pd.DataFrame
    correlations: pd.DataFrame
    counted_twice: pd.DataFrame
    effective: pd.DataFrame

    def as_json(self) -> dict[str, Any]:
        """Every figure, rounded to four decimals; what cannot be said is None."""
        tables = ("choices", "removed", "counted_twice", "effective")
        return {
            "mean_change": round(self.mean_change, 4),
            "evaluations": self.evaluations,
            "areas": self.areas,
            **{name: _records(getattr(self, name)) for name in tables},
            "correlations": _records(self.correlations.rename_axis("indicator").reset_index()),
        }


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    plain = frame.round(4).astype("object")
    return [{str(k): v for k, v in row.items()} for row in plain.where(plain.notna(), None).to_dict(orient="records")]


def sensitivity(index: Index, reference: pd.DataFrame, areas: pd.DataFrame, uncertainty: Uncertainty) -> Sensitivity:
    """What the ranks of ``areas`` depend on; indicators are compared with ``reference``, as in :func:`score`.

    Of an area with more than ``uncertainty.sensitivity.largest_area`` LSOAs the Sobol indices are computed over a
    random sample of that many, ranked among themselves; everything else over all of them.
    """
    how = uncertainty.sensitivity
    prepared = prepare(index, reference, areas, uncertainty)
    looked_at = prepared
    if len(areas) > how.largest_area:
        looked_at = prepare(index, reference, areas.sample(how.largest_area, random_state=how.seed), uncertainty)
    choosing = varied_choices(looked_at, uncertainty)
    evaluated: list[float] = []

    def change(points: Matrix) -> Vector:
        changes = rank_changes(looked_at, uncertainty, points)
        evaluated.extend(changes.tolist())
        return changes

    choices = sobol_indices(choosing, change, how.samples, how.seed)
    return Sensitivity(
        choices=choices,
        mean_change=float(np.mean(evaluated)) / len(looked_at.codes) if evaluated else 0.0,
        evaluations=len(evaluated),
        areas=len(looked_at.codes),
        removed=remove_one(prepared),
        correlations=correlations(prepared),
        counted_twice=counted_twice(prepared, how.double_counting_above, uncertainty.contains),
        effective=effective_weights(prepared),
    )


def varied_choices(prepared: Prepared, uncertainty: Uncertainty) -> list[Choosing]:
    """The choices that vary, in the order in which :func:`rank_changes` reads their numbers."""
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


def rank_changes(prepared: Prepared, uncertainty: Uncertainty, points: Matrix) -> Vector:
    """The mean absolute rank change that each row of ``points`` brings, in places.

    Args:
        points: numbers from 0 to 1, as many in a row as :func:`varied_choices` counts. Weights are the Dirichlet
            distribution's: each number gives a gamma variate by its inverse distribution, and they are divided by
            their sum, which keeps the numbers independent, as Sobol indices need them.
    """
    own = given(prepared.index)
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
        weights(own.components, uncertainty.weights.components),
        tuple(weights(within, uncertainty.weights.within_components) for within in own.within),
        one_of(len(prepared.schemes)),
        one_of(len(prepared.aggregations)),
        (take(1)[:, 0] * 2**31).astype("int64") if prepared.noisy else None,
    )
    nominal = rank_choice(prepared, own)
    return np.array([np.abs(rank_choice(prepared, choice) - nominal).mean() for choice in choices])


def sobol_indices(
    choosing: Sequence[Choosing], function: Callable[[Matrix], Vector], samples: int, seed: int
) -> pd.DataFrame:
    """First-order and total Sobol indices of ``function`` over independent uniform numbers.

    The first-order index is the share of the variance that a choice explains alone; the total adds what it does
    together with others, so totals may pass 1 in sum. Intervals are half-widths at 95%, by bootstrap.

    Args:
        choosing: the choices; the numbers of one choice are varied together.
        function: from points (rows of numbers from 0 to 1) to one value each.
        samples: N, a power of 2; the function is evaluated N · (choices + 2) times.

    Returns:
        See :attr:`Sensitivity.choices`; all zero where the function is constant.
    """
    columns = ["choice", "first", "first_interval", "total", "total_interval"]
    if not choosing:
        return pd.DataFrame(columns=columns)
    # Reading it takes two seconds, which only this stage should wait for.
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as sampling

    owners = [choice.title for choice in choosing for _ in range(choice.numbers)]
    problem = {
        "num_vars": len(owners),
        "names": [f"{owner} {place}" for place, owner in enumerate(owners)],
        "groups": owners,
        "bounds": [[0.0, 1.0]] * len(owners),
    }
    points = sampling.sample(problem, samples, calc_second_order=False, seed=seed)
    values = function(points)
    titles = [choice.title for choice in choosing]
    if len(choosing) == 1:
        # With one choice all of the variance is its own; the estimator needs two.
        share = float(np.ptp(values) > 0)
        return pd.DataFrame([[titles[0], share, 0.0, share, 0.0]], columns=columns)
    if np.ptp(values) == 0:
        return pd.DataFrame([[title, 0.0, 0.0, 0.0, 0.0] for title in titles], columns=columns)
    found = analysis.analyze(problem, values, calc_second_order=False, seed=seed)
    frame = pd.DataFrame(
        dict(zip(columns, [titles, found["S1"], found["S1_conf"], found["ST"], found["ST_conf"]], strict=True))
    )
    return frame.sort_values("total", ascending=False, kind="stable", ignore_index=True)


def remove_one(prepared: Prepared) -> pd.DataFrame:
    """What leaving out each indicator does, see :attr:`Sensitivity.removed`; empty for an index of one indicator."""
    indicators = _indicators(prepared.index)
    columns = ["component", "column", "mean_change", "worst_tenth_changed"]
    if len(indicators) == 1:
        return pd.DataFrame(columns=columns)
    nominal = rank_choice(prepared, given(prepared.index))
    worst = nominal <= len(nominal) / 10
    rows = []
    for place, (component, column) in enumerate(indicators):
        ranks = rank_choice(prepared, without(prepared, place))
        left = float((ranks[worst] > len(nominal) / 10).mean()) if worst.any() else 0.0
        rows.append((component, column, float(np.abs(ranks - nominal).mean()), left))
    return pd.DataFrame(rows, columns=columns)


def correlations(prepared: Prepared) -> pd.DataFrame:
    """Pearson correlations of the normalised indicators; where they are percentiles, these are Spearman's."""
    labels = [f"{component}.{column}" for component, column in _indicators(prepared.index)]
    return pd.DataFrame(prepared.schemes[0].values, columns=labels).corr()


def counted_twice(prepared: Prepared, bound: float, contains: Sequence[Contains]) -> pd.DataFrame:
    """The pairs of indicators that measure nearly the same, or of which one is declared to hold the other."""
    matrix, indicators = correlations(prepared).to_numpy(), _indicators(prepared.index)
    held = {(entry.whole, part): entry.why for entry in contains for part in entry.parts}
    rows = []
    for i, (_, first) in enumerate(indicators):
        for j, (_, second) in enumerate(indicators[:i]):
            why = held.get((first, second)) or held.get((second, first))
            if first == second:
                why = "The same column stands in two components."
            if why is None and abs(matrix[i, j]) > bound:
                why = f"Their correlation passes {bound:g}."
            if why is not None:
                rows.append((second, first, float(matrix[i, j]), why))
    return pd.DataFrame(rows, columns=["first", "second", "correlation", "why"])


def effective_weights(prepared: Prepared) -> pd.DataFrame:
    """The given weights beside what each component does to the score, see :attr:`Sensitivity.effective`."""
    own = given(prepared.index)
    components, score = component_scores(prepared, own), score_choice(prepared, own)
    rows = []
    for place, component in enumerate(prepared.index.components):
        present = ~np.isnan(components[:, place])
        values, total = components[present, place], score[present]
        varies = len(values) > 1 and np.ptp(values) > 0 and np.ptp(total) > 0
        correlation = float(np.corrcoef(values, total)[0, 1]) if varies else float("nan")
        rows.append((component.name, correlation, _explained(values, total) if varies else 0.0))
    frame = pd.DataFrame(rows, columns=["component", "correlation", "explains"])
    frame.insert(1, "given", own.components / own.components.sum())
    whole = frame["explains"].sum()
    return frame.assign(effective=frame["explains"] / whole if whole > 0 else 0.0)


def _explained(values: Vector, total: Vector) -> float:
    """Var(E(total | values)) / Var(total): the correlation ratio over bins of equal count, 0–1.

    Adjusted for the number of bins (Kelley's ε²), which by chance alone would explain a share. Equal values share a
    bin, so a component with a few classes is taken by its classes.
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
