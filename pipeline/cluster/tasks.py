"""One part of the work after the other, wherever it is done: what became of each, as it ends."""

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import dataclass
from pathlib import Path
from traceback import extract_tb
from typing import Any, Generic, Protocol, TypeVar

from pipeline.cluster.facts import differences, facts
from pipeline.cluster.memory import keep_freed
from pipeline.errors import ClusterError, PipelineError, refused_by_machine

Item = TypeVar("Item")
Result = TypeVar("Result")
TICK = 0.5
"""Seconds between two looks at whether whoever does the work is still there."""
MOST_DEATHS = 3
"""Times that a process may die over one part of the work before that part is given up."""
DIED = (
    "the process that worked on it died {times} time(s), as one does that runs out of memory. Give its machine more "
    "memory, or let fewer parts run there at once (fewer workers or threads), and run the same command again"
)


@dataclass(frozen=True)
class Outcome(Generic[Result]):
    """What became of a part of the work.

    Attributes:
        value: its result; ``None`` where there is none.
        fault: why there is none, for an analyst; empty where there is one.
        seconds: how long it took.
        other_versions: it was not begun, as the machine has other versions than the one that asked.
    """

    value: Result | None
    fault: str = ""
    seconds: float = 0.0
    other_versions: bool = False


@dataclass(frozen=True)
class Order:
    """How a part of the work is to be done.

    Attributes:
        versions: those that the machine has to have.
        confidential: it reads rows of people, so that nothing is said of an unexpected fault but its kind and where in
            the program it was: what libraries say may quote a row.
    """

    versions: Mapping[str, str]
    confidential: bool


class Crew(Protocol):
    """Whoever does the work: submits a part, and says when nobody is left to do it."""

    at_once: int
    """How many parts are given out at a time."""

    def submit(self, task: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        """Give out a part of the work."""
        ...

    def check(self) -> None:
        """Look whether there is anybody left.

        Raises:
            ClusterError: there is not.
        """
        ...

    def renew(self) -> None:
        """Begin again after a process has died, more carefully."""
        ...

    def given_up(self, error: BaseException) -> str:
        """Why a part of the work will not be done, by what its future raised; empty where it may be tried again."""
        ...


def run_tasks(
    crew: Crew, task: Callable[[Item], Result], items: Sequence[Item], *, confidential: bool
) -> Iterator[tuple[int, Outcome[Result]]]:
    """Do ``task`` for each of ``items``; the position of each and what became of it, as they end.

    A part whose process died is done again by another, and given up after :data:`MOST_DEATHS`.

    Raises:
        ClusterError: nobody is left to do it, or a machine has other versions.
    """
    order = Order(facts(), confidential)
    waiting, running, deaths = deque(range(len(items))), dict[Future[Any], int](), Counter[int]()
    try:
        while waiting or running:
            while waiting and len(running) < crew.at_once:
                place = waiting.popleft()
                running[crew.submit(do_part, task, items[place], order)] = place
            finished, _ = wait(running, timeout=TICK, return_when=FIRST_COMPLETED)
            crew.check()
            broken = False
            for future in finished:
                place = running.pop(future)
                outcome = _outcome(crew, future, deaths, place)
                if outcome is None:
                    broken = True
                    waiting.appendleft(place)
                else:
                    yield place, outcome
            if broken:
                crew.renew()
    finally:
        for future in running:
            future.cancel()


def _outcome(crew: Crew, future: "Future[Any]", deaths: Counter[int], place: int) -> Outcome[Any] | None:
    """What became of a part of the work; ``None`` where it has to be done again."""
    try:
        outcome: Outcome[Any] = future.result()
    except BrokenExecutor:
        deaths[place] += 1
        return Outcome(None, DIED.format(times=MOST_DEATHS)) if deaths[place] >= MOST_DEATHS else None
    except BaseException as error:
        said = crew.given_up(error)
        if not said:
            raise
        return Outcome(None, said)
    if outcome.other_versions:
        raise ClusterError(outcome.fault)
    return outcome


def do_part(task: Callable[[Item], Result], item: Item, order: Order) -> Outcome[Result]:
    """Do a part of the work where it was sent to; nothing that goes wrong is raised, so that nobody logs it."""
    other = differences(order.versions, facts())
    if other:
        return Outcome(None, other_versions(", ".join(other)), other_versions=True)
    keep_freed()
    begun = time.monotonic()
    try:
        return Outcome(task(item), seconds=time.monotonic() - begun)
    except PipelineError as error:
        said = str(error)
    except Exception as error:
        said = _unexpected(error, confidential=order.confidential)
    return Outcome(None, said, time.monotonic() - begun)


def other_versions(listed: str) -> str:
    """The message that a worker has other versions."""
    return (
        f"A worker has other versions than this machine: {listed}. Results would not be the same. Install the same "
        "there, start the workers again, and run the same command."
    )


def _unexpected(error: Exception, *, confidential: bool) -> str:
    told = refused_by_machine(error)
    if told is not None:
        return told
    ours = [frame for frame in extract_tb(error.__traceback__) if "pipeline" in Path(frame.filename).parts]
    where = f" ({Path(ours[-1].filename).name}, line {ours[-1].lineno})" if ours else ""
    text = "" if confidential else f": {' '.join(str(error).split())[:300]}"
    return f"an unexpected fault in the program: {type(error).__name__}{text}{where}"
