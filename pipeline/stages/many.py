"""The maps of several areas: each a part of the work, on one machine or several; one that fails stops no other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.cluster import Crew, Outcome, run_tasks
from pipeline.errors import PipelineError, first
from pipeline.stages.lock import PATIENCE

Say = Callable[[str], None]


@dataclass(frozen=True)
class AreaTask:
    """An area to build in a project folder, by ``workers`` processes, with at most ``at_once`` of its steps at a time.

    ``at_once`` 0 leaves it to the machine.
    """

    root: str
    area: str
    at_once: int
    workers: int = 1


@dataclass(frozen=True)
class AreaBuilt:
    """The steps of an area that ran, what was said of them, and the bytes of its page and of all that was made."""

    steps: tuple[str, ...]
    lines: tuple[str, ...]
    page: int
    files: int


@dataclass(frozen=True)
class AreaDone:
    """What became of an area; ``fault`` says why it failed, and is empty where it did not."""

    area: str
    seconds: float
    fault: str = ""
    steps: int = 0
    page: int = 0
    files: int = 0


def build_area(task: AreaTask) -> AreaBuilt:
    """Build what is stale of an area whose nation is built; what is up to date is not made again.

    Another process that builds the same area is waited for: a part of the work may be given out twice.

    Raises:
        PipelineError: what an analyst can act on; the outputs that there were are still there.
    """
    from pipeline.stages.api import Project

    root = Path(task.root)
    if not (root / "declared").is_dir():
        raise PipelineError(
            f"{task.root}: there is no project folder here. Workers need it under the same name, on a drive that all "
            "of them can read and write: is it connected?"
        )
    project, lines = Project(root, workers=task.workers), list[str]()
    try:
        with _alone(root, task.area):
            steps = project.build_apart(task.area, task.at_once, lines.append)
    except Timeout:
        raise PipelineError(f"{task.area}: another process has been building it for an hour. End that first.") from None
    page = project.page(task.area)
    made = [path for folder in (page.parent, project.processed(task.area)) for path in folder.glob("*")]
    files = sum(path.stat().st_size for path in made if path.is_file())
    return AreaBuilt(tuple(steps), tuple(lines), page.stat().st_size, files)


def _alone(root: Path, area: str) -> FileLock:
    path = root / "data" / "processed" / f".lock-{area}"
    path.parent.mkdir(parents=True, exist_ok=True)
    return FileLock(path, timeout=PATIENCE)


def build_areas(tasks: Sequence[AreaTask], crew: Crew, say: Say) -> list[AreaDone]:
    """Build areas whose nations are built, each a part of the work; what became of each, in their order."""
    areas = [task.area for task in tasks]
    done: dict[int, AreaDone] = {}
    for place, outcome in run_tasks(crew, build_area, tasks, confidential=False):
        done[place] = _done(areas[place], outcome)
        for line in () if outcome.value is None else outcome.value.lines:
            say(line)
        said = done[place].fault.splitlines()[0] if done[place].fault else f"{done[place].seconds:.0f} s"
        say(f"[{len(done)}/{len(areas)}] {areas[place]}: {said}")
    return [done[place] for place in range(len(areas))]


def _done(area: str, outcome: Outcome[AreaBuilt]) -> AreaDone:
    built = outcome.value
    if built is None:
        return AreaDone(area, outcome.seconds, outcome.fault)
    return AreaDone(area, outcome.seconds, "", len(built.steps), built.page, built.files)


def summarise_areas(done: Sequence[AreaDone]) -> list[str]:
    """A table of what became of every area, and of what failed and why."""
    width = max([len("area"), *(len(each.area) for each in done)])
    lines = [f"{'area':{width}}  {'seconds':>7}  {'page MB':>7}  {'all MB':>7}  result"]
    for each in done:
        sizes = f"{each.page / 1e6:7.1f}  {each.files / 1e6:7.1f}" if not each.fault else f"{'-':>7}  {'-':>7}"
        result = "failed" if each.fault else "up to date" if not each.steps else f"{each.steps} steps made"
        lines.append(f"{each.area:{width}}  {each.seconds:7.1f}  {sizes}  {result}")
    failed = [each for each in done if each.fault]
    for each in failed:
        lines += ["", f"{each.area} failed: {each.fault}"]
    made = f"{len(done) - len(failed)} of {len(done)} areas are up to date"
    again = "Correct that, and run the same command again: what is up to date is not made again."
    names = first([each.area for each in failed], 60)
    return [*lines, f"{made}; failed: {names}. {again}" if failed else f"{made}."]
