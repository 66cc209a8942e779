"""The section on the outcome that the score was compared with, from ``evidence.json``."""

from collections.abc import Container

from pipeline.reports.charts import two_decimals
from pipeline.reports.elements import Markup, paragraph, section, table
from pipeline.store.records import CandidateSummary, EvidenceReport, SourceUsed

COLUMNS = ("Score", "Spearman correlation", "Median within ICBs", "Lowest ICB", "Highest ICB")


def evidence_section(evidence: EvidenceReport, index: str) -> Markup:
    """How well scores agree with an outcome, and the outcome by decile of the index of the area.

    Args:
        index: the id of the area's index.
    """
    outcome, source = evidence.outcome, evidence.sources[0] if evidence.sources else None
    title = source.title if isinstance(source, SourceUsed) else outcome.name
    parts = [paragraph(f"Compared with: {title}, available for {outcome.used:,} areas of the nation.")]
    if evidence.summary:
        caption = "Agreement over the nation, with 95% intervals: 1 would be perfect agreement, 0 none"
        fitted = set(evidence.in_sample)
        parts.append(table(caption, COLUMNS, [_row(candidate, fitted) for candidate in evidence.summary]))
    if evidence.in_sample:
        parts.append(paragraph("* Its weights were fitted to this outcome, so this figure flatters it.", "note"))
    cells = [
        (f"{d.decile}", f"{d.areas:,}", _significant(d.mean), f"{_significant(d.low)} to {_significant(d.high)}")
        for d in evidence.calibration
        if d.candidate == index
    ]
    if cells:
        columns = ("Decile of risk, 1 = worst", "Areas", "Mean outcome", "95% interval")
        parts.append(table(f"The outcome by decile of the index “{index}” in the nation", columns, cells))
    return section("evidence", "Does the score predict anything", parts)


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
