"""The two commands over the fictional country and, where its files are there, over England."""

import json
from pathlib import Path

import numpy as np
import pytest

from pipeline import store
from pipeline.catalogue import fit_path, read_fit, read_index
from pipeline.errors import EvidenceError, MissingSourceError, RawFileError
from pipeline.stages.requests import FitWanted, OutcomeWanted, ValidationWanted
from pipeline.store.records import EvidenceRecord, OutcomeFile
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
    with pytest.raises(MissingSourceError, match="No --outcome was given, and ons_dpi"):
        project.validate("demo", held_against())
    with pytest.raises(RawFileError, match="there is no such file"):
        project.validate("demo", held_against(tmp_path / "none.csv", "x"))
    path = tmp_path / "o.csv"
    path.write_text("code,x\nE01000001,1\n")
    with pytest.raises(EvidenceError, match="say with --column"):
        project.validate("demo", held_against(path))
    with pytest.raises(RawFileError, match="'y' is missing. Columns found: code, x"):
        project.validate("demo", held_against(path, "y"))


@pytest.mark.skipif(
    not list(MIRROR.glob("ons_digital_propensity_index_2021_lsoa11*.csv")), reason="the mirror has no ons_dpi"
)
def test_the_shipped_index_is_what_calibrate_finds_and_does_as_well_as_it_says(real: Built, tmp_path: Path) -> None:
    project, said, output = real[0], Said(), tmp_path / "norfolk-waveney.toml"
    project.calibrate("england", fit(output), said.append)
    assert read_index(output) == project.index("norfolk-waveney")
    report = json.loads((project.national("england") / "calibration.json").read_text())
    judged = {row["left_out"]: row for row in report["out_of_sample"]}
    assert judged["ICB"]["spearman"] > 0.81
    assert judged["district"]["spearman"] > 0.81
    compared = {row["candidate"]: row for row in report["compared"]}
    assert compared["deri"]["spearman"] < compared["hand-weighted"]["spearman"] < judged["ICB"]["spearman"]
    project.validate(REAL, held_against(draws=20), said.append)
    assert any("its figures here are in sample" in line for line in said)
