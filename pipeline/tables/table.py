"""What a table is: its columns with type, unit, range and meaning; how a frame is held against it and described."""

import re
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from pipeline.errors import SchemaError, first

Kind = Literal["string", "integer", "number", "boolean", "geometry"]


@dataclass(frozen=True)
class Column:
    """One column: ``unit`` in words, ``minimum`` and ``maximum`` inclusive, ``pattern`` the whole value."""

    name: str
    kind: Kind
    title: str
    description: str
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    categories: tuple[str, ...] = ()
    nullable: bool = False


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


def optional(table: Table, names: list[str]) -> Table:
    """``table`` with the columns ``names`` allowed to be missing."""
    return replace(table, columns=tuple(replace(c, nullable=c.nullable or c.name in names) for c in table.columns))


def validate(frame: pd.DataFrame, table: Table, where: str) -> None:
    """Check that ``frame`` keeps to ``table``: its columns and their order, types, ranges, patterns and the key.

    ``where`` is the file the rows came from; it opens every message.

    Raises:
        SchemaError: every fault found, each with the column, the count, and the first areas concerned.
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
    twice = frame[table.key][frame[table.key].duplicated()]
    return [] if twice.empty else [f"{table.key}: {len(twice):,} value(s) stand more than once: {first(twice)}"]


def _column_faults(frame: pd.DataFrame, column: Column, key: str) -> list[str]:
    values = frame[column.name]
    faults = []

    def fault(bad: "pd.Series[bool]", what: str) -> None:
        if bad.any():
            shown = [
                f"{k} ({v})" if column.kind != "geometry" and k != v else f"{k}"
                for k, v in zip(frame.loc[bad, key], values[bad], strict=True)
            ]
            faults.append(f"{int(bad.sum()):,} value(s) {what}: {first(shown)}")

    absent = values.isna()
    if not column.nullable:
        fault(absent, "missing")
    present = values[~absent]
    if column.kind == "geometry":
        return faults
    if not _kind_holds(present, column.kind):
        return [*faults, f"expected {column.kind} values, found {values.dtype}"]
    if column.kind == "string":
        text = values.astype("string")
        if column.pattern is not None:
            expression = re.compile(column.pattern)
            fits = text.map(lambda value: bool(expression.fullmatch(value)), na_action="ignore")
            fault(~absent & ~fits.fillna(True).astype(bool), f"not of the form {column.pattern}")
        if column.categories:
            fault(~absent & ~text.isin(column.categories), f"not one of {', '.join(column.categories)}")
        fault(~absent & (text.str.strip() == "").fillna(False).astype(bool), "empty")
    if column.kind in ("integer", "number"):
        numbers = values.astype("float64")
        fault(~absent & pd.Series(np.isinf(numbers), index=frame.index), "infinite")
        if column.minimum is not None:
            fault(numbers < column.minimum, f"below {column.minimum:g}")
        if column.maximum is not None:
            fault(numbers > column.maximum, f"above {column.maximum:g}")
    return faults


def _kind_holds(values: pd.Series, kind: Kind) -> bool:
    if kind == "string":
        return bool(pd.api.types.is_string_dtype(values.dtype) or values.map(lambda v: isinstance(v, str)).all())
    if kind == "boolean":
        return bool(pd.api.types.is_bool_dtype(values.dtype))
    numeric = pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype)
    if kind == "integer":
        return bool(numeric and (values.astype("float64") % 1 == 0).all())
    return bool(numeric)


FRICTIONLESS_TYPES = {
    "string": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "geometry": "any",
}


def describe(table: Table) -> dict[str, Any]:
    """``table`` as a Frictionless table schema."""
    fields = []
    for column in table.columns:
        limits: dict[str, Any] = {"required": not column.nullable}
        if column.name == table.key:
            limits["unique"] = True
        if column.minimum is not None:
            limits["minimum"] = column.minimum
        if column.maximum is not None:
            limits["maximum"] = column.maximum
        if column.pattern is not None:
            limits["pattern"] = f"^{column.pattern}$"
        if column.categories:
            limits["enum"] = list(column.categories)
        field = {
            "name": column.name,
            "type": FRICTIONLESS_TYPES[column.kind],
            "title": column.title,
            "description": column.description,
            "constraints": limits,
        }
        if column.unit:
            field["unit"] = column.unit
        fields.append(field)
    return {"fields": fields, "primaryKey": [table.key]}


def dictionary(tables: list[Table]) -> str:
    """The data dictionary of ``tables`` as Markdown."""
    lines = ["# Data dictionary", "", "Made from `pipeline/tables/` by `python -m pipeline dictionary`.", ""]
    for table in tables:
        lines += [f"## {table.name}: {table.title}", "", table.description, "", f"Key: `{table.key}`", ""]
        lines += ["| column | type | unit | values | meaning |", "|---|---|---|---|---|"]
        for column in table.columns:
            lines.append(
                f"| `{column.name}` | {column.kind} | {column.unit} | {_values(column)} | "
                f"{column.description}{' (may be missing)' if column.nullable else ''} |"
            )
        lines.append("")
    return "\n".join(lines)


def _values(column: Column) -> str:
    if column.categories:
        return ", ".join(column.categories)
    if column.pattern is not None:
        return f"`{column.pattern}`".replace("|", "\\|")
    if column.minimum is not None and column.maximum is not None:
        return f"{column.minimum:g} to {column.maximum:g}"
    return f"{column.minimum:g} or more" if column.minimum is not None else ""
