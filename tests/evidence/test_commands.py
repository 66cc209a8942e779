"""The two commands over the fictional country and, where its files are there, over England."""

import json

import numpy as np
import pytest

from pipeline import store
from pipeline.catalogue import read_index
from pipeline.errors import EvidenceError, MissingSourceError
from pipeline.stages import Asked, calibrate_index, fetch_area, join_area, tidy_nation, validate_area
from tests.folders import MIRROR, needs_mirror


@pytest.fixture(scope="module")
def outcome_file(demo, tmp_path_factory):
    """An invented outcome by LSOA 2021 that goes with age and skills."""
    nation = store.read_table(demo[0].national("demo") / "reference.parquet")
    noise = np.random.default_rng(2).normal(0, 0.03, len(nation))
    nation["offline"] = nation["share_75_plus"] + 0.3 * nation["adult_skills_deprivation"] + noise
    path = tmp_path_factory.mktemp("outcome") / "offline.csv"
    nation[["lsoa21_code", "lsoa21_name", "offline"]].to_csv(path, index=False)
    return path


def test_validate_writes_a_table_with_provenance(demo, outcome_file):
    project, said = demo[0], []
    validate_area(project, "demo", Asked(outcome_file, "offline"), 50, said.append)
    folder = project.processed("demo")
    table, content = store.read_table(folder / "evidence.parquet"), json.loads((folder / "evidence.json").read_text())
    assert {"norfolk-waveney", "hand-weighted", "deri", "imd2025", "IMD alone"} <= set(table["candidate"])
    assert content["outcome"]["used"] == 240
    assert len(content["calibration"]) == 10 * table["candidate"].nunique()
    assert store.read_metadata(folder / "evidence.parquet")["sources"][0]["column"] == "offline"
    assert any("fewer than 30 LSOAs of the area, or it alone" in line for line in said)
    assert not any("in sample" in line for line in said)
    assert said[-1].startswith("FICTIONAL DATA")


def test_calibrate_writes_an_index_that_the_engine_reads(demo, outcome_file, tmp_path):
    project, said, output = demo[0], [], tmp_path / "fitted.toml"
    asked = Asked(outcome_file, "offline")
    # The fictional country may be one ICB: then nothing can be left out, and the command says so.
    boards = store.read_table(project.national("demo") / "reference.parquet")["icb_code"].nunique()
    if boards < 2:
        with pytest.raises(EvidenceError, match="one group of areas only"):
            calibrate_index(project, "demo", "norfolk-waveney", asked, 0.02, 20, output, said.append)
        assert not output.exists()
        return
    calibrate_index(project, "demo", "norfolk-waveney", asked, 0.02, 20, output, said.append)
    assert read_index(output).fitted_to == "offline.csv, offline"


def test_what_is_not_there_is_said(demo, tmp_path):
    project = demo[0]
    with pytest.raises(MissingSourceError, match="No --outcome was given, and ons_dpi"):
        validate_area(project, "demo", Asked(), 10, print)
    with pytest.raises(EvidenceError, match="there is no such file"):
        validate_area(project, "demo", Asked(tmp_path / "none.csv", "x"), 10, print)
    path = tmp_path / "o.csv"
    path.write_text("code,x\nE01000001,1\n")
    with pytest.raises(EvidenceError, match="say with --column"):
        validate_area(project, "demo", Asked(path), 10, print)
    with pytest.raises(EvidenceError, match="no column 'y'. Columns found: code, x"):
        validate_area(project, "demo", Asked(path, "y"), 10, print)


@needs_mirror
@pytest.mark.skipif(
    not list(MIRROR.glob("ons_digital_propensity_index_2021_lsoa11*.csv")), reason="the mirror has no ons_dpi"
)
def test_the_shipped_index_is_what_calibrate_finds_and_does_as_well_as_it_says(new_project, tmp_path):
    project, said, output = new_project(), [], tmp_path / "norfolk-waveney.toml"
    fetch_area(project, "norfolk-and-waveney", MIRROR, [], True, said.append)
    tidy_nation(project, "england", said.append)
    calibrate_index(project, "england", "norfolk-waveney", Asked(), 0.02, 20, output, said.append)
    assert read_index(output) == project.index("norfolk-waveney")
    report = json.loads((project.national("england") / "calibration.json").read_text())
    judged = {row["left_out"]: row for row in report["out_of_sample"]}
    assert judged["ICB"]["spearman"] > 0.81
    assert judged["district"]["spearman"] > 0.81
    compared = {row["candidate"]: row for row in report["compared"]}
    assert compared["deri"]["spearman"] < compared["hand-weighted"]["spearman"] < judged["ICB"]["spearman"]
    join_area(project, "norfolk-and-waveney", said.append)
    validate_area(project, "norfolk-and-waveney", Asked(), 20, said.append)
    assert any("its figures here are in sample" in line for line in said)
