"""The areas that are measured: real ones where their raw files are here, else the fictional country in their size."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from benchmarks.measuring import run_program
from pipeline import Project
from pipeline.raw import missing_sources

LARGEST = "largest-icb"
SIZES = {"norfolk-and-waveney": 624, LARGEST: 1_889, "england": 33_755}
"""LSOAs of each case, for a fictional country of its size."""
TITLES = {"norfolk-and-waveney": "Norfolk and Waveney", LARGEST: "The largest ICB", "england": "England"}


@dataclass(frozen=True)
class Case:
    """An area to measure, in a project folder of its own, so that what is built elsewhere stays as it is.

    Attributes:
        name: as it is called here and in the ratios. ``area``: as its project declares it.
        raw: the folder of its raw files, each source in a folder. ``boundaries``: the file of its boundaries.
        plain: what tells the plain way which LSOAs belong to it.
        real: whether the files are the published ones.
    """

    name: str
    area: str
    root: Path
    raw: Path
    boundaries: Path
    plain: tuple[str, ...]
    real: bool

    @property
    def title(self) -> str:
        """As a reader calls it, and whether it is made up."""
        return TITLES[self.name] + ("" if self.real else f" (fictional, {SIZES[self.name]:,} LSOAs)")

    @property
    def page(self) -> Path:
        """The page that is built."""
        return self.root / "maps" / self.area / "atlas.html"

    def clear(self) -> None:
        """Remove everything that was built."""
        shutil.rmtree(self.root / "data" / "processed", ignore_errors=True)
        shutil.rmtree(self.root / "maps", ignore_errors=True)


def set_up(name: str, source: Path, folder: Path) -> Case:
    """The project folder of a case under ``folder``, with the raw files of the project ``source`` or made-up ones."""
    root = folder / name
    shutil.copytree(source / "declared", root / "declared")
    (root / "data").mkdir()
    if _is_here(name, source):
        (root / "data" / "raw").symlink_to((source / "data" / "raw").resolve())
        area, plain = name, _codes_of(name, source)
        if name == LARGEST:
            title = f'\n[{LARGEST}]\ntitle = "{TITLES[LARGEST]}"\nicb = ["{plain[1]}"]\n'
            with (root / "declared" / "areas.toml").open("a", encoding="utf-8") as file:
                file.write(title)
    else:
        make = [sys.executable, "-m", "pipeline", "--root", str(root), "--quiet", "demo", "--areas", str(SIZES[name])]
        run_program(make)
        area, plain = "demo", ()
    project = Project(root)
    declared = project.sources()["lsoa21_boundaries"]
    nation = project.area(area).nation
    boundaries = project.raw_file(declared, nation, area)
    if boundaries is None:
        raise RuntimeError(f"{area} has no boundaries in {root / 'data' / 'raw'}")
    raw = root / "data" / "raw" / ("demo" if area == "demo" else "")
    return Case(name, area, root, raw, boundaries, plain, area != "demo")


def _is_here(name: str, source: Path) -> bool:
    return not missing_sources(source, "england" if name == LARGEST else name)


def _codes_of(name: str, source: Path) -> tuple[str, ...]:
    """The arguments of the plain way: the Sub-ICB location of Norfolk and Waveney, or the code of the largest ICB."""
    if name == "england":
        return ()
    if name != LARGEST:
        return ("--sicbl", *Project(source).area(name).sicbl)
    lookup = next((source / "data" / "raw" / "lsoa21_icb").glob("*.csv"))
    frame = pd.read_csv(lookup)
    column = next(c for c in frame.columns if c.startswith("ICB") and c.endswith("CD"))
    return "--icb", str(frame[column].value_counts().index[0])
