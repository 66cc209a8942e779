"""A toy of the build graph: two raw files, an own file with any name, two areas by two indices, pages with an extra."""

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pytest

from pipeline.stages import runner
from pipeline.stages.project import Snapshot
from pipeline.stages.runner import Runner
from pipeline.stages.stage import Job, Reads, Scope, Stage, Step

AREAS = {"east": "plain", "west": "other"}


class Killed(BaseException):
    """The process ends here, as by ``kill -9``: nothing but what is on the disk is left."""


@dataclass
class Toy:
    """A project folder of the toy graph, and how often each step ran."""

    root: Path
    ran: Counter[str] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)
    during: dict[str, Callable[[], None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, text in {"first.csv": "1", "second.csv": "2", "own's list, 2 (ä).csv": "3"}.items():
            self.write(f"raw/{name}", text)
        for name in AREAS.values():
            self.declare(name, {"id": name, "indicators": [{"column": "share", "weight": 24}]})

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def declare(self, index: str, content: dict[str, object]) -> None:
        self.write(f"declared/{index}.json", json.dumps(content))

    def text(self, name: str) -> str:
        return (self.root / name).read_text(encoding="utf-8")

    def outputs(self) -> dict[str, str]:
        """Every file that was made, and what it holds."""
        files = (path for path in (self.root / "data").rglob("*") if path.is_file() and "records" not in path.parts)
        return {path.relative_to(self.root).as_posix(): path.read_text(encoding="utf-8") for path in sorted(files)}

    def steps(self) -> list[Step]:
        project = Snapshot(self.root)
        scopes = [Scope("toy", area=area) for area in AREAS]
        return [
            *(TIDY.at(project, Scope("toy", name)) for name in ("first", "second")),
            JOIN.at(project, Scope("toy")),
            *(SCORE.at(project, scope) for scope in scopes),
            *(PAGE.at(project, scope) for scope in scopes),
        ]

    def run(self, workers: int = 2) -> list[str]:
        """Run the graph; the steps that were run."""
        self.ran.clear()
        self.said.clear()
        CURRENT.append(self)
        try:
            Runner(self.said.append, workers).run(self.steps())
        finally:
            CURRENT.pop()
        return sorted(self.ran)

    def begin(self, job: Job) -> None:
        self.ran[job.step.name] += 1
        self.during.get(job.step.name, lambda: None)()


CURRENT: list[Toy] = []


def _made(project: Snapshot, *names: str) -> tuple[Path, ...]:
    return tuple(project.root / "data" / name for name in names)


def _run_tidy(job: Job) -> None:
    CURRENT[-1].begin(job)
    text = job.step.reads.files[0].read_text(encoding="utf-8")
    job.output(job.step.writes[0]).write_text(text.strip(), encoding="utf-8")


def _run_join(job: Job) -> None:
    CURRENT[-1].begin(job)
    texts = [path.read_text(encoding="utf-8") if path.exists() else "-" for path in job.step.reads.files]
    job.output(job.step.writes[0]).write_text("+".join(texts), encoding="utf-8")


def _run_score(job: Job) -> None:
    CURRENT[-1].begin(job)
    content = json.dumps(job.step.reads.declared, sort_keys=True)
    for path in job.step.writes:
        job.output(path).write_text(f"{path.stem} {job.step.reads.files[0].read_text()} {content}", encoding="utf-8")


def _run_page(job: Job) -> None:
    CURRENT[-1].begin(job)
    page, extra = job.step.writes
    text = job.step.reads.files[0].read_text(encoding="utf-8")
    job.output(page).write_text(f"page of {text}", encoding="utf-8")
    if "9" in text:
        job.output(extra).write_text("nine", encoding="utf-8")
    job.say(f"{job.step.scope.area} is drawn")


def _declared(project: Snapshot, scope: Scope) -> Reads:
    index = AREAS[scope.area]
    content = json.loads((project.root / "declared" / f"{index}.json").read_text(encoding="utf-8"))
    return Reads(_made(project, "joined.txt"), {f"declared/{index}.json": content})


TIDY = Stage(
    "tidy",
    "source",
    lambda project, scope: Reads((project.root / "raw" / f"{scope.source}.csv",)),
    lambda project, scope: _made(project, f"{scope.source}.txt"),
    "toy.tidy",
    "",
)
JOIN = Stage(
    "join",
    "nation",
    lambda project, _: Reads((*_made(project, "first.txt", "second.txt"), project.root / "raw/own's list, 2 (ä).csv")),
    lambda project, _: _made(project, "joined.txt"),
    "toy.join",
    "",
)
SCORE = Stage(
    "score",
    "area",
    _declared,
    lambda project, scope: _made(project, *(f"{scope.area}/{name}.txt" for name in ("risk", "nearest", "list"))),
    "toy.score",
    "",
)
PAGE = Stage(
    "page",
    "area",
    lambda project, scope: Reads(_made(project, f"{scope.area}/risk.txt")),
    lambda project, scope: _made(project, f"{scope.area}/page.txt", f"{scope.area}/extra.txt"),
    "toy.page",
    "",
)


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Toy:
    code = {"toy.tidy": "1", "toy.join": "1", "toy.score": "1", "toy.page": "1"}
    for name, run in {"tidy": _run_tidy, "join": _run_join, "score": _run_score, "page": _run_page}.items():
        module = ModuleType(f"toy.{name}")
        module.run = run  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, f"toy.{name}", module)
    monkeypatch.setattr(runner, "code_of", lambda name: {name: code[name]})
    monkeypatch.setattr(Toy, "code", code, raising=False)
    return Toy(tmp_path / "my project's folder")


@contextmanager
def killed_at(number: int) -> Iterator[list[str]]:
    """End the process at the ``number``-th change to the disk that a run makes; the changes made before it."""
    changes: list[str] = []
    real = {name: getattr(os, name) for name in ("replace", "unlink", "mkdir", "rmdir")}

    def counted(name: str) -> Callable[..., object]:
        def change(*arguments: object, **options: object) -> object:
            if len(changes) == number:
                raise Killed
            changes.append(f"{name} {arguments[0]}")
            return real[name](*arguments, **options)

        return change

    with pytest.MonkeyPatch.context() as patch:
        for name in real:
            patch.setattr(os, name, counted(name))
        yield changes
