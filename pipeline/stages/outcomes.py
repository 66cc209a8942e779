"""Outcomes, and the scores that are compared with them."""

import hashlib
from collections.abc import Callable, Iterable

import pandas as pd

from pipeline import raw, store
from pipeline.catalogue import Index
from pipeline.errors import EvidenceError, MissingSourceError
from pipeline.evidence import Outcome, match_outcome, read_outcome_file
from pipeline.index import score
from pipeline.reading import Layout, loosely_among, read_sheet
from pipeline.stages.directions import check_meaning
from pipeline.stages.project import Snapshot
from pipeline.stages.reads import OUTCOME, present_sources, tidy_table
from pipeline.stages.requests import OutcomeWanted, refuse_without_file
from pipeline.store.records import OutcomeFile, SourceUsed

CHANGES = "lsoa11_lsoa21"
Say = Callable[[str], None]


def list_indices(project: Snapshot, name: str) -> list[Index]:
    """The index asked for, and all those that are declared.

    Raises:
        DeclarationError: one counts a column against its meaning, or names one that there is not.
    """
    indices = [project.index(each) for each in dict.fromkeys([name, *project.shipped_indices()])]
    for index in indices:
        check_meaning(project, index)
    return indices


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
