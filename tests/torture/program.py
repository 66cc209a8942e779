"""The real program in a forked process: a warmed parent has done the imports, so that a run costs little."""

import ctypes
import dataclasses
import importlib
import json
import math
import os
import pkgutil
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tests.torture.faults import Fault, Watch

OUTSIDE = (
    "folium",
    "geopandas",
    "mapclassify",
    "openpyxl",
    "pyarrow.csv",
    "pyarrow.parquet",
    "pyogrio",
    "python_calamine",
    "SALib.analyze.sobol",
    "scipy.optimize",
    "scipy.stats",
    "httpx",
    "stamina",
    "tqdm",
)
MOMENT = "1790000000"
"""The declared build time of every run, so that equal inputs give equal bytes."""
KILLED, TIME_IS_UP, CRASHED = -signal.SIGKILL, -signal.SIGXCPU, 70
PATIENCE = 4
"""A run may take so much longer on the clock than of the processor's time: others may work on the machine."""
PR_SET_PDEATHSIG = 1
SETTINGS = {"SOURCE_DATE_EPOCH": MOMENT, "LC_ALL": "C.UTF-8", "TZ": "UTC", "COLUMNS": "200", "OMP_NUM_THREADS": "1"}


@dataclass(frozen=True)
class Ran:
    """What one run did: its exit status (minus the signal that ended it), what it said, and what it opened.

    ``struck`` tells whether the fault of the machine came to pass; ``writes`` counts the changes to the disk.
    """

    status: int
    told: str
    opened: frozenset[str]
    struck: bool
    seconds: float
    hung: bool = False
    writes: int = 0


def warm() -> None:
    """Import everything that the program may import, and start no thread."""
    import pipeline

    for module in pkgutil.walk_packages(pipeline.__path__, "pipeline."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    importlib.import_module("pipeline.__main__")
    for name in OUTSIDE:
        importlib.import_module(name)


def run_program(root: Path, arguments: Sequence[str], seconds: float = 60.0, fault: Fault | None = None) -> Ran:
    """Run one command in the project folder ``root``; with ``twins``, the answer is that of the worst of them.

    ``seconds`` is the most that it may take of the processor's time; on the clock, four times as long.
    """
    fault = fault or Fault()
    pages = [root.with_name(f"{root.name}-{number}.torture") for number in range(fault.twins)]
    begun = time.monotonic()
    children = [_fork(partial(_work, root, arguments, fault, page), seconds) for page in pages]
    ends = [_wait(child, begun + PATIENCE * seconds) for child in children]
    ran = [_ran(page, end, time.monotonic() - begun) for page, end in zip(pages, ends, strict=True)]
    worst = max(ran, key=lambda one: (one.hung, "Traceback" in one.told, abs(one.status)))
    if len(ran) == 1:
        return worst
    # Of two runs at once, one at least has to come through.
    best = min(ran, key=lambda one: abs(one.status))
    if worst.hung or "Traceback" in worst.told or worst.status not in (0, 1) or best.status != 0:
        return worst
    return Ran(0, best.told + worst.told, best.opened | worst.opened, True, worst.seconds)


def in_child(work: Callable[[], object], seconds: float = 120.0) -> int:
    """Do some work in a forked process, so that this one stays as warm and as single as it is; its exit status."""
    status, _ = _wait(_fork(lambda: _guarded(work), seconds), time.monotonic() + PATIENCE * seconds)
    return status


def in_children(works: Sequence[Callable[[], object]], at_once: int, seconds: float = 120.0) -> list[int]:
    """The same for several that do not need each other, so many at once; the exit status of each."""
    statuses: dict[int, int] = {}
    waiting, running = list(enumerate(works))[::-1], dict[int, tuple[int, float]]()
    while waiting or running:
        while waiting and len(running) < at_once:
            number, work = waiting.pop()
            running[number] = (_fork(partial(_guarded, work), seconds), time.monotonic() + PATIENCE * seconds)
        number, (child, until) = next(iter(running.items()))
        statuses[number], _ = _wait(child, until)
        del running[number]
    return [statuses[number] for number in range(len(works))]


def _guarded(work: Callable[[], object]) -> int:
    try:
        work()
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        return CRASHED
    return 0


def die_with_parent() -> None:
    """Let the kernel end this process when the one that forked it ends, so that nothing is left of a run cut short."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _fork(work: Callable[[], int], seconds: float) -> int:
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        status = CRASHED
        try:
            os.setpgid(0, 0)
            die_with_parent()
            resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds), math.ceil(seconds) + 5))
            status = work()
        finally:
            os._exit(status & 0xFF)
    return child


def _wait(child: int, until: float) -> tuple[int, bool]:
    """The exit status of a child, and whether it had to be ended because its time was over."""
    pause = 0.002
    while True:
        done, state = os.waitpid(child, os.WNOHANG)
        if done:
            _end_group(child)
            status = os.waitstatus_to_exitcode(state)
            return status, status == TIME_IS_UP
        if time.monotonic() > until:
            _end_group(child)
            os.waitpid(child, 0)
            return KILLED, True
        time.sleep(pause)
        pause = min(0.02, pause * 1.3)


def _end_group(child: int) -> None:
    try:
        os.killpg(child, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _work(root: Path, arguments: Sequence[str], fault: Fault, page: Path) -> int:
    """In the child: the command as the command line runs it, its words to a file."""
    os.chdir(root)
    _settle({**SETTINGS, **fault.environment})
    told = os.open(page.with_suffix(".told"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    nowhere = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nowhere, 0), (told, 1), (told, 2)):
        os.dup2(source, target)
    encoding = fault.environment.get("PYTHONIOENCODING", "utf-8")
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding=encoding, errors="strict", line_buffering=True)  # type: ignore[union-attr]
    sys.argv = ["python -m pipeline", *arguments]
    os.fsync = _no_sync  # type: ignore[assignment]
    if seconds := fault.environment.get("TORTURE_PATIENCE"):
        hurry(float(seconds))
    watch = Watch(root, fault)
    watch.start()
    status = _call(arguments)
    # What is left to write is this harness's: the limits of the case are over.
    signal.setitimer(signal.ITIMER_REAL, 0)
    if not fault.largest_file:
        noted = {"opened": sorted(watch.opened), "struck": watch.struck, "writes": watch.writes}
        page.write_text(json.dumps(noted), encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return status


def _call(arguments: Sequence[str]) -> int:
    from pipeline.__main__ import main

    try:
        return main(list(arguments))
    except SystemExit as error:
        if error.code is None or isinstance(error.code, int):
            return error.code or 0
        print(error.code, file=sys.stderr)
        return 1
    except BaseException:
        traceback.print_exc()
        return CRASHED


def hurry(seconds: float) -> None:
    """Let what waits for a publisher give up after a few seconds, where it is declared to wait for minutes."""
    from pipeline.fetch import client

    limits: dict[str, object] = {"timeout": seconds / 3, "attempts": 3, "wait_first": 0.01, "wait_most": 0.05}
    usual: Any = client.FetchSettings()
    if hasattr(usual, "pace"):
        limits["pace"] = dataclasses.replace(usual.pace, patience=seconds, window=seconds / 4)
    defaults = [limits.get(field.name, getattr(usual, field.name)) for field in dataclasses.fields(usual)]
    client.FetchSettings.__init__.__defaults__ = tuple(defaults)


def _settle(values: Mapping[str, str]) -> None:
    for name in [name for name in os.environ if name.startswith(("PYTHON", "MAKE", "AREA", "CI", "HTTP", "SSL"))]:
        del os.environ[name]
    for name, value in values.items():
        if value:
            os.environ[name] = value
        else:
            os.environ.pop(name, None)
    time.tzset()


def _no_sync(_handle: int) -> None:
    """A crash of the machine is not among the cases, and waiting for the disk takes most of a run's time."""


def _ran(page: Path, end: tuple[int, bool], seconds: float) -> Ran:
    words = page.with_suffix(".told")
    told = words.read_text(encoding="utf-8", errors="replace") if words.exists() else ""
    nothing: dict[str, Any] = {"opened": [], "struck": False, "writes": 0}
    noted = json.loads(page.read_text(encoding="utf-8")) if page.exists() else nothing
    for path in (words, page):
        path.unlink(missing_ok=True)
    return Ran(end[0], told, frozenset(noted["opened"]), noted["struck"], seconds, end[1], noted["writes"])
