"""Imports run one way, and only the stages meant to do so open sockets or write files."""

import ast
from pathlib import Path

from tests.places import ROOT

PACKAGE = ROOT / "pipeline"
FOUNDATION = {"errors", "schema", "catalogue", "raw"}
COMPOSERS = {"__main__", "build"}
ALLOWED = {
    "errors": set(),
    "schema": {"errors"},
    "catalogue": {"errors"},
    "raw": {"errors"},
    "provenance": {"catalogue", "raw"},
    "store": {"schema"},
    "join": {"schema", "errors"},
    "select": {"catalogue", "errors"},
    "fetch": {"catalogue", "errors", "raw"},
    "tidy": {"schema", "errors"},
    "index": {"catalogue", "errors"},
    "space": {"schema"},
    "capacity": {"catalogue", "index", "schema", "errors"},
    "method": {"catalogue", "errors", "index", "schema"},
    "risk": {"catalogue", "index", "schema", "space"},
    "evidence": {"catalogue", "index", "errors"},
    "atlas": {"catalogue", "schema", "errors"},
    "demo": {"schema", "errors"},
}


def _modules() -> list[Path]:
    return [p for p in PACKAGE.rglob("*.py") if "node_modules" not in p.parts and p != PACKAGE / "__init__.py"]


def _stage(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {
                f"{node.module}.{alias.name}" if node.module == "pipeline" else node.module for alias in node.names
            }
    return found


def test_imports_run_one_way():
    for path in _modules():
        stage = _stage(path)
        if stage in COMPOSERS:
            continue
        used = {name.split(".")[1] for name in _imports(path) if name.startswith("pipeline.")} - {stage}
        assert used <= ALLOWED[stage], f"{path.name} imports {sorted(used - ALLOWED[stage])}"


def test_only_fetch_opens_sockets():
    for path in _modules():
        network = {
            n
            for n in _imports(path)
            if n.split(".")[0] in {"socket", "httpx", "requests", "urllib3", "http", "stamina"}
        }
        network |= {n for n in _imports(path) if n == "urllib.request"}
        assert _stage(path) == "fetch" or not network, f"{path.name} imports {sorted(network)}"


def test_only_fetch_and_store_write():
    writers = {"write_text", "write_bytes", "to_csv", "to_parquet", "to_file", "to_excel", "unlink", "replace_file"}
    into_memory = {"demo", "store", "fetch"}
    for path in _modules():
        if _stage(path) in into_memory or _stage(path) in COMPOSERS:
            continue
        calls = {
            n.func.attr
            for n in ast.walk(ast.parse(path.read_text()))
            if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)
        }
        assert not calls & writers, f"{path.name} writes: {sorted(calls & writers)}"
