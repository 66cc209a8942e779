"""Shapes that a later step draws come back to the last bit, or are refused."""

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from pipeline.errors import RecordError
from pipeline.store.shapes import read_shapes, write_shapes


class Said(BaseModel):
    """What is said of the shapes of a test."""

    title: str


def array(*shapes: shapely.Geometry | None) -> np.ndarray:
    return np.array([*shapes, None], dtype=object)[:-1]


@given(st.tuples(*[st.floats(-180, 180)] * 4))
def test_shapes_come_back_to_the_last_bit(
    tmp_path_factory: pytest.TempPathFactory, sides: tuple[float, float, float, float]
) -> None:
    path = tmp_path_factory.mktemp("shapes") / "shapes.parquet"
    box, ring = shapely.box(*sides), shapely.Polygon([(0, 0), (3, 0), (3, 3)], [[(1, 0.5), (2, 0.5), (2, 1)]])
    parts = {"first": array(box, None), "second": array(ring, shapely.Polygon())}
    write_shapes(path, parts, Said(title="Quay"))
    back, said = read_shapes(path, Said)
    assert said.title == "Quay"
    assert list(back) == ["first", "second"]
    for name, shapes in parts.items():
        assert shapely.to_wkb(back[name]).tolist() == shapely.to_wkb(shapes).tolist()


def test_nothing_comes_back_as_nothing(tmp_path: Path) -> None:
    write_shapes(tmp_path / "shapes.parquet", {}, Said(title=""))
    assert read_shapes(tmp_path / "shapes.parquet", Said)[0] == {}


@pytest.mark.parametrize("content", [None, b"", b"PAR1 damaged PAR1"])
def test_a_file_that_is_missing_or_damaged_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "shapes.parquet"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RecordError, match=r"shapes\.parquet: this file is missing, was altered"):
        read_shapes(path, Said)


def test_a_file_that_says_something_else_is_refused(tmp_path: Path) -> None:
    class Other(BaseModel):
        """Another version's."""

        width: int

    write_shapes(tmp_path / "shapes.parquet", {"one": array(shapely.box(0, 0, 1, 1))}, Said(title="Quay"))
    with pytest.raises(RecordError):
        read_shapes(tmp_path / "shapes.parquet", Other)
