"""Codes of areas as people write them: in lower case, with spaces, with names beside them, down a column or across."""

import re
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
_WITH_NAME = re.compile(r"([A-Z][0-9]{8})\s*(?:$|[:;,|(\[\-–—]\s*.*|\s[A-Z].*)")
_NEARLY = re.compile(r"[EW][0-9OIL]{7,9}")


def code_in(cell: object) -> str:
    """The nine-character code that a cell holds, in capitals and alone; else the cell as text.

    ``E01026419 : Broadland 001A``, ``e01026419`` and ``E01 026 419`` are the code E01026419.
    """
    text = plain(cell)
    capitals = text.upper()
    bare = capitals.replace(" ", "")
    if re.fullmatch(r"[A-Z][0-9]{8}", bare):
        return bare
    beside = _WITH_NAME.fullmatch(capitals)
    return beside[1] if beside else text


def codes_in(cells: pd.Series) -> pd.Series:
    """The codes of a column, as :func:`code_in` has them."""
    text = (
        cells if pd.api.types.is_string_dtype(cells.dtype) and cells.dtype != object else cells.map(plain).astype("str")
    )
    plainly = text.str.fullmatch(r"[A-Z][0-9]{8}")
    return text if plainly.all() else text.where(plainly, text.map(code_in)).astype("str")


def explain(code: str) -> str:
    """A code that cannot be used, with what it may have been mistaken for."""
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
    records, name = read_records(path, Layout())
    filled = [(n, record) for n, record in enumerate(records, 1) if any(not is_blank(cell) for cell in record)]
    if not filled:
        raise RawFileError(f"{name}: expected a list of LSOA codes, and the file is empty.")
    if len(filled) == 1:
        row, cells = filled[0]
        across = [code_in(cell) for cell in cells if not is_blank(cell)]
        return _refuse_others(pd.Series(across, index=[row] * len(across), dtype="str"), name)
    at, has_header = _column_of_codes(filled, name)
    column = [(n, record[at] if at < len(record) else "") for n, record in filled[1 if has_header else 0 :]]
    listed = pd.Series([code_in(c) for _, c in column], index=[n for n, _ in column], dtype="str")
    beside = [
        f"row {n}: '{plain(cell):.30}'"
        for n, record in filled
        for cell in (c for place, c in enumerate(record) if place != at)
        if LSOA.fullmatch(code_in(cell))
    ]
    if beside and not has_header:
        raise RawFileError(
            f"{name}: {len(beside):,} more code(s) beside the first column: {first(beside, 5)}. Put one code in each "
            "row, or all of them in one row."
        )
    return _refuse_others(listed, name)


def _column_of_codes(filled: Sequence[tuple[int, Sequence[Any]]], name: str) -> tuple[int, bool]:
    """Which column holds the codes, and whether its first cell is a header."""
    width = max(len(record) for _, record in filled)
    counts = [
        sum(1 for _, record in filled if place < len(record) and LSOA.fullmatch(code_in(record[place])))
        for place in range(width)
    ]
    if not any(counts):
        shown = [f"row {n}: {explain(plain(record[0]))}" for n, record in filled if record]
        raise RawFileError(f"{name}: expected LSOA codes such as E01026804; none is in it. It begins {first(shown, 3)}")
    headers = [plain(cell) for cell in filled[0][1]]
    holding = [place for place, count in enumerate(counts) if count * 2 >= max(counts)]
    if len(holding) > 1:
        forms = [loose(form) for form in RECOGNISED["code"]]
        named = sorted((p for p in holding if p < len(headers) and loose(headers[p]) in forms),
                       key=lambda p: forms.index(loose(headers[p])))  # fmt: skip
        holding = named[:1] or holding[:1]
    at = holding[0]
    top = code_in(filled[0][1][at]) if at < len(filled[0][1]) else ""
    return at, not LSOA.fullmatch(top) and not re.search(r"[0-9]{5}", top)


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
