"""From a joined area and its nation to the columns of ``risk.parquet``."""

import geopandas as gpd
import pandas as pd

from pipeline.catalogue import Index
from pipeline.index import Scores, deciles, rank_scores, score
from pipeline.schema import Table, risk_table, validate

FULL_SCALE = 100.0
"""Scores are published 0 to 100 whatever the scale of the index's own method."""


def risk(
    joined: gpd.GeoDataFrame, nation: pd.DataFrame, index: Index, reference: str
) -> tuple[gpd.GeoDataFrame, Table, Scores]:
    """Scores, ranks and deciles of the areas in ``joined``.

    Args:
        joined: the area's LSOAs with every source's columns and geometry.
        nation: all LSOAs of the nation with the same columns, without geometry.
        reference: ``england`` compares indicators over the nation, ``area`` over ``joined`` alone.

    Returns:
        The table, its schema, and the scores it was made from.

    Raises:
        ScoringError: the index cannot be computed from these columns.
        SchemaError: the result is out of its documented ranges.
    """
    area = pd.DataFrame(joined.drop(columns="geometry")).set_index("lsoa21_code")
    whole = nation.set_index("lsoa21_code")
    national = score(index, whole)
    scores = score(index, area) if reference == "area" else score(index, whole, area)
    factor = FULL_SCALE / index.scale
    rank = rank_scores(scores.score, index.ties)
    frame = joined.set_index("lsoa21_code")
    for component in index.components:
        frame[f"component_{component.name}"] = (scores.components[component.name] * factor).round(6)
    frame["risk_score"] = (scores.score * factor).round(6)
    frame["risk_rank"] = rank
    frame["risk_decile"] = deciles(rank)
    frame["england_rank"] = national.rank.reindex(frame.index)
    frame["england_decile"] = national.decile.reindex(frame.index)
    frame["indicators_missing"] = scores.indicators_missing
    table = risk_table({component.name: component.title for component in index.components})
    result = frame.reset_index()[table.names].sort_values("lsoa21_code", ignore_index=True)
    validate(result, table, f"risk by index '{index.id}'")
    return result, table, scores
