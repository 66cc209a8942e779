"""Where a table comes from: the declared source and the receipt of the file that was read."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from pipeline import raw
from pipeline.catalogue import Source
from pipeline.store.records import SourceUsed


def describe_source(source: Source, path: Path, root: Path, notes: Iterable[str] = ()) -> SourceUsed:
    """What every output says about a source: what it is, which file was read, and whether that is the declared one.

    Args:
        path: the file that was read. ``root``: the project folder.
        notes: what readers of the output should know about the file.
    """
    receipt, source = raw.read_receipt(path), source.as_in(path.name)
    return SourceUsed(
        id=source.id,
        title=source.title,
        publisher=source.publisher,
        release=source.release,
        licence=source.licence,
        attribution=source.attribution,
        landing_page=source.landing_page,
        file=_in_project(path, root),
        sha256=receipt.sha256 if receipt else None,
        declared_sha256=source.sha256,
        accepted_difference=bool(receipt and receipt.accepted_difference),
        taken_from=receipt.mode if receipt else "placed by hand",
        fetched_at=receipt.fetched_at if receipt else None,
        notes=tuple(notes),
    )


def describe_local_file(identity: str, title: str, origin: str, path: Path, root: Path) -> SourceUsed:
    """The same for a file that an analyst supplied; ``origin`` says who collected it."""
    file = _in_project(path, root)
    return SourceUsed(
        id=identity,
        title=title,
        publisher=origin,
        release="a local file",
        licence="as its owner says",
        attribution=f"{title}: {origin}",
        landing_page=file,
        file=file,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        declared_sha256=None,
        accepted_difference=False,
        taken_from="placed by hand",
        fetched_at=None,
    )


def list_differences(sources: Iterable[SourceUsed]) -> list[str]:
    """One sentence for each source whose bytes are not those that were declared."""
    return [
        f"{source.title}: the file read differs from the release that was checked ({source.release}), so "
        "figures may differ a little."
        for source in sources
        if source.accepted_difference
    ]


def merge_sources(*lists: Iterable[SourceUsed]) -> tuple[SourceUsed, ...]:
    """The sources of several outputs, each once, in order of first appearance."""
    merged: dict[str, SourceUsed] = {}
    for sources in lists:
        for source in sources:
            merged.setdefault(source.id, source)
    return tuple(merged.values())


def _in_project(path: Path, root: Path) -> str:
    """``path`` relative to the project folder, or its name where it lies elsewhere."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
