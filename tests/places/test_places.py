import json
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from pipeline.catalogue import Area
from pipeline.catalogue.places import PlaceKind, read_places_declaration
from pipeline.errors import DeclarationError, RawFileError
from pipeline.places import of_kind, read_candidates, read_journeys, read_places
from pipeline.places.locating import PeoplePoints, locate, origins
from pipeline.places.points import WITH_COMMA
from pipeline.places.stories import read_stories
from pipeline.reading import Layout
from tests.fixtures.folders import DECLARED

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
SWAPPED = "coordinates off the National Grid: are x and y swapped?"
NOT_DEGREES = (
    "coordinates are not longitude and latitude in degrees (EPSG:4326); they look like eastings and northings of the "
    'National Grid (EPSG:27700): should it be crs = "EPSG:27700"?'
)
NOT_METRES = (
    "coordinates are not eastings and northings of the National Grid (EPSG:27700); they look like longitude and "
    'latitude in degrees (EPSG:4326): should it be crs = "EPSG:4326"?'
)
BY_BOTH = {"name": "Name", "x": "X", "y": "Y", "postcode": "Postcode"}
HEADER = "Name,Postcode,Offers,Places,Open\n"


def kind(**changes: object) -> PlaceKind:
    return PlaceKind.model_validate({**KIND, **changes})


def reported(tmp_path: Path, rows: str, **changes: object) -> pd.DataFrame:
    path = tmp_path / "places.csv"
    path.write_text(rows if "columns" in changes else HEADER + rows, encoding="utf-8")
    return read_places(path, kind(**changes)).frame


def test_a_csv_with_postcodes(tmp_path: Path) -> None:
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
def test_coordinates_in_either_system(tmp_path: Path, crs: str, point: str) -> None:
    columns = {"name": "Name", "x": "X", "y": "Y"}
    frame = reported(tmp_path, f"Name,X,Y\nHub,{point}\n", crs=crs, columns=columns)
    found = locate(frame, AREA).frame
    assert found["located_by"].tolist() == ["coordinates"]
    assert found["lon"].iloc[0] == pytest.approx(1.25, abs=0.02)
    assert 52.6 < found["lat"].iloc[0] < 52.7
    assert frame["x"].iloc[0] == pytest.approx(620500, abs=2500)


def test_geojson_points(tmp_path: Path) -> None:
    path = tmp_path / "places.geojson"
    point = {"type": "Point", "coordinates": [1.2548, 52.6286]}
    features = [{"type": "Feature", "properties": {"Name": "Hub"}, "geometry": point}]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    found = read_places(path, kind(file="places.geojson", columns={"name": "Name"})).frame
    assert locate(found, AREA).frame["name"].tolist() == ["Hub"]


def test_geojson_that_holds_no_points_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "places.geojson"
    line = {"type": "LineString", "coordinates": [[1, 52], [1, 53]]}
    path.write_text(json.dumps({"features": [{"type": "Feature", "properties": {"Name": "Hub"}, "geometry": line}]}))
    with pytest.raises(RawFileError, match="no feature has a geometry .*feature 1: its geometry is a LineString"):
        read_places(path, kind(file="places.geojson", columns={"name": "Name"}))


def test_bad_rows_are_named_and_the_rest_used(tmp_path: Path) -> None:
    rows = (
        "Good,NR1 1AA,,,\nUnknown,NR9 9XX,,,\nNowhere,,,,\ngood ,NR1 1AA,,,\nNo coordinates,ZZ9 9ZZ,,,\n,NR1 1AB,,,\n"
    )
    found = locate(reported(tmp_path, rows), AREA, POSTCODES)
    assert found.frame["name"].tolist() == ["Good"]
    assert dict(zip(found.refused["row"], found.refused["reason"], strict=True)) == {
        3: "unknown postcode",
        4: "neither coordinates nor a postcode",
        5: "appears twice",
        6: "unknown postcode",
        7: "no name",
    }
    assert "initiative: 2 left out, unknown postcode: row 3 (Unknown), row 6 (No coordinates)" in found.notes()


def test_a_place_may_lie_twenty_kilometres_outside_and_no_more(tmp_path: Path) -> None:
    columns = {"name": "Name", "x": "X", "y": "Y"}
    rows = "Name,X,Y\nNear,640900,308500\nFar,641100,308500\nSea,900000,308500\n"
    found = locate(reported(tmp_path, rows, crs="EPSG:27700", columns=columns), AREA)
    assert found.frame["name"].tolist() == ["Near"]
    assert found.refused["reason"].tolist() == ["more than 20 km outside the area", SWAPPED]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("Hub,NR1 1AA,lunch,,\n", "row 2: 'lunch'"),
        ("Hub,NR1 1AA,,many,\n", "row 2: 'many'"),
        ('Hub,NR1 1AA,,"1,5",\n', "number of 0 or more, such as 0.5. Found row 2: '1,5'"),
        ("Hub,NR1 1AA,,1_000,\n", "row 2: '1_000'"),
        ("\nHub,NR1 1AA,,120,\n", "30 hours a week; is this a number of seats.* row 3: '120'"),
        ('Hub,"NR1 1AA,,,\nPub,NR1 1AB,,,\n', "row 2 .*not closed there and takes in 1 line"),
        ('Hub,NR1 1AA,,,"Mon\nPub,NR1 1AB,,,"Tue"\n', "row 2 .*not closed"),
        (f"Hub,{'x' * 140_000},,,\n", "row 2 .line 2. cannot be read: field larger"),
        ("Hub,NR1\0,,,\n", "line 2 holds a NUL"),
        ("Hub, a good one,NR1 1AA,,,,more\n", "row 2: 'more'"),
        ("", "no rows below the headers"),
    ],
)
def test_a_file_that_cannot_be_read_says_which_row(tmp_path: Path, rows: str, message: str) -> None:
    with pytest.raises(RawFileError, match=message):
        reported(tmp_path, rows)


def test_a_declared_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_text("Title,Postcode\nHub,NR1 1AA\n")
    with pytest.raises(RawFileError, match="Name, Offers, Open, Places are missing.*kinds.initiative"):
        read_places(path, kind())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"source": "libraries"}, "either source"),
        ({"columns": {"name": "Name", "x": "X"}}, "go together"),
        ({"mobile": True}, "counts = false"),
        ({"offers": ["tea"]}, "devices"),
        ({"colour": "red"}, "Extra inputs"),
    ],
)
def test_an_impossible_declaration_is_refused(changes: Mapping[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        kind(**changes)


def test_the_shipped_declaration() -> None:
    declared = read_places_declaration(DECLARED / "places.toml").kinds
    assert [k.id for k in declared] == ["library", "mobile_library", "gp_practice", "demo_initiative"]
    assert [k.id for k in declared if not k.offers_now] == ["gp_practice"]


def test_local_files_are_for_the_areas_named_else_for_all_real_ones() -> None:
    real, fictional = (
        Area(id="here", title="Here", lad=("E07000001",)),
        Area(id="demo", title="Demo", everything=True, fictional=True),
    )
    assert kind().is_for(real)
    assert not kind().is_for(fictional)
    assert kind(areas=["demo"]).is_for(fictional)
    assert not kind(areas=["demo"]).is_for(real)


def test_the_templates_can_be_read(tmp_path: Path) -> None:
    templates = DECLARED / "templates"
    declared = next(k for k in read_places_declaration(DECLARED / "places.toml").kinds if k.id == "demo_initiative")
    assert len(read_places(templates / "initiatives.csv", declared).frame) == 2
    assert len(read_stories(templates / "stories.csv").frame) == 1
    assert read_journeys(templates / "journeys.csv").frame["minutes"].tolist() == [12.5, 8.0]
    assert read_candidates(templates / "candidates.csv").frame["cost"].tolist() == [1.0, 2.5]


def test_an_unknown_key_is_refused_with_its_place(tmp_path: Path) -> None:
    content = (DECLARED / "places.toml").read_text(encoding="utf-8").replace("nearest = 3", "nearest = 3\nfurthest = 1")
    (tmp_path / "places.toml").write_text(content, encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"access\.furthest: unknown key"):
        read_places_declaration(tmp_path / "places.toml")


def test_rows_of_a_tidied_source_take_what_their_kind_says() -> None:
    tidied = pd.DataFrame(
        {"row": [1, 2], "id": ["a", "b"], "name": "N", "kind": ["gp_practice", "library"], "postcode": "NR1 1AA"}
    ).assign(x=np.nan, y=np.nan, opening="", hours=np.nan)
    declared = next(k for k in read_places_declaration(DECLARED / "places.toml").kinds if k.id == "gp_practice")
    found = of_kind(tidied, declared)
    assert found["id"].tolist() == ["a"]
    assert found["capacity"].tolist() == [0.25]


def test_supply_goes_with_the_hours_that_somebody_is_there() -> None:
    tidied = pd.DataFrame({"row": range(2, 5), "id": ["a", "b", "c"], "name": "N", "kind": "library", "postcode": ""})
    tidied = tidied.assign(x=0.0, y=0.0, opening="", hours=[15.0, np.nan, 60.0])
    declared = next(k for k in read_places_declaration(DECLARED / "places.toml").kinds if k.id == "library")
    assert of_kind(tidied, declared)["capacity"].tolist() == [0.5, 1.0, 2.0]


def test_candidates_may_cost_something(tmp_path: Path) -> None:
    path = tmp_path / "candidates.csv"
    path.write_text(
        "name,postcode,cost\nHall,NR1 1AA,3\nPub,NR1 1AB,£1,500\n".replace("£1,500", '"£1,500"'), encoding="utf-8"
    )
    assert read_candidates(path).frame["cost"].tolist() == [3.0, 1500.0]
    path.write_text("name,postcode,cost\nHall,NR1 1AA,2000\nPub,NR1 1AB,\n")
    with pytest.raises(RawFileError, match="not given: row 3"):
        read_candidates(path)
    path.write_text("name,postcode,cost\nHall,NR1 1AA,free\n")
    with pytest.raises(RawFileError, match="row 2"):
        read_candidates(path)


def test_points_are_centroids_where_given_and_lie_inside_elsewhere() -> None:
    horseshoe = shapely.box(0, 0, 100, 100).difference(shapely.box(20, 20, 80, 100))
    areas = gpd.GeoDataFrame({"lsoa21_code": ["A", "B"]}, geometry=[horseshoe, horseshoe], crs=27700)
    centroids = pd.DataFrame({"lsoa21_code": ["B", "C"], "easting": [7.0, 0], "northing": [8.0, 0]})
    points = origins(areas, PeoplePoints(centroids))
    assert points["located_by"].tolist() == ["point inside", "population-weighted centroid"]
    at = points[["easting", "northing"]].to_numpy()
    assert at[1].tolist() == [7.0, 8.0]
    assert horseshoe.contains(shapely.Point(at[0]))


def test_median_postcodes_come_before_points_inside_and_after_centroids() -> None:
    square = shapely.box(0, 0, 100, 100)
    areas = gpd.GeoDataFrame({"lsoa21_code": ["A", "B", "C"]}, geometry=[square] * 3, crs=27700)
    centroids = pd.DataFrame({"lsoa21_code": ["A"], "easting": [7.0], "northing": [8.0]})
    postcodes = pd.DataFrame({"lsoa21_code": ["A", "B"], "easting": [1.0, 2], "northing": [3.0, 4]})
    points = origins(areas, PeoplePoints(centroids, postcodes))
    assert points["located_by"].tolist() == ["population-weighted centroid", "median postcode", "point inside"]
    assert points["easting"].tolist() == [7.0, 2.0, 50.0]


def test_headers_of_candidates_count_whatever_their_case(tmp_path: Path) -> None:
    path = tmp_path / "candidates.csv"
    path.write_text("Name, POSTCODE ,Cost\nHall,NR1 1AA,3\n")
    found = read_candidates(path).frame
    assert found["cost"].tolist() == [3.0]
    assert found["priced"].tolist() == [True]
    path.write_text("name,postcode\nHall,NR1 1AA\n")
    assert read_candidates(path).frame["priced"].tolist() == [False]
    path.write_text("name,postcode,cost,Cost\nHall,NR1 1AA,1,2\n")
    with pytest.raises(RawFileError, match="'cost' appears more than once, in columns 3 and 4"):
        read_candidates(path)


@pytest.mark.parametrize("points", [("620500,308500", "620600,308600"), ("1.2548,52.6286", "1.2550,52.6290")])
def test_candidates_are_in_degrees_or_metres_and_may_have_a_postcode_instead(
    tmp_path: Path, points: tuple[str, str]
) -> None:
    path = tmp_path / "candidates.csv"
    path.write_text(f"name,x,y,postcode\nHall,{points[0]},\nPub,{points[1]},\nKiosk,,,NR1 1AA\nLost,0,0,\n")
    found = locate(read_candidates(path).frame, AREA, POSTCODES)
    assert dict(zip(found.frame["name"], found.frame["located_by"], strict=True)) == {
        "Hall": "coordinates",
        "Pub": "coordinates",
        "Kiosk": "postcode",
    }
    assert found.refused["reason"].tolist() == ["coordinates are 0, 0"]


def test_the_columns_that_candidates_need_are_named(tmp_path: Path) -> None:
    path = tmp_path / "candidates.csv"
    path.write_text("title,x\nHall,1\n")
    with pytest.raises(RawFileError, match="name, and postcode or x and y. Columns found: title, x") as refused:
        read_candidates(path)
    assert "places.toml" not in str(refused.value)


def test_the_cheapest_of_equal_candidates_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "candidates.csv"
    path.write_text("name,postcode,cost\nHall,NR1 1AA,3\nHALL,NR11AA,2\nPub,NR1 1AB,1\n")
    found = locate(read_candidates(path).frame, AREA, POSTCODES)
    assert found.frame["place_id"].tolist() == ["candidate-3", "candidate-4"]
    assert found.refused[["row", "reason"]].to_numpy().tolist() == [[2, "appears twice"]]


@pytest.mark.parametrize(("cost", "read"), [("1,500", 1500.0), ("1,234,567.5", 1234567.5), ("2.5", 2.5)])
def test_commas_stand_between_thousands(tmp_path: Path, cost: str, read: float) -> None:
    path = tmp_path / "candidates.csv"
    path.write_text(f'name,postcode,cost\nHall,NR1 1AA,"{cost}"\n')
    assert read_candidates(path).frame["cost"].tolist() == [read]


@pytest.mark.parametrize("cost", ["1,5", "1_000", "10,00", "1,0000", "nan", "inf", "0", "-1"])
def test_what_is_no_cost_is_refused(tmp_path: Path, cost: str) -> None:
    path = tmp_path / "candidates.csv"
    path.write_text(f'name,postcode,cost\nHall,NR1 1AA,"{cost}"\n')
    with pytest.raises(RawFileError, match=f"row 2: '{cost}'"):
        read_candidates(path)


@pytest.mark.parametrize(
    ("crs", "x", "y", "reason"),
    [
        ("EPSG:4326", "620500", "308500", NOT_DEGREES),
        ("EPSG:4326", "52.6286", "1.2548", SWAPPED),
        ("EPSG:4326", "1,25", "52,62", WITH_COMMA),
        ("EPSG:4326", "1.2548", "", "only one of x and y is given"),
        ("EPSG:4326", "0", "0.0", "coordinates are 0, 0"),
        ("EPSG:4326", "100", "-60", "coordinates off the National Grid"),
        ("EPSG:27700", "1.2548", "52.6286", NOT_METRES),
        ("EPSG:27700", "308500", "1620500", "coordinates off the National Grid"),
        ("EPSG:27700", "1208500", "620500", SWAPPED),
        ("EPSG:27700", "TG 2", "TG 3", "coordinates are not numbers"),
    ],
)
def test_coordinates_that_cannot_be_used_leave_a_row_to_its_postcode_or_say_why(
    tmp_path: Path, crs: str, x: str, y: str, reason: str
) -> None:
    rows = f'Name,X,Y,Postcode\nHub,"{x}","{y}",\nPub,"{x}","{y}",NR1 1AA\nInn,"{x}","{y}",NR9 9XX\n'
    found = locate(reported(tmp_path, rows, crs=crs, columns=BY_BOTH), AREA, POSTCODES)
    assert found.frame[["name", "located_by"]].to_numpy().tolist() == [["Pub", "postcode"]]
    assert found.refused["reason"].tolist() == [reason, f"{reason}; unknown postcode"]


def test_a_postcode_is_not_called_unknown_where_there_is_no_list_of_them(tmp_path: Path) -> None:
    found = locate(reported(tmp_path, "Hub,NR1 1AA,,,\n"), AREA)
    assert found.refused["reason"].tolist() == ["no list of postcodes to look its postcode up in"]


def test_coordinates_of_a_tidied_source_that_are_off_the_grid_leave_it_to_its_postcode() -> None:
    tidied = pd.DataFrame({"row": [2, 3], "id": ["a", "b"], "name": ["A", "B"], "kind": "library"})
    tidied = tidied.assign(postcode="NR1 1AA", x=[0.0, 620500.0], y=[0.0, 308500.0], opening="", hours=np.nan)
    declared = next(k for k in read_places_declaration(DECLARED / "places.toml").kinds if k.id == "library")
    found = locate(of_kind(tidied, declared), AREA, POSTCODES).frame
    assert found["located_by"].tolist() == ["postcode", "coordinates"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators(tmp_path: Path, encoding: str, separator: str) -> None:
    path = tmp_path / "places.csv"
    path.write_bytes("_id,_row,Name,Postcode\n7,x,Café,NR1 1AA\n".replace(",", separator).encode(encoding))
    found = read_places(path, kind(columns={"id": "_id", "name": "Name", "postcode": "Postcode"})).frame
    assert found[["row", "id", "name"]].to_numpy().tolist() == [[2, "initiative-7", "Café"]]


def test_no_offers_between_semicolons_are_those_of_the_kind(tmp_path: Path) -> None:
    assert reported(tmp_path, "Hub,NR1 1AA,;;,,\n")["offers"].tolist() == ["skills"]


def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    columns = {"id": "Id", "name": "Name", "postcode": "Postcode"}
    with pytest.raises(RawFileError, match="initiative-7 in rows 2, 4"):
        reported(tmp_path, "Id,Name,Postcode\n7,Hub,NR1 1AA\n8,Pub,NR1 1AA\n7,Inn,NR1 1AB\n", columns=columns)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("E01000001,library-2,soon\n", "minutes.* row 3: 'soon'"),
        ('E01000001,library-2,"1,5"\n', "minutes.* row 3: '1,5'"),
        ("E01000001,library-2,5\n\nE01000001,library-2,6\n", r"more than once, in row\(s\) 3, 5"),
    ],
)
def test_rows_of_journeys_are_those_of_the_file(tmp_path: Path, rows: str, message: str) -> None:
    path = tmp_path / "journeys.csv"
    path.write_text("origin,destination,minutes\n\n" + rows)
    with pytest.raises(RawFileError, match=message):
        read_journeys(path)


def test_journeys_without_a_column_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "journeys.csv"
    path.write_text("start,destination,minutes\nE01000001,library-2,5\n")
    with pytest.raises(RawFileError, match="the column 'origin' .*is missing"):
        read_journeys(path)


GeoJson = Mapping[str, object]


def geojson(
    tmp_path: Path,
    *geometries: GeoJson | None,
    **members: GeoJson,
) -> Path:
    path = tmp_path / "places.geojson"
    features = [
        {"type": "Feature", "properties": {"Name": f"Hub {n}", "Postcode": "NR1 1AA"}, "geometry": geometry}
        for n, geometry in enumerate(geometries, 1)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **members}))
    return path


POINT: GeoJson = {"type": "Point", "coordinates": [1.2548, 52.6286]}
LINE: GeoJson = {"type": "LineString", "coordinates": [[1, 52], [1, 53]]}


def test_a_feature_that_is_no_point_is_named_and_the_rest_used(tmp_path: Path) -> None:
    path = geojson(tmp_path, POINT, LINE, None, {"type": "MultiPoint", "coordinates": [[1.255, 52.629]]})
    found = locate(read_places(path, kind(file="p.geojson", columns={"name": "Name"})).frame, AREA)
    assert found.frame["name"].tolist() == ["Hub 1", "Hub 4"]
    assert found.refused[["row", "reason"]].to_numpy().tolist() == [
        [2, "its geometry is a LineString, not a point or an outline; no list of postcodes to look its postcode up in"],
        [3, "it has no geometry; no list of postcodes to look its postcode up in"],
    ]
    columns = {"name": "Name", "postcode": "Postcode"}
    assert len(locate(read_places(path, kind(file="p.geojson", columns=columns)).frame, AREA, POSTCODES).frame) == 4


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("urn:ogc:def:crs:EPSG::27700", 'are EPSG:27700, and .*crs EPSG:4326. Set crs = "EPSG:27700"'),
        ("EPSG:3857", 'are EPSG:3857, and .*crs EPSG:4326. Set crs = "EPSG:3857"'),
    ],
)
def test_a_geojson_in_another_system_than_is_declared_is_refused(tmp_path: Path, name: str, message: str) -> None:
    path = geojson(tmp_path, POINT, crs={"type": "name", "properties": {"name": name}})
    with pytest.raises(RawFileError, match=message):
        read_places(path, kind(file="p.geojson", columns={"name": "Name"}, crs="EPSG:4326"))


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG:6.6:4326"])
def test_a_geojson_that_states_the_declared_system_is_read(tmp_path: Path, name: str) -> None:
    path = geojson(tmp_path, POINT, crs={"type": "name", "properties": {"name": name}})
    assert len(read_places(path, kind(file="p.geojson", columns={"name": "Name"})).frame) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"features": [{"properties": {"Name": "\\ud800"}, "geometry": null}]}', "half a character"),
        ("[" * 200_000, "too deep"),
        ('{"features": [3]}', "expected a GeoJSON"),
        ("[1]", "expected a GeoJSON"),
        ('{"features": [{"properties": [1], "geometry": null}]}', "expected a GeoJSON"),
        ('{"features": [{"geometry": {"type": "Point", "coordinates": 1}}]}', "feature 1: its geometry cannot be read"),
    ],
)
def test_a_geojson_that_cannot_be_read_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "places.geojson"
    path.write_text(text)
    with pytest.raises(RawFileError, match=message):
        read_places(path, kind(file="p.geojson", columns={"name": "Name"}))


# --- coordinates, as people have them ------------------------------------------------------------------------------


MERCATOR = "Name,X,Y\nA,139200,6927000\nB,139600,6927500\nC,140000,6928000\n"


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:27700"])
def test_web_mercator_is_recognised_and_understood_where_it_is_declared(tmp_path: Path, crs: str) -> None:
    columns = {"name": "Name", "x": "X", "y": "Y"}
    with pytest.raises(RawFileError, match=r'look like web mercator.*say crs = "EPSG:3857"'):
        reported(tmp_path, MERCATOR, crs=crs, columns=columns)
    assert reported(tmp_path, MERCATOR, crs="EPSG:3857", columns=columns)["x"].between(600_000, 640_000).all()


@pytest.mark.parametrize(
    ("headers", "rows", "said"),
    [
        ("Name,X,Y", "A,52.6,1.2\nB,52.7,1.3\n", "with the two axes swapped: swap the two columns"),
        ("Name,X,Y", "A,620500,308500\nB,620600,308600\n", 'say crs = "EPSG:27700"'),
        ("Name,Easting,Northing", "A,1.2,52.6\nB,1.3,52.7\n", 'say crs = "EPSG:4326"'),
        ("Name,Longitude,Latitude", "A,6927000,139200\nB,6927100,139300\n", "web mercator .EPSG:3857., with the two"),
    ],
)
def test_a_file_of_another_system_than_it_should_have_is_refused_with_the_remedy(
    tmp_path: Path, headers: str, rows: str, said: str
) -> None:
    with pytest.raises(RawFileError, match=said):
        reported(tmp_path, f"{headers}\n{rows}", columns=None)


@pytest.mark.parametrize(
    "table",
    [
        "Site Name;Post Code\nHub;NR1 1AA\n",
        "Venue\tLatitude\tLongitude\nHub\t52.6286\t1.2548\n",
        "name,EASTING,NORTHING\nHub,620500,308500\n",
        "sep=|\nTitle|lat|lng\nHub|52.6286|1.2548\n",
        "Name,Postcode,,\nHub,NR1 1AA,,\n",
    ],
)
def test_columns_that_people_use_need_no_declaration(tmp_path: Path, table: str) -> None:
    found = locate(reported(tmp_path, table, columns=None), AREA, POSTCODES)
    assert found.frame["name"].tolist() == ["Hub"]
    assert found.refused.empty


TWO_POSITIONS = "Name,Latitude,Longitude,Easting,Northing\nHub,52.6286,1.2548,{},308500\nHall,52.63,1.26,,\n"


def test_degrees_and_eastings_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    agreeing = TWO_POSITIONS.format(620500)
    assert reported(tmp_path, agreeing, columns=None)["x"].notna().all()
    message = r"'Longitude' and 'Latitude' put 1 place.* elsewhere than 'Easting'.*row 2 \(Hub\): 10\.\d km"
    with pytest.raises(RawFileError, match=message):
        reported(tmp_path, TWO_POSITIONS.format(630500), columns=None)
    named = {"name": "Name", "x": "Longitude", "y": "Latitude"}
    assert reported(tmp_path, TWO_POSITIONS.format(630500), columns=named)["x"].notna().all()
    path = tmp_path / "candidates.csv"
    path.write_text(TWO_POSITIONS.format(630500), encoding="utf-8")
    with pytest.raises(RawFileError, match="name the two to use as x and y in --columns"):
        read_candidates(path)


def test_a_file_without_a_place_says_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(RawFileError, match=r"needs a name, and coordinates or a postcode.*kinds.initiative.columns"):
        reported(tmp_path, "Name,Open\nHub,Monday\n", columns=None)


def test_outlines_are_places_and_said(tmp_path: Path) -> None:
    ring = [[1.25, 52.62], [1.26, 52.62], [1.26, 52.63], [1.25, 52.62]]
    given = read_places(
        geojson(tmp_path, POINT, {"type": "Polygon", "coordinates": [ring]}), kind(file="p.geojson", columns=None)
    )
    assert given.notes == ("a point inside is used for each of 1 outline(s)",)
    assert given.frame["x"].notna().all()


@pytest.mark.parametrize("suffix", ["gpkg", "parquet", "xlsx"])
def test_places_come_in_every_kind_of_file(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"places.{suffix}"
    if suffix == "xlsx":
        pd.DataFrame({"Name": ["Hub"], "lon": [1.2548], "lat": [52.6286]}).to_excel(path, index=False)
    else:
        frame = gpd.GeoDataFrame({"Name": ["Hub"]}, geometry=gpd.points_from_xy([620500], [308500]), crs=27700)
        frame.to_file(path) if suffix == "gpkg" else frame.to_parquet(path)
    if suffix == "parquet":
        pd.DataFrame({"Easting": [620500], "Northing": [308500]}, index=pd.Index(["Hub"], name="Name")).to_parquet(path)
    found = locate(read_places(path, kind(file=path.name, columns=None)).frame, AREA)
    assert found.frame["name"].tolist() == ["Hub"]


def test_candidates_by_the_headers_that_are_named(tmp_path: Path) -> None:
    path = tmp_path / "candidates.csv"
    path.write_text("Hall or pub;East;North;Yearly\nHall;620500;308500;1.234,5\n", encoding="utf-8")
    columns = {"name": "Hall or pub", "x": "East", "y": "North", "cost": "Yearly"}
    given = read_candidates(path, columns, Layout(decimal=","))
    assert given.frame[["x", "y", "cost"]].to_numpy().tolist() == [[620500.0, 308500.0, 1234.5]]
    with pytest.raises(RawFileError, match="no column 'colour'"):
        read_candidates(path, {"colour": "East"})


def test_journeys_by_the_headers_that_programs_write(tmp_path: Path) -> None:
    path = tmp_path / "matrix.csv"
    path.write_text("from_id,to_id,travel_time_p50\ne01900001,library-2,12.5\n", encoding="utf-8")
    assert read_journeys(path).frame["pair"].tolist() == ["E01900001>library-2"]
    path.write_text("LSOA,Place,Took\nE01900001,library-2,12.5\n", encoding="utf-8")
    columns = {"origin": "LSOA", "destination": "Place", "minutes": "Took"}
    assert read_journeys(path, columns).frame["minutes"].tolist() == [12.5]


@pytest.mark.parametrize(("x", "y"), [("1,296", "52,630"), ("1,29", "52,63"), ("0,296", "52,630")])
def test_degrees_with_a_decimal_comma_are_never_taken_for_thousands(tmp_path: Path, x: str, y: str) -> None:
    rows = f'Name,X,Y,Postcode\nHub,"{x}","{y}",\n'
    given = reported(tmp_path, rows, crs="EPSG:4326", columns=BY_BOTH)
    assert given["fault"].tolist() == [WITH_COMMA]
    assert given["x"].isna().all()


def test_thousands_in_eastings_and_northings_of_cornwall_stay_thousands(tmp_path: Path) -> None:
    given = reported(tmp_path, 'Name,X,Y,Postcode\nHub,"182,345","40,123",\n', crs="EPSG:27700", columns=BY_BOTH)
    assert given[["x", "y"]].to_numpy().tolist() == [[182345.0, 40123.0]]


def test_two_columns_that_may_be_the_cost_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "candidates.csv"
    path.write_text("Name,Postcode,Annual cost,Total cost\nHall,NR1 1AA,1,9\n", encoding="utf-8")
    with pytest.raises(RawFileError, match="'Annual cost' and 'Total cost' may all be the cost"):
        read_candidates(path)
    assert read_candidates(path, {"cost": "Total cost"}).frame["cost"].tolist() == [9.0]


def test_origins_that_are_no_lsoas_are_named_by_row(tmp_path: Path) -> None:
    path = tmp_path / "journeys.csv"
    path.write_text("from_id,to_id,Travel time (minutes)\nE01900001,library-1,5\nNR1 1AA,library-1,5\n")
    with pytest.raises(RawFileError, match="row 3: 'NR1 1AA'"):
        read_journeys(path)
