"""The briefing on an area: ``briefing.pdf``, ``briefing.html`` and ``slides.pptx``."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline import store
from pipeline.atlas.contract import LayerInfo
from pipeline.atlas.paper_map import PaperMap, colours_of_kinds, draw_area, draw_unit, layer_of
from pipeline.atlas.still import DECILE
from pipeline.atlas.still_map import Paper
from pipeline.reports import ProgrammeReport
from pipeline.reports.briefing import BriefingInputs, KeyEntry, Picture, Unit, compose, make_page, make_pdf, make_slides
from pipeline.stages.map import limits_of_data
from pipeline.stages.outline import read_paper
from pipeline.stages.project import Snapshot
from pipeline.stages.reads import briefing_files, summary_tables
from pipeline.stages.stage import Job, Scope
from pipeline.stages.tables import mark_fiction
from pipeline.store.provenance import merge_sources
from pipeline.store.records import ProgrammesRecord, RiskRecord, SummaryRecord

if TYPE_CHECKING:
    import geopandas as gpd

LATE = ("pptx", "pptx.chart.data", "typst")
"""What is imported where it is used, see :func:`pipeline.stages.work.get_ready`."""

MOST = 0.9
"""The share of a practice's people where whose neighbourhoods are shown: single ones live far away."""


@dataclass(frozen=True, eq=False)
class Briefed:
    """What the briefings of an area are made from.

    Attributes:
        scored: the path of ``risk.parquet``. ``inputs``: what it says, and the tables beside it.
        layer: the first layer of the page, which the map shows; None where the page has none.
        paper: the area as its map is laid out; None where none of it has a geometry.
    """

    scored: Path
    inputs: BriefingInputs
    layer: LayerInfo | None
    paper: Paper | None

    @cached_property
    def areas(self) -> "gpd.GeoDataFrame":
        """``risk.parquet``, read when a map of part of the area is asked for."""
        return store.read_geotable(self.scored)

    def picture(self, unit: Unit | None = None) -> Picture | None:
        """The map of the area, or of a unit with what lies around it."""
        if self.layer is None:
            return None
        if unit is None:
            return _picture(draw_area(self.inputs.frame, self.inputs.record.title, self.layer, self.paper))
        inside = self.inputs.frame.index.isin(_where_most_live(self.inputs.frame, unit))
        return _picture(draw_unit(self.areas, inside, unit.name, self.layer))


def run(job: Job) -> None:
    """The briefing as tagged PDF, as one HTML file and as slides, on the same figures.

    Raises:
        PipelineError: Typst or python-pptx does not run on this computer.
    """
    project, scope = job.step.project, job.step.scope
    area, briefed = project.area(scope.area), read_briefed(project, scope)
    briefing = compose(briefed.inputs, briefed.picture())
    pdf, page, slides = briefing_files(project, area.id)
    store.write_bytes(job.output(pdf), make_pdf(briefing))
    store.write_text(job.output(page), make_page(briefing))
    store.write_bytes(job.output(slides), make_slides(briefing))
    job.say(f"{mark_fiction(area)}{area.title}: a briefing on two sides, {pdf}, as {page.name} and {slides.name}, too")


def read_briefed(project: Snapshot, scope: Scope) -> Briefed:
    """The tables and records of an area from which its briefings are made, and its map."""
    inputs = read_inputs(project, scope)
    layer = layer_of(DECILE, project.look(), inputs.record, inputs.frame)
    return Briefed(project.processed(scope.area) / "risk.parquet", inputs, layer, read_paper(project, scope))


def read_inputs(project: Snapshot, scope: Scope) -> BriefingInputs:
    """The tables and records of an area from which its briefings are made."""
    folder = project.processed(scope.area)
    record = store.read_record(folder / "risk.parquet", RiskRecord)
    frame = store.read_without_shapes(folder / "risk.parquet").set_index("lsoa21_code", drop=False)
    boxes = store.read_boxes(folder / "risk.parquet")
    look = project.look()
    paths = summary_tables(project, scope)
    programmes = store.read_record(folder / "programmes.parquet", ProgrammesRecord)
    return BriefingInputs(
        frame=frame,
        record=record,
        centres=np.column_stack([(boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2]),
        summaries={level: store.read_table(path) for level, path in paths.items()},
        programmes=ProgrammeReport(
            store.read_table(folder / "programmes.parquet"), store.read_table(folder / "budgets.parquet"), programmes
        ),
        programme_areas=store.read_table(folder / "programme_areas.parquet"),
        groups=store.read_table(folder / "priority_groups.parquet"),
        limits=[*record.notes, *limits_of_data(project, record)],
        sources=merge_sources(
            record.sources,
            programmes.sources,
            *(store.read_record(path, SummaryRecord).sources for path in paths.values()),
        ),
        colours=colours_of_kinds(look, record, frame),
    )


def _where_most_live(frame: pd.DataFrame, unit: Unit) -> pd.Index:
    """The LSOAs of a unit; where they belong to it in part, the fewest that hold nine of ten of its people."""
    if unit.shares is None:
        return unit.codes
    people = (frame["population_total"].reindex(unit.codes) * unit.shares).sort_values(ascending=False, kind="stable")
    before = people.cumsum() - people
    return people.index[before < MOST * people.sum()]


def _picture(drawn: PaperMap | None) -> Picture | None:
    if drawn is None:
        return None
    key = tuple(KeyEntry(label, colour) for label, colour in drawn.key)
    return Picture(drawn.svg, drawn.ratio, drawn.alt, drawn.caption, key)
