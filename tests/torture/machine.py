"""Machines that fail: killed at any write, full, read-only, short of memory; outputs that somebody cut or changed."""

import io
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import pandas as pd

from tests.torture.cases import (
    MAPS,
    STOPS,
    STOPS_OR_SAYS,
    STOPS_OR_UNDERSTANDS,
    UNDERSTANDS,
    Bench,
    Case,
    Command,
    nothing,
)
from tests.torture.faults import NO_PERMISSION, NO_SPACE, READ_ONLY, Fault
from tests.torture.outcomes import BUILT
from tests.torture.program import run_program
from tests.torture.project import LOCAL, RAW
from tests.torture.texts import FILE_7

KILLED, REFUSED_BY_DISK, CHANGED, TOGETHER, VERSIONS = (
    "machine: killed at any write",
    "machine: full, read-only, out of memory",
    "machine: outputs cut, foreign, missing",
    "machine: two runs at once",
    "versions: of sources, by hand, from earlier runs",
)
PROCESSED = "data/processed"
OUTPUTS = (
    "demo/datapackage.json",
    "demo/joined.parquet",
    "demo/joined.parquet.meta.json",
    "demo/nearest.parquet",
    "demo/nearest.parquet.meta.json",
    "demo/origins.parquet",
    "demo/journeys.parquet",
    "demo/postcodes.parquet",
    "demo/priorities.csv",
    "demo/records/join.json",
    "demo/records/map.json",
    "demo/records/score.json",
    "demo/risk.csv",
    "demo/risk.parquet",
    "demo/risk.parquet.meta.json",
    "demo/sensitivity.json",
    "demo/stories.parquet",
    "demo/support_places.parquet",
    "demo/support_places.parquet.meta.json",
    "demo/towns.parquet",
    "national/demo/census2021_age.parquet",
    "national/demo/census2021_age.parquet.meta.json",
    "national/demo/code_point_open.parquet",
    "national/demo/gp_practices.parquet",
    "national/demo/iod2025_file7.parquet",
    "national/demo/lsoa21_boundaries.parquet",
    "national/demo/lsoa21_icb.parquet",
    "national/demo/records/nation.json",
    "national/demo/records/tidy-iod2025_file7.json",
    "national/demo/reference.parquet",
    "national/demo/reference.parquet.meta.json",
    "../../maps/demo/atlas.html",
    "../../maps/demo/method.html",
)


def cases(seed: int) -> Iterator[Case]:
    """Every case of a machine; ``seed`` draws at which writes it is killed."""
    random = np.random.default_rng(seed)
    starts = (
        ("first build", _unbuilt, 40),
        ("rebuild with another weight", _weighed, 30),
        ("rebuild of a changed source", _source_before, 15),
    )
    for title, act, count in starts:
        for share in sorted(random.choice(np.arange(1, 1_000), count, replace=False).tolist()):
            yield _kill(f"{title}, after {share / 10:.1f}% of its writes", act, Fault(kill_share=share / 1_000))
    for seconds in np.round(random.uniform(0.05, 1.5, 15), 2).tolist():
        yield _kill(f"first build, after {seconds} s", _unbuilt, Fault(kill_after=seconds))
    yield from _disk_cases()
    yield from _changed_cases()
    yield from _together_cases()
    yield from _version_cases()


def _kill(name: str, act: Callable[[Bench], None], fault: Fault) -> Case:
    return Case(KILLED, name, act, UNDERSTANDS, fault=fault, evidence="words")


def _unbuilt(bench: Bench) -> None:
    """Nothing is built."""
    for folder in (PROCESSED, "maps"):
        bench.remove(folder)


def _rebuilt(change: Callable[[Bench], None]) -> Callable[[Bench], None]:
    """Everything was built from other inputs; the next run is to build it from those of the original."""

    def act(bench: Bench) -> None:
        change(bench)
        ran = run_program(bench.root, MAPS)
        if ran.status:
            raise RuntimeError(ran.told)
        bench.heal()
        bench.touched.clear()

    return act


@_rebuilt
def _weighed(bench: Bench) -> None:
    bench.declare("indices/norfolk-waveney.toml", "weight = 13", "weight = 60")
    bench.declare("indices/norfolk-waveney.toml", "weight = 10", "weight = 58")


@_rebuilt
def _source_before(bench: Bench) -> None:
    name = f"{RAW}/initiatives/initiatives.csv"
    lines = bench.read(name).splitlines(keepends=True)
    bench.write(name, b"".join(lines[:3]))


def _disk_cases() -> Iterator[Case]:
    faults = [
        *(
            (f"full after {after} writes", Fault(refuse=NO_SPACE, refuse_after=after, folder=PROCESSED))
            for after in (0, 3, 9, 20, 40)
        ),
        ("full under maps", Fault(refuse=NO_SPACE, folder="maps")),
        ("read-only data/processed", Fault(refuse=READ_ONLY, folder=PROCESSED)),
        ("read-only maps", Fault(refuse=READ_ONLY, folder="maps")),
        ("data/processed not to be written to", Fault(refuse=NO_PERMISSION, folder=PROCESSED)),
        ("maps not to be written to", Fault(refuse=NO_PERMISSION, folder="maps")),
        *(
            (f"no file over {size:,} bytes", Fault(largest_file=size))
            for size in (5_000, 9_000, 40_000, 200_000, 300_000)
        ),
    ]
    for name, fault in faults:
        for start, act in (("first build", _unbuilt), ("rebuild", _weighed)):
            names = ("data/processed", "maps", "disk", "too large")
            yield Case(
                REFUSED_BY_DISK,
                f"{start}, {name}",
                act,
                STOPS_OR_UNDERSTANDS,
                names,
                fault=fault,
                evidence="fault",
                withdrawn=BUILT,
            )
    asked: tuple[Command, ...] = (
        ("demo", "--areas", "61"),
        ("site", "demo", "--new", "1"),
        ("score", "demo", "--index", "imd2025", "--output", "x.parquet"),
    )
    for command in asked:
        for name, fault in (("a full disk", Fault(refuse=NO_SPACE)), ("a read-only one", Fault(refuse=READ_ONLY))):
            title = f"{' '.join(command[:2])} on {name}"
            words = ("data", "disk", "x.parquet")
            yield Case(
                REFUSED_BY_DISK,
                title,
                nothing,
                STOPS,
                words,
                (command,),
                fault,
                "fault",
                withdrawn=BUILT,
                usual=(("demo", "--areas", "60"), MAPS),
            )
    for extra in (10, 60, 200):
        fault = Fault(memory=extra)
        yield Case(
            REFUSED_BY_DISK,
            f"first build with {extra} MB of memory",
            _unbuilt,
            STOPS_OR_UNDERSTANDS,
            ("memory",),
            fault=fault,
            evidence="words",
            withdrawn=BUILT,
        )


def _changed_cases() -> Iterator[Case]:
    for output in OUTPUTS:
        name = f"{PROCESSED}/{output}" if not output.startswith("..") else output.removeprefix("../../")
        for title, change in (
            ("deleted", None),
            ("empty", lambda _b: b""),
            ("cut in half", lambda b: b[: len(b) // 2]),
            ("foreign", lambda _b: b"something else\n" * 40),
            ("with one byte changed", _one_byte),
        ):
            yield Case(CHANGED, f"{output}: {title}", _changed(name, change), UNDERSTANDS, evidence="words")
    for name in ("risk", "joined", "nearest"):
        title = f"demo/{name}.parquet: another table under its name"
        yield Case(
            CHANGED,
            title,
            _changed(f"{PROCESSED}/demo/{name}.parquet", lambda _b: _table()),
            UNDERSTANDS,
            evidence="words",
        )
    pairs = (
        ("risk.parquet", "risk.parquet.meta.json"),
        ("joined.parquet", "records/join.json"),
        ("risk.parquet.meta.json", "risk.csv"),
    )
    for one, other in pairs:
        act = _both(_changed(f"{PROCESSED}/demo/{one}", None), _changed(f"{PROCESSED}/demo/{other}", None))
        yield Case(CHANGED, f"demo/{one} and {other}: deleted", act, UNDERSTANDS, evidence="words")
        act = _both(
            _changed(f"{PROCESSED}/demo/{one}", lambda b: b[:3_000]), _changed(f"{PROCESSED}/demo/{other}", None)
        )
        yield Case(CHANGED, f"demo/{one} cut, {other} deleted", act, UNDERSTANDS, evidence="words")
    for folder in ("data/processed/demo", "data/processed/national", "maps/demo", "data/processed"):
        yield Case(
            CHANGED,
            f"{folder}: deleted",
            partial(Bench.remove, name=folder),
            UNDERSTANDS,
            evidence="words",
        )
    left = (".risk.parquet.abc123.parquet", ".staging/score-demo/risk.parquet", "demo/.joined.parquet.01f2a3b4.new")
    for name in left:

        def act(bench: Bench, name: str = name) -> None:
            bench.write(f"{PROCESSED}/{name}", b"left by a killed run")
            bench.touched.clear()

        yield Case(CHANGED, f"{name}: left by a killed run", act, UNDERSTANDS, evidence="words")


def _one_byte(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def _table() -> bytes:
    content = io.BytesIO()
    pd.DataFrame({"lsoa21_code": ["E01900001"], "risk_score": [1.0]}).to_parquet(content)
    return content.getvalue()


def _changed(name: str, change: Callable[[bytes], bytes] | None) -> Callable[[Bench], None]:
    def act(bench: Bench) -> None:
        if change is None:
            bench.remove(name)
        else:
            bench.write(name, change(bench.read(name)))
        # An output is not to be put back by the harness: the program has to make it again.
        bench.touched.clear()

    return act


def _both(*acts: Callable[[Bench], None]) -> Callable[[Bench], None]:
    def act(bench: Bench) -> None:
        for one in acts:
            one(bench)

    return act


def _together_cases() -> Iterator[Case]:
    for twins in (2, 3):
        for title, act in (("first build", _unbuilt), ("rebuild", _weighed), ("nothing to do", nothing)):
            yield Case(
                TOGETHER, f"{twins} of maps, {title}", act, UNDERSTANDS, fault=Fault(twins=twins), evidence="words"
            )
        usual = (("demo", "--areas", "60"), MAPS)
        yield Case(
            TOGETHER,
            f"{twins} of demo",
            nothing,
            UNDERSTANDS,
            commands=usual,
            fault=Fault(twins=twins),
            evidence="words",
        )
        site = ("site", "demo", "--new", "1")
        yield Case(
            TOGETHER,
            f"{twins} of site",
            nothing,
            UNDERSTANDS,
            commands=(site,),
            fault=Fault(twins=twins),
            evidence="words",
        )


def _version_cases() -> Iterator[Case]:
    """Tables that this run did not make, and files that are not what their receipt says."""
    file_7 = f"{RAW}/iod2025_file7/{FILE_7}"

    def by_hand(change: Callable[[bytes], bytes]) -> Callable[[Bench], None]:
        return lambda bench: bench.write(file_7, change(bench.read(file_7)))

    names = ("File_7", "iod2025_file7")
    other = by_hand(lambda content: content.replace(b",0.1", b",0.2"))
    yield Case(VERSIONS, "File 7 changed by hand", other, STOPS_OR_SAYS, names)
    yield Case(
        VERSIONS,
        "File 7 changed by hand, values alike",
        by_hand(lambda content: content + b"\n"),
        STOPS_OR_UNDERSTANDS | STOPS_OR_SAYS,
        names,
    )
    for source, file in (("iod2025_file7", FILE_7), ("libraries", "basic-dataset-for-libraries-2023-enhanced.csv")):
        name = f"{RAW}/{source}/{file}.receipt.json"
        for title, content in (("empty", b""), ("arbitrary", b"\xff\x00{"), ("without keys", b"{}"), ("a list", b"[]")):
            act = partial(Bench.write, name=name, content=content)
            yield Case(
                VERSIONS, f"receipt of {source}: {title}", act, STOPS_OR_UNDERSTANDS, (source, file), evidence="read"
            )
        title = f"receipt of {source}: gone"
        yield Case(
            VERSIONS,
            title,
            partial(Bench.remove, name=name),
            STOPS_OR_UNDERSTANDS | STOPS_OR_SAYS,
            (source, file),
            evidence="words",
        )
    for title, content in (("empty", b""), ("arbitrary", b"\xff\x00{"), ("a list", b"[]"), ("nested", b"[" * 5_000)):
        stamp = partial(Bench.write, name="data/raw/areas/demo.json", content=content)
        yield Case(
            VERSIONS, f"list of an area's files: {title}", stamp, STOPS_OR_UNDERSTANDS, ("demo.json",), evidence="words"
        )
        made = f"{RAW}/made.json"
        yield Case(
            VERSIONS,
            f"made.json: {title}",
            partial(Bench.write, name=made, content=content),
            STOPS_OR_UNDERSTANDS,
            ("made.json",),
            evidence="words",
        )
    yield Case(VERSIONS, "mid-year estimates come, and go again", _estimates_gone, UNDERSTANDS, evidence="words")
    yield Case(VERSIONS, "mid-year estimates beside the census", _estimates, STOPS_OR_SAYS, ("mye2024", "sapelsoa"))
    yield Case(
        VERSIONS,
        "list of LSOAs longer, then as before",
        _longer_list,
        UNDERSTANDS,
        commands=(("maps", "marsh"),),
        evidence="words",
    )
    for old in (".1", "~", " (1)", ".bak"):
        beside = partial(Bench.write, name=f"{file_7}{old}", content=b"an older one")
        yield Case(VERSIONS, f"an older File 7 beside it, called {old!r}", beside, UNDERSTANDS, evidence="words")


def _estimates(bench: Bench) -> None:
    from pipeline.demo import demo_files

    for source, file, content in demo_files(60, population="estimates"):
        if source == "mye2024":
            bench.write(f"{RAW}/{source}/{file}", content)


@_rebuilt
def _estimates_gone(bench: Bench) -> None:
    _estimates(bench)


@_rebuilt
def _longer_list(bench: Bench) -> None:
    name = f"{LOCAL}/marsh.csv"
    bench.write(name, bench.read(name) + b"E01900030,More\nE01900031,More\n")
