"""Records of steps: nothing but a complete one counts, and what they describe is compared by content."""

import errno
import os
import sys
import time
from hashlib import file_digest, sha256
from io import BufferedReader
from pathlib import Path
from typing import Any

import pytest

from pipeline.store import steps
from pipeline.store.steps import ABSENT, StepRecord, content_hash, output_hash, put_in_place, read_step_record
from tests.fixtures.damage import DAMAGE

RECORD = StepRecord(built="", program="1", step="score x", inputs={}, declared={}, code={}, outputs={}).sealed()
WINDOWS = sys.platform == "win32"
NEEDS_LINKS = {"a link in a circle", "a link to nowhere", "a pipe"}
KINDS = [kind for kind in DAMAGE if not (WINDOWS and kind in NEEDS_LINKS)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_that_is_not_whole_counts_as_none_and_is_replaced(tmp_path: Path, kind: str) -> None:
    path, output = tmp_path / "records" / "score.json", tmp_path / "risk.csv"
    staged = tmp_path / "staged"
    staged.write_text("new", encoding="utf-8")
    path.parent.mkdir()
    path.write_text(RECORD.model_dump_json(), encoding="utf-8")
    assert read_step_record(path) == RECORD
    DAMAGE[kind](path)
    assert read_step_record(path) is None
    put_in_place({output: staged}, [], path, RECORD)
    assert read_step_record(path) == RECORD
    assert output.read_text(encoding="utf-8") == "new"


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_output_is_another_content_or_absent(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"built": "2026", "rows": 3}', encoding="utf-8")
    before = content_hash(path)
    DAMAGE[kind](path)
    assert output_hash(path) != before


def test_a_name_that_no_file_can_have_is_absent(tmp_path: Path) -> None:
    assert content_hash(tmp_path / "a\0b") == ABSENT


def test_a_full_disk_is_noticed_before_anything_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record, output, staged = tmp_path / "records" / "score.json", tmp_path / "risk.csv", tmp_path / "staged"
    staged.write_text("before", encoding="utf-8")
    put_in_place({output: staged}, [], record, RECORD)
    staged.write_text("after", encoding="utf-8")

    def full(_path: Path, _write: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(steps, "fill", full)
    with pytest.raises(OSError, match="score.json"):
        put_in_place({output: staged}, [], record, RECORD)
    assert read_step_record(record) == RECORD
    assert output.read_text(encoding="utf-8") == "before"


def test_a_file_is_read_again_once_anything_about_it_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "risk.parquet"
    path.write_bytes(b"one")
    long_ago = time.time_ns() - 60_000_000_000
    os.utime(path, ns=(long_ago, long_ago))
    before = content_hash(path)
    assert before == sha256(b"one").hexdigest()
    # The same size and time as before: by the time of its entry it is another file all the same, and it is new.
    path.write_bytes(b"two")
    os.utime(path, ns=(long_ago, long_ago))
    assert content_hash(path) == sha256(b"two").hexdigest()


def test_a_file_that_nobody_has_touched_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, read = tmp_path / "risk.parquet", list[str]()
    path.write_bytes(b"one")

    def digest(file: BufferedReader, name: str) -> Any:
        read.append(name)
        return file_digest(file, name)

    monkeypatch.setattr(steps, "file_digest", digest)
    assert len({content_hash(path) for _ in range(2)}) == 1
    assert len(read) == 2, "a file that is seconds old is read each time"
    monkeypatch.setattr(steps, "SETTLED", -1)
    assert len({content_hash(path) for _ in range(3)}) == 1
    assert len(read) == 3
