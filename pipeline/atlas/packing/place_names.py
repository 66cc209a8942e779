"""Names of places in few bytes: one name for each MSOA, its words taken from wards and district, and how each ends."""

import re
import string
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.atlas.contract import PlaceNamesColumn, Stream
from pipeline.reading.codes import msoa_names
from pipeline.tables import ENDING

WORD = re.compile(r"[^ ,&]+")
LINE = "\n"
REFERENCES = string.digits + string.ascii_lowercase
"""Each means a word of the wards and district of an MSOA, in their order."""
LITERAL = "="
"""Before a word that would be read as one of them."""
LETTER, NUMBER = " (*)", " (#)"
"""Endings made of the official name: its letter, and its number with its letter."""
UNPLACED = Stream(width=1, delta=False, along=None, at=(0, 0))
"""Of a column whose numbers have no bytes yet."""
NEEDED = ("lsoa21_name", "ward_name", "lad_name", "place_name")


def pack_place_names(table: pd.DataFrame) -> tuple[PlaceNamesColumn, npt.NDArray[np.int64]] | None:
    """The column ``place_name``; ``None`` where it cannot be told from the columns before it and a name for each MSOA.

    Args:
        table: ``lsoa21_name``, ``ward_name``, ``lad_name`` and ``place_name``.

    Returns:
        The column, and the number of each area's ending.
    """
    if not set(NEEDED) <= set(table.columns) or table["place_name"].isna().any() or table["lsoa21_name"].isna().any():
        return None
    official, wards, districts, given = (table[name].astype("object").tolist() for name in NEEDED)
    parts = [m.groups() if (m := ENDING.match(name)) else (name, "") for name in given]
    rows: dict[str, list[int]] = {}
    for row, msoa in enumerate(msoa_names(table["lsoa21_name"]).tolist()):
        rows.setdefault(msoa, []).append(row)
    names = []
    for inside in rows.values():
        shared = {parts[row][0] for row in inside}
        if all(parts[row][0] == wards[row] for row in inside):
            names.append("")
        elif len(shared) == 1 and LINE not in (name := shared.pop()):
            names.append(_shorten(name, [*(wards[row] for row in inside), *(districts[row] for row in inside)]))
        else:
            return None
    numbers = [name.rpartition(" ")[2] for name in official]
    endings = [
        LETTER if ending == f" ({number[-1:]})" else NUMBER if ending == f" ({number})" else ending
        for (_, ending), number in zip(parts, numbers, strict=True)
    ]
    codes, values = pd.factorize(np.array(endings, dtype=object))
    column = PlaceNamesColumn(names=LINE.join(names), endings=tuple(values), ending=UNPLACED)
    return column, codes.astype(np.int64)


def _shorten(name: str, around: Iterable[object]) -> str:
    """``name`` with a reference for each word that the names ``around`` it have, of which some are missing."""
    words = dict.fromkeys(
        word for other in dict.fromkeys(around) if isinstance(other, str) for word in WORD.findall(other)
    )
    references: dict[str, str] = dict(zip(words, REFERENCES, strict=False))

    def short(match: "re.Match[str]") -> str:
        word: str = match[0]
        plain = LITERAL + word if word.startswith(LITERAL) or word in REFERENCES else word
        return references.get(word, plain)

    return WORD.sub(short, name)
