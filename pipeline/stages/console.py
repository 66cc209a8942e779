"""Where messages go: the screen, and a log file where there is one."""

import os
import shutil
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from pipeline.errors import MachineError, refused_by_machine

if TYPE_CHECKING:
    from pipeline.stages.progress import Standing


class Console:
    """The screen unless ``quiet``, and the log file where there is one.

    How far a run is stands in one line that is overwritten where the screen is a terminal, else in one for each step.
    What stopped a run is told where that is possible: nothing that goes wrong on the way stops it a second time.
    """

    def __init__(self, *, quiet: bool = False, log: Path | None = None) -> None:
        self._quiet = quiet
        self._live = not quiet and sys.stderr is not None and sys.stderr.isatty()
        self._shown = 0
        self._begun = time.monotonic()
        self._lock = threading.RLock()
        self._log: TextIO | None = None
        self._log_path = log
        if log is not None:
            try:
                self._log = log.open("a", encoding="utf-8", errors="replace", newline="\n")
            except OSError as error:
                raise MachineError(f"--log: cannot be written to: {refused_by_machine(error, log)}") from error

    def say(self, line: str) -> None:
        """Show a line.

        Raises:
            BrokenPipeError: whoever read the output has stopped reading.
            MachineError: the output goes to a file, or the log is one, that cannot be written.
        """
        with self._lock:
            self._clear()
            if not self._quiet:
                try:
                    print(line, flush=True)
                except BrokenPipeError:
                    raise
                except OSError as error:
                    raise MachineError(refused_by_machine(error, "What is printed (standard output)") or "") from error
            self.note(line)

    def complain(self, line: str) -> None:
        """Show a line about what stopped the run, as far as that is possible."""
        with self._lock, suppress(OSError, ValueError, MachineError):
            self._clear()
            if sys.stderr is not None:
                print(line, file=sys.stderr, flush=True)
        with self._lock, suppress(MachineError):
            self.note(line)

    def note(self, line: str) -> None:
        """Write a line to the log only.

        Raises:
            MachineError: the log cannot be written.
        """
        if self._log is None:
            return
        try:
            print(line, file=self._log, flush=True)
        except OSError as error:
            # Closing it would try to write the same line once more.
            log, self._log = self._log, None
            with suppress(OSError):
                log.close()
            raise MachineError(refused_by_machine(error, f"--log {self._log_path}") or "") from error

    def show(self, standing: "Standing") -> None:
        """Show the progress of a run."""
        with self._lock:
            counted = f"[{standing.begun}/{standing.expected}]"
            if self._live:
                self._clear()
                if standing.at_work:
                    seconds = time.monotonic() - self._begun
                    self._write_live(f"{counted} {', '.join(standing.at_work)} ({seconds:.0f} s)")
                if standing.beginning:
                    self.note(f"{counted} {standing.beginning}")
            elif standing.beginning:
                self.say(f"{counted} {standing.beginning}")

    def _write_live(self, line: str) -> None:
        # A line that fills the whole width would begin another.
        line = line[: shutil.get_terminal_size().columns - 1]
        with suppress(OSError):
            print(line, end="\r", file=sys.stderr, flush=True)
        self._shown = len(line)

    def _clear(self) -> None:
        if self._shown:
            with suppress(OSError):
                print(" " * self._shown, end="\r", file=sys.stderr, flush=True)
            self._shown = 0


def speak_any_script() -> None:
    """Let a console with fewer characters, as Windows often has, show a question mark for the others."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def finish_streams() -> bool:
    """Write out what is left to print; whether that was possible. Python would complain itself when it ends."""
    written = True
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            written = False
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return written
