"""Complete files or none, with the rights that the umask gives, and nothing left behind."""

import errno
import os
import stat
import sys
from pathlib import Path

import pytest

from pipeline.store.files import SET_ASIDE, TEMPORARY, about, make_way, sweep, temporary_beside, write_text, write_whole

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no umask")


@POSIX
@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o002, 0o664), (0o027, 0o640), (0o077, 0o600)])
def test_a_file_can_be_read_by_whom_the_umask_allows(tmp_path: Path, mask: int, mode: int) -> None:
    before = os.umask(mask)
    try:
        write_text(tmp_path / "a.csv", "1")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.csv").stat().st_mode) == mode


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EFBIG, errno.EIO, errno.EMFILE])
def test_what_cannot_be_written_is_named_and_the_earlier_file_stays(tmp_path: Path, number: int) -> None:
    path = tmp_path / "risk.parquet"
    path.write_text("before", encoding="utf-8")

    def fail(temporary: Path) -> None:
        temporary.write_text("half", encoding="utf-8")
        raise OSError(number, os.strerror(number))

    with pytest.raises(OSError, match="risk.parquet") as caught:
        write_whole(path, fail)
    assert (caught.value.errno, caught.value.filename) == (number, str(path))
    assert path.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [MemoryError(), KeyboardInterrupt(), ValueError("x")])
def test_nothing_is_left_whatever_happens(tmp_path: Path, error: BaseException) -> None:
    def fail(_temporary: Path) -> None:
        raise error

    with pytest.raises(type(error)):
        write_whole(tmp_path / "a.json", fail)
    assert not list(tmp_path.iterdir())


def test_an_error_about_another_file_keeps_its_name(tmp_path: Path) -> None:
    error = FileNotFoundError(errno.ENOENT, "No such file", "declared/x.toml")
    assert about(error, tmp_path / "out", tmp_path / "temporary") is error


def test_only_temporary_files_of_the_program_are_swept(tmp_path: Path) -> None:
    kept = [".gitkeep", ".lock", "a.new", ".env.new", "notes.json", ".hidden.json", "..new", ".x.12345678.txt"]
    for name in kept:
        (tmp_path / name).write_text("", encoding="utf-8")
    folder = tmp_path / "demo" / "records"
    folder.mkdir(parents=True)
    left = [temporary_beside(folder / "score.json"), folder / ".map.json.9gwxxeue.json"]
    for path in left:
        path.write_text("", encoding="utf-8")
    assert sorted(sweep([tmp_path, tmp_path / "absent"])) == sorted(left)
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == sorted(kept)


def test_a_temporary_name_fits_where_the_name_itself_does(tmp_path: Path) -> None:
    for name in ("ä" * 120 + ".csv", "x" * 250, "risk.parquet"):
        temporary = temporary_beside(tmp_path / name)
        assert TEMPORARY.fullmatch(temporary.name)
        assert len(temporary.name.encode()) <= 255


def test_a_folder_in_the_place_of_a_file_makes_way_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "risk.parquet"
    assert make_way(path) is None
    path.mkdir()
    assert make_way(path) is None
    assert not path.exists()
    for suffix in ("", "1"):
        path.mkdir()
        (path / "notes.txt").write_text("mine", encoding="utf-8")
        aside = make_way(path)
        assert aside == tmp_path / f"risk.parquet{SET_ASIDE}{suffix}"
        assert (aside / "notes.txt").read_text(encoding="utf-8") == "mine"
    path.write_text("a file", encoding="utf-8")
    assert make_way(path) is None
    assert path.read_text(encoding="utf-8") == "a file"
