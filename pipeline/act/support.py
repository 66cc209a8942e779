"""What support an area has: places, the points people set out from, and the way between them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue.places import Access, PlaceKind
from pipeline.space.access import (
    NearestPlaces,
    Pairs,
    Points,
    Vector,
    e2sfca,
    matrix_pairs,
    nearest,
    nearest_of_pairs,
    straight_line_pairs,
    within,
)
from pipeline.tables import NEAREST

PER = 1_000.0
"""Access is given for so many people at risk."""


@dataclass(frozen=True)
class Support:
    """The support places of an area and the points that people set out from.

    Attributes:
        places: table ``support_places``. ``origins``: table ``origins``.
        kinds: the declared kinds whose data are there, whether or not a place of theirs is near.
        access: how access is measured. ``classes``: the rural-urban class of every origin, by code.
        journeys: minutes (``origin``, ``destination``, ``minutes``) that stand instead of straight lines.
    """

    places: pd.DataFrame
    origins: pd.DataFrame
    kinds: tuple[PlaceKind, ...]
    access: Access
    classes: pd.Series
    journeys: pd.DataFrame | None = None
    _found: dict[str, Pairs] = field(default_factory=dict, repr=False, compare=False)

    @property
    def measure(self) -> str:
        """``straight line`` or ``journeys``."""
        return "straight line" if self.journeys is None else "journeys"

    @property
    def points(self) -> Points:
        """Of every origin, EPSG:27700 metres."""
        return self.origins[["easting", "northing"]].to_numpy(dtype="float64")

    @property
    def in_area(self) -> NDArray[np.bool_]:
        """Which origins belong to the area."""
        own: NDArray[np.bool_] = self.origins["in_area"].to_numpy(dtype=bool)
        return own

    @property
    def codes(self) -> pd.Index:
        """The LSOAs of the area, in the order of the origins."""
        codes: pd.Index = pd.Index(self.origins.loc[self.in_area, "lsoa21_code"])
        return codes

    def reach(self, factor: float = 1.0) -> Vector:
        """How far people of each origin go, metres or minutes, times ``factor``."""
        declared = self.access.reach if self.journeys is None else self.access.reach_minutes
        classes = self.classes.reindex(self.origins["lsoa21_code"])
        reach: Vector = np.asarray(classes.map(declared), dtype=np.float64) * factor
        return reach

    def pairs(self, farthest: float = 1.0) -> Pairs:
        """Every origin with every place within ``farthest`` times its reach, or with those of its journeys."""
        key = f"{farthest:g}"
        if key not in self._found:
            if self.journeys is None:
                to = self.places[["easting", "northing"]].to_numpy(dtype="float64")
                self._found[key] = straight_line_pairs(self.points, to, self.reach(farthest))
            else:
                codes, ids = list(self.origins["lsoa21_code"]), list(self.places["place_id"])
                all_pairs = matrix_pairs(self.journeys, codes, ids, "the matrix of journeys")
                self._found[key] = within(all_pairs, self.reach(farthest))
        return self._found[key]

    def supply(self, could_offer: float = 1.0) -> Vector:
        """The capacity of every place, 0 where it does not count; that of kinds that could offer help times so much."""
        later = {kind.id for kind in self.kinds if not kind.offers_now}
        factor = np.where(self.places["kind"].isin(later), could_offer, 1.0)
        supply: Vector = (self.places["capacity"] * self.places["counts"]).to_numpy(dtype="float64") * factor
        return supply


def support_access(
    support: Support, demand: pd.Series, *, reach: float = 1.0, could_offer: float = 1.0, farthest: float | None = None
) -> pd.Series:
    """Access to support of the area's LSOAs, in libraries for each 1,000 people at risk.

    Args:
        demand: people at risk of every origin, by code.
        reach: times the declared reach. ``could_offer``: times the supply of kinds that could offer help.
        farthest: the largest ``reach`` that will be asked for, so that pairs are sought once.
    """
    limit = support.reach(reach)
    found = e2sfca(
        within(support.pairs(max(reach, farthest or reach)), limit),
        demand.reindex(support.origins["lsoa21_code"]).to_numpy(dtype="float64"),
        support.supply(could_offer),
        limit,
    )
    return pd.Series(found.access[support.in_area] * PER, index=support.codes, name="support_access")


def nearest_places(support: Support) -> pd.DataFrame:
    """The nearest places of each kind for every LSOA of the area: table ``nearest``. Mobile places stop elsewhere."""
    parts = [_of_kind(support, kind) for kind in support.kinds if not kind.mobile]
    if not parts:
        return pd.DataFrame({column: [] for column in NEAREST.names})
    frame = pd.concat(parts, ignore_index=True)
    frame["entry"] = frame["lsoa21_code"] + ">" + frame["kind"] + ">" + frame["number"].astype(str)
    order = {kind.id: place for place, kind in enumerate(support.kinds)}
    by = pd.DataFrame({"c": frame["lsoa21_code"], "k": frame["kind"].map(order), "n": frame["number"]})
    return frame.loc[by.sort_values(["c", "k", "n"]).index, NEAREST.names].reset_index(drop=True)


def _of_kind(support: Support, kind: PlaceKind) -> pd.DataFrame:
    own = np.flatnonzero((support.places["kind"] == kind.id).to_numpy())
    count, k = len(support.codes), support.access.nearest
    found = _nearest_journeys(support, own, k) if support.journeys is not None else _nearest_lines(support, own, k)
    there = found.place >= 0
    rows, numbers = np.nonzero(there)
    ids = support.places["place_id"].to_numpy()
    return pd.DataFrame(
        {
            "lsoa21_code": support.codes.to_numpy()[rows] if count else [],
            "kind": kind.id,
            "number": numbers + 1,
            "place_id": ids[own[found.place[there]]],
            "distance": found.cost[there],
        }
    )


def _nearest_lines(support: Support, own: NDArray[np.int64], k: int) -> NearestPlaces:
    to = support.places[["easting", "northing"]].to_numpy(dtype="float64")[own]
    return nearest(support.points[support.in_area], to, k)


def _nearest_journeys(support: Support, own: NDArray[np.int64], k: int) -> NearestPlaces:
    ids = list(support.places["place_id"].to_numpy()[own])
    if support.journeys is None or not support.journeys["destination"].isin(ids).any():
        return NearestPlaces(np.full((len(support.codes), k), np.inf), np.full((len(support.codes), k), -1))
    pairs = matrix_pairs(support.journeys, list(support.codes), ids, "the matrix of journeys")
    return nearest_of_pairs(pairs, len(support.codes), k)


def nearest_by_kind(found: pd.DataFrame, support: Support) -> pd.DataFrame:
    """The way to the nearest place of each kind, one row for each LSOA of the area: ``nearest_<kind>_m`` (``_min``)."""
    first = found[found["number"] == 1].set_index("lsoa21_code")
    unit = "m" if support.journeys is None else "min"
    columns: Mapping[str, pd.Series] = {
        f"nearest_{kind.id}_{unit}": first.loc[first["kind"] == kind.id, "distance"].reindex(support.codes)
        for kind in support.kinds
        if not kind.mobile
    }
    return pd.DataFrame(columns, index=support.codes)
