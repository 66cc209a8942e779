"""Descriptions of a table: its schema in a data package, the fields of a parquet file, the data dictionary."""

from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.tables.columns import BBOX
from pipeline.tables.quantities import GROUPS, QUANTITIES, Nature, Storage
from pipeline.tables.table import Column, Table

FIELD_TYPES: Mapping[Storage, str] = {
    "string": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "geometry": "any",
    "box": "object",
}
"""The field types of a table schema."""


def described_columns(table: Table) -> tuple[Column, ...]:
    """The columns of ``table`` in a parquet file: a geometry comes with its bounding box."""
    return (*table.columns, *(BBOX for column in table.columns if column.storage == "geometry"))


def plain_columns(table: Table) -> tuple[Column, ...]:
    """The columns of ``table`` that a CSV can hold: all but geometry."""
    return tuple(column for column in table.columns if column.storage != "geometry")


def describe(table: Table, columns: Iterable[Column] | None = None) -> dict[str, Any]:
    """``table``, or these ``columns`` of it, as a table schema of Data Package 2.0."""
    fields = [
        _field(column, key=column.name == table.key) for column in (table.columns if columns is None else columns)
    ]
    return {"fields": fields, "primaryKey": [table.key]}


def _field(column: Column, *, key: bool) -> dict[str, Any]:
    limits: dict[str, Any] = {"required": not column.nullable}
    if key:
        limits["unique"] = True
    if column.minimum is not None:
        limits["minimum"] = column.minimum
    if column.maximum is not None:
        limits["maximum"] = column.maximum
    if column.pattern is not None:
        limits["pattern"] = f"^(?:{column.pattern})$"
    if column.categories:
        limits["enum"] = list(column.categories)
    more: dict[str, Any] = {
        "unit": column.unit,
        "quantity": column.quantity,
        "group": column.group,
        "shareOf": column.of,
        "source": column.source,
        "derivedFrom": list(column.derived_from),
        "copyOf": column.copy_of,
    }
    return {
        "name": column.name,
        "type": FIELD_TYPES[column.storage],
        "title": column.title,
        "description": column.meaning,
        "constraints": limits,
        **{key: value for key, value in more.items() if value},
    }


def field_metadata(column: Column) -> dict[str, str]:
    """What a parquet file says about a column: ``title``, ``unit``, ``meaning``, ``quantity``, ``group`` and origin."""
    said = {
        "title": column.title,
        "unit": column.unit,
        "meaning": column.meaning,
        "quantity": column.quantity,
        "group": column.group,
        "share_of": column.of,
        "source": column.source or "",
        "derived_from": ", ".join(column.derived_from),
    }
    return {name: text for name, text in said.items() if text or name == "unit"}


def dictionary(tables: Iterable[Table]) -> str:
    """The data dictionary of ``tables`` as Markdown."""
    lines = [
        "# Data dictionary",
        "",
        "Made from `pipeline/tables/` by `python -m pipeline dictionary`. `datapackage.json` in an area's folder says "
        "the same for programs, and the fields of every parquet file carry title, unit and meaning.",
        "",
        "*Source* is an id of `declared/sources.toml` (or of the source that replaces it), or a file of an analyst; "
        "`←` comes before the columns that a column is worked out from.",
        "",
    ]
    for table in tables:
        lines += [f"## {table.name}: {table.title}", "", table.description, "", f"Key: `{table.key}`", ""]
        lines += _rows(
            ("column", "type", "quantity", "group", "unit", "values", "source", "meaning"),
            (
                (
                    f"`{column.name}`",
                    column.storage,
                    column.quantity,
                    GROUPS[column.group],
                    column.unit + (f", of {column.of}" if column.of else ""),
                    _values(column),
                    _origin(column),
                    f"{column.meaning}{' (may be missing)' if column.nullable else ''}",
                )
                for column in described_columns(table)
            ),
        )
    lines += ["## Quantities", "", "The kinds of value that columns hold, and what follows from each.", ""]
    lines += _rows(
        ("quantity", "type", "unit unless the column gives another", "shown", "a sorted list starts with", "meaning"),
        (
            (
                quantity,
                nature.storage,
                nature.unit,
                _shown(nature.storage, nature.decimals, percent=nature.percent),
                _first(nature),
                nature.meaning,
            )
            for quantity, nature in QUANTITIES.items()
        ),
    )
    return "\n".join(lines)


def _first(nature: Nature) -> str:
    if nature.first is None:
        return ""
    low, high = ("A", "Z") if nature.storage == "string" else ("the lowest", "the highest")
    return low if nature.first == "low" else high


def _shown(storage: Storage, decimals: int, *, percent: bool) -> str:
    if storage not in ("integer", "number"):
        return ""
    places = {0: "to whole numbers", 1: "to one decimal"}.get(decimals, f"to {decimals} decimals")
    return f"as a percentage, {places}" if percent else places


def _rows(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    heads = list(heads)
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    return [*lines, *(f"| {' | '.join(cells)} |" for cells in rows), ""]


def _origin(column: Column) -> str:
    if column.source:
        return f"`{column.source}`"
    return f"← {', '.join(f'`{name}`' for name in column.derived_from)}" if column.derived_from else ""


def _values(column: Column) -> str:
    if column.categories:
        return ", ".join(column.categories)
    if column.pattern is not None:
        return f"`{column.pattern}`".replace("|", "\\|")
    if column.minimum is not None and column.maximum is not None:
        return f"{column.minimum:g} to {column.maximum:g}"
    return f"{column.minimum:g} or more" if column.minimum is not None else ""
