import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from pipeline.capacity import (
    locate,
    of_kind,
    origins,
    read_candidates,
    read_journeys,
    read_places,
    read_stories,
)
from pipeline.catalogue import Area
from pipeline.catalogue.places import PlaceKind, read_places_declaration
from pipeline.errors import DeclarationError, RawFileError
from tests.places import DECLARED

KIND = {
    "id": "initiative",
    "title": "initiative",
    "plural": "initiatives",
    "origin": "here",
    "why": "why",
    "file": "places.csv",
    "offers": ["skills"],
    "capacity": 0.5,
    "columns": {"name": "Name", "postcode": "Postcode", "offers": "Offers", "capacity": "Places", "opening": "Open"},
}
POSTCODES = pd.DataFrame(
    {"postcode": ["NR1 1AA", "NR1 1AB", "ZZ9 9ZZ"], "easting": [620100, 620200, 0], "northing": [308100, 308200, 0]}
)
AREA = gpd.GeoSeries([shapely.box(620000, 308000, 621000, 309000)], crs=27700)
HEADER = "Name,Postcode,Offers,Places,Open\n"


def kind(**changes):
    return PlaceKind.model_validate({**KIND, **changes})


def reported(tmp_path, rows, **changes):
    path = tmp_path / "places.csv"
    path.write_text(rows if "columns" in changes else HEADER + rows, encoding="utf-8")
    return read_places(path, kind(**changes))


def test_a_csv_with_postcodes(tmp_path):
    rows = 'Tea and Tech,nr11aa,"Devices; skills",2,Mondays\nThe Hub,NR1 1AB,,,\n'
    found = locate(reported(tmp_path, rows), AREA, POSTCODES)
    assert found.refused.empty
    frame = found.frame
    assert frame["place_id"].tolist() == ["initiative-2", "initiative-3"]
    assert frame["offers"].tolist() == ["devices; skills", "skills"]
    assert frame["capacity"].tolist() == [2.0, 0.5]
    assert frame["easting"].tolist() == [620100.0, 620200.0]
    assert frame["located_by"].tolist() == ["postcode", "postcode"]
    assert frame["opening"].tolist()[0] == "Mondays"


@pytest.mark.parametrize(("crs", "point"), [("EPSG:27700", "620500,308500"), ("EPSG:4326", "1.2548,52.6286")])
def test_coordinates_in_either_system(tmp_path, crs, point):
    columns = {"name": "Name", "x": "X", "y": "Y"}
    frame = reported(tmp_path, f"Name,X,Y\nHub,{point}\n", crs=crs, columns=columns)
    found = locate(frame, AREA).frame
    assert found["located_by"].tolist() == ["coordinates"]
    assert found["lon"].iloc[0] == pytest.approx(1.25, abs=0.02)
    assert 52.6 < found["lat"].iloc[0] < 52.7
    assert frame["x"].iloc[0] == pytest.approx(620500, abs=2500)


def test_geojson_points(tmp_path):
    path = tmp_path / "places.geojson"
    point = {"type": "Point", "coordinates": [1.2548, 52.6286]}
    features = [{"type": "Feature", "properties": {"Name": "Hub"}, "geometry": point}]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    found = read_places(path, kind(file="places.geojson", columns={"name": "Name"}))
    assert locate(found, AREA).frame["name"].tolist() == ["Hub"]


def test_geojson_that_holds_no_points_is_refused(tmp_path):
    path = tmp_path / "places.geojson"
    line = {"type": "LineString", "coordinates": [[1, 52], [1, 53]]}
    path.write_text(json.dumps({"features": [{"type": "Feature", "properties": {"Name": "Hub"}, "geometry": line}]}))
    with pytest.raises(RawFileError, match="feature 1 is a LineString"):
        read_places(path, kind(file="places.geojson", columns={"name": "Name"}))


def test_bad_rows_are_named_and_the_rest_used(tmp_path):
    rows = (
        "Good,NR1 1AA,,,\nUnknown,NR9 9XX,,,\nNowhere,,,,\ngood ,NR1 1AA,,,\nNo coordinates,ZZ9 9ZZ,,,\n,NR1 1AB,,,\n"
    )
    found = locate(reported(tmp_path, rows), AREA, POSTCODES)
    assert found.frame["name"].tolist() == ["Good"]
    assert dict(zip(found.refused["row"], found.refused["reason"], strict=True)) == {
        3: "unknown postcode",
        4: "neither coordinates nor a postcode",
        5: "stands twice",
        6: "unknown postcode",
        7: "no name",
    }
    assert "initiative: 2 left out, unknown postcode: row 3 (Unknown), row 6 (No coordinates)" in found.notes()


def test_a_place_may_lie_twenty_kilometres_outside_and_no_more(tmp_path):
    columns = {"name": "Name", "x": "X", "y": "Y"}
    rows = "Name,X,Y\nNear,640900,308500\nFar,641100,308500\nSea,900000,308500\n"
    found = locate(reported(tmp_path, rows, crs="EPSG:27700", columns=columns), AREA)
    assert found.frame["name"].tolist() == ["Near"]
    assert found.refused["reason"].tolist() == ["more than 20 km outside the area", "coordinates off the National Grid"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("Hub,NR1 1AA,lunch,,\n", "row 2: 'lunch'"),
        ("Hub,NR1 1AA,,many,\n", "row 2: 'many'"),
        ("Hub, a good one,NR1 1AA,,,,\n", "row 2 has 7 cells"),
        ("", "no rows below the headers"),
    ],
)
def test_a_file_that_cannot_be_read_says_which_row(tmp_path, rows, message):
    with pytest.raises(RawFileError, match=message):
        reported(tmp_path, rows)


def test_a_declared_column_that_is_not_there_is_named(tmp_path):
    path = tmp_path / "places.csv"
    path.write_text("Title,Postcode\nHub,NR1 1AA\n")
    with pytest.raises(RawFileError, match=r"Name, Offers, Open, Places.*|names Name"):
        read_places(path, kind())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"source": "libraries"}, "either source"),
        ({"columns": None}, "file needs columns"),
        ({"columns": {"name": "Name"}}, "x and y, or postcode"),
        ({"columns": {"name": "Name", "x": "X"}}, "go together"),
        ({"mobile": True}, "counts = false"),
        ({"offers": ["tea"]}, "devices"),
        ({"colour": "red"}, "Extra inputs"),
    ],
)
def test_an_impossible_declaration_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        kind(**changes)


def test_the_shipped_declaration():
    declared = read_places_declaration(DECLARED / "places.toml").kinds
    assert [k.id for k in declared] == ["library", "mobile_library", "gp_practice", "demo_initiative"]
    assert [k.id for k in declared if not k.offers_now] == ["gp_practice"]


def test_local_files_are_for_the_areas_named_else_for_all_real_ones():
    real, fictional = (
        Area(id="here", title="Here", lad=("E07000001",)),
        Area(id="demo", title="Demo", everything=True, fictional=True),
    )
    assert kind().is_for(real)
    assert not kind().is_for(fictional)
    assert kind(areas=["demo"]).is_for(fictional)
    assert not kind(areas=["demo"]).is_for(real)


def test_the_templates_can_be_read(tmp_path):
    templates = DECLARED / "templates"
    declared = next(k for k in read_places_declaration(DECLARED / "places.toml").kinds if k.id == "demo_initiative")
    assert len(read_places(templates / "initiatives.csv", declared)) == 2
    assert len(read_stories(templates / "stories.csv")) == 1
    assert read_journeys(templates / "journeys.csv")["minutes"].tolist() == [12.5, 8.0]
    assert read_candidates(templates / "candidates.csv")["cost"].tolist() == [1.0, 2.5]


def test_an_unknown_key_is_refused_with_its_place(tmp_path):
    content = (DECLARED / "places.toml").read_text(encoding="utf-8").replace("nearest = 3", "nearest = 3\nfurthest = 1")
    (tmp_path / "places.toml").write_text(content, encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"access\.furthest: unknown key"):
        read_places_declaration(tmp_path / "places.toml")


def test_rows_of_a_tidied_source_take_what_their_kind_says():
    tidied = pd.DataFrame(
        {"row": [1, 2], "id": ["a", "b"], "name": "N", "kind": ["gp_practice", "library"], "postcode": "NR1 1AA"}
    ).assign(x=np.nan, y=np.nan, opening="", hours=np.nan)
    declared = next(k for k in read_places_declaration(DECLARED / "places.toml").kinds if k.id == "gp_practice")
    found = of_kind(tidied, declared)
    assert found["id"].tolist() == ["a"]
    assert found["capacity"].tolist() == [0.25]


def test_supply_goes_with_the_hours_that_somebody_is_there():
    tidied = pd.DataFrame({"row": range(2, 5), "id": ["a", "b", "c"], "name": "N", "kind": "library", "postcode": ""})
    tidied = tidied.assign(x=0.0, y=0.0, opening="", hours=[15.0, np.nan, 60.0])
    declared = next(k for k in read_places_declaration(DECLARED / "places.toml").kinds if k.id == "library")
    assert of_kind(tidied, declared)["capacity"].tolist() == [0.5, 1.0, 2.0]


def test_candidates_may_cost_something(tmp_path):
    path = tmp_path / "candidates.csv"
    path.write_text("name,postcode,cost\nHall,NR1 1AA,3\nPub,NR1 1AB,\n")
    assert read_candidates(path)["cost"].tolist() == [3.0, 1.0]
    path.write_text("name,postcode,cost\nHall,NR1 1AA,free\n")
    with pytest.raises(RawFileError, match="row 2"):
        read_candidates(path)


def test_points_are_centroids_where_given_and_lie_inside_elsewhere():
    horseshoe = shapely.box(0, 0, 100, 100).difference(shapely.box(20, 20, 80, 100))
    areas = gpd.GeoDataFrame({"lsoa21_code": ["A", "B"]}, geometry=[horseshoe, horseshoe], crs=27700)
    centroids = pd.DataFrame({"lsoa21_code": ["B", "C"], "easting": [7.0, 0], "northing": [8.0, 0]})
    points, weighted = origins(areas, centroids)
    assert weighted.tolist() == [False, True]
    assert points[1].tolist() == [7.0, 8.0]
    assert horseshoe.contains(shapely.Point(points[0]))
