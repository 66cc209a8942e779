"""How time and memory grow with the number of areas: 1, 10 and 100 times England, of made-up numbers.

``python -m benchmarks.scaling PART FACTOR`` does one part and prints seconds and peak memory as JSON.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmarks.measuring import CHECKOUT, environment
from benchmarks.steps import peak, processor_seconds

if TYPE_CHECKING:
    from pipeline.catalogue import Index

ENGLAND = 33_755
FACTORS = (1, 10, 100)
LARGEST = {"page": 10}
"""Where a part ends earlier: a page of 3.4 million areas would take 13 GB to pack, and no browser opens it."""
DRAWS = 32
"""Plausible indices of one measurement, in two blocks: time grows in proportion to them, as memory of ranks does."""
SHORT_RUNS = 3
"""Runs of England itself, which take less than a second or two: their median counts."""
LOOK_AHEAD = 15
"""Ten times as many areas may take so many times as long; a size that would take too long then is left out."""
SEED = 7
NOTHING_TO_FIT = 2


@dataclass(frozen=True)
class Measurement:
    """A part at so many times England: seconds, seconds of processors, and the most bytes of memory."""

    factor: int
    seconds: float
    processor: float
    memory: int


def measure_part(part: str, limit: float, memory: float) -> list[Measurement]:
    """A part at each factor, in a process of its own, as far as it can be expected to take ``limit`` seconds at most.

    Args:
        memory: bytes that it may be expected to take.
    """
    done: list[Measurement] = []
    for factor in (factor for factor in FACTORS if factor <= LARGEST.get(part, factor)):
        if done and (done[-1].seconds * LOOK_AHEAD > limit or done[-1].memory * 10 > memory):
            break
        arguments = [sys.executable, "-m", "benchmarks.scaling", part, str(factor)]
        output = subprocess.run(arguments, cwd=CHECKOUT, env=environment(), capture_output=True, text=True, check=True)
        done.append(Measurement(**json.loads(output.stdout.strip().splitlines()[-1])))
    return done


def fit_exponent(measured: Sequence[Measurement]) -> float | None:
    """p, where seconds of processors grow as the number of areas to the power of p; least squares of the logarithms."""
    if len(measured) < NOTHING_TO_FIT:
        return None
    sizes, seconds = (np.log([getattr(one, name) for one in measured]) for name in ("factor", "processor"))
    return float(np.polyfit(sizes, seconds, 1)[0])


def prepare_scoring(areas: int) -> Callable[[], object]:
    """Scores, ranks and deciles by the index of this project."""
    from pipeline import score

    index, frame = _index(), _nation(areas)
    return lambda: score(index, frame)


def prepare_uncertainty(areas: int) -> Callable[[], object]:
    """Ranks of all areas by :data:`DRAWS` plausible indices, and their quantiles.

    What is prepared once for all draws is left out: of the 2,000 that are declared it is a small part.
    """
    from pipeline import Project
    from pipeline.index.drawing import draw_here
    from pipeline.index.plausible import draw_choices, prepare
    from pipeline.index.uncertainty import RankDraws

    index, frame = _index(), _nation(areas)
    uncertainty = Project(CHECKOUT).uncertainty()
    prepared = prepare(index, frame, frame, uncertainty)
    work = RankDraws(prepared, draw_choices(prepared, uncertainty, DRAWS, uncertainty.seed))
    return lambda: draw_here(work, DRAWS).summarise()


def prepare_draws(areas: int) -> Callable[[], object]:
    """Rank intervals of all areas from as many plausible indices as are declared, from the beginning."""
    from pipeline import Project
    from pipeline.index.uncertainty import draw_rank_intervals

    index, frame, uncertainty = _index(), _nation(areas), Project(CHECKOUT).uncertainty()
    return lambda: draw_rank_intervals(index, frame, None, uncertainty)


def prepare_access(areas: int) -> Callable[[], object]:
    """Enhanced two-step floating catchments: a place for ten areas, of which each reaches some twenty."""
    from pipeline.space.access import e2sfca, pair_by_distance

    random, side = np.random.default_rng(SEED), np.sqrt(areas) * 1_000
    origins, places = random.random((areas, 2)) * side, random.random((areas // 10, 2)) * side
    reach, people = np.full(areas, 8_000.0), random.integers(1_000, 3_000, areas).astype("float64")
    return lambda: e2sfca(pair_by_distance(origins, places, reach), people, np.ones(len(places)), reach)


def prepare_page(areas: int) -> Callable[[], object]:
    """Boundaries to shared arcs, and 30 columns to compressed text, as a page carries them."""
    import shapely

    from pipeline.atlas.packing import build_topology, pack_boundaries, pack_table

    random, side = np.random.default_rng(SEED), int(np.sqrt(areas))
    corners = np.stack(np.meshgrid(np.arange(side + 1.0), np.arange(side + 1.0), indexing="ij"), axis=-1)
    corners += random.uniform(-0.3, 0.3, corners.shape)
    degrees = corners * (6.0 / side) + (-5.0, 50.0)
    rings = np.stack([degrees[:-1, :-1], degrees[1:, :-1], degrees[1:, 1:], degrees[:-1, 1:]], axis=2).reshape(-1, 4, 2)
    shapes = np.asarray(shapely.polygons(rings))
    table = pd.DataFrame({f"column_{n}": random.integers(0, 1_000, len(shapes)) / 10 for n in range(30)})
    decimals = dict.fromkeys(map(str, table.columns), 1)
    return lambda: (pack_boundaries(build_topology(shapes, 20.0)), pack_table(table, decimals))


PARTS: Mapping[str, Callable[[int], Callable[[], object]]] = {
    "scoring": prepare_scoring,
    "uncertainty": prepare_uncertainty,
    "access": prepare_access,
    "page": prepare_page,
    "draws": prepare_draws,
}
"""What is measured; each is prepared before the clock starts."""
TITLES = {
    "scoring": "Scoring",
    "uncertainty": f"Rank intervals, {DRAWS} draws",
    "access": "Access to support places",
    "page": "Page: boundaries and 30 columns packed",
}


def _index() -> "Index":
    from pipeline import Project

    return Project(CHECKOUT).index("norfolk-waveney")


def _nation(areas: int) -> pd.DataFrame:
    """Areas with every column of the index and those that errors go by, all of them positive numbers."""
    random = np.random.default_rng(SEED)
    codes = pd.Index([f"E{number:08d}" for number in range(areas)], name="lsoa21_code")
    values = {column: random.beta(2, 8, areas) for column in _index().columns}
    people = {name: random.integers(1_000, 3_000, areas) for name in ("population_total", "residents_2021")}
    return pd.DataFrame(values | people | {"households": random.integers(400, 1_300, areas)}, index=codes)


def main() -> None:
    """Do a part, and print what it took."""
    part, factor = sys.argv[1], int(sys.argv[2])
    action = PARTS[part](ENGLAND * factor)
    taken = []
    for _ in range(SHORT_RUNS if factor == 1 and part != "draws" else 1):
        begun, used = time.perf_counter(), processor_seconds()
        action()
        taken.append((time.perf_counter() - begun, processor_seconds() - used))
    seconds, processor = (statistics.median(column) for column in zip(*taken, strict=True))
    print(json.dumps({"factor": factor, "seconds": seconds, "processor": processor, "memory": peak()}))


if __name__ == "__main__":
    main()
