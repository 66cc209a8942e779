"""Time and memory of programs, each in a process of its own, and of the machine that they ran on."""

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
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
        processor: seconds of processors, added up over all of them.
        memory: the most bytes that it had at once.
    """

    seconds: float
    processor: float
    memory: int


def run_program(arguments: Sequence[str], folder: Path = CHECKOUT) -> Run:
    """Run a program to its end in a process of its own; what it prints is shown only where it fails.

    Raises:
        RuntimeError: it fails; with the last lines that it printed.
    """
    begun = time.perf_counter()
    process = subprocess.Popen(
        arguments, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment(), text=True
    )
    assert process.stdout is not None
    printed = process.stdout.read()
    process.stdout.close()
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}:\n{printed[-2000:]}")
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * KILOBYTES)


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
