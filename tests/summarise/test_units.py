"""Which LSOAs make up wards, MSOAs and others, and what each is called."""

import pandas as pd
import pytest

from pipeline.errors import JoinError
from pipeline.summarise.units import units_of_level
from tests.fixtures.larger import make_scored, sum_up

NO_NAMES = pd.DataFrame({"msoa21_code": [], "msoa21_name": [], "msoa21_common_name": []}, dtype="str")


def nation(**columns: list[str]) -> pd.DataFrame:
    return make_scored(4).nation.assign(**columns)


def test_msoas_are_those_that_lsoas_are_named_after() -> None:
    table = make_scored(8).nation
    names = pd.DataFrame(
        {"msoa21_code": ["E02000009"], "msoa21_name": ["Town 001"], "msoa21_common_name": ["Old Town"]}
    )
    units = units_of_level("msoa", table, names)
    assert units is not None
    assert units.names.to_dict() == {"E02000009": "Old Town (Town 001)", "Town 002": "Town 002"}
    assert units.partition
    assert units.shares.toarray().tolist() == [[1] * 4 + [0] * 4, [0] * 4 + [1] * 4]


def test_wards_of_one_name_are_told_apart_by_their_district() -> None:
    table = nation(
        ward_code=["W1", "W2", "W2", "W3"],
        ward_name=["Central", "Central", "Central", "East"],
        lad_name=["Here", "There", "There", "There"],
    )
    units = units_of_level("ward", table, NO_NAMES)
    assert units is not None
    assert units.names.tolist() == ["Central (Here)", "Central (There)", "East"]


def test_lsoas_without_a_unit_are_named_and_belong_to_none() -> None:
    scored = make_scored(4)
    table = scored.nation.assign(icb_code="B1", icb_name="Board")
    table.loc["E01000001", ["icb_code", "icb_name"]] = None
    units = units_of_level("icb", table, NO_NAMES)
    assert units is not None
    assert units.without == ("E01000001",)
    assert not units.partition
    others = scored.frame["population_total"].iloc[[0, 2, 3]].sum()
    assert sum_up(units, scored).loc["B1", "residents"] == others


def test_a_code_with_two_names_is_refused() -> None:
    table = nation(lad_code=["D1", "D1", "D2", "D2"], lad_name=["Here", "There", "Else", "Else"])
    with pytest.raises(JoinError, match=r"D1 \(Here\), D1 \(There\)"):
        units_of_level("lad", table, NO_NAMES)


def test_a_level_that_no_lookup_gives_is_none() -> None:
    assert units_of_level("ward", nation(), NO_NAMES) is None
