"""Many draws in blocks: each block can be worked out anywhere, and what all give is the same to the last bit.

What differs between kinds of draws is a :class:`Work`; who works out its blocks, and where their ranks are kept, is for
a :class:`Drawing` to say. Here it is threads and memory; :mod:`pipeline.stages.drawing` has others.
"""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Ranks = NDArray[Any]
"""uint16, uint32 or float32: the smallest that holds every rank."""
Matrix = NDArray[np.float64]
Integers = NDArray[np.int64]

QUANTILES = (0.05, 0.5, 0.95)
AREAS_AT_ONCE = 4096
MOST_THREADS = 4
DRAWS_AT_ONCE = 16
"""Draws in one task: handing a task to a thread takes about as long as one draw of a small area."""


@dataclass(frozen=True)
class Block:
    """What some draws that follow each other give.

    Attributes:
        ranks: of every area by each of these draws, draws × areas.
        rows: a row for each of these draws, such as counts by group; None where no draw has anything but its ranks.
        sums: what is added up over all draws, such as how often each area is among the worst; None likewise.
    """

    ranks: Ranks
    rows: Integers | None = None
    sums: Integers | None = None


class RanksOf(Protocol):
    """The ranks of draws ``begin`` to before ``end``, draws × areas; it can be sent to another process."""

    def __call__(self, begin: int, end: int) -> Ranks:
        """Those ranks."""
        ...


class Work(Protocol):
    """Draws of one kind, any block of which can be asked for by itself; it can be sent to another process."""

    @property
    def areas(self) -> int:
        """The number of areas that are ranked."""
        ...

    @property
    def kind(self) -> "np.dtype[Any]":
        """The smallest type that holds every rank."""
        ...

    def __call__(self, begin: int, end: int) -> Block:
        """What the draws ``begin`` to before ``end`` give."""
        ...


class Drawn(Protocol):
    """What all draws of a work gave.

    ``rows`` and ``sums`` are those of all blocks together.
    """

    @property
    def rows(self) -> Integers | None:
        """A row for each draw."""
        ...

    @property
    def sums(self) -> Integers | None:
        """What was added up over all draws."""
        ...

    @property
    def ranks_of(self) -> RanksOf:
        """The ranks of any block of draws, of which another work may be made."""
        ...

    def summarise(self) -> Matrix:
        """Of every area what :func:`summarise_areas` gives."""
        ...

    def again(self, work: Work) -> "Drawn":
        """As many draws of another work, worked out and kept in the same way."""
        ...


Drawing: TypeAlias = Callable[[Work, int], Drawn]
"""Works out so many draws of a work."""


def kind_of_ranks(highest: int, *, halves: bool = False) -> "np.dtype[Any]":
    """The smallest type that holds ranks up to ``highest``; ``halves`` occur where ties are averaged."""
    return np.dtype(np.float32 if halves else np.uint16 if highest <= np.iinfo(np.uint16).max else np.uint32)


@dataclass(frozen=True)
class RanksHere:
    """Ranks in the memory of this process."""

    ranks: Ranks

    def __call__(self, begin: int, end: int) -> Ranks:
        """Those of draws ``begin`` to before ``end``."""
        return self.ranks[begin:end]


@dataclass(frozen=True)
class DrawnHere:
    """Draws whose ranks this process holds, draws × areas."""

    ranks: Ranks
    rows: Integers | None
    sums: Integers | None

    @property
    def ranks_of(self) -> RanksOf:
        """The ranks of any block of draws."""
        return RanksHere(self.ranks)

    def summarise(self) -> Matrix:
        """Of every area what :func:`summarise_areas` gives."""
        count = self.ranks.shape[1]
        parts = [summarise_areas(self.ranks[:, a : a + AREAS_AT_ONCE], count) for a in range(0, count, AREAS_AT_ONCE)]
        return np.vstack(parts) if parts else np.empty((0, len(QUANTILES) + 1))

    def again(self, work: Work) -> Drawn:
        """As many draws of another work, held likewise."""
        return draw_here(work, len(self.ranks))


def draw_here(work: Work, draws: int) -> Drawn:
    """All draws of a work by threads of this process, which holds their ranks."""
    ranks: Ranks = np.empty((draws, work.areas), dtype=work.kind)

    def fill(begin: int) -> Block:
        end = min(begin + DRAWS_AT_ONCE, draws)
        block = work(begin, end)
        ranks[begin:end] = block.ranks
        return Block(ranks[:0], block.rows, block.sums)

    # Sorting and adding leave the interpreter free, so threads share the work; each block fills only its rows.
    with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_THREADS)) as pool:
        rows, sums = merge(pool.map(fill, range(0, draws, DRAWS_AT_ONCE)))
    return DrawnHere(ranks, rows, sums)


def merge(blocks: Iterable[Block]) -> tuple[Integers | None, Integers | None]:
    """The rows of blocks in the order in which these come, and their sums added up."""
    rows, sums = list[Integers](), None
    for block in blocks:
        if block.rows is not None:
            rows.append(block.rows)
        sums = add(sums, block.sums)
    return np.concatenate(rows) if rows else None, sums


def add(sums: Integers | None, more: Integers | None) -> Integers | None:
    """Sums with those of another block."""
    return more if sums is None else sums if more is None else sums + more


def summarise_areas(ranks: Ranks, count: int) -> Matrix:
    """How the ranks of some areas vary: a row for each, with the quantiles :data:`QUANTILES` and a share of the draws.

    A quantile is the smallest rank that at least 5%, 50% or 95% of the draws do not exceed (the inverse of the
    empirical distribution function); the share is of the draws that put the area into the worst tenth.

    Args:
        ranks: of these areas by every draw, draws × areas. ``count``: the number of all areas that were ranked.
    """
    # Each area's ranks side by side in memory: sorting across rows takes five times as long.
    return summarise_in_place(ranks.T.copy(order="C"), count)


def summarise_in_place(ranks: Ranks, count: int) -> Matrix:
    """What :func:`summarise_areas` gives, of ranks areas × draws, which are sorted by area where they are."""
    draws = ranks.shape[1]
    places = [int(np.ceil(round(quantile * draws, 9))) - 1 for quantile in QUANTILES]
    ranks.sort(axis=1)
    return np.column_stack([ranks[:, places], np.count_nonzero(ranks <= count / 10, axis=1) / draws])
