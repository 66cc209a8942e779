"""The rest of a file is only joined to what came before where the answer proves that it is the same file."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.catalogue import Source
from pipeline.errors import FetchError
from pipeline.fetch import Destination, FetchSettings, fetch_source
from tests.fixtures.publisher import Fault, Publisher

Declare = Callable[..., Source]
OLD = b"code,value\r\n" + b"".join(b"E0190%04d,old\r\n" % n for n in range(1, 3_000))
NEW = OLD.replace(b"old", b"new")
CUT = 20_000
YESTERDAY, TODAY = "Thu, 26 Nov 2026 10:00:00 GMT", "Fri, 27 Nov 2026 10:00:00 GMT"


@pytest.fixture
def table(publisher: Publisher, declare: Declare) -> Source:
    publisher.files["/t.csv"] = OLD
    return declare("/t.csv")


def taken(table: Source, root: Path, settings: FetchSettings) -> bytes:
    fetch_source(table, Destination(root, "a"), quiet=True, settings=settings)
    return (root / "data/raw/invented/t.csv").read_bytes()


@pytest.mark.parametrize("resumes", ["properly", "another", "blindly"])
@pytest.mark.parametrize("told_by", ["etag", "time"])
@pytest.mark.parametrize("across", ["one run", "two runs"])
def test_half_old_and_half_new_is_never_taken(
    resumes: str,
    told_by: str,
    across: str,
    publisher: Publisher,
    table: Source,
    tmp_path: Path,
    settings: FetchSettings,
) -> None:
    versions = publisher.etags if told_by == "etag" else publisher.modified
    versions["/t.csv"] = '"one"' if told_by == "etag" else YESTERDAY
    publisher.resumes = resumes  # type: ignore[assignment]
    publisher.fail(Fault(cut_after=CUT))
    with pytest.raises(FetchError):
        taken(table, tmp_path, replace(settings, attempts=1))
    publisher.files["/t.csv"] = NEW
    versions["/t.csv"] = '"two"' if told_by == "etag" else TODAY
    if across == "one run":
        publisher.fail(Fault(cut_after=0))
    assert taken(table, tmp_path, settings) == NEW


@pytest.mark.parametrize("told_by", ["etag", "time"])
def test_the_rest_of_the_same_file_is_joined(
    told_by: str, publisher: Publisher, table: Source, tmp_path: Path, settings: FetchSettings
) -> None:
    if told_by == "etag":
        publisher.etags["/t.csv"] = '"one"'
    else:
        publisher.modified["/t.csv"] = YESTERDAY
    publisher.fail(Fault(cut_after=CUT))
    assert taken(table, tmp_path, settings) == OLD
    assert publisher.headers_sent("Range") == [None, f"bytes={CUT}-"]
    assert publisher.headers_sent("If-Range")[1] in ('"one"', YESTERDAY)


def test_a_large_file_comes_over_a_line_that_is_often_cut(
    publisher: Publisher, table: Source, tmp_path: Path, settings: FetchSettings
) -> None:
    publisher.files["/t.csv"] = large = OLD * 100
    publisher.etags["/t.csv"] = '"one"'
    publisher.fail(*[Fault(cut_after=1_200_000)] * 3)
    assert taken(table, tmp_path, replace(settings, attempts=1)) == large
    assert len(publisher.requests) == 4
    publisher.fail(*[Fault(cut_after=900_000)] * 3)
    publisher.etags["/t.csv"] = '"two"'
    with pytest.raises(FetchError):
        taken(table, tmp_path, replace(settings, attempts=1))


def test_the_same_version_of_another_size_is_not_joined(
    publisher: Publisher, table: Source, tmp_path: Path, settings: FetchSettings
) -> None:
    publisher.etags["/t.csv"] = '"one"'
    publisher.fail(Fault(cut_after=CUT))
    with pytest.raises(FetchError):
        taken(table, tmp_path, replace(settings, attempts=1))
    publisher.files["/t.csv"] = NEW + b"E01909999,new\r\n"
    assert taken(table, tmp_path, settings) == publisher.files["/t.csv"]


def test_a_part_of_another_address_is_not_gone_on_with(
    publisher: Publisher, table: Source, tmp_path: Path, settings: FetchSettings
) -> None:
    publisher.etags = {"/t.csv": '"one"', "/moved.csv": '"one"'}
    publisher.files["/moved.csv"] = NEW
    publisher.fail(Fault(cut_after=CUT))
    with pytest.raises(FetchError):
        taken(table, tmp_path, replace(settings, attempts=1))
    moved = table.model_copy(update={"address": publisher.address + "/moved.csv"})
    assert taken(moved, tmp_path, settings) == NEW


def test_a_part_that_nobody_asked_for_is_not_a_file(
    publisher: Publisher, table: Source, tmp_path: Path, settings: FetchSettings
) -> None:
    rest = Fault(status=206, body=OLD[CUT:], headers={"Content-Range": f"bytes {CUT}-{len(OLD) - 1}/{len(OLD)}"})
    publisher.fail(*[rest] * settings.attempts)
    with pytest.raises(FetchError, match="nothing proves"):
        taken(table, tmp_path, settings)
    publisher.fail(*[Fault(status=202, body=b"come back later")] * settings.attempts)
    with pytest.raises(FetchError, match="202 without a file"):
        taken(table, tmp_path, settings)


@pytest.mark.parametrize("note", [b"", b"\xff", b"[]", b'"one"', b"{" * 5_000, json.dumps({"address": 1}).encode()])
def test_a_note_of_a_version_that_says_nothing_begins_again(
    note: bytes, publisher: Publisher, table: Source, tmp_path: Path, settings: FetchSettings
) -> None:
    folder = tmp_path / "data/raw/invented"
    folder.mkdir(parents=True)
    (folder / "t.csv.part").write_bytes(NEW[:CUT])
    (folder / "t.csv.part.version").write_bytes(note)
    assert taken(table, tmp_path, settings) == OLD
    assert sorted(path.name for path in folder.iterdir()) == ["t.csv", "t.csv.receipt.json"]


def test_what_killed_fetches_left_is_swept(
    publisher: Publisher, table: Source, tmp_path: Path, settings: FetchSettings
) -> None:
    folder = tmp_path / "data/raw/invented"
    folder.mkdir(parents=True)
    for name in ("other.csv.part", "other.csv.part.version", ".t.csv.receipt.json.part", ".x.part", "t.csv.part"):
        (folder / name).write_bytes(b"left")
    (folder / "kept by hand.csv").write_bytes(b"hand")
    assert taken(table, tmp_path, settings) == OLD
    assert sorted(path.name for path in folder.iterdir()) == ["kept by hand.csv", "t.csv", "t.csv.receipt.json"]


def test_a_receipt_that_was_cut_is_written_again(
    publisher: Publisher, table: Source, tmp_path: Path, settings: FetchSettings
) -> None:
    taken(table, tmp_path, settings)
    receipt = tmp_path / "data/raw/invented/t.csv.receipt.json"
    for cut in ('{"source": "inv', "", "[]", "[" * 100_000):
        receipt.write_text(cut, encoding="utf-8")
        taken(table, tmp_path, settings)
        assert json.loads(receipt.read_text(encoding="utf-8"))["file"] == "t.csv"
