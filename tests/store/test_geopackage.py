"""GeoPackages: layers, and inside them their styles, the titles of their fields, and where they come from."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import pytest
import shapely

from pipeline import store
from pipeline.tables import Family
from tests.fixtures.hostile import HOSTILE

BUILT = "2026-11-27T12:00:00Z"
place = Family("place")
COLUMNS = (
    place("name", "name", "Name", "A name"),
    place("metres", "metres", "Distance", "How far", nullable=True),
    place("also", "metres", "Distance", "How far from elsewhere", nullable=True),
)
PACKAGE = store.GeoPackage(BUILT, {"title": "A package", "licence": "Ours"}, ["Contains our data"], ["Ours"])


def layer(name: str = "areas", title: str = "Areas", text: str = "a") -> store.Layer:
    frame = gpd.GeoDataFrame(
        {"name": [text, "b"], "metres": [1.5, None], "also": [2.0, 3.0], "whole": [1, 2]},
        geometry=[shapely.box(0, 52, 0.1, 52.1), shapely.box(0.1, 52, 0.2, 52.1)],
        crs=4326,
    )
    styles = [store.Style(f"{title} first", text, "<qgis/>"), store.Style("Another", "", "<qgis/>")]
    return store.Layer(name, title, text, frame, COLUMNS, styles)


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(query).fetchall()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    store.write_geopackage([layer(), layer("others", "Others")], tmp_path / "a.gpkg", PACKAGE)
    return tmp_path / "a.gpkg"


def test_layers_are_read_as_they_were_written(path: Path) -> None:
    assert [name for name, _ in pyogrio.list_layers(path)][:2] == ["areas", "others"]
    frame = pyogrio.read_dataframe(path, layer="others")
    assert frame.crs.to_epsg() == 4326
    assert frame["metres"].tolist()[0] == 1.5
    assert frame["metres"].isna().tolist() == [False, True]
    assert frame.geometry.to_numpy()[0].equals(shapely.box(0, 52, 0.1, 52.1))


def test_the_first_style_of_each_layer_is_its_default(path: Path) -> None:
    query = "SELECT f_table_name, f_table_schema, f_geometry_column, styleName, useAsDefault FROM layer_styles"
    assert rows(path, query) == [
        ("areas", "", "geom", "Areas first", 1),
        ("areas", "", "geom", "Another", 0),
        ("others", "", "geom", "Others first", 1),
        ("others", "", "geom", "Another", 0),
    ]


def test_fields_have_titles_with_units_and_no_two_the_same(path: Path) -> None:
    query = "SELECT column_name, title, description FROM gpkg_data_columns WHERE table_name = 'areas' ORDER BY rowid"
    assert rows(path, query) == [
        ("name", "Name", "A name"),
        ("metres", "Distance (metres)", "How far"),
        ("also", "Distance (metres), also", "How far from elsewhere"),
    ]


def test_metadata_say_where_it_comes_from_and_under_which_licence(path: Path) -> None:
    query = "SELECT md_standard_uri, metadata, reference_scope, table_name FROM gpkg_metadata JOIN "
    found = rows(path, f"{query} gpkg_metadata_reference ON md_file_id = id ORDER BY id")
    assert [(scope, table) for *_, scope, table in found] == [
        ("table", "areas"),
        ("table", "others"),
        ("geopackage", None),
    ]
    assert found[0][0] == "http://mrcc.com/qgis.dtd"
    assert "<license>Ours</license>" in str(found[0][1])
    assert "<rights>Contains our data</rights>" in str(found[0][1])
    assert json.loads(str(found[2][1])) == PACKAGE.about


def test_extensions_and_tables_are_registered(path: Path) -> None:
    """Requirements 140 and 145 of the specification: tables of extensions are named, and of the version it says."""
    registered = dict(rows(path, "SELECT table_name, extension_name FROM gpkg_extensions WHERE column_name IS NULL"))
    assert registered == {
        "gpkg_data_columns": "gpkg_schema",
        "gpkg_data_column_constraints": "gpkg_schema",
        "gpkg_metadata": "gpkg_metadata",
        "gpkg_metadata_reference": "gpkg_metadata",
    }
    kinds = dict(rows(path, "SELECT table_name, data_type FROM gpkg_contents"))
    assert kinds == {"areas": "features", "others": "features", "layer_styles": "attributes"}
    assert rows(path, "PRAGMA user_version") == [(10200,)]
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
    assert rows(path, "PRAGMA foreign_key_check") == []


def test_every_time_is_that_of_the_build_and_the_bytes_are_the_same(path: Path, tmp_path: Path) -> None:
    times = rows(path, "SELECT last_change FROM gpkg_contents UNION SELECT timestamp FROM gpkg_metadata_reference")
    times += rows(path, "SELECT update_time FROM layer_styles")
    assert set(times) == {("2026-11-27T12:00:00.000Z",)}
    store.write_geopackage([layer(), layer("others", "Others")], tmp_path / "again.gpkg", PACKAGE)
    content = path.read_bytes()
    assert (tmp_path / "again.gpkg").read_bytes() == content
    # GDAL writes the database down once more now and then, which counts as a change.
    assert content[24:28] == content[92:96] == (1).to_bytes(4, "big")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(tmp_path: Path, text: str) -> None:
    package = store.GeoPackage(BUILT, {"title": text}, [text], [text])
    store.write_geopackage([layer(title=text, text=text)], tmp_path / "a.gpkg", package)
    plain = text.split("\0", maxsplit=1)[0]
    assert rows(tmp_path / "a.gpkg", "SELECT name FROM areas")[0] == (plain,)
    assert pyogrio.read_dataframe(tmp_path / "a.gpkg", layer="areas")["name"].tolist() == [plain, "b"]


def test_what_fails_leaves_the_file_that_was_there(path: Path) -> None:
    before = path.read_bytes()
    twice = layer()
    with pytest.raises(sqlite3.IntegrityError):
        store.write_geopackage([twice, store.Layer("areas", "A", "", twice.frame, COLUMNS)], path, PACKAGE)
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == ["a.gpkg"]
