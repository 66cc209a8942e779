"""What a record says of the bytes that were read."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import raw
from pipeline.catalogue import Source, read_sources
from pipeline.errors import RawFileError
from pipeline.store.provenance import describe_difference, describe_source, list_differences, merge_sources
from tests.fixtures.folders import DECLARED

CHECKED = b"as published"


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def source() -> Source:
    return read_sources(DECLARED / "sources.toml")["iod2025_file7"].model_copy(update={"sha256": sha(CHECKED)})


@pytest.fixture
def path(tmp_path: Path, source: Source) -> Path:
    path = tmp_path / "data" / source.file
    path.parent.mkdir()
    path.write_bytes(CHECKED)
    return path


def fetch(path: Path, **changes: object) -> None:
    receipt = raw.made_receipt("iod2025_file7", path.name, path.read_bytes(), "here")
    receipt = replace(receipt, mode="mirror", fetched_at="2026-01-02T00:00:00Z", **changes)  # type: ignore[arg-type]
    raw.receipt_path(path).write_text(json.dumps(receipt.as_json()), encoding="utf-8")


def test_the_sum_is_that_of_the_bytes_that_were_read(path: Path, source: Source, tmp_path: Path) -> None:
    fetch(path)
    used = describe_source(source, path, tmp_path)
    assert (used.sha256, used.size, used.fetched_sha256) == (sha(CHECKED), len(CHECKED), sha(CHECKED))
    assert not used.changed_by_hand
    assert describe_difference(used) is None
    assert used.notes == ()


def test_a_file_changed_by_hand_is_said_since_when(path: Path, source: Source, tmp_path: Path) -> None:
    fetch(path)
    path.write_bytes(b"As published")
    used = describe_source(source, path, tmp_path, ["A note."])
    assert used.sha256 == sha(b"As published")
    assert used.fetched_sha256 == sha(CHECKED)
    assert used.accepted_difference
    (line,) = list_differences([used])
    assert "was changed by hand since it was fetched (mirror, 2026-01-02T00:00:00Z)" in line
    assert used.notes == ("A note.", line)


@pytest.mark.parametrize(("content", "differs"), [(CHECKED, False), (b"another release", True)])
def test_a_file_put_there_by_hand_has_its_sum_too(
    path: Path, source: Source, tmp_path: Path, content: bytes, *, differs: bool
) -> None:
    path.write_bytes(content)
    used = describe_source(source, path, tmp_path)
    assert (used.sha256, used.taken_from, used.fetched_at) == (sha(content), "placed by hand", None)
    assert used.accepted_difference is differs
    assert not used.changed_by_hand


def test_what_was_accepted_when_it_was_fetched_is_said(path: Path, source: Source, tmp_path: Path) -> None:
    path.write_bytes(b"another release")
    fetch(path, accepted_difference=True)
    (line,) = list_differences([describe_source(source, path, tmp_path)])
    assert "differs from the release that was checked" in line


def test_a_receipt_of_another_file_is_refused(path: Path, source: Source, tmp_path: Path) -> None:
    fetch(path, file="another.csv")
    with pytest.raises(RawFileError, match=r"receipt of another file, 'another\.csv'"):
        describe_source(source, path, tmp_path)


def test_two_files_of_one_name_are_two_sources(path: Path, source: Source, tmp_path: Path) -> None:
    official = describe_source(source, path, tmp_path)
    local = official.model_copy(update={"file": "data/local/mine.csv", "licence": "Mine"})
    assert merge_sources([official, local], [official]) == (official, local)
