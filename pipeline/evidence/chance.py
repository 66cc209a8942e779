"""How likely a score is right: the chance that an area is truly in the worst tenth, by its place among the scores.

The places are those of scores by weights that were fitted without the area's ICB, so the chance is what to expect of
areas that the weights never saw. The share truly in the worst tenth is taken over classes of places, finer towards the
top, and smoothed to what never rises with a lower score (isotonic regression by pooling adjacent violators: Ayer et al.
1955). Between the middles of the classes it is interpolated.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue.fits import Band, Chance
from pipeline.evidence.outcome import Outcome
from pipeline.index import rank_scores

Vector = NDArray[np.float64]
Flags = NDArray[np.bool_]

EDGES = (0.0, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.065, 0.08, 0.1, 0.125, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 1.0)
"""The classes of places, 0 = highest score; finer where the chance changes fast and where it is looked at."""
BANDS = ((0.0, 0.02), (0.02, 0.05), (0.05, 0.1), (0.1, 0.2), (0.2, 0.5), (0.5, 1.0))
"""The bands in which the chance is compared with what came true."""
LOCAL_BANDS = ((0.0, 0.02), (0.02, 0.05), (0.05, 0.1))
WORST = 0.1
FEWEST_LOCAL = 50
"""ICBs with fewer areas have no worst tenth to speak of."""
DECIMALS = 4


@dataclass(frozen=True)
class Rightness:
    """How likely a score is right, and how that was judged; see :class:`pipeline.catalogue.fits.Fit`."""

    chance: Chance
    reliability: tuple[Band, ...]
    local: tuple[Band, ...]


def measure_rightness(held_out: pd.Series, outcome: Outcome, boards: pd.Series) -> Rightness:
    """The chance by place, its reliability where it was not fitted, and how the lists of single ICBs do.

    Args:
        held_out: scores of all LSOAs of the nation, each by weights fitted without its ICB; higher = more risk.
        outcome: a number of LSOAs; it may cover a part of them. The worst tenth is the tenth of these that is worst.
        boards: the ICB of every LSOA.
    """
    harm = outcome.harm
    places = place_scores(held_out).loc[harm.index].to_numpy()
    worst = is_worst(harm.to_numpy(dtype="float64"))
    board_of = boards.loc[harm.index].to_numpy(object)
    top, chance = fit_chance(places, worst)
    said = np.empty(len(places))
    for name in np.unique(board_of):
        inside = board_of == name
        said[inside] = np.interp(places[inside], *fit_chance(places[~inside], worst[~inside]))
    score_of = held_out.loc[harm.index].to_numpy()
    return Rightness(
        Chance(
            outcome=outcome.name,
            title=outcome.title or outcome.name,
            areas=len(places),
            top=tuple(top.tolist()),
            chance=tuple(chance.tolist()),
        ),
        tuple(_band(lower, upper, places, said, worst) for lower, upper in BANDS),
        judge_lists(score_of, harm.to_numpy(dtype="float64"), board_of),
    )


def place_scores(scores: pd.Series) -> pd.Series:
    """The place of every area in the order of scores: (rank − ½) / N, so 0 is the highest score and 1 the lowest."""
    places: pd.Series = (rank_scores(scores, "average") - 0.5) / len(scores)
    return places


def is_worst(harm: Vector) -> Flags:
    """Whether an area is among the tenth with the highest harm; of equal ones at the border, none or all are."""
    flags: Flags = harm > np.quantile(harm, 1 - WORST, method="higher") - 1e-12
    return flags


def fit_chance(places: Vector, worst: Flags) -> tuple[Vector, Vector]:
    """Places, rising, and the chance of being in the worst tenth there, never rising.

    Args:
        places: of the areas in the order of scores, 0 to 1. ``worst``: whether each is truly in the worst tenth.
    """
    # Imported here because it is slow to import, and only calibrating needs it.
    from scipy.optimize import isotonic_regression

    edges = np.array(EDGES)
    number = np.clip(np.searchsorted(edges, places, side="right") - 1, 0, len(edges) - 2)
    areas = np.bincount(number, minlength=len(edges) - 1).astype("float64")
    true = np.bincount(number, worst, minlength=len(edges) - 1)
    middles = np.bincount(number, places, minlength=len(edges) - 1)
    there = areas > 0
    share, middle = true[there] / areas[there], middles[there] / areas[there]
    smooth = isotonic_regression(share, weights=areas[there], increasing=False).x
    top, chance = middle.round(DECIMALS), np.clip(smooth, 0.0, 1.0).round(DECIMALS)
    if len(top) == 1:
        return np.array([0.0, 1.0]), np.repeat(chance, 2)
    return top, chance


def judge_lists(scores: Vector, harm: Vector, boards: NDArray[np.object_]) -> tuple[Band, ...]:
    """Of each ICB's areas with the highest scores, the share truly in the ICB's worst tenth, by band of its order."""
    rows: list[pd.DataFrame] = []
    for name in np.unique(boards):
        inside = boards == name
        if inside.sum() >= FEWEST_LOCAL:
            places = place_scores(pd.Series(scores[inside])).to_numpy()
            rows.append(pd.DataFrame({"place": places, "worst": is_worst(harm[inside])}))
    if not rows:
        return ()
    listed = pd.concat(rows)
    places, worst = listed["place"].to_numpy(), listed["worst"].to_numpy()
    return tuple(_band(lower, upper, places, worst.astype("float64"), worst) for lower, upper in LOCAL_BANDS)


def _band(lower: float, upper: float, places: Vector, said: Vector, worst: Flags) -> Band:
    inside = (places > lower) & (places <= upper)
    name = f"{100 * lower:g}% to {100 * upper:g}%"
    if not inside.any():
        return Band(name=name, areas=0, said=0.0, observed=0.0)
    return Band(
        name=name,
        areas=int(inside.sum()),
        said=round(float(said[inside].mean()), DECIMALS),
        observed=round(float(worst[inside].mean()), DECIMALS),
    )
