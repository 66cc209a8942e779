"""The answers of a team, theme by theme: read, and refused where a row cannot be used or could identify anyone."""

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.catalogue.themes import Theme, Themes
from pipeline.errors import RawFileError, did_you_mean, first
from pipeline.places.stories import bare_name
from pipeline.reading import Header, Layout, loosely_among, plain, read_dates, read_sheet
from pipeline.reading.records import read_records
from pipeline.tables import SELF_ASSESSMENT, validate

COLUMNS = ("theme", "now", "target", "how", "owner", "by_when")
_WHOLE = re.compile(r"\d{1,3}(?:\.0+)?")
_LAYOUT = Layout(naming="save the sheet with the self-assessment as a workbook of its own")


@dataclass(frozen=True)
class ReadAnswers:
    """Table ``self_assessment``, in the order of the themes, and notes: how the file was read, what it leaves open."""

    frame: pd.DataFrame
    notes: tuple[str, ...]


def read_self_assessment(path: Path, themes: Themes, columns: Mapping[str, str] | None = None) -> ReadAnswers:
    """The answers in a CSV or workbook with the columns theme, now, target, how, owner and by when.

    A theme is named by its id or its title. Levels are whole numbers of the theme's levels. A row without levels is a
    theme that is not answered yet.

    Args:
        columns: the headers of the six columns where they are others.

    Raises:
        RawFileError: the file cannot be read; any cell of it looks as if it could identify someone; or rows cannot be
            used: all of them are named, each with what to do. Nothing of the file is used then.
    """
    records = [[plain(cell) for cell in record] for record in read_records(path, _LAYOUT)[0]]
    _refuse_personal_data(records, path)
    headers: dict[str, Header] = {name: (columns or {}).get(name) or loosely_among(name) for name in COLUMNS}
    sheet = read_sheet(path, tuple(headers.values()), _LAYOUT)
    given = sheet.pick(headers).map(plain)
    when = read_dates(dict(zip(given.index.tolist(), given["by_when"].tolist(), strict=True)))
    faults = {row: [f"by when: {fault}"] for row, fault in when.faults.items()}
    rows, answered = [], dict[str, int]()
    for row, cells in zip(given.index.tolist(), given.to_dict("records"), strict=True):
        theme = _theme(cells["theme"], themes)
        if isinstance(theme, str):
            faults.setdefault(row, []).append(theme)
            continue
        if theme.id in answered:
            faults.setdefault(row, []).append(f"'{theme.title}' is answered in row {answered[theme.id]} already")
            continue
        answered[theme.id] = row
        levels, wrong = _levels(cells, theme)
        if wrong:
            faults.setdefault(row, []).extend(wrong)
        elif levels is not None:
            due = when.dates.get(row)
            texts = {name: cells[name] or None for name in ("how", "owner")}
            by_when = None if due is None else due.isoformat()
            rows.append(
                {"theme": theme.id, "file_row": row, "now": levels[0], "target": levels[1], **texts, "by_when": by_when}
            )
    if faults:
        lines = [f"  row {row}: {'; '.join(said)}" for row, said in sorted(faults.items())]
        raise RawFileError("\n".join([f"{path}: {len(faults)} row(s) cannot be used", *lines[:20]]))
    if not rows:
        raise RawFileError(f"{path}: no theme has levels. Fill in now and target of at least one.")
    order = {theme.id: place for place, theme in enumerate(themes.themes)}
    rows.sort(key=lambda answer: order[str(answer["theme"])])
    frame = pd.DataFrame(rows, columns=SELF_ASSESSMENT.names)
    validate(frame, SELF_ASSESSMENT, str(path))
    return ReadAnswers(frame, (*sheet.notes, *_notes(frame, themes, day_first=when.day_first)))


def _theme(named: str, themes: Themes) -> Theme | str:
    """The theme of a row, or what is wrong."""
    if not named:
        return "the theme is empty"
    bare = bare_name(named)
    for theme in themes.themes:
        if bare in (bare_name(theme.id), bare_name(theme.title)):
            return theme
    names = [name for theme in themes.themes for name in (theme.id, theme.title)]
    ids = ", ".join(theme.id for theme in themes.themes)
    return f"there is no theme '{named:.60}'.{did_you_mean(named, names)} Themes: {ids}"


def _levels(cells: Mapping[Hashable, str], theme: Theme) -> tuple[tuple[int, int] | None, list[str]]:
    """Now and target, or nothing where both are empty; and what is wrong with them."""
    given = {name: cells[name] for name in ("now", "target")}
    if not any(given.values()):
        return None, []
    last, levels, faults = len(theme.levels), [], []
    for name, text in given.items():
        number = int(float(text)) if _WHOLE.fullmatch(text) else 0
        if not text:
            faults.append(f"{name} is empty: give a level from 1 to {last}, or empty both")
        elif not 1 <= number <= last:
            faults.append(f"{name} '{text:.20}' is no level of '{theme.title}': give a whole number from 1 to {last}")
        levels.append(number)
    if faults:
        return None, faults
    now, target = levels
    if target < now:
        return None, [
            f"the target {target} is below now {now}: swap the two if they were mixed up, or give the same to stay"
        ]
    return (now, target), []


def _notes(frame: pd.DataFrame, themes: Themes, *, day_first: bool) -> tuple[str, ...]:
    titles = {theme.id: theme.title for theme in themes.themes}
    lacking = {
        "no answer": [title for name, title in titles.items() if name not in set(frame["theme"])],
        **{
            f"no {what}": [
                titles[name] for name in frame.loc[(frame["target"] > frame["now"]) & frame[column].isna(), "theme"]
            ]
            for column, what in (("how", "plan"), ("owner", "owner"), ("by_when", "date"))
        },
    }
    notes = [f"{what}: {first(names, 20)}" for what, names in lacking.items() if names]
    return (*notes, "dates in figures were read with the day first") if day_first else tuple(notes)


def _refuse_personal_data(records: Sequence[Sequence[str]], path: Path) -> None:
    """Refuse a file with a cell that could identify someone; the details are not repeated."""
    # What could identify someone is told by patterns that take time to make.
    from pipeline.places.personal_data import personal_data

    places: dict[str, list[str]] = {}
    for number, record in enumerate(records, 1):
        for position, cell in enumerate(record, 1):
            for kind in personal_data(cell):
                places.setdefault(kind, []).append(f"row {number}, column {position}")
    if places:
        listed = "\n".join(f"  {kind}: {first(where)}" for kind, where in sorted(places.items()))
        raise RawFileError(
            f"{path}: this file is not used, because it seems to hold details that could identify someone:\n{listed}\n"
            "  The page may be sent on by e-mail. Name a role or a team as owner, take such details out or put them "
            "into other words, and run this again."
        )
