"""The work of steps in several processes: the same as in one, and what goes wrong there is told here."""

import gc
import logging
import os
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from pipeline.cluster import Crew, Processes
from pipeline.errors import MachineError, SchemaError
from pipeline.stages.faults import overhear
from pipeline.stages.machine import COLLECTED_AFTER
from pipeline.stages.project import Snapshot
from pipeline.stages.runner import Runner
from pipeline.stages.stage import Job, Reads, Scope, Step
from pipeline.stages.work import carry_out_apart, get_ready, import_needed
from tests.fixtures.folders import ROOT
from tests.stages.errand import ERRAND


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Processes]:
    with Processes(1) as crew:
        yield crew


class Elsewhere:
    """A crew that never leaves a step to this process."""

    def __init__(self, crew: Processes, root: Path) -> None:
        self.said: list[str] = []
        self.runner = Runner(self.said.append, 2, crew=crew)
        self.runner._here.acquire()
        self.root = root

    def do(self, name: str) -> str:
        step = self.step(name)
        self.runner.run([step])
        return step.writes[0].read_text(encoding="utf-8")

    def step(self, name: str) -> Step:
        return ERRAND.at(Snapshot(self.root), Scope("toy", name))


@pytest.fixture
def there(elsewhere: Processes, tmp_path: Path) -> Elsewhere:
    return Elsewhere(elsewhere, tmp_path)


def test_a_step_is_worked_on_in_another_process_and_put_in_place_here(there: Elsewhere) -> None:
    name, process = there.do("write").split()
    assert name == "write"
    assert int(process) != os.getpid()
    assert there.said == ["write is done"]
    assert there.runner.reasons(there.step("write")) == []


def test_one_step_at_a_time_is_worked_on_here(elsewhere: Processes, tmp_path: Path) -> None:
    step = ERRAND.at(Snapshot(tmp_path), Scope("toy", "write"))
    Runner(lambda _: None, 2, crew=elsewhere).run([step])
    assert step.writes[0].read_text(encoding="utf-8") == f"write {os.getpid()}"


def test_what_a_stage_refuses_there_is_refused_here(there: Elsewhere) -> None:
    with pytest.raises(SchemaError, match="found 'many' in row 7"):
        there.do("refuse")
    assert not there.step("refuse").writes[0].exists()


def test_what_the_machine_refuses_there_names_the_file_here(there: Elsewhere) -> None:
    with pytest.raises(MachineError, match=r"deny\.txt: Permission denied") as caught:
        there.do("deny")
    assert str(there.step("deny").writes[0]) in str(caught.value)


def test_an_unforeseen_fault_keeps_its_traceback(there: Elsewhere) -> None:
    with pytest.raises(KeyError, match="nobody foresaw this") as caught:
        there.do("break")
    assert "errand.py" in str(caught.value.__cause__)


def test_what_libraries_say_there_is_said_here(there: Elsewhere, caplog: pytest.LogCaptureFixture) -> None:
    with overhear() as heard, caplog.at_level(logging.ERROR):
        there.do("warn")
    told = heard()
    assert [(text, category) for text, category, *_ in told.warned] == [("a library warns", FutureWarning)]
    assert [record.getMessage() for record in told.logged] == ["a library logs something"]


def test_what_was_said_before_comes_not_along(tmp_path: Path) -> None:
    with warnings.catch_warnings(), overhear() as heard:
        warnings.simplefilter("always")
        warnings.warn("before", UserWarning, stacklevel=1)
        carry_out_apart(Job(ERRAND.at(Snapshot(tmp_path), Scope("toy", "write")), tmp_path / "staging"))
    assert [text for text, *_ in heard().warned] == ["before"]


def test_a_process_that_dies_is_told_with_the_step(tmp_path: Path) -> None:
    with Processes(1) as crew:
        there = Elsewhere(crew, tmp_path)
        with pytest.raises(MachineError, match="^errand die: a process .* ended .* errand die. .*memory.*--workers 1"):
            there.do("die")
    assert not (tmp_path / "data" / "die.txt").exists()


def test_a_process_that_waits_imports_what_comes_next(elsewhere: Processes, tmp_path: Path) -> None:
    project = Snapshot(tmp_path)
    last = replace(ERRAND, run="tests.stages.errand_later", reads=_after_slow)
    steps = [ERRAND.at(project, Scope("toy", "slow")), last.at(project, Scope("toy", "write"))]
    assert not elsewhere.submit(_is_imported, last.run).result()
    Runner(lambda _: None, 2, crew=elsewhere).run(steps)
    assert steps[1].writes[0].read_text(encoding="utf-8").endswith(str(os.getpid()))
    assert elsewhere.submit(_is_imported, last.run).result()


def _after_slow(project: Snapshot, _scope: Scope) -> Reads:
    return Reads((project.root / "data" / "slow.txt",))


def _is_imported(module: str) -> bool:
    return module in sys.modules


def test_nothing_is_begun_where_there_is_nothing_to_do(tmp_path: Path) -> None:
    step = ERRAND.at(Snapshot(tmp_path), Scope("toy", "write"))
    Runner(lambda _: None).run([step])
    with Processes(1) as crew:
        assert Runner(lambda _: None, 2, crew=crew).run([step]) == []
        assert crew._started is None


class Noted:
    """A crew that notes what it is asked for, and does nothing."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []

    def submit(self, *asked: object) -> "Future[None]":
        self.asked.append(asked)
        done: Future[None] = Future()
        done.set_result(None)
        return done


def _declaring(value: int) -> Callable[[Snapshot, Scope], Reads]:
    return lambda project, _scope: Reads((project.root / "given.txt",), {"declared/areas.toml": value})


def test_others_get_ready_for_what_will_run_whatever_files_hold(tmp_path: Path) -> None:
    (tmp_path / "given.txt").write_text("as given", encoding="utf-8")

    def asked(value: int) -> list[tuple[object, ...]]:
        crew = Noted()
        step = replace(ERRAND, reads=_declaring(value)).at(Snapshot(tmp_path), Scope("toy", "write"))
        Runner(lambda _: None, 2, crew=cast("Crew", crew)).run([step])
        return crew.asked

    ready = [(get_ready, ERRAND.run)]
    assert [asked(1), asked(1), asked(2)] == [ready, [], ready]
    (tmp_path / "given.txt").write_text("otherwise", encoding="utf-8")
    assert asked(2) == []


def test_a_step_stays_here_where_no_process_has_begun_elsewhere(tmp_path: Path) -> None:
    first, second = (ERRAND.at(Snapshot(tmp_path), Scope("toy", name)) for name in ("write", "other"))
    crew = Noted()
    runner = Runner(lambda _: None, 2, crew=cast("Crew", crew))
    runner._most_urgent = id(first)
    assert not runner._leaves_here_to_another(second)
    runner._get_ready_for([first])
    assert runner._leaves_here_to_another(second)
    assert not runner._leaves_here_to_another(first)


def test_only_a_process_for_work_sets_up_its_memory() -> None:
    given = gc.get_threshold()
    try:
        gc.set_threshold(1_234, 5, 6)
        import_needed(ERRAND.run)
        assert gc.get_threshold() == (1_234, 5, 6)
        get_ready(ERRAND.run)
        assert gc.get_threshold() == COLLECTED_AFTER
    finally:
        gc.set_threshold(*given)


UNGUARDED = """
from pipeline import Project
project = Project({root!r}, workers=2)
from pipeline.cluster import Processes
with Processes(1) as crew:
    crew.submit(print, "done").result()
"""


def test_a_script_that_begins_processes_wherever_it_is_imported_is_refused(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(UNGUARDED.format(root=str(tmp_path)), encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, script], env=environment, capture_output=True, encoding="utf-8", timeout=60)
    assert "ClusterError: A process of this program imports the script that began it" in done.stderr
    assert "if __name__ == '__main__':" in done.stderr
    assert done.returncode != 0


ALONE = """
import os, sys, time
from pipeline.cluster import Processes
if __name__ == "__main__":
    with Processes(1) as crew:
        print(crew.submit(os.getpid).result(), flush=True)
        crew.submit(time.sleep, 600)
        time.sleep(600)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_processes_end_with_the_one_that_started_them(tmp_path: Path) -> None:
    script = tmp_path / "alone.py"
    script.write_text(ALONE, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    parent = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, encoding="utf-8", env=environment)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    ended = threading.Event()
    for _ in range(200):
        if not _runs(child):
            ended.set()
            break
        time.sleep(0.05)
    assert ended.is_set()


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
