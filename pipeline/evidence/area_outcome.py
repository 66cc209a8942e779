"""An outcome of larger areas, or of GP practices, and the LSOAs that each of them is made of.

A score is of LSOAs. It is compared with such an outcome by its mean over the LSOAs of each area, weighted by their
residents (or by the weights of a lookup, such as the patients of a practice who live in an LSOA).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue import DeclaredOutcome
from pipeline.errors import EvidenceError, first
from pipeline.evidence.outcome import NO_VALUE, Measure

HALF_WIDTH = 1.959963984540054
"""Half the width of a 95% interval of a normal distribution, in standard errors."""
FEWEST_UNITS = 6
"""Of fewer areas than this, a rank correlation says nothing at all."""
LEAST_COVERED = 0.5
"""The share of a unit's weight that must lie in LSOAs of this nation for its mean to be of use."""

NO_LSOA = "have no LSOA of this nation"
COVERED_IN_PART = "have less than half of their weight in LSOAs of this nation"


@dataclass(frozen=True)
class GivenAreas:
    """The values of an outcome by unit, NaN where there is none; the standard error of each; notes on its file."""

    values: pd.Series
    error: pd.Series | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class AreaOutcome:
    """Something that was observed in larger areas or of practices.

    Attributes:
        name: its name in reports. ``title``: the same in words.
        values: one for each area, indexed by ``unit`` (a code or a name), in the outcome's unit.
        higher_is_better: whether a high value is good.
        level: what the areas are: ``msoa``, ``district``, ``icb``, ``nuts3`` or ``practice``.
        membership: ``unit, lsoa21_code, weight``: the LSOAs of each area, weight above 0 (residents, patients); one row
            for each pair. A LSOA may be in several practices, and need be in none.
        rows: the number of areas it was given for. ``left_out``: how many of those could not be used, by reason.
        measure: ``value`` or ``survey``.
        error: of a survey, the standard error of each value, indexed as ``values``; ``None`` where there is none.
    """

    name: str
    values: pd.Series
    higher_is_better: bool
    level: str
    membership: pd.DataFrame
    rows: int
    left_out: Mapping[str, int]
    measure: Measure = "value"
    error: pd.Series | None = None
    title: str = ""

    @property
    def harm(self) -> pd.Series:
        """The values turned so that higher is worse, as risk scores are."""
        return -self.values if self.higher_is_better else self.values

    @property
    def reliability(self) -> float | None:
        """The share of the variance between areas that is not error of the sample; ``None`` where it has no error.

        1 − mean error variance / variance of the values (Spearman 1910), at least 0. The error is what the published
        95% limits say, so that a part of it that they do not show is not in it.
        """
        return None if self.error is None else reliability_of(self.values, self.error)

    def scores_of(self, scores: pd.DataFrame) -> pd.DataFrame:
        """The weighted mean of every column over the LSOAs of each area, indexed as ``values``.

        Args:
            scores: numbers of all LSOAs of the nation, indexed by code; none missing.
        """
        pairs = self.membership
        weight = pairs["weight"].to_numpy(dtype="float64")
        weighted = pd.DataFrame(
            scores.loc[pairs["lsoa21_code"]].to_numpy(dtype="float64") * weight[:, None],
            index=pairs["unit"].to_numpy(),
            columns=scores.columns,
        )
        total = pd.Series(weight, index=weighted.index).groupby(level=0).sum()
        return weighted.groupby(level=0).sum().div(total, axis=0).loc[self.values.index]

    def mostly_in(self, places: pd.Series) -> NDArray[np.object_]:
        """For each area, in the order of ``values``, the one of ``places`` (by LSOA) that has most of its weight."""
        pairs = self.membership.assign(place=places.loc[self.membership["lsoa21_code"]].to_numpy())
        total = pairs.groupby(["unit", "place"])["weight"].sum().reset_index()
        largest = total.sort_values(["weight", "place"], ascending=[False, True]).drop_duplicates("unit")
        return np.asarray(largest.set_index("unit")["place"].loc[self.values.index].to_numpy(), dtype=object)

    def __str__(self) -> str:
        lost = "; ".join(f"{count:,} {reason}" for reason, count in self.left_out.items() if count)
        return (
            f"{self.name}: {self.rows:,} areas ({self.level}), {len(self.values):,} of them used"
            f"{f' ({lost})' if lost else ''}; {'higher is better' if self.higher_is_better else 'higher is worse'}"
        )


def reliability_of(values: pd.Series, error: pd.Series) -> float:
    """1 − mean error variance / variance of ``values``, at least 0; see :attr:`AreaOutcome.reliability`."""
    between = float(values.var(ddof=1))
    return max(0.0, 1 - float((error**2).mean()) / between) if between > 0 else 0.0


def error_of_limits(values: pd.Series, low: pd.Series, high: pd.Series) -> pd.Series:
    """The standard error of each value from the limits of its 95% interval.

    Where the lower limit is not given, because it would be below 0, the upper one says it.
    """
    both = (high - low) / (2 * HALF_WIDTH)
    return both.where(low.notna(), (high - values) / HALF_WIDTH)


def match_area_outcome(
    declared: DeclaredOutcome, given: GivenAreas, membership: pd.DataFrame, nation: pd.Index
) -> AreaOutcome:
    """The units of ``given`` that have a value and LSOAs in this nation.

    Args:
        declared: what was observed, and at which level.
        given: the values.
        membership: ``unit, lsoa21_code, weight``; LSOAs that are not of the ``nation`` count in a unit's weight, so
            that units of which most lies elsewhere are left out.
        nation: the codes of all LSOAs of the nation.

    Raises:
        EvidenceError: a unit appears twice, too few can be used, or all have the same value.
    """
    values, name = given.values, declared.id
    twice = values.index[values.index.duplicated()]
    if len(twice):
        raise EvidenceError(f"{name}: {len(twice):,} area(s) appear more than once: {first(sorted(set(twice)))}")
    here = membership[membership["lsoa21_code"].isin(nation) & (membership["weight"] > 0)]
    total = membership.groupby("unit")["weight"].sum()
    covered = here.groupby("unit")["weight"].sum().div(total).reindex(values.index)
    present, some = values.notna(), covered.notna()
    enough = covered.fillna(0) >= LEAST_COVERED
    kept = values[present & enough].astype("float64").sort_index()
    if len(kept) < FEWEST_UNITS:
        raise EvidenceError(
            f"{name}: {len(kept):,} of its {len(values):,} areas have a value and LSOAs of this nation; at least "
            f"{FEWEST_UNITS} are needed. Areas in it: {first([str(unit) for unit in values.index], 5)}. Areas of the "
            f"nation: {first(sorted(map(str, total.index)), 5)}"
        )
    if kept.min() == kept.max():
        raise EvidenceError(f"{name}: all {len(kept):,} areas have the same value, {kept.iloc[0]:g}.")
    kept.index.name = "unit"
    left_out = {
        NO_VALUE: int((some & ~present).sum()),
        NO_LSOA: int((~some).sum()),
        COVERED_IN_PART: int((present & some & ~enough).sum()),
    }
    pairs = here[here["unit"].isin(kept.index)].sort_values(["unit", "lsoa21_code"]).reset_index(drop=True)
    return AreaOutcome(
        name=name,
        values=kept,
        higher_is_better=declared.higher_is_better,
        level=declared.level,
        membership=pairs[["unit", "lsoa21_code", "weight"]],
        rows=len(values),
        left_out=left_out,
        measure=declared.measure,
        error=None if given.error is None else given.error.loc[kept.index].astype("float64"),
        title=declared.title,
    )
