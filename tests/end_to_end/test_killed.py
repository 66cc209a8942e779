"""Killed at any write, on a full disk, with damaged files: the next run gives the bytes of an undisturbed one."""

import re
import shutil
from pathlib import Path

import pytest

from pipeline import Project
from tests.fixtures.damage import DAMAGE
from tests.fixtures.faulty import call_fixed, hash_outputs, run_with_fault
from tests.fixtures.projects import copy_project

pytestmark = pytest.mark.slow
MAPS = ("maps", "demo")


def _change_a_weight(folder: Path) -> None:
    path = folder / "declared/indices/norfolk-waveney.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"weight = \d+", "weight = 60", text, count=1), encoding="utf-8")


@pytest.fixture(scope="module")
def fresh(small: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fictional area that is not built yet."""
    folder = copy_project(small, tmp_path_factory.mktemp("fresh") / "project").root
    for built in ("data/processed", "maps"):
        shutil.rmtree(folder / built)
    return folder


@pytest.fixture(scope="module")
def built(small: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, built."""
    return copy_project(small, tmp_path_factory.mktemp("built") / "project").root


@pytest.fixture(scope="module")
def reweighted(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, built, then declared with another weight."""
    folder = tmp_path_factory.mktemp("reweighted") / "project"
    shutil.copytree(built, folder)
    _change_a_weight(folder)
    return folder


def _heals(before: Path, folder: Path, written: str, expected: dict[str, str]) -> None:
    """Killed after ``written`` was put in place, then an undisturbed run: it gives what a single one gives."""
    shutil.copytree(before, folder)
    stopped = run_with_fault(folder, MAPS, written)
    assert stopped.returncode == -9, stopped.stderr
    assert "Traceback" not in stopped.stdout + stopped.stderr
    assert [path.name for path in folder.rglob(written)] == [written]
    assert hash_outputs(folder) != expected
    done = call_fixed(folder, *MAPS)
    assert done.returncode == 0, done.stderr
    assert hash_outputs(folder) == expected


def test_a_first_build_that_is_killed_is_finished_by_the_next(fresh: Path, small: Project, tmp_path: Path) -> None:
    _heals(fresh, tmp_path / "project", "joined.parquet", hash_outputs(small.root))


def test_a_rebuild_that_is_killed_never_leaves_scores_of_one_weight_under_another(
    reweighted: Path, tmp_path: Path
) -> None:
    clean = tmp_path / "clean"
    shutil.copytree(reweighted, clean)
    assert call_fixed(clean, *MAPS).returncode == 0
    _heals(reweighted, tmp_path / "project", "risk.parquet", hash_outputs(clean))


def test_a_disk_that_fills_up_is_named_and_heals(reweighted: Path, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    shutil.copytree(reweighted, folder)
    before = hash_outputs(folder)
    stopped = run_with_fault(folder, MAPS, 0, "ENOSPC", seen=False)
    assert stopped.returncode == 1
    told = stopped.stderr.strip().splitlines()
    assert len(told) == 1
    assert "No space left on device. Is the disk full? Free some space" in told[0]
    assert hash_outputs(folder) == before


@pytest.mark.parametrize("limit", [20, 200])
def test_a_limit_for_the_size_of_files_is_named_and_leaves_no_temporary_file(
    fresh: Path, tmp_path: Path, limit: int
) -> None:
    resource = pytest.importorskip("resource")
    import subprocess
    import sys

    from tests.fixtures.program import environment

    folder = tmp_path / "project"
    shutil.copytree(fresh, folder)
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *MAPS],
        cwd=folder,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit * 1024, limit * 1024)),
    )
    assert done.returncode == 1
    assert "File too large. Raise the limit for the size of files" in done.stderr
    assert re.search(r"Stopped: \w+ \S+: (data|maps)/\S+(parquet|html|json|csv)", done.stderr), done.stderr
    assert not list(folder.rglob("*.new"))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("data/processed/demo/risk.parquet", "cut"),
        ("data/processed/demo/risk.parquet", "a folder with files"),
        ("data/processed/demo/joined.parquet.meta.json", "a list"),
        ("data/processed/demo/records/score.json", "nested"),
        ("data/processed/national/demo/reference.parquet", "a link in a circle"),
        ("maps/demo/atlas.html", "empty"),
        ("data/raw/demo/made.json", "a number"),
        ("data/raw/areas/demo.json", "garbage"),
    ],
)
def test_a_damaged_file_is_named_and_made_again(built: Path, name: str, kind: str) -> None:
    expected = hash_outputs(built)
    DAMAGE[kind](built / name)
    done = call_fixed(built, *MAPS)
    for aside in built.rglob("*.set-aside"):
        assert "a folder stood in the place of a file" in done.stdout
        shutil.rmtree(aside)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert hash_outputs(built) == expected
    assert call_fixed(built, *MAPS).stdout.startswith("Nothing to do")
