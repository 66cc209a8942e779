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
from pipeline.index.drawing import (
    DRAWS_AT_ONCE,
    MOST_THREADS,
    Block,
    Drawing,
    Drawn,
    Ranks,
    RanksOf,
    draw_here,
    kind_of_ranks,
)
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
from pipeline.index.rank import TOLERANCE, Ties, rank_values, settle_ties
from pipeline.index.recent import RECENT, key_of

Vector = NDArray[np.float64]
Integers = NDArray[np.int64]

COLUMNS = ("rank_p05", "rank_median", "rank_p95", "worst_decile_probability")
NATIONAL_COLUMNS = ("england_rank_p05", "england_rank_p95")
ENDS = (0.05, 0.95)
SURE = 0.9
"""An area stays in the worst tenth when at least this share of the draws put it there."""


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
        lowest: the rank of every area by every draw, equal scores sharing that of the highest.
    """

    frame: pd.DataFrame
    variation: Variation
    lowest: Drawn


@dataclass(frozen=True)
class NationalRanks:
    """How the ranks of some areas in their nation vary, and with them the worst tenth of the nation.

    Attributes:
        frame: ``england_rank_p05`` and ``england_rank_p95`` (1 = highest risk), indexed by the areas' codes.
        worst: how many areas of each group are in the nation's worst tenth, draws × groups.
    """

    frame: pd.DataFrame
    worst: NDArray[np.int64]


@dataclass(frozen=True)
class RankDraws:
    """The ranks of areas by plausible indices, equal scores sharing that of the highest."""

    prepared: Prepared
    choices: Choices

    @property
    def areas(self) -> int:
        """The number of areas that are ranked."""
        return len(self.prepared.codes)

    @property
    def kind(self) -> "np.dtype[Any]":
        """The type of the ranks."""
        return kind_of_ranks(self.areas)

    def __call__(self, begin: int, end: int) -> Block:
        """The ranks by the plausible indices ``begin`` to before ``end``."""
        ranks: Ranks = np.empty((end - begin, self.areas), dtype=self.kind)
        for row in range(begin, end):
            ranks[row - begin] = rank_values(score_choice(self.prepared, self.choices[row]), "min")
        return Block(ranks)


@dataclass(frozen=True)
class SettledDraws:
    """The same ranks by another rule of ties; ``places`` are those of the areas by code."""

    lowest: RanksOf
    ties: Ties
    places: Integers

    @property
    def areas(self) -> int:
        """The number of areas that are ranked."""
        return len(self.places)

    @property
    def kind(self) -> "np.dtype[Any]":
        """The type of the ranks."""
        return kind_of_ranks(self.areas, halves=self.ties == "average")

    def __call__(self, begin: int, end: int) -> Block:
        """The ranks by the draws ``begin`` to before ``end``."""
        ranks: Ranks = np.empty((end - begin, self.areas), dtype=self.kind)
        for row, lowest in enumerate(self.lowest(begin, end)):
            ranks[row] = settle_ties(lowest, self.ties, self.places)
        return Block(ranks)


@dataclass(frozen=True)
class NationalDraws:
    """The ranks of some areas in their nation, and how many areas of each group are in its worst tenth.

    Attributes:
        rows: the positions of those areas in the nation.
        groups: the group of each area of the nation, counted from 0; -1 for none.
    """

    prepared: Prepared
    choices: Choices
    rows: NDArray[np.intp]
    groups: Integers

    @property
    def areas(self) -> int:
        """The number of areas whose ranks are asked for."""
        return len(self.rows)

    @property
    def kind(self) -> "np.dtype[Any]":
        """The type of the ranks."""
        return kind_of_ranks(len(self.groups))

    def __call__(self, begin: int, end: int) -> Block:
        """What the plausible indices ``begin`` to before ``end`` give."""
        many, tenth = len(self.groups), len(self.groups) // 10
        ranks: Ranks = np.empty((end - begin, self.areas), dtype=self.kind)
        worst = np.zeros((end - begin, int(self.groups.max(initial=-1)) + 1), dtype="int64")
        for row in range(begin, end):
            scores = score_choice(self.prepared, self.choices[row])
            ordered = np.sort(scores)
            if tenth:
                inside = self.groups[(scores + TOLERANCE >= ordered[-tenth]) & (self.groups >= 0)]
                worst[row - begin] = np.bincount(inside, minlength=worst.shape[1])
            ranks[row - begin] = many - np.searchsorted(ordered, scores[self.rows] + TOLERANCE, side="right") + 1
        return Block(ranks, rows=worst)


def draw_rank_intervals(
    index: Index,
    reference: pd.DataFrame,
    areas: pd.DataFrame | None,
    uncertainty: Uncertainty,
    loss: Loss | None = None,
    drawing: Drawing = draw_here,
) -> RankIntervals:
    """Rank ``areas`` (default: the reference itself) by ``uncertainty.draws`` plausible indices.

    Ranks are among ``areas``, and equal scores are ranked by the rule of the index, as the published rank is. The
    quantiles are ranks that the area had in some draw: the smallest rank that at least 5%, 50% or 95% of the draws do
    not exceed (the inverse of the empirical distribution function). The median of an even number of draws is thus the
    lower median, and a rank is a half only where the index averages ties. The worst tenth holds
    the areas of decile 1: 10 · rank ≤ number of areas.

    The memory needed is draws × areas × 2 bytes (4 beyond 65,535 areas), and as much or twice as much again where equal
    scores do not share the rank of the highest, unless ``drawing`` keeps ranks elsewhere.

    Args:
        index: the declared index. It must be possible to score it on ``reference`` and ``areas``.
        reference: the areas to compare indicators with, indexed by code. ``areas``: those to rank, likewise.
        loss: how much less other weights agree with the outcomes; with it, indices that fit less count less.
        drawing: who works out the draws; it changes no result.
    """
    areas = reference if areas is None else areas
    prepared = prepare(index, reference, areas, uncertainty)
    choices = draw_choices(prepared, uncertainty, uncertainty.draws, uncertainty.seed, loss)
    nominal = pd.Series(rank_choice(prepared, declared_choice(index)), index=areas.index, name="rank")
    lowest = ranks = drawing(RankDraws(prepared, choices), len(choices))
    if index.ties != "min":
        ranks = lowest.again(SettledDraws(lowest.ranks_of, index.ties, prepared.places))
    frame = tabulate_ranks(ranks, areas.index)
    variation = _describe(prepared, choices, uncertainty, frame, nominal)
    return RankIntervals(frame, replace(variation, tolerance=None) if loss is None else variation, lowest)


@dataclass(frozen=True)
class NationalWanted:
    """What is asked of the ranks of a nation's areas.

    Attributes:
        codes: the areas whose ranks are asked for; may be none.
        groups: the group of each area of the nation, counted from 0; -1 for none. Without it there is no group.
    """

    codes: pd.Index
    groups: Integers | None = None


def draw_national_ranks(
    index: Index,
    nation: pd.DataFrame,
    wanted: NationalWanted,
    uncertainty: Uncertainty,
    loss: Loss | None = None,
    drawing: Drawing = draw_here,
) -> NationalRanks:
    """The ends of the rank that each of ``wanted.codes`` has in the nation, in nine of ten plausible indices.

    The draws are the first ``uncertainty.national_draws`` of another seed, so that a nation of many areas costs little.
    Equal scores share the rank of the highest. The worst tenth holds the areas of decile 1.

    Args:
        nation: every area of it, by code.
        drawing: who works out the draws; it changes no result.
    """
    groups = np.full(len(nation), -1, dtype="int64") if wanted.groups is None else wanted.groups
    prepared = prepare(index, nation, nation, uncertainty)
    choices = draw_choices(prepared, uncertainty, uncertainty.national_draws, uncertainty.seed + 1, loss)
    rows, codes = nation.index.get_indexer(wanted.codes), wanted.codes
    drawn = drawing(NationalDraws(prepared, choices, rows, groups), len(choices))
    ranks = drawn.ranks_of(0, len(choices))
    if len(codes):
        RECENT.keep(key_of(index, nation, uncertainty, loss), codes, ranks)
    low, high = (np.quantile(ranks, end, axis=0, method="inverted_cdf") for end in ENDS)
    frame = pd.DataFrame(dict(zip(NATIONAL_COLUMNS, (low, high), strict=True)), index=codes).astype("int64")
    worst = np.zeros((len(choices), 0), dtype="int64") if drawn.rows is None else drawn.rows
    return NationalRanks(frame, worst)


def rank_draws(
    draws: int, areas: int, rank_of: Callable[[int], Vector], *, halves: bool = False, highest: int = 0
) -> Ranks:
    """Every area's rank by every draw, draws × areas; ``rank_of`` gives those of one draw.

    ``halves``: ranks may be halves, as where ties are averaged. ``highest``: the highest rank, where it exceeds the
    number of areas.
    """
    ranks: Ranks = np.empty((draws, areas), dtype=kind_of_ranks(max(areas, highest), halves=halves))

    def fill(start: int) -> None:
        for row in range(start, min(start + DRAWS_AT_ONCE, draws)):
            ranks[row] = rank_of(row)

    # Sorting and adding leave the interpreter free, so threads share the work; each block fills only its rows.
    with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_THREADS)) as pool:
        for _ in pool.map(fill, range(0, draws, DRAWS_AT_ONCE)):
            pass
    return ranks


def tabulate_ranks(ranks: Drawn, codes: pd.Index) -> pd.DataFrame:
    """The columns :data:`COLUMNS` of many ranks, indexed by ``codes``."""
    frame = pd.DataFrame(ranks.summarise(), index=codes, columns=list(COLUMNS))
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
