"""From a joined area and its nation to the columns of ``risk.parquet``."""

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from pipeline.catalogue import Index
from pipeline.index import Scores, deciles, rank_scores, score
from pipeline.schema import Table, risk_table, validate

FULL_SCALE = 100.0
"""Scores are published 0 to 100 whatever the scale of the index's own method."""


@dataclass(frozen=True)
class Risk:
    """``risk.parquet`` with its schema, the scores it was made from, and those of the whole nation.

    ``national`` has one row for each LSOA of the nation: ``component_<name>`` and ``risk_score``, 0 to 100, compared
    within the nation.
    """

    frame: gpd.GeoDataFrame
    table: Table
    scores: Scores
    national: pd.DataFrame


def risk(joined: gpd.GeoDataFrame, nation: pd.DataFrame, index: Index, reference: str) -> Risk:
    """Scores, ranks and deciles of the areas in ``joined``.

    Args:
        joined: the area's LSOAs with every source's columns and geometry.
        nation: all LSOAs of the nation with the same columns, without geometry.
        reference: ``england`` compares indicators over the nation, ``area`` over ``joined`` alone.

    Raises:
        ScoringError: the index cannot be computed from these columns.
        SchemaError: the result is out of its documented ranges.
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
    table = risk_table({component.name: component.title for component in index.components})
    result = frame.reset_index()[table.names].sort_values("lsoa21_code", ignore_index=True)
    validate(result, table, f"risk by index '{index.id}'")
    return Risk(result, table, scores, _published(index, national))


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
