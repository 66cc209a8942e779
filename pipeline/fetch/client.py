"""The HTTP client: who we are, how long we wait, and what is worth another try."""

import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any

import httpx
import stamina
from stamina.instrumentation import RetryDetails, set_on_retry_hooks

USER_AGENT = "Mozilla/5.0 (compatible; digital-exclusion-maps/1.0; open data for the NHS)"
"""Some publishers refuse the default name of a library; this one is accepted and honest."""

WORTH_ANOTHER_TRY = {408, 425, 429, 500, 502, 503, 504}


@dataclass(frozen=True)
class FetchSettings:
    """Patience: seconds, tries, and the most rows asked of a service at once.

    ``wait_most`` is the longest wait of our own choosing, ``wait_asked_most`` the longest that a server's
    ``Retry-After`` is obeyed.
    """

    timeout: float = 60.0
    attempts: int = 6
    wait_first: float = 1.0
    wait_most: float = 60.0
    wait_asked_most: float = 600.0
    page_rows: int = 2_000
    codes_per_request: int = 500


class CutOffError(Exception):
    """A transfer that ended before its end, worth another try."""


@cache
def _trusted() -> ssl.SSLContext:
    """Whom we trust; read once, as reading every authority's certificate takes longer than a small request."""
    return httpx.create_ssl_context()


@contextmanager
def client(settings: FetchSettings) -> Iterator[httpx.Client]:
    """An HTTP client that follows redirects and says who it is."""
    with httpx.Client(
        headers={"User-Agent": USER_AGENT},
        timeout=httpx.Timeout(settings.timeout),
        follow_redirects=True,
        verify=_trusted(),
    ) as opened:
        yield opened


def retries(settings: FetchSettings) -> stamina.RetryingCaller:
    """A caller that tries again on passing faults, waiting longer each time, or as long as the server asks."""
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
    """For :func:`retries`: whether an error is passing, or how long the server asked to wait."""

    def decide(error: Exception) -> bool | float | timedelta:
        if isinstance(error, httpx.HTTPStatusError):
            if error.response.status_code not in WORTH_ANOTHER_TRY:
                return False
            asked = _retry_after(error.response)
            return True if asked is None else min(asked, settings.wait_asked_most)
        return isinstance(error, httpx.RequestError | CutOffError)

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
