"""Downloading one file, and checking that a file is the declared one before it is put in place."""

import hashlib
import json
import os
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import httpx
from tqdm import tqdm

from pipeline import raw
from pipeline.catalogue import Source
from pipeline.errors import ChangedSourceError, FetchError, RawFileError, command
from pipeline.fetch.client import CutOffError, FetchSettings, retries, worth_another_try

CHUNK = 1 << 20
MARKUP = re.compile(rb"<(!doctype|html|head|body|\?xml|!--|error)")


def download(http: httpx.Client, source: Source, part: Path, settings: FetchSettings, *, quiet: bool) -> None:
    """Download ``source`` into ``part``, going on from where an earlier try was cut off.

    Raises:
        httpx.HTTPError, CutOffError: the last try failed.
    """
    retries(settings)(worth_another_try(settings), _download_once, http, source, part, quiet=quiet)


def _download_once(http: httpx.Client, source: Source, part: Path, *, quiet: bool) -> None:
    marker = part.with_name(part.name + ".version")
    have = part.stat().st_size if part.exists() else 0
    version = marker.read_text(encoding="utf-8") if marker.exists() else ""
    headers = {"Accept-Encoding": "identity"}
    if have and version:
        headers |= {"Range": f"bytes={have}-", "If-Range": version}
    with http.stream("GET", source.address, headers=headers) as response:
        if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            part.unlink(missing_ok=True)
            raise CutOffError(f"{source.id}: the part already downloaded does not match what the server has now")
        response.raise_for_status()
        resumed = response.status_code == httpx.codes.PARTIAL_CONTENT
        if resumed and not _continues(response, have, version):
            part.unlink(missing_ok=True)
            raise CutOffError(f"{source.id}: the server sent another part of the file than was asked for")
        # Bytes compressed in transit cannot be counted or resumed: the length given is that of the compressed bytes.
        packed = response.headers.get("Content-Encoding", "identity") != "identity"
        marker.write_text("" if packed else _version(response), encoding="utf-8")
        length = None if packed else response.headers.get("Content-Length")
        expected = (have if resumed else 0) + int(length) if length is not None else None
        start = have if resumed else 0
        bar = tqdm(total=expected, initial=start, unit="B", unit_scale=True, desc=source.id, disable=quiet or None)
        with bar, part.open("ab" if resumed else "wb") as file:
            # Without a chunk size: one would hold back bytes that a cut connection then loses.
            for chunk in response.iter_bytes():
                file.write(chunk)
                bar.update(len(chunk))
    size = part.stat().st_size
    if expected is not None and size != expected:
        raise CutOffError(f"{source.id}: {size:,} of {expected:,} bytes arrived")
    marker.unlink()


def _version(response: httpx.Response) -> str:
    """The tag of this version of the file; empty where the server only has a weak one."""
    etag = response.headers.get("ETag", "")
    return "" if etag.startswith("W/") else etag or response.headers.get("Last-Modified", "")


def _continues(response: httpx.Response, have: int, version: str) -> bool:
    """Whether a partial answer continues exactly where the downloaded bytes end, in the same version of the file."""
    follows = response.headers.get("Content-Range", "").startswith(f"bytes {have}-")
    return follows and _version(response) in ("", version)


def sha256_of(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def refuse_web_page(path: Path, source: Source) -> None:
    """Refuse an error page or an empty file where data should be.

    Raises:
        FetchError: the file starts as a web page does, or is empty.
    """
    if path.stat().st_size == 0:
        raise FetchError(f"{source.id}: expected {source.file}, but an empty file arrived. See {source.landing_page}")
    with path.open("rb") as file:
        start = file.read(512).lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if MARKUP.match(start):
        raise FetchError(
            f"{source.id}: expected {source.file}, but a web page arrived "
            f"(it starts '{start[:60].decode('utf-8', 'replace')}').\n"
            f"  Open {source.landing_page} in a browser, see whether the file has moved, and correct its address in "
            "declared/sources.toml; or save the file in a folder, then\n"
            f"  {command('data', '<area>', mirror='<folder>')}"
        )


def refuse_broken_archive(path: Path, source: Source) -> None:
    """Refuse a zip archive or workbook that is damaged or lacks what is read from it.

    Raises:
        FetchError: what is wrong with it.
    """
    if source.format == "file" and path_kind(source.file) == ".xlsx" and not zipfile.is_zipfile(path):
        raise FetchError(
            f"{source.id}: {source.file} arrived damaged or cut short: it is not an Excel workbook. Fetch it again."
        )
    if source.format != "zip":
        return
    try:
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip()
            if damaged is not None:
                raise FetchError(
                    f"{source.id}: {source.file} arrived damaged: {damaged} in it cannot be read. Fetch it again."
                )
        if source.member is not None:
            raw.open_member(path, source.member).close()
    except (*raw.BROKEN_ARCHIVE, RawFileError) as error:
        raise FetchError(
            f"{source.id}: {source.file} is not the archive that was declared: {error}. Fetch it again."
        ) from error


def path_kind(name: str) -> str:
    """The ending of a file's name, in lower case."""
    return Path(name).suffix.lower()


def difference(path: Path, source: Source) -> str | None:
    """How ``path`` differs from the size and sha256 that were declared; ``None`` when it does not."""
    size, sha = path.stat().st_size, sha256_of(path)
    lines = []
    if source.size is not None and size != source.size:
        lines.append(f"  size:   expected {source.size:,} bytes, got {size:,}")
    if source.sha256 is not None and sha != source.sha256:
        lines.append(f"  sha256: expected {source.sha256}\n          got      {sha}")
    return "\n".join(lines) or None


def refuse_difference(path: Path, source: Source, area_id: str) -> None:
    """Refuse bytes that differ from what was declared.

    Raises:
        ChangedSourceError: what was expected, what arrived, and the command that accepts it.
    """
    differs = difference(path, source)
    if differs is not None:
        raise ChangedSourceError(
            f"{source.id}: {source.file} is not the release that was checked ({source.release}).\n{differs}\n"
            f"  The publisher may have replaced it: see {source.landing_page}\n"
            f"  To use it all the same (every output will say so):\n"
            f"  {command('data', area_id, accept=source.id)}"
        )


def keep(path: Path, receipt: raw.Receipt) -> raw.Receipt | None:
    """The receipt of ``path`` when it already holds the bytes that ``receipt`` describes; ``None`` when it does not.

    The file and its time are left as they are. The receipt is brought up to date, as the declaration, and so whether
    the file differs from it, may have changed since.
    """
    if not path.exists() or sha256_of(path) != receipt.sha256:
        return None
    kept = raw.read_receipt(path)
    if kept is None or kept.sha256 != receipt.sha256:
        current = receipt
    else:
        current = replace(
            kept,
            declared_size=receipt.declared_size,
            declared_sha256=receipt.declared_sha256,
            accepted_difference=receipt.accepted_difference,
        )
    if current != kept:
        write_receipt(path, current)
    return current


def put_in_place(part: Path, path: Path, receipt: raw.Receipt) -> None:
    """Move a checked file to its place in one step, with its receipt."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(path)
    write_receipt(path, receipt)


def write_receipt(path: Path, receipt: raw.Receipt) -> None:
    """Write the receipt of ``path``, in one step."""
    place = raw.receipt_path(path)
    temporary = place.with_name(f".{place.name}.part")
    temporary.write_text(json.dumps(receipt.as_json(), indent=2) + "\n", encoding="utf-8")
    temporary.replace(place)
