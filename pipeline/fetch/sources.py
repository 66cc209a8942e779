"""One declared source from the network into ``data/raw``."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx

from pipeline import raw
from pipeline.catalogue import Source
from pipeline.errors import ChangedSourceError, FetchError, command
from pipeline.fetch.arcgis import download_service
from pipeline.fetch.client import WORTH_ANOTHER_TRY, CutOffError, FetchSettings, client, is_certificate_refused
from pipeline.fetch.destination import Destination
from pipeline.fetch.files import (
    difference,
    download,
    keep,
    put_in_place,
    refuse_broken_archive,
    refuse_difference,
    refuse_web_page,
    sha256_of,
)

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
    folder, area_id = destination.folder(source), destination.area
    name = raw.area_file(area_id if codes is not None else raw.BOUNDARIES_OF_ALL) if source.by_area else source.file
    path = folder / name
    folder.mkdir(parents=True, exist_ok=True)
    before = raw.read_receipt(path) if path.exists() else None
    if before is not None and before.sha256 == source.sha256 and source.size in (None, before.size):
        declared = replace(before, declared_size=source.size, declared_sha256=source.sha256, accepted_difference=False)
        kept = keep(path, declared)
        if kept is not None:
            return kept
    part = path.with_name(path.name + ".part")
    rows = None
    try:
        with client(settings) as http:
            if source.format.startswith("arcgis"):
                rows = download_service(http, source, codes, part, settings, quiet=quiet)
            else:
                download(http, source, part, settings, quiet=quiet)
    except httpx.HTTPStatusError as error:
        raise FetchError(_refusal(source, area_id, error.response)) from error
    except (httpx.RequestError, httpx.InvalidURL, CutOffError) as error:
        raise FetchError(_unreachable(source, area_id, error)) from error
    except OSError as error:
        raise FetchError(f"{source.id}: {part} cannot be written ({error}). Is the disk full?") from error
    try:
        differs = _check(part, source, area_id, rows, accept=accept)
    except FetchError:
        part.unlink(missing_ok=True)
        raise
    receipt = raw.Receipt(
        source=source.id,
        file=name,
        address=source.address,
        mode="network",
        fetched_at=raw.utc_now(),
        size=part.stat().st_size,
        sha256=sha256_of(part),
        declared_size=source.size,
        declared_sha256=source.sha256,
        accepted_difference=differs,
        rows=rows,
        area=area_id if codes is not None else None,
    )
    kept = keep(path, receipt)
    if kept is not None:
        part.unlink()
        return kept
    put_in_place(part, path, receipt)
    return receipt


def _check(part: Path, source: Source, area_id: str, rows: int | None, *, accept: bool) -> bool:
    """Refuse what is damaged or, unless accepted, differs; say whether it differs."""
    refuse_web_page(part, source)
    refuse_broken_archive(part, source)
    if not accept:
        refuse_difference(part, source, area_id)
    wrong_count = rows is not None and not source.by_area and source.rows is not None and rows != source.rows
    if wrong_count and not accept:
        raise ChangedSourceError(
            f"{source.id}: expected {source.rows:,} rows, got {rows:,}: "
            f"not the release that was checked ({source.release}).\n"
            f"  See {source.landing_page}\n"
            f"  To use it all the same (every output will say so):\n"
            f"  {command('data', area_id, accept=source.id)}"
        )
    return wrong_count or difference(part, source) is not None


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
    elif isinstance(error, httpx.ConnectError) and urlsplit(source.address).scheme in getproxies():
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
