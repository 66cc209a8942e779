"""Raw files: fetched, copied from a mirror, or made for the fictional country."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import raw, store
from pipeline.catalogue import Area, Source
from pipeline.errors import FetchError, MissingSourceError, PipelineError, command
from pipeline.stages.code import code_of
from pipeline.stages.project import Snapshot
from pipeline.stages.reads import LOOKUP
from pipeline.stages.vintages import refuse_mixed_years

Say = Callable[[str], None]
DEMO_SIZE, LEAST_DEMO_SIZE = 600, 60
"""LSOAs of the fictional area unless another number is asked for, and the fewest that it can have."""


@dataclass(frozen=True)
class Wanted:
    """Where raw files come from: the folder ``mirror``, or else the network.

    ``accept`` names sources that are used although their bytes are not the declared ones.
    """

    mirror: Path | None = None
    accept: tuple[str, ...] = ()
    quiet: bool = False


def fetch_area(project: Snapshot, area: Area, wanted: Wanted, say: Say) -> None:
    """Fetch an area's sources: national tables as published, boundaries only for the area.

    Raises:
        FetchError: a source could not be fetched complete.
        MissingSourceError: the mirror lacks a source that the area needs.
    """
    sources = project.sources()
    if area.fictional:
        make_demo(project, say)
        return
    unknown = sorted(set(wanted.accept) - set(sources))
    if unknown:
        raise PipelineError(f"There is no source {', '.join(unknown)} to accept. Sources: {', '.join(sources)}.")
    if wanted.mirror is not None:
        from pipeline.fetch import Destination, refuse_folder

        refuse_folder(wanted.mirror, Destination(project.root, area.id, area.nation))
    receipts: dict[str, raw.Receipt] = {}
    absent: list[Source] = []
    for source in sorted(sources.values(), key=lambda s: s.by_area):
        if source.instead_of in receipts:
            continue
        if source.by_hand and wanted.mirror is None:
            say(f"  {source.id}: cannot be fetched; put {source.file} in data/raw/{source.id}/ (optional)")
            continue
        receipt = _fetch(project, area, source, wanted)
        if receipt is None:
            absent.append(source)
        else:
            receipts[source.id] = receipt
            say(f"  {source.id}: {receipt.file}, {receipt.size:,} bytes")
    _refuse_gaps(area, wanted, sources.values(), set(receipts), absent, say)
    refuse_mixed_years(project, area)
    _write_stamps(project, area, receipts.values())
    say(f"{area.title}: {len(receipts)} sources are in data/raw. Next: {command('maps', area.id)}")


def _fetch(project: Snapshot, area: Area, source: Source, wanted: Wanted) -> raw.Receipt | None:
    from pipeline.fetch import Destination, copy_source, fetch_source, unpack_source

    destination = Destination(project.root, area.id, area.nation)
    accept = source.id in wanted.accept
    if source.format == "package":
        return unpack_source(source, destination)
    if wanted.mirror is not None:
        return copy_source(source, wanted.mirror, destination, accept=accept, quiet=wanted.quiet)
    codes = _wanted_codes(project, area, source)
    return fetch_source(source, destination, codes, accept=accept, quiet=wanted.quiet)


def _wanted_codes(project: Snapshot, area: Area, source: Source) -> list[str] | None:
    if not source.by_area or area.everything:
        return None
    lookup = project.raw_file(project.sources()[LOOKUP], area.nation)
    if lookup is None:
        raise MissingSourceError(raw.missing_message(raw.missing_sources(project.root, area.id), area.id))
    from pipeline.join import codes_of
    from pipeline.tidy import tidy_source

    return codes_of(area, tidy_source(project.sources()[LOOKUP], lookup).frame, project.root)


def _refuse_gaps(
    area: Area, wanted: Wanted, sources: Iterable[Source], receipts: set[str], absent: Sequence[Source], say: Say
) -> None:
    alternatives = {s.instead_of: s.id for s in sources if s.instead_of}
    lacking = []
    for source in absent:
        instead = alternatives.get(source.id) or source.instead_of
        if instead in receipts:
            say(f"  {source.id}: not in {wanted.mirror}; {instead} is used instead")
        elif source.required:
            lacking.append(source)
        else:
            say(f"  {source.id}: not in {wanted.mirror} (optional)")
    if lacking:
        listed = "\n".join(f"  {s.id}: {s.title}; expected a file {s.file}" for s in lacking)
        raise MissingSourceError(
            f"{wanted.mirror} does not hold {len(lacking)} source(s) that {area.id} needs:\n{listed}"
        )


def _write_stamps(project: Snapshot, area: Area, receipts: Iterable[raw.Receipt]) -> None:
    """Record the files that an area was fetched with; the list is left alone where it is up to date."""
    files = {r.source: {"file": r.file, "sha256": r.sha256} for r in receipts}
    path = raw.stamp_path(project.root, area.id)
    _sweep(path.parent)
    if _stamped(path) == files:
        return
    try:
        store.write_json(path, files)
    except OSError as error:
        raise FetchError(
            f"{path}: cannot be written ({error.strerror or error}). Is the disk full, or the folder write-protected? "
            "Make room and run the same command again."
        ) from error


def _sweep(folder: Path) -> None:
    """Remove the temporary files that a killed run left in a folder of raw files."""
    for path in folder.glob(".*.*.*"):
        path.unlink(missing_ok=True)


def _stamped(path: Path) -> object:
    """What a small file of JSON says; ``None`` where there is none that can be read, so that it is written again."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def check_addresses(project: Snapshot, area: Area, say: Say) -> bool:
    """Ask the address of each source that an area needs, without fetching, and show a table.

    Returns:
        Whether all is well; false where one has moved, or none could be reached.
    """
    from pipeline.fetch import as_table, check_sources

    if area.fictional:
        say(f"{area.title} is made here: there is no address to ask.")
        return True
    answers = check_sources(project.sources().values())
    for line in as_table(answers):
        say(line)
    moved = [answer.source for answer in answers if answer.verdict == "moved"]
    for source in moved:
        say(f"{source.id} has moved: see {source.landing_page} and correct its table in declared/sources.toml.")
    asked = [answer for answer in answers if answer.host != "-" and answer.verdict != "by hand"]
    silent = [answer for answer in asked if answer.verdict == "not reachable"]
    if silent:
        none = len(silent) == len(asked)
        say(
            f"{'None' if none else len(silent)} of the {len(asked)} addresses could{'' if none else ' not'} be reached"
            f"{': is this computer connected to the internet?' if none else '; the others are as the table says.'}"
        )
    return not moved and len(silent) < len(asked)


def make_demo(project: Snapshot, say: Say, areas: int | None = None) -> None:
    """Write the fictional country's raw files in the publishers' formats; by default, as many LSOAs as last time."""
    from pipeline.demo import demo_files

    area, receipts = next(area for area in project.areas().values() if area.fictional), []
    size = areas or _made(project).get("areas") or DEMO_SIZE
    if not isinstance(size, int) or size < LEAST_DEMO_SIZE:
        raise PipelineError(f"The fictional area needs at least {LEAST_DEMO_SIZE} LSOAs; --areas was {size}.")
    store.write_json(_made_path(project), {"areas": size})
    say(f"Making FICTIONAL DATA: {area.title}, {size:,} areas that do not exist.")
    for source, file, content in demo_files(areas=size):
        path = raw.raw_folder(project.root, area.nation) / source / file
        _sweep(path.parent)
        receipt = raw.made_receipt(source, file, content, area.id)
        kept = raw.read_receipt(path)
        if kept is None or kept.sha256 != receipt.sha256 or store.content_hash(path) != receipt.sha256:
            store.write_bytes(path, content)
            store.write_json(raw.receipt_path(path), receipt.as_json())
        receipts.append(receipt)
    _write_stamps(project, area, receipts)
    store.write_json(_made_path(project), {"areas": size, "code": _demo_code()})


def ensure_demo(project: Snapshot, say: Say) -> None:
    """Make the fictional country's raw files where there are none, or they are from an earlier version of the program.

    A raw file that somebody changed by hand stays as it is.
    """
    if _made(project).get("code") != _demo_code():
        make_demo(project, say)


def _made_path(project: Snapshot) -> Path:
    return raw.raw_folder(project.root, "demo") / "made.json"


def _made(project: Snapshot) -> dict[str, object]:
    """How the fictional country was last made; empty where it was not."""
    made = _stamped(_made_path(project))
    return made if isinstance(made, dict) else {}


def _demo_code() -> dict[str, str]:
    return dict(code_of("pipeline.demo.files"))
