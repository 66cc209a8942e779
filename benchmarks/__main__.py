"""``make bench``: the pipeline beside the plain way and the floor, in one run and one table.

Writes ``docs/performance.md`` where everything was measured, and fails where a ratio has grown by over 20%.
"""

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks import page, scaling
from benchmarks.browsers import ARGUMENTS, executable
from benchmarks.cases import SIZES, Case, set_up
from benchmarks.floor import copy_seconds, sort_seconds, write_polygons
from benchmarks.measuring import CHECKOUT, Run, describe_machine, environment, median_run, read_json, run_program
from benchmarks.report import compose
from benchmarks.results import AreaResult, Results, find_slower, keep_ratios, ratios_of, read_ratios
from pipeline import Project
from pipeline.stages.graph import area_steps

REPORT = CHECKOUT / "docs" / "performance.md"
PLAIN = CHECKOUT / "benchmarks" / "plain.py"
LARGE = 10_000
"""LSOAs from which on an area is measured once, and a plain page of it is not opened: that takes minutes."""
WEIGHT = re.compile(r"^weight = ([0-9.]+)$", re.MULTILINE)
"""The weight of a component, as an analyst edits it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write and compare; 1 where something has become slower."""
    options = _parser().parse_args(arguments)
    begun = datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        results = measure(options, folder)
    now, before = ratios_of(results), read_ratios()
    slower = [] if options.accept else find_slower(now, before)
    text = compose(results, f"{begun:%d %B %Y}", slower)
    print(text)
    complete = set(options.areas) == set(SIZES) and options.page and options.scaling
    if complete or options.write:
        REPORT.write_text(text, encoding="utf-8")
        print(f"Written to {REPORT.relative_to(CHECKOUT)}")
    keep_ratios(now, accept=options.accept)
    for line in slower:
        print(f"Slower: {line}", file=sys.stderr)
    if options.budgets:
        return subprocess.run([sys.executable, "-m", "pytest", "-m", "timed"], cwd=CHECKOUT, check=False).returncode
    return 1 if slower else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("areas", nargs="*", default=list(SIZES), help=f"of {', '.join(SIZES)} (default: all)")
    parser.add_argument("--root", type=Path, default=CHECKOUT, help="the project whose raw files are used, if any")
    parser.add_argument("--runs", type=int, default=3, help="runs of each whole run but England's (default 3)")
    parser.add_argument("--england-runs", type=int, default=1, help="runs of England (default 1)")
    parser.add_argument("--limit", type=float, default=300, help="seconds that one size may take (default 300)")
    parser.add_argument("--memory", type=float, default=18, help="GB that one size may take (default 18)")
    parser.add_argument("--no-page", dest="page", action="store_false", help="leave the browser out")
    parser.add_argument("--no-scaling", dest="scaling", action="store_false", help="leave larger sizes out")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md although parts are left out")
    parser.add_argument("--accept", action="store_true", help="commit to these ratios from now on")
    parser.add_argument(
        "--budgets", action="store_true", help="then hold the page of real areas to its budgets of time"
    )
    return parser


def measure(options: argparse.Namespace, folder: Path) -> Results:
    """All that ``options`` ask for, in project folders under ``folder``."""
    unknown = sorted(set(options.areas) - set(SIZES))
    if unknown:
        raise SystemExit(f"There is no area {', '.join(unknown)} to measure. There are {', '.join(SIZES)}.")
    machine = describe_machine()
    # Assets are of the checkout; once they are made, no run waits for them.
    run_program([sys.executable, "-m", "pipeline", "assets", "--quiet"])
    areas = []
    start = status = python = float("nan")
    for name in options.areas:
        say(f"{name}: setting up")
        case = set_up(name, options.root, folder)
        areas.append(measure_area(case, options.england_runs if SIZES[name] >= LARGE else options.runs, folder))
        if start != start:
            start, status, python = (_median_of(case, words) for words in (["--help"], ["status", case.area], None))
        if options.page:
            measure_pages(areas[-1], case, folder)
        case.clear()
    results = Results(machine, start, status, python, areas)
    if options.scaling:
        parts = [part for part in scaling.PARTS if part != "draws"]
        results.scaling = {part: _scale(part, options) for part in parts}
        say("draws of England")
        results.draws = scaling.measure_part("draws", 0, 0)[0].seconds
        results.sorts = sort_seconds(scaling.ENGLAND, Project(CHECKOUT).uncertainty().draws)
    return results


def _scale(part: str, options: argparse.Namespace) -> list[scaling.Measurement]:
    say(f"scaling of {part}")
    return scaling.measure_part(part, options.limit, options.memory * 1e9)


def _median_of(case: Case, words: Sequence[str] | None) -> float:
    """Seconds of a command that only starts and looks; without ``words``, of Python alone."""
    program = ["-c", "pass"] if words is None else ["-m", "pipeline", "--root", str(case.root), *words]
    return statistics.median(run_program([sys.executable, *program]).seconds for _ in range(5))


def measure_area(case: Case, runs: int, folder: Path) -> AreaResult:
    """The pipeline and the plain way by turns, an edit of the index, and then every step by itself."""
    plain_page, quick_page = (folder / f"{case.name}-{way}.html" for way in ("plain", "quick"))
    plain_way = [sys.executable, str(PLAIN), str(case.raw)]
    of_case = ["--boundaries", str(case.boundaries), *case.plain]
    build = [sys.executable, "-m", "pipeline", "--root", str(case.root), "--quiet", "maps", case.area]
    ours, plain, quick = list[Run](), list[Run](), list[Run]()
    for number in range(1, runs + 1):
        say(f"{case.name}: run {number} of {runs}")
        plain.append(run_program([*plain_way, str(plain_page), *of_case]))
        quick.append(run_program([*plain_way, str(quick_page), *of_case, "--quick"]))
        case.clear()
        ours.append(run_program(build))
    edited = []
    for number in range(runs):
        edit_index(case, 1 + number)
        edited.append(run_program(build, watched=False).seconds)
    say(f"{case.name}: step by step")
    steps = [sys.executable, "-m", "benchmarks.steps", str(case.root), case.area]
    done = subprocess.run(steps, cwd=CHECKOUT, env=environment(), capture_output=True, text=True, check=True)
    rows = read_json(done.stdout)
    raw = raw_files_of(case)
    written = int(sum(float(row["written"]) for row in rows))
    return AreaResult(
        case.name if case.real else f"{case.name}, fictional",
        case.title,
        median_run(ours),
        median_run(plain),
        median_run(quick),
        statistics.median(edited),
        copy_seconds(raw, written, folder),
        sum(path.stat().st_size for path in raw),
        plain_page.stat().st_size,
        rows,
    )


def raw_files_of(case: Case) -> list[Path]:
    """The raw files that the area's steps read."""
    project = Project(case.root).snapshot()
    steps = area_steps(project, [project.area(case.area)])
    top = (case.root / "data" / "raw").resolve()
    read = {path.resolve() for step in steps for path in step.reads.files}
    return sorted(path for path in read if path.is_file() and path.is_relative_to(top))


def edit_index(case: Case, more: float) -> None:
    """Give the first component of the area's index so much more weight."""
    path = case.root / "declared" / "indices" / f"{Project(case.root).area(case.area).index}.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(WEIGHT.sub(lambda match: f"weight = {float(match[1]) + more:g}", text, count=1), encoding="utf-8")


def measure_pages(result: AreaResult, case: Case, folder: Path) -> None:
    """The page, the plain page where it opens in seconds, and the polygons alone."""
    say(f"{case.name}: pages")
    large = SIZES[case.name] >= LARGE
    loads = 3 if large else 5
    polygons, plain = folder / f"{case.name}-polygons.html", folder / f"{case.name}-offline.html"
    write_polygons(case.root / "data" / "processed" / case.area / "risk.parquet", polygons)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(ARGUMENTS))
        result.page = page.measure_atlas(browser, case.page, loads)
        result.polygons = page.measure_floor(browser, polygons, loads)
        if not large:
            page.without_network(folder / f"{case.name}-plain.html", plain)
            result.plain_page = page.measure_plain(browser, plain, loads)
        browser.close()


def say(line: str) -> None:
    """What is being measured, for whoever waits."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
