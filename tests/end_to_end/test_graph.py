"""What outputs depend on: every file and every declared value that a stage uses, and nothing else.

Invariants over all stages of a small fictional country, those on request too; ``test_rebuilding.py`` has the stories.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import Project, raw, store
from pipeline.stages.project import Folders, Snapshot
from pipeline.stages.runner import Runner
from tests.fixtures.estimates import write_estimates
from tests.fixtures.graphs import every_step, make_everything, moved
from tests.fixtures.pages import told
from tests.fixtures.projects import MOMENT, copy_project

pytestmark = pytest.mark.slow

Damage = Callable[[Path], object]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path) -> None:
    """Change the last letter, digit or byte, and neither size nor time."""
    before, content = path.stat(), bytearray(path.read_bytes())
    place = max((n for n, byte in enumerate(content) if chr(byte).isalnum()), default=len(content) - 1)
    content[place] ^= 1
    path.write_bytes(bytes(content))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def flip_first_digit(path: Path) -> None:
    """Change what a record says of when and by what it was made, which is no content for later steps."""
    content = bytearray(path.read_bytes())
    place = next((n for n, byte in enumerate(content) if chr(byte).isdigit()), 0)
    content[place] ^= 1
    path.write_bytes(bytes(content))


DAMAGE = (Path.unlink, cut, flip, flip_first_digit)


@pytest.fixture(scope="module")
def everything(small: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The country, made once; built at a fixed time, so that the same inputs give the same bytes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", MOMENT)
        yield make_everything(small, tmp_path_factory.mktemp("everything") / "my project")


@pytest.fixture
def project(everything: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", MOMENT)
    return copy_project(everything, tmp_path / "copy")


def contents(project: Project) -> dict[str, bytes]:
    folders = (project.root / "data/processed", project.root / "maps")
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return {project.name_of(p): p.read_bytes() for p in files if not p.name.startswith(".lock")}


def test_whatever_is_damaged_its_step_alone_runs_again(project: Project) -> None:
    for step in every_step(project):
        kept = {path: path.read_bytes() for path in step.writes if path.exists()}
        for damage in DAMAGE:
            for path in kept:
                damage(path)
            reasons = Runner().reasons(step)
            for path, content in kept.items():
                assert any(path.name in reason for reason in reasons), (step.name, path.name, damage)
                path.write_bytes(content)
        assert Runner().reasons(step) == [], step.name


@pytest.mark.parametrize("damage", [Path.unlink, flip])
def test_everything_damaged_at_once_is_made_as_it_was(project: Project, damage: Damage) -> None:
    before = contents(project)
    for step in every_step(project):
        for path in step.writes:
            if path.exists():
                damage(path)
    project.build("demo")
    assert contents(project) == before
    assert project.build("demo") == []


@pytest.mark.parametrize("damage", [cut, flip_first_digit])
def test_records_of_steps_damaged_at_once_heal(project: Project, damage: Damage) -> None:
    before = contents(project)
    for step in every_step(project):
        if step.stage.name not in ("site", "plan", "validate"):
            damage(step.record_path)
    project.build("demo")
    assert contents(project) == before


@pytest.mark.parametrize("damage", [cut, flip_first_digit])
def test_what_was_asked_for_is_not_shown_without_its_record_and_that_is_said(project: Project, damage: Damage) -> None:
    folder, said = project.records("demo", "demo"), list[str]()
    for path in [folder / "site.json", *folder.glob("validate-*.json")]:
        damage(path)
    project.build("demo", say=said.append)
    assert '"sites":null' in told(project.page("demo"))
    package = (project.processed("demo") / "datapackage.json").read_text(encoding="utf-8")
    assert "evidence" not in package
    if damage is not Path.unlink:
        assert sum("cannot be read, so its outputs are not used" in line for line in said) == 3


INPUTS = {
    "lsoa21_boundaries/LSOA21_BGC_EN.parquet": "tidy lsoa21_boundaries",
    "iod2025_file8/File_8_IoD2025_Underlying_Indicators.xlsx": "tidy iod2025_file8",
    "ruc2021/LSOA21_RUC21_EW_LU.csv": "tidy ruc2021",
    "lsoa21_icb/LSOA21_SICBL24_ICB24_CAL24_LAD24_EN_LU.csv": "tidy lsoa21_icb",
    "census2021_age/census2021-ts007a.zip": "tidy census2021_age",
    "geonames_towns/cities500.json": "tidy geonames_towns",
    "code_point_open/codepo_gb.zip": "tidy code_point_open",
    "libraries/basic-dataset-for-libraries-2023-enhanced.csv": "tidy libraries",
    "gp_practices/epraccur.csv": "tidy gp_practices",
    "gp_practices/epraccur.csv.receipt.json": "tidy gp_practices",
    "self_assessment/self-assessment.csv": "assess demo",
    "stories/stories.csv": "places demo",
    "initiatives/initiatives.csv": "places demo",
    "../../local/journeys.csv": "places demo",
    "../../local/gardens.csv": "indicators share_without_garden",
    "../../local/candidates.csv": "site demo, plan demo",
    "../../local/outcomes.csv": "validate outcomes-first demo, validate outcomes-second demo",
}
"""Input files, from ``data/raw/demo``, and the steps that read them."""


@pytest.mark.parametrize("name", INPUTS)
def test_a_byte_of_an_input_makes_the_steps_stale_that_read_it(project: Project, name: str) -> None:
    flip(project.root / "data/raw/demo" / name)
    runner = Runner()
    stale = ", ".join(step.name for step in every_step(project) if runner.reasons(step))
    assert re.sub("-[0-9a-f]{6} ", " ", stale) == INPUTS[name]


def test_what_was_asked_for_is_listed_as_stale_as_the_next_build_makes_it_again(project: Project) -> None:
    flip(project.root / "data/local/candidates.csv")
    assert "site demo" in project.stale("demo")


def test_every_input_is_read_by_some_step(project: Project) -> None:
    read = {path.resolve() for step in every_step(project) for path in step.reads.files}
    folder = project.root / "data/raw/demo"
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "made.json"]
    unread = {path.name for path in files if path.resolve() not in read and not path.name.endswith(".receipt.json")}
    assert unread == set()


def test_declared_groups_are_summed_up_beside_the_official_ones(everything: Project) -> None:
    teams, districts = (everything.table("demo", f"summary_{level}") for level in ("teams", "lad"))
    assert teams["unit_name"].tolist() == ["North", "South"]
    assert teams["residents"].sum() == pytest.approx(districts["residents"].sum())
    assert teams["risk_score"].nunique() == 1


def test_tables_of_a_group_that_is_no_longer_declared_are_removed(project: Project) -> None:
    path, folder = project.declared / "groups.toml", project.processed("demo")
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("[teams]")], encoding="utf-8")
    assert (folder / "summary_teams.csv").exists()
    said: list[str] = []
    project.build("demo", until="summarise", say=said.append)
    assert not list(folder.glob("summary_teams*"))
    assert (folder / "summary_pcn.csv").exists()
    assert any("removed" in line and "summary_teams.csv" in line for line in said)


DECLARED = {
    ("areas.toml", 'title = "Saltmarsh and the Wolds"', 'title = "Saltmarsh"'): "join outline places score programmes "
    "summarise map method assess files briefing package front plan validate validate",
    ("areas.toml", "self_assessment_date = 2026", "self_assessment_date = 2027"): "assess",
    ("areas.toml", 'stories_file = "', '# stories_file = "'): "places",
    ("areas.toml", 'journeys_file = "', '# journeys_file = "'): "places",
    ("areas.toml", "fictional = true", 'fictional = true\nreference = "area"'): "score sensitivity",
    (
        "areas.toml",
        "fictional = true",
        'fictional = true\nindex = "deri"',
    ): "score sensitivity method validate validate",
    ("areas.toml", "fictional = true", "fictional = true\nexpected_lsoas = 60"): "join",
    ("areas.toml", "expected_lsoas = 624", "expected_lsoas = 625"): "",
    ("indices/norfolk-waveney.toml", "weight = 10", "weight = 23"): "score sensitivity method validate validate",
    ("indices/deri.toml", "weight = 4", "weight = 5"): "validate validate",
    ("uncertainty.toml", "draws = 20", "draws = 21"): "score summarise sensitivity",
    ("groups.toml", "[practices]\nleast_covered = 0.5", "[practices]\nleast_covered = 0.4"): "summarise",
    ("sources.toml", 'release = "2021"', 'release = "2022"'): "tidy",
    ("indicators.toml", 'title = "Homes without a garden"', 'title = "No garden"'): "indicators nation join score map "
    "sensitivity method files package validate validate",
    ("help.toml", 'what = "', 'what = "First of all: '): "score programmes map files",
    ("priority-groups.toml", "at_most = 2", "at_most = 3"): "score",
    ("themes.toml", 'note = "', 'note = "Ours: '): "assess",
    ("costs.toml", "helped_share = 0.1", "helped_share = 0.2"): "programmes",
    ("places.toml", "least_people = 500", "least_people = 400"): "score programmes site plan",
    ("places.toml", "risk_share = 0.2", "risk_share = 0.3"): "score site plan",
    ("places.toml", "farthest_outside = 20000", "farthest_outside = 21000"): "places score site plan",
    ("layers.toml", "may_be_empty = true", "may_be_empty = true\nmissing = 'Not there'"): "map files",
}
"""Changes of declared files, and the stages that use what was changed."""


@pytest.mark.parametrize("change", DECLARED, ids=lambda change: f"{change[0]} {change[2]}"[:60])
def test_a_declared_value_makes_the_steps_stale_that_use_it(project: Project, change: tuple[str, str, str]) -> None:
    name, old, new = change
    path = project.declared / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    place = text.rindex(old) if name == "areas.toml" else text.index(old)
    path.write_text(text[:place] + new + text[place + len(old) :], encoding="utf-8")
    runner = Runner()
    assert [step.stage.name for step in every_step(project) if runner.reasons(step)] == DECLARED[change].split()


@pytest.mark.parametrize(
    "spelling", ["./data/local/journeys.csv", "data/../data/local//journeys.csv", "data\\local\\journeys.csv", None]
)
def test_another_spelling_of_a_file_is_the_same_file(project: Project, spelling: str | None) -> None:
    path, areas = project.root / "data/local/journeys.csv", project.declared / "areas.toml"
    text = areas.read_text(encoding="utf-8")
    areas.write_text(text.replace("data/local/journeys.csv", f"{spelling or path}".replace("\\", "\\\\")), "utf-8")
    assert project.stale("demo") == {}
    flip(path)
    assert next(iter(project.stale("demo"))) == "places demo"


class Watched(Snapshot):
    """A project folder that notes which declared files are read."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.read: set[str] = set()

    def _read(self, name: str, read: Callable[[Path], object]) -> object:  # type: ignore[override]
        self.read.add(f"declared/{name}")
        return Folders._read(self, name, read)


ALWAYS = {"declared/sources.toml", "declared/areas.toml"}
"""Declared files that say where tables are; what a stage uses of their content is in what it reads by file."""


def test_a_stage_reads_only_what_it_declares(
    everything: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every stage once more, in a folder that holds what it says it reads and nothing else: the same bytes."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", MOMENT)
    for number, step in enumerate(every_step(everything)):
        alone = Project(tmp_path / str(number))
        _lay_out_inputs(everything, alone, {everything.name_of(path): path for path in step.reads.files})
        there = moved(step, alone)
        assert [alone.name_of(path) for path in there.reads.files] == [
            everything.name_of(path) for path in step.reads.files
        ]
        watched = Watched(alone.root)
        record = store.read_step_record(step.record_path)
        assert record is not None
        Runner(lambda _: None).execute(replace(there, project=watched), request=record.request)
        assert watched.read <= {*there.reads.declared, *ALWAYS}, step.name
        for path in step.writes:
            made = alone.root / everything.name_of(path)
            assert path.exists() == made.exists(), (step.name, path.name)
            assert not path.exists() or path.read_bytes() == made.read_bytes(), (step.name, path.name)
        shutil.rmtree(alone.root)


def _lay_out_inputs(project: Project, alone: Project, files: Mapping[str, Path]) -> None:
    """Raw files that are not among ``files`` are there, as the graph asks for that, but empty."""
    shutil.copytree(project.declared, alone.declared)
    for path in _raw_files(project.root):
        target = alone.root / project.name_of(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes() if path.suffix == ".json" and path.name != "cities500.json" else b"")
    # Whether sites were proposed and outcomes published is told by what these steps made.
    folder = project.records("demo", "demo")
    processed = project.processed("demo")
    evidence = [*processed.glob("evidence*.json"), processed / "plan.json"]
    for path in [folder / "site.json", folder / "plan.json", *folder.glob("validate*.json"), *evidence]:
        target = alone.root / project.name_of(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    for name, path in files.items():
        if path.is_file():
            target = alone.root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)


def _raw_files(root: Path) -> Iterator[Path]:
    return (path for path in (root / "data/raw").rglob("*") if path.is_file())


def test_tables_of_another_run_are_never_read(project: Project) -> None:
    """What is left from another declaration or source, under whatever name, changes nothing."""
    before = contents(project)
    folder, national = project.processed("demo"), project.national("demo")
    left = {
        national / "mye2024.parquet": national / "census2021_age.parquet",
        folder / "boundaries.parquet": folder / "postcodes.parquet",
        national / "gone.parquet": national / "ruc2021.parquet",
        folder / "evidence.parquet": folder / "risk.parquet",
        folder / "evidence.json": folder / "sensitivity.json",
    }
    for path, other in left.items():
        shutil.copyfile(other, path)
    assert project.build("demo") == []
    for path in (national / "reference.parquet", folder / "joined.parquet", folder / "origins.parquet"):
        path.unlink()
    project.build("demo")
    after = contents(project)
    assert {name: after[name] for name in before} == before
    assert "mye2024" not in store.record_path(folder / "risk.parquet").read_text(encoding="utf-8")


def test_stories_journeys_and_the_self_assessment_go_with_their_declaration(project: Project) -> None:
    areas = project.declared / "areas.toml"
    gone = ("data/raw/demo/stories", "journeys_file", "self_assessment_")
    lines = [line for line in areas.read_text(encoding="utf-8").splitlines() if not any(key in line for key in gone)]
    areas.write_text("\n".join(lines) + "\n", encoding="utf-8")
    project.build("demo")
    assert not (project.processed("demo") / "stories.parquet").exists()
    assert not (project.processed("demo") / "journeys.parquet").exists()
    assert not (project.processed("demo") / "self_assessment.parquet").exists()
    assert not project.assessment_page("demo").exists()
    ids = {source.id for source in store.read_sources(project.processed("demo") / "risk.parquet")}
    assert "journeys" not in ids
    assert "stories" not in (project.processed("demo") / "datapackage.json").read_text(encoding="utf-8")


def test_a_source_and_its_alternative_change_places_in_the_area_the_nation_and_the_metadata(project: Project) -> None:
    """Mid-year estimates appear and go again: the census counts take over, everywhere in the same run."""
    before = project.nation_table("demo")
    census = before["population_total"]
    estimated = write_estimates(raw.raw_folder(project.root, "demo") / "mye2024/sapelsoasyoa20222024.xlsx", before)
    for there in (True, False):
        if not there:
            shutil.rmtree(raw.raw_folder(project.root, "demo") / "mye2024")
        project.build("demo")
        nation = project.nation_table("demo")["population_total"]
        area = project.risk("demo").set_index("lsoa21_code")["population_total"]
        assert (nation == (estimated if there else census)).all()
        assert (area == nation.reindex(area.index)).all()
        ids = {source.id for source in store.read_sources(project.processed("demo") / "risk.parquet")}
        assert ids & {"mye2024", "census2021_age"} == ({"mye2024"} if there else {"census2021_age"})


def test_briefings_on_units_are_made_again_with_the_map(project: Project) -> None:
    districts = project.brief("demo", None, "lad")
    assert project.build("demo") == ["front demo"]
    door = project.front_door("demo").read_text(encoding="utf-8")
    assert all(f'<a href="briefings/{path.name}">' in door for path in districts)
    assert "1 January 2026" in door
    index = project.declared / "indices/norfolk-waveney.toml"
    index.write_text(index.read_text(encoding="utf-8").replace("weight = 10", "weight = 23", 1), encoding="utf-8")
    assert "score demo" in "; ".join(project.stale("demo")["briefings all-lad demo"])
    before = [path.read_bytes() for path in districts]
    assert {"score demo", "map demo", "briefings all-lad demo", "front demo"} <= set(project.build("demo"))
    assert all(path.read_bytes() != old for path, old in zip(districts, before, strict=True))
    assert project.stale("demo") == {}
    assert project.build("demo") == []


def test_briefings_on_a_level_follow_its_units_and_go_with_it(project: Project) -> None:
    project.brief("demo", None, "teams")
    project.brief("demo", "South", "teams")
    folder = project.page("demo").parent / "briefings"
    assert {path.name for path in folder.iterdir()} == {
        f"teams-{n}.{e}" for n in ("north", "south") for e in ("pdf", "html")
    }
    teams = project.root / "data/local/teams.csv"
    teams.write_text(teams.read_text(encoding="utf-8").replace("North", "West"), encoding="utf-8")
    said: list[str] = []
    assert "briefings all-teams demo" in project.build("demo", say=said.append)
    assert {path.name for path in folder.iterdir()} == {
        f"teams-{n}.{e}" for n in ("west", "south") for e in ("pdf", "html")
    }
    assert ">North<" not in project.front_door("demo").read_text(encoding="utf-8")
    path = project.declared / "groups.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("[teams]")], encoding="utf-8")
    project.build("demo", say=said.append)
    assert not list(folder.iterdir())
    assert any("briefings all-teams demo: its outputs have to be made again" in line for line in said)
    assert "briefings/" not in project.front_door("demo").read_text(encoding="utf-8")
    assert project.stale("demo") == {}


def test_a_briefing_that_nobody_recorded_is_said_and_not_shown(project: Project) -> None:
    pdf, _ = project.brief("demo", "North", "teams")
    cut(next(project.records("demo", "demo").glob("briefings-*.json")))
    said: list[str] = []
    project.build("demo", say=said.append)
    assert pdf.exists()
    assert any("no record says how teams-north.html, teams-north.pdf was made" in line for line in said)
    assert "briefings/" not in project.front_door("demo").read_text(encoding="utf-8")
