"""Where the next places should go in one area: the candidates, who is already served, the plan and its tables."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.act.support import Support
from pipeline.errors import PipelineError, RawFileError
from pipeline.reading.projection import lon_lat
from pipeline.space.access import Pairs, Points, Vector, keep_within, pair_by_distance, pair_by_journeys
from pipeline.space.siting import Budget, CoveringProblem, MedianProblem, Plan, solve_median, trace_coverage
from pipeline.store.records import SiteModel, SiteSearch
from pipeline.tables import COVERAGE, SITES, is_among, validate

GAP_DECIMALS = 6
"""A gap smaller than the solver can prove counts as none."""
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
class SiteRequest:
    """What to look for.

    Attributes:
        new: how many sites at most.
        reach: how far a place serves. In minutes, the journeys must lead to the candidates too (``destination``
            is their ``site_id``).
        kinds: existing places of these kinds already serve the people around them; empty: there are no places yet.
        budget: what the sites may cost together; maximal covering only.
        seconds: how long the solver may take.
    """

    new: int
    reach: Reach
    kinds: tuple[str, ...]
    model: SiteModel = "maximal covering"
    budget: float | None = None
    seconds: float = 60.0


@dataclass(frozen=True)
class Candidates:
    """Where a new place could be: ``site_id``, ``name``, ``easting``, ``northing``, ``cost``; and a description."""

    frame: pd.DataFrame
    described: str

    @property
    def points(self) -> Points:
        """EPSG:27700 metres, one row for each."""
        points: Points = self.frame[["easting", "northing"]].to_numpy(dtype="float64")
        return points


@dataclass(frozen=True)
class Proposal:
    """Proposed sites (table ``sites``), what each number of sites covers (``coverage``), and how they were chosen."""

    sites: pd.DataFrame
    coverage: pd.DataFrame
    sought: SiteSearch


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


def list_neighbourhoods(support: Support, names: pd.Series) -> Candidates:
    """Every LSOA of the area as a candidate: somewhere near the point that represents where its people live.

    Args:
        names: what each LSOA is called, by code.
    """
    origins = support.origins[support.in_area]
    frame = pd.DataFrame(
        {
            "site_id": origins["lsoa21_code"],
            "name": origins["lsoa21_code"].map(names),
            "easting": origins["easting"],
            "northing": origins["northing"],
            "cost": 1.0,
        }
    ).reset_index(drop=True)
    return Candidates(frame, f"{len(frame):,} neighbourhoods")


def list_places_of_kind(support: Support, kind: str) -> Candidates:
    """The places of a kind, such as GP practices that could also offer help."""
    titles = {k.id: k.plural for k in support.kinds}
    places = support.places[support.places["kind"] == kind].reset_index(drop=True)
    if places.empty:
        raise PipelineError(f"There are no places of the kind '{kind}' in or near the area to be candidates.")
    frame = places.rename(columns={"place_id": "site_id"}).assign(cost=1.0)
    return Candidates(frame[["site_id", "name", "easting", "northing", "cost"]], f"{len(places):,} {titles[kind]}")


def propose_sites(support: Support, people: pd.Series, candidates: Candidates, request: SiteRequest) -> Proposal:
    """The sites that ``request`` asks for, chosen among the candidates and counting existing places.

    Args:
        people: people at risk of the area's LSOAs, by code.

    Raises:
        PipelineError: minutes without journeys, a budget for the p-median, or no candidates.
        RawFileError: none of the journeys leads to a candidate.
    """
    if request.budget is not None and request.model == "p-median":
        raise PipelineError("A budget goes with maximal covering: the p-median takes a number of sites (--new).")
    weight, reach = people.reindex(support.codes).to_numpy(dtype="float64"), request.reach
    ids = list(candidates.frame["site_id"])
    reachable = _pairs(support, candidates.points, ids, reach)
    there = _counted_in(support, request.kinds)
    points = there[["easting", "northing"]].to_numpy(dtype="float64")
    existing = _pairs(support, points, list(there["place_id"]), reach)
    already = np.zeros(len(weight), dtype=bool)
    already[existing.origin] = True
    served = _Served(weight, already, reachable)
    if request.model == "p-median":
        now = np.full(len(weight), reach.value)
        np.minimum.at(now, existing.origin, existing.cost)
        best = solve_median(MedianProblem(weight, reachable, len(ids), now, request.seconds), request.new)
        plans = [*(_first(best, count) for count in range(1, len(best.chosen))), best]
        saved, way_saved = best.added * _scale(reach), round(best.value * _scale(reach), 1)
    else:
        cost = candidates.frame["cost"].to_numpy(dtype="float64")
        budget = None if request.budget is None else Budget(cost, request.budget)
        problem = CoveringProblem(weight, reachable, len(ids), already, budget, request.seconds)
        plans = trace_coverage(problem, request.new)
        saved, way_saved = np.full(len(plans[-1].chosen), np.nan), None
    coverage = _tabulate_coverage(plans, served)
    search = SiteSearch(
        model=request.model,
        new=request.new,
        reach=reach.value,
        unit=reach.unit,
        counted_in=tuple(kind.plural for kind in support.kinds if kind.id in request.kinds),
        places_counted_in=len(there),
        candidates=candidates.described,
        budget=request.budget,
        gap=round(plans[-1].gap, GAP_DECIMALS),
        people=round(served.total, 1),
        already=round(served.at_first, 1),
        newly_covered=round(float(coverage["newly_covered"].iloc[-1]), 1),
        way_saved=way_saved,
    )
    return Proposal(_tabulate_sites(plans[-1], candidates, served, saved), coverage, search)


def _counted_in(support: Support, kinds: Sequence[str]) -> pd.DataFrame:
    """Existing places of these kinds that stay where they are."""
    mobile = [kind.id for kind in support.kinds if kind.mobile]
    kind_of = support.places["kind"]
    return support.places[is_among(kind_of, kinds) & ~is_among(kind_of, mobile)]


@dataclass(frozen=True)
class _Served:
    """Whom places serve: people of each area, the areas served already, and the candidates within reach."""

    people: Vector
    already: NDArray[np.bool_]
    reachable: Pairs

    @property
    def total(self) -> float:
        """People in all."""
        return float(self.people.sum())

    @property
    def at_first(self) -> float:
        """People whom existing places serve."""
        return float(self.people[self.already].sum())

    def count_new(self, chosen: Sequence[int]) -> float:
        """People newly within reach of the chosen candidates together."""
        reached = np.zeros(len(self.people), dtype=bool)
        reached[self.reachable.origin[np.isin(self.reachable.place, chosen)]] = True
        return float(self.people[reached & ~self.already].sum())


def list_served(support: Support, candidates: Candidates, reach: Reach, codes: Sequence[str]) -> Pairs:
    """Which areas each candidate would serve that no place serves now: those within reach of it and of no other place.

    Places that count and offer help now serve the people around them. ``codes`` are the areas in the order that the
    result counts them in.
    """
    now = [kind.id for kind in support.kinds if kind.counts and kind.offers_now]
    there = _counted_in(support, now)
    points = there[["easting", "northing"]].to_numpy(dtype="float64")
    served = _pairs(support, points, list(there["place_id"]), reach).origin
    pairs = _pairs(support, candidates.points, list(candidates.frame["site_id"]), reach)
    new = ~np.isin(pairs.origin, served)
    row_of = pd.Index(codes).get_indexer(support.codes)
    return Pairs(row_of[pairs.origin[new]].astype("int64"), pairs.place[new], pairs.cost[new])


def _pairs(support: Support, points: Points, ids: Sequence[str], reach: Reach) -> Pairs:
    """The area's LSOAs and the places within reach of them."""
    limit = np.full(len(support.codes), reach.value)
    if reach.unit == "metres":
        return pair_by_distance(support.points[support.in_area], points, limit)
    if support.journeys is None:
        raise PipelineError(
            "A reach in minutes needs journeys: name a matrix (origin, destination, minutes) as journeys_file of the "
            "area in declared/areas.toml, with the candidates among its destinations."
        )
    if not len(ids):
        none = np.zeros(0, dtype="int64")
        return Pairs(none, none, np.zeros(0))
    try:
        return keep_within(
            pair_by_journeys(support.journeys, list(support.codes), ids, "the matrix of journeys"), limit
        )
    except RawFileError as error:
        raise RawFileError(f"{error}\n  For a --reach in minutes it must lead to the candidates too.") from error


def _scale(reach: Reach) -> float:
    """From the unit of distances to that of the travel saved: metres to kilometres, minutes unchanged."""
    return 0.001 if reach.unit == "metres" else 1.0


def _first(plan: Plan, count: int) -> Plan:
    """The first sites of the plan: what they save, with no proof that others would not save more."""
    value = float(plan.added[:count].sum())
    return Plan(plan.chosen[:count], plan.added[:count], plan.alone[:count], value, np.inf, plan.already, plan.total)


def _tabulate_sites(plan: Plan, candidates: Candidates, served: _Served, saved: Vector) -> pd.DataFrame:
    chosen = plan.chosen.tolist()
    together = np.array([served.count_new(chosen[: n + 1]) for n in range(len(chosen))])
    frame = candidates.frame.iloc[chosen].reset_index(drop=True)
    lon, lat = lon_lat(frame["easting"].to_numpy(), frame["northing"].to_numpy())
    placed: pd.DataFrame = frame.assign(
        site_number=np.arange(1, len(chosen) + 1),
        newly_covered=np.diff(together, prepend=0.0),
        covered_alone=[served.count_new([site]) for site in chosen],
        covered_together=together,
        way_saved=saved,
        lon=lon,
        lat=lat,
    )[SITES.names]
    if len(placed):
        validate(placed, SITES, "sites")
    return placed


def _tabulate_coverage(plans: Sequence[Plan], served: _Served) -> pd.DataFrame:
    rows = [(0, 0.0, 0.0), *((n, served.count_new(p.chosen.tolist()), p.gap) for n, p in enumerate(plans, 1))]
    frame = pd.DataFrame(rows, columns=["sites", "newly_covered", "gap"])
    frame["covered"] = frame["newly_covered"] + served.at_first
    frame["share_covered"] = (frame["covered"] / served.total).clip(upper=1.0) if served.total > 0 else 0.0
    frame["gap"] = frame["gap"].where(np.isfinite(frame["gap"])).round(GAP_DECIMALS)
    result: pd.DataFrame = frame[COVERAGE.names]
    validate(result, COVERAGE, "coverage")
    return result
