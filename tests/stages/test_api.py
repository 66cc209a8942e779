"""A project folder as Python code uses it."""

import shutil
from pathlib import Path

import pytest

from pipeline import PipelineError, Project
from pipeline.errors import DeclarationError, MissingSourceError


@pytest.fixture
def project(demo: tuple[Project, list[str]], tmp_path: Path) -> Project:
    root = tmp_path / "copy"
    shutil.copytree(demo[0].root, root)
    return Project(root)


def test_tables_are_read_by_area_and_name(project: Project) -> None:
    risk = project.risk("demo")
    assert risk.crs.to_epsg() == 4326
    assert "bbox" not in risk
    assert set(project.table("demo", "nearest")["lsoa21_code"]) <= set(risk["lsoa21_code"])
    assert project.nation_table("demo").index.name == "lsoa21_code"


def test_what_is_not_built_or_not_as_it_was_made_is_refused_with_the_command(project: Project) -> None:
    with pytest.raises(MissingSourceError, match="make maps AREA=norfolk-and-waveney"):
        project.risk("norfolk-and-waveney")
    with pytest.raises(MissingSourceError, match=r"sites\.parquet does not exist yet"):
        project.table("demo", "sites")
    with pytest.raises(DeclarationError, match="There is no area 'nowhere'"):
        project.risk("nowhere")
    with pytest.raises(MissingSourceError, match="Build an area of this nation"):
        project.nation_table("england")
    path = project.processed("demo") / "risk.parquet"
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(PipelineError, match="changed since it was made"):
        project.risk("demo")
    assert project.build("demo") == ["score demo"]
    assert len(project.risk("demo")) == 240


def test_a_new_folder_has_the_fictional_area_and_says_what_is_to_be_made(tmp_path: Path, demo: object) -> None:
    shutil.copytree(Path(__file__).parents[2] / "declared", tmp_path / "declared")
    project = Project(tmp_path)
    assert project.default_areas() == ["demo"]
    assert project.stale("demo")["score demo"] == ["not made yet"]


def test_clean_leaves_raw_files(project: Project) -> None:
    raw = sorted(path.name for path in (project.root / "data/raw").rglob("*"))
    project.clean()
    assert not list((project.root / "maps").iterdir())
    assert [path.name for path in (project.root / "data/processed").iterdir() if not path.name.startswith(".")] == []
    assert sorted(path.name for path in (project.root / "data/raw").rglob("*")) == raw
