"""Measures every step of an area, one after the other in one process, and then its page in a browser.

``make bench BENCH=england``, or ``python -m tests.bench england --plain``. The steps are those of the build graph;
each is run whether it is stale or not. Peak memory is that of the process so far.
"""

import argparse
import subprocess
import sys
import time

from pipeline import Project
from pipeline.stages.data import ensure_demo
from pipeline.stages.graph import area_steps, check_sources
from pipeline.stages.lock import only_run
from pipeline.stages.runner import Runner
from tests.bench_page import measure
from tests.fixtures.folders import ROOT

MEGABYTE = 1e6


def measure_steps(name: str) -> None:
    """Runs and prints every step of an area: seconds, peak memory, bytes read and written."""
    project = Project()
    snapshot = project.snapshot()
    area = snapshot.area(name)
    print(f"{name}\n{'step':<44}{'seconds':>9}{'peak MB':>9}{'in MB':>9}{'out MB':>9}")
    with only_run(project.root):
        if area.fictional:
            ensure_demo(snapshot, print)
        check_sources(snapshot, [area])
        runner, begun = Runner(lambda _: None), time.perf_counter()
        for step in area_steps(snapshot, [area]):
            before = time.perf_counter()
            runner.execute(step)
            seconds = time.perf_counter() - before
            read, written = (
                sum(path.stat().st_size for path in paths if path.is_file()) / MEGABYTE
                for paths in (step.reads.files, step.writes)
            )
            print(f"{step.name:<44}{seconds:9.2f}{peak_megabytes():9.0f}{read:9.2f}{written:9.2f}", flush=True)
        print(f"{'all':<44}{time.perf_counter() - begun:9.2f}{peak_megabytes():9.0f}")


def peak_megabytes() -> float:
    """The most memory this process has had so far; not a number where the system does not say."""
    try:
        import resource
    except ImportError:
        return float("nan")
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes / (1024 if sys.platform != "darwin" else 1024**2)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("area", nargs="?", default="demo")
    parser.add_argument(
        "--plain",
        action=argparse.BooleanOptionalAction,
        help="also measure a plain folium page of the same areas (default: unless the area is a nation)",
    )
    parser.add_argument("--page-only", action="store_true", help="leave out the steps; the page is there already")
    arguments = parser.parse_args()
    if not arguments.page_only:
        measure_steps(arguments.area)
    measure(arguments.area, arguments.plain)
    print("\nThe page of real areas held to its budgets of time and memory", flush=True)
    return subprocess.run([sys.executable, "-m", "pytest", "-m", "timed"], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
