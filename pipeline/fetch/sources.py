"""One declared source from the network into ``data/raw``."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import httpx

from pipeline import raw
from pipeline.catalogue import Source
from pipeline.errors import ChangedSourceError, FetchError
from pipeline.fetch.arcgis import download_service
from pipeline.fetch.client import WORTH_ANOTHER_TRY, CutOffError, FetchSettings, client
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


def fetch_source(
    source: Source,
    root: Path,
    *,
    nation: str = "england",
    area_id: str,
    codes: Sequence[str] | None = None,
    accept: bool = False,
    quiet: bool = False,
    settings: FetchSettings | None = None,
) -> raw.Receipt:
    """Fetch ``source`` whole, check it, and put it in place with its receipt.

    A file that is there with the declared sha256 is not fetched again. Bytes identical to those there change
    nothing, not even the time of the file. ``codes`` are the LSOAs wanted of a source with ``by_area``, ``None`` for
    all of England. With ``accept`` the file is taken although it is not the one that was declared; the receipt says so.

    Raises:
        FetchError: it cannot be had; the message names what, from where, and what to do.
        ChangedSourceError: it is not what was declared.
    """
    settings = settings or FetchSettings()
    folder = raw.raw_folder(root, nation) / source.id
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
                rows = download_service(http, source, codes, part, settings, quiet)
            else:
                download(http, source, part, settings, quiet)
    except httpx.HTTPStatusError as error:
        raise FetchError(_refusal(source, error.response)) from error
    except (httpx.RequestError, httpx.InvalidURL, CutOffError) as error:
        raise FetchError(_unreachable(source, area_id, error)) from error
    except OSError as error:
        raise FetchError(f"{source.id}: {part} cannot be written ({error}). Is the disk full?") from error
    try:
        differs = _check(part, source, area_id, rows, accept)
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


def _check(part: Path, source: Source, area_id: str, rows: int | None, accept: bool) -> bool:
    """Refuse what is damaged or, unless accepted, differs; say whether it differs."""
    refuse_web_page(part, source)
    refuse_broken_archive(part, source)
    if not accept:
        refuse_difference(part, source, area_id)
    wrong_count = rows is not None and not source.by_area and source.rows is not None and rows != source.rows
    if wrong_count and not accept:
        raise ChangedSourceError(
            f"{source.id}: expected {source.rows:,} rows, came {rows:,}: "
            f"not the release that was checked ({source.release}).\n"
            f"  See {source.landing_page}\n"
            f"  To take it all the same (every output will say so): make data AREA={area_id} ACCEPT={source.id}"
        )
    return wrong_count or difference(part, source) is not None


def _refusal(source: Source, response: httpx.Response) -> str:
    answer = f"{source.id}: the server answered {response.status_code} {response.reason_phrase} for {response.url}\n"
    if response.status_code in WORTH_ANOTHER_TRY:
        return (
            f"{answer}  It is busy or down, and was asked several times. Try again later, "
            f"or save {source.file} from {source.landing_page} in a folder and use MIRROR=<folder>."
        )
    return (
        f"{answer}"
        f"  Has it moved? See {source.landing_page} and correct its address in declared/sources.toml, "
        f"or save {source.file} in a folder and use MIRROR=<folder>."
    )


def _unreachable(source: Source, area_id: str, error: Exception) -> str:
    certificate = (
        "  Your network puts its own certificate in place of the publisher's:\n"
        "  ask IT for its file and set SSL_CERT_FILE to it.\n"
    )
    return (
        f"{source.id}: cannot be fetched ({error}).\n"
        f"  Address: {source.address}\n  Page:    {source.landing_page}\n"
        f"{certificate if 'CERTIFICATE_VERIFY_FAILED' in str(error) else ''}"
        f"  Without internet: save {source.file} (and the other sources) in a folder, then\n"
        f"  make data AREA={area_id} MIRROR=<folder>\n"
        "  Sources already in data/raw are kept, and so is what came of a file; the same command goes on."
    )
