"""Practices and networks from registered patients: by hand, over the lookup, and whom the figures cover."""

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import JoinError
from pipeline.summarise.figures import part_in_area, summarise
from pipeline.summarise.practices import place_patients, units_of_networks, units_of_practices
from tests.fixtures.larger import make_scored, sum_up

SCORED = make_scored(8, inside=6)
RESIDENTS = SCORED.nation["population_total"]
CHANGES = pd.DataFrame(
    [
        *((f"E01{n:06}", f"E01{n:06}", "U") for n in range(6)),
        ("E01900001", "E01000006", "S"),
        ("E01900001", "E01000007", "S"),
    ],
    columns=["lsoa11_code", "lsoa21_code", "change"],
)


def table(*rows: tuple[str, str | None, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["practice_code", "lsoa_code", "patients"])
    return frame.assign(practice_name=frame["practice_code"] + " Surgery")


def test_a_practice_of_two_lsoas_by_hand() -> None:
    placed = place_patients(table(("P1", "E01000000", 300), ("P1", "E01000001", 100)), RESIDENTS, CHANGES)
    row = sum_up(units_of_practices(placed, RESIDENTS).units, SCORED).loc["P1"]
    first, second = SCORED.frame.iloc[0], SCORED.frame.iloc[1]
    assert row["unit_name"] == "P1 Surgery"
    assert row["risk_score"] == pytest.approx((300 * first["risk_score"] + 100 * second["risk_score"]) / 400)
    rates = [lsoa["people_at_risk"] / lsoa["population_total"] for lsoa in (first, second)]
    assert row["people_at_risk"] == pytest.approx(300 * rates[0] + 100 * rates[1])
    shares = np.array([300, 100]) / RESIDENTS.iloc[:2].to_numpy()
    denominators = shares * SCORED.nation["residents_imd"].iloc[:2].to_numpy()
    assert row["imd_score"] == pytest.approx(np.average(SCORED.frame["imd_score"].iloc[:2], weights=denominators))
    assert (row["residents"], row["share_covered"]) == (400, 1)


def test_patients_elsewhere_count_towards_what_is_not_covered() -> None:
    rows = table(("P1", "E01000000", 50), ("P1", "E01000007", 20), ("P1", "W01000001", 20), ("P1", None, 10))
    made = units_of_practices(place_patients(rows, RESIDENTS, CHANGES), RESIDENTS)
    assert made.losses == {"P1": 30.0}
    assert sum_up(made.units, SCORED).loc["P1", "share_covered"] == 0.5


def test_a_release_of_2011_is_carried_over_by_residents() -> None:
    rows = table(("P1", "E01000000", 50), ("P1", "E01900001", 100))
    placed = place_patients(rows, RESIDENTS, CHANGES)
    weights = placed.counts.set_index("lsoa21_code")["weight"]
    assert weights.sum() == pytest.approx(150)
    assert weights["E01000006"] / weights["E01000007"] == pytest.approx(RESIDENTS.iloc[6] / RESIDENTS.iloc[7])
    assert any("1 split" in note for note in placed.notes)


def test_a_release_of_2021_is_taken_as_it_is() -> None:
    rows = table(("P1", "E01000006", 50), ("P1", "E01000007", 100))
    assert place_patients(rows, RESIDENTS, CHANGES).counts["weight"].tolist() == [50, 100]


def test_networks_add_up_their_practices() -> None:
    rows = table(("P1", "E01000000", 50), ("P2", "E01000000", 30), ("P2", None, 20), ("P3", "E01000001", 70))
    members = pd.DataFrame(
        {
            "practice_code": ["P1", "P2", "P9"],
            "pcn_code": ["U00001", "U00001", "U00002"],
            "pcn_name": ["North PCN", "North PCN", "South PCN"],
        }
    )
    placed = place_patients(rows, RESIDENTS, CHANGES)
    made = units_of_networks(placed, members, RESIDENTS)
    result = sum_up(made.units, SCORED)
    assert list(result.index) == ["U00001"]
    assert (result.loc["U00001", "residents"], result.loc["U00001", "share_covered"]) == (80, 0.8)
    assert made.losses == {"U00001": 20.0}
    assert any("1 practice(s) in no network: P3" in note for note in made.notes)
    assert any("1 member(s) without registered patients: P9" in note for note in made.notes)


def test_practices_that_lie_elsewhere_are_listed_without_a_rank_or_left_out() -> None:
    rows = table(
        *(("P1", "E01000000", 900), ("P2", "E01000000", 150), ("P2", "E01000007", 850)),
        *(("P3", "E01000000", 20), ("P3", "E01000007", 980)),
    )
    units = units_of_practices(place_patients(rows, RESIDENTS, CHANGES), RESIDENTS).units
    part = part_in_area(units, SCORED, least_covered=0.5, least_people=100)
    result = summarise(units, part, SCORED).set_index("unit_code")
    assert result["unit_rank"].isna().to_dict() == {"P1": False, "P2": True}


def test_patients_of_no_lsoa_of_the_nation_are_refused() -> None:
    with pytest.raises(JoinError, match="E01999999"):
        place_patients(table(("P1", "E01999999", 5)), RESIDENTS, CHANGES)
