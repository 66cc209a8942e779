"""Districts of the United Kingdom, and the land of them around an area."""

import json
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from pipeline.demo import demo_files
from pipeline.errors import RawFileError
from pipeline.tidy.districts import FINEST, GENERALISED, _Coarse, land_around, tidy_districts

NAMES = ("LAD24CD", "LAD24NM")
EAST, NORTH = 400_000.0, 300_000.0
"""A corner of the National Grid that the squares below are laid out from, in metres."""


def square(west: float, south: float, width: float, height: float) -> BaseGeometry:
    """A rectangle, in kilometres from the corner."""
    left, bottom = EAST + 1000 * west, NORTH + 1000 * south
    return shapely.box(left, bottom, left + 1000 * width, bottom + 1000 * height)


def shapes(*rectangles: BaseGeometry) -> gpd.GeoSeries:
    return gpd.GeoSeries(list(rectangles), crs=27700).to_crs(4326)


def areas(*rectangles: BaseGeometry) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=shapes(*rectangles), crs=4326)


def districts(*rectangles: BaseGeometry) -> gpd.GeoDataFrame:
    codes = [f"E0790000{number}" for number in range(1, len(rectangles) + 1)]
    return gpd.GeoDataFrame({"lad_code": codes, "lad_name": codes}, geometry=shapes(*rectangles), crs=4326)


def file_of(path: Path, codes: Sequence[str], names: Sequence[str] = NAMES, east: float = 1.0) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": dict(zip(names, (code, f"{code}-shire"), strict=True)),
            "geometry": json.loads(shapely.to_geojson(shapely.box(east + n, 52, east + n + 0.5, 52.5))),
        }
        for n, code in enumerate(codes)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


@pytest.mark.parametrize("names", [NAMES, ("LAD25CD", "LAD25NM"), ("ltla24_code", "ltla24_name")])
def test_districts_are_read_by_the_columns_of_any_year_in_the_order_of_codes(
    tmp_path: Path, names: Sequence[str]
) -> None:
    frame = tidy_districts(file_of(tmp_path / "lad.geojson", ["W06000001", "E07900001"], names, east=-4.0))
    assert frame["lad_code"].tolist() == ["E07900001", "W06000001"]
    assert frame["lad_name"].tolist() == ["E07900001-shire", "W06000001-shire"]
    assert frame.crs.to_epsg() == 4326


@pytest.mark.parametrize(
    ("codes", "names", "east", "message"),
    [
        (["E07900001"], ("CODE", "LAD24NM"), 1.0, "expected one column such as LAD24CD"),
        (["E07900001"], ("LAD24CD", "NAME"), 1.0, "expected one column such as LAD24NM"),
        (["Norwich"], NAMES, 1.0, "should hold codes of districts; it holds Norwich"),
        (["E07900001", "E07900001"], NAMES, 0.0, "appear more than once: E07900001"),
        (["E07900001"], NAMES, 40.0, "do not lie in the United Kingdom: E07900001"),
    ],
)
def test_another_file_is_refused_in_words(
    tmp_path: Path, codes: Sequence[str], names: Sequence[str], east: float, message: str
) -> None:
    with pytest.raises(RawFileError, match=message):
        tidy_districts(file_of(tmp_path / "lad.geojson", codes, names, east))


def test_land_lies_around_an_area_without_a_gap_at_its_border_or_a_fringe_at_its_coast() -> None:
    """The area's own district is generalised: 0.4 km too wide at the coast in the west, and too narrow in the east."""
    area = square(0, 0, 20, 20)
    land = land_around(districts(square(-0.4, 0, 20, 20), square(19.6, 0, 20, 20)), areas(area))
    drawn = shapely.union_all(land.to_crs(27700).geometry.to_numpy())
    seen = shapely.difference(drawn, area.buffer(1))
    border = square(20, 1, 0.001, 18)
    assert shapely.distance(drawn, border) == pytest.approx(0, abs=1)
    assert shapely.covers(drawn.buffer(2), square(19.9, 1, 19, 18))
    assert shapely.total_bounds(seen)[0] > EAST + 19_000
    assert land["lad_code"].tolist() == ["E07900001", "E07900002"]


def test_of_a_district_that_an_area_has_in_part_the_rest_is_land() -> None:
    area = square(0, 0, 20, 20)
    land = land_around(districts(square(0, 0, 40, 20)), areas(area)).to_crs(27700)
    assert shapely.covers(land.geometry.iloc[0].buffer(2), square(20, 1, 19, 18))
    assert shapely.intersection(land.geometry.iloc[0], square(0, 0, 18, 20)).area == 0


def test_an_area_that_is_all_its_country_has_no_land_around_it() -> None:
    assert land_around(districts(square(-0.5, -0.5, 21, 21)), areas(square(0, 0, 20, 20))).empty


def test_land_ends_where_the_map_cannot_be_moved_to() -> None:
    far = districts(square(20, 0, 500, 20), square(900, 0, 50, 50))
    land = land_around(far, areas(square(0, 0, 20, 20))).to_crs(27700)
    assert land["lad_code"].tolist() == ["E07900001"]
    assert land.total_bounds[2] == pytest.approx(EAST + 52_000, abs=2 * GENERALISED)


def test_the_fictional_country_has_land_across_its_border_and_the_sea_elsewhere(tmp_path: Path) -> None:
    files = {source: (name, content) for source, name, content in demo_files(60)}
    name, content = files["lad_context"]
    path = tmp_path / name
    path.write_bytes(content)
    boundaries = tmp_path / files["lsoa21_boundaries"][0]
    boundaries.write_bytes(files["lsoa21_boundaries"][1])
    country = gpd.read_parquet(boundaries)
    frame = tidy_districts(path)
    land = land_around(frame, country).to_crs(27700)
    home = shapely.union_all(country.geometry.to_crs(27700).to_numpy())
    outside = shapely.difference(shapely.union_all(land.geometry.to_numpy()), home)
    west, south, east, north = home.bounds
    middle = np.array([(west + east) / 2, (south + north) / 2])
    assert outside.area > home.area
    assert shapely.contains_xy(outside, middle[0], north + 5_000)
    assert not shapely.contains_xy(outside, west - 5_000, middle[1])
    beside = outside.intersection(home.buffer(3_000)).area / home.buffer(3_000).difference(home).area
    assert 0.3 < beside < 0.75


def test_the_extent_of_outlines_without_detail_is_that_of_all_of_them() -> None:
    random = np.random.default_rng(3)
    turns = np.sort(random.uniform(0, 2 * np.pi, (25, 40)), axis=1)
    reach = random.uniform(500, 3_000, (25, 40))
    middles = random.uniform(0, 40_000, (25, 1, 2))
    rings = middles + np.stack([reach * np.cos(turns), reach * np.sin(turns)], axis=2)
    outlines = np.asarray(shapely.make_valid(shapely.polygons(rings)))
    coarse = shapely.simplify(outlines, FINEST / 4)
    assert _Coarse(outlines).extent() == tuple(shapely.total_bounds(coarse))
    some = np.array([3, 7, 3])
    assert shapely.to_wkb(_Coarse(outlines)[some]).tolist() == shapely.to_wkb(coarse[some]).tolist()
