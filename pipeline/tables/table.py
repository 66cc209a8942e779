"""Columns and tables, and how a frame is checked against its table."""

from dataclasses import KW_ONLY, dataclass
from typing import TypedDict, Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.errors import SchemaError, first
from pipeline.tables.membership import is_unique
from pipeline.tables.quantities import QUANTITIES, End, Group, Nature, Quantity, Storage

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Column:
    """One column of a table. The unit and limits of its quantity apply unless it gives others.

    Attributes:
        quantity: the kind of value it holds; type, decimals, percent and sorting follow from it.
        group: the group it belongs to.
        title: the heading. ``meaning``: what a value is, in words.
        unit: in words.
        source: the id of the source it is read from; ``None`` where it is worked out or comes from users' files.
        derived_from: the columns it is worked out from: of the same table by name, of others as ``table.column``.
        of: what a share is a share of.
        nullable: a value may be missing.
        minimum, maximum: limits, inclusive. ``pattern``: the form of a value, in full. ``categories``: all its values.
        worse: the end that means more risk, or less of what people need; ``None`` where neither end does by itself.
        detail: of interest only in a list of all numbers, and left out where there is little room.
        copy_of: the column whose values it repeats under a former name.
        compared_only: kept in its own table to be compared with other tables, and not joined.
    """

    name: str
    quantity: Quantity
    group: Group
    title: str
    meaning: str
    _: KW_ONLY
    unit: str = ""
    source: str | None = None
    derived_from: tuple[str, ...] = ()
    of: str = ""
    nullable: bool = False
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    categories: tuple[str, ...] = ()
    worse: End | None = None
    detail: bool = False
    copy_of: str | None = None
    compared_only: bool = False

    def __post_init__(self) -> None:
        nature = self.nature
        given = {"unit": self.unit or nature.unit, "minimum": self.minimum, "maximum": self.maximum}
        given |= {limit: getattr(nature, limit) for limit in ("minimum", "maximum") if given[limit] is None}
        for name, value in given.items():
            object.__setattr__(self, name, value)
        if (self.quantity == "share") != bool(self.of):
            raise ValueError(f"{self.name}: a share, and nothing else, says what it is a share of.")

    @property
    def nature(self) -> Nature:
        """What follows from its quantity."""
        return QUANTITIES[self.quantity]

    @property
    def storage(self) -> Storage:
        """The type of its values."""
        return self.nature.storage

    @property
    def shown_unit(self) -> str:
        """The unit of the values as they are shown: a share is shown as a percentage of something."""
        return f"% of {self.of}" if self.nature.percent else self.unit


class More(TypedDict, total=False):
    """What a column may state beyond its quantity, title and meaning."""

    unit: str
    derived_from: tuple[str, ...]
    of: str
    nullable: bool
    minimum: float
    maximum: float
    pattern: str
    categories: tuple[str, ...]
    worse: End
    detail: bool
    copy_of: str
    compared_only: bool


@dataclass(frozen=True)
class Family:
    """Makes columns of one group and one source: call it for each."""

    group: Group
    source: str | None = None

    def __call__(self, name: str, quantity: Quantity, title: str, meaning: str, **more: Unpack[More]) -> Column:
        """A column of this group and source."""
        return Column(name, quantity, self.group, title, meaning, source=self.source, **more)


@dataclass(frozen=True)
class Table:
    """A table: its key is unique and never missing. ``geography`` is the vintage of the key's areas."""

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    key: str
    geography: str = "lsoa21"

    def column(self, name: str) -> Column:
        """The column called ``name``."""
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> list[str]:
        """The columns' names in order."""
        return [column.name for column in self.columns]

    @property
    def joined_columns(self) -> tuple[Column, ...]:
        """The columns that are joined onto LSOAs."""
        return tuple(column for column in self.columns if not column.compared_only)


def validate(frame: pd.DataFrame, table: Table, where: str) -> None:
    """Check that ``frame`` matches ``table``: columns and their order, types, ranges, patterns and the key.

    ``where`` is the file the rows came from; every message starts with it.

    Raises:
        SchemaError: every fault, each with the column, the count, and the first areas concerned.
    """
    if list(frame.columns) != table.names:
        missing = [name for name in table.names if name not in frame.columns]
        surplus = [str(name) for name in frame.columns if name not in table.names]
        raise SchemaError(
            f"{where}: table '{table.name}' should have the columns {', '.join(table.names)}.\n"
            f"  missing: {', '.join(missing) or 'none'}\n  not expected: {', '.join(surplus) or 'none'}"
            + ("" if missing or surplus else "\n  the order differs")
        )
    if frame.empty:
        raise SchemaError(f"{where}: table '{table.name}' has no rows.")
    faults = _key_faults(frame, table)
    for column in table.columns:
        faults += [f"{column.name}: {fault}" for fault in _column_faults(frame, column, table.key)]
    if faults:
        raise SchemaError("\n  ".join([f"{where}: table '{table.name}' has {len(faults)} fault(s):", *faults]))


def _key_faults(frame: pd.DataFrame, table: Table) -> list[str]:
    keys = frame[table.key]
    if isinstance(keys.dtype, pd.StringDtype) and is_unique(keys):
        return []
    twice = keys[keys.duplicated()]
    return [] if twice.empty else [f"{table.key}: {len(twice):,} value(s) appear more than once: {first(twice)}"]


def _column_faults(frame: pd.DataFrame, column: Column, key: str) -> list[str]:
    # As arrays: with the many columns of a table, most of the time would go into pandas' own labels.
    values = frame[column.name]
    if _numbers_hold(values, column):
        return []
    absent = values.isna().to_numpy(dtype=bool)
    bad: list[tuple[Flags, str]] = [] if column.nullable else [(absent, "missing")]
    present = values[~absent] if absent.any() else values
    wrong = ""
    if not _type_holds(present, column.storage):
        wrong = f"expected {column.storage} values, found {values.dtype}"
    elif column.storage == "string":
        bad += [(~absent & faulty, what) for faulty, what in _text_faults(values, column)]
    elif column.storage in ("integer", "number"):
        bad += [(~absent & faulty, what) for faulty, what in _number_faults(values, column)]
    keys = frame[key]
    faults = [
        f"{int(rows.sum()):,} value(s) {what}: {first(_shown(keys[rows], values[rows], column))}"
        for rows, what in bad
        if rows.any()
    ]
    return [*faults, wrong] if wrong else faults


def _numbers_hold(values: pd.Series, column: Column) -> bool:
    """Whether a column of plain numbers is in order, told at once; False also where only a closer look tells."""
    if column.storage not in ("integer", "number") or not isinstance(values.dtype, np.dtype):
        return False
    if values.dtype.kind not in "if":
        return False
    numbers = values.to_numpy()
    present = numbers[~np.isnan(numbers)]
    if len(present) < len(numbers) and not column.nullable:
        return False
    if not len(present):
        return True
    low, high = present.min(), present.max()
    within = (column.minimum is None or low >= column.minimum) and (column.maximum is None or high <= column.maximum)
    integral = column.storage == "number" or values.dtype.kind == "i" or bool((present % 1 == 0).all())
    return bool(within and integral and np.isfinite(low) and np.isfinite(high))


def _shown(keys: pd.Series, values: pd.Series, column: Column) -> list[str]:
    """Rows by their key, each with its value where that helps."""
    bare = column.storage == "geometry"
    return [f"{k}" if bare or k == v else f"{k} ({v})" for k, v in zip(keys, values, strict=True)]


def _text_faults(values: pd.Series, column: Column) -> list[tuple[Flags, str]]:
    text = values.astype("string")
    faults: list[tuple[Flags, str]] = []
    if column.pattern is not None:
        # A column that is empty throughout has no type that a missing value could be matched in.
        fits = text.fillna("").str.fullmatch(column.pattern).astype(bool) | text.isna()
        faults.append((~fits.to_numpy(dtype=bool), f"not of the form {column.pattern}"))
    if column.categories:
        among = text.isin(column.categories).to_numpy(dtype=bool)
        faults.append((~among, f"not one of {', '.join(column.categories)}"))
    faults.append(((text.str.strip() == "").to_numpy(dtype=bool, na_value=False), "empty"))
    return faults


def _number_faults(values: pd.Series, column: Column) -> list[tuple[Flags, str]]:
    numbers = values.to_numpy(dtype="float64", na_value=np.nan)
    faults: list[tuple[Flags, str]] = [(np.isinf(numbers), "infinite")]
    if column.minimum is not None:
        faults.append((numbers < column.minimum, f"below {column.minimum:g}"))
    if column.maximum is not None:
        faults.append((numbers > column.maximum, f"above {column.maximum:g}"))
    return faults


def _type_holds(values: pd.Series, storage: Storage) -> bool:
    if storage in ("geometry", "box") or values.empty:
        return True
    if storage == "string":
        return bool(pd.api.types.is_string_dtype(values.dtype) or values.map(lambda v: isinstance(v, str)).all())
    if storage == "boolean":
        return bool(pd.api.types.is_bool_dtype(values.dtype))
    numeric = pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype)
    if storage == "integer" and not pd.api.types.is_integer_dtype(values.dtype):
        return bool(numeric and (values.astype("float64") % 1 == 0).all())
    return bool(numeric)


def with_unit(title: str, unit: str, between: str = " ") -> str:
    """A heading: a title with its unit, where it has one, in brackets after ``between``."""
    return f"{title}{between}({unit})" if unit else title
