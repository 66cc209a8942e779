"""Bytes that were packed in transit, unpacked piece by piece and counted as they come out."""

import zlib
from collections.abc import Iterable, Iterator

from pipeline.errors import FetchError

GZIP_OR_ZLIB, BARE_DEFLATE = zlib.MAX_WBITS | 32, -zlib.MAX_WBITS
PIECE = 1 << 20
FREE, MOST_TIMES = 1 << 20, 200
"""An answer may always unpack to ``FREE`` bytes; beyond, to ``MOST_TIMES`` its packed size: tables reach 30."""


def unpacked(chunks: Iterable[bytes], encoding: str, label: str) -> Iterator[bytes]:
    """The content of an answer with this ``Content-Encoding``, in pieces of at most a megabyte.

    Raises:
        FetchError: the encoding is none that was asked for, or the answer unpacks to far more than tables do.
        EOFError: the answer is cut short.
    """
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        yield from chunks
        return
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise FetchError(f"{label}: the server packed its answer in a way that was not asked for ({encoding!r:.60}).")
    try:
        yield from _inflated(chunks, label)
    except zlib.error as error:
        raise EOFError(f"{label}: the packed answer is damaged ({error})") from error


def _inflated(chunks: Iterable[bytes], label: str) -> Iterator[bytes]:
    came = given = 0
    inflater = None
    for chunk in chunks:
        came += len(chunk)
        rest, more = chunk, bool(chunk)
        while more:
            if inflater is None:
                inflater = zlib.decompressobj(GZIP_OR_ZLIB if _has_head(rest) else BARE_DEFLATE)
            piece = inflater.decompress(rest, PIECE)
            given += len(piece)
            if given > FREE + MOST_TIMES * came:
                raise FetchError(
                    f"{label}: refused: {came:,} bytes of the answer unpack to {given:,} and more, which no table does."
                )
            if piece:
                yield piece
            rest, more = inflater.unconsumed_tail, len(piece) == PIECE or bool(inflater.unconsumed_tail)
            if inflater.eof:
                rest, inflater = inflater.unused_data.lstrip(b"\0"), None
                more = bool(rest)
    if inflater is not None:
        raise EOFError(f"{label}: the packed answer is cut short")


def _has_head(content: bytes) -> bool:
    """Whether a packed answer begins as gzip and zlib do; some servers send neither under the name deflate."""
    return content[:1] in (b"\x1f", b"\x78")
