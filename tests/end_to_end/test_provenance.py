"""Which files an area is made from, over the commands: from mirrors that differ, changed by hand, tried, compared.

The files are those of the fictional country; the areas here are declared as real ones, so that they come from a mirror.
"""

import json
import shutil
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import geopandas as gpd
import pytest

from pipeline import Project, raw, store
from pipeline.errors import JoinError, PipelineError
from pipeline.stages.data import Wanted, make_demo
from pipeline.stages.requests import IndexTrial, OutcomeWanted, ValidationWanted
from pipeline.store.records import RiskRecord
from pipeline.tidy import tidy_source
from tests.fixtures.draws import draw_few
from tests.fixtures.estimates import GROWN, write_estimates
from tests.fixtures.folders import DECLARED
from tests.fixtures.pages import told

pytestmark = pytest.mark.slow

AREAS = """
[one]
title = "One"
lad = ["E07900002"]

[all-of-it]
title = "All of it"
everything = true
"""
ESTIMATES = "sapelsoasyoa20222024.xlsx"


@pytest.fixture(scope="module")
def mirrors(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders with the files of the country: with mid-year estimates, and with the census counts only."""
    root = tmp_path_factory.mktemp("made")
    shutil.copytree(DECLARED, root / "declared")
    make_demo(Project(root).snapshot(), lambda _: None, 60)
    census, estimates = root / "census", root / "estimates"
    census.mkdir()
    for path in (root / "data/raw/demo").rglob("*"):
        if path.is_file() and not path.name.endswith("receipt.json") and path.name != "made.json":
            shutil.copyfile(path, census / path.name)
    shutil.copytree(census, estimates)
    source = Project(root).sources()["census2021_age"]
    people = tidy_source(source, root / "data/raw/demo/census2021_age" / source.file).frame
    write_estimates(estimates / ESTIMATES, people.set_index("lsoa21_code"))
    return {"census": census, "estimates": estimates}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, mirrors: dict[str, Path]) -> Project:
    root = tmp_path_factory.mktemp("provenance") / "project"
    shutil.copytree(DECLARED, root / "declared")
    with (root / "declared/areas.toml").open("a", encoding="utf-8") as file:
        file.write(AREAS)
    draw_few(root)
    project = Project(root)
    fetch(project, "one", mirrors["estimates"])
    project.build("one")
    return project


@pytest.fixture
def project(made: Project, tmp_path: Path) -> Project:
    shutil.copytree(made.root, tmp_path / "project")
    return Project(tmp_path / "project")


@pytest.fixture(scope="module")
def unchanged(made: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy for what is refused, which leaves it as it is."""
    root = tmp_path_factory.mktemp("unchanged") / "project"
    shutil.copytree(made.root, root)
    return Project(root)


def fetch(project: Project, area: str, mirror: Path) -> None:
    """From a mirror with far fewer rows than the official files, which are accepted."""
    project.fetch(area, Wanted(mirror, accept=tuple(project.sources()), quiet=True))


def used(project: Project, area: str) -> set[str]:
    return {source.id for source in store.read_sources(project.processed(area) / "risk.parquet")}


def test_the_population_of_the_last_fetch_is_that_of_areas_nation_and_metadata(
    project: Project, mirrors: dict[str, Path]
) -> None:
    totals: list[int] = []
    for mirror, there, gone in (("estimates", "mye2024", "census2021_age"), ("census", "census2021_age", "mye2024")):
        fetch(project, "all-of-it", mirrors[mirror])
        said: list[str] = []
        project.build("one", "all-of-it", until="score", say=said.append)
        nation = project.nation_table()["population_total"]
        totals.append(int(nation.sum()))
        for area in ("one", "all-of-it"):
            people = project.risk(area).set_index("lsoa21_code")["population_total"]
            assert (people == nation.reindex(people.index)).all()
            assert there in used(project, area)
            assert gone not in used(project, area)
            assert there in raw.read_stamp(project.root, area)
            assert gone not in raw.read_stamp(project.root, area)
        assert any(line.startswith("Note: mye2024: ") for line in said) == (there != "mye2024")
    assert totals[0] == pytest.approx(totals[1] * GROWN, rel=1e-3)


def test_an_area_that_grew_is_not_made_from_the_boundaries_it_had(project: Project, mirrors: dict[str, Path]) -> None:
    folder = project.root / "data/raw/lsoa21_boundaries"
    few = project.risk("one")[["lsoa21_code", "lsoa21_name", "geometry"]]
    few = few.rename(columns={"lsoa21_code": "LSOA21CD", "lsoa21_name": "LSOA21NM"})
    path = folder / "one.geojson"
    gpd.GeoDataFrame(few).to_file(path, driver="GeoJSON")
    content = path.read_bytes()
    receipt = replace(raw.made_receipt("lsoa21_boundaries", path.name, content, "one"), mode="network", area="one")
    raw.receipt_path(path).write_text(json.dumps(receipt.as_json()), encoding="utf-8")
    stamp = raw.stamp_path(project.root, "one")
    listed = json.loads(stamp.read_text(encoding="utf-8"))
    listed["lsoa21_boundaries"] = {"file": path.name, "sha256": receipt.sha256}
    stamp.write_text(json.dumps(listed), encoding="utf-8")
    assert "tidy lsoa21_boundaries one" in project.build("one", until="join")
    areas = project.declared / "areas.toml"
    text = areas.read_text(encoding="utf-8")
    areas.write_text(text.replace('lad = ["E07900002"]', 'lad = ["E07900001", "E07900002"]'), encoding="utf-8")
    with pytest.raises(JoinError, match=r"one\.geojson: \d+ of the 60 LSOAs of one have no boundary"):
        project.build("one")
    fetch(project, "one", mirrors["estimates"])
    said: list[str] = []
    project.build("one", until="score", say=said.append)
    assert len(project.risk("one")) == 60
    assert any("one.geojson is not read: LSOA21_BGC_EN.parquet is" in line for line in said)


def test_boundaries_that_lack_lsoas_of_the_nation_say_nothing_of_a_polygon(project: Project) -> None:
    path = project.root / "data/raw/lsoa21_boundaries/LSOA21_BGC_EN.parquet"
    frame = gpd.read_parquet(path)
    outline = project.root / "data/outline.geojson"
    gpd.GeoDataFrame(geometry=[frame.union_all()], crs=frame.crs).to_file(outline, driver="GeoJSON")
    frame.iloc[:-1].to_parquet(path)
    with (project.declared / "areas.toml").open("a", encoding="utf-8") as file:
        file.write('\n[drawn]\ntitle = "Drawn"\npolygon_file = "data/outline.geojson"\n')
    with pytest.raises(JoinError, match="1 of the 60 LSOAs that there are have no boundary"):
        project.build("drawn", until="join")


def test_a_raw_file_changed_by_hand_is_said_everywhere_until_it_is_fetched_again(
    project: Project, mirrors: dict[str, Path]
) -> None:
    path = project.root / "data/raw/ruc2021/LSOA21_RUC21_EW_LU.csv"
    published = path.read_bytes()
    path.write_bytes(published + b"\r\n")
    for _ in range(2):
        said: list[str] = []
        project.build("one", say=said.append)
        (line,) = [line for line in said if "was changed by hand since it was fetched" in line]
        assert line.endswith("To get the published file back: make data AREA=one")
    record = store.read_record(project.processed("one") / "risk.parquet", RiskRecord)
    (origin,) = [source for source in record.sources if source.id == "ruc2021"]
    assert origin.sha256 == sha256(path.read_bytes()).hexdigest()
    assert origin.size == len(published) + 2
    assert origin.fetched_sha256 == sha256(published).hexdigest()
    pages = [told(project.page("one")), project.method_page("one").read_text(encoding="utf-8")]
    for text in (" ".join(record.notes), *origin.notes[-1:], *pages):
        assert "LSOA21_RUC21_EW_LU.csv was changed by hand since it was fetched" in text
    fetch(project, "one", mirrors["estimates"])
    project.build("one", until="score")
    after = store.read_record(project.processed("one") / "risk.parquet", RiskRecord).notes
    (gone,) = set(record.notes) - set(after)
    assert "LSOA21_RUC21_EW_LU.csv was changed by hand" in gone


def test_a_receipt_of_another_file_stops_the_build_with_the_remedy(project: Project) -> None:
    folder = project.root / "data/raw/ruc2021"
    other = project.root / "data/raw/lsoa21_ward/LSOA21_WD24_LAD24_EW_LU.csv"
    shutil.copyfile(raw.receipt_path(other), raw.receipt_path(folder / "LSOA21_RUC21_EW_LU.csv"))
    with pytest.raises(PipelineError, match="this is the receipt of another file, .* Delete it and fetch"):
        project.build("one")


@pytest.mark.parametrize(
    "output", ["risk.parquet", "joined.parquet", "sites.parquet", "evidence.parquet", ".", "x.csv"]
)
@pytest.mark.parametrize("way", ["plain", "detour", "link", "hard link"])
def test_a_trial_never_replaces_what_belongs_to_an_area(
    unchanged: Project, tmp_path: Path, output: str, way: str
) -> None:
    folder = unchanged.processed("one")
    if way == "link":
        (tmp_path / "link").symlink_to(folder, target_is_directory=True)
    path = {"plain": folder, "detour": folder / ".." / "one", "link": tmp_path / "link"}.get(way, folder) / output
    if way == "hard link" and path.is_file():
        (tmp_path / "other.parquet").hardlink_to(path)
        path = tmp_path / "other.parquet"
    before = {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}
    with pytest.raises(PipelineError, match="--output .* Give a file of its own, such as one-trial.parquet"):
        unchanged.try_index("one", IndexTrial(output=path, index="deri", uncertain=False))
    assert {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()} == before


def test_a_trial_may_go_anywhere_else(project: Project, tmp_path: Path) -> None:
    project.try_index("one", IndexTrial(output=tmp_path / "new" / "t.parquet", index="deri", uncertain=False))
    assert store.read_record(tmp_path / "new" / "t.parquet", RiskRecord).index.id == "deri"
    assert project.build("one") == []


def test_outcomes_are_kept_one_file_each_and_shown_only_on_request(project: Project) -> None:
    folder, nation = project.processed("one"), project.nation_table()
    shipped = nation[["imd_score"]].rename(columns={"imd_score": "Score"}).rename_axis("LSOA11CD")
    place = project.root / "data/raw/ons_dpi/ons_digital_propensity_index_2021_lsoa11.csv"
    place.parent.mkdir(exist_ok=True)
    shipped.to_csv(place)
    mine = project.root / "data/heardhere.csv"
    nation[["share_75_plus", "imd_score"]].rename_axis("code").to_csv(mine)
    project.validate("one", ValidationWanted(draws=10))
    official = (folder / "evidence.json").read_bytes()
    for column in ("share_75_plus", "imd_score"):
        said: list[str] = []
        outcome = OutcomeWanted(path=mine, column=column)
        project.validate("one", ValidationWanted(outcome=outcome, draws=10), said.append)
        assert "Pages and the data package do not show this outcome. To show it: validate with --publish." in said
    assert (folder / "evidence.json").read_bytes() == official
    names = [path.stem for path in sorted(folder.glob("evidence-heardhere-*.parquet"))]
    assert len(names) == 2
    assert names[0].startswith("evidence-heardhere-imd-score-")
    project.build("one")
    passed_on = (project.page("one"), project.method_page("one"), folder / "datapackage.json")
    assert not any("heardhere" in path.read_text(encoding="utf-8") for path in passed_on)
    assert "Digital Propensity Index" in passed_on[1].read_text(encoding="utf-8")
    outcome = OutcomeWanted(path=mine, column="imd_score")
    project.validate("one", ValidationWanted(outcome=outcome, draws=10, publish=True))
    project.build("one")
    page, package = (path.read_text(encoding="utf-8") for path in passed_on[1:])
    assert "heardhere.csv, imd_score" in page
    assert "heardhere.csv, share_75_plus" not in page
    assert f"{names[0]}.parquet" in package
    assert '"licence": "as its owner says"' in package
    edit = project.declared / "indices/norfolk-waveney.toml"
    edit.write_text(edit.read_text("utf-8").replace("weight = 10", "weight = 30"), encoding="utf-8")
    project.build("one")
    page = project.method_page("one").read_text(encoding="utf-8")
    assert page.count("This comparison was made with earlier data or other weights") == 3
    said = []
    project.validate("one", ValidationWanted(draws=10), said.append)
    assert any("were changed by hand since they were fitted to ons_dpi" in line for line in said)
    project.build("one")
    page = project.method_page("one").read_text(encoding="utf-8")
    assert page.count("This comparison was made with earlier data or other weights") == 1
    assert "Weights changed by hand since they were fitted: norfolk-waveney." in page
    assert "were changed by hand since they were fitted to ons_dpi" in told(project.page("one"))
