"""Small numbers in a table of counts are left out, and as many others as it takes that none follows by subtraction.

Published are the counts by LSOA and category, the totals of LSOAs, those of categories, and the grand total. Counts
from 1 to below a limit are left out (primary suppression); zeros are shown. A reader who knows all this can add up: the
counts of an LSOA give its total, those of a category its own. So more is left out (secondary suppression) until for
every count that is left out, at least two whole numbers from 1 up agree with all that is shown.

Whether they do is told exactly. A table with totals is a network: rows and columns are its nodes, each count that is
left out joins its row and its column, and moving a person round a circle of such joins, up in one count and down in
the next, changes no sum (Gusfield 1988, A graph theoretic approach to statistical data security, SIAM Journal on
Computing 17; Cox 1995, Network models for complementary cell suppression, JASA 90). A count can go up always, and down
where it is above 1, so that the circle has directions. Sums of a network with whole bounds are met by whole numbers, so
a count follows from what is shown if, and only if, it lies on no such circle.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]
ROUNDS = 12
"""Attempts to mend by leaving out single counts, before totals are left out."""


@dataclass(frozen=True)
class Protected:
    """Which counts may be shown: arrays of LSOAs × categories, of LSOAs, of categories, and the grand total."""

    cells: Flags
    lsoas: Flags
    categories: Flags
    total: bool


def protect(counts: Counts, smallest: int) -> Protected:
    """Which of the counts and their totals may be shown, so that none below ``smallest`` is told or follows.

    Args:
        counts: LSOAs × categories, whole numbers of 0 or more. ``smallest``: the least that is shown, beside 0.
    """
    table = with_totals(counts)
    hidden = (table > 0) & (table < smallest)
    _mend_rows(table, hidden)
    for _ in range(ROUNDS):
        told = list_told(table, hidden)
        if not len(told):
            break
        before = hidden.sum()
        _mend_columns(table, hidden, told)
        _mend_rows(table, hidden)
        if hidden.sum() == before:
            break
    _mend_by_totals(table, hidden)
    shown = ~hidden
    return Protected(shown[:-1, :-1], shown[:-1, -1], shown[-1, :-1], bool(shown[-1, -1]))


def with_totals(counts: Counts) -> Counts:
    """A table with its totals as a last column and a last row."""
    table = np.zeros((counts.shape[0] + 1, counts.shape[1] + 1), dtype="int64")
    table[:-1, :-1] = counts
    table[:-1, -1] = counts.sum(axis=1)
    table[-1] = table[:-1].sum(axis=0)
    return table


def list_told(table: Counts, hidden: Flags) -> NDArray[np.int64]:
    """The hidden counts that follow from what is shown: rows and columns in a table with totals, shape (n, 2).

    A count that may go up leads from its row to its column, one that may go down back again; totals the other way
    round. A count does not follow where its end is reached from its beginning without itself.
    """
    sign = np.ones(table.shape, dtype=bool)
    sign[:, -1] ^= True
    sign[-1] ^= True
    falls = hidden & (table > 1)
    out = np.where(sign, hidden, falls)
    back = np.where(sign, falls, hidden)
    busy = np.flatnonzero(hidden.any(axis=1))
    steps = back.astype("int64").T @ out.astype("int64")
    ways = back[busy].astype("int8") + 2 * out[busy].astype("int8")
    patterns, which = np.unique(ways, axis=0, return_inverse=True)
    which = which.reshape(-1)
    # A row takes each step once: those that two rows take are there without any one of them.
    always = _closure(steps > 1)
    told = []
    for number, pattern in enumerate(patterns):
        comes, goes = (pattern & 1).astype(bool), (pattern & 2).astype(bool)
        left = _told_in(comes, goes, always)
        if left.any():
            # Columns reached from columns over exactly the other rows.
            left = _told_in(comes, goes, _closure(steps - np.outer(comes, goes) > 0))
        for column in np.flatnonzero(left):
            told += [(row, column) for row in busy[which == number]]
    return np.array(sorted(told), dtype="int64").reshape(-1, 2)


def _told_in(comes: Flags, goes: Flags, reach: Flags) -> Flags:
    """Which counts of a row follow, where ``reach`` says which columns lead to which over other rows.

    The row is reached from the columns in ``comes``, and leads to those in ``goes``.
    """
    others = reach & ~np.eye(len(reach), dtype=bool)
    up = goes & others[:, comes].any(axis=1)
    down = comes & others[goes].any(axis=0)
    return (comes | goes) & ~up & ~down


def _closure(steps: Flags) -> Flags:
    """What is reached in one step or more."""
    reach = steps.copy()
    for middle in range(len(reach)):
        reach |= np.outer(reach[:, middle], reach[middle])
    return reach


def _mend_rows(table: Counts, hidden: Flags) -> None:
    """Leave out the next smallest count of an LSOA whose hidden counts follow from its total; else the total.

    That is so where one is hidden, or several that are all 1.
    """
    inner, numbers = hidden[:-1, :-1], table[:-1, :-1]
    while True:
        count, total = inner.sum(axis=1), np.where(inner, numbers, 0).sum(axis=1)
        rows = np.flatnonzero(~hidden[:-1, -1] & (count > 0) & ((count == 1) | (total == count)))
        if not len(rows):
            return
        left = np.where(inner[rows] | (numbers[rows] == 0), np.iinfo("int64").max, numbers[rows])
        smallest = left.argmin(axis=1)
        there = left[np.arange(len(rows)), smallest] < np.iinfo("int64").max
        inner[rows[there], smallest[there]] = True
        hidden[rows[~there], -1] = True


def _mend_columns(table: Counts, hidden: Flags, told: NDArray[np.int64]) -> None:
    """Leave out one more count of each category in which one follows: the smallest, of an LSOA with others hidden."""
    inner = hidden[:-1, :-1]
    for column in np.unique(told[told[:, 0] < len(table) - 1, 1]):
        if column == table.shape[1] - 1:
            continue
        numbers = table[:-1, column]
        able = np.flatnonzero((numbers > 0) & ~inner[:, column])
        if len(able):
            lone = ~inner[able].any(axis=1)
            inner[able[np.lexsort((able, numbers[able], lone))[0]], column] = True


def _mend_by_totals(table: Counts, hidden: Flags) -> None:
    """Leave out totals until nothing follows: first that of the category and the grand total, then that of the LSOA.

    With these three hidden, a count may go up by any number, and they with it.
    """
    last_row, last_column = len(table) - 1, table.shape[1] - 1
    for with_lsoas in (False, True):
        told = list_told(table, hidden)
        for row, column in told:
            at = (row, column)
            if row == last_row or column == last_column:
                at = _inside(table, row, column)
            hidden[at] = hidden[last_row, at[1]] = hidden[last_row, last_column] = True
            if with_lsoas:
                hidden[at[0], last_column] = True


def _inside(table: Counts, row: int, column: int) -> tuple[int, int]:
    """A count that a total is made of: the smallest."""
    inner = np.where(table[:-1, :-1] > 0, table[:-1, :-1], np.iinfo("int64").max)
    if row < len(table) - 1:
        return row, int(inner[row].argmin())
    if column < table.shape[1] - 1:
        return int(inner[:, column].argmin()), column
    at = np.unravel_index(inner.argmin(), inner.shape)
    return int(at[0]), int(at[1])
