"""Groups from an analyst's file: shares, people, codes of 2011, and what is refused by its row."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.catalogue.groups import Group
from pipeline.errors import MissingSourceError, RawFileError
from pipeline.summarise.groups import Grouping, read_grouping
from tests.fixtures.larger import make_scored, sum_up

SCORED = make_scored(8)
RESIDENTS = SCORED.nation["population_total"]
CHANGES = pd.DataFrame(
    [
        *((f"E01{n:06}", f"E01{n:06}", "U") for n in range(4)),
        ("E01900001", "E01000004", "S"),
        ("E01900001", "E01000005", "S"),
        ("E01900002", "E01000006", "M"),
        ("E01900003", "E01000006", "M"),
        ("E01000007", "E01000007", "U"),
    ],
    columns=["lsoa11_code", "lsoa21_code", "change"],
)


def read(tmp_path: Path, rows: str, matching: str = "one to one", **more: object) -> Grouping:
    path = tmp_path / "teams.csv"
    weight = {"weight_column": "Share"} if matching in ("shares", "people") else {}
    path.write_text(f"Team,LSOA,Share\n{rows}\n", encoding="utf-8")
    group = Group.model_validate(
        {
            **{"id": "teams", "title": "Teams", "file": "teams.csv", "unit_column": "Team", "code_column": "LSOA"},
            **{"matching": matching, "source": "s", "licence": "l", **weight, **more},
        }
    )
    return read_grouping(path, group, RESIDENTS, CHANGES)


def test_shares_are_of_the_residents(tmp_path: Path) -> None:
    made = read(tmp_path, "A,E01000000,100\nA,E01000001,40\nB,E01000001,60", "shares", written_as="percent")
    table = sum_up(made.units, SCORED)
    assert table["residents"].tolist() == pytest.approx(
        [RESIDENTS.iloc[0] + 0.4 * RESIDENTS.iloc[1], 0.6 * RESIDENTS.iloc[1]]
    )
    assert not made.losses
    assert not made.units.partition


def test_people_of_other_nations_are_lost_and_said(tmp_path: Path) -> None:
    made = read(tmp_path, "A,E01000000,30\nA,W01000001,10", "people")
    assert made.losses == {"A": 10.0}
    row = sum_up(made.units, SCORED).loc["A"]
    assert (row["residents"], row["share_covered"]) == (30, 0.75)


def test_lsoas_of_2011_are_carried_over(tmp_path: Path) -> None:
    rows = "A,E01000000,1\nA,E01900001,0.5\nA,E01900002,1"
    made = read(tmp_path, rows, "shares", vintage="lsoa11")
    shares = made.units.shares.toarray()[0]
    assert shares.tolist() == [1, 0, 0, 0, 0.5, 0.5, 0.5, 0]
    assert any("1 unchanged, 1 split, 1 merged" in note for note in made.notes)


def test_people_of_a_split_lsoa_are_shared_out_by_residents(tmp_path: Path) -> None:
    made = read(tmp_path, "A,E01900001,100", "people", vintage="lsoa11")
    people = made.units.people.toarray()[0]
    assert people.sum() == pytest.approx(100)
    assert people[4] / people[5] == pytest.approx(RESIDENTS.iloc[4] / RESIDENTS.iloc[5])
    assert not made.losses


def test_units_have_codes_and_names(tmp_path: Path) -> None:
    made = read(tmp_path, "A,E01000000,North\nA,E01000001,North\nB,E01000002,South", name_column="Share")
    assert made.units.names.to_dict() == {"A": "North", "B": "South"}


@pytest.mark.parametrize(
    ("rows", "matching", "message"),
    [
        ("A,E01000000,\nB,E01000000,", "one to one", r"E01000000 in rows 2, 3.*matching = \"shares\""),
        ("A,E01000000,0.5\nA,E01000000,0.5", "shares", "E01000000 in rows 2, 3.*Add up"),
        ("A,E01000000,0.7\nB,E01000000,0.5", "shares", r"add up to more than 1: E01000000 \(1.2, in rows 2, 3\)"),
        ("A,E01000000,-0.1", "shares", "below 0: row 2: '-0.1'"),
        ("A,E01000000,70", "shares", "over 1: row 2: '70'.*written_as = \"percent\""),
        ("A,E01000099,1", "shares", "row 2: E01000099.*vintage"),
        ("A,W01000001,1", "shares", "of other nations: row 2: W01000001"),
        ("A,Norwich,1", "shares", "have no LSOA code"),
        ("A,E01000000,", "shares", "not given"),
        (",E01000000,1", "shares", "have no unit in 'Team': row 2"),
    ],
)
def test_what_cannot_be_used_is_refused_by_its_row(tmp_path: Path, rows: str, matching: str, message: str) -> None:
    with pytest.raises(RawFileError, match=message):
        read(tmp_path, rows, matching)


def test_a_unit_of_two_names_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RawFileError, match=r"row 2: A \(North\), row 3: A \(South\)"):
        read(tmp_path, "A,E01000000,North\nA,E01000001,South", name_column="Share")


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    read(tmp_path, "A,E01000000,1")
    (tmp_path / "teams.csv").rename(tmp_path / "others.csv")
    group = Group.model_validate(
        {
            **{"id": "teams", "title": "Teams", "file": "teams.csv", "unit_column": "Team", "code_column": "LSOA"},
            **{"matching": "one to one", "source": "s", "licence": "l"},
        }
    )
    with pytest.raises(MissingSourceError, match=r"teams.file 'teams.csv' is missing"):
        read_grouping(tmp_path / "teams.csv", group, RESIDENTS, CHANGES)


def test_shares_of_one_that_are_declared_as_percentages_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RawFileError, match="no weight is over 1, so that they seem to be shares of 1 and not percent"):
        read(tmp_path, "A,E01000000,0.5\nB,E01000000,0.5", "shares", written_as="percent")


@pytest.mark.parametrize("other", ["NORTH café", "North cafe\u0301", "North\u200b café", "North ｃafé"])
def test_a_unit_that_is_written_in_two_ways_is_not_two_units(tmp_path: Path, other: str) -> None:
    with pytest.raises(RawFileError, match=r"1 unit\(s\) are written in several ways.*North café"):
        read(tmp_path, f"North café,E01000000,\n{other},E01000001,\nSouth,E01000002,")


def test_units_without_people_and_more_people_than_live_there_are_said(tmp_path: Path) -> None:
    made = read(tmp_path, "A,E01000000,90000\nB,E01000001,0\nC,E01000002,5", "people")
    assert made.notes == (
        "of weight 0 in all, and left out: B",
        f"more than 2 times the residents were counted in E01000000 (90,000 of {RESIDENTS.iloc[0]:,.0f} residents)",
    )
