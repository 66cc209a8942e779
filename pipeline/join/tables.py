"""Tidy tables onto areas, one row for each LSOA, every mismatch named."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.errors import JoinError, first
from pipeline.tables import Table
from pipeline.tables.membership import is_unique, places_among


@dataclass(frozen=True)
class Part:
    """A tidy table to join.

    Attributes:
        source: its name in messages. ``file``: the raw file that it was read from.
        required: whether a gap is an error.
        of_census: whether it counts people or households on Census Day.
    """

    table: Table
    frame: pd.DataFrame
    source: str
    required: bool = True
    file: str = ""
    of_census: bool = False

    @property
    def where(self) -> str:
        """The file it was read from, or else its source."""
        return self.file or self.source


@dataclass(frozen=True)
class Match:
    """How a table matched the areas; ``missing`` are areas it lacks."""

    source: str
    matched: int
    of: int
    missing: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.source}: {self.matched:,} of {self.of:,}"


@dataclass(frozen=True)
class Joined:
    """The joined frame, how every table matched, and the source of each joined column."""

    frame: pd.DataFrame
    matches: tuple[Match, ...]
    sources: dict[str, str]


def join(
    areas: pd.DataFrame,
    parts: Sequence[Part],
    geography: str = "lsoa21",
    former: Callable[[], Mapping[str, str]] | None = None,
) -> Joined:
    """Left-join every part onto ``areas``, one to one, on ``lsoa21_code``.

    Columns that ``areas`` already has are kept. ``former`` gives the codes of LSOAs of 2011 that no longer exist, with
    what became of them: it is asked where a table lacks LSOAs, and makes the message about another vintage precise.

    Raises:
        JoinError: a table of another vintage, a key that is not unique on either side, or a required table that lacks
            areas.
    """
    if areas["lsoa21_code"].duplicated().any():
        raise JoinError(
            f"The areas appear more than once: {first(areas.loc[areas.lsoa21_code.duplicated(), 'lsoa21_code'])}"
        )
    matches: list[Match] = []
    sources: dict[str, str] = {}
    frames, there = [areas], set(areas.columns)
    for part in parts:
        _refuse_other_vintage(part, geography)
        codes = part.frame["lsoa21_code"]
        rows = places_among(areas["lsoa21_code"], codes)
        match = Match(part.source, int((rows >= 0).sum()), len(areas), tuple(areas["lsoa21_code"][rows < 0]))
        if match.missing and part.required:
            raise JoinError(_gap_message(match, part, former() if former is not None else {}))
        matches.append(match)
        if not is_unique(codes):
            raise JoinError(
                f"{part.source}: expected one row for each LSOA: Merge keys are not unique in right dataset; not a "
                "one-to-one merge"
            )
        compared = {column.name for column in part.table.columns if column.compared_only}
        new = [column for column in part.frame.columns if column not in there | compared]
        there |= set(new)
        sources |= dict.fromkeys(new, part.source)
        frames.append(_taken(part.frame[new], rows, areas.index))
    return Joined(pd.concat(frames, axis=1), tuple(matches), sources)


def _taken(frame: pd.DataFrame, rows: NDArray[np.int64], index: pd.Index) -> pd.DataFrame:
    """The rows of ``frame`` at the places ``rows``, and missing values where there is none (-1)."""
    if (rows >= 0).all():
        same = len(rows) == len(frame) and bool((rows == np.arange(len(rows))).all())
        return (frame if same else frame.take(rows)).set_axis(index, axis=0)
    return frame.reset_index(drop=True).reindex(pd.Index(np.where(rows < 0, len(frame), rows))).set_axis(index, axis=0)


def _refuse_other_vintage(part: Part, geography: str) -> None:
    if part.table.geography != geography or part.table.key != f"{geography}_code":
        raise JoinError(
            f"{part.source}: its areas are '{part.table.geography}', the boundaries are '{geography}'. "
            "LSOA 2011 and 2021 share most codes but not all areas: convert it with the lsoa11_lsoa21 lookup first."
        )


def _gap_message(match: Match, part: Part, former: Mapping[str, str]) -> str:
    lines = [
        f"{part.where}: {len(match.missing):,} of the {match.of:,} LSOAs of the area are not in it: "
        f"{first(match.missing)}",
    ]
    old = [code for code in part.frame["lsoa21_code"] if code in former]
    if old:
        changed = [f"{code} (now {former[code]})" for code in old]
        lines.append(f"  It has {len(old):,} code(s) of LSOAs of 2011 that no longer exist: {first(changed)}")
        lines.append("  This looks like a table of LSOAs of 2011. Get the release for LSOAs of 2021.")
    else:
        lines.append("  Fetch the source again, or check that it covers all of England.")
    return "\n".join(lines)
