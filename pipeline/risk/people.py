"""The number of people likely to be shut out: residents by age times published rates. Always an estimate."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.catalogue.rates import Band, Rates
from pipeline.errors import ScoringError, first
from pipeline.tidy import source_columns

HIGHEST_LEVEL = 1e12
"""The most that any rate is multiplied by."""


@dataclass(frozen=True)
class Coverage:
    """The people at risk who live in listed areas, and those who live elsewhere; people, and a share from 0 to 1."""

    inside: float
    missed: float

    @property
    def share(self) -> float:
        """The part of all people at risk who live in the listed areas; 0 where there are none."""
        total = self.inside + self.missed
        return self.inside / total if total > 0 else 0.0


def estimate_people_at_risk(areas: pd.DataFrame, rates: Rates, nation: pd.DataFrame | None = None) -> pd.DataFrame:
    """``people_at_risk``, ``people_at_risk_low`` and ``people_at_risk_high``: an estimate, in people, for each area.

    Σ over age bands of residents × the band's share of adults × its rate. Low and high are two published measures
    (not using the internet; lacking basic skills), not a confidence interval. ``people_at_risk`` lies ``rates.middle``
    of the way between. With scaling (see :class:`pipeline.catalogue.rates.Scaling`) no rate exceeds 1.

    Args:
        areas: the bands' columns and the total, one row for each area.
        nation: all areas of the nation, likewise: scaling keeps its total as published. Default: ``areas``.

    Raises:
        ScoringError: a column is missing or negative, or the bands hold more people than the total.
    """
    compared = areas if nation is None else nation
    low, high = np.zeros(len(areas)), np.zeros(len(areas))
    for band in rates.bands:
        residents, everyone = _residents(areas, band, rates), _residents(compared, band, rates)
        low += residents * _scaled(band.low.value, areas, compared, everyone, rates)
        high += residents * _scaled(band.high.value, areas, compared, everyone, rates)
    # Scaling caps the low and the high rate separately.
    high = np.maximum(low, high)
    between = low + rates.middle * (high - low)
    columns = {"people_at_risk": between, "people_at_risk_low": low, "people_at_risk_high": high}
    return pd.DataFrame(columns, index=areas.index)


def measure_coverage(people: pd.Series, listed_as: pd.Series) -> Coverage:
    """The number of ``people`` who live in the areas marked 1, and the number who live elsewhere."""
    listed = (listed_as == 1).to_numpy()
    values = people.to_numpy(dtype="float64")
    return Coverage(float(values[listed].sum()), float(values[~listed].sum()))


def _residents(areas: pd.DataFrame, band: Band, rates: Rates) -> np.ndarray:
    if band.column is not None:
        residents = _people_in(areas, band.column)
    else:
        others = [_people_in(areas, b.column) for b in rates.bands if b.column is not None]
        residents = _people_in(areas, rates.total) - np.sum(others, axis=0)
        wrong = areas.index[residents < 0]
        if len(wrong):
            raise ScoringError(
                f"{len(wrong):,} area(s) have more residents in the age bands than in total: {first(wrong)}"
            )
    return residents * (band.adults.value if band.adults is not None else 1.0)


def _people_in(areas: pd.DataFrame, name: str) -> np.ndarray:
    columns = source_columns()
    if name in columns and columns[name].quantity != "people":
        counted = [column.name for column in columns.values() if column.quantity == "people"]
        raise ScoringError(
            f"declared/rates.toml: '{name}' does not count people ({columns[name].unit or 'it has no unit'}). Bands "
            f"need columns of residents: {', '.join(counted)}."
        )
    return _column(areas, name)


def _column(areas: pd.DataFrame, name: str) -> np.ndarray:
    if name not in areas.columns:
        raise ScoringError(f"declared/rates.toml asks for the column '{name}', which is missing.")
    if not pd.api.types.is_numeric_dtype(areas[name]):
        raise ScoringError(f"declared/rates.toml asks for the column '{name}', which does not hold numbers.")
    values = areas[name].to_numpy(dtype="float64")
    wrong = areas.index[~(values >= 0)]
    if len(wrong):
        raise ScoringError(f"{name}: {len(wrong):,} area(s) have no value of 0 or more: {first(wrong)}")
    return values


def _scaled(rate: float, areas: pd.DataFrame, nation: pd.DataFrame, people: np.ndarray, rates: Rates) -> np.ndarray:
    scaling = rates.scaling
    if scaling is None or scaling.elasticity == 0 or people.sum() == 0 or rate == 0:
        return np.full(len(areas), rate)
    scaled_by = source_columns().get(scaling.column)
    if scaled_by is not None and scaled_by.quantity in ("rank", "tied rank", "decile"):
        raise ScoringError(
            f"declared/rates.toml: scaling by '{scaling.column}' would go backwards, as 1 is the worst. Use a score."
        )
    deprivation = _column(nation, scaling.column)
    mean = float(np.average(deprivation, weights=people))
    if mean == 0:
        return np.full(len(areas), rate)
    shape = (deprivation / mean) ** scaling.elasticity
    level = _level(rate, shape, people)
    factor = level * (_column(areas, scaling.column) / mean) ** scaling.elasticity
    scaled: np.ndarray = np.minimum(rate * factor, 1.0)
    return scaled


def _level(rate: float, shape: np.ndarray, people: np.ndarray) -> float:
    """The factor for the rates ``rate`` · ``shape``, none of which may exceed 1, so that they average ``rate``.

    Raises:
        ScoringError: too many people live where ``shape`` is 0 for any factor to work.
    """
    # Imported here because it is slow to import, and most rates are not scaled.
    from scipy.optimize import brentq

    def surplus(level: float) -> float:
        return float(np.average(np.minimum(rate * level * shape, 1.0), weights=people)) - rate

    most = min(1.0 / (rate * shape[shape > 0].min()), HIGHEST_LEVEL) if (shape > 0).any() else 0.0
    if surplus(most) < 0:
        raise ScoringError(
            "declared/rates.toml: scaling by deprivation cannot keep the published total: too many people live where "
            "its column is 0. Lower the elasticity."
        )
    return float(brentq(surplus, 0.0, most, xtol=1e-12))
