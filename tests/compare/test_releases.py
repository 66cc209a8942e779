"""Releases by LSOA of 2011 carried over to 2021: unchanged, split, merged and irregular, by hand."""

import pandas as pd
import pytest

from pipeline.compare.releases import Release, carry_release, release_side
from pipeline.errors import CompareError
from pipeline.places.carrying import Lookup
from tests.fixtures.sides import make_comparison_index

PAIRS = [
    ("E01000001", "E01000001", "U"),
    ("E01000002", "E01100001", "S"),
    ("E01000002", "E01100002", "S"),
    ("E01000003", "E01100003", "M"),
    ("E01000004", "E01100003", "M"),
    ("E01000005", "E01100004", "X"),
    ("E01000006", "E01100004", "X"),
]
LOOKUP = Lookup.of(
    pd.DataFrame(PAIRS, columns=["lsoa11_code", "lsoa21_code", "change"]),
    pd.Series(1_500, index=sorted({new for _, new, _ in PAIRS})),
)


def release(**values: float) -> Release:
    frame = pd.DataFrame(
        {
            "imd_score": [50.0, 40.0, 30.0, 10.0, 20.0, 10.0],
            "residents": [1_000, 3_000, 1_000, 3_000, 1_000, 1_000],
        },
        index=[f"E0100000{n}" for n in range(1, 7)],
    )
    for code, value in values.items():
        frame.loc[code, "imd_score"] = value
    return Release("the release", "2019", frame)


def test_each_change_carries_over_as_it_should() -> None:
    frame, redrawn = carry_release(release(), LOOKUP, ("imd_score",))
    assert frame["imd_score"].to_dict() == {
        "E01000001": 50.0,
        "E01100001": 40.0,
        "E01100002": 40.0,
        # 30 of 1,000 residents and 10 of 3,000.
        "E01100003": 15.0,
        "E01100004": 15.0,
    }
    assert redrawn.to_dict() == {
        "E01000001": "unchanged",
        "E01100001": "split",
        "E01100002": "split",
        "E01100003": "merged",
        "E01100004": "irregular",
    }


def test_a_gap_is_refused() -> None:
    with pytest.raises(CompareError, match=r"1 LSOA\(s\) of 2021 have no value.*E01100003"):
        carry_release(release(E01000003=float("nan")), LOOKUP, ("imd_score",))


def test_a_side_ranks_all_by_what_was_carried_over() -> None:
    frame, redrawn = carry_release(release(), LOOKUP, ("imd_score",))
    index = make_comparison_index()
    frame = frame.assign(**dict.fromkeys(index.columns, 1.0))
    areas = pd.DataFrame({"lsoa21_name": ["One", "Two"], "lad_name": "There"}, index=["E01100003", "E01000001"])
    side = release_side(Release("2019", "2019", frame), frame, index, areas, redrawn)
    assert side.areas["rank"].to_dict() == {"E01000001": 1, "E01100003": 4}
    assert side.areas["area_rank"].to_dict() == {"E01000001": 1, "E01100003": 2}
    assert side.kind == "release"
