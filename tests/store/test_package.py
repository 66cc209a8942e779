"""The data package of an area: it describes every file, and a standard tool finds it and its data valid."""

import hashlib
import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipeline import Project, store, tables
from pipeline.stages.requests import SitesWanted
from tests.fixtures.hostile import HOSTILE
from tests.fixtures.projects import SMALL_AREAS, copy_project

SOURCES = (
    store.PackageSource("One", "https://example.org/one", "Open Government Licence v3.0"),
    store.PackageSource("Two", "https://example.org/two", "Creative Commons Attribution 4.0"),
    store.PackageSource("Three", "data/three.csv", "as its owner says"),
    store.PackageSource("Four", "https://example.org/four", "Open Government Licence v3.0"),
)
ABOUT = store.PackageAbout("a", "An area", "Of tables", "1.2.3", "2026-11-27T00:00:00Z", SOURCES)

Package = tuple[Path, dict[str, Any]]
"""The folder of a package, and its description as JSON has it."""


@pytest.fixture(scope="module")
def project(small: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy of the small area's project, with proposed sites."""
    project = copy_project(small, tmp_path_factory.mktemp("package") / "project")
    project.seek_sites("demo", SitesWanted(new=2))
    project.build("demo")
    return project


@pytest.fixture(scope="module")
def package(project: Project) -> Package:
    folder = project.processed("demo")
    return folder, json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def test_licences_are_those_of_the_sources_each_once() -> None:
    described = store.data_package(ABOUT, [])
    assert [licence["name"] for licence in described["licenses"]] == ["OGL-UK-3.0", "CC-BY-4.0", "notspecified"]
    assert described["licenses"][2]["title"] == "as its owner says"
    assert described["sources"][2] == {
        "title": "Three",
        "path": "data/three.csv",
        "licence": "as its owner says",
    }
    assert described["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert described["version"] == "1.2.3"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_in_the_description(tmp_path: Path, text: str) -> None:
    source = store.PackageSource(text, text, text, text)
    described = store.data_package(store.PackageAbout("a", text, text, "1.2.3", "2026-11-27T00:00:00Z", (source,)), [])
    store.write_json(tmp_path / "datapackage.json", described)
    read = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert read == described
    assert [read["title"], read["sources"][0]["title"], read["licenses"][0]["title"]] == [text] * 3
    assert read["licenses"][0]["name"] == "notspecified"


def test_a_resource_has_the_columns_of_its_format(tmp_path: Path) -> None:
    frame = pd.DataFrame({"sites": [0, 1]})
    path = tmp_path / "Coverage_1.csv"
    store.write_csv(frame.assign(newly_covered=0.0, covered=0.0, share_covered=0.0, gap=0.0), path, tables.COVERAGE)
    resource = store.data_package(ABOUT, [store.Resource(path, tables.COVERAGE)])["resources"][0]
    assert resource["name"] == "coverage-1-csv"
    assert resource["bytes"] == path.stat().st_size
    assert resource["hash"] == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    assert resource["dialect"]["lineTerminator"] == "\r\n"
    share = next(field for field in resource["schema"]["fields"] if field["name"] == "share_covered")
    assert share["shareOf"] == "people at risk"
    assert share["constraints"] == {"required": False, "minimum": 0, "maximum": 1}


def test_every_table_of_the_folder_is_described_column_by_column(
    package: Package,
) -> None:
    folder, described = package
    by_path = {resource["path"]: resource for resource in described["resources"]}
    files = {
        path.name for path in folder.iterdir() if path.suffix in (".parquet", ".csv", ".geojson", ".xlsx", ".gpkg")
    }
    assert set(by_path) == files
    for name, resource in by_path.items():
        if name.endswith(".parquet"):
            fields = [field["name"] for field in resource["schema"]["fields"]]
            assert fields == pq.read_schema(folder / name).names, name
        assert resource["hash"] == f"sha256:{hashlib.sha256((folder / name).read_bytes()).hexdigest()}", name
    assert by_path["risk.parquet"]["schema"]["fields"][-1]["name"] == "bbox"


def test_it_is_made_again_from_what_is_there(package: Package, project: Project) -> None:
    folder, before = package
    (folder / "datapackage.json").unlink()
    assert project.build("demo") == ["package demo"]
    assert json.loads((folder / "datapackage.json").read_text(encoding="utf-8")) == before


@pytest.mark.skipif(find_spec("frictionless") is None, reason="the frictionless tool is not installed")
def test_the_frictionless_tool_finds_the_package_and_its_data_valid(
    package: Package,
) -> None:
    folder, described = package
    command = [sys.executable, "-m", "frictionless", "validate", "--json", "datapackage.json"]
    found = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    report = json.loads(found.stdout)
    faults = [(task["place"], error["message"]) for task in report["tasks"] for error in task["errors"]]
    assert (report["valid"], report["errors"], faults) == (True, [], [])
    rows = {task["place"]: task["stats"].get("rows") for task in report["tasks"]}
    assert set(rows) == {resource["path"] for resource in described["resources"]}
    assert rows["risk.csv"] == rows["risk.parquet"] == SMALL_AREAS
