"""Outcomes, and the scores that are compared with them."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from pipeline import raw, store
from pipeline.catalogue import DeclaredOutcome, Index
from pipeline.errors import DeclarationError, EvidenceError, MissingSourceError, command, did_you_mean
from pipeline.evidence import (
    PAPER_FIRST,
    AreaOutcome,
    GivenAreas,
    Observed,
    Outcome,
    match_area_outcome,
    match_outcome,
    members,
    members_of_lookup,
    observe,
    observe_areas,
    only_where,
    pick_units,
    read_area_file,
    read_lsoa_file,
    read_outcome_file,
    unit_of,
)
from pipeline.evidence.outcome import Vintage
from pipeline.evidence.units import LOOKUP_LAYOUT
from pipeline.index import score
from pipeline.reading import Layout, loosely_among, read_sheet
from pipeline.reading.codes import msoa_names
from pipeline.stages.directions import check_meaning
from pipeline.stages.project import Snapshot
from pipeline.stages.reads import (
    CHANGES,
    DISTRICT_NUTS3,
    ONLINE_SHARE,
    OUTCOME,
    local_outcomes,
    present_sources,
    sources_of_outcome,
    tidy_table,
)
from pipeline.stages.requests import OutcomeWanted, refuse_without_file
from pipeline.store.records import OutcomeFile, SourceUsed
from pipeline.tidy import reader_of

Say = Callable[[str], None]


@dataclass(frozen=True)
class Taken:
    """A declared outcome, its values matched to the LSOAs of a nation, and where they come from, its source first."""

    declared: DeclaredOutcome
    outcome: Observed
    sources: tuple[SourceUsed | OutcomeFile, ...]

    @property
    def is_local(self) -> bool:
        """Whether it is an analyst's file, which is not shown to others unless they ask for it."""
        return self.declared.file is not None


def list_indices(project: Snapshot, name: str) -> list[Index]:
    """The index asked for, and all those that are declared.

    Raises:
        DeclarationError: one counts a column against its meaning, or names one that there is not.
    """
    indices = [project.index(each) for each in dict.fromkeys([name, *project.shipped_indices()])]
    for index in indices:
        check_meaning(project, index)
    return indices


def score_indices(indices: Iterable[Index], nation: pd.DataFrame) -> pd.DataFrame:
    """A score for each index, and the share of the oldest residents as what any index should better."""
    alone = {"aged 75 and over alone": nation["share_75_plus"]}
    return pd.DataFrame({index.id: score(index, nation).score for index in indices} | alone)


def score_candidates(indices: Iterable[Index], nation: pd.DataFrame) -> pd.DataFrame:
    """A score for each index and for single indicators, over all LSOAs of the nation."""
    alone = {
        "aged 75 and over alone": nation["share_75_plus"],
        "aged 65 and over alone": nation["share_65_to_74"] + nation["share_75_plus"],
        "IMD alone": nation["imd_score"],
    }
    return pd.DataFrame({index.id: score(index, nation).score for index in indices} | alone)


def read_outcome(
    project: Snapshot, nation: str, asked: OutcomeWanted, codes: pd.Index, say: Say
) -> tuple[Outcome, SourceUsed | OutcomeFile]:
    """The outcome on the LSOAs of a nation, ``codes``, and its source.

    Raises:
        MissingSourceError: no outcome was given and the shipped one is missing.
        RawFileError: the file cannot be read, or a value is not a number; by row.
        EvidenceError: the file or column of the outcome is missing, or cannot be matched to these LSOAs.
    """
    sources, present = project.sources(), present_sources(project, nation)
    lookup = store.read_table(tidy_table(project, nation, sources[CHANGES])) if CHANGES in present else None
    if asked.path is None:
        refuse_without_file(asked, ("column", "code_column", "sheet", "layer"), "--outcome with a file")
        if OUTCOME not in present:
            source = sources[OUTCOME]
            raise MissingSourceError(
                f"No --outcome was given, and {OUTCOME} ({source.title}) is missing. Put {source.file} in "
                f"{raw.raw_folder(project.root, nation) / OUTCOME} and run this again."
            )
        shipped = tidy_table(project, nation, sources[OUTCOME])
        values = store.read_table(shipped).set_index("lsoa11_code")["digital_propensity"]
        origin = store.read_sources(shipped)[0]
        return match_outcome(values, codes, lookup, higher_is_better=True, name=OUTCOME), origin
    name, path = asked.path.as_posix(), project.local_file(asked.path)
    if asked.column is None:
        raise EvidenceError(f"--outcome {name}: say with --column which column holds the outcome.")
    likely = (loosely_among("code"),)
    layout = Layout(asked.sheet, layer=asked.layer, decimal=asked.decimal, likely=likely)
    wanted = [asked.column, *([asked.code_column] if asked.code_column is not None else [])]
    given = read_outcome_file(read_sheet(path, wanted, layout), asked.column, asked.code_column, layout)
    for note in given.notes:
        say(f"  {path.name}: {note}")
    values = given.values
    outcome = match_outcome(
        values, codes, lookup, higher_is_better=asked.higher_is_better, name=f"{path.name}, {asked.column}"
    )
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return outcome, OutcomeFile(file=name, sha256=digest, column=asked.column)


def take_outcomes(project: Snapshot, nation: str, frame: pd.DataFrame, say: Say) -> list[Taken]:
    """Every declared outcome that the nation has, in the order of ``declared/outcomes.toml``.

    What is not compared, and why, is said: a source that is missing, or too few areas of a small nation.

    Args:
        frame: all LSOAs of the nation with their columns, by code.

    Raises:
        MissingSourceError: an analyst's file cannot be matched without a source that is missing.
        RawFileError: an analyst's file cannot be read, or a value in it is not a number; by row.
        EvidenceError: an analyst's file cannot be matched to these LSOAs.
    """
    tables, taken = _Tables(project, nation), []
    local = {declared.id for declared in local_outcomes(project, nation)}
    for declared in project.outcomes().values():
        if declared.file is not None and declared.id not in local:
            continue
        lacking = [source for source in sources_of_outcome(declared) if source not in tables.present]
        if lacking and declared.file is None:
            say(f"{declared.id} is not compared: {', '.join(lacking)} is missing ({command('data', '<area>')}).")
            continue
        if lacking:
            raise MissingSourceError(
                f"declared/outcomes.toml: {declared.id} is matched through {', '.join(lacking)}, which is missing. "
                f"Run: {command('data', '<area>')}"
            )
        try:
            outcome, notes = _take(tables, declared, frame)
        except EvidenceError as error:
            if declared.file is not None:
                raise
            say(f"{declared.id} is not compared: {error}")
            continue
        for note in notes:
            say(f"  {declared.id}: {note}")
        taken.append(Taken(declared, outcome, tables.sources(declared)))
    return taken


class _Tables:
    """The tidy tables of a nation that outcomes are made from, each read once."""

    def __init__(self, project: Snapshot, nation: str) -> None:
        self.project, self.nation = project, nation
        self.present = set(present_sources(project, nation))
        self._read: dict[str, pd.DataFrame] = {}

    def path(self, source: str) -> Path:
        return tidy_table(self.project, self.nation, self.project.sources()[source])

    def table(self, source: str) -> pd.DataFrame:
        if source not in self._read:
            self._read[source] = store.read_table(self.path(source))
        return self._read[source]

    @property
    def changes(self) -> pd.DataFrame | None:
        return self.table(CHANGES) if CHANGES in self.present else None

    def sources(self, declared: DeclaredOutcome) -> tuple[SourceUsed | OutcomeFile, ...]:
        """Where an outcome comes from: its source or file first, then what it is matched through."""
        of_tables = [store.read_sources(self.path(source))[0] for source in sources_of_outcome(declared)]
        named = [(declared.file, declared.column), (declared.lookup, "weight")]
        files = [
            OutcomeFile(file=name, sha256=hashlib.sha256(self.file(name).read_bytes()).hexdigest(), column=column)
            for name, column in named
            if name is not None
        ]
        return (*files, *of_tables)

    def file(self, name: str) -> Path:
        return self.project.local_file(name)


def _take(tables: _Tables, declared: DeclaredOutcome, frame: pd.DataFrame) -> tuple[Observed, tuple[str, ...]]:
    if declared.of_lsoas:
        outcome, notes = _take_lsoas(tables, declared, frame)
        if declared.only is None:
            return outcome, notes
        shares = tables.table(ONLINE_SHARE)
        flags = shares.set_index("lsoa11_code")["paper_first"].astype("float64")
        matched = match_outcome(flags, frame.index, tables.changes, higher_is_better=False, name=ONLINE_SHARE).values
        return only_where(outcome, matched.index[matched == 0], PAPER_FIRST), notes
    return _take_areas(tables, declared, frame)


def _take_lsoas(tables: _Tables, declared: DeclaredOutcome, frame: pd.DataFrame) -> tuple[Outcome, tuple[str, ...]]:
    notes: tuple[str, ...] = ()
    if declared.source is not None:
        table = tables.table(declared.source)
        values = observe(_column(tables, declared, declared.column), declared)
        values = values.set_axis(pd.Index(table[_key(tables, declared.source)], dtype="str"))
    else:
        layout = _layout(declared)
        wanted = [declared.column, *([declared.code_column] if declared.code_column is not None else [])]
        given = read_lsoa_file(read_sheet(tables.file(declared.file or ""), wanted, layout), declared, layout)
        values, notes = given.values, given.notes
    vintage: Vintage = "2011" if declared.level == "lsoa11" else "2021"
    changes = tables.changes
    if vintage == "2011" and changes is None:
        raise EvidenceError(f"{declared.id}: LSOAs of 2011 cannot be matched without {CHANGES}.")
    outcome = match_outcome(
        values, frame.index, changes, higher_is_better=declared.higher_is_better, name=declared.id, vintage=vintage
    )
    return replace(outcome, measure=declared.measure, title=declared.title), notes


def _take_areas(tables: _Tables, declared: DeclaredOutcome, frame: pd.DataFrame) -> tuple[AreaOutcome, tuple[str, ...]]:
    if declared.source is not None:
        for column in (declared.column, declared.low_column, declared.high_column):
            _ = None if column is None else _column(tables, declared, column)
        given = observe_areas(tables.table(declared.source), declared, _key(tables, declared.source))
    else:
        layout = _layout(declared)
        wanted = [declared.code_column or "", declared.column]
        given = read_area_file(read_sheet(tables.file(declared.file or ""), wanted, layout), declared, layout)
    if declared.lookup is not None:
        pairs = members_of_lookup(
            read_sheet(tables.file(declared.lookup), (), LOOKUP_LAYOUT), tables.changes, frame.index
        )
    else:
        pairs = members(
            pick_units(given.values.index, _units(tables, declared, frame), declared.id), frame["population_total"]
        )
    given = _only_level(declared, given)
    return match_area_outcome(declared, given, pairs, frame.index), given.notes


def _only_level(declared: DeclaredOutcome, given: GivenAreas) -> GivenAreas:
    """Without the larger areas that a table of the survey has beside those of the level."""
    if declared.level != "nuts3":
        return given
    kept = given.values.index.str.len() == len("UKH15")
    return GivenAreas(given.values[kept], None if given.error is None else given.error[kept], given.notes)


def _units(tables: _Tables, declared: DeclaredOutcome, frame: pd.DataFrame) -> Mapping[str, pd.Series]:
    """The codes and names of each LSOA's area at the level of an outcome, by what they are."""
    if declared.level == "msoa":
        return {"the name of an MSOA": msoa_names(frame["lsoa21_name"])}
    if declared.level == "icb":
        return {"the code of an ICB": frame["icb_code"], "the name of an ICB": frame["icb_name"]}
    former = pd.DataFrame(columns=["lad22_code", "lad22_name"], index=pd.Index([], name="lsoa21_code"))
    if CHANGES in tables.present:
        former = tables.table(CHANGES).drop_duplicates("lsoa21_code").set_index("lsoa21_code")
        former = former.loc[former.index.intersection(frame.index)].dropna(subset=["lad22_name"])
    if declared.level == "district":
        return {
            "the code of a district": frame["lad_code"],
            "the name of a district": frame["lad_name"],
            "the code of a district of 2022": former["lad22_code"],
            "the name of a district of 2022": former["lad22_name"],
        }
    lookup = tables.table(DISTRICT_NUTS3)
    areas = lookup.set_index(lookup["lad22_name"].map(unit_of))["nuts3_code"]
    return {"the code of a NUTS 3 area": former["lad22_name"].map(unit_of).map(areas)}


def _key(tables: _Tables, source: str) -> str:
    return reader_of(tables.project.sources()[source]).table.key


def _column(tables: _Tables, declared: DeclaredOutcome, column: str) -> pd.Series:
    """A column of the tidy table of an outcome's source.

    Raises:
        DeclarationError: there is none of that name.
    """
    table = tables.table(declared.source or "")
    if column not in table:
        columns = [name for name in table.columns if name != _key(tables, declared.source or "")]
        raise DeclarationError(
            f"declared/outcomes.toml: {declared.id} names '{column}', which is no column of {declared.source}."
            f"{did_you_mean(column, columns)} These are: {', '.join(columns)}."
        )
    return table[column]


def _layout(declared: DeclaredOutcome) -> Layout:
    return Layout(declared.sheet, decimal=declared.decimal, likely=(loosely_among("code"),))
