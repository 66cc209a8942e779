import json
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from pipeline.errors import RawFileError
from pipeline.reading import Layout, describe_mismatch, read_shapes, read_sheet, recognise_system

SQUARE = shapely.box(1.2, 52.6, 1.3, 52.7)


def shapes(**columns: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"name": ["A", "B"], **columns}, geometry=[SQUARE, shapely.Point(1.25, 52.65)], crs=4326)


def geojson(path: Path, *geometries: object) -> Path:
    features = [
        {"type": "Feature", "properties": {"name": f"P{n}"}, "geometry": g} for n, g in enumerate(geometries, 1)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def test_a_point_inside_stands_for_an_outline(tmp_path: Path) -> None:
    path = geojson(
        tmp_path / "h.geojson", {"type": "Point", "coordinates": [1.0, 52.0]}, shapely.geometry.mapping(SQUARE)
    )
    sheet = read_sheet(path)
    assert sheet.notes == ("a point inside is used for each of 1 outline(s)",)
    assert sheet.points is not None
    xs, ys = sheet.points["x"].tolist(), sheet.points["y"].tolist()
    assert (xs[0], ys[0]) == (1.0, 52.0)
    assert SQUARE.contains(shapely.Point(xs[1], ys[1]))


def test_features_without_a_usable_geometry_are_named(tmp_path: Path) -> None:
    good = {"type": "Point", "coordinates": [1.0, 52.0]}
    bad = [None, {"type": "Point", "coordinates": []}, {"type": "Point", "coordinates": [1]}, {"type": "Nonsense"}]
    rows = read_sheet(geojson(tmp_path / "h.geojson", good, *bad)).records()
    assert [bool(row.fault) for row in rows] == [False, True, True, True, True]
    with pytest.raises(RawFileError, match="no feature has a geometry"):
        read_sheet(geojson(tmp_path / "n.geojson", *bad))


@pytest.mark.parametrize("name", ["s.gpkg", "s.geojson", "s.parquet"])
def test_shapes_of_every_kind_are_read_alike(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    frame = shapes()
    frame.to_parquet(path) if name.endswith("parquet") else frame.to_file(path)
    read = read_shapes(path)
    assert read["name"].tolist() == ["A", "B"]
    assert read.geometry.iloc[0].equals(SQUARE)


def test_a_zipped_shapefile_is_read(tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "shape"
    folder.mkdir()
    shapes().iloc[:1].to_file(folder / "s.shp")
    path = Path(shutil.make_archive(str(tmp_path / "s"), "zip", folder))
    assert read_shapes(path)["name"].tolist() == ["A"]
    assert len(read_sheet(path)) == 1


def test_a_layer_is_named_where_there_are_several(tmp_path: Path) -> None:
    path = tmp_path / "s.gpkg"
    shapes().to_file(path, layer="wards")
    shapes().to_file(path, layer="parishes")
    with pytest.raises(RawFileError, match="2 layers.*wards, parishes"):
        read_shapes(path)
    assert len(read_shapes(path, Layout(layer="Wards"))) == 2


def test_a_table_without_shapes_is_named(tmp_path: Path) -> None:
    path = tmp_path / "area.csv"
    path.write_text("code\nE01900001\n", encoding="utf-8")
    with pytest.raises(RawFileError, match="holds no shapes.*lsoa_file"):
        read_shapes(path)


@given(
    st.sampled_from(["EPSG:4326", "EPSG:27700", "EPSG:3857"]),
    st.lists(st.tuples(st.floats(-4, 1.5), st.floats(50.5, 55)), min_size=1, max_size=20),
)
def test_a_system_is_recognised_by_its_numbers(code: str, points: list[tuple[float, float]]) -> None:
    lon, lat = np.array(points).T
    x, y = Transformer.from_crs("EPSG:4326", code, always_xy=True).transform(lon, lat)
    like = recognise_system(x, y)
    assert like is not None
    assert (like.code, like.swapped) == (code, False)
    if code != "EPSG:27700":
        swapped = recognise_system(y, x)
        assert swapped is not None
        assert (swapped.code, swapped.swapped) == (code, True)
    assert "crs = " in describe_mismatch(x, y, "EPSG:9999")


@pytest.mark.parametrize("folder", ["a;b#c?d!e%20f", "two\nlines", "file:x", "old.zip/new"])
@pytest.mark.parametrize("name", ["o.geojson", "o.gpkg", "o.shp", "o.zip"])
def test_a_folder_whose_name_looks_like_an_address_is_a_folder(tmp_path: Path, folder: str, name: str) -> None:
    path = tmp_path / folder / name
    path.parent.mkdir(parents=True)
    frame = gpd.GeoDataFrame({"a": [1, 2]}, geometry=[shapely.box(0, 50, 1, 51), shapely.box(1, 50, 2, 51)], crs=4326)
    made = tmp_path / Path(name).with_suffix(".shp" if path.suffix == ".zip" else path.suffix)
    frame.to_file(made)
    parts = [part for part in tmp_path.iterdir() if part.is_file()]
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            for part in parts:
                archive.write(part, part.name)
    else:
        for part in parts:
            part.rename(path.parent / part.name)
    read = read_shapes(path)
    assert len(read) == 2
    assert read.crs is not None


def test_a_zipped_folder_with_a_shapefile_is_read(tmp_path: Path) -> None:
    shapes().iloc[:1].to_file(tmp_path / "a.shp")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for part in tmp_path.glob("a.*"):
            if part.suffix != ".zip":
                archive.write(part, f"hubs/{part.name}")
    assert read_sheet(tmp_path / "a.zip").column("name").tolist() == ["A"]


def test_geoparquet_has_points_and_the_codes_of_its_index(tmp_path: Path) -> None:
    frame = shapes().set_index("name")
    frame.to_parquet(tmp_path / "a.parquet")
    sheet = read_sheet(tmp_path / "a.parquet")
    assert sheet.column("name").tolist() == ["A", "B"]
    assert sheet.points is not None
    assert sheet.points["x"].round(6).tolist() == [1.25, 1.25]


@pytest.mark.parametrize(
    ("name", "layout", "what"),
    [
        ("a.csv", Layout(sheet="Hubs"), "a sheet"),
        ("a.csv", Layout(layer="Hubs"), "a layer"),
        ("a.geojson", Layout(sheet="Hubs"), "a sheet"),
        ("a.geojson", Layout(header_row=2), "a row of headers"),
        ("a.parquet", Layout(sheet="Hubs"), "a sheet"),
    ],
)
def test_what_a_file_cannot_have_is_refused_where_it_is_declared(
    tmp_path: Path, name: str, layout: Layout, what: str
) -> None:
    (tmp_path / "a.csv").write_text("name\nA\n", encoding="utf-8")
    geojson(tmp_path / "a.geojson", {"type": "Point", "coordinates": [1.2, 52.6]})
    shapes().drop(columns="geometry").to_parquet(tmp_path / "a.parquet")
    with pytest.raises(RawFileError, match=f"{what} .* is declared for it"):
        read_sheet(tmp_path / name, (), layout)


def test_a_geojson_in_utf_16_or_of_one_feature_is_read(tmp_path: Path) -> None:
    feature = {"type": "Feature", "properties": {"name": "A"}, "geometry": {"type": "Point", "coordinates": [1, 52]}}
    (tmp_path / "a.geojson").write_text(json.dumps(feature), encoding="utf-16")
    assert read_sheet(tmp_path / "a.geojson").column("name").tolist() == ["A"]
