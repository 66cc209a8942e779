import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from pipeline import raw
from tests.fixtures.folders import ROOT


def bare(arguments: Sequence[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run with an interpreter that sees no installed package."""
    environment = {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-S", "-m", "pipeline.raw", *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_nothing_fetched_names_every_source_and_the_command(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "declared", tmp_path / "declared")
    done = bare(["norfolk-and-waveney"], tmp_path)
    assert done.returncode == 1
    needed = (
        "lsoa21_boundaries iod2025_file7 iod2025_file8 ruc2021 lsoa21_icb lsoa21_ward mye2024 census2021_disability"
    )
    for source in needed.split():
        assert f"  {source}: " in done.stderr
    assert "make data AREA=norfolk-and-waveney\n" in done.stderr
    assert "MIRROR=<folder>" in done.stderr
    assert "code_point_open" not in done.stderr


def test_an_undeclared_area_lists_those_declared(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "declared", tmp_path / "declared")
    done = bare(["narnia"], tmp_path)
    assert done.returncode == 1
    assert "no area 'narnia'" in done.stderr
    assert "norfolk-and-waveney" in done.stderr


def test_an_alternative_satisfies_what_it_stands_instead_of(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "declared", tmp_path / "declared")
    before = {missing.source for missing in raw.missing_sources(tmp_path, "england")}
    folder = tmp_path / "data/raw/census2021_age"
    folder.mkdir(parents=True)
    (folder / "census2021-ts007a-lsoa.csv").write_text("x", encoding="utf-8")
    after = {missing.source for missing in raw.missing_sources(tmp_path, "england")}
    assert before - after == {"mye2024"}


def named(path: Path | None) -> str:
    assert path is not None
    return path.name


def test_boundaries_of_the_area_are_preferred(tmp_path: Path) -> None:
    folder = tmp_path / "data/raw/b"
    folder.mkdir(parents=True)
    source = {"id": "b", "file": "ALL.parquet", "by_area": True}
    for name in ("ALL.parquet", "england.geojson", "here.geojson"):
        (folder / name).touch()
        assert named(raw.locate(source, tmp_path, "england", "here")) == name
    assert named(raw.locate(source, tmp_path, "england", "there")) == "england.geojson"
    assert raw.locate(source, tmp_path, "demo", "here") is None
