"""The two commands over the fictional country and, where its files are there, over England."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from pipeline import Project, store
from pipeline.catalogue import fit_path, read_fit, read_index
from pipeline.errors import DeclarationError, EvidenceError, MissingSourceError, RawFileError
from pipeline.stages.requests import FitWanted, OutcomeWanted, ValidationWanted
from pipeline.store.records import AgreementReport, EvidenceRecord, OutcomeFile, SourceUsed
from tests.fixtures.folders import MIRROR
from tests.fixtures.projects import REAL, Built, Demo, Said

SHIPPED = OutcomeWanted()


@pytest.fixture(scope="module")
def outcome_file(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An invented outcome by LSOA 2021 that goes with age and skills."""
    nation = store.read_table(demo[0].national("demo") / "reference.parquet")
    noise = np.random.default_rng(2).normal(0, 0.03, len(nation))
    nation["offline"] = nation["share_75_plus"] + 0.3 * nation["adult_skills_deprivation"] + noise
    path = tmp_path_factory.mktemp("outcome") / "offline.csv"
    nation[["lsoa21_code", "lsoa21_name", "offline"]].to_csv(path, index=False)
    return path


def test_validate_writes_a_table_with_provenance(demo: Demo, outcome_file: Path) -> None:
    project, said = demo[0], Said()
    wanted = held_against(outcome_file, "offline", draws=50).model_copy(update={"publish": True})
    project.validate("demo", wanted, said.append)
    folder = project.processed("demo")
    (path,) = folder.glob("evidence-offline-offline-*.parquet")
    table, content = store.read_table(path), json.loads(path.with_suffix(".json").read_text())
    assert {"norfolk-waveney", "hand-weighted", "deri", "imd2025", "IMD alone"} <= set(table["candidate"])
    assert content["outcome"]["used"] == 240
    assert len(content["calibration"]) == 10 * table["candidate"].nunique()
    source, *_ = store.read_record(path, EvidenceRecord).sources
    assert isinstance(source, OutcomeFile)
    assert source.column == "offline"
    assert any("covers fewer than 30 of its LSOAs, or no others" in line for line in said)
    assert not any("in sample" in line for line in said)
    assert said[-1].startswith("FICTIONAL DATA")
    assert "package demo" in project.build("demo")


def fit(output: Path, outcome: OutcomeWanted = SHIPPED) -> FitWanted:
    return FitWanted(outcome=outcome, draws=20, output=output)


def held_against(path: Path | None = None, column: str | None = None, draws: int = 10) -> ValidationWanted:
    return ValidationWanted(outcome=OutcomeWanted(path=path, column=column), draws=draws)


def test_calibrate_writes_an_index_that_the_engine_reads(demo: Demo, outcome_file: Path, tmp_path: Path) -> None:
    project, said, output = demo[0], Said(), tmp_path / "fitted.toml"
    asked = OutcomeWanted(path=outcome_file, column="offline")
    # The fictional country may be one ICB: then nothing can be left out, and the command says so.
    boards = store.read_table(project.national("demo") / "reference.parquet")["icb_code"].nunique()
    if boards < 2:
        with pytest.raises(EvidenceError, match="one group of areas only"):
            project.calibrate("demo", fit(output, asked), said.append)
        assert not output.exists()
        return
    project.calibrate("demo", fit(output, asked), said.append)
    fitted = read_index(output).fitted_to
    assert fitted is not None
    assert fitted.outcomes == ("offline.csv, offline",)
    beside = read_fit(fit_path(output))
    assert beside is not None
    assert beside.nation == "demo"
    assert beside.chance is not None


def test_what_is_not_there_is_said(demo: Demo, tmp_path: Path) -> None:
    project = demo[0]
    with pytest.raises(RawFileError, match="there is no such file"):
        project.validate("demo", held_against(tmp_path / "none.csv", "x"))
    path = tmp_path / "o.csv"
    path.write_text("code,x\nE01000001,1\n")
    with pytest.raises(EvidenceError, match="say with --column"):
        project.validate("demo", held_against(path))
    with pytest.raises(RawFileError, match="'y' is missing. Columns found: code, x"):
        project.validate("demo", held_against(path, "y"))


@pytest.fixture
def copied(demo: Demo, tmp_path: Path) -> Project:
    """The built fictional country in a folder of its own, so that its declarations and files can be changed."""
    root = tmp_path / "project"
    shutil.copytree(demo[0].root, root, ignore=shutil.ignore_patterns("maps"))
    return Project(root)


def remove_outcomes(project: Project, *sources: str) -> None:
    for source in sources:
        shutil.rmtree(project.root / "data" / "raw" / "demo" / source)


def test_without_any_outcome_the_command_says_which_file_to_put_where(copied: Project) -> None:
    remove_outcomes(copied, "ons_dpi", "ons_online_share", "iuc2018", "ons_internet_users")
    with pytest.raises(MissingSourceError, match="No --outcome was given, and ons_dpi"):
        copied.validate("demo", held_against())


def test_every_index_is_compared_with_every_outcome_that_is_there(copied: Project) -> None:
    said = Said()
    copied.validate("demo", held_against(), said.append)
    folder = copied.processed("demo")
    table = store.read_table(folder / "agreement.parquet")
    record = store.read_record(folder / "agreement.json", AgreementReport)
    assert record.published
    assert len(record.compared) == len(table)
    assert [outcome.id for outcome in record.outcomes][:3] == ["ons_dpi", "online_share", "iuc"]
    assert set(copied.shipped_indices()) | {"aged 75 and over alone"} == set(table["candidate"])
    fitted = table[table["in_sample"]]
    assert set(fitted.loc[fitted["candidate"] == "fitted-to-dpi", "outcome"]) == {"ons_dpi"}
    mixed = copied.index("norfolk-waveney").mix
    assert mixed is not None
    assert set(fitted.loc[fitted["candidate"] == "norfolk-waveney", "outcome"]) <= set(mixed.outcomes)
    assert {"ons_dpi", "ons_online_share", "iuc2018"} <= {s.id for s in record.sources if isinstance(s, SourceUsed)}
    # The fictional country of the tests has few districts: too few areas for the survey.
    assert any(line.startswith("lfs_not_online is not compared: ") for line in said)
    assert any("Not official statistics" in line for line in said)
    evidence = store.read_record(folder / "evidence.parquet", EvidenceRecord)
    ours = table[(table["outcome"] == "ons_dpi") & (table["level"] == "all")].set_index("candidate")["agreement"]
    full = store.read_table(folder / "evidence.parquet").set_index("entry")["spearman"]
    assert evidence.outcome.name == "ons_dpi"
    assert ours["deri"] == pytest.approx(full["deri/all/all"])
    copied.build("demo")
    page = copied.method_page("demo").read_text(encoding="utf-8")
    assert "What to keep in mind of each outcome" in page
    assert "was made with earlier data" not in page
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert "agreement.parquet" in {resource["path"] for resource in package["resources"]}
    edit = copied.declared / "outcomes.toml"
    edit.write_text(
        edit.read_text(encoding="utf-8").replace("groups = [7, 8, 9, 10]", "groups = [8]"), encoding="utf-8"
    )
    assert copied.build("demo", until="method")
    assert "was made with earlier data" in copied.method_page("demo").read_text(encoding="utf-8")


def test_an_outcome_that_is_missing_leaves_the_others(copied: Project) -> None:
    remove_outcomes(copied, "ons_dpi", "iuc2018")
    said = Said()
    copied.validate("demo", held_against(), said.append)
    record = store.read_record(copied.processed("demo") / "agreement.json", AgreementReport)
    assert [outcome.id for outcome in record.outcomes] == ["online_share"]
    assert any("iuc is not compared: iuc2018 is missing" in line for line in said)
    assert not (copied.processed("demo") / "evidence.parquet").exists()


PRACTICES = """
[app_not_used]
title = "Patients who do not use <the app>"
measures = "Patients of each practice without the app"
file = "data/local/app.csv"
code_column = "practice"
column = "not_used"
level = "practice"
lookup = "data/local/patients.csv"
from_publisher = "A trust"
licence = "internal"
nation = "demo"
caveat = "Practices differ."
"""


def declare_practices(project: Project) -> None:
    """Practices of some LSOAs each, where the share without the app follows age."""
    nation = store.read_table(project.national("demo") / "reference.parquet")
    nation["practice"] = [f"Y{n // 12:05}" for n in range(len(nation))]
    folder = project.root / "data" / "local"
    folder.mkdir(exist_ok=True)
    patients = nation.rename(columns={"practice": "unit", "lsoa21_code": "lsoa", "population_total": "weight"})
    patients[["unit", "lsoa", "weight"]].to_csv(folder / "patients.csv", index=False)
    shares = nation.groupby("practice")["share_75_plus"].mean().rename("not_used").reset_index()
    shares.to_csv(folder / "app.csv", index=False)
    path = project.root / "declared" / "outcomes.toml"
    path.write_text(path.read_text(encoding="utf-8") + PRACTICES, encoding="utf-8")


def test_an_outcome_of_practices_is_compared_and_shown_to_others_only_on_request(copied: Project) -> None:
    declare_practices(copied)
    said = Said()
    copied.validate("demo", held_against(), said.append)
    folder = copied.processed("demo")
    local = store.read_table(folder / "agreement-local.parquet")
    assert local["outcome"].unique().tolist() == ["app_not_used"]
    assert set(local["units"]) == {"practice"}
    agreement = local[local["level"] == "all"].set_index("candidate")["agreement"]
    assert agreement["aged 75 and over alone"] > 0.95
    assert "app_not_used" not in set(store.read_table(folder / "agreement.parquet")["outcome"])
    assert "Pages and the data package do not show outcomes of yours. To show them: validate with --publish." in said
    copied.build("demo")
    assert "the app" not in copied.method_page("demo").read_text(encoding="utf-8")
    copied.validate("demo", held_against().model_copy(update={"publish": True}), said.append)
    copied.build("demo")
    assert "Patients who do not use &lt;the app&gt;" in copied.method_page("demo").read_text(encoding="utf-8")
    sources = store.read_record(folder / "agreement.json", AgreementReport).sources
    files = {source.file for source in sources if isinstance(source, OutcomeFile)}
    assert files == {"data/local/app.csv", "data/local/patients.csv"}


def test_an_outcome_of_yours_that_cannot_be_matched_stops_the_command(copied: Project) -> None:
    declare_practices(copied)
    (copied.root / "data" / "local" / "app.csv").write_text("practice,not_used\nZ1,0.1\nZ2,0.2\n")
    with pytest.raises(EvidenceError, match="app_not_used: 0 of its 2 areas have a value and LSOAs of this nation"):
        copied.validate("demo", held_against())


def test_a_column_that_a_source_does_not_have_is_said(copied: Project) -> None:
    path = copied.root / "declared" / "outcomes.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"online_share"', '"online_shares"'), encoding="utf-8")
    with pytest.raises(DeclarationError, match="no column of ons_online_share. Did you mean 'online_share'"):
        copied.validate("demo", held_against())


@pytest.mark.skipif(
    not list(MIRROR.glob("ons_digital_propensity_index_2021_lsoa11*.csv")), reason="the mirror has no ons_dpi"
)
def test_the_shipped_index_is_what_calibrate_finds_and_does_as_well_as_it_says(real: Built, tmp_path: Path) -> None:
    project, said, output = real[0], Said(), tmp_path / "norfolk-waveney.toml"
    project.calibrate("england", fit(output), said.append)
    assert read_index(output) == project.index("norfolk-waveney")
    report = json.loads((project.national("england") / "calibration.json").read_text())
    judged = {row["left_out"]: row for row in report["out_of_sample"]}
    assert judged["ICB"]["spearman"] > 0.785
    assert judged["district"]["spearman"] > 0.785
    left_out = {row["outcome"]: row["left_out"] for row in report["outcomes"]}
    assert left_out["online_share"] > 0.78
    assert left_out["iuc_least_engaged"] > 0.905
    assert left_out["iuc_e_withdrawn"] > 0.865
    assert left_out["iuc_settled_offline"] > 0.9
    assert left_out["lfs_not_online"] > 0.55
    again, shipped = read_fit(fit_path(output)), project.fit("norfolk-waveney")
    assert again is not None
    assert shipped is not None
    assert (again.weights, again.chance, again.loss.shares) == (shipped.weights, shipped.chance, shipped.loss.shares)
    compared = {row["candidate"]: row for row in report["compared"]}
    assert compared["deri"]["spearman"] < compared["hand-weighted"]["spearman"] < judged["ICB"]["spearman"]
    project.validate(REAL, held_against(draws=20), said.append)
    assert any("its figures here are in sample" in line for line in said)
