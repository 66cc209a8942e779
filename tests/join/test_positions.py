"""Outlines and centroids that do not belong to their codes."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from pipeline.errors import JoinError
from pipeline.join.positions import SIDES, centroids_in_outlines, place_centroids, refuse_misplaced_outlines
from pipeline.tidy.boundaries import boxes_on_grid
from tests.fixtures.nation import LOOKUP, tidied_nation

ROWS, SIDE = 12, 0.01


def grid() -> gpd.GeoDataFrame:
    """LSOAs of a fictional town: four in a block make an MSOA."""
    cells = [(x, y) for x in range(ROWS) for y in range(ROWS)]
    shapes = [
        shapely.box(0.5 + SIDE * x, 55.6 + SIDE * y, 0.5 + SIDE * (x + 1), 55.6 + SIDE * (y + 1)) for x, y in cells
    ]
    blocks = [f"Duneham {x // 2 * 10 + y // 2:03d}{'ABCD'[x % 2 * 2 + y % 2]}" for x, y in cells]
    codes = [f"E0190{n:04d}" for n in range(1, len(cells) + 1)]
    return gpd.GeoDataFrame({"lsoa21_code": codes, "lsoa21_name": blocks}, geometry=shapes, crs=4326)


def boxes(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    return pd.DataFrame(frame[["lsoa21_code", "lsoa21_name"]]).assign(
        **dict(zip(SIDES, frame.bounds.to_numpy().T, strict=True))
    )


def centroids(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    points = frame.to_crs(27700).representative_point()
    return pd.DataFrame({"lsoa21_code": frame["lsoa21_code"], "easting": points.x, "northing": points.y})


def exchange(frame: gpd.GeoDataFrame, *rows: int) -> gpd.GeoDataFrame:
    shapes = frame.geometry.to_numpy().copy()
    shapes[list(rows)] = shapes[[*rows[1:], rows[0]]]
    return frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))


def judge(frame: gpd.GeoDataFrame) -> None:
    refuse_misplaced_outlines(boxes(frame), pd.DataFrame(grid()[["lsoa21_code", "lsoa21_name"]]), "b.parquet")


def test_outlines_in_their_places_pass() -> None:
    judge(grid())
    whole = gpd.GeoDataFrame(tidied_nation(600)["lsoa21_boundaries"])
    refuse_misplaced_outlines(boxes(whole), tidied_nation(600)[LOOKUP], "b.parquet")


@pytest.mark.parametrize("rows", [(0, 100), (3, 60, 143), (5, 77)])
def test_exchanged_outlines_are_named(rows: tuple[int, ...]) -> None:
    with pytest.raises(JoinError, match="lie where others of them belong") as refused:
        judge(exchange(grid(), *rows))
    assert grid()["lsoa21_code"][rows[0]] in str(refused.value)


def test_outlines_that_all_moved_are_refused() -> None:
    frame = grid()
    shuffled = np.random.default_rng(1).permutation(len(frame))
    rolled = gpd.GeoSeries(frame.geometry.to_numpy()[shuffled], crs=frame.crs)
    with pytest.raises(JoinError, match="against their codes|not the outlines of these codes"):
        judge(frame.set_geometry(rolled))


def test_an_outline_far_from_its_msoa_is_named() -> None:
    frame = grid()
    frame.loc[7, "geometry"] = shapely.affinity.translate(frame.geometry[7], -0.6)
    with pytest.raises(JoinError, match="1 of 144 outlines lie far from all others of their MSOA: E01900008"):
        judge(frame)


def test_names_that_moved_against_codes_are_refused() -> None:
    frame = grid()
    with pytest.raises(JoinError, match="have another name than in the lookup"):
        judge(frame.assign(lsoa21_name=np.roll(frame["lsoa21_name"].to_numpy(), 1)))


def test_centroids_in_their_places_stay() -> None:
    points = centroids(grid())
    assert centroids_in_outlines(points, grid(), "c").frame.equals(points)
    assert place_centroids(points, boxes_on_grid(boxes(grid())), "c").frame.equals(points)


def test_one_centroid_elsewhere_is_left_out_and_named() -> None:
    points = centroids(grid())
    points["easting"] = points["easting"] + 50_000.0 * (points.index == 5)
    for usable in (
        centroids_in_outlines(points, grid(), "c"),
        place_centroids(points, boxes_on_grid(boxes(grid())), "c"),
    ):
        assert set(points["lsoa21_code"]) - set(usable.frame["lsoa21_code"]) == {"E01900006"}
        assert len(usable.left_out) == 1
        assert "E01900006: its centroid lies" in usable.left_out[0]


def test_a_centroid_just_across_its_border_stays() -> None:
    points = centroids(grid())
    points["northing"] = points["northing"] + 900.0 * (points.index == 5)
    assert len(centroids_in_outlines(points, grid(), "c").frame) == len(points)


@pytest.mark.parametrize("rows", [(4, 5), (0, 143), (3, 4, 5)])
def test_exchanged_centroids_are_refused(rows: tuple[int, ...]) -> None:
    points = centroids(grid())
    columns = ["easting", "northing"]
    points.loc[list(rows), columns] = points.loc[[*rows[1:], rows[0]], columns].to_numpy()
    with pytest.raises(JoinError, match=f"{len(rows)} neighbourhoods contain each other's centroids"):
        centroids_in_outlines(points, grid(), "c")


def test_swapped_centroids_are_named_as_such() -> None:
    points = centroids(grid()).rename(columns={"easting": "northing", "northing": "easting"})
    with pytest.raises(JoinError, match="144 of 144 centroids.*are swapped"):
        place_centroids(points, boxes_on_grid(boxes(grid())), "c")


def test_centroids_that_all_moved_are_refused() -> None:
    points = centroids(grid()).assign(easting=lambda frame: frame["easting"] + 3_000)
    with pytest.raises(JoinError, match="do not lie in their neighbourhoods"):
        centroids_in_outlines(points, grid(), "c")
