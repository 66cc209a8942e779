"""Where a table comes from: the declared source and the receipt of the file that was read."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline import raw
from pipeline.catalogue import Source


def now() -> str:
    """The time in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def provenance(source: Source, path: Path, root: Path, notes: Iterable[str] = ()) -> dict[str, Any]:
    """What every output says of a source: what it is, which file was read, whether it is the one that was declared."""
    receipt = raw.read_receipt(path)
    return {
        "id": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "release": source.release,
        "licence": source.licence,
        "attribution": source.attribution,
        "landing_page": source.landing_page,
        "file": path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name,
        "sha256": receipt.sha256 if receipt else None,
        "declared_sha256": source.sha256,
        "accepted_difference": bool(receipt and receipt.accepted_difference),
        "taken_from": receipt.mode if receipt else "placed by hand",
        "fetched_at": receipt.fetched_at if receipt else None,
        "notes": list(notes),
    }


def local_provenance(identity: str, title: str, origin: str, path: Path, root: Path) -> dict[str, Any]:
    """The same of a file of an analyst's own."""
    file = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    return {
        "id": identity,
        "title": title,
        "publisher": origin,
        "release": "a local file",
        "licence": "as its owner says",
        "attribution": f"{title}: {origin}",
        "landing_page": file,
        "file": file,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "declared_sha256": None,
        "accepted_difference": False,
        "taken_from": "placed by hand",
        "fetched_at": None,
        "notes": [],
    }


def caution(sources: Iterable[dict[str, Any]]) -> list[str]:
    """One sentence for each source whose bytes are not those that were declared."""
    return [
        f"{source['title']}: the file read differs from the release that was checked ({source['release']}), so "
        "figures may differ a little from those."
        for source in sources
        if source["accepted_difference"]
    ]
