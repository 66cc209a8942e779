"""Briefings as files: which unit a name means, what is refused, and where they are written."""

import io

import pytest
from pypdf import PdfReader

from pipeline import Project
from pipeline.errors import PipelineError
from pipeline.stages.briefing import read_briefed
from pipeline.stages.reads import briefing_files
from pipeline.stages.stage import Scope
from pipeline.stages.unit_briefings import Choice, _one_of, choose_units, file_names, slug
from tests.fixtures.program import call_program
from tests.fixtures.projects import Demo, copy_project

CHOICES = [
    Choice("ward", "E05000001", "Abbey, Norwich"),
    Choice("ward", "E05000002", "Abbey, Breckland"),
    Choice("lad", "E07000001", "Norwich"),
    Choice("ward", "E05000003", "Norwich"),
    Choice("msoa", "E02000001", "Hemsby & Ormesby (Great Yarmouth 002)"),
    Choice("lad", "E07000002", "Ynys Môn"),
]


@pytest.mark.parametrize(
    ("of", "code"),
    [
        ("e07000001", "E07000001"),
        ("hemsby and ormesby", "E02000001"),
        ("Hemsby & Ormesby (Great Yarmouth 002)", "E02000001"),
        ("abbey, norwich", "E05000001"),
        ("ynys mon", "E07000002"),
    ],
)
def test_a_unit_is_known_by_its_code_or_by_its_name_however_it_is_written(of: str, code: str) -> None:
    assert _one_of(CHOICES, of, "fens").code == code


def test_a_name_that_several_units_have_is_refused_with_all_of_them() -> None:
    with pytest.raises(PipelineError, match=r"Norwich \(district E07000001\), Norwich \(ward E05000003\).*--level"):
        _one_of(CHOICES, "norwich", "fens")
    with pytest.raises(PipelineError, match=r"Abbey, Norwich \(ward E05000001\), Abbey, Breckland"):
        _one_of(CHOICES, "Abbey", "fens")


def test_a_name_that_no_unit_has_is_refused_with_the_nearest() -> None:
    with pytest.raises(PipelineError, match=r"fens has no unit of that name or code. Did you mean 'Norwich'\?"):
        _one_of(CHOICES, "Norwhich", "fens")


def test_a_unit_whose_name_differs_from_another_in_signs_only_is_named_as_it_is_written() -> None:
    alike = [Choice("teams", name, name) for name in ("St. John's", "St Johns", "+1", "=1")]
    assert [_one_of(alike, choice.name, "fens") for choice in alike] == alike
    with pytest.raises(PipelineError, match="may be"):
        _one_of(alike, "st johns", "fens")


def test_files_are_named_after_units_in_plain_letters() -> None:
    names = file_names(CHOICES)
    assert names[CHOICES[5]] == "lad-ynys-mon"
    assert names[CHOICES[4]] == "msoa-hemsby-and-ormesby-great-yarmouth-002"
    alike = [Choice("ward", "E1", "St. John's"), Choice("ward", "E2", "St John’s")]
    assert list(file_names(alike).values()) == ["ward-st-johns-e1", "ward-st-johns-e2"]
    odd = [Choice("teams", code, name) for code, name in (("A!", "A!"), ("A?", "A?"), ("فريق", "فريق"), ("🙂", "🙂"))]
    assert list(file_names(odd).values()) == ["teams-a-a", "teams-a-a-2", "teams-unit", "teams-unit-2"]
    assert slug("../../etc/passwd") == "etc-passwd"
    assert len(slug("x" * 300)) == 60


def test_the_briefing_is_built_with_the_map(demo: Demo) -> None:
    project, said = demo
    pdf, page, slides = briefing_files(project.snapshot(), "demo")
    assert len(PdfReader(pdf).pages) == 2
    assert slides.stat().st_size > 50_000
    assert "Fictional data" in page.read_text(encoding="utf-8")
    assert any("a briefing on two sides" in line for line in said)


def test_numbers_of_the_files_are_those_of_the_tables(demo: Demo) -> None:
    project = demo[0]
    pdf, page, _ = briefing_files(project.snapshot(), "demo")
    decile = project.risk("demo")["england_decile"]
    text = " ".join(one.extract_text() for one in PdfReader(pdf).pages)
    for shown in (text, page.read_text(encoding="utf-8")):
        assert f"{(decile == 1).sum()} of {len(decile)}" in shown


def test_a_level_of_an_area_is_chosen_whole(demo: Demo) -> None:
    scope = Scope("demo", area="demo")
    wanted = choose_units(demo[0].snapshot(), scope, None, "lad")
    assert wanted.every == "lad"
    assert [unit.code for unit in wanted.units] == sorted(demo[0].table("demo", "summary_lad")["unit_code"])
    with pytest.raises(PipelineError, match="demo has no such level. It has: .*lad"):
        choose_units(demo[0].snapshot(), scope, None, "borough")


@pytest.fixture(scope="module")
def project(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy of the fictional area: what is asked for in it is made again by each later build of it."""
    return copy_project(demo[0], tmp_path_factory.mktemp("briefings") / "project")


def test_a_briefing_on_request_is_written_beside_the_map(project: Project) -> None:
    row = read_briefed(project.snapshot(), Scope("demo", area="demo")).inputs.summaries["lad"].iloc[0]
    said = call_program(project.root, ["briefing", "demo", "--of", row["unit_code"]])
    assert said.returncode == 0, said.stderr
    folder = project.page("demo").parent / "briefings"
    file = folder / f"lad-{slug(row['unit_name'])}.pdf"
    assert len(PdfReader(io.BytesIO(file.read_bytes())).pages) <= 2
    assert row["unit_name"] in file.with_suffix(".html").read_text(encoding="utf-8")


def test_options_that_make_no_sense_are_refused(demo: Demo) -> None:
    for options, message in (
        (["--all"], "--all writes a briefing for each unit of a level"),
        (["--all", "--level", "lad", "--of", "x"], "--all writes"),
        (["--level", "lad"], "of which unit?"),
    ):
        said = call_program(demo[0].root, ["briefing", "demo", *options])
        assert said.returncode == 1
        assert message in said.stderr


def test_a_practice_has_a_briefing_too(project: Project) -> None:
    row = project.table("demo", "summary_practice").iloc[0]
    said = call_program(project.root, ["briefing", "demo", "--of", row["unit_code"].lower()])
    assert said.returncode == 0, said.stderr
    written = (project.page("demo").parent / "briefings" / f"practice-{slug(row['unit_name'])}.html").read_text("utf-8")
    assert "GP practice" in written
    assert "patients" in written
