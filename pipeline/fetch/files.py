"""Downloading one file, and checking that a file is the declared one before it is put in place."""

import hashlib
import json
import os
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
from tqdm import tqdm

from pipeline import raw
from pipeline.catalogue import Source
from pipeline.errors import ChangedSourceError, FetchError, RawFileError
from pipeline.fetch.client import CutOffError, FetchSettings, answer, is_certificate_refused, retries, worth_another_try
from pipeline.fetch.patience import Patience
from pipeline.fetch.unpacking import unpacked

CHUNK = 1 << 20
TIMES, LEAST_LIMIT = 4, 1 << 20
"""A source may grow to ``TIMES`` its last size, and always to ``LEAST_LIMIT`` bytes."""
HEADWAY = 1 << 20
"""Bytes by which a part has grown when tries are counted anew."""


@dataclass(frozen=True)
class Download:
    """One file of a source on its way: where it comes to, the most bytes of it, and the patience with its server."""

    source: Source
    part: Path
    limit: int
    patience: Patience
    quiet: bool = False


def size_limit(source: Source, before: raw.Receipt | None, settings: FetchSettings) -> int:
    """The most bytes that are taken of a source: as declared, or four times its last size."""
    if source.size_limit is not None:
        return source.size_limit
    last = source.size or (None if before is None or source.by_area else before.size)
    return settings.most_bytes if last is None else max(TIMES * last, LEAST_LIMIT)


def refuse_excess(source: Source, size: int, limit: int) -> None:
    """Refuse more bytes than a source may have.

    Raises:
        FetchError: the limit, and where to raise it.
    """
    if size > limit:
        raise FetchError(
            f"{source.id}: refused: it is larger than the {limit:,} bytes that it may have at most. See "
            f"{source.landing_page}: where it really is so large, raise size_limit in its table in "
            "declared/sources.toml."
        )


@dataclass(frozen=True)
class _Version:
    """Which version of a file a part belongs to: the address, what the server calls the version, and its size."""

    address: str
    validator: str
    total: int

    @property
    def header(self) -> str:
        return "ETag" if self.validator.startswith('"') else "Last-Modified"


def download(http: httpx.Client, wanted: Download, settings: FetchSettings) -> None:
    """Download a file into its part, going on from where an earlier try was cut off.

    The tries are counted anew where they made headway, so that a large file comes over a line that is often cut.

    Raises:
        httpx.HTTPError, CutOffError, GaveUpError: the last try failed.
        FetchError: it is too large, or comes from a server that is not declared.
    """
    while True:
        before = _size(wanted.part)
        try:
            retries(settings)(worth_another_try(wanted.patience), _download_once, http, wanted)
        except (httpx.TransportError, CutOffError) as error:
            if is_certificate_refused(error) or _size(wanted.part) < before + HEADWAY:
                raise
        else:
            return


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def marker_of(part: Path) -> Path:
    """The file that says which version of a file a part belongs to."""
    return part.with_name(part.name + ".version")


def _download_once(http: httpx.Client, wanted: Download) -> None:
    source, part = wanted.source, wanted.part
    wanted.patience.check()
    have, version = _resumable(source, part)
    expected: int | None
    headers = {"Accept-Encoding": "identity"}
    if version is not None:
        headers |= {"Range": f"bytes={have}-", "If-Range": version.validator}
    with answer(http, source, http.build_request("GET", source.address, headers=headers)) as response:
        if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            discard(part)
            raise CutOffError(f"{source.id}: the part already downloaded does not match what the server has now")
        response.raise_for_status()
        if response.status_code == httpx.codes.PARTIAL_CONTENT:
            if version is None or not _continues(response, have, version):
                discard(part)
                raise CutOffError(f"{source.id}: nothing proves that the server sent the rest of the same file")
            start, expected = have, int(version.total)
        elif response.status_code == httpx.codes.OK:
            discard(part)
            start, expected = 0, _length(response)
            _mark(part, source, response, expected)
        else:
            raise CutOffError(f"{source.id}: the server answered {response.status_code} without a file")
        refuse_excess(source, expected or 0, wanted.limit)
        _append(response, wanted, start, expected)
    size = part.stat().st_size
    if expected is not None and size != expected:
        raise CutOffError(f"{source.id}: {size:,} of {expected:,} bytes arrived")
    marker_of(part).unlink(missing_ok=True)


def _append(response: httpx.Response, wanted: Download, start: int, expected: int | None) -> None:
    source, come = wanted.source, start
    encoding = response.headers.get("Content-Encoding", "")
    bar = tqdm(total=expected, initial=start, unit="B", unit_scale=True, desc=source.id, disable=wanted.quiet or None)
    with bar, wanted.part.open("ab" if start else "wb") as file:
        try:
            # Without a chunk size: one would hold back bytes that a cut connection then loses.
            for chunk in unpacked(response.iter_raw(), encoding, source.id):
                come += len(chunk)
                refuse_excess(source, come, wanted.limit)
                file.write(chunk)
                bar.update(len(chunk))
        except EOFError as error:
            raise CutOffError(str(error)) from error


def _length(response: httpx.Response) -> int | None:
    """The length of a file; ``None`` where it is packed in transit, as the length given is that of the packed bytes."""
    packed = response.headers.get("Content-Encoding", "identity") != "identity"
    length = response.headers.get("Content-Length")
    return None if packed or length is None else int(length)


def _mark(part: Path, source: Source, response: httpx.Response, total: int | None) -> None:
    """Note the version of what begins to arrive, where a later answer can prove that it is the same."""
    etag, modified = response.headers.get("ETag", ""), response.headers.get("Last-Modified", "")
    validator = etag if etag.startswith('"') else "" if etag else modified
    if validator and total:
        version = {"address": source.address, "validator": validator, "total": total}
        marker_of(part).write_text(json.dumps(version), encoding="utf-8")


def _resumable(source: Source, part: Path) -> tuple[int, _Version | None]:
    """The bytes of a part and its version, where the rest of it may be asked for."""
    try:
        values = json.loads(marker_of(part).read_text(encoding="utf-8"))
        version = _Version(str(values["address"]), str(values["validator"]), int(values["total"]))
        have = part.stat().st_size
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return 0, None
    fits = version.address == source.address and 0 < have < version.total
    return (have, version) if fits else (0, None)


def _continues(response: httpx.Response, have: int, version: _Version) -> bool:
    """Whether a partial answer proves that it is the rest of the same version of the file."""
    rest = f"bytes {have}-{version.total - 1}/{version.total}"
    plain = response.headers.get("Content-Encoding", "identity") == "identity"
    same = response.headers.get(version.header, "") == version.validator
    return bool(plain and same and response.headers.get("Content-Range", "") == rest)


def discard(part: Path) -> None:
    """Remove a part and the note of its version."""
    part.unlink(missing_ok=True)
    marker_of(part).unlink(missing_ok=True)


def discard_useless(part: Path) -> None:
    """Remove a part of which the rest can never be asked for."""
    if not (part.exists() and marker_of(part).exists()):
        discard(part)


def sha256_of(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def difference(path: Path, source: Source) -> str | None:
    """How ``path`` differs from the size and sha256 that were declared; ``None`` when it does not."""
    size, sha = path.stat().st_size, sha256_of(path)
    lines = []
    if source.size is not None and size != source.size:
        lines.append(f"  size:   expected {source.size:,} bytes, got {size:,}")
    if source.sha256 is not None and sha != source.sha256:
        lines.append(f"  sha256: expected {source.sha256}\n          got      {sha}")
    return "\n".join(lines) or None


def changed(source: Source, name: str, differs: str, accept: str) -> ChangedSourceError:
    """The error that a file is not the declared one: how it differs, and the command ``accept`` that takes it."""
    return ChangedSourceError(
        f"{source.id}: {name} is not the release that was checked ({source.release}).\n{differs}\n"
        f"  The publisher may have replaced it: see {source.landing_page}\n"
        f"  To use it all the same (every output will say so):\n"
        f"  {accept}"
    )


def receipt_of(path: Path) -> raw.Receipt | None:
    """The receipt of a file; ``None`` where there is none that can be read, so that a new one is written."""
    try:
        return raw.read_receipt(path) if path.exists() else None
    except (RawFileError, OSError, RecursionError):
        return None


def keep(path: Path, receipt: raw.Receipt) -> raw.Receipt | None:
    """The receipt of ``path`` when it already holds the bytes that ``receipt`` describes; ``None`` when it does not.

    The file and its time are left as they are. The receipt is brought up to date, as the declaration, and so whether
    the file differs from it, may have changed since.
    """
    if not path.exists() or sha256_of(path) != receipt.sha256:
        return None
    kept = receipt_of(path)
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
    marker_of(part).unlink(missing_ok=True)
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
