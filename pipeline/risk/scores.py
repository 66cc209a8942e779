"""From a joined area and its nation to scores, ranks and their certainty: the first columns of ``risk.parquet``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from pipeline.catalogue import Index, Uncertainty
from pipeline.index import Scores, deciles, rank_intervals, rank_scores, score
from pipeline.space import hotspots, queen_neighbours
from pipeline.tables import HOTSPOT, UNCERTAINTY

FULL_SCALE = 100.0
"""Scores are published 0 to 100 whatever the scale of the index's own method."""


@dataclass(frozen=True)
class Risk:
    """The area's columns and scores, the scores they were made from, and those of the whole nation.

    ``national`` has one row for each LSOA of the nation: ``component_<name>`` and ``risk_score``, 0 to 100, compared
    within the nation. ``varied`` and ``clusters`` say how the rank intervals and the hot spots were made, and are empty
    where they were not.
    """

    frame: gpd.GeoDataFrame
    scores: Scores
    national: pd.DataFrame
    varied: Mapping[str, Any] = field(default_factory=dict)
    clusters: Mapping[str, Any] = field(default_factory=dict)


def risk(
    joined: gpd.GeoDataFrame, nation: pd.DataFrame, index: Index, reference: str, uncertainty: Uncertainty | None = None
) -> Risk:
    """Scores, ranks and deciles of the areas in ``joined``.

    Args:
        joined: the area's LSOAs with every source's columns and geometry.
        nation: all LSOAs of the nation with the same columns, without geometry.
        reference: ``england`` compares indicators over the nation, ``area`` over ``joined`` alone.
        uncertainty: what is varied to give rank intervals, and how hot spots are told from chance; without it their
            columns are empty.

    Raises:
        ScoringError: the index cannot be computed from these columns.
    """
    area = pd.DataFrame(joined.drop(columns="geometry")).set_index("lsoa21_code")
    whole = nation.set_index("lsoa21_code")
    national = score(index, whole)
    scores = score(index, area) if reference == "area" else score(index, whole, area)
    rank = rank_scores(scores.score, index.ties)
    frame = joined.set_index("lsoa21_code")
    published = _published(index, scores)
    frame[list(published.columns)] = published
    frame["risk_rank"] = rank
    frame["risk_decile"] = deciles(rank)
    frame["england_rank"] = national.rank.reindex(frame.index)
    frame["england_decile"] = national.decile.reindex(frame.index)
    frame["indicators_missing"] = scores.indicators_missing
    frame[[column.name for column in (*UNCERTAINTY, HOTSPOT)]] = None
    varied: Mapping[str, Any] = {}
    clusters: Mapping[str, Any] = {}
    if uncertainty is not None:
        intervals = rank_intervals(index, area if reference == "area" else whole, area, uncertainty)
        frame[list(intervals.frame.columns)] = intervals.frame
        varied = intervals.varied
        frame["hotspot"], clusters = _clusters(frame, uncertainty)
    else:
        frame = frame.astype(dict.fromkeys((column.name for column in UNCERTAINTY), "float64"))
    return Risk(frame.sort_index(), scores, _published(index, national), varied, clusters)


def _clusters(frame: gpd.GeoDataFrame, uncertainty: Uncertainty) -> tuple[pd.Series, dict[str, Any]]:
    """The hot spots of the risk score, and how they were found; rows in the order of codes, so that they stay put."""
    ordered = frame.sort_index()
    neighbours = queen_neighbours(ordered.geometry.to_numpy())
    how = uncertainty.hotspots
    found = hotspots(ordered["risk_score"].to_numpy(), neighbours, how.permutations, how.seed, how.false_discovery_rate)
    described = {
        **how.model_dump(),
        "contiguity": "queen, within the area",
        "global_moran": None if np.isnan(found.global_moran) else round(found.global_moran, 4),
        "counts": dict(found.counts),
        "without_neighbours": list(ordered.index[neighbours.counts == 0]),
    }
    return pd.Series(found.category, index=ordered.index, dtype="str"), described


def _published(index: Index, scores: Scores) -> pd.DataFrame:
    """Components and score, 0 to 100, by area."""
    factor = FULL_SCALE / index.scale
    components = (scores.components[[c.name for c in index.components]] * factor).add_prefix("component_")
    return components.assign(risk_score=scores.score * factor)


def middles(nation: pd.DataFrame, national: pd.DataFrame) -> dict[str, dict[str, float]]:
    """The median and the mean of every numeric column over all LSOAs of a nation.

    Args:
        nation: the joined columns, one row for each LSOA. ``national``: its scores, as in ``Risk``.
    """
    numbers = nation.set_index("lsoa21_code").select_dtypes("number").join(national, validate="one_to_one")
    return {
        "medians": {str(k): float(v) for k, v in numbers.median().items()},
        "means": {str(k): float(v) for k, v in numbers.mean().items()},
    }
