"""ICBs compared, and places of which an area holds only a part."""

from itertools import pairwise

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from pipeline.risk.boards import compare_boards, find_parts, number_boards

CODES = [f"E0100000{n}" for n in range(8)]


def nation(boards: list[str | None]) -> pd.DataFrame:
    codes = [f"E01{n:06}" for n in range(len(boards))]
    names = [None if board is None else f"Board {board}" for board in boards]
    return pd.DataFrame({"icb_code": boards, "icb_name": names}, index=codes)


def test_shares_of_the_worst_tenth_are_ranked_and_people_added_up() -> None:
    table = nation(["B", "A", "B", "A", "A", "C", None])
    decile = pd.Series([1, 1, 1, 2, 3, 1, 1], index=table.index, dtype="float64")
    people = pd.Series([10.0, 1.0, 20.0, 2.0, np.nan, 5.0, 99.0], index=table.index)
    boards = compare_boards(table, decile, people)
    assert boards is not None
    assert [(b.code, b.name, b.areas, b.worst, b.rank, b.people_at_risk) for b in boards] == [
        ("A", "Board A", 3, 1, 3, 3.0),
        ("B", "Board B", 2, 2, 1, 30.0),
        ("C", "Board C", 1, 1, 1, 5.0),
    ]
    assert {(b.worst_low, b.worst_high, b.rank_low, b.rank_high) for b in boards} == {(None, None, None, None)}


def test_the_ends_hold_nine_of_ten_plausible_indices() -> None:
    table = nation(["A", "A", "B", "B"])
    decile = pd.Series([1.0, 2.0, 5.0, 5.0], index=table.index)
    drawn = np.array([[1, 0]] * 18 + [[0, 1], [0, 2]])
    boards = compare_boards(table, decile, pd.Series(1.0, index=table.index), drawn)
    assert boards is not None
    assert [(b.worst_low, b.worst_high) for b in boards] == [(0, 1), (0, 1)]
    assert [(b.rank, b.rank_low, b.rank_high) for b in boards] == [(1, 1, 2), (2, 1, 2)]


def test_a_nation_without_ranks_or_boards_is_not_compared() -> None:
    table = nation(["A", "B"])
    people = pd.Series(1.0, index=table.index)
    assert compare_boards(table, pd.Series(np.nan, index=table.index), people) is None
    assert compare_boards(table[[]], pd.Series(1.0, index=table.index), people) is None


@given(st.lists(st.tuples(st.sampled_from(["A", "B", "C"]), st.booleans()), min_size=1, max_size=30))
def test_boards_hold_every_area_once(rows: list[tuple[str, bool]]) -> None:
    table = nation([board for board, _ in rows])
    decile = pd.Series([1.0 if worst else 9.0 for _, worst in rows], index=table.index)
    boards = compare_boards(table, decile, pd.Series(1.0, index=table.index))
    assert boards is not None
    assert sum(b.areas for b in boards) == len(rows)
    assert sum(b.worst for b in boards) == sum(worst for _, worst in rows)
    assert min(b.rank for b in boards) == 1
    by_rank = sorted(boards, key=lambda b: b.rank)
    assert all(a.worst / a.areas >= b.worst / b.areas for a, b in pairwise(by_rank))
    assert number_boards(table).max() == len(boards) - 1


def test_only_divided_places_are_parts() -> None:
    table = pd.DataFrame({"ward_code": list("aabbcc"), "lad_code": list("LLLLMM")}, index=CODES[:6])
    parts = find_parts(table, table.index[:3])
    assert [(p.level, p.code, p.areas) for p in parts] == [("ward", "b", 2), ("lad", "L", 4)]
    assert find_parts(table, table.index) == ()
