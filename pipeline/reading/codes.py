"""Codes of areas as people write them: in lower case, with spaces, with names beside them, down a column or across."""

import re
import string
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.errors import RawFileError, first
from pipeline.reading.formats import read_sheet
from pipeline.reading.headers import RECOGNISED, loose
from pipeline.reading.records import read_records
from pipeline.reading.sheets import Layout, is_blank, plain

LSOA = re.compile(r"[EW]01[0-9]{6}")
OF_OTHER_NATIONS = re.compile(r"W01[0-9]{6}|S01[0-9]{6}|N[0-9]{8}|95[A-Z]{2}[0-9]{2}[A-Z][0-9]")
"""Small areas of Wales, Scotland and Northern Ireland: files for the United Kingdom have them."""
_CODE = re.compile(r"(?<![A-Z0-9])[A-Z][0-9]{8}(?![A-Z0-9])")
_WITH_NAME = re.compile(
    r"([A-Z][0-9]{8})\s*(?:$|[:;,|(\[\-–—]\s*.*|\s[A-Z].*)|.*[\s:;,|/#(\[\-–—]([A-Z][0-9]{8})[)\]]?"
)
_QUOTED = re.compile(r"=?([\"'\u2018\u2019])([A-Z0-9 ]+)\1|'([A-Z0-9 ]+)")
_OTHERS = {
    "E00": "an output area", "E02": "an MSOA", "E05": "a ward", "E06": "a unitary authority", "E07": "a district",
    "E08": "a metropolitan district", "E09": "a London borough", "E10": "a county", "E38": "a Sub-ICB location",
    "E54": "an ICB", "S01": "a data zone of Scotland", "S02": "an intermediate zone of Scotland",
}  # fmt: skip
"""What codes are of that are not LSOAs, by their first characters."""
_NEARLY = re.compile(r"[EW][0-9OIL]{7,9}")


def code_in(cell: object) -> str:
    """The nine-character code that a cell holds, in capitals and alone; else the cell as text.

    ``E01026419 : Broadland 001A``, ``Broadland 001A (E01026419)``, ``e01026419``, ``E01 026 419`` and ``="E01026419"``
    are the code E01026419. A cell with two codes is none.
    """
    text = plain(cell)
    capitals = text.upper()
    quoted = _QUOTED.fullmatch(capitals)
    capitals = (quoted[2] or quoted[3]).strip() if quoted else capitals
    bare = capitals.replace(" ", "")
    if re.fullmatch(r"[A-Z][0-9]{8}", bare):
        return bare
    beside = _WITH_NAME.fullmatch(capitals) if len(_CODE.findall(capitals)) == 1 else None
    return beside[1] or beside[2] if beside else text


def codes_in(cells: pd.Series) -> pd.Series:
    """The codes of a column, as :func:`code_in` has them."""
    text = (
        cells if pd.api.types.is_string_dtype(cells.dtype) and cells.dtype != object else cells.map(plain).astype("str")
    )
    plainly = text.str.fullmatch(r"[A-Z][0-9]{8}")
    return text if plainly.all() else text.where(plainly, text.map(code_in)).astype("str")


def explain(code: str) -> str:
    """A code that cannot be used, with what it may have been mistaken for."""
    several = _CODE.findall(code.upper())
    if len(several) > 1:
        return f"'{code:.40}' ({len(several):,} codes in one cell)"
    if len(several) == 1 and several[0] == code.upper() and several[0][:3] in _OTHERS:
        return f"'{code}' ({_OTHERS[several[0][:3]]})"
    if _NEARLY.fullmatch(code.upper()) and not LSOA.fullmatch(code.upper()):
        figures = code[0].upper() + code[1:].upper().translate(str.maketrans("OIL", "011"))
        if LSOA.fullmatch(figures) and figures != code.upper():
            return f"'{code}' (letters for figures: {figures}?)"
        return f"'{code}' ({len(code)} characters instead of 9)" if len(code) != 9 else f"'{code}'"
    return f"'{code}'"


def read_codes(path: Path, header: str | None = None) -> pd.Series:
    """A list of LSOA codes: down a column, with or without a header, or across one row; indexed by row.

    Where several columns hold codes, the one under ``header``, or whose header says that they are LSOAs of 2021.

    Raises:
        RawFileError: the file cannot be read, or a cell of the list is no code of an LSOA; by row.
    """
    if header is not None:
        sheet = read_sheet(path, [header])
        return _refuse_others(codes_in(sheet.column(header)).str.upper(), sheet.name)
    alone = "save the sheet with the list as a workbook of its own"
    records, name, _ = read_records(path, Layout(naming=alone))
    filled = [(n, record) for n, record in enumerate(records, 1) if any(not is_blank(cell) for cell in record)]
    if not filled:
        raise RawFileError(f"{name}: expected a list of LSOA codes, and the file is empty.")
    across = _row_of_codes(filled)
    if across is not None:
        row, entries = across
        return _refuse_others(pd.Series(entries, index=[row] * len(entries), dtype="str"), name)
    at, start = _column_of_codes(filled, name)
    column = [(n, record[at] if at < len(record) else "") for n, record in filled[start:]]
    listed = pd.Series([code_in(c) for _, c in column], index=[n for n, _ in column], dtype="str")
    beside = [
        f"row {n}: '{plain(cell):.30}'"
        for n, record in filled
        for cell in (c for place, c in enumerate(record) if place != at)
        if LSOA.fullmatch(code_in(cell))
    ]
    if beside and start == 0:
        raise RawFileError(
            f"{name}: {len(beside):,} more code(s) beside the first column: {first(beside, 5)}. Put one code in each "
            "row, or all of them in one row."
        )
    return _refuse_others(listed, name)


Filled = Sequence[tuple[int, Sequence[Any]]]
"""The rows that hold something, with their numbers."""


def _row_of_codes(filled: Filled) -> tuple[int, list[str]] | None:
    """The only row that holds codes, and what it lists; ``None`` where codes run down a column."""
    parted = [(n, [entry for cell in record for entry in _entries(cell)]) for n, record in filled]
    counts = [sum(1 for entry in entries if LSOA.fullmatch(entry)) for _, entries in parted]
    at = next((place for place, count in enumerate(counts) if count), None)
    if len(filled) == 1:
        return parted[0]
    if at is None or counts[at] < 2 or any(counts[at + 1 :]) or at + 1 < len(filled):
        return None
    # As many headers as codes: a table of one row.
    return None if at and sum(1 for cell in filled[at - 1][1] if not is_blank(cell)) == counts[at] else parted[at]


def _entries(cell: object) -> list[str]:
    """What a cell of a row lists: one code, with or without a name, or several."""
    if is_blank(cell):
        return []
    code = code_in(cell)
    if LSOA.fullmatch(code) or not _CODE.search(code.upper()):
        return [code]
    return [code_in(part) for part in re.split(r"[\s,;|\"'\[\](){}]+", code) if part]


def _column_of_codes(filled: Filled, name: str) -> tuple[int, int]:
    """Which column holds the codes, and how many of the rows are above them."""
    width = max(len(record) for _, record in filled)
    cells = [[code_in(record[place]) if place < len(record) else "" for _, record in filled] for place in range(width)]
    counts = [sum(1 for cell in column if LSOA.fullmatch(cell)) for column in cells]
    if not any(counts):
        # Codes of other areas, or several in a cell: each is named where the list is read.
        counts = [sum(1 for cell in column if _CODE.search(cell.upper())) for column in cells]
    if max(counts) < 2 and not any(LSOA.fullmatch(cell) for column in cells for cell in column):
        shown = [f"row {n}: {explain(plain(record[0]))}" for n, record in filled if record]
        raise RawFileError(f"{name}: expected LSOA codes such as E01026804; none is in it. It begins {first(shown, 3)}")
    holding = [place for place, count in enumerate(counts) if count * 2 >= max(counts)]
    start = next(n for n in range(len(filled)) if any(_perhaps_a_code(cells[place][n]) for place in holding))
    headers = [plain(cell) for cell in filled[start - 1][1]] if start else []
    if len(holding) > 1:
        forms = [loose(form) for form in RECOGNISED["code"]]
        named = sorted((p for p in holding if p < len(headers) and loose(headers[p]) in forms),
                       key=lambda p: forms.index(loose(headers[p])))  # fmt: skip
        if not named and start and any(cells[place][start:] != cells[holding[0]][start:] for place in holding):
            titles = [f"'{headers[p]}'" if p < len(headers) and headers[p] else f"column {p + 1}" for p in holding]
            raise RawFileError(
                f"{name}: {', '.join(titles)} all hold codes. Which is meant? Name it with lsoa_column, or take "
                "out the others."
            )
        holding = named[:1] or holding[:1]
    return holding[0], start


def _perhaps_a_code(cell: str) -> bool:
    """Whether a cell is, or was meant as, a code: notes and headers above the list are not."""
    return _CODE.search(cell.upper()) is not None or re.search(r"[0-9]{5}", cell) is not None


def list_wrong_codes(codes: pd.Series, also: str = LSOA.pattern) -> list[str]:
    """The rows whose code is none of an LSOA, nor of the form ``also``, each with what it may have been meant to be."""
    wrong = codes[~codes.str.fullmatch(LSOA.pattern) & ~codes.str.fullmatch(also)]
    return [f"row {row}: {explain(code)}" for row, code in wrong.items()]


def _refuse_others(listed: pd.Series, name: str) -> pd.Series:
    wrong = list_wrong_codes(listed)
    if wrong:
        raise RawFileError(
            f"{name}: {len(wrong):,} entries of the list are no LSOA code such as E01026804: {first(wrong)}. Correct "
            "them, or take them out."
        )
    return listed


def msoa_names(lsoa_names: "pd.Series[str]") -> "pd.Series[str]":
    """The name of each LSOA's MSOA: an LSOA is named after it, with a letter more (``Broadland 001A``; ONS)."""
    return lsoa_names.astype("str").str.rstrip(string.ascii_uppercase)


def unit_codes(areas: "pd.DataFrame", level: str) -> "pd.Series[str] | None":
    """The larger area of an official level (``ward``, ``msoa``, ``lad`` ...) that each LSOA lies in, by its code.

    An MSOA without a published code goes by its official name, as in the summaries. ``None`` where no column
    says.
    """
    if level != "msoa":
        return areas.get(f"{level}_code")
    official = msoa_names(areas["lsoa21_name"]).astype("object")
    return areas["msoa21_code"].astype("object").fillna(official) if "msoa21_code" in areas else official
