"""What changed on the page: who crossed or moved, why, the surest first; of whose worst tenth is said."""

from collections.abc import Sequence

import pandas as pd
import pytest

from pipeline.atlas.changed import MOST, changes_info
from pipeline.atlas.contract import ChangesInfo
from pipeline.atlas.inputs import Changes
from pipeline.store.changes import ChangesRecord
from tests.fixtures.changes import record, tenth

CODES = [f"E{number:08}" for number in range(6)]


def make_frame(codes: list[str], **columns: Sequence[object]) -> pd.DataFrame:
    """Areas of which none moved, but for what ``columns`` say."""
    plain: dict[str, object] = {
        "moved": False,
        "rank_old": 30.0,
        "rank_new": 30.0,
        "place_change": 0.0,
        "reason": None,
        "main_indicator": "Adult skills",
        "main_indicator_old": "12%",
        "main_indicator_new": "15%",
        "worst_tenth_england": "Not in it",
        "reason_england": None,
        "worst_tenth_area": "Not in it",
        "reason_area": None,
    }
    return pd.DataFrame(
        {"lsoa21_code": codes} | {name: [value] * len(codes) for name, value in plain.items()} | columns
    )


def informed(frame: pd.DataFrame, of: ChangesRecord) -> ChangesInfo:
    info = changes_info(Changes(frame, of), CODES)
    assert info is not None
    return info


def test_those_that_crossed_or_moved_are_listed_the_surest_first() -> None:
    frame = make_frame(
        [*CODES, "E99999999"],
        moved=[False, True, True, False, False, False, True],
        place_change=[0.1, -0.5, 0.2, 0.3, 0.0, 0.0, 2.0],
        worst_tenth_england=["Entered", "Left", "Not in it", "Stayed in", "Not in it", "Not in it", "Entered"],
        reason_england=["Weights", "Indicator values", None, None, None, None, "Boundary"],
        reason=["Method", "Indicator values", "Values of other areas", "Weights", None, None, "Boundary"],
    )
    areas = informed(frame, record(tenth())).areas
    assert [(area.row, area.crossed, area.moved, area.reason) for area in areas] == [
        (1, "Left", True, "Indicator values"),
        (2, None, True, "Values of other areas"),
        (0, "Entered", False, "Weights"),
    ]
    assert (areas[0].indicator, areas[0].value_old, areas[0].value_new) == ("Adult skills", "12%", "15%")
    assert areas[1].indicator is None


@pytest.mark.parametrize(
    ("of", "column", "whose"),
    [
        (record(tenth()), "worst_tenth_england", "England’s worst tenth"),
        (record(tenth(), fictional=True), "worst_tenth_england", "the fictional country’s worst tenth"),
        (record(None), "worst_tenth_area", "the worst tenth of Here"),
    ],
)
def test_the_worst_tenth_is_the_nations_where_that_was_compared(of: ChangesRecord, column: str, whose: str) -> None:
    info = informed(make_frame(CODES, **{column: ["Entered", *["Stayed in"] * 5]}), of)
    assert [area.crossed for area in info.areas] == ["Entered"]
    assert info.of == whose


def test_of_very_many_the_page_says_how_many_more_there_are() -> None:
    codes = [f"E{number:08}" for number in range(MOST + 7)]
    info = changes_info(Changes(make_frame(codes, moved=[True] * len(codes)), record(tenth())), codes)
    assert info is not None
    assert (len(info.areas), info.others) == (MOST, 7)


def test_without_a_comparison_there_is_nothing() -> None:
    assert changes_info(None, CODES) is None
