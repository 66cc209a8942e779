"""How well people can reach support places: the nearest, and the enhanced two-step floating catchment.

Distances are straight lines on the British National Grid (EPSG:27700), in metres. The grid's scale differs from the
ground's by −0.04% to +0.09% within Great Britain (0.04% in East Anglia, 0.06% at most in England), far less than a
straight line differs from a journey, so no factor is applied, and brute force gives exactly the same numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.errors import RawFileError, first

Vector = NDArray[np.float64]
Points = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Pairs:
    """Which areas are within reach of which places.

    ``origin`` and ``place`` are positions, ``cost`` metres or minutes; one entry for each pair.
    """

    origin: Integers
    place: Integers
    cost: Vector


@dataclass(frozen=True)
class NearestPlaces:
    """The k nearest places of each area: ``cost`` (areas × k), infinite, and ``place``, −1, where there are fewer."""

    cost: NDArray[np.float64]
    place: NDArray[np.int64]


@dataclass(frozen=True)
class Supply:
    """The result of a floating catchment.

    Attributes:
        access: supply per person for each area, 0 where no place is within reach.
        ratio: each place's supply per person who may come, 0 where nobody may.
    """

    access: Vector
    ratio: Vector


def straight_line(from_points: Points, to_points: Points) -> Vector:
    """Metres between points row by row, both of shape (n, 2) in EPSG:27700."""
    away = to_points - from_points
    metres: Vector = np.sqrt(away[:, 0] ** 2 + away[:, 1] ** 2)
    return metres


def find_nearest(origins: Points, places: Points, k: int) -> NearestPlaces:
    """The ``k`` nearest ``places`` (m, 2) of each of ``origins`` (n, 2), nearest first, by straight line.

    Without places every cost is infinite.
    """
    # Imported here because it is slow to import, and only measuring distances needs it.
    from scipy.spatial import cKDTree

    cost = np.full((len(origins), k), np.inf)
    place = np.full((len(origins), k), -1, dtype="int64")
    count = min(k, len(places))
    if count and len(origins):
        _, index = cKDTree(places).query(origins, k=list(range(1, count + 1)))
        rows = np.repeat(np.arange(len(origins)), count)
        metres = straight_line(origins[rows], places[index.ravel()]).reshape(index.shape)
        order = np.lexsort((index, metres), axis=1)
        cost[:, :count] = np.take_along_axis(metres, order, axis=1)
        place[:, :count] = np.take_along_axis(index, order, axis=1)
    return NearestPlaces(cost, place)


def list_nearest_pairs(pairs: Pairs, areas: int, k: int) -> NearestPlaces:
    """The ``k`` cheapest places of each of ``areas`` areas among ``pairs``: for a matrix of minutes."""
    cost, place = np.full((areas, k), np.inf), np.full((areas, k), -1, dtype="int64")
    order = np.lexsort((pairs.place, pairs.cost, pairs.origin))
    origin = pairs.origin[order]
    starts = np.searchsorted(origin, np.arange(areas))
    position = np.arange(len(order)) - starts[origin] if len(order) else np.zeros(0, dtype="int64")
    kept = position < k
    cost[origin[kept], position[kept]] = pairs.cost[order][kept]
    place[origin[kept], position[kept]] = pairs.place[order][kept]
    return NearestPlaces(cost, place)


def pair_by_distance(origins: Points, places: Points, reach: Vector) -> Pairs:
    """Every area with every place within its ``reach`` (metres, one for each area), in order of areas."""
    from scipy.spatial import cKDTree

    if not len(places) or not len(origins):
        return _none()
    tree, parts = cKDTree(places), list[Integers]()
    for distance in np.unique(reach):
        members = np.flatnonzero(reach == distance)
        # Slightly more than the reach: the distances below decide which pairs are on its edge.
        near = cKDTree(origins[members]).sparse_distance_matrix(tree, distance * (1 + 1e-9), output_type="ndarray")
        parts.append(members[near["i"]] * len(places) + near["j"])
    # One number for each pair, in whose order pairs are: sorting pairs of numbers takes ten times as long.
    pairs = np.concatenate(parts)
    pairs.sort()
    origin, place = np.divmod(pairs, len(places))
    metres = straight_line(origins[origin], places[place])
    kept = metres <= reach[origin]
    return Pairs(origin[kept], place[kept], metres[kept])


def _none() -> Pairs:
    empty = np.zeros(0, dtype="int64")
    return Pairs(empty, empty, np.zeros(0))


def pair_by_journeys(matrix: pd.DataFrame, codes: Sequence[str], place_ids: Sequence[str], name: str) -> Pairs:
    """The pairs of a matrix that an analyst supplies, in minutes; pairs that it lacks are out of reach.

    Args:
        matrix: ``origin`` (LSOA code), ``destination`` (``place_id``), ``minutes``.
        name: the file's name, for errors.

    Rows of other areas and of unknown places are ignored, as the matrix may be for a larger area.

    Raises:
        RawFileError: as :func:`check_minutes`, or no row is for these areas and places.
    """
    minutes = check_minutes(matrix, name)
    origin = pd.Index(codes).get_indexer(pd.Index(matrix["origin"]))
    place = pd.Index(place_ids).get_indexer(pd.Index(matrix["destination"]))
    kept = (origin >= 0) & (place >= 0)
    if not kept.any():
        raise RawFileError(
            f"{name}: none of its {len(matrix):,} rows goes from an LSOA of the area to a support place. origin "
            "should be LSOA codes of 2021, destination the place_id of support_places.parquet."
        )
    order = np.lexsort((place[kept], origin[kept]))
    pairs = (origin[kept], place[kept], minutes[kept])
    return Pairs(pairs[0][order].astype("int64"), pairs[1][order].astype("int64"), pairs[2][order])


def check_minutes(matrix: pd.DataFrame, name: str) -> Vector:
    """The minutes of a matrix of journeys, after a check of all rows.

    Raises:
        RawFileError: a column is missing, a pair appears twice, or minutes are not numbers of 0 or more.
    """
    lacking = [column for column in ("origin", "destination", "minutes") if column not in matrix.columns]
    if lacking:
        raise RawFileError(
            f"{name}: a matrix of journeys needs origin, destination, minutes; {', '.join(lacking)} is missing. "
            f"Columns found: {first(matrix.columns)}"
        )
    minutes = pd.to_numeric(matrix["minutes"], errors="coerce")
    wrong = ~(minutes >= 0) | ~np.isfinite(minutes)
    if wrong.any():
        raise RawFileError(
            f"{name}: minutes should be numbers of 0 or more; they are not in row(s) {first(np.flatnonzero(wrong) + 2)}"
        )
    twice = matrix.duplicated(["origin", "destination"]).to_numpy()
    if twice.any():
        raise RawFileError(f"{name}: a pair appears more than once, in row(s) {first(np.flatnonzero(twice) + 2)}")
    numbers: Vector = minutes.to_numpy(dtype="float64")
    return numbers


def keep_within(pairs: Pairs, reach: Vector) -> Pairs:
    """The pairs whose cost is within the reach of their area: metres or minutes, one for each area."""
    kept = pairs.cost <= reach[pairs.origin]
    return Pairs(pairs.origin[kept], pairs.place[kept], pairs.cost[kept])


def decay(cost: Vector, reach: Vector) -> Vector:
    """Gaussian decay, 1 at the door and 0 at the edge of reach: (e^(−½(c/r)²) − e^(−½)) / (1 − e^(−½)).

    Source: Dai, D. (2010), Black residential segregation, disparities in spatial access to health care facilities,
    and late-stage breast cancer diagnosis in metropolitan Detroit, Health & Place 16(5), 1038–1052.
    """
    edge = np.exp(-0.5)
    weight = (np.exp(-0.5 * (cost / reach) ** 2) - edge) / (1 - edge)
    result: Vector = np.clip(weight, 0.0, 1.0)
    return result


def e2sfca(pairs: Pairs, demand: Vector, supply: Vector, reach: Vector) -> Supply:
    """The enhanced two-step floating catchment area method after Luo and Qi, with Dai's decay instead of their zones.

    First each place's supply is divided by the people who may come, nearer ones counting more: Rⱼ = Sⱼ / Σᵢ pᵢ wᵢⱼ.
    Then each area sums what is within its reach: Aᵢ = Σⱼ Rⱼ wᵢⱼ. Hence Σᵢ pᵢ Aᵢ is the supply of all places that
    anyone reaches: supply is shared out, never made. One more place lowers nobody's access, one fewer raises
    nobody's. A place that moves away from an area but stays within its reach may raise that area's access, if
    it leaves more people behind than it takes on: that follows from sharing out a fixed supply.

    Args:
        pairs: areas and the places within their reach.
        demand: people, one number for each area, 0 or more.
        supply: one number for each place, 0 or more.
        reach: one for each area, in the unit of ``pairs.cost``.

    Source: Luo, W. and Qi, Y. (2009), An enhanced two-step floating catchment area (E2SFCA) method for measuring
    spatial accessibility to primary care physicians, Health & Place 15(4), 1100–1107.
    """
    weight = decay(pairs.cost, reach[pairs.origin])
    comers = np.bincount(pairs.place, weights=weight * demand[pairs.origin], minlength=len(supply))
    ratio = np.zeros(len(supply))
    np.divide(supply, comers, out=ratio, where=comers > 0)
    access = np.bincount(pairs.origin, weights=ratio[pairs.place] * weight, minlength=len(demand))
    return Supply(access.astype("float64"), ratio)
