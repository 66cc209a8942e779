import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.demo import demo_files
from pipeline.errors import RawFileError, SchemaError
from pipeline.reading.text import CUT_SHORT
from pipeline.tidy.boundaries import tidy_boundaries
from pipeline.tidy.deprivation import tidy_deprivation, tidy_underlying_indicators
from pipeline.tidy.disability import tidy_disability
from pipeline.tidy.lookups import tidy_health_geography, tidy_lsoa_changes, tidy_wards
from pipeline.tidy.msoa_names import tidy_msoa_names
from pipeline.tidy.population import tidy_population_census, tidy_population_estimates
from pipeline.tidy.rurality import tidy_rurality


@pytest.fixture(scope="module")
def files() -> dict[str, tuple[str, bytes]]:
    return {source: (name, content) for source, name, content in demo_files(60)}


class Placed(Protocol):
    """Puts the demonstration's file of a source into a folder, its content changed."""

    def __call__(self, source: str, change: Callable[[bytes], bytes] = ...) -> Path: ...


@pytest.fixture
def placed(files: Mapping[str, tuple[str, bytes]], tmp_path: Path) -> Placed:
    def place(source: str, change: Callable[[bytes], bytes] = lambda content: content) -> Path:
        name, content = files[source]
        path = tmp_path / name
        path.write_bytes(change(content))
        return path

    return place


def square(x: float, y: float = 52.0, size: float = 0.1) -> shapely.Polygon:
    return shapely.box(x, y, x + size, y + size)


def boundaries(
    path: Path,
    geometry: Sequence[shapely.Polygon | shapely.Point],
    codes: Sequence[str] | None = None,
    crs: int = 4326,
) -> Path:
    codes = codes or [f"E0190000{n}" for n in range(1, len(geometry) + 1)]
    frame = gpd.GeoDataFrame({"LSOA21CD": codes, "LSOA21NM": codes}, geometry=geometry, crs=crs)
    frame.to_parquet(path) if path.suffix == ".parquet" else frame.to_file(path)
    return path


# --- boundaries -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["parquet", "geojson", "gpkg"])
def test_boundaries_of_every_format(tmp_path: Path, suffix: str) -> None:
    path = boundaries(tmp_path / f"b.{suffix}", [square(1.1), square(1.0)], ["E01900002", "E01900001"])
    result = tidy_boundaries(path)
    assert result.columns.tolist() == ["lsoa21_code", "lsoa21_name", "repaired", "geometry"]
    assert sorted(result["lsoa21_code"]) == ["E01900001", "E01900002"]
    assert result.crs.to_epsg() == 4326
    assert not result["repaired"].any()


def test_national_grid_is_converted_and_wales_left_out(tmp_path: Path) -> None:
    grid = gpd.GeoSeries([square(1.0), square(-3.0)], crs=4326).to_crs(27700)
    path = boundaries(tmp_path / "b.gpkg", list(grid), ["E01900001", "W01900001"], crs=27700)
    result = tidy_boundaries(path)
    assert result["lsoa21_code"].tolist() == ["E01900001"]
    assert result.total_bounds[0] == pytest.approx(1.0, abs=1e-3)


def test_an_invalid_polygon_is_repaired_and_named(tmp_path: Path) -> None:
    bow_tie = shapely.Polygon([(1, 52), (1.1, 52.1), (1.1, 52), (1, 52.1)])
    result = tidy_boundaries(boundaries(tmp_path / "b.parquet", [square(1.2), bow_tie]))
    assert result.geometry.is_valid.all()
    repaired = result[result["repaired"]]
    assert repaired["lsoa21_code"].tolist() == ["E01900002"]
    assert repaired.geometry.iloc[0].geom_type == "MultiPolygon"


def nowhere(number: float) -> shapely.Polygon:
    """An outline with one point that is nowhere."""
    return shapely.transform(square(1.2), lambda xy: np.vstack([xy[:1], [[number, number]], xy[2:]]))


@pytest.mark.parametrize(
    ("geometry", "codes", "message"),
    [
        ([square(1), square(2)], ["E01900001", "E01900001"], "appear more than once: E01900001"),
        ([square(1), shapely.Polygon()], None, "have no geometry: E01900002"),
        ([square(1), shapely.Point(1, 52)], None, "not polygons: E01900002"),
        ([square(1), nowhere(np.inf)], None, r"1 outline\(s\) have a point that is infinite or no number: E01900002"),
        ([square(1, 3.0)], None, "outside England"),
        ([square(1)], ["W01900001"], "no English LSOA"),
    ],
)
def test_unusable_boundaries_are_refused(
    tmp_path: Path,
    geometry: Sequence[shapely.Polygon | shapely.Point],
    codes: Sequence[str] | None,
    message: str,
) -> None:
    with pytest.raises(RawFileError, match=message):
        tidy_boundaries(boundaries(tmp_path / "b.parquet", geometry, codes))


def test_heights_of_boundaries_are_left_out(tmp_path: Path) -> None:
    flat = [shapely.box(0, 51, 0.1, 51.1), shapely.box(0.1, 51, 0.2, 51.1)]
    path = boundaries(tmp_path / "b.parquet", [shapely.force_3d(shape, 12.0) for shape in flat])
    read = tidy_boundaries(path)
    assert not read.geometry.has_z.any()
    assert read.geometry.to_list() == flat


# --- tables -----------------------------------------------------------------------------------------------------------


def test_every_table_of_the_demonstration_is_read(placed: Placed, files: Mapping[str, tuple[str, bytes]]) -> None:
    assert len(tidy_deprivation(placed("iod2025_file7")).frame) == 60
    assert tidy_underlying_indicators(placed("iod2025_file8")).frame["broadband_deprivation"].notna().all()
    geography, year = tidy_health_geography(placed("lsoa21_icb"))
    assert (len(geography), year) == (60, ("codes and names of 2024",))
    assert tidy_wards(placed("lsoa21_ward")).notes == ("codes and names of 2024",)
    assert set(tidy_lsoa_changes(placed("lsoa11_lsoa21")).frame["change"]) == {"U", "S", "M"}


def test_an_official_file_whose_last_row_has_no_end_is_noted(placed: Placed) -> None:
    assert CUT_SHORT in tidy_wards(placed("lsoa21_ward", bytes.rstrip)).notes


def test_rurality_is_ordered(placed: Placed) -> None:
    frame = tidy_rurality(placed("ruc2021")).frame
    order = frame.drop_duplicates("ruc21_code").set_index("ruc21_code")["rurality"].to_dict()
    expected = {"UN1": 0, "UF1": 1, "RLN1": 2, "RLF1": 3, "RSN1": 4, "RSF1": 5}
    assert order.items() <= expected.items()
    assert not frame["ruc21_name"].str.endswith(" ").any()


def test_an_unknown_rural_urban_class_is_named(placed: Placed) -> None:
    path = placed("ruc2021", lambda content: content.replace(b",UN1,", b",A1,", 1))
    with pytest.raises(RawFileError, match=r"row \d+ \(E019\d+\): 'A1'"):
        tidy_rurality(path)


def test_a_lookup_of_another_year_is_read(placed: Placed) -> None:
    path = placed("lsoa21_icb", lambda content: content.replace(b"24CD", b"26CD").replace(b"24NM", b"26NM"))
    assert tidy_health_geography(path).notes == ("codes and names of 2026",)


def test_a_code_that_stands_twice_is_refused(placed: Placed) -> None:
    path = placed("lsoa21_ward", lambda content: content + content.splitlines()[1] + b"\n")
    with pytest.raises(RawFileError, match=r"appear more than once: E01900001 \(rows 2 and 62\)"):
        tidy_wards(path)


def test_a_value_out_of_its_range_is_named(placed: Placed) -> None:
    def change(content: bytes) -> bytes:
        rows = content.decode().splitlines()
        cells = rows[1].split(",")
        cells[6] = "11"
        return "\n".join([rows[0], ",".join(cells), *rows[2:]]).encode()

    with pytest.raises(SchemaError, match=r"imd_decile: 1 value\(s\) above 10: E01900001 \(11\)"):
        tidy_deprivation(placed("iod2025_file7", change))


def member(files: Mapping[str, tuple[str, bytes]], source: str, name: str) -> BinaryIO:
    return io.BytesIO(zipfile.ZipFile(io.BytesIO(files[source][1])).read(name))


def test_census_residents_by_hand(files: Mapping[str, tuple[str, bytes]]) -> None:
    frame = tidy_population_census(member(files, "census2021_age", "census2021-ts007a-lsoa.csv"), "f").frame
    raw = pd.read_csv(member(files, "census2021_age", "census2021-ts007a-lsoa.csv"), thousands=",")
    older = raw[["Age: Aged 75 to 79 years", "Age: Aged 80 to 84 years", "Age: Aged 85 years and over"]].sum(axis=1)
    assert frame["population_75_plus"].tolist() == older.tolist()
    assert frame["population_total"].sum() == raw["Age: Total"].sum()
    assert np.allclose(frame["share_75_plus"], older / raw["Age: Total"])


def test_disability_uses_its_own_total(files: Mapping[str, tuple[str, bytes]]) -> None:
    frame = tidy_disability(member(files, "census2021_disability", "census2021-ts038-lsoa.csv"), "f").frame
    assert frame["share_disabled"].between(0, 1).all()


def test_mid_year_estimates_are_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Mid-2024 LSOA 2021"
    for _ in range(3):
        sheet.append(["Notes"])
    ages = [f"{sex}{age}" for sex in "FM" for age in range(91)]
    sheet.append(["LAD 2023 Code", "LAD 2023 Name", "LSOA 2021 Code", "LSOA 2021 Name", "Total", *ages])
    sheet.append(["E07900001", "Gullhaven", "E01900001", "Gullhaven 001A", 182, *[1] * 182])
    sheet.append(["W06900001", "Cwm", "W01900001", "Cwm 001A", 182, *[1] * 182])
    path = tmp_path / "estimates.xlsx"
    book.save(path)
    frame = tidy_population_estimates(path).frame
    assert frame.iloc[0].tolist()[:4] == ["E01900001", 182, 20, 32]
    # Of each sex 91 years of age, of which 16 and 18 are children's.
    assert frame.iloc[0][["population_16_plus", "population_18_plus"]].tolist() == [150, 146]
    assert len(frame) == 1


def test_adults_are_missing_where_estimates_have_no_younger_ages(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Mid-2024 LSOA 2021"
    sheet.append(["LSOA 2021 Code", "Total", *[f"{sex}{age}" for sex in "FM" for age in range(65, 91)]])
    sheet.append(["E01900001", 182, *[1] * 52])
    path = tmp_path / "estimates.xlsx"
    book.save(path)
    frame = tidy_population_estimates(path).frame
    assert frame["population_75_plus"].tolist() == [32]
    assert frame[["population_16_plus", "population_18_plus"]].isna().all(axis=None)


def test_a_workbook_without_the_sheet_lists_those_found(tmp_path: Path) -> None:
    path = tmp_path / "File_8.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(RawFileError, match="Sheets found: Sheet"):
        tidy_underlying_indicators(path)


# --- names of MSOAs ---------------------------------------------------------------------------------------------------


def test_names_of_english_msoas_that_have_one(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text(
        "msoa21cd,msoa21nm,msoa21nmw,msoa21hclnm,msoa21hclnmw,localauthorityname\n"
        "E02900002,Wold 002,, Quay & Staithe ,,Wold\nW02900001,Cwm 001,Cwm 001,Cwm,Cwm,Cwm\n"
        "E02900001,Wold 001,,,,Wold\n",
        encoding="utf-8-sig",
    )
    assert tidy_msoa_names(path).frame.to_dict("list") == {
        "msoa21_code": ["E02900002"],
        "msoa21_name": ["Wold 002"],
        "msoa21_common_name": ["Quay & Staithe"],
    }
    path.write_text("msoa21cd,msoa21nm,msoa21hclnm\nW02900001,Cwm 001,Cwm\n", encoding="utf-8")
    with pytest.raises(RawFileError, match="no English MSOA"):
        tidy_msoa_names(path)
    path.write_text("msoa21cd,msoa21nm,msoa21hclnm\nE02900001,A 001,A\nE02900001,A 001,B\n", encoding="utf-8")
    with pytest.raises(RawFileError, match=r"E02900001 \(rows 2 and 3\)"):
        tidy_msoa_names(path)
