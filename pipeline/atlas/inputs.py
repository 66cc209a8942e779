"""What the page of an area is made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from pipeline.atlas.outline import Outline
from pipeline.catalogue import Look
from pipeline.catalogue.rates import Helps
from pipeline.store.changes import ChangesRecord
from pipeline.store.records import PlanRecord, ProgrammesRecord, RiskRecord, SiteSearchOfScores, SourceUsed
from pipeline.tables import Table


@dataclass(frozen=True)
class SupportTables:
    """The tables ``support_places`` and ``nearest`` of an area that has a list of places."""

    places: pd.DataFrame
    nearest: pd.DataFrame


@dataclass(frozen=True)
class ProposedSites:
    """The tables ``sites`` and ``coverage``, and how sites were chosen: ``search.scored`` says from which scores."""

    sites: pd.DataFrame
    coverage: pd.DataFrame
    search: SiteSearchOfScores


@dataclass(frozen=True)
class ProgrammeTables:
    """The tables ``programmes``, ``programme_areas`` and ``budgets``, their record, and a plan, where there is one."""

    programmes: pd.DataFrame
    areas: pd.DataFrame
    budgets: pd.DataFrame
    record: ProgrammesRecord
    plan: PlanRecord | None = None


@dataclass(frozen=True)
class Summary:
    """The table ``summary`` of one level of larger areas.

    Attributes:
        title: as readers see it. ``of_areas``: each LSOA lies in one of them as a whole, or in none.
    """

    frame: pd.DataFrame
    title: str
    of_areas: bool


@dataclass(frozen=True)
class Changes:
    """The table ``changes`` and its record: a comparison of the scores on the page, or of two releases."""

    frame: pd.DataFrame
    record: ChangesRecord


@dataclass(frozen=True)
class PageInputs:
    """What the page of an area is made from.

    Attributes:
        areas: ``risk.parquet``, without geometry where only a page is made. ``table``: its schema. ``record``: its
            record.
        look: layers, palettes and the street map.
        helps: what usually helps, by component.
        notes: plain sentences on the limits of these data.
        sources: those of everything on the page, each once.
        support: None where the area has no list of places. ``sites``: None where nobody asked for any.
        outline: what a page draws whatever the scores are; None where no page is made.
        stories: table ``stories``. ``towns``: table ``towns``, named on the map. None where the area has none.
        programmes: None where the area was built without.
        summaries: of larger areas, by level. ``changes``: None where nobody compared anything.
    """

    areas: pd.DataFrame
    table: Table
    record: RiskRecord
    look: Look
    helps: Helps
    notes: Sequence[str] = ()
    sources: Sequence[SourceUsed] = ()
    support: SupportTables | None = None
    sites: ProposedSites | None = None
    outline: Outline | None = None
    stories: pd.DataFrame | None = None
    towns: pd.DataFrame | None = None
    programmes: ProgrammeTables | None = None
    summaries: Mapping[str, Summary] = field(default_factory=dict)
    changes: Changes | None = None
