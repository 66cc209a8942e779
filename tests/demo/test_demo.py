"""The fictional country: the same every time, whole, in the publishers' layouts, and nowhere on Earth."""

import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely

from pipeline.demo import demo_files
from pipeline.demo.coast import make_coast
from pipeline.demo.deprivation import IMD_WEIGHTS, exponential
from pipeline.tables import DOMAINS, RUC21_NAMES
from pipeline.tidy import assign_postcodes
from pipeline.tidy.boundaries import tidy_boundaries
from pipeline.tidy.deprivation import tidy_deprivation, tidy_underlying_indicators
from pipeline.tidy.disability import tidy_disability
from pipeline.tidy.lookups import tidy_health_geography, tidy_lsoa_changes, tidy_wards
from pipeline.tidy.population import tidy_population_census, tidy_population_estimates
from pipeline.tidy.postcodes import tidy_postcodes
from pipeline.tidy.rurality import tidy_rurality

IMD = "Index of Multiple Deprivation (IMD)"
RANK = "Rank (where 1 is most deprived)"
DECILE = "Decile (where 1 is most deprived 10% of LSOAs)"
NAMES = {
    "gp_practices": "epraccur.csv",
    "patients_lsoa": "gp-reg-pat-prac-lsoa-all.zip",
    "pcn_membership": "epcncorepartnerdetails.csv",
    "initiatives": "initiatives.csv",
    "libraries": "basic-dataset-for-libraries-2023-enhanced.csv",
    "lsoa21_centroids": "LSOA_PopCentroids_EW_2021_V4.geojson",
    "self_assessment": "self-assessment.csv",
    "stories": "stories.csv",
    "geonames_towns": "cities500.json",
    "lad_context": "LAD24_BUC_UK.geojson",
    "lsoa21_boundaries": "LSOA21_BGC_EN.parquet",
    "iod2019_file7": "File_7_-_All_IoD2019_Scores__Ranks__Deciles_and_Population_Denominators_3.csv",
    "iod2025_file7": "File_7_IoD2025_All_Ranks_Scores_Deciles_Population_Denominators.csv",
    "iod2025_file8": "File_8_IoD2025_Underlying_Indicators.xlsx",
    "ruc2021": "LSOA21_RUC21_EW_LU.csv",
    "lsoa21_icb": "LSOA21_SICBL24_ICB24_CAL24_LAD24_EN_LU.csv",
    "msoa_names": "MSOA-Names-Latest2.csv",
    "lsoa21_ward": "LSOA21_WD24_LAD24_EW_LU.csv",
    "census2021_age": "census2021-ts007a.zip",
    "census2021_disability": "census2021-ts038.zip",
    "census2021_tenure": "census2021-ts054.zip",
    "census2021_household_deprivation": "census2021-ts011.zip",
    "lsoa11_lsoa21": "LSOA11_LSOA21_LAD22_EW_LU.csv",
    "code_point_open": "codepo_gb.zip",
    "ons_dpi": "ons_digital_propensity_index_2021_lsoa11.csv",
    "ons_online_share": "lsoa_census_onlinesharesfinal.xlsx",
    "iuc2018": "iuc2018.csv",
    "ons_internet_users": "internetusers2020.xlsx",
    "lad22_nuts3": "LAD22_NUTS3_EN_LU.csv",
}


def made(areas: int, **options: Any) -> dict[str, tuple[str, bytes]]:
    return {source: (name, content) for source, name, content in demo_files(areas, **options)}


def sums(files: Mapping[str, tuple[str, bytes]]) -> dict[str, str]:
    return {source: hashlib.sha256(content).hexdigest() for source, (_, content) in files.items()}


@pytest.fixture(scope="module")
def files() -> dict[str, tuple[str, bytes]]:
    return made(600)


@pytest.fixture(scope="module")
def boundaries(files: Mapping[str, tuple[str, bytes]]) -> gpd.GeoDataFrame:
    return gpd.read_parquet(io.BytesIO(files["lsoa21_boundaries"][1]))


@pytest.fixture(scope="module")
def file_7(files: Mapping[str, tuple[str, bytes]]) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(files["iod2025_file7"][1]))


def table(
    files: Mapping[str, tuple[str, bytes]], source: str, member: str | None = None, **options: Any
) -> pd.DataFrame:
    content = files[source][1]
    if member:
        content = zipfile.ZipFile(io.BytesIO(content)).read(member)
    frame: pd.DataFrame = pd.read_csv(io.BytesIO(content), **options)
    return frame


def test_the_same_bytes_every_time(files: Mapping[str, tuple[str, bytes]]) -> None:
    assert sums(made(600)) == sums(files)


def test_the_workbook_of_estimates_is_the_same_every_time() -> None:
    first, second = made(60, population="estimates"), made(60, population="estimates")
    assert sums(first) == sums(second)
    assert "census2021_age" not in first


def test_another_seed_is_another_country(files: Mapping[str, tuple[str, bytes]]) -> None:
    other = sums(made(600, seed=7))
    same = {source for source, known in sums(files).items() if other.get(source) == known}
    assert same == {"lad22_nuts3", "self_assessment"}, (
        "names of districts, and what names no place, are those of this one"
    )


def test_the_publishers_file_names(files: Mapping[str, tuple[str, bytes]]) -> None:
    assert {source: name for source, (name, _) in files.items()} == NAMES
    assert set(made(60)) == set(NAMES)


def test_too_few_areas_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 60 areas, not 59"):
        list(demo_files(59))


@pytest.mark.parametrize("areas", [60, 61, 240, pytest.param(2_500, marks=pytest.mark.slow)])
def test_any_size(areas: int) -> None:
    made_up = made(areas)
    frame = gpd.read_parquet(io.BytesIO(made_up["lsoa21_boundaries"][1]))
    assert len(frame) == areas
    assert frame.geometry.is_valid.all()
    for source in ("iod2025_file7", "ruc2021", "lsoa21_icb", "lsoa21_ward"):
        assert len(table(made_up, source)) == areas


@pytest.mark.parametrize("seed", range(1, 6))
def test_any_seed_makes_a_whole_country(seed: int) -> None:
    content = made(150, seed=seed)["lsoa21_boundaries"][1]
    frame = gpd.read_parquet(io.BytesIO(content)).to_crs(27700)
    assert frame.geometry.is_valid.all()
    assert frame.area.sum() == pytest.approx(shapely.union_all(frame.geometry.to_numpy()).area, rel=1e-6)


# --- geography --------------------------------------------------------------------------------------------------------


def test_areas_are_valid_do_not_overlap_and_leave_no_gaps(boundaries: gpd.GeoDataFrame) -> None:
    frame = boundaries.to_crs(27700)
    assert frame.geometry.is_valid.all()
    whole = shapely.union_all(frame.geometry.to_numpy())
    assert frame.geometry.area.sum() == pytest.approx(whole.area, rel=1e-6)
    assert all(len(part.interiors) == 0 for part in shapely.get_parts(whole))


def test_there_are_islands(boundaries: gpd.GeoDataFrame) -> None:
    whole = shapely.union_all(boundaries.geometry.to_numpy())
    assert (boundaries.geom_type == "MultiPolygon").any()
    assert len(shapely.get_parts(whole)) >= 3


def test_neighbours_share_their_border_vertex_by_vertex(boundaries: gpd.GeoDataFrame) -> None:
    shapes = boundaries.geometry.to_numpy()
    assert shapely.coverage_is_valid(shapes)
    points = shapely.get_coordinates(shapes)
    assert (np.unique(points, axis=0, return_counts=True)[1] > 1).mean() > 0.7


def test_borders_are_as_detailed_as_published_ones(boundaries: gpd.GeoDataFrame) -> None:
    assert 100 <= shapely.get_num_coordinates(boundaries.geometry.to_numpy()).mean() <= 250


@pytest.mark.parametrize("areas", [60, 600, 100_000])
def test_it_lies_in_the_open_north_sea(areas: int) -> None:
    coast = make_coast(areas, np.random.default_rng([2021, 0]))
    land = gpd.GeoSeries([coast.mainland, *coast.islands], crs=27700).to_crs(4326)
    west, south, east, north = land.total_bounds
    assert west > -0.8
    assert east < 1.9  # where the grid's transformation jumps
    assert south > 54.9
    assert north < 56.4


def test_areas_in_the_city_are_smaller_than_in_the_country(
    files: Mapping[str, tuple[str, bytes]], boundaries: gpd.GeoDataFrame
) -> None:
    area = boundaries.to_crs(27700).area / 1e6
    classes = table(files, "ruc2021")["RUC21CD"]
    assert area[classes == "UN1"].median() < 1
    assert area[classes.str.startswith("RS")].median() > 10


# --- layouts ----------------------------------------------------------------------------------------------------------


def test_file_7_has_the_official_headers(file_7: pd.DataFrame) -> None:
    columns = list(file_7.columns)
    assert len(columns) == 56
    assert columns[:7] == [
        "LSOA code (2021)",
        "LSOA name (2021)",
        "Local Authority District code (2024)",
        "Local Authority District name (2024)",
        f"{IMD} Score",
        f"{IMD} {RANK}",
        f"{IMD} {DECILE}",
    ]
    assert "Children and Young People Sub-domain Decile (where 1 is most deprived 10% of LSO" in columns
    assert "Income Deprivation Affecting Children Index (IDACI) Score (rate)" in columns
    assert "Income Deprivation Affecting Older People (IDAOPI) Score (rate)" in columns
    assert columns[-4:] == [
        "Total population: mid 2022",
        "Dependent Children aged 0-15: mid 2022",
        "Older population aged 60 and over: mid 2022",
        "Working age population 18-66 (for use with Employment Deprivation Domain): mid 2022",
    ]


def test_file_8_has_the_official_sheets(files: Mapping[str, tuple[str, bytes]]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(files["iod2025_file8"][1]), read_only=True)
    kinds = ("Income", "Employment", "Education", "Barriers")
    assert book.sheetnames == ["Notes", *(f"IoD25 {kind} Domain" for kind in kinds)]
    rows = list(book["IoD25 Barriers Domain"].iter_rows(values_only=True))
    assert rows[0][4:] == (
        "Connectivity Score",
        "Housing affordability indicator",
        "Digital Connectivity (Broadband download and upload speeds)",
        "Patient-to-GP Ratio",
    )
    assert len(rows) == 601
    assert rows[1][0] == "E01900001"


def test_census_tables_have_the_official_headers(files: Mapping[str, tuple[str, bytes]]) -> None:
    age = table(files, "census2021_age", "census2021-ts007a-lsoa.csv", thousands=",")
    assert list(age.columns[:5]) == ["date", "geography", "geography code", "Age: Total", "Age: Aged 4 years and under"]
    assert age.columns[5] == "Age: Aged 5 to 9 years"
    assert age.columns[-1] == "Age: Aged 85 years and over"
    assert age.iloc[:, 4:].shape[1] == 18
    assert (age.iloc[:, 4:].sum(axis=1) == age["Age: Total"]).all()
    disability = table(files, "census2021_disability", "census2021-ts038-lsoa.csv")
    total, yes, a_lot, a_little, no, condition, none = (disability.iloc[:, number] for number in range(3, 10))
    assert (total == yes + no).all()
    assert (yes == a_lot + a_little).all()
    assert (no == condition + none).all()
    assert (total != age["Age: Total"]).any()
    assert (total - age["Age: Total"]).abs().max() <= 4


def test_postcode_archive_has_the_official_layout(files: Mapping[str, tuple[str, bytes]]) -> None:
    archive = zipfile.ZipFile(io.BytesIO(files["code_point_open"][1]))
    assert archive.namelist() == ["Data/CSV/qz.csv", "Doc/Code-Point_Open_Column_Headers.csv"]
    frame = pd.read_csv(io.BytesIO(archive.read("Data/CSV/qz.csv")), header=None)
    assert frame.shape == (600 * 25, 10)
    assert frame[0].str.fullmatch(r"QZ\d{1,2} \d[A-Z]{2}").all()
    assert frame[0].is_unique
    nowhere = frame[frame[1] == 90]
    assert len(nowhere) > 50
    assert (nowhere[[2, 3]] == 0).all(axis=None)


def test_support_places_have_the_official_layout(files: Mapping[str, tuple[str, bytes]]) -> None:
    libraries = table(files, "libraries")
    assert list(libraries.columns[:4]) == ["Reporting service", "Reporting service code", "Name", "Type"]
    assert libraries.shape[1] == 63
    assert "C" in set(libraries["Operation in 2023"].dropna())
    assert libraries["Year closed"].notna().any()
    practices = table(files, "gp_practices", header=None)
    assert practices.shape[1] == 27
    assert set(practices[12]) == {"A", "C"}
    assert set(practices[25]) == {0, 4}
    postcodes = set(table(files, "code_point_open", "Data/CSV/qz.csv", header=None)[0])
    assert set(libraries["Postcode"]) | set(practices[9]) <= postcodes


def test_the_publishers_oddities(files: Mapping[str, tuple[str, bytes]]) -> None:
    assert files["lsoa21_icb"][1].startswith(b"\xef\xbb\xbf")
    assert b"city  ,Urban" in files["ruc2021"][1]
    disability = zipfile.ZipFile(io.BytesIO(files["census2021_disability"][1])).read("census2021-ts038-lsoa.csv")
    assert disability.count(b"\r\n") == 601
    age = zipfile.ZipFile(io.BytesIO(files["census2021_age"][1])).read("census2021-ts007a-lsoa.csv")
    assert re.search(rb'"\d,\d{3}"', age)


# --- meaning ----------------------------------------------------------------------------------------------------------


def test_codes_exist_nowhere_and_agree(
    files: Mapping[str, tuple[str, bytes]], boundaries: gpd.GeoDataFrame, file_7: pd.DataFrame
) -> None:
    codes = boundaries["LSOA21CD"].tolist()
    assert codes == [f"E01{number}" for number in range(900_001, 900_601)]
    lookup = table(files, "lsoa21_icb", encoding="utf-8-sig")
    wards, classes = table(files, "lsoa21_ward"), table(files, "ruc2021")
    age = table(files, "census2021_age", "census2021-ts007a-lsoa.csv")
    for listed in (lookup["LSOA21CD"], wards["LSOA21CD"], classes["LSOA21CD"], file_7["LSOA code (2021)"]):
        assert listed.tolist() == codes
    assert age["geography code"].tolist() == codes
    assert file_7["Local Authority District code (2024)"].tolist() == lookup["LAD24CD"].tolist()
    assert wards["LAD24NM"].tolist() == lookup["LAD24NM"].tolist()
    assert set(lookup["ICB24CD"]) == {"E54900001"}
    assert set(lookup["SICBL24CD"]) == {"E38900001"}
    assert 6 <= lookup["LAD24CD"].nunique() <= 8
    assert lookup["LAD24CD"].str.fullmatch(r"E079\d{5}").all()
    assert wards["WD24CD"].str.fullmatch(r"E059\d{5}").all()
    assert wards.groupby("WD24CD").size().between(3, 9).all()


def test_names_are_invented(files: Mapping[str, tuple[str, bytes]], boundaries: gpd.GeoDataFrame) -> None:
    lookup = table(files, "lsoa21_icb", encoding="utf-8-sig")
    assert lookup["ICB24NM"].unique().tolist() == ["NHS Saltmarsh and the Wolds Integrated Care Board (fictional)"]
    assert lookup["SICBL24NM"].str.endswith("(fictional)").all()
    assert boundaries["LSOA21NM"].is_unique
    assert boundaries["LSOA21NM"].str.fullmatch(r"[A-Z][A-Za-z ]+ \d{3}[A-Z]").all()
    real = "Norfolk|Suffolk|Norwich|Breckland|Broadland|Yarmouth|Lynn|Lindsey|Holland|Boston|Riding|Kent|Swale|Thanet"
    assert not lookup["LAD24NM"].str.contains(real).any()


def test_every_rural_urban_class_is_there_under_its_name(files: Mapping[str, tuple[str, bytes]]) -> None:
    frame = table(files, "ruc2021")
    assert dict(zip(frame["RUC21CD"], frame["RUC21NM"].str.strip(), strict=True)) == RUC21_NAMES
    assert (frame["Urban_rural_flag"].eq("Urban") == frame["RUC21CD"].str.startswith("U")).all()


def test_imd_follows_from_the_ranks_of_its_domains(file_7: pd.DataFrame) -> None:
    domains = {name: file_7[f"{title} {RANK}"].to_numpy() for name, title in DOMAINS.items()}
    score = sum(IMD_WEIGHTS[name] * exponential(ranks) for name, ranks in domains.items())
    assert np.abs(score - file_7[f"{IMD} Score"]).max() <= 0.0005 + 1e-9
    assert sum(IMD_WEIGHTS.values()) == pytest.approx(0.999)


def test_ranks_follow_scores_and_deciles_follow_ranks(file_7: pd.DataFrame) -> None:
    ranks = [column for column in file_7.columns if column.endswith(RANK)]
    assert len(ranks) == 16
    for column in ranks:
        name = column.removesuffix(RANK)
        rank = file_7[column]
        assert sorted(rank) == list(range(1, 601))
        score = file_7[next(c for c in file_7.columns if c.startswith(f"{name}Score"))]
        assert (score[rank.argsort()].diff().dropna() <= 0).all()
        decile = file_7[next(c for c in file_7.columns if c.startswith(f"{name}Decile"))]
        assert (decile == np.ceil(10 * rank / 600)).all()


def test_change_lookup_has_every_kind_and_every_area(
    files: Mapping[str, tuple[str, bytes]], boundaries: gpd.GeoDataFrame
) -> None:
    frame = table(files, "lsoa11_lsoa21")
    assert set(frame["CHGIND"]) == {"U", "S", "M", "X"}
    assert frame["CHGIND"].eq("U").mean() > 0.9
    assert set(frame["LSOA21CD"]) == set(boundaries["LSOA21CD"])
    former, latter = frame.groupby("LSOA11CD")["LSOA21CD"].nunique(), frame.groupby("LSOA21CD")["LSOA11CD"].nunique()
    assert (former[frame.loc[frame["CHGIND"] == "S", "LSOA11CD"]] > 1).all()
    assert (latter[frame.loc[frame["CHGIND"] == "M", "LSOA21CD"]] > 1).all()


def test_people_are_plausible(files: Mapping[str, tuple[str, bytes]], file_7: pd.DataFrame) -> None:
    age = table(files, "census2021_age", "census2021-ts007a-lsoa.csv", thousands=",")
    disability = table(files, "census2021_disability", "census2021-ts038-lsoa.csv")
    barriers = pd.read_excel(io.BytesIO(files["iod2025_file8"][1]), "IoD25 Barriers Domain", engine="openpyxl")
    rural = ~table(files, "ruc2021")["RUC21CD"].str.startswith("U")
    older = age.iloc[:, -5:].sum(axis=1) / age["Age: Total"]
    disabled = disability.iloc[:, 4] / disability.iloc[:, 3]
    income = file_7["Income Score (rate)"]
    assert age["Age: Total"].between(1_000, 3_000).all()
    assert older.between(0.05, 0.50).all()
    assert older[rural].mean() > older[~rural].mean() + 0.05
    assert income.between(0.02, 0.60).all()
    assert income[~rural].mean() > income[rural].mean()
    assert disabled.corr(income) > 0.3
    assert disabled.corr(older) > 0.1
    broadband = barriers["Digital Connectivity (Broadband download and upload speeds)"]
    assert broadband[rural].mean() > broadband[~rural].mean() + 0.5
    assert barriers["Connectivity Score"][rural].mean() < barriers["Connectivity Score"][~rural].mean() - 10


def test_every_file_is_read_by_the_stage_that_tidies_it(tmp_path: Path) -> None:
    paths = {}
    for source, (name, content) in (made(60) | made(60, population="estimates")).items():
        paths[source] = tmp_path / name
        paths[source].write_bytes(content)
    areas = tidy_boundaries(paths["lsoa21_boundaries"])
    assert not areas["repaired"].any()
    frames = [
        tidy_deprivation(paths["iod2025_file7"]).frame,
        tidy_underlying_indicators(paths["iod2025_file8"]).frame,
        tidy_rurality(paths["ruc2021"]).frame,
        tidy_health_geography(paths["lsoa21_icb"]).frame,
        tidy_wards(paths["lsoa21_ward"]).frame,
        tidy_population_estimates(paths["mye2024"]).frame,
    ]
    for source, read in (("census2021_age", tidy_population_census), ("census2021_disability", tidy_disability)):
        with zipfile.ZipFile(paths[source]) as archive:
            frames.append(read(io.BytesIO(archive.read(archive.namelist()[0])), source).frame)
    for frame in frames:
        assert frame["lsoa21_code"].tolist() == sorted(areas["lsoa21_code"])
    assert set(tidy_lsoa_changes(paths["lsoa11_lsoa21"]).frame["change"]) >= {"U", "S", "M"}
    postcodes = assign_postcodes(tidy_postcodes(paths["code_point_open"]).frame, areas)
    assert postcodes["lsoa21_code"].nunique() == 60
    assert len(postcodes) == 60 * 25 - 60 * 25 // 97
