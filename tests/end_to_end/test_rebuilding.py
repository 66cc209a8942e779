"""What a change to a project makes again, and what heals: the build graph on a small fictional country.

One test for each thing that may happen to a real project; ``tests/stages/test_runner.py`` has the mechanism by itself.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline import Project
from pipeline.errors import DeclarationError, PipelineError
from pipeline.stages.requests import SitesWanted
from tests.fixtures.projects import MOMENT, copy_project
from tests.fixtures.steps import OF_AN_AREA

pytestmark = pytest.mark.slow

SECOND = """
[second]
title = "The second"
fictional = true
index = "hand-weighted"
lsoa_file = "{file}"
"""
LIST = "data/local/my list's codes, 2 (ä).csv"
OF_SECOND = [f"{step} second" for step in OF_AN_AREA]
OF_DEMO = [*(name.replace("second", "demo") for name in OF_SECOND), "assess demo"]


@pytest.fixture(scope="module")
def built(small: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A country of 60 LSOAs with two areas by two indices, built."""
    root = tmp_path_factory.mktemp("rebuilding") / "my project"
    project = copy_project(small, root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", MOMENT)
        (root / "data/local").mkdir()
        codes = project.table("demo", "joined")["lsoa21_code"].iloc[:30]
        (root / LIST).write_text("\n".join(codes), encoding="utf-8")
        with (root / "declared/areas.toml").open("a", encoding="utf-8") as file:
            file.write(SECOND.format(file=LIST))
        project.build("demo", "second")
        yield project


@pytest.fixture
def project(built: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A copy that a test may change."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", MOMENT)
    root = tmp_path / "copy of my project"
    shutil.copytree(built.root, root)
    return Project(root)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def again(project: Project) -> list[str]:
    return sorted(project.build("demo", "second"))


def outputs(project: Project) -> dict[str, str]:
    """Every file that a build makes, and its hash."""
    folders = (project.root / "data/processed", project.root / "maps")
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return {
        path.relative_to(project.root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if not path.name.startswith(".lock")
    }


def test_nothing_is_made_twice(project: Project) -> None:
    assert again(project) == []
    assert project.stale("demo", "second") == {}


def test_touching_everything_changes_nothing(project: Project) -> None:
    for path in project.root.rglob("*"):
        os.utime(path, (1, 1))
    assert again(project) == []


def test_a_comment_in_a_declared_file_changes_nothing(project: Project) -> None:
    for path in (project.declared).rglob("*.toml"):
        path.write_text("# A remark.\n" + path.read_text(encoding="utf-8") + "\n# Another.\n", encoding="utf-8")
    assert again(project) == []


def test_another_area_changes_nothing_for_those_there_are(project: Project) -> None:
    with (project.declared / "areas.toml").open("a", encoding="utf-8") as file:
        file.write('\n[third]\ntitle = "The third"\nlad = ["E07000143"]\n')
    assert again(project) == []


def test_a_weight_rescores_the_areas_of_that_index_and_is_named(project: Project) -> None:
    path = project.declared / "indices/norfolk-waveney.toml"
    edit(path, "weight = 10", "weight = 30")
    reason = "share_75_plus: weight 10 → 30 in norfolk-waveney.toml"
    assert project.stale("demo", "second")["score demo"] == [reason]
    said: list[str] = []
    done = project.build("demo", "second", say=said.append)
    again = {*OF_AN_AREA, "assess"} - {"join", "outline", "places"}
    assert sorted(done) == sorted(f"{step} demo" for step in again)
    assert f"score demo: {reason}" in said


def test_an_index_that_no_area_has_rescores_nothing(project: Project) -> None:
    edit(project.declared / "indices/deri.toml", "weight = 3", "weight = 2")
    assert again(project) == []


RECLASSED = (",UN1,Urban: Nearer to a major town or city", ",UF1,Urban: Further from a major town or city")
"""One neighbourhood is put into another rural-urban class, by code and by name."""


def test_a_raw_file_changed_by_hand_is_seen(project: Project) -> None:
    path = project.root / "data/raw/demo/ruc2021/LSOA21_RUC21_EW_LU.csv"
    before = path.stat()
    edit(path, *RECLASSED)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert again(project) == sorted(["tidy ruc2021", "nation demo", *OF_DEMO, *OF_SECOND])


def test_a_list_of_codes_whatever_its_name_joins_the_area_again(project: Project) -> None:
    path = project.root / LIST
    path.write_text("\n".join(path.read_text(encoding="utf-8").split()[:-1]), encoding="utf-8")
    assert again(project) == sorted(OF_SECOND)
    assert len(project.risk("second")) == 29


def test_a_file_of_support_places_is_seen(project: Project) -> None:
    edit(project.root / "data/raw/demo/initiatives/initiatives.csv", "devices", "skills")
    assert again(project) == sorted(set(OF_DEMO) - {"join demo", "outline demo", "sensitivity demo"})


def test_a_layer_is_drawn_again_and_nothing_else(project: Project) -> None:
    edit(project.declared / "layers.toml", "may_be_empty = true", "may_be_empty = true\nmissing = 'Not there'")
    assert again(project) == sorted(
        f"{stage} {area}" for stage in ("map", "files", "package", "front") for area in ("demo", "second")
    )


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("data/processed/demo/risk.csv", "score demo"),
        ("data/processed/demo/risk.parquet.meta.json", "score demo"),
        ("data/processed/demo/records/join.json", "join demo"),
        ("data/processed/national/demo/ruc2021.parquet", "tidy ruc2021"),
        ("maps/second/method.html", "method second"),
        ("data/processed/demo/datapackage.json", "package demo"),
    ],
)
@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:300])])
def test_what_is_deleted_or_cut_heals(project: Project, name: str, step: str, damage: Callable[[Path], object]) -> None:
    before = outputs(project)
    damage(project.root / name)
    assert again(project) == [step]
    assert outputs(project) == before


def test_sites_that_were_damaged_are_sought_again_as_they_were(project: Project) -> None:
    project.seek_sites("demo", SitesWanted(new=2, reach="3km"))
    again(project)
    before = outputs(project)
    (project.processed("demo") / "sites.csv").unlink()
    assert again(project) == ["site demo"]
    assert outputs(project) == before


def test_an_added_source_is_joined_and_one_taken_away_is_told(project: Project) -> None:
    folder = project.root / "data/raw/demo/code_point_open"
    shutil.move(folder, project.root / "away")
    project.build("demo", until="join")
    assert not (project.processed("demo") / "postcodes.parquet").exists()
    shutil.move(project.root / "away", folder)
    assert "join demo" in project.build("demo", until="join")
    assert (project.processed("demo") / "postcodes.parquet").exists()


def test_a_declared_fault_leaves_what_was_built(project: Project) -> None:
    before = outputs(project)
    edit(project.declared / "indices/norfolk-waveney.toml", "weight = 10", "weight = -1")
    with pytest.raises(DeclarationError, match="weight"):
        again(project)
    assert outputs(project) == before


def test_a_missing_source_is_told_for_all_areas_before_anything_runs(project: Project) -> None:
    edit(project.declared / "areas.toml", 'title = "The second"\nfictional = true', 'title = "The second"')
    before = outputs(project)
    with pytest.raises(PipelineError) as caught:
        project.build("demo", "second")
    assert "second: " in str(caught.value)
    assert "iod2025_file7" in str(caught.value)
    assert "ruc2021" in str(caught.value)
    assert outputs(project) == before
