"""GP practices: the NHS Organisation Data Service's list of prescribing practices, ``epraccur``."""

import csv
import io
import re
import zipfile
from pathlib import Path

import pandas as pd

from pipeline.errors import RawFileError, first
from pipeline.tables import validate
from pipeline.tidy.place_lists import place_list
from pipeline.tidy.registry import reader

CODE, NAME, POSTCODE, CLOSED, STATUS, SETTING = 0, 1, 9, 11, 12, 25
"""Positions of the columns: the file has no header."""
FEWEST_COLUMNS = 26
ACTIVE, GP_PRACTICE = "A", "4"
_CODE = re.compile(r"[A-Z0-9]{6}")

GP_PRACTICES = place_list("gp_practices", "GP practices", "gp_practices")


@reader("gp_practices", GP_PRACTICES, "placed")
def tidy_gp_practices(path: Path) -> pd.DataFrame:
    """Active GP practices of England and Wales (status ``A``, prescribing setting ``4``).

    Returns:
        Table ``gp_practices``: one row for each; ``place_id`` is kind and ODS code. ``x``, ``y``, ``opening`` and
        ``hours`` are always missing, as the file has none.

    Raises:
        RawFileError: the file has a different layout; the rows are named.
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
            "file_row": number,
            "place_id": f"gp_practice-{row[CODE].strip()}",
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
    frame = pd.DataFrame(kept).assign(x=missing, y=missing, hours=missing)
    frame["opening"] = pd.Series(None, index=frame.index, dtype="str")
    frame["postcode"] = frame["postcode"].where(frame["postcode"] != "")
    frame = frame[GP_PRACTICES.names]
    validate(frame, GP_PRACTICES, str(path))
    return frame


def tidy_name(name: str) -> str:
    """A name in capitals, in ordinary case: ``THE DENSHAM SURGERY`` to ``The Densham Surgery``."""
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
