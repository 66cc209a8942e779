"""GP practices: the NHS Organisation Data Service's list of prescribing practices, ``epraccur``."""

import csv
import io
import re
import zipfile
from pathlib import Path

import pandas as pd

from pipeline.errors import RawFileError, first

CODE, NAME, POSTCODE, CLOSED, STATUS, SETTING = 0, 1, 9, 11, 12, 25
"""Places of the columns: the file has no header."""
FEWEST_COLUMNS = 26
ACTIVE, GP_PRACTICE = "A", "4"
_CODE = re.compile(r"[A-Z0-9]{6}")


def tidy_gp_practices(path: Path) -> pd.DataFrame:
    """Active GP practices of England and Wales (status ``A``, prescribing setting ``4``).

    Returns:
        One row for each: ``row`` (line of the file), ``id`` (kind and ODS code), ``name``, ``kind`` (``gp_practice``),
        ``postcode``, ``x``, ``y`` (always missing: the file has no coordinates), ``opening``, ``hours``.

    Raises:
        RawFileError: no such layout; the rows are named.
    """
    rows = list(csv.reader(io.StringIO(_text(path), newline="")))
    short = [str(n) for n, row in enumerate(rows, 1) if row and len(row) < FEWEST_COLUMNS]
    if short or not rows:
        raise RawFileError(
            f"{path}: expected at least {FEWEST_COLUMNS} columns and no header, as in epraccur; fewer in row(s) "
            f"{first(short) or 'none: the file is empty'}"
        )
    odd = [f"{n} ('{row[CODE]}')" for n, row in enumerate(rows, 1) if row and not _CODE.fullmatch(row[CODE].strip())]
    if odd:
        raise RawFileError(
            f"{path}: the first column should hold practice codes of six letters and figures, and there should be no "
            f"header; not so in row(s) {first(odd)}"
        )
    kept = [
        {
            "row": number,
            "id": f"gp_practice-{row[CODE].strip()}",
            "name": tidy_name(row[NAME]),
            "kind": "gp_practice",
            "postcode": row[POSTCODE].strip(),
        }
        for number, row in enumerate(rows, 1)
        if row and row[STATUS].strip() == ACTIVE and row[SETTING].strip() == GP_PRACTICE and not row[CLOSED].strip()
    ]
    if not kept:
        raise RawFileError(f"{path}: no active GP practice (13th column A, 26th column 4) in {len(rows):,} rows.")
    missing = float("nan")
    return pd.DataFrame(kept).assign(x=missing, y=missing, opening="", hours=missing)


def tidy_name(name: str) -> str:
    """A name in capitals as one reads it: ``THE DENSHAM SURGERY`` to ``The Densham Surgery``."""
    words = [w if re.fullmatch(r"(?i)[IVX]+|\W*", w) else w.capitalize() for w in name.strip().split()]
    small = {"and", "at", "in", "of", "on", "the", "by"}
    return " ".join(w.lower() if n and w.lower() in small else w for n, w in enumerate(words))


def _text(path: Path) -> str:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.namelist() if m.lower().endswith("epraccur.csv")]
            if len(members) != 1:
                raise RawFileError(f"{path}: expected one epraccur.csv inside; found {first(archive.namelist())}")
            content = archive.read(members[0])
    else:
        content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")
