"""Evidence in words: lines for the console, a summary for a file, and the text of an index file."""

import json
from collections.abc import Sequence
from typing import Any

import pandas as pd

from pipeline.catalogue import Component, Index, Indicator
from pipeline.evidence.calibrate import Calibration
from pipeline.evidence.outcome import Outcome
from pipeline.evidence.validate import FEWEST, Validation

WORST = 5
"""How many of the groups with the largest misfit are printed."""


def validation_lines(validation: Validation, outcome: Outcome, own: str, fitted: Sequence[str]) -> list[str]:
    """The console's report: every candidate, then the decile table of ``own``.

    Args:
        own: the candidate whose deciles are shown. ``fitted``: those whose weights were fitted to this outcome.
    """
    lines = [str(outcome), "", *_table(validation.summary)]
    within = validation.agreement[validation.agreement["level"] == "icb"]
    lines.append(
        f"  Rank correlation with the outcome turned so that 1 is perfect, 95% intervals by drawing districts again; "
        f"within the {within['code'].nunique()} ICBs with at least {FEWEST} areas."
    )
    deciles = validation.calibration[validation.calibration["candidate"] == own]
    area = validation.agreement[validation.agreement["level"] == "area"]
    if len(area):
        lines += ["", f"In the area alone ({int(area['areas'].iloc[0]):,} LSOAs):"]
        lines += [f"  {r.candidate:<28} {r.spearman:6.3f}  ({r.low:.3f} to {r.high:.3f})" for r in area.itertuples()]
    else:
        lines += ["", f"The outcome covers fewer than {FEWEST} LSOAs of the area, or it alone: no row of its own."]
    lines += ["", f"Mean outcome by decile of '{own}' over the nation (1 = the most at-risk tenth):"]
    lines += [
        f"  {r.decile:>2}  {r.mean:8.2f}  ({r.low:.2f} to {r.high:.2f})  {r.areas:,}" for r in deciles.itertuples()
    ]
    lines += [
        f"Note: the weights of '{name}' were fitted to this outcome, so its figures here are in sample. "
        "For figures where it was not fitted: python -m pipeline calibrate"
        for name in fitted
    ]
    return lines


def calibration_lines(calibration: Calibration, outcome: Outcome, least: float) -> list[str]:
    """The console's report of a fit: weights, out-of-sample agreement, comparisons, and where it fails."""
    lines = [str(outcome), "", f"Weights in percent, each at least {100 * least:g} (95% by drawing districts again):"]
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


def calibration_summary(calibration: Calibration, outcome: Outcome, least: float) -> dict[str, Any]:
    """The same as values for a JSON file."""
    overall, within = calibration.without_floor
    return {
        "outcome": outcome_summary(outcome),
        "index": calibration.index.model_dump(exclude_defaults=True),
        "least": least,
        "weights": _records(calibration.weights),
        "out_of_sample": _records(calibration.out_of_sample),
        "without_least": {"spearman": round(overall, 6), "median_within_icb": round(within, 6)},
        "compared": _records(calibration.compared.summary),
        "within_icb": _records(calibration.compared.agreement.query("level == 'icb'")),
        "failures": _records(calibration.failures),
    }


def outcome_summary(outcome: Outcome) -> dict[str, Any]:
    """What was measured, on how many areas, and what was left out."""
    return {
        "name": outcome.name,
        "vintage": outcome.vintage,
        "higher_is_better": outcome.higher_is_better,
        "rows": outcome.rows,
        "used": len(outcome.values),
        "left_out": dict(outcome.left_out),
    }


def index_toml(index: Index, comments: Sequence[str]) -> str:
    """The text of an index file: ``comments`` first, everything else as :func:`pipeline.catalogue.read_index` reads."""
    lines = [f"# {line}".rstrip() for line in comments]
    top = index.model_dump(mode="json", exclude_none=True, exclude={"id", "components", "absent"})
    lines += ["", *(f"{key} = {_value(value)}" for key, value in top.items())]
    for component in index.components:
        lines += ["", "[[components]]", *_component(component)]
    for absent in index.absent:
        lines += ["", "[[absent]]", *(f"{key} = {_value(value)}" for key, value in absent.model_dump().items())]
    return "\n".join(lines) + "\n"


def _component(component: Component) -> list[str]:
    values = component.model_dump(mode="json", exclude_none=True, exclude={"indicators"})
    own = [f"    {_indicator(indicator)}," for indicator in component.indicators]
    return [*(f"{key} = {_value(value)}" for key, value in values.items() if value != ""), "indicators = [", *own, "]"]


def _indicator(indicator: Indicator) -> str:
    values = indicator.model_dump(mode="json", exclude_none=True)
    return "{ " + ", ".join(f"{key} = {_value(value)}" for key, value in values.items() if value != "") + " }"


def _value(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    # A JSON string is a TOML string but for U+007F, which no title holds.
    return json.dumps(value, ensure_ascii=False)


def _table(summary: pd.DataFrame) -> list[str]:
    lines = [f"  {'':<32} overall  (95%)             within ICBs: median, lowest, highest"]
    lines += [
        f"  {r.candidate:<32} {r.spearman:6.3f}  ({r.low:.3f} to {r.high:.3f})   "
        f"{r.median_within_icb:6.3f}  {r.lowest_icb:6.3f}  {r.highest_icb:6.3f}"
        for r in summary.itertuples()
    ]
    return lines


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows for JSON, numbers to six decimals; what is not known as null."""
    plain = frame.round(6).astype(object)
    return [{str(k): v for k, v in row.items()} for row in plain.where(frame.notna(), None).to_dict(orient="records")]
