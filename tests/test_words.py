"""The rules for words: names in the code, words that readers see, and documents that name what there is."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.__main__ import _parser
from tests.fixtures.folders import ROOT

PACKAGE = ROOT / "pipeline"
AVOIDED = {"own", "whole", "known", "found", "how"}
KEYS_OF_FILES = {("catalogue/uncertainty.py", "whole"), ("atlas/contract/packed.py", "whole")}
"""Keys of declared files and of the page, which others have: a name there cannot be bettered without breaking them."""
OF_PANDAS = {"how"}
TRANSLATED = re.compile(
    r"\b(at hand|stands? (twice|once|more|beside|for|instead)|held against|hold .{1,30} against|"
    r"percents|is no number|are no numbers|(is|are) not there\b)"
)
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def _trees() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def _names(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Every name that the code gives to something, and every keyword that it passes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node
        elif isinstance(node, ast.arg):
            yield node.arg, node
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.alias) and node.asname:
            yield node.asname, node
        elif isinstance(node, ast.keyword) and node.arg and node.arg not in OF_PANDAS | {"whole"}:
            yield node.arg, node


def _texts(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node.lineno


def _links(text: str) -> list[str]:
    """The targets of links to other files, without the place inside them."""
    outside_code = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    targets = re.findall(r"\]\(([^)\s]+)\)", outside_code)
    return [target.partition("#")[0] for target in targets if not target.startswith(("http", "#"))]


def _commands(text: str) -> set[str]:
    """The commands of the program that a document calls, in code."""
    code = re.findall(r"^```.*?^```|`[^`]+`", text, flags=re.DOTALL | re.MULTILINE)
    return {name for part in code for name in re.findall(r"(?:-m pipeline|digital-exclusion)\s+([a-z]+)\b", part)}


def _declared_commands() -> dict[str, set[str]]:
    """Each command of the program with its options."""
    actions = next(action for action in _parser()._actions if action.choices and action.dest == "==SUPPRESS==")
    return {
        name: {option for action in parser._actions for option in action.option_strings}
        for name, parser in dict(actions.choices or {}).items()
    }


def test_names_are_the_fields_terms() -> None:
    faults = [
        f"{path}:{getattr(node, 'lineno', 0)}: {name}"
        for path, tree in _trees()
        for name, node in _names(tree)
        if name in AVOIDED and (path, name) not in KEYS_OF_FILES
    ]
    assert not faults, "\n".join(faults)


def test_texts_are_plain_english() -> None:
    faults = [
        f"{path}:{line}: {match.group()}"
        for path, tree in _trees()
        for text, line in _texts(tree)
        for match in TRANSLATED.finditer(text)
    ]
    assert not faults, "\n".join(faults)


def test_the_median_is_called_by_its_name() -> None:
    faults = [
        f"{path}:{line}: {text[:80]}"
        for path, tree in _trees()
        if path.startswith(("reports/", "atlas/", "evidence/", "stages/"))
        for text, line in _texts(tree)
        if re.search(r"\w middle\b|\bmiddle \w", text, flags=re.IGNORECASE)
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_to_files_that_exist(document: Path) -> None:
    missing = [link for link in _links(document.read_text(encoding="utf-8")) if not (document.parent / link).exists()]
    assert not missing


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_that_are_named_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    if document.name == "CHANGELOG.md":
        pytest.skip("it names what there was, too")
    named = re.findall(r"`((?:pipeline|declared|docs|tests|page|notebooks)/[\w./-]*\w)`", text)
    made_or_placeholder = re.compile(r"page/node_modules|pipeline/atlas/assets|NNNN")
    assert not [name for name in named if not made_or_placeholder.search(name) and not (ROOT / name).exists()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_commands_that_are_named_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert _commands(text) <= set(_declared_commands())


def test_options_in_the_readme_exist() -> None:
    commands = _declared_commands()
    for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines():
        called = re.search(r"(?:-m pipeline|digital-exclusion) ([a-z]+)\b([^`#]*)", line)
        if called:
            assert set(re.findall(r"--[a-z-]+", called[2])) <= commands[called[1]], line


def test_the_page_on_commands_has_every_command_with_its_options() -> None:
    text, commands = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8"), _declared_commands()
    code = " ".join(re.findall(r"^```.*?^```|`[^`]+`", text, flags=re.DOTALL | re.MULTILINE))
    words, options = set(re.findall(r"[a-z]+", code)), set(re.findall(r"(?<!-)--[a-z]+(?:-[a-z]+)*", text))
    assert set(commands) <= words
    assert options == {option for given in commands.values() for option in given if option.startswith("--")}


def test_the_readme_stays_short() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 150
    assert lines.index("make maps     # builds a map of a fictional area at once: maps/demo/atlas.html") < 20


def test_the_help_of_make_lists_every_target_and_every_command() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    explained = set(re.findall(r"^([a-z]+):.*## ", text, flags=re.MULTILINE))
    assert explained == set(re.findall(r"^\.PHONY: (.*)$", text, flags=re.MULTILINE)[0].split()) - {
        "declared-area",
        "raw-files",
    }
    others = {
        word for line in re.findall(r"^#: (.*)$", text, flags=re.MULTILINE) for word in re.findall(r"[a-z]+", line)
    }
    assert set(_declared_commands()) <= explained | others


def test_make_targets_that_are_named_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    for document in DOCUMENTS:
        if document.name == "CHANGELOG.md":
            continue
        called = set(re.findall(r"(?:`|^)make ([a-z]+)\b", document.read_text(encoding="utf-8"), flags=re.MULTILINE))
        assert called <= targets, document.name
