"""The build graph by content: what runs, what does not, what heals. One test for each thing that can happen."""

import errno
import os
import threading
import time
from pathlib import Path

import pytest

from pipeline.errors import PipelineError
from pipeline.stages import runner
from pipeline.stages.runner import Runner, waiting
from pipeline.store import content_hash
from tests.stages.toy import AREAS, Killed, Toy, killed_at, toy

__all__ = ["toy"]

ALL = ["join toy", "page east", "page west", "score east", "score west", "tidy first", "tidy second"]


def test_everything_runs_once_and_then_nothing(toy: Toy) -> None:
    assert toy.run() == ALL
    assert set(toy.ran.values()) == {1}
    assert toy.run() == []


def test_touching_a_file_changes_nothing(toy: Toy) -> None:
    toy.run()
    for path in [*toy.root.rglob("*.csv"), *toy.root.rglob("*.txt")]:
        os.utime(path, (0, 0))
    assert toy.run() == []


def test_a_raw_file_changed_runs_what_reads_it(toy: Toy) -> None:
    toy.run()
    toy.write("raw/first.csv", "5")
    assert toy.run() == [name for name in ALL if name != "tidy second"]
    assert any("raw/first.csv changed" in line for line in toy.said)


def test_a_change_that_comes_to_the_same_goes_no_further(toy: Toy) -> None:
    toy.run()
    toy.write("raw/first.csv", "1\n\n")
    assert toy.run() == ["tidy first"]


def test_a_change_of_the_same_length_and_time_is_seen(toy: Toy) -> None:
    toy.run()
    path = toy.root / "raw/first.csv"
    before = path.stat()
    path.write_text("7", encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert "tidy first" in toy.run()


def test_a_file_with_quotes_spaces_and_other_letters_is_watched(toy: Toy) -> None:
    toy.run()
    toy.write("raw/own's list, 2 (ä).csv", "4")
    assert toy.run() == ["join toy", "page east", "page west", "score east", "score west"]


def test_a_weight_changed_runs_the_areas_of_that_index_and_says_so(toy: Toy) -> None:
    toy.run()
    toy.declare("plain", {"id": "plain", "indicators": [{"column": "share", "weight": 30}]})
    stale = {step.name: reasons for step, reasons in waiting(Runner(toy.said.append), toy.steps())}
    assert stale == {
        "score east": ["share: weight 24 → 30 in plain.json"],
        "page east": ["if score east turns out differently"],
    }
    assert toy.run() == ["page east", "score east"]
    assert "score east: share: weight 24 → 30 in plain.json" in toy.said


def test_a_comment_or_another_spelling_of_a_declared_file_changes_nothing(toy: Toy) -> None:
    toy.run()
    toy.write("declared/plain.json", '{"indicators":   [{"weight": 24, "column": "share"}],\n "id": "plain"}')
    assert toy.run() == []


@pytest.mark.parametrize("name", ["data/east/risk.txt", "data/east/list.txt", "data/joined.txt", "data/west/page.txt"])
def test_an_output_deleted_is_made_again(toy: Toy, name: str) -> None:
    toy.run()
    before = toy.outputs()
    (toy.root / name).unlink()
    assert len(toy.run()) == 1
    assert toy.outputs() == before
    assert any("is gone since it was made" in line for line in toy.said)


@pytest.mark.parametrize("name", ["data/east/risk.txt", "data/first.txt", "data/west/page.txt"])
def test_an_output_altered_by_hand_is_made_again(toy: Toy, name: str) -> None:
    toy.run()
    before = toy.outputs()
    toy.write(name, "altered")
    assert len(toy.run()) == 1
    assert toy.outputs() == before


def test_an_output_that_a_step_did_not_make_is_taken_away(toy: Toy) -> None:
    toy.run()
    toy.write("data/east/extra.txt", "of somewhere else")
    assert toy.run() == ["page east"]
    assert not (toy.root / "data/east/extra.txt").exists()


def test_an_output_that_is_made_no_longer_goes(toy: Toy) -> None:
    toy.write("raw/first.csv", "9")
    toy.run()
    assert (toy.root / "data/east/extra.txt").exists()
    toy.write("raw/first.csv", "1")
    toy.run()
    assert not (toy.root / "data/east/extra.txt").exists()


@pytest.mark.parametrize("content", [None, "", "{", '{"step": "score east"}'])
def test_a_record_lost_or_damaged_runs_its_step_again(toy: Toy, content: str | None) -> None:
    toy.run()
    record = toy.steps()[3].record_path
    record.unlink() if content is None else record.write_text(content, encoding="utf-8")
    assert toy.run() == ["score east"]


def test_an_optional_input_is_seen_to_come_and_go(toy: Toy) -> None:
    own = toy.root / "raw/own's list, 2 (ä).csv"
    own.unlink()
    toy.run()
    assert toy.text("data/joined.txt") == "1+2+-"
    own.write_text("3", encoding="utf-8")
    assert "join toy" in toy.run()
    assert any("is new" in line for line in toy.said)
    own.unlink()
    assert "join toy" in toy.run()
    assert toy.text("data/joined.txt") == "1+2+-"
    assert any("is gone" in line for line in toy.said)


def test_code_changed_runs_its_stage(toy: Toy) -> None:
    toy.run()
    toy.code["toy.score"] = "2"  # type: ignore[attr-defined]
    assert toy.run() == ["score east", "score west"]
    assert "score east: the program changed (toy.score)" in toy.said


def test_a_step_that_fails_leaves_what_was_there(toy: Toy) -> None:
    toy.run()
    before = toy.outputs()

    def refuse() -> None:
        raise PipelineError("row 7")

    toy.during["score east"] = refuse
    toy.write("raw/first.csv", "5")
    with pytest.raises(PipelineError, match="row 7"):
        toy.run()
    east = {name: text for name, text in toy.outputs().items() if name.startswith("data/east")}
    assert east == {name: text for name, text in before.items() if name.startswith("data/east")}
    toy.during.clear()
    assert "score east" in toy.run()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "x"), "Is the disk full"),
        (PermissionError(errno.EACCES, "Permission denied", "x"), "write-protected"),
    ],
)
def test_a_full_disk_is_told_and_heals(toy: Toy, error: OSError, said: str) -> None:
    toy.run()
    before = toy.outputs()

    def fail() -> None:
        raise error

    toy.during["score east"] = fail
    toy.write("raw/first.csv", "5")
    with pytest.raises(PipelineError, match=said):
        toy.run()
    assert toy.text("data/east/risk.txt") == before["data/east/risk.txt"]
    assert not list((toy.root / "data/processed/.staging").glob("*"))
    toy.during.clear()
    toy.run()
    assert "5" in toy.text("data/east/risk.txt")


def test_an_input_that_changes_while_it_is_read_is_refused(toy: Toy) -> None:
    def change() -> None:
        toy.write("raw/own's list, 2 (ä).csv", "8")

    toy.during["join toy"] = change
    with pytest.raises(
        PipelineError, match="while it was running, raw/own's list, 2 .* changed. Run the command again"
    ):
        toy.run()
    toy.during.clear()
    toy.run()
    assert toy.text("data/joined.txt") == "1+2+8"


def test_an_output_that_changes_before_the_next_step_reads_it_is_refused(toy: Toy) -> None:
    joined = toy.root / "data/joined.txt"

    def change() -> None:
        if joined.exists():
            joined.write_text("8", encoding="utf-8")

    toy.during["score east"] = change
    with pytest.raises(PipelineError, match="score .*: while it was running, data/joined.txt changed. Run the command"):
        toy.run(workers=1)
    toy.during.clear()
    toy.run()
    assert toy.text("data/joined.txt") == "1+2+3"
    assert "1+2+3" in toy.text("data/east/risk.txt")


def test_a_file_is_read_once_for_its_hash_by_those_that_follow(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    read = list[str]()

    def hashed(path: Path) -> str:
        read.append(path.name)
        return content_hash(path)

    monkeypatch.setattr(runner, "content_hash", hashed)
    toy.run(workers=1)
    # After each of the two steps that read it, and not before, as it was hashed when it was made.
    assert read.count("joined.txt") == 2


@pytest.mark.slow
@pytest.mark.parametrize("first", [True, False], ids=["first build", "rebuild"])
def test_killed_at_any_write_the_next_run_makes_what_a_clean_one_makes(tmp_path: Path, toy: Toy, first: bool) -> None:
    clean = Toy(tmp_path / "clean")
    clean.write("raw/first.csv", "5")
    clean.run()
    reference = clean.outputs()
    number = 0
    while True:
        victim = Toy(tmp_path / f"victim {number}")
        if not first:
            victim.run()
        victim.write("raw/first.csv", "5")
        try:
            with killed_at(number):
                victim.run(workers=1)
        except Killed:
            victim.run()
            assert victim.outputs() == reference, f"killed at write {number}"
            assert victim.run() == []
            number += 1
            continue
        break
    assert number > 30


def test_an_edit_taken_back_after_a_kill_is_no_edit(toy: Toy) -> None:
    toy.run()
    before = toy.outputs()
    toy.write("raw/first.csv", "5")
    with pytest.raises(Killed), killed_at(25):
        toy.run(workers=1)
    toy.write("raw/first.csv", "1")
    toy.run()
    assert toy.outputs() == before


def test_independent_steps_run_side_by_side(toy: Toy) -> None:
    meeting = threading.Barrier(2, timeout=20)

    def meet() -> None:
        meeting.wait()

    toy.during |= dict.fromkeys(["tidy first", "tidy second"], meet)
    assert toy.run(workers=2) == ALL


def test_ctrl_c_lets_running_steps_finish_and_starts_no_other(toy: Toy) -> None:
    begun = threading.Event()

    def interrupt() -> None:
        begun.wait(20)
        raise KeyboardInterrupt

    def take_a_while() -> None:
        begun.set()
        time.sleep(0.2)

    toy.during |= {"tidy first": interrupt, "tidy second": take_a_while}
    with pytest.raises(KeyboardInterrupt):
        toy.run(workers=2)
    assert toy.text("data/second.txt") == "2"
    assert sorted(toy.ran) == ["tidy first", "tidy second"]
    toy.during.clear()
    assert toy.run() == [name for name in ALL if name != "tidy second"]


def test_areas_of_the_toy_have_two_indices() -> None:
    assert len(set(AREAS.values())) == 2
