"""A new project folder, for somebody who installed the program without its source code."""

import shutil
from collections.abc import Callable
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.stages.paths import PACKAGE

FOLDERS = ("data/raw", "data/local", "data/processed", "maps")
README = """\
# Digital-exclusion risk maps

This folder is a project of `digital-exclusion`. Run the commands in it, in a terminal (on Windows: PowerShell or cmd).

    digital-exclusion maps                           a map of a fictional area: maps/demo/atlas.html
    digital-exclusion data norfolk-and-waveney       fetch the official files of an area
    digital-exclusion data AREA --mirror FOLDER      or take them from a folder that holds them
    digital-exclusion maps AREA                      its map: maps/AREA/atlas.html
    digital-exclusion status                         what is stale, and because of what
    digital-exclusion --help                         everything else

If `digital-exclusion` is not recognised, write `python -m pipeline` (on Windows `py -m pipeline`) instead.

- `declared/`: what you read and edit: areas, indices and their weights, indicators, support places, layers.
- `data/local/`: your files: support places, journeys, stories, indicators, lists and polygons of areas.
- `data/raw/`: official files, as published. `data/processed/`: tables for other tools. `maps/`: the pages.

To map another area, add a table to `declared/areas.toml` that names codes, a list or a polygon file. To add an
indicator, put its file into `data/local/` and a table into `declared/indicators.toml`, which has an example. Each file
in `declared/` is explained at its top; templates for your files are in `declared/templates/`.

Behind a proxy, set HTTPS_PROXY to its address, such as http://proxy.example.nhs.uk:8080. If the proxy
uses its own certificate, that of the system's store is used; where it is not in there, set SSL_CERT_FILE to its file.
"""


def lay_out(folder: Path, say: Callable[[str], None]) -> None:
    """Make ``folder`` a project: declared files, empty folders for data and pages, and a README.

    Raises:
        PipelineError: the folder is already a project, or cannot be written to.
    """
    if (folder / "declared").exists():
        raise PipelineError(f"{folder} already has a folder 'declared', so it is a project. Nothing was changed.")
    try:
        for name in FOLDERS:
            (folder / name).mkdir(parents=True, exist_ok=True)
        if not (folder / "README.md").exists():
            (folder / "README.md").write_text(README, encoding="utf-8")
        shutil.copytree(_template(), folder / "declared")
    except OSError as error:
        raise PipelineError(f"{folder} cannot be set up: {error.strerror} ({error.filename}).") from error
    say(
        f"{folder} is set up as a project. Go there (cd {_quoted(folder)}) and make a first map: digital-exclusion maps"
    )


def _quoted(folder: Path) -> str:
    return f'"{folder}"' if " " in str(folder) else str(folder)


def _template() -> Path:
    """The declared files that are shipped: inside the installed package, or at the top of a checkout."""
    candidates = (PACKAGE / "declared", PACKAGE.parent / "declared")
    return next(path for path in candidates if (path / "sources.toml").is_file())
