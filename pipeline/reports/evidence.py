"""The section on the outcomes that the score was compared with, from ``evidence.json`` and those like it."""

from collections.abc import Container, Iterator, Sequence

from pipeline.errors import first
from pipeline.reports.charts import two_decimals
from pipeline.reports.elements import Markup, paragraph, section, table
from pipeline.store.records import CandidateSummary, EvidenceReport, SourceUsed

COLUMNS = ("Score", "Spearman correlation", "Median within ICBs", "Lowest ICB", "Highest ICB")


def evidence_section(reports: Sequence[EvidenceReport], index: str, older: Container[str] = ()) -> Markup:
    """How well scores agree with outcomes, and the mean of each outcome by decile of the index of the area.

    Args:
        index: the id of the area's index.
        older: the names of the outcomes that earlier scores or weights were compared with.
    """
    parts = [part for report in reports for part in _compared(report, index, older=report.outcome.name in older)]
    return section("evidence", "Does the score predict anything", parts)


def _compared(evidence: EvidenceReport, index: str, *, older: bool) -> Iterator[Markup]:
    outcome, source = evidence.outcome, evidence.sources[0] if evidence.sources else None
    title = source.title if isinstance(source, SourceUsed) else outcome.name
    yield paragraph(f"Compared with: {title}, available for {outcome.used:,} areas of the nation.")
    if older:
        yield paragraph(
            "This comparison was made with earlier data or other weights than the map shows. To make it again: "
            f"python -m pipeline validate {evidence.area}",
            "note",
        )
    if evidence.summary:
        caption = "Agreement over the nation, with 95% intervals: 1 would be perfect agreement, 0 none"
        fitted = set(evidence.in_sample)
        yield table(caption, COLUMNS, [_row(candidate, fitted) for candidate in evidence.summary])
    if evidence.in_sample:
        yield paragraph("* Its weights were fitted to this outcome, so this figure flatters it.", "note")
    changed = [name for name in evidence.weights_changed if name in evidence.in_sample]
    if changed:
        yield paragraph(
            f"Weights changed by hand since they were fitted: {first(changed)}. The figures are those of the changed "
            "weights.",
            "note",
        )
    cells = [
        (f"{d.decile}", f"{d.areas:,}", _significant(d.mean), f"{_significant(d.low)} to {_significant(d.high)}")
        for d in evidence.calibration
        if d.candidate == index
    ]
    if cells:
        columns = ("Decile of risk, 1 = worst", "Areas", "Mean outcome", "95% interval")
        yield table(f"The outcome by decile of the index “{index}” in the nation", columns, cells)


def _row(candidate: CandidateSummary, fitted: Container[str]) -> tuple[str, ...]:
    name = f"{candidate.candidate} *" if candidate.candidate in fitted else candidate.candidate
    overall = _correlation(candidate.spearman)
    if candidate.spearman is not None and candidate.low is not None and candidate.high is not None:
        overall += f" ({two_decimals(candidate.low)} to {two_decimals(candidate.high)})"
    within = (candidate.median_within_icb, candidate.lowest_icb, candidate.highest_icb)
    return name, overall, *map(_correlation, within)


def _correlation(value: float | None) -> str:
    return "none" if value is None else two_decimals(value)


def _significant(value: float | None) -> str:
    return "none" if value is None else f"{value:.3g}"
