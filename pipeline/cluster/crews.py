"""Who does the work on this machine: this process, or several."""

import atexit
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from multiprocessing.connection import wait
from types import TracebackType
from typing import Any

from pipeline.cluster.tasks import Crew
from pipeline.errors import ClusterError

__all__ = ["Alone", "Crew", "Processes"]


class Alone:
    """The process itself: a part of the work is done when it is given out."""

    at_once = 1

    def __enter__(self) -> "Alone":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return

    def submit(self, task: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        """Do a part of the work now."""
        future: Future[Any] = Future()
        future.set_result(task(*arguments))
        return future

    def check(self) -> None:
        """Nobody else is needed."""

    def renew(self) -> None:
        """There is nothing to begin again."""

    def given_up(self, _error: BaseException) -> str:
        """What is raised here is meant for whoever asked."""
        return ""


def refuse_beginning_again() -> None:
    """Refuse to give out work while a process that was begun for work imports the script that began it.

    Raises:
        ClusterError: the script does what it does wherever it is imported.
    """
    # The attribute by which the standard library refuses the same: a method of ours waits for a lock before that.
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise ClusterError(
            "A process of this program imports the script that began it, which would begin more. Put what the script "
            "does under: if __name__ == '__main__':"
        )


def _stop_with_others() -> None:
    """Ctrl-C reaches every process of a terminal: the one that gave out the work stops it.

    Where that one is no more, nobody waits for the work, nor gives out more.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Taking its modules apart takes a process longer than a short step, and nothing is left to do in it.
    atexit.register(os._exit, 0)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


class Processes:
    """Several processes of this machine. After one has died, parts are given out one at a time, to tell which it is."""

    def __init__(self, workers: int) -> None:
        self.at_once = workers
        self._started: ProcessPoolExecutor | None = None
        self._starting = threading.Lock()

    @property
    def _pool(self) -> ProcessPoolExecutor:
        """The processes, which begin with the first part of the work."""
        with self._starting:
            if self._started is None:
                self._started = self._start(self.at_once)
            return self._started

    def __enter__(self) -> "Processes":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._started is not None:
            self._started.shutdown(cancel_futures=True)

    @staticmethod
    def _start(workers: int) -> ProcessPoolExecutor:
        # Started afresh: a copy of a process with threads may hold locks that nobody will release.
        return ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_stop_with_others)

    def submit(self, task: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        """Give a part of the work to a process; where one has just died, the future says so."""
        try:
            return self._pool.submit(task, *arguments)
        except BrokenExecutor as error:
            broken: Future[Any] = Future()
            broken.set_exception(error)
            return broken

    def check(self) -> None:
        """A process that has died is noticed by its futures."""

    def renew(self) -> None:
        """Start other processes, and give out one part at a time from now on."""
        self._pool.shutdown(cancel_futures=True)
        self.at_once, self._started = 1, None

    def given_up(self, _error: BaseException) -> str:
        """What is raised otherwise is meant for whoever asked."""
        return ""
