"""Tables as compact text: each column typed, each number in the bytes it needs; see ``docs/contract.md``."""

import math
import re
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.atlas.contract import (
    AreaTable,
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
    TableTexts,
    TextColumn,
)
from pipeline.atlas.packing.encoding import Integers, compress, differences, frame, zigzag
from pipeline.atlas.packing.place_names import UNPLACED, pack_place_names
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
WORTH_A_TRY = 128
"""Bytes of a column below which no order of its rows could save much."""
MANY_ROWS = 10_000
"""Rows from which on putting them in order takes a page long."""
WORTH_IT = 0.95
"""Part of its bytes that a column may still take in another order: putting rows in order takes the page time."""
TRIED = 3
"""Orders that are tried in earnest, of all that look good."""
QUICK = 6
"""The level of compression at which they are compared."""
AT_ONCE = 20_000
"""Numbers that are looked at together while orders are compared, so that they stay in the processor's memory."""
PARTS_OF_A_BIT = 2**16
"""In which information is counted: sums of whole numbers are the same in every order and on every processor."""


@dataclass(frozen=True, eq=False)
class _Stream:
    """Numbers from 0 as they are stored: ``values`` are the numbers, or where ``delta`` says so the steps between them.

    ``width``: bytes that the largest takes. ``size``: about how much all take once they are compressed, in parts of a
    bit (:func:`_information`).
    """

    values: npt.NDArray[np.uint64]
    delta: bool
    width: int
    size: int

    @classmethod
    def of(cls, values: npt.NDArray[np.uint64], *, delta: bool) -> "_Stream":
        """The same with its width and size."""
        width = _bytes_of(int(values.max(initial=0)))
        return cls(values, delta, width, _information(values[np.newaxis], [width])[0])

    def before(self, other: "_Stream") -> bool:
        """Whether it takes fewer bytes than ``other``: those of a number count before how seldom each is."""
        return (self.width, self.size) < (other.width, other.size)

    def planes(self) -> bytes:
        """The lowest bytes of all numbers, then the next."""
        return self.values.astype("<u8").view(np.uint8).reshape(-1, 8)[:, : self.width].T.tobytes()

    @cached_property
    def quick_size(self) -> int:
        """How many bytes they take when they are compressed quickly."""
        return len(zlib.compress(self.planes(), QUICK))


@dataclass(frozen=True, eq=False)
class _Numbers:
    """Whole numbers in the order of the rows, and as they are stored in that order: looked at more than once."""

    values: Integers

    @cached_property
    def plain(self) -> _Stream:
        """The numbers themselves."""
        return _Stream.of(self.values.astype(np.uint64), delta=False)

    @cached_property
    def chosen(self) -> _Stream:
        """The numbers, or the steps between them where these take fewer bytes."""
        return self.in_order(np.arange(len(self.values)))

    def sizes_in(self, orders: Sequence[Integers]) -> list[int]:
        """The size of what is chosen in each of the ``orders`` of the rows, many of them worked out at once."""
        sizes = list[int]()
        together = max(1, AT_ONCE // max(len(self.values), 1))
        for some in (np.stack(orders[start : start + together]) for start in range(0, len(orders), together)):
            steps = zigzag(np.diff(self.values[some], axis=1, prepend=np.int64(0)))
            widths = [_bytes_of(top) for top in steps.max(axis=1).tolist()]
            # In whatever order, the numbers themselves have the same bytes.
            pairs = zip(widths, _information(steps, widths), strict=True)
            sizes += [min(pair, (self.plain.width, self.plain.size))[1] for pair in pairs]
        return sizes

    def in_order(self, order: Integers) -> _Stream:
        """What is chosen in an order of the rows."""
        values = self.values[order]
        steps = _Stream.of(zigzag(differences(values)), delta=True)
        return steps if steps.before(self.plain) else replace(self.plain, values=values.astype(np.uint64))


@dataclass(frozen=True)
class _Draft:
    """A column before its bytes have a place: whole numbers by the field that holds them, or the bytes of numbers."""

    column: Column
    numbers: Mapping[str, _Numbers]
    content: bytes = b""

    @cached_property
    def key(self) -> tuple[Column, tuple[bytes, ...], bytes]:
        """The same for columns that hold the same."""
        return self.column, tuple(numbers.values.tobytes() for numbers in self.numbers.values()), self.content

    def size(self) -> int:
        """About how much it takes in the order of the rows, in parts of a bit."""
        return 8 * PARTS_OF_A_BIT * len(self.content) + sum(numbers.chosen.size for numbers in self.numbers.values())


@dataclass(frozen=True)
class _Orders:
    """The rows in the order of a column, by the column's name."""

    by: Mapping[str, Integers]

    def best(self, numbers: _Numbers) -> tuple[str | None, _Stream]:
        """The column in whose order the numbers take the fewest bytes, None for the order of the rows; and these."""
        if not self.by or numbers.chosen.size < WORTH_A_TRY * 8 * PARTS_OF_A_BIT:
            return None, numbers.chosen
        sizes = dict(zip(self.by, numbers.sizes_in(list(self.by.values())), strict=True))
        likely = sorted(self.by, key=sizes.__getitem__)[:TRIED]
        streams = {name: numbers.in_order(self.by[name]) for name in likely}
        best = min(likely, key=lambda name: streams[name].quick_size)
        if streams[best].quick_size < WORTH_IT * numbers.chosen.quick_size:
            return best, streams[best]
        return None, numbers.chosen


def pack_table(
    table: pd.DataFrame, decimals: Mapping[str, int] | None = None, ordered: Mapping[str, int] | None = None
) -> PackedTable:
    """A table as the page carries it.

    ``decimals`` says, per column of numbers, to how many decimals to round; columns it does not name keep every bit.
    Of the columns in ``ordered`` only the order and ties matter, and the decimals that are shown, which it gives.

    A column that follows another, as a score follows its rank, is kept in the order of that other: its steps are small.
    The largest columns come first, since these are the ones that others follow.

    Raises:
        SchemaError: a column holds an infinite number, or something that is neither text nor a number.
    """
    header, content, _ = _pack(table, decimals or {}, ordered or {}, first=())
    return PackedTable(rows=len(table), packed=compress(frame(header, content)))


def pack_areas(
    table: pd.DataFrame, decimals: Mapping[str, int], ordered: Mapping[str, int], first: Collection[str]
) -> AreaTable:
    """The same of the areas, with the columns of the ``first`` picture in front.

    Of many rows these are kept in their order: to put rows in another takes a page the time that it has not yet.
    """
    header, content, begun = _pack(table, decimals, ordered, first)
    texts = {name: c.values for name, c in header.root.items() if isinstance(c, TextColumn) and name not in first}
    without = {
        name: column.model_copy(update={"values": ()}) if name in texts else column
        for name, column in header.root.items()
    }
    return AreaTable(
        rows=len(table),
        packed=compress(frame(TableHeader(without), content[:begun])),
        rest=compress(frame(TableTexts(texts), content[begun:])),
    )


def _pack(
    table: pd.DataFrame, decimals: Mapping[str, int], ordered: Mapping[str, int], first: Collection[str]
) -> tuple[TableHeader, bytes, int]:
    """The columns, their bytes, and where those end that belong to the ``first`` ones."""
    drafts = {
        name: (_draft_places(table) if name == PLACE_NAME.name else None)
        or _draft(table[name], decimals.get(name), shown=ordered.get(name))
        for name in map(str, table.columns)
    }
    columns: dict[str, Column | SameColumn] = {}
    first_of: dict[object, str] = {}
    orders: dict[str, Integers] = {}
    content: list[bytes] = []
    # Names of places are read by the help of other columns, which have to be there.
    largest_first = sorted(drafts, key=lambda name: -drafts[name].size())
    begun = 0
    for name in sorted(
        largest_first, key=lambda name: (name not in first, isinstance(drafts[name].column, PlaceNamesColumn))
    ):
        draft = drafts[name]
        if draft.key in first_of:
            columns[name] = SameColumn(same_as=first_of[draft.key])
            continue
        first_of[draft.key] = name
        columns[name] = _place(draft, _Orders({} if name in first and len(table) > MANY_ROWS else orders), content)
        if name in first:
            begun = sum(map(len, content))
        if draft.numbers:
            # The last key counts most.
            orders[name] = np.lexsort(
                tuple(numbers.values for numbers in reversed(list(draft.numbers.values())))
            ).astype(np.int64)
    return TableHeader(columns), b"".join(content), begun


def _place(draft: _Draft, orders: _Orders, content: list[bytes]) -> Column:
    """The column with its bytes added to ``content``."""
    at = sum(map(len, content))
    if isinstance(draft.column, FloatColumn):
        content.append(draft.content)
        return draft.column.model_copy(update={"values": FloatStream(width=8, at=(at, len(draft.content)))})
    placed = {}
    for field, numbers in draft.numbers.items():
        along, chosen = orders.best(numbers) if len(draft.numbers) == 1 else (None, numbers.chosen)
        planes = chosen.planes()
        placed[field] = Stream(width=chosen.width, delta=chosen.delta, along=along, at=(at, len(planes)))
        content.append(planes)
        at += len(planes)
    return draft.column.model_copy(update=placed)


def _draft_places(table: pd.DataFrame) -> _Draft | None:
    packed = pack_place_names(table)
    return packed and _Draft(packed[0], {"ending": _Numbers(packed[1])})


def _draft(column: "pd.Series[Any]", decimals: int | None, *, shown: int | None) -> _Draft:
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(column.dtype.categories.dtype)
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        return _draft_numbers(column, decimals, shown=shown)
    if not isinstance(column.dtype, pd.StringDtype):
        strange = next((value for value in column if not isinstance(value, str) and not pd.isna(value)), None)
        if strange is not None:
            raise SchemaError(f"Column '{column.name}' should hold text or numbers; found {strange!r}.")
    codes, values = pd.factorize(column)
    counted = None if 2 * len(values) < len(column) or (codes < 0).any() else _counted(column.tolist())
    if counted is not None:
        return counted
    return _Draft(TextColumn(values=tuple(values), codes=UNPLACED), {"codes": _Numbers(codes.astype(np.int64) + 1)})


def _counted(names: list[str]) -> _Draft | None:
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
    column = CountedColumn(
        digits=digits.pop(),
        head=UNPLACED,
        heads=tuple(head_values),
        tail=UNPLACED,
        tails=tuple(tail_values),
        number=UNPLACED,
    )
    parts = {"head": head_codes, "number": np.array(numbers), "tail": tail_codes}
    return _Draft(column, {field: _Numbers(part.astype(np.int64)) for field, part in parts.items()})


def _draft_numbers(column: "pd.Series[Any]", decimals: int | None, *, shown: int | None) -> _Draft:
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
            return _scaled(scaled.astype(np.int64), missing, places)
    small = _ratio(present, missing) if shown is None else _ordered(present, missing, shown)
    if small is not None:
        return small
    content = numbers.astype("<f8").view(np.uint8).reshape(-1, 8).T.tobytes()
    return _Draft(FloatColumn(values=FloatStream(width=8, at=(0, 0))), {}, content)


def _ordered(present: npt.NDArray[np.float64], missing: npt.NDArray[np.bool_], decimals: int) -> _Draft | None:
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
    column = OrderedColumn(decimals=decimals, slots=slots, lowest=lowest, values=UNPLACED)
    return _Draft(column, {"values": _Numbers(np.where(missing, 0, numbers - lowest + 1))})


def _ratio(present: npt.NDArray[np.float64], missing: npt.NDArray[np.bool_]) -> _Draft | None:
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
    counts = np.where(missing, 0, counted.astype(np.int64) + 1)
    return _Draft(RatioColumn(parts=parts, values=UNPLACED), {"values": _Numbers(counts)})


def _scaled(scaled: Integers, missing: npt.NDArray[np.bool_], places: int) -> _Draft:
    lowest = int(scaled.min(initial=0))
    # 0 means a missing value.
    column = NumberColumn(decimals=places, lowest=lowest, values=UNPLACED)
    return _Draft(column, {"values": _Numbers(np.where(missing, 0, scaled - lowest + 1))})


def _information(rows: npt.NDArray[np.uint64], widths: Sequence[int]) -> list[int]:
    """About how much each of the ``rows``, whose numbers take ``widths`` bytes, takes compressed, in parts of a bit.

    That is the entropy of its lowest bytes, and that of each of the next.
    """
    count, length = rows.shape
    bits, needed = np.zeros(count, dtype=np.int64), np.asarray(widths)
    starts, weights = 256 * np.arange(count)[:, np.newaxis], _weights(length)
    for place in range(max(widths, default=0)):
        of_place = (rows >> np.uint64(8 * place)).astype(np.uint8)
        apart = of_place if count == 1 else of_place + starts
        counts = np.bincount(apart.ravel(), minlength=256 * count).reshape(count, 256)
        bits += weights[counts].sum(axis=1) * (needed > place)
    return bits.tolist()


@lru_cache(maxsize=8)
def _weights(length: int) -> Integers:
    """By how often a byte occurs among ``length``, what all its occurrences take together, in parts of a bit."""
    times = np.arange(1, length + 1, dtype=np.float64)
    bits = times * np.log2(length / times)
    return np.concatenate([[0], np.rint(PARTS_OF_A_BIT * bits)]).astype(np.int64)


def _bytes_of(number: int) -> int:
    return max(1, (number.bit_length() + 7) // 8)
