"""Tables as compact text for the atlas page, and back again: each column typed, each number in the bytes it needs.

The layout is written down in ``docs/atlas-format.md``. The same input always gives the same bytes.
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.atlas.packing import compress, decompress, framed, unzigzag, zigzag
from pipeline.errors import SchemaError

Integers = npt.NDArray[np.int64]

MOST_DECIMALS = 6
"""Numbers with more decimals than this are stored bit for bit."""
LARGEST = 2**30
"""Scaled numbers beyond this are stored bit for bit: the browser keeps the others in 32 bits."""
COUNTED = re.compile(r"(.*?)(\d{1,9})(\D*)", re.DOTALL)
"""A code or name that counts on: ``E01000001``, ``Norwich 001A``."""


@dataclass
class _Packed:
    """A column's description and, by name, the bytes it refers to."""

    about: dict[str, Any]
    streams: dict[str, bytes] = field(default_factory=dict)

    def integers(self, name: str, values: Integers) -> None:
        """Numbers from 0, or their differences where these are smaller, as planes of bytes: all low bytes first."""
        differences = zigzag(np.diff(values, prepend=np.int64(0)))
        plain = values.astype(np.uint64)
        delta = _width(differences) < _width(plain) or (len(values) > 1 and bool((np.diff(values) == 1).all()))
        chosen = differences if delta else plain
        width = _width(chosen)
        self.about[name] = {"width": width, "delta": delta}
        self.streams[name] = chosen.astype("<u8").view(np.uint8).reshape(-1, 8)[:, :width].T.tobytes()


def _width(values: npt.NDArray[np.uint64]) -> int:
    top = int(values.max(initial=0))
    return max(1, (top.bit_length() + 7) // 8)


def pack_table(
    frame: pd.DataFrame, decimals: Mapping[str, int] | None = None, ordered: Collection[str] = ()
) -> dict[str, Any]:
    """The ``table`` object of the atlas page.

    ``decimals`` says, per column of numbers, to how many decimals to round; columns it does not name keep every bit.
    Of the columns in ``ordered`` only the order and the ties matter: they take four bytes where these are kept so.

    Raises:
        SchemaError: a column holds an infinite number, or something that is neither text nor a number.
    """
    places = decimals or {}
    columns: dict[str, dict[str, Any]] = {}
    known: dict[tuple[str, tuple[bytes, ...]], str] = {}
    content, length = [], 0
    for name in map(str, frame.columns):
        packed = _pack_column(frame[name], places.get(name), name in ordered)
        key = (json.dumps(packed.about, sort_keys=True), tuple(packed.streams.values()))
        if key in known:
            columns[name] = {"kind": "same", "as": known[key]}
            continue
        known[key] = name
        for stream, encoded in packed.streams.items():
            packed.about[stream]["at"] = [length, len(encoded)]
            content.append(encoded)
            length += len(encoded)
        columns[name] = packed.about
    return {"rows": len(frame), "packed": compress(framed(columns, b"".join(content)))}


def unpack_table(packed: Mapping[str, Any]) -> pd.DataFrame:
    """The frame in a ``table`` object: text, whole numbers where a column has nothing else, or numbers."""
    content, rows = decompress(packed["packed"]), packed["rows"]
    start = 4 + int.from_bytes(content[:4], "little")
    columns, body = json.loads(content[4:start]), content[start:]
    frame: dict[str, pd.Series[Any]] = {}
    for name, about in columns.items():
        frame[name] = frame[about["as"]] if about["kind"] == "same" else _unpack_column(about, body, rows)
    return pd.DataFrame(frame, index=pd.RangeIndex(rows))


def _pack_column(column: "pd.Series[Any]", decimals: int | None, ordered: bool) -> _Packed:
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(column.dtype.categories.dtype)
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        return _pack_numbers(column, decimals, ordered)
    strange = next((value for value in column if isinstance(value, str) is False and not pd.isna(value)), None)
    if strange is not None:
        raise SchemaError(f"Column '{column.name}' should hold text or numbers; found {strange!r}.")
    codes, values = pd.factorize(column)
    parts = None if 2 * len(values) < len(column) or (codes < 0).any() else _counted(column)
    if parts is not None:
        return parts
    packed = _Packed({"kind": "text", "values": list(values)})
    packed.integers("codes", codes.astype(np.int64) + 1)
    return packed


def _counted(column: "pd.Series[str]") -> _Packed | None:
    """Names that count on as head, number of a fixed number of digits, and tail; None where they do not."""
    matches = [COUNTED.fullmatch(value) for value in column]
    if not matches or not all(matches):
        return None
    heads, numbers, tails = zip(*(match.groups() for match in matches if match), strict=True)
    digits = {len(number) for number in numbers}
    if len(digits) != 1 or not all(number.isascii() for number in numbers):
        return None
    packed = _Packed({"kind": "counted", "digits": digits.pop()})
    for name, parts in (("head", heads), ("tail", tails)):
        codes, values = pd.factorize(np.array(parts, dtype=object))
        packed.integers(name, codes.astype(np.int64))
        packed.about[f"{name}s"] = list(values)
    packed.integers("number", np.array([int(number) for number in numbers], dtype=np.int64))
    return packed


def _pack_numbers(column: "pd.Series[Any]", decimals: int | None, ordered: bool) -> _Packed:
    numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
    if np.isinf(numbers).any():
        raise SchemaError(f"Column '{column.name}' holds an infinite number, which the atlas cannot show.")
    if decimals is not None:
        numbers = np.round(numbers, decimals)
    missing = np.isnan(numbers)
    present = np.where(missing, 0.0, numbers)
    for places in range(MOST_DECIMALS + 1):
        scaled = np.round(present * 10.0**places)
        if np.abs(scaled).max(initial=0.0) > LARGEST:
            break
        if (scaled / 10.0**places == present).all():
            return _pack_scaled(scaled.astype(np.int64), missing, places)
    width = 4 if ordered and len(np.unique(present.astype("<f4"))) == len(np.unique(present)) else 8
    packed = _Packed({"kind": "float", "values": {"width": width}})
    packed.streams["values"] = numbers.astype(f"<f{width}").view(np.uint8).reshape(-1, width).T.tobytes()
    return packed


def _pack_scaled(scaled: Integers, missing: npt.NDArray[np.bool_], places: int) -> _Packed:
    lowest = int(scaled.min(initial=0))
    packed = _Packed({"kind": "number", "decimals": places, "lowest": lowest})
    # 0 stands for a missing value.
    packed.integers("values", np.where(missing, 0, scaled - lowest + 1))
    return packed


def _unpack_column(about: dict[str, Any], body: bytes, rows: int) -> "pd.Series[Any]":
    if about["kind"] == "text":
        values, codes = about["values"], _integers(about["codes"], body, rows)
        return pd.Series([None if code == 0 else values[code - 1] for code in codes], dtype="str")
    if about["kind"] == "counted":
        heads, numbers, tails = (_integers(about[part], body, rows) for part in ("head", "number", "tail"))
        digits = about["digits"]
        return pd.Series(
            [
                f"{about['heads'][head]}{number:0{digits}d}{about['tails'][tail]}"
                for head, number, tail in zip(heads, numbers, tails, strict=True)
            ],
            dtype="str",
        )
    if about["kind"] == "float":
        offset, length = about["values"]["at"]
        width = about["values"]["width"]
        planes = np.frombuffer(body, dtype=np.uint8, offset=offset, count=length).reshape(width, rows)
        return pd.Series(np.ascontiguousarray(planes.T).view(f"<f{width}").ravel(), dtype="float64")
    values = _integers(about["values"], body, rows)
    numbers = (values - 1 + about["lowest"]) / 10.0 ** about["decimals"]
    if (values == 0).any() or about["decimals"]:
        return pd.Series(np.where(values == 0, np.nan, numbers), dtype="float64")
    return pd.Series(numbers.astype(np.int64))


def _integers(about: dict[str, Any], body: bytes, rows: int) -> Integers:
    offset, length = about["at"]
    planes = np.frombuffer(body, dtype=np.uint8, offset=offset, count=length).reshape(about["width"], rows)
    wide = np.zeros((rows, 8), dtype=np.uint8)
    wide[:, : about["width"]] = planes.T
    values = wide.view("<u8").ravel()
    return np.cumsum(unzigzag(values)) if about["delta"] else values.astype(np.int64)
