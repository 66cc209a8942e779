"""``docs/performance.md``: what was measured, on what, and beside what."""

from collections.abc import Iterable, Mapping, Sequence

from benchmarks.page import Measured
from benchmarks.results import TARGETS, AreaResult, Results, StepRow, measured_targets, ratios_of
from benchmarks.scaling import DRAWS, ENGLAND, LARGEST, TITLES, Measurement, fit_exponent

Row = Sequence[str]
MEGABYTE = 1e6
MEASURES = (
    ("megabytes", "Size, MB", 2),
    ("first_drawn", "First drawn, ms", 0),
    ("zoom", "Slowest zoom, ms", 0),
    ("pan", "Longest task while panning, ms", 0),
    ("switch", "Slowest switch of layer, ms", 0),
    ("level", "Slowest switch to larger areas, ms", 0),
    ("heap", "Heap at the end, MB", 1),
)
INTRODUCTION = """# How fast it is, and beside what

<!-- Written by `make bench`: do not edit. -->

Times depend on the machine, so each stands beside others of the same run: **the plain way**, the script that a
competent analyst would write ([benchmarks/plain.py](../benchmarks/plain.py): pandas as it reads by default, geopandas,
how far the nearest GP practice or library is, five `folium.GeoJson` layers with tooltips), on the same raw files;
**the quick plain way**, which leaves the support places out and asks for the quickest reader of workbooks; and **the
floor**, what it takes to read and write the same bytes, to sort as many numbers or to draw the same polygons. The plain
way makes one map. The pipeline besides checks every file, works
out how certain ranks are, locates support places, bundles areas into programmes, sums up larger areas, and writes the
method page, the briefing, slides, a workbook, a GeoPackage and a description of all of it.

Measured on {date}. {conditions}

{machine}
"""

SMALLER = (
    "Made-up numbers. Exponents are of seconds of processors: 1 is in proportion to the number of areas, and what "
    "exceeds that is sorting, and memory that is farther from the processor the more of it is used. Plausible indices "
    "are {draws}, prepared beforehand, in place of the declared 2,000: what they take is in proportion to them. The "
    "page ends at {areas:,} areas: of a hundred times England it would be of some 0.7 GB, which no browser opens; so "
    "many areas have a page for each ICB (`maps --all`). A size that would take more than `--limit` seconds or "
    "`--memory` GB is left out.\n"
)


def compose(results: Results, date: str, slower: Sequence[str]) -> str:
    """The page as Markdown."""
    parts = [
        INTRODUCTION.format(date=date, conditions=_conditions(results), machine=_machine(results.machine)),
        "## Targets\n",
        _targets(results),
        "## From raw files to everything, in one command\n",
        _whole_runs(results.areas),
        *(f"## {area.title}: step by step\n\n{_steps(area.steps)}" for area in results.areas),
        *([_pages(results.areas)] if any(area.page for area in results.areas) else []),
        *([_scaling(results)] if results.scaling else []),
        "## Ratios\n\nHeld in [benchmarks/ratios.json](../benchmarks/ratios.json): `make bench` fails where one is "
        "over 20% more than the committed one.\n",
        table(("Ratio", "Now"), ((name, f"{value:g}") for name, value in ratios_of(results).items())),
        *([f"Slower than committed: {'; '.join(slower)}.\n"] if slower else []),
    ]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def table(headers: Row, rows: Iterable[Row]) -> str:
    """A table in Markdown, its numbers to the right."""
    lines = ["| " + " | ".join(headers) + " |", "|---" + "|---:" * (len(headers) - 1) + "|"]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


def _conditions(results: Results) -> str:
    made_up = [area.title for area in results.areas if "fictional" in area.title]
    if not made_up:
        return "All areas are real, from the published files."
    return f"Without the published files of {', '.join(made_up)}, the fictional country stands in, in the same size."


def _machine(machine: Mapping[str, str]) -> str:
    return table(("Machine", ""), machine.items())


def _targets(results: Results) -> str:
    measured = measured_targets(results)
    return table(
        ("Target", "Limit", "Measured", "Met"),
        (
            (
                target.title,
                f"{target.limit:g} {target.unit}".rstrip(),
                f"{measured[name]:.2f} {target.unit}".rstrip() if name in measured else "–",
                "–" if name not in measured else "yes" if measured[name] <= target.limit else "**no**",
            )
            for name, target in TARGETS.items()
        ),
    )


def _whole_runs(areas: Sequence[AreaResult]) -> str:
    headers = ("", "Pipeline", "Plain way", "Ratio", "Floor")
    rows: list[Row] = []
    for area in areas:
        ours, plain = area.ours, area.plain
        written = sum(float(row["written"]) for row in area.steps)
        rows += [
            (f"**{area.title}**, seconds", *_beside(ours.seconds, plain.seconds, 1), f"{area.copy:.2f}"),
            ("beside the quick plain way", *_beside(ours.seconds, area.quick.seconds, 1), ""),
            ("seconds of processors", *_beside(ours.processor, plain.processor, 1), ""),
            ("peak memory, MB", *_beside(ours.memory / MEGABYTE, plain.memory / MEGABYTE, 0), ""),
            ("after an edit of the index, seconds", *_beside(area.edit, plain.seconds, 1), ""),
            ("raw files, MB", f"{area.raw / MEGABYTE:.0f}", "", "", ""),
            ("written, MB", *_beside(written / MEGABYTE, area.plain_bytes / MEGABYTE, 1), ""),
        ]
    return table(headers, rows)


def _beside(ours: float, other: float, decimals: int) -> tuple[str, str, str]:
    return f"{ours:,.{decimals}f}", f"{other:,.{decimals}f}", f"{ours / other:.2f}"


def _steps(rows: Sequence[StepRow]) -> str:
    """Each stage, its steps added up; memory is that of the largest."""
    headers = ("Stage", "Steps", "Seconds", "Seconds of processors", "Peak MB", "MB in", "MB out")
    stages = list(dict.fromkeys(str(row["stage"]) for row in rows))
    lines = []
    for stage in stages:
        mine = [row for row in rows if row["stage"] == stage]
        total = {name: sum(float(row[name]) for row in mine) for name in ("seconds", "processor", "read", "written")}
        lines.append(
            (
                stage,
                str(len(mine)),
                f"{total['seconds']:.2f}",
                f"{total['processor']:.2f}",
                f"{max(float(row['memory']) for row in mine) / MEGABYTE:,.0f}",
                f"{total['read'] / MEGABYTE:,.1f}",
                f"{total['written'] / MEGABYTE:,.1f}",
            )
        )
    everything = sum(float(row["seconds"]) for row in rows)
    return table(headers, lines) + f"\nOne step after the other: {everything:.1f} s; `maps` runs them side by side.\n"


def _pages(areas: Sequence[AreaResult]) -> str:
    headers, rows = ["In Chromium"], [[title] for _, title, _ in MEASURES]
    for area in areas:
        for kind, measured in (("page", area.page), ("plain page", area.plain_page), ("polygons", area.polygons)):
            if measured is None:
                continue
            headers.append(f"{area.title}: {kind}")
            for row, (name, _, decimals) in zip(rows, MEASURES, strict=True):
                row.append(_number(measured, name, decimals))
    return "## The page in a browser\n\n" + table(headers, rows)


def _number(measured: Measured, name: str, decimals: int) -> str:
    value = getattr(measured, name)
    return "–" if value is None else f"{value:,.{decimals}f}"


def _scaling(results: Results) -> str:
    rows = []
    for part, measured in results.scaling.items():
        exponent = fit_exponent(measured)
        by_factor = {one.factor: one for one in measured}
        rows.append(
            (
                TITLES[part],
                *(_cell(by_factor.get(factor)) for factor in (1, 10, 100)),
                "–" if exponent is None else f"{exponent:.2f}",
            )
        )
    text = table(("Seconds (and peak memory)", "England", "10 times", "100 times", "Exponent"), rows)
    note = SMALLER.format(draws=DRAWS, areas=ENGLAND * LARGEST["page"])
    draws = ""
    if results.draws is not None and results.sorts is not None:
        draws = (
            f"\nAll declared draws of England: {results.draws:.1f} s. To sort as many numbers as often takes "
            f"{results.sorts:.1f} s of one core.\n"
        )
    return f"## From England to a hundred times England\n\n{text}\n{note}{draws}"


def _cell(one: Measurement | None) -> str:
    return "–" if one is None else f"{one.seconds:.1f} ({one.memory / 1e9:.1f} GB)"
