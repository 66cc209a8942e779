"""Which neighbourhoods are in a priority group, and the people at risk inside and outside it."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.catalogue.priority_groups import PriorityGroups
from pipeline.errors import DeclarationError
from pipeline.risk.people import sum_people
from pipeline.risk.priority_groups import list_bands, mark_groups, tabulate_groups
from pipeline.tables import PRIORITY_GROUPS, validate
from tests.fixtures.rates import make_rates

RATES = make_rates()
CODES = [f"E0100000{n}" for n in range(1, 7)]
NATION = pd.DataFrame({"imd_decile": [1, 2, 3, 5, 9, np.nan], "score": [1.0, 2, 2, 4, 5, 6]}, index=CODES)
TENTHS = pd.Series([1, 3, 2, 9, 1, 1], index=CODES)


def declare(*groups: dict[str, Any], tenths: tuple[int, ...] = (2, 4)) -> PriorityGroups:
    common = {"title": "Core20", "column": "imd_decile", "sentence": "s", "source": "s"}
    filled = tuple({**common, "id": f"group_{n}", **group} for n, group in enumerate(groups))
    return PriorityGroups.model_validate({"risk_tenths": tenths, "groups": filled})


def inside(group: dict[str, Any], areas: pd.DataFrame = NATION, worse: Any = None) -> list[bool | None]:
    declared = declare(group)
    column = declared.groups[0].column
    marks = mark_groups(areas, NATION, (TENTHS, "nation"), declared, {column: worse})
    return [None if pd.isna(value) else bool(value) for value in marks.frame["in_group_group_0"]]


def test_bounds_are_inclusive_and_a_missing_value_is_neither_in_nor_out() -> None:
    assert inside({"at_most": 2.0}) == [True, True, False, False, False, None]
    assert inside({"at_least": 2.0, "at_most": 5.0}) == [False, True, True, True, False, None]


@pytest.mark.parametrize(
    ("bounds", "said"),
    [({"at_most": -3.0}, "no neighbourhood of the nation"), ({"at_least": 1.0}, "every neighbourhood of the nation")],
)
def test_bounds_that_none_or_all_meet_are_refused(bounds: dict[str, float], said: str) -> None:
    with pytest.raises(DeclarationError, match=rf"{said} meets its bounds. 'imd_decile' runs from 1 to 9 there"):
        inside(bounds)


def test_a_column_of_the_area_alone_is_compared_there() -> None:
    areas = NATION.assign(local=[1.0, 2, 3, 4, 5, 6])
    assert inside({"column": "local", "at_least": 5.0}, areas) == [False, False, False, False, True, True]
    assert inside({"column": "local", "at_least": 1.0}, areas) == [True] * 6
    with pytest.raises(DeclarationError, match="no neighbourhood of the area meets"):
        inside({"column": "local", "at_least": 7.0}, areas)


def test_the_category_is_the_group_with_the_risk() -> None:
    marks = mark_groups(NATION, NATION, (TENTHS, "area"), declare({"at_most": 2.0}), {})
    named = marks.frame["group_risk_group_0"]
    assert named.tolist()[:5] == [
        "Core20 and high risk",
        "Core20 without high risk",
        "High risk elsewhere",
        "Neither",
        "High risk elsewhere",
    ]
    assert pd.isna(named.iloc[5])
    assert marks.against == "area"


def test_a_worst_share_is_of_the_nation_or_of_the_area_and_ties_belong_to_it() -> None:
    part = NATION.iloc[3:]
    assert inside({"column": "score", "worst_share": 0.3, "worse": "low"}) == [True, True, True, False, False, False]
    assert inside({"column": "score", "worst_share": 0.5}, part, "high") == [True, True, True]
    assert inside({"column": "score", "worst_share": 0.5, "within": "area"}, part, "high") == [False, True, True]


def test_the_end_of_a_worst_share_is_kept() -> None:
    declared = declare({"column": "score", "worst_share": 0.3, "worse": "low"})
    assert mark_groups(NATION, NATION, (TENTHS, "nation"), declared, {}).bounds == {"group_0": 2.0}


@pytest.mark.parametrize(
    ("group", "message"),
    [
        ({"column": "score", "worst_share": 0.2}, "does not say which end is the worst"),
        ({"column": "words", "at_most": 2.0}, "holds no numbers"),
        ({"column": "few", "worst_share": 0.2, "worse": "low"}, "only 2 of its 6 neighbourhoods"),
    ],
)
def test_a_group_that_cannot_be_told_is_refused(group: dict[str, Any], message: str) -> None:
    areas = NATION.assign(words="a", few=[1.0, 2.0, *[np.nan] * 4])
    with pytest.raises(DeclarationError, match=message):
        mark_groups(areas, areas, (TENTHS, "nation"), declare(group), {})


def with_people(areas: pd.DataFrame, seed: int = 1) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    low = random.uniform(50, 200, len(areas))
    high = low * random.uniform(1.5, 3, len(areas))
    people = {"people_at_risk": (low + high) / 2, "people_at_risk_low": low, "people_at_risk_high": high}
    measured = {"people_not_online": low, "people_without_skills": high}
    return areas.assign(england_decile=TENTHS, population_total=1_000, **people, **measured)


def tabulate(declared: PriorityGroups, areas: pd.DataFrame) -> pd.DataFrame:
    marks = mark_groups(areas, NATION, (TENTHS, "nation"), declared, {})
    matrix = tabulate_groups(with_people(areas).join(marks.frame), "england_decile", declared, RATES)
    validate(matrix, PRIORITY_GROUPS, "here")
    return matrix


def test_people_inside_and_outside_by_hand() -> None:
    matrix = tabulate(declare({"at_most": 2.0}), NATION).set_index(["membership", "risk_band"])
    people = with_people(NATION)["people_at_risk"]
    assert matrix.loc[("Inside", "Worst fifth"), "people_at_risk"] == pytest.approx(people.iloc[0])
    assert matrix.loc[("Inside", "Second fifth"), "lsoas"] == 1
    assert matrix.loc[("Outside", "Worst fifth"), "people_at_risk"] == pytest.approx(people.iloc[[2, 4]].sum())
    assert matrix.loc[("Outside", "All"), "residents"] == 3_000
    assert matrix.loc[("Not said", "All"), "lsoas"] == 1
    assert matrix.loc[("Inside", "All"), "share_people_at_risk"] == pytest.approx(people.iloc[:2].sum() / people.sum())


def test_the_interval_is_that_of_the_sum() -> None:
    matrix = tabulate(declare({"at_most": 2.0}), NATION)
    row = matrix[(matrix["membership"] == "Inside") & (matrix["risk_band"] == "All")].iloc[0]
    summed = sum_people(with_people(NATION).iloc[:2], "without_skills", RATES)
    columns = ["people_without_skills", "people_without_skills_low", "people_without_skills_high"]
    assert tuple(row[columns]) == pytest.approx(summed)


def test_several_groups_are_counted_together_and_no_one_twice() -> None:
    declared = declare({"at_most": 2.0}, {"title": "Score", "column": "score", "at_least": 5.0})
    matrix = tabulate(declared, NATION).set_index(["group_id", "membership", "risk_band"])
    assert matrix.loc[("any", "Inside", "All"), "lsoas"] == 4
    assert matrix.loc[("any", "Outside", "All"), "lsoas"] == 2
    assert ("any", "Not said", "All") not in matrix.index


@settings(max_examples=25)
@given(st.lists(st.tuples(st.one_of(st.none(), st.integers(1, 10)), st.integers(1, 10)), min_size=1, max_size=12))
def test_parts_and_bands_add_up_to_everybody(rows: list[tuple[int | None, int]]) -> None:
    areas = pd.DataFrame({"imd_decile": pd.Series([a for a, _ in rows], dtype="float64")})
    tenths = pd.Series([b for _, b in rows])
    declared = declare({"at_most": 2.0}, {"id": "old", "title": "Old", "at_least": 6.0}, tenths=(1, 2, 5))
    nation = pd.DataFrame({"imd_decile": [1.0, 5.0, 10.0]})
    marks = mark_groups(areas, nation, (tenths, "nation"), declared, {})
    full = with_people(areas).assign(england_decile=tenths).join(marks.frame)
    matrix = tabulate_groups(full, "england_decile", declared, RATES)
    for _, group in matrix.groupby("group_id"):
        for of_band in (group["risk_band"] == "All", group["risk_band"] != "All"):
            assert group.loc[of_band, "lsoas"].sum() == len(rows)
            assert group.loc[of_band, "people_at_risk"].sum() == pytest.approx(full["people_at_risk"].sum())


def test_bands_have_names_and_cover_every_tenth() -> None:
    names = ["Worst fifth", "Second fifth", "Other three fifths", "All"]
    assert [band for band, _, _ in list_bands((2, 4))] == names
    assert list_bands((1, 6)) == [
        ("Worst tenth", 1, 1),
        ("Tenths 2 to 6", 2, 6),
        ("Tenths 7 to 10", 7, 10),
        ("All", 1, 10),
    ]
