"""Work in parts: the same results whoever does it; what is said of deaths, failures and other versions."""

import pickle
from collections.abc import Mapping

import pytest

from pipeline.cluster import Alone, Crew, Processes, differences, facts, run_tasks
from pipeline.cluster import tasks as at_work
from pipeline.cluster.tasks import Order, Outcome, do_part
from pipeline.errors import ClusterError, PipelineError
from tests.fixtures.parts import always_die, fail_with_a_row, square


def _results(crew: Crew, numbers: range) -> list[int | None]:
    ended = dict(run_tasks(crew, square, numbers, confidential=True))
    return [ended[place].value for place in range(len(numbers))]


def test_parts_are_done_in_this_process_one_after_the_other() -> None:
    assert _results(Alone(), range(5)) == [0, 1, 4, 9, 16]


def test_no_part_is_no_work() -> None:
    assert _results(Alone(), range(0)) == []


def test_processes_do_the_same_and_one_that_dies_takes_only_its_part_with_it() -> None:
    with Processes(2) as crew:
        ended = dict(run_tasks(crew, always_die, range(6), confidential=True))
    assert [ended[n].value for n in range(6)] == [0, 1, 4, None, 16, 25]
    assert ended[3].fault.startswith("the process that worked on it died 3 time(s)")


def test_what_a_library_says_of_a_row_is_not_passed_on() -> None:
    outcome = do_part(fail_with_a_row, 7, Order(facts(), confidential=True))
    assert outcome.fault.startswith("an unexpected fault in the program: KeyError")
    assert "SW1A" not in repr(outcome)
    assert "SW1A" in do_part(fail_with_a_row, 7, Order(facts(), confidential=False)).fault


def test_what_an_analyst_can_act_on_is_passed_on() -> None:
    def refuse(_number: int) -> int:
        raise PipelineError("Correct row 3.")

    assert do_part(refuse, 7, Order(facts(), confidential=True)).fault == "Correct row 3."


def test_a_full_disk_is_named() -> None:
    def fill(_number: int) -> int:
        raise OSError(28, "No space left on device", "x.parquet")

    assert "Is the disk full?" in do_part(fill, 7, Order(facts(), confidential=True)).fault


def test_other_versions_are_told_before_anything_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    there: Mapping[str, str] = {**facts(), "pandas": "1.0"}
    monkeypatch.setattr(at_work, "facts", lambda: there)
    outcome = do_part(square, 7, Order(facts(), confidential=True))
    assert outcome == Outcome(None, outcome.fault, other_versions=True)
    assert "pandas 1.0 instead of" in outcome.fault


def test_other_versions_stop_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    versions = iter([{"pandas": "1"}, {"pandas": "2"}])
    monkeypatch.setattr(at_work, "facts", lambda: next(versions))
    with pytest.raises(ClusterError, match="pandas 2 instead of 1"):
        list(run_tasks(Alone(), square, [1], confidential=True))


def test_facts_name_program_python_and_libraries() -> None:
    assert {"this program", "the code of this program", "Python", "pandas", "shapely"} <= facts().keys()
    assert differences(facts(), facts()) == []
    assert differences({"Python": "3.11.7"}, {}) == ["Python none instead of 3.11.7"]


def test_outcomes_travel() -> None:
    outcome = Outcome(3, "", 0.5)
    assert pickle.loads(pickle.dumps(outcome)) == outcome
