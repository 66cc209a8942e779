"""Runs what is stale, and only that: by the content of files, declared parts and code, never by time.

The record of a step says what it read and wrote, with hashes. It is removed before the first output is put in place and
written after the last, so a step without a complete record runs again, whatever stopped it.
"""

import os
import shutil
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from pydantic import JsonValue, ValidationError

from pipeline._version import __version__
from pipeline.errors import IN_USE, MachineError, PipelineError, first, refused_by_machine
from pipeline.raw import utc_now
from pipeline.stages.changes import code_changes, declared_changes, file_changes, in_short
from pipeline.stages.code import code_of
from pipeline.stages.memory import give_back_unused, refuse_too_little_memory
from pipeline.stages.progress import Progress, Show
from pipeline.stages.stage import Job, Step
from pipeline.store import (
    ABSENT,
    StepRecord,
    content_hash,
    describe_outputs,
    make_way,
    output_hash,
    put_in_place,
    read_step_record,
)

Say = Callable[[str], None]
NEW = "not made yet"
TICK = 0.5
"""Seconds after which a waiting run reports its progress again."""
WITHOUT_SOCKS = "SOCKS support in urllib3"
"""How a library warns that comes with Folium, and that nothing here asks for the network."""


class State(NamedTuple):
    """What a step would read now."""

    inputs: Mapping[str, str]
    declared: Mapping[str, JsonValue]
    code: Mapping[str, str]


class Runner:
    """Runs steps in the order of what they read, at most ``workers`` at once; hashes each file once."""

    def __init__(self, say: Say = print, workers: int | None = None, show: Show | None = None) -> None:
        self._say = say
        self._show = show
        self._workers = workers or min(4, os.cpu_count() or 1)
        self._hashes: dict[Path, str] = {}
        self._made: set[Path] = set()
        self._stopping = threading.Event()
        self._progress = Progress(show, [])

    def reasons(self, step: Step) -> list[str]:
        """Why the step has to run; empty where everything matches its record."""
        self._made.update(step.writes)
        record = read_step_record(step.record_path)
        if record is None:
            return [NEW]
        now, outputs = self._state(step), {step.project.name_of(p): self._output_hash(p) for p in step.writes}
        return [
            *declared_changes(record.declared, now.declared),
            *file_changes(record.inputs, now.inputs, ABSENT),
            *code_changes(record.code, now.code),
            *(f"{line} since it was made" for line in file_changes(record.outputs, outputs, ABSENT)),
        ]

    def run(self, steps: Sequence[Step]) -> list[Step]:
        """Run those of ``steps`` that are stale, each after the steps whose outputs it reads; returns those that ran.

        Ctrl-C lets running steps finish and starts no more.
        """
        maker = {path: step for step in steps for path in step.writes}
        self._made |= maker.keys()
        before = {id(s): {id(maker[p]) for p in s.reads.files if p in maker and maker[p] is not s} for s in steps}
        for step in (s for s in steps if s.stage.after):
            first = [s for s in steps if (s.stage.name, s.scope.nation) == (step.stage.after, step.scope.nation)]
            before[id(step)] |= {id(s) for s in first}
        by_id, done = {id(step): step for step in steps}, list[Step]()
        order = TopologicalSorter(before)
        order.prepare()
        running: dict[Future[bool], int] = {}
        self._progress = Progress(self._show, [step.name for step, _ in waiting(self, steps)] if self._show else [])
        # Before any step: what one asks Python not to warn of ends when another, beside it, asks the same.
        warnings.filterwarnings("ignore", message=WITHOUT_SOCKS)
        with ThreadPoolExecutor(self._workers) as pool:
            try:
                while order.is_active():
                    running |= {pool.submit(self._run_if_stale, by_id[key]): key for key in order.get_ready()}
                    # Windows notices Ctrl-C only when a wait comes to its end.
                    finished, _ = wait(running, timeout=TICK, return_when=FIRST_COMPLETED)
                    self._progress.tick()
                    for future in finished:
                        key = running.pop(future)
                        if future.result():
                            done.append(by_id[key])
                        order.done(key)
            except BaseException as error:
                self._stopping.set()
                if isinstance(error, KeyboardInterrupt) and running:
                    self._say(f"Stopping once running steps are done: {self._progress.at_work_now()}")
                raise
        return done

    def _run_if_stale(self, step: Step) -> bool:
        if self._stopping.is_set():
            return False
        reasons = self.reasons(step)
        if reasons:
            with self._progress.at_work(step.name):
                self.execute(step, reasons)
        else:
            self._progress.skip(step.name)
        return bool(reasons)

    def execute(self, step: Step, reasons: Sequence[str] = (), request: Mapping[str, JsonValue] | None = None) -> None:
        """Run a step whether or not it is stale, put its outputs in place together, and record it.

        Raises:
            PipelineError: what the stage refuses, a disk that is full or cannot be written to, or an input that
                changed while it was read. The earlier outputs are then still there.
        """
        before = self._state(step)
        staging = step.project.staging / step.name.replace(" ", "-").replace("/", "-")
        job = Job(step, staging, request or {})
        try:
            shutil.rmtree(staging, ignore_errors=True)
            refuse_too_little_memory()
            import_module(step.stage.run).run(job)
            self._publish(step, job, before)
        except PipelineError:
            raise
        except (OSError, MemoryError, RuntimeError, ImportError) as error:
            told = refused_by_machine(error, _final(job, error))
            if told is None:
                raise
            raise MachineError(f"{step.name}: {told} Nothing that was finished before is lost.") from error
        finally:
            shutil.rmtree(staging, ignore_errors=True)
            give_back_unused()
        explained = [f"{step.name}: {in_short(reasons)}"] if reasons and reasons != [NEW] else []
        for line in [*explained, *job.lines]:
            self._say(line)

    def _publish(self, step: Step, job: Job, before: State) -> None:
        after = self._state(step, afresh=True)
        changed = [*file_changes(before.inputs, after.inputs, ABSENT)]
        if changed:
            raise PipelineError(f"{step.name}: while it was running, {'; '.join(changed)}. Run the command again.")
        written = {path: job.output(path) for path in step.writes if job.output(path).exists()}
        code = code_of(step.stage.run)
        made_by: dict[str, JsonValue] = {
            "program": __version__,
            "stage": step.stage.name,
            "code": sha256("".join(code.values()).encode()).hexdigest(),
            "inputs": dict(before.inputs),
            "parameters": dict(before.declared),
        }
        describe_outputs(written, made_by)
        record = StepRecord(
            built=utc_now(),
            program=__version__,
            step=step.name,
            inputs=dict(before.inputs),
            declared=dict(before.declared),
            code=dict(code),
            request=dict(job.request),
            outputs={step.project.name_of(path): output_hash(staged) for path, staged in written.items()},
        )
        for aside in put_in_place(written, [p for p in step.writes if p not in written], step.record_path, record):
            job.say(f"  a folder stood in the place of a file of {step.name}: it is now {aside}")
        self.forget(step.writes)

    def forget(self, paths: Iterable[Path]) -> None:
        """Read these files again when their content is asked for: they were written or removed."""
        for path in paths:
            self._hashes.pop(path, None)

    def _state(self, step: Step, *, afresh: bool = False) -> State:
        if afresh:
            self.forget(step.reads.files)
        inputs = {step.project.name_of(path): self._hash(path) for path in step.reads.files}
        return State(inputs, step.reads.declared, code_of(step.stage.run))

    def _hash(self, path: Path) -> str:
        if path not in self._hashes:
            try:
                self._hashes[path] = content_hash(path)
            except OSError as error:
                if path in self._made:
                    return ABSENT
                if isinstance(error, PermissionError):
                    raise MachineError(f"{path}: cannot be read ({error.strerror or error}). {IN_USE}") from error
                raise MachineError(refused_by_machine(error, path) or str(error)) from error
        return self._hashes[path]

    def _output_hash(self, path: Path) -> str:
        # Only of records does every byte differ from what they say; large tables are read once.
        return output_hash(path) if path.suffix == ".json" else self._hash(path)


def _final(job: Job, error: BaseException) -> Path | None:
    """Where the output that an error is about would have been put; ``None`` where it is about another file."""
    named = getattr(error, "filename2", None) or getattr(error, "filename", None)
    if not isinstance(named, str) or not Path(named).is_relative_to(job.staging):
        return None
    finals = {job.output(path): path for path in job.step.writes}
    return finals.get(Path(named)) or next((path for path in finals.values() if path.name in named), job.step.writes[0])


def remake(runner: Runner, step: Step, reasons: list[str], request: Mapping[str, JsonValue], say: Say) -> list[Step]:
    """Run a step on request once more, for ``reasons``; returns it, where that was possible.

    What was asked for may have gone since, such as a file of candidates. Then the outputs go too, so that no build
    shows or waits for them, and the reason is said.
    """
    try:
        runner.execute(step, reasons, request)
    except MachineError:
        raise
    except (PipelineError, ValidationError) as error:
        step.record_path.unlink(missing_ok=True)
        for path in step.writes:
            make_way(path)
            path.unlink(missing_ok=True)
        runner.forget(step.writes)
        why = "the request is of another version" if isinstance(error, ValidationError) else str(error).splitlines()[0]
        say(f"{step.name}: its outputs have to be made again ({first(reasons, 3)}), cannot be, and are gone: {why}")
        return []
    return [step]


def waiting(runner: Runner, steps: Sequence[Step]) -> Iterator[tuple[Step, list[str]]]:
    """Each step that is stale now, with the reasons; steps that read what a stale one writes may follow."""
    stale: dict[Path, str] = {}
    for step in steps:
        reasons = runner.reasons(step)
        after = sorted({stale[path] for path in step.reads.files if path in stale})
        if not reasons and after:
            reasons = [f"if {', '.join(after)} turns out differently"]
        if reasons:
            stale |= dict.fromkeys(step.writes, step.name)
            yield step, reasons
