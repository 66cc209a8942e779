"""Sources from a folder."""

import hashlib
import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import raw
from pipeline.catalogue import Source
from pipeline.errors import ChangedSourceError, FetchError
from pipeline.fetch import Destination, copy_source

CONTENT = b"LSOA21CD,value\r\nE01900001,1\r\n"
SHA = hashlib.sha256(CONTENT).hexdigest()
Declare = Callable[..., Source]


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    folder = tmp_path / "network drive"
    folder.mkdir()
    (folder / "table.csv").write_bytes(CONTENT)
    return folder


def copy(source: Source, mirror: Path, root: Path) -> raw.Receipt | None:
    return copy_source(source, mirror, Destination(root, "saltmarsh"), quiet=True)


def test_a_file_is_copied_with_its_receipt(declare: Declare, mirror: Path, tmp_path: Path) -> None:
    (mirror / "SHA256SUMS").write_text(f"{SHA}  table.csv\n\n{'0' * 64} *./other.csv\n", encoding="utf-8")
    receipt = copy(declare("/table.csv", sha256=SHA), mirror, tmp_path)
    path = tmp_path / "data/raw/invented/table.csv"
    assert path.read_bytes() == CONTENT
    assert receipt is not None
    assert receipt == raw.read_receipt(path)
    assert (receipt.mode, receipt.address, receipt.accepted_difference) == ("mirror", str(mirror / "table.csv"), False)


def test_what_a_mirror_lacks_is_none(declare: Declare, mirror: Path, tmp_path: Path) -> None:
    assert copy(declare("/other.csv"), mirror, tmp_path) is None
    assert not (tmp_path / "data").exists()


def test_a_folder_that_is_not_there(declare: Declare, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="no such folder"):
        copy(declare("/table.csv"), tmp_path / "absent", tmp_path)


def test_the_same_file_again_is_left_alone(declare: Declare, mirror: Path, tmp_path: Path) -> None:
    source, path = declare("/table.csv"), tmp_path / "data/raw/invented/table.csv"
    first = copy(source, mirror, tmp_path)
    os.utime(path, ns=(1, 1))
    assert copy(source, mirror, tmp_path) == first
    assert path.stat().st_mtime_ns == 1
    path.write_bytes(b"edited")
    copy(source, mirror, tmp_path)
    assert path.read_bytes() == CONTENT


def test_a_file_placed_by_hand_gets_its_receipt_and_is_left_alone(
    declare: Declare, mirror: Path, tmp_path: Path
) -> None:
    path = tmp_path / "data/raw/invented/table.csv"
    path.parent.mkdir(parents=True)
    path.write_bytes(CONTENT)
    os.utime(path, ns=(1, 1))
    assert copy(declare("/table.csv"), mirror, tmp_path) == raw.read_receipt(path)
    assert path.stat().st_mtime_ns == 1


def test_a_difference_from_the_declared_is_taken_said_and_noted(
    declare: Declare, mirror: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    receipt = copy(declare("/table.csv", sha256="0" * 64), mirror, tmp_path)
    assert receipt is not None
    assert (receipt.accepted_difference, receipt.declared_sha256, receipt.sha256) == (True, "0" * 64, SHA)
    assert "invented: table.csv is not the release that was checked" in capsys.readouterr().out
    declared_now = copy(declare("/table.csv", sha256=SHA), mirror, tmp_path)
    assert declared_now is not None
    assert not declared_now.accepted_difference
    assert capsys.readouterr().out == ""


def test_a_file_that_is_not_what_the_mirror_lists_is_refused(declare: Declare, mirror: Path, tmp_path: Path) -> None:
    (mirror / "SHA256SUMS").write_text(f"{'0' * 64}  table.csv\n", encoding="utf-8")
    with pytest.raises(ChangedSourceError) as error:
        copy(declare("/table.csv"), mirror, tmp_path)
    assert SHA in str(error.value)
    assert "0" * 64 in str(error.value)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("sums", [b"not a sum\n", b"\xff\xfe\x00", b"0" * 64 + b"\n"])
def test_a_list_of_sums_that_cannot_be_read_is_an_error(
    sums: bytes, declare: Declare, mirror: Path, tmp_path: Path
) -> None:
    (mirror / "SHA256SUMS").write_bytes(sums)
    with pytest.raises(FetchError, match="SHA256SUMS"):
        copy(declare("/table.csv"), mirror, tmp_path)


def test_a_list_of_sums_that_contradicts_itself_is_an_error(declare: Declare, mirror: Path, tmp_path: Path) -> None:
    (mirror / "SHA256SUMS").write_text(f"{SHA}  table.csv\n{'0' * 64}  table.csv\n", encoding="utf-8")
    with pytest.raises(FetchError, match="line 2: table.csv is listed twice"):
        copy(declare("/table.csv"), mirror, tmp_path)


def test_another_name_is_the_second_choice(declare: Declare, mirror: Path, tmp_path: Path) -> None:
    source = declare("/named.csv", also_named=["absent.csv", "table.csv"])
    receipt = copy(source, mirror, tmp_path)
    assert receipt is not None
    assert receipt.file == "table.csv"
    (mirror / "named.csv").write_bytes(CONTENT + b"E01900002,2\r\n")
    receipt = copy(source, mirror, tmp_path)
    assert receipt is not None
    assert receipt.file == "named.csv"


@pytest.mark.parametrize(
    ("file", "member"), [("t.zip", "Data/table.csv"), ("t.zip", "in.zip!table.csv"), ("table.zip", "x.csv")]
)
def test_what_is_published_zipped_may_be_unzipped(
    file: str, member: str, declare: Declare, mirror: Path, tmp_path: Path
) -> None:
    source = declare(f"/{file}", format="zip", member=member)
    receipt = copy(source, mirror, tmp_path)
    assert receipt is not None
    assert receipt.file == "table.csv"
    path = raw.locate(source.model_dump(), tmp_path, "england", "saltmarsh")
    assert path is not None
    with raw.open_member(path, member) as opened:
        assert opened.read() == CONTENT


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("folder", "is a folder"),
        ("broken link", "link that leads nowhere"),
        ("link to itself", "link that leads nowhere"),
        ("pipe", "a device or a pipe"),
        ("device", "a device or a pipe"),
        ("empty", "an empty file"),
    ],
)
def test_what_is_no_file_is_named(kind: str, said: str, declare: Declare, mirror: Path, tmp_path: Path) -> None:
    path = mirror / "other.csv"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "empty":
        path.touch()
    else:
        targets = {"broken link": tmp_path / "gone", "link to itself": path, "device": Path("/dev/zero")}
        path.symlink_to(targets[kind])
    with pytest.raises(FetchError, match=said) as error:
        copy(declare("/other.csv"), mirror, tmp_path)
    assert "invented: " in str(error.value)
    assert "other.csv" in str(error.value)
    assert not (tmp_path / "data").exists()


def test_a_link_to_a_file_is_followed(declare: Declare, mirror: Path, tmp_path: Path) -> None:
    (mirror / "linked.csv").symlink_to(mirror / "table.csv")
    receipt = copy(declare("/linked.csv"), mirror, tmp_path)
    assert receipt is not None
    assert not (tmp_path / "data/raw/invented/linked.csv").is_symlink()


def test_a_file_that_must_not_be_read_is_named(
    declare: Declare, mirror: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("pipeline.fetch.mirror.sha256_of", refuse)
    with pytest.raises(FetchError, match=r"table\.csv cannot be read \(Permission denied\)"):
        copy(declare("/table.csv"), mirror, tmp_path)


def test_a_mirror_that_is_a_file_or_the_raw_folder_itself_is_refused(
    declare: Declare, mirror: Path, tmp_path: Path
) -> None:
    with pytest.raises(FetchError, match="this is a file"):
        copy(declare("/table.csv"), mirror / "table.csv", tmp_path)
    copy(declare("/table.csv"), mirror, tmp_path)
    (tmp_path / "link").symlink_to(tmp_path / "data")
    for folder in ("data/raw", "data/raw/invented", "data/../data/raw", "link/raw"):
        with pytest.raises(FetchError, match="copied onto themselves"):
            copy(declare("/table.csv"), tmp_path / folder, tmp_path)


@pytest.mark.parametrize("name", ["../secret.csv", "sub/table.csv", "..", "/etc/hostname"])
def test_a_path_for_a_name_reads_and_writes_nothing(name: str, declare: Declare, mirror: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_bytes(CONTENT)
    for change in ({"file": name}, {"file": "absent.csv", "also_named": (name,)}):
        with pytest.raises(FetchError, match="bare names"):
            copy(declare("/table.csv").model_copy(update=change), mirror, tmp_path)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("failing", ["write", "replace"])
def test_a_disk_that_fills_up_leaves_what_was_there(
    failing: str, declare: Declare, mirror: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = declare("/table.csv")
    copy(source, mirror, tmp_path)
    folder = tmp_path / "data/raw/invented"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    (mirror / "table.csv").write_bytes(CONTENT + b"E01900002,2\r\n")

    def full(*_: object, **__: object) -> None:
        (folder / "table.csv.part").write_bytes(b"ha")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(f"pipeline.fetch.mirror.{'_copy' if failing == 'write' else 'put_in_place'}", full)
    with pytest.raises(FetchError, match=r"cannot be written \(No space left on device\)\. Is the disk full"):
        copy(source, mirror, tmp_path)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_damaged_archive_and_a_web_page_are_refused(declare: Declare, mirror: Path, tmp_path: Path) -> None:
    (mirror / "t.zip").write_bytes(b"PK damaged")
    with pytest.raises(FetchError, match="not the archive"):
        copy(declare("/t.zip", format="zip", member="x.csv"), mirror, tmp_path)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("other.csv", CONTENT)
    (mirror / "t.zip").write_bytes(content.getvalue())
    with pytest.raises(FetchError, match=r"other\.csv"):
        copy(declare("/t.zip", format="zip", member="x.csv"), mirror, tmp_path)
    (mirror / "table.csv").write_bytes(b"<!DOCTYPE html>")
    with pytest.raises(FetchError, match="web page"):
        copy(declare("/table.csv"), mirror, tmp_path)
    assert not (tmp_path / "data").exists()
