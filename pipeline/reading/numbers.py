"""Numbers as publishers and analysts write them: read, marked as not given, or refused by row."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.errors import RawFileError, first
from pipeline.reading.sheets import plain

NOT_GIVEN = frozenset(
    {
        *("-", "--", "–", "—", ".", "..", "...", ":", "*", "**", "~", "c", "x", "z", "u", "n/a", "na", "n.a.", "nan"),
        *(
            "null",
            "none",
            "(null)",
            "no data",
            "not available",
            "not applicable",
            "missing",
            "suppressed",
            "#n/a",
            "#n/a n/a",
            "#null!",
            "#div/0!",
            "<na>",
            "(c)",
            "(x)",
        ),
        *(f"[{mark}]" for mark in ("c", "x", "z", "u", "w", "e", "low", "na", "n/a", "*", "-", "..", ":")),
    }
)
"""In lower case, the marks of publishers for a value that is not given: confidential, not available, not applicable."""
FEWER_THAN = re.compile(r"[<≤]\s?=?\s?[0-9]{1,3}")
"""A small number that was withheld, such as ``<5``."""

_DIGITS = r"(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)"
NUMBER = re.compile(rf"[+-]?(?:{_DIGITS}(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{{1,3}})?")
"""A number with or without commas between thousands; no group of thousands follows a lone 0."""
_WITH_COMMA = re.compile(r"[+-]?(?:[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
_PERHAPS_A_DECIMAL_COMMA = re.compile(r"[+-]?(?:[0-9]{1,3}(?:[. ][0-9]{3})+|[0-9]+),[0-9]+")
LONGEST = 40
"""Characters: no figure that anybody publishes is longer."""
TOO_LARGE = 1e13
"""No count, sum or score of a neighbourhood, nor an identifier of twelve digits, is as large as this."""

Unit = Literal["", "cost", "share", "percent"]


@dataclass(frozen=True)
class NumberForm:
    """How the numbers of a column may be written.

    Attributes:
        may_be_missing: whether a value may be empty, or marked by its publisher as not given.
        integers: whether they are whole numbers.
        unit: of a ``cost``, a pound sign is understood; of a ``share`` or a ``percent``, a percent sign.
        decimal: what separates the decimals.
        decimal_key: the key that declares it.
    """

    may_be_missing: bool = False
    integers: bool = False
    unit: Unit = ""
    decimal: Literal[".", ","] = "."
    decimal_key: str = "decimal"


PLAIN = NumberForm()


@dataclass(frozen=True)
class Numbers:
    """The numbers of a column, missing where they are not given, and how often each mark for that was used."""

    values: pd.Series
    marks: Mapping[str, int]

    def note(self, title: str) -> str | None:
        """A line on the values that are marked as not given; ``None`` where there are none."""
        marked = {mark: count for mark, count in self.marks.items() if mark}
        if not marked:
            return None
        shown = ", ".join(f"'{mark}' {count:,}" for mark, count in list(marked.items())[:8])
        return f"{title}: {sum(marked.values()):,} value(s) marked as not given ({shown})"


def read_numbers(
    cells: pd.Series, title: str, name: str, form: NumberForm = PLAIN, labels: pd.Series | None = None
) -> Numbers:
    """The numbers in ``cells``, which are indexed by the number of the row.

    Args:
        cells: text as written, or numbers of a workbook or parquet file.
        title: the header, and ``name`` the file, for messages.
        form: how the numbers may be written.
        labels: what the rows are of, such as codes, with the same index.

    Raises:
        RawFileError: which rows do not hold a number, or hold none although they must, with the remedy.
    """
    where = _Where(name, title, labels)
    quick = in_figures(cells) if form.decimal == "." else None
    if quick is not None:
        values, marks = quick, Counter[str]()
    elif cells.dtype == object or pd.api.types.is_string_dtype(cells.dtype):
        values, marks = _of_text(cells, form, where)
    elif pd.api.types.is_bool_dtype(cells.dtype):
        raise RawFileError(f"{name}: column '{title}' should hold numbers and holds yes and no (true and false).")
    else:
        values, marks = cells.astype("float64"), Counter({"": int(cells.isna().sum())})
    infinite = values.abs() >= TOO_LARGE
    if infinite.any():
        raise RawFileError(where.refusal(cells[infinite], "infinite or too large to be a number", "Correct them"))
    if not form.may_be_missing and values.isna().any():
        raise RawFileError(where.refusal(cells[values.isna()], "not given", "Complete them, or fetch the file again"))
    if form.integers:
        broken = values.notna() & (values % 1 != 0)
        if quick is None:
            broken |= cells.map(lambda cell: isinstance(cell, str) and "e" in cell.lower()) & values.notna()
        if broken.any():
            remedy = "Was the file saved by a spreadsheet? Write whole numbers in full"
            raise RawFileError(where.refusal(cells[broken], "not whole numbers", remedy))
    return Numbers(values, marks)


@dataclass(frozen=True)
class _Where:
    name: str
    title: str
    labels: pd.Series | None

    def refusal(self, cells: pd.Series, what: str, remedy: str) -> str:
        shown = [self._row(row, cell) for row, cell in zip(cells.index, cells, strict=True)]
        return (
            f"{self.name}: column '{self.title}' should hold numbers; {len(shown):,} value(s) are {what}: "
            f"{first(shown, 5)}. {remedy}."
        )

    def _row(self, row: Any, cell: object) -> str:
        label = "" if self.labels is None else f" ({plain(self.labels.loc[row])})"
        text = plain(cell)
        return f"row {row}{label}: '{text if len(text) <= LONGEST else f'{text[:20]}… ({len(text):,} characters)'}'"


_SIMPLE = r"^-?[0-9]{1,15}(\.[0-9]{1,20})?$"


def in_figures(cells: pd.Series) -> pd.Series | None:
    """The numbers of a column in which all are written in figures alone; ``None`` for any other."""
    if cells.dtype == object:
        if not set(map(type, cells)) <= {int, float}:
            return None
        try:
            return cells.astype("float64")
        except OverflowError:
            return None
    if not pd.api.types.is_string_dtype(cells.dtype) or cells.hasnans:
        return None
    text = pa.array(cells, pa.string())
    if not pc.all(pc.match_substring_regex(text, _SIMPLE)).as_py():
        return None
    return pd.Series(pc.cast(text, pa.float64()).to_numpy(zero_copy_only=False), index=cells.index)


def _of_text(cells: pd.Series, form: NumberForm, where: _Where) -> tuple[pd.Series, Counter[str]]:
    written: dict[str, float] = {}
    marks: Counter[str] = Counter()
    with_sign: list[Any] = []
    faults: dict[str, list[Any]] = {}
    values, others = _in_figures_in_part(cells, form)
    index, given = cells.index.tolist(), cells.tolist()
    for place in others.tolist():
        row, cell = index[place], given[place]
        if isinstance(cell, str):
            if cell not in written:
                number, fault = parse_number(cell, form)
                if fault:
                    faults.setdefault(fault, []).append(row)
                    continue
                written[cell] = number
            values[place] = written[cell]
            if cell.endswith("%"):
                with_sign.append(row)
            if values[place] != values[place]:
                marks[cell.strip().casefold()] += 1
        elif isinstance(cell, bool | np.bool_) or not isinstance(cell, int | float | np.number):
            faults.setdefault("not numbers", []).append(row)
        else:
            values[place] = float(cell)
    if faults:
        fault, rows = next(iter(faults.items()))
        raise RawFileError(where.refusal(cells.loc[rows], fault, _remedy(fault, form)))
    numbers = pd.Series(values, index=cells.index)
    without = int(numbers.notna().sum()) - len(with_sign)
    if with_sign and without and form.unit == "share":
        few = with_sign if len(with_sign) <= without else numbers.dropna().index.difference(with_sign)
        what = "written with a percent sign while others have none" if few is with_sign else "without a percent sign"
        raise RawFileError(where.refusal(cells.loc[few], what, "Write all of them alike"))
    return numbers, marks


def _in_figures_in_part(cells: pd.Series, form: NumberForm) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The numbers of the cells that are written in figures alone, missing for the others; and where these are."""
    values = np.full(len(cells), np.nan)
    if form.decimal != "." or not isinstance(cells.dtype, pd.StringDtype):
        return values, np.arange(len(cells))
    text = pa.array(cells, pa.string(), from_pandas=True)
    simple = pc.fill_null(pc.match_substring_regex(text, _SIMPLE), fill_value=False)
    is_simple = simple.to_numpy(zero_copy_only=False)
    values[is_simple] = pc.cast(text.filter(simple), pa.float64()).to_numpy(zero_copy_only=False)
    return values, np.flatnonzero(~is_simple)


_DECIMAL_COMMA = "written with a comma. Is it a decimal comma?"
_REMEDIES = {
    "not numbers": "Write numbers such as 1,234 or 0.5, and take out words, units and totals",
    "percentages": "Take out the percent signs: the column is not a share",
    "sums of money": "Take out the pound signs: the column is not a cost",
    "not given": "Complete them",
}


def _remedy(fault: str, form: NumberForm) -> str:
    """What to do about a fault of a number."""
    if fault == _DECIMAL_COMMA:
        typed = " (--decimal , on the command line)" if form.decimal_key == PLAIN.decimal_key else ""
        return f'Declare {form.decimal_key} = "," for the file{typed}, or write 0.5 and 1,234'
    return _REMEDIES.get(fault, "Write numbers such as 1,234")


def parse_number(text: str, form: NumberForm = PLAIN) -> tuple[float, str]:
    """The number that a text writes, NaN where it marks a value as not given; and what is wrong with it, if anything.

    The fault completes the sentence "values are …".
    """
    written = plain(text).replace("−", "-")
    if len(written) > LONGEST:
        return math.nan, "not numbers"
    if written == "" or written.casefold() in NOT_GIVEN or FEWER_THAN.fullmatch(written):
        return math.nan, "" if form.may_be_missing else "not given"
    scale, bare = 1.0, written
    if bare.endswith("%"):
        if form.unit not in ("share", "percent"):
            return math.nan, "percentages"
        scale, bare = (0.01 if form.unit == "share" else 1.0), bare[:-1].rstrip()
    if bare.lstrip("+-").startswith("£"):
        if form.unit != "cost":
            return math.nan, "sums of money"
        bare = bare.replace("£", "", 1).replace(" ", "")
    if form.decimal == ",":
        if not _WITH_COMMA.fullmatch(bare):
            return math.nan, "not numbers"
        bare = bare.replace(".", "").replace(",", ".")
    elif not NUMBER.fullmatch(bare):
        return math.nan, _DECIMAL_COMMA if _PERHAPS_A_DECIMAL_COMMA.fullmatch(bare) else "not numbers"
    number = float(bare.replace(",", ""))
    return number * scale if scale != 1.0 else number, ""


def perhaps_decimal_comma(written: Iterable[str], form: NumberForm) -> str:
    """The question whether a comma in numbers that cannot be read separates decimals; empty where there is none."""
    if form.decimal == "," or not any(_PERHAPS_A_DECIMAL_COMMA.fullmatch(text.strip()) for text in written):
        return ""
    return f". Is it a decimal comma? {_remedy(_DECIMAL_COMMA, form)}"


def number_in(cell: object, form: NumberForm = PLAIN) -> float:
    """A number as written; NaN where it is none, is infinite or is not given."""
    if type(cell) is float or type(cell) is int:
        return float(cell) if math.isfinite(cell) else math.nan
    if isinstance(cell, bool | np.bool_):
        return math.nan
    if isinstance(cell, int | float | np.number):
        return float(cell) if math.isfinite(float(cell)) else math.nan
    number, fault = parse_number(str(cell or ""), form)
    return number if not fault and math.isfinite(number) else math.nan
