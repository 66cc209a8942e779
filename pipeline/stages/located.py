"""Where the runs, releases and indices lie that a comparison names."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.catalogue import Area
from pipeline.errors import CompareError, MissingSourceError, command, did_you_mean, first, shown
from pipeline.stages.project import Snapshot
from pipeline.stages.reads import (
    CHANGES,
    beside,
    index_file,
    population_source,
    present_sources,
    reference_table,
    tidy_table,
)

NOW = "now"
RISK, REFERENCE, KEPT = "risk.parquet", "reference.parquet", "kept.json"
RELEASES = {
    "iod2019": ("iod2019_file7", "the Indices of Deprivation 2019"),
    "iod2025": ("iod2025_file7", "the Indices of Deprivation 2025"),
}
"""Releases that can be compared: the source of each, and what readers call it."""
OF_2011 = ("iod2019",)
RELEASE_INDEX = "imd2025"
"""The index that makes the published score of a release from its domain ranks; the weights are those of 2019 too."""


@dataclass(frozen=True)
class Run:
    """What one side of a comparison is.

    Attributes:
        kind: a run that was ``kept``, what is built ``now``, a ``folder`` of the program, an ``index`` over what is
            built now, or a published ``release``.
        title: what readers call it. ``name``: of an index or a release.
        risk, reference: the scores of the area and the table of its nation; of a release, the area's joined table and
            the release.
        files: all that is read.
    """

    kind: Literal["kept", "now", "folder", "index", "release"]
    title: str
    name: str
    risk: Path
    reference: Path
    files: tuple[Path, ...]


def locate_run(project: Snapshot, area: Area, text: str) -> Run:
    """What ``text`` names: ``now``, a release, a run that was kept (by folder or name), a folder, or an index.

    Raises:
        CompareError: it names none of these; the message lists what there is.
        MissingSourceError: a source of a release is missing, with the command that fetches it.
    """
    from pipeline.store.kept import list_kept

    built = (project.processed(area.id) / RISK, reference_table(project, area.nation))
    if text == NOW:
        return Run("now", NOW, "", *built, _with_records(*built))
    if text in RELEASES:
        return _release(project, area, text)
    kept = list_kept(project.kept(area.id))
    named = next((folder for folder, record in kept.items() if record.name == text), text)
    if named in kept:
        return _in_folder(project.kept(area.id) / named, named)
    folder = project.local_file(text)
    if folder.is_dir() and (folder / RISK).is_file():
        return _in_folder(folder, text)
    if text.endswith(".toml") or text in project.shipped_indices():
        declared = (
            Path(text) if text.endswith(".toml") else project.root / index_file(area.model_copy(update={"index": text}))
        )
        return Run("index", f"the index “{Path(text).stem}”", text, *built, (*_with_records(*built), declared))
    names = [record.name for record in kept.values() if record.name]
    among = [NOW, *RELEASES, *kept, *names, *project.shipped_indices()]
    raise CompareError(
        f"{shown(text)} is no run, release or index.{did_you_mean(text, among)} Runs of {area.id} that are kept: "
        f"{first(kept) or 'none'}{f' (called {first(names)})' if names else ''}; to keep one: "
        f"{command('keep', area.id)}. Or give {NOW}, the folder of a run, {' or '.join(RELEASES)}, or an index: "
        f"{first(project.shipped_indices())}."
    )


def _in_folder(folder: Path, title: str) -> Run:
    """A run that was kept, wherever it lies, or the folder of an area that the program built."""
    if (folder / KEPT).is_file():
        files = (folder / RISK, folder / REFERENCE)
        return Run("kept", title, "", *files, (*files, folder / KEPT))
    national = folder.parent / "national"
    there = [folder / REFERENCE, *(national / nation / REFERENCE for nation in _nations(folder / RISK))]
    reference = next((path for path in there if path.is_file()), None)
    if reference is None:
        raise CompareError(
            f"{folder} holds scores but not the table of their nation, which a comparison needs: {there[-1]}. Keep "
            "the run with the program that built it: python -m pipeline keep AREA"
        )
    return Run("folder", title, "", folder / RISK, reference, _with_records(folder / RISK, reference))


def _nations(risk: Path) -> tuple[str, ...]:
    """The nation that scores belong to, as their record says; both where it does not."""
    from pipeline.store.kept import read_fictional

    fictional = read_fictional(beside(risk))
    return ("england", "demo") if fictional is None else ("demo",) if fictional else ("england",)


def _with_records(*tables: Path) -> tuple[Path, ...]:
    return tuple(path for table in tables for path in (table, beside(table)))


def _release(project: Snapshot, area: Area, name: str) -> Run:
    source, title = RELEASES[name]
    needed = [source, *([CHANGES] if name in OF_2011 else [])]
    declared, present = project.sources(), present_sources(project, area.nation)
    missing = [each for each in needed if each not in present]
    if missing:
        listed = "; ".join(
            f"{each} ({declared[each].title}, {declared[each].file})"
            if each in declared
            else f"{each}, which is not declared in declared/sources.toml"
            for each in missing
        )
        codes = " Codes of 2011 are never compared with those of 2021 without the lookup." if CHANGES in missing else ""
        raise MissingSourceError(
            f"{title[:1].upper()}{title[1:]} cannot be compared: missing is {listed}.{codes} Fetch what is missing "
            f"({command('data', area.id)}), or put the file in data/raw/{missing[0]}/, and run this again."
        )
    tables = [tidy_table(project, area.nation, declared[each]) for each in needed]
    if name in OF_2011:
        tables.append(tidy_table(project, area.nation, population_source(project, area.nation)))
    joined = project.processed(area.id) / "joined.parquet"
    return Run("release", title, name, joined, tables[0], _with_records(joined, *tables))


def compared_files(project: Snapshot, area: Area, sides: tuple[str, ...]) -> tuple[Path, ...]:
    """Every file that a comparison of ``sides`` reads."""
    return tuple(dict.fromkeys(path for text in sides for path in locate_run(project, area, text).files))
