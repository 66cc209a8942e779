"""Areas where something was done beside similar ones where it was not, and what that difference may mean.

Matching is exact on classes and nearest on risk, within a caliper (Rosenbaum 1989, Optimal matching for observational
studies; Austin 2011 for a caliper of 0.2 standard deviations). The difference in differences has an interval from the
randomisation of who was acted on within each matched set (Rosenbaum 2002, Observational Studies, section 2.4).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

Array = NDArray[np.float64]
CONTROLS = 3
"""Similar areas beside each that was acted on, at most."""
CALIPER = 0.2
"""Of the standard deviation of risk: areas that differ by more are not similar."""
LEAST_ACTED = 10
"""Matched areas below which nothing is said: what is true of fewer is too much that of single places."""
PERMUTATIONS, SEED = 4_000, 20260702
LEVEL = 0.95
NOT_ALLOWED = 1e6


@dataclass(frozen=True)
class Matched:
    """Matched sets: for each area that was acted on, the places of its controls, -1 where it has no more.

    ``unmatched`` are areas that were acted on and are like no other within the caliper. Places are rows.
    """

    acted: NDArray[np.int64]
    controls: NDArray[np.int64]
    unmatched: NDArray[np.int64]


@dataclass(frozen=True)
class Effect:
    """A difference in differences with its interval, in the unit of the outcome; ``p_value`` of no difference.

    ``sets`` is the number of matched sets, ``controls`` that of all controls.
    """

    difference: float
    low: float
    high: float
    p_value: float
    sets: int
    controls: int


def match(
    risk: Array, classes: Sequence[object], acted: NDArray[np.bool_], controls: int = CONTROLS, caliper: float = CALIPER
) -> Matched:
    """Similar areas for each that was acted on: of the same class, and nearest in risk within the caliper.

    Each area is a control once at most. In each round every area gets one more control, so that the sum of the
    differences in risk is the least possible (a linear assignment, Jonker and Volgenant 1987, by SciPy).

    Args:
        risk: a number for each area, before anything was done. ``classes``: what has to be equal.
        acted: where something was done.
    """
    treated, free = np.flatnonzero(acted), np.flatnonzero(~acted)
    codes = pd.factorize(pd.Series(list(classes), dtype="object"))[0]
    width = caliper * float(np.std(risk)) if len(risk) else 0.0
    taken = np.full((len(treated), controls), -1, dtype="int64")
    for number in range(controls):
        if not len(treated) or not len(free):
            break
        apart = np.abs(risk[treated][:, None] - risk[free][None, :])
        allowed = (codes[treated][:, None] == codes[free][None, :]) & (apart <= width)
        rows, columns = linear_sum_assignment(np.where(allowed, apart, NOT_ALLOWED))
        good = allowed[rows, columns]
        taken[rows[good], number] = free[columns[good]]
        free = np.setdiff1d(free, free[columns[good]])
    alone = (taken < 0).all(axis=1)
    # The controls of a set stand first, so that what is empty is at its end.
    ordered = np.take_along_axis(taken, np.argsort(taken < 0, axis=1, kind="stable"), axis=1)
    return Matched(treated[~alone], ordered[~alone], treated[alone])


def measure_effect(change: Array, matched: Matched, seed: int = SEED) -> Effect | None:
    """The mean difference of ``change`` between areas acted on and their controls; None where nothing can be said.

    The interval holds the effects that randomisation does not reject: for each of many ways in which chance could have
    chosen the acted-on area of each set, the effect at which the observed difference would be as extreme as that way's
    is worked out; the interval are quantiles of these. It is exact where, within a set, chance alone decided.

    Args:
        change: of the outcome between the two runs, by row; missing values are left out with their sets.
    """
    rows = np.column_stack([matched.acted, matched.controls])
    values = np.where(rows >= 0, change[np.maximum(rows, 0)], np.nan)
    there = ~np.isnan(values)
    complete = there[:, 0] & (there[:, 1:].sum(axis=1) > 0) if len(values) else np.zeros(0, dtype=bool)
    values, there = values[complete], there[complete]
    if len(values) < LEAST_ACTED or np.nanstd(values) == 0:
        return None
    filled, sizes = np.where(there, values, 0.0), there.sum(axis=1)
    total = filled.sum(axis=1)

    def differences(chosen: Array) -> Array:
        """Of each set: the value that was chosen less the mean of the others."""
        return np.asarray(chosen - (total - chosen) / (sizes - 1))

    observed = float(differences(filled[:, 0]).mean())
    random = np.random.default_rng(seed)
    # Members that are there stand anywhere in the row; the n-th of them is chosen.
    nth = np.floor(random.random((PERMUTATIONS, len(values))) * sizes).astype("int64")
    order = np.argsort(~there, axis=1, kind="stable")
    places = order[np.arange(len(values)), nth]
    drawn = differences(filled[np.arange(len(values)), places]).mean(axis=1)
    acted = places == 0
    share = np.where(acted, 1.0, -1.0 / (sizes - 1)).mean(axis=1)
    moved = share < 1 - 1e-12
    effects = (observed - drawn[moved]) / (1 - share[moved])
    tail = (1 - LEVEL) / 2
    low, high = (float(end) for end in np.quantile(effects, [tail, 1 - tail]))
    extreme = np.count_nonzero(np.abs(drawn) >= abs(observed) - 1e-12)
    return Effect(observed, low, high, (1 + extreme) / (1 + PERMUTATIONS), len(values), int(there[:, 1:].sum()))
