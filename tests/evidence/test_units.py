"""Which LSOAs an area or a practice has, and what a file of an analyst says of it."""

import numpy as np
import pandas as pd
import pytest

from pipeline.catalogue import DeclaredOutcome
from pipeline.errors import EvidenceError, RawFileError
from pipeline.evidence import (
    members,
    members_of_lookup,
    observe,
    only_where,
    pick_units,
    read_area_file,
    read_lsoa_file,
    unit_of,
)
from pipeline.evidence.outcome import Outcome
from pipeline.reading import Layout, Sheet

A, B, C, D, E = (f"E0190000{n}" for n in range(5))
NATION = pd.Index([A, B, D, E], name="lsoa21_code")
CHANGES = pd.DataFrame(
    [(A, A, "U"), (B, B, "U"), (C, D, "S"), (C, E, "S")], columns=["lsoa11_code", "lsoa21_code", "change"]
)
AS_READ = Layout()


def declared(**values: object) -> DeclaredOutcome:
    base = {"id": "o", "title": "O", "measures": "O", "column": "x", "level": "district", "caveat": "None."}
    local = {"file": "o.csv", "code_column": "unit", "from_publisher": "A trust", "licence": "internal"}
    return DeclaredOutcome.model_validate({**base, **local, **values})


def sheet(**columns: list[str]) -> Sheet:
    rows = pd.RangeIndex(2, len(next(iter(columns.values()))) + 2)
    cells = {n: pd.Series(values, index=rows, dtype="str") for n, values in enumerate(columns.values())}
    return Sheet("o.csv", tuple(columns), cells, rows=rows)


def test_the_units_are_the_codes_or_names_that_the_outcome_uses() -> None:
    candidates = {
        "the code of a district": pd.Series(["E07000001", "E07000002"], index=NATION[:2]),
        "the name of a district": pd.Series(["The Fens", "Gullhaven"], index=NATION[:2]),
    }
    given = pd.Index([unit_of(" the fens"), unit_of("GULLHAVEN")])
    assert pick_units(given, candidates, "o").to_dict() == {A: "the fens", B: "gullhaven"}
    with pytest.raises(EvidenceError, match="the code of a district such as E07000001 or the name of a district"):
        pick_units(pd.Index(["nowhere"]), candidates, "o")


def test_lsoas_are_weighted_by_their_residents() -> None:
    pairs = members(pd.Series(["u", "u"], index=[B, A]), pd.Series({A: 10, B: 20}))
    assert pairs.to_dict("list") == {"unit": ["u", "u"], "lsoa21_code": [B, A], "weight": [20.0, 10.0]}


def test_a_lookup_of_2011_counts_changed_lsoas_in_the_weight_of_their_unit() -> None:
    table = sheet(unit=["P1", "P1", "p1 ", "P2"], lsoa=[A, C, "W01000001", B], weight=["30", "5", "5", "7"])
    pairs = members_of_lookup(table, CHANGES, NATION).set_index(["unit", "lsoa21_code"])["weight"]
    assert pairs.to_dict() == {("p1", ""): 10.0, ("p1", A): 30.0, ("p2", B): 7.0}


def test_the_publishers_columns_of_patients_by_lsoa_will_do() -> None:
    table = sheet(PRACTICE_CODE=["P1"], LSOA_CODE=[D], SEX=["ALL"], NUMBER_OF_PATIENTS=["12"])
    assert members_of_lookup(table, CHANGES, NATION)["weight"].to_list() == [12.0]


def test_a_lookup_that_cannot_be_used_is_refused_by_row() -> None:
    with pytest.raises(RawFileError, match="the column 'weight' .* is missing"):
        members_of_lookup(sheet(unit=["P"], lsoa=[A]), None, NATION)
    with pytest.raises(EvidenceError, match="no LSOA code such as"):
        members_of_lookup(sheet(unit=["P"], lsoa=["The Fens"], weight=["1"]), None, NATION)
    with pytest.raises(EvidenceError, match="below 0: row 2"):
        members_of_lookup(sheet(unit=["P"], lsoa=[A], weight=["-1"]), None, NATION)
    with pytest.raises(EvidenceError, match="none of its 1 rows is of an LSOA of this nation"):
        members_of_lookup(sheet(unit=["P"], lsoa=["E01999999"], weight=["1"]), None, NATION)


def test_a_group_is_in_or_out_and_may_be_named() -> None:
    group = declared(level="lsoa21", measure="group", groups=(7, "ten"), code_column=None)
    assert observe(pd.Series([7, 8]), group).to_list() == [1.0, 0.0]
    cells = sheet(code=[A, B, D], x=["ten", "other", ""])
    values = read_lsoa_file(cells, group, AS_READ).values
    assert values[:2].to_dict() == {A: 1.0, B: 0.0}
    assert np.isnan(values[D])


def test_the_error_of_a_survey_of_an_analyst_comes_from_its_limits() -> None:
    survey = declared(measure="survey", low_column="low", high_column="high")
    table = sheet(unit=["U1", "U2"], x=["10", "2"], low=["6.08", ""], high=["13.92", "5.92"])
    given = read_area_file(table, survey, AS_READ)
    assert given.error is not None
    assert given.error.round(3).to_dict() == {"u1": 2.0, "u2": 2.0}
    upside_down = sheet(unit=["U1"], x=["10"], low=["11"], high=["12"])
    with pytest.raises(EvidenceError, match="a lower limit above it: u1"):
        read_area_file(upside_down, survey, AS_READ)
    with pytest.raises(EvidenceError, match="nothing in 'unit': row 3"):
        read_area_file(sheet(unit=["U1", ""], x=["1", "2"]), declared(), AS_READ)


def test_an_outcome_in_some_lsoas_only_says_how_many_are_left_out() -> None:
    outcome = Outcome("o", pd.Series({A: 1.0, B: 2.0, D: 3.0}), False, "2021", 3, {"have no value": 0})
    kept = only_where(outcome, pd.Index([A, D]), "were sent paper first")
    assert kept.values.to_dict() == {A: 1.0, D: 3.0}
    assert kept.left_out == {"have no value": 0, "were sent paper first": 1}
    with pytest.raises(EvidenceError, match="too few to compare"):
        only_where(outcome, pd.Index([A]), "were sent paper first")
