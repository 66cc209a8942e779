"""Where a table comes from: the declared source and the receipt of the file that was read."""

from collections.abc import Iterable
from pathlib import Path

from pipeline import raw
from pipeline.catalogue import Source
from pipeline.store.records import SourceUsed
from pipeline.store.steps import file_hash

LICENCE_OF_OWNER = "as its owner says"
"""The licence of a file that an analyst supplied."""


def describe_source(source: Source, path: Path, root: Path, notes: Iterable[str] = ()) -> SourceUsed:
    """What every output says about a source: what it is, which bytes were read, and whether they are the declared ones.

    Args:
        path: the file that was read. ``root``: the project folder.
        notes: what readers of the output should know about the file.

    Raises:
        RawFileError: its receipt cannot be read, or is that of another file.
    """
    receipt, source = raw.read_receipt(path), source.as_in(path.name)
    sha256 = file_hash(path)
    changed = receipt is not None and receipt.sha256 != sha256
    differs = source.sha256 not in (None, sha256) and (receipt is None or receipt.mode != "made")
    used = SourceUsed(
        id=source.id,
        title=source.title,
        publisher=source.publisher,
        release=source.release,
        licence=source.licence,
        attribution=source.attribution,
        landing_page=source.landing_page,
        file=_in_project(path, root),
        sha256=sha256,
        declared_sha256=source.sha256,
        accepted_difference=differs if receipt is None or changed else receipt.accepted_difference,
        taken_from=receipt.mode if receipt else "placed by hand",
        fetched_at=receipt.fetched_at if receipt else None,
        notes=tuple(notes),
        size=path.stat().st_size,
        fetched_sha256=receipt.sha256 if receipt else None,
    )
    if not used.changed_by_hand:
        return used
    return used.model_copy(update={"notes": (*used.notes, *list_differences([used]))})


def describe_local_file(identity: str, title: str, origin: str, path: Path, root: Path) -> SourceUsed:
    """The same for a file that an analyst supplied; ``origin`` says who collected it."""
    file = _in_project(path, root)
    return SourceUsed(
        id=identity,
        title=title,
        publisher=origin,
        release="a local file",
        licence=LICENCE_OF_OWNER,
        attribution=f"{title}: {origin}",
        landing_page=file,
        file=file,
        sha256=file_hash(path),
        declared_sha256=None,
        accepted_difference=False,
        taken_from="placed by hand",
        fetched_at=None,
        size=path.stat().st_size,
    )


def list_differences(sources: Iterable[SourceUsed]) -> list[str]:
    """One sentence for each source whose bytes are not those that were declared, or not those that were fetched."""
    return [line for source in sources if (line := describe_difference(source)) is not None]


def describe_difference(source: SourceUsed) -> str | None:
    """How the bytes that were read differ from those that were fetched or declared; ``None`` where they do not."""
    if source.changed_by_hand:
        return (
            f"{source.title}: {source.file} was changed by hand since it was fetched ({source.taken_from}, "
            f"{source.fetched_at}), so figures may not be the publisher's."
        )
    if source.accepted_difference:
        return (
            f"{source.title}: the file read differs from the release that was checked ({source.release}), so "
            "figures may differ a little."
        )
    return None


def merge_sources(*lists: Iterable[SourceUsed]) -> tuple[SourceUsed, ...]:
    """The sources of several outputs, each file once, in order of first appearance."""
    merged: dict[tuple[str, str, str | None], SourceUsed] = {}
    for sources in lists:
        for source in sources:
            merged.setdefault((source.id, source.file, source.sha256), source)
    return tuple(merged.values())


def _in_project(path: Path, root: Path) -> str:
    """``path`` relative to the project folder, or its name where it lies elsewhere."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
