"""Names of files: how they are written, what belongs to them, and where the results of a request may go."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import Project
from pipeline.catalogue import read_index
from pipeline.errors import PipelineError
from pipeline.evidence import name_fitted
from pipeline.stages.calibrate import check_output, in_full
from pipeline.stages.project import Folders, tidy_path
from pipeline.stages.reads import is_public, parts_of
from pipeline.stages.requests import FitWanted, OutcomeWanted
from tests.fixtures.folders import DECLARED
from tests.fixtures.projects import NewProject


@pytest.fixture
def project(new_project: NewProject) -> Project:
    return new_project()


@pytest.mark.parametrize(
    "name",
    ["data/local/x.csv", "./data/local/x.csv", "data//local/x.csv", "data/local/../local/x.csv", "data\\local\\x.csv"],
)
def test_a_file_is_the_same_however_its_name_is_written(project: Project, name: str) -> None:
    path = project.root / "data/local/x.csv"
    path.parent.mkdir(parents=True)
    path.touch()
    assert project.local_file(name) == path
    assert project.local_file(path) == path
    assert project.name_of(project.local_file(path.absolute())) == "data/local/x.csv"


def test_a_file_elsewhere_keeps_its_full_name(project: Project, tmp_path: Path) -> None:
    elsewhere = tmp_path / "shared" / "x.csv"
    assert project.name_of(project.local_file(elsewhere)) == elsewhere.as_posix()


@given(st.lists(st.sampled_from(["a", "b", "..", "."]), max_size=6))
def test_a_tidy_path_leads_to_the_same_place(tmp_path_factory: pytest.TempPathFactory, parts: list[str]) -> None:
    root = tmp_path_factory.getbasetemp()
    path = root.joinpath(*parts)
    assert tidy_path(path, root).resolve() == path.resolve()
    assert ".." not in tidy_path(path, root).parts


def test_a_shapefile_is_all_its_files_and_a_folder_all_that_is_in_it(tmp_path: Path) -> None:
    for name in ("area.shp", "area.DBF", "area.prj", "other.dbf", "area.gpkg", "area.gdb/a0001.gdbtable"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert {path.name for path in parts_of(tmp_path / "area.shp")} >= {"area.shp", "area.DBF", "area.prj"}
    assert "other.dbf" not in {path.name for path in parts_of(tmp_path / "area.shp")}
    assert parts_of(tmp_path / "area.gpkg") == (tmp_path / "area.gpkg",)
    assert tmp_path / "area.gdb/a0001.gdbtable" in parts_of(tmp_path / "area.gdb")
    assert parts_of(tmp_path / "none" / "x.shp") == (tmp_path / "none" / "x.shp",)


def test_two_outcomes_of_one_name_are_told_apart_and_one_is_itself() -> None:
    one = OutcomeWanted(path=Path("a/survey.csv"), column="Offline (%)")
    assert OutcomeWanted().identity == ""
    assert one.identity.startswith("survey-offline-")
    assert one.identity == one.model_copy(update={"higher_is_better": True}).identity
    others: list[dict[str, object]] = [{"path": Path("b/survey.csv")}, {"column": "Offline"}, {"sheet": "2"}]
    assert len({one.identity, *(one.model_copy(update=change).identity for change in others)}) == 4


@given(st.text(max_size=60), st.text(max_size=60))
def test_an_outcome_s_name_is_one_for_a_file(stem: str, column: str) -> None:
    named = OutcomeWanted(path=Path(f"x{stem}.csv"), column=column).identity
    assert set(named) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(named) < 60


@pytest.mark.parametrize(
    ("request_", "public"),
    [
        ({}, True),
        ({"outcome": {"path": None}, "publish": False}, True),
        ({"outcome": {"path": "x.csv"}}, False),
        ({"outcome": {"path": "x.csv"}, "publish": False}, False),
        ({"outcome": {"path": "x.csv"}, "publish": True}, True),
    ],
)
def test_an_analyst_s_outcome_is_public_only_on_request(request_: dict[str, object], *, public: bool) -> None:
    assert is_public(request_) is public  # type: ignore[arg-type]


def test_the_command_is_written_in_full() -> None:
    outcome = OutcomeWanted(path=Path("data/my outcome.csv"), column="o", code_column="c", higher_is_better=True)
    wanted = FitWanted(outcome=outcome, draws=50, output=Path("declared/indices/mine.toml"))
    assert in_full("demo", wanted) == (
        "python -m pipeline calibrate --nation demo --index norfolk-waveney --outcome 'data/my outcome.csv' --column o "
        "--code-column c --higher-is-better --least 0.02 --draws 50 --output declared/indices/mine.toml"
    )
    assert in_full("england", FitWanted()) == "python -m pipeline calibrate --index norfolk-waveney --least 0.02"


def test_a_fitted_index_says_what_it_was_fitted_to_once() -> None:
    template = read_index(DECLARED / "indices/fitted-to-dpi.toml")
    assert template.fitted_to is not None
    fitted = template.model_copy(update={"fitted_to": template.fitted_to.model_copy(update={"outcomes": ("mine",)})})
    once = name_fitted(fitted, template, "My outcome")
    assert once.title == f"{template.title}, weights fitted to My outcome"
    assert once.source.count("weights fitted to") == 1
    assert "weights fitted to My outcome (python -m pipeline calibrate)" in once.source
    assert name_fitted(once, once, "My outcome") == once
    assert name_fitted(template, template, "X").title == template.title


def test_an_index_that_declares_its_mix_keeps_its_title() -> None:
    template = read_index(DECLARED / "indices/norfolk-waveney.toml")
    fitted = template.model_copy(update={"fitted_to": None})
    assert name_fitted(template, fitted, "this and that").title == template.title
    assert "weights fitted to this and that" in name_fitted(template, fitted, "this and that").source


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (".", "ends in .toml"),
        ("x.txt", "ends in .toml"),
        ("My Index.toml", "lower-case letters, digits and hyphens"),
        ("declared/sources.toml", "is no index"),
    ],
)
def test_a_fitted_index_goes_only_where_it_can_be_used(project: Project, name: str, message: str) -> None:
    with pytest.raises(PipelineError, match=f"--output .*{message}.*Give a file such as"):
        check_output(project.snapshot(), FitWanted(output=project.root / name))
    for good in ("declared/indices/norfolk-waveney.toml", "mine.toml"):
        check_output(project.snapshot(), FitWanted(output=project.root / good))


def test_a_project_is_read_by_names_of_files_that_are_tidy(project: Project) -> None:
    with (project.declared / "areas.toml").open("a", encoding="utf-8") as file:
        file.write('\n[mine]\ntitle = "Mine"\nlsoa_file = "./data/../data/local/codes.csv"\n')
    assert Folders(project.root).area("mine").lsoa_file == "data/local/codes.csv"
