"""Evidence in words: lines for the console, records for files, and the text of an index file."""

import json
import re
from collections.abc import Sequence
from typing import Literal

import pandas as pd
from pydantic import BaseModel

from pipeline.catalogue import Component, Index, Indicator
from pipeline.catalogue.fits import Fit
from pipeline.evidence.calibrate import Calibration, FitSettings
from pipeline.evidence.chance import Rightness
from pipeline.evidence.fit import Target
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
    FrontierPoint,
    GroupFit,
    OutcomeFile,
    OutcomeSummary,
    OutOfSample,
    SourceUsed,
    TargetAgreement,
    WithoutLeast,
    rows_of,
)

FITTED_TITLE, FITTED_SOURCE = ", weights fitted to ", "; weights fitted to "
"""How the title and the source of a fitted index go on."""
WORST = 5
DECIMALS = 6
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


def describe_calibration(calibration: Calibration) -> list[str]:
    """The console's report of a fit: weights, out-of-sample agreement, the frontier, and where it fails."""
    lines = ["", "Weights in percent (95% intervals by resampling districts), and the least they may be:"]
    lines += [
        f"  {r.component:<20} {str(r.column) or '(the product)':<32} {r.rounded:>3}   {r.weight:5.1f}  "
        f"({r.low:.1f} to {r.high:.1f})   {r.least:.3g}"
        for r in calibration.weights.itertuples()
    ]
    lines += ["", *_agreements(calibration.agreement), *_frontier(calibration.frontier)]
    lines += ["", f"Judged on {calibration.main} where the weights were not fitted (Spearman; median within ICBs):"]
    lines += [
        f"  each {r.left_out} left out in turn: {r.spearman:.3f}; {r.median_within_icb:.3f}"
        for r in calibration.out_of_sample.itertuples()
    ]
    overall, within = calibration.without_floor
    lines.append(f"  the same, ICB by ICB, without a least weight: {overall:.3f}; {within:.3f}")
    lines += ["", *_table(calibration.compared.summary), *_rightness(calibration.rightness)]
    lines += ["", "Where it does worst (ICBs left out in turn):"]
    for kind, group in calibration.failures.groupby("kind", sort=False):
        shown = group.sort_values("spearman").head(WORST) if kind == "ICB" else group
        lines += [f"  {kind}"]
        lines += [f"    {r.group:<84} {r.areas:>6,}  {r.spearman:5.2f}  {r.gap:+5.1f}" for r in shown.itertuples()]
    lines.append(
        "  Columns: areas, Spearman, and by how many percentile points the outcome is worse than the score says."
    )
    return lines


def _agreements(agreement: pd.DataFrame) -> list[str]:
    lines = ["Agreement with each outcome, each ICB left out in turn (and in sample):"]
    for row in rows_of(agreement, TargetAgreement):
        within = "" if row.median_within_icb is None else f"   median within ICBs {row.median_within_icb:.3f}"
        lines.append(
            f"  {row.outcome:<22} {row.measure:<9} {row.areas:>6,} areas  {row.part:4.0%} of the mix  "
            f"{row.left_out or 0:6.3f}  ({row.in_sample or 0:.3f}){within}"
        )
    return lines


def _frontier(frontier: pd.DataFrame) -> list[str]:
    """What one outcome costs the others; nothing where there is one outcome only."""
    if len(frontier) < 2:
        return []
    names = [str(name) for name in frontier.columns if name != "mix"]
    width = max(len(words) for words in frontier["mix"])
    lines = [
        "",
        "What one outcome costs the others: the parts of the mix changed one by one, each ICB left out in turn",
    ]
    lines += [f"  {number}: {name}" for number, name in enumerate(names, 1)]
    lines.append(f"  {'':<{width}} " + " ".join(f"{number:>6}" for number in range(1, len(names) + 1)))
    for row in frontier.to_dict(orient="records"):
        lines.append(f"  {row['mix']:<{width}} " + " ".join(f"{row[name]:6.3f}" for name in names))
    return lines


def _rightness(rightness: Rightness) -> list[str]:
    outcome = rightness.chance.outcome
    lines = [
        "",
        f"How likely an area is truly in the worst tenth by {outcome}, ICB by ICB left out: said, and came true",
    ]
    lines += [
        f"  {band.name:>12} of the nation by score  {band.said:4.0%}  {band.observed:4.0%}  of {band.areas:,} areas"
        for band in rightness.reliability
    ]
    lines.append("Of each ICB's areas by score, truly in the ICB's worst tenth by the outcome:")
    lines += [f"  {band.name:>12}  {band.observed:4.0%}  of {band.areas:,} areas" for band in rightness.local]
    return lines


def record_validation(record: EvidenceRecord, validation: Validation) -> EvidenceReport:
    """The content of ``evidence.json``: ``record`` of ``evidence.parquet`` with the summaries."""
    return EvidenceReport(
        **dict(record),
        summary=rows_of(validation.summary, CandidateSummary),
        calibration=rows_of(validation.calibration, DecileOutcome),
    )


def record_calibration(
    calibration: Calibration,
    targets: Sequence[Target],
    settings: FitSettings,
    sources: Sequence[SourceUsed | OutcomeFile],
    nation: Literal["england", "demo"],
    built: str,
) -> CalibrationRecord:
    """The content of ``calibration.json``.

    Args:
        sources: where the outcomes come from. ``built``: when the weights were fitted.
    """
    overall, within = calibration.without_floor
    # In JSON the key keeps the name that others read it by.
    agreement = calibration.compared.agreement.rename(columns={"entry": "row"})
    main = next(t.outcome for t in targets if t.name == calibration.main and isinstance(t.outcome, Outcome))
    index = calibration.index
    return CalibrationRecord(
        built=built,
        sources=tuple(dict.fromkeys(sources)),
        outcome=summarise_outcome(main),
        outcomes=rows_of(calibration.agreement, TargetAgreement),
        reason=None if index.mix is None else index.mix.reason,
        frontier=tuple(
            FrontierPoint(mix=str(row.pop("mix")), agreement=row)
            for row in calibration.frontier.round(DECIMALS).to_dict(orient="records")
        ),
        fit=calibration.fit(nation),
        index=index,
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

    An index that declares its mix of outcomes, or was fitted to these before, keeps its title.

    Args:
        template: the index whose weights were fitted. ``outcome``: the title of the outcome.
    """
    fitted, before = index.fitted_to, template.fitted_to
    again = before is not None and fitted is not None and before.outcomes == fitted.outcomes
    keeps = again or index.mix is not None
    title = template.title if keeps else f"{template.title.split(FITTED_TITLE)[0]}{FITTED_TITLE}{outcome}"
    source = f"{template.source.split(FITTED_SOURCE)[0]}{FITTED_SOURCE}{outcome} (python -m pipeline calibrate)"
    return index.model_copy(update={"title": title, "source": source})


def format_index(index: Index, comments: Sequence[str]) -> str:
    """The text of an index file: ``comments`` first, then what :func:`pipeline.catalogue.read_index` reads."""
    lines = [f"# {line}".rstrip() for line in comments]
    top = index.model_dump(mode="json", exclude_none=True, exclude={"id", "components", "absent", "fitted_to", "mix"})
    lines += ["", *(f"{key} = {_value(value)}" for key, value in top.items())]
    if index.fitted_to is not None:
        lines.append(f"fitted_to = {{ {', '.join(_keys(index.fitted_to))} }}")
    if index.mix is not None:
        lines += ["", "[mix]", f"reason = {_value(index.mix.reason)}", "", "[mix.outcomes]"]
        lines += [f"{_key(name)} = {_value(part)}" for name, part in index.mix.outcomes.items()]
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
    values = indicator.model_dump(mode="json", exclude_none=True)
    return "{ " + ", ".join(f"{key} = {_value(value)}" for key, value in values.items() if value != "") + " }"


def format_fit(fit: Fit, index: str, command: str) -> str:
    """The text of the file of a fit, as :func:`pipeline.catalogue.fits.read_fit` reads it.

    Args:
        index: the name of the index. ``command``: the command that made it.
    """
    lines = [
        f"# Of the index '{index}', with the weights that it was fitted with and with no others; made by",
        f"#   {command}",
        "# loss: how much less of the outcomes' variance other weights and methods explain; plausible indices that fit",
        "# less count less. chance: how likely an area is truly in the worst tenth by the outcome, by its place in the",
        "# national order of scores (0 = highest risk). reliability: what was said and what came true, by place, each",
        "# ICB left out in turn. local: of each ICB's areas by score, the share truly in the ICB's worst tenth.",
        "",
        f"weights = {_value(fit.weights)}",
        f"nation = {_value(fit.nation)}",
        "",
        "[loss]",
        *_keys(fit.loss, leaving_out={"curvature", "alternatives"}),
        "curvature = [",
        *(
            f"    {', '.join(map(_value, fit.loss.curvature[start : start + size]))},"
            for size in [len(fit.loss.terms)]
            for start in range(0, size**2, size)
        ),
        "]",
        "",
        "[loss.alternatives]",
        *(f"{_key(words)} = {_value(lost)}" for words, lost in fit.loss.alternatives.items()),
    ]
    if fit.chance is not None:
        lines += ["", "[chance]", *_keys(fit.chance)]
    for name, bands in (("reliability", fit.reliability), ("local", fit.local)):
        for band in bands:
            lines += ["", f"[[{name}]]", *_keys(band)]
    return "\n".join(lines) + "\n"


def _keys(model: BaseModel, leaving_out: set[str] | None = None) -> list[str]:
    values = model.model_dump(mode="json", exclude_none=True, exclude=leaving_out)
    return [f"{key} = {_value(value)}" for key, value in values.items()]


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)


def _value(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
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
