"""Why an area's risk differs from the nation's: contributions of components, and what they point to."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.catalogue import Index
from pipeline.catalogue.rates import Helps
from pipeline.errors import ScoringError
from pipeline.index.checks import uses_z_scores

LEAST = 1e-9
"""Contributions up to this size count as none: they are the noise of floating-point sums."""


@dataclass(frozen=True)
class Drivers:
    """What raises each area's risk above the nation's.

    Attributes:
        contributions: one column for each component, in points of the score; a row sums to the area's score less the
            nation's mean score where ``exact``.
        frame: ``main_driver`` (missing where nothing raises it), ``drivers`` (those above 0, largest first, with
            semicolons between), ``points_to`` (missing where the index lacks components of one side).
        exact: the index's score is the arithmetic mean of its components; of others (geometric means, z-scores, whose
            components are published on scales of their own) the contributions are those that an arithmetic mean of the
            published components with the same weights would have.
    """

    contributions: pd.DataFrame
    frame: pd.DataFrame
    exact: bool


def find_drivers(components: pd.DataFrame, means: Mapping[str, float], index: Index, helps: Helps) -> Drivers:
    """Contributions wₖ/Σw · (component − the nation's mean of it), and the ordered drivers.

    Args:
        components: ``component_<name>`` for every component of ``index``, 0 to 100, one row for each area.
        means: the nation's mean of each of these columns.

    Infrastructure or people (after the Purdue Digital Divide Index): the weighted mean of the components whose side is
    ``infrastructure`` against that of the others, each as the difference from the nation's mean; ``Both`` where the two
    differ by no more than ``helps.both_within``.

    Raises:
        ScoringError: a component's column or mean is missing.
    """
    names = [component.name for component in index.components]
    lacking = [n for n in names if f"component_{n}" not in components.columns or f"component_{n}" not in means]
    if lacking:
        raise ScoringError(f"no values or no mean of the nation for the component(s) {', '.join(lacking)}.")
    weights = np.array([component.weight for component in index.components])
    values = components[[f"component_{n}" for n in names]].to_numpy(dtype="float64")
    excess = values - np.array([means[f"component_{n}"] for n in names])
    # A component without a value has no part in the score: the weights of the others grow.
    present = ~np.isnan(excess)
    total = (present * weights).sum(axis=1, keepdims=True)
    share = np.divide(present * weights, total, out=np.zeros_like(excess), where=total > 0)
    contributions = share * np.where(present, excess, 0.0)
    # Stable, so that equal contributions keep the order of the index.
    order = np.argsort(-contributions, axis=1, kind="stable")
    raising = np.take_along_axis(contributions, order, axis=1) > LEAST
    listed = [[names[c] for c, up in zip(row, ups, strict=True) if up] for row, ups in zip(order, raising, strict=True)]
    frame = pd.DataFrame(
        {
            "main_driver": pd.Series(
                [row[0] if row else None for row in listed], index=components.index, dtype="object"
            ),
            "drivers": pd.Series(["; ".join(row) or None for row in listed], index=components.index, dtype="object"),
            "points_to": pd.Series(_points_to(excess, weights, names, helps), index=components.index, dtype="object"),
        }
    )
    exact = index.aggregation == "arithmetic" and bool(present.all()) and not uses_z_scores(index)
    return Drivers(pd.DataFrame(contributions, index=components.index, columns=names), frame, exact)


def _points_to(excess: np.ndarray, weights: np.ndarray, names: list[str], helps: Helps) -> list[str | None]:
    declared = [helps.of(name) for name in names]
    sides = np.array([driver.side if driver is not None else "" for driver in declared])
    if not {"infrastructure", "people"} <= set(sides):
        return [None] * len(excess)
    means = {}
    for side in ("infrastructure", "people"):
        of_side = sides == side
        present = ~np.isnan(excess[:, of_side])
        total = (present * weights[of_side]).sum(axis=1)
        summed = (np.where(present, excess[:, of_side], 0.0) * weights[of_side]).sum(axis=1)
        means[side] = np.divide(summed, total, out=np.zeros(len(excess)), where=total > 0)
    gap = means["infrastructure"] - means["people"]
    within = max(helps.both_within, LEAST)
    return ["Both" if abs(g) <= within else "Infrastructure" if g > 0 else "People" for g in gap]
