"""The two runs of a comparison, on one geography, and what may be compared at all."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from pipeline.catalogue import Index
from pipeline.catalogue.areas import Reference
from pipeline.catalogue.fits import Loss
from pipeline.errors import CompareError, command, first

SideKind = Literal["run", "release"]


@dataclass(frozen=True)
class Side:
    """One of two runs, or of two releases of an index.

    Attributes:
        title: what readers call it. ``date``: when its scores were built, or its release, YYYY-MM-DD or a year.
        kind: a run of this program, or a release of a published index.
        area: the id of the area. ``reference``: what indicators are compared with.
        index: how indicators become scores. ``loss``: how much less other weights agree with outcomes; may be None.
        areas: what is known of the area's LSOAs, by LSOA 2021 code: with ``rank`` among those compared with and
            ``area_rank`` within the area, 1 = highest risk, as published.
        compared: the index's columns of all LSOAs that indicators are compared with, by code, in the order of codes.
        redrawn: of LSOAs whose value was carried over from another outline, how the outline changed, by code.
    """

    title: str
    date: str
    kind: SideKind
    area: str
    reference: Reference
    index: Index
    loss: Loss | None
    areas: pd.DataFrame
    compared: pd.DataFrame
    redrawn: pd.Series


def refuse_incomparable(old: Side, new: Side) -> None:
    """Refuse two sides whose ranks do not mean the same.

    Raises:
        CompareError: which difference it is, and what to do about it.
    """
    if old.kind != new.kind:
        raise CompareError(
            f"{old.title} is a {old.kind} and {new.title} a {new.kind}: a run is compared with a run, a release with a "
            "release."
        )
    if old.area != new.area:
        raise CompareError(
            f"{old.title} is of {old.area} and {new.title} of {new.area}: a comparison is of one area at two times. "
            "Give two runs of one area."
        )
    if old.reference != new.reference:
        said = {"england": "all of England", "area": "this area alone"}
        raise CompareError(
            f"{old.title} compares indicators with {said[old.reference]}, {new.title} with {said[new.reference]}: "
            f"ranks by two references do not mean the same. Set the same reference for {old.area} in "
            f"declared/areas.toml, build it ({command('maps', old.area)}), and keep that run."
        )
    codes = [side.compared.index for side in (old, new)]
    lacking = [codes[0].difference(codes[1]), codes[1].difference(codes[0])]
    if any(map(len, lacking)):
        raise CompareError(
            f"{old.title} and {new.title} are compared with different LSOAs: {len(lacking[0]):,} are in the first "
            f"alone ({first(lacking[0], 5) or 'none'}) and {len(lacking[1]):,} in the second alone "
            f"({first(lacking[1], 5) or 'none'}). Ranks among different areas do not mean the same. Values by LSOAs of "
            '2011 are carried over to those of 2021 by the official lookup first (vintage = "lsoa11" in '
            "declared/indicators.toml); of an area that is its own reference, keep two runs of one definition."
        )
    if not len(old.areas.index.intersection(new.areas.index)):
        raise CompareError(f"{old.title} and {new.title} have no LSOA in common, so there is nothing to compare.")


def columns_of(old: Side, new: Side) -> list[str]:
    """The columns that either index reads, each once."""
    return list(dict.fromkeys([*old.index.columns, *new.index.columns]))


def fill_from_each_other(old: Side, new: Side) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The columns of both indices on each side, in one order of rows; one that only one side has is taken from there.

    An indicator that came or went is a change of the index, not of a value.

    Raises:
        CompareError: a column that an index reads is on neither side.
    """
    frames = []
    for side, other in ((old, new), (new, old)):
        columns = {}
        for name in columns_of(old, new):
            there = side.compared if name in side.compared else other.compared
            if name not in there:
                raise CompareError(f"Neither {side.title} nor {other.title} has the column {name} that an index reads.")
            columns[name] = there[name].reindex(old.compared.index)
        frames.append(pd.DataFrame(columns))
    return frames[0], frames[1]


def changed_values(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Where a value differs between two frames of the same rows and columns; two missing values do not."""
    same = (old.to_numpy() == new.to_numpy()) | (old.isna() & new.isna()).to_numpy()
    return pd.DataFrame(~same, index=old.index, columns=old.columns)


def as_position(rank: np.ndarray, count: int) -> np.ndarray:
    """Ranks among ``count`` areas as the percentage of them with lower risk, the area itself counting half."""
    return np.asarray(100.0 * (count - rank + 0.5) / count)
