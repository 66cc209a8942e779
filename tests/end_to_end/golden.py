"""The figures of the fictional area as they were committed, to hold each build against.

``python -m tests.end_to_end.golden`` builds the area, prints what differs and writes the new figures.
"""

import hashlib
import json
import math
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from pipeline import Project, store
from pipeline.store.records import RiskRecord
from tests.fixtures.pages import carried
from tests.fixtures.projects import build_demo
from tests.fixtures.unpacking import unpack_geometry

FOLDER = Path(__file__).with_name("golden")
AREAS = FOLDER / "risk.csv"
FACTS = FOLDER / "facts.json"
TOLERANCE = 1e-9
DIGITS = 12
"""Decimals that are kept: enough for the tolerance."""
COLUMNS = [
    *(f"component_{name}" for name in ("age", "older_and_deprived", "housing", "household_size", "skills")),
    *(f"component_{name}" for name in ("health", "disability", "broadband", "rurality")),
    *("risk_score", "risk_rank", "risk_decile", "england_rank", "rank_p05", "rank_median", "rank_p95"),
    *(
        "england_rank_p05",
        "england_rank_p95",
        "worst_decile_probability",
        "hotspot",
        "support_access",
        "capacity_score",
    ),
    *("exclusion_score", "exclusion_rank", "exclusion_decile", "exclusion_rank_p05", "exclusion_rank_p95"),
    *("people_at_risk", "people_at_risk_low", "people_at_risk_high", "main_driver", "drivers", "points_to"),
    *("nearest_library_metres", "nearest_gp_practice_metres"),
]
TABLES = ("support_places", "nearest", "origins", "postcodes", "stories", "towns")
RENEW = "If the figures were meant to change, renew them: python -m tests.end_to_end.golden"


@dataclass(frozen=True)
class Figures:
    """The main columns of each LSOA by code, and facts of the whole: a path such as ``rows.nearest`` to its value."""

    areas: pd.DataFrame
    facts: Mapping[str, object]


def figures_of(project: Project) -> Figures:
    """The figures of the fictional area as it is built in ``project``."""
    folder = project.processed("demo")
    risk = project.risk("demo").set_index("lsoa21_code")
    record = store.read_record(folder / "risk.parquet", RiskRecord)
    geometry = carried(project.page("demo"))["geometry"]
    facts: dict[str, object] = {f"rows.{name}": len(project.table("demo", name)) for name in TABLES}
    for kind, count in project.table("demo", "support_places")["kind"].value_counts().sort_index().items():
        facts[f"places.{kind}"] = int(count)
    for weight in record.weights:
        facts[f"weight.{weight.component}.{weight.column}"] = weight.share
    areas = b"".join(shapely.to_wkb(unpack_geometry(geometry)))
    facts["geometry.sha256"] = hashlib.sha256(areas).hexdigest()
    facts |= {f"geometry.{name}": geometry[name] for name in ("arcs", "rings", "step")}
    return Figures(pd.DataFrame(risk[COLUMNS]), facts)


def committed() -> Figures:
    """The figures that were committed."""
    facts = json.loads(FACTS.read_text(encoding="utf-8"))
    return Figures(pd.read_csv(AREAS, index_col="lsoa21_code", encoding="utf-8"), facts)


def differences(old: Figures, new: Figures) -> list[str]:
    """What differs by more than the tolerance, a line each: the fact or column, how often and the largest example."""
    lines = [
        f"{name}: {old.facts.get(name)!r} is now {new.facts.get(name)!r}"
        for name in [*old.facts, *(name for name in new.facts if name not in old.facts)]
        if not _same(old.facts.get(name), new.facts.get(name))
    ]
    if old.areas.index.tolist() != new.areas.index.tolist():
        return [*lines, f"{len(old.areas)} LSOAs are now {len(new.areas)}, or others"]
    if list(old.areas.columns) != list(new.areas.columns):
        return [*lines, f"columns: {', '.join(old.areas.columns)} are now {', '.join(new.areas.columns)}"]
    for name in new.areas.columns:
        before, after = old.areas[name].tolist(), new.areas[name].tolist()
        changed = [(code, a, b) for code, a, b in zip(new.areas.index, before, after, strict=True) if not _same(a, b)]
        if changed:
            code, a, b = max(changed, key=_gap)
            lines.append(f"{name}: {len(changed)} of {len(before)} differ, {code} the most: {a!r} is now {b!r}")
    return lines


def _same(a: object, b: object) -> bool:
    if isinstance(a, int | float) and isinstance(b, int | float):
        return bool(np.isclose(a, b, rtol=0, atol=TOLERANCE, equal_nan=True))
    return a == b or (_empty(a) and _empty(b))


def _empty(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _gap(change: tuple[str, object, object]) -> float:
    _, a, b = change
    return abs(a - b) if isinstance(a, int | float) and isinstance(b, int | float) else 0.0


def write(figures: Figures) -> None:
    """Put the figures where they are committed."""
    FOLDER.mkdir(exist_ok=True)
    text = figures.areas.round(DIGITS).to_csv(lineterminator="\n")
    AREAS.write_text(text, encoding="utf-8", newline="\n")
    FACTS.write_text(json.dumps(figures.facts, indent=1) + "\n", encoding="utf-8", newline="\n")


def main() -> None:
    """Build, compare, renew."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "demo"
        build_demo(root)
        new = figures_of(Project(root))
    changes = differences(committed(), new) if AREAS.exists() else ["there were none before"]
    print("\n".join(changes) if changes else "Nothing differs.")
    if changes:
        write(new)
        print(f"Written: {AREAS}, {FACTS}")


if __name__ == "__main__":
    main()
