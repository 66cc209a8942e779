"""The section on priority groups: its sentences by their rules, and its matrix."""

import pandas as pd
import pytest

from pipeline import store
from pipeline.reports import priority_groups_section
from pipeline.reports.priority_groups import say_groups
from pipeline.store.records import RiskRecord
from pipeline.tables import say_people
from tests.fixtures.projects import Demo

Parts = tuple[pd.DataFrame, RiskRecord]


@pytest.fixture(scope="module")
def parts(demo: Demo) -> Parts:
    folder = demo[0].processed("demo")
    record = store.read_record(folder / "risk.parquet", RiskRecord)
    return store.read_table(folder / "priority_groups.parquet"), record


def moved(matrix: pd.DataFrame, of: str, to: str) -> pd.DataFrame:
    """The matrix with all neighbourhoods and people of one part in another."""
    numbers = [name for name in matrix.columns if name == "lsoas" or name.startswith(("people", "residents", "share"))]
    changed = matrix.copy()
    for band in matrix["risk_band"].unique():
        at = {
            part: changed.index[(changed["membership"] == part) & (changed["risk_band"] == band)] for part in (of, to)
        }
        changed.loc[at[to], numbers] = changed.loc[at[to], numbers].to_numpy() + changed.loc[at[of], numbers].to_numpy()
        changed.loc[at[of], numbers] = 0
    return changed


def test_the_sentence_says_who_lives_in_the_group_and_who_does_not(parts: Parts) -> None:
    matrix, record = parts
    rows = matrix[matrix["risk_band"] == "All"].set_index("membership")["people_at_risk"]
    first, high = say_groups(matrix, record)
    assert first.startswith(
        f"Of about {say_people(rows.sum())} people at risk in {record.title}, about {say_people(rows['Inside'])} "
        f"({rows['Inside'] / rows.sum():.0%}) live in Core20 neighbourhoods; about {say_people(rows['Outside'])}"
    )
    assert "of those without basic digital skills" in first
    assert "of high risk (the most at-risk fifth of the fictional country)" in high


def test_nobody_inside_or_everybody_inside_is_said_as_such(parts: Parts) -> None:
    matrix, record = parts
    assert say_groups(moved(matrix, "Inside", "Outside"), record) == [
        f"No neighbourhood of {record.title} is in Core20."
    ]
    everybody = say_groups(moved(matrix, "Outside", "Inside"), record)
    assert everybody[0].startswith(f"All people at risk in {record.title}, about ")
    assert everybody[1].startswith("All ")
    assert everybody[1].endswith("are in Core20.")


def test_what_is_not_said_of_some_areas_is_said(parts: Parts) -> None:
    matrix, record = parts
    unsaid = matrix[matrix["membership"] == "Outside"].assign(membership="Not said", entry=lambda f: f["entry"] + "x")
    said = say_groups(pd.concat([matrix, unsaid]), record)
    assert "it is not said whether they are in Core20" in said[-1]


def test_the_matrix_has_a_row_for_each_band_and_a_column_for_each_group(parts: Parts) -> None:
    matrix, record = parts
    text = priority_groups_section(matrix, record).text
    assert '<h2 id="priority-groups">Priority groups</h2>' in text
    assert "Not in Core20</th>" in text
    assert text.count("of risk</th>") == 3
    group = record.priority_groups.groups[0].model_copy(update={"id": "plus", "title": "<Coast>", "page": None})
    groups = (*record.priority_groups.groups, group)
    two = record.model_copy(update={"priority_groups": record.priority_groups.model_copy(update={"groups": groups})})
    copies = [
        matrix.assign(group_id=n, group_title=t) for n, t in (("plus", "<Coast>"), ("any", "Any of these groups"))
    ]
    text = priority_groups_section(pd.concat([matrix, *copies]), two).text
    assert "In none of them</th>" in text
    assert "&lt;Coast&gt;" in text
    assert "<Coast>" not in text


def test_the_columns_of_risk_agree_with_the_table(demo: Demo, parts: Parts) -> None:
    matrix, record = parts
    risk = store.read_table(demo[0].processed("demo") / "risk.parquet")
    core = risk["imd_decile"] <= 2
    assert risk["in_group_core20"].astype(bool).tolist() == core.tolist()
    both = core & (risk["england_decile"] <= 2)
    assert (risk["group_risk_core20"] == "Core20 and high risk").tolist() == both.tolist()
    first = matrix.set_index("entry").loc["core20 Inside 1-2"]
    assert first["lsoas"] == both.sum()
    assert first["people_at_risk"] == pytest.approx(risk.loc[both, "people_at_risk"].sum())
    assert record.priority_groups.against == "nation"
