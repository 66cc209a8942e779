from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import EvidenceError, RawFileError
from pipeline.evidence import match_outcome, read_outcome_file
from pipeline.evidence.outcome import Outcome
from pipeline.reading import Layout, Sheet, read_sheet

# A and B unchanged; C split into D and E; F and G merged into H.
A, B, C, D, E, F, G, H = (f"E0190000{n}" for n in range(8))
CHANGES = pd.DataFrame(
    [(A, A, "U"), (B, B, "U"), (C, D, "S"), (C, E, "S"), (F, H, "M"), (G, H, "M")],
    columns=["lsoa11_code", "lsoa21_code", "change"],
)
NATION = pd.Index([A, B, D, E, H])


def matched(values: Mapping[str, float], *, higher_is_better: bool = False) -> Outcome:
    return match_outcome(
        pd.Series(values, dtype="float64"), NATION, CHANGES, higher_is_better=higher_is_better, name="o.csv"
    )


def test_codes_of_2011_are_used_where_the_area_is_unchanged_and_the_rest_is_counted() -> None:
    outcome = matched({A: 1, B: 2, C: 3, F: 4, "W01000001": 5})
    assert outcome.vintage == "2011"
    assert outcome.values.to_dict() == {A: 1, B: 2}
    assert list(outcome.left_out.values()) == [0, 2, 1]
    assert "5 areas by LSOA 2011 code, 2 of them used" in str(outcome)
    assert "2 are LSOAs of 2011 that were split" in str(outcome)


def test_codes_of_2021_are_used_as_they_are() -> None:
    outcome = matched({A: 1, D: 2, H: np.nan})
    assert outcome.vintage == "2021"
    assert outcome.values.to_dict() == {A: 1, D: 2}
    assert list(outcome.left_out.values()) == [1, 0, 0]


def test_years_are_not_mixed() -> None:
    with pytest.raises(EvidenceError, match=f"mixes LSOAs of two years: 1 code.*{C}.*1 of 2021.*{D}"):
        matched({A: 1, C: 2, D: 3})


def test_a_code_that_both_years_use_for_different_areas_is_left_out() -> None:
    redrawn = CHANGES.assign(change=CHANGES["change"].where(CHANGES["lsoa11_code"] != B, "X"))
    values = pd.Series({A: 1.0, B: 2.0, C: 3.0}, dtype="float64")
    with pytest.raises(EvidenceError, match="all 1 areas"):
        match_outcome(values, NATION, redrawn, higher_is_better=False, name="o")


def test_harm_is_higher_where_it_is_worse() -> None:
    assert matched({A: 1, B: 2}, higher_is_better=True).harm.to_dict() == {A: -1, B: -2}
    assert matched({A: 1, B: 2}).harm.to_dict() == {A: 1, B: 2}


def test_an_outcome_of_nowhere_or_of_one_value_is_refused() -> None:
    with pytest.raises(EvidenceError, match="none of its 1 areas is an LSOA"):
        matched({"E01888888": 1})
    with pytest.raises(EvidenceError, match="same value, 3"):
        matched({A: 3, B: 3})


def test_an_area_twice_is_refused() -> None:
    values = pd.Series([1.0, 2.0], index=[A, A])
    with pytest.raises(EvidenceError, match=f"1 LSOA.s. appear more than once: {A}"):
        match_outcome(values, NATION, CHANGES, higher_is_better=True, name="o")


def sheet(**columns: list[str]) -> Sheet:
    rows = pd.RangeIndex(2, len(next(iter(columns.values()))) + 2)
    cells = {n: pd.Series(values, index=rows, dtype="str") for n, values in enumerate(columns.values())}
    return Sheet("o.csv", tuple(columns), cells, rows=rows)


def given(table: Sheet, code_column: str | None = None) -> dict[str, float]:
    values = read_outcome_file(table, "n", code_column, Layout()).values
    return dict(zip(values.index, values, strict=True))


def test_the_code_column_is_told_by_its_content() -> None:
    columns = {"place": ["x", "y"], "area": [A, f" {B.lower()} : Fen"], "n": ["1", "2"]}
    assert given(sheet(**columns)) == given(sheet(**columns), "area") == {A: 1, B: 2}
    assert given(sheet(**columns, LSOA21CD=[A, B])) == {A: 1, B: 2}
    with pytest.raises(EvidenceError, match="found area, also"):
        given(sheet(**columns, also=[A, B]))
    with pytest.raises(EvidenceError, match="found none"):
        given(sheet(n=["1"]))
    with pytest.raises(RawFileError, match="'x' is missing.* Columns found: place, area, n"):
        given(sheet(**columns), "x")


def test_rows_without_a_code_are_named() -> None:
    columns = {"area": [A, "Total", B.replace("0", "O", 1), D, E], "n": ["1", "2", "3", "4", "5"]}
    with pytest.raises(EvidenceError, match=r"2 row\(s\) have no LSOA code.*row 3: 'TOTAL', row 4: .*letters for fig"):
        given(sheet(**columns))


def test_values_that_are_not_given_are_counted_by_their_mark() -> None:
    read = read_outcome_file(sheet(area=[A, B], n=["*", "33%"]), "n", None, Layout())
    assert read.notes == ("n: 1 value(s) marked as not given ('*' 1)",)
    assert read.values.dropna().to_dict() == {B: 0.33}


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("LSOA,rate\nEO1900001,1\nEO1900002,2\n", "rate", r"'LSOA' has row 2: 'EO1900001' \(letters for figures"),
        ("LSOA,rate\nE02000001,1\nE02000002,2\n", "rate", r"row 2: 'E02000001' \(an MSOA\)"),
        ("LSOA,rate\nE01900001,1\nE01900002,2\n", "LSOA", "the column 'LSOA' holds the LSOA codes"),
    ],
)
def test_a_file_without_lsoa_codes_says_what_it_has(tmp_path: Path, text: str, column: str, message: str) -> None:
    (tmp_path / "o.csv").write_text(text, encoding="utf-8")
    with pytest.raises(EvidenceError, match=message):
        read_outcome_file(read_sheet(tmp_path / "o.csv", [column]), column, None, Layout())


def test_an_outcome_that_is_marked_as_not_given_throughout_says_so() -> None:
    nation = pd.Index(["E01900001", "E01900002"])
    with pytest.raises(EvidenceError, match="none of its 2 LSOAs of this nation has a value"):
        match_outcome(pd.Series([float("nan")] * 2, nation), nation, None, higher_is_better=False, name="o.csv, rate")
