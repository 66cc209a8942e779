"""The page as HTML: one file, no script, no use of the network."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.errors import PipelineError
from pipeline.join.agreement import CHECKED, TAKEN_ON_TRUST, WITHOUT_CENTROIDS, WITHOUT_POSTCODES
from pipeline.reports.act import act_section
from pipeline.reports.elements import Markup, bullets, paragraph, section
from pipeline.reports.evidence import evidence_section
from pipeline.reports.kinds import kinds_section
from pipeline.reports.limits import PLACES_NOT_PEOPLE, limits_of_ranks
from pipeline.reports.page import compose_page
from pipeline.reports.priority_groups import priority_groups_section
from pipeline.reports.programmes import ProgrammeReport, programmes_section
from pipeline.reports.sections import (
    Titles,
    clusters_section,
    effective_section,
    index_section,
    intervals_section,
    removed_section,
    rightness_section,
    sensitivity_section,
    twice_section,
    varied_section,
)
from pipeline.store.provenance import describe_difference
from pipeline.store.records import AgreementReport, EvidenceReport, RiskRecord, SensitivityRecord, UncertaintyRecord
from pipeline.tables import Column


@dataclass(frozen=True)
class Beside:
    """What the page shows beside the scores of an area.

    ``evidence`` are the outcomes that the score was compared with, and the table of all; ``older`` names those that
    earlier scores or weights were compared with. ``programmes`` is None where the area was built without; ``groups`` is
    the table ``priority_groups``, None likewise.
    """

    evidence: Sequence[EvidenceReport | AgreementReport] = ()
    older: Container[str] = ()
    programmes: ProgrammeReport | None = None
    groups: pd.DataFrame | None = None


def compose_method_page(
    frame: pd.DataFrame,
    record: RiskRecord,
    sensitivity: SensitivityRecord,
    beside: Beside | None = None,
    added: Iterable[Column] = (),
) -> str:
    """The page of an area.

    Args:
        frame: ``risk.parquet`` without geometry. ``record``: its record.
        sensitivity: what its ranks depend on.
        beside: outcomes that the score was compared with, and programmes, if any.
        added: the columns of indicators that an analyst added.

    Raises:
        PipelineError: the area was scored without rank intervals or hot spots.
    """
    varied, hotspots = record.uncertainty, record.hotspots
    if varied is None or hotspots is None:
        raise PipelineError(
            f"{record.area} was scored without rank intervals. Run: python -m pipeline score {record.area}"
        )
    shown, titles = beside or Beside(), Titles(record.index, added)
    title = f"{'Fictional data: ' if record.fictional else ''}How sure is the map of {record.title}?"
    parts = [
        index_section(record, varied, titles),
        varied_section(varied, titles),
        intervals_section(frame, varied),
        rightness_section(record),
        sensitivity_section(sensitivity, len(frame)),
        removed_section(sensitivity, titles),
        twice_section(sensitivity, titles),
        effective_section(sensitivity, titles),
        clusters_section(hotspots),
        kinds_section(record.kinds, len(frame), record.nation.title, titles),
        *([priority_groups_section(shown.groups, record)] if shown.groups is not None and len(shown.groups) else []),
        act_section(frame, record.capacity),
        *([programmes_section(shown.programmes)] if shown.programmes is not None else []),
        *([evidence_section(shown.evidence, record.index.id, shown.older)] if shown.evidence else []),
        _checks(record),
        _limits(record, varied),
    ]
    return compose_page(
        title,
        _lead(frame, record, varied, sensitivity),
        parts,
        f"Built {record.built} by the index “{record.index.title}”.",
        fictional=record.fictional,
    )


def _lead(frame: pd.DataFrame, record: RiskRecord, varied: UncertaintyRecord, sensitivity: SensitivityRecord) -> Markup:
    stay, worst = varied.worst_tenth_staying_in_90_percent_of_draws, varied.worst_tenth
    width = (frame["rank_p95"] - frame["rank_p05"]).median()
    sentences = (
        f"Of the {worst:,} neighbourhoods in the worst tenth of {record.title}, {stay:,} stay there in at least "
        f"90% of {varied.draws:,} plausible indices. The others are there by this index, but might not be by "
        f"another that is just as defensible. The median rank interval is {width:,.0f} places wide, of {len(frame):,}."
    )
    if sensitivity.choices:
        choice = sensitivity.choices[0].choice
        sentences += f" What moves ranks most: {choice[:1].lower()}{choice[1:]}."
    return paragraph(sentences, "lead")


def _checks(record: RiskRecord) -> Markup:
    """What the sources were compared for, what nothing contradicts, and what was left out or changed because of it."""
    present = {source.id for source in record.sources}
    trusted = [
        *TAKEN_ON_TRUST,
        *([] if "lsoa21_centroids" in present else [WITHOUT_CENTROIDS]),
        *([] if "code_point_open" in present else [WITHOUT_POSTCODES]),
    ]
    parts = [
        paragraph("A source that contradicts another one, or itself, is refused. Compared were:"),
        bullets(CHECKED),
        paragraph("Nothing in the sources could contradict these, so they are taken on trust:"),
        bullets(trusted),
    ]
    changed = [*record.capacity.origins.left_out, *record.capacity.left_out]
    if changed:
        parts += [paragraph("Left out, or used otherwise than published:"), bullets(changed)]
    return section("checks", "What was checked, and what is taken on trust", parts)


def _limits(record: RiskRecord, varied: UncertaintyRecord) -> Markup:
    said = [
        *limits_of_ranks(varied),
        PLACES_NOT_PEOPLE,
        *(f"Not in these data: {item.title}. {item.why}." for item in record.index.absent),
    ]
    sources = [
        " ".join([f"{source.title} ({source.release}), {source.publisher}.", describe_difference(source) or ""]).strip()
        for source in record.sources
    ]
    return section("limits", "Limits and sources", [bullets(said), paragraph("Made from:"), bullets(sources)])
