"""How sure a rank is: every area ranked by many plausible indices.

After Saisana, Saltelli & Tarantola (2005), Uncertainty and sensitivity analysis techniques as tools for the quality
assessment of composite indicators, and OECD & JRC (2008), Handbook on Constructing Composite Indicators.
"""

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue import Index, Uncertainty
from pipeline.index.plausible import Choices, Prepared, draw_choices, given, prepare, rank_choice, weights_drawn

Vector = NDArray[np.float64]
Ranks = NDArray[Any]
"""uint16, uint32 or float32: the smallest that holds every rank."""

COLUMNS = ("rank_p05", "rank_median", "rank_p95", "worst_decile_probability")
QUANTILES = (0.05, 0.5, 0.95)
SURE = 0.9
"""An area stays in the worst tenth when at least this share of the draws put it there."""

AREAS_AT_ONCE = 4096
MOST_THREADS = 4


@dataclass(frozen=True)
class RankIntervals:
    """How the ranks of areas vary.

    Attributes:
        frame: indexed as the areas were: ``rank_p05``, ``rank_median``, ``rank_p95`` (1 = highest risk) and
            ``worst_decile_probability`` (0–1).
        nominal: the rank of each area by the index as declared.
        varied: what was varied, for the metadata.
    """

    frame: pd.DataFrame
    nominal: pd.Series
    varied: Mapping[str, Any]


def rank_intervals(
    index: Index, reference: pd.DataFrame, areas: pd.DataFrame | None, uncertainty: Uncertainty
) -> RankIntervals:
    """Rank ``areas`` (default: the reference itself) by ``uncertainty.draws`` plausible indices.

    Ranks are among ``areas``, and equal scores are ranked by the index's own rule, as the published rank is. The
    quantiles are ranks that the area had in some draw: the smallest rank that at least 5%, 50% or 95% of the draws do
    not pass (the inverse of the empirical distribution function), so the median of an even number of draws is the
    lower of the two in the middle, and a rank is halved only where the index averages ties. The worst tenth holds
    the areas of decile 1: 10 · rank ≤ number of areas.

    The memory taken is draws × areas × 2 bytes (4 beyond 65,535 areas, or where ties are averaged).

    Args:
        index: the declared index. It, ``reference`` and ``areas`` must be such that they can be scored.
        reference: the areas to compare indicators with, indexed by code. ``areas``: those to rank, likewise.
    """
    areas = reference if areas is None else areas
    prepared = prepare(index, reference, areas, uncertainty)
    choices = draw_choices(prepared, uncertainty, uncertainty.draws, uncertainty.seed)
    nominal = pd.Series(rank_choice(prepared, given(index)), index=areas.index, name="rank")
    ranks = rank_draws(
        len(choices),
        len(areas),
        lambda row: rank_choice(prepared, choices[row]),
        halves=index.ties == "average",
    )
    frame = summarise(ranks, areas.index)
    return RankIntervals(frame, nominal, _varied(prepared, choices, uncertainty, frame, nominal))


def rank_draws(draws: int, areas: int, rank_of: Callable[[int], Vector], *, halves: bool = False) -> Ranks:
    """Every area's rank by every draw, draws × areas; ``rank_of`` gives those of one draw.

    ``halves``: ranks may be halves, as where ties are averaged.
    """
    kind = np.float32 if halves else np.uint16 if areas <= np.iinfo(np.uint16).max else np.uint32
    ranks: Ranks = np.empty((draws, areas), dtype=kind)

    def fill(row: int) -> None:
        ranks[row] = rank_of(row)

    # Sorting and adding leave the interpreter free, so threads share the work; each draw fills its own row.
    with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_THREADS)) as pool:
        for _ in pool.map(fill, range(draws), chunksize=16):
            pass
    return ranks


def summarise(ranks: Ranks, codes: pd.Index) -> pd.DataFrame:
    """The columns :data:`COLUMNS` of many ranks (draws × areas), indexed by ``codes``."""
    draws, count = ranks.shape
    places = [int(np.ceil(round(quantile * draws, 9))) - 1 for quantile in QUANTILES]
    summary = np.empty((count, len(COLUMNS)))
    for start in range(0, count, AREAS_AT_ONCE):
        block = np.sort(ranks[:, start : start + AREAS_AT_ONCE].T, axis=1)
        rows = slice(start, start + len(block))
        summary[rows, :3] = block[:, places]
        summary[rows, 3] = np.count_nonzero(block <= count / 10, axis=1) / draws
    frame = pd.DataFrame(summary, index=codes, columns=list(COLUMNS))
    whole = frame[list(COLUMNS[:3])]
    return frame.astype(dict.fromkeys(COLUMNS[:3], "int64")) if (whole % 1 == 0).all(axis=None) else frame


def _varied(
    prepared: Prepared, choices: Choices, uncertainty: Uncertainty, frame: pd.DataFrame, nominal: pd.Series
) -> dict[str, Any]:
    worst = nominal <= len(nominal) / 10
    return {
        "draws": uncertainty.draws,
        "seed": uncertainty.seed,
        "weights": [weights.as_json() for weights in weights_drawn(prepared, choices)],
        "concentration": {
            "components": _finite(uncertainty.weights.components),
            "within_components": _finite(uncertainty.weights.within_components),
        },
        "normalisations": [scheme.title for scheme in prepared.schemes],
        "aggregations": list(prepared.aggregations),
        "noise": [noise.model_dump(exclude_none=True) for noise in uncertainty.noise],
        "worst_tenth": int(worst.sum()),
        "worst_tenth_staying_in_90_percent_of_draws": int((frame["worst_decile_probability"][worst] >= SURE).sum()),
    }


def _finite(concentration: float) -> float | None:
    """For JSON, which knows no infinity: none means that the weights were not varied."""
    return None if np.isinf(concentration) else concentration
