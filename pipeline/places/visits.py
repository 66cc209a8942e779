"""Hours a week when somebody is at a place: as given, or from the times of visits and how often they come."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.catalogue.places import PlaceColumns
from pipeline.errors import RawFileError, first
from pipeline.places.rows import Row, number_in, plain

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
    "biweekly": 2.0,
    "alternate weeks": 2.0,
    "alternate week": 2.0,
    "every other week": 2.0,
    "other week": 2.0,
    "monthly": 52 / 12,
    "month": 52 / 12,
    "each month": 52 / 12,
}
"""Weeks from one visit to the next. A month is the twelfth of 52 weeks."""
_EVERY = re.compile(r"(\d+(?:\.\d+)?)[ -]*(?:(week|wk|fortnight|month|day)(?:s|ly)?)?")
_UNITS = {None: 1.0, "week": 1.0, "wk": 1.0, "fortnight": 2.0, "month": 52 / 12, "day": 1 / 7}
_TIMES = {"once": 1, "twice": 2}
_TIME = re.compile(r"(\d{1,2})(?:[:.h]?([0-5]\d))?(?:[:.]00)? ?([ap])?\.?m?\.?")


def weeks_between(text: str) -> float:
    """Weeks from one visit to the next: ``4 weeks``, ``4``, ``weekly``, ``every two weeks``, ``monthly``.

    ``twice a week`` is half a week. NaN for what is none of these.
    """
    told = re.sub(r"\s+", " ", text.strip().lower().rstrip("."))
    told = re.sub(r"\b(\d+)(?:st|nd|rd|th)\b", r"\1", told.replace("-weekly", " weekly"))
    told = " ".join(str(_NUMBERS.get(word, word)) for word in told.split(" "))
    often = re.fullmatch(r"(once|twice|\d+ times|\d+ x|\d+x) (?:a|an|per|every|each) (.+)", told)
    if often:
        times = _TIMES.get(often[1]) or int(re.sub(r"\D", "", often[1]))
        return weeks_between(often[2]) / times if times else float("nan")
    for asked in (told, told.removeprefix("every ").removeprefix("each ")):
        if asked in _WEEKS:
            return _WEEKS[asked]
        counted = _EVERY.fullmatch(asked)
        if counted and float(counted[1]) > 0:
            return float(counted[1]) * _UNITS[counted[2]]
    return float("nan")


def hour_of(text: str) -> float:
    """A time of day in hours from midnight: ``10:15``, ``10.15``, ``1015``, ``2pm``, ``2.30 pm``, ``noon``; or NaN."""
    told = text.strip().lower()
    if told in ("noon", "midday"):
        return 12.0
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


def hours_a_week(rows: Sequence[Row], columns: PlaceColumns, where: str) -> "pd.Series[float]":
    """Hours a week of each row of a file with columns for hours, or for the times of visits; NaN where none are given.

    Args:
        columns: with ``hours``, or with ``starts`` and ``ends``, and perhaps ``every`` (each week, if left out). A cell
            may hold several visits, separated by semicolons: they add up.
        where: the file, for messages.

    Raises:
        RawFileError: hours that are not a number from 0 to 168, times or intervals that cannot be read, or an end
            before its start; with the rows.
    """
    if columns.hours is not None:
        return _given(rows, columns.hours, where)
    hours, faults = [], list[str]()
    for row in rows:
        starts, ends, every = (_parts(row, header) for header in (columns.starts, columns.ends, columns.every))
        if not starts and not ends:
            hours.append(float("nan"))
            continue
        visits = len(starts)
        if len(ends) != visits or len(every) not in (0, 1, visits) or (columns.every and not every):
            faults.append(f"row {row.number}: '{'; '.join(starts)}' to '{'; '.join(ends)}' every '{'; '.join(every)}'")
            continue
        often = (every or ["weekly"]) * (visits if len(every) < 2 else 1)
        spans = [hour_of(end) - hour_of(start) for start, end in zip(starts, ends, strict=True)]
        weeks = [weeks_between(text) for text in often]
        if not all(span > 0 for span in spans) or not all(week > 0 for week in weeks):
            faults.append(f"row {row.number}: '{'; '.join(starts)}' to '{'; '.join(ends)}' every '{'; '.join(often)}'")
            continue
        hours.append(sum(span / week for span, week in zip(spans, weeks, strict=True)))
    if faults:
        raise RawFileError(
            f"{where}: visits should have a start and an end such as 10:15 and 14:00, the end later on the same day, "
            f"and how often such as weekly, 4 weeks or monthly; {len(faults):,} row(s) do not: {first(faults, 5)}"
        )
    return pd.Series(hours, dtype="float64")


def refuse_odd_hours(hours: "pd.Series[float]", labels: Sequence[str], what: str, where: str) -> None:
    """Refuse hours a week that no week has.

    Args:
        labels: what to call each row. ``what``: the column. ``where``: the file.

    Raises:
        RawFileError: the rows.
    """
    odd = np.flatnonzero(((hours < 0) | (hours > HOURS_OF_WEEK)).to_numpy())
    if len(odd):
        shown = [f"{labels[int(row)]}: {hours.iloc[int(row)]:g}" for row in odd]
        raise RawFileError(
            f"{where}: {what} should be hours a week, 0 to {HOURS_OF_WEEK:g}; {len(shown):,} row(s) are not: "
            f"{first(shown, 5)}"
        )


def _given(rows: Sequence[Row], header: str, where: str) -> "pd.Series[float]":
    written = [plain(row.cells.get(header)) for row in rows]
    hours = pd.Series([number_in(text) if text else float("nan") for text in written], dtype="float64")
    faults = [
        f"row {row.number}: '{text}'"
        for row, text, number in zip(rows, written, hours, strict=True)
        if text and np.isnan(number)
    ]
    if faults:
        raise RawFileError(
            f"{where}: {header} should be a number of hours a week without a unit, such as 7.5; {len(faults):,} row(s) "
            f"are not: {first(faults, 5)}"
        )
    refuse_odd_hours(hours, [f"row {row.number}" for row in rows], header, where)
    return hours


def _parts(row: Row, header: str | None) -> list[str]:
    return [] if header is None else [part.strip() for part in plain(row.cells.get(header)).split(";") if part.strip()]
