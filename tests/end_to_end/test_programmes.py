"""Programmes and a plan of the fictional country: tables that agree, and a page that shows them."""

import json
import shutil
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from pipeline import Project, store
from pipeline.errors import PipelineError
from pipeline.stages.requests import PlanWanted
from pipeline.store.records import PlanRecord
from pipeline.tables import PLAN, PROGRAMMES
from pipeline.tables.programmes import IN_PROGRAMME
from tests.fixtures.pages import told
from tests.fixtures.projects import Demo, Said


def table(project: Project, name: str) -> pd.DataFrame:
    return store.read_table(project.processed("demo") / f"{name}.parquet")


@pytest.fixture
def project(demo: Demo, tmp_path: Path) -> Project:
    shutil.copytree(demo[0].root, tmp_path / "copy")
    return Project(tmp_path / "copy")


def test_programmes_hold_areas_of_the_list_once_and_their_people(demo: Demo) -> None:
    programmes, areas = table(demo[0], "programmes"), table(demo[0], "programme_areas")
    risk = table(demo[0], "risk").set_index("lsoa21_code")
    assert set(areas["lsoa21_code"]) == set(risk.index[risk["on_list"]])
    members = programmes["lsoa21_codes"].str.split("; ").explode()
    assert members.is_unique
    inside = areas[areas["standing"] == IN_PROGRAMME]
    assert set(members) == set(inside["lsoa21_code"])
    people = risk["people_at_risk"]
    sums = [people[codes.split("; ")].sum() for codes in programmes["lsoa21_codes"]]
    assert programmes["people_at_risk"].tolist() == pytest.approx(sums)
    assert programmes["people_at_risk"].between(500, 3000).all()
    assert programmes["name"].is_unique
    assert (programmes["cost_low"] < programmes["cost"]).all()
    shapes = gpd.read_file(demo[0].processed("demo") / "programmes.geojson")
    assert shapes["name"].tolist() == programmes["name"].tolist()
    csv = pd.read_csv(demo[0].processed("demo") / "programmes.csv", encoding="utf-8-sig")
    assert list(csv.columns) == PROGRAMMES.names


def test_a_bigger_budget_never_reaches_fewer(demo: Demo) -> None:
    budgets = table(demo[0], "budgets")
    assert budgets["people_reached"].is_monotonic_increasing
    assert (budgets["cost"] <= budgets["budget"]).all()
    assert (budgets["gap"] == 0).all()


def test_a_plan_is_made_kept_and_shown_on_the_page(project: Project) -> None:
    said = Said()
    project.plan("demo", PlanWanted(budget=60_000), said.append)
    folder = project.processed("demo")
    record = store.read_record(folder / "plan.json", PlanRecord)
    plan = pd.read_csv(folder / "plan.csv", encoding="utf-8-sig")
    assert list(plan.columns) == PLAN.names
    assert plan["cost"].sum() == pytest.approx(record.cost, abs=1)
    assert record.cost <= record.budget == 60_000
    assert record.cost_low < record.cost < record.cost_high
    assert plan["people_reached"].sum() == pytest.approx(record.people_reached, abs=1)
    assert record.gap == 0
    assert [point.people_reached for point in record.curve] == sorted(point.people_reached for point in record.curve)
    assert gpd.read_file(folder / "plan.geojson")["name"].tolist() == plan["name"].tolist()
    assert any("none reaches more" in line for line in said)
    project.build("demo")
    page = told(project.page("demo"))
    assert '"plan":{"budget":60000' in page
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert {"programmes.parquet", "budgets.csv", "plan.csv"} <= {one["path"] for one in package["resources"]}
    project.build("demo")
    assert not project.stale("demo")


def test_sites_of_a_file_are_chosen_beside_programmes(project: Project, tmp_path: Path) -> None:
    risk, origins = table(project, "risk"), table(project, "origins").set_index("lsoa21_code")
    code = risk["lsoa21_code"].iloc[int(risk["nearest_library_metres"].to_numpy().argmax())]
    path = tmp_path / "halls.csv"
    at = origins.loc[code]
    path.write_text(f"name,x,y,cost\nCheap hall,{at['easting']:.0f},{at['northing']:.0f},100\n", encoding="utf-8")
    wanted = PlanWanted(budget=60_000, candidates=str(path), reach="2km")
    project.plan("demo", wanted, print)
    record = store.read_record(project.processed("demo") / "plan.json", PlanRecord)
    assert "Cheap hall" in [row.name for row in record.chosen]
    assert record.candidates == 1


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (PlanWanted(budget=5), "pays for none: the cheapest"),
        (PlanWanted(budget=-5), "--budget: expected a number above 0"),
        (PlanWanted(budget=1e5, seconds=0), "--seconds: expected a number above 0"),
        (PlanWanted(budget=1e5, candidates="nowhere.csv"), "no such file"),
        (PlanWanted(budget=1e5, layer="halls"), "--candidates with a file"),
    ],
)
def test_what_cannot_be_planned_is_said(project: Project, wanted: PlanWanted, message: str) -> None:
    with pytest.raises(PipelineError, match=message):
        project.plan("demo", wanted, print)


def test_the_page_carries_the_layer_and_the_programmes(demo: Demo) -> None:
    page = told(demo[0].page("demo"))
    assert '"id":"programme_standing"' in page
    assert '"helped_share":0.1' in page
    method = demo[0].method_page("demo").read_text(encoding="utf-8")
    assert 'id="programmes"' in method
    assert "assumption, no source" in method
