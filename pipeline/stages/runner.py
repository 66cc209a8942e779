"""Runs what is stale, and only that: by the content of files, declared parts and code, never by time.

The record of a step says what it read and wrote, with hashes. It is removed before the first output is put in place and
written after the last, so a step without a complete record runs again, whatever stopped it.
"""

import shutil
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import JsonValue, ValidationError

from pipeline._version import __version__
from pipeline.errors import IN_USE, MachineError, PipelineError, first, refused_by_machine
from pipeline.raw import utc_now
from pipeline.stages.changes import code_changes, declared_changes, file_changes, in_short
from pipeline.stages.code import code_of
from pipeline.stages.machine import cores
from pipeline.stages.order import Ready, before_each
from pipeline.stages.progress import Progress, Show
from pipeline.stages.stage import Job, Step
from pipeline.stages.work import WITHOUT_SOCKS, Done, carry_out, carry_out_apart, get_ready, import_needed
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

if TYPE_CHECKING:
    from pipeline.cluster import Crew

Say = Callable[[str], None]
NEW = "not made yet"
ONE_PROCESS = "maps AREA --workers 1"
TICK = 0.2
"""Seconds after which a waiting run reports its progress again."""


class State(NamedTuple):
    """What a step would read now."""

    inputs: Mapping[str, str]
    declared: Mapping[str, JsonValue]
    code: Mapping[str, str]


class Runner:
    """Runs steps in the order of what they read, at most ``workers`` at once; hashes each file once.

    With a ``crew``, such as processes of this machine, one step at a time is worked on here and the others there;
    without one, threads of this process do all. Files are put in place here in either case.
    """

    def __init__(
        self, say: Say = print, workers: int | None = None, show: Show | None = None, crew: "Crew | None" = None
    ) -> None:
        self._say = say
        self._show = show
        self._workers = workers or cores()
        self._crew = crew
        self._here = threading.Lock()
        self._elsewhere = 0
        self._counting = threading.Lock()
        self._most_urgent: int | None = None
        self._imported: dict[str, Future[None]] = {}
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
        self._made.update(path for step in steps for path in step.writes)
        self._get_ready_for(steps)
        before = before_each(steps)
        by_id, done = {id(step): step for step in steps}, list[Step]()
        order = TopologicalSorter(before)
        order.prepare()
        ready = Ready(before, by_id)
        running: dict[Future[bool], int] = {}
        self._progress = Progress(self._show, [step.name for step, _ in waiting(self, steps)] if self._show else [])
        # Before any step: what one asks Python not to warn of ends when another, beside it, asks the same.
        warnings.filterwarnings("ignore", message=WITHOUT_SOCKS)
        with ThreadPoolExecutor(self._workers) as pool:
            try:
                while order.is_active():
                    ready.add(order.get_ready())
                    for key in ready.take(self._workers - len(running)):
                        self._most_urgent = ready.most_urgent([key, *running.values()])
                        running[pool.submit(self._run_if_stale, by_id[key])] = key
                    if len(running) < self._workers:
                        self._use_idle_hands(by_id[key] for key in ready.to_come)
                    # Windows notices Ctrl-C only when a wait comes to its end.
                    waited: list[Future[Any]] = [*running, *self._importing()]
                    wait(waited, timeout=TICK, return_when=FIRST_COMPLETED)
                    self._progress.tick()
                    for future in [each for each in running if each.done()]:
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

    def _get_ready_for(self, steps: Sequence[Step]) -> None:
        """Import what the first step needs that will run whatever files hold, here and elsewhere, while they are read.

        Of a single process it is not asked: it has nothing to do meanwhile, and imports as soon.
        """
        if self._crew is None:
            return
        stale = _first_surely_stale(steps)
        if stale is not None:
            module = stale.stage.run
            self._imported[module] = self._crew.submit(get_ready, module)
            threading.Thread(target=import_needed, args=(module,), daemon=True).start()

    def _use_idle_hands(self, to_come: Iterable[Step]) -> None:
        """Have a process that waits import what steps to come need, one module at a time, while another step runs."""
        if self._crew is None or not self._progress.is_at_work or self._importing():
            return
        module = next((step.stage.run for step in to_come if step.stage.run not in self._imported), None)
        if module is not None:
            self._imported[module] = self._crew.submit(get_ready, module)

    def _importing(self) -> "list[Future[None]]":
        return [future for future in self._imported.values() if not future.done()]

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
            done = self._carry_out(job)
            aside = self._publish(step, job, before)
        except PipelineError:
            raise
        except (OSError, MemoryError, RuntimeError, ImportError) as error:
            told = refused_by_machine(error, _final(job, error))
            if told is None:
                raise
            raise MachineError(f"{step.name}: {told} Nothing that was finished before is lost.") from error
        finally:
            shutil.rmtree(staging, ignore_errors=True)
        explained = [f"{step.name}: {in_short(reasons)}"] if reasons and reasons != [NEW] else []
        for line in [*explained, *done.lines, *aside]:
            self._say(line)
        done.overheard.repeat()

    def _carry_out(self, job: Job) -> Done:
        if self._crew is None:
            return carry_out(job)
        if not self._leaves_here_to_another(job.step) and self._here.acquire(blocking=False):
            try:
                return carry_out(job)
            finally:
                self._here.release()
        with self._counting:
            self._elsewhere += 1
        try:
            done: Done = self._crew.submit(carry_out_apart, job).result()
        except BrokenExecutor as error:
            raise MachineError(
                f"{job.step.name}: a process of this program ended without a word while at work on "
                f"{self._progress.at_work_now()}. Most often its memory was used up: close other programs, or do "
                f"everything in one process, which takes less: {ONE_PROCESS}. Nothing that was finished before is lost."
            ) from error
        finally:
            with self._counting:
                self._elsewhere -= 1
        return done

    def _leaves_here_to_another(self, step: Step) -> bool:
        """Whether a more urgent step is to be worked on here, and a process elsewhere is free for this one.

        Here a step begins sooner: other processes may have to import first what this one has, or have yet to begin.
        """
        is_first = self._most_urgent in (None, id(step))
        return not is_first and bool(self._imported) and self._elsewhere < self._workers - 1

    def _publish(self, step: Step, job: Job, before: State) -> list[str]:
        """Put the outputs in place; what is to be said of it."""
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
        hashes = describe_outputs(written, made_by)
        record = StepRecord(
            built=utc_now(),
            program=__version__,
            step=step.name,
            inputs=dict(before.inputs),
            declared=dict(before.declared),
            code=dict(code),
            request=dict(job.request),
            outputs={step.project.name_of(path): hashes[path] for path in written},
        )
        aside = put_in_place(written, [p for p in step.writes if p not in written], step.record_path, record)
        self.forget(step.writes)
        # What changes one of them from now on is noticed after the first step that reads it. Of records, some is no
        # content.
        self._hashes.update({path: hashed for path, hashed in hashes.items() if path.suffix != ".json"})
        return [f"  a folder stood in the place of a file of {step.name}: it is now {folder}" for folder in aside]

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


def _first_surely_stale(steps: Iterable[Step]) -> Step | None:
    """The first step that is not made yet or declared otherwise, else one of other code: no file tells otherwise."""
    recorded = [(step, read_step_record(step.record_path)) for step in steps]
    for step, record in recorded:
        if record is None or any(True for _ in declared_changes(record.declared, step.reads.declared)):
            return step
    made = ((step, record.code) for step, record in recorded if record is not None)
    return next((s for s, code in made if any(True for _ in code_changes(code, code_of(s.stage.run)))), None)


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
