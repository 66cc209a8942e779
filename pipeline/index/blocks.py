"""The scores of many plausible indices, some at once: each as it is scored alone, to the last bit.

What draws share is worked out once for those that share it: errors in the data, and the normalised values of what has
none. Their order, and how many are worked out at once, changes nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pipeline.index.aggregate import aggregate_together, take_logs
from pipeline.index.drawing import share_work
from pipeline.index.plausible import ELEMENTS, Choices, Prepared, draw_values, score_choice, take

Matrix = NDArray[np.float64]
Rows = NDArray[np.int64]
Work = Callable[[Rows, Matrix], None]
"""What is done with the scores of some choices: their rows among all choices, and choices × areas."""

FEWEST = 2
"""Choices that are scored at once however many areas there are: threads take turns at the interpreter less often."""
MOST = 64
"""Choices that are scored at once however few areas there are: more gain nothing."""
SURELY_INSIDE = 1e-9
"""A mean that lies so far, as a share of the scale, inside the ends of its parts cannot be rounded beyond them."""


def score_in_blocks(prepared: Prepared, choices: Choices, work: Work) -> None:
    """Have ``work`` done with the scores of all choices, block by block in any order, from several threads."""

    def do(unit: Rows) -> None:
        for rows, scores in _score_unit(prepared, choices, unit):
            work(rows, scores)

    share_work(do, _units(choices, _at_once(prepared)))


def score_together(prepared: Prepared, choices: Choices) -> Iterator[tuple[Rows, Matrix]]:
    """The scores of all choices, choices × areas, some at once and in any order: which choices, and their scores."""
    for unit in _units(choices, _at_once(prepared)):
        yield from _score_unit(prepared, choices, unit)


def _at_once(prepared: Prepared) -> int:
    return max(FEWEST, min(MOST, ELEMENTS // max(len(prepared.codes), 1)))


def _units(choices: Choices, at_once: int) -> list[Rows]:
    """Rows that share a normalisation, those with the same errors never apart, in parts of ``at_once``.

    A part is in the order of the means, so that those with the same mean follow each other.
    """
    noise = np.zeros(len(choices), dtype="int64") if choices.noise is None else choices.noise
    order = np.lexsort((noise, choices.scheme))
    other_scheme = np.diff(choices.scheme[order]) != 0
    other_errors = other_scheme | (np.diff(noise[order]) != 0)
    cuts, begin = [], 0
    for place in (np.flatnonzero(other_errors) + 1).tolist():
        if other_scheme[place - 1] or place - begin >= at_once:
            cuts.append(place)
            begin = place
    parts = np.split(order, cuts) if len(order) else []
    return [part[np.argsort(choices.aggregation[part], kind="stable")] for part in parts]


def _score_unit(prepared: Prepared, choices: Choices, unit: Rows) -> Iterator[tuple[Rows, Matrix]]:
    """The rows of a unit with their scores, choices × areas, a few at once."""
    some = take(choices, unit)
    weights = (some.components, *some.within)
    if not prepared.complete or any((np.cumsum(each, axis=1)[:, -1] <= 0).any() for each in weights):
        # A value is missing, or nothing has a weight: that takes a closer look.
        yield from ((unit[place : place + 1], score_choice(prepared, one)[None]) for place, one in enumerate(some))
        return
    seeds, which = (None, None) if some.noise is None else np.unique(some.noise, return_inverse=True)
    columns = _Columns(prepared, int(some.scheme[0]), [] if seeds is None else seeds.tolist())
    at_once = _at_once(prepared)
    other_mean = np.flatnonzero(np.diff(some.aggregation)) + 1
    for same_mean in np.split(np.arange(len(unit)), other_mean):
        for start in range(0, len(same_mean), at_once):
            rows = same_mean[start : start + at_once]
            pick = slice(None) if which is None else _pick(which[rows])
            yield unit[rows], _score_rows(prepared, take(some, rows), columns, pick)


@dataclass(frozen=True)
class _Columns:
    """The indicators of one normalisation with some sets of errors; each is sets × areas, or 1 × areas without any."""

    prepared: Prepared
    scheme: int
    seeds: list[int]

    @cached_property
    def values(self) -> list[Matrix]:
        """Normalised."""
        columns = [column[None] for column in self.prepared.schemes[self.scheme].values.T]
        if self.seeds and self.prepared.noisy is not None:
            drawn = draw_values(self.prepared, self.scheme, self.seeds)
            for place, column in zip(self.prepared.noisy.places, drawn, strict=True):
                columns[place] = column
        return columns

    @cached_property
    def logs(self) -> dict[int, Matrix]:
        """Their logarithms, of the indicators of geometric means, by place."""
        index = self.prepared.index
        places = [
            start + number
            for place, (component, start) in enumerate(zip(index.components, self.prepared.starts, strict=True))
            for number in range(len(component.indicators))
            if len(component.indicators) > 1 and self.prepared.within(place) == "geometric"
        ]
        return {place: take_logs(self.values[place], index.scale) for place in places}


def _pick(sets: Rows) -> Rows | slice:
    """Which sets of errors some choices have: one for all of them, those that follow each other, or those named."""
    first = int(sets[0])
    if (sets == first).all():
        return slice(first, first + 1)
    return slice(first, first + len(sets)) if (np.diff(sets) == 1).all() else sets


def _score_rows(prepared: Prepared, choices: Choices, columns: _Columns, pick: Rows | slice) -> Matrix:
    """Scores, choices × areas; ``pick`` is the set of errors of each, or the one that all have."""
    index, scale = prepared.index, prepared.index.scale

    def of(column: Matrix) -> Matrix:
        return column if len(column) == 1 else column[pick]

    parts = []
    for place, (component, start) in enumerate(zip(index.components, prepared.starts, strict=True)):
        places, method = range(start, start + len(component.indicators)), prepared.within(place)
        mine = [of(columns.values[each]) for each in places]
        if len(mine) == 1 and method != "weighted-sum":
            parts.append(mine[0])
        else:
            logs = [of(columns.logs[each]) for each in places if each in columns.logs] or None
            parts.append(aggregate_together(mine, choices.within[place], method, scale, logs=logs))
    method = prepared.aggregations[int(choices.aggregation[0])]
    bounded, logs = not _surely_inside(prepared, choices), None
    if method == "geometric":
        alone = prepared.logs_alone[columns.scheme]
        logs = [alone[place] if place in alone else take_logs(part, scale) for place, part in enumerate(parts)]
    return aggregate_together(parts, choices.components, method, scale, logs=logs, bounded=bounded)


def _surely_inside(prepared: Prepared, choices: Choices) -> bool:
    """Whether every mean of components lies inside its parts by more than rounding can move it.

    Two components that are d apart hold a mean at least d · w inside both ends, w the smaller of their shares of the
    weight; a geometric one at least a hundredth of that.
    """
    apart = prepared.apart[int(choices.scheme[0])]
    if apart <= 0:
        return False
    shares = choices.components[:, prepared.alone].min(axis=1) / choices.components.sum(axis=1)
    return bool((shares * apart > SURELY_INSIDE * prepared.index.scale).all())
