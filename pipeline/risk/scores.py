"""From an area and its nation to scores, ranks and their certainty: the first columns of ``risk.parquet``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue import Fit, Index, Uncertainty
from pipeline.index import (
    NationalRanks,
    NationalWanted,
    Scores,
    deciles,
    draw_national_ranks,
    draw_rank_intervals,
    rank_scores,
    score,
)
from pipeline.index.drawing import Drawing, Drawn, draw_here
from pipeline.index.uncertainty import NATIONAL_COLUMNS
from pipeline.join.comparison import Comparison
from pipeline.risk.boards import number_boards
from pipeline.space import find_hotspots, find_queen_neighbours
from pipeline.store.records import BoardSummary, HotspotsRecord, NationSummary, UncertaintyRecord
from pipeline.tables import HOTSPOT, UNCERTAINTY

if TYPE_CHECKING:
    # Imported here because it is slow to import, and only scoring needs it.
    import geopandas as gpd

MOST = 0.5
"""The share of a nation's LSOAs that need a value for a column to describe the nation."""
FULL_SCALE = 100.0
"""Scores are published 0 to 100, whatever the scale of the index."""


@dataclass(frozen=True)
class Risk:
    """The scores of an area, and those of the nation.

    Attributes:
        frame: the area's columns, geometry and scores, by code.
        scores: what they were made from.
        national: for each LSOA of the nation ``component_<name>`` and ``risk_score``, 0 to 100, compared within the
            nation; all missing where the index has an indicator that only the area has.
        national_decile: the decile of each in the nation; missing likewise.
        boards_drawn: how many areas of each ICB are in the nation's worst tenth, by plausible index: draws × ICBs, in
            the order of their codes; None where that was not asked for, or the nation cannot be ranked.
        means: the mean of every component over what components are compared with, by its column, 0 to 100.
        uncertainty: how the rank intervals were made; None where they were not made and are empty.
        hotspots: how hot spots were told apart from chance, likewise.
        draws: the rank of every area by every plausible index (:class:`pipeline.index.RankIntervals`), likewise.
    """

    frame: "gpd.GeoDataFrame"
    scores: Scores
    national: pd.DataFrame
    means: Mapping[str, float]
    national_decile: pd.Series
    boards_drawn: NDArray[np.int64] | None = None
    uncertainty: UncertaintyRecord | None = None
    hotspots: HotspotsRecord | None = None
    draws: Drawn | None = None


def score_risk(
    comparison: Comparison,
    geometry: "gpd.GeoSeries",
    uncertainty: Uncertainty | None = None,
    drawing: Drawing = draw_here,
) -> Risk:
    """Scores, ranks and deciles of the area of ``comparison``.

    Args:
        geometry: the boundaries of its LSOAs, by code; neighbours for the hot spots are those that touch.
        uncertainty: what is varied to give rank intervals, and how hot spots are told apart from chance; without it
            their columns are empty.
        drawing: who works out the draws; it changes no result.

    Raises:
        ScoringError: the index cannot be computed from these columns.
    """
    import geopandas as gpd

    index, area = comparison.index, comparison.area
    scores = score(index, comparison.compared_with, area)
    rank = rank_scores(scores.score, index.ties)
    published = _publish(index, scores)
    frame = gpd.GeoDataFrame(area.copy(), geometry=geometry.reindex(area.index))
    frame[list(published.columns)] = published
    frame["risk_rank"] = rank
    frame["risk_decile"] = deciles(rank)
    published_national = published.reindex(comparison.nation.index).astype("float64") * np.nan
    national_decile, drawn = pd.Series(np.nan, index=comparison.nation.index), None
    frame[["england_rank", "england_decile"]] = np.nan
    if _can_rank_nation(comparison):
        national = score(index, comparison.nation)
        published_national = _publish(index, national)
        frame["england_rank"] = national.rank.reindex(frame.index)
        national_decile = national.decile
        frame["england_decile"] = national_decile.reindex(frame.index)
    frame["indicators_missing"] = scores.indicators_missing
    frame[[column.name for column in (*UNCERTAINTY, HOTSPOT)]] = None
    varied, clusters, lowest = None, None, None
    if uncertainty is not None:
        intervals = draw_rank_intervals(index, comparison.compared_with, area, uncertainty, comparison.loss, drawing)
        frame[list(intervals.frame.columns)] = intervals.frame
        in_nation = _rank_in_nation(comparison, uncertainty, intervals.frame, drawing)
        frame[list(NATIONAL_COLUMNS)] = in_nation.frame
        drawn = in_nation.worst if in_nation.worst.size else None
        varied, lowest = UncertaintyRecord.model_validate(intervals.variation), intervals.lowest
        frame["hotspot"], clusters = _find_clusters(frame, uncertainty)
    else:
        frame = frame.astype(dict.fromkeys((column.name for column in UNCERTAINTY), "float64"))
    frame["chance_worst_tenth"] = estimate_chance(frame["england_rank"], len(comparison.nation), comparison.fit)
    compared = published if comparison.reference == "area" else published_national
    means = {str(name): float(mean) for name, mean in compared.drop(columns="risk_score").mean().items()}
    return Risk(frame, scores, published_national, means, national_decile, drawn, varied, clusters, lowest)


def estimate_chance(national_rank: pd.Series, areas: int, fit: Fit | None) -> pd.Series:
    """The chance that an area is truly in the nation's worst tenth by the outcome, from its rank among ``areas``.

    Interpolated in the curve that calibrating left; missing where there is none, or no national rank.
    """
    if fit is None or fit.chance is None:
        return pd.Series(np.nan, index=national_rank.index)
    places = (national_rank.to_numpy(dtype="float64") - 0.5) / areas
    return pd.Series(np.interp(places, fit.chance.top, fit.chance.chance), index=national_rank.index)


def _rank_in_nation(
    comparison: Comparison, uncertainty: Uncertainty, within: pd.DataFrame, drawing: Drawing
) -> NationalRanks:
    """How sure the area's national ranks and the ICBs' shares of the worst tenth are; missing without such ranks.

    Args:
        within: how sure the ranks within the area are, which are the national ones where the area is the nation.
    """
    index, area, nation = comparison.index, comparison.area, comparison.nation
    if not _can_rank_nation(comparison):
        nothing = pd.DataFrame(np.nan, index=area.index, columns=list(NATIONAL_COLUMNS))
        return NationalRanks(nothing, np.zeros((0, 0), dtype="int64"))
    everything = len(area) == len(nation)
    wanted = NationalWanted(area.index[:0] if everything else area.index, number_boards(nation))
    drawn = draw_national_ranks(index, nation, wanted, uncertainty, comparison.loss, drawing)
    if not everything:
        return drawn
    same = within[["rank_p05", "rank_p95"]]
    return replace(drawn, frame=same.set_axis(list(NATIONAL_COLUMNS), axis=1))


def _can_rank_nation(comparison: Comparison) -> bool:
    """Whether the nation can be ranked by the index of the area; not where only the area has one of the indicators.

    An index that compares with the nation needs this; one that makes up for missing values can do without it.
    """
    index, nation = comparison.index, comparison.nation
    if comparison.reference != "area" or index.missing != "error":
        return True
    return all(nation[column].notna().all() for column in index.columns if column in nation.columns)


def _find_clusters(frame: "gpd.GeoDataFrame", uncertainty: Uncertainty) -> tuple[pd.Series, HotspotsRecord]:
    """The hot spots of the risk score, and how they were told apart from chance; rows are in the order of codes."""
    neighbours = find_queen_neighbours(frame.geometry.to_numpy())
    declared = uncertainty.hotspots
    spots = find_hotspots(
        frame["risk_score"].to_numpy(),
        neighbours,
        declared.permutations,
        declared.seed,
        declared.false_discovery_rate,
    )
    record = HotspotsRecord(
        permutations=declared.permutations,
        seed=declared.seed,
        false_discovery_rate=declared.false_discovery_rate,
        global_moran=None if np.isnan(spots.global_moran) else round(spots.global_moran, 4),
        counts=spots.counts,
        without_neighbours=tuple(frame.index[neighbours.counts == 0]),
    )
    return pd.Series(spots.category, index=frame.index, dtype="str"), record


def _publish(index: Index, scores: Scores) -> pd.DataFrame:
    """Components and score, 0 to 100, by area."""
    factor = FULL_SCALE / index.scale
    components = (scores.components[[c.name for c in index.components]] * factor).add_prefix("component_")
    return components.assign(risk_score=scores.score * factor)


def summarise_nation(
    nation: pd.DataFrame, national: pd.DataFrame, title: str, boards: Sequence[BoardSummary] | None = None
) -> NationSummary:
    """The median and the mean of every numeric column over all LSOAs of a nation.

    Columns that most of them lack, such as indicators of one area, do not describe the nation and are left out.

    Args:
        nation: the joined columns, by code. ``national``: its scores, as in :class:`Risk`.
        title: the name of the nation. ``boards``: its ICBs compared; None where the nation cannot be ranked.
    """
    numbers = nation.select_dtypes("number").join(national, validate="one_to_one")
    numbers = numbers.loc[:, numbers.notna().mean() > MOST]
    return NationSummary(
        title=title,
        areas=len(nation),
        medians={str(column): float(value) for column, value in numbers.median().items()},
        means={str(column): float(value) for column, value in numbers.mean().items()},
        boards=None if boards is None else tuple(boards),
    )
