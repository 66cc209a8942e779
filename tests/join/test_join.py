from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from pipeline.errors import JoinError
from pipeline.join.tables import Part, join
from pipeline.tidy.disability import DISABILITY

CODES = [f"E0190000{n}" for n in range(1, 6)]
AREAS = pd.DataFrame({"lsoa21_code": CODES})


def part(codes: Sequence[str], **changes: Any) -> Part:
    frame = pd.DataFrame({"lsoa21_code": codes, "share_disabled": [0.1] * len(codes)})
    return Part(**{"table": DISABILITY, "frame": frame, "source": "census2021_disability", **changes})


def test_every_area_keeps_its_row_and_order() -> None:
    joined = join(AREAS, [part([*reversed(CODES), "E01900099"])])
    assert joined.frame["lsoa21_code"].tolist() == CODES
    assert str(joined.matches[0]) == "census2021_disability: 5 of 5"


def test_a_gap_in_a_required_table_is_named() -> None:
    with pytest.raises(JoinError, match="2 of the 5 LSOAs of the area are not in it: E01900004, E01900005"):
        join(AREAS, [part(CODES[:3])])


def test_a_gap_in_an_optional_table_is_flagged() -> None:
    joined = join(AREAS, [part(CODES[:3], required=False)])
    assert joined.matches[0].missing == ("E01900004", "E01900005")
    assert joined.frame["share_disabled"].isna().sum() == 2


def test_another_vintage_is_refused() -> None:
    with pytest.raises(JoinError, match="its areas are 'lsoa11'"):
        join(AREAS, [part(CODES, table=replace(DISABILITY, geography="lsoa11"))])


def test_codes_of_2011_under_a_2021_name_are_recognised() -> None:
    with pytest.raises(JoinError, match=r"E01000008 \(now E01900004 \+ E01900005\)(.|\n)*LSOAs of 2011"):
        join(AREAS, [part([*CODES[:3], "E01000008"])], former=lambda: {"E01000008": "E01900004 + E01900005"})


def test_a_table_with_an_area_twice_is_refused() -> None:
    with pytest.raises(JoinError, match="one row for each LSOA"):
        join(AREAS, [part([*CODES, CODES[0]])])


def test_only_the_first_twenty_are_listed() -> None:
    areas = pd.DataFrame({"lsoa21_code": [f"E0190{n:04d}" for n in range(50)]})
    with pytest.raises(JoinError, match="E01900019 … and 30 more"):
        join(areas, [part(["E01999999"])])
