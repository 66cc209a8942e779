"""The table of all indices and all outcomes in words: lines for the console, and rows for records."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.catalogue import DeclaredOutcome, Index
from pipeline.evidence.agreement import Observed
from pipeline.evidence.area_outcome import AreaOutcome
from pipeline.evidence.comparing import CURVE
from pipeline.evidence.outcome import Outcome
from pipeline.store.records import AgreementRecord, AgreementReport, AgreementRow, ComparedOutcome, rows_of

LEVELS: Mapping[str, str] = {
    "all": "Over the nation",
    "area": "In the area alone",
    "icb": "Median within ICBs",
}
EXPLAINED = (
    "Rank correlation, or for a group (AUC) the chance that a neighbourhood of it scores above another; a half is "
    "chance. 95% intervals by resampling districts; of larger areas, the areas and the error of the survey."
)
MARK = "*"
"""Beside the figure of an index that was fitted to the outcome."""


def tabulate_agreement(
    compared: pd.DataFrame, outcomes: Sequence[DeclaredOutcome], indices: Sequence[Index]
) -> pd.DataFrame:
    """The rows of :func:`pipeline.evidence.compare_outcomes` as the table ``agreement``.

    They get a key, the outcome's title, and ``in_sample``: whether the index was fitted to the outcome.
    """
    titles = {outcome.id: outcome.title for outcome in outcomes}
    fitted = {(index.id, name) for index in indices for name in outcomes_fitted_to(index)}
    keys = compared["outcome"] + "/" + compared["candidate"] + "/" + compared["level"]
    pairs = zip(compared["candidate"], compared["outcome"], strict=True)
    return compared.assign(
        entry=keys, outcome_title=compared["outcome"].map(titles), in_sample=[pair in fitted for pair in pairs]
    )


def outcomes_fitted_to(index: Index) -> tuple[str, ...]:
    """The outcomes that the weights of an index were fitted to; none for weights chosen by hand."""
    return () if index.fitted_to is None else index.fitted_to.outcomes


def describe_agreement(agreement: pd.DataFrame, outcomes: Sequence[DeclaredOutcome]) -> Iterator[str]:
    """The console's report: a block for each level, outcomes down and scores across; surveys; and every caveat."""
    columns = list(dict.fromkeys(agreement["candidate"]))
    for level, title in LEVELS.items():
        rows = agreement[agreement["level"] == level]
        if not len(rows):
            continue
        yield f"{title}:"
        yield f"  {'':<26} {'areas':>7}  " + "  ".join(f"{column:<24}" for column in columns)
        for outcome, group in rows.groupby("outcome", sort=False):
            cells = {row.candidate: _cell(row) for row in group.itertuples()}
            label = f"{outcome}{' (AUC)' if group['statistic'].iloc[0] == CURVE else ''}"
            areas = f"{int(group['areas'].iloc[0]):,}"
            yield f"  {label:<26} {areas:>7}  " + "  ".join(f"{cells.get(column, '-'):<24}" for column in columns)
        yield ""
    yield EXPLAINED
    if agreement["in_sample"].any():
        yield f"{MARK} The weights were fitted to this outcome, so the figure flatters the index."
    for outcome, group in agreement[agreement["reliability"].notna()].groupby("outcome", sort=False):
        corrected = ", ".join(f"{row.candidate} {row.corrected:.2f}" for row in group.itertuples())
        yield (
            f"{outcome}: reliability {group['reliability'].iloc[0]:.2f} by its published limits; corrected for it: "
            f"{corrected}"
        )
    for declared in outcomes:
        yield f"{declared.id}: {declared.title}. {declared.caveat}"


def _cell(row: Any) -> str:
    """The agreement of one row of the table with its interval."""
    return f"{row.agreement:.3f}{MARK if row.in_sample else ''} ({row.low:.2f} to {row.high:.2f})"


def summarise_compared(declared: DeclaredOutcome, outcome: Observed) -> ComparedOutcome:
    """What was observed, of how many areas, how reliably, and what to keep in mind."""
    return ComparedOutcome(
        id=declared.id,
        title=declared.title,
        measures=declared.measures,
        measure=declared.measure,
        level=declared.level,
        caveat=declared.caveat,
        higher_is_better=outcome.higher_is_better,
        rows=outcome.rows,
        used=len(outcome.values),
        left_out=outcome.left_out,
        vintage=outcome.vintage if isinstance(outcome, Outcome) else None,
        reliability=outcome.reliability if isinstance(outcome, AreaOutcome) else None,
    )


def record_agreement(record: AgreementRecord, agreement: pd.DataFrame) -> AgreementReport:
    """The content of ``agreement.json``: ``record`` of ``agreement.parquet`` with its rows."""
    kept = agreement.drop(columns=["entry", "outcome_title"])
    return AgreementReport(**dict(record), compared=rows_of(kept, AgreementRow))
