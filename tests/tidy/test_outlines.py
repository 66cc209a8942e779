"""Outlines that cannot be those of LSOAs, and labels that do not fit the numbers."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import RawFileError
from pipeline.tidy.boundaries import tidy_boundaries
from pipeline.tidy.centroids import tidy_centroids
from pipeline.tidy.outlines import hectares, in_country, in_england, refuse_shared_ground

SIDE = 0.02


def squares(count: int = 6, west: float = 1.0, south: float = 52.5) -> gpd.GeoDataFrame:
    shapes = [shapely.box(west + SIDE * n, south, west + SIDE * (n + 1), south + SIDE) for n in range(count)]
    codes = [f"E0100{n:04d}" for n in range(1, count + 1)]
    return gpd.GeoDataFrame({"LSOA21CD": codes, "LSOA21NM": codes}, geometry=shapes, crs=4326)


def mirrored(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.set_geometry([shapely.transform(shape, lambda points: points[:, ::-1]) for shape in frame.geometry])


def tidied(frame: gpd.GeoDataFrame, folder: Path) -> gpd.GeoDataFrame:
    path = folder / "b.parquet"
    frame.to_parquet(path)
    return tidy_boundaries(path)


@pytest.mark.parametrize("crs", [4326, 27700, 3857])
def test_the_right_label_is_taken(tmp_path: Path, crs: int) -> None:
    assert len(tidied(squares().to_crs(crs), tmp_path)) == 6


@pytest.mark.parametrize("written", [4326, 27700, 3857])
@pytest.mark.parametrize("stated", [4326, 27700, 3857])
def test_a_label_that_does_not_fit_the_numbers_is_named(tmp_path: Path, written: int, stated: int) -> None:
    frame = squares().to_crs(written).set_crs(stated, allow_override=True)
    if written == stated:
        assert len(tidied(frame, tmp_path)) == 6
        return
    with pytest.raises(RawFileError, match=rf"says that its coordinates are EPSG:{stated}.*-a_srs EPSG:{written}"):
        tidied(frame, tmp_path)


def test_swapped_axes_are_named(tmp_path: Path) -> None:
    with pytest.raises(RawFileError, match="x and y are swapped"):
        tidied(mirrored(squares()), tmp_path)
    with pytest.raises(RawFileError, match=r"lie outside England.*seem to be swapped"):
        tidied(mirrored(squares().to_crs(27700)), tmp_path)


def test_outlines_outside_england_are_named(tmp_path: Path) -> None:
    far = squares(west=-4.5, south=56.5)
    with pytest.raises(RawFileError, match=r"6 of 6 LSOA\(s\) lie outside England: E01000001"):
        tidied(far, tmp_path)


def test_only_fictional_codes_lie_in_the_sea(tmp_path: Path) -> None:
    at_sea = squares(west=0.5, south=55.6)
    with pytest.raises(RawFileError, match="lie outside England"):
        tidied(at_sea, tmp_path)
    at_sea["LSOA21CD"] = at_sea["LSOA21CD"].str.replace("E0100", "E0190")
    assert len(tidied(at_sea, tmp_path)) == 6


def test_outlines_on_one_another_are_named(tmp_path: Path) -> None:
    frame = squares()
    frame.loc[4, "geometry"] = frame.geometry[1]
    with pytest.raises(RawFileError, match=r"1 pair\(s\).*E01000002 and E01000005 \(the same outline\)"):
        tidied(frame, tmp_path)
    frame = squares()
    frame.loc[4, "geometry"] = shapely.affinity.translate(frame.geometry[4], -0.6 * SIDE)
    with pytest.raises(RawFileError, match=r"E01000004 and E01000005 \(60% of the smaller\)"):
        tidied(frame, tmp_path)


def test_neighbours_that_share_ground_are_named() -> None:
    frame = squares()
    refuse_shared_ground(frame["LSOA21CD"], frame.geometry.to_numpy(), "b")
    frame.loc[4, "geometry"] = shapely.affinity.translate(frame.geometry[4], -0.2 * SIDE)
    with pytest.raises(RawFileError, match=r"E01000004 and E01000005 \(20% of the smaller\)"):
        refuse_shared_ground(frame["LSOA21CD"], frame.geometry.to_numpy(), "b")


@pytest.mark.parametrize(("factor", "size"), [(0.005, "ha"), (60.0, "ha")])
def test_impossible_sizes_are_named(tmp_path: Path, factor: float, size: str) -> None:
    frame = squares(west=-1.5)
    frame.loc[2, "geometry"] = shapely.affinity.scale(frame.geometry[2], factor, factor)
    with pytest.raises(RawFileError, match=rf"an area that no LSOA has.*E01000003 \([\d.e+,]+ {size}\)"):
        tidied(frame, tmp_path)


def test_codes_that_are_numbers_are_named(tmp_path: Path) -> None:
    with pytest.raises(RawFileError, match="LSOA21CD should hold codes such as E01026804; 6 feature.*: feature 1: '0'"):
        tidied(squares().assign(LSOA21CD=range(6)), tmp_path)
    points = squares().assign(LSOA21CD=["5", *[f"E0100000{n}" for n in range(2, 7)]])
    points["geometry"] = points.representative_point()
    path = tmp_path / "c.geojson"
    points.to_file(path)
    with pytest.raises(RawFileError, match="1 feature.* do not have one: feature 1: '5'"):
        tidy_centroids(path)


@given(lon=st.floats(-6, 1.7), lat=st.floats(50, 55.7), side=st.floats(0.001, 0.3))
def test_hectares_are_those_of_an_equal_area_map(lon: float, lat: float, side: float) -> None:
    square = shapely.box(lon, lat, lon + side, lat + side)
    true = gpd.GeoSeries([square], crs=4326).to_crs(3035).area.iloc[0] / 10_000
    assert hectares(np.array([square]))[0] == pytest.approx(true, rel=0.02)


def test_england_and_the_fictional_sea_are_two_places() -> None:
    east, north = np.array([530_000.0, 90_000.0, 565_000.0]), np.array([180_000.0, 10_000.0, 640_000.0])
    assert in_england(east, north).tolist() == [True, True, False]
    assert in_country(east, north).tolist() == [True, True, True]


@pytest.mark.parametrize("columns", [("BNG_E", "BNG_N"), ("LONG", "LAT")])
def test_outlines_lie_where_the_publisher_says(tmp_path: Path, columns: tuple[str, str]) -> None:
    frame = squares(24)
    points = (frame if columns[0] == "LONG" else frame.to_crs(27700)).representative_point()
    frame = frame.assign(**{columns[0]: points.x, columns[1]: points.y})
    assert len(tidied(frame, tmp_path)) == 24
    shapes = frame.geometry.to_numpy().copy()
    shapes[[2, 9]] = shapes[[9, 2]]
    with pytest.raises(
        RawFileError, match=rf"2 of 24 LSOA\(s\).*{columns[0]} and {columns[1]} say: E01000003, E01000010"
    ):
        tidied(frame.set_geometry(gpd.GeoSeries(shapes, crs=4326)), tmp_path)
