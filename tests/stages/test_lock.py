"""Two runs in one project folder meet."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.errors import PipelineError
from pipeline.stages.lock import only_run
from tests.fixtures.folders import ROOT

HOLD = """
import sys, time
from pathlib import Path
from pipeline.stages.lock import only_run
with only_run(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_second_run_is_told_who_is_at_work_and_goes_on_once_that_ends(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, tmp_path], cwd=ROOT, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with (
            pytest.raises(PipelineError, match=rf"Another run is working in .*process {other.pid}, since 20"),
            only_run(tmp_path),
        ):
            pass
        other.kill()
    deadline = time.monotonic() + 10
    while True:
        try:
            with only_run(tmp_path):
                break
        except PipelineError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_a_second_run_that_can_tell_somebody_waits_for_the_first(tmp_path: Path) -> None:
    said: list[str] = []
    hold = HOLD.replace("sleep(60)", "sleep(1)")
    with subprocess.Popen([sys.executable, "-c", hold, tmp_path], cwd=ROOT, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with only_run(tmp_path, said.append):
            assert other.wait(10) == 0
    assert len(said) == 1
    assert f"Another run is working in {tmp_path} (process {other.pid}, since 20" in said[0]
    assert "This one goes on once that has ended" in said[0]


def test_what_killed_runs_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    left = [
        tmp_path / "data/processed/.staging/score-demo/0/risk.parquet",
        tmp_path / "data/processed/demo/records/.score.json.0123abcd.new",
        tmp_path / "maps/demo/.atlas.html.0123abcd.new",
        tmp_path / "data/raw/areas/.demo.json.0123abcd.new",
    ]
    kept = [tmp_path / "data/processed/demo/risk.parquet", tmp_path / "data/local/.mine.0123abcd.new"]
    for path in (*left, *kept):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")
    with only_run(tmp_path):
        assert not any(path.exists() for path in left)
    assert all(path.exists() for path in kept)
    assert not (tmp_path / "data/processed/.staging").exists()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\0garbage" * 1000, None])
def test_a_lock_left_behind_holds_nobody_up(tmp_path: Path, content: bytes | None) -> None:
    lock, told = tmp_path / "data/processed/.lock", tmp_path / "data/processed/.lock.txt"
    lock.parent.mkdir(parents=True)
    for path in (lock, told):
        path.mkdir() if content is None else path.write_bytes(content)
    with only_run(tmp_path):
        pass


def test_one_process_may_run_again(tmp_path: Path) -> None:
    for _ in range(2):
        with only_run(tmp_path):
            pass


def test_what_stands_in_the_place_of_the_note_of_who_is_at_work_does_no_harm(tmp_path: Path) -> None:
    note = tmp_path / "data/processed/.lock.txt"
    note.parent.mkdir(parents=True)
    os.mkfifo(note)
    with only_run(tmp_path):
        assert "since 20" in note.read_text(encoding="utf-8")
    note.unlink()
    note.mkdir()
    with only_run(tmp_path):
        assert note.is_file()
