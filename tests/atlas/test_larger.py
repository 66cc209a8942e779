"""Larger areas on the page: in an order that it can tell, rounded to what is shown; none may be lacking."""

import pandas as pd
import pytest

from pipeline.atlas.inputs import Summary
from pipeline.atlas.larger import SCORES, SHARES, larger_info
from pipeline.errors import SchemaError
from tests.fixtures.unpacking import unpack_table

AREAS = pd.DataFrame(
    {
        "lsoa21_code": ["E01", "E02", "E03", "E04", "E05"],
        "lsoa21_name": ["Fen 002A", "Fen 001A", "Fen 001B", "Wet 001A", "Dry 001A"],
        "lad_code": ["W", "F", "F", "W", None],
    }
)


def make_summary(codes: list[str], *, of_areas: bool = True, title: str = "Districts") -> Summary:
    """Figures that tell units apart: 10.04, 20.04 … by the order of ``codes``."""
    frame = pd.DataFrame({"unit_code": codes, "unit_name": [f"Name of {code}" for code in codes]})
    for at, column in enumerate((*SCORES, *SHARES)):
        scale = 1 if column in SCORES else 100
        frame[column] = [(10 * (row + 1) + at + 0.04) / scale for row in range(len(codes))]
    return Summary(frame.assign(share_covered=0.504, residents=1234.4), title, of_areas)


def test_units_stand_in_the_order_of_their_first_area_rounded_to_what_is_shown() -> None:
    info = larger_info({"lad": make_summary(["F", "W"])}, AREAS, many=False)
    assert info is not None
    assert [(level.id, level.title, level.units, level.of_areas) for level in info.levels] == [
        ("lad", "Districts", 2, True)
    ]
    table = unpack_table(info.units)
    assert list(table["risk_score"]) == [20.0, 10.0]
    assert list(table["share_people_worst_tenth"]) == [0.23, 0.13]
    assert set(table) == {*SCORES, *SHARES}


def test_msoas_go_by_the_names_of_their_areas() -> None:
    info = larger_info({"msoa": make_summary(["Dry 001", "Fen 001", "Fen 002", "Wet 001"])}, AREAS, many=False)
    assert info is not None
    assert list(unpack_table(info.units)["risk_score"]) == [30.0, 20.0, 40.0, 10.0]


def test_overlapping_units_have_their_names_but_on_a_page_of_many_areas() -> None:
    summaries = {
        "lad": make_summary(["F", "W"]),
        "practice": make_summary(["Y1"], of_areas=False, title="GP practices"),
    }
    info = larger_info(summaries, AREAS, many=False)
    assert info is not None
    assert [level.units for level in info.levels] == [2, 1]
    table = unpack_table(info.units)
    assert table["unit_name"].isna().tolist() == [True, True, False]
    assert table["unit_name"][2] == "Name of Y1"
    assert table["share_covered"][2] == 0.5
    assert table["residents"][2] == 1234
    assert [level.id for level in larger_info(summaries, AREAS, many=True).levels] == ["lad"]  # type: ignore[union-attr]


def test_an_area_in_a_unit_that_is_not_summed_up_is_refused() -> None:
    with pytest.raises(SchemaError, match=r"summary_lad\.parquet lacks W"):
        larger_info({"lad": make_summary(["F"])}, AREAS, many=False)


def test_without_summaries_there_is_nothing() -> None:
    assert larger_info({}, AREAS, many=False) is None
