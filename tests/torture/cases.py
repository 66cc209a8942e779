"""What a case is: what is damaged or done, with which command, and what is right."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.torture.faults import Fault

REFUSED, SAME, SAID = "refused", "same", "said"
"""The program stopped and named it; it gave every value of the undisturbed run; it gave others and said why."""
HANDLED = (REFUSED, SAME, SAID)
FAILURES = ("silent", "traceback", "unhealed", "hung", "unnamed", "altered", "contrary", "inert")
"""What is wrong, in the words of the table:

- silent: values differ or rows vanished, and nothing was said
- traceback: the program broke off without a message of its own, or answered with its usage only
- unhealed: with the damage taken away, the next run does not give the bytes of an undisturbed one
- hung: it took longer than its time
- unnamed: it stopped without naming the file or option
- altered: it stopped, and earlier outputs are not as they were
- contrary: it was handled, but not in the way that is right, such as refusing a file for its byte-order mark
- inert: the damage was not in what the program read, so that the case tells nothing
"""

STOPS: frozenset[str] = frozenset({REFUSED})
UNDERSTANDS: frozenset[str] = frozenset({SAME})
STOPS_OR_SAYS: frozenset[str] = frozenset({REFUSED, SAID})
STOPS_OR_UNDERSTANDS: frozenset[str] = frozenset({REFUSED, SAME})
ANY: frozenset[str] = frozenset(HANDLED)

MAPS = ("maps", "demo")
Command = tuple[str, ...]


@dataclass
class Bench:
    """A copy of the project that a case may damage; files that it shares with the original are replaced, never written.

    ``touched`` holds the names of what was damaged, from the project's folder.
    """

    root: Path
    original: Path
    touched: set[str] = field(default_factory=set)

    def read(self, name: str) -> bytes:
        """The content of a file of the project."""
        return (self.root / name).read_bytes()

    def write(self, name: str, content: bytes) -> None:
        """Put ``content`` in the place of a file, or a new one."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file() and path.read_bytes() == content:
            return
        path.unlink(missing_ok=True)
        path.write_bytes(content)
        self.touched.add(name)

    def remove(self, name: str) -> None:
        """Delete a file or a folder."""
        path = self.root / name
        if path.is_dir():
            for inside in path.rglob("*"):
                if inside.is_file():
                    self.touched.add(inside.relative_to(self.root).as_posix())
            shutil.rmtree(path)
        else:
            path.unlink()
            self.touched.add(name)

    def publish(self, name: str, content: bytes) -> None:
        """Put ``content`` in the place of a raw file as if its publisher had sent it so: its receipt tells of it."""
        self.write(name, content)
        digest, source, file = hashlib.sha256(content).hexdigest(), Path(name).parent.name, Path(name).name
        receipt = f"{name}.receipt.json"
        if (self.root / receipt).is_file():
            told = json.loads(self.read(receipt)) | {"size": len(content), "sha256": digest}
            self.write(receipt, (json.dumps(told, indent=2) + "\n").encode())
        stamp = "data/raw/areas/demo.json"
        files = json.loads(self.read(stamp))
        if files.get(source, {}).get("file") == file:
            files[source]["sha256"] = digest
            self.write(stamp, (json.dumps(files, indent=2) + "\n").encode())

    def declare(self, name: str, before: str, after: str) -> None:
        """Replace a text in a declared file, where it first stands and is no comment.

        Raises:
            ValueError: the file does not hold it.
        """
        lines = self.read(f"declared/{name}").decode().splitlines(keepends=True)
        held = [n for n, line in enumerate(lines) if before in line.partition("# ")[0] or line.startswith(before)]
        if not held:
            raise ValueError(f"declared/{name} does not hold {before!r}")
        lines[held[0]] = lines[held[0]].replace(before, after, 1)
        self.write(f"declared/{name}", "".join(lines).encode())

    def append(self, name: str, text: str) -> None:
        """Add a text at the end of a declared file."""
        self.write(f"declared/{name}", self.read(f"declared/{name}") + text.encode())

    def heal(self) -> None:
        """Take the damage away: every touched file is again what it is in the original."""
        for name in self.touched:
            source, path = self.original / name, self.root / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            path.unlink(missing_ok=True)
            if source.is_file():
                path.parent.mkdir(parents=True, exist_ok=True)
                os.link(source, path)


@dataclass(frozen=True)
class Case:
    """One damage and what is right.

    Attributes:
        kind: the row of the table that it counts in.
        name: what is damaged, and by what.
        act: damages the project.
        right: the verdicts that are right.
        names: words of which a message has to hold one: the file, its source, the option.
        commands: what is run, in order, until one fails.
        usual: what is run undisturbed, and to heal, where it is not the same commands.
        fault: what goes wrong with the machine while the first command runs.
        evidence: how it is told that the program met the damage: ``read`` (it opened a damaged file), ``content`` (a
            record of the run has the damaged file's sum, or a message names the file), ``fault`` (the fault struck)
            or ``words`` (the command itself is the damage).
        seconds: the most that one command may take of the processor's time; on the clock, four times as long.
        withdrawn: parts of the names of outputs that may go where it is refused.
        lines: whether names that hold the number of a line, such as ``hub-7``, are compared as well.
        pages: whether pages are compared as well; not where the same shape may be drawn from another point.
    """

    kind: str
    name: str
    act: Callable[[Bench], None]
    right: frozenset[str] = STOPS
    names: tuple[str, ...] = ()
    commands: tuple[Command, ...] = (MAPS,)
    fault: Fault | None = None
    evidence: str = "content"
    seconds: float = 60.0
    usual: tuple[Command, ...] = ()
    pages: bool = True
    withdrawn: tuple[str, ...] = ()
    lines: bool = True

    @property
    def undisturbed(self) -> tuple[Command, ...]:
        """The commands of the undisturbed run, which heal as well."""
        return self.usual or self.commands

    @property
    def title(self) -> str:
        """Kind and name in one."""
        return f"{self.kind} | {self.name}"


def nothing(_bench: Bench) -> None:
    """Damage nothing: the command or the machine is what is odd."""


@dataclass(frozen=True)
class Verdict:
    """What came of a case.

    ``verdict`` is one of ``HANDLED`` or ``FAILURES``; ``told`` what the program said; ``processor`` the seconds for
    which the processor worked at it.
    """

    kind: str
    name: str
    verdict: str
    told: str
    seconds: float
    processor: float = 0.0

    @property
    def failed(self) -> bool:
        """Whether it is none of the verdicts that are right."""
        return self.verdict in FAILURES


def kinds_of(cases: Sequence[Case]) -> list[str]:
    """The kinds, in the order in which they come."""
    return list(dict.fromkeys(case.kind for case in cases))
