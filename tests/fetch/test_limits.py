"""Servers without end: too slow, too large, or packed so that little becomes much."""

import gzip
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import raw
from pipeline.catalogue import Source
from pipeline.errors import FetchError
from pipeline.fetch import Destination, FetchSettings, Pace, fetch_source
from pipeline.fetch.files import size_limit
from pipeline.fetch.patience import GaveUpError, Patience, PatientBackend
from pipeline.fetch.unpacking import FREE, unpacked
from tests.fixtures.publisher import Fault, Publisher, invented

Declare = Callable[..., Source]
TABLE = b"code,value\r\n" + b"".join(b"E0190%04d,%d\r\n" % (n, n) for n in range(1, 3_000))
SERVICE = "/arcgis/rest/services/Invented/FeatureServer/0"


@pytest.fixture
def hasty(settings: FetchSettings) -> FetchSettings:
    """Settings that give up within half a second."""
    return replace(settings, timeout=0.2, pace=Pace(patience=0.5, least_speed=10_000, window=0.1))


@pytest.fixture
def table(publisher: Publisher, declare: Declare) -> Source:
    publisher.files["/t.csv"] = TABLE
    return declare("/t.csv", size_limit=100_000)


@pytest.fixture
def service(publisher: Publisher, declare: Declare) -> Source:
    publisher.services[SERVICE] = invented(30)
    publisher.most_rows = 10
    return declare(SERVICE, format="arcgis-table", file="t.csv", key_field="LSOA21CD", fields=["LSOA21CD", "LSOA21NM"])


def names(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "data/raw/invented").glob("*"))


def fetched_before(source: Source, root: Path, settings: FetchSettings) -> dict[str, bytes]:
    """A good file of before with its receipt, which every refusal must leave as they are."""
    fetch_source(source, Destination(root, "a"), quiet=True, settings=settings)
    return {path.name: path.read_bytes() for path in (root / "data/raw/invented").iterdir()}


@pytest.mark.parametrize(
    "fault",
    [
        Fault(silence=3),
        Fault(drip=0.02),
        Fault(drip_headers=0.02),
        Fault(endless=b"x", drip=0.02),
        Fault(status=503),
        Fault(status=429, headers={"Retry-After": "3600"}),
        Fault(status=429, headers={"Retry-After": "9" * 400}),
        Fault(cut_after=0),
    ],
    ids=["silent", "drips", "drips headers", "drips for ever", "busy", "asks for an hour", "asks for ever", "cuts"],
)
def test_a_server_that_says_nothing_or_little_is_given_up_in_time(
    fault: Fault, publisher: Publisher, table: Source, tmp_path: Path, settings: FetchSettings, hasty: FetchSettings
) -> None:
    before = fetched_before(table, tmp_path, settings)
    publisher.fail(*[fault] * 50)
    began = time.monotonic()
    with pytest.raises(FetchError, match="invented"):
        fetch_source(
            table, Destination(tmp_path, "a"), quiet=True, settings=replace(hasty, attempts=50, wait_most=0.05)
        )
    assert time.monotonic() - began < 6
    assert {path.name: path.read_bytes() for path in (tmp_path / "data/raw/invented").iterdir()} == before


@pytest.mark.parametrize("fault", [Fault(silence=3), Fault(drip=0.02), Fault(drip_headers=0.02)])
def test_a_service_that_drips_is_given_up_in_time(
    fault: Fault, publisher: Publisher, service: Source, tmp_path: Path, hasty: FetchSettings
) -> None:
    publisher.fail(Fault(), *[fault] * 50)
    began = time.monotonic()
    with pytest.raises(FetchError, match="cannot be fetched"):
        fetch_source(service, Destination(tmp_path, "a"), quiet=True, settings=replace(hasty, attempts=50))
    assert time.monotonic() - began < 6
    assert names(tmp_path) == []


def test_a_line_that_is_slow_but_honest_may_take_longer_than_the_patience(
    publisher: Publisher, declare: Declare, tmp_path: Path, settings: FetchSettings
) -> None:
    line = b"E01900001,1\r\n" * 1_000
    publisher.fail(Fault(endless=line, drip=0.05))
    slow = replace(settings, attempts=1, pace=Pace(patience=0.5, least_speed=10_000, window=0.1))
    began = time.monotonic()
    with pytest.raises(FetchError, match="larger than the 200,000 bytes"):
        fetch_source(declare("/t.csv", size_limit=200_000), Destination(tmp_path, "a"), quiet=True, settings=slow)
    assert time.monotonic() - began > 0.5, "260,000 bytes a second are honest, so that only the limit ends it"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time of a patience, in seconds: its only entry, which a test moves on."""
    now = [1_000.0]
    monkeypatch.setattr("pipeline.fetch.patience.monotonic", lambda: now[0])
    return now


def test_the_patience_counts_what_is_honest(clock: list[float]) -> None:
    patience = Patience(Pace(patience=100, least_speed=1_000, window=10), 10_000_000)
    for _ in range(5):
        clock[0] += 40
        patience.received(40_000)
        patience.check()
    clock[0] += 50
    patience.received(1)
    patience.check()
    clock[0] += 51
    with pytest.raises(GaveUpError, match="200,001 bytes arrived"):
        patience.check()


def test_a_burst_does_not_buy_time_to_drip(clock: list[float]) -> None:
    patience = Patience(Pace(patience=100, least_speed=1_000, window=10), 10_000_000)
    clock[0] += 10
    patience.received(5_000_000)
    for _ in range(99):
        clock[0] += 1
        patience.received(10)
        patience.check()
    clock[0] += 2
    with pytest.raises(GaveUpError):
        patience.check()


def test_an_overall_bound_grows_with_the_bytes_that_may_come(clock: list[float]) -> None:
    patience = Patience(Pace(patience=100, least_speed=1_000, window=10), 50_000)
    for _ in range(14):
        clock[0] += 10
        patience.received(20_000)
        patience.check()
    clock[0] += 10
    with pytest.raises(GaveUpError):
        patience.check()


def test_a_firewall_that_drops_every_address_of_a_server_is_given_up_in_time(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def drop(_: object, host: str, _port: int, timeout: float, *_rest: object) -> None:
        asked.append(host)
        clock[0] += timeout
        raise httpcore.ConnectTimeout

    known_as = [(2, 1, 6, "", (f"192.0.2.{number}", 443)) for number in range(1, 60)]
    monkeypatch.setattr("pipeline.fetch.patience.socket.getaddrinfo", lambda *_, **__: known_as)
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", drop)
    with pytest.raises(GaveUpError):
        PatientBackend(Patience(Pace(patience=120), 0)).connect_tcp("example.org", 443, timeout=50)
    assert asked == ["192.0.2.1", "192.0.2.2", "192.0.2.3"]


def test_no_connection_is_begun_without_patience() -> None:
    patience = Patience(Pace(patience=0.0), 0)
    with pytest.raises(GaveUpError):
        PatientBackend(patience).connect_tcp("127.0.0.1", 9)
    assert isinstance(PatientBackend(patience), httpcore.NetworkBackend)


@pytest.mark.parametrize("told", [True, False], ids=["with its length", "without end"])
def test_more_bytes_than_a_source_may_have_are_refused(
    told: bool,
    publisher: Publisher,
    table: Source,
    tmp_path: Path,
    settings: FetchSettings,
) -> None:
    before = fetched_before(table, tmp_path, settings)
    if told:
        publisher.files["/t.csv"] = TABLE * 4
    else:
        publisher.fail(Fault(endless=TABLE))
    with pytest.raises(FetchError, match=r"larger than the 100,000 bytes .* raise size_limit"):
        fetch_source(table, Destination(tmp_path, "a"), accept=True, quiet=True, settings=settings)
    assert {path.name: path.read_bytes() for path in (tmp_path / "data/raw/invented").iterdir()} == before


def test_the_limit_is_declared_or_four_times_the_last_size(declare: Declare, settings: FetchSettings) -> None:
    receipt = raw.made_receipt("invented", "t.csv", b"x" * 1_000_000, "a")
    assert size_limit(declare("/t.csv", size_limit=5), receipt, settings) == 5
    assert size_limit(declare("/t.csv", size=2_000_000), receipt, settings) == 8_000_000
    assert size_limit(declare("/t.csv"), receipt, settings) == 4_000_000
    assert size_limit(declare("/t.csv"), None, settings) == settings.most_bytes


def test_a_service_must_keep_to_the_limits_too(
    publisher: Publisher, service: Source, tmp_path: Path, settings: FetchSettings
) -> None:
    small = service.model_copy(update={"size_limit": 300})
    with pytest.raises(FetchError, match="larger than the 300 bytes"):
        fetch_source(small, Destination(tmp_path, "a"), quiet=True, settings=settings)
    with pytest.raises(FetchError, match="one reply of the service is larger than 100 bytes"):
        fetch_source(service, Destination(tmp_path, "a"), quiet=True, settings=replace(settings, most_in_reply=100))
    publisher.fail(Fault(body=gzip.compress(b" " * 30_000_000), headers={"Content-Encoding": "gzip"}))
    with pytest.raises(FetchError, match="unpack to"):
        fetch_source(service, Destination(tmp_path, "a"), quiet=True, settings=settings)
    assert names(tmp_path) == []


@pytest.mark.parametrize("brackets", [b"[" * 200_000, b'{"a":' * 200_000, b'{"features":' + b"[" * 200_000])
def test_brackets_without_end_are_no_data(
    brackets: bytes, publisher: Publisher, service: Source, tmp_path: Path, settings: FetchSettings
) -> None:
    publisher.fail(Fault(), Fault(body=brackets))
    with pytest.raises(FetchError, match="brackets nested without end"):
        fetch_source(service, Destination(tmp_path, "a"), quiet=True, settings=settings)


def test_brackets_that_can_only_just_be_read_are_refused_too(
    publisher: Publisher, service: Source, tmp_path: Path, settings: FetchSettings
) -> None:
    for depth in (5, 900, 960, 985, 990, 995):
        row = b'{"attributes":{"LSOA21CD":"E01900001","LSOA21NM":' + b"[" * depth + b"]" * depth + b"}}"
        publisher.fail(Fault(), Fault(body=b'{"features":[' + row + b"]}"))
        with pytest.raises(FetchError, match="nested without end|neither text nor a number"):
            fetch_source(service, Destination(tmp_path, "a"), quiet=True, settings=settings)


def test_a_packed_answer_is_unpacked_within_limits(
    publisher: Publisher, table: Source, tmp_path: Path, settings: FetchSettings
) -> None:
    packed = gzip.compress(TABLE)
    publisher.fail(Fault(body=packed, headers={"Content-Encoding": "gzip"}))
    assert fetch_source(table, Destination(tmp_path, "a"), quiet=True, settings=settings).size == len(TABLE)
    before = (tmp_path / "data/raw/invented/t.csv").read_bytes()
    wide = table.model_copy(update={"size_limit": 1_000_000_000})
    publisher.fail(Fault(body=gzip.compress(b"a,b\n" * 2_000_000), headers={"Content-Encoding": "gzip"}))
    with pytest.raises(FetchError, match="unpack to"):
        fetch_source(wide, Destination(tmp_path, "a"), quiet=True, settings=settings)
    publisher.fail(*[Fault(body=packed[:-50], headers={"Content-Encoding": "gzip"})] * settings.attempts)
    with pytest.raises(FetchError, match="cut short"):
        fetch_source(table, Destination(tmp_path, "a"), quiet=True, settings=settings)
    publisher.fail(Fault(body=packed, headers={"Content-Encoding": "br"}))
    with pytest.raises(FetchError, match="not asked for"):
        fetch_source(table, Destination(tmp_path, "a"), quiet=True, settings=settings)
    assert (tmp_path / "data/raw/invented/t.csv").read_bytes() == before


def _bare(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(content) + packer.flush()


@given(st.binary(max_size=5_000), st.integers(1, 600), st.sampled_from(["gzip", "zlib", "bare", "two members"]))
def test_what_is_unpacked_in_pieces_is_what_was_packed(content: bytes, size: int, kind: str) -> None:
    ways: dict[str, Callable[[bytes], bytes]] = {
        "gzip": gzip.compress,
        "zlib": zlib.compress,
        "bare": _bare,
        "two members": lambda text: gzip.compress(text[:100]) + gzip.compress(text[100:]),
    }
    packed = ways[kind](content)
    pieces = [packed[start : start + size] for start in range(0, len(packed), size)]
    encoding = "gzip" if kind in ("gzip", "two members") else "deflate"
    assert b"".join(unpacked(pieces, encoding, "t")) == content


def test_what_swells_is_stopped_before_it_fills_the_memory() -> None:
    bomb = zlib.compress(b"\0" * 30_000_000)
    pieces = unpacked([bomb], "deflate", "t")
    assert sum(len(next(pieces)) for _ in range(5)) <= FREE + 200 * len(bomb)
    with pytest.raises(FetchError, match="which no table does"):
        list(pieces)
