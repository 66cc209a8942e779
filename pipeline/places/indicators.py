"""Indicators that an analyst adds: read from their file, checked, and matched to the LSOAs of 2021."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.catalogue import Area, Index
from pipeline.catalogue.indicators import IndicatorColumn, IndicatorFile
from pipeline.errors import DeclarationError, JoinError, MissingSourceError, RawFileError, command, first
from pipeline.places.carrying import Carried, Lookup, carry_over
from pipeline.reading import Layout, NumberForm, Sheet, plain, read_numbers, read_sheet
from pipeline.reading.codes import OF_OTHER_NATIONS, codes_in, list_wrong_codes
from pipeline.tables import Column, Table, validate
from pipeline.tables.columns import LSOA_CODE
from pipeline.tables.membership import is_among

DECLARED = "declared/indicators.toml"
FEWEST_TO_DIFFER = 10
"""LSOAs that never all have the same value."""
LOOKUP = "lsoa11_lsoa21"


@dataclass(frozen=True)
class Nation:
    """The LSOAs of a nation.

    Attributes:
        residents: ``population_total`` of each LSOA of 2021, by code.
        changes: the table ``lsoa_changes``; ``None`` where the official lookup is missing.
    """

    residents: pd.Series
    changes: pd.DataFrame | None = None


@dataclass(frozen=True)
class TidyIndicators:
    """The indicators of a file on LSOAs of 2021.

    Attributes:
        declared: the declaration of the file.
        table: their table; its key is ``lsoa21_code``.
        frame: one row for each LSOA that the file gives, by code.
        notes: what everything made from it should say.
    """

    declared: IndicatorFile
    table: Table
    frame: pd.DataFrame
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Given:
    """The numbers of a file by the codes in it, each once: a column for each indicator and each denominator."""

    values: pd.DataFrame
    denominators: pd.DataFrame
    rows: pd.Series
    notes: tuple[str, ...]


def indicator_columns(file: IndicatorFile) -> tuple[Column, ...]:
    """The columns that a declared file gives.

    Raises:
        DeclarationError: its limits are wider than its quantity allows.
    """
    return tuple(_column(file, column) for column in file.columns)


def indicator_table_of(file: IndicatorFile) -> Table:
    """The table that a declared file gives.

    Raises:
        DeclarationError: its limits are wider than its quantity allows.
    """
    columns = indicator_columns(file)
    return Table(
        file.id,
        columns[0].title if len(columns) == 1 else f"Indicators of {Path(file.file).name}",
        f"Added by an analyst. Source: {file.source}. Licence: {file.licence}.",
        (LSOA_CODE, *columns),
        key="lsoa21_code",
    )


def tidy_indicators(path: Path, file: IndicatorFile, nation: Nation) -> TidyIndicators:
    """The indicators of ``path`` on the LSOAs of a nation, as ``file`` declares them.

    Raises:
        RawFileError: the file cannot be read, lacks a column, or a code or a number cannot be used; by rows.
        DeclarationError: the codes are of another year than is declared.
        MissingSourceError: codes of 2011 need the official lookup, which is missing.
    """
    given = _read(path, file)
    _refuse_other_year(given, file, nation, path)
    columns = indicator_columns(file)
    notes = list(given.notes)
    if file.vintage == "lsoa11":
        frame, said = _carried(given, file, nation)
        notes += said
    else:
        frame = given.values.rename_axis("lsoa21_code")
    frame = frame.sort_index().reset_index()[["lsoa21_code", *(column.name for column in columns)]]
    for column in columns:
        if column.storage == "integer" and frame[column.name].notna().all():
            frame[column.name] = frame[column.name].astype("int64")
    notes.append(f"values for {len(frame):,} of {len(nation.residents):,} LSOAs")
    table = indicator_table_of(file)
    if len(frame):
        validate(frame, table, str(path))
    return TidyIndicators(file, table, frame, tuple(notes))


def refuse_gaps(indicators: TidyIndicators, area: Area, codes: Collection[str]) -> None:
    """Refuse a file that lacks LSOAs of an area that it is for, unless its indicators may be missing.

    Raises:
        JoinError: which LSOAs it lacks.
    """
    needed = [column.id for column in indicators.declared.columns if column.missing == "refused"]
    lacking = sorted(set(codes) - set(indicators.frame["lsoa21_code"]))
    if needed and lacking:
        raise JoinError(
            f"{indicators.declared.file}: {len(lacking):,} of the {len(codes):,} LSOAs of {area.id} have no "
            f"{first(needed, 5)}: {first(lacking)}\n"
            f'  Complete the file, or set missing = "allowed" in {DECLARED}; with areas = [...] the file is for some '
            "only."
        )


def refuse_partial(index: Index, area: Area, indicators: Iterable[TidyIndicators], codes: Collection[str]) -> None:
    """Refuse to compare with a nation an indicator whose file does not cover it.

    Args:
        index: the index of ``area``.
        area: its ``reference`` says what it is compared with.
        indicators: those that are for the area.
        codes: all LSOAs of the nation.

    Raises:
        DeclarationError: which indicators, and what to do about it.
    """
    partial = partial_columns(indicators, codes)
    used = [f"'{name}' (it has {partial[name]:,})" for name in index.columns if name in partial]
    if used and area.reference != "area":
        raise DeclarationError(
            f"The index '{index.id}' compares {area.id} with all {len(codes):,} LSOAs of England, and uses "
            f"{', '.join(used)}. Use a file that covers England or an index without it, or set "
            f'reference = "area" for {area.id} in declared/areas.toml, which compares within the area. The map also '
            "shows indicators that no index uses."
        )


def partial_columns(indicators: Iterable[TidyIndicators], codes: Collection[str]) -> dict[str, int]:
    """The indicators whose file does not have all LSOAs of a nation, with how many of them it has."""
    partial: dict[str, int] = {}
    for item in indicators:
        count = int(is_among(item.frame["lsoa21_code"], list(codes)).sum())
        if count < len(codes):
            partial |= {column.id: count for column in item.declared.columns}
    return partial


def _column(file: IndicatorFile, declared: IndicatorColumn) -> Column:
    column = Column(
        declared.id,
        declared.quantity,
        "indicators",
        declared.title,
        declared.meaning,
        unit=declared.unit,
        source=file.id,
        of=declared.of,
        nullable=declared.missing == "allowed",
        minimum=declared.minimum,
        maximum=declared.maximum,
    )
    nature = column.nature
    wider = (nature.minimum is not None and (column.minimum or 0) < nature.minimum) or (
        nature.maximum is not None and (column.maximum or 0) > nature.maximum
    )
    if wider and declared.quantity in ("share", "decile"):
        raise DeclarationError(
            f"{DECLARED}: {declared.id}: a {declared.quantity} lies between {nature.minimum:g} and {nature.maximum:g}; "
            f"minimum and maximum may only narrow that."
        )
    return column


def _read(path: Path, file: IndicatorFile) -> _Given:
    if not path.is_file():
        raise MissingSourceError(
            f"{DECLARED}: {file.id}.file '{file.file}' is missing. Put it there, correct its name, or remove the table "
            "from the file."
        )
    denominators = {c.id: c.denominator_column for c in file.columns if c.denominator_column is not None}
    wanted = [file.code_column, *(column.value_column for column in file.columns), *denominators.values()]
    layout = Layout(file.sheet, file.header_row, decimal=file.decimal)
    try:
        sheet = read_sheet(path, tuple(dict.fromkeys(wanted)), layout, everything=False)
    except RawFileError as error:
        raise RawFileError(f"{error} (See {DECLARED}, {file.id}.)") from error
    codes = codes_in(sheet.column(file.code_column)).str.upper()
    here = ~codes.str.fullmatch(OF_OTHER_NATIONS.pattern)
    _refuse_codes(codes[here], path)
    values, notes = {}, list(sheet.notes)
    for declared, column in zip(file.columns, indicator_columns(file), strict=True):
        values[column.name], said = _values(sheet, here, declared, column, layout)
        notes += said
    people = {name: _denominators(sheet, here, header, layout) for name, header in denominators.items()}
    if not here.all():
        notes.append(f"{int((~here).sum()):,} rows of other nations left out")
    index = pd.Index(codes[here], dtype="str")
    return _Given(
        pd.DataFrame(values).set_axis(index),
        pd.DataFrame(people, index=codes.index[here]).set_axis(index),
        pd.Series(codes.index[here], index=index),
        tuple(notes),
    )


def _refuse_codes(codes: pd.Series, path: Path) -> None:
    wrong = list_wrong_codes(codes)
    if wrong:
        raise RawFileError(
            f"{path}: {len(wrong):,} row(s) have no LSOA code such as E01026804: {first(wrong)}. Correct "
            "them, and take out totals and notes."
        )
    twice = codes[codes.duplicated(keep=False)]
    if len(twice):
        shown = [f"{code} in rows {first(at.index)}" for code, at in twice.groupby(twice)]
        raise RawFileError(
            f"{path}: {len(shown):,} LSOA(s) appear more than once: {first(shown)}. Keep one row of each."
        )
    if codes.empty:
        raise RawFileError(f"{path}: no row has the code of an English LSOA, such as E01026804.")


def _values(
    sheet: Sheet, here: "pd.Series[bool]", declared: IndicatorColumn, column: Column, layout: Layout
) -> tuple[pd.Series, list[str]]:
    """The numbers of one indicator in the unit of its column, missing where they may be, and a note on these."""
    is_percent, is_share = declared.written_as == "percent", column.quantity == "share"
    form = NumberForm(
        may_be_missing=declared.missing == "allowed",
        unit="percent" if is_percent else "share" if is_share else "",
        decimal=layout.decimal,
    )
    cells = sheet.column(declared.value_column)[here]
    try:
        numbers = read_numbers(cells, declared.value_column, sheet.name, form)
    except RawFileError as error:
        if form.may_be_missing or "not given" not in str(error):
            raise
        raise RawFileError(f'{error} Or set missing = "allowed" for {declared.id} in {DECLARED}.') from error
    values = numbers.values / 100 if is_percent else numbers.values
    faults = []
    if column.storage == "integer":
        faults.append((values % 1 > 0, "are not whole numbers", f"A {column.quantity} is one; choose another quantity"))
    above = 'Are they percentages? Set written_as = "percent"' if is_share and not is_percent else ""
    if column.minimum is not None:
        faults.append((values < column.minimum, f"are below {column.minimum:g}", "Correct them"))
    if column.maximum is not None:
        faults.append((values > column.maximum, f"are above {column.maximum:g}", above or "Correct them"))
    for wrong, what, remedy in faults:
        if wrong.any():
            shown = [f"row {row}: '{plain(cells[row])}'" for row in values.index[wrong]]
            where = f"{sheet.name}: {declared.value_column}"
            raise RawFileError(f"{where}: {len(shown):,} value(s) {what}: {first(shown)}. {remedy}.")
    notes = [note for note in [numbers.note(declared.id)] if note is not None]
    if is_percent and is_share and len(values.dropna()) and numbers.values.max() <= 1:
        notes.append(
            f"{declared.id}: no value is above 1 percent. Are they shares from 0 to 1? Then take out written_as = "
            '"percent"'
        )
    told = values.dropna()
    if len(told) >= FEWEST_TO_DIFFER and told.min() == told.max():
        notes.append(
            f"{declared.id}: each of the {len(told):,} values is {told.iloc[0]:g}. Was one written over the others?"
        )
    return values, notes


def _denominators(sheet: Sheet, here: "pd.Series[bool]", header: str, layout: Layout) -> pd.Series:
    cells = sheet.column(header)[here]
    values = read_numbers(cells, header, sheet.name, NumberForm(decimal=layout.decimal)).values
    wrong = [f"row {row}: '{plain(cells[row])}'" for row in values.index[~(values >= 0)]]
    if wrong:
        raise RawFileError(
            f"{sheet.name}: {header}: a denominator should be a number of 0 or more; it is not in {first(wrong)}. "
            "Correct it."
        )
    if len(values) and not (values > 0).any():
        raise RawFileError(
            f"{sheet.name}: {header}: every denominator is 0, so that nothing can be weighted by it. Is it the right "
            "column?"
        )
    return values


def _refuse_other_year(given: _Given, file: IndicatorFile, nation: Nation, path: Path) -> None:
    codes = given.values.index
    current = nation.residents.index
    former = pd.Index([]) if nation.changes is None else pd.Index(nation.changes["lsoa11_code"]).unique()
    if file.vintage == "lsoa11" and nation.changes is None:
        raise MissingSourceError(
            f"{DECLARED}: {file.id} has codes of 2011, and the lookup to those of 2021 ({LOOKUP}) is not in data/raw. "
            f"Fetch it with: {command('data', '<area>')}"
        )
    declared, other = (current, former) if file.vintage == "lsoa21" else (former, current)
    unknown = codes[~is_among(codes, declared)]
    elsewhen = unknown[is_among(unknown, other)]
    if len(elsewhen):
        year, meant = ("2011", "lsoa11") if file.vintage == "lsoa21" else ("2021", "lsoa21")
        raise DeclarationError(
            f"{path}: {len(elsewhen):,} code(s) are LSOAs of {year} only: {first(elsewhen)}. If all its codes are of "
            f'{year}, set vintage = "{meant}" for {file.id} in {DECLARED}.'
        )
    if len(unknown):
        shown = [f"row {given.rows[code]}: {code}" for code in unknown]
        raise RawFileError(
            f"{path}: {len(shown):,} code(s) are not LSOAs of this nation: {first(shown)}. Correct or remove them."
        )


def _carried(given: _Given, file: IndicatorFile, nation: Nation) -> tuple[pd.DataFrame, list[str]]:
    """Values of LSOAs of 2011 carried over to those of 2021, and notes on what was done."""
    lookup = Lookup.of(pd.DataFrame(nation.changes), nation.residents)
    carried: dict[str, Carried] = {}
    for declared, column in zip(file.columns, indicator_columns(file), strict=True):
        carried[declared.id] = carry_over(
            given.values[declared.id],
            lookup,
            "sum" if declared.is_summed else "mean",
            given.denominators.get(declared.id),
            in_whole_numbers=column.storage == "integer",
        )
    one = next(iter(carried.values()))
    counts = ", ".join(f"{count:,} {word}" for word, count in one.changes.items() if count)
    notes = [f"LSOAs of 2011 carried over to those of 2021 by the official lookup: {counts}"]
    unweighted = [c.id for c in file.columns if not c.is_summed and c.denominator_column is None]
    if unweighted and (one.changes["merged"] or one.changes["irregular"]):
        notes.append(f"{first(unweighted, 5)}: merged LSOAs count equally, as no denominator_column is declared")
    if one.best_fit:
        notes.append(f"best fit only, as their borders changed irregularly: {first(one.best_fit)}")
    if one.lost:
        notes.append(f"no value, as part of what they were made from is not in the file: {first(one.lost)}")
    return pd.DataFrame({name: item.values for name, item in carried.items()}), notes
