"""Where to act: everything that capacity adds to the risk of an area, and the list of its worst areas."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pipeline.act.certainty import draw_exclusion_intervals
from pipeline.act.exclusion import score_capacity, score_exclusion
from pipeline.act.listing import ListRule, count_unsure, list_areas
from pipeline.act.support import Support, list_nearest_places, measure_access, measure_nearest_help, tabulate_nearest
from pipeline.catalogue import Index, Uncertainty
from pipeline.catalogue.places import Exclusion, ListBounds
from pipeline.catalogue.rates import Driver, Helps, Rates
from pipeline.join.comparison import Comparison
from pipeline.risk.drivers import find_drivers
from pipeline.risk.people import Coverage, estimate_people_at_risk, measure_coverage
from pipeline.risk.scores import Risk
from pipeline.store.records import ExclusionUncertaintyRecord, Measure
from pipeline.tables import NEAREST, PRIORITIES, SUPPORT_COLUMNS, capacity_columns, is_among, validate

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
        frame: the columns of :func:`pipeline.tables.capacity_columns`, by code.
        nearest: table ``nearest``; empty without places.
        kinds: id to title of the kinds that have a ``nearest_`` column. ``measure``: how distances are measured.
        coverage: people at risk on the list of where to act and elsewhere.
        unsure: areas that meet the bounds of the list, but in too few plausible choices to be on it.
        contributions_exact: the contributions sum to the score's difference exactly.
        uncertainty: how the intervals of exclusion were drawn; None where they were not, and are empty.
    """

    frame: pd.DataFrame
    nearest: pd.DataFrame
    kinds: Mapping[str, str]
    measure: Measure
    coverage: Coverage
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
        uncertainty: ``None`` leaves the exclusion's intervals empty.

    Raises:
        ScoringError: a column is missing, or an access cannot be computed.
    """
    scores, nation = pd.DataFrame(risk.frame), comparison.nation
    drivers = find_drivers(scores, risk.means, comparison.index, assumptions.helps)
    titles = {component.name: component.title for component in comparison.index.components}
    people = estimate_people_at_risk(comparison.area, assumptions.rates, nation)
    contributions = drivers.contributions.add_prefix("contribution_")
    frame = pd.concat([_no_support(scores.index), people, _with_titles(drivers.frame, titles), contributions], axis=1)
    near, measure, kinds = pd.DataFrame({column: [] for column in NEAREST.names}), _STRAIGHT, {}
    rule, draws, record = ListRule(assumptions.bounds, np.full(len(scores), np.inf)), None, None
    if support is not None:
        demand = estimate_people_at_risk(nation, assumptions.rates, nation)["people_at_risk"]
        frame["support_access"] = measure_access(support, demand).reindex(scores.index)
        frame[["capacity_score", "capacity_decile"]] = score_capacity(frame["support_access"])
        exclusion = score_exclusion(scores["risk_score"], frame["capacity_score"], assumptions.exclusion)
        frame[list(exclusion.columns)] = exclusion
        distance = measure_nearest_help(support).reindex(scores.index).to_numpy()
        rule = ListRule(assumptions.bounds, distance, support.unit)
        if uncertainty is not None:
            worst = exclusion["exclusion_decile"]
            intervals = draw_exclusion_intervals(comparison, support, demand, worst, uncertainty, rule)
            frame[list(intervals.frame.columns)], record = intervals.frame, intervals.uncertainty
            draws = intervals.listed
        near, measure = list_nearest_places(support), support.measure
        frame = frame.join(tabulate_nearest(near, support), validate="one_to_one")
        kinds = {kind.id: kind.title for kind in support.kinds if not kind.mobile}
    capacity = None if support is None else frame["capacity_score"]
    listed = list_areas(scores["risk_rank"], frame["people_at_risk"], capacity, rule, draws)
    frame[list(listed.columns)] = listed
    names = [column.name for column in capacity_columns(titles, kinds)]
    coverage = measure_coverage(frame["people_at_risk"], listed["on_list"].astype("int64"))
    unsure = count_unsure(listed, scores["risk_rank"], rule)
    return Assessment(frame[names], near, kinds, measure, coverage, drivers.exact, record, unsure)


def _no_support(codes: pd.Index) -> pd.DataFrame:
    return pd.DataFrame(np.nan, index=codes, columns=[column.name for column in SUPPORT_COLUMNS])


def _with_titles(frame: pd.DataFrame, titles: Mapping[str, str]) -> pd.DataFrame:
    """Components by their titles, as readers see them."""
    ordered = frame["drivers"].map(lambda names: "; ".join(titles[n] for n in names.split("; ")), na_action="ignore")
    return frame.assign(main_driver=frame["main_driver"].map(titles), drivers=ordered).astype("str")


def list_priorities(
    risk: pd.DataFrame, assessment: Assessment, support: Support | None, index: Index, helps: Helps
) -> pd.DataFrame:
    """The list of where to act, the largest unmet need first: table ``priorities``; empty where no area is on it.

    High risk and little support where there is a list of support places, else high risk.

    Args:
        risk: ``risk.parquet`` without geometry, by code, with the columns of ``assessment``.
    """
    listed = risk[risk["on_list"].astype(bool)].sort_values("priority")
    near = _nearest_now(assessment.nearest, support)
    helping = _suggestions(index, helps)
    frame = listed.join(near).reset_index(names="lsoa21_code").astype({"priority": "int64"})
    frame["suggested_help"] = frame["main_driver"].map({title: d.helps[0].what for title, d in helping.items()})
    frame["help_source"] = frame["main_driver"].map({title: d.helps[0].source for title, d in helping.items()})
    text = ["nearest_support", "nearest_support_kind", "suggested_help", "help_source"]
    result = frame.astype(dict.fromkeys(text, "str"))[PRIORITIES.names]
    if len(result):
        validate(result, PRIORITIES, "priorities")
    return result


def _suggestions(index: Index, helps: Helps) -> dict[str, Driver]:
    declared = {component.title: helps.of(component.name) for component in index.components}
    return {title: driver for title, driver in declared.items() if driver is not None}


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
        f"  where to act, {by}: {areas:,} areas with {assessment.coverage.share:.0%} of about {round(total, -2):,.0f} "
        f"people at risk (an estimate); about {round(assessment.coverage.missed, -2):,.0f} live elsewhere{unsure}"
    )
