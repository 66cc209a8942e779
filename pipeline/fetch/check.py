"""Whether the addresses of sources still answer as declared, without fetching any of them."""

import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import httpx

from pipeline.catalogue import Source
from pipeline.errors import FetchError
from pipeline.fetch.arcgis import Service, ask, count_rows, rows_wanted
from pipeline.fetch.client import (
    WORTH_ANOTHER_TRY,
    CutOffError,
    FetchSettings,
    answer,
    client,
    is_certificate_refused,
    retries,
    worth_another_try,
)
from pipeline.fetch.kinds import TEXT
from pipeline.fetch.patience import GaveUpError, Pace, Patience

Verdict = Literal["as declared", "changed", "moved", "not reachable", "by hand"]
AT_ONCE = 8
MOST_BYTES = 1 << 20
QUICK = FetchSettings(
    timeout=15.0, pace=Pace(patience=40.0), attempts=2, wait_most=2.0, most_in_reply=MOST_BYTES, tells_retries=False
)
"""For a question that needs no file: all of them together end within a minute or two."""


@dataclass(frozen=True)
class Answer:
    """What an address answers now, beside what is declared.

    Attributes:
        source: the id of the source.
        host: the server that was asked.
        said: the status or the fault, in a few words.
        size: bytes now; ``None`` where the server does not say.
        date: when the publisher changed it last, as an ISO date.
        version: the ETag, where there is one.
        rows: the rows of a service now.
        verdict: what follows from it.
    """

    source: Source
    host: str
    said: str
    verdict: Verdict
    size: int | None = None
    date: str | None = None
    version: str | None = None
    rows: int | None = None


def check_sources(sources: Iterable[Source], settings: FetchSettings = QUICK) -> list[Answer]:
    """Ask the address of each source for size, date and version, several at once; in the order of the sources."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(lambda source: check_source(source, settings), sources))


def check_source(source: Source, settings: FetchSettings = QUICK) -> Answer:
    """Ask the address of one source."""
    if source.format == "package":
        return Answer(source, "-", "comes with a Python package", "as declared")
    host = source.address.partition("//")[2].partition("/")[0]
    if source.by_hand:
        return Answer(source, host, "not asked", "by hand")
    patience = Patience(settings.pace, MOST_BYTES)
    try:
        with client(settings, patience) as http:
            if source.format.startswith("arcgis"):
                return _service(Service(http, source, patience, settings), host)
            return retries(settings)(worth_another_try(patience), _file, http, source, host)
    except httpx.HTTPStatusError as error:
        code = error.response.status_code
        busy = code in WORTH_ANOTHER_TRY or code == httpx.codes.PROXY_AUTHENTICATION_REQUIRED
        said = f"{code} {error.response.reason_phrase}".strip()
        return Answer(source, error.response.url.host, said, "not reachable" if busy else "moved")
    except (httpx.HTTPError, httpx.InvalidURL, CutOffError, GaveUpError) as error:
        said = (
            "its certificate is not trusted (README, Behind a proxy)"
            if is_certificate_refused(error)
            else _short(error)
        )
        return Answer(source, host, said, "not reachable")
    except FetchError as error:
        return Answer(source, host, _short(error).removeprefix(f"{source.id}: "), "moved")


def _short(error: Exception) -> str:
    return str(error).partition("\n")[0][:120] or type(error).__name__


def _file(http: httpx.Client, source: Source, host: str) -> Answer:
    headers = {"Accept-Encoding": "identity"}
    with answer(http, source, http.build_request("HEAD", source.address, headers=headers)) as response:
        # Some servers refuse a HEAD, or answer it without the size, although they would give the file.
        if response.is_success and "Content-Length" in response.headers:
            return _judged(source, host, response)
    ranged = http.build_request("GET", source.address, headers=headers | {"Range": "bytes=0-0"})
    with answer(http, source, ranged) as response:
        response.raise_for_status()
        return _judged(source, host, response)


def _judged(source: Source, host: str, response: httpx.Response) -> Answer:
    size, date = _size(response), _day(response.headers.get("Last-Modified"))
    said = f"{response.status_code} {response.reason_phrase}".strip()
    if response.url.host != httpx.URL(source.address).host:
        said += f" from {response.url.host}"
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    wrong_kind = kind in ("text/html", "application/xhtml+xml") or (
        kind == "application/json" and any(source.file.lower().endswith(ending) for ending in (*TEXT, ".zip", ".xlsx"))
    )
    differs = size is not None and source.size is not None and size != source.size
    too_large = size is not None and source.size_limit is not None and size > source.size_limit
    verdict: Verdict = "as declared"
    if wrong_kind:
        said, verdict = f"{said}: a page ({kind})", "moved"
    elif differs or too_large or _is_newer(date, source):
        verdict = "changed"
    return Answer(source, host, said, verdict, size, date, response.headers.get("ETag"))


def _size(response: httpx.Response) -> int | None:
    """The size of the file, of which a ranged answer holds one byte only."""
    if response.status_code == httpx.codes.PARTIAL_CONTENT:
        told = re.fullmatch(r"bytes \d+-\d+/(\d+)", response.headers.get("Content-Range", ""))
        return int(told[1]) if told else None
    length = response.headers.get("Content-Length")
    return (
        int(length)
        if length is not None and length.isdecimal() and "Content-Encoding" not in response.headers
        else None
    )


def _service(service: Service, host: str) -> Answer:
    source = service.source
    about = ask(service, "", {"f": "json"})
    rows = count_rows(service, rows_wanted(source))
    date = _edited(about)
    names = {str(field.get("name")) for field in about.get("fields") or [] if isinstance(field, dict)}
    absent = [field for field in (str(source.key_field), *source.fields) if field not in names]
    expected = None if source.by_area else source.rows
    verdict: Verdict = "as declared"
    said = "200 OK"
    if absent:
        said, verdict = f"it has no column {absent[0]}", "moved"
    elif (expected is not None and rows != expected) or rows == 0 or _is_newer(date, source):
        verdict = "changed"
    return Answer(source, host, said, verdict, date=date, rows=rows)


def _edited(about: dict[str, Any]) -> str | None:
    """The day on which the rows of a service were last edited."""
    editing = about.get("editingInfo")
    if not isinstance(editing, dict):
        return None
    moment = editing.get("dataLastEditDate") or editing.get("lastEditDate")
    try:
        return datetime.fromtimestamp(float(moment) / 1000, UTC).date().isoformat() if moment else None
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _day(modified: str | None) -> str | None:
    try:
        return parsedate_to_datetime(modified).date().isoformat() if modified else None
    except (TypeError, ValueError):
        return None


def _is_newer(date: str | None, source: Source) -> bool:
    """Whether it was changed after the day on which the declaration was checked."""
    return date is not None and date > source.accessed


def as_table(answers: Iterable[Answer]) -> list[str]:
    """The answers as lines of a table for a console."""
    lines = [("source", "host", "answer", "size (declared / now)", "date", "rows (declared / now)", "verdict")]
    for each in answers:
        source = each.source
        lines.append(
            (
                source.id,
                each.host,
                each.said,
                _pair(source.size, each.size),
                each.date or "-",
                _pair(None if source.by_area else source.rows, each.rows),
                each.verdict,
            )
        )
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]


def _pair(declared: int | None, now: int | None) -> str:
    return " / ".join("-" if number is None else f"{number:,}" for number in (declared, now))
