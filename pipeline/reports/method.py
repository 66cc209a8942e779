"""The page as HTML: one file, no script, nothing asked of the network."""

import html
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.catalogue import Index
from pipeline.index.sensitivity import Sensitivity
from pipeline.reports.act import act_section
from pipeline.reports.elements import Markup, bullets, escape, paragraph, section
from pipeline.reports.evidence import evidence_section
from pipeline.reports.sections import (
    Titles,
    clusters_section,
    effective_section,
    index_section,
    intervals_section,
    removed_section,
    sensitivity_section,
    twice_section,
    varied_section,
)

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def method_page(
    frame: pd.DataFrame,
    metadata: Mapping[str, Any],
    index: Index,
    found: Sensitivity,
    evidence: Mapping[str, Any] | None,
) -> str:
    """The page of an area.

    Args:
        frame: ``risk.parquet`` without geometry, with rank intervals and hot spots. ``metadata``: its metadata.
        index: the index that it was scored by.
        found: what its ranks depend on.
        evidence: what the score was held against, if it was (see :mod:`pipeline.reports.evidence`).
    """
    titles = Titles(index)
    fictional = bool(metadata["fictional"])
    title = f"{'Fictional data: ' if fictional else ''}How sure is the map of {metadata['title']}?"
    parts = [
        index_section(metadata, titles),
        varied_section(metadata, titles),
        intervals_section(frame, metadata),
        sensitivity_section(found, len(frame)),
        removed_section(found, titles),
        twice_section(found, titles),
        effective_section(found, titles),
        clusters_section(metadata),
        act_section(frame, metadata),
        *([evidence_section(evidence, index.id)] if evidence else []),
        _limits(metadata, index),
    ]
    banner = '<div class="banner" role="note">Fictional data: these places exist nowhere.</div>' if fictional else ""
    style = Path(__file__).with_name("style.css").read_text(encoding="utf-8")
    body = "\n".join(part.text for part in parts)
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{html.escape(POLICY, quote=True)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f"<header>{banner}<h1>{escape(title)}</h1>\n{_lead(frame, metadata, found).text}</header>\n"
        f"<main>\n{body}\n</main>\n"
        f"<footer><p>Built {escape(str(metadata['built']))} by the index “{escape(index.title)}”.</p></footer>\n"
        "</body>\n</html>\n"
    )


def _lead(frame: pd.DataFrame, metadata: Mapping[str, Any], found: Sensitivity) -> Markup:
    varied = metadata["uncertainty"]
    stay, worst = varied["worst_tenth_staying_in_90_percent_of_draws"], varied["worst_tenth"]
    width = (frame["rank_p95"] - frame["rank_p05"]).median()
    sentences = (
        f"Of the {worst:,} neighbourhoods in the worst tenth of {metadata['title']}, {stay:,} stay there in at least "
        f"90% of {varied['draws']:,} plausible indices. The others are there by this index, and might not be by "
        f"another that is as defensible. The middle interval of a rank is {width:,.0f} places wide, of {len(frame):,}."
    )
    if len(found.choices):
        choice = str(found.choices["choice"].iloc[0])
        sentences += f" What moves ranks most: {choice[:1].lower()}{choice[1:]}."
    return paragraph(sentences, "lead")


def _limits(metadata: Mapping[str, Any], index: Index) -> Markup:
    said = [
        "A rank interval covers the choices listed above, and no others: not which indicators were chosen, and not "
        + (
            "errors in the data, which no publisher of these indicators states for neighbourhoods."
            if not metadata["uncertainty"]["noise"]
            else "errors in indicators for which none is listed."
        ),
        "What is plausible is a judgement, written in declared/uncertainty.toml; a wider one widens the intervals.",
        "The interval of one area says nothing of whether two areas differ: their ranks move together.",
        "The risk is of the place, not of the person: most people in a worst-tenth area are online.",
        *(f"Not in these data: {item.title}. {item.why}." for item in index.absent),
    ]
    sources = [f"{source['title']} ({source['release']}), {source['publisher']}" for source in metadata["sources"]]
    return section("limits", "Limits and sources", [bullets(said), paragraph("Made from:"), bullets(sources)])
