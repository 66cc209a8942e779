"""Runs of the fictional area kept and compared, and its two releases of the Indices of Deprivation."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from shutil import copytree, rmtree

import pandas as pd
import pytest

from pipeline import Project
from pipeline.errors import CompareError, MissingSourceError, PipelineError, RecordError, command
from pipeline.stages.graph import FRONT, MAP, PACKAGE
from pipeline.stages.map import CHANGES_ARE_OF_OTHERS
from pipeline.stages.requests import CompareWanted
from pipeline.stages.runner import Runner
from pipeline.stages.stage import Scope
from pipeline.store.changes import ChangesRecord
from tests.fixtures.draws import draw_few
from tests.fixtures.pages import PageData, carried
from tests.fixtures.program import call_program
from tests.fixtures.projects import Demo, copy_project

pytestmark = pytest.mark.slow

Compare = Callable[[str, str], tuple[ChangesRecord, pd.DataFrame]]


@pytest.fixture(scope="module")
def project(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The fictional area: kept as it was built, and built again by other weights."""
    project = copy_project(demo[0], tmp_path_factory.mktemp("compare") / "project")
    project.keep("demo", "before")
    draw_few(project.root)
    index = project.declared / "indices/norfolk-waveney.toml"
    text = index.read_text(encoding="utf-8")
    index.write_text(text.replace("weight = 23", "weight = 60", 1), encoding="utf-8")
    first = project.risk("demo")["lsoa21_code"][:3].tolist()
    with (project.declared / "actions.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[loans]\ntitle = "Loans"\nareas = {json.dumps(first)}\nstart = 2000-01-01\npeople_reached = 9\n')
    project.build("demo", until="score")
    return project


@pytest.fixture(scope="module")
def compare(project: Project) -> Compare:
    def run(old: str, new: str) -> tuple[ChangesRecord, pd.DataFrame]:
        project.compare("demo", CompareWanted(old=old, new=new))
        folder = project.processed("demo")
        record = ChangesRecord.model_validate_json((folder / "changes.json").read_bytes())
        return record, pd.read_parquet(folder / "changes.parquet")

    return run


def test_other_weights_are_the_reason_and_no_evidence_of_a_change(compare: Compare, project: Project) -> None:
    record, frame = compare("before", "now")
    assert [part.title for part in record.parts] == ["Weights"]
    assert record.england is not None
    crossed = frame["worst_tenth_england"].isin(["Entered", "Left"])
    assert crossed.sum() == record.england.entered + record.england.left > 0
    assert set(frame["reason_england"].dropna()) == {"Weights"}
    assert (frame["part_weights"] - frame["rank_change"]).abs().max() < 1e-6
    assert "Changed in the index: skills: weight 23 → 60 in norfolk-waveney.toml." in record.notes
    assert record.actions[0].said.startswith("It began on 2000-01-01, before the earlier run")
    kept = json.loads((project.kept("demo") / record.old.date[:10] / "kept.json").read_bytes())
    assert kept["index"]["components"][5]["weight"] == 23
    plain = project.changes_page("demo").read_text(encoding="utf-8")
    assert "<script" not in plain
    assert plain.count("<h1>") == 1
    assert all("<caption>" in part for part in plain.split("<table")[1:])
    for sentence in record.sentences:
        assert sentence.replace("’", "") in plain.replace("’", "").replace("&#x27;", "")


def test_a_package_describes_what_was_compared_as_long_as_it_is_as_it_was_made(
    compare: Compare, project: Project
) -> None:
    compare("before", "now")
    folder = project.processed("demo")

    def described() -> set[str]:
        Runner(lambda _: None).execute(PACKAGE.at(project.snapshot(), Scope("demo", area="demo")))
        package = json.loads((folder / "datapackage.json").read_bytes())
        return {resource["path"] for resource in package["resources"]}

    assert {"changes.parquet", "changes.csv"} <= described()
    assert project.changes_page("demo") in FRONT.at(project.snapshot(), Scope("demo", area="demo")).reads.files
    (folder / "changes.csv").unlink()
    assert "changes.csv" not in described()


def test_the_map_shows_what_was_compared_with_its_own_scores_and_no_other(compare: Compare, project: Project) -> None:
    def shown() -> tuple[PageData | None, bool]:
        step = MAP.at(project.snapshot(), Scope("demo", area="demo"))
        assert project.processed("demo") / "changes.parquet" in step.reads.files
        Runner(lambda _: None).execute(step)
        page = carried(project.page("demo"))
        return page["changes"], CHANGES_ARE_OF_OTHERS in page["notes"]

    record, frame = compare("before", "now")
    changes, left_out = shown()
    assert changes is not None
    assert not left_out
    assert changes["sentences"] == list(record.sentences)
    codes = project.risk("demo")["lsoa21_code"].tolist()
    crossed = frame.set_index("lsoa21_code")["worst_tenth_england"]
    assert {(codes[one["row"]], one["crossed"]) for one in changes["areas"] if one["crossed"]} == {
        (code, change) for code, change in crossed.items() if change in ("Entered", "Left")
    }
    compare("now", "before")
    assert shown() == (None, True)
    compare("iod2019", "iod2025")
    changes, left_out = shown()
    assert changes is not None
    assert changes["releases"]
    assert not left_out


def test_an_index_over_what_is_built_now(compare: Compare) -> None:
    record, _ = compare("fitted-to-dpi", "hand-weighted")
    assert (record.old.index, record.new.index) == ("fitted-to-dpi", "hand-weighted")
    assert record.people is None


def test_a_folder_that_another_project_built(compare: Compare, project: Project, tmp_path: Path) -> None:
    copytree(project.root / "data/processed", tmp_path / "processed")
    record, frame = compare(str(tmp_path / "processed/demo"), "now")
    assert record.sentences == (
        f"None of 240 neighbourhoods moved by more than their uncertainty between {record.old.title} and "
        f"{record.new.title}.",
    )
    assert (frame["rank_change"] == 0).all()


def test_the_indices_of_deprivation_2019_and_2025(compare: Compare, project: Project) -> None:
    record, frame = compare("iod2019", "iod2025")
    assert set(record.redrawn) == {"unchanged", "split", "merged", "irregular"}
    assert sum(record.redrawn.values()) == len(frame) == 240
    assert record.test.usual is not None
    assert record.test.draws == 0
    assert len(record.indicators) == 7, "the seven domains"
    parts = frame[["part_indicators", "part_weights", "part_method", "part_program"]].sum(axis=1)
    assert (parts - frame["rank_change"]).abs().max() < 1e-6
    changed = frame["redrawn"] != "unchanged"
    assert set(frame.loc[changed, "reason"].dropna()) <= {"Boundary"}
    nation = project.nation_table("demo")
    assert (frame.set_index("lsoa21_code")["rank_new"] == nation["imd_score"].rank(ascending=False, method="min")).all()
    assert any("best fit" in note for note in record.notes)


def test_codes_of_2011_are_not_compared_without_the_lookup(project: Project) -> None:
    folder = project.root / "data/raw/demo/lsoa11_lsoa21"
    aside = folder.with_name("aside")
    folder.rename(aside)
    try:
        with pytest.raises(MissingSourceError, match="never compared with those of 2021 without the lookup"):
            project.compare("demo", CompareWanted(old="iod2019", new="iod2025"))
    finally:
        aside.rename(folder)


def test_a_release_is_not_compared_with_a_run(project: Project) -> None:
    with pytest.raises(CompareError, match="a release with a release"):
        project.compare("demo", CompareWanted(old="iod2019", new="before"))


def test_what_was_altered_since_it_was_kept_is_refused(project: Project, tmp_path: Path) -> None:
    kept = next(path for path in project.kept("demo").iterdir())
    copytree(kept, tmp_path / "run")
    risk = tmp_path / "run/risk.parquet"
    risk.write_bytes(risk.read_bytes()[:-1] + b"x")
    with pytest.raises(RecordError, match="altered since the run was kept"):
        project.compare("demo", CompareWanted(old=str(tmp_path / "run"), new="now"))


WRONG = {
    "befor": "Did you mean 'before'?",
    "2020-01-01": f"to keep one: {command('keep', 'demo')}",
    "nowhere/at/all": "is no run, release or index",
    "now": "there is nothing to compare",
}


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_exist_is_said_with_what_does(project: Project, name: str) -> None:
    done = call_program(project.root, ["compare", name, "now", "--area", "demo"])
    assert done.returncode == 1
    assert WRONG[name] in done.stderr


def test_a_name_is_used_once_and_is_no_other_thing(project: Project) -> None:
    for name, said in (
        ("before", "kept already"),
        ("now", "what is built now"),
        ("iod2019", "a release"),
        ("deri", "an index"),
        ("Before Tablets", "small letters"),
        ("2026-01-01", "a date"),
    ):
        with pytest.raises(PipelineError, match=said):
            project.keep("demo", name)


def test_a_second_run_of_a_day_has_a_number_and_can_be_named_by_it(project: Project, compare: Compare) -> None:
    done = call_program(project.root, ["keep", "demo"])
    assert done.returncode == 0, done.stderr
    folder = project.kept("demo") / re.search(r"\d{4}-\d\d-\d\d-2", done.stdout)[0]  # type: ignore[index]
    record, frame = compare(folder.name, "now")
    assert folder.name in record.old.title
    assert not frame["moved"].any()
    rmtree(folder)


def test_what_is_not_built_is_not_kept(demo: Demo) -> None:
    with pytest.raises(MissingSourceError, match="does not exist yet"):
        demo[0].keep("norfolk-and-waveney")
