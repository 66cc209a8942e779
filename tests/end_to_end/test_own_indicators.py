"""An indicator of one's own costs one file and one entry: it is checked, joined, described, scored and drawn."""

import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipeline import Project
from pipeline.errors import DeclarationError, JoinError, RawFileError
from pipeline.store import read_record
from pipeline.store.records import RiskRecord
from tests.fixtures.pages import told
from tests.fixtures.projects import copy_project
from tests.fixtures.steps import OF_AN_AREA

DECLARED = """
[no_car]
file = "data/local/no car.csv"
code_column = "LSOA code"
value_column = "No car or van (%)"
title = "No car or van"
meaning = "Households without a car or van"
quantity = "share"
of = "households"
written_as = "percent"
worse = "high"
areas = [{areas}]
source = "An invented survey"
licence = "Not for publication"
"""
COMPONENT = """
[[components]]
name = "transport"
title = "Transport"
weight = 10
why = "Help is farther without a car"
[[components.indicators]]
column = "no_car"
direction = 1
why = "No car at hand"
"""


@pytest.fixture
def project(small: Project, tmp_path: Path) -> Project:
    return copy_project(small, tmp_path / "copy")


def give(project: Project, percent: pd.Series, areas: str = '"demo"') -> None:
    """Put an indicator for the fictional area into its file, and declare it."""
    folder = project.root / "data/local"
    folder.mkdir(exist_ok=True)
    frame = pd.DataFrame({"LSOA code": percent.index, "Name": "somewhere", "No car or van (%)": percent.to_numpy()})
    frame.to_csv(folder / "no car.csv", index=False, encoding="utf-8-sig")
    (project.declared / "indicators.toml").write_text(DECLARED.format(areas=areas), encoding="utf-8")


@pytest.fixture(scope="module")
def percent(small: Project) -> pd.Series:
    """Invented percentages by LSOA, from 0 to 60."""
    codes = small.risk("demo")["lsoa21_code"]
    return pd.Series([round(60 * n / (len(codes) - 1), 1) for n in range(len(codes))], index=codes)


@pytest.fixture(scope="module")
def given(small: Project, percent: pd.Series, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The fictional area with the indicator, built; to be read only."""
    project = copy_project(small, tmp_path_factory.mktemp("given") / "project")
    give(project, percent)
    project.build("demo")
    return project


def test_it_is_joined_described_and_drawn(small: Project, given: Project, percent: pd.Series) -> None:
    before, project = small.risk("demo"), given
    risk = project.risk("demo").set_index("lsoa21_code")
    assert risk["no_car"].to_numpy() == pytest.approx(percent.to_numpy() / 100)
    assert (risk["risk_score"].to_numpy() == before["risk_score"].to_numpy()).all()
    field = pq.read_schema(project.processed("demo") / "risk.parquet").field("no_car")
    assert field.metadata[b"title"] == b"No car or van"
    assert field.metadata[b"share_of"] == b"households"
    package = json.loads((project.processed("demo") / "datapackage.json").read_text(encoding="utf-8"))
    described = {r["path"]: [f["name"] for f in r["schema"]["fields"]] for r in package["resources"] if "schema" in r}
    assert "no_car" in described["risk.csv"]
    assert "Not for publication" in {licence["title"] for licence in package["licenses"]}
    page = told(project.page("demo"))
    assert '"column":"no_car"' in page
    assert "An invented survey" in page


def test_an_index_that_names_it_is_scored_by_it(project: Project, percent: pd.Series) -> None:
    give(project, percent)
    path = project.declared / "indices/norfolk-waveney.toml"
    path.write_text(path.read_text(encoding="utf-8") + COMPONENT, encoding="utf-8")
    project.build("demo")
    risk = project.risk("demo").set_index("lsoa21_code")
    assert risk["component_transport"].corr(percent, method="spearman") == pytest.approx(1)
    assert '"name":"transport"' in told(project.page("demo"))
    assert "No car or van" in project.method_page("demo").read_text(encoding="utf-8")
    record = read_record(project.processed("demo") / "risk.parquet", RiskRecord)
    assert record.columns_from["no_car"] == "no_car"


def test_a_value_changed_goes_through_and_nothing_else_is_read_again(
    given: Project, percent: pd.Series, tmp_path: Path
) -> None:
    project = copy_project(given, tmp_path / "changed")
    give(project, percent.clip(upper=50))
    assert sorted(project.build("demo")) == sorted(
        ["indicators no_car", *(f"{step} demo" for step in ("nation", *OF_AN_AREA, "assess"))]
    )


def test_real_indicators_are_absent_in_the_fictional_area(project: Project, percent: pd.Series) -> None:
    give(project, percent, areas='"norfolk-and-waveney"')
    path = project.declared / "indices/norfolk-waveney.toml"
    path.write_text(path.read_text(encoding="utf-8") + COMPONENT, encoding="utf-8")
    said: list[str] = []
    project.build("demo", until="score", say=said.append)
    assert "no_car" not in project.risk("demo")
    assert any("without No car or van: demo is fictional" in line for line in said)


def test_what_cannot_be_used_is_refused_by_row_or_name(project: Project, percent: pd.Series) -> None:
    give(project, percent.iloc[:-2])
    with pytest.raises(JoinError, match="2 of the 60 LSOAs of demo have no no_car"):
        project.build("demo")
    give(project, percent.rename({percent.index[3]: "E0190000X"}))
    with pytest.raises(RawFileError, match="row 5: 'E0190000X'"):
        project.build("demo")
    give(project, percent)
    text = (project.declared / "indicators.toml").read_text(encoding="utf-8")
    (project.declared / "indicators.toml").write_text(text.replace("[no_car]", "[imd_score]"), encoding="utf-8")
    with pytest.raises(DeclarationError, match="imd_score: there is a column of this name already"):
        project.build("demo")
