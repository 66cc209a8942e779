"""Runs one case in a copy of the project, and judges by what happened."""

import hashlib
import json
import re
import shutil
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.torture import outcomes, project
from tests.torture.cases import REFUSED, SAID, SAME, Bench, Case, Command, Verdict
from tests.torture.faults import Fault
from tests.torture.program import Ran, in_child, run_program

Act = Callable[[Bench], None]

PROGRESS = re.compile(r"^\[\d+/\d+\] ")
REASON = re.compile(r"^[a-z]+ \S+: .*(\b(changed|is new|is gone|deleted|altered)\b|→|turns out)")
"""A line that says why a step was run names every file that changed: that says nothing of what was made of it."""
MISTYPED = 2
"""The exit status for a command or option that there is not: refused as well, where it is said in words."""
TOO_COMMON = {"demo", "raw", "local", "data", "declared", "areas"}
"""Folders that are no name of a source."""
BROKEN_OFF = re.compile(r"Traceback \(most recent call last\)|(unexpected|unforeseen) fault", re.IGNORECASE)


@dataclass(frozen=True)
class Workshop:
    """Where the projects are: ``undisturbed`` has one for each sequence of commands, run without any damage."""

    folder: Path
    writes: dict[Act, int] = field(default_factory=dict)
    """How many writes an undisturbed run makes after each act, from a run in which they were counted."""

    def original(self, commands: Sequence[Command]) -> Path:
        """The project in which ``commands`` were run undisturbed."""
        name = hashlib.sha256(json.dumps(list(commands)).encode()).hexdigest()[:12]
        return self.folder / "undisturbed" / name

    @property
    def words(self) -> Path:
        """What the first build of everything said."""
        return self.folder / "base.told"

    def told(self, commands: Sequence[Command]) -> set[str]:
        """The lines that an undisturbed run says."""
        return {line for path in (self.words, self._told(commands)) for line in path.read_text("utf-8").splitlines()}

    def _told(self, commands: Sequence[Command]) -> Path:
        return self.original(commands).with_suffix(".told")

    def count_writes(self, case: Case, page: Path) -> None:
        """Write to ``page`` how many times the first command of ``case`` changes the disk where nothing disturbs it.

        Raises:
            RuntimeError: it fails.
        """
        root = page.with_suffix(".counted")
        original = self.original(case.undisturbed)
        project.copy(original, root)
        try:
            if in_child(lambda: case.act(Bench(root, original))):
                raise RuntimeError(f"the damage could not be made: {case.title}")
            ran = run_program(
                root, case.commands[0], case.seconds, Fault(folder=case.fault.folder if case.fault else "")
            )
            _must(ran)
            page.write_text(str(ran.writes), encoding="ascii")
        finally:
            shutil.rmtree(root)

    def prepare(self, commands: Sequence[Command]) -> None:
        """Run ``commands`` undisturbed, in a project whose maps are built.

        Raises:
            RuntimeError: they fail.
        """
        target = self.original(commands)
        project.copy(self.folder / "base", target)
        words = [_must(run_program(target, command)) for command in commands]
        self._told(commands).write_text("\n".join(words), encoding="utf-8")


def _must(ran: Ran) -> str:
    if ran.status:
        raise RuntimeError(f"an undisturbed run failed:\n{ran.told}")
    return ran.told


def judge(case: Case, workshop: Workshop, number: int) -> Verdict:
    """What comes of a case."""
    root = workshop.folder / "cases" / str(number)
    original = workshop.original(case.undisturbed)
    begun = time.monotonic()
    project.copy(original, root)
    bench = Bench(root, original)
    try:
        verdict, told = _judge(case, workshop, bench)
    finally:
        shutil.rmtree(root, ignore_errors=True)
        shutil.rmtree(root.with_name(f"{root.name}-files"), ignore_errors=True)
    return Verdict(case.kind, case.name, verdict, told, time.monotonic() - begun)


def _judge(case: Case, workshop: Workshop, bench: Bench) -> tuple[str, str]:
    damage = bench.root.with_name(f"{bench.root.name}.damage")

    def harm() -> None:
        case.act(bench)
        damage.write_text(json.dumps(sorted(bench.touched)), encoding="utf-8")

    if in_child(harm):
        return "inert", "the damage could not be made"
    bench.touched |= set(json.loads(damage.read_text(encoding="utf-8")))
    damage.unlink()
    if not bench.touched and case.evidence not in ("words", "fault"):
        return "inert", "nothing was damaged"
    damaged = {name: _sum(bench.root / name) for name in bench.touched if (bench.root / name).is_file()}
    before = outcomes.sums(bench.root)
    case = _at_counted_write(case, workshop)
    ran = _run(case, bench.root)
    if case.fault is not None and case.fault.kills and ran.status == 0:
        return "inert", "it was done before it would have been killed"
    verdict = _verdict(case, workshop, bench, ran, before)
    told = ran.told.strip()
    if verdict == "altered":
        after = outcomes.sums(bench.root)
        told = f"{told}\nAltered: {', '.join(name for name in before if after.get(name) != before[name])}"
    if verdict == "silent":
        told = f"{told}\nDiffering: {', '.join(outcomes.differences(bench.original, bench.root))}"
    if verdict in (REFUSED, SAME, SAID) and not _met(case, bench, ran, damaged):
        return "inert", told
    if verdict == REFUSED and not _names(case, bench, ran.told):
        return "unnamed", told
    if verdict == SAME and SAME not in case.right and _said(case, workshop, bench, ran):
        verdict = SAID
    if verdict == SAID and case.fault is not None:
        verdict = SAME
    if verdict in (REFUSED, SAME, SAID) and verdict not in case.right:
        return "contrary", f"{verdict}, but right is {' or '.join(sorted(case.right))}. {told}"
    if verdict in (REFUSED, SAME, SAID) and (left := _unhealed(case, bench)):
        return "unhealed", f"{left}\n{told}"
    return verdict, told


def _at_counted_write(case: Case, workshop: Workshop) -> Case:
    """The case with the write at which it is killed, where a share of all writes is meant."""
    if case.fault is None or not case.fault.kill_share:
        return case
    count = workshop.writes[case.act]
    return replace(case, fault=replace(case.fault, kill_at=1 + int(case.fault.kill_share * count)))


def _run(case: Case, root: Path) -> Ran:
    ran = run_program(root, case.commands[0], case.seconds, case.fault)
    for command in case.commands[1:]:
        if ran.status:
            break
        following = run_program(root, command, case.seconds)
        ran = Ran(
            following.status,
            ran.told + following.told,
            ran.opened | following.opened,
            ran.struck or following.struck,
            ran.seconds + following.seconds,
            following.hung,
        )
    return ran


def _verdict(case: Case, workshop: Workshop, bench: Bench, ran: Ran, before: dict[str, str]) -> str:
    if ran.hung:
        return "hung"
    if case.fault is not None and case.fault.kills and ran.status in (-signal.SIGKILL, -signal.SIGALRM):
        # Nothing is asked of what it left: whether the next run heals it is seen below.
        return SAME
    mistyped = ran.status == MISTYPED and "Stopped: " in ran.told
    if BROKEN_OFF.search(ran.told) or (ran.status not in (0, 1) and not mistyped):
        return "traceback"
    if ran.status == 0:
        return _compared(case, workshop, bench, ran)
    after = outcomes.sums(bench.root)
    finished = {name: value for name, value in before.items() if not _may_change(case, name)}
    tidied = outcomes.tidied_whole(bench.root)
    altered = [name for name, value in finished.items() if after.get(name) != value and name not in bench.touched]
    return "altered" if set(altered) - tidied else REFUSED


def _may_change(case: Case, name: str) -> bool:
    """Whether a refused run may leave an output otherwise than before.

    Stories that are refused are withdrawn, as somebody may have said so.
    """
    return any(word in name for word in case.withdrawn)


def _compared(case: Case, workshop: Workshop, bench: Bench, ran: Ran) -> str:
    differing = outcomes.differences(bench.original, bench.root, pages=case.pages and case.lines, lines=case.lines)
    if not [name for name in differing if name not in bench.touched]:
        return SAME
    return SAID if _said(case, workshop, bench, ran) else "silent"


def _said(case: Case, workshop: Workshop, bench: Bench, ran: Ran) -> bool:
    """Whether a line or a record, which the undisturbed run does not have, names what was done."""
    words = _words(case, bench)
    ordinary = workshop.told(case.undisturbed)
    lines = {line for line in ran.told.splitlines() if not PROGRESS.match(line) and not REASON.match(line)}
    said = [line for line in lines - ordinary if any(word in line.lower() for word in words)]
    recorded = outcomes.remarks(bench.root) - outcomes.remarks(bench.original)
    about = [*words, *_tables(bench)]
    return bool(said or [remark for remark in recorded if any(word in remark.lower() for word in about)])


def _tables(bench: Bench) -> list[str]:
    """The names under which records speak of the damaged files: their source, and the file without its ending."""
    files = [Path(name) for name in bench.touched if not name.endswith(".json") or "raw/areas" not in name]
    return [name.lower() for path in files for name in (path.parent.name, path.stem) if name not in TOO_COMMON]


def _words(case: Case, bench: Bench) -> list[str]:
    """What a message has to name: one of the words of the case, or else a damaged file or its source."""
    if case.names:
        return [word.lower() for word in case.names]
    files = [Path(name) for name in bench.touched if not name.endswith(".receipt.json") and "raw/areas" not in name]
    sources = [path.parent.name for path in files if "raw" in path.parts]
    return [word.lower() for word in [*(path.name for path in files), *sources]]


def _names(case: Case, bench: Bench, told: str) -> bool:
    _, stopped, message = told.lower().rpartition("stopped")
    return bool(stopped) and any(word in message for word in _words(case, bench))


def _met(case: Case, bench: Bench, ran: Ran, damaged: dict[str, str]) -> bool:
    """Whether the program met the damage."""
    if case.evidence == "words":
        return True
    if case.evidence == "fault":
        return ran.struck or ran.status != 0
    files = {name: digest for name, digest in damaged.items() if not name.endswith(".receipt.json")}
    opened = any(name in ran.opened for name in bench.touched)
    if case.evidence == "read" or not files:
        return opened or not files
    recorded = outcomes.recorded_sums(bench.root)
    named = ran.status != 0 and _names(case, bench, ran.told)
    return opened and (named or any(digest in recorded for digest in files.values()))


def _unhealed(case: Case, bench: Bench) -> str:
    """What is not as after an undisturbed run, once the damage is taken away and the commands are run again."""
    bench.heal()
    for command in case.undisturbed:
        ran = run_program(bench.root, command)
        if ran.status:
            return f"after the damage was taken away: {ran.told.strip()[:600]}"
    wanted, there = outcomes.stable_sums(bench.original), outcomes.stable_sums(bench.root)
    # What a case made beside is no fault of the next run; what begins with a point is a temporary file.
    left = {name for name in there.keys() - wanted.keys() if any(part.startswith(".") for part in Path(name).parts)}
    names = sorted(left | {name for name in wanted if wanted[name] != there.get(name)})
    return (
        f"after the damage was taken away these are not as in an undisturbed run: {', '.join(names[:8])}"
        if names
        else ""
    )


def _sum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
