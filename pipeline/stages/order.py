"""The order of steps: each after those whose outputs it reads, and first those that most others wait for."""

from collections.abc import Iterable, Mapping, Sequence
from graphlib import TopologicalSorter
from pathlib import Path

from pipeline.stages.stage import Step

Before = Mapping[int, set[int]]
"""By the identity of a step, the steps that come before it."""


def before_each(steps: Sequence[Step]) -> Before:
    """The steps that each step has to wait for: they write what it reads, or its stage comes after theirs."""
    maker = {path: step for step in steps for path in step.writes}
    before = {id(s): {id(maker[p]) for p in s.reads.files if p in maker and maker[p] is not s} for s in steps}
    for step in (s for s in steps if s.stage.after):
        first = [s for s in steps if (s.stage.name, s.scope.nation) == (step.stage.after, step.scope.nation)]
        before[id(step)] |= {id(s) for s in first}
    return before


class Ready:
    """Steps that wait for nothing more, the most urgent first.

    Most urgent is what the longest chain of other steps waits for, then what reads most.
    """

    def __init__(self, before: Before, steps: Mapping[int, Step]) -> None:
        chains = _chains_after(before)
        self._rank = {key: (-chains[key], -_bytes_read(step), place) for place, (key, step) in enumerate(steps.items())}
        self._waiting: list[int] = []
        self._taken: set[int] = set()

    @property
    def to_come(self) -> list[int]:
        """The steps that have not been taken yet, whether they are ready or not, the most urgent first."""
        return sorted(self._rank.keys() - self._taken, key=self._rank.__getitem__)

    def most_urgent(self, steps: Iterable[int]) -> int | None:
        """The most urgent of ``steps``; ``None`` where there are none."""
        return min(steps, key=self._rank.__getitem__, default=None)

    def add(self, steps: Iterable[int]) -> None:
        """Steps that have become ready."""
        self._waiting = sorted([*self._waiting, *steps], key=self._rank.__getitem__)

    def take(self, most: int) -> list[int]:
        """The most urgent steps, which are no longer waiting then."""
        taken, self._waiting = self._waiting[: max(most, 0)], self._waiting[max(most, 0) :]
        self._taken.update(taken)
        return taken


def _chains_after(before: Before) -> dict[int, int]:
    """How many steps the longest chain has that waits for each."""
    chains = dict.fromkeys(before, 0)
    for key in reversed([*TopologicalSorter(before).static_order()]):
        for earlier in before[key]:
            chains[earlier] = max(chains[earlier], chains[key] + 1)
    return chains


def _bytes_read(step: Step) -> int:
    return sum(_size(path) for path in step.reads.files)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return 0
