"""How many people are likely to be shut out: residents by age and published rates. Always an estimate."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.catalogue.rates import Band, Rates
from pipeline.errors import ScoringError, first


@dataclass(frozen=True)
class Covered:
    """How many people a worst-tenth list covers, and how many it misses; people, and a share from 0 to 1."""

    inside: float
    missed: float

    @property
    def share(self) -> float:
        """The part of all people at risk who live in the listed areas; 0 where there are none at all."""
        total = self.inside + self.missed
        return self.inside / total if total > 0 else 0.0


def people_at_risk(areas: pd.DataFrame, rates: Rates, nation: pd.DataFrame | None = None) -> pd.DataFrame:
    """``people_at_risk``, ``people_at_risk_low`` and ``people_at_risk_high``: an estimate, in people, for each area.

    Σ over age bands of residents × the band's share of adults × its rate. Low and high are two published measures
    (not using the internet; lacking basic skills), not a confidence interval. The middle lies ``rates.middle`` of
    the way between. With scaling (see :class:`pipeline.catalogue.rates.Scaling`) nobody's rate passes 1.

    Args:
        areas: the bands' columns and the total, one row for each area.
        nation: all areas of the nation, likewise: scaling keeps its total as published. Default: ``areas``.

    Raises:
        ScoringError: a column is missing or negative, or the bands hold more people than the total.
    """
    whole = areas if nation is None else nation
    low, high = np.zeros(len(areas)), np.zeros(len(areas))
    for band in rates.bands:
        own, all_people = _residents(areas, band, rates), _residents(whole, band, rates)
        low += own * _scaled(band.low.value, areas, whole, all_people, rates)
        high += own * _scaled(band.high.value, areas, whole, all_people, rates)
    # Scaling bends low and high each by its own cap.
    high = np.maximum(low, high)
    middle = low + rates.middle * (high - low)
    columns = {"people_at_risk": middle, "people_at_risk_low": low, "people_at_risk_high": high}
    return pd.DataFrame(columns, index=areas.index)


def covered(people: pd.Series, decile: pd.Series) -> Covered:
    """How many of ``people`` live in the areas of decile 1, and how many elsewhere."""
    listed = (decile == 1).to_numpy()
    values = people.to_numpy(dtype="float64")
    return Covered(float(values[listed].sum()), float(values[~listed].sum()))


def _residents(areas: pd.DataFrame, band: Band, rates: Rates) -> np.ndarray:
    if band.column is not None:
        residents = _column(areas, band.column)
    else:
        others = [_column(areas, b.column) for b in rates.bands if b.column is not None]
        residents = _column(areas, rates.total) - np.sum(others, axis=0)
        wrong = areas.index[residents < 0]
        if len(wrong):
            raise ScoringError(
                f"{len(wrong):,} area(s) have more residents in the age bands than in all: {first(wrong)}"
            )
    return residents * (band.adults.value if band.adults is not None else 1.0)


def _column(areas: pd.DataFrame, name: str) -> np.ndarray:
    if name not in areas.columns:
        raise ScoringError(f"declared/rates.toml asks for the column '{name}', which is not there.")
    values = areas[name].to_numpy(dtype="float64")
    wrong = areas.index[~(values >= 0)]
    if len(wrong):
        raise ScoringError(f"{name}: {len(wrong):,} area(s) have no value of 0 or more: {first(wrong)}")
    return values


def _scaled(rate: float, areas: pd.DataFrame, whole: pd.DataFrame, people: np.ndarray, rates: Rates) -> np.ndarray:
    scaling = rates.scaling
    if scaling is None or scaling.elasticity == 0 or people.sum() == 0 or rate == 0:
        return np.full(len(areas), rate)
    known = _column(whole, scaling.column)
    mean = float(np.average(known, weights=people))
    if mean == 0:
        return np.full(len(areas), rate)
    of_nation = (known / mean) ** scaling.elasticity
    level = float(np.average(of_nation, weights=people))
    own = (_column(areas, scaling.column) / mean) ** scaling.elasticity / level
    scaled: np.ndarray = np.minimum(rate * own, 1.0)
    return scaled
