"""Raw files: fetched, copied from a mirror, or made for the fictional country."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import raw, store
from pipeline.catalogue import Area, Source
from pipeline.errors import FetchError, MissingSourceError, PipelineError, RawFileError, command
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
        if wanted.mirror is not None:
            say(f"{area.id} is fictional: its files are made here, and {wanted.mirror} is not read.")
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
            project.look_again()
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
    """Record the files that an area was fetched with; a list is left alone where it is up to date.

    The lists of other areas of the nation follow, as they share all files but their boundaries.
    """
    project.look_again()
    files = {r.source: {"file": r.file, "sha256": r.sha256} for r in receipts}
    store.sweep([raw.stamp_path(project.root, area.id).parent])
    _write_stamp(project, area.id, files)
    shared = {name: entry for name, entry in files.items() if entry["file"] != raw.area_file(area.id)}
    replaced = _replaced(project.sources().values(), files)
    for other in project.areas().values():
        listed = _stamp(project, other.id) if other.nation == area.nation and other.id != area.id else None
        if listed is not None:
            separate = [name for name, entry in listed.items() if entry["file"] == raw.area_file(other.id)]
            kept = {name: entry for name, entry in listed.items() if name not in replaced}
            _write_stamp(project, other.id, kept | {n: e for n, e in shared.items() if n not in separate})


def _replaced(sources: Iterable[Source], taken: Iterable[str]) -> set[str]:
    """The alternatives of sources that were taken, and the sources whose alternatives were."""
    pairs = [(source.id, source.instead_of) for source in sources if source.instead_of is not None]
    names = set(taken)
    return {b for a, b in pairs if a in names and b not in names} | {a for a, b in pairs if b in names}


def _stamp(project: Snapshot, area: str) -> dict[str, dict[str, str]] | None:
    """The files that an area was fetched with; ``None`` where there is no list, or none that can be read."""
    listed = _read_object(raw.stamp_path(project.root, area))
    entries = {
        n: {k: str(e[k]) for k in ("file", "sha256") if k in e} for n, e in listed.items() if isinstance(e, dict)
    }
    return entries if listed and all(len(entries.get(name, ())) == 2 for name in listed) else None


def _write_stamp(project: Snapshot, area: str, files: dict[str, dict[str, str]]) -> None:
    path = raw.stamp_path(project.root, area)
    store.make_way(path)
    if _stamp(project, area) == files:
        return
    try:
        store.write_json(path, files)
    except OSError as error:
        raise FetchError(
            f"{path}: cannot be written ({error.strerror or error}). Is the disk full, or the folder write-protected? "
            "Make room and run the same command again."
        ) from error


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

    fictional = [area for area in project.areas().values() if area.fictional]
    if not fictional:
        raise PipelineError(f"{project.declared / 'areas.toml'}: no area there is fictional, so there is none to make.")
    area, receipts = fictional[0], list[raw.Receipt]()
    size = areas or _last_size(project)
    if size < LEAST_DEMO_SIZE:
        raise PipelineError(f"The fictional area needs at least {LEAST_DEMO_SIZE} LSOAs; --areas was {size}.")
    store.make_way(_made_path(project))
    store.write_json(_made_path(project), {"areas": size})
    say(f"Making FICTIONAL DATA: {area.title}, {size:,} areas that do not exist.")
    for source, file, content in demo_files(areas=size):
        path = raw.raw_folder(project.root, area.nation) / source / file
        store.sweep([path.parent])
        receipt = raw.made_receipt(source, file, content, area.id)
        if not _is_made(path, receipt):
            store.make_way(path)
            store.make_way(raw.receipt_path(path))
            store.write_bytes(path, content)
            store.write_json(raw.receipt_path(path), receipt.as_json())
        receipts.append(receipt)
    _write_stamps(project, area, receipts)
    store.write_json(_made_path(project), {"areas": size, "code": _demo_code()})


def _last_size(project: Snapshot) -> int:
    """The number of fictional LSOAs made last time; where that is not noted any more, as many as are there."""
    last = _made(project).get("areas")
    if not isinstance(last, int):
        lookup = project.raw_file(project.sources()[LOOKUP], "demo")
        try:
            last = 0 if lookup is None else len(lookup.read_bytes().splitlines()) - 1
        except OSError:
            last = 0
    return last if last >= LEAST_DEMO_SIZE else DEMO_SIZE


def _is_made(path: Path, receipt: raw.Receipt) -> bool:
    """Whether a fictional file is there as it would be made now, with its receipt."""
    try:
        kept = raw.read_receipt(path)
    except (RawFileError, OSError, RecursionError):
        return False
    return kept is not None and kept.sha256 == receipt.sha256 == store.output_hash(path)


def ensure_demo(project: Snapshot, say: Say) -> None:
    """Make the fictional country's raw files where there are none, or they are from an earlier version of the program.

    A raw file that somebody changed by hand stays as it is.
    """
    stamps = [raw.stamp_path(project.root, area.id) for area in project.areas().values() if area.fictional][:1]
    if _made(project).get("code") != _demo_code() or not all(_read_object(path) for path in stamps):
        make_demo(project, say)


def _made_path(project: Snapshot) -> Path:
    return raw.raw_folder(project.root, "demo") / "made.json"


def _made(project: Snapshot) -> dict[str, object]:
    """How the fictional country was last made; empty where it was not."""
    return _read_object(_made_path(project))


def _read_object(path: Path) -> dict[str, object]:
    """A JSON object that this program wrote; empty where there is none, or something else stands in its place."""
    if not path.is_file():
        # Not even to be opened: a pipe would wait for ever.
        return {}
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _demo_code() -> dict[str, str]:
    return dict(code_of("pipeline.demo.files"))
