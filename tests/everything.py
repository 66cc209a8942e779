"""Everything that has to hold: ``make test``, and with ``--quick`` what can be told in under a minute, ``make check``.

Sets up what is missing (the page's packages and code, a browser), then style and types in Python and TypeScript, the
page's own tests, and the pipeline's.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from benchmarks import browsers
from tests.fixtures.folders import PAGE, ROOT

sys.path.insert(0, str(PAGE))
import build_assets

QUICK = "not browser and not real and not slow and not timed and not alike"
TIMED = "timed"
"""Tests that hold the page or the program to a time are for ``make bench``: beside others they tell of the machine."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it all; the exit status of the first that fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="style, types and unit tests only")
    quick = parser.parse_args(arguments).quick
    with ThreadPoolExecutor() as pool:
        ahead = pool.submit(compile_tests)
        python("-m", "pipeline", "assets", "--quiet")
        if not quick and browsers.main():
            return 1
        ahead.result()
    selection = ["-m", QUICK, "--hypothesis-profile", "quick"] if quick else ["-m", f"not {TIMED}"]
    python("-m", "ruff", "check", ".")
    python("-m", "ruff", "format", "--check", ".")
    with ThreadPoolExecutor() as pool, folder_in_memory() as folder:
        beside = [pool.submit(check_page, quick=quick), pool.submit(check_types)]
        at_once = str(workers(quick=quick))
        # Of a test that passed nothing stays.
        where = [f"--basetemp={folder}", "-o", "tmp_path_retention_policy=failed"] if folder else []
        python("-m", "pytest", "-n", at_once, "--dist", "loadfile", "--no-loadscope-reorder", *where, *selection)
        for check in beside:
            check.result()
    return 0


def workers(*, quick: bool) -> int:
    """How many tests run at once: as many as there are processors, where none waits for anything.

    One more where some wait for a browser or another process. Each worker costs ten seconds of a processor before its
    first test, and a browser of its own.
    """
    return (os.cpu_count() or 1) + (0 if quick else 1)


ROOM = 8_000_000_000
"""Bytes of memory that are left where the tests' folders may be in it: they fill a third of that at most."""
MEMORY, PREFIX = Path("/dev/shm"), "digital-exclusion-tests-"


@contextmanager
def folder_in_memory() -> Iterator[Path | None]:
    """A folder for what the tests write, in memory where that has room; else ``None``: pytest has one on the disk.

    The program waits for the disk after each file, as a machine may lose its power: a third of the time of a build.
    """
    for left in MEMORY.glob(f"{PREFIX}*-*"):
        # Of a run that was killed.
        if not Path("/proc", left.name.removeprefix(PREFIX).partition("-")[0]).exists():
            shutil.rmtree(left, ignore_errors=True)
    if not MEMORY.is_dir() or min(shutil.disk_usage(MEMORY).free, memory_available()) < ROOM:
        yield None
        return
    prefix = f"{PREFIX}{os.getpid()}-"
    with tempfile.TemporaryDirectory(prefix=prefix, dir=MEMORY, ignore_cleanup_errors=True) as folder:
        # pytest empties the folder that it is given.
        yield Path(folder) / "made"


def memory_available() -> int:
    """Bytes that the system, or the container that this runs in, has left; none where nothing tells."""
    meminfo = Path("/proc/meminfo")
    told = (
        re.search(r"^MemAvailable:\s+(\d+) kB", meminfo.read_text(encoding="ascii"), re.M) if meminfo.exists() else None
    )
    left = int(told[1]) * 1024 if told else 0
    limit, taken = (Path("/sys/fs/cgroup", name) for name in ("memory.max", "memory.current"))
    if limit.exists() and (most := limit.read_text(encoding="ascii").strip()).isdecimal():
        left = min(left, int(most) - int(taken.read_text(encoding="ascii")))
    return left


FEW = 20
"""So many files that changed each worker compiles for itself sooner than another process is started for them."""


def compile_tests() -> None:
    """Have pytest compile the tests where most are not yet, once, before each of its workers does so for itself.

    To rewrite what they assert takes longer than to collect them.
    """
    stale = [path for path in (ROOT / "tests").rglob("*.py") if not is_compiled(path)]
    if len(stale) > FEW:
        collect = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
        # What cannot be collected is told by the run itself.
        subprocess.run(
            collect, cwd=ROOT, env=environment(), capture_output=True, encoding="utf-8", errors="replace", check=False
        )


def is_compiled(path: Path) -> bool:
    """Whether pytest has compiled a file since it was last written."""
    written = path.stat().st_mtime
    made = path.parent.glob(f"__pycache__/{path.stem}.{sys.implementation.cache_tag}*.pyc")
    return any(compiled.stat().st_mtime >= written for compiled in made)


def environment() -> dict[str, str]:
    """Of what is run: Python keeps what it compiles; a thread for each test, as a test runs on each processor."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {"OMP_NUM_THREADS": "1", **kept}


def check_types() -> None:
    """Types of the pipeline and its tests."""
    begun = time.perf_counter()
    python("-m", "mypy")
    print(f"Python: style and types hold ({time.perf_counter() - begun:.0f} s)", flush=True)


def check_page(*, quick: bool) -> None:
    """Style and types of the page, and its tests."""
    begun = time.perf_counter()
    # What was looked at and has not changed is not looked at again: rules that ask for types could miss what a change
    # elsewhere makes of a file, which the types themselves, and "make test", do not.
    build_assets.run("npm", "run", "lint:changed" if quick else "lint", "--silent")
    if not quick:
        build_assets.run("npm", "test", "--silent")
    print(f"Page: style{' and' if quick else ','} types{'' if quick else ' and tests'} hold ", end="")
    print(f"({time.perf_counter() - begun:.0f} s)", flush=True)


def python(*arguments: str) -> None:
    """Run this Python in the project's folder, silently unless something is wrong.

    Raises:
        SystemExit: it failed.
    """
    shown = arguments[1] == "pytest"
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(),
        capture_output=not shown,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        print(f"{' '.join(arguments)} failed\n{done.stdout or ''}{done.stderr or ''}", file=sys.stderr, flush=True)
        raise SystemExit(done.returncode)


if __name__ == "__main__":
    sys.exit(main())
