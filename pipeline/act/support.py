"""What support an area has: places, the points people set out from, and the way between them."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue.places import Access, PlaceKind
from pipeline.space.access import (
    NearestPlaces,
    Pairs,
    Points,
    Vector,
    decay,
    find_nearest,
    keep_within,
    list_nearest_pairs,
    pair_by_distance,
    pair_by_journeys,
    share_supply,
)
from pipeline.store.records import Measure
from pipeline.tables import MEASURES, NEAREST, Quantity, is_among

PER = 1_000.0
"""Access is expressed per this many people at risk."""


@dataclass(frozen=True)
class Support:
    """The support places of an area and the points that people set out from.

    Attributes:
        places: table ``support_places``. ``origins``: table ``origins``.
        kinds: the declared kinds whose data are there, whether or not such a place is nearby.
        access: how access is measured. ``classes``: the rural-urban class of every origin, by code.
        journeys: minutes (``origin``, ``destination``, ``minutes``) that replace straight lines.
    """

    places: pd.DataFrame
    origins: pd.DataFrame
    kinds: tuple[PlaceKind, ...]
    access: Access
    classes: pd.Series
    journeys: pd.DataFrame | None = None
    _pairs_by_factor: dict[str, Pairs] = field(default_factory=dict, repr=False, compare=False)
    _weighed_by_factors: dict[str, tuple[Pairs, Vector]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def measure(self) -> Measure:
        """``straight line`` or ``journeys``."""
        return "straight line" if self.journeys is None else "journeys"

    @property
    def unit(self) -> Quantity:
        """The unit of distance: ``metres`` or ``minutes``."""
        return MEASURES[self.measure]

    @property
    def points(self) -> Points:
        """Of every origin, EPSG:27700 metres."""
        return self.origins[["easting", "northing"]].to_numpy(dtype="float64")

    @property
    def in_area(self) -> NDArray[np.bool_]:
        """Which origins belong to the area."""
        inside: NDArray[np.bool_] = self.origins["in_area"].to_numpy(dtype=bool)
        return inside

    @property
    def codes(self) -> pd.Index:
        """The LSOAs of the area, in the order of the origins."""
        codes: pd.Index = pd.Index(self.origins.loc[self.in_area, "lsoa21_code"])
        return codes

    def reach(self, factor: float = 1.0) -> Vector:
        """How far people of each origin go, metres or minutes, times ``factor``."""
        return self._declared_reach * factor

    @cached_property
    def _declared_reach(self) -> Vector:
        declared = self.access.reach if self.journeys is None else self.access.reach_minutes
        classes = self.classes.reindex(self.origins["lsoa21_code"])
        reach: Vector = np.asarray(classes.map(declared), dtype=np.float64)
        return reach

    def pairs(self, farthest: float = 1.0) -> Pairs:
        """Every origin with every place within ``farthest`` times its reach, or with the places it has journeys to."""
        key = f"{farthest:g}"
        if key not in self._pairs_by_factor:
            if self.journeys is None:
                to = self.places[["easting", "northing"]].to_numpy(dtype="float64")
                self._pairs_by_factor[key] = pair_by_distance(self.points, to, self.reach(farthest))
            else:
                codes, ids = list(self.origins["lsoa21_code"]), list(self.places["place_id"])
                all_pairs = pair_by_journeys(self.journeys, codes, ids, "the matrix of journeys")
                self._pairs_by_factor[key] = keep_within(all_pairs, self.reach(farthest))
        return self._pairs_by_factor[key]

    def weigh(self, reach: float = 1.0, farthest: float = 1.0) -> tuple[Pairs, Vector]:
        """Every origin with every place within ``reach`` times its own, and how much each pair counts, from 0 to 1.

        ``farthest`` is the largest ``reach`` that will be asked for, so that pairs are worked out once.
        """
        key = f"{reach:g} {farthest:g}"
        if key not in self._weighed_by_factors:
            limit = self.reach(reach)
            pairs = keep_within(self.pairs(farthest), limit)
            # Only what was asked for last: of a nation each takes tens of millions of bytes.
            self._weighed_by_factors.clear()
            self._weighed_by_factors[key] = (pairs, decay(pairs.cost, limit[pairs.origin]))
        return self._weighed_by_factors[key]

    def supply(self, could_offer: float = 1.0) -> Vector:
        """The capacity of each place, 0 if it does not count, times ``could_offer`` for kinds that could offer help."""
        later = {kind.id for kind in self.kinds if not kind.offers_now}
        factor = np.where(is_among(self.places["kind"], later), could_offer, 1.0)
        supply: Vector = (self.places["capacity"] * self.places["counts"]).to_numpy(dtype="float64") * factor
        return supply


def measure_access(
    support: Support, demand: pd.Series, *, reach: float = 1.0, could_offer: float = 1.0, farthest: float | None = None
) -> pd.Series:
    """Access to support of the area's LSOAs, in libraries per 1,000 people at risk.

    Args:
        demand: people at risk of every origin, by code.
        reach: times the declared reach. ``could_offer``: times the supply of kinds that could offer help.
        farthest: the largest ``reach`` that will be asked for, so that pairs are worked out once.
    """
    supply = share_supply(
        *support.weigh(reach, max(reach, farthest or reach)),
        demand.reindex(support.origins["lsoa21_code"]).to_numpy(dtype="float64"),
        support.supply(could_offer),
    )
    return pd.Series(supply.access[support.in_area] * PER, index=support.codes, name="support_access")


def measure_nearest_help(support: Support) -> pd.Series:
    """Metres or minutes from each LSOA of the area to the nearest place that is staffed and offers help now.

    Infinite where there is none. Mobile places do not count, as they stop elsewhere, nor do those without capacity.
    """
    helping = [kind.id for kind in support.kinds if kind.offers_now and kind.counts and not kind.mobile]
    staffed = np.asarray(is_among(support.places["kind"], helping)) & (support.supply() > 0)
    rows = np.flatnonzero(staffed)
    nearest = (_nearest_lines if support.journeys is None else _nearest_journeys)(support, rows, 1)
    return pd.Series(nearest.cost[:, 0], index=support.codes, name="nearest_help")


def list_nearest_places(support: Support) -> pd.DataFrame:
    """The nearest places of each kind, without mobile ones, for every LSOA of the area: table ``nearest``."""
    parts = [_of_kind(support, kind) for kind in support.kinds if not kind.mobile]
    if not parts:
        return pd.DataFrame({column: [] for column in NEAREST.names})
    frame = pd.concat(parts, ignore_index=True)
    frame["entry"] = frame["lsoa21_code"] + ">" + frame["kind"] + ">" + frame["number"].astype(str)
    for unit in MEASURES.values():
        frame[unit] = frame["distance"] if unit == support.unit else np.nan
    order = {kind.id: place for place, kind in enumerate(support.kinds)}
    by = pd.DataFrame({"c": frame["lsoa21_code"], "k": frame["kind"].map(order), "n": frame["number"]})
    return frame.loc[by.sort_values(["c", "k", "n"]).index, NEAREST.names].reset_index(drop=True)


def _of_kind(support: Support, kind: PlaceKind) -> pd.DataFrame:
    of_kind = np.flatnonzero((support.places["kind"] == kind.id).to_numpy())
    count, k = len(support.codes), support.access.nearest
    by_journeys = support.journeys is not None
    near = _nearest_journeys(support, of_kind, k) if by_journeys else _nearest_lines(support, of_kind, k)
    there = near.place >= 0
    rows, numbers = np.nonzero(there)
    ids = support.places["place_id"].to_numpy()
    return pd.DataFrame(
        {
            "lsoa21_code": support.codes.to_numpy()[rows] if count else [],
            "kind": kind.id,
            "number": numbers + 1,
            "place_id": ids[of_kind[near.place[there]]],
            "distance": near.cost[there],
        }
    )


def _nearest_lines(support: Support, of_kind: NDArray[np.int64], k: int) -> NearestPlaces:
    to = support.places[["easting", "northing"]].to_numpy(dtype="float64")[of_kind]
    return find_nearest(support.points[support.in_area], to, k)


def _nearest_journeys(support: Support, of_kind: NDArray[np.int64], k: int) -> NearestPlaces:
    ids = list(support.places["place_id"].to_numpy()[of_kind])
    if support.journeys is None or not is_among(support.journeys["destination"], ids).any():
        return NearestPlaces(np.full((len(support.codes), k), np.inf), np.full((len(support.codes), k), -1))
    pairs = pair_by_journeys(support.journeys, list(support.codes), ids, "the matrix of journeys")
    return list_nearest_pairs(pairs, len(support.codes), k)


def tabulate_nearest(nearest: pd.DataFrame, support: Support) -> pd.DataFrame:
    """The distance to the nearest place of each kind, one row for each LSOA of the area.

    ``nearest_<kind>_metres`` and ``nearest_<kind>_minutes``, the one that was not measured empty, and
    ``nearest_<kind>_m``, the former name of the metres.
    """
    first = nearest[nearest["number"] == 1].set_index("lsoa21_code")
    columns: dict[str, pd.Series] = {}
    for kind in support.kinds:
        if kind.mobile:
            continue
        of_kind = first[first["kind"] == kind.id].reindex(support.codes)
        for name, unit in (("metres", "metres"), ("minutes", "minutes"), ("m", "metres")):
            columns[f"nearest_{kind.id}_{name}"] = of_kind[unit].astype("float64")
    return pd.DataFrame(columns, index=support.codes)
