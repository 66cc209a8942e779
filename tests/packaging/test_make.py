"""The Makefile in a checkout whose path has spaces: what it says before it installs, and what it passes on."""

import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from pipeline import Project
from tests.fixtures.draws import draw_few
from tests.fixtures.folders import ROOT
from tests.fixtures.program import environment

MAKE = shutil.which("make")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(MAKE is None or sys.platform == "win32", reason="there is no make here"),
]
PRETENDS_TO_BE_3_9 = "import sys; sys.version_info = (3, 9, 6); sys.version = '3.9.6 (default)'; exec(sys.argv[1])"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program and what it declares, as a fresh clone has them: without an environment."""
    folder = tmp_path_factory.mktemp("my work") / "digital exclusion's maps"
    folder.mkdir()
    for name in ("Makefile", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "declared", folder / "declared")
    shutil.copytree(ROOT / "pipeline", folder / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def make(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    assert MAKE is not None
    return subprocess.run(
        [MAKE, f"PYTHON={sys.executable} -S", *words],
        cwd=folder,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


AREA_TARGETS = ("maps", "data", "status", "site", "plan", "briefing", "pack", "keep", "compare", "validate")
NAMES = ("nowhere", "demo; touch broken", "$(touch broken)", "`touch broken`", "it's", "a b")
ALL_IN_ONE = "it's; touch broken; $(touch broken) `touch broken`"


@pytest.mark.parametrize(
    ("target", "name"), [*((target, ALL_IN_ONE) for target in AREA_TARGETS), *(("maps", name) for name in NAMES)]
)
def test_a_wrong_area_is_told_before_anything_is_installed(checkout: Path, target: str, name: str) -> None:
    done = make(checkout, target, f"AREA={name.replace('$', '$$')}")
    assert done.returncode == 2
    assert f"There is no area '{name}' in declared/areas.toml. Declared: norfolk-and-waveney, " in done.stderr
    assert "Setting up" not in done.stdout
    assert not (checkout / ".venv").exists()
    assert not (checkout / "broken").exists()


@pytest.mark.parametrize("name", ["$x", "$(shell touch broken)", "-x", "--declared", 'a"b', "a\\b", "50%"])
def test_a_name_reaches_the_program_as_it_was_typed(checkout: Path, name: str) -> None:
    done = make(checkout, "status", f"AREA={name}")
    assert done.returncode == 2
    assert f"There is no area '{name}' in declared/areas.toml." in done.stderr
    assert not (checkout / "broken").exists()


def test_missing_sources_are_told_before_anything_is_installed(checkout: Path) -> None:
    done = make(checkout, "maps", "AREA=norfolk-and-waveney")
    assert done.returncode == 2
    assert "data/raw/iod2025_file7/" in done.stderr
    assert "make data AREA=norfolk-and-waveney MIRROR=<folder>" in done.stderr
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize("target", ["maps", "check"])
def test_an_old_python_is_told(checkout: Path, tmp_path: Path, target: str) -> None:
    old = tmp_path / "python"
    old.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{PRETENDS_TO_BE_3_9}" "$2"\n', encoding="utf-8")
    old.chmod(0o755)
    done = make(checkout, target, f"PYTHON={old}")
    assert done.returncode == 2
    assert "Python 3.11 or later is needed; this is 3.9.6. Name another: make PYTHON=python3.12" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("target", ["maps", "data"])
def test_the_environment_s_python_serves_where_the_system_s_is_too_old(checkout: Path, target: str) -> None:
    with_environment = checkout.with_name("with an environment")
    shutil.copytree(checkout, with_environment, dirs_exist_ok=True)
    (with_environment / ".venv").unlink(missing_ok=True)
    (with_environment / ".venv").symlink_to(Path(sys.prefix), target_is_directory=True)
    done = make(with_environment, "-o", ".venv/installed", target, "PYTHON=false", "AREA=nowhere")
    assert "There is no area 'nowhere'" in done.stderr


def test_a_mirror_with_spaces_and_quotes_is_passed_on(checkout: Path, tmp_path: Path) -> None:
    with_environment = checkout.with_name("with a mirror")
    shutil.copytree(checkout, with_environment)
    (with_environment / ".venv").symlink_to(Path(sys.prefix), target_is_directory=True)
    mirror = tmp_path / "O'Neil's \"shared\" drive"
    mirror.mkdir()
    done = make(with_environment, "-o", ".venv/installed", "data", "AREA=norfolk-and-waveney", f"MIRROR={mirror}")
    assert done.returncode == 2
    assert f"{mirror} does not hold" in done.stderr
    done = make(with_environment, "-o", ".venv/installed", "data", f"MIRROR={mirror} 2")
    assert f"{mirror} 2: there is no such folder. Is the drive connected" in done.stderr


@pytest.fixture(scope="module")
def with_demo(checkout: Path, small: Project) -> Path:
    """The same with an environment, and the smallest fictional area, built."""
    folder = checkout.with_name("with a demo")
    shutil.copytree(checkout, folder)
    (folder / ".venv").unlink(missing_ok=True)
    (folder / ".venv").symlink_to(Path(sys.prefix), target_is_directory=True)
    draw_few(folder)
    for made in ("data", "maps"):
        shutil.copytree(small.root / made, folder / made)
    return folder


def test_what_is_built_is_not_built_again(with_demo: Path) -> None:
    done = make(with_demo, "-o", ".venv/installed", "maps", "AREA=demo")
    assert done.returncode == 0, done.stderr
    assert "Nothing to do" in done.stdout


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("NEW=-1", "--new: expected a whole number from 1 to 1,000,000; found '-1'."),
        ("NEW=3; touch broken", "found '3; touch broken'"),
        ("KIND=-x", "--kind: no places of -x here."),
        ("CANDIDATES=$HOME; touch broken", "--candidates $HOME; touch broken: there is no such file"),
        ("CANDIDATES=O'Neil's \"best\".csv", "--candidates O'Neil's \"best\".csv: there is no such file"),
        ("BUDGET=-5", "--budget: expected a number above 0 and up to 1e+15; found '-5'."),
        ("REACH=`touch broken`", "found '`touch broken`'"),
        ("MODEL=it's", "there is no --model 'it's'."),
    ],
)
def test_every_value_reaches_the_program_as_it_was_typed(with_demo: Path, word: str, said: str) -> None:
    done = make(with_demo, "-o", ".venv/installed", "site", "AREA=demo", word)
    assert done.returncode == 2
    assert said in done.stderr
    assert not (with_demo / "broken").exists()


def test_files_to_count_reach_the_program_as_they_were_typed(with_demo: Path) -> None:
    files = "O'Neil's \"best\" $HOME; touch broken/*.csv"
    done = make(with_demo, "-o", ".venv/installed", "count", "AREA=demo", f"FILES={files}")
    assert done.returncode == 2
    assert f"{files}: there is no such file" in done.stderr
    assert not (with_demo / "broken").exists()
    rows = with_demo / "rows of people.csv"
    postcodes = pd.read_parquet(with_demo / "data/processed/demo/postcodes.parquet")["postcode"]
    pd.DataFrame({"postcode": postcodes, "How": "Phone"}).to_csv(rows, index=False)
    done = make(with_demo, "-o", ".venv/installed", "count", "AREA=demo", f"FILES={rows}", "CATEGORY=How")
    assert done.returncode == 0, done.stderr
    assert (with_demo / "data/local/counts/counts_rows_of_people.csv").is_file()


def test_a_run_is_kept_and_compared_by_the_names_that_were_typed(with_demo: Path) -> None:
    for words, said in (
        (("keep", "NAME=Before; touch broken"), "--as 'Before; touch broken': a name is of small letters"),
        (("compare",), "'' is no run, release or index."),
        (("compare", "OLD=$HOME"), "'$HOME' is no run, release or index."),
    ):
        done = make(with_demo, "-o", ".venv/installed", *words, "AREA=demo")
        assert done.returncode == 2
        assert said in done.stderr
    assert not (with_demo / "broken").exists()
    done = make(with_demo, "-o", ".venv/installed", "keep", "AREA=demo", "NAME=before")
    assert "To compare a later run with it: make compare AREA=demo OLD=before NEW=now" in done.stdout
    done = make(with_demo, "-o", ".venv/installed", "compare", "AREA=demo", "OLD=before")
    assert done.returncode == 0, done.stderr
    assert (with_demo / "maps/demo/changes.html").is_file()


def test_two_runs_at_once_both_end_well(with_demo: Path) -> None:
    shutil.rmtree(with_demo / "data/processed/demo")
    command = [sys.executable, "-m", "pipeline", "maps", "demo"]
    both = [
        subprocess.Popen(command, cwd=with_demo, env=environment(), stdout=subprocess.PIPE, encoding="utf-8")
        for _ in range(2)
    ]
    said = [run.communicate(timeout=200)[0] for run in both]
    assert [run.returncode for run in both] == [0, 0]
    assert sum("Another run is working in" in text for text in said) == 1
    assert sum("Nothing to do" in text for text in said) == 1


def test_another_fictional_area_is_built_like_the_first(with_demo: Path) -> None:
    path = with_demo / "declared/areas.toml"
    before = path.read_text(encoding="utf-8")
    path.write_text(
        f'{before}\n[gullhaven]\ntitle = "Gullhaven"\nfictional = true\nlad = ["E07900001"]\n', encoding="utf-8"
    )
    done = make(with_demo, "-o", ".venv/installed", "maps", "AREA=gullhaven")
    path.write_text(before, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert "It shows FICTIONAL DATA" in done.stdout
    assert (with_demo / "maps/gullhaven/atlas.html").is_file()


def test_help_lists_every_target(checkout: Path) -> None:
    done = make(checkout, "help")
    listed = {line.split()[0] for line in done.stdout.splitlines() if "\t" in line}
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = next(line for line in text.splitlines() if line.startswith(".PHONY:")).split()[1:]
    assert listed == {name for name in phony if "-" not in name}
