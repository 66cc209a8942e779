"""What a machine works with: results agree to the last bit only where program, Python and libraries do."""

import platform
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pipeline._version import __version__

PACKAGE = Path(__file__).parents[1]
LIBRARIES = ("geopandas", "numpy", "pandas", "pyarrow", "pyproj", "scipy", "shapely")
"""Those whose versions may change a result."""
PROGRAM, CODE, PYTHON = "this program", "the code of this program", "Python"


@cache
def facts() -> Mapping[str, str]:
    """The versions of the program, of Python and of the libraries here, by name; ``none`` for one that is missing."""
    installed = {}
    for name in LIBRARIES:
        try:
            installed[name] = version(name)
        except PackageNotFoundError:
            installed[name] = "none"
    return {PROGRAM: __version__, CODE: _code(), PYTHON: platform.python_version(), **installed}


def differences(here: Mapping[str, str], there: Mapping[str, str]) -> list[str]:
    """What is another version there than here, in words."""
    return [
        f"{name} {there.get(name, 'none')} instead of {wanted}"
        for name, wanted in here.items()
        if there.get(name, "none") != wanted
    ]


def _code() -> str:
    """A hash of all modules of the program, however their lines end: a checkout may differ under one version."""
    digest = sha256()
    for path in sorted(PACKAGE.rglob("*.py"), key=lambda path: path.relative_to(PACKAGE).as_posix()):
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:12]
