"""Draws in blocks that the workers of a scheduler share, or that one process cannot hold, by the same functions.

The ranks of a block of draws are written where they are worked out, to a file in the project folder, and are read from
there by blocks of areas. So no process holds more than a block, and only what is summed up comes back. The files last
as long as the step; nothing of them is in its record, as results do not depend on who worked them out.
"""

import pickle
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import numpy as np

from pipeline import store
from pipeline.cluster import Crew, OnScheduler, SchedulerWanted, run_tasks
from pipeline.errors import ClusterError
from pipeline.index.drawing import (
    AREAS_AT_ONCE,
    Drawing,
    Drawn,
    Integers,
    Matrix,
    Ranks,
    RanksOf,
    Work,
    add,
    draw_here,
    share_out,
    summarise_in_place,
)
from pipeline.store.scratch import read_piece, write_pieces

Item = TypeVar("Item")
Result = TypeVar("Result")
Say = Callable[[str], None]

MOST_HELD = 500_000_000
"""Bytes of ranks that this process holds at once where it draws by itself: 2,000 draws of England take 135 million."""
BLOCK_BYTES = 64_000_000
"""Bytes of ranks in a block of draws, and in a block of areas."""
BLOCKS, FEWEST_DRAWS = 32, 16
"""At least so many blocks where there are draws enough, so that there is something to share; each of so many draws."""


@dataclass(frozen=True)
class Sent:
    """A work in a file of the project folder, and the hash of that file: nothing else is taken for it."""

    path: str
    sha256: str


@dataclass(frozen=True)
class DrawTask:
    """A block of draws: ``begin`` to before ``end`` of a work.

    Attributes:
        folder: where its ranks go. ``areas_at_once``: how many areas are in a piece of that file.
    """

    work: Work | Sent
    folder: str
    begin: int
    end: int
    areas_at_once: int


@dataclass(frozen=True)
class BlockFile:
    """The ranks of the draws ``begin`` to before ``end``, in a file, with a checksum for each block of areas."""

    begin: int
    end: int
    checksums: tuple[int, ...]

    def path(self, folder: str) -> Path:
        """The file."""
        return Path(folder) / f"{self.begin}-{self.end}.ranks"


@dataclass(frozen=True)
class BlockDrawn:
    """What comes back of a block of draws: where its ranks are, and its rows and sums."""

    file: BlockFile
    rows: Integers | None
    sums: Integers | None


def draw_block(task: DrawTask) -> BlockDrawn:
    """Work out a block of draws, and write its ranks to a file.

    Raises:
        ClusterError: the work or the folder is missing, or is another one.
    """
    work = _read_work(task.work) if isinstance(task.work, Sent) else task.work
    block, step = work(task.begin, task.end), task.areas_at_once
    pieces = [block.ranks[:, start : start + step] for start in range(0, work.areas, step)]
    file = BlockFile(task.begin, task.end, ())
    checksums = write_pieces(file.path(task.folder), pieces)
    return BlockDrawn(BlockFile(task.begin, task.end, checksums), block.rows, block.sums)


@lru_cache(maxsize=1)
def _read_work(sent: Sent) -> Work:
    """A work that was sent, read once by each process."""
    try:
        content = Path(sent.path).read_bytes()
    except OSError as error:
        raise ClusterError(
            f"{sent.path}: cannot be read here ({error.strerror}). Workers need the same project folder, on a drive "
            "that all of them can read and write: is it connected? Run the same command again."
        ) from error
    if sha256(content).hexdigest() != sent.sha256:
        raise ClusterError(f"{sent.path}: it is another file here than was sent. Run the same command again.")
    work: Work = pickle.loads(content)
    return work


@dataclass(frozen=True)
class RanksInFiles:
    """Ranks of draws in files: one for each block of draws, in pieces of ``areas_at_once`` areas."""

    folder: str
    kind: str
    areas: int
    areas_at_once: int
    files: tuple[BlockFile, ...]

    def __call__(self, begin: int, end: int) -> Ranks:
        """The ranks of draws ``begin`` to before ``end``, draws × areas."""
        inside = [file for file in self.files if file.begin < end and begin < file.end]
        parts = [self._draws(file)[max(begin - file.begin, 0) : end - file.begin] for file in inside]
        return np.vstack(parts)

    def of_areas(self, number: int) -> Ranks:
        """The ranks of a block of areas by all draws, areas × draws."""
        areas = min(self.areas_at_once, self.areas - number * self.areas_at_once)
        ranks: Ranks = np.empty((areas, self.files[-1].end), dtype=self.kind)
        for file in self.files:
            ranks[:, file.begin : file.end] = self._piece(file, number).T
        return ranks

    def _draws(self, file: BlockFile) -> Ranks:
        pieces = [self._piece(file, number) for number in range(len(file.checksums))]
        return np.hstack(pieces) if pieces else np.empty((file.end - file.begin, 0), dtype=self.kind)

    def _piece(self, file: BlockFile, number: int) -> Ranks:
        start, draws = number * self.areas_at_once, file.end - file.begin
        shape = (draws, min(self.areas_at_once, self.areas - start))
        offset = draws * start * np.dtype(self.kind).itemsize
        return read_piece(file.path(self.folder), offset, shape, self.kind, file.checksums[number])


@dataclass(frozen=True)
class AreasTask:
    """A block of areas whose ranks are to be summed up."""

    ranks: RanksInFiles
    number: int


def summarise_block(task: AreasTask) -> Matrix:
    """What :func:`pipeline.index.drawing.summarise_areas` gives of a block of areas.

    Raises:
        ClusterError: a file of ranks is missing, or is another one.
    """
    return summarise_in_place(task.ranks.of_areas(task.number), task.ranks.areas)


@dataclass(frozen=True)
class DrawnInFiles:
    """Draws whose ranks lie in files."""

    ranks: RanksInFiles
    rows: Integers | None
    sums: Integers | None
    drawing: "InBlocks"

    @property
    def ranks_of(self) -> RanksOf:
        """The ranks of any block of draws."""
        return self.ranks

    def summarise(self) -> Matrix:
        """Of every area what :func:`pipeline.index.drawing.summarise_areas` gives, by blocks of areas."""
        numbers = range(len(self.ranks.files[0].checksums))
        parts = self.drawing.each(summarise_block, [AreasTask(self.ranks, number) for number in numbers])
        return np.vstack([part for _, part in sorted(parts, key=lambda numbered: numbered[0])])

    def again(self, work: Work) -> Drawn:
        """As many draws of another work, kept likewise."""
        return self.drawing.draw_in_files(work, self.ranks.files[-1].end)


class InBlocks:
    """Works out draws in blocks: by the workers of a scheduler, or by threads of this process where it has none."""

    def __init__(self, folder: Path, crew: Crew | None = None) -> None:
        """``folder`` is for the files of ranks; every worker sees it under the same name."""
        self._folder = folder.resolve()
        self._crew = crew
        self._works = 0

    def __call__(self, work: Work, draws: int) -> Drawn:
        """So many draws of a work; what one process can hold, and does by itself, goes to no file."""
        if self._crew is None and draws * work.areas * work.kind.itemsize <= MOST_HELD:
            return draw_here(work, draws)
        return self.draw_in_files(work, draws)

    def draw_in_files(self, work: Work, draws: int) -> DrawnInFiles:
        """So many draws of a work, their ranks in files.

        Raises:
            ClusterError: nobody is left to do it, or files are not seen or cannot be written everywhere.
        """
        self._works += 1
        folder = self._folder / str(self._works)
        folder.mkdir(parents=True)
        sent = work if self._crew is None else _send(work, folder / "work")
        of_draw = max(work.areas * work.kind.itemsize, 1)
        at_once = max(1, min(BLOCK_BYTES // of_draw, max(FEWEST_DRAWS, -(-draws // BLOCKS))))
        areas_at_once = max(1, min(AREAS_AT_ONCE, BLOCK_BYTES // (draws * work.kind.itemsize)))
        tasks = [
            DrawTask(sent, str(folder), begin, min(begin + at_once, draws), areas_at_once)
            for begin in range(0, draws, at_once)
        ]
        files, rows = list[BlockFile](), dict[int, Integers]()
        sums: Integers | None = None
        for number, drawn in self.each(draw_block, tasks):
            files.append(drawn.file)
            sums = add(sums, drawn.sums)
            rows |= {} if drawn.rows is None else {number: drawn.rows}
        together = np.concatenate([rows[number] for number in sorted(rows)]) if rows else None
        ordered = tuple(sorted(files, key=lambda file: file.begin))
        ranks = RanksInFiles(str(folder), work.kind.str, work.areas, areas_at_once, ordered)
        return DrawnInFiles(ranks, together, sums, self)

    def each(self, task: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[tuple[int, Result]]:
        """The result of ``task`` for each of ``items`` and its position, as they end.

        Raises:
            ClusterError: one failed, or nobody is left to do it.
        """
        if self._crew is None:
            yield from enumerate(share_out(task, items))
            return
        for place, outcome in run_tasks(self._crew, task, items, confidential=False):
            if outcome.value is None:
                raise ClusterError(f"Draws of plausible indices failed, and nothing was written: {outcome.fault}")
            yield place, outcome.value


def _send(work: Work, path: Path) -> Sent:
    content = pickle.dumps(work, protocol=pickle.HIGHEST_PROTOCOL)
    store.write_bytes(path, content)
    return Sent(str(path), sha256(content).hexdigest())


@contextmanager
def drawing_in(folder: Path, scheduler: SchedulerWanted | None, say: Say) -> Iterator[Drawing]:
    """Who works out draws: the workers of ``scheduler``, or this process; ``folder`` is there while it lasts.

    Raises:
        ClusterError: the scheduler cannot be reached, or a worker has other versions.
    """
    try:
        if scheduler is None:
            yield InBlocks(folder)
        else:
            with OnScheduler(scheduler) as crew:
                yield InBlocks(folder, crew)
                say(f"  plausible indices were drawn by {crew.workers} worker(s) of {scheduler.resolved()}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
