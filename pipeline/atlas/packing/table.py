"""Tables as compact text: each column typed, each number in the bytes it needs; see ``docs/contract.md``."""

import math
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.atlas.contract import (
    CountedColumn,
    FloatColumn,
    FloatStream,
    NumberColumn,
    OrderedColumn,
    PackedTable,
    PlaceNamesColumn,
    RatioColumn,
    SameColumn,
    Stream,
    TableHeader,
    TextColumn,
)
from pipeline.atlas.packing.encoding import Integers, compress, frame, integers
from pipeline.atlas.packing.place_names import pack_place_names
from pipeline.errors import SchemaError
from pipeline.tables import PLACE_NAME

MOST_DECIMALS = 6
"""Numbers with more decimals than this are stored bit for bit."""
LARGEST = 2**30
"""Scaled numbers beyond this are stored bit for bit: the browser keeps the others in 32 bits."""
COUNTED = re.compile(r"(.*?)(\d{1,9})(\D*)", re.DOTALL)
"""A code or name that counts up: ``E01000001``, ``Norwich 001A``."""

FULL = 100.0
MOST_PARTS = 2**20
"""Of a percentile: more would take as many bytes as its number does."""
LOOKED_AT = 8
"""Values from which the number of parts is guessed; all are then checked by it."""

Column = TextColumn | CountedColumn | PlaceNamesColumn | NumberColumn | OrderedColumn | RatioColumn | FloatColumn
Packed = tuple[Column, bytes]
"""A column and its bytes, in which its streams lie."""


def pack_table(
    table: pd.DataFrame, decimals: Mapping[str, int] | None = None, ordered: Mapping[str, int] | None = None
) -> PackedTable:
    """A table as the page carries it.

    ``decimals`` says, per column of numbers, to how many decimals to round; columns it does not name keep every bit.
    Of the columns in ``ordered`` only the order and ties matter, and the decimals that are shown, which it gives.

    Raises:
        SchemaError: a column holds an infinite number, or something that is neither text nor a number.
    """
    columns: dict[str, Column | SameColumn] = {}
    first_of: dict[Packed, str] = {}
    content, length = [], 0
    for name in map(str, table.columns):
        packed: Packed = (pack_place_names(table) if name == PLACE_NAME.name else None) or _pack_column(
            table[name], (decimals or {}).get(name), shown=(ordered or {}).get(name)
        )
        if packed in first_of:
            columns[name] = SameColumn(same_as=first_of[packed])
            continue
        first_of[packed] = name
        column, streams = packed
        columns[name] = _moved(column, length)
        content.append(streams)
        length += len(streams)
    header = TableHeader(columns)
    return PackedTable(rows=len(table), packed=compress(frame(header, b"".join(content))))


def _moved(column: Column, by: int) -> Column:
    """``column`` with its streams moved along by a number of bytes."""
    moved = {}
    for name, stream in column:
        if isinstance(stream, Stream | FloatStream):
            offset, length = stream.at
            moved[name] = stream.model_copy(update={"at": (offset + by, length)})
    return column.model_copy(update=moved)


def _pack_column(column: "pd.Series[Any]", decimals: int | None, *, shown: int | None) -> Packed:
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(column.dtype.categories.dtype)
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        return _pack_numbers(column, decimals, shown=shown)
    if not isinstance(column.dtype, pd.StringDtype):
        strange = next((value for value in column if not isinstance(value, str) and not pd.isna(value)), None)
        if strange is not None:
            raise SchemaError(f"Column '{column.name}' should hold text or numbers; found {strange!r}.")
    codes, values = pd.factorize(column)
    counted = None if 2 * len(values) < len(column) or (codes < 0).any() else _counted(column.tolist())
    if counted is not None:
        return counted
    stream, content = integers(codes.astype(np.int64) + 1, 0)
    return TextColumn(values=tuple(values), codes=stream), content


def _counted(names: list[str]) -> Packed | None:
    """Names that count on as head, number of a fixed number of digits, and tail; None where they do not."""
    matches = [match for name in names if (match := COUNTED.fullmatch(name))]
    if not matches or len(matches) < len(names):
        return None
    heads, numbers, tails = zip(*(match.groups() for match in matches), strict=True)
    digits = {len(number) for number in numbers}
    if len(digits) != 1 or not all(number.isascii() for number in numbers):
        return None
    head_codes, head_values = pd.factorize(np.array(heads, dtype=object))
    tail_codes, tail_values = pd.factorize(np.array(tails, dtype=object))
    head, head_bytes = integers(head_codes.astype(np.int64), 0)
    tail, tail_bytes = integers(tail_codes.astype(np.int64), len(head_bytes))
    number, number_bytes = integers(np.array(numbers).astype(np.int64), len(head_bytes) + len(tail_bytes))
    column = CountedColumn(
        digits=digits.pop(),
        head=head,
        heads=tuple(head_values),
        tail=tail,
        tails=tuple(tail_values),
        number=number,
    )
    return column, head_bytes + tail_bytes + number_bytes


def _pack_numbers(column: "pd.Series[Any]", decimals: int | None, *, shown: int | None) -> Packed:
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
    small = _ratio(present, missing) if shown is None else _ordered(present, missing, shown)
    if small is not None:
        return small
    content = numbers.astype("<f8").view(np.uint8).reshape(-1, 8).T.tobytes()
    return FloatColumn(values=FloatStream(width=8, at=(0, len(content)))), content


def _ordered(present: npt.NDArray[np.float64], missing: npt.NDArray[np.bool_], decimals: int) -> Packed | None:
    """Rounded numbers with a place among those that are rounded alike; None where that takes too large a number.

    A column of shares takes two thirds of the bytes of its order as IEEE numbers of four bytes, which share no digits.
    """
    distinct, place = np.unique(present, return_inverse=True)
    rounded = np.round(distinct * 10.0**decimals)
    _, first, alike = np.unique(rounded, return_index=True, return_counts=True)
    # Odd, so that the middle one is the rounded number and no other reaches half a step from it.
    slots = int(alike.max()) | 1
    if np.abs(rounded).max() * slots > LARGEST:
        return None
    within = np.arange(len(distinct)) - np.repeat(first + alike // 2, alike)
    numbers = (rounded * slots + within).astype(np.int64)[place]
    lowest = int(numbers.min())
    stream, content = integers(np.where(missing, 0, numbers - lowest + 1), 0)
    return OrderedColumn(decimals=decimals, slots=slots, lowest=lowest, values=stream), content


def _ratio(present: npt.NDArray[np.float64], missing: npt.NDArray[np.bool_]) -> Packed | None:
    """Percentiles as parts of the number that they are of, where that gives every one of them back to the last bit."""
    if present.min(initial=0.0) < 0 or present.max(initial=0.0) > FULL:
        return None
    some = np.unique(present)[:: max(1, len(present) // LOOKED_AT)][:LOOKED_AT] / FULL
    parts = math.lcm(*(Fraction(float(value)).limit_denominator(MOST_PARTS).denominator for value in some))
    if parts > MOST_PARTS:
        return None
    counted = np.rint(present / FULL * parts)
    if not np.array_equal(FULL * (counted / parts), present):
        return None
    stream, content = integers(np.where(missing, 0, counted.astype(np.int64) + 1), 0)
    return RatioColumn(parts=parts, values=stream), content


def _pack_scaled(scaled: Integers, missing: npt.NDArray[np.bool_], places: int) -> Packed:
    lowest = int(scaled.min(initial=0))
    # 0 means a missing value.
    stream, content = integers(np.where(missing, 0, scaled - lowest + 1), 0)
    return NumberColumn(decimals=places, lowest=lowest, values=stream), content
