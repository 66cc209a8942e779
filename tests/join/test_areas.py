from pathlib import Path

import geopandas as gpd
import pytest
import shapely
import shapely.affinity

from pipeline.catalogue import Area
from pipeline.errors import DeclarationError
from pipeline.join.areas import codes_in_polygon


def outlined(name: str) -> Area:
    return Area(id="here", title="Here", polygon_file=name)


def lsoas() -> gpd.GeoDataFrame:
    square = shapely.box(1.20, 52.60, 1.21, 52.61)
    return gpd.GeoDataFrame({"lsoa21_code": ["E01900001"]}, geometry=[square], crs=4326)


def test_an_outline_in_eastings_without_a_system_is_named_with_the_remedy(tmp_path: Path) -> None:
    shape = shapely.box(615_000, 300_000, 625_000, 310_000)
    (tmp_path / "a.geojson").write_text(shapely.to_geojson(shape), encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"a\.geojson: no LSOA lies in it.*look like eastings.*EPSG:27700"):
        codes_in_polygon(outlined("a.geojson"), lsoas(), tmp_path)


@pytest.mark.parametrize(("name", "content"), [("a.csv", "code\nE01900001\n"), ("a.geojson", "{}"), ("a.gpkg", "x")])
def test_a_file_without_shapes_is_named(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(DeclarationError, match="here.polygon_file: .*GeoPackage"):
        codes_in_polygon(outlined(name), lsoas(), tmp_path)


def test_an_outline_that_is_a_line_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_text(shapely.to_geojson(shapely.LineString([(1, 52), (2, 53)])), encoding="utf-8")
    with pytest.raises(DeclarationError, match="polygons; its shapes are: LineString"):
        codes_in_polygon(outlined("a.geojson"), lsoas(), tmp_path)


def test_degrees_that_are_labelled_as_metres_are_named(tmp_path: Path) -> None:
    square = gpd.GeoDataFrame(geometry=[shapely.box(1.20, 52.60, 1.21, 52.61)], crs=27700)
    square.to_file(tmp_path / "a.gpkg")
    with pytest.raises(
        DeclarationError, match="not eastings and northings.*look like longitude and latitude.*save the"
    ):
        codes_in_polygon(outlined("a.gpkg"), lsoas(), tmp_path)


def test_an_outline_smaller_than_an_lsoa_is_named_with_those_that_it_touches(tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_text(shapely.to_geojson(shapely.box(1.2001, 52.6001, 1.2002, 52.6002)))
    with pytest.raises(DeclarationError, match="smaller than an LSOA. It covers parts of E01900001"):
        codes_in_polygon(outlined("a.geojson"), lsoas(), tmp_path)


def test_an_outline_that_crosses_itself_is_refused_and_a_slip_of_the_pen_is_not(tmp_path: Path) -> None:
    bow_tie = shapely.Polygon([(1.19, 52.59), (1.22, 52.62), (1.22, 52.59), (1.19, 52.62)])
    (tmp_path / "a.geojson").write_text(shapely.to_geojson(shapely.affinity.translate(bow_tie, 0.008, 0)))
    with pytest.raises(DeclarationError, match=r"feature\(s\) 1 cross themselves"):
        codes_in_polygon(outlined("a.geojson"), lsoas(), tmp_path)
    spike = shapely.Polygon([(1.19, 52.59), (1.22, 52.59), (1.22, 52.62), (1.23, 52.62), (1.22, 52.62), (1.19, 52.62)])
    (tmp_path / "a.geojson").write_text(shapely.to_geojson(spike))
    assert codes_in_polygon(outlined("a.geojson"), lsoas(), tmp_path) == ["E01900001"]


def test_a_layer_that_is_not_there_is_named_with_the_one_that_is_like_it(tmp_path: Path) -> None:
    square = gpd.GeoDataFrame(geometry=[shapely.box(1.19, 52.59, 1.22, 52.62)], crs=4326)
    for layer in ("ours", "theirs"):
        square.to_file(tmp_path / "a.gpkg", layer=layer)
    with pytest.raises(DeclarationError, match='polygon_layer = "…"'):
        codes_in_polygon(outlined("a.gpkg"), lsoas(), tmp_path)
    with pytest.raises(DeclarationError, match="Did you mean 'ours'"):
        codes_in_polygon(outlined("a.gpkg").model_copy(update={"polygon_layer": "our"}), lsoas(), tmp_path)
