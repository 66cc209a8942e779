"""The code of a stage: its module and every module of this package that it imports, directly or not."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
IMPORT = re.compile(
    r"^[ \t]*(?:from (pipeline[\w.]*) import (\([^)]*\)|[^\n#(]*)|import (pipeline[\w.]+))", re.MULTILINE
)
"""An import of this package, at the top of a module or inside a function; a test compares it with Python's parser."""
DISCOVERED = {"pipeline.tidy.registry": "tidy"}
"""Modules that import every module of a room by name when they run: readers register themselves."""
FOR_TYPES = re.compile(r"^if TYPE_CHECKING:\n(?:(?:[ \t]+[^\n]*)?\n)+", re.MULTILINE)
"""Imports that only a type checker sees: they do nothing when the program runs."""


@cache
def code_of(module: str) -> Mapping[str, str]:
    """The hash of each module's text, by the module's name, for ``module`` and all that it imports.

    The ``__init__`` of a package belongs to each module in it, as Python runs it first. The package
    ``pipeline`` itself imports nothing, so it is left out.
    """
    hashes: dict[str, str] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        read = None if name in hashes else _read(name)
        if read is not None:
            hashes[name] = read[0]
            waiting += read[1]
    return dict(sorted(hashes.items()))


@cache
def _read(name: str) -> tuple[str, tuple[str, ...]] | None:
    """The hash of a module, and the modules that run with it; ``None`` where it is not a module of this package."""
    path = None if name == "pipeline" else module_file(name)
    if path is None:
        return None
    content = path.read_bytes()
    imported = imports_in(content.decode("utf-8"))
    digest = sha256(content.replace(b"\r\n", b"\n")).hexdigest()[:16]
    return digest, tuple(dict.fromkeys([*imported, *_packages(name), *_discovered(name)]))


def imports_in(text: str) -> Iterator[str]:
    """The modules of this package that a module's text imports when it runs; names that may be modules too."""
    for source, names, plain in IMPORT.findall(FOR_TYPES.sub("", text)):
        if plain:
            yield plain
            continue
        yield source
        for name in re.findall(r"\w+", re.sub(r"\bas \w+", "", names)):
            yield f"{source}.{name}"


def module_file(name: str) -> Path | None:
    """The file of a module of this package; ``None`` where there is no such module."""
    path = PACKAGE.joinpath(*name.split(".")[1:])
    candidates = (path / "__init__.py", path.with_name(path.name + ".py"))
    return next((file for file in candidates if file.is_file()), None)


def _discovered(name: str) -> list[str]:
    room = DISCOVERED.get(name)
    return [f"pipeline.{room}.{path.stem}" for path in (PACKAGE / room).glob("*.py")] if room else []


def _packages(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(2, len(parts))]
