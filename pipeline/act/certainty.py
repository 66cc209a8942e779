"""How sure it is that an area is among those of high risk and little support."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from pipeline.act.exclusion import FULL_SCALE, capacity, join_scores, risk_percentile
from pipeline.act.support import Support, support_access
from pipeline.catalogue import Index, Uncertainty
from pipeline.catalogue.places import Exclusion
from pipeline.index.plausible import draw_choices, prepare, score_choice
from pipeline.index.rank import rank_values
from pipeline.index.uncertainty import COLUMNS, SURE, Vector, rank_draws, summarise


@dataclass(frozen=True)
class ExclusionIntervals:
    """How the exclusion ranks of areas vary: ``frame`` with ``exclusion_rank_p05`` and on, and what was varied."""

    frame: pd.DataFrame
    varied: Mapping[str, Any]


def exclusion_intervals(
    index: Index,
    reference: pd.DataFrame,
    areas: pd.DataFrame,
    support: Support,
    demand: pd.Series,
    decile: pd.Series,
    uncertainty: Uncertainty,
) -> ExclusionIntervals:
    """Rank the areas' exclusion by ``uncertainty.draws`` plausible choices.

    Each draw joins one plausible index (the very draws of :func:`pipeline.index.rank_intervals`) with one way to
    measure capacity (a reach, a supply of places that could offer help) and one way to combine them (formula, weight).

    Args:
        reference, areas: as for the risk score.
        demand: people at risk of every origin of ``support``, by code. ``decile``: the published ``exclusion_decile``.
    """
    how = uncertainty.exclusion
    prepared = prepare(index, reference, areas, uncertainty)
    choices = draw_choices(prepared, uncertainty, uncertainty.draws, uncertainty.seed)
    variants = list(product(how.reach, how.could_offer))
    lacks = np.array(
        [
            _lack(support, demand, reach, could, max(how.reach)).reindex(areas.index).to_numpy()
            for reach, could in variants
        ]
    )
    random = np.random.default_rng(np.random.SeedSequence(uncertainty.seed).spawn(6)[5])
    variant = random.integers(len(variants), size=len(choices))
    formula = random.integers(len(how.formulas), size=len(choices))
    weight = random.uniform(*how.risk_weight, size=len(choices))

    def rank_of(row: int) -> Vector:
        combine = Exclusion(formula=how.formulas[formula[row]], risk_weight=float(weight[row]))
        joined = join_scores(risk_percentile(score_choice(prepared, choices[row])), lacks[variant[row]], combine)
        return rank_values(joined, "min")

    frame = summarise(rank_draws(len(choices), len(areas), rank_of), areas.index)
    names = {
        column: column.replace("rank_", "exclusion_rank_").replace("worst", "exclusion_worst") for column in COLUMNS
    }
    frame = frame.rename(columns=names)
    worst = decile == 1
    stay = int((frame["exclusion_worst_decile_probability"][worst] >= SURE).sum())
    varied = {
        **how.model_dump(),
        "draws": len(choices),
        "worst_tenth": int(worst.sum()),
        "worst_tenth_staying_in_90_percent_of_draws": stay,
    }
    return ExclusionIntervals(frame, varied)


def _lack(support: Support, demand: pd.Series, reach: float, could_offer: float, farthest: float) -> pd.Series:
    access = support_access(support, demand, reach=reach, could_offer=could_offer, farthest=farthest)
    return FULL_SCALE - capacity(access)["capacity_score"]
