"""Weights fitted to an outcome, none negative, and judged where they were not fitted.

The outcome enters as its percentile among the areas that have one, so that a few extreme areas do not decide and the
fit aims at what the index is for: the order of areas. Least squares under ``weight ≥ least · sum of weights`` (Lawson
and Hanson 1974, NNLS, after moving the bound to zero). The shares are rounded to whole percentages, which is what the
index file holds and what is judged.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue import Fitted, Index, hash_weights
from pipeline.errors import EvidenceError
from pipeline.evidence.outcome import Outcome
from pipeline.evidence.validate import FEWEST, INTERVAL, Validation, spearman, validate_indices
from pipeline.index import score

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

ROUNDS = 200
RIDGE = 1e-9
"""A share of the mean square of the indicators, which keeps indicators that say the same from breaking the fit."""
FIFTHS = ("least", "second", "third", "fourth", "most")


@dataclass(frozen=True)
class FitSettings:
    """How weights are fitted.

    Attributes:
        least: the smallest share of the total weight that any indicator may have.
        draws: the number of bootstrap samples. ``seed``: for the random numbers.
    """

    least: float = 0.02
    draws: int = 1_000
    seed: int = 2021


DEFAULTS = FitSettings()


@dataclass(frozen=True)
class Calibration:
    """An index with fitted weights, and how it does where it was not fitted.

    Attributes:
        index: the template with fitted weights, in whole percentages; indicators that got none are left out.
        weights: one row for each indicator of the template: ``component, column, weight`` (percent), ``low, high``
            (95%, districts drawn again, before rounding), ``rounded``.
        out_of_sample: of scores by weights fitted without the area's ICB, or its district: for each, the rank
            correlation over all areas and the median within ICBs.
        compared: the scores without the area's ICB and the other candidates against the outcome, over the same areas.
        failures: ``kind, group, areas, spearman, gap``: by ICB, rural-urban class and fifth of age; ``gap`` is the mean
            of outcome percentile − score percentile, positive where the index understates the harm.
        without_floor: the rank correlation, ICB by ICB left out, had no indicator been given a least weight.
    """

    index: Index
    weights: pd.DataFrame
    out_of_sample: pd.DataFrame
    compared: Validation
    failures: pd.DataFrame
    without_floor: tuple[float, float]


def calibrate(
    template: Index,
    nation: pd.DataFrame,
    outcome: Outcome,
    others: pd.DataFrame,
    settings: FitSettings = DEFAULTS,
) -> Calibration:
    """Fit the weights of ``template`` to ``outcome``.

    Args:
        template: components, indicators, directions and normalisation; its weights are not used. It must be a weighted
            arithmetic mean at both levels.
        nation: all LSOAs with their columns, indexed by code.
        others: scores to compare with, higher = more risk, indexed by code.
        settings: the least weight, and how the intervals are drawn.

    Raises:
        EvidenceError: the template is not an arithmetic mean, the least weight leaves no room, or no indicator goes
            with the outcome.
    """
    # Imported here because it is slow to import, and only calibrating needs it.
    from scipy.stats import rankdata

    least = settings.least
    _check(template, least)
    labels = [(c.name, i.column) for c in template.components for i in c.indicators]
    codes = outcome.values.index
    normalised = score(template, nation).normalised
    values = normalised.loc[codes].to_numpy()
    target = rankdata(outcome.harm.to_numpy()) / len(codes)
    places = nation.loc[codes]
    groupings = {"ICB": places["icb_code"].to_numpy(), "district": places["lad_code"].to_numpy()}
    held_out = pd.DataFrame(
        {name: predict_held_out(values, target, groups, least) for name, groups in groupings.items()}, index=codes
    )
    free = predict_held_out(values, target, groupings["ICB"], 0.0)
    shares = fit_shares(values, target, least)
    percents = round_to_percents(shares)
    low, high = np.percentile(bootstrap_shares(values, target, groupings["district"], settings), INTERVAL, axis=0)
    weights = pd.DataFrame(labels, columns=["component", "column"]).assign(
        weight=shares * 100, low=low * 100, high=high * 100, rounded=percents
    )
    candidates = others.loc[codes].assign(**{f"{template.id}, ICB left out": held_out["ICB"]})
    compared = validate_indices(candidates, outcome, places, codes, draws=settings.draws, seed=settings.seed)
    by_icb = groupings["ICB"]
    summary = [
        {"left_out": name, "spearman": spearman(held_out[name].to_numpy(), target), "median_within_icb": median}
        for name in groupings
        for median in [correlate_within(held_out[name].to_numpy(), target, by_icb)]
    ]
    return Calibration(
        index=_with_weights(template, percents, outcome),
        weights=weights,
        out_of_sample=pd.DataFrame(summary),
        compared=compared,
        failures=list_failures(held_out["ICB"], target, nation),
        without_floor=(spearman(free, target), correlate_within(free, target, by_icb)),
    )


def fit_shares(values: Matrix, target: Vector, least: float) -> Vector:
    """The shares of the columns of ``values``, each at least ``least``, together 1, that fit ``target`` best.

    Raises:
        EvidenceError: no column goes with the target.
    """
    centred, aim = values - values.mean(axis=0), target - target.mean()
    return _fit(centred.T @ centred, centred.T @ aim, least)


def predict_held_out(values: Matrix, target: Vector, groups: NDArray[np.object_], least: float) -> Vector:
    """The score of every area by whole percentages fitted to the areas of all other groups.

    Raises:
        EvidenceError: there are fewer than two groups.
    """
    names = np.unique(groups)
    if len(names) < 2:
        raise EvidenceError(
            "The outcome covers one group of areas only: none is left to judge the weights on. Use one with more areas."
        )
    result = np.empty(len(target))
    for name in names:
        out = groups == name
        result[out] = values[out] @ round_to_percents(fit_shares(values[~out], target[~out], least)) / 100
    return result


def bootstrap_shares(values: Matrix, target: Vector, clusters: NDArray[np.object_], settings: FitSettings) -> Matrix:
    """The fitted shares in resamples of whole clusters, shape (draws, columns)."""
    stacked = np.column_stack([np.ones(len(target)), values, target])
    cluster = np.unique(clusters, return_inverse=True)[1]
    many = int(cluster.max()) + 1
    moments = np.stack([stacked[cluster == c].T @ stacked[cluster == c] for c in range(many)])
    counts = np.random.default_rng(settings.seed).multinomial(many, np.full(many, 1 / many), size=settings.draws)
    drawn = np.tensordot(counts, moments, axes=1)
    centred = drawn - drawn[:, :, :1] * drawn[:, :1, :] / drawn[:, :1, :1]
    return np.stack([_fit(moment[1:-1, 1:-1], moment[1:-1, -1], settings.least) for moment in centred])


def round_to_percents(shares: Vector) -> NDArray[np.int64]:
    """``shares`` (total 1) as whole percentages (total 100): those with the largest remainders are rounded up."""
    percents = np.floor(shares * 100 + 1e-9).astype("int64")
    remains = shares * 100 - percents
    percents[np.argsort(-remains, kind="stable")[: 100 - percents.sum()]] += 1
    return percents


def correlate_within(score_of: Vector, target: Vector, groups: NDArray[np.object_]) -> float:
    """The median rank correlation within the groups that have enough areas."""
    correlations = [
        spearman(score_of[groups == name], target[groups == name])
        for name in np.unique(groups)
        if (groups == name).sum() >= FEWEST
    ]
    return float(np.median(correlations)) if correlations else float("nan")


def list_failures(held_out: pd.Series, target: Vector, nation: pd.DataFrame) -> pd.DataFrame:
    """How the held-out score does in each ICB, rural-urban class and fifth of age; see :class:`Calibration`."""
    from scipy.stats import rankdata

    places = nation.loc[held_out.index]
    gap = target - rankdata(held_out) / len(held_out)
    old = nation["share_75_plus"].rank(pct=True).loc[held_out.index]
    fifth = np.minimum((old.to_numpy() * 5).astype(int), 4)
    kinds = {
        "ICB": places["icb_name"].to_numpy(),
        "rural-urban class": places["ruc21_name"].to_numpy(),
        "share aged 75 and over": np.array([f"{number + 1}: {FIFTHS[number]} fifth" for number in fifth]),
    }
    rows = [
        {
            "kind": kind,
            "group": str(name),
            "areas": int(inside.sum()),
            "spearman": spearman(held_out.to_numpy()[inside], target[inside]),
            "gap": 100 * float(gap[inside].mean()),
        }
        for kind, groups in kinds.items()
        for name in np.unique(groups)
        for inside in [groups == name]
        if inside.sum() >= FEWEST
    ]
    return pd.DataFrame(rows, columns=["kind", "group", "areas", "spearman", "gap"])


def _check(template: Index, least: float) -> None:
    methods = {template.aggregation, *(c.aggregation or template.within_components for c in template.components)}
    if methods != {"arithmetic"} or template.missing == "reweight":
        raise EvidenceError(
            f"{template.id}: weights can be fitted to weighted arithmetic means with no values left out; "
            f"found {', '.join(sorted(methods))} and missing = '{template.missing}'."
        )
    count = sum(len(component.indicators) for component in template.components)
    if not 0 <= least < 1 / count:
        raise EvidenceError(
            f"--least must be at least 0 and under {1 / count:.3f}, which is 1 divided by the {count} indicators. "
            f"Found {least:g}."
        )


def _fit(gram: Matrix, cross: Vector, least: float) -> Vector:
    """Shares from centred moments: the bound is a share of the weights' sum, so it is approached step by step."""
    from scipy.optimize import nnls

    size = len(cross)
    lower = np.linalg.cholesky(gram + RIDGE * np.trace(gram) / size * np.eye(size))
    aim = np.linalg.solve(lower, cross)
    weights = nnls(lower.T, aim)[0]
    for _ in range(ROUNDS):
        floor = np.full(size, least * weights.sum())
        again = floor + nnls(lower.T, aim - lower.T @ floor)[0]
        settled = np.abs(again - weights).max() <= 1e-12 * max(weights.sum(), 1e-300)
        weights = again
        if settled:
            break
    if weights.sum() <= 0:
        raise EvidenceError("None of the indicators goes with the outcome in its direction: no weights can be fitted.")
    return np.asarray(weights / weights.sum())


def _with_weights(template: Index, percents: Sequence[int] | NDArray[np.int64], outcome: Outcome) -> Index:
    remaining = iter(percents)
    components = []
    for component in template.components:
        given = [(indicator, int(next(remaining))) for indicator in component.indicators]
        kept = tuple(i.model_copy(update={"weight": float(weight)}) for i, weight in given if weight > 0)
        if kept:
            total = float(sum(i.weight for i in kept))
            components.append(component.model_copy(update={"weight": total, "indicators": kept}))
    fitted = Fitted(outcome=outcome.name, weights=hash_weights(components))
    return template.model_copy(update={"components": tuple(components), "fitted_to": fitted})
