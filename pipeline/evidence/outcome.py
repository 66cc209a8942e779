"""An outcome by LSOA of 2011 or of 2021, matched to the LSOAs of 2021 without guessing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from pipeline.errors import EvidenceError, first
from pipeline.tables import is_among

LSOA = re.compile(r"[EW]01\d{6}")
Vintage = Literal["2011", "2021"]

NO_VALUE = "have no value"
CHANGED = "are LSOAs of 2011 that were split, merged or redrawn by 2021"
UNKNOWN = "are not LSOAs of this nation"


@dataclass(frozen=True)
class Outcome:
    """Something that was observed in neighbourhoods.

    Attributes:
        name: its name in reports.
        values: as given, one for each LSOA of 2021 that has one, indexed by ``lsoa21_code``.
        higher_is_better: whether a high value is good.
        vintage: the year of its codes.
        rows: the number of areas it was given for.
        left_out: the number of those that could not be used, by reason.
    """

    name: str
    values: pd.Series
    higher_is_better: bool
    vintage: Vintage
    rows: int
    left_out: Mapping[str, int]

    @property
    def harm(self) -> pd.Series:
        """The values turned so that higher is worse, as risk scores are."""
        return -self.values if self.higher_is_better else self.values

    def __str__(self) -> str:
        lost = "; ".join(f"{count:,} {reason}" for reason, count in self.left_out.items() if count)
        return (
            f"{self.name}: {self.rows:,} areas by LSOA {self.vintage} code, {len(self.values):,} of them used"
            f"{f' ({lost})' if lost else ''}; {'higher is better' if self.higher_is_better else 'higher is worse'}"
        )


def find_code_column(frame: pd.DataFrame, asked: str | None, name: str) -> str:
    """The column that holds LSOA codes: the one ``asked`` for, or the only one whose values all look like codes.

    Raises:
        EvidenceError: there is no such column, or more than one.
    """
    if asked is not None:
        if asked not in frame.columns:
            raise EvidenceError(f"{name}: there is no column '{asked}'. Columns found: {first(frame.columns)}")
        return asked
    fitting = [
        str(column)
        for column in frame.columns
        if len(frame) and frame[column].astype(str).str.strip().str.fullmatch(LSOA.pattern).all()
    ]
    if len(fitting) != 1:
        raise EvidenceError(
            f"{name}: expected one column of LSOA codes such as E01026804; found {', '.join(fitting) or 'none'}. "
            f"Name it with --code-column. Columns found: {first(frame.columns)}"
        )
    return fitting[0]


def match_outcome(
    values: pd.Series, nation: pd.Index, changes: pd.DataFrame | None, *, higher_is_better: bool, name: str
) -> Outcome:
    """Match ``values`` (indexed by LSOA code of either year) to the LSOAs of 2021.

    The year is recognised by the codes that only one year has. A code that both years have can mean two areas, so only
    those LSOAs of 2011 are used that did not change (CHGIND U).

    Args:
        values: numbers, NaN where there is none.
        nation: the codes of all LSOAs of 2021 of the nation.
        changes: ``lsoa11_code, lsoa21_code, change``; if left out, codes of 2011 are refused.
        higher_is_better: whether a high value is good.
        name: the name of the outcome in reports and errors.

    Raises:
        EvidenceError: a code appears twice, codes of both years are mixed, nothing is left, or all values are equal.
    """
    twice = values.index[values.index.duplicated()]
    if len(twice):
        raise EvidenceError(f"{name}: {len(twice):,} LSOA(s) appear more than once: {first(sorted(set(twice)))}")
    vintage = _vintage(values.index, changes, name)
    unchanged = nation
    if vintage == "2011" and changes is not None:
        unchanged = pd.Index(changes.loc[changes["change"] == "U", "lsoa21_code"]).intersection(nation)
    of_nation = is_among(values.index, unchanged)
    changed = is_among(values.index, _former(changes)) & ~of_nation
    present = values.notna().to_numpy()
    kept = values[of_nation & present].sort_index().astype("float64")
    if len(kept) == 0:
        raise EvidenceError(
            f"{name}: none of its {len(values):,} areas is an LSOA of this nation with a value. "
            f"Codes found: {first(values.index, 5)}"
        )
    if kept.min() == kept.max():
        raise EvidenceError(f"{name}: all {len(kept):,} areas have the same value, {kept.iloc[0]:g}.")
    left_out = {
        NO_VALUE: int((of_nation & ~present).sum()),
        CHANGED: int(changed.sum()),
        UNKNOWN: int((~of_nation & ~changed).sum()),
    }
    kept.index.name = "lsoa21_code"
    return Outcome(name, kept, higher_is_better, vintage, len(values), left_out)


def _vintage(codes: pd.Index, changes: pd.DataFrame | None, name: str) -> Vintage:
    if changes is None:
        return "2021"
    new, old = is_among(codes, changes["lsoa21_code"]), is_among(codes, changes["lsoa11_code"])
    only_new, only_old = codes[new & ~old], codes[old & ~new]
    if len(only_new) and len(only_old):
        raise EvidenceError(
            f"{name}: it mixes LSOAs of two years: {len(only_old):,} code(s) of 2011 that no longer exist "
            f"({first(only_old, 5)}) and {len(only_new):,} of 2021 that did not exist before ({first(only_new, 5)})."
        )
    return "2011" if len(only_old) else "2021"


def _former(changes: pd.DataFrame | None) -> pd.Index:
    return pd.Index([]) if changes is None else pd.Index(changes.loc[changes["change"] != "U", "lsoa11_code"])
