"""Sources from a mirror: a folder, such as a network drive, that holds the publishers' files by their names."""

import shutil
from pathlib import Path, PurePosixPath

from pipeline import raw
from pipeline.catalogue import Source
from pipeline.errors import ChangedSourceError, FetchError
from pipeline.fetch.files import difference, put_in_place, refuse_broken_archive, refuse_web_page, sha256_of

SUMS = "SHA256SUMS"


def copy_source(
    source: Source, mirror: Path, root: Path, *, nation: str = "england", area_id: str, quiet: bool = False
) -> raw.Receipt | None:
    """Copy ``source`` from ``mirror`` into ``data/raw``; ``None`` where the mirror lacks it.

    A file whose sha256 is not the declared one is taken, said on the console and kept in the receipt.

    Raises:
        FetchError: no such folder, or the file is damaged.
        ChangedSourceError: the file is not the one that the mirror's own SHA256SUMS lists.
    """
    if not mirror.is_dir():
        raise FetchError(f"MIRROR={mirror}: there is no such folder.")
    origin = _found(source, mirror)
    if origin is None:
        return None
    sha = sha256_of(origin)
    _check_sums(mirror, origin, sha)
    refuse_web_page(origin, source)
    if origin.suffix == ".zip":
        refuse_broken_archive(origin, source)
    differs = difference(origin, source)
    if differs is not None:
        print(f"  {source.id}: {origin.name} is not the release that was checked ({source.release}); taken, and noted in the outputs.")
    path = raw.raw_folder(root, nation) / source.id / origin.name
    kept = raw.read_receipt(path) if path.exists() else None
    if kept is not None and kept.sha256 == sha == sha256_of(path):
        return kept
    receipt = raw.Receipt(
        source=source.id,
        file=origin.name,
        address=str(origin),
        mode="mirror",
        fetched_at=raw.utc_now(),
        size=origin.stat().st_size,
        sha256=sha,
        declared_size=source.size,
        declared_sha256=source.sha256,
        accepted_difference=differs is not None,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    shutil.copyfile(origin, part)
    if sha256_of(part) != sha:
        part.unlink()
        raise FetchError(f"{source.id}: {origin} changed while it was copied. Try again.")
    put_in_place(part, path, receipt)
    return receipt


def _found(source: Source, mirror: Path) -> Path | None:
    names = [source.file, *source.also_named]
    if source.member is not None:
        names.append(PurePosixPath(source.member.rsplit("!", 1)[-1]).name)
    return next((mirror / name for name in names if (mirror / name).is_file()), None)


def _check_sums(mirror: Path, origin: Path, sha: str) -> None:
    sums = mirror / SUMS
    if not sums.exists():
        return
    listed = {}
    for number, line in enumerate(sums.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        expected, _, name = line.strip().partition(" ")
        if len(expected) != 64 or not name.strip():
            raise FetchError(f"{sums}, line {number}: expected a sha256 and a file name, found '{line}'.")
        listed[name.strip().lstrip("*")] = expected.lower()
    if listed.get(origin.name, sha) != sha:
        raise ChangedSourceError(
            f"{origin}: its bytes are not those that {SUMS} beside it lists.\n"
            f"  expected {listed[origin.name]}\n  found    {sha}\n"
            "  The copy is damaged or was replaced: copy it again from where the mirror has it, or correct SHA256SUMS."
        )
