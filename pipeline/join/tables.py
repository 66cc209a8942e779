"""Tidy tables onto areas, one row for each LSOA, every mismatch named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.errors import JoinError, first
from pipeline.tables import Table
from pipeline.tables.membership import is_among


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
    former: Mapping[str, str] | None = None,
) -> Joined:
    """Left-join every part onto ``areas``, one to one, on ``lsoa21_code``.

    Columns that ``areas`` already has are kept. ``former`` maps the codes of LSOAs of 2011 that
    no longer exist to what became of them, which makes the message about a table of the wrong vintage precise.

    Raises:
        JoinError: a table of another vintage, a key that is not unique on either side, a required
            table that lacks areas, or rows that are lost or gained.
    """
    if areas["lsoa21_code"].duplicated().any():
        raise JoinError(
            f"The areas appear more than once: {first(areas.loc[areas.lsoa21_code.duplicated(), 'lsoa21_code'])}"
        )
    frame, matches = areas, []
    sources: dict[str, str] = {}
    for part in parts:
        _refuse_other_vintage(part, geography)
        match = _match(areas["lsoa21_code"], part)
        if match.missing and part.required:
            raise JoinError(_gap_message(match, part, former or {}))
        matches.append(match)
        compared = {column.name for column in part.table.columns if column.compared_only}
        columns = [c for c in part.frame.columns if c not in frame.columns and c not in compared]
        sources |= dict.fromkeys(columns, part.source)
        try:
            frame = frame.merge(
                part.frame[["lsoa21_code", *columns]], on="lsoa21_code", how="left", validate="one_to_one"
            )
        except pd.errors.MergeError as error:
            raise JoinError(f"{part.source}: expected one row for each LSOA: {error}") from error
    if list(frame["lsoa21_code"]) != list(areas["lsoa21_code"]):
        raise JoinError(f"The join changed the areas: {len(areas):,} before, {len(frame):,} after.")
    return Joined(frame, tuple(matches), sources)


def _refuse_other_vintage(part: Part, geography: str) -> None:
    if part.table.geography != geography or part.table.key != f"{geography}_code":
        raise JoinError(
            f"{part.source}: its areas are '{part.table.geography}', the boundaries are '{geography}'. "
            "LSOA 2011 and 2021 share most codes but not all areas: convert it with the lsoa11_lsoa21 lookup first."
        )


def _match(codes: "pd.Series[str]", part: Part) -> Match:
    matched = is_among(codes, part.frame["lsoa21_code"])
    return Match(
        source=part.source,
        matched=int(matched.sum()),
        of=len(codes),
        missing=tuple(codes[~matched]),
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
