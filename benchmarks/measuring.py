"""Time and memory of programs with all that they start, and of the machine that they ran on."""

import json
import os
import platform
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
PACKAGES = ("numpy", "pandas", "geopandas", "shapely", "pyarrow", "scipy", "folium")
KILOBYTES = 1 if sys.platform == "darwin" else 1024
"""Bytes in the unit in which the system gives a process's memory."""


@dataclass(frozen=True)
class Run:
    """What a program took.

    Attributes:
        seconds: from its start to its end, as a clock on the wall has it.
        processor: seconds of processors, added up over all of them, and over all processes that it started.
        memory: the most bytes that it had at once, with all processes that it started (:class:`Family`).
    """

    seconds: float
    processor: float
    memory: int


def run_program(arguments: Sequence[str], folder: Path = CHECKOUT, *, watched: bool = True) -> Run:
    """Run a program to its end in a process of its own; what it prints is shown only where it fails.

    Args:
        watched: whether the memory of all its processes together is looked at, which takes a core's moments from it;
            without, it is that of the largest.

    Raises:
        RuntimeError: it fails; with the last lines that it printed.
    """
    begun = time.perf_counter()
    process = subprocess.Popen(
        arguments, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment(), text=True
    )
    assert process.stdout is not None
    with Family(process.pid) if watched else nullcontext() as family:
        printed = process.stdout.read()
    process.stdout.close()
    # Of the processes that it started, the system adds those that it has waited for.
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}:\n{printed[-2000:]}")
    # What the system says of the largest process counts this one before it became the program, too.
    return Run(seconds, used.ru_utime + used.ru_stime, (family.most if family else 0) or used.ru_maxrss * KILOBYTES)


class Family:
    """The most memory that a process and all that come from it have at the same moment, looked at every few moments.

    Pages that several of them share count once (proportional set sizes, where the system gives them); of one process
    the system itself notes the peak. Where the system has no ``/proc`` with children, nothing is measured.
    """

    EVERY = 0.02
    """Seconds between two looks at how much is resident, which cost the system nothing to speak of."""
    MORE = 1.01
    """Shared pages are told apart where so much more is resident than when they last were: that takes longer."""

    def __init__(self, first: int) -> None:
        self.most = 0
        self._first = first
        self._resident = 0.0
        self._ended = threading.Event()
        self._looking = threading.Thread(target=self._look_on, daemon=True)

    def __enter__(self) -> "Family":
        self._looking.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._looking.join()

    def _look_on(self) -> None:
        while not self._ended.wait(self.EVERY):
            members = processes_from(self._first)
            resident = sum(map(_resident, members))
            self.most = max([self.most, *map(_peak, members)])
            if resident > self._resident * self.MORE:
                self._resident = resident
                self.most = max(self.most, sum(map(_proportional, members)))


def processes_from(first: int) -> list[int]:
    """A process and all that come from it, by their numbers; none where it has ended, or the system does not list them.

    Asked of the system process by process: to look through all that run takes fifty times as long.
    """
    members = [first] if list(Path(f"/proc/{first}/task").glob("*/children")) else []
    for member in members:
        members += _started_by(member)
    return members


def _started_by(process: int) -> list[int]:
    started = list[int]()
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            started += map(int, path.read_text(encoding="ascii").split())
        except OSError:
            continue
    return started


def _resident(process: int) -> int:
    """Bytes in memory, shared ones included; 0 where the process has ended."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _peak(process: int) -> int:
    """The most bytes that a process has had in memory by now, as the system noted; 0 where it has ended."""
    return sum(_kilobytes(process, "status", "VmHWM:"))


def _proportional(process: int) -> int:
    """Bytes in memory, of shared ones a fair part; 0 where the process has ended."""
    return sum(_kilobytes(process, "smaps_rollup", "Pss:")) or _resident(process)


def _kilobytes(process: int, file: str, name: str) -> list[int]:
    """Bytes that the system gives under a name, in kilobytes; none where the process has ended or may not be read."""
    try:
        lines = Path(f"/proc/{process}/{file}").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []
    return [1024 * int(line.split()[1]) for line in lines if line.startswith(name)]


def environment() -> dict[str, str]:
    """The environment of this process, with the checkout where Python looks for modules."""
    return {**os.environ, "PYTHONPATH": str(CHECKOUT)}


def median_run(runs: Sequence[Run]) -> Run:
    """The median of each of the three, and the most memory."""
    return Run(
        statistics.median(run.seconds for run in runs),
        statistics.median(run.processor for run in runs),
        max(run.memory for run in runs),
    )


def median_seconds(action: Callable[[], object], times: int) -> float:
    """The median seconds that ``action`` takes."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        action()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def describe_machine() -> Mapping[str, str]:
    """What the figures were measured on, by name."""
    return {
        "Processor": f"{_processor()}, {os.cpu_count()} cores",
        "Memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.0f} GB",
        "System": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "Packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        "Load when it began": f"{os.getloadavg()[0]:.1f} processes",
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def bytes_of(paths: Sequence[Path]) -> int:
    """The bytes of the files among ``paths`` that exist."""
    return sum(path.stat().st_size for path in paths if path.is_file())


def read_json(text: str) -> list[dict[str, float | str]]:
    """The last line of what a program printed, as rows."""
    rows: list[dict[str, float | str]] = json.loads(text.strip().splitlines()[-1])
    return rows
