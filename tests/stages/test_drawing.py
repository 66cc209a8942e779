"""Draws in blocks whose ranks lie in files: the same as in memory to the last bit, and every way that can go wrong."""

import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.act.certainty import ExclusionDraws
from pipeline.act.listing import ListRule
from pipeline.catalogue.places import Exclusion, ListBounds
from pipeline.cluster import Alone
from pipeline.errors import ClusterError
from pipeline.index import NationalWanted, draw_national_ranks, draw_rank_intervals
from pipeline.index.drawing import Block, Drawing, Drawn, Work, draw_here
from pipeline.index.plausible import draw_choices, prepare
from pipeline.index.uncertainty import RankDraws
from pipeline.stages import drawing as in_files
from pipeline.stages.drawing import DrawnInFiles, DrawTask, InBlocks, Sent, draw_block, drawing_in
from tests.fixtures.indices import make_random_table, make_three_components
from tests.fixtures.uncertainties import EVERYTHING, varying

AREAS, DRAWS = 60, 37
NOISE = [{"column": "a", "standard_deviation": 0.05, "source": "x"}]
VARIED = varying(draws=DRAWS, national_draws=23, noise=NOISE, **EVERYTHING)
INDEX, TABLE = make_three_components(), make_random_table(AREAS, distinct=9)
PREPARED = prepare(INDEX, TABLE, TABLE, VARIED)
WORK = RankDraws(PREPARED, draw_choices(PREPARED, VARIED, DRAWS, VARIED.seed))


def _exclusion(lowest: Drawn) -> Work:
    random = np.random.default_rng(3)
    combine = tuple(Exclusion(formula="geometric", risk_weight=float(w)) for w in random.uniform(0.3, 0.7, DRAWS))
    rule = ListRule(ListBounds(), random.uniform(0, 5_000, AREAS))
    return ExclusionDraws(lowest.ranks_of, random.uniform(0, 100, (3, AREAS)), np.arange(DRAWS) % 3, combine, rule)


def _assert_same(drawn: Drawn, here: Drawn) -> None:
    assert np.array_equal(drawn.ranks_of(0, DRAWS), here.ranks_of(0, DRAWS))
    assert drawn.ranks_of(0, DRAWS).dtype == here.ranks_of(0, DRAWS).dtype
    assert np.array_equal(drawn.summarise(), here.summarise())
    for one, other in ((drawn.rows, here.rows), (drawn.sums, here.sums)):
        assert (one is None) == (other is None)
        assert one is None or np.array_equal(one, np.asarray(other))


@pytest.mark.slow
@given(bytes_at_once=st.integers(1, 9_000), blocks=st.integers(1, 50), begin=st.integers(0, DRAWS - 1))
@settings(max_examples=15, deadline=None)
def test_blocks_of_any_size_in_files_give_what_memory_does(
    tmp_path_factory: pytest.TempPathFactory, bytes_at_once: int, blocks: int, begin: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("BLOCK_BYTES", bytes_at_once), ("BLOCKS", blocks), ("FEWEST_DRAWS", 1)):
            patch.setattr(in_files, name, value)
        with drawing_in(tmp_path_factory.mktemp("x") / "draws", None, lambda _: None) as drawing:
            assert isinstance(drawing, InBlocks)
            lowest, here = drawing.draw_in_files(WORK, DRAWS), draw_here(WORK, DRAWS)
            _assert_same(lowest, here)
            assert np.array_equal(lowest.ranks_of(begin, DRAWS), here.ranks_of(begin, DRAWS))
            _assert_same(lowest.again(_exclusion(lowest)), here.again(_exclusion(here)))


@pytest.mark.parametrize("ties", ["min", "average", "code"])
def test_who_draws_changes_no_interval(tmp_path: Path, ties: str) -> None:
    index = INDEX.model_copy(update={"ties": ties})
    wanted = NationalWanted(TABLE.index[:20], np.arange(AREAS) % 4)

    def drawn(by: Drawing) -> tuple[pd.DataFrame, pd.DataFrame, object]:
        within = draw_rank_intervals(index, TABLE, None, VARIED, None, by)
        national = draw_national_ranks(index, TABLE, wanted, VARIED, None, by)
        assert national.worst.shape == (23, 4)
        return within.frame, national.frame, (within.variation, national.worst.tolist())

    here, sent = drawn(draw_here), drawn(InBlocks(tmp_path, Alone()))
    pd.testing.assert_frame_equal(here[0], sent[0], check_exact=True)
    pd.testing.assert_frame_equal(here[1], sent[1], check_exact=True)
    assert here[2] == sent[2]


def test_no_area_asked_for_is_no_rank(tmp_path: Path) -> None:
    national = draw_national_ranks(
        INDEX, TABLE, NationalWanted(TABLE.index[:0], np.arange(AREAS) % 4), VARIED, None, InBlocks(tmp_path, Alone())
    )
    assert national.frame.empty
    assert national.worst.sum(axis=1).min() > 0


def test_what_one_process_holds_goes_to_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not isinstance(InBlocks(tmp_path)(WORK, DRAWS), DrawnInFiles)
    assert not list(tmp_path.iterdir())
    monkeypatch.setattr(in_files, "MOST_HELD", DRAWS * AREAS * 2 - 1)
    assert isinstance(InBlocks(tmp_path)(WORK, DRAWS), DrawnInFiles)


def test_ranks_in_files_take_the_memory_of_a_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    areas, draws = 2_000, 1_000
    monkeypatch.setattr(in_files, "BLOCK_BYTES", 400_000)
    prepared = replace(PREPARED, codes=pd.RangeIndex(areas))
    tracemalloc.start()
    InBlocks(tmp_path).draw_in_files(_Rising(prepared, WORK.choices), draws).summarise()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < draws * areas * 2 / 2


class _Rising(RankDraws):
    """Ranks that cost nothing to work out."""

    def __call__(self, begin: int, end: int) -> Block:
        return Block(np.tile(np.arange(1, self.areas + 1, dtype=self.kind), (end - begin, 1)))


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _alter(path: Path) -> None:
    path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:])


@pytest.mark.parametrize(
    ("damage", "said"), [(_cut, "cut short"), (_alter, "another file"), (Path.unlink, "cannot be read here")]
)
def test_a_file_of_ranks_that_is_lost_or_damaged_is_named(
    tmp_path: Path, damage: Callable[[Path], None], said: str
) -> None:
    drawn = InBlocks(tmp_path, Alone()).draw_in_files(WORK, DRAWS)
    damage(next(tmp_path.rglob("16-32.ranks")))
    with pytest.raises(ClusterError, match=said):
        drawn.ranks_of(0, DRAWS)
    with pytest.raises(ClusterError, match=f"nothing was written: .*16-32.ranks.*{said}"):
        drawn.summarise()


def test_a_work_that_is_not_what_was_sent_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "work").write_bytes(b"not a work at all")
    with pytest.raises(ClusterError, match="another file here than was sent"):
        draw_block(DrawTask(Sent(str(tmp_path / "work"), "0" * 64), str(tmp_path), 0, 5, 10))
    with pytest.raises(ClusterError, match="is it connected"):
        draw_block(DrawTask(Sent(str(tmp_path / "gone"), "0" * 64), str(tmp_path), 0, 5, 10))


def test_ranks_that_come_after_the_step_has_ended_leave_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="no such folder here"):
        draw_block(DrawTask(WORK, str(tmp_path / "ended"), 0, 5, 10))
    assert not list(tmp_path.iterdir())


def test_the_files_go_when_the_draws_end(tmp_path: Path) -> None:
    folder = tmp_path / "draws"
    with drawing_in(folder, None, lambda _: None) as drawing:
        assert isinstance(drawing, InBlocks)
        drawing.draw_in_files(WORK, DRAWS)
        assert list(folder.rglob("*.ranks"))
    assert not folder.exists()
