"""The progress of a run, for whoever shows it."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple


class Standing(NamedTuple):
    """The progress of a run: ``begun`` of the ``expected`` steps, and the names of those that are ``at_work``.

    ``beginning`` is the step that has just begun; empty where there is no news but the time.
    """

    begun: int
    expected: int
    at_work: tuple[str, ...]
    beginning: str = ""


Show = Callable[[Standing], None]


def _show_nothing(_standing: Standing) -> None:
    return


class Progress:
    """Counts the steps of a run, from several threads, and reports to ``show``."""

    def __init__(self, show: Show | None, expected: Iterable[str]) -> None:
        self._show = show or _show_nothing
        self._waiting = set(expected)
        self._begun = 0
        self._at_work: list[str] = []
        self._lock = threading.Lock()

    @contextmanager
    def at_work(self, name: str) -> Iterator[None]:
        """The step called ``name`` runs within this context."""
        with self._lock:
            self._waiting.discard(name)
            self._begun += 1
            self._at_work.append(name)
            self._show(self._standing(name))
        try:
            yield
        finally:
            with self._lock:
                self._at_work.remove(name)

    def skip(self, name: str) -> None:
        """The step called ``name`` does not have to run after all."""
        with self._lock:
            self._waiting.discard(name)

    def tick(self) -> None:
        """Report the progress again, as time has passed."""
        with self._lock:
            self._show(self._standing(""))

    @property
    def is_at_work(self) -> bool:
        """Whether any step is running."""
        return bool(self._at_work)

    def at_work_now(self) -> str:
        """The steps that are running, in words."""
        with self._lock:
            return ", ".join(self._at_work) or "nothing"

    def _standing(self, beginning: str) -> Standing:
        return Standing(self._begun, self._begun + len(self._waiting), tuple(self._at_work), beginning)
