from pathlib import Path

import geopandas as gpd
import pytest
import shapely

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
