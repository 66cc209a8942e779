"""Shapes that a later step draws, with what is said of them: for this program alone, and not for users."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pydantic import BaseModel, ValidationError

from pipeline.errors import RecordError, command
from pipeline.store.files import write_whole

Geometries = npt.NDArray[np.object_]
About = TypeVar("About", bound=BaseModel)
PART, SHAPE, ABOUT = "part", "shape", b"about"
SCHEMA = pa.schema(
    [pa.field(PART, pa.dictionary(pa.int32(), pa.string()), nullable=False), pa.field(SHAPE, pa.binary())]
)
"""The part that a shape belongs to, and the shape as well-known binary."""


def write_shapes(path: Path, parts: Mapping[str, Geometries], about: BaseModel) -> None:
    """The shapes of each part, by its name, to the last bit, and what is said ``about`` them."""
    numbers = np.repeat(np.arange(len(parts), dtype=np.int32), [len(shapes) for shapes in parts.values()])
    names = pa.DictionaryArray.from_arrays(pa.array(numbers), pa.array(list(parts), pa.string()))
    written = shapely.to_wkb(np.concatenate([*parts.values(), np.empty(0, dtype=object)]))
    schema = SCHEMA.with_metadata({ABOUT: about.model_dump_json().encode()})
    table = pa.Table.from_arrays([names, pa.array(written, pa.binary())], schema=schema)
    write_whole(path, lambda temporary: pq.write_table(table, temporary, compression="zstd", use_dictionary=[PART]))


class Parts(Mapping[str, Geometries]):
    """The shapes of each part, which are made of their bytes when the part is asked for.

    Raises:
        RecordError: the bytes are no shape.
    """

    def __init__(self, path: Path, written: Mapping[str, npt.NDArray[np.object_]]) -> None:
        self._path, self._written = path, written

    def __getitem__(self, name: str) -> Geometries:
        try:
            return np.asarray(shapely.from_wkb(self._written[name]), dtype=object)
        except shapely.errors.ShapelyError as error:
            raise unusable(self._path) from error

    def __iter__(self) -> Iterator[str]:
        return iter(self._written)

    def __len__(self) -> int:
        return len(self._written)


def read_shapes(path: Path, about: type[About]) -> tuple[Parts, About]:
    """What :func:`write_shapes` wrote; a part without shapes is left out.

    Raises:
        RecordError: the file is missing, was altered, or was not written by this version of the program.
    """
    try:
        table = pq.read_table(path)
        said = about.model_validate_json((table.schema.metadata or {}).get(ABOUT, b""))
        names = table[PART].combine_chunks()
        written = table[SHAPE].to_numpy()
    except (FileNotFoundError, pa.ArrowException, KeyError, ValidationError) as error:
        raise unusable(path) from error
    numbers = names.indices.to_numpy()
    ends = np.searchsorted(numbers, np.arange(len(names.dictionary) + 1))
    parts = enumerate(names.dictionary.to_pylist())
    return Parts(path, {name: written[ends[number] : ends[number + 1]] for number, name in parts}), said


def unusable(path: Path) -> RecordError:
    """That a file which this program alone reads cannot be read."""
    return RecordError(
        f"{path}: this file is missing, was altered, or was written by another version of the program. Delete it and "
        f"build the area again: {command('maps')}"
    )
