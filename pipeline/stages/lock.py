"""One run at a time in a project folder."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.errors import PipelineError
from pipeline.raw import utc_now

FETCH_PATIENCE = 3_600.0
"""Seconds that a fetch waits for another run in the same folder, such as a fetch of the same area."""


@contextmanager
def only_run(root: Path, patience: float = 0.0) -> Iterator[None]:
    """Lock the project folder for this run; the system releases it when the process ends, however it ends.

    Args:
        root: the project folder.
        patience: seconds to wait for another run to end, which is said.

    Raises:
        PipelineError: another run has locked it, with its number and when it began; or the folder cannot be written to.
    """
    path = root / "data" / "processed" / ".lock"
    told = path.with_name(".lock.txt")
    lock = FileLock(path, timeout=0)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire()
        except Timeout:
            if not patience:
                raise
            print(f"Another run is working in this folder ({_who(told)}); waiting for it.", file=sys.stderr, flush=True)
            lock.acquire(timeout=patience)
        told.write_text(f"process {os.getpid()}, since {utc_now()}", encoding="utf-8")
    except Timeout:
        raise PipelineError(
            f"Another run is working in {root.resolve()} ({_who(told)}). Wait until it ends, or end it, and run this "
            "again."
        ) from None
    except OSError as error:
        lock.release()
        raise PipelineError(f"{path.parent.resolve()}: cannot be written to ({error.strerror or error}).") from error
    try:
        yield
    finally:
        lock.release()


def _who(told: Path) -> str:
    try:
        return told.read_text(encoding="utf-8") or "another process"
    except OSError:
        return "another process"
