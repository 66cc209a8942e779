"""The briefing on the fictional area: every number is the tables', and a unit's briefing is on that unit alone."""

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipeline.reports.briefing import BriefingInputs, Unit, compose
from pipeline.reports.briefing.compose import choose_level
from pipeline.reports.briefing.finding import ACT, KIND, PEOPLE, WORST, Subject, count_worst, find
from pipeline.reports.priority_groups import say_groups
from pipeline.stages.briefing import Briefed, read_briefed
from pipeline.stages.stage import Scope
from pipeline.tables import say_people
from tests.fixtures.projects import Demo


@pytest.fixture(scope="module")
def briefed(demo: Demo) -> Briefed:
    return read_briefed(demo[0].snapshot(), Scope("demo", area="demo"))


@pytest.fixture(scope="module")
def inputs(briefed: Briefed) -> BriefingInputs:
    return briefed.inputs


def district(inputs: BriefingInputs, place: int) -> Unit:
    row = inputs.summaries["lad"].sort_values("unit_rank").iloc[place]
    return Unit("lad", row, inputs.frame.index[inputs.frame["lad_code"] == row["unit_code"]])


def finding(
    inputs: BriefingInputs, rows: np.ndarray, name: str = "Here", *, everything: bool = False
) -> Mapping[str, str]:
    return {topic.title: topic.text for topic in find(Subject(inputs, name, rows, everything))}


def test_the_figures_are_those_of_the_tables(inputs: BriefingInputs) -> None:
    frame, record = inputs.frame, inputs.record
    briefing = compose(inputs, None)
    worst = int((frame["england_decile"] == 1).sum())
    listed = frame[frame["priority"].notna()]
    assert briefing.tiles[0].figure == f"{worst:,} of {len(frame):,}"
    assert briefing.tiles[1].figure == say_people(frame["people_at_risk"].sum())
    assert briefing.tiles[3].figure == f"{len(listed):,}"
    assert sum(part.number for part in briefing.kinds) == pytest.approx(frame["people_at_risk"].sum())
    varied = record.uncertainty
    assert varied is not None
    assert (
        f"{varied.worst_tenth_staying_in_90_percent_of_draws:,} stay there in at least 90% of {varied.draws:,}"
        in (briefing.sure.sentences[0])
    )
    assert briefing.certainty is not None
    assert [sum(part.number for part in parts) for parts in briefing.certainty.parts] == [
        varied.worst_tenth,
        len(listed),
    ]


def test_money_and_programmes_are_those_of_their_tables(inputs: BriefingInputs) -> None:
    briefing, report = compose(inputs, None), inputs.programmes
    assert report is not None
    assert briefing.money is not None
    assert briefing.money.grid is not None
    budgets = {row["budget"]: row for row in report.budgets.to_dict("records")}
    paid = [row[0] for row in briefing.money.grid.rows]
    reached = [row[2] for row in briefing.money.grid.rows]
    assert paid == ["£50,000", "£100,000", "£250,000"][: len(paid)]
    # A sum that reaches no more than a smaller one is left out.
    assert len(set(reached)) == len(reached) > 1
    for row in briefing.money.grid.rows:
        budget = budgets[float(row[0].strip("£").replace(",", ""))]
        assert row[1] == f"{budget['chosen']:,.0f} of {len(report.programmes):,}"
        assert row[2] == say_people(budget["people_reached"])
        assert (row[4] == "proven") == (budget["gap"] == 0)
    assert briefing.programmes is not None
    assert briefing.programmes.grid is not None
    first = report.programmes.sort_values("programme").iloc[0]
    assert briefing.programmes.grid.rows[0][0] == f"1. {first['name']}"
    assert briefing.programmes.grid.rows[0][4] == say_people(first["people_at_risk"])
    left = len(report.programmes) - len(briefing.programmes.grid.rows)
    assert briefing.programmes.grid.note.startswith(f"{left} more ") == (left > 0)


def test_priority_groups_are_said_in_the_words_of_the_method_page(inputs: BriefingInputs) -> None:
    assert inputs.groups is not None
    groups = compose(inputs, None).groups
    assert groups is not None
    assert groups.sentences[0] == say_groups(inputs.groups, inputs.record)[0]
    assert compose(inputs, None, district(inputs, 0)).groups is None


def test_larger_areas_are_ranked_as_their_table_does(inputs: BriefingInputs) -> None:
    ranking = compose(inputs, None).ranking
    assert ranking is not None
    assert ranking.grid is not None
    table = inputs.summaries["lad"].sort_values(["unit_rank", "unit_code"]).reset_index(drop=True)
    for row, (_, unit) in zip(ranking.grid.rows, table.iterrows(), strict=False):
        assert row[0] == unit["unit_name"]
        ends = [int(re.sub(r"\D", "", end)) for end in row[1].split(" to ")]
        assert [ends[0], ends[-1]] == [unit["unit_rank_p05"], unit["unit_rank_p95"]]
        assert row[2] == say_people(unit["people_at_risk"])
        assert row[4] == f"{unit['lsoas_worst_tenth']:,.0f} of {unit['lsoas']:,}"


def test_a_level_is_ranked_that_has_units_to_rank() -> None:
    def summary(ranks: int) -> pd.DataFrame:
        return pd.DataFrame({"unit_rank": [*map(float, range(ranks)), None]})

    summaries = {"pcn": summary(2), "ward": summary(9), "lad": summary(7), "icb": summary(4)}
    assert choose_level(summaries, everything=False) == "ward"
    assert choose_level(summaries | {"pcn": summary(3)}, everything=False) == "pcn"
    assert choose_level(summaries, everything=True) == "icb"
    assert choose_level({"ward": summary(2)}, everything=False) is None


def test_the_briefing_on_a_unit_is_on_its_neighbourhoods_alone(briefed: Briefed) -> None:
    inputs, unit = briefed.inputs, district(briefed.inputs, 1)
    briefing, here = compose(inputs, briefed.picture(unit), unit), inputs.frame.loc[unit.codes]
    assert briefing.place == unit.name
    assert briefing.money is None
    assert briefing.tiles[0].figure == f"{int((here['england_decile'] == 1).sum()):,} of {len(here):,}"
    assert briefing.tiles[1].figure == say_people(unit.row["people_at_risk"])
    assert briefing.ranking is not None
    assert briefing.ranking.grid is not None
    assert f"of {inputs.record.title}’ {len(inputs.summaries['lad'])} districts" in briefing.ranking.sentences[
        0
    ].replace("’s", "’")
    assert {row[0] for row in briefing.ranking.grid.rows} <= set(here["place_name"])
    assert briefing.picture is not None
    assert unit.name in briefing.picture.alt
    assert briefing.picture.svg.count("<path") > 3


def test_the_finding_counts_by_the_ends_of_plausible_ranks(inputs: BriefingInputs) -> None:
    rows = np.flatnonzero(inputs.frame["lad_code"] == district(inputs, 0).row["unit_code"])
    subject = Subject(inputs, "Here", rows, everything=False)
    counted, last = count_worst(subject), len(inputs.frame) // 10
    here = inputs.frame.iloc[rows]
    assert counted.worst == (here["england_decile"] == 1).sum()
    assert counted.low == min(counted.worst, (here["england_rank_p95"] <= last).sum())
    assert counted.high == max(counted.worst, (here["england_rank_p05"] <= last).sum())


def test_a_place_off_the_list_names_what_is_nearest(inputs: BriefingInputs) -> None:
    rows = np.flatnonzero(inputs.frame["priority"].isna())[:3]
    act = finding(inputs, rows)[ACT]
    assert act.startswith("None of Here’s 3 neighbourhoods is on the list of where to act; its nearest are ")
    assert re.search(r"\((\d[\d,]* m|\d+\.\d km)\)\.$", act)
    nothing = replace(inputs, frame=inputs.frame.assign(priority=float("nan")))
    assert finding(nothing, rows)[ACT] == "No neighbourhood is on the list of where to act."


def test_distances_are_on_the_ground(inputs: BriefingInputs) -> None:
    """A degree of longitude at 60° north is half of one at the equator."""
    frame = inputs.frame.iloc[:2].assign(priority=[float("nan"), 1.0])
    centres = np.array([[0.0, 60.0], [0.1, 60.0]])
    pair = replace(inputs, frame=frame, centres=centres, programme_areas=None)
    assert f"({0.1 * 111.31949 / 2:.1f} km)" in finding(pair, np.array([0]))[ACT]


def test_what_is_not_known_is_not_said(inputs: BriefingInputs) -> None:
    frame = inputs.frame.assign(kind=None, people_at_risk=float("nan"), england_decile=float("nan"))
    bare = replace(inputs, frame=frame, summaries={}, programmes=None, programme_areas=None)
    briefing = compose(bare, None)
    said = {topic.title: topic.text for topic in briefing.finding}
    assert said[WORST].startswith(f"Ranked among each other, {len(frame) // 10} of {len(frame)} neighbourhoods")
    assert PEOPLE not in said
    assert KIND not in said
    assert briefing.ranking is briefing.programmes is briefing.money is None
    assert briefing.kinds == ()


def test_of_a_network_people_are_counted_and_not_neighbourhoods(briefed: Briefed) -> None:
    inputs = briefed.inputs
    row = inputs.summaries["pcn"].sort_values("people_at_risk").iloc[-1]
    codes = inputs.frame.index[:12]
    shares = pd.Series(np.linspace(0.05, 0.6, len(codes)), index=codes)
    unit = Unit("pcn", row, codes, shares)
    briefing = compose(inputs, briefed.picture(unit), unit)
    weighed = inputs.frame.loc[codes, "people_at_risk"] * shares
    said = {topic.title: topic.text for topic in briefing.finding}
    assert "patients live in" in said[WORST]
    assert "neighbourhoods (" not in said[WORST]
    assert f"from about {say_people(row['people_at_risk_low'])} who" in said[PEOPLE]
    assert sum(part.number for part in briefing.kinds) == pytest.approx(weighed.sum())
    assert briefing.tiles[0].figure == say_people(row["residents"])
    assert briefing.certainty is None
    assert briefing.money is None
    assert briefing.ranking is not None
    assert briefing.ranking.grid is not None
    most = weighed.idxmax()
    assert briefing.ranking.grid.rows[0][0] == inputs.frame.loc[most, "place_name"]
    assert briefing.ranking.grid.rows[0][-1] == say_people(weighed.max())
