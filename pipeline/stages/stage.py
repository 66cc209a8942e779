"""What a stage is, and a step: a stage at one scope, with the content that it reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import JsonValue

from pipeline.stages.project import Snapshot

ScopeKind = Literal["checkout", "source", "local file", "nation", "area"]


@dataclass(frozen=True)
class Scope:
    """What a step is for: a ``nation``, and a ``source`` or an ``area`` where the stage runs for each of these.

    ``name`` is what people call it: the area, the nation, or the source.
    """

    nation: str
    source: str = ""
    area: str = ""

    @property
    def name(self) -> str:
        """What people call it."""
        return " ".join(part for part in (self.source, self.area) if part) or self.nation


@dataclass(frozen=True)
class Reads:
    """The content that a step reads.

    Attributes:
        files: paths; a missing file counts as absent, which is a state like any other.
        declared: by the name of a declared file, the part of it that the step uses, as JSON values.
    """

    files: tuple[Path, ...] = ()
    declared: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True)
class Stage:
    """One stage between official files and pages, declared once.

    Attributes:
        name: its name on the command line and in records.
        scope: whether it runs once for a source, a file that an analyst adds, a nation, an area, or the checkout.
        reads: the content that it reads at a scope.
        writes: the files that it may write at a scope; any that it does not write are removed.
        run: the module whose ``run(job)`` does it; its code, and all that it imports, belongs to what the stage reads.
        title: what it does, in words.
        after: a stage of the nation that has to end well before it starts, although nothing that it writes is read:
            what that refuses leaves the outputs of areas as they were.
    """

    name: str
    scope: ScopeKind
    reads: Callable[[Snapshot, Scope], Reads]
    writes: Callable[[Snapshot, Scope], tuple[Path, ...]]
    run: str
    title: str
    after: str = ""

    def at(self, project: Snapshot, scope: Scope) -> "Step":
        """The step of this stage at ``scope``."""
        return Step(self, scope, project, self.reads(project, scope), self.writes(project, scope))


@dataclass(frozen=True)
class Step:
    """A stage at one scope."""

    stage: Stage
    scope: Scope
    project: Snapshot
    reads: Reads
    writes: tuple[Path, ...]

    @property
    def name(self) -> str:
        """The stage and its scope, in words."""
        return f"{self.stage.name} {self.scope.name}".strip()

    @cached_property
    def record_path(self) -> Path:
        """The path of the record of what the step read and wrote."""
        return self.project.records(self.scope.nation, self.scope.area) / f"{self._record_name}.json"

    @property
    def _record_name(self) -> str:
        return f"{self.stage.name}-{self.scope.source}" if self.scope.source else self.stage.name


@dataclass(frozen=True)
class Job:
    """A step that is running: its ``run(job)`` writes to :meth:`output` and reports with :meth:`say`."""

    step: Step
    staging: Path
    request: Mapping[str, JsonValue] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def output(self, path: Path) -> Path:
        """Where to write what will be put at ``path`` once the step has made all its outputs."""
        if path not in self.step.writes:
            raise AssertionError(f"{self.step.name} declares no output {path}")
        # Numbered folders keep paths short, as Windows refuses those of over 260 characters.
        folders = list(dict.fromkeys(output.parent for output in self.step.writes))
        target = self.staging / str(folders.index(path.parent)) / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        return target

    def say(self, line: str) -> None:
        """Keep a line for the console."""
        self.lines.append(line)

    def withdraw(self, *paths: Path) -> None:
        """Remove outputs of an earlier run that must not stay, even though this run does not finish."""
        self.step.record_path.unlink(missing_ok=True)
        for path in paths:
            path.unlink(missing_ok=True)
