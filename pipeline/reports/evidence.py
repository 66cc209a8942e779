"""The section on what the score was held against, from ``evidence.json``."""

from collections.abc import Container, Mapping, Sequence
from typing import Any

from pipeline.reports.charts import two_decimals
from pipeline.reports.elements import Markup, paragraph, section, table

PLAIN = {
    "candidate": "Score",
    "spearman": "Spearman correlation",
    "median_within_icb": "Median within ICBs",
    "lowest_icb": "Lowest ICB",
    "highest_icb": "Highest ICB",
}


def evidence_section(evidence: Mapping[str, Any], index: str) -> Markup:
    """How well scores agree with an outcome, and the outcome by decile of the area's index.

    Args:
        evidence: ``sources`` (the outcome's own first), ``outcome`` (``name``; ``used``: how many areas), ``in_sample``
            (the scores whose weights were fitted to it), ``summary`` (``candidate, spearman, low, high,
            median_within_icb, lowest_icb, highest_icb``) and ``calibration`` (``candidate, decile, areas, mean, low,
            high``); each may be absent.
        index: the id of the area's index.
    """
    outcome: Mapping[str, Any] = evidence.get("outcome") or {}
    rows: Sequence[Mapping[str, Any]] = evidence.get("summary", [])
    fitted = set(evidence.get("in_sample", []))
    used = f", known for {outcome['used']:,} areas of the nation" if "used" in outcome else ""
    sources: Sequence[Mapping[str, Any]] = evidence.get("sources", [])
    title = sources[0].get("title") if sources else None
    parts = [paragraph(f"Held against: {title or outcome.get('name', 'an outcome that was measured')}{used}.")]
    if rows:
        shown = [name for name in PLAIN if any(name in row for row in rows)]
        body = [[_figure(row, name, fitted) for name in shown] for row in rows]
        caption = "Agreement over the nation, with 95% intervals: 1 would be perfect, 0 none"
        parts.append(table(caption, [PLAIN[name] for name in shown], body))
    if fitted:
        parts.append(paragraph("* Its weights were fitted to this outcome, so the figure flatters it.", "note"))
    deciles = [row for row in evidence.get("calibration", []) if row["candidate"] == index]
    if deciles:
        columns = ("Decile of risk, 1 = worst", "Areas", "Mean outcome", "95% interval")
        cells = [
            (f"{row['decile']}", f"{row['areas']:,}", f"{row['mean']:.3g}", f"{row['low']:.3g} to {row['high']:.3g}")
            for row in deciles
        ]
        parts.append(table(f"The outcome by decile of the index “{index}” in the nation", columns, cells))
    return section("evidence", "Does the score predict anything", parts)


def _figure(row: Mapping[str, Any], name: str, fitted: Container[str]) -> str:
    value = row.get(name)
    if value is None:
        return "none"
    if isinstance(value, str):
        return f"{value} *" if value in fitted else value
    text = two_decimals(value)
    if name == "spearman" and row.get("low") is not None:
        text += f" ({two_decimals(row['low'])} to {two_decimals(row['high'])})"
    return text
