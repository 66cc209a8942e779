"""Where the next places should go in one area: the candidates, who is served already, the plan, and its tables."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from pipeline.act.support import Support
from pipeline.errors import PipelineError, RawFileError
from pipeline.places.locating import to_degrees
from pipeline.space.access import Pairs, Points, Vector, matrix_pairs, straight_line_pairs, within
from pipeline.space.siting import Plan, coverage_curve, p_median
from pipeline.tables import COVERAGE, SITES, validate

Model = Literal["maximal covering", "p-median"]
GAP_DECIMALS = 6
"""A gap of less than the solver proves is none."""
_REACH = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(km|m|min)\s*")


@dataclass(frozen=True)
class Reach:
    """How far a place serves: ``value`` in ``unit``, ``metres`` or ``minutes``."""

    value: float
    unit: Literal["metres", "minutes"]

    @property
    def in_words(self) -> str:
        """``5 km`` or ``20 min``."""
        return f"{self.value / 1000:g} km" if self.unit == "metres" else f"{self.value:g} min"


@dataclass(frozen=True)
class Candidates:
    """Where a new place could be: ``site_id``, ``name``, ``easting``, ``northing``, ``cost``; and what they are."""

    frame: pd.DataFrame
    described: str

    @property
    def points(self) -> Points:
        """EPSG:27700 metres, one row for each."""
        points: Points = self.frame[["easting", "northing"]].to_numpy(dtype="float64")
        return points


@dataclass(frozen=True)
class Proposal:
    """Proposed sites (table ``sites``), what each number of sites covers (``coverage``), and how they were sought."""

    sites: pd.DataFrame
    coverage: pd.DataFrame
    sought: dict[str, Any]


def parse_reach(text: str) -> Reach:
    """``5km``, ``800 m`` or ``20min``.

    Raises:
        PipelineError: it is none of these.
    """
    match = _REACH.fullmatch(text.lower())
    if match is None or float(match[1]) <= 0:
        raise PipelineError(f"--reach '{text}': expected a distance or a time, such as 5km, 800m or 20min.")
    value = float(match[1]) * (1000 if match[2] == "km" else 1)
    return Reach(value, "minutes" if match[2] == "min" else "metres")


def neighbourhoods(support: Support, names: pd.Series) -> Candidates:
    """Every LSOA of the area as a candidate: somewhere near the point that stands for where its people live.

    Args:
        names: what each LSOA is called, by code.
    """
    own = support.origins[support.in_area]
    frame = pd.DataFrame(
        {
            "site_id": own["lsoa21_code"],
            "name": own["lsoa21_code"].map(names),
            "easting": own["easting"],
            "northing": own["northing"],
            "cost": 1.0,
        }
    ).reset_index(drop=True)
    return Candidates(frame, f"{len(frame):,} neighbourhoods")


def of_existing_kind(support: Support, kind: str) -> Candidates:
    """The places of a kind, such as GP practices that could also offer help."""
    titles = {k.id: k.plural for k in support.kinds}
    own = support.places[support.places["kind"] == kind].reset_index(drop=True)
    if own.empty:
        raise PipelineError(f"There are no places of the kind '{kind}' in or near the area to be candidates.")
    frame = own.rename(columns={"place_id": "site_id"}).assign(cost=1.0)
    return Candidates(frame[["site_id", "name", "easting", "northing", "cost"]], f"{len(own):,} {titles[kind]}")


def propose(
    support: Support,
    people: pd.Series,
    candidates: Candidates,
    new: int,
    reach: Reach,
    kinds: Sequence[str],
    *,
    model: Model = "maximal covering",
    budget: float | None = None,
    seconds: float = 60.0,
) -> Proposal:
    """Up to ``new`` sites among the candidates, existing places of ``kinds`` counted in.

    Args:
        people: people at risk of the area's LSOAs, by code.
        reach: how far a place serves. In minutes, ``support.journeys`` must lead to candidates, too (``destination`` is
            their ``site_id``).
        kinds: existing places of these kinds serve their surroundings already; none: nothing is there yet.
        budget: what the sites may cost together; maximal covering only.

    Raises:
        PipelineError: minutes without journeys, a budget for the p-median, or no candidates.
        RawFileError: the journeys lead to no candidate.
    """
    if budget is not None and model == "p-median":
        raise PipelineError("A budget goes with maximal covering: the p-median takes a number of sites (--new).")
    weight = people.reindex(support.codes).to_numpy(dtype="float64")
    own = support.places["kind"].isin(kinds) & ~support.places["kind"].isin([k.id for k in support.kinds if k.mobile])
    there = support.places[own.to_numpy()]
    ids = list(candidates.frame["site_id"])
    reachable = _pairs(support, candidates.points, ids, reach)
    existing = _pairs(support, there[["easting", "northing"]].to_numpy(dtype="float64"), list(there["place_id"]), reach)
    now = np.full(len(weight), reach.value)
    np.minimum.at(now, existing.origin, existing.cost)
    already = np.zeros(len(weight), dtype=bool)
    already[existing.origin] = True
    cost = candidates.frame["cost"].to_numpy(dtype="float64")
    if model == "p-median":
        best = p_median(weight, reachable, len(ids), new, now=now, seconds=seconds)
        plans = [*(_first(best, count) for count in range(1, len(best.chosen))), best]
    else:
        priced = None if budget is None else cost
        plans = coverage_curve(
            weight, reachable, len(ids), new, already=already, cost=priced, budget=budget, seconds=seconds
        )
    plan = plans[-1]
    served = float(weight[already].sum())
    saved = plan.added * _scale(reach) if model == "p-median" else np.full(len(plan.chosen), np.nan)
    sites = _sites(plan, candidates, reachable, weight, already, saved)
    coverage = _coverage(plans, reachable, weight, already)
    sought = {
        "model": model,
        "new": new,
        "reach": reach.value,
        "unit": reach.unit,
        "counted_in": [kind.plural for kind in support.kinds if kind.id in kinds],
        "places_counted_in": len(there),
        "candidates": candidates.described,
        "budget": budget,
        "gap": round(plan.gap, GAP_DECIMALS),
        "people": round(float(weight.sum()), 1),
        "already": round(served, 1),
        "newly_covered": round(float(coverage["newly_covered"].iloc[-1]), 1),
        "way_saved": round(plan.value * _scale(reach), 1) if model == "p-median" else None,
    }
    return Proposal(sites, coverage, sought)


def _pairs(support: Support, points: Points, ids: Sequence[str], reach: Reach) -> Pairs:
    """The area's LSOAs and the places within reach of them."""
    limit = np.full(len(support.codes), reach.value)
    if reach.unit == "metres":
        return straight_line_pairs(support.points[support.in_area], points, limit)
    if support.journeys is None:
        raise PipelineError(
            "A reach in minutes needs journeys: name a matrix (origin, destination, minutes) as journeys_file of the "
            "area in declared/areas.toml, with the candidates among its destinations."
        )
    if not len(ids):
        none = np.zeros(0, dtype="int64")
        return Pairs(none, none, np.zeros(0))
    try:
        return within(matrix_pairs(support.journeys, list(support.codes), ids, "the matrix of journeys"), limit)
    except RawFileError as error:
        raise RawFileError(f"{error}\n  For --reach in minutes it must lead to the candidates, too.") from error


def _scale(reach: Reach) -> float:
    """From the unit of distances to that of ways saved: metres to kilometres, minutes as they are."""
    return 0.001 if reach.unit == "metres" else 1.0


def _first(plan: Plan, count: int) -> Plan:
    """The plan's first sites: what they save, without a proof that no others would save more."""
    value = float(plan.added[:count].sum())
    return Plan(plan.chosen[:count], plan.added[:count], plan.alone[:count], value, np.inf, plan.already, plan.total)


def _newly(chosen: Sequence[int], reachable: Pairs, weight: Vector, already: np.ndarray) -> float:
    """People newly within reach of the chosen candidates together."""
    reached = np.zeros(len(weight), dtype=bool)
    reached[reachable.origin[np.isin(reachable.place, chosen)]] = True
    return float(weight[reached & ~already].sum())


def _sites(
    plan: Plan, candidates: Candidates, reachable: Pairs, weight: Vector, already: np.ndarray, saved: Vector
) -> pd.DataFrame:
    chosen = plan.chosen.tolist()
    together = np.array([_newly(chosen[: n + 1], reachable, weight, already) for n in range(len(chosen))])
    frame = candidates.frame.iloc[chosen].reset_index(drop=True)
    lon, lat = to_degrees(frame["easting"].to_numpy(), frame["northing"].to_numpy())
    placed: pd.DataFrame = frame.assign(
        order=np.arange(1, len(chosen) + 1),
        newly_covered=np.diff(together, prepend=0.0),
        covered_alone=[_newly([site], reachable, weight, already) for site in chosen],
        covered_together=together,
        way_saved=saved,
        lon=lon,
        lat=lat,
    )[SITES.names]
    if len(placed):
        validate(placed, SITES, "sites")
    return placed


def _coverage(plans: Sequence[Plan], reachable: Pairs, weight: Vector, already: np.ndarray) -> pd.DataFrame:
    served, total = float(weight[already].sum()), float(weight.sum())
    rows = [
        (0, 0.0, 0.0),
        *((n, _newly(p.chosen.tolist(), reachable, weight, already), p.gap) for n, p in enumerate(plans, 1)),
    ]
    frame = pd.DataFrame(rows, columns=["sites", "newly_covered", "gap"])
    frame["covered"] = frame["newly_covered"] + served
    frame["share_covered"] = (frame["covered"] / total).clip(upper=1.0) if total > 0 else 0.0
    frame["gap"] = frame["gap"].where(np.isfinite(frame["gap"])).round(GAP_DECIMALS)
    result: pd.DataFrame = frame[COVERAGE.names]
    validate(result, COVERAGE, "coverage")
    return result
