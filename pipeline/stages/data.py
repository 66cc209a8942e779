"""Raw files: fetched, copied from a mirror, or made for the fictional country."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pipeline import raw, store
from pipeline.catalogue import Area, Source
from pipeline.errors import MissingSourceError, PipelineError
from pipeline.join.areas import codes_of
from pipeline.stages.project import BASE, Project, Say, located


def fetch_area(project: Project, name: str, mirror: Path | None, accept: Sequence[str], quiet: bool, say: Say) -> None:
    """Fetch an area's sources: national tables whole, boundaries of the area only.

    Raises:
        FetchError: a source could not be had whole.
        MissingSourceError: the mirror lacks a source that the area needs.
    """
    from pipeline.fetch import copy_source, fetch_source, unpack_source

    area, sources = project.area(name), project.sources()
    if area.fictional:
        make_demo(project, 600, say)
        return
    unknown = sorted(set(accept) - set(sources))
    if unknown:
        raise PipelineError(f"ACCEPT names no source: {', '.join(unknown)}. Sources: {', '.join(sources)}.")
    receipts: dict[str, raw.Receipt] = {}
    absent: list[Source] = []
    for source in sorted(sources.values(), key=lambda s: s.by_area):
        if source.instead_of in receipts:
            continue
        if source.by_hand and mirror is None:
            say(f"  {source.id}: not to be fetched; put {source.file} in data/raw/{source.id}/ (optional)")
            continue
        receipt: raw.Receipt | None
        if source.format == "package":
            receipt = unpack_source(source, project.root, nation=area.nation)
        elif mirror is not None:
            receipt = copy_source(source, mirror, project.root, nation=area.nation, area_id=area.id, quiet=quiet)
        else:
            receipt = fetch_source(
                source,
                project.root,
                nation=area.nation,
                area_id=area.id,
                codes=_wanted_codes(project, area, source),
                accept=source.id in accept,
                quiet=quiet,
            )
        if receipt is None:
            absent.append(source)
        else:
            receipts[source.id] = receipt
            say(f"  {source.id}: {receipt.file}, {receipt.size:,} bytes")
    _refuse_gaps(area, mirror, sources, set(receipts), absent, say)
    _write_stamps(project, area, receipts.values())
    say(f"{area.title}: {len(receipts)} sources are in data/raw. Next: make maps AREA={area.id}")


def _wanted_codes(project: Project, area: Area, source: Source) -> list[str] | None:
    if not source.by_area or area.everything:
        return None
    lookup = located(project, area, project.sources()[BASE])
    from pipeline.tidy import tidy_health_geography

    return codes_of(area, tidy_health_geography(lookup)[0], project.root)


def _refuse_gaps(
    area: Area, mirror: Path | None, sources: Mapping[str, Source], got: set[str], absent: Iterable[Source], say: Say
) -> None:
    alternatives = {s.instead_of: s.id for s in sources.values() if s.instead_of}
    lacking = []
    for source in absent:
        instead = alternatives.get(source.id) or source.instead_of
        if instead in got:
            say(f"  {source.id}: not in {mirror}; {instead} is used instead")
        elif source.required:
            lacking.append(source)
        else:
            say(f"  {source.id}: not in {mirror} (optional)")
    if lacking:
        listed = "\n".join(f"  {s.id}: {s.title}; expected a file {s.file}" for s in lacking)
        raise MissingSourceError(f"{mirror} does not hold {len(lacking)} source(s) that {area.id} needs:\n{listed}")


def _write_stamps(project: Project, area: Area, receipts: Iterable[raw.Receipt]) -> None:
    """Record what an area and its nation are made from; a stamp is touched only when something changed."""
    by_area = {source.id for source in project.sources().values() if source.by_area}
    used = {r.source: {"file": r.file, "sha256": r.sha256} for r in receipts}
    national = {source: file for source, file in used.items() if source not in by_area}
    for path, files in (
        (project.root / "data" / "raw" / "national" / f"{area.nation}.json", national),
        (project.root / "data" / "raw" / "areas" / f"{area.id}.json", used),
    ):
        if not path.exists() or json.loads(path.read_text(encoding="utf-8")) != files:
            store.write_json(path, files)


def make_demo(project: Project, areas: int, say: Say) -> None:
    """Write the fictional country's raw files, in the publishers' formats."""
    from pipeline.demo import demo_files

    area, receipts = project.area("demo"), []
    say(f"Making FICTIONAL DATA: {area.title}, {areas:,} areas that exist nowhere.")
    for source, file, content in demo_files(areas=areas):
        path = raw.raw_folder(project.root, area.nation) / source / file
        receipt = raw.made_receipt(source, file, content, area.id)
        kept = raw.read_receipt(path)
        if kept is None or kept.sha256 != receipt.sha256 or not path.exists():
            store.write_bytes(path, content)
            store.write_json(raw.receipt_path(path), receipt.as_json())
        receipts.append(receipt)
    _write_stamps(project, area, receipts)
