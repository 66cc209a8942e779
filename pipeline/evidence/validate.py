"""Scores compared with an outcome: rank correlation overall and within places, and the outcome by decile of risk.

Intervals are 95% percentile bootstrap intervals (Efron and Tibshirani 1993). Over all areas, districts are drawn
rather than LSOAs, because neighbours resemble each other; within one place, its LSOAs are drawn.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.evidence.outcome import Outcome
from pipeline.index import deciles, rank_scores
from pipeline.tables import is_among

Vector = NDArray[np.float64]
Counts = NDArray[np.float64]

FEWEST = 30
"""Places with fewer LSOAs are not reported: a rank correlation of so few areas says nothing."""
CELLS = 4_000_000
"""Draws times areas held in memory at once, which keeps it to a few hundred megabytes."""
INTERVAL = (2.5, 97.5)


@dataclass(frozen=True)
class Validation:
    """How well a set of scores agrees with one outcome.

    Attributes:
        agreement: one row for each candidate and place: ``row`` (its key), ``candidate, level`` (``all``, ``icb``,
            ``lad`` or ``area``), ``code, name, areas, spearman, low, high``. Positive: where the score is higher, the
            outcome is worse.
        calibration: one row for each candidate and decile: ``candidate, decile`` (1 = the most at-risk tenth of the
            nation), ``areas, mean, low, high``, in the outcome's unit.
        summary: one row for each candidate: ``spearman, low, high, median_within_icb, lowest_icb, highest_icb``.
    """

    agreement: pd.DataFrame
    calibration: pd.DataFrame
    summary: pd.DataFrame


def validate_indices(
    candidates: pd.DataFrame,
    outcome: Outcome,
    places: pd.DataFrame,
    area: pd.Index,
    *,
    draws: int = 1_000,
    seed: int = 2021,
) -> Validation:
    """Compare every column of ``candidates`` with ``outcome``.

    Args:
        candidates: one score per column, higher = more risk, for all LSOAs of the nation, indexed by code.
        outcome: what was observed, for some of them.
        places: ``icb_code, icb_name, lad_code, lad_name`` of all LSOAs, indexed by code.
        area: the codes of the area asked for; it has a row if enough of its LSOAs have an outcome.
        draws: the number of bootstrap samples. ``seed``: for the random numbers.
    """
    codes = outcome.values.index
    harm, scores, measured = outcome.harm.to_numpy(), candidates.loc[codes], places.loc[codes]
    rows: list[dict[str, object]] = []
    for level, code, name, inside in _groups(measured, is_among(codes, area)):
        clusters = measured["lad_code"].to_numpy() if level == "all" else None
        random = np.random.default_rng([seed, len(rows)])
        rows += [
            {
                "entry": f"{candidate}/{level}/{code}",
                "candidate": candidate,
                "level": level,
                "code": code,
                "name": name,
                "areas": int(inside.sum()),
                **correlation,
            }
            for candidate, correlation in _correlate(scores[inside], harm[inside], clusters, draws, random).items()
        ]
    agreement = pd.DataFrame(rows)
    return Validation(agreement, _calibrate(candidates, outcome, draws, seed), summarise_agreement(agreement))


def summarise_agreement(agreement: pd.DataFrame) -> pd.DataFrame:
    """Overall, and the median, lowest and highest within the ICBs, best candidate first."""
    overall = agreement[agreement["level"] == "all"].set_index("candidate")[["spearman", "low", "high"]]
    within = agreement[agreement["level"] == "icb"].groupby("candidate")["spearman"]
    result = overall.assign(median_within_icb=within.median(), lowest_icb=within.min(), highest_icb=within.max())
    return result.sort_values("spearman", ascending=False).reset_index()


def spearman(left: Vector, right: Vector) -> float:
    """The rank correlation of two samples, ties sharing their average rank; NaN where one of them is constant."""
    # Imported here because it is slow to import, and only comparing needs it.
    from scipy.stats import rankdata

    return float(_pearson(rankdata(left), rankdata(right)))


def correlate_resamples(scores: Mapping[str, Vector], harm: Vector, counts: Counts) -> dict[str, Vector]:
    """The rank correlation of each of ``scores`` with ``harm`` in every resample.

    Args:
        scores: one value for each area, by candidate. ``harm``: likewise.
        counts: how often each area is in each resample, shape (draws, areas).

    Returns:
        One correlation per draw and candidate; NaN where a resample is constant.
    """
    ranks = resampled_ranks(harm, counts)
    return {
        candidate: correlate_ranks(resampled_ranks(values, counts), ranks, counts)
        for candidate, values in scores.items()
    }


def draw_resamples(count: int, draws: int, random: np.random.Generator, clusters: NDArray[np.object_] | None) -> Counts:
    """How often each of ``count`` areas is in each of ``draws`` resamples; whole clusters are drawn where given."""
    if clusters is None:
        return np.asarray(random.multinomial(count, np.full(count, 1 / count), size=draws), dtype="float64")
    cluster = np.unique(clusters, return_inverse=True)[1]
    most = int(cluster.max()) + 1
    return np.asarray(random.multinomial(most, np.full(most, 1 / most), size=draws)[:, cluster], dtype="float64")


def _groups(places: pd.DataFrame, in_area: NDArray[np.bool_]) -> Iterator[tuple[str, str, str, NDArray[np.bool_]]]:
    yield "all", "all", "all areas with an outcome", np.ones(len(places), dtype=bool)
    if FEWEST <= in_area.sum() < len(places):
        yield "area", "area", "the area", in_area
    for level in ("icb", "lad"):
        code_of = places[f"{level}_code"].to_numpy()
        for code in np.unique(code_of):
            inside = code_of == code
            if inside.sum() >= FEWEST:
                yield level, str(code), str(places[f"{level}_name"].to_numpy()[inside][0]), inside


def _correlate(
    scores: pd.DataFrame, harm: Vector, clusters: NDArray[np.object_] | None, draws: int, random: np.random.Generator
) -> dict[str, dict[str, float]]:
    resampled: dict[str, list[Vector]] = {str(column): [] for column in scores.columns}
    values = {str(column): scores[column].to_numpy(dtype="float64") for column in scores.columns}
    step = max(1, CELLS // len(harm))
    for start in range(0, draws, step):
        counts = draw_resamples(len(harm), min(step, draws - start), random, clusters)
        for candidate, correlations in correlate_resamples(values, harm, counts).items():
            resampled[candidate].append(correlations)
    return {
        candidate: {"spearman": spearman(values[candidate], harm), **interval_of(np.concatenate(parts))}
        for candidate, parts in resampled.items()
    }


def interval_of(draws: Vector) -> dict[str, float]:
    """The 95% percentile interval of what was drawn, ``low`` and ``high``; NaN where nothing was."""
    present = draws[~np.isnan(draws)]
    low, high = np.percentile(present, INTERVAL) if len(present) else (np.nan, np.nan)
    return {"low": float(low), "high": float(high)}


def resampled_ranks(values: Vector, counts: Counts) -> Vector:
    """Average ranks of ``values`` in every resample, (draws, areas); areas not drawn get the rank they would have."""
    distinct, group = np.unique(values, return_inverse=True)
    order = np.argsort(group, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(group, minlength=len(distinct)))[:-1]])
    size = np.add.reduceat(counts[:, order], starts, axis=1)
    shared = np.cumsum(size, axis=1) - size / 2 + 0.5
    return np.asarray(shared[:, group])


def correlate_ranks(left: Counts, right: Counts, counts: Counts) -> Vector:
    """The correlation of two sets of ranks in every resample, all of (draws, areas); NaN where one is constant."""
    # In a resample of other places, none of these areas may be drawn: there is nothing to correlate then.
    total = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    left = left - (left * counts).sum(axis=1, keepdims=True) / total
    right = right - (right * counts).sum(axis=1, keepdims=True) / total
    together = (left * right * counts).sum(axis=1)
    apart = np.sqrt((left**2 * counts).sum(axis=1) * (right**2 * counts).sum(axis=1))
    result = np.full(len(counts), np.nan)
    np.divide(together, apart, out=result, where=apart > 0)
    return result


def _pearson(left: Vector, right: Vector) -> float:
    return float(correlate_ranks(left[None, :], right[None, :], np.ones((1, len(left))))[0])


def _calibrate(candidates: pd.DataFrame, outcome: Outcome, draws: int, seed: int) -> pd.DataFrame:
    """The mean outcome in every decile of the nation, its interval by resampling the decile's LSOAs."""
    rows = []
    for candidate in candidates.columns:
        tenth = deciles(rank_scores(candidates[candidate])).loc[outcome.values.index].to_numpy()
        for decile in range(1, 11):
            values = outcome.values.to_numpy()[tenth == decile]
            if len(values) == 0:
                continue
            random = np.random.default_rng([seed, decile])
            means = draw_resamples(len(values), draws, random, None) @ values / len(values)
            rows.append(
                {
                    "candidate": str(candidate),
                    "decile": decile,
                    "areas": len(values),
                    "mean": float(values.mean()),
                    **interval_of(means),
                }
            )
    return pd.DataFrame(rows)
