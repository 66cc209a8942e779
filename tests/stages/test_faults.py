"""Whatever happens, an analyst reads one line: details go into dated files, warnings into the log."""

import errno
import os
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

import pipeline.__main__ as program
from pipeline.errors import IN_USE, NO_MEMORY, refused_by_machine
from pipeline.stages import faults
from pipeline.stages.console import Console
from pipeline.stages.faults import KEPT, NAME, describe_fault, watched, write_fault


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "declared").mkdir()
    return tmp_path


def _fails_with(monkeypatch: pytest.MonkeyPatch, fail: Callable[[], object]) -> None:
    monkeypatch.setattr(program, "_clean", lambda _options, _console: fail())


def _raise(error: BaseException) -> Callable[[], object]:
    def fail() -> object:
        raise error

    return fail


def test_an_unforeseen_fault_is_one_line_and_a_file(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _fails_with(monkeypatch, _raise(KeyError("lsoa21_icb")))
    assert program.main(["--root", str(project), "clean"]) == 1
    told = capsys.readouterr().err.strip()
    assert told.startswith("Stopped by an unexpected fault in the program: KeyError: 'lsoa21_icb'. The details are in ")
    assert "\n" not in told
    (file,) = (project / "data/processed/faults").iterdir()
    assert str(file) in told
    assert "Traceback" in file.read_text(encoding="utf-8")


def test_faults_are_kept_dated_and_the_oldest_go(project: Path) -> None:
    for _ in range(KEPT + 3):
        write_fault("x", project)
    assert len(list((project / "data/processed/faults").glob(f"{NAME}*.txt"))) == KEPT


def test_where_the_project_cannot_be_written_to_the_temporary_folder_serves(
    project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(temporary))
    (project / "data").write_text("a file in the place of a folder", encoding="utf-8")
    path = write_fault("x", project)
    assert path is not None
    assert path.parent == temporary
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(temporary / "gone" / "\0"))
    monkeypatch.setattr(faults, "_folders", lambda _root: iter([project / "data" / "x"]))
    assert "Run it again with --log FILE" in describe_fault(ValueError("x"), project)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "a.csv"),
            "a.csv: No space left on device. Is the disk full?",
        ),
        (OSError(errno.EFBIG, os.strerror(errno.EFBIG), "a.csv"), "ulimit -f"),
        (PermissionError(errno.EACCES, "Permission denied", "a.csv"), IN_USE),
        (OSError(errno.EROFS, "Read-only file system", "a.csv"), "a.csv: Read-only file system."),
        (OSError(errno.EMFILE, "Too many open files", "a.csv"), "ulimit -n"),
        (OSError("Error writing bytes. Detail: [errno 28] No space left on device"), "Is the disk full? Free"),
        (MemoryError(), NO_MEMORY),
        (RuntimeError("can't start new thread"), NO_MEMORY),
        (ImportError("x.so: failed to map segment from shared object"), NO_MEMORY),
    ],
)
def test_what_the_machine_refuses_is_named_with_the_remedy(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    said: str,
) -> None:
    _fails_with(monkeypatch, _raise(error))
    assert program.main(["--root", str(project), "clean"]) == 1
    told = capsys.readouterr().err.strip()
    assert told.startswith("Stopped: ")
    assert said in told
    assert "\n" not in told


def test_other_errors_are_none_of_the_machine() -> None:
    assert refused_by_machine(ValueError("x")) is None
    assert refused_by_machine(RuntimeError("x")) is None


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (KeyboardInterrupt(), 130, "Stopped by you. Finished work is kept"),
        (faults.Ended("SIGTERM"), 1, "Stopped from outside (SIGTERM). Finished work is kept"),
    ],
)
def test_being_stopped_is_no_fault(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    status: int,
    said: str,
) -> None:
    _fails_with(monkeypatch, _raise(error))
    assert program.main(["--root", str(project), "clean"]) == status
    assert said in capsys.readouterr().err
    assert not (project / "data").exists()


def test_warnings_and_logged_lines_go_to_the_log_only(capsys: pytest.CaptureFixture[str]) -> None:
    import logging

    noted: list[str] = []
    with watched(Path, noted.append, noted.append), warnings.catch_warnings():
        warnings.showwarning("odd", UserWarning, "lib.py", 3)
        logging.lastResort.handle(logging.makeLogRecord({"msg": "strange", "levelno": 30, "levelname": "WARNING"}))  # type: ignore[union-attr]
    assert noted == ["From a library: UserWarning: odd (lib.py:3)", "From a library: WARNING: strange"]
    assert capsys.readouterr().err == ""


def test_an_error_in_a_thread_is_one_line(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told: list[str] = []
    with watched(lambda: project, told.append, told.append):
        thread = threading.Thread(target=_raise(ValueError("in a thread")))
        thread.start()
        thread.join()
    assert len(told) == 1
    assert "ValueError: in a thread. The details are in" in told[0]
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full here")
def test_a_log_on_a_full_disk_is_named(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "data/processed").mkdir(parents=True)
    assert program.main(["--root", str(project), "clean", "--log", "/dev/full"]) == 1
    assert "Stopped: --log /dev/full: No space left on device. Is the disk full?" in capsys.readouterr().err


def test_a_console_without_streams_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    console = Console()
    console.say("x")
    console.complain("y")
