"""GP practices: the NHS Organisation Data Service's list of prescribing practices, ``epraccur``."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pandas as pd

from pipeline.errors import RawFileError, first
from pipeline.reading import Layout
from pipeline.reading.records import Numbered, even_rows, read_records
from pipeline.tables import validate
from pipeline.tidy.place_lists import note_postcodes, place_list
from pipeline.tidy.registry import Noted, reader

CODE, NAME, POSTCODE, STATUS, ROLES = 0, 1, 9, 12, 25
"""Positions of the columns: the file has no header."""
FEWEST_COLUMNS = 26
ACTIVE = frozenset({"A", "ACTIVE"})
"""The 13th column of a practice that is open, as it was written until 2025 and as it is since."""
GP_PRACTICE = frozenset({"4", "RO76"})
"""The 26th column of a GP practice: its prescribing setting, or now one of its roles, which bars separate."""
_CODE = re.compile(r"(?=.*[0-9])[A-Z0-9]{5,8}")
_STATUS = re.compile(r"[A-Z][A-Z -]{0,19}")
_AS_WRITTEN = re.compile(r"(?i)[IVX]+|\W*")
"""Words that stay as they are: Roman numerals, and signs."""
_SMALL = frozenset({"and", "at", "in", "of", "on", "the", "by"})
"""Words that are written small within a name."""
_ROLES = re.compile(r"(?:(?:RO)?[0-9]{1,4}(?:\|(?:RO)?[0-9]{1,4})*)?")

GP_PRACTICES = place_list("gp_practices", "GP practices", "gp_practices")


@reader("gp_practices", GP_PRACTICES, "placed")
def tidy_gp_practices(path: Path) -> Noted:
    """Active GP practices of England and Wales, from the list in its former or its present form.

    A practice is active by its status, ``A`` or ``ACTIVE``, and a GP practice by its setting ``4`` or role ``RO76``.

    Returns:
        Table ``gp_practices``: one row for each; ``place_id`` is kind and ODS code. ``x``, ``y``, ``opening`` and
        ``hours`` are always missing, as the file has none.

    Raises:
        RawFileError: the file has a different layout, or a practice appears twice; the rows are named.
    """
    records, name, read = read_records(path, Layout(member="epraccur.csv"))
    rows = even_rows(records, FEWEST_COLUMNS, name)
    notes = list(read)
    if _is_header(rows[0][1]):
        notes.append(f"row {rows[0][0]} holds headers")
        rows = rows[1:]
    _refuse_other_layouts(rows, name)
    practices = {roles for roles in {row[ROLES] for _, row in rows} if GP_PRACTICE & set(roles.upper().split("|"))}
    kept = [
        {
            "file_row": number,
            "place_id": f"gp_practice-{row[CODE].upper()}",
            "name": tidy_name(row[NAME]),
            "kind": "gp_practice",
            "postcode": row[POSTCODE],
        }
        for number, row in rows
        if row[ROLES] in practices and row[STATUS].upper() in ACTIVE
    ]
    if not kept:
        raise RawFileError(
            f"{name}: no active GP practice (13th column A or ACTIVE, 26th column 4 or RO76) in {len(rows):,} rows."
        )
    missing = float("nan")
    frame = pd.DataFrame(kept).assign(x=missing, y=missing, hours=missing)
    frame["opening"] = pd.Series(None, index=frame.index, dtype="str")
    notes += note_postcodes(frame, name)
    frame["postcode"] = frame["postcode"].where(frame["postcode"] != "")
    frame = frame[GP_PRACTICES.names]
    validate(frame, GP_PRACTICES, name)
    return Noted(frame, tuple(notes))


def tidy_name(name: str) -> str:
    """A name in capitals, in ordinary case: ``THE DENSHAM SURGERY`` to ``The Densham Surgery``."""
    first, *others = name.split() or [""]
    return " ".join([_in_ordinary_case(first), *map(_within_a_name, others)])


@cache
def _in_ordinary_case(word: str) -> str:
    return word if _AS_WRITTEN.fullmatch(word) else word.capitalize()


@cache
def _within_a_name(word: str) -> str:
    return word.lower() if word.lower() in _SMALL else _in_ordinary_case(word)


def _is_header(row: Sequence[str]) -> bool:
    """Whether the first row names the columns: neither its code nor its roles could be those of a practice."""
    return not _CODE.fullmatch(row[CODE].upper()) and not re.search(r"[0-9]", row[CODE] + row[POSTCODE])


def _refuse_other_layouts(rows: Sequence[Numbered], name: str) -> None:
    for place, what, form in (
        (CODE, "the first column should hold practice codes such as A81001", _CODE),
        (STATUS, "the 13th column should hold a status such as A or ACTIVE", _STATUS),
        (ROLES, "the 26th column should hold a setting such as 4, or roles such as RO76|RO177", _ROLES),
    ):
        wrong = {cell for cell in {row[place] for _, row in rows} if not form.fullmatch(cell.upper())}
        if wrong:
            odd = [f"row {n}: '{row[place]:.40}'" for n, row in rows if row[place] in wrong]
            raise RawFileError(f"{name}: {what}; {len(odd):,} row(s) do not: {first(odd, 5)}. Is it another list?")
    unnamed = [str(n) for n, row in rows if not row[NAME]]
    if unnamed:
        raise RawFileError(f"{name}: {len(unnamed):,} practice(s) have no name: row(s) {first(unnamed, 5)}.")
    if len({row[CODE].upper() for _, row in rows}) < len(rows):
        codes = Counter(row[CODE].upper() for _, row in rows)
        twice = [f"{row[CODE]} (row {n})" for n, row in rows if codes[row[CODE].upper()] > 1]
        raise RawFileError(f"{name}: practices appear more than once: {first(twice, 6)}. Take out what is repeated.")
