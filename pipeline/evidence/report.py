"""Evidence in words: lines for the console, records for files, and the text of an index file."""

import json
from collections.abc import Sequence

import pandas as pd

from pipeline.catalogue import Component, Fitted, Index, Indicator
from pipeline.evidence.calibrate import Calibration, FitSettings
from pipeline.evidence.outcome import Outcome
from pipeline.evidence.validate import FEWEST, Validation
from pipeline.store.records import (
    Agreement,
    CalibrationRecord,
    CandidateSummary,
    DecileOutcome,
    EvidenceRecord,
    EvidenceReport,
    FittedWeight,
    GroupFit,
    OutcomeFile,
    OutcomeSummary,
    OutOfSample,
    SourceUsed,
    WithoutLeast,
    rows_of,
)

FITTED_TITLE, FITTED_SOURCE = ", weights fitted to ", "; weights fitted to "
"""How the title and the source of a fitted index go on."""
WORST = 5
"""The number of groups with the largest misfit that are printed."""


def describe_validation(validation: Validation, outcome: Outcome, index: str, fitted: Sequence[str]) -> list[str]:
    """The console's report: every candidate, then the decile table of ``index``.

    Args:
        index: the candidate whose deciles are shown. ``fitted``: those whose weights were fitted to this outcome.
    """
    lines = [str(outcome), "", *_table(validation.summary)]
    within = validation.agreement[validation.agreement["level"] == "icb"]
    lines.append(
        f"  Rank correlation with the outcome, signed so that 1 is perfect, 95% intervals by resampling districts; "
        f"within the {within['code'].nunique()} ICBs with at least {FEWEST} areas."
    )
    deciles = validation.calibration[validation.calibration["candidate"] == index]
    area = validation.agreement[validation.agreement["level"] == "area"]
    if len(area):
        lines += ["", f"In the area alone ({int(area['areas'].iloc[0]):,} LSOAs):"]
        lines += [f"  {r.candidate:<28} {r.spearman:6.3f}  ({r.low:.3f} to {r.high:.3f})" for r in area.itertuples()]
    else:
        lines += ["", f"The area has no row: the outcome covers fewer than {FEWEST} of its LSOAs, or no others."]
    lines += ["", f"Mean outcome by decile of '{index}' over the nation (1 = the most at-risk tenth):"]
    lines += [
        f"  {r.decile:>2}  {r.mean:8.2f}  ({r.low:.2f} to {r.high:.2f})  {r.areas:,}" for r in deciles.itertuples()
    ]
    lines += [
        f"Note: the weights of '{name}' were fitted to this outcome, so its figures here are in sample. "
        "For figures from areas where they were not: python -m pipeline calibrate"
        for name in fitted
    ]
    return lines


def describe_calibration(calibration: Calibration, outcome: Outcome, least: float) -> list[str]:
    """The console's report of a fit: weights, out-of-sample agreement, comparisons, and where it fails."""
    lines = [
        str(outcome),
        "",
        f"Weights in percent, each at least {100 * least:g} (95% intervals by resampling districts):",
    ]
    lines += [
        f"  {r.component:<18} {r.column:<28} {r.rounded:>3}   {r.weight:5.1f}  ({r.low:.1f} to {r.high:.1f})"
        for r in calibration.weights.itertuples()
    ]
    lines += ["", "Judged where the weights were not fitted (Spearman over all; median within ICBs):"]
    lines += [
        f"  each {r.left_out} left out in turn: {r.spearman:.3f}; {r.median_within_icb:.3f}"
        for r in calibration.out_of_sample.itertuples()
    ]
    overall, within = calibration.without_floor
    lines.append(f"  the same, ICB by ICB, without a least weight: {overall:.3f}; {within:.3f}")
    lines += ["", *_table(calibration.compared.summary), "", "Where it does worst (ICBs left out in turn):"]
    for kind, group in calibration.failures.groupby("kind", sort=False):
        shown = group.sort_values("spearman").head(WORST) if kind == "ICB" else group
        lines += [f"  {kind}"]
        lines += [f"    {r.group:<84} {r.areas:>6,}  {r.spearman:5.2f}  {r.gap:+5.1f}" for r in shown.itertuples()]
    lines.append(
        "  Columns: areas, Spearman, and by how many percentile points the outcome is worse than the score says."
    )
    return lines


def record_validation(record: EvidenceRecord, validation: Validation) -> EvidenceReport:
    """The content of ``evidence.json``: ``record`` of ``evidence.parquet`` with the summaries."""
    return EvidenceReport(
        **dict(record),
        summary=rows_of(validation.summary, CandidateSummary),
        calibration=rows_of(validation.calibration, DecileOutcome),
    )


def record_calibration(
    calibration: Calibration, outcome: Outcome, settings: FitSettings, source: SourceUsed | OutcomeFile, built: str
) -> CalibrationRecord:
    """The content of ``calibration.json``.

    Args:
        source: where the outcome comes from. ``built``: when the weights were fitted.
    """
    overall, within = calibration.without_floor
    # In JSON the key keeps the name that others read it by.
    agreement = calibration.compared.agreement.rename(columns={"entry": "row"})
    return CalibrationRecord(
        built=built,
        sources=(source,),
        outcome=summarise_outcome(outcome),
        index=calibration.index,
        least=settings.least,
        draws=settings.draws,
        weights=rows_of(calibration.weights, FittedWeight),
        out_of_sample=rows_of(calibration.out_of_sample, OutOfSample),
        without_least=WithoutLeast(spearman=round(overall, 6), median_within_icb=round(within, 6)),
        compared=rows_of(calibration.compared.summary, CandidateSummary),
        within_icb=rows_of(agreement[agreement["level"] == "icb"], Agreement),
        failures=rows_of(calibration.failures, GroupFit),
    )


def summarise_outcome(outcome: Outcome) -> OutcomeSummary:
    """What was measured, on how many areas, and what was left out."""
    return OutcomeSummary(
        name=outcome.name,
        vintage=outcome.vintage,
        higher_is_better=outcome.higher_is_better,
        rows=outcome.rows,
        used=len(outcome.values),
        left_out=outcome.left_out,
    )


def name_fitted(index: Index, template: Index, outcome: str) -> Index:
    """``index`` with a title and a source that say what its weights were fitted to.

    An index that was fitted to this outcome before keeps its title.

    Args:
        template: the index whose weights were fitted. ``outcome``: the title of the outcome.
    """
    fitted, before = index.fitted_to, template.fitted_to
    again = before is not None and fitted is not None and before.outcome == fitted.outcome
    title = template.title if again else f"{template.title.split(FITTED_TITLE)[0]}{FITTED_TITLE}{outcome}"
    source = f"{template.source.split(FITTED_SOURCE)[0]}{FITTED_SOURCE}{outcome} (python -m pipeline calibrate)"
    return index.model_copy(update={"title": title, "source": source})


def format_index(index: Index, comments: Sequence[str]) -> str:
    """The text of an index file: ``comments`` first, then what :func:`pipeline.catalogue.read_index` reads."""
    lines = [f"# {line}".rstrip() for line in comments]
    top = index.model_dump(mode="json", exclude_none=True, exclude={"id", "components", "absent", "fitted_to"})
    lines += ["", *(f"{key} = {_value(value)}" for key, value in top.items())]
    if index.fitted_to is not None:
        lines.append(f"fitted_to = {_table_in_line(index.fitted_to)}")
    for component in index.components:
        lines += ["", "[[components]]", *_component(component)]
    for absent in index.absent:
        lines += ["", "[[absent]]", *(f"{key} = {_value(value)}" for key, value in absent.model_dump().items())]
    return "\n".join(lines) + "\n"


def _component(component: Component) -> list[str]:
    values = component.model_dump(mode="json", exclude_none=True, exclude={"indicators"})
    indicators = [f"    {_indicator(indicator)}," for indicator in component.indicators]
    return [
        *(f"{key} = {_value(value)}" for key, value in values.items() if value != ""),
        "indicators = [",
        *indicators,
        "]",
    ]


def _indicator(indicator: Indicator) -> str:
    return _table_in_line(indicator)


def _table_in_line(model: Indicator | Fitted) -> str:
    values = model.model_dump(mode="json", exclude_none=True)
    return "{ " + ", ".join(f"{key} = {_value(value)}" for key, value in values.items() if value != "") + " }"


def _value(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    # A JSON string is also a TOML string, except for U+007F, which no title holds.
    return json.dumps(value, ensure_ascii=False)


def _table(summary: pd.DataFrame) -> list[str]:
    lines = [f"  {'':<32} overall  (95%)             within ICBs: median, lowest, highest"]
    lines += [
        f"  {r.candidate:<32} {r.spearman:6.3f}  ({r.low:.3f} to {r.high:.3f})   "
        f"{r.median_within_icb:6.3f}  {r.lowest_icb:6.3f}  {r.highest_icb:6.3f}"
        for r in summary.itertuples()
    ]
    return lines
