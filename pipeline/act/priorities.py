"""Where to act: everything that capacity adds to the risk of an area, and the list of its worst areas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from pipeline.act.certainty import exclusion_intervals
from pipeline.act.exclusion import capacity, exclusion
from pipeline.act.support import Support, nearest_by_kind, nearest_places, support_access
from pipeline.catalogue import Index, Uncertainty
from pipeline.catalogue.places import Exclusion
from pipeline.catalogue.rates import Driver, Helps, Rates
from pipeline.risk.drivers import drivers
from pipeline.risk.people import Covered, covered, people_at_risk
from pipeline.tables import MEASURES, NEAREST, PRIORITIES, SUPPORT_COLUMNS, capacity_columns, validate


@dataclass(frozen=True)
class Act:
    """What capacity adds to ``risk.parquet``.

    Attributes:
        frame: the columns of :func:`pipeline.tables.support_columns`, indexed by code.
        nearest: table ``nearest``; empty without places.
        kinds: id to title of the kinds that have a ``nearest_`` column. ``measure``: how ways are measured.
        covered: people at risk inside the worst tenth and outside it.
        varied: how the exclusion's uncertainty was drawn; empty where it was not.
        exact: the contributions sum to the score's difference exactly.
    """

    frame: pd.DataFrame
    nearest: pd.DataFrame
    kinds: Mapping[str, str]
    measure: str
    covered: Covered
    exact: bool
    varied: Mapping[str, Any] = field(default_factory=dict)


def where_to_act(
    risk: pd.DataFrame,
    means: Mapping[str, float],
    index: Index,
    area: pd.DataFrame,
    reference: pd.DataFrame,
    nation: pd.DataFrame,
    how: Exclusion,
    rates: Rates,
    helps: Helps,
    support: Support | None,
    uncertainty: Uncertainty | None,
) -> Act:
    """People at risk, drivers, access to support, capacity, and exclusion with its uncertainty.

    Args:
        risk: ``risk_score``, ``risk_decile`` and ``component_<name>`` of the area's LSOAs, by code.
        means: the mean of every component over what they are compared with.
        area, reference, nation: every source's columns by code: of the area, of what it is compared with, of all.
        support: ``None`` where no list of places is at hand: the columns that need one are then empty.
        uncertainty: ``None`` leaves the exclusion's intervals empty.

    Raises:
        ScoringError: a column is missing, or an access cannot be computed.
    """
    found = drivers(risk, means, index, helps)
    titles = {component.name: component.title for component in index.components}
    why = _with_titles(found.frame, titles)
    people = people_at_risk(area, rates, nation)
    frame = pd.concat([_no_support(risk.index), people, why, found.contributions.add_prefix("contribution_")], axis=1)
    if support is None:
        near, measure, kinds = pd.DataFrame({c: [] for c in NEAREST.names}), MEASURES[0], {}
        varied: Mapping[str, Any] = {}
    else:
        demand = people_at_risk(nation, rates, nation)["people_at_risk"]
        access = support_access(support, demand).reindex(risk.index)
        frame["support_access"] = access
        frame[["capacity_score", "capacity_decile"]] = capacity(access)
        joined = exclusion(risk["risk_score"], frame["capacity_score"], how)
        frame[list(joined.columns)] = joined
        varied = {}
        if uncertainty is not None:
            intervals = exclusion_intervals(
                index, reference, area, support, demand, joined["exclusion_decile"], uncertainty
            )
            frame[list(intervals.frame.columns)], varied = intervals.frame, intervals.varied
        near, measure = nearest_places(support), support.measure
        frame = frame.join(nearest_by_kind(near, support), validate="one_to_one")
        kinds = {kind.id: kind.title for kind in support.kinds if not kind.mobile}
    worst = frame["exclusion_decile"] if support is not None else risk["risk_decile"]
    names = [column.name for column in capacity_columns(titles, kinds, measure)]
    return Act(frame[names], near, kinds, measure, covered(frame["people_at_risk"], worst), found.exact, varied)


def _no_support(codes: pd.Index) -> pd.DataFrame:
    return pd.DataFrame(np.nan, index=codes, columns=[column.name for column in SUPPORT_COLUMNS])


def _with_titles(frame: pd.DataFrame, titles: Mapping[str, str]) -> pd.DataFrame:
    """Components by their titles, as people read them."""
    ordered = frame["drivers"].map(lambda names: "; ".join(titles[n] for n in names.split("; ")), na_action="ignore")
    return frame.assign(main_driver=frame["main_driver"].map(titles), drivers=ordered).astype("str")


def priorities(risk: pd.DataFrame, act: Act, support: Support | None, index: Index, helps: Helps) -> pd.DataFrame:
    """The worst tenth, the worst first: table ``priorities``.

    By exclusion where support is known, else by risk.

    Args:
        risk: ``risk.parquet`` without geometry, by code, with the columns of ``act``.
    """
    by = ("exclusion_rank", "exclusion_decile") if support is not None else ("risk_rank", "risk_decile")
    worst = risk[risk[by[1]] == 1]
    worst = worst.assign(_code=worst.index).sort_values([by[0], "_code"]).drop(columns="_code")
    near = _nearest_now(act.nearest, support)
    helping = _suggestions(index, helps)
    frame = worst.join(near).reset_index(names="lsoa21_code")
    frame["order"] = range(1, len(frame) + 1)
    frame["suggested_help"] = frame["main_driver"].map({title: d.helps[0].what for title, d in helping.items()})
    frame["help_source"] = frame["main_driver"].map({title: d.helps[0].source for title, d in helping.items()})
    text = ["nearest_support", "nearest_support_kind", "suggested_help", "help_source"]
    result = frame.astype(dict.fromkeys(text, "str"))[PRIORITIES.names]
    # Of fewer than ten areas none is a tenth.
    if len(result):
        validate(result, PRIORITIES, "priorities")
    return result


def _suggestions(index: Index, helps: Helps) -> dict[str, Driver]:
    known = {component.title: helps.of(component.name) for component in index.components}
    return {title: driver for title, driver in known.items() if driver is not None}


def _nearest_now(nearest: pd.DataFrame, support: Support | None) -> pd.DataFrame:
    """The nearest place that offers help now, of any kind, by LSOA."""
    columns = ["nearest_support", "nearest_support_kind", "nearest_support_distance"]
    if support is None or nearest.empty:
        nothing = {columns[0]: "str", columns[1]: "str", columns[2]: "float64"}
        return pd.DataFrame(index=pd.Index([], dtype="str"), columns=columns).astype(nothing)
    titles = {kind.id: kind.title for kind in support.kinds if kind.offers_now}
    own = nearest[nearest["kind"].isin(titles)].sort_values(["distance", "entry"]).drop_duplicates("lsoa21_code")
    own = own.merge(support.places[["place_id", "name"]], on="place_id", how="left", validate="many_to_one")
    return pd.DataFrame(
        {
            columns[0]: own["name"].to_numpy(),
            columns[1]: own["kind"].map(titles).to_numpy(),
            columns[2]: own["distance"].to_numpy(),
        },
        index=own["lsoa21_code"],
    )


def coverage_in_words(act: Act, support: Support | None) -> Sequence[str]:
    """What a worst-tenth list reaches, and what it misses, in one line."""
    by = "high risk with little support" if support is not None else "risk"
    total = act.covered.inside + act.covered.missed
    return [
        f"  about {round(total, -2):,.0f} people at risk (an estimate); the worst tenth by {by} holds "
        f"{act.covered.share:.0%} of them and misses about {round(act.covered.missed, -2):,.0f}"
    ]
