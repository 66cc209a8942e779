"""Numbers as bytes and bytes as text; ``docs/contract.md`` has the layout. The same input gives the same bytes."""

import base64
import zlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel

from pipeline.atlas.contract import Span

Integers = npt.NDArray[np.int64]

SAFE = str.maketrans("<>&`", "[],.")
"""What is written for the characters of RFC 1924 that mean something in markup."""
ALPHABET = np.array(
    [ord(base64.b85encode(bytes([0, 0, 0, digit]))[-1:].decode().translate(SAFE)) for digit in range(85)],
    dtype=np.uint8,
)
"""The character of each digit from 0 to 84."""

MEMORY_LEVELS = (9, 7, 5)
"""Of zlib: how much is looked at before a block of it is written."""
USUAL = 7
LARGE = 200_000
"""Bytes from which on all levels are tried: that makes a page of a nation smaller by a hundredth, and one of an area,
which has less to be packed, by a thousandth."""

LARGEST_VARINT = 10
"""Bytes that 64 bits take at 7 bits a byte."""


def encode_varints(values: npt.ArrayLike) -> bytes:
    """LEB128: whole numbers from 0 to 2⁶⁴ − 1, seven bits a byte, low bits first, high bit = "more follows".

    Raises:
        TypeError: the values are not whole numbers. ValueError: one is negative.
    """
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


def zigzag(values: Integers) -> npt.NDArray[np.uint64]:
    """Signed to unsigned, small numbers staying small: 0, -1, 1, -2 become 0, 1, 2, 3."""
    return ((values << 1) ^ (values >> 63)).view(np.uint64)


def differences(values: Integers) -> Integers:
    """Each value less the one before, the first less 0."""
    return np.diff(values, prepend=np.int64(0))


def lay(streams: Mapping[str, bytes]) -> tuple[bytes, dict[str, Span]]:
    """The streams one after another, and where each lies, by name: offset and length."""
    places: dict[str, Span] = {}
    offset = 0
    for name, stream in streams.items():
        places[name] = (offset, len(stream))
        offset += len(stream)
    return b"".join(streams.values()), places


def frame(header: BaseModel, content: bytes) -> bytes:
    """``header`` as JSON after four bytes that give its length, and then ``content``."""
    encoded = header.model_dump_json().encode()
    return b"".join([len(encoded).to_bytes(4, "little"), encoded, content])


def compress(content: bytes) -> str:
    """Gzip as text, with no time stamp in it: the same content gives the same text.

    Five characters of an alphabet of 85 for four bytes, not base64's four for three, save a sixteenth of a page.
    """
    if len(content) < LARGE:
        return _as_text(_squeeze(content, USUAL))
    # Which size of block suits what is packed cannot be told beforehand.
    with ThreadPoolExecutor(len(MEMORY_LEVELS)) as pool:
        smallest = min(pool.map(lambda level: _squeeze(content, level), MEMORY_LEVELS), key=len)
    return _as_text(smallest)


def _as_text(content: bytes) -> str:
    """``base64.b85encode``, in the alphabet of :data:`SAFE`, without a loop over the bytes."""
    padding = -len(content) % 4
    words = np.frombuffer(content + bytes(padding), dtype=">u4").astype(np.uint32)
    digits = np.empty((len(words), 5), dtype=np.uint8)
    for place in reversed(range(5)):
        words, digits[:, place] = np.divmod(words, np.uint32(85))
    written = ALPHABET[digits].tobytes()
    return written[: len(written) - padding].decode("ascii")


def _squeeze(content: bytes, memory_level: int) -> bytes:
    squeezer = zlib.compressobj(level=9, wbits=31, memLevel=memory_level)
    return squeezer.compress(content) + squeezer.flush()
