"""Kinds of exclusion in the outputs of the demonstration area."""

import pandas as pd
import pytest

from pipeline import store
from pipeline.catalogue.kinds import Kinds
from pipeline.store.records import RiskRecord
from tests.fixtures.projects import Demo


@pytest.fixture(scope="module")
def areas(demo: Demo) -> pd.DataFrame:
    return store.read_table(demo[0].processed("demo") / "risk.parquet").set_index("lsoa21_code")


def named(row: pd.Series, kinds: Kinds) -> str:
    out = [kind.title for kind in kinds.kinds if row[f"score_{kind.id}"] > kinds.stands_out_above]
    return "Neither" if not out else "Both" if len(out) == 2 else out[0]


def test_the_kind_is_what_the_scores_and_the_declared_bound_say(demo: Demo, areas: pd.DataFrame) -> None:
    kinds = demo[0].kinds()
    assert areas["kind"].tolist() == areas.apply(named, axis=1, kinds=kinds).tolist()
    assert areas["kind"].nunique() == 4


def test_the_record_says_how_kinds_were_told_apart(demo: Demo, areas: pd.DataFrame) -> None:
    record = store.read_record(demo[0].processed("demo") / "risk.parquet", RiskRecord).kinds
    declared = demo[0].kinds()
    assert (record.stands_out_above, record.why, record.kinds) == (
        declared.stands_out_above,
        declared.why,
        declared.kinds,
    )
    assert record.counts == {title: (areas["kind"] == title).sum() for title in record.counts}
    assert sum(record.counts.values()) == len(areas)
    assert record.not_scored == {}
    assert any(line.strip().startswith("what kind: ") for line in demo[1])


def test_the_list_has_the_kind_and_what_stands_out(demo: Demo, areas: pd.DataFrame) -> None:
    listed = pd.read_csv(demo[0].processed("demo") / "priorities.csv").set_index("lsoa21_code")
    assert listed["kind"].tolist() == areas.loc[listed.index, "kind"].tolist()
    assert listed["beyond_similar"].fillna("").tolist() == areas.loc[listed.index, "beyond_similar"].fillna("").tolist()
    assert len(set(listed["suggested_help"])) > 1


def test_infrastructure_is_named_only_from_the_declared_points_on(demo: Demo, areas: pd.DataFrame) -> None:
    helps = demo[0].helps()
    cables = [driver.component for driver in helps.drivers if driver.side == "infrastructure"]
    points = areas[[f"contribution_{name}" for name in cables if f"contribution_{name}" in areas]].sum(axis=1)
    assert (points[areas["points_to"].isin(["Infrastructure", "Both"])] >= helps.named_from).all()
