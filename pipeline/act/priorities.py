"""Where to act: everything that capacity adds to the risk of an area, and the list of its worst areas."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pandas as pd

from pipeline.act.certainty import draw_exclusion_intervals
from pipeline.act.exclusion import score_capacity, score_exclusion
from pipeline.act.listing import ListRule, count_unsure, list_areas
from pipeline.act.support import Support, list_nearest_places, measure_access, measure_nearest_help, tabulate_nearest
from pipeline.catalogue import Index, Uncertainty
from pipeline.catalogue.kinds import BOTH, Kinds
from pipeline.catalogue.places import Exclusion, ListBounds
from pipeline.catalogue.rates import Help, Helps, Rates
from pipeline.join.comparison import Comparison
from pipeline.risk.drivers import SEPARATOR, Drivers, find_drivers, measure_contributions
from pipeline.risk.people import Coverage, Estimates, estimate_people, measure_coverage
from pipeline.risk.scores import Risk
from pipeline.risk.similar import compare_with_similar, say_beyond_similar
from pipeline.store.records import ExclusionUncertaintyRecord, Measure
from pipeline.tables import (
    BEYOND_COLUMNS,
    NEAREST,
    PRIORITIES,
    SUPPORT_COLUMNS,
    capacity_columns,
    is_among,
    say_people,
    validate,
)

_STRAIGHT: Measure = "straight line"


@dataclass(frozen=True)
class Assumptions:
    """Declared settings for where to act: how risk and capacity combine, rates of risk, what usually helps, bounds."""

    exclusion: Exclusion
    rates: Rates
    helps: Helps
    bounds: ListBounds = field(default_factory=ListBounds)


@dataclass(frozen=True)
class Assessment:
    """What capacity adds to ``risk.parquet``.

    Attributes:
        frame: the columns of :func:`pipeline.tables.capacity_columns` and what stands out beyond similar places, by
            code.
        nearest: table ``nearest``; empty without places.
        kinds: id to title of the kinds that have a ``nearest_`` column. ``measure``: how distances are measured.
        coverage: people at risk on the list of where to act and elsewhere. ``people``: every estimate, for the nation.
        unsure: areas that meet the bounds of the list, but in too few plausible choices to be on it.
        contributions_exact: the contributions sum to the score's difference exactly.
        uncertainty: how the intervals of exclusion were drawn; None where they were not, and are empty.
    """

    frame: pd.DataFrame
    nearest: pd.DataFrame
    kinds: Mapping[str, str]
    measure: Measure
    coverage: Coverage
    people: Estimates
    contributions_exact: bool
    uncertainty: ExclusionUncertaintyRecord | None = None
    unsure: int = 0


def assess_area(
    comparison: Comparison,
    risk: Risk,
    assumptions: Assumptions,
    support: Support | None,
    uncertainty: Uncertainty | None,
) -> Assessment:
    """People at risk, drivers, access to support, capacity, and exclusion with its uncertainty.

    Args:
        risk: of the area of ``comparison``.
        support: ``None`` where no list of places is available: the columns that need one are then empty.
        uncertainty: what was varied to give the draws of ``risk``; ``None``, or a risk without draws, leaves the
            exclusion's intervals empty.

    Raises:
        ScoringError: a column is missing, or an access cannot be computed.
    """
    scores, nation = pd.DataFrame(risk.frame), comparison.nation
    drivers = find_drivers(scores, risk.means, comparison.index, assumptions.helps)
    titles = {component.name: component.title for component in comparison.index.components}
    # Where the nation cannot be scored, the area's own scores move people within it.
    national = risk.national["risk_score"].reindex(nation.index)
    score = national if national.notna().all() else scores["risk_score"].reindex(nation.index)
    estimates = estimate_people(nation, score, assumptions.rates)
    people = estimates.frame.reindex(scores.index)
    contributions = drivers.contributions.add_prefix("contribution_")
    named = _with_titles(drivers.frame.join(_find_beyond(comparison, risk, drivers, assumptions.helps)), titles)
    frame = pd.concat([_no_support(scores.index), people, named, contributions], axis=1)
    near, measure, kinds = pd.DataFrame({column: [] for column in NEAREST.names}), _STRAIGHT, {}
    rule, draws, record = ListRule(assumptions.bounds, np.full(len(scores), np.inf)), None, None
    if support is not None:
        demand = estimates.frame["people_at_risk"]
        frame["support_access"] = measure_access(support, demand).reindex(scores.index)
        frame[["capacity_score", "capacity_decile"]] = score_capacity(frame["support_access"])
        exclusion = score_exclusion(scores["risk_score"], frame["capacity_score"], assumptions.exclusion)
        frame[list(exclusion.columns)] = exclusion
        distance = measure_nearest_help(support).reindex(scores.index).to_numpy()
        rule = ListRule(assumptions.bounds, distance, support.unit)
        if uncertainty is not None and risk.draws is not None:
            worst = exclusion["exclusion_decile"]
            intervals = draw_exclusion_intervals(risk.draws, support, demand, worst, uncertainty, rule)
            frame[list(intervals.frame.columns)], record = intervals.frame, intervals.uncertainty
            draws = intervals.listed
        near, measure = list_nearest_places(support), support.measure
        frame = frame.join(tabulate_nearest(near, support), validate="one_to_one")
        kinds = {kind.id: kind.title for kind in support.kinds if not kind.mobile}
    capacity = None if support is None else frame["capacity_score"]
    listed = list_areas(scores["risk_rank"], frame["people_at_risk"], capacity, rule, draws)
    frame = pd.concat([frame, listed], axis=1)
    names = [column.name for column in (*capacity_columns(titles, kinds), *BEYOND_COLUMNS)]
    coverage = measure_coverage(frame["people_at_risk"], listed["on_list"].astype("int64"))
    unsure = count_unsure(listed, scores["risk_rank"], rule)
    return Assessment(frame[names], near, kinds, measure, coverage, estimates, drivers.exact, record, unsure)


def _no_support(codes: pd.Index) -> pd.DataFrame:
    return pd.DataFrame(np.nan, index=codes, columns=[column.name for column in SUPPORT_COLUMNS])


def _with_titles(frame: pd.DataFrame, titles: Mapping[str, str]) -> pd.DataFrame:
    """Components by their titles, as readers see them."""

    @cache
    def titled(names: str) -> str:
        return SEPARATOR.join(titles[name] for name in names.split(SEPARATOR))

    lists = {name: frame[name].map(titled, na_action="ignore") for name in ("main_driver", "drivers", "beyond_similar")}
    words = [*lists, "points_to"]
    return frame.assign(**lists).astype(dict.fromkeys(words, "str"))


def _find_beyond(comparison: Comparison, risk: Risk, drivers: Drivers, helps: Helps) -> pd.DataFrame:
    """What adds more to each area's risk than it does in similar places of the nation, by components' names."""
    national, _ = measure_contributions(risk.national, risk.means, comparison.index)
    scored = national.where(risk.national["risk_score"].notna())
    codes = drivers.contributions.index
    beyond = compare_with_similar(scored, comparison.nation, codes, helps.similar.neighbours)
    return say_beyond_similar(beyond, drivers.contributions, helps)


def list_priorities(
    risk: pd.DataFrame,
    assessment: Assessment,
    support: Support | None,
    index: Index,
    helps: Helps,
    kinds: Kinds,
) -> pd.DataFrame:
    """The list of where to act, the largest unmet need first: table ``priorities``; empty where no area is on it.

    High risk and little support where there is a list of support places, else high risk.

    Args:
        risk: ``risk.parquet`` without geometry, by code, with the columns of ``assessment``.
        index, helps, kinds: as the area was scored; what is suggested is chosen by what stands out and by kind.
    """
    # Of many columns only those that are shown or decide: changing a type copies all of them.
    needed = {*PRIORITIES.names, "kind", "beyond_similar", "main_driver"}
    columns = [name for name in risk.columns if name in needed]
    listed = risk.loc[risk["on_list"].astype(bool), columns].sort_values("priority")
    near = _nearest_now(assessment.nearest, support)
    frame = listed.join(near).reset_index(names="lsoa21_code").astype({"priority": "int64"})
    suggested = _suggest(frame, index, helps, kinds)
    frame["suggested_help"] = [None if one is None else one.what for one in suggested]
    frame["help_source"] = [None if one is None else one.source for one in suggested]
    text = ["nearest_support", "nearest_support_kind", "suggested_help", "help_source"]
    result = frame[PRIORITIES.names].astype(dict.fromkeys(text, "str"))
    if len(result):
        validate(result, PRIORITIES, "priorities")
    return result


def _suggest(frame: pd.DataFrame, index: Index, helps: Helps, kinds: Kinds) -> list[Help | None]:
    """One thing to suggest for each row: by what stands out beyond similar places, else by what drives the risk."""
    components = {component.title: component.name for component in index.components}
    ids = {title: (name,) for name, title in kinds.titles.items()} | {BOTH: tuple(kinds.titles)}
    suggested = []
    for kind, beyond, main in frame[["kind", "beyond_similar", "main_driver"]].itertuples(index=False):
        stands_out = main if pd.isna(beyond) else beyond.split(SEPARATOR)[0]
        suggested.append(helps.suggest(components.get(stands_out), ids.get(kind, ())))
    return suggested


def _nearest_now(nearest: pd.DataFrame, support: Support | None) -> pd.DataFrame:
    """The nearest place that offers help now, of any kind, by LSOA."""
    ways = {"nearest_support_metres": "metres", "nearest_support_minutes": "minutes"}
    ways["nearest_support_distance"] = "distance"
    if support is None or nearest.empty:
        nothing = {"nearest_support": "str", "nearest_support_kind": "str", **dict.fromkeys(ways, "float64")}
        return pd.DataFrame(index=pd.Index([], dtype="str"), columns=list(nothing)).astype(nothing)
    titles = {kind.id: kind.title for kind in support.kinds if kind.offers_now}
    helping = nearest[is_among(nearest["kind"], titles)]
    helping = helping.sort_values(["distance", "entry"]).drop_duplicates("lsoa21_code")
    helping = helping.merge(support.places[["place_id", "name"]], on="place_id", how="left", validate="many_to_one")
    return pd.DataFrame(
        {
            "nearest_support": helping["name"].to_numpy(),
            "nearest_support_kind": helping["kind"].map(titles).to_numpy(),
            **{name: helping[way].to_numpy() for name, way in ways.items()},
        },
        index=helping["lsoa21_code"],
    )


def describe_coverage(assessment: Assessment, support: Support | None) -> str:
    """How many areas and people at risk the list holds, how many live elsewhere, and how many areas were left off."""
    by = "high risk and little support" if support is not None else "high risk (no support places are known)"
    total = assessment.coverage.inside + assessment.coverage.missed
    areas = int(assessment.frame["on_list"].sum())
    unsure = f"; {assessment.unsure:,} more meet its bounds too seldom to be on it" if assessment.unsure else ""
    return (
        f"  where to act, {by}: {areas:,} areas with {assessment.coverage.share:.0%} of about {say_people(total)} "
        f"people at risk (an estimate); about {say_people(assessment.coverage.missed)} live elsewhere{unsure}"
    )
