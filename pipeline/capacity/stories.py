"""Human stories: what people said, shown with their consent, and refused where it could identify anyone."""

import csv
import io
import re
import unicodedata
from pathlib import Path

import pandas as pd

from pipeline.capacity.tables import STORIES
from pipeline.errors import RawFileError, first
from pipeline.schema import validate

COLUMNS = ("place", "quote", "theme", "source", "consent")
GIVEN = {"yes", "y", "true", "given", "noted"}

_EMAIL = re.compile(r"[\w.+'-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_GAP = r"[ \t.\-–/()\u00a0]{0,2}"
_PHONE = re.compile(rf"(?<![\d.])(?:(?:\+|00)\(?44\)?{_GAP}(?:\(?0\)?{_GAP})?|\(?0)(?:\d{_GAP}){{8,9}}\d(?!\d)")
_TEN_DIGITS = re.compile(r"(?<![\d.])\d(?:[ \-–]?\d){9}(?![ \-–]?\d)")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def read_stories(path: Path) -> pd.DataFrame:
    """The stories in a CSV with the columns place, quote, theme, source and consent: table ``stories``.

    Raises:
        RawFileError: a column is not there, a cell is empty, consent is not noted, or any cell of the file, in any
            column, looks like an e-mail address, a UK telephone number or an NHS number. The rows are named, the
            details are not repeated, and nothing of the file is used.
    """
    text = _decode(path)
    rows = list(csv.reader(io.StringIO(text, newline="")))
    headers = [cell.strip().lower() for cell in rows[0]] if rows else []
    lacking = [column for column in COLUMNS if column not in headers]
    if lacking:
        raise RawFileError(
            f"{path}: stories need the columns {', '.join(COLUMNS)}; {', '.join(lacking)} is not there. "
            f"Columns found: {first(headers) or 'none'}"
        )
    _refuse_personal_data(rows, path)
    numbered = [(n, row) for n, row in enumerate(rows[1:], 2) if any(cell.strip() for cell in row)]
    long = [str(n) for n, row in numbered if len(row) != len(headers)]
    if long:
        raise RawFileError(f"{path}: row(s) {first(long)} do not have {len(headers)} cells, as the headers do.")
    stories = [{"row": n, **{c: row[headers.index(c)].strip() for c in COLUMNS}} for n, row in numbered]
    if not stories:
        raise RawFileError(f"{path}: there are no stories below the headers.")
    empty = [f"row {s['row']} ({c})" for s in stories for c in COLUMNS if not s[c] and c != "consent"]
    if empty:
        raise RawFileError(f"{path}: nothing is written in {first(empty)}.")
    without = [str(s["row"]) for s in stories if str(s["consent"]).lower() not in GIVEN]
    if without:
        raise RawFileError(
            f"{path}: consent to show the story is not noted in row(s) {first(without)}. Write yes there once the "
            "person has agreed, or take the row out."
        )
    frame = pd.DataFrame(stories).assign(consent="yes")[STORIES.names]
    validate(frame, STORIES, str(path))
    return frame


def personal_data(text: str) -> list[str]:
    """What kinds of personal data ``text`` seems to hold: e-mail address, telephone number, NHS number."""
    plain = unicodedata.normalize("NFKC", text).translate(_INVISIBLE)
    found = ["an e-mail address"] if _EMAIL.search(plain) else []
    found += ["a UK telephone number"] if _PHONE.search(plain) else []
    candidates = (re.sub(r"\D", "", match.group()) for match in _TEN_DIGITS.finditer(plain))
    found += ["an NHS number"] if any(is_nhs_number(digits) for digits in candidates) else []
    return found


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits are a valid NHS number: weights 10 to 2, modulus 11 (NHS Data Dictionary, NHS NUMBER)."""
    if not re.fullmatch(r"[0-9]{10}", digits) or len(set(digits)) == 1:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    check = 11 - total % 11
    return check != 10 and check % 11 == int(digits[9])


def _decode(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RawFileError(f"{path}: cannot be read: {error.strerror}.") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _refuse_personal_data(rows: list[list[str]], path: Path) -> None:
    found: dict[str, list[int]] = {}
    for number, row in enumerate(rows, 1):
        # Cell by cell: two cells side by side are not one number.
        for kind in sorted({kind for cell in row for kind in personal_data(cell)}):
            found.setdefault(kind, []).append(number)
    if found:
        listed = "\n".join(f"  {kind}: row(s) {first(numbers)}" for kind, numbers in found.items())
        raise RawFileError(
            f"{path}: this file is not used, because it seems to hold what could identify someone:\n{listed}\n"
            "  The map may be sent on by e-mail. Take these out of the file, not only off the screen, and run again."
        )
