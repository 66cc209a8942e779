"""Imports run one way, and only the rooms meant to do so open sockets or write files."""

import ast
import re
from pathlib import Path

from tests.fixtures.folders import ROOT

PACKAGE = ROOT / "pipeline"
FOUNDATION = {"errors", "declarations", "tables", "catalogue", "raw", "reading"}
WORKSHOPS = {"index", "space", "places", "join", "tidy", "fetch", "demo", "store", "cluster"}
UPPER = {"risk", "act", "evidence", "compare", "summarise", "atlas", "reports"}
COMPOSERS = {"__main__", "stages"}
ALLOWED = {
    "errors": set(),
    "_version": set(),
    "declarations": {"errors"},
    "tables": {"errors"},
    "catalogue": {"errors", "declarations"},
    "raw": {"errors", "declarations"},
    "reading": {"errors", "raw"},
    **dict.fromkeys(WORKSHOPS, FOUNDATION),
    **dict.fromkeys(UPPER, FOUNDATION | WORKSHOPS),
    "cluster": FOUNDATION | {"_version"},
    "act": FOUNDATION | WORKSHOPS | {"risk"},
    "summarise": FOUNDATION | WORKSHOPS | {"risk"},
}


def _modules() -> list[Path]:
    return [path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py"]


def _room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            of_a_module = node.module == "pipeline" or node.module.split(".")[0] == "tests"
            found |= {f"{node.module}.{alias.name}" if of_a_module else node.module for alias in node.names}
    return found


def test_imports_run_one_way() -> None:
    for path in _modules():
        room = _room(path)
        if room in COMPOSERS:
            continue
        used = {name.split(".")[1] for name in _imports(path) if name.startswith("pipeline.")} - {room}
        assert used <= ALLOWED[room], f"{path.relative_to(ROOT)} imports {sorted(used - ALLOWED[room])}"


def test_only_fetch_opens_sockets() -> None:
    for path in _modules():
        network = {
            n
            for n in _imports(path)
            if n.split(".")[0] in {"socket", "httpx", "requests", "urllib3", "http", "stamina"}
        }
        network |= {n for n in _imports(path) if n == "urllib.request"}
        assert _room(path) == "fetch" or not network, f"{path.name} imports {sorted(network)}"


def test_only_the_cluster_room_asks_a_scheduler() -> None:
    for path in _modules():
        asked = {name for name in _imports(path) if name.split(".")[0] in {"dask", "distributed"}}
        assert _room(path) == "cluster" or not asked, f"{path.name} imports {sorted(asked)}"


def test_only_fetch_demo_and_store_write() -> None:
    writers = {"write_text", "write_bytes", "to_csv", "to_parquet", "to_file", "to_excel", "unlink", "replace_file"}
    for path in _modules():
        if _room(path) in {"demo", "store", "fetch"} | COMPOSERS:
            continue
        calls = {
            n.func.attr
            for n in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)
        }
        assert not calls & writers, f"{path.name} writes: {sorted(calls & writers)}"


def test_tests_import_no_tests() -> None:
    """What several tests need lies in ``tests/fixtures``."""
    for path in (ROOT / "tests").rglob("*.py"):
        borrowed = {name for name in _imports(path) if re.match(r"tests\b.*\.(test_\w+|conftest)\b", name)}
        assert not borrowed, f"{path.relative_to(ROOT)} imports {sorted(borrowed)}"


def test_what_measures_imports_no_tests() -> None:
    """Tests may use what measures the program, and not the other way round."""
    for path in (ROOT / "benchmarks").rglob("*.py"):
        borrowed = {name for name in _imports(path) if name.split(".")[0] == "tests"}
        assert not borrowed, f"{path.relative_to(ROOT)} imports {sorted(borrowed)}"


def test_rooms_have_tests_of_their_own() -> None:
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    tested = {path.parent.name for path in (ROOT / "tests").glob("*/test_*.py")}
    assert rooms <= tested, f"no tests for {sorted(rooms - tested)}"
