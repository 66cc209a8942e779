"""The section on what scores were compared with, from ``agreement.json``, ``evidence.json`` and those like it."""

from collections.abc import Container, Iterator, Sequence

from pipeline.errors import first
from pipeline.reports.charts import two_decimals
from pipeline.reports.elements import Markup, Part, bullets, paragraph, section, stacked, table
from pipeline.store.records import (
    AgreementReport,
    AgreementRow,
    CandidateSummary,
    ComparedOutcome,
    EvidenceReport,
    SourceUsed,
)

COLUMNS = ("Score", "Spearman correlation", "Median within ICBs", "Lowest ICB", "Highest ICB")


LEVELS = {"all": "Over the nation", "area": "In this area alone", "icb": "Median within Integrated Care Boards"}
EXPLAINED = (
    "Rank correlation: 1 would be perfect agreement, 0 none. Where it is said (AUC), the outcome is a group of "
    "neighbourhoods, and the figure is the chance that one of it scores above one that is not: 1 would be perfect, 0.5 "
    "none. In brackets: 95% intervals, from drawing districts again; of larger areas, the areas, and the error of the "
    "survey with them."
)
CURVE = "area under the curve"


def evidence_section(
    reports: Sequence[EvidenceReport | AgreementReport], index: str, older: Container[str] = ()
) -> Markup:
    """How well scores agree with outcomes, and the mean of each outcome by decile of the index of the area.

    Args:
        reports: the table of all indices and outcomes, and outcomes in detail.
        index: the id of the area's index.
        older: the names of the outcomes, or of the table, that earlier scores or weights were compared with.
    """
    parts = [
        part
        for report in reports
        for part in (
            _agreement(report, index, older=report.table in older)
            if isinstance(report, AgreementReport)
            else _compared(report, index, older=report.outcome.name in older)
        )
    ]
    return section("evidence", "Does the score predict anything", parts)


def _agreement(report: AgreementReport, index: str, *, older: bool) -> Iterator[Markup]:
    """Every index and every outcome: a table for each level, where another index is ahead, and every caveat."""
    yield paragraph(EXPLAINED)
    if older:
        yield _note_on_age(report.area)
    titles = {outcome.id: outcome.title for outcome in report.outcomes}
    candidates = list(dict.fromkeys(row.candidate for row in report.compared))
    for level, title in LEVELS.items():
        rows = {(row.outcome, row.candidate): row for row in report.compared if row.level == level}
        if rows:
            lines = [_line(titles[name], [rows.get((name, c)) for c in candidates]) for name in titles]
            caption = f"{title}: indices compared with everything that was observed"
            yield table(caption, ("What was observed", "Areas", *candidates), [line for line in lines if line])
    if any(row.in_sample for row in report.compared):
        yield paragraph("* Its weights were fitted to this outcome, so this figure flatters it.", "note")
    ahead = [*_ahead(report, index, candidates)]
    if ahead:
        yield paragraph(f"Over the nation, “{index}” is not ahead everywhere:")
        yield bullets(ahead)
    if report.absent:
        lacking = [f"{name} ({count})" for name, count in report.absent.items()]
        yield paragraph(
            f"Indicators of an index that open data do not have are left out of it: {first(lacking)}.", "note"
        )
    yield paragraph("What to keep in mind of each outcome:")
    yield bullets(_caveat(outcome, report) for outcome in report.outcomes)


def _line(title: str, rows: Sequence[AgreementRow | None]) -> tuple[Part, ...]:
    """One outcome with the figure of each index; nothing where none was compared."""
    there = [row for row in rows if row is not None]
    if not there:
        return ()
    name = f"{title} (AUC)" if there[0].statistic == CURVE else title
    return name, f"{there[0].areas:,}", *("none" if row is None else _figure(row) for row in rows)


def _figure(row: AgreementRow) -> Part:
    text = f"{_correlation(row.agreement)}{' *' if row.in_sample else ''}"
    if row.low is None or row.high is None:
        return text
    return stacked(text, f"({two_decimals(row.low)} to {two_decimals(row.high)})")


def _ahead(report: AgreementReport, index: str, candidates: Sequence[str]) -> Iterator[str]:
    """For each other index, the outcomes for which it is ahead of ``index`` over the nation."""
    figures = {(row.outcome, row.candidate): row.agreement for row in report.compared if row.level == "all"}
    for other in candidates:
        better = []
        for outcome in report.outcomes:
            theirs, ours = figures.get((outcome.id, other)), figures.get((outcome.id, index))
            if theirs is not None and ours is not None and theirs > ours:
                better.append(f"{outcome.title}: {two_decimals(theirs)} against {two_decimals(ours)}")
        if better:
            yield f"{other} is ahead in {len(better)} of {len(report.outcomes)}: {'; '.join(better)}."


def _caveat(outcome: ComparedOutcome, report: AgreementReport) -> str:
    said = f"{outcome.title}: {outcome.measures}. {outcome.caveat}"
    corrected = [
        f"{row.candidate} {two_decimals(row.corrected)}"
        for row in report.compared
        if row.outcome == outcome.id and row.level == "all" and row.corrected is not None
    ]
    if outcome.reliability is None or not corrected:
        return said
    return (
        f"{said} By its published limits, {outcome.reliability:.0%} of the variance between areas is not error of the "
        f"sample; without that error, the correlations would be about {', '.join(corrected)}."
    )


def _note_on_age(area: str) -> Markup:
    return paragraph(
        "This comparison was made with earlier data or other weights than the map shows. To make it again: "
        f"python -m pipeline validate {area}",
        "note",
    )


def _compared(evidence: EvidenceReport, index: str, *, older: bool) -> Iterator[Markup]:
    outcome, source = evidence.outcome, evidence.sources[0] if evidence.sources else None
    title = source.title if isinstance(source, SourceUsed) else outcome.name
    yield paragraph(f"Compared with: {title}, available for {outcome.used:,} areas of the nation.")
    if older:
        yield _note_on_age(evidence.area)
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
