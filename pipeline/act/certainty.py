"""How sure it is that an area is among those of high risk and little support."""

from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from pipeline.act.exclusion import FULL_SCALE, join_scores, score_capacity, to_percentiles
from pipeline.act.listing import ListDraws, ListRule, summarise_draws
from pipeline.act.support import Support, measure_access
from pipeline.catalogue import Uncertainty
from pipeline.catalogue.places import Exclusion
from pipeline.index.rank import rank_values, settle_ties
from pipeline.index.uncertainty import COLUMNS, SURE, Ranks, Vector, rank_draws, summarise_ranks
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


def draw_exclusion_intervals(
    lowest: Ranks,
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
            (:class:`pipeline.index.RankIntervals`).
        demand: people at risk of every origin of ``support``, by code.
        decile: the published ``exclusion_decile``.
        rule: the bounds of the list of where to act.
    """
    varied, codes, draws = uncertainty.exclusion, decile.index, len(lowest)
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

    high = np.empty((draws, len(codes)), dtype=bool)

    def rank_of(row: int) -> Vector:
        risk_rank = settle_ties(lowest[row], "average")
        high[row] = rule.is_high(risk_rank)
        combine = Exclusion(formula=varied.formulas[formula[row]], risk_weight=float(weight[row]))
        joined = join_scores(to_percentiles(risk_rank), lacks[variant[row]], combine)
        return rank_values(joined, "min")

    frame = summarise_ranks(rank_draws(draws, len(codes), rank_of), codes)
    frame = frame.rename(columns=dict(zip(COLUMNS, EXCLUSION_COLUMNS, strict=True)))
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
        summarise_draws(high, variant, FULL_SCALE - lacks, rule),
    )
