"""Why an area's risk differs from the nation's: contributions of components, and what they point to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue import Index
from pipeline.catalogue.rates import Helps
from pipeline.errors import ScoringError
from pipeline.index.checks import uses_z_scores

Vector = NDArray[np.float64]

LEAST = 1e-9
"""Contributions up to this size count as none: they are the noise of floating-point sums."""
SEPARATOR = "; "


@dataclass(frozen=True)
class Drivers:
    """What raises each area's risk above the nation's.

    Attributes:
        contributions: one column for each component, in points of the score; a row sums to the area's score less the
            nation's mean score where ``exact``.
        frame: ``main_driver`` (missing where nothing that can be named raises it), ``drivers`` (those that raise it,
            largest first, with semicolons between), ``points_to`` (missing where neither side adds enough, or the index
            lacks components of one).
        exact: the index's score is the arithmetic mean of its components; of others (geometric means, z-scores, whose
            components are published on scales of their own) the contributions are those that an arithmetic mean of the
            published components with the same weights would have. How indicators become a component does not matter.
    """

    contributions: pd.DataFrame
    frame: pd.DataFrame
    exact: bool


def measure_contributions(
    components: pd.DataFrame, means: Mapping[str, float], index: Index
) -> tuple[pd.DataFrame, bool]:
    """Contributions wₖ/Σw · (component − the nation's mean of it), one column for each component, and if all are there.

    A component without a value has no part in the score, so that the weights of the others grow.

    Args:
        components: ``component_<name>`` for every component of ``index``, 0 to 100, one row for each area.
        means: the nation's mean of each of these columns.

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
    present = ~np.isnan(excess)
    total = (present * weights).sum(axis=1, keepdims=True)
    share = np.divide(present * weights, total, out=np.zeros_like(excess), where=total > 0)
    contributions = share * np.where(present, excess, 0.0)
    return pd.DataFrame(contributions, index=components.index, columns=names), bool(present.all())


def find_drivers(components: pd.DataFrame, means: Mapping[str, float], index: Index, helps: Helps) -> Drivers:
    """Contributions to the score (:func:`measure_contributions`), the ordered drivers, and which side they point to.

    A component whose side is ``infrastructure`` is a driver only where it adds at least ``helps.named_from`` points: it
    counts for little in most indices, and being named first is read as a reason to dig.

    Infrastructure or people (the question is that of the Purdue Digital Divide Index): the contributions of the
    components whose side is ``infrastructure``, added up, against those of the others. A side is named where it adds at
    least ``helps.named_from`` points; ``Both`` where the smaller adds at least ``helps.both_from`` of the larger.

    Raises:
        ScoringError: a component's column or mean is missing.
    """
    contributions, complete = measure_contributions(components, means, index)
    values, names = contributions.to_numpy(), list(contributions.columns)
    listed = list_largest(np.where(named_at_all(values, names, helps), values, 0.0), names, LEAST)
    frame = pd.DataFrame(
        {
            "main_driver": pd.Series(
                [row[0] if row else None for row in listed], index=components.index, dtype="object"
            ),
            "drivers": pd.Series(
                [SEPARATOR.join(row) or None for row in listed], index=components.index, dtype="object"
            ),
            "points_to": pd.Series(_points_to(values, names, helps), index=components.index, dtype="object"),
        }
    )
    exact = index.aggregation == "arithmetic" and complete and not uses_z_scores(index)
    return Drivers(contributions, frame, exact)


def named_at_all(contributions: Vector, names: Sequence[str], helps: Helps) -> NDArray[np.bool_]:
    """Whether each component may be named as a reason for each area's risk: infrastructure only from a bound on."""
    cables = np.array([_side(name, helps) == "infrastructure" for name in names])
    return ~cables | (contributions >= max(helps.named_from, LEAST))


def list_largest(points: Vector, names: Sequence[str], least: float) -> list[list[str]]:
    """The names of each row's columns with more than ``least`` points, the largest first."""
    # Stable, so that equal contributions keep the order of the index.
    order = np.argsort(-points, axis=1, kind="stable")
    enough = np.take_along_axis(points, order, axis=1) > least
    return [
        [names[c] for c, named in zip(row, up, strict=True) if named] for row, up in zip(order, enough, strict=True)
    ]


def _side(component: str, helps: Helps) -> str:
    declared = helps.of(component)
    return "" if declared is None else declared.side


def _points_to(contributions: Vector, names: Sequence[str], helps: Helps) -> list[str | None]:
    sides = np.array([_side(name, helps) for name in names])
    if not {"infrastructure", "people"} <= set(sides):
        return [None] * len(contributions)
    cables, people = (contributions[:, sides == side].sum(axis=1) for side in ("infrastructure", "people"))
    bound = max(helps.named_from, LEAST)
    named: list[str | None] = []
    for ours, theirs in zip(cables.tolist(), people.tolist(), strict=True):
        if max(ours, theirs) < bound:
            named.append(None)
        elif min(ours, theirs) >= max(bound, helps.both_from * max(ours, theirs)):
            named.append("Both")
        else:
            named.append("Infrastructure" if ours > theirs else "People")
    return named
