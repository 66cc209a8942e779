"""No small number is told, and none follows from what is shown: compared with all whole numbers that agree with it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from pipeline.places.suppression import Counts, Flags, Protected, list_told, protect, with_totals

SMALLEST = 5
MOST = 10_000


@st.composite
def tables(draw: st.DrawFn) -> Counts:
    """Tables in which much is small, much is 0, and totals are often small, too."""
    rows, columns = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    number = st.one_of(st.sampled_from([0, 0, 1, 1, 2, 3, 4]), st.integers(0, 30))
    cells = draw(st.lists(number, min_size=rows * columns, max_size=rows * columns))
    return np.array(cells, dtype="int64").reshape(rows, columns)


def _hidden(shown: Protected) -> Flags:
    """What is hidden of the table with its totals."""
    top = np.column_stack([shown.cells, shown.lsoas])
    return ~np.vstack([top, [*shown.categories, shown.total]])


def _range(table: Counts, hidden: Flags, cell: tuple[int, int]) -> tuple[int, int]:
    """The least and the largest whole number that a hidden count may be, by an integer program."""
    numbers = {(int(row), int(column)): n for n, (row, column) in enumerate(np.argwhere(hidden))}
    sign = np.ones(table.shape)
    sign[:, -1] *= -1
    sign[-1] *= -1
    sums, rest = [], []
    for axis, count in enumerate(table.shape):
        for line in range(count):
            cells = [(line, n) if axis == 0 else (n, line) for n in range(table.shape[1 - axis])]
            row = np.zeros(len(numbers))
            for at in cells:
                if at in numbers:
                    row[numbers[at]] = sign[at]
            sums.append(row)
            rest.append(-sum(sign[at] * table[at] for at in cells if at not in numbers))
    ends = []
    for towards in (1, -1):
        aim = np.zeros(len(numbers))
        aim[numbers[cell]] = towards
        solved = milp(
            aim,
            constraints=LinearConstraint(np.array(sums), rest, rest),
            bounds=Bounds(1, MOST),
            integrality=np.ones(len(numbers), dtype=np.int64),
        )
        assert solved.fun is not None
        ends.append(round(towards * float(solved.fun)))
    return ends[0], ends[1]


@given(tables())
@settings(max_examples=60)
def test_nothing_small_is_shown_or_follows(counts: Counts) -> None:
    table, hidden = with_totals(counts), _hidden(protect(counts, SMALLEST))
    assert hidden[(table > 0) & (table < SMALLEST)].all()
    for row, column in np.argwhere(hidden):
        least, largest = _range(table, hidden, (int(row), int(column)))
        assert least < largest, (counts, hidden, row, column)


@given(tables())
@settings(max_examples=60)
def test_what_follows_is_told_exactly(counts: Counts) -> None:
    table = with_totals(counts)
    hidden = (table > 0) & (table < SMALLEST)
    told = {tuple(cell) for cell in list_told(table, hidden).tolist()}
    for row, column in np.argwhere(hidden).tolist():
        least, largest = _range(table, hidden, (row, column))
        assert (least == largest) == ((row, column) in told), (counts, row, column)


@given(tables())
def test_zeros_are_shown_and_nothing_is_left_out_without_need(counts: Counts) -> None:
    table, hidden = with_totals(counts), _hidden(protect(counts, SMALLEST))
    assert not hidden[table == 0].any()
    if not ((table > 0) & (table < SMALLEST)).any():
        assert not hidden.any()


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([[3, 20], [30, 40]], [[True, True, False], [True, True, False], [False, False, False]]),
        ([[1, 1, 98], [50, 50, 50]], None),
        ([[3], [20]], [[True, True], [True, True], [False, False]]),
        ([[3]], [[True, True], [True, True]]),
        ([[7, 20], [30, 40]], [[False] * 3] * 3),
    ],
)
def test_small_tables(counts: list[list[int]], hidden: list[list[bool]] | None) -> None:
    left_out: NDArray[np.bool_] = _hidden(protect(np.array(counts), SMALLEST))
    if hidden is None:
        # Two ones with their sum of 2 would be told by the sum: a third goes with them.
        assert left_out[0, :3].all()
    else:
        assert left_out.tolist() == hidden


def test_a_nation_of_categories_takes_seconds() -> None:
    random = np.random.default_rng(0)
    counts = random.poisson(random.gamma(1, [1, 5, 50, 3], size=(5_000, 4)))
    shown = protect(counts, SMALLEST)
    assert not len(list_told(with_totals(counts), _hidden(shown)))
    assert shown.total
    assert shown.categories.all()
