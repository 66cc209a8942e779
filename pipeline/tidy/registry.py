"""The readers of official sources, each registered beside its table by the module that holds both.

A module of this package registers its reader under the name that ``reads`` has in ``declared/sources.toml``::

    @reader("rurality", RURALITY)
    def tidy_rurality(path: Path) -> pd.DataFrame: ...

Every module here is picked up automatically: a new source is one module and one entry in ``sources.toml``.
"""

import importlib
import pkgutil
import zipfile
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Literal, NamedTuple, TypeVar

import pandas as pd

from pipeline import raw
from pipeline.catalogue import Source
from pipeline.errors import DeclarationError, RawFileError, first
from pipeline.reading.records import TABLE_SUFFIXES, content_of, kind_of
from pipeline.tables import Column, Table, joined_table
from pipeline.tidy.plausible import refuse_implausible

Scope = Literal["joined", "boundaries", "located", "placed", "lookup", "membership", "validation"]
"""What a source is for.

``joined``: columns by LSOA code. ``boundaries``: the polygons themselves. ``located``: read with the boundaries of an
area (postcodes, towns). ``placed``: read with its support places. ``lookup``: how codes changed. ``membership``: who
belongs to larger areas. ``validation``: an outcome to compare scores with, never an input to one.
"""


class Noted(NamedTuple):
    """A tidy frame, and notes for everything made from it."""

    frame: pd.DataFrame
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tidied:
    """A source in the form of its table, sorted and checked, with notes for the record of everything made from it.

    ``rows_together`` is the number of rows to store in one group, so that part of the table can be read alone;
    ``None``: all.
    """

    table: Table
    frame: pd.DataFrame
    notes: tuple[str, ...] = ()
    rows_together: int | None = None


OfPath = Callable[[Path], pd.DataFrame | Noted]
OfMember = Callable[[BinaryIO, str], pd.DataFrame | Noted]
PathReader = TypeVar("PathReader", bound=OfPath)
MemberReader = TypeVar("MemberReader", bound=OfMember)


@dataclass(frozen=True)
class Reader:
    """How a kind of raw file is read: ``read`` takes the declared source and its file.

    Attributes:
        reads: the name in ``declared/sources.toml``.
        table: the table that it gives.
        scope: what the table is for.
        module: the full name of the module that registered it.
        notes_release: whether everything made from the source should state its release.
        rows_together: as in :class:`Tidied`.
        area_table: the table of an area that is made from it, where that is another.
    """

    reads: str
    table: Table
    scope: Scope
    module: str
    read: Callable[[Source, Path], pd.DataFrame | Noted]
    notes_release: bool = False
    rows_together: int | None = None
    area_table: Table | None = None


@dataclass(frozen=True)
class Derived:
    """A column that is worked out from joined ones: ``work_out`` takes the joined frame.

    Row by row, or, ``over_nation``, from the columns of all LSOAs of the nation.
    """

    column: Column
    work_out: Callable[[pd.DataFrame], pd.Series]
    over_nation: bool = False


_readers: dict[str, Reader] = {}
_derived: dict[str, Derived] = {}


def reader(
    reads: str,
    table: Table,
    scope: Scope = "joined",
    *,
    notes_release: bool = False,
    rows_together: int | None = None,
    area_table: Table | None = None,
) -> Callable[[PathReader], PathReader]:
    """Registers a function of the path of a raw file as the reader named ``reads`` in ``declared/sources.toml``."""

    def register(function: PathReader) -> PathReader:
        def read(_: Source, path: Path) -> pd.DataFrame | Noted:
            return function(path)

        _register(Reader(reads, table, scope, function.__module__, read, notes_release, rows_together, area_table))
        return function

    return register


def member_reader(
    reads: str, table: Table, scope: Scope = "joined", *, notes_release: bool = False
) -> Callable[[MemberReader], MemberReader]:
    """Registers a function of an opened member of an archive and its name for errors (the source names the member)."""

    def register(function: MemberReader) -> MemberReader:
        def read(source: Source, path: Path) -> pd.DataFrame | Noted:
            if source.member is None:
                raise DeclarationError(
                    f"declared/sources.toml: {source.id} lacks the key member: the file to read inside its archive."
                )
            member = _member_in(path, source.member)
            if member is None:
                with path.open("rb") as file:
                    return function(file, str(path))
            with raw.open_member(path, member) as file:
                return function(file, f"{path}!{member}")

        _register(Reader(reads, table, scope, function.__module__, read, notes_release))
        return function

    return register


def _member_in(path: Path, declared: str) -> str | None:
    """The member of an archive that is declared, whatever folder it is in, or its only table; ``None``: no archive.

    Raises:
        RawFileError: the file cannot be read, or is a damaged archive.
    """
    if kind_of(content_of(path), str(path)) != "zip":
        return None
    with zipfile.ZipFile(path) as archive:
        inside = archive.namelist()
    twice = sorted({name for name in inside if inside.count(name) > 1}) if len(inside) < 1_000 else []
    if twice:
        raise RawFileError(
            f"{path}: {first(twice)} is in the archive more than once. Which is meant? Fetch it again, or take out the "
            "others."
        )
    if declared in inside or "!" in declared:
        return declared
    fitting = [name for name in inside if PurePosixPath(name).name.casefold() == declared.casefold()]
    tables = fitting or [name for name in inside if PurePosixPath(name).suffix.lower() in TABLE_SUFFIXES]
    return tables[0] if len(tables) == 1 else declared


def derived(
    column: Column, *, over_nation: bool = False
) -> Callable[[Callable[[pd.DataFrame], pd.Series]], Callable[[pd.DataFrame], pd.Series]]:
    """Registers a function that works out a column from the joined columns, row by row or over the nation."""

    def register(function: Callable[[pd.DataFrame], pd.Series]) -> Callable[[pd.DataFrame], pd.Series]:
        _derived[column.name] = Derived(column, function, over_nation)
        return function

    return register


def _register(new: Reader) -> None:
    there = _readers.get(new.reads)
    if there is not None and there.module != new.module:
        raise ValueError(f"'{new.reads}' has two readers, in {there.module} and in {new.module}.")
    _readers[new.reads] = new


@cache
def _discover() -> None:
    """Import every module of this room once, so that its readers are registered."""
    package = importlib.import_module(__package__ or "pipeline.tidy")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")


def readers() -> Mapping[str, Reader]:
    """All readers by the name that ``reads`` gives them."""
    _discover()
    return dict(_readers)


def reader_of(source: Source) -> Reader:
    """The reader of a declared source.

    Raises:
        DeclarationError: no reader of that name is registered; the message lists those that are.
    """
    there = readers()
    if source.reads not in there:
        raise DeclarationError(
            f"declared/sources.toml: {source.id}.reads '{source.reads}' is nothing that can be read. "
            f"Expected one of: {first(sorted(there), len(there))}."
        )
    return there[source.reads]


def tidy_source(source: Source, path: Path) -> Tidied:
    """The raw file of a source as its table.

    Raises:
        DeclarationError: there is no reader for it.
        RawFileError: the file does not have the layout or the values that its publisher documents, or its values
            contradict each other.
        SchemaError: the frame does not match its table.
    """
    by = reader_of(source)
    result = by.read(source, path)
    noted = result if isinstance(result, Noted) else Noted(result)
    refuse_implausible(source.reads, noted.frame, by.table, f"{path}!{source.member}" if source.member else str(path))
    notes = (*noted.notes, *([source.release] if by.notes_release else []))
    return Tidied(by.table, noted.frame, notes, by.rows_together)


def source_tables(sources: Iterable[Source]) -> tuple[Table, ...]:
    """The tables that declared sources give, each once, in the order of the sources."""
    tables = (table for by in map(reader_of, sources) for table in (by.table, by.area_table) if table is not None)
    return tuple({table.name: table for table in tables}.values())


def joined_sources_table(sources: Iterable[Source], indicators: Iterable[Column] = ()) -> Table:
    """The table ``joined`` for the ``sources`` that are joined by LSOA, and for indicators that an analyst adds.

    Raises:
        SchemaError: two of them have different columns of one name.
    """
    joined = [by.table for by in map(reader_of, sources) if by.scope == "joined"]
    there = {column.name for table in joined for column in table.joined_columns}
    worked_out = [column for column in derived_columns() if set(column.derived_from) <= there]
    return joined_table(joined, (*worked_out, *indicators))


def source_columns() -> Mapping[str, Column]:
    """Every column that a reader gives by LSOA, and those that are worked out from them, by name."""
    tables = (by.table for by in readers().values() if by.scope == "joined")
    columns = (*(column for table in tables for column in table.joined_columns), *derived_columns())
    return {column.name: column for column in columns}


def derived_columns() -> tuple[Column, ...]:
    """The columns that are worked out when the sources are joined."""
    _discover()
    return tuple(item.column for item in _derived.values())


def add_derived(joined: pd.DataFrame, tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """``joined`` with every derived column that its columns allow.

    Args:
        joined: the areas, with ``lsoa21_code``.
        tables: tables of all LSOAs of the nation, with ``lsoa21_code``: what a wider neighbourhood is like cannot be
            told from the areas alone.
    """
    _discover()
    there = set(joined.columns)
    possible = {n: d for n, d in _derived.items() if set(d.column.derived_from) <= there}
    needed = {name for d in possible.values() if d.over_nation for name in d.column.derived_from}
    nation = _columns_of(tables, needed)
    columns = {
        name: joined["lsoa21_code"].map(item.work_out(nation)) if item.over_nation else item.work_out(joined)
        for name, item in possible.items()
    }
    return joined.assign(**columns)


def _columns_of(tables: Iterable[pd.DataFrame], names: Collection[str]) -> pd.DataFrame:
    """The columns ``names`` by LSOA, each from the first of ``tables`` that has it."""
    parts: dict[str, pd.Series] = {}
    for table in tables:
        wanted = [name for name in names if name in table.columns and name not in parts]
        if wanted:
            by_code = table.set_index("lsoa21_code")
            parts |= {name: by_code[name] for name in wanted}
    return pd.DataFrame(parts)
