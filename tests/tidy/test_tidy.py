import io
import zipfile

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely

from pipeline import tidy
from pipeline.demo import demo_files
from pipeline.errors import RawFileError, SchemaError
from pipeline.tidy.reading import numbers, pick, read_csv


@pytest.fixture(scope="module")
def files():
    return {source: (name, content) for source, name, content in demo_files(60)}


@pytest.fixture
def placed(files, tmp_path):
    def place(source, change=lambda content: content):
        name, content = files[source]
        path = tmp_path / name
        path.write_bytes(change(content))
        return path

    return place


def square(x, y=52.0, size=0.1):
    return shapely.box(x, y, x + size, y + size)


def boundaries(path, geometry, codes=None, crs=4326):
    codes = codes or [f"E0190000{n}" for n in range(1, len(geometry) + 1)]
    frame = gpd.GeoDataFrame({"LSOA21CD": codes, "LSOA21NM": codes}, geometry=geometry, crs=crs)
    frame.to_parquet(path) if path.suffix == ".parquet" else frame.to_file(path)
    return path


# --- numbers and text -------------------------------------------------------------------------------------------------


def table(values):
    return pd.DataFrame({"lsoa21_code": [f"E0190000{n}" for n in range(1, len(values) + 1)], "x": values})


def test_publishers_numbers_are_read():
    frame = numbers(table(["1,234", " 5 ", "-0.5", "1e3"]), ["x"], "f.csv")
    assert frame["x"].tolist() == [1234, 5, -0.5, 1000]


@pytest.mark.parametrize("text", ["abc", "1,23", "12-", "[c]", "-", "", "1.2.3"])
def test_what_is_no_number_is_refused_by_name(text):
    with pytest.raises(RawFileError, match=r"f.csv: column 'x' .*E01900002: '"):
        numbers(table(["1", text]), ["x"], "f.csv")


def test_suppressed_values_are_missing_only_when_allowed():
    frame = numbers(table(["1", "[c]", "-", ".."]), ["x"], "f.csv", suppressed=True)
    assert frame["x"].isna().tolist() == [False, True, True, True]
    with pytest.raises(RawFileError, match="E01900002: 'many'"):
        numbers(table(["1", "many"]), ["x"], "f.csv", suppressed=True)


def test_a_fraction_is_no_whole_number():
    with pytest.raises(RawFileError, match="whole numbers; not so for E01900002"):
        numbers(table(["1", "2.5"]), ["x"], "f.csv", whole=True)


def test_marks_and_spaces_are_removed_and_web_pages_refused():
    frame = read_csv(io.BytesIO(b"\xef\xbb\xbfcode , name\r\n A , B \r\n"), "f.csv")
    assert frame.columns.tolist() == ["code", "name"]
    assert frame.iloc[0].tolist() == ["A", "B"]
    with pytest.raises(RawFileError, match="found a web page"):
        read_csv(io.BytesIO(b"<!DOCTYPE html><html></html>"), "f.csv")


def test_a_header_cut_short_is_matched_and_an_absent_one_named():
    long = "Children and Young People Sub-domain Decile (where 1 is most deprived 10% of LSOAs)"
    frame = pd.DataFrame({long[:80]: ["1"], "b": ["2"]})
    assert pick(frame, {"ours": long}, "f.csv").columns.tolist() == ["ours"]
    with pytest.raises(RawFileError, match="'c' is not there. Columns found: Children"):
        pick(frame, {"ours": "c"}, "f.csv")


# --- boundaries -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["parquet", "geojson", "gpkg"])
def test_boundaries_of_every_format(tmp_path, suffix):
    path = boundaries(tmp_path / f"b.{suffix}", [square(1.1), square(1.0)], ["E01900002", "E01900001"])
    result = tidy.tidy_boundaries(path)
    assert result.frame.columns.tolist() == ["lsoa21_code", "lsoa21_name", "geometry"]
    assert result.frame["lsoa21_code"].tolist() == ["E01900001", "E01900002"]
    assert result.frame.crs.to_epsg() == 4326
    assert result.repaired == ()


def test_national_grid_is_converted_and_wales_left_out(tmp_path):
    grid = gpd.GeoSeries([square(1.0), square(-3.0)], crs=4326).to_crs(27700)
    path = boundaries(tmp_path / "b.gpkg", list(grid), ["E01900001", "W01900001"], crs=27700)
    result = tidy.tidy_boundaries(path).frame
    assert result["lsoa21_code"].tolist() == ["E01900001"]
    assert result.total_bounds[0] == pytest.approx(1.0, abs=1e-3)


def test_an_invalid_polygon_is_repaired_and_named(tmp_path):
    bow_tie = shapely.Polygon([(1, 52), (1.1, 52.1), (1.1, 52), (1, 52.1)])
    result = tidy.tidy_boundaries(boundaries(tmp_path / "b.parquet", [square(2.0), bow_tie]))
    assert result.repaired == ("E01900002",)
    assert result.frame.geometry.is_valid.all()
    assert result.frame.geometry.iloc[1].geom_type == "MultiPolygon"


@pytest.mark.parametrize(
    ("geometry", "codes", "message"),
    [
        ([square(1), square(2)], ["E01900001", "E01900001"], "stand more than once: E01900001"),
        ([square(1), shapely.Polygon()], None, "have no geometry: E01900002"),
        ([square(1), shapely.Point(1, 52)], None, "not polygons: E01900002"),
        ([square(1, 3.0)], None, "outside Great Britain"),
        ([square(1)], ["W01900001"], "no English LSOA"),
    ],
)
def test_unusable_boundaries_are_refused(tmp_path, geometry, codes, message):
    with pytest.raises(RawFileError, match=message):
        tidy.tidy_boundaries(boundaries(tmp_path / "b.parquet", geometry, codes))


# --- tables -----------------------------------------------------------------------------------------------------------


def test_every_table_of_the_demonstration_is_read(placed, files):
    assert len(tidy.tidy_deprivation(placed("iod2025_file7"))) == 60
    assert tidy.tidy_underlying_indicators(placed("iod2025_file8"))["broadband_deprivation"].notna().all()
    geography, year = tidy.tidy_health_geography(placed("lsoa21_icb"))
    assert (len(geography), year) == (60, "2024")
    assert tidy.tidy_wards(placed("lsoa21_ward"))[1] == "2024"
    assert set(tidy.tidy_lsoa_changes(placed("lsoa11_lsoa21"))["change"]) == {"U", "S", "M"}


def test_rurality_is_ordered(placed):
    frame = tidy.tidy_rurality(placed("ruc2021"))
    order = frame.drop_duplicates("ruc21_code").set_index("ruc21_code")["rurality"].to_dict()
    expected = {"UN1": 0, "UF1": 1, "RLN1": 2, "RLF1": 3, "RSN1": 4, "RSF1": 5}
    assert order.items() <= expected.items()
    assert not frame["ruc21_name"].str.endswith(" ").any()


def test_an_unknown_rural_urban_class_is_named(placed):
    path = placed("ruc2021", lambda content: content.replace(b",UN1,", b",A1,", 1))
    with pytest.raises(RawFileError, match=r"E019\d+: 'A1'"):
        tidy.tidy_rurality(path)


def test_a_lookup_of_another_year_is_read(placed):
    path = placed("lsoa21_icb", lambda content: content.replace(b"24CD", b"26CD").replace(b"24NM", b"26NM"))
    assert tidy.tidy_health_geography(path)[1] == "2026"


def test_a_code_that_stands_twice_is_refused(placed):
    path = placed("lsoa21_ward", lambda content: content + content.splitlines()[1] + b"\n")
    with pytest.raises(SchemaError, match="stand more than once: E01900001"):
        tidy.tidy_wards(path)


def test_a_value_out_of_its_range_is_named(placed):
    def change(content):
        rows = content.decode().splitlines()
        cells = rows[1].split(",")
        cells[6] = "11"
        return "\n".join([rows[0], ",".join(cells), *rows[2:]]).encode()

    with pytest.raises(SchemaError, match=r"imd_decile: 1 value\(s\) above 10: E01900001 \(11\)"):
        tidy.tidy_deprivation(placed("iod2025_file7", change))


def member(files, source, name):
    return zipfile.ZipFile(io.BytesIO(files[source][1])).open(name)


def test_census_residents_by_hand(files):
    frame = tidy.tidy_population_census(member(files, "census2021_age", "census2021-ts007a-lsoa.csv"), "f")
    raw = pd.read_csv(member(files, "census2021_age", "census2021-ts007a-lsoa.csv"), thousands=",")
    older = raw[["Age: Aged 75 to 79 years", "Age: Aged 80 to 84 years", "Age: Aged 85 years and over"]].sum(axis=1)
    assert frame["population_75_plus"].tolist() == older.tolist()
    assert frame["population_total"].sum() == raw["Age: Total"].sum()
    assert np.allclose(frame["share_75_plus"], older / raw["Age: Total"])


def test_disability_uses_its_own_total(files):
    frame = tidy.tidy_disability(member(files, "census2021_disability", "census2021-ts038-lsoa.csv"), "f")
    assert frame["share_disabled"].between(0, 1).all()


def test_mid_year_estimates_are_read(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Mid-2024 LSOA 2021"
    for _ in range(3):
        sheet.append(["Notes"])
    ages = [f"{sex}{age}" for sex in "FM" for age in range(91)]
    sheet.append(["LAD 2023 Code", "LAD 2023 Name", "LSOA 2021 Code", "LSOA 2021 Name", "Total", *ages])
    sheet.append(["E07900001", "Gullhaven", "E01900001", "Gullhaven 001A", 182, *[1] * 182])
    sheet.append(["W06900001", "Cwm", "W01900001", "Cwm 001A", 182, *[1] * 182])
    path = tmp_path / "estimates.xlsx"
    book.save(path)
    frame = tidy.tidy_population_estimates(path)
    assert frame.iloc[0].tolist()[:4] == ["E01900001", 182, 20, 32]
    assert len(frame) == 1


def test_a_postcode_belongs_to_the_area_that_contains_its_point(placed):
    areas = tidy.tidy_boundaries(placed("lsoa21_boundaries")).frame
    frame = tidy.tidy_postcodes(placed("code_point_open"), areas)
    points = gpd.GeoSeries(gpd.points_from_xy(frame["easting"], frame["northing"], crs=27700)).to_crs(4326)
    polygons = areas.set_index("lsoa21_code").geometry.loc[frame["lsoa21_code"]].reset_index(drop=True)
    assert points.intersects(polygons).all()
    assert frame["postcode"].is_unique
    assert len(frame) > 250


def test_a_workbook_without_the_sheet_lists_those_found(tmp_path):
    path = tmp_path / "File_8.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(RawFileError, match="Sheets found: Sheet"):
        tidy.tidy_underlying_indicators(path)
