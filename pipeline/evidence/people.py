"""Estimates of people compared with a survey of larger areas, and the strength of their shape fitted to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.errors import EvidenceError, first

Values = pd.Series | NDArray[np.float64]

STRENGTHS = tuple(round(0.1 * step, 1) for step in range(26))
"""Strengths that are tried; between them the deviance is taken as a parabola."""
LEAST = 500.0
"""People in an area of a survey that found none, for the deviance: half of what its figures are rounded to."""


@dataclass(frozen=True)
class SurveyComparison:
    """Estimates summed over the areas of a survey, beside its own.

    Attributes:
        frame: ``low, estimate, high`` of the survey, ``people`` estimated and whether that is ``inside``, by code.
        scale: what the estimates were multiplied by, so that they add up to the survey's: a survey of private
            households counts fewer adults than a census.
        deviance: twice the log likelihood ratio of counts with means ``people`` (quasi-Poisson), in thousands.
    """

    frame: pd.DataFrame
    scale: float
    deviance: float

    @property
    def inside(self) -> int:
        """The number of areas whose estimate lies within the survey's 95% limits."""
        return int(self.frame["inside"].sum())

    @property
    def share(self) -> float:
        """The same as a share of all areas."""
        return float(self.frame["inside"].mean())


@dataclass(frozen=True)
class StrengthFit:
    """The strength of the shape that agrees best with a survey.

    Attributes:
        strength: by all areas. ``low, high``: the extremes with any one group of areas left out.
        fitted: the comparison at ``strength``. ``without``: that of rates alone, at 0.
        left_out: each group of areas by the strength fitted to all others.
        tried: ``deviance`` and areas ``inside`` by strength.
    """

    strength: float
    low: float
    high: float
    fitted: SurveyComparison
    without: SurveyComparison
    left_out: SurveyComparison
    tried: pd.DataFrame


def compare_with_survey(people: pd.Series, membership: pd.Series, survey: pd.DataFrame) -> SurveyComparison:
    """Compare estimates with the survey's own intervals.

    Args:
        people: estimates by LSOA, in people, of the survey's measure and year.
        membership: the survey's area of each LSOA, by LSOA; missing where it has none.
        survey: ``low, estimate, high`` in people by area; a missing ``low`` is below 0.

    Raises:
        EvidenceError: an area of the survey has no LSOA.
    """
    areas = membership.reindex(people.index)
    sums = people.groupby(areas.to_numpy()).sum().reindex(survey.index)
    without = survey.index[sums.isna()]
    if len(without):
        raise EvidenceError(f"{len(without):,} area(s) of the survey have no LSOA: {first(without)}")
    scale = float(survey["estimate"].sum() / sums.sum())
    estimated = sums * scale
    frame = survey[["low", "estimate", "high"]].assign(
        people=estimated,
        inside=(estimated >= survey["low"].fillna(0)) & (estimated <= survey["high"]),
    )
    return SurveyComparison(frame, scale, float(_deviance(survey["estimate"], estimated).sum()))


def fit_strength(
    estimate: Callable[[float], pd.Series],
    membership: pd.Series,
    survey: pd.DataFrame,
    groups: pd.Series,
    strengths: Sequence[float] = STRENGTHS,
) -> StrengthFit:
    """The strength with the least deviance from the survey, and how it does on areas that it was not fitted to.

    Args:
        estimate: people by LSOA at a strength. ``groups``: what is left out together, such as regions, by area.
        strengths: those tried, evenly spaced and ascending.

    Raises:
        EvidenceError: an area of the survey has no LSOA.
    """
    tried = [compare_with_survey(estimate(strength), membership, survey) for strength in strengths]
    people = np.array([one.frame["people"].to_numpy() for one in tried])
    observed = survey["estimate"].to_numpy(dtype="float64")
    deviances = np.array([_deviance(observed, row) for row in people])
    best = _lowest(strengths, deviances.sum(axis=1))
    left_out, fitted = survey[["low", "estimate", "high"]].copy(), []
    predicted = np.empty(len(survey))
    group = groups.reindex(survey.index).to_numpy()
    for name in pd.unique(group):
        others = group != name
        fitted.append(_lowest(strengths, deviances[:, others].sum(axis=1)))
        at = [np.interp(fitted[-1], strengths, people[:, place]) for place in np.flatnonzero(~others)]
        predicted[~others] = at
    left_out["people"] = predicted
    left_out["inside"] = (predicted >= survey["low"].fillna(0)) & (predicted <= survey["high"])
    return StrengthFit(
        best,
        min(fitted),
        max(fitted),
        compare_with_survey(estimate(best), membership, survey),
        compare_with_survey(estimate(0.0), membership, survey),
        SurveyComparison(left_out, 1.0, float(_deviance(observed, predicted).sum())),
        pd.DataFrame(
            {"deviance": deviances.sum(axis=1), "inside": [one.inside for one in tried]},
            index=pd.Index(strengths, name="strength"),
        ),
    )


def describe_people(now: SurveyComparison, fit: StrengthFit, strength: float, year: int) -> list[str]:
    """What the comparison of estimates with a survey says, in lines for the console.

    Args:
        now: at the declared ``strength``. ``year``: of the survey.
    """
    alone, best, others = fit.without, fit.fitted, fit.left_out
    return [
        f"People not online, {year} version: {now.inside} of {len(now.frame)} areas of the survey lie within its 95% "
        f"limits ({now.share:.0%}) at the declared strength of {strength:g}; {alone.inside} ({alone.share:.0%}) by age "
        "and disability alone",
        f"  the strength that fits best is {fit.strength:.2f} ({fit.low:.2f} to {fit.high:.2f} with any one region "
        f"left out): {best.inside} within ({best.share:.0%}), and {others.inside} ({others.share:.0%}) of areas in "
        "regions that it was not fitted to",
    ]


def _lowest(strengths: Sequence[float], deviance: NDArray[np.float64]) -> float:
    """Where the deviance is least: the vertex of the parabola through the lowest point and its neighbours."""
    at = int(deviance.argmin())
    if at in (0, len(strengths) - 1):
        return float(strengths[at])
    before, least, after = deviance[at - 1 : at + 2]
    step = strengths[at] - strengths[at - 1]
    return float(strengths[at] + step * (before - after) / (2 * (before - 2 * least + after)))


def _deviance(
    observed: "pd.Series | NDArray[np.float64]", mean: "pd.Series | NDArray[np.float64]"
) -> NDArray[np.float64]:
    """The Poisson deviance of each area, in thousands of people: the survey's variance grows as its counts do."""
    seen = np.maximum(np.asarray(observed, dtype="float64"), LEAST) / 1000
    expected = np.asarray(mean, dtype="float64") / 1000
    return np.asarray(2 * (seen * np.log(seen / expected) - (seen - expected)))
