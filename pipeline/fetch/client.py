"""The HTTP client: its name, the certificates it trusts, how long it waits, and which faults are worth another try."""

import os
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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

from pipeline.errors import FetchError

USER_AGENT = "Mozilla/5.0 (compatible; digital-exclusion-maps/1.0; open data for the NHS)"
"""Some publishers refuse the default name of an HTTP library; this one is accepted, and honest."""

CERTIFICATES_NAMED_BY = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Variables that name the certificate of a network: Python's, and those of tools that analysts use beside it."""

WORTH_ANOTHER_TRY = {408, 425, 429, 500, 502, 503, 504}


@dataclass(frozen=True)
class FetchSettings:
    """Limits: seconds, tries, and the most rows to ask of a service at once.

    ``wait_most`` is the longest wait between tries, ``wait_asked_most`` the longest wait that a server may ask
    for with ``Retry-After``.
    """

    timeout: float = 60.0
    attempts: int = 6
    wait_first: float = 1.0
    wait_most: float = 60.0
    wait_asked_most: float = 600.0
    page_rows: int = 2_000
    codes_per_request: int = 500


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
def client(settings: FetchSettings) -> Iterator[httpx.Client]:
    """An HTTP client that follows redirects, says who it is, and uses the proxy of the environment or system.

    Raises:
        FetchError: the proxy or the certificates that the environment names cannot be used.
    """
    named = tuple((name, os.environ[name]) for name in CERTIFICATES_NAMED_BY if os.environ.get(name))
    try:
        opened = httpx.Client(
            headers={"User-Agent": USER_AGENT},
            timeout=httpx.Timeout(settings.timeout),
            follow_redirects=True,
            verify=_trusted(named),
        )
    except (ValueError, ImportError, httpx.InvalidURL) as error:
        raise FetchError(
            f"The proxy in HTTPS_PROXY or HTTP_PROXY cannot be used ({error}). It should look like "
            "http://proxy.example.nhs.uk:8080"
        ) from error
    with opened:
        yield opened


def is_certificate_refused(error: BaseException | None) -> bool:
    """Whether a request failed because the certificate of the server is not trusted."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def retries(settings: FetchSettings) -> stamina.RetryingCaller:
    """A caller that tries again on temporary faults, waiting longer each time, or as long as the server asks."""
    set_on_retry_hooks([_say_retry])
    return stamina.RetryingCaller(
        attempts=settings.attempts,
        timeout=None,
        wait_initial=settings.wait_first,
        wait_max=settings.wait_most,
        wait_jitter=settings.wait_first / 2,
    )


def _say_retry(details: RetryDetails) -> None:
    print(f"  {details.caused_by}; trying again in {details.wait_for:,.0f} s", file=sys.stderr, flush=True)


def worth_another_try(settings: FetchSettings) -> Any:
    """For :func:`retries`: whether an error is temporary, or how long the server asked to wait."""

    def decide(error: Exception) -> bool | float | timedelta:
        if isinstance(error, httpx.HTTPStatusError):
            if error.response.status_code not in WORTH_ANOTHER_TRY:
                return False
            asked = _retry_after(error.response)
            return True if asked is None else min(asked, settings.wait_asked_most)
        return isinstance(error, httpx.RequestError | CutOffError) and not is_certificate_refused(error)

    return decide


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds that the server asks to wait, from a number or a date."""
    value = response.headers.get("Retry-After")
    if value is None:
        return None
    if value.isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None
