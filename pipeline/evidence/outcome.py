"""An outcome by LSOA of 2011 or of 2021, matched to the LSOAs of 2021 without guessing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from pipeline.errors import EvidenceError, first
from pipeline.reading import Layout, NumberForm, Sheet, find_recognised, plain, read_numbers
from pipeline.reading.codes import LSOA, OF_OTHER_NATIONS, codes_in, list_wrong_codes
from pipeline.tables import is_among

Vintage = Literal["2011", "2021"]
Measure = Literal["value", "ordered", "group", "survey"]
"""As in :data:`pipeline.catalogue.outcomes.OutcomeMeasure`."""

NEARLY_CODES = r".*[A-Z]{1,2}[0-9OIL]{5,9}.*"
NO_VALUE = "have no value"
CHANGED = "are LSOAs of 2011 that were split, merged or redrawn by 2021"
UNKNOWN = "are not LSOAs of this nation"
PAPER_FIRST = "were sent paper first, or are not known to have been sent an access code"


@dataclass(frozen=True)
class Outcome:
    """Something that was observed in neighbourhoods.

    Attributes:
        name: its name in reports.
        values: as given, one for each LSOA of 2021 that has one, indexed by ``lsoa21_code``.
        higher_is_better: whether a high value is good.
        vintage: the year of its codes.
        rows: the number of areas it was given for.
        left_out: the number of those that could not be used, by reason.
        measure: a number, the number of an ordered group, or whether an area is in a group (1 or 0).
        title: its name in words; empty for one that is not declared.
    """

    name: str
    values: pd.Series
    higher_is_better: bool
    vintage: Vintage
    rows: int
    left_out: Mapping[str, int]
    measure: Measure = "value"
    title: str = ""

    @property
    def harm(self) -> pd.Series:
        """The values turned so that higher is worse, as risk scores are."""
        return -self.values if self.higher_is_better else self.values

    def scores_of(self, scores: pd.DataFrame) -> pd.DataFrame:
        """The rows of ``scores`` (of all LSOAs of the nation, by code) that have the outcome, in its order."""
        return scores.loc[self.values.index]

    def __str__(self) -> str:
        lost = "; ".join(f"{count:,} {reason}" for reason, count in self.left_out.items() if count)
        return (
            f"{self.name}: {self.rows:,} areas by LSOA {self.vintage} code, {len(self.values):,} of them used"
            f"{f' ({lost})' if lost else ''}; {'higher is better' if self.higher_is_better else 'higher is worse'}"
        )


@dataclass(frozen=True)
class GivenOutcome:
    """The values of an outcome by LSOA code, NaN where there is none, and notes on how its file was read."""

    values: pd.Series
    notes: tuple[str, ...]


def read_outcome_file(sheet: Sheet, column: str, code_column: str | None, layout: Layout) -> GivenOutcome:
    """The values under the header ``column`` of a sheet, by the codes in ``code_column`` or in the only such column.

    Raises:
        RawFileError: a header is missing or appears twice, or a value is not a number.
        EvidenceError: there is no column of codes, or more than one; or a row has no code, by number.
    """
    cells = sheet.column(column)
    codes = find_codes(sheet, code_column, column)
    wrong = list_wrong_codes(codes, also=OF_OTHER_NATIONS.pattern)
    if wrong:
        raise EvidenceError(
            f"{sheet.name}: {len(wrong):,} row(s) have no LSOA code such as E01026804: {first(wrong)}. Correct them, "
            "and take out totals and notes."
        )
    form = NumberForm(may_be_missing=True, unit="share", decimal=layout.decimal)
    numbers = read_numbers(cells, column, sheet.name, form, codes)
    note = numbers.note(column)
    values = numbers.values.set_axis(pd.Index(codes, dtype="str"))
    return GivenOutcome(values, (*sheet.notes, *(() if note is None else (note,))))


def find_codes(sheet: Sheet, asked: str | None, other_than: str) -> pd.Series:
    """The LSOA codes of a sheet by row: of the column ``asked`` for, or of the only one that holds them.

    Where several hold codes, the one whose header is usual for LSOAs of 2021.

    Raises:
        RawFileError: the column asked for is missing or appears twice.
        EvidenceError: no column holds codes, or it is not clear which is meant.
    """
    if asked is not None:
        return codes_in(sheet.column(asked)).str.upper()
    fitting = {}
    for place, cells in sheet.cells.items():
        if sheet.headers[place] == other_than or not len(cells):
            continue
        codes = codes_in(cells.map(plain)).str.upper()
        if codes.str.fullmatch(LSOA.pattern).mean() > 0.5:
            fitting[place] = codes
    if len(fitting) > 1:
        usual = find_recognised([sheet.headers[place] for place in fitting], "code")
        named = [place for place in fitting if sheet.headers[place] == usual]
        fitting = {place: fitting[place] for place in named} if len(named) == 1 else fitting
    if not fitting:
        raise EvidenceError(f"{sheet.name}: {_no_codes(sheet, other_than)}")
    if len(fitting) != 1:
        listed = ", ".join(sheet.headers[place] for place in fitting)
        raise EvidenceError(
            f"{sheet.name}: expected one column of LSOA codes such as E01026804; found {listed}. Name it "
            f"with --code-column. Columns found: {first([header for header in sheet.headers if header])}"
        )
    return next(iter(fitting.values()))


def _no_codes(sheet: Sheet, other_than: str) -> str:
    """Why no column of a sheet holds LSOA codes, and what to do."""
    listed = first([header for header in sheet.headers if header])
    columns = {sheet.headers[place]: codes_in(cells.map(plain)).str.upper() for place, cells in sheet.cells.items()}
    asked = columns.get(other_than)
    if asked is not None and asked.str.fullmatch(LSOA.pattern).mean() > 0.5:
        return (
            f"the column '{other_than}' holds the LSOA codes. Name the column with the values (--column). Columns "
            f"found: {listed}"
        )
    usual = find_recognised(list(columns), "code") or max(
        columns, key=lambda header: columns[header].str.fullmatch(NEARLY_CODES).mean(), default=None
    )
    shown = ""
    if usual is not None and usual != other_than:
        shown = f" '{usual}' has {first(list_wrong_codes(columns[usual]), 3)}."
    return (
        f"expected a column of LSOA codes such as E01026804; found none.{shown} Give the codes of LSOAs, or name their "
        f"column with --code-column. Columns found: {listed}"
    )


def match_outcome(
    values: pd.Series,
    nation: pd.Index,
    changes: pd.DataFrame | None,
    *,
    higher_is_better: bool,
    name: str,
    vintage: Vintage | None = None,
) -> Outcome:
    """Match ``values`` (indexed by LSOA code of either year) to the LSOAs of 2021.

    The year is recognised by the codes that only one year has. A code that both years have can mean two areas, so only
    those LSOAs of 2011 are used that did not change (CHGIND U).

    Args:
        values: numbers, NaN where there is none.
        nation: the codes of all LSOAs of 2021 of the nation.
        changes: ``lsoa11_code, lsoa21_code, change``; if left out, codes of 2011 are refused.
        higher_is_better: whether a high value is good.
        name: the name of the outcome in reports and errors.
        vintage: the year of the codes, where it is declared.

    Raises:
        EvidenceError: a code appears twice, codes of both years are mixed or are of another year than is declared,
            nothing is left, or all values are equal.
    """
    twice = values.index[values.index.duplicated()]
    if len(twice):
        raise EvidenceError(f"{name}: {len(twice):,} LSOA(s) appear more than once: {first(sorted(set(twice)))}")
    vintage = _of_year(values.index, changes, name, vintage)
    unchanged = nation
    if vintage == "2011" and changes is not None:
        unchanged = pd.Index(changes.loc[changes["change"] == "U", "lsoa21_code"]).intersection(nation)
    of_nation = is_among(values.index, unchanged)
    changed = is_among(values.index, _former(changes)) & ~of_nation
    present = values.notna().to_numpy()
    kept = values[of_nation & present].sort_index().astype("float64")
    if len(kept) == 0 and of_nation.any():
        raise EvidenceError(
            f"{name}: none of its {int(of_nation.sum()):,} LSOAs of this nation has a value: all are empty, or marked "
            "as not given."
        )
    if len(kept) == 0:
        raise EvidenceError(
            f"{name}: none of its {len(values):,} areas is an LSOA of this nation with a value. "
            f"Codes found: {first(values.index, 5)}"
        )
    if kept.min() == kept.max():
        raise EvidenceError(f"{name}: all {len(kept):,} areas have the same value, {kept.iloc[0]:g}.")
    left_out = {
        NO_VALUE: int((of_nation & ~present).sum()),
        CHANGED: int(changed.sum()),
        UNKNOWN: int((~of_nation & ~changed).sum()),
    }
    kept.index.name = "lsoa21_code"
    return Outcome(name, kept, higher_is_better, vintage, len(values), left_out)


def _of_year(codes: pd.Index, changes: pd.DataFrame | None, name: str, declared: Vintage | None) -> Vintage:
    recognised = recognise_vintage(codes, changes, name)
    if declared is None or changes is None or declared == recognised:
        return recognised
    new = is_among(codes, changes["lsoa21_code"]) & ~is_among(codes, changes["lsoa11_code"])
    if declared == "2011" and not new.any():
        # All its codes are of both years, so that they do not tell.
        return declared
    raise EvidenceError(
        f"{name}: its codes are those of LSOAs of {recognised}, and its level is declared to be of {declared}. Correct "
        "level, or give the table of that year."
    )


def recognise_vintage(codes: pd.Index, changes: pd.DataFrame | None, name: str) -> Vintage:
    """The year of LSOA codes, by those that only one year has; without ``changes``, 2021.

    Raises:
        EvidenceError: codes of both years are mixed.
    """
    if changes is None:
        return "2021"
    new, old = is_among(codes, changes["lsoa21_code"]), is_among(codes, changes["lsoa11_code"])
    only_new, only_old = codes[new & ~old], codes[old & ~new]
    if len(only_new) and len(only_old):
        raise EvidenceError(
            f"{name}: it mixes LSOAs of two years: {len(only_old):,} code(s) of 2011 that no longer exist "
            f"({first(only_old, 5)}) and {len(only_new):,} of 2021 that did not exist before ({first(only_new, 5)})."
        )
    return "2011" if len(only_old) else "2021"


def _former(changes: pd.DataFrame | None) -> pd.Index:
    return pd.Index([]) if changes is None else pd.Index(changes.loc[changes["change"] != "U", "lsoa11_code"])


def only_where(outcome: Outcome, kept: pd.Index, reason: str) -> Outcome:
    """``outcome`` in the LSOAs of 2021 that are ``kept``; the others are counted as left out for ``reason``.

    Raises:
        EvidenceError: no two values are left that differ.
    """
    inside = is_among(outcome.values.index, kept)
    values = outcome.values[inside]
    if len(values) == 0 or values.min() == values.max():
        raise EvidenceError(f"{outcome.name}: {len(values):,} areas are left that do not {reason}, too few to compare.")
    return replace(outcome, values=values, left_out={**outcome.left_out, reason: int((~inside).sum())})
