"""Human stories: what people said, shown with their consent, and refused where it could identify anyone."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.capacity.reading import csv_records
from pipeline.errors import RawFileError, first
from pipeline.schema import STORIES, validate

COLUMNS = ("place", "quote", "theme", "source", "consent")
GIVEN = {"yes", "y", "true", "given", "noted"}

_AT = r"\s{0,4}(?:@|[(\[{<]\s?at\s?[)\]}>])\s{0,4}"
_AT_WORD = r"[\s_*-]{1,4}at[\s_*-]{1,4}(?!the\b|a\b)"
_DOT_WORD = r"(?:\s{0,4}[(\[{<]\s?dot\s?[)\]}>]\s{0,4}|[\s_*-]{1,4}dot[\s_*-]{1,4})"
_LABEL, _TOP = r"[^\W_][\w-]{0,62}", r"[^\W\d_]{2,24}\b"
# "tea @ home. Then" ends a sentence: with a space beside its dot, a domain is known by its ending.
_KNOWN_TOP = r"(?:ac|biz|co|com|edu|email|eu|gov|ie|info|net|nhs|online|org|uk)\b"
_EMAIL = re.compile(
    rf"[\w.+'-]{{1,64}}(?:{_AT}{_LABEL}(?:(?:\.|{_DOT_WORD}){_LABEL}){{0,5}}"
    rf"(?:(?:\.|{_DOT_WORD}){_TOP}|\s{{0,3}}\.\s{{0,3}}{_KNOWN_TOP})"
    rf"|{_AT_WORD}[^\W_][^\W_-]{{0,62}}(?:\.[\w-]{{1,63}}){{0,3}}{_DOT_WORD}{_TOP})",
    re.IGNORECASE,
)

# What may stand between the digits of one number; a run is digits with nothing else between them.
_GAP = r"[\s.,_/()|·•\-\u2010-\u2015\u2212]{0,6}"
_RUN = re.compile(rf"[0-9]+(?:{_GAP}[0-9]+)*")
_PLUS = re.compile(r"(?<![0-9])\+[\s(]{0,4}$")
_SHORTEST, _LONGEST = 9, 15
"""Digits of a telephone number with its country's code; at most 15 (ITU-T E.164)."""

_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12][0-9]|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)[0-9]{2}"
_CLOCK = r"(?:[01]?[0-9]|2[0-3])[.:][0-5][0-9](?:[ap]m)?"
_HARMLESS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![0-9]){_YEAR}([-/.]){_MONTH}\1{_DAY}(?:T(?=[0-9]{{2}}:)|(?![0-9]))",
        rf"(?<![0-9]){_DAY}([-/.]){_MONTH}\1{_YEAR}(?![0-9])",
        rf"(?<![0-9]){_MONTH}([-/.]){_DAY}\1{_YEAR}(?![0-9])",
        rf"(?<![0-9])(?<![0-9][-/.\s]){_DAY}([-/.]){_MONTH}\1[0-9]{{2}}(?![0-9]|\1[0-9])",
        rf"(?<![0-9.]){_CLOCK}\s?(?:[-\u2010-\u2015]|to|until)\s?{_CLOCK}(?![0-9]|[.:][0-9])",
        r"(?<![0-9])(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?(?![0-9])",
        r"[£$€]\s?[0-9]{1,3}(?:,?[0-9]{3})*(?:\.[0-9]{1,2})?(?![0-9])",
        r"(?<![0-9,])(?<![0-9][-/.\s])[1-9][0-9]{0,2}(?:,[0-9]{3}){1,2}(?![0-9]|,[0-9])",
        r"(?<![0-9.])0\.[0-9]{1,3}(?![0-9]|\.[0-9])",
        r"(?<![0-9.])(?!44)(?:0\.|[1-9][0-9]?\.(?!0[0-9]{9,10}(?![0-9])))[0-9]{6,}",
        r"(?<![0-9.])10\.[0-9]{4,9}/[^\s,;]+",
        r"(?<![A-Za-z0-9])[EWSN][0-9]{8}(?![0-9])",
    )
)
"""Dates, times, amounts, decimals, DOIs and ONS codes."""
_BOOK = re.compile(
    r"(?P<named>ISBN[-\s]?(?:1[03])?[:\s]{0,3})?(?<![0-9])(?P<code>[0-9](?:[-\s]?[0-9]){8,11}[-\s]?[0-9X])(?![0-9])",
    re.IGNORECASE,
)

_UK, _ABROAD, _NHS = "a UK telephone number", "a telephone number", "an NHS number"
_NATIONAL = r"(?:1[0-9]{8,9}|[23578][0-9]{9}|800[0-9]{6}|9[0-9]{9})"
_UK_NUMBER = re.compile(rf"0{_NATIONAL}|00440?{_NATIONAL}")
_UK_WITHOUT_PLUS = re.compile(r"440?[123578][0-9]{9}|7[1-9][0-9]{8}")
_LOST_ZERO = re.compile(r"(?:1[1-9]|2[03489]|7[1-9])[0-9]{8}(?:\.0)?")
_PARTS_WITHOUT_PLUS = 5


def read_stories(path: Path) -> pd.DataFrame:
    """The stories in a CSV with the columns place, quote, theme, source and consent, as they stand there.

    Raises:
        RawFileError: the file cannot be read, a column is not there or stands twice, a cell is empty, consent is not
            noted, or any cell of the file, in any column, looks like an e-mail address, a telephone number or an NHS
            number. The rows and columns are named, the details are not repeated, and nothing of the file is used.
    """
    rows = csv_records(path)
    _refuse_personal_data(rows, path)
    headers = [cell.strip().lower() for cell in rows[0]]
    lacking = [column for column in COLUMNS if column not in headers]
    if lacking:
        raise RawFileError(
            f"{path}: stories need the columns {', '.join(COLUMNS)}; {', '.join(lacking)} is not there. "
            f"Columns found: {first(headers)}"
        )
    twice = sorted({header for header in headers if header and headers.count(header) > 1})
    if twice:
        raise RawFileError(f"{path}: the header(s) {', '.join(twice)} stand more than once. Keep one of each.")
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
    return pd.DataFrame(stories).assign(consent="yes")[["row", *COLUMNS]]


@dataclass(frozen=True)
class PlacedStories:
    """Stories that lie in the area (table ``stories``), and a line for each that does not: its row and the reason."""

    frame: pd.DataFrame
    refused: list[str]


def place_stories(
    stories: pd.DataFrame, areas: pd.DataFrame, points: pd.DataFrame, postcodes: pd.DataFrame | None
) -> PlacedStories:
    """Where each story belongs: its place is an LSOA code or name, a postcode, or the name of a ward or district.

    A pin stands for the LSOA, or for the middle of those of the ward or district. A postcode only serves to find the
    LSOA and is not kept, not even where it is refused: few households share one.

    Args:
        areas: the area's LSOAs with their ``lsoa21_code``, ``lsoa21_name``, ``ward_code``, ``ward_name``, ``lad_code``,
            ``lad_name``. ``points``: ``lon`` and ``lat`` of each, by code.
        postcodes: ``postcode``, ``lsoa21_code``.
    """
    known = _Places(areas, postcodes)
    rows, refused = [], []
    for story in stories.to_dict("records"):
        codes, title, problem = known.find(str(story["place"]))
        if problem:
            refused.append(f"row {story['row']}: {problem}")
            continue
        middle = points.loc[codes].mean()
        code = codes[0] if len(codes) == 1 else None
        rows.append({**story, "place": title, "lsoa21_code": code, "lon": middle["lon"], "lat": middle["lat"]})
    frame = pd.DataFrame(rows, columns=STORIES.names).astype({"lsoa21_code": "str"})
    if len(frame):
        validate(frame, STORIES, "stories")
    return PlacedStories(frame, refused)


class _Places:
    """What places are called, and the LSOAs that they consist of."""

    def __init__(self, areas: pd.DataFrame, postcodes: pd.DataFrame | None) -> None:
        self._areas = areas.set_index("lsoa21_code", drop=False)
        self._postcodes: dict[str, str] = {}
        if postcodes is not None:
            bare = postcodes["postcode"].str.replace(" ", "").str.upper()
            self._postcodes = dict(zip(bare, postcodes["lsoa21_code"], strict=True))

    def find(self, place: str) -> tuple[list[str], str, str]:
        """The LSOAs of a place, what to call it, and what is wrong with it if anything is."""
        name, bare = place.strip().casefold(), re.sub(r"\W", "", place).upper()
        if bare in self._areas.index:
            return [bare], self._called(bare), ""
        if bare in self._postcodes:
            return [self._postcodes[bare]], self._called(self._postcodes[bare]), ""
        for title, code in (("lsoa21_name", "lsoa21_code"), ("ward_name", "ward_code"), ("lad_name", "lad_code")):
            own = self._areas[self._areas[title].str.casefold() == name]
            different = len(set(own[code]))
            if different > 1:
                return [], "", f"its place is the name of {different} places here; give an LSOA code or a postcode"
            if len(own):
                called = self._called(own.index[0]) if len(own) == 1 else str(own[title].iloc[0])
                return list(own.index), called, ""
        return [], "", "its place is no LSOA, postcode, ward or district of the area"

    def _called(self, code: str) -> str:
        own = self._areas.loc[code]
        return f"{own['ward_name']}, {own['lad_name']}"


def personal_data(text: str) -> list[str]:
    """What kinds of personal data ``text`` seems to hold: e-mail address, telephone number, NHS number.

    Digits count as one number whatever stands between them: spaces, line breaks, dots, commas, dashes, brackets. Dates,
    times, amounts, decimals, book numbers and ONS codes are taken out before. Digits of other scripts count as digits.
    A cell that is nothing but ten digits is a telephone number that lost its first 0 where it could be one.
    """
    plain = _plain(text)
    found = {"an e-mail address"} if _EMAIL.search(plain) else set()
    left = _without_books(plain)
    for pattern in _HARMLESS:
        left = pattern.sub(" # ", left)
    for run in _RUN.finditer(left):
        groups = re.findall(r"[0-9]+", run.group())
        found |= _numbers(groups, has_plus=_PLUS.search(left, max(0, run.start() - 7), run.start()) is not None)
    if _LOST_ZERO.fullmatch(plain.strip()):
        found.add(_UK)
    return sorted(found)


def _numbers(groups: list[str], has_plus: bool) -> set[str]:
    """Kinds of number that consecutive ``groups`` of digits make up; ``has_plus``: a plus sign stands before them."""
    found = set()
    for start in range(len(groups)):
        digits = ""
        for end in range(start, len(groups)):
            digits += groups[end]
            if len(digits) < _SHORTEST:
                continue
            if len(digits) > _LONGEST:
                break
            own = groups[start : end + 1]
            if has_plus and start == 0 and digits[0] != "0":
                found.add(_UK if digits.startswith("44") else _ABROAD)
            if _UK_NUMBER.fullmatch(digits) or (_keeps_together(own) and _UK_WITHOUT_PLUS.fullmatch(digits)):
                found.add(_UK)
            elif digits.startswith("00") and len(digits) >= 11 and digits[2] != "0":
                found.add(_ABROAD)
            if _is_grouped_as_one(own) and is_nhs_number(digits):
                found.add(_NHS)
    return found


def _keeps_together(groups: list[str]) -> bool:
    """Whether groups look like one number though it begins with no 0 or plus sign: few of them, or digit by digit."""
    return len(groups) <= _PARTS_WITHOUT_PLUS or all(len(group) == 1 for group in groups)


def _is_grouped_as_one(groups: list[str]) -> bool:
    """Whether ten digits are grouped as an NHS number may be: 3-3-4, digit by digit, or in few parts, none a year."""
    sizes = [len(group) for group in groups]
    if sizes == [3, 3, 4] or set(sizes) == {1}:
        return True
    return len(sizes) <= 4 and min(sizes) >= 2 and not any(re.fullmatch(_YEAR, group) for group in groups)


def _plain(text: str) -> str:
    """``text`` in plain letters and digits: compatibility forms resolved, marks and invisible characters gone."""
    resolved = unicodedata.normalize("NFKC", text)
    if resolved.isascii():
        return resolved
    seen = (c for c in resolved if unicodedata.category(c) not in ("Cf", "Mn", "Me"))
    return "".join(c if c.isascii() else str(unicodedata.decimal(c, c)) for c in seen)


def _without_books(text: str) -> str:
    """``text`` without ISBNs: thirteen digits from 978 or 979, or ten that are named so or parted by three hyphens."""

    def other(match: re.Match[str]) -> str:
        code = re.sub(r"[-\s]", "", match["code"]).upper()
        is_shaped = re.fullmatch(r"[0-9]{1,5}-[0-9]{1,7}-[0-9]{1,7}-[0-9X]", match["code"], re.IGNORECASE)
        is_ten = _is_isbn10(code) and (match["named"] or is_shaped)
        return " # " if is_ten or _is_isbn13(code) else match.group()

    return _BOOK.sub(other, text)


def _is_isbn10(code: str) -> bool:
    values = [10 if c == "X" else int(c) for c in code]
    return len(code) == 10 and sum(v * w for v, w in zip(values, range(10, 0, -1), strict=True)) % 11 == 0


def _is_isbn13(code: str) -> bool:
    if len(code) != 13 or not code.isdigit() or not code.startswith(("978", "979")):
        return False
    return sum(int(c) * (1, 3)[n % 2] for n, c in enumerate(code)) % 10 == 0


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits are a valid NHS number: weights 10 to 2, modulus 11 (NHS Data Dictionary, NHS NUMBER)."""
    if not re.fullmatch(r"[0-9]{10}", digits) or len(set(digits)) == 1:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    check = 11 - total % 11
    return check != 10 and check % 11 == int(digits[9])


def _refuse_personal_data(rows: list[list[str]], path: Path) -> None:
    columns = [cell.strip() if cell.strip() and not personal_data(cell) else "" for cell in rows[0]]
    found: dict[str, list[str]] = {}
    for number, row in enumerate(rows, 1):
        # Cell by cell: two cells side by side are not one number.
        where: dict[str, list[str]] = {}
        for position, cell in enumerate(row):
            column = (columns[position] if position < len(columns) else "") or f"column {position + 1}"
            for kind in personal_data(cell):
                where.setdefault(kind, []).append(column)
        for kind, names in sorted(where.items()):
            found.setdefault(kind, []).append(f"{number} ({', '.join(names)})")
    if found:
        listed = "\n".join(f"  {kind}: row(s) {first(places)}" for kind, places in found.items())
        raise RawFileError(
            f"{path}: this file is not used, because it seems to hold what could identify someone:\n{listed}\n"
            "  The map may be sent on by e-mail. Take these out of the file, not only off the screen, and run again."
        )
