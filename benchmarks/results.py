"""What was measured, as ratios that any machine can be held to, and what has become slower since."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measuring import CHECKOUT, Run
from benchmarks.page import Measured
from benchmarks.scaling import Measurement, fit_exponent

RATIOS = CHECKOUT / "benchmarks" / "ratios.json"
ALLOWED = 1.2
"""A ratio may be so many times the committed one."""
Ratios = Mapping[str, float]
StepRow = Mapping[str, float | str]


@dataclass(frozen=True)
class Target:
    """What a ratio or a time should stay under; ``unit`` is empty for a ratio."""

    title: str
    limit: float
    unit: str = ""


TARGETS: Mapping[str, Target] = {
    "start": Target("Start: --help", 0.5, "s"),
    "status": Target("Start: status", 0.5, "s"),
    "norfolk-and-waveney: time": Target("Norfolk and Waveney from raw files, by the plain way's time", 1.25),
    "norfolk-and-waveney: edit": Target("Norfolk and Waveney after an edit of its index", 4, "s"),
    "england: time": Target("England from raw files, by the plain way's time", 0.55),
    "england: memory": Target("England from raw files, by the plain way's memory", 0.4),
    "draws": Target("2,000 draws of England", 8, "s"),
}


@dataclass
class AreaResult:
    """One area: the pipeline and the plain way, in turns; then every step by itself; then the page.

    Attributes:
        quick: the plain way without support places, with the quickest reader of workbooks.
        edit: seconds of building it again after an edit of its index.
        copy: seconds of reading the raw files and writing the same bytes.
        raw, plain_bytes: bytes of the raw files, and of what the plain way writes.
    """

    name: str
    title: str
    ours: Run
    plain: Run
    quick: Run
    edit: float
    copy: float
    raw: int
    plain_bytes: int
    steps: Sequence[StepRow]
    page: Measured | None = None
    plain_page: Measured | None = None
    polygons: Measured | None = None


@dataclass
class Results:
    """All that one run of ``make bench`` measured; parts that were left out are empty.

    Attributes:
        start, status, python: seconds of ``--help``, of ``status``, and of Python doing nothing.
        draws, sorts: seconds of all declared draws of England, and of sorting as many numbers as often on one core.
    """

    machine: Mapping[str, str]
    start: float
    status: float
    python: float
    areas: list[AreaResult] = field(default_factory=list)
    scaling: Mapping[str, Sequence[Measurement]] = field(default_factory=dict)
    draws: float | None = None
    sorts: float | None = None


def ratios_of(results: Results) -> dict[str, float]:
    """What does not depend on the machine: times and memory as shares of what stands beside them, and exponents."""
    ratios = {"start / python": results.start / results.python}
    for area in results.areas:
        of_area = {
            "time / plain": area.ours.seconds / area.plain.seconds,
            "time / quick": area.ours.seconds / area.quick.seconds,
            "processor / plain": area.ours.processor / area.plain.processor,
            "memory / plain": area.ours.memory / area.plain.memory,
            "edit / plain": area.edit / area.plain.seconds,
        }
        for name, other in (("plain", area.plain_page), ("polygons", area.polygons)):
            if area.page and other and area.page.first_drawn and other.first_drawn:
                of_area[f"page drawn / {name}"] = area.page.first_drawn / other.first_drawn
        ratios |= {f"{area.name}: {name}": value for name, value in of_area.items()}
    for part, measured in results.scaling.items():
        exponent = fit_exponent(measured)
        if exponent is not None:
            ratios[f"scaling of {part}: exponent"] = exponent
    if results.draws and results.sorts:
        ratios["draws / sorts"] = results.draws / results.sorts
    return {name: round(value, 3) for name, value in ratios.items()}


def measured_targets(results: Results) -> dict[str, float]:
    """By the name of its target, what was measured of it in this run."""
    values = {"start": results.start, "status": results.status}
    for area in results.areas:
        values[f"{area.name}: time"] = area.ours.seconds / area.plain.seconds
        values[f"{area.name}: memory"] = area.ours.memory / area.plain.memory
        values[f"{area.name}: edit"] = area.edit
    if results.draws is not None:
        values["draws"] = results.draws
    return {name: value for name, value in values.items() if name in TARGETS}


def find_slower(now: Ratios, before: Ratios) -> list[str]:
    """A sentence for each ratio that is over 20% more than the committed one."""
    return [
        f"{name}: {now[name]:g}, over {ALLOWED:g} times the committed {before[name]:g}"
        for name in sorted(now.keys() & before.keys())
        if now[name] > before[name] * ALLOWED
    ]


def read_ratios(path: Path = RATIOS) -> dict[str, float]:
    """The committed ratios; none where there is no file."""
    if not path.exists():
        return {}
    ratios: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))
    return ratios


def keep_ratios(now: Ratios, *, accept: bool, path: Path = RATIOS) -> None:
    """Add ratios that were not committed before; with ``accept`` replace the others, too."""
    before = read_ratios(path)
    kept = {**before, **now} if accept else {**now, **before}
    path.write_text(json.dumps(dict(sorted(kept.items())), indent=2) + "\n", encoding="utf-8")
