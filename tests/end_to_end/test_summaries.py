"""Larger areas of the fictional area, as they are built."""

import json

import pandas as pd
import pytest

from pipeline import store
from pipeline.store.records import SummaryRecord
from pipeline.summarise.levels import LEVELS
from pipeline.tables import SUMMARY
from tests.fixtures.projects import Demo


@pytest.mark.parametrize("level", LEVELS)
def test_units_partition_the_area_and_add_up_to_it(demo: Demo, level: str) -> None:
    folder = demo[0].processed("demo")
    table, risk = pd.read_parquet(folder / f"summary_{level}.parquet"), demo[0].risk("demo")
    record = store.read_record(folder / f"summary_{level}.parquet", SummaryRecord)
    assert record.partition
    assert not record.without_unit
    assert list(table.columns) == SUMMARY.names
    assert table["lsoas"].sum() == len(risk)
    assert table["residents"].sum() == pytest.approx(risk["population_total"].sum())
    assert table["people_at_risk"].sum() == pytest.approx(risk["people_at_risk"].sum())
    assert table["lsoas_worst_tenth"].sum() == (risk["england_decile"] == 1).sum()
    assert (table["risk_score_p05"] <= table["risk_score_p95"]).all()


def test_districts_are_weighted_with_the_denominators_of_the_indices(demo: Demo) -> None:
    folder = demo[0].processed("demo")
    table, risk = pd.read_parquet(folder / "summary_lad.parquet").set_index("unit_code"), demo[0].risk("demo")
    risk = risk.assign(weighted=risk["imd_score"] * risk["residents_imd"])
    by_district = risk.groupby("lad_code")[["weighted", "residents_imd"]].sum()
    mean = (by_district["weighted"] / by_district["residents_imd"]).reindex(table.index)
    assert table["imd_score"].to_numpy() == pytest.approx(mean.to_numpy())
    assert store.read_record(folder / "summary_lad.parquet", SummaryRecord).imd_weighted_by == "residents_imd"


def test_practices_and_networks_cover_everybody_whose_lsoa_is_told(demo: Demo) -> None:
    folder, risk = demo[0].processed("demo"), demo[0].risk("demo")
    for level in ("practice", "pcn"):
        table = pd.read_parquet(folder / f"summary_{level}.parquet")
        record = store.read_record(folder / f"summary_{level}.parquet", SummaryRecord)
        lost = sum(record.losses.values())
        assert lost > 0
        assert table["residents"].sum() + lost == pytest.approx(risk["population_total"].sum())
        assert (table["residents"] / table["share_covered"]).sum() == pytest.approx(risk["population_total"].sum())
        assert {"patients_lsoa"} <= {source.id for source in record.sources}


def test_the_data_package_and_a_spreadsheet_have_them(demo: Demo) -> None:
    folder = demo[0].processed("demo")
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    paths = {one["path"] for one in package["resources"]}
    assert {f"summary_{level}{ending}" for level in LEVELS for ending in (".parquet", ".csv")} <= paths
    assert {"summary_practice.parquet", "summary_pcn.csv"} <= paths
    sheet = pd.read_csv(folder / "summary_ward.csv", encoding="utf-8-sig")
    assert sheet["risk_score"].to_numpy() == pytest.approx(
        pd.read_parquet(folder / "summary_ward.parquet")["risk_score"].to_numpy(), abs=1e-6
    )
