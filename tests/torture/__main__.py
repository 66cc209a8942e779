"""``make torture``: cases of every kind, and a table; exit status 1 where any was wrong in silence or did not heal."""

import argparse
import hashlib
import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

from tests.torture import matrix, program, project
from tests.torture.cases import FAILURES, REFUSED, SAID, SAME, Case, Command, Verdict, kinds_of
from tests.torture.judge import Workshop, judge

COLUMNS = (REFUSED, SAME, SAID, *FAILURES)
HEADINGS = ("tried", "refused", "understood", "said", "silent", "traceback", *FAILURES[2:], "processor")
LONGEST = 900
"""Seconds after which a case is given up, whatever it waits for."""
PREFIX = "torture-"
AREAS = ("demo", "marsh", "wolds")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the cases; 1 where any failed."""
    options = _options(arguments)
    begun = time.monotonic()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1_000_000)
    cases = _chosen(options, seed)
    cases = [case for case in cases if all(word.lower() in case.title.lower() for word in options.only)]
    # By chance, so that what takes long does not come all at once.
    random.Random(seed).shuffle(cases)
    cases = cases[options.part - 1 :: options.of]
    if options.list:
        print("\n".join(sorted(case.title for case in cases)))
        return 0
    program.warm()
    _sweep()
    signal.signal(signal.SIGTERM, _end)
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=_memory()))
    judged: Generator[Verdict] | None = None
    try:
        workshop = Workshop(folder)
        _prepare(workshop, cases, options.workers)
        before = _originals(workshop)
        verdicts = []
        judged = _judged(cases, workshop, options.workers)
        try:
            for verdict in judged:
                verdicts.append(verdict)
                if options.json and (len(verdicts) % 10 == 0 or len(verdicts) == len(cases)):
                    _write(options.json, verdicts)
                if sys.stderr.isatty():
                    print(f"{len(verdicts)} of {len(cases)}", end="\r", file=sys.stderr, flush=True)
        finally:
            # Of a run that is ended before its time, too.
            print(_report(cases, verdicts), flush=True)
        after = _originals(workshop)
        changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    finally:
        if judged is not None:
            judged.close()
        _remove(folder)
    used = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = sum(one.ru_utime + one.ru_stime for one in used)
    took = f"{time.monotonic() - begun:,.0f} s ({worked:,.0f} s of the processor's time)"
    print(f"{len(verdicts):,} cases in {took}; --seed {seed} tries the same ones again")
    if changed:
        print(f"The harness is at fault: a case changed the undisturbed project: {changed[:5]}")
    lost = len(cases) - len(verdicts)
    return 1 if changed or lost or any(verdict.failed for verdict in verdicts) else 0


def _end(_signal: int, _frame: object) -> None:
    """Asked to end: what is being done is left, and the folder taken away."""
    raise SystemExit(1)


def _write(path: Path, verdicts: Sequence[Verdict]) -> None:
    ready = path.with_name(f"{path.name}.new")
    ready.write_text(json.dumps([asdict(one) for one in verdicts], indent=1), encoding="utf-8")
    ready.replace(path)


def _remove(folder: Path) -> None:
    """Delete a folder in which processes that were just ended may still have been writing."""
    for _ in range(50):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.1)


def _sweep() -> None:
    """Take away what runs left behind that were killed."""
    for path in Path(_memory() or tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        number = path.name.removeprefix(PREFIX).partition("-")[0]
        if number.isdecimal() and not Path(f"/proc/{number}").exists() and Path("/proc/self").exists():
            shutil.rmtree(path, ignore_errors=True)


def _memory() -> str | None:
    """A folder in memory where there is one with room; ``None`` for the usual one. What ``TMPDIR`` names is kept to."""
    folder = Path("/dev/shm")
    roomy = folder.is_dir() and shutil.disk_usage(folder).free > 2_000_000_000
    return str(folder) if roomy and "TMPDIR" not in os.environ else None


def _chosen(options: argparse.Namespace, seed: int) -> list[Case]:
    if options.fast:
        return matrix.fast_cases()
    return list(matrix.every_case(seed)) if options.all or options.only else matrix.drawn_cases(seed)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--fast", action="store_true", help="the representative choice that make test runs")
    parser.add_argument("--all", action="store_true", help="every case, where a run otherwise draws some of each kind")
    parser.add_argument("--only", action="append", default=[], help="cases whose title holds this (may be repeated)")
    parser.add_argument("--part", type=int, default=1, help="with --of: which part")
    parser.add_argument("--of", type=int, default=1, help="share the cases among so many runs")
    parser.add_argument("--list", action="store_true", help="list the cases, and run none")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="cases at once")
    parser.add_argument("--seed", type=int, help="draws the random cases (default: another each time)")
    parser.add_argument("--json", type=Path, help="write every verdict to this file")
    return parser.parse_args(arguments)


def _prepare(workshop: Workshop, cases: Sequence[Case], workers: int) -> None:
    """The project that is damaged, and an undisturbed run of each sequence of commands."""
    base = workshop.folder / "base"
    base.mkdir()
    (workshop.folder / "cases").mkdir()
    if program.in_child(lambda: project.lay_out(base)):
        raise SystemExit("The project that is to be damaged could not be made.")
    asked = {word for case in cases for command in (*case.commands, *case.undisturbed) for word in command}
    built = program.run_program(base, ("maps", *(area for area in AREAS if area == "demo" or area in asked)))
    if built.status:
        raise SystemExit(f"The project that is to be damaged could not be built:\n{built.told}")
    workshop.words.write_text(built.told, encoding="utf-8")
    sequences: dict[tuple[Command, ...], None] = dict.fromkeys(case.undisturbed for case in cases)
    prepared = program.in_children([partial(workshop.prepare, commands) for commands in sequences], workers)
    for commands, status in zip(sequences, prepared, strict=True):
        if status:
            raise SystemExit(f"These commands fail without any damage: {commands}")
    killed = {case.act: case for case in cases if case.fault is not None and case.fault.kill_share}
    pages = [workshop.folder / f"{number}.writes" for number in range(len(killed))]
    counting = [partial(workshop.count_writes, case, page) for case, page in zip(killed.values(), pages, strict=True)]
    if any(program.in_children(counting, workers)):
        raise SystemExit("The writes of a run that is to be killed could not be counted.")
    workshop.writes.update({act: int(page.read_text("ascii")) for act, page in zip(killed, pages, strict=True)})


def _judged(cases: Sequence[Case], workshop: Workshop, workers: int) -> Generator[Verdict]:
    """The verdict on each case, as they come; each case has a forked process."""
    waiting = list(enumerate(cases))[::-1]
    running: dict[int, tuple[int, Path]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                number, case = waiting.pop()
                page = workshop.folder / "cases" / f"{number}.verdict"
                child = os.fork()
                if child == 0:
                    program.die_with_parent()
                    signal.signal(signal.SIGTERM, signal.SIG_DFL)
                    signal.alarm(LONGEST)
                    _work(case, workshop, number, page)
                running[child] = (number, page)
            child, state = os.wait()
            if child not in running:
                continue
            number, page = running.pop(child)
            if page.exists():
                yield Verdict(**json.loads(page.read_text(encoding="utf-8")))
                page.unlink()
            else:
                case, late = cases[number], os.waitstatus_to_exitcode(state) == -signal.SIGALRM
                shutil.rmtree(workshop.folder / "cases" / str(number), ignore_errors=True)
                verdict, told = ("hung", f"not done in {LONGEST} s") if late else ("inert", "the harness broke off")
                yield Verdict(case.kind, case.name, verdict, told, LONGEST if late else 0.0)
    finally:
        for child in running:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _work(case: Case, workshop: Workshop, number: int, page: Path) -> None:
    try:
        verdict = judge(case, workshop, number)
        used = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
        worked = sum(one.ru_utime + one.ru_stime for one in used)
        page.write_text(json.dumps(asdict(replace(verdict, processor=worked))), encoding="utf-8")
        os._exit(0)
    except BaseException:
        import traceback

        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)


def _originals(workshop: Workshop) -> dict[str, str]:
    """The sum of each file of the undisturbed projects, which cases share by links and must not write through."""
    sums: dict[int, str] = {}
    originals: dict[str, str] = {}
    for path in sorted(workshop.folder.glob("undisturbed/*/**/*")):
        if path.is_file():
            node = path.stat().st_ino
            if node not in sums:
                sums[node] = hashlib.sha256(path.read_bytes()).hexdigest()
            originals[path.relative_to(workshop.folder).as_posix()] = sums[node]
    return originals


def _report(cases: Sequence[Case], verdicts: Sequence[Verdict]) -> str:
    """The failures, each with what was said, and the table by kind."""
    lines = []
    for verdict in sorted((one for one in verdicts if one.failed), key=lambda one: (one.verdict, one.kind, one.name)):
        told = " / ".join(line.strip() for line in verdict.told.splitlines() if line.strip())
        lines.append(f"{verdict.verdict:9}  {verdict.kind} | {verdict.name}\n           {told[-400:]}")
    width = max((len(kind) for kind in kinds_of(cases)), default=4)
    lines.append(f"{'kind':{width}}  " + " ".join(f"{heading:>10}" for heading in HEADINGS))
    for kind in [*sorted(kinds_of(cases)), "all"]:
        of_kind = [verdict for verdict in verdicts if kind in (verdict.kind, "all")]
        count = Counter(verdict.verdict for verdict in of_kind)
        figures = [len(of_kind), *(count[column] for column in COLUMNS), round(sum(one.processor for one in of_kind))]
        lines.append(f"{kind:{width}}  " + " ".join(f"{figure:>10,}" for figure in figures))
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
