"""Whether outlines and centroids belong to their codes: by names, by neighbours of the same MSOA, by each other."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from pipeline.errors import JoinError, first
from pipeline.reading.codes import msoa_names
from pipeline.reading.projection import lon_lat, to_grid
from pipeline.tables import is_among

SIDES = ["west", "south", "east", "north"]

METRES_OF_DEGREE = 111_195.0
NEAR, NEAR_FOR_ITS_SIZE = 500.0, 1.0
"""Metres between the boxes around an LSOA and the nearest one of its MSOA, and the same as a multiple of the diagonal
of these boxes (their median): an LSOA lies apart beyond both. In England the boxes touch, but for 80 metres across a
harbour; in the fictional area, whose MSOAs are not always in one piece, five LSOAs of 600 lie apart."""
TOUCHING = 100.0
"""Metres between boxes of neighbours."""
FAR = 25_000.0
"""Metres from which an outline lies elsewhere whatever the rest says: 6,500 at most in the fictional area."""
MOST_APART = 0.1
"""Of LSOAs that may lie apart from their MSOA: none in England, 1% in the fictional area."""
MOST_RENAMED = 0.05
"""Of LSOAs whose name in the boundaries may differ from that in the lookup, as names are corrected: none in England."""
FEWEST = 10
"""LSOAs from which a share of them says something."""

OUTSIDE = 500.0
"""Metres by which a centroid may lie outside its outline: outlines are generalised to 20 or 200 m, and the centroid of
people of a winding LSOA may lie across its border."""
MOST_CENTROIDS = 0.02
"""Of the centroids that may lie elsewhere and are left out; where more do, the file is refused."""
FEWEST_CENTROIDS = 3
"""So many may lie elsewhere in a nation of any size."""


def refuse_misplaced_outlines(boxes: pd.DataFrame, lookup: pd.DataFrame, where: str) -> None:
    """Refuse outlines that do not belong to their codes.

    Every LSOA belongs to an MSOA, which its name gives (``Gullhaven 001A`` to ``Gullhaven 001``), and the few LSOAs of
    one lie together. Outlines that were exchanged, or moved by a row, lie among the LSOAs of other MSOAs.

    Args:
        boxes: ``lsoa21_code``, ``lsoa21_name`` and the box around each outline, columns :data:`SIDES`, EPSG:4326.
        lookup: ``lsoa21_code`` and ``lsoa21_name`` of the nation. ``where``: the boundaries' file.

    Raises:
        JoinError: names that differ, outlines exchanged or far from their MSOA; the LSOAs are named.
    """
    frame = boxes.merge(lookup[["lsoa21_code", "lsoa21_name"]], on="lsoa21_code", suffixes=("", "_listed"))
    renamed = frame[frame["lsoa21_name"] != frame["lsoa21_name_listed"]]
    moved = renamed[is_among(renamed["lsoa21_name"], lookup["lsoa21_name"])]
    if len(moved) or (len(frame) >= FEWEST and len(renamed) > max(1, MOST_RENAMED * len(frame))):
        shown = [
            f"{code} ('{here}' and '{there}')"
            for code, here, there in renamed[["lsoa21_code", "lsoa21_name", "lsoa21_name_listed"]].itertuples(
                index=False
            )
        ]
        raise JoinError(
            f"{where}: {len(renamed):,} of {len(frame):,} LSOAs have another name than in the lookup: "
            f"{first(shown, 3)}. Codes or names of one file have moved: fetch the boundaries and the lookup again."
        )
    if len(frame) < FEWEST:
        return
    frame["group"] = pd.factorize(msoa_names(frame["lsoa21_name_listed"]))[0]
    apart = _metres_apart(frame)
    alone = np.flatnonzero(apart > np.maximum(NEAR, NEAR_FOR_ITS_SIZE * _median_diagonals(frame)))
    _refuse_exchanged(frame, alone, where)
    lone = frame.iloc[alone]
    far = frame[(apart > FAR)]
    if len(far) or len(lone) > MOST_APART * len(frame):
        odd = far if len(far) else lone
        raise JoinError(
            f"{where}: {len(odd):,} of {len(frame):,} outlines lie far from all others of their MSOA: "
            f"{first(_named(odd), 5)}. They are not the outlines of these codes: fetch the boundaries again."
        )


def _metres_apart(frame: pd.DataFrame) -> NDArray[np.float64]:
    """Between the box of each LSOA and the nearest one of its MSOA; 0 where it is the only one."""
    rows = pd.DataFrame({"row": np.arange(len(frame)), "group": frame["group"].to_numpy()})
    pairs = rows.merge(rows, on="group", suffixes=("", "_other"))
    one, other = pairs["row"].to_numpy(), pairs["row_other"].to_numpy()
    one, other = one[one != other], other[one != other]
    apart = np.full(len(frame), np.inf)
    np.minimum.at(apart, one, _between(frame, one, other))
    return np.where(np.isfinite(apart), apart, 0.0)


def _median_diagonals(frame: pd.DataFrame) -> NDArray[np.float64]:
    """Of the boxes of each LSOA's MSOA, metres."""
    west, south, east, north = frame[SIDES].to_numpy(dtype="float64").T
    diagonals = METRES_OF_DEGREE * np.hypot((east - west) * np.cos(np.radians(south)), north - south)
    median = pd.Series(diagonals).groupby(frame["group"].to_numpy()).transform("median")
    return median.to_numpy(dtype="float64")


def _between(frame: pd.DataFrame, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.float64]:
    """Metres between two boxes, 0 where they touch."""
    west, south, east, north = frame[SIDES].to_numpy(dtype="float64").T
    across = np.maximum(0, np.maximum(west[one] - east[other], west[other] - east[one]))
    up = np.maximum(0, np.maximum(south[one] - north[other], south[other] - north[one]))
    metres: NDArray[np.float64] = METRES_OF_DEGREE * np.hypot(across * np.cos(np.radians(south[one])), up)
    return metres


def _refuse_exchanged(frame: pd.DataFrame, lone: NDArray[np.int64], where: str) -> None:
    """Outlines apart from their MSOA, one of which lies among the LSOAs that another one is missing from."""
    groups = frame["group"].to_numpy()
    placed: list[tuple[int, int]] = []
    for row in lone[:200]:
        members = np.setdiff1d(np.flatnonzero(groups == groups[row]), lone)
        others = lone[lone != row]
        if len(members) and len(others):
            one, other = np.meshgrid(others, members, indexing="ij")
            metres = _between(frame, one.ravel(), other.ravel()).reshape(one.shape).min(axis=1)
            placed += [(int(row), int(claimed)) for claimed in others[metres <= TOUCHING]]
    belongs = {row for row, _ in placed} & {claimed for _, claimed in placed}
    if belongs:
        raise JoinError(
            f"{where}: the outlines of {len(belongs):,} LSOAs lie where others of them belong: "
            f"{first(_named(frame.iloc[sorted(belongs)]), 6)}. Outlines were exchanged, or moved by a row, against "
            "their codes: fetch the boundaries again."
        )


def _named(rows: pd.DataFrame) -> list[str]:
    return [f"{code} ({name})" for code, name in zip(rows["lsoa21_code"], rows["lsoa21_name_listed"], strict=True)]


@dataclass(frozen=True)
class Centroids:
    """The centroids that can be used, and what became of the others: one line for each of ``left_out``."""

    frame: pd.DataFrame
    left_out: tuple[str, ...] = ()


def place_centroids(centroids: pd.DataFrame, boxes: pd.DataFrame, where: str) -> Centroids:
    """Centroids in or near their neighbourhoods; a few that lie elsewhere are left out, more are refused.

    Args:
        centroids: table ``centroids``.
        boxes: ``lsoa21_code`` and the box around each outline, columns :data:`SIDES`, EPSG:27700 metres.
        where: the file of the centroids, for messages.

    Raises:
        JoinError: many centroids lie more than :data:`OUTSIDE` metres outside the box around their neighbourhood, or
            several lie in each other's.
    """
    both = centroids.merge(boxes, on="lsoa21_code")
    away = _beyond(both["easting"], both["northing"], both)
    odd = both[away > OUTSIDE]
    if len(odd) > max(FEWEST_CENTROIDS, MOST_CENTROIDS * len(both)):
        swapped = _beyond(odd["northing"], odd["easting"], odd) <= OUTSIDE
        why = (
            "Easting and northing (or longitude and latitude) are swapped: correct them, or fetch the file again."
            if swapped.mean() > 0.5
            else "The points or the outlines have moved against their codes, or are in another coordinate system: "
            "fetch both again."
        )
        raise JoinError(
            f"{where}: {len(odd):,} of {len(both):,} centroids do not lie in their neighbourhoods: "
            f"{first(odd['lsoa21_code'], 5)}. {why}"
        )
    _refuse_exchanged_boxes(odd, where)
    return _without(centroids, odd, away[away > OUTSIDE])


def _refuse_exchanged_boxes(odd: pd.DataFrame, where: str) -> None:
    """Refuse centroids outside their own boxes that lie in each other's."""
    holder: dict[str, str] = {}
    for row in odd.itertuples():
        inside = odd[_beyond(pd.Series(row.easting, odd.index), pd.Series(row.northing, odd.index), odd) == 0]
        if len(inside):
            holder[str(row.lsoa21_code)] = str(inside["lsoa21_code"].iloc[0])
    _refuse_cycles(holder, where)


def centroids_in_outlines(centroids: pd.DataFrame, areas: gpd.GeoDataFrame, where: str) -> Centroids:
    """Centroids without those that lie more than :data:`OUTSIDE` metres from the outline of their neighbourhood.

    Args:
        centroids: table ``centroids``. ``areas``: ``lsoa21_code`` and polygons in ``geometry``, EPSG:4326.
        where: the file of the centroids, for messages.

    Raises:
        JoinError: neighbourhoods that contain each other's centroids, or many centroids elsewhere; with the LSOAs.
    """
    points = centroids.set_index("lsoa21_code")[["easting", "northing"]].reindex(areas["lsoa21_code"])
    there = points.notna().all(axis=1).to_numpy()
    at = shapely.points(*lon_lat(*points[there].to_numpy(dtype="float64").T))
    area, point = shapely.STRtree(np.atleast_1d(np.asarray(at))).query(
        areas.geometry.to_numpy(), predicate="intersects"
    )
    row = np.flatnonzero(there)[point]
    strayed = there.copy()
    strayed[row[area == row]] = False
    elsewhere = strayed[row]
    codes = areas["lsoa21_code"].to_numpy()
    _refuse_cycles(dict(zip(codes[row[elsewhere]], codes[area[elsewhere]], strict=True)), where)
    outlines = areas[strayed]
    alone = points[strayed]
    metres = shapely.distance(to_grid(outlines.geometry.to_numpy()), shapely.points(alone.to_numpy(dtype="float64")))
    odd = pd.DataFrame({"lsoa21_code": outlines["lsoa21_code"].to_numpy(), "metres": metres})
    odd = odd[odd["metres"] > OUTSIDE]
    if len(odd) > max(FEWEST_CENTROIDS, MOST_CENTROIDS * there.sum()):
        raise JoinError(
            f"{where}: {len(odd):,} of {there.sum():,} centroids do not lie in their neighbourhoods: "
            f"{first(odd['lsoa21_code'], 5)}. The points or the outlines have moved against their codes: fetch both "
            "again."
        )
    return _without(centroids, odd, odd["metres"].to_numpy())


def _refuse_cycles(holder: dict[str, str], where: str) -> None:
    """Refuse neighbourhoods whose centroids lie in one another, in a ring of two or more.

    Args:
        holder: for each neighbourhood that does not contain its centroid, the one that does.
    """
    exchanged: set[str] = set()
    for start in holder:
        way = [start]
        while way[-1] in holder and holder[way[-1]] not in way:
            way.append(holder[way[-1]])
        if holder.get(way[-1]) == start:
            exchanged |= set(way)
    if exchanged:
        raise JoinError(
            f"{where}: {len(exchanged):,} neighbourhoods contain each other's centroids: {first(sorted(exchanged), 6)}."
            " Their outlines or their centroids were exchanged: fetch the boundaries and the centroids again."
        )


def _without(centroids: pd.DataFrame, odd: pd.DataFrame, metres: NDArray[np.float64]) -> Centroids:
    if odd.empty:
        return Centroids(centroids)
    lines = [
        f"{code}: its centroid lies {away / 1000:,.1f} km outside it; its median postcode, or a point inside it, is "
        "used instead"
        for code, away in zip(odd["lsoa21_code"], metres, strict=True)
    ]
    kept = centroids[~centroids["lsoa21_code"].isin(odd["lsoa21_code"])].reset_index(drop=True)
    return Centroids(kept, tuple(lines))


def _beyond(x: pd.Series, y: pd.Series, boxes: pd.DataFrame) -> NDArray[np.float64]:
    """Metres by which points lie outside their boxes."""
    across = np.maximum(0, np.maximum(boxes["west"] - x, x - boxes["east"]))
    up = np.maximum(0, np.maximum(boxes["south"] - y, y - boxes["north"]))
    metres: NDArray[np.float64] = np.asarray(np.hypot(across, up), dtype="float64")
    return metres
