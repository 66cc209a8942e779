"""Dates as people write them in Britain, and as workbooks keep them; what could be two dates is neither."""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

FORMS = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%d %B %Y", "%d %b %Y")
MONTHS = ("%B %Y", "%b %Y")
EARLIEST, LATEST = 2000, 2100
INSTEAD = "Write it as 2027-09-30 or 30 September 2027"
_FIGURES = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: 00:00:00)?")
_SEPTEMBER = re.compile(r"\bsept\b", re.IGNORECASE)
_ENDING = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b", re.IGNORECASE)


@dataclass(frozen=True)
class ReadDates:
    """Dates by row, what is wrong with the others by row, and whether figures were read with the day first."""

    dates: Mapping[int, date]
    faults: Mapping[int, str]
    day_first: bool


def read_dates(cells: Mapping[int, str]) -> ReadDates:
    """The dates of a column, by row; empty cells have none.

    Read are 2027-09-30, 30 September 2027, 30 Sep 2027, September 2027 (its last day) and 30/09/2027. Figures such as
    03/04/2027 are 3 April only where another date of the column can only have the day first (30/09/2027); else they
    could as well be 4 March, and are a fault.
    """
    figures = {row: _FIGURES.fullmatch(text.strip()) for row, text in cells.items()}
    parts = {row: (int(m[1]), int(m[2]), int(m[3])) for row, m in figures.items() if m}
    british = any(_day(*given) and not _day(given[1], given[0], given[2]) for given in parts.values())
    dates: dict[int, date] = {}
    faults: dict[int, str] = {}
    assumed = False
    for row, text in cells.items():
        if not text.strip():
            continue
        if row not in parts:
            value = _in_words(text)
            if value is None:
                faults[row] = f"'{text:.30}' is no date. {INSTEAD}"
            else:
                dates[row] = value
            continue
        day, month, year = parts[row]
        value, other = _day(day, month, year), _day(month, day, year)
        if value is None:
            faults[row] = f"'{text:.30}' is no date with the day first. {INSTEAD}"
        elif other is not None and other != value and not british:
            faults[row] = f"'{text:.30}' could be {_said(value)} or {_said(other)}. {INSTEAD}"
        else:
            assumed |= other is not None and other != value
            dates[row] = value
    for row in [row for row, value in dates.items() if not EARLIEST <= value.year <= LATEST]:
        faults[row] = f"the year {dates.pop(row).year} is not from {EARLIEST} to {LATEST}"
    return ReadDates(dates, dict(sorted(faults.items())), assumed)


def _in_words(text: str) -> date | None:
    plain = _SEPTEMBER.sub("Sep", _ENDING.sub("", " ".join(text.replace(",", " ").split())))
    for form in FORMS:
        try:
            return datetime.strptime(plain, form).date()
        except ValueError:
            continue
    for form in MONTHS:
        try:
            first = datetime.strptime(plain, form).date()
        except ValueError:
            continue
        return first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return None


def _day(day: int, month: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _said(value: date) -> str:
    return f"{value.day} {value:%B}"
