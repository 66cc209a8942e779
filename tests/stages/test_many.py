"""Several areas, each a part of the work: the same outputs whoever makes them, and one that fails stops no other."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline import Project
from pipeline.__main__ import main
from pipeline.cluster import Alone, Processes, run_tasks
from pipeline.errors import PipelineError
from pipeline.stages.data import make_demo
from pipeline.stages.many import AreaDone, AreaTask, build_area, summarise_areas
from tests.fixtures.draws import draw_few
from tests.fixtures.projects import copy_project, lay_out

AREAS = """
[{name}]
title = "{name}"
fictional = true
lad = ["{code}"]
"""


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A district of a small country, and one that does not exist."""
    root = tmp_path_factory.mktemp("many") / "project"
    project = lay_out(root)
    draw_few(root)
    make_demo(project.snapshot(), lambda _: None, 60)
    project.build("demo", until="nation")
    districts = sorted(set(pd.read_parquet(project.national("demo") / "lsoa21_icb.parquet")["lad_code"]))
    codes = {"nowhere": "E06999999", "west": districts[1]}
    with (project.declared / "areas.toml").open("a", encoding="utf-8") as file:
        file.write("".join(AREAS.format(name=name, code=code) for name, code in codes.items()))
    return project


def _tables(project: Project) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in project.processed("west").glob("*.parquet")}


@pytest.mark.slow
def test_an_area_that_fails_stops_no_other_and_what_is_made_is_not_made_again(
    country: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    by_processes = copy_project(country, tmp_path / "other")
    root = ["--root", str(country.root)]
    assert main([*root, "maps", "nowhere", "west"]) == 1
    said = capsys.readouterr().out
    assert "1 of 2 areas are up to date; failed: nowhere." in said
    assert "nowhere failed: declared/areas.toml: nowhere.lad has code(s) that are not in the lookup" in said
    assert country.page("west").is_file()

    with Processes(2) as crew:
        done = by_processes.build_many(["nowhere", "west"], crew, 1)
    assert [bool(each.fault) for each in done] == [True, False]
    assert _tables(by_processes) == _tables(country)

    (again,) = country.build_many(["west"])
    assert (again.steps, again.fault) == (0, "")
    assert again.files > again.page > 100_000
    country.front_door("west").unlink()
    assert country.build_many(["west"])[0].steps == 1


def test_a_project_folder_that_a_worker_does_not_see_is_named(tmp_path: Path) -> None:
    (ended,) = run_tasks(Alone(), build_area, [AreaTask(str(tmp_path / "gone"), "demo", 1)], confidential=False)
    assert "there is no project folder here" in ended[1].fault
    with pytest.raises(PipelineError, match="is it connected"):
        build_area(AreaTask(str(tmp_path / "gone"), "demo", 1))


def test_real_areas_without_data_fail_by_themselves(new_project: object, tmp_path: Path) -> None:
    project = lay_out(tmp_path)
    (done,) = project.build_many(["norfolk-and-waveney"])
    assert "source(s) are missing" in done.fault


def test_the_summary_says_seconds_sizes_and_why() -> None:
    lines = summarise_areas(
        [AreaDone("east", 3.21, "", 12, 5_100_000, 9_900_000), AreaDone("west", 0.5, "no data"), AreaDone("up", 0.1)]
    )
    assert lines[1].split() == ["east", "3.2", "5.1", "9.9", "12", "steps", "made"]
    assert lines[2].split() == ["west", "0.5", "-", "-", "failed"]
    assert "up to date" in lines[3]
    assert "west failed: no data" in lines
    assert lines[-1].startswith("2 of 3 areas are up to date; failed: west.")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--all", "demo"], "--all builds every Integrated Care Board"),
        (["demo", "--scheduler", "tls://a:1", "--workers", "2"], "--workers are processes of this machine"),
        (["demo", "--scheduler", "tls://a:1", "--scheduler-file", "f"], "name the scheduler twice"),
        (["demo", "--tls-ca", "f"], "go with --scheduler"),
    ],
)
def test_options_that_contradict_each_other_are_refused(
    options: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lay_out(tmp_path)
    assert main(["--root", str(tmp_path), "maps", *options]) == 1
    assert said in capsys.readouterr().err
