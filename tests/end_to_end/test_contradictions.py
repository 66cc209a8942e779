"""Sources that contradict each other stop a run of the whole chain, and the pages of before stay as they were."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from pipeline import Project
from pipeline.errors import PipelineError
from pipeline.store import read_record
from pipeline.store.records import OriginsRecord, PlacesRecord
from tests.fixtures.projects import copy_project

pytestmark = pytest.mark.slow

LIBRARIES = "libraries/basic-dataset-for-libraries-2023-enhanced.csv"
CENTROIDS = "lsoa21_centroids/LSOA_PopCentroids_EW_2021_V4.geojson"
BOUNDARIES = "lsoa21_boundaries/LSOA21_BGC_EN.parquet"
LOOKUP = "lsoa21_icb/LSOA21_SICBL24_ICB24_CAL24_LAD24_EN_LU.csv"
ELSEWHERE = "do not lie in their neighbourhoods|contain each other's centroids|lie where others of them belong"
CENTRES = """
[kinds.centre]
title = "online centre"
plural = "Online centres"
origin = "here"
why = "why"
file = "data/local/centres.csv"
areas = ["demo"]
crs = "EPSG:27700"
offers = ["data"]
[kinds.centre.columns]
name = "Name"
x = "Easting"
y = "Northing"
"""


@pytest.fixture
def project(small: Project, tmp_path: Path) -> Project:
    return copy_project(small, tmp_path / "project")


def raw(project: Project, file: str) -> Path:
    return project.root / "data/raw/demo" / file


def change_shapes(project: Project, file: str, change: Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame]) -> None:
    path = raw(project, file)
    is_parquet = path.suffix == ".parquet"
    frame = change(gpd.read_parquet(path) if is_parquet else gpd.read_file(path))
    path.unlink()
    frame.to_parquet(path) if is_parquet else frame.to_file(path)


def change_table(project: Project, file: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    path = raw(project, file)
    change(pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")).to_csv(path, index=False)


def rotated(frame: gpd.GeoDataFrame, *rows: int) -> gpd.GeoDataFrame:
    shapes = frame.geometry.to_numpy().copy()
    shapes[list(rows)] = shapes[[*rows[1:], rows[0]]]
    return frame.set_geometry(gpd.GeoSeries(shapes, crs=frame.crs))


def swap(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(Easting=frame["Northing"], Northing=frame["Easting"])


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        (BOUNDARIES, lambda f: f.set_crs(27700, allow_override=True), "its numbers are longitude and latitude"),
        (BOUNDARIES, lambda f: rotated(f, 3, 4), ELSEWHERE),
        (BOUNDARIES, lambda f: f.set_geometry(f.translate(0.09)), ELSEWHERE),
        (CENTROIDS, lambda f: rotated(f, *range(len(f))), ELSEWHERE),
        (LOOKUP, lambda f: f.drop(index=9), r"it lacks 1 LSOA\(s\)"),
        (LIBRARIES, swap, "are swapped"),
    ],
)
def test_a_run_stops_and_earlier_pages_stay(
    project: Project, file: str, change: Callable[[pd.DataFrame], pd.DataFrame], message: str
) -> None:
    kept = [project.page("demo"), project.processed("demo") / "risk.parquet"]
    before = [path.read_bytes() for path in kept]
    if file in (BOUNDARIES, CENTROIDS):
        change_shapes(project, file, change)
    else:
        change_table(project, file, change)
    with pytest.raises(PipelineError, match=message) as refused:
        project.build("demo", say=lambda _: None)
    assert Path(file).name in str(refused.value) or Path(CENTROIDS).name in str(refused.value)
    assert [path.read_bytes() for path in kept] == before


def test_tables_that_contradict_each_other_leave_the_join_of_the_area_as_it_was(project: Project) -> None:
    kept = [project.processed("demo") / "joined.parquet", project.page("demo")]
    before = [path.read_bytes() for path in kept]
    order = ["UN1", "UF1", "RLN1", "RLF1", "RSN1", "RSF1"]
    change_table(
        project,
        "ruc2021/LSOA21_RUC21_EW_LU.csv",
        lambda f: f[["LSOA21CD"]].assign(RUC21CD=f["RUC21CD"].map(dict(zip(order, reversed(order), strict=True)))),
    )
    with pytest.raises(PipelineError, match="do not go together"):
        project.build("demo", say=lambda _: None)
    assert [path.read_bytes() for path in kept] == before


def test_one_centroid_elsewhere_is_left_out_recorded_and_on_the_method_page(project: Project) -> None:
    def away(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        shapes = frame.geometry.to_numpy().copy()
        shapes[5] = shapely.affinity.translate(shapes[5], 0.8)
        return frame.set_geometry(gpd.GeoSeries(shapes, crs=frame.crs))

    change_shapes(project, CENTROIDS, away)
    project.build("demo", say=lambda _: None)
    record = read_record(project.processed("demo") / "origins.parquet", OriginsRecord)
    assert record.population_weighted == 59
    assert len(record.left_out) == 1
    assert "its centroid lies" in project.method_page("demo").read_text(encoding="utf-8")
    origins = project.table("demo", "origins")
    assert (origins["located_by"] == "median postcode").sum() == 1


def test_libraries_in_a_second_list_are_counted_once(project: Project) -> None:
    before = project.table("demo", "risk")["support_access"].to_numpy()
    published = pd.read_csv(raw(project, LIBRARIES), dtype=str, keep_default_na=False)
    listed = published[published["Operation in 2023"] != ""][["Name", "Easting", "Northing"]]
    (project.root / "data/local").mkdir(exist_ok=True)
    listed.assign(Name=listed["Name"] + " learning centre").to_csv(project.root / "data/local/centres.csv", index=False)
    places = project.root / "declared/places.toml"
    text = places.read_text(encoding="utf-8") + CENTRES
    places.write_text(text, encoding="utf-8")
    project.build("demo", say=lambda _: None)
    record = read_record(project.processed("demo") / "support_places.parquet", PlacesRecord)
    assert any("within 50 m of a public library of a like name" in line for line in record.left_out)
    assert record.counts["centre"] == 0
    np.testing.assert_allclose(project.table("demo", "risk")["support_access"].to_numpy(), before)
    places.write_text(
        text.replace('offers = ["data"]\n[', 'offers = ["data"]\ncounts_twice = true\n['), encoding="utf-8"
    )
    project.build("demo", say=lambda _: None)
    assert project.table("demo", "risk")["support_access"].to_numpy().sum() > before.sum()
