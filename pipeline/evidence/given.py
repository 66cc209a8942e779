"""Values of outcomes: of tidy tables and of an analyst's files, as numbers, and as what was measured."""

import pandas as pd

from pipeline.catalogue import DeclaredOutcome
from pipeline.errors import EvidenceError, first
from pipeline.evidence.area_outcome import GivenAreas, error_of_limits
from pipeline.evidence.outcome import GivenOutcome, find_codes
from pipeline.evidence.units import unit_of
from pipeline.reading import Layout, NumberForm, Sheet, plain, read_numbers
from pipeline.reading.codes import OF_OTHER_NATIONS, list_wrong_codes


def observe(cells: pd.Series, declared: DeclaredOutcome) -> pd.Series:
    """What was measured as numbers: of a group, 1 in it and 0 outside; NaN where there is no value.

    Args:
        cells: as a tidy table or a file has them.
    """
    if declared.measure != "group":
        return cells.astype("float64")
    texts = cells.map(plain)
    return texts.isin(list(map(str, declared.groups))).astype("float64").where(texts != "")


def observe_areas(frame: pd.DataFrame, declared: DeclaredOutcome, key: str) -> GivenAreas:
    """The values of larger areas, whose codes or names are in the column ``key``, and their errors.

    Raises:
        EvidenceError: the limits of a survey are not around its values.
    """
    units = pd.Index(frame[key].map(unit_of), name="unit")
    values = frame[declared.column].astype("float64").set_axis(units)
    if declared.low_column is None or declared.high_column is None:
        return GivenAreas(values)
    low, high = (
        frame[column].astype("float64").set_axis(units) for column in (declared.low_column, declared.high_column)
    )
    odd = units[(low > values) | (values > high) | (values.notna() & high.isna())]
    if len(odd):
        raise EvidenceError(
            f"{declared.id}: {len(odd):,} area(s) have no upper limit, one below the value, or a lower limit above it: "
            f"{first(odd, 5)}. Give the limits around each value; only a lower one may be left out."
        )
    return GivenAreas(values, error_of_limits(values, low, high))


def read_lsoa_file(sheet: Sheet, declared: DeclaredOutcome, layout: Layout) -> GivenOutcome:
    """The values of LSOAs from an analyst's file, which may be numbers or, of a group, names.

    Raises:
        RawFileError: a header is missing or appears twice, or a value is not a number.
        EvidenceError: there is no column of codes, or more than one; or a row has no code, by number.
    """
    codes = find_codes(sheet, declared.code_column, declared.column)
    wrong = list_wrong_codes(codes, also=OF_OTHER_NATIONS.pattern)
    if wrong:
        raise EvidenceError(
            f"{sheet.name}: {len(wrong):,} row(s) have no LSOA code such as E01026804: {first(wrong)}. Correct them, "
            "and take out totals and notes."
        )
    cells, notes = sheet.column(declared.column), sheet.notes
    if declared.measure != "group":
        cells, notes = _numbers(sheet, declared.column, layout, codes)
    values = observe(cells, declared).set_axis(pd.Index(codes, dtype="str"))
    return GivenOutcome(values, notes)


def read_area_file(sheet: Sheet, declared: DeclaredOutcome, layout: Layout) -> GivenAreas:
    """The values of larger areas or practices from an analyst's file, with the limits of a survey.

    Raises:
        RawFileError: a header is missing or appears twice, or a value is not a number.
        EvidenceError: a row has a value and no area, by number.
    """
    labels = sheet.column(declared.code_column or "")
    nameless = [f"row {row}" for row, cell in labels.items() if not plain(cell)]
    if nameless:
        raise EvidenceError(
            f"{sheet.name}: {len(nameless):,} row(s) have nothing in '{declared.code_column}': {first(nameless, 5)}."
        )
    columns = [c for c in (declared.column, declared.low_column, declared.high_column) if c is not None]
    read = {column: _numbers(sheet, column, layout, labels) for column in columns}
    frame = pd.DataFrame({"unit": labels, **{column: values for column, (values, _) in read.items()}})
    given = observe_areas(frame, declared, "unit")
    notes = [note for _, said in read.values() for note in said if note not in sheet.notes]
    return GivenAreas(given.values, given.error, (*sheet.notes, *notes))


def _numbers(sheet: Sheet, column: str, layout: Layout, labels: pd.Series) -> tuple[pd.Series, tuple[str, ...]]:
    form = NumberForm(may_be_missing=True, unit="share", decimal=layout.decimal)
    numbers = read_numbers(sheet.column(column), column, sheet.name, form, labels)
    note = numbers.note(column)
    return numbers.values, (*sheet.notes, *(() if note is None else (note,)))
