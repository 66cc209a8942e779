"""National ranks that one process hands on to another: the same ranks, or none."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.index.recent import RecentRanks
from pipeline.stages.handed_on import hand_on_ranks, take_ranks
from pipeline.stages.lock import HANDED_ON
from pipeline.stages.project import Folders

CODES = pd.Index(["E01000001", "E01000002"], dtype="str")
RANKS = np.array([[1, 2], [2, 70_000], [1, 1]], dtype="uint32")


@pytest.fixture
def recent(monkeypatch: pytest.MonkeyPatch) -> RecentRanks:
    """What a process remembers: nothing."""
    empty = RecentRanks()
    monkeypatch.setattr("pipeline.stages.handed_on.RECENT", empty)
    return empty


@pytest.fixture
def project(tmp_path: Path) -> Folders:
    """A project whose scoring has left ranks, in another process."""
    scoring = RecentRanks()
    scoring.keep("all that they depend on", CODES, RANKS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.stages.handed_on.RECENT", scoring)
        hand_on_ranks(Folders(tmp_path), "fens")
    return Folders(tmp_path)


def test_another_process_has_the_same_ranks(project: Folders, recent: RecentRanks) -> None:
    take_ranks(project, "fens")
    taken = recent.of("all that they depend on", CODES[::-1])
    assert taken is not None
    assert np.array_equal(taken, RANKS[:, ::-1])
    assert recent.of("something else", CODES) is None


@pytest.mark.usefixtures("recent")
def test_ranks_are_taken_once(project: Folders) -> None:
    take_ranks(project, "fens")
    assert list((project.staging / HANDED_ON).iterdir()) == []
    take_ranks(project, "fens")
    take_ranks(project, "wolds")


@pytest.mark.parametrize("damage", ["cut", "altered", "empty", "other"])
def test_damaged_ranks_are_none(project: Folders, recent: RecentRanks, damage: str) -> None:
    (path,) = (project.staging / HANDED_ON).iterdir()
    content = bytearray(path.read_bytes())
    place = content.index(RANKS.tobytes())
    content[place] ^= 1
    damaged = {"cut": bytes(content[:-40]), "altered": bytes(content), "empty": b"", "other": b"PK no archive"}
    path.write_bytes(damaged[damage])
    take_ranks(project, "fens")
    assert recent.last is None
    assert not path.exists()


@pytest.mark.usefixtures("recent")
def test_nothing_is_handed_on_where_nothing_was_drawn(tmp_path: Path) -> None:
    hand_on_ranks(Folders(tmp_path), "fens")
    assert not list(tmp_path.rglob("*.npz"))
