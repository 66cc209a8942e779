"""One run at a time in a project folder, and what killed runs left behind is swept."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.errors import MachineError, PipelineError, refused_by_machine
from pipeline.raw import utc_now
from pipeline.store import make_way, sweep, write_text

PATIENCE = 3600.0
"""Seconds that a run waits for another one, longer than all of England takes."""
LOOK = 0.2
"""Seconds between two looks whether the other run has ended."""
SWEPT = ("data/processed", "data/raw", "data/local/counts", "maps", "declared")
"""Folders in which the program writes."""
HANDED_ON = "handed-on"
"""The folder, among what is being made, of what one step of a run leaves for another."""


@contextmanager
def only_run(root: Path, say: Callable[[str], None] | None = None, patience: float | None = None) -> Iterator[None]:
    """Lock the project folder for this run; the system releases it when the process ends, however it ends.

    Where another run has the lock, this says so and waits for it, up to ``patience`` seconds: an hour where somebody is
    told, else not at all. Then it removes temporary files of killed runs, and in the
    end what steps left for each other.

    Raises:
        PipelineError: another run has it still; with its number and when it began.
        MachineError: the folder cannot be written to.
    """
    path = root / "data" / "processed" / ".lock"
    patience = (0.0 if say is None else PATIENCE) if patience is None else patience
    told, lock = path.with_name(".lock.txt"), FileLock(path, timeout=0)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        make_way(path)
        _acquire(lock, root, told, say, patience)
        with suppress(OSError):
            # Only for others to read: a run does not fail because of it.
            make_way(told)
            write_text(told, f"process {os.getpid()}, since {utc_now()}")
    except OSError as error:
        lock.release()
        raise MachineError(refused_by_machine(error, None if error.filename else path.parent) or "") from error
    staging = path.with_name(".staging")
    try:
        shutil.rmtree(staging, ignore_errors=True)
        sweep(root / name for name in SWEPT)
        yield
    finally:
        shutil.rmtree(staging / HANDED_ON, ignore_errors=True)
        with suppress(OSError):
            staging.rmdir()
        lock.release()


def _acquire(lock: FileLock, root: Path, told: Path, say: Callable[[str], None] | None, patience: float) -> None:
    deadline, said = time.monotonic() + patience, False
    while True:
        try:
            lock.acquire()
        except NotImplementedError:
            if say is not None:
                say(f"{root.resolve()}: this drive cannot keep two runs apart. Start only one at a time.")
            return
        except Timeout:
            at_work = f"Another run is working in {root.resolve()} ({_who(told)})."
            if time.monotonic() >= deadline:
                raise PipelineError(f"{at_work} Wait until it ends, or end it, and run this again.") from None
            if say is not None and not said:
                say(f"{at_work} This one goes on once that has ended; Ctrl-C ends this one.")
            said = True
            time.sleep(LOOK)
        else:
            return


def _who(told: Path) -> str:
    if not told.is_file():
        # A pipe in its place would be waited for.
        return "another process"
    try:
        return " ".join(told.read_text(encoding="utf-8", errors="replace")[:100].split()) or "another process"
    except OSError:
        return "another process"
