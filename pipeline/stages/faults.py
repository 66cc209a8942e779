"""Unforeseen faults and the warnings of libraries: into a file or the log, so that no analyst meets a traceback."""

import logging
import platform
import signal
import sys
import tempfile
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from pipeline._version import __version__
from pipeline.errors import PipelineError

KEPT = 10
"""The number of files about faults that are kept; older ones are removed."""
NAME = "digital-exclusion-fault-"
FROM_A_LIBRARY = "From a library: "
"""Begins the lines that stand in the log only. Steps run side by side, and what one of them asks Python not to warn of
ends when another asks the same: such a line may or may not be there, and says nothing of the maps."""
Say = Callable[[str], None]


class Ended(KeyboardInterrupt):
    """The system, or another program, asks this one to end."""


def describe_fault(error: BaseException, root: Path) -> str:
    """What to tell about an unforeseen fault in one line; its traceback goes into a file that can be sent on."""
    text = " ".join(str(error).split())[:300]
    path = write_fault("".join(traceback.format_exception(error)), root)
    details = (
        f"The details are in {path}: please send that file with a note of what you did."
        if path is not None
        else "No folder could be written to for the details. Run it again with --log FILE."
    )
    return f"an unexpected fault in the program: {type(error).__name__}: {text.rstrip('.')}. {details}"


def write_fault(details: str, root: Path) -> Path | None:
    """Write a dated file about a fault; ``None`` where no folder can be written to.

    It goes to ``data/processed/faults`` of the project, else to the folder for temporary files.
    """
    moment = datetime.now(UTC)
    program = f"version {__version__} · Python {sys.version.split()[0]} · {platform.platform()}"
    text = f"{moment:%Y-%m-%d %H:%M:%S} UTC · {program}\n{' '.join(sys.argv)}\n\n{details}"
    name = f"{NAME}{moment:%Y%m%d-%H%M%S-%f}.txt"
    for folder in _folders(root):
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / name
            with path.open("x", encoding="utf-8", errors="replace", newline="\n") as file:
                file.write(text)
            for old in sorted(folder.glob(f"{NAME}*.txt"))[:-KEPT]:
                old.unlink(missing_ok=True)
            return path
    return None


def _folders(root: Path) -> Iterator[Path]:
    if (root / "declared").is_dir():
        yield root / "data" / "processed" / "faults"
    with suppress(OSError):
        yield Path(tempfile.gettempdir())


@contextmanager
def watched(root: Callable[[], Path], note: Say, complain: Say) -> Iterator[None]:
    """Warnings go to ``note``; an error in a thread, or where none can be raised, goes into a file and to ``complain``.

    What the system sends to end the program becomes :class:`Ended`.
    """

    def on_warning(
        message: Warning | str, category: type[Warning], filename: str, lineno: int, *_rest: object, **_more: object
    ) -> None:
        with suppress(PipelineError):
            note(f"{FROM_A_LIBRARY}{category.__name__}: {message} ({filename}:{lineno})")

    def on_thread(hooked: threading.ExceptHookArgs) -> None:
        if hooked.exc_value is not None and not isinstance(hooked.exc_value, SystemExit):
            complain(f"Note: {describe_fault(hooked.exc_value, root())}")

    def on_unraisable(hooked: Any) -> None:
        if hooked.exc_value is not None and not isinstance(hooked.exc_value, KeyboardInterrupt | OSError):
            write_fault("".join(traceback.format_exception(hooked.exc_value)), root())

    def on_error(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        complain(
            "\nStopped by you."
            if isinstance(error, KeyboardInterrupt)
            else f"\nStopped by {describe_fault(error, root())}"
        )

    handler = _Notes(note)
    hooks = (warnings.showwarning, threading.excepthook, sys.unraisablehook, sys.excepthook, logging.lastResort)
    warnings.showwarning = on_warning
    threading.excepthook = on_thread
    sys.unraisablehook = on_unraisable
    sys.excepthook = on_error
    logging.lastResort = handler
    signals = _listen()
    try:
        yield
    finally:
        for number, before in signals.items():
            signal.signal(number, before)
        (
            warnings.showwarning,
            threading.excepthook,
            sys.unraisablehook,
            sys.excepthook,
            logging.lastResort,
        ) = hooks


@dataclass(frozen=True)
class Overheard:
    """What libraries warned of and logged in another process."""

    warned: tuple[tuple[str, type[Warning], str, int], ...] = ()
    logged: tuple[logging.LogRecord, ...] = ()

    def repeat(self) -> None:
        """Say it in this process, to whoever listens here."""
        for text, category, filename, line in self.warned:
            warnings.showwarning(text, category, filename, line)
        for record in self.logged:
            if logging.lastResort is not None:
                logging.lastResort.handle(record)


@contextmanager
def overhear() -> Iterator[Callable[[], Overheard]]:
    """Keep what libraries warn of and log meanwhile, for :meth:`Overheard.repeat`; yields what was kept."""
    warned: list[tuple[str, type[Warning], str, int]] = []
    logged: list[logging.LogRecord] = []

    def on_warning(
        message: Warning | str, category: type[Warning], filename: str, lineno: int, *_rest: object, **_more: object
    ) -> None:
        warned.append((str(message), category, filename, lineno))

    hooks = (warnings.showwarning, logging.lastResort)
    warnings.showwarning, logging.lastResort = on_warning, _Kept(logged)
    try:
        yield lambda: Overheard(tuple(warned), tuple(logged))
    finally:
        warnings.showwarning, logging.lastResort = hooks


class _Kept(logging.Handler):
    """What libraries log where nobody else listens, as records that go from one process to another."""

    def __init__(self, records: list[logging.LogRecord]) -> None:
        super().__init__(logging.WARNING)
        self._records = records

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record, its arguments written out."""
        with suppress(Exception):
            text = record.getMessage()
            self._records.append(logging.LogRecord(record.name, record.levelno, "", 0, text, None, None))


class _Notes(logging.Handler):
    """What libraries log where nobody else listens."""

    def __init__(self, note: Say) -> None:
        super().__init__(logging.WARNING)
        self._note = note

    def emit(self, record: logging.LogRecord) -> None:
        """Note a line."""
        with suppress(Exception):
            self._note(f"{FROM_A_LIBRARY}{record.levelname}: {record.getMessage()}")


def _listen() -> dict[int, Any]:
    """Raise :class:`Ended` for the signals that ask a program to end; what was done with them before."""
    if threading.current_thread() is not threading.main_thread():
        return {}

    def end(number: int, _frame: FrameType | None) -> None:
        raise Ended(signal.Signals(number).name)

    before: dict[int, Any] = {}
    for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)
        # A program started by nohup is to outlive its terminal.
        if number is not None and signal.getsignal(number) not in (signal.SIG_IGN, None):
            before[number] = signal.signal(number, end)
    return before
