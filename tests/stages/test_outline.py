"""What maps draw of boundaries is made once, is the same as drawn afresh, and is refused where it is damaged."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
import shapely

from pipeline import store
from pipeline.atlas import build_contents
from pipeline.atlas.outline import list_hash, outline_of
from pipeline.errors import RecordError
from pipeline.reading.codes import unit_codes
from pipeline.space.unions import dissolve
from pipeline.stages.map import page_inputs
from pipeline.stages.outline import read_larger, read_outline, read_paper
from pipeline.stages.reads import read_briefing, read_files, read_map, write_outline
from pipeline.stages.reads import read_outline as reads_of_outline
from pipeline.stages.stage import Scope
from tests.fixtures.projects import Demo

SCOPE = Scope("demo", area="demo")


def test_what_is_read_is_what_would_be_drawn_of_the_scores(demo: Demo) -> None:
    project = demo[0].snapshot()
    folder = project.processed("demo")
    areas = store.read_geotable(folder / "risk.parquet")
    fresh = outline_of(
        areas, store.read_geotable(folder / "land.parquet"), store.read_table(folder / "postcodes.parquet")
    )
    made = read_outline(project, SCOPE)
    assert made.packed == fresh.packed
    assert made.packed.areas == list_hash(areas["lsoa21_code"].tolist())
    assert made.paper is not None
    assert fresh.paper is not None
    for name in ("width", "height", "right"):
        assert getattr(made.paper, name) == getattr(fresh.paper, name)
    for name in ("present", "centres", "sizes"):
        np.testing.assert_array_equal(getattr(made.paper, name), getattr(fresh.paper, name))
    assert made.paper.districts.tolist() == fresh.paper.districts.tolist()
    assert isinstance(made.paper.steps, Sequence)
    for one, other in zip(made.paper.steps, islice(fresh.paper.steps, len(made.paper.steps)), strict=True):
        assert shapely.to_wkb(one).tolist() == shapely.to_wkb(other).tolist()


def test_larger_areas_have_the_outline_of_their_neighbourhoods(demo: Demo) -> None:
    project = demo[0].snapshot()
    areas = store.read_geotable(project.processed("demo") / "risk.parquet")
    larger = read_larger(project, SCOPE)
    codes = unit_codes(areas, "lad")
    assert codes is not None
    fresh = dissolve(areas.geometry, codes)
    assert list(larger["lad"]) == list(fresh)
    assert all(shapely.to_wkb(shape) == shapely.to_wkb(fresh[code]) for code, shape in larger["lad"].items())


def test_nothing_that_follows_scores_is_read_for_it(demo: Demo) -> None:
    project = demo[0].snapshot()
    read = {path.name for path in reads_of_outline(project, SCOPE).files}
    assert read == {f"{name}.parquet{end}" for name in ("joined", "postcodes", "land") for end in ("", ".meta.json")}
    drawn = set(write_outline(project, SCOPE))
    assert all(drawn & set(reads(project, SCOPE).files) for reads in (read_map, read_files, read_briefing))


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("content", [None, b"{}"])
def test_a_file_that_is_missing_or_altered_is_named(demo: Demo, number: int, content: bytes | None) -> None:
    project = demo[0].snapshot()
    path = write_outline(project, SCOPE)[number]
    before = path.read_bytes()
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    try:
        with pytest.raises(RecordError, match=path.name):
            (read_outline, read_paper, read_larger)[number](project, SCOPE)
    finally:
        path.write_bytes(before)


def test_a_page_is_not_drawn_of_other_areas_than_its_table_has(demo: Demo) -> None:
    inputs = page_inputs(demo[0].snapshot(), SCOPE)
    for changed in (replace(inputs, areas=inputs.areas[::-1].reset_index(drop=True)), replace(inputs, outline=None)):
        with pytest.raises(ValueError, match="other areas"):
            build_contents(changed)
