"""The stages end to end on the fictional area."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest

from pipeline import Project, store, tables
from pipeline.errors import JoinError, MissingSourceError
from pipeline.stages.documentation import data_dictionary
from pipeline.stages.requests import IndexTrial
from pipeline.store.records import RiskRecord
from tests.fixtures.databases import select
from tests.fixtures.folders import ROOT
from tests.fixtures.projects import Demo


def test_risk_table_keeps_to_the_output_contract(demo: Demo) -> None:
    project, _ = demo
    frame = store.read_geotable(project.processed("demo") / "risk.parquet")
    components = [component.name for component in project.index("norfolk-waveney").components]
    leading = [*tables.LEADING, *(f"component_{name}" for name in components), "risk_score", "risk_rank", "risk_decile"]
    assert list(frame.columns)[: len(leading)] == leading
    assert list(frame["lsoa21_code"]) == sorted(frame["lsoa21_code"])
    assert len(frame) == 240
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry.is_valid.all()
    assert (frame["risk_decile"] == np.ceil(10 * frame["risk_rank"] / len(frame))).all()
    assert frame.loc[frame["risk_score"].idxmax(), "risk_rank"] == 1


def test_metadata_says_where_it_came_from(demo: Demo) -> None:
    project, _ = demo
    record = store.read_record(project.processed("demo") / "risk.parquet", RiskRecord)
    assert record.fictional is True
    assert record.index.id == "norfolk-waveney"
    assert record.rows_in == record.rows == 240
    assert abs(sum(weight.share for weight in record.weights) - 1) < 1e-5
    assert {source.id for source in record.sources} >= {"lsoa21_boundaries", "iod2025_file7", "census2021_age"}
    assert all(len(str(source.sha256)) == 64 for source in record.sources)
    assert all(line.endswith("240 of 240") for line in record.matched)


def test_everything_made_from_fiction_says_so(demo: Demo) -> None:
    project, said = demo
    of_data = [line for line in said if not line.startswith(("Built the browser code", "assets"))]
    assert all("fictional" in line.lower() or line.startswith("  ") for line in of_data)
    assert "Fictional data" in project.page("demo").read_text(encoding="utf-8")
    package = json.loads((project.processed("demo") / "datapackage.json").read_text(encoding="utf-8"))
    assert "FICTIONAL" in package["title"]


def test_duckdb_reads_the_documented_columns(demo: Demo) -> None:
    project, _ = demo
    path = project.processed("demo") / "risk.parquet"
    columns = [row[0] for row in select(f"describe select * from '{path}'")]
    assert columns[-2:] == ["geometry", "bbox"]
    top = select(f"select lsoa21_code, risk_score from '{path}' where risk_rank = 1")
    assert len(top) >= 1
    assert select(f"select max(risk_score) from '{path}'")[0][0] == top[0][1]


def test_parquet_is_geoparquet_1_1_with_a_bounding_box_column(demo: Demo) -> None:
    project, _ = demo
    import pyarrow.parquet as pq

    path = project.processed("demo") / "risk.parquet"
    file = pq.ParquetFile(path)
    geo = json.loads(file.schema_arrow.metadata[b"geo"])
    assert geo["version"] == "1.1.0"
    assert geo["columns"]["geometry"]["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    west, south, east, north = gpd.read_parquet(path).total_bounds
    middle = ((west + east) / 2, (south + north) / 2)
    window = gpd.read_parquet(path, bbox=(*middle, east, north))
    assert 0 < len(window) < 240


def test_gdal_reads_it(demo: Demo, tmp_path: Path) -> None:
    project, _ = demo
    path = project.processed("demo") / "risk.parquet"
    if "Parquet" in pyogrio.list_drivers():
        frame = pyogrio.read_dataframe(path)
    else:
        # This build of GDAL has no Parquet driver: what geopandas reads goes through GDAL as a GeoPackage.
        copy = tmp_path / "risk.gpkg"
        gpd.read_parquet(path).drop(columns="bbox", errors="ignore").to_file(copy)
        frame = pyogrio.read_dataframe(copy)
    assert set(tables.LEADING) <= set(frame.columns)
    assert frame.geometry.is_valid.all()


def test_a_weight_changed_changes_scores_and_is_recorded(demo: Demo) -> None:
    project, _ = demo
    path = project.declared / "indices" / "norfolk-waveney.toml"
    other = path.with_name("other.toml")
    other.write_text(path.read_text(encoding="utf-8").replace("weight = 13", "weight = 9", 1), encoding="utf-8")
    output = project.root / "other.parquet"
    project.try_index("demo", IndexTrial(output=output, index="other"))
    before = store.read_geotable(project.processed("demo") / "risk.parquet")
    after = store.read_geotable(output)
    assert (before["component_age"] == after["component_age"]).all()
    assert (before["risk_score"] != after["risk_score"]).any()
    assert store.read_record(output, RiskRecord).index.components[0].weight == 9
    other.unlink()


def _copy(project: Project, tmp_path: Path) -> Project:
    root = tmp_path / "copy"
    shutil.copytree(project.root, root)
    return Project(root)


def test_an_area_missing_from_a_required_table_is_named(demo: Demo, tmp_path: Path) -> None:
    project = _copy(demo[0], tmp_path)
    raw_file = next((project.root / "data/raw/demo/ruc2021").glob("*.csv"))
    lines = raw_file.read_text(encoding="utf-8").splitlines()
    raw_file.write_text("\n".join(lines[:1] + lines[4:]) + "\n", encoding="utf-8")
    with pytest.raises(JoinError, match=r"ruc2021.*: 3 of the 240 .*E01900001, E01900002, E01900003"):
        project.build("demo")


def test_a_missing_raw_file_names_the_command(demo: Demo, tmp_path: Path) -> None:
    project = _copy(demo[0], tmp_path)
    shutil.rmtree(project.root / "data/raw/demo/lsoa21_boundaries")
    with pytest.raises(MissingSourceError, match="lsoa21_boundaries(.|\n)*make data AREA=demo"):
        project.build("demo", until="join", say=lambda _: None)


def test_a_run_killed_half_way_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("old", encoding="utf-8")
    code = (
        "import os, sys; from pathlib import Path; from pipeline import store\n"
        "def write(temporary):\n"
        "    temporary.write_text('half'); os._exit(9)\n"
        "store.write_whole(Path(sys.argv[1]), write)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT, check=False)
    assert done.returncode == 9
    assert path.read_text(encoding="utf-8") == "old"


def test_a_failing_writer_leaves_nothing_behind(tmp_path: Path) -> None:
    def write(temporary: Path) -> None:
        temporary.write_text("half", encoding="utf-8")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        store.write_whole(tmp_path / "table.csv", write)
    assert list(tmp_path.iterdir()) == []


def test_the_data_dictionary_is_current() -> None:
    written = (ROOT / "docs/data-dictionary.md").read_text(encoding="utf-8")
    assert written == data_dictionary(Project(ROOT)), "run: python -m pipeline dictionary"
