"""Geometry and tables packed small for the page; the format is described in ``docs/atlas-format.md``."""

import base64
import gzip
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.atlas.topology import Ints, Topology

Bytes = NDArray[np.uint8]


def encode_varints(values: Ints) -> bytes:
    """Unsigned integers as LEB128: seven bits a byte, low first, the high bit set on all but the last.

    Raises:
        ValueError: a value is negative.
    """
    if len(values) and values.min() < 0:
        raise ValueError("only values of 0 or more can be written as unsigned varints")
    length = np.ones(len(values), dtype=np.int64)
    for bits in range(7, 63, 7):
        length += values >= (1 << bits)
    ends = np.cumsum(length)
    result = np.empty(int(ends[-1]) if len(ends) else 0, dtype=np.uint8)
    for byte in range(int(length.max(initial=0))):
        there = length > byte
        last = length[there] == byte + 1
        seven = (values[there] >> (7 * byte)) & 0x7F
        result[(ends - length)[there] + byte] = np.where(last, seven, seven | 0x80)
    return result.tobytes()


def decode_varints(content: bytes) -> Ints:
    """The unsigned integers that :func:`encode_varints` wrote."""
    data = np.frombuffer(content, dtype=np.uint8).astype(np.int64)
    if not len(data):
        return data
    is_last = data < 0x80
    number = np.concatenate([[0], np.cumsum(is_last)[:-1]])
    starts = np.concatenate([[0], np.flatnonzero(is_last)[:-1] + 1])
    place = np.arange(len(data)) - starts[number]
    result = np.zeros(int(is_last.sum()), dtype=np.int64)
    np.add.at(result, number, (data & 0x7F) << (7 * place))
    return result


def zigzag(values: Ints) -> Ints:
    """Signed to unsigned: 0, -1, 1, -2 become 0, 1, 2, 3."""
    return np.where(values >= 0, 2 * values, -2 * values - 1)


def unzigzag(values: Ints) -> Ints:
    """The inverse of :func:`zigzag`."""
    return np.where(values % 2 == 0, values // 2, -(values + 1) // 2)


def _differences(values: Ints) -> Ints:
    return np.diff(values, prepend=np.int64(0))


def pack(content: bytes) -> str:
    """Bytes as base64 of gzip; the same bytes always give the same text."""
    return base64.b64encode(gzip.compress(content, compresslevel=9, mtime=0)).decode("ascii")


def unpack(text: str) -> bytes:
    """The inverse of :func:`pack`."""
    return gzip.decompress(base64.b64decode(text))


def pack_geometry(topology: Topology) -> dict[str, Any]:
    """The ``geometry`` object of the page."""
    sections = {
        "arc_lengths": encode_varints(np.diff(topology.arc_offsets)),
        "xs": encode_varints(zigzag(_differences(topology.x))),
        "ys": encode_varints(zigzag(_differences(topology.y))),
        "ring_lengths": encode_varints(np.diff(topology.ring_offsets)),
        "ring_arcs": encode_varints(zigzag(_differences(topology.ring_arcs))),
        "area_rings": encode_varints(np.diff(topology.area_offsets)),
        "ring_is_hole": encode_varints(topology.ring_is_hole.astype(np.int64)),
        "arc_neighbours": encode_varints(topology.neighbours.ravel()),
    }
    places, position = {}, 0
    for name, content in sections.items():
        places[name] = [position, len(content)]
        position += len(content)
    return {
        "packed": pack(b"".join(sections.values())),
        "origin": list(topology.origin),
        "step": topology.step,
        "arcs": topology.arcs,
        "rings": topology.rings,
        "sections": places,
    }


def unpack_geometry(geometry: Mapping[str, Any]) -> Topology:
    """The topology of a ``geometry`` object (but for how many rings were dropped)."""
    content = unpack(geometry["packed"])

    def section(name: str) -> Ints:
        start, length = geometry["sections"][name]
        return decode_varints(content[start : start + length])

    def offsets(name: str) -> Ints:
        return np.concatenate([[0], np.cumsum(section(name))]).astype(np.int64)

    return Topology(
        origin=(geometry["origin"][0], geometry["origin"][1]),
        step=geometry["step"],
        arc_offsets=offsets("arc_lengths"),
        x=np.cumsum(unzigzag(section("xs"))),
        y=np.cumsum(unzigzag(section("ys"))),
        ring_offsets=offsets("ring_lengths"),
        ring_arcs=np.cumsum(unzigzag(section("ring_arcs"))),
        ring_is_hole=section("ring_is_hole").astype(bool),
        area_offsets=offsets("area_rings"),
        neighbours=section("arc_neighbours").reshape(-1, 2),
        dropped_rings=0,
    )


def pack_table(frame: pd.DataFrame, decimals: Mapping[str, int] | None = None) -> dict[str, Any]:
    """The ``table`` object of the page; numbers of the columns in ``decimals`` are rounded so."""
    columns = {str(name): _pack_column(frame[name], (decimals or {}).get(str(name))) for name in frame.columns}
    text = json.dumps(columns, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return {"rows": len(frame), "packed": pack(text.encode("utf-8"))}


def _pack_column(values: pd.Series, decimals: int | None) -> Any:
    if not pd.api.types.is_numeric_dtype(values.dtype):
        codes, names = pd.factorize(values, sort=False)
        return {"values": [str(name) for name in names], "codes": [int(code) for code in codes]}
    numbers = values.to_numpy(dtype="float64", na_value=np.nan)
    if decimals is not None:
        numbers = np.round(numbers, decimals)
    return [None if np.isnan(n) else int(n) if n == int(n) else float(n) for n in numbers.tolist()]


def unpack_table(table: Mapping[str, Any]) -> pd.DataFrame:
    """The frame of a ``table`` object."""
    columns = json.loads(unpack(table["packed"]))
    return pd.DataFrame(
        {
            name: [None if c < 0 else column["values"][c] for c in column["codes"]] if isinstance(column, dict) else column
            for name, column in columns.items()
        }
    )
