"""Hours a week when somebody is at a place: as given, or from the times of visits and how often they come."""

import re
from collections.abc import Mapping

import pandas as pd

from pipeline.errors import RawFileError, first
from pipeline.reading import NumberForm, number_in
from pipeline.reading.numbers import perhaps_decimal_comma

HOURS_OF_WEEK = 168.0
FULL_HOURS = 30.0
"""Hours a week with somebody there that make one library where a kind gives none: the median of England, 2023."""

_NUMBERS = {
    word: number
    for number, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 1
    )
}
_WEEKS = {
    "daily": 1 / 7,
    "every day": 1 / 7,
    "weekdays": 1 / 5,
    "weekly": 1.0,
    "week": 1.0,
    "each week": 1.0,
    "fortnightly": 2.0,
    "fortnight": 2.0,
    "alternate weeks": 2.0,
    "alternate week": 2.0,
    "every other week": 2.0,
    "other week": 2.0,
    "monthly": 52 / 12,
    "month": 52 / 12,
    "each month": 52 / 12,
    "calendar month": 52 / 12,
    "quarterly": 13.0,
    "quarter": 13.0,
    "yearly": 52.0,
    "annually": 52.0,
    "weekday": 1 / 5,
    "day": 1 / 7,
}
"""Weeks from one visit to the next. A month is the twelfth of 52 weeks."""
LONGEST_WEEKS = 52.0
"""Weeks between visits. What is written as more is probably something else, such as the number of a route."""
_EVERY = re.compile(r"(\d+(?:\.\d+)?)[ -]*(?:(week|wk|fortnight|month|day)(?:s|ly)?)?", re.ASCII)
_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:days?)?"
_DAYS = re.compile(rf"(?:every |each |on )*{_DAY}")
_OTHER_DAYS = re.compile(rf"(?:on )?(?:alternate|(?:every |each )?other|(?:every |each )2) {_DAY}")
_WORKING_DAYS = re.compile(r"mon(?:day)?s? ?(?:to|-) ?fri(?:day)?s?")
_ORDINAL = r"(?:first|second|third|fourth|last|1|2|3|4)"
_DAYS_OF_MONTH = re.compile(
    rf"(?:on )?(?:the )?({_ORDINAL}(?: ?(?:and|&|,|/) ?{_ORDINAL})*) {_DAY}"
    r"(?: (?:of|in|each|every|the|a|month|monthly))*"
)
_UNITS = {None: 1.0, "week": 1.0, "wk": 1.0, "fortnight": 2.0, "month": 52 / 12, "day": 1 / 7}
_TIMES = {"once": 1, "twice": 2}
_TIME = re.compile(r"(\d{1,2})(?:[:.h]?([0-5]\d))?(?:[:.]00)? ?([ap])?\.?m?\.?", re.ASCII)


def weeks_between(text: str) -> float:
    """Weeks from one visit to the next: ``4 weeks``, ``4``, ``weekly``, ``every two weeks``, ``monthly``.

    ``twice a week`` is half a week. NaN for what is none of these.
    """
    told = re.sub(r"\s+", " ", text.strip().lower().rstrip("."))
    told = re.sub(r"\b(\d+)(?:st|nd|rd|th)\b", r"\1", told.replace("-weekly", " weekly"))
    if not told.isascii():
        return float("nan")
    told = " ".join(str(_NUMBERS.get(word, word)) for word in told.split(" "))
    often = re.fullmatch(r"(once|twice|\d+ times|\d+ ?x|\d+ (?=per))(?: (?:a|an|per|every|each))? ?(.+)", told)
    if often:
        times = _TIMES.get(often[1]) or int(re.sub(r"\D", "", often[1]))
        return weeks_between(often[2].removeprefix("per ")) / times if times else float("nan")
    return next((weeks for weeks in (_by_weekday(told), _by_count(told)) if weeks == weeks), float("nan"))


def _by_weekday(told: str) -> float:
    """Weeks between visits that come on a day: ``Tuesdays``, ``alternate Fridays``, ``1st and 3rd Tuesday``."""
    if _WORKING_DAYS.fullmatch(told):
        return 1 / 5
    if _DAYS.fullmatch(told):
        return 1.0
    if _OTHER_DAYS.fullmatch(told):
        return 2.0
    of_month = _DAYS_OF_MONTH.fullmatch(told.replace("second", "2"))
    if of_month:
        return _WEEKS["monthly"] / len(set(re.findall(_ORDINAL, of_month[1])))
    return float("nan")


def _by_count(told: str) -> float:
    """Weeks between visits that come after so many weeks or months, or as a word says."""
    told = re.sub(r"\bsecond\b", "2", told)
    for asked in (told, told.removeprefix("every ").removeprefix("each ")):
        if asked in _WEEKS:
            return _WEEKS[asked]
        counted = _EVERY.fullmatch(asked)
        if counted and float(counted[1]) > 0:
            weeks = float(counted[1]) * _UNITS[counted[2]]
            return weeks if weeks <= LONGEST_WEEKS else float("nan")
    return float("nan")


def hour_of(text: str) -> float:
    """A time of day in hours from midnight: ``10:15``, ``10.15``, ``1015``, ``2pm``, ``2.30 pm``, ``noon``; or NaN."""
    told = text.strip().lower()
    if told in ("noon", "midday", "12 noon", "12noon"):
        return 12.0
    told = re.sub(r" ?(?:hrs?|hours)$", "", told)
    match = _TIME.fullmatch(told)
    if match is None and re.fullmatch(r"\d{3,4}", told):
        match = _TIME.fullmatch(f"{told[:-2]}:{told[-2:]}")
    if match is None:
        return float("nan")
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    if half:
        if not 1 <= hour <= 12:
            return float("nan")
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour + minute / 60 if hour + minute / 60 <= 24 else float("nan")


def hours_a_week(cells: Mapping[str, "pd.Series[str]"], form: NumberForm, where: str) -> "pd.Series[float]":
    """Hours a week of each row of a file with columns for hours, or for the times of visits; NaN where none are given.

    Args:
        cells: the text of each row, by row number: ``hours``, or ``starts`` and ``ends``, and perhaps ``every`` (each
            week, if left out). A cell may hold several visits, separated by semicolons: they add up.
        form: how numbers are written. ``where``: the file, for messages.

    Raises:
        RawFileError: hours that are not a number from 0 to 168, times or intervals that cannot be read, or an end
            before its start; with the rows.
    """
    if "hours" in cells:
        return _given(cells["hours"], form, where)
    hours, faults = [], list[str]()
    for row in cells["starts"].index:
        starts, ends, every = (_parts(cells[key][row]) if key in cells else [] for key in ("starts", "ends", "every"))
        often = every or ([] if "every" in cells else ["weekly"])
        if not starts and not ends:
            hours.append(float("nan"))
            continue
        week = _hours_of(starts, ends, often)
        hours.append(week)
        if not week > 0:
            faults.append(f"row {row}: '{'; '.join(starts)}' to '{'; '.join(ends)}' every '{'; '.join(often)}'")
    if faults:
        raise RawFileError(
            f"{where}: visits should have a start and an end such as 10:15 and 14:00, the end later on the same day, "
            f"and how often such as weekly, 4 weeks or monthly; {len(faults):,} row(s) do not: {first(faults, 5)}"
        )
    return pd.Series(hours, cells["starts"].index, dtype="float64")


def _hours_of(starts: list[str], ends: list[str], often: list[str]) -> float:
    """Hours a week of visits; NaN where they do not fit together, 0 or less where one ends before it starts."""
    visits = len(starts)
    if len(ends) != visits or len(often) not in (1, visits):
        return float("nan")
    weeks = [weeks_between(text) for text in (often * visits if len(often) == 1 else often)]
    spans = [hour_of(end) - hour_of(start) for start, end in zip(starts, ends, strict=True)]
    if not all(span > 0 for span in spans):
        return float("nan")
    return sum(span / week for span, week in zip(spans, weeks, strict=True))


def _given(written: "pd.Series[str]", form: NumberForm, where: str) -> "pd.Series[float]":
    hours = pd.Series(
        [number_in(text, form) if text else float("nan") for text in written], written.index, dtype="float64"
    )
    odd = (written != "") & ~hours.between(0, HOURS_OF_WEEK)
    if odd.any():
        shown = [f"row {row}: '{text}'" for row, text in written[odd].items()]
        raise RawFileError(
            f"{where}: hours should be a number of hours a week without a unit, such as 7.5, and at most "
            f"{HOURS_OF_WEEK:g}; {len(shown):,} row(s) are not: {first(shown, 5)}"
            f"{perhaps_decimal_comma(written[odd], form)}"
        )
    return hours


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]
