"""The order of steps: each after those that it reads from, the most urgent first."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipeline.stages.order import Ready, before_each
from pipeline.stages.project import Snapshot
from pipeline.stages.stage import Reads, Scope, Stage, Step

Reading = dict[int, set[int]]
"""By the number of a step, the numbers of steps whose outputs it reads."""


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    count = draw(st.integers(1, 12))
    return {n: draw(st.sets(st.integers(0, n - 1), max_size=3)) if n else set() for n in range(count)}


def _steps(reading: Reading, root: Path = Path("nowhere")) -> list[Step]:
    project = Snapshot(root)
    return [_stage(number, reads).at(project, Scope("toy", str(number))) for number, reads in reading.items()]


def _stage(number: int, reads: set[int]) -> Stage:
    return Stage(
        f"stage {number}",
        "source",
        lambda project, _: Reads(tuple(project.root / f"{each}.txt" for each in sorted(reads))),
        lambda project, _: (project.root / f"{number}.txt",),
        "toy",
        "",
    )


def _order(steps: list[Step], at_once: int) -> list[str]:
    """The order in which steps begin where ``at_once`` of them take the same time."""
    before = before_each(steps)
    by_id = {id(step): step for step in steps}
    ready, done, begun = Ready(before, by_id), set[int](), list[str]()
    waiting = set(before)
    while waiting or len(done) < len(steps):
        free = {key for key in waiting if before[key] <= done}
        ready.add(free)
        waiting -= free
        taken = ready.take(at_once)
        assert 0 < len(taken) <= at_once
        begun += [by_id[key].scope.source for key in taken]
        done |= set(taken)
    return begun


@given(readings(), st.integers(1, 4))
def test_every_step_begins_once_after_those_it_reads_from(reading: Reading, at_once: int) -> None:
    begun = [int(name) for name in _order(_steps(reading), at_once)]
    assert sorted(begun) == sorted(reading)
    for number, reads in reading.items():
        assert all(begun.index(each) < begun.index(number) for each in reads)


def test_what_the_longest_chain_waits_for_begins_first() -> None:
    # 0 and 1 are read by the last step only; 2 begins a chain.
    assert _order(_steps({0: set(), 1: set(), 2: set(), 3: {2}, 4: {3}, 5: {0, 1, 4}}), 1)[:3] == ["2", "3", "0"]


def test_of_equally_urgent_steps_the_one_that_reads_most_begins_first(tmp_path: Path) -> None:
    for number, size in enumerate([10, 3_000, 200]):
        (tmp_path / f"{number}.txt").write_bytes(b"x" * size)
    stages = [_stage(number + 3, {number}) for number in range(3)]
    steps = [stage.at(Snapshot(tmp_path), Scope("toy", stage.name)) for stage in stages]
    assert _order(steps, 1) == ["stage 4", "stage 5", "stage 3"]


def test_none_is_taken_where_all_hands_are_busy() -> None:
    steps = _steps({0: set()})
    ready = Ready(before_each(steps), {id(step): step for step in steps})
    ready.add([id(steps[0])])
    assert ready.take(0) == ready.take(-1) == []
    assert ready.take(1) == [id(steps[0])]


def test_steps_to_come_are_told_in_the_order_of_their_urgency_until_they_are_taken() -> None:
    steps = _steps({0: set(), 1: set(), 2: {1}})
    ready = Ready(before_each(steps), {id(step): step for step in steps})
    numbers = {id(step): number for number, step in enumerate(steps)}
    assert [numbers[key] for key in ready.to_come] == [1, 0, 2]
    ready.add([id(steps[0]), id(steps[1])])
    ready.take(1)
    assert [numbers[key] for key in ready.to_come] == [0, 2]
