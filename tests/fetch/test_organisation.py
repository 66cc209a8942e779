"""The network of an organisation: a proxy on the way, and connections that it signs with a certificate of its own."""

import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from pipeline import raw
from pipeline.catalogue import Source
from pipeline.errors import FetchError
from pipeline.fetch import Destination, FetchSettings, fetch_source
from pipeline.fetch.client import CERTIFICATES_NAMED_BY, client
from pipeline.fetch.patience import Patience, PatientBackend
from tests.fixtures.publisher import Publisher

LOOPBACK = Path(__file__).parents[1] / "fixtures" / "loopback.pem"
CONTENT = b"code,value\nE01000001,1\n"
Fetch = Callable[[str], raw.Receipt]
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


class Proxy(ThreadingHTTPServer):
    """Forwards plain requests on the loopback interface, or asks for a password; ``asked`` holds the addresses."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Forward)
        self.asked: list[str] = []
        self.password_wanted = False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Forward(BaseHTTPRequestHandler):
    server: Proxy

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if self.server.password_wanted:
            self.send_error(407)
            return
        wanted = Request(self.path, headers={"User-Agent": self.headers["User-Agent"]})
        with build_opener(ProxyHandler({})).open(wanted) as reply:
            content = reply.read()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_CONNECT(self) -> None:
        self.server.asked.append(self.path)
        self.send_error(407 if self.server.password_wanted else 403)


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*PROXIES, *CERTIFICATES_NAMED_BY):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with Proxy() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def signed() -> Iterator[tuple[str, list[str]]]:
    """A server whose certificate nobody vouches for; its address, and what it was asked."""
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", str(len(CONTENT)))
            self.end_headers()
            self.wfile.write(CONTENT)

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            asked.append("refused")

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(LOOPBACK)
    with Quiet(("127.0.0.1", 0), Answer) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


@pytest.fixture
def fetched(tmp_path: Path, settings: FetchSettings, declare: Callable[..., Source]) -> Fetch:
    def fetch(address: str) -> raw.Receipt:
        source = declare("/thing.csv", address=f"{address}/thing.csv")
        return fetch_source(source, Destination(tmp_path, "saltmarsh"), quiet=True, settings=settings)

    return fetch


def test_the_proxy_of_the_environment_is_used(
    publisher: Publisher, proxy: Proxy, fetched: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.files["/thing.csv"] = CONTENT
    monkeypatch.setenv("HTTP_PROXY", proxy.address)
    assert fetched(publisher.address).size == len(CONTENT)
    assert proxy.asked == [f"{publisher.address}/thing.csv"]


def test_no_proxy_leaves_a_host_out(
    publisher: Publisher, proxy: Proxy, fetched: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.files["/thing.csv"] = CONTENT
    monkeypatch.setenv("HTTP_PROXY", proxy.address)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    fetched(publisher.address)
    assert proxy.asked == []
    assert len(publisher.requests) == 1


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_asks_for_a_password_is_told(
    scheme: str, publisher: Publisher, proxy: Proxy, fetched: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy.password_wanted = True
    monkeypatch.setenv(f"{scheme.upper()}_PROXY", proxy.address)
    with pytest.raises(FetchError, match=r"(?s)asks for a name and a password: set HTTPS_PROXY.*MIRROR=<folder>"):
        fetched(publisher.address.replace("http:", f"{scheme}:"))
    assert proxy.asked


def test_a_proxy_that_refuses_is_told(proxy: Proxy, fetched: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy.address)
    with pytest.raises(FetchError, match="(?s)did not let it through: is HTTPS_PROXY right.*MIRROR=<folder>"):
        fetched("https://127.0.0.1:1")


def test_the_way_through_a_proxy_ends_with_the_patience_too(
    settings: FetchSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "example.org")
    with client(settings, Patience(settings.pace, 1)) as http:
        ways = [way for way in (http._transport, *http._mounts.values()) if way is not None]
        assert len(ways) > 1
        assert all(isinstance(way._pool._network_backend, PatientBackend) for way in ways)  # type: ignore[attr-defined]


def test_a_proxy_that_is_not_there_is_suspected(fetched: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    with pytest.raises(FetchError, match="went through a proxy: is HTTPS_PROXY"):
        fetched("https://127.0.0.1:2")


@pytest.mark.parametrize("name", ["socks5://127.0.0.1:1", "ftp://proxy"])
def test_a_proxy_that_cannot_be_used_is_named(name: str, fetched: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", name)
    with pytest.raises(FetchError, match="The proxy in HTTPS_PROXY or HTTP_PROXY cannot be used"):
        fetched("https://127.0.0.1:1")


def test_a_certificate_that_nobody_vouches_for_is_refused_at_once_and_the_way_out_is_named(
    signed: tuple[str, list[str]], fetched: Fetch
) -> None:
    address, asked = signed
    with pytest.raises(FetchError, match=r"(?s)set SSL_CERT_FILE to it.*make data AREA=saltmarsh MIRROR=<folder>"):
        fetched(address)
    assert asked in ([], ["refused"]), "it is asked once, as another try will not change it"


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_certificate_in_a_file_that_the_environment_names_is_trusted(
    variable: str, signed: tuple[str, list[str]], fetched: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, asked = signed
    monkeypatch.setenv(variable, str(LOOPBACK))
    assert fetched(address).size == len(CONTENT)
    assert asked == ["/thing.csv"]


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_file_without_certificates_is_named(
    content: str | None, tmp_path: Path, fetched: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "company.pem"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with pytest.raises(FetchError, match=r"SSL_CERT_FILE=.*company\.pem: no certificates can be read"):
        fetched("https://127.0.0.1:1")
