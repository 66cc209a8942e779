"""Indicators that an analyst adds: which file holds them, what they mean, and which areas they are for."""

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from pipeline.catalogue.areas import Area
from pipeline.catalogue.indices import Absent, Component, Index, hash_weights
from pipeline.catalogue.layers import Layer, Look
from pipeline.catalogue.reading import Declared, FilePath, Name, Number, Slug, Text, parse, read_toml, tables_of
from pipeline.declarations import Declaration
from pipeline.errors import DeclarationError, did_you_mean, first

IndicatorQuantity = Literal[
    "people", "count", "share", "score", "standardised score", "ratio", "amount", "minutes", "metres", "rank", "decile"
]
"""What kinds of number an indicator can be (see docs/data-dictionary.md, Quantities)."""
Vintage = Literal["lsoa21", "lsoa11"]
CarriedAs = Literal["sum", "mean"]
FILE_TYPES = (".csv", ".txt", ".tsv", ".xlsx", ".xls", ".ods", ".parquet", ".zip")
SUMS = ("people", "count")
MADE_HERE = ("component_", "contribution_", "nearest_", "in_group_", "group_risk_")
"""How the names of columns begin that are made for the components of an index and the kinds of support places."""


class IndicatorColumn(Declared):
    """One indicator: a column of numbers by LSOA.

    Attributes:
        id: its name in tables, index files and ``declared/layers.toml``.
        value_column: its header in the file.
        quantity: what kind of number it is.
        unit: in words; shares and scores need none.
        of: what a share is a share of, such as ``households``.
        written_as: ``percent``: the file writes shares as 0 to 100.
        denominator_column: the header of what a share or a mean is taken of, by which values of merged LSOAs of 2011
            are weighted.
        carried_as: how values of merged LSOAs of 2011 are combined: as a ``sum`` (people, counts), or a ``mean``.
        minimum, maximum: limits, inclusive, beside those of its quantity.
        worse: which end means more risk.
        missing: whether an LSOA may be without a value.
        palette: for its layer, from ``declared/layers.toml``.
    """

    id: Name
    value_column: Text
    title: Text
    meaning: Text
    quantity: IndicatorQuantity
    unit: str = ""
    of: str = ""
    written_as: Literal["share", "percent"] = "share"
    denominator_column: Text | None = None
    carried_as: CarriedAs | None = None
    minimum: Number | None = None
    maximum: Number | None = None
    worse: Literal["high", "low", "neither"]
    missing: Literal["refused", "allowed"] = "refused"
    palette: Text = "component"

    @model_validator(mode="after")
    def _consistent(self) -> "IndicatorColumn":
        if (self.quantity == "share") != bool(self.of):
            raise ValueError('of goes with quantity = "share" and says what it is a share of, such as "households"')
        if self.written_as == "percent" and self.quantity != "share":
            raise ValueError('written_as = "percent" goes with quantity = "share"')
        if self.quantity in ("ratio", "amount", "count") and not self.unit:
            raise ValueError(f'quantity = "{self.quantity}" needs a unit, such as "households"')
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"minimum ({self.minimum:g}) is above maximum ({self.maximum:g})")
        return self

    @property
    def is_summed(self) -> bool:
        """Whether the values of parts add up to the value of the total."""
        return self.quantity in SUMS if self.carried_as is None else self.carried_as == "sum"


class IndicatorFile(Declared):
    """A file with one indicator or several.

    Attributes:
        file: CSV, workbook or parquet, relative to the project folder; by custom in ``data/local/``.
        sheet: of a workbook, where it has several. ``header_row``: the row with the headers, from 1; if left out, the
            first that has all the columns. ``decimal``: what separates the decimals of its numbers.
        code_column: the header of the LSOA codes. ``vintage``: the year of the codes.
        source: who published it. ``licence``: the terms of use. ``release``: its date or edition.
        areas: the areas it is for; if left out, all real ones.
    """

    id: Name
    file: FilePath
    sheet: Text | None = None
    header_row: int | None = Field(default=None, ge=1, le=1_000)
    decimal: Literal[".", ","] = "."
    code_column: Text
    vintage: Vintage = "lsoa21"
    source: Text
    licence: Text
    release: str = ""
    areas: tuple[Slug, ...] = ()
    columns: tuple[IndicatorColumn, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> "IndicatorFile":
        if not self.file.lower().endswith(FILE_TYPES):
            raise ValueError(f"file should be one of {', '.join(FILE_TYPES)}")
        if self.sheet is not None and not self.file.lower().endswith((".xlsx", ".xls", ".ods")):
            raise ValueError("sheet goes with a workbook (.xlsx)")
        headers = [self.code_column, *(column.value_column for column in self.columns)]
        twice = sorted({header for header in headers if headers.count(header) > 1})
        if twice:
            raise ValueError(f"the column(s) {', '.join(twice)} of the file are named twice")
        if self.vintage == "lsoa11":
            self._can_be_carried()
        return self

    def _can_be_carried(self) -> None:
        ordered = [column.id for column in self.columns if column.quantity in ("rank", "decile")]
        if ordered:
            raise ValueError(
                f"{', '.join(ordered)}: ranks and deciles of LSOAs of 2011 say nothing about those of 2021. Use the "
                "scores behind them"
            )
        unclear = [c.id for c in self.columns if c.quantity == "amount" and c.carried_as is None]
        if unclear:
            raise ValueError(
                f'{", ".join(unclear)}: say with carried_as whether amounts of LSOAs that were merged add up ("sum") '
                'or are averaged ("mean")'
            )

    def is_for(self, area: Area) -> bool:
        """Whether it is for ``area``: local files are real, so without ``areas`` they are not for a fictional one."""
        return area.id in self.areas if self.areas else not area.fictional


FILE_KEYS = set(IndicatorFile.model_fields) - {"id", "columns"}


def read_indicators(path: Path) -> tuple[IndicatorFile, ...]:
    """The files with indicators that ``path`` declares, in its order; none where there is no such file.

    A table is one indicator, named by its key; with ``columns``, it is a file of several.

    Raises:
        DeclarationError: a fault in the file, or an indicator that is declared twice.
    """
    if not path.exists():
        return ()
    tables = tables_of(read_toml(path), path)
    files = tuple(parse(IndicatorFile, _with_columns(key, values, path), path, key) for key, values in tables.items())
    names = [column.id for file in files for column in file.columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DeclarationError(f"{path}: the indicator(s) {', '.join(twice)} are declared twice.")
    return files


def _with_columns(key: str, values: Declaration, path: Path) -> Declaration:
    if "id" in values:
        raise DeclarationError(
            f"{path}: {key}.id: unknown key. An indicator is called as its table is; remove the key."
        )
    if "columns" not in values:
        one = {name: value for name, value in values.items() if name not in FILE_KEYS}
        file = {name: value for name, value in values.items() if name in FILE_KEYS}
        return {"id": key, **file, "columns": [parse(IndicatorColumn, {"id": key, **one}, path, key, FILE_KEYS)]}
    columns = values["columns"]
    if not isinstance(columns, dict):
        raise DeclarationError(f"{path}: expected tables [{key}.columns.<name of the indicator>].")
    columns = tables_of(columns, path, f"{key}.columns")
    parsed = [parse(IndicatorColumn, {"id": n, **v}, path, f"{key}.columns.{n}") for n, v in columns.items()]
    return {"id": key, **values, "columns": parsed}


def refuse_names(files: Iterable[IndicatorFile], columns: Collection[str], sources: Collection[str]) -> None:
    """Refuse an indicator whose name is taken, and a table whose key is the id of a source.

    Args:
        files: what is declared.
        columns: the names of all columns that outputs already have.
        sources: the ids of ``declared/sources.toml``.

    Raises:
        DeclarationError: which names, and why.
    """
    from pipeline.catalogue.sql import RESERVED

    faults = []
    for file in files:
        if file.id in sources:
            faults.append(f"  {file.id}: declared/sources.toml has a source of this name")
        for name in (column.id for column in file.columns):
            if name in columns or name == "geometry":
                faults.append(f"  {name}: there is a column of this name already")
            elif name.startswith(MADE_HERE):
                faults.append(f"  {name}: names that begin with {', '.join(MADE_HERE)} are reserved for the program")
            elif name in RESERVED:
                faults.append(f"  {name}: this is a reserved word of SQL, which databases would reject")
    if faults:
        raise DeclarationError("\n".join(["declared/indicators.toml: choose other names", *faults]))


def index_for(index: Index, area: Area, files: Iterable[IndicatorFile]) -> tuple[Index, tuple[str, ...]]:
    """``index`` as ``area`` can have it, and a line for each indicator that is left out.

    A fictional area lacks real indicators: they are listed as absent, and the others keep their weights.

    Raises:
        DeclarationError: ``area`` is real and an indicator of the index is for other areas only, or no indicator is
            left.
    """
    there = list(files)
    elsewhere = {column.id: file for file in there for column in file.columns if not file.is_for(area)}
    lacking = [name for name in index.columns if name in elsewhere]
    if not lacking:
        return index, ()
    if not area.fictional:
        shown = [f"'{name}' (for {first(elsewhere[name].areas, 5)})" for name in lacking]
        raise DeclarationError(
            f"The index '{index.id}' of {area.id} uses {', '.join(shown)}. Add {area.id} to areas in "
            "declared/indicators.toml, or give the area another index."
        )
    titles = {column.id: column.title for file in there for column in file.columns}
    components = [kept for c in index.components if (kept := _without(c, elsewhere)) is not None]
    if not components:
        raise DeclarationError(
            f"The index '{index.id}' has no indicator that {area.id} has. Give {area.id} another index in "
            "declared/areas.toml."
        )
    absent = [
        Absent(title=titles[i.column], component=c.name, weight=i.weight, why="not in a fictional area")
        for c in index.components
        for i in c.indicators
        if i.column in elsewhere
    ]
    fitted = index.fitted_to
    if fitted is not None and fitted.weights is not None and not index.weights_changed:
        fitted = fitted.model_copy(update={"weights": hash_weights(components)})
    update = {"components": tuple(components), "absent": (*index.absent, *absent), "fitted_to": fitted}
    changed = index.model_copy(update=update)
    return changed, tuple(f"without {titles[name]}: {area.id} is fictional and has no such data" for name in lacking)


def _without(component: Component, names: Collection[str]) -> Component | None:
    kept = tuple(indicator for indicator in component.indicators if indicator.column not in names)
    return component.model_copy(update={"indicators": kept}) if kept else None


def with_indicator_layers(look: Look, files: Iterable[IndicatorFile]) -> Look:
    """``look`` with a layer for each indicator that has none; a layer of ``indicators:*`` covers them all.

    Raises:
        DeclarationError: an indicator names a palette that does not exist.
    """
    drawn = {layer.column for layer in look.layers}
    if "indicators:*" in drawn:
        return look
    added = [_layer(c, look) for file in files for c in file.columns if c.id not in drawn]
    after = [n for n, layer in enumerate(look.layers, 1) if layer.group in ("components", "indicators")]
    place = after[-1] if after else len(look.layers)
    layers = [*look.layers[:place], *added, *look.layers[place:]]
    return Look(look.palettes, layers, look.street_map)


def _layer(column: IndicatorColumn, look: Look) -> Layer:
    if column.palette not in look.palettes:
        raise DeclarationError(
            f"declared/indicators.toml: {column.id}.palette names '{column.palette}', which is no palette of "
            f"declared/layers.toml.{did_you_mean(column.palette, look.palettes)} These are: {', '.join(look.palettes)}."
        )
    is_share, in_tenths = column.quantity == "share", column.quantity == "decile"
    return Layer(
        id=column.id,
        column=column.id,
        title=column.title,
        sentence=column.meaning if column.meaning.endswith(".") else f"{column.meaning}.",
        group="indicators",
        unit=f"% of {column.of}" if is_share else column.unit,
        palette=column.palette,
        classes="decile" if in_tenths else "quantiles",
        class_count=5,
        worse=column.worse,
        percent=is_share,
        may_be_empty=True,
    )
