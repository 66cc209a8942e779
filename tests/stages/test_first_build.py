"""The first build of a new folder: what the run itself makes or fetches is what it reads."""

from pipeline.stages.data import ensure_demo
from pipeline.stages.graph import area_steps, check_sources
from tests.fixtures.projects import NewProject


def test_what_a_run_makes_itself_is_read_by_it(new_project: NewProject) -> None:
    project = new_project().snapshot()
    area = project.area("demo")
    # Looked for before there is anything, as a size of last time is sought in it.
    assert project.raw_file(project.sources()["lsoa21_icb"], area.nation) is None
    assert project.raw_files(area.nation) == {}
    ensure_demo(project, lambda _line: None)
    check_sources(project, [area])
    tidied = [step for step in area_steps(project, [area], "tidy") if step.stage.name == "tidy"]
    assert tidied
    assert all(step.reads.files for step in tidied)
