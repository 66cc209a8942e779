"""The same inputs give the same bytes: whatever the folder, the locale, the time zone, the hash seed, the umask.

What may differ is the time of the build, and only where ``SOURCE_DATE_EPOCH`` does not fix it.
"""

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd
import pytest
from pypdf import PdfReader

from tests.fixtures.draws import draw_few
from tests.fixtures.folders import DECLARED, ROOT
from tests.fixtures.program import environment
from tests.fixtures.unpacking import unpacked

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(os.name == "nt", reason="Windows has no umask, and no list of locales"),
]
MOMENT = "1790000000"
BUILT_AT = re.compile(
    rb"(?:Built )?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.000)?Z|Built \d{4}-\d\d-\d\d|\d{1,2} [A-Z][a-z]+ 20\d\d"
)
"""The time of a build: in records, receipts, the data package, files for tools, at a map's foot, on a briefing."""
SIZE_OF_WORKBOOK = re.compile(rb'"bytes": \d+')
"""A workbook is compressed, so that its size may follow the time in it."""
MADE = ("data", "maps", "declared")
OF_THE_RUN = {".lock", ".lock.txt"}
"""Files that say which process works here, and nothing of what it makes."""
BACKWARDS = """
import os, sys
class Backwards:
    def __init__(self, entries):
        self.entries = iter(sorted(entries, key=lambda entry: entry.name, reverse=True))
    def __iter__(self): return self
    def __next__(self): return next(self.entries)
    def __enter__(self): return self
    def __exit__(self, *_): return None
    def close(self): return None
scandir, listdir = os.scandir, os.listdir
os.scandir = lambda *given: Backwards(scandir(*given))
os.listdir = lambda *given: sorted(listdir(*given), reverse=True)
"""
"""A disk that lists its folders in the opposite order."""
COMMAND_BY_COMMAND = """
import json, sys
from pipeline.__main__ import main
sys.exit(max(main(arguments) for arguments in json.loads(sys.argv[1])))
"""
"""The program, called for one command after another: starting Python takes as long as most of them."""


@dataclass(frozen=True)
class Surroundings:
    """What a run should not depend on; a value of ``None`` is not set."""

    folder: str
    values: dict[str, str | None] = field(default_factory=dict)
    umask: int = 0o022
    before: str = ""


PLAIN = Surroundings("a", {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0"})
OTHER = Surroundings(
    "somewhere else/O'Neil & daughters/two  spaces/das Übrige",
    {"TZ": "Pacific/Chatham", "PYTHONHASHSEED": "4242", "OMP_NUM_THREADS": "1"},
    umask=0o077,
    before=BACKWARDS,
)
UNSET = {"LC_ALL": None, "LANG": None, "TZ": "America/St_Johns", "PYTHONHASHSEED": "7"}


def locale_with_decimal_commas(folder: Path) -> dict[str, str]:
    """The variables of a locale that writes 7,5: made in ``folder`` where the system has its parts; else of C."""
    made = folder / "de_DE.UTF-8"
    try:
        subprocess.run(
            ["localedef", "--no-archive", "-i", "de_DE", "-f", "UTF-8", str(made)], capture_output=True, check=False
        )
    except OSError:
        return {"LC_ALL": "C"}
    # A locale must be where every library of the process looks for it.
    return {"LOCPATH": str(folder), "LC_ALL": made.name, "LANG": made.name} if made.is_dir() else {"LC_ALL": "C"}


def prepare(root: Path) -> None:
    """An outcome of the analyst's, and a second ICB, so that a fit can be judged where it was not made."""
    raw_files = root / "data/raw/demo"
    table = pd.read_csv(next((raw_files / "iod2025_file7").glob("*.csv")))
    values = pd.DataFrame({"LSOA code": table["LSOA code (2021)"], "rate": table["Income Score (rate)"] * 0.9 + 0.01})
    (root / "data/local").mkdir()
    values.to_csv(root / "data/local/outcome.csv", index=False)
    lookup = next((raw_files / "lsoa21_icb").glob("*.csv"))
    lines = lookup.read_bytes().splitlines(keepends=True)
    other = {
        b"E54900001": b"E54900002",
        b"E38900001": b"E38900002",
        b"Q9Z": b"Q8Z",
        b"99Z": b"98Z",
        b"NHS Saltmarsh and the Wolds": b"NHS Farther Saltmarsh",
    }
    for old, new in other.items():
        lines[1::2] = [line.replace(old, new) for line in lines[1::2]]
    lookup.write_bytes(b"".join(lines))
    receipt, stamp = lookup.with_name(f"{lookup.name}.receipt.json"), root / "data/raw/areas/demo.json"
    told = json.loads(receipt.read_bytes())
    digest = hashlib.sha256(lookup.read_bytes()).hexdigest()
    stamp.write_text(stamp.read_text(encoding="utf-8").replace(told["sha256"], digest), encoding="utf-8")
    receipt.write_text(json.dumps({**told, "sha256": digest, "size": lookup.stat().st_size}), encoding="utf-8")


OUTCOME = ("--outcome", "data/local/outcome.csv", "--column", "rate", "--draws", "100")
DEMO = ("demo", "--areas", "60")
COMMANDS = (
    ("maps", "demo"),
    ("site", "demo", "--new", "2"),
    ("validate", "demo", *OUTCOME),
    ("calibrate", "--nation", "demo", "--output", "declared/indices/fitted.toml", *OUTCOME),
    ("maps", "demo"),
)


def build(base: Path, around: Surroundings) -> Path:
    """A project built by every command in these surroundings; the folder of the project."""
    root = base / around.folder
    root.mkdir(parents=True)
    shutil.copytree(DECLARED, root / "declared")
    draw_few(root)
    run(root, around, [DEMO])
    prepare(root)
    run(root, around, COMMANDS)
    return root


def run(root: Path, around: Surroundings, commands: Sequence[Sequence[str]], moment: str | None = MOMENT) -> None:
    """Some commands, and what they said beside the pages."""
    values = {**environment(), "PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": moment, **around.values}
    done = subprocess.run(
        [sys.executable, "-c", around.before + COMMAND_BY_COMMAND, json.dumps(commands)],
        cwd=root,
        env={name: value for name, value in values.items() if value is not None},
        umask=around.umask,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (root / "maps").mkdir(exist_ok=True)
    # Steps that do not need each other run side by side, so the order of what they say is chance.
    lines = sorted(re.sub(r"^\[\d+/\d+\] ", "", line) for line in (done.stdout + done.stderr).splitlines())
    (root / "maps" / f"{commands[0][0]}.said").write_text("\n".join(lines), encoding="utf-8")


def contents(root: Path) -> dict[str, bytes]:
    """Every file that was made, by its name from the project's folder."""
    paths = [path for folder in MADE for path in (root / folder).rglob("*") if path.is_file()]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths if path.name not in OF_THE_RUN}


@dataclass(frozen=True)
class Built:
    """The outputs of the same inputs in two surroundings, and in the first again without a declared time."""

    base: Path
    plain: dict[str, bytes]
    other: dict[str, bytes]
    later: dict[str, bytes]
    modes: dict[str, int]


def opened(name: str, content: bytes) -> bytes:
    """What a file says, where its bytes are packed: the texts of a PDF, the parts of slides and of their workbooks."""
    if name.endswith(".pdf"):
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).encode()
    return unpacked(content)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    base = tmp_path_factory.mktemp("same bytes")
    (base / "locales").mkdir()
    other = replace(OTHER, values={**OTHER.values, **locale_with_decimal_commas(base / "locales")})
    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(lambda around: build(base, around), (PLAIN, other))
    plain, differently = contents(one), contents(two)
    paths = [path for folder in ("data/processed", "maps") for path in (two / folder).rglob("*") if path.is_file()]
    modes = {path.relative_to(two).as_posix(): path.stat().st_mode & 0o777 for path in paths if of_a_stage(path)}
    # The same area once more, without a declared time and without any locale; what was asked for stays.
    for path in [path for folder in ("data/processed/demo", "maps") for path in (one / folder).rglob("*")]:
        if path.is_file() and not path.name.startswith(("site", "validate", "coverage", "evidence")):
            path.unlink()
    run(one, Surroundings(PLAIN.folder, UNSET), [("maps", "demo")], moment=None)
    return Built(base, plain, differently, contents(one), modes)


def of_a_stage(path: Path) -> bool:
    """Whether the program made it, and not this test or the lock."""
    return path.name not in OF_THE_RUN and path.suffix != ".said"


def differing(first: dict[str, bytes], second: dict[str, bytes]) -> list[str]:
    return sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))


@pytest.fixture(scope="module")
def plain(built: Built) -> dict[str, bytes]:
    return built.plain


def test_every_output_has_the_same_bytes(built: Built) -> None:
    assert not differing(built.plain, built.other)


def test_the_outputs_of_every_command_are_compared(plain: dict[str, bytes]) -> None:
    for part in (
        "data/raw/demo/lsoa21_boundaries/LSOA21_BGC_EN.parquet",
        "data/processed/national/demo/reference.parquet",
        "data/processed/demo/risk.parquet",
        "data/processed/demo/demo.xlsx",
        "data/processed/demo/demo.gpkg",
        "data/processed/demo/risk_flat.parquet",
        "data/processed/demo/datapackage.json",
        "data/processed/demo/sites.parquet",
        "declared/indices/fitted.toml",
        "maps/demo/atlas.html",
        "maps/demo/method.html",
        "maps/demo/self-assessment.html",
    ):
        assert part in plain
    for part in ("data/processed/demo/evidence", "data/processed/national/demo/calibration"):
        assert any(name.startswith(part) for name in plain), part


def test_without_a_declared_time_only_the_time_of_the_build_differs(built: Built) -> None:
    """What differs: the time of the build in records, receipts, the data package, files for tools, at a map's foot.

    The data package lists each file with its sum, which follows the time in it; so do records of the files of others.
    """
    sums = re.compile(rb"[0-9a-f]{64}")
    names = [name for name in built.later if name.startswith(("data/processed/demo", "maps/demo"))]
    assert "maps/demo/atlas.html" in names
    assert any(built.plain[name] != built.later[name] for name in names), "the time of the build is nowhere"
    masked = [
        {name: SIZE_OF_WORKBOOK.sub(b"", sums.sub(b"", BUILT_AT.sub(b"", opened(name, all_[name])))) for name in names}
        for all_ in (built.plain, built.later)
    ]
    assert not differing(*masked)


def test_no_output_names_the_folder_that_it_was_made_in(built: Built) -> None:
    assert not [name for name, content in built.plain.items() if str(built.base).encode() in content]


def test_modes_follow_the_umask(built: Built) -> None:
    assert built.modes
    assert {name: oct(mode) for name, mode in built.modes.items() if mode != 0o666 & ~OTHER.umask} == {}
