"""A run is kept complete or not at all, and is not read once anything of it was altered."""

import json
import shutil
from pathlib import Path

import pytest

from pipeline.errors import RecordError
from pipeline.store.kept import KeptRecord, keep_run, list_kept, read_fictional, read_kept
from tests.fixtures.indices import make_three_components

FILES = ("risk.parquet", "reference.parquet")


def describe(**options: object) -> KeptRecord:
    given = {
        "kept": "2026-01-01T00:00:00Z",
        "area": "here",
        "title": "Here",
        "fictional": True,
        "nation": "demo",
        "built": "2026-01-01T00:00:00Z",
        "program": "1",
        "index": make_three_components(),
        "reference": "england",
        "uncertainty": {"weights": {"components": float("inf")}},
    }
    return KeptRecord.model_validate({**given, **options})


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    for name in FILES:
        (tmp_path / name).write_bytes(name.encode())
    return {name: tmp_path / name for name in FILES}


def test_what_is_kept_is_read_back(tmp_path: Path, files: dict[str, Path]) -> None:
    keep_run(tmp_path / "kept/2026-01-01", files, describe(name="first"))
    record = read_kept(tmp_path / "kept/2026-01-01")
    assert (record.name, record.index, set(record.files)) == ("first", make_three_components(), set(FILES))
    assert list(list_kept(tmp_path / "kept")) == ["2026-01-01"]
    assert (tmp_path / "kept/2026-01-01/risk.parquet").read_bytes() == b"risk.parquet"


@pytest.mark.parametrize("name", [*FILES, "kept.json"])
@pytest.mark.parametrize("alter", ["changed", "gone"])
def test_what_was_altered_is_refused(tmp_path: Path, files: dict[str, Path], name: str, alter: str) -> None:
    folder = tmp_path / "kept"
    keep_run(folder, files, describe())
    path = folder / name
    if alter == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes().replace(b"2026", b"2025").replace(b"parquet", b"PARQUET"))
    with pytest.raises(RecordError, match="altered|missing"):
        read_kept(folder)


def test_a_run_that_cannot_be_kept_leaves_nothing(tmp_path: Path, files: dict[str, Path]) -> None:
    files["reference.parquet"].unlink()
    with pytest.raises(OSError, match="reference"):
        keep_run(tmp_path / "kept/2026-01-01", files, describe())
    assert list((tmp_path / "kept").iterdir()) == []


def test_what_a_killed_run_left_is_removed(tmp_path: Path, files: dict[str, Path]) -> None:
    left = tmp_path / "kept/.2026-01-01.0a1b2c3d.new"
    left.mkdir(parents=True)
    (left / "risk.parquet").write_bytes(b"half")
    assert list_kept(tmp_path / "kept") == {}
    keep_run(tmp_path / "kept/2026-01-01", files, describe())
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["2026-01-01"]


def test_a_run_of_a_later_version_is_read(tmp_path: Path, files: dict[str, Path]) -> None:
    """It may say more; what this version knows of it is checked all the same."""
    keep_run(tmp_path / "kept", files, describe())
    path = tmp_path / "kept/kept.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), "more": 1}), encoding="utf-8")
    assert read_kept(tmp_path / "kept").area == "here"


def test_a_broken_run_is_not_listed(tmp_path: Path, files: dict[str, Path]) -> None:
    for day in ("2026-01-01", "2026-02-01"):
        keep_run(tmp_path / "kept" / day, files, describe())
    (tmp_path / "kept/2026-01-01/kept.json").write_text("{", encoding="utf-8")
    assert list(list_kept(tmp_path / "kept")) == ["2026-02-01"]


def test_whether_a_record_is_of_invented_places(tmp_path: Path, files: dict[str, Path]) -> None:
    keep_run(tmp_path / "kept", files, describe())
    assert read_fictional(tmp_path / "kept/kept.json") is True
    shutil.rmtree(tmp_path / "kept")
    assert read_fictional(tmp_path / "kept/kept.json") is None
