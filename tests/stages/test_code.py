"""The code of a stage is found from its imports, as Python's own parser finds them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.stages import code
from pipeline.stages.code import code_of, imports_in, module_file
from pipeline.stages.graph import CALIBRATE, SITE, STAGES, VALIDATE
from pipeline.stages.stage import Stage

MODULES = sorted(path for path in code.PACKAGE.rglob("*.py"))


def _parsed(text: str) -> Iterator[str]:
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("pipeline."))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "pipeline":
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_imports_are_those_that_the_parser_sees() -> None:
    texts = {path.relative_to(code.PACKAGE).as_posix(): path.read_text(encoding="utf-8") for path in MODULES}
    assert len(texts) > 100
    unseen = {name: set(_parsed(text)) - set(imports_in(text)) for name, text in texts.items()}
    assert {name: missed for name, missed in unseen.items() if missed} == {}


@pytest.mark.parametrize("stage", [*STAGES, SITE, VALIDATE, CALIBRATE], ids=lambda stage: stage.name)
def test_every_stage_has_a_module_that_runs_it(stage: Stage) -> None:
    modules = code_of(stage.run)
    assert stage.run in modules
    assert re.search(
        r"^def run\(job: \"?Job\"?\) -> None:", Path(str(module_file(stage.run))).read_text(encoding="utf-8"), re.M
    )
    assert "pipeline.errors" in modules


def test_a_stage_does_not_depend_on_the_code_of_later_ones() -> None:
    modules = code_of("pipeline.stages.join")
    assert not [name for name in modules if name.split(".")[1] in ("act", "atlas", "reports", "evidence", "fetch")]
    assert "pipeline.stages.runner" not in modules


def _forget() -> None:
    code_of.cache_clear()
    code._read.cache_clear()


def test_line_ends_do_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code, "PACKAGE", tmp_path)
    hashes = []
    for end in ("\n", "\r\n"):
        (tmp_path / "one.py").write_bytes(f"from pipeline import two{end}".encode())
        (tmp_path / "two.py").write_bytes(f"VALUE = 1{end}".encode())
        _forget()
        hashes.append(code_of("pipeline.one"))
    _forget()
    assert hashes[0] == hashes[1]
    assert list(hashes[0]) == ["pipeline.one", "pipeline.two"]
