"""How certain a rank is: every area ranked by many plausible indices.

After Saisana, Saltelli & Tarantola (2005), Uncertainty and sensitivity analysis techniques as tools for the quality
assessment of composite indicators, and OECD & JRC (2008), Handbook on Constructing Composite Indicators.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue import Index, Uncertainty
from pipeline.catalogue.fits import Loss
from pipeline.catalogue.indices import Aggregation
from pipeline.catalogue.uncertainty import Noise, WeightsVaried
from pipeline.index.plausible import (
    Choices,
    Prepared,
    WeightDrawn,
    declared_choice,
    draw_choices,
    prepare,
    rank_choice,
    score_choice,
    summarise_weights,
)
from pipeline.index.rank import TOLERANCE, rank_values, settle_ties
from pipeline.index.recent import RECENT, key_of

Vector = NDArray[np.float64]
Ranks = NDArray[Any]
"""uint16, uint32 or float32: the smallest that holds every rank."""

COLUMNS = ("rank_p05", "rank_median", "rank_p95", "worst_decile_probability")
NATIONAL_COLUMNS = ("england_rank_p05", "england_rank_p95")
QUANTILES = (0.05, 0.5, 0.95)
SURE = 0.9
"""An area stays in the worst tenth when at least this share of the draws put it there."""

AREAS_AT_ONCE = 4096
MOST_THREADS = 4
DRAWS_AT_ONCE = 16
"""Draws in one task: handing a task to a thread takes about as long as one draw of a small area."""


@dataclass(frozen=True)
class Variation:
    """What differs between the plausible indices, and what that does to the worst tenth.

    Attributes:
        weights: of every component, and of the indicators of components that have several.
        concentration: of the distributions that weights were drawn from; infinite where they stay as declared.
        normalisations, aggregations: what was tried, those of the index first. ``noise``: errors in the data.
        tolerance: how much less of the outcomes' variance an index may explain to count 37% as much; None where all
            count alike.
        different: the number of different indices among the draws; fewer than ``draws`` where those that fit best were
            drawn more than once.
        worst_tenth: the number of areas in it by the declared index.
        worst_tenth_staying_in_90_percent_of_draws: the number of these that at least 90% of the draws also put there.
    """

    draws: int
    seed: int
    weights: tuple[WeightDrawn, ...]
    concentration: WeightsVaried
    normalisations: tuple[str, ...]
    aggregations: tuple[Aggregation, ...]
    noise: tuple[Noise, ...]
    tolerance: float | None
    different: int
    worst_tenth: int
    worst_tenth_staying_in_90_percent_of_draws: int


@dataclass(frozen=True)
class RankIntervals:
    """How the ranks of areas vary.

    Attributes:
        frame: indexed as the areas were: ``rank_p05``, ``rank_median``, ``rank_p95`` (1 = highest risk) and
            ``worst_decile_probability`` (0–1).
        variation: what was varied.
        lowest: the rank of every area by every draw, draws × areas, equal scores sharing that of the highest.
    """

    frame: pd.DataFrame
    variation: Variation
    lowest: Ranks


@dataclass(frozen=True)
class NationalRanks:
    """How the ranks of some areas in their nation vary, and with them the worst tenth of the nation.

    Attributes:
        frame: ``england_rank_p05`` and ``england_rank_p95`` (1 = highest risk), indexed by the areas' codes.
        worst: how many areas of each group are in the nation's worst tenth, draws × groups.
    """

    frame: pd.DataFrame
    worst: NDArray[np.int64]


def draw_rank_intervals(
    index: Index,
    reference: pd.DataFrame,
    areas: pd.DataFrame | None,
    uncertainty: Uncertainty,
    loss: Loss | None = None,
) -> RankIntervals:
    """Rank ``areas`` (default: the reference itself) by ``uncertainty.draws`` plausible indices.

    Ranks are among ``areas``, and equal scores are ranked by the rule of the index, as the published rank is. The
    quantiles are ranks that the area had in some draw: the smallest rank that at least 5%, 50% or 95% of the draws do
    not exceed (the inverse of the empirical distribution function). The median of an even number of draws is thus the
    lower median, and a rank is a half only where the index averages ties. The worst tenth holds
    the areas of decile 1: 10 · rank ≤ number of areas.

    The memory needed is draws × areas × 2 bytes (4 beyond 65,535 areas), and as much or twice as much again where equal
    scores do not share the rank of the highest.

    Args:
        index: the declared index. It must be possible to score it on ``reference`` and ``areas``.
        reference: the areas to compare indicators with, indexed by code. ``areas``: those to rank, likewise.
        loss: how much less other weights agree with the outcomes; with it, indices that fit less count less.
    """
    areas = reference if areas is None else areas
    prepared = prepare(index, reference, areas, uncertainty)
    choices = draw_choices(prepared, uncertainty, uncertainty.draws, uncertainty.seed, loss)
    nominal = pd.Series(rank_choice(prepared, declared_choice(index)), index=areas.index, name="rank")
    lowest = rank_draws(len(choices), len(areas), lambda row: rank_values(score_choice(prepared, choices[row]), "min"))
    ranks = lowest
    if index.ties != "min":
        ranks = rank_draws(
            len(choices),
            len(areas),
            lambda row: settle_ties(lowest[row], index.ties, prepared.places),
            halves=index.ties == "average",
        )
    frame = summarise_ranks(ranks, areas.index)
    variation = _describe(prepared, choices, uncertainty, frame, nominal)
    return RankIntervals(frame, replace(variation, tolerance=None) if loss is None else variation, lowest)


def draw_national_ranks(
    index: Index,
    nation: pd.DataFrame,
    codes: pd.Index,
    uncertainty: Uncertainty,
    loss: Loss | None = None,
    groups: NDArray[np.int64] | None = None,
) -> NationalRanks:
    """The ends of the rank that each of ``codes`` has in the nation, in nine of ten plausible indices.

    The draws are the first ``uncertainty.national_draws`` of another seed, so that a nation of many areas costs little.
    Equal scores share the rank of the highest. The worst tenth holds the areas of decile 1.

    Args:
        nation: every area of it, by code.
        codes: the areas whose ranks are asked for; may be none.
        groups: the group of each area of the nation, counted from 0; -1 for none. Without it there is no group.
    """
    groups = np.full(len(nation), -1, dtype="int64") if groups is None else groups
    prepared = prepare(index, nation, nation, uncertainty)
    choices = draw_choices(prepared, uncertainty, uncertainty.national_draws, uncertainty.seed + 1, loss)
    rows, tenth = nation.index.get_indexer(codes), len(nation) // 10
    worst = np.zeros((len(choices), int(groups.max(initial=-1)) + 1), dtype="int64")

    def rank_of(row: int) -> Vector:
        scores = score_choice(prepared, choices[row])
        ordered = np.sort(scores)
        if tenth:
            inside = groups[(scores + TOLERANCE >= ordered[-tenth]) & (groups >= 0)]
            worst[row] = np.bincount(inside, minlength=worst.shape[1])
        return np.asarray(len(scores) - np.searchsorted(ordered, scores[rows] + TOLERANCE, side="right") + 1.0)

    ranks = rank_draws(len(choices), len(codes), rank_of, highest=len(nation))
    if len(codes):
        RECENT.keep(key_of(index, nation, uncertainty, loss), codes, ranks)
    low, high = (np.quantile(ranks, end, axis=0, method="inverted_cdf") for end in (QUANTILES[0], QUANTILES[2]))
    frame = pd.DataFrame(dict(zip(NATIONAL_COLUMNS, (low, high), strict=True)), index=codes).astype("int64")
    return NationalRanks(frame, worst)


def rank_draws(
    draws: int, areas: int, rank_of: Callable[[int], Vector], *, halves: bool = False, highest: int = 0
) -> Ranks:
    """Every area's rank by every draw, draws × areas; ``rank_of`` gives those of one draw.

    ``halves``: ranks may be halves, as where ties are averaged. ``highest``: the highest rank, where it exceeds the
    number of areas.
    """
    kind = np.float32 if halves else np.uint16 if max(areas, highest) <= np.iinfo(np.uint16).max else np.uint32
    ranks: Ranks = np.empty((draws, areas), dtype=kind)

    def fill(start: int) -> None:
        for row in range(start, min(start + DRAWS_AT_ONCE, draws)):
            ranks[row] = rank_of(row)

    # Sorting and adding leave the interpreter free, so threads share the work; each block fills only its rows.
    with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_THREADS)) as pool:
        for _ in pool.map(fill, range(0, draws, DRAWS_AT_ONCE)):
            pass
    return ranks


def summarise_ranks(ranks: Ranks, codes: pd.Index) -> pd.DataFrame:
    """The columns :data:`COLUMNS` of many ranks (draws × areas), indexed by ``codes``."""
    draws, count = ranks.shape
    places = [int(np.ceil(round(quantile * draws, 9))) - 1 for quantile in QUANTILES]
    summary = np.empty((count, len(COLUMNS)))
    for start in range(0, count, AREAS_AT_ONCE):
        # Each area's ranks side by side in memory: sorting across rows takes five times as long.
        block = np.ascontiguousarray(ranks[:, start : start + AREAS_AT_ONCE].T)
        block.sort(axis=1)
        rows = slice(start, start + len(block))
        summary[rows, :3] = block[:, places]
        summary[rows, 3] = np.count_nonzero(block <= count / 10, axis=1) / draws
    frame = pd.DataFrame(summary, index=codes, columns=list(COLUMNS))
    halves = (frame[list(COLUMNS[:3])] % 1 != 0).any(axis=None)
    return frame if halves else frame.astype(dict.fromkeys(COLUMNS[:3], "int64"))


def _describe(
    prepared: Prepared, choices: Choices, uncertainty: Uncertainty, frame: pd.DataFrame, nominal: pd.Series
) -> Variation:
    worst = nominal <= len(nominal) / 10
    return Variation(
        draws=uncertainty.draws,
        seed=uncertainty.seed,
        weights=tuple(summarise_weights(prepared, choices)),
        concentration=uncertainty.weights,
        normalisations=tuple(scheme.title for scheme in prepared.schemes),
        aggregations=prepared.aggregations,
        noise=tuple(noise for noise in uncertainty.noise if noise.column in prepared.noisy_columns),
        tolerance=uncertainty.fit.tolerance,
        different=len(np.unique(choices.components, axis=0)) if len(prepared.index.components) > 1 else len(choices),
        worst_tenth=int(worst.sum()),
        worst_tenth_staying_in_90_percent_of_draws=int((frame["worst_decile_probability"][worst] >= SURE).sum()),
    )
