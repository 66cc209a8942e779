"""How sure it is that an area is among those of high risk and little support."""

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.act.exclusion import FULL_SCALE, join_scores, score_capacity, to_percentiles
from pipeline.act.listing import ListDraws, ListRule, summarise_draws
from pipeline.act.support import Support, measure_access
from pipeline.catalogue import Uncertainty
from pipeline.catalogue.places import Exclusion
from pipeline.index.drawing import Block, Drawn, Ranks, RanksOf, kind_of_ranks
from pipeline.index.rank import rank_values, settle_ties
from pipeline.index.uncertainty import COLUMNS, SURE, Vector, tabulate_ranks
from pipeline.store.records import ExclusionUncertaintyRecord

EXCLUSION_COLUMNS = (
    "exclusion_rank_p05",
    "exclusion_rank_median",
    "exclusion_rank_p95",
    "exclusion_worst_decile_probability",
)
"""The columns of :data:`pipeline.index.uncertainty.COLUMNS` for exclusion, in the same order."""


@dataclass(frozen=True)
class ExclusionIntervals:
    """How the exclusion ranks of areas vary: ``frame`` with :data:`EXCLUSION_COLUMNS`, and what was varied.

    ``listed`` says how the list of where to act varies over the same choices.
    """

    frame: pd.DataFrame
    uncertainty: ExclusionUncertaintyRecord
    listed: ListDraws


@dataclass(frozen=True)
class ExclusionDraws:
    """The exclusion ranks of areas by plausible choices, and how often each area has a high risk.

    Attributes:
        lowest: the ranks of the areas' risk by each plausible index.
        lacks: what they lack of support, by each way to measure capacity, ways × areas.
        variant: which of these ways each draw uses.
        combine: how each draw puts risk and support together: its formula and weight.
    """

    lowest: RanksOf
    lacks: NDArray[np.float64]
    variant: NDArray[np.int64]
    combine: tuple[Exclusion, ...]
    rule: ListRule

    @property
    def areas(self) -> int:
        """The number of areas that are ranked."""
        return len(self.lacks[0])

    @property
    def kind(self) -> "np.dtype[Any]":
        """The type of the ranks."""
        return kind_of_ranks(self.areas)

    def __call__(self, begin: int, end: int) -> Block:
        """The ranks by the choices ``begin`` to before ``end``, and by way how often each area has a high risk."""
        ranks: Ranks = np.empty((end - begin, self.areas), dtype=self.kind)
        high = np.zeros(self.lacks.shape, dtype="int64")
        for place, lowest in enumerate(self.lowest(begin, end)):
            risk_rank, way = settle_ties(lowest, "average"), self.variant[begin + place]
            high[way] += self.rule.is_high(risk_rank)
            joined = join_scores(to_percentiles(risk_rank), self.lacks[way], self.combine[begin + place])
            ranks[place] = rank_values(joined, "min")
        return Block(ranks, sums=high)


def draw_exclusion_intervals(
    lowest: Drawn,
    support: Support,
    demand: pd.Series,
    decile: pd.Series,
    uncertainty: Uncertainty,
    rule: ListRule,
) -> ExclusionIntervals:
    """Rank the area's exclusion by ``uncertainty.draws`` plausible choices.

    Each draw joins one plausible index (the same draws as in :func:`pipeline.index.draw_rank_intervals`) with one way
    to measure capacity (a reach, a supply of places that could offer help) and one way to combine them (formula,
    weight).

    Args:
        lowest: the ranks of the area's LSOAs by each plausible index, in the order of ``decile``
            (:class:`pipeline.index.RankIntervals`); these draws are worked out where those were.
        demand: people at risk of every origin of ``support``, by code.
        decile: the published ``exclusion_decile``.
        rule: the bounds of the list of where to act.
    """
    varied, codes, draws = uncertainty.exclusion, decile.index, uncertainty.draws
    variants = list(product(varied.reach, varied.could_offer))
    farthest = max(varied.reach)

    def lack_of(reach: float, could_offer: float) -> Vector:
        access = measure_access(support, demand, reach=reach, could_offer=could_offer, farthest=farthest)
        lack: Vector = FULL_SCALE - score_capacity(access)["capacity_score"].reindex(codes).to_numpy()
        return lack

    lacks = np.array([lack_of(reach, could_offer) for reach, could_offer in variants])
    random = np.random.default_rng(np.random.SeedSequence(uncertainty.seed).spawn(6)[5])
    variant = random.integers(len(variants), size=draws)
    formula = random.integers(len(varied.formulas), size=draws)
    weight = random.uniform(*varied.risk_weight, size=draws)

    combine = tuple(
        Exclusion(formula=varied.formulas[which], risk_weight=share)
        for which, share in zip(formula.tolist(), weight.tolist(), strict=True)
    )
    drawn = lowest.again(ExclusionDraws(lowest.ranks_of, lacks, variant, combine, rule))
    frame = tabulate_ranks(drawn, codes)
    frame = frame.rename(columns=dict(zip(COLUMNS, EXCLUSION_COLUMNS, strict=True)))
    high = np.zeros(lacks.shape, dtype="int64") if drawn.sums is None else drawn.sums
    worst = decile == 1
    staying = frame["exclusion_worst_decile_probability"][worst] >= SURE
    return ExclusionIntervals(
        frame,
        ExclusionUncertaintyRecord(
            reach=varied.reach,
            could_offer=varied.could_offer,
            formulas=varied.formulas,
            risk_weight=varied.risk_weight,
            draws=draws,
            worst_tenth=int(worst.sum()),
            worst_tenth_staying_in_90_percent_of_draws=int(staying.sum()),
        ),
        summarise_draws(high, draws, FULL_SCALE - lacks, rule),
    )
