"""A publisher may send on to its servers, over https, and nowhere else."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from pipeline.catalogue import Source
from pipeline.errors import FetchError
from pipeline.fetch import Destination, FetchSettings, check_sources, fetch_source
from pipeline.fetch.client import answer
from tests.fixtures.publisher import Publisher, invented

Declare = Callable[..., Source]
TABLE = b"code,value\r\nE01900001,1\r\nE01900002,2\r\n"


@pytest.fixture
def elsewhere() -> Iterator[Publisher]:
    """Another server, which holds the file under the same path."""
    with Publisher(files={"/t.csv": TABLE}) as opened:
        yield opened


def taken(source: Source, root: Path, settings: FetchSettings) -> int:
    return fetch_source(source, Destination(root, "a"), quiet=True, settings=settings).size


def test_a_server_that_is_not_declared_is_not_asked(
    publisher: Publisher, elsewhere: Publisher, declare: Declare, tmp_path: Path, settings: FetchSettings
) -> None:
    publisher.redirects["/t.csv"] = elsewhere.address + "/t.csv?signature=secret"
    with pytest.raises(FetchError, match=r"(?s)sends on to http://127\.0\.0\.1:\d+/t\.csv, .* hosts = \[") as error:
        taken(declare("/t.csv"), tmp_path, settings)
    assert "secret" not in str(error.value)
    assert not elsewhere.requests
    assert not list((tmp_path / "data/raw/invented").iterdir())


def test_a_server_that_is_declared_may_send_the_file(
    publisher: Publisher, elsewhere: Publisher, declare: Declare, tmp_path: Path, settings: FetchSettings
) -> None:
    publisher.redirects["/t.csv"] = elsewhere.address + "/t.csv"
    host = elsewhere.address.removeprefix("http://")
    assert taken(declare("/t.csv", hosts=[host]), tmp_path, settings) == len(TABLE)


@pytest.mark.parametrize("to", ["http://example.org/t.csv", "ftp://127.0.0.1/t.csv", "file:///etc/passwd"])
def test_only_https_is_followed(
    to: str, publisher: Publisher, declare: Declare, tmp_path: Path, settings: FetchSettings
) -> None:
    publisher.redirects["/t.csv"] = to
    with pytest.raises(FetchError, match=r"not an https address|cannot be fetched"):
        taken(declare("/t.csv", hosts=["example.org"]), tmp_path, settings)


@pytest.mark.parametrize("address", ["http://example.org/t.csv", "http://192.0.2.1/t.csv", "ftp://example.org/t.csv"])
def test_only_https_is_declared(address: str, declare: Declare) -> None:
    with pytest.raises(ValueError, match="begins with https://"):
        declare("/t.csv", address=address)


@pytest.mark.parametrize("address", ["https://[", "https://", "not an address"])
def test_an_address_that_is_none_cannot_be_declared(address: str, declare: Declare) -> None:
    with pytest.raises(ValueError, match="address: "):
        declare("/t.csv", address=address)


def test_a_server_that_no_name_can_mean_is_said(declare: Declare, tmp_path: Path, settings: FetchSettings) -> None:
    address = f"https://{'a' * 70}.example.org/t.csv"
    with pytest.raises(FetchError, match="invented: "):
        taken(declare("/t.csv", address=address), tmp_path, settings)
    assert check_sources([declare("/t.csv", address=address)], settings)[0].verdict in ("moved", "not reachable")


def test_redirects_in_a_circle_end(
    publisher: Publisher, declare: Declare, tmp_path: Path, settings: FetchSettings
) -> None:
    publisher.redirects |= {"/t.csv": "/u.csv", "/u.csv": "/t.csv"}
    with pytest.raises(FetchError, match="more than 5 redirects"):
        taken(declare("/t.csv"), tmp_path, settings)
    assert len(publisher.requests) == 6


def test_a_service_is_not_sent_elsewhere(
    publisher: Publisher, elsewhere: Publisher, declare: Declare, tmp_path: Path, settings: FetchSettings
) -> None:
    elsewhere.services["/s"] = invented(3)
    publisher.redirects["/s/query"] = elsewhere.address + "/s/query"
    service = declare("/s", format="arcgis-table", file="t.csv", key_field="LSOA21CD", fields=["LSOA21CD", "LSOA21NM"])
    with pytest.raises(FetchError, match="not declared"):
        taken(service, tmp_path, settings)
    assert not elsewhere.requests


@pytest.mark.parametrize(
    ("to", "allowed"),
    [
        ("https://files.example.org/other", True),
        ("https://store.example.net/signed?sig=1", True),
        ("https://store.example.net:8443/signed", False),
        ("https://example.net/", False),
        ("https://files.example.org.evil.example/", False),
        ("http://files.example.org/other", False),
        ("http://127.0.0.1/other", False),
    ],
)
def test_from_an_https_address_only_to_declared_hosts_over_https(to: str, allowed: bool, declare: Declare) -> None:
    source = declare("/t.csv", address="https://files.example.org/t.csv", hosts=["store.example.net"])

    def respond(request: httpx.Request) -> httpx.Response:
        if str(request.url) == source.address:
            return httpx.Response(302, headers={"Location": to})
        return httpx.Response(200, text="came")

    with httpx.Client(transport=httpx.MockTransport(respond)) as http:
        request = http.build_request("GET", source.address)
        if allowed:
            with answer(http, source, request) as response:
                assert response.read() == b"came"
        else:
            with pytest.raises(FetchError), answer(http, source, request):
                pass


def test_names_from_the_server_are_never_used(
    publisher: Publisher, declare: Declare, tmp_path: Path, settings: FetchSettings
) -> None:
    publisher.files["/other/../../evil.csv"] = TABLE
    publisher.redirects["/t.csv"] = "/other/../../evil.csv"
    publisher.files["/evil.csv"] = TABLE
    taken(declare("/t.csv"), tmp_path, settings)
    assert sorted(path.name for path in (tmp_path / "data/raw/invented").iterdir()) == ["t.csv", "t.csv.receipt.json"]


@pytest.mark.parametrize("name", ["../../../x.csv", "/x.csv", "..", "a\\b.csv", "C:x.csv", "sub/x.csv"])
def test_a_path_for_a_name_writes_nothing(
    name: str, publisher: Publisher, declare: Declare, tmp_path: Path, settings: FetchSettings
) -> None:
    publisher.files["/t.csv"] = TABLE
    # As a declaration would be that was not checked when it was read.
    source = declare("/t.csv").model_copy(update={"file": name})
    with pytest.raises(FetchError, match="bare names"):
        taken(source, tmp_path, settings)
    assert not publisher.requests
    assert not list(tmp_path.rglob("*.csv"))
