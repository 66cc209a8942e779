"""The HTTP client: its name, whom it trusts, where it may be sent, and which faults are worth another try."""

import ipaddress
import os
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import Any

import certifi
import httpx
import stamina
import truststore
from stamina.instrumentation import RetryDetails, set_on_retry_hooks

from pipeline.catalogue import Source
from pipeline.errors import FetchError
from pipeline.fetch.patience import GaveUpError, Pace, Patience, PatientBackend

USER_AGENT = "Mozilla/5.0 (compatible; digital-exclusion-maps/1.0; open data for the NHS)"
"""Some publishers refuse the default name of an HTTP library; this one is accepted, and honest."""

CERTIFICATES_NAMED_BY = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Variables that name the certificate of a network: Python's, and those of tools that analysts use beside it."""

WORTH_ANOTHER_TRY = {408, 425, 429, 500, 502, 503, 504}


MEGABYTE = 1 << 20
MOST_HOPS = 5
"""Redirects that are followed for one request."""


@dataclass(frozen=True)
class FetchSettings:
    """Limits: seconds, tries, and the most bytes and rows to take of a server at once.

    Attributes:
        timeout: the longest silence of a server.
        pace: bounds all tries of a source together.
        attempts: tries of one request.
        wait_first: the wait before the second try, which then grows to ``wait_most``.
        page_rows: rows to ask of a service at once, of which ``codes_per_request`` may be named.
        most_bytes: taken of a source at most whose size nobody has said.
        most_in_reply: taken of one reply of a service.
        tells_retries: whether another try is said on the console.
    """

    timeout: float = 60.0
    pace: Pace = field(default_factory=Pace)
    attempts: int = 6
    wait_first: float = 1.0
    wait_most: float = 20.0
    page_rows: int = 2_000
    codes_per_request: int = 500
    most_bytes: int = 100 * MEGABYTE
    most_in_reply: int = 64 * MEGABYTE
    tells_retries: bool = True


class CutOffError(Exception):
    """A transfer that was cut off, worth another try."""


@cache
def _trusted(named: tuple[tuple[str, str], ...]) -> ssl.SSLContext:
    """The trusted certificates: those of the system, those of browsers (certifi), and those in files ``named``.

    Made once, as reading every authority's certificate takes longer than a small request.

    Raises:
        FetchError: a named file is missing, or holds no certificates.
    """
    trusted = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusted.load_verify_locations(cafile=certifi.where())
    for variable, name in named:
        try:
            if Path(name).is_dir():
                trusted.load_verify_locations(capath=name)
            else:
                trusted.load_verify_locations(cafile=name)
        except OSError as error:
            raise FetchError(
                f"{variable}={name}: no certificates can be read from it ({error}). It should name a file of "
                "certificates that begins with -----BEGIN CERTIFICATE----- (.pem or .crt); ask IT for it."
            ) from error
    return trusted


@contextmanager
def client(settings: FetchSettings, patience: Patience) -> Iterator[httpx.Client]:
    """An HTTP client that says who it is, uses the proxy of the environment or system, and ends with the patience.

    Raises:
        FetchError: the proxy or the certificates that the environment names cannot be used.
    """
    named = tuple((name, os.environ[name]) for name in CERTIFICATES_NAMED_BY if os.environ.get(name))
    try:
        opened = httpx.Client(
            headers={"User-Agent": USER_AGENT},
            timeout=httpx.Timeout(settings.timeout),
            follow_redirects=False,
            verify=_trusted(named),
        )
    except (ValueError, ImportError, httpx.InvalidURL) as error:
        raise FetchError(
            f"The proxy in HTTPS_PROXY or HTTP_PROXY cannot be used ({error}). It should look like "
            "http://proxy.example.nhs.uk:8080"
        ) from error
    _end_with(patience, opened)
    with opened:
        yield opened


def _end_with(patience: Patience, http: httpx.Client) -> None:
    """Let every connection of ``http`` end with the patience.

    httpx has no parameter for it: only the pools of httpcore below have. That it works is held by the tests of servers
    that drip.
    """
    for transport in (http._transport, *http._mounts.values()):
        if isinstance(transport, httpx.HTTPTransport):
            transport._pool._network_backend = PatientBackend(patience)


@contextmanager
def answer(http: httpx.Client, source: Source, request: httpx.Request) -> Iterator[httpx.Response]:
    """The answer to a request, its content still to come, after redirects to servers of the publisher.

    Raises:
        FetchError: an address is not https, or not of a declared server; or there are too many redirects.
    """
    for _ in range(MOST_HOPS + 1):
        _refuse_address(source, request.url)
        response = http.send(request, stream=True)
        following = response.next_request
        if following is None:
            try:
                yield response
            finally:
                response.close()
            return
        response.close()
        request = following
    raise FetchError(
        f"{source.id}: more than {MOST_HOPS} redirects, the last to {request.url.host}. Has it moved? See "
        f"{source.landing_page} and correct its address in declared/sources.toml."
    )


def _refuse_address(source: Source, url: httpx.URL) -> None:
    declared = httpx.URL(source.address)
    if url.scheme != "https" and not (url.scheme == declared.scheme == "http" and _is_here(url) and _is_here(declared)):
        raise FetchError(
            f"{source.id}: {_without_query(url)} is not an https address, so nobody could tell who answers. See "
            f"{source.landing_page} and correct its address in declared/sources.toml.{_if_sent_on(url, declared)}"
        )
    allowed = {_place(declared), *(_place(httpx.URL(f"{url.scheme}://{host}")) for host in source.hosts)}
    if _place(url) not in allowed:
        raise FetchError(
            f"{source.id}: {declared.host} sends on to {_without_query(url)}, a server that is not declared for this "
            f"source.\n  See {source.landing_page}: where the publisher does use it, add to the source's table in "
            f'declared/sources.toml\n  hosts = ["{url.netloc.decode()}"]{_if_sent_on(url, declared)}'
        )


def _if_sent_on(url: httpx.URL, declared: httpx.URL) -> str:
    """Advice for a redirect, as networks send on to a page where one signs in."""
    if url == declared:
        return ""
    return "\n  If it is where your network signs you in, do so in a browser and run the same command again."


def _is_here(url: httpx.URL) -> bool:
    """Whether an address is on this computer, as in tests."""
    try:
        return url.host == "localhost" or ipaddress.ip_address(url.host).is_loopback
    except ValueError:
        return False


def _place(url: httpx.URL) -> tuple[str, int]:
    return url.host, url.port or {"http": 80}.get(url.scheme, 443)


def _without_query(url: httpx.URL) -> str:
    """An address without what may be a signature."""
    return str(url.copy_with(query=None))


def is_certificate_refused(error: BaseException | None) -> bool:
    """Whether a request failed because the certificate of the server is not trusted."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def retries(settings: FetchSettings) -> stamina.RetryingCaller:
    """A caller that tries again on temporary faults, waiting longer each time, or as long as the server asks."""
    set_on_retry_hooks([_say_retry] if settings.tells_retries else [])
    return stamina.RetryingCaller(
        attempts=settings.attempts,
        timeout=None,
        wait_initial=settings.wait_first,
        wait_max=settings.wait_most,
        wait_jitter=settings.wait_first / 2,
    )


def _say_retry(details: RetryDetails) -> None:
    reason = str(details.caused_by).partition("\n")[0]
    print(f"  {reason}; trying again in {details.wait_for:,.0f} s", file=sys.stderr, flush=True)


def worth_another_try(patience: Patience) -> Any:
    """For :func:`retries`: whether an error is temporary, or the seconds that the server asked to wait.

    An error is not worth another try where the wait would outlast the patience.
    """

    def decide(error: Exception) -> bool | float | timedelta:
        if isinstance(error, GaveUpError) or patience.left() <= 0:
            return False
        if isinstance(error, httpx.HTTPStatusError):
            if error.response.status_code not in WORTH_ANOTHER_TRY:
                return False
            asked = _retry_after(error.response)
            return True if asked is None else asked if asked < patience.left() else False
        return isinstance(error, httpx.RequestError | CutOffError) and not is_certificate_refused(error)

    return decide


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds that the server asks to wait, from a number or a date."""
    value = response.headers.get("Retry-After")
    if value is None:
        return None
    try:
        if value.isascii() and value.isdigit():
            return float(value)
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return None
