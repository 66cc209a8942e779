"""Files and archives from the network."""

import hashlib
import io
import socket
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipeline import raw
from pipeline.catalogue import Source
from pipeline.errors import ChangedSourceError, FetchError
from pipeline.fetch import Destination, FetchSettings, fetch_source
from tests.fixtures.publisher import Fault, Publisher

CONTENT = b"LSOA21CD,value\r\n" + b"".join(b"E0190%04d,%d\r\n" % (n, n) for n in range(1, 5_000))
SHA = hashlib.sha256(CONTENT).hexdigest()
Declare = Callable[..., Source]


def zipped(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name.replace("__", "."), body)
    return content.getvalue()


@pytest.fixture
def table(publisher: Publisher, declare: Declare) -> Source:
    publisher.files["/table.csv"] = CONTENT
    publisher.etags["/table.csv"] = '"one"'
    return declare("/table.csv", size=len(CONTENT), sha256=SHA)


def folder(root: Path) -> Path:
    return root / "data" / "raw" / "invented"


def names(root: Path) -> list[str]:
    return sorted(path.name for path in folder(root).glob("*"))


def test_a_file_is_put_in_place_with_its_receipt(table: Source, tmp_path: Path, settings: FetchSettings) -> None:
    receipt = fetch_source(table, Destination(tmp_path, "saltmarsh"), quiet=True, settings=settings)
    path = folder(tmp_path) / "table.csv"
    assert path.read_bytes() == CONTENT
    assert raw.read_receipt(path) == receipt
    assert (receipt.mode, receipt.address, receipt.size, receipt.sha256) == (
        "network",
        table.address,
        len(CONTENT),
        SHA,
    )
    assert (receipt.declared_sha256, receipt.declared_size, receipt.accepted_difference) == (SHA, len(CONTENT), False)
    assert names(tmp_path) == ["table.csv", "table.csv.receipt.json"]


def test_the_demo_nation_has_its_own_folder(table: Source, tmp_path: Path, settings: FetchSettings) -> None:
    fetch_source(table, Destination(tmp_path, "demo", "demo"), quiet=True, settings=settings)
    assert (tmp_path / "data/raw/demo/invented/table.csv").is_file()


def test_a_file_that_is_there_and_as_declared_is_not_asked_for_again(
    publisher: Publisher, table: Source, tmp_path: Path, settings: FetchSettings
) -> None:
    first = fetch_source(table, Destination(tmp_path, "a"), quiet=True, settings=settings)
    again = fetch_source(table, Destination(tmp_path, "a"), quiet=True, settings=settings)
    assert again == first
    assert len(publisher.requests) == 1


def test_a_raw_file_that_was_damaged_since_is_fetched_again(
    table: Source, tmp_path: Path, settings: FetchSettings
) -> None:
    for source in (table, table.model_copy(update={"sha256": None, "size": None})):
        fetch_source(source, Destination(tmp_path, "a"), quiet=True, settings=settings)
        (folder(tmp_path) / "table.csv").write_bytes(b"damaged")
        fetch_source(source, Destination(tmp_path, "a"), quiet=True, settings=settings)
        assert (folder(tmp_path) / "table.csv").read_bytes() == CONTENT


def test_the_same_bytes_again_leave_the_file_alone(table: Source, tmp_path: Path, settings: FetchSettings) -> None:
    unpinned = table.model_copy(update={"sha256": None, "size": None})
    first = fetch_source(unpinned, Destination(tmp_path, "a"), quiet=True, settings=settings)
    before = (folder(tmp_path) / "table.csv").stat().st_mtime_ns
    assert fetch_source(unpinned, Destination(tmp_path, "a"), quiet=True, settings=settings) == first
    assert (folder(tmp_path) / "table.csv").stat().st_mtime_ns == before
    assert names(tmp_path) == ["table.csv", "table.csv.receipt.json"]


def test_a_cut_connection_is_resumed_where_it_was_cut(
    publisher: Publisher, table: Source, tmp_path: Path, settings: FetchSettings
) -> None:
    publisher.fail(Fault(cut_after=30_000))
    fetch_source(table, Destination(tmp_path, "a"), quiet=True, settings=settings)
    assert (folder(tmp_path) / "table.csv").read_bytes() == CONTENT
    assert publisher.headers_sent("Range") == [None, "bytes=30000-"]
    assert publisher.headers_sent("If-Range") == [None, '"one"']


def test_a_download_that_gave_up_goes_on_the_next_time(
    publisher: Publisher, table: Source, tmp_path: Path, settings: FetchSettings
) -> None:
    publisher.fail(Fault(cut_after=20_000))
    publisher.fail(*[Fault(status=503)] * 3)
    with pytest.raises(FetchError, match="503"):
        fetch_source(table, Destination(tmp_path, "a"), quiet=True, settings=settings)
    assert not (folder(tmp_path) / "table.csv").exists()
    fetch_source(table, Destination(tmp_path, "a"), quiet=True, settings=settings)
    assert publisher.headers_sent("Range")[-1] == "bytes=20000-"
    assert (folder(tmp_path) / "table.csv").read_bytes() == CONTENT
    assert names(tmp_path) == ["table.csv", "table.csv.receipt.json"]


@pytest.mark.parametrize("change", ["ignores_range", "wrong_range", "new version", "no etag", "weak etag", "shorter"])
def test_it_starts_afresh_when_it_cannot_go_on(
    change: str, publisher: Publisher, table: Source, tmp_path: Path, settings: FetchSettings
) -> None:
    if change == "no etag":
        publisher.etags.clear()
    if change == "weak etag":
        publisher.etags["/table.csv"] = 'W/"one"'
    part = folder(tmp_path) / "table.csv.part"
    publisher.fail(Fault(cut_after=30_000), *[Fault(status=500)] * 3)
    with pytest.raises(FetchError):
        fetch_source(table, Destination(tmp_path, "a"), quiet=True, settings=settings)
    if change in ("no etag", "weak etag"):
        assert not part.exists(), "the rest of it could never be asked for"
        part.parent.mkdir(exist_ok=True)
    else:
        assert part.read_bytes() == CONTENT[:30_000]
    part.write_bytes(b"x" * 30_000)
    if change in ("ignores_range", "wrong_range"):
        setattr(publisher, change, True)
    if change == "new version":
        publisher.etags["/table.csv"] = '"two"'
    if change == "shorter":
        part.write_bytes(b"x" * len(CONTENT))
    fetch_source(table, Destination(tmp_path, "a"), quiet=True, settings=settings)
    assert (folder(tmp_path) / "table.csv").read_bytes() == CONTENT


def test_it_waits_as_long_as_the_server_asks(
    publisher: Publisher, table: Source, tmp_path: Path, settings: FetchSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    publisher.fail(Fault(status=429, headers={"Retry-After": "1"}))
    fetch_source(table, Destination(tmp_path, "a"), quiet=True, settings=settings)
    assert (folder(tmp_path) / "table.csv").is_file()
    assert "trying again in 1 s" in capsys.readouterr().err


@pytest.mark.parametrize("header", ["Wed, 21 Oct 2015 07:28:00 GMT", "soon", "0"])
def test_a_strange_or_past_retry_after_does_not_stop_it(
    header: str, publisher: Publisher, table: Source, tmp_path: Path, settings: FetchSettings
) -> None:
    publisher.fail(Fault(status=429, headers={"Retry-After": header}))
    fetch_source(table, Destination(tmp_path, "a"), quiet=True, settings=settings)


def test_a_busy_server_is_asked_again_and_then_given_up(
    publisher: Publisher, table: Source, tmp_path: Path, settings: FetchSettings
) -> None:
    publisher.fail(Fault(status=503), Fault(status=502))
    fetch_source(table, Destination(tmp_path / "one", "a"), quiet=True, settings=settings)
    publisher.fail(*[Fault(status=503)] * settings.attempts)
    with pytest.raises(FetchError, match="503") as error:
        fetch_source(table, Destination(tmp_path / "two", "a"), quiet=True, settings=settings)
    assert "Try again later" in str(error.value)
    assert "MIRROR=<folder>" in str(error.value)


def test_a_file_that_moved_is_not_asked_for_twice(
    publisher: Publisher, declare: Declare, tmp_path: Path, settings: FetchSettings
) -> None:
    with pytest.raises(FetchError, match="404") as error:
        fetch_source(declare("/gone.csv"), Destination(tmp_path, "a"), quiet=True, settings=settings)
    assert len(publisher.requests) == 1
    assert "https://example.org/invented" in str(error.value)


def test_redirects_are_followed(publisher: Publisher, table: Source, tmp_path: Path, settings: FetchSettings) -> None:
    publisher.redirects["/old.csv"] = "/table.csv"
    moved = table.model_copy(update={"address": publisher.address + "/old.csv"})
    assert fetch_source(moved, Destination(tmp_path, "a"), quiet=True, settings=settings).sha256 == SHA


def test_other_bytes_are_refused_with_the_command_that_accepts_them(
    table: Source, tmp_path: Path, settings: FetchSettings
) -> None:
    changed = table.model_copy(update={"sha256": "0" * 64, "size": 5})
    with pytest.raises(ChangedSourceError) as error:
        fetch_source(changed, Destination(tmp_path, "saltmarsh"), quiet=True, settings=settings)
    for said in ("0" * 64, SHA, "expected 5 bytes", f"{len(CONTENT):,}", "make data AREA=saltmarsh ACCEPT=invented"):
        assert said in str(error.value)
    assert names(tmp_path) == []


def test_accepted_bytes_are_taken_and_noted_until_they_are_declared(
    table: Source, tmp_path: Path, settings: FetchSettings
) -> None:
    changed = table.model_copy(update={"sha256": "0" * 64})
    receipt = fetch_source(changed, Destination(tmp_path, "a"), accept=True, quiet=True, settings=settings)
    assert (receipt.accepted_difference, receipt.declared_sha256, receipt.sha256) == (True, "0" * 64, SHA)
    declared_now = fetch_source(table, Destination(tmp_path, "a"), quiet=True, settings=settings)
    assert (declared_now.accepted_difference, declared_now.declared_sha256) == (False, SHA)
    assert raw.read_receipt(folder(tmp_path) / "table.csv") == declared_now


def test_what_was_there_stays_when_the_new_one_is_refused(
    publisher: Publisher, table: Source, tmp_path: Path, settings: FetchSettings
) -> None:
    unpinned = table.model_copy(update={"sha256": None, "size": None})
    fetch_source(unpinned, Destination(tmp_path, "a"), quiet=True, settings=settings)
    publisher.files["/table.csv"] = b"<html>sign in</html>"
    with pytest.raises(FetchError):
        fetch_source(unpinned, Destination(tmp_path, "a"), quiet=True, settings=settings)
    assert (folder(tmp_path) / "table.csv").read_bytes() == CONTENT


@pytest.mark.parametrize(
    "page",
    [b"<!DOCTYPE html><p>Sign in", b"\xef\xbb\xbf\r\n <HTML>", b"<?xml version='1.0'?><Error/>", b"<!-- x --><html>"],
)
def test_a_web_page_where_data_should_be_is_refused(
    page: bytes, publisher: Publisher, declare: Declare, tmp_path: Path, settings: FetchSettings
) -> None:
    publisher.files["/table.csv"] = page
    with pytest.raises(FetchError, match="web page"):
        fetch_source(declare("/table.csv"), Destination(tmp_path, "a"), accept=True, quiet=True, settings=settings)
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "body", "said"), [("t.csv", b"", "empty"), ("t.xlsx", b"PK\x03\x04 cut", "cut short")]
)
def test_an_empty_file_and_half_a_workbook_are_refused(
    name: str, body: bytes, said: str, publisher: Publisher, declare: Declare, tmp_path: Path, settings: FetchSettings
) -> None:
    publisher.files[f"/{name}"] = body
    with pytest.raises(FetchError, match=said):
        fetch_source(declare(f"/{name}"), Destination(tmp_path, "a"), quiet=True, settings=settings)
    assert names(tmp_path) == []


def test_an_archive_is_kept_as_it_came_and_its_member_opened(
    publisher: Publisher, declare: Declare, tmp_path: Path, settings: FetchSettings
) -> None:
    publisher.files["/t.zip"] = zipped(table__csv=CONTENT)
    fetch_source(
        declare("/t.zip", format="zip", member="table.csv"), Destination(tmp_path, "a"), quiet=True, settings=settings
    )
    path = folder(tmp_path) / "t.zip"
    assert path.read_bytes() == publisher.files["/t.zip"]
    with raw.open_member(path, "table.csv") as file:
        assert file.read() == CONTENT


def test_an_archive_within_an_archive(
    publisher: Publisher, declare: Declare, tmp_path: Path, settings: FetchSettings
) -> None:
    publisher.files["/t.zip"] = zipped(inner__zip=zipped(table__csv=CONTENT))
    source = declare("/t.zip", format="zip", member="inner.zip!table.csv")
    fetch_source(source, Destination(tmp_path, "a"), quiet=True, settings=settings)
    with raw.open_member(folder(tmp_path) / "t.zip", "inner.zip!table.csv") as file:
        assert file.read() == CONTENT


def _flipped(archive: bytes) -> bytes:
    return archive[:60] + bytes(255 - byte for byte in archive[60:90]) + archive[90:]


@pytest.mark.parametrize(
    ("body", "member", "said"),
    [
        (b"no archive at all", "table.csv", "not the archive"),
        (_flipped(zipped(table__csv=CONTENT)), "table.csv", "table.csv|archive"),
        (zipped(table__csv=CONTENT)[:-40], "table.csv", "not the archive"),
        (zipped(other__csv=CONTENT), "table.csv", "other.csv"),
        (zipped(inner__zip=b"no archive"), "inner.zip!table.csv", "inner.zip"),
        (zipped(inner__zip=_flipped(zipped(table__csv=CONTENT))), "inner.zip!table.csv", "damaged"),
    ],
    ids=["no zip", "corrupt", "cut", "member missing", "inner no zip", "inner corrupt"],
)
def test_a_broken_archive_is_refused(
    body: bytes, member: str, said: str, publisher: Publisher, declare: Declare, tmp_path: Path, settings: FetchSettings
) -> None:
    publisher.files["/t.zip"] = body
    with pytest.raises(FetchError, match=said):
        fetch_source(
            declare("/t.zip", format="zip", member=member), Destination(tmp_path, "a"), quiet=True, settings=settings
        )
    assert names(tmp_path) == []


def test_a_disk_that_fills_up_leaves_what_was_there(
    publisher: Publisher, table: Source, tmp_path: Path, settings: FetchSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpinned = table.model_copy(update={"sha256": None, "size": None})
    fetch_source(unpinned, Destination(tmp_path, "a"), quiet=True, settings=settings)
    before = {path.name: path.read_bytes() for path in folder(tmp_path).iterdir()}
    publisher.files["/table.csv"] = CONTENT + b"E01905000,1\r\n"

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    for step in ("pipeline.fetch.files._append", "pipeline.fetch.sources.put_in_place"):
        monkeypatch.setattr(step, full)
        with pytest.raises(FetchError, match=r"cannot be written \(No space left on device\)"):
            fetch_source(unpinned, Destination(tmp_path, "a"), quiet=True, settings=settings)
        monkeypatch.undo()
        assert {path.name: path.read_bytes() for path in folder(tmp_path).iterdir()} == before


def test_two_fetches_of_one_source_do_not_trip_over_each_other(
    publisher: Publisher, table: Source, tmp_path: Path, settings: FetchSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    publisher.fail(Fault(silence=0.3))
    with ThreadPoolExecutor(3) as threads:
        receipts = list(
            threads.map(
                lambda _: fetch_source(table, Destination(tmp_path, "a"), quiet=True, settings=settings), range(3)
            )
        )
    assert len(set(receipts)) == 1
    assert len(publisher.requests) == 1, "the others wait, and find the file there"
    assert "another run is fetching it; waiting" in capsys.readouterr().err
    assert names(tmp_path) == ["table.csv", "table.csv.receipt.json"]


def test_without_internet_it_says_what_to_do(declare: Declare, tmp_path: Path, settings: FetchSettings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    address = f"http://127.0.0.1:{port}/table.csv"
    with pytest.raises(FetchError) as error:
        fetch_source(
            declare("/table.csv", address=address), Destination(tmp_path, "saltmarsh"), quiet=True, settings=settings
        )
    for said in ("invented", address, "https://example.org/invented", "table.csv", "AREA=saltmarsh MIRROR=<folder>"):
        assert said in str(error.value)
    assert names(tmp_path) == []
