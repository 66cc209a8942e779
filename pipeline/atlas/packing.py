"""Geometry as compact text for the atlas page, and back again.

The layout is written down in ``docs/atlas-format.md``. The same input always gives the same bytes.
"""

import base64
import json
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.atlas.topology import Integers, Topology

LARGEST_VARINT = 10
"""Bytes that 64 bits take at 7 bits a byte."""


def pack_geometry(topology: Topology) -> dict[str, Any]:
    """The ``geometry`` object of the atlas page."""
    streams = {
        "arc_lengths": np.diff(topology.arc_offsets),
        "xs": zigzag(_differences(topology.arc_x)),
        "ys": zigzag(_differences(topology.arc_y)),
        "ring_lengths": np.diff(topology.ring_offsets),
        "ring_arcs": zigzag(_differences(topology.ring_arcs)),
        "area_rings": np.diff(topology.area_ring_offsets),
        "ring_is_hole": topology.ring_is_hole,
        "arc_neighbours": topology.arc_neighbours.ravel(),
    }
    encoded = {name: encode_varints(values) for name, values in streams.items()}
    sections, offset = {}, 0
    for name, section in encoded.items():
        sections[name] = [offset, len(section)]
        offset += len(section)
    return {
        "packed": compress(b"".join(encoded.values())),
        "origin": list(topology.origin),
        "step": topology.step,
        "arcs": topology.arcs,
        "rings": topology.rings,
        "sections": sections,
    }


def unpack_geometry(packed: Mapping[str, Any]) -> Topology:
    """The topology in a ``geometry`` object; how many rings were dropped is not kept there."""
    content = decompress(packed["packed"])
    streams = {
        name: decode_varints(content[offset : offset + size]) for name, (offset, size) in packed["sections"].items()
    }
    origin_x, origin_y = packed["origin"]
    return Topology(
        origin=(origin_x, origin_y),
        step=packed["step"],
        arc_offsets=_running_total(streams["arc_lengths"]),
        arc_x=np.cumsum(unzigzag(streams["xs"])),
        arc_y=np.cumsum(unzigzag(streams["ys"])),
        ring_offsets=_running_total(streams["ring_lengths"]),
        ring_arcs=np.cumsum(unzigzag(streams["ring_arcs"])),
        ring_is_hole=streams["ring_is_hole"].astype(bool),
        area_ring_offsets=_running_total(streams["area_rings"]),
        arc_neighbours=streams["arc_neighbours"].astype(np.int64).reshape(-1, 2),
        dropped_rings=0,
    )


def encode_varints(values: npt.ArrayLike) -> bytes:
    """LEB128: whole numbers from 0 to 2⁶⁴ − 1, seven bits a byte, low bits first, high bit = "more follows"."""
    given = np.atleast_1d(np.asarray(values))
    if given.dtype.kind not in "bui" and given.size:
        raise TypeError(f"varints are whole numbers, not {given.dtype}")
    if given.dtype.kind == "i" and given.size and given.min() < 0:
        raise ValueError("varints are not negative: zigzag signed values first")
    unsigned = given.astype(np.uint64)
    sizes = np.ones(len(unsigned), dtype=np.int64)
    for place in range(1, LARGEST_VARINT):
        sizes += unsigned >= np.uint64(1 << 7 * place)
    ends = np.cumsum(sizes)
    encoded = np.zeros(int(ends[-1]) if len(ends) else 0, dtype=np.uint8)
    for place in range(int(sizes.max(initial=0))):
        present = sizes > place
        bits = (unsigned[present] >> np.uint64(7 * place)) & np.uint64(0x7F)
        more = np.where(sizes[present] > place + 1, np.uint8(0x80), np.uint8(0))
        encoded[(ends - sizes)[present] + place] = bits.astype(np.uint8) | more
    return encoded.tobytes()


def decode_varints(encoded: bytes) -> npt.NDArray[np.uint64]:
    """The whole numbers in LEB128 bytes."""
    content = np.frombuffer(encoded, dtype=np.uint8)
    if not len(content):
        return np.zeros(0, dtype=np.uint64)
    ends = np.flatnonzero(content < 0x80)
    if not len(ends) or ends[-1] != len(content) - 1:
        raise ValueError("the last varint is cut short")
    starts = np.append(0, ends[:-1] + 1)
    sizes = ends - starts + 1
    if sizes.max() > LARGEST_VARINT:
        raise ValueError("a varint is longer than 64 bits")
    place = np.arange(len(content)) - np.repeat(starts, sizes)
    bits = (content & 0x7F).astype(np.uint64) << (place * 7).astype(np.uint64)
    decoded: npt.NDArray[np.uint64] = np.add.reduceat(bits, starts)
    return decoded


def zigzag(values: Integers) -> npt.NDArray[np.uint64]:
    """Signed to unsigned, small staying small: 0, -1, 1, -2 become 0, 1, 2, 3."""
    return ((values << 1) ^ (values >> 63)).view(np.uint64)


def unzigzag(values: npt.NDArray[np.uint64]) -> Integers:
    """The signed numbers that ``zigzag`` was given."""
    return (values >> np.uint64(1)).view(np.int64) ^ -(values & np.uint64(1)).view(np.int64)


def _differences(values: Integers) -> Integers:
    """Each value less the one before, the first less 0."""
    return np.diff(values, prepend=np.int64(0))


def _running_total(counts: npt.NDArray[np.uint64]) -> Integers:
    """Offsets from counts: 0, then the total up to and with each."""
    return np.append(np.int64(0), np.cumsum(counts.astype(np.int64)))


def framed(header: object, content: bytes) -> bytes:
    """``header`` as JSON after four bytes that give its length, and then ``content``."""
    encoded = json.dumps(header, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    return b"".join([len(encoded).to_bytes(4, "little"), encoded, content])


def compress(content: bytes) -> str:
    """Base64 of gzip, with no time in it: the same content gives the same text."""
    squeezer = zlib.compressobj(level=9, wbits=31, memLevel=9)
    return base64.b64encode(squeezer.compress(content) + squeezer.flush()).decode("ascii")


def decompress(packed: str) -> bytes:
    """The content that ``compress`` was given."""
    return zlib.decompress(base64.b64decode(packed), wbits=31)
