"""One declared source from the network into ``data/raw``."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.request import getproxies

import httpx

from pipeline import raw
from pipeline.catalogue import Source
from pipeline.errors import FetchError, command
from pipeline.fetch.arcgis import download_service
from pipeline.fetch.client import WORTH_ANOTHER_TRY, CutOffError, FetchSettings, client, is_certificate_refused
from pipeline.fetch.destination import Destination, cannot_write, sweep
from pipeline.fetch.files import (
    Download,
    changed,
    difference,
    discard,
    discard_useless,
    download,
    keep,
    put_in_place,
    receipt_of,
    sha256_of,
    size_limit,
)
from pipeline.fetch.kinds import inspect, wrong_rows
from pipeline.fetch.patience import GaveUpError, Patience

PROXY = "Your network's proxy did not let it through: is HTTPS_PROXY right, and is the address allowed?"
PROXY_PASSWORD = (
    "Your network's proxy asks for a name and a password: set HTTPS_PROXY to http://name:password@proxy:port, if IT "
    "allows it"
)
CERTIFICATE = (
    "  This computer does not trust the certificate of the server. Most likely your network replaces the certificate\n"
    "  of the publisher with another: ask IT for the file of its certificate (.pem or .crt), set SSL_CERT_FILE to it,\n"
    "  and run the same command again."
)


def fetch_source(
    source: Source,
    destination: Destination,
    codes: Sequence[str] | None = None,
    *,
    accept: bool = False,
    quiet: bool = False,
    settings: FetchSettings | None = None,
) -> raw.Receipt:
    """Fetch all of ``source``, check it, and put it in place with its receipt.

    A file with the declared sha256 that is already there is not fetched again. Identical bytes change nothing, not even
    the time of the file. ``codes`` are the LSOAs wanted of a source with ``by_area``, ``None`` for all of England. With
    ``accept`` the file is used although it is not the declared one; the receipt says so.

    Raises:
        FetchError: it cannot be fetched; the message names what, from where, and what to do.
        ChangedSourceError: it is not what was declared.
    """
    settings = settings or FetchSettings()
    area_id = destination.area
    name = raw.area_file(area_id if codes is not None else raw.BOUNDARIES_OF_ALL) if source.by_area else source.file
    path = destination.path(source, name)
    with destination.alone(source):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            before = receipt_of(path)
            if before is not None and before.sha256 == source.sha256 and source.size in (None, before.size):
                declared = replace(
                    before, declared_size=source.size, declared_sha256=source.sha256, accepted_difference=False
                )
                kept = keep(path, declared)
                if kept is not None:
                    sweep(path.parent)
                    return kept
            limit = size_limit(source, before, settings)
            patience = Patience(settings.pace, limit)
            arriving = Download(source, path.with_name(path.name + ".part"), limit, patience, quiet)
            sweep(path.parent, keep=arriving.part)
            rows = _arrive(arriving, destination, codes, settings)
            return _take(arriving.part, path, source, _Taken(area_id, codes, rows, accept))
        except OSError as error:
            raise cannot_write(source, path, error) from error


def _arrive(
    arriving: Download, destination: Destination, codes: Sequence[str] | None, settings: FetchSettings
) -> int | None:
    """Let a source arrive in its part; the number of rows, where a service counts them.

    A part that did not arrive whole stays only where the rest of it can be asked for.
    """
    source = arriving.source
    try:
        with client(settings, arriving.patience) as http:
            if source.format.startswith("arcgis"):
                return download_service(http, arriving, codes, settings)
            download(http, arriving, settings)
            return None
    except httpx.HTTPStatusError as error:
        discard_useless(arriving.part)
        raise FetchError(_refusal(source, destination.area, error.response)) from error
    except (httpx.RequestError, httpx.InvalidURL, CutOffError, GaveUpError) as error:
        discard_useless(arriving.part)
        raise FetchError(_unreachable(source, destination.area, error)) from error
    except (FetchError, OSError):
        discard(arriving.part)
        raise


@dataclass(frozen=True)
class _Taken:
    """What a part was fetched for: the area, the LSOAs asked for, the rows that came, and whether to accept another."""

    area: str
    codes: Sequence[str] | None
    rows: int | None
    accept: bool


def _take(part: Path, path: Path, source: Source, taken: _Taken) -> raw.Receipt:
    """Check a file that arrived, and put it in place with its receipt."""
    try:
        differs = _check(part, path.name, source, taken)
        receipt = raw.Receipt(
            source=source.id,
            file=path.name,
            address=source.address,
            mode="network",
            fetched_at=raw.utc_now(),
            size=part.stat().st_size,
            sha256=sha256_of(part),
            declared_size=source.size,
            declared_sha256=source.sha256,
            accepted_difference=differs,
            rows=taken.rows,
            area=taken.area if taken.codes is not None else None,
        )
        kept = keep(path, receipt)
        if kept is None:
            put_in_place(part, path, receipt)
        return kept or receipt
    finally:
        discard(part)


def _check(part: Path, name: str, source: Source, taken: _Taken) -> bool:
    """Refuse what is damaged or, unless accepted, differs; say whether it differs."""
    is_service = source.format.startswith("arcgis")
    rows = taken.rows if is_service else inspect(part, source, name)
    differences = [each for each in (difference(part, source), wrong_rows(source, name, rows)) if each is not None]
    if differences and not taken.accept:
        raise changed(source, name, "\n".join(differences), command("data", taken.area, accept=source.id))
    return bool(differences)


def _refusal(source: Source, area_id: str, response: httpx.Response) -> str:
    answer = f"{source.id}: the server answered {response.status_code} {response.reason_phrase} for {response.url}\n"
    if response.status_code in WORTH_ANOTHER_TRY:
        advice = "It is busy or down, even after several tries. Try again later, or"
    elif response.status_code == httpx.codes.PROXY_AUTHENTICATION_REQUIRED:
        advice = f"{PROXY_PASSWORD}; or"
    else:
        advice = f"Has it moved? See {source.landing_page} and correct its address in declared/sources.toml, or"
    return f"{answer}  {advice}\n{_from_a_folder(source, area_id)}"


def _unreachable(source: Source, area_id: str, error: Exception) -> str:
    lines = [
        f"{source.id}: cannot be fetched ({error}).",
        f"  Address: {source.address}\n  Page:    {source.landing_page}",
    ]
    if is_certificate_refused(error):
        lines.append(CERTIFICATE)
    elif isinstance(error, httpx.ProxyError):
        asks = str(httpx.codes.PROXY_AUTHENTICATION_REQUIRED.value) in str(error)
        lines.append(f"  {PROXY_PASSWORD if asks else PROXY}")
    elif isinstance(error, httpx.ConnectError) and source.address.partition(":")[0] in getproxies():
        lines.append(
            "  The request went through a proxy: is HTTPS_PROXY (on Windows also: the system's setting) right?"
        )
    return "\n".join(
        [
            *lines,
            f"  Without internet, {_from_a_folder(source, area_id).strip()}",
            "  Sources already in data/raw are kept, and so are partly fetched files; the same command continues.",
        ]
    )


def _from_a_folder(source: Source, area_id: str) -> str:
    return (
        f"  save {source.file} (and the other sources) in a folder, then\n"
        f"  {command('data', area_id, mirror='<folder>')}"
    )
