"""What the maps and the GeoPackage of an area draw of its boundaries, whatever its scores are."""

from collections.abc import Mapping, Sequence
from typing import overload

import numpy as np
import pandas as pd
import shapely
from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline import store
from pipeline.atlas.outline import Outline, PackedOutline, outline_of
from pipeline.atlas.still_map import Geometries, Paper, made_beforehand
from pipeline.reading.codes import unit_codes
from pipeline.space.unions import dissolve_all
from pipeline.stages.project import Snapshot
from pipeline.stages.reads import made_tables, write_outline
from pipeline.stages.stage import Job, Scope
from pipeline.stages.tables import mark_fiction
from pipeline.store.shapes import Parts, read_shapes, unusable, write_shapes
from pipeline.summarise.levels import LEVELS

CODED = ("lsoa21_code", "lsoa21_name", "lad_name", "msoa21_code", *(f"{level}_code" for level in LEVELS))
"""The columns that say to which larger areas an LSOA belongs."""


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LargerSaid(_Said):
    """The codes of the larger areas of each level, in the order of their outlines."""

    codes: Mapping[str, tuple[str, ...]]


class PaperSaid(_Said):
    """What a :class:`Paper` says of its shapes; ``None`` where no area has a geometry."""

    width: int
    height: int
    right: float
    present: tuple[bool, ...]
    centres: tuple[tuple[float, float], ...]
    sizes: tuple[float, ...]
    districts: tuple[str | None, ...]


class _Steps(Sequence[Geometries]):
    """Shapes coarser and coarser, of which each is read when it is asked for."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    @overload
    def __getitem__(self, number: int) -> Geometries: ...

    @overload
    def __getitem__(self, number: slice) -> Sequence[Geometries]: ...

    def __getitem__(self, number: int | slice) -> Geometries | Sequence[Geometries]:
        if isinstance(number, slice):
            return [self[place] for place in range(*number.indices(len(self)))]
        return self._parts[str(range(len(self))[number])]

    def __len__(self) -> int:
        return len(self._parts)


def run(job: Job) -> None:
    """``page.json``, ``paper.parquet`` and ``larger.parquet``, which the steps that draw read.

    Raises:
        RawFileError: an area is no polygon, or its coordinates are no longitude and latitude.
    """
    project, scope = job.step.project, job.step.scope
    folder, made = project.processed(scope.area), made_tables(project, scope)
    areas = store.read_geotable(folder / "joined.parquet", CODED)
    land = store.read_geotable(folder / "land.parquet") if "land" in made else None
    postcodes = store.read_table(folder / "postcodes.parquet") if "postcodes" in made else None
    outline = outline_of(areas, land, postcodes)
    page, paper, larger = (job.output(path) for path in write_outline(project, scope))
    store.write_text(page, outline.packed.model_dump_json() + "\n")
    parts, said = _of_paper(outline.paper)
    write_shapes(paper, parts, said)
    units = {level: unit_codes(areas, level) for level in LEVELS}
    outlines = dissolve_all(areas.geometry, {level: codes for level, codes in units.items() if codes is not None})
    write_shapes(
        larger,
        {level: np.array(list(shapes.values()), dtype=object) for level, shapes in outlines.items()},
        LargerSaid(codes={level: tuple(shapes) for level, shapes in outlines.items()}),
    )
    area = project.area(scope.area)
    job.say(f"{mark_fiction(area)}{area.title}: outlines of {len(areas):,} LSOAs for its maps")


def _of_paper(paper: Paper | None) -> tuple[dict[str, np.ndarray], PaperSaid]:
    if paper is None:
        return {}, PaperSaid(width=0, height=0, right=0.0, present=(), centres=(), sizes=(), districts=())
    said = PaperSaid(
        width=paper.width,
        height=paper.height,
        right=paper.right,
        present=tuple(paper.present.tolist()),
        centres=tuple(paper.centres.tolist()),
        sizes=tuple(paper.sizes.tolist()),
        districts=tuple(None if pd.isna(name) else name for name in paper.districts),
    )
    return {str(number): shapes for number, shapes in enumerate(made_beforehand(paper.steps))}, said


def read_outline(project: Snapshot, scope: Scope) -> Outline:
    """What the page of an area draws.

    Raises:
        RecordError: a file is missing, was altered, or was not written by this version of the program.
    """
    path = write_outline(project, scope)[0]
    try:
        packed = PackedOutline.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError) as error:
        raise unusable(path) from error
    return Outline(packed, read_paper(project, scope))


def read_paper(project: Snapshot, scope: Scope) -> Paper | None:
    """The area as it lies on paper; ``None`` where none of it has a geometry.

    Raises:
        RecordError: the file is missing, was altered, or was not written by this version of the program.
    """
    parts, said = read_shapes(write_outline(project, scope)[1], PaperSaid)
    if not any(said.present):
        return None
    return Paper(
        said.width,
        said.height,
        said.right,
        np.array(said.present, dtype=bool),
        np.array(said.centres),
        np.array(said.sizes),
        pd.Series(np.array(said.districts, dtype=object)),
        _Steps(parts),
    )


def read_larger(project: Snapshot, scope: Scope) -> Mapping[str, Mapping[str, shapely.Geometry]]:
    """The outlines of the larger areas of each level that neighbourhoods belong to as a whole, by code.

    Raises:
        RecordError: the file is missing, was altered, or was not written by this version of the program.
    """
    parts, said = read_shapes(write_outline(project, scope)[2], LargerSaid)
    none: Sequence[shapely.Geometry] = ()
    return {level: dict(zip(codes, parts.get(level, none), strict=True)) for level, codes in said.codes.items()}
