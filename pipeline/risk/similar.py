"""What stands out in a place against those of its nation that are like it in age and rurality."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue.rates import Helps
from pipeline.index.normalise import percentile
from pipeline.risk.drivers import SEPARATOR, list_largest, named_at_all

Vector = NDArray[np.float64]

AGES = ("share_65_to_74", "share_75_plus")
CLASS = "ruc21_code"
FEWEST = 20
"""Other places of the class, below which their mean says little, and nothing is said."""
NOISE = 1e-9


@dataclass(frozen=True)
class Beyond:
    """How areas differ from similar places of their nation: one column for each component, one row for each area.

    Attributes:
        points: the component's contribution less its mean in the similar places, in points of the score.
        unusual: the same in standard deviations of the contribution among those places.
    """

    points: pd.DataFrame
    unusual: pd.DataFrame


def compare_with_similar(contributions: pd.DataFrame, nation: pd.DataFrame, codes: pd.Index, neighbours: int) -> Beyond:
    """By how much each component's contribution exceeds what it adds in similar places, for the LSOAs ``codes``.

    Similar places of an LSOA are the ``neighbours`` others of its rural-urban class that are nearest by the national
    percentiles of the shares of residents aged 65 to 74 and 75 and over (straight-line distance, both alike). The mean
    over them is what one would expect of a place of that age and class (a nearest-neighbour regression), so that what
    merely goes with age or with being rural drops out. Equal distances are taken in the order of ``nation``.

    Args:
        contributions: one column for each component, points of the score, for every LSOA of ``nation``.
        nation: the two shares and the class, by code.

    Returns:
        The same columns for ``codes``; missing where a value or a column is, or the class has ``FEWEST`` or fewer.
    """
    # Imported here because it is slow to import.
    from scipy.spatial import cKDTree

    points, unusual = (pd.DataFrame(np.nan, index=codes, columns=contributions.columns) for _ in range(2))
    if not {*AGES, CLASS} <= set(nation.columns):
        return Beyond(points, unusual)
    shares = nation[list(AGES)].to_numpy(dtype="float64")
    values = contributions.to_numpy(dtype="float64")
    usable = ~np.isnan(shares).any(axis=1) & ~np.isnan(values).any(axis=1)
    if not usable.any():
        return Beyond(points, unusual)
    where = np.column_stack([percentile(column, column, 1, 100.0) for column in shares.T])
    asked = np.zeros(len(nation), dtype=bool)
    asked[nation.index.get_indexer(codes.intersection(nation.index))] = True
    classes = nation[CLASS].to_numpy()
    for name in pd.unique(classes[usable & asked]):
        members = np.flatnonzero(usable & (classes == name))
        if len(members) <= FEWEST:
            continue
        here = np.flatnonzero(asked[members])
        count = min(neighbours, len(members) - 1)
        _, nearest = cKDTree(where[members]).query(where[members[here]], k=count + 1)
        rows = nation.index[members[here]]
        mean, spread = _describe_others(values[members], np.asarray(nearest), here)
        excess = values[members[here]] - mean
        points.loc[rows] = excess
        unusual.loc[rows] = np.divide(excess, spread, out=np.where(excess > NOISE, np.inf, 0.0), where=spread > NOISE)
    return Beyond(points, unusual)


def _describe_others(values: Vector, nearest: NDArray[np.intp], here: NDArray[np.intp]) -> tuple[Vector, Vector]:
    """Mean and standard deviation over each place's nearest, itself left out.

    Where many places share one point, a place may not be among its own nearest.
    """
    # Of those that are not the place itself, the farthest is one too many.
    left_out = np.where((nearest == here[:, None]).any(axis=1), here, nearest[:, -1])
    count = nearest.shape[1] - 1
    means, spreads = [], []
    for column in values.T:
        near, aside = column[nearest], column[left_out]
        mean = (near.sum(axis=1) - aside) / count
        squares = ((near - mean[:, None]) ** 2).sum(axis=1) - (aside - mean) ** 2
        means.append(mean)
        spreads.append(np.sqrt(np.maximum(squares, 0.0) / count))
    return np.column_stack(means), np.column_stack(spreads)


def say_beyond_similar(beyond: Beyond, contributions: pd.DataFrame, helps: Helps) -> pd.DataFrame:
    """``beyond_similar`` and ``beyond_similar_points``: the components that exceed similar places.

    The most unusual comes first: by points, the component with the largest weight nearly always would. Silent below
    ``helps.similar.least_points``; infrastructure only where it may be named at all.

    Args:
        contributions: of the same areas and components.
    """
    names, rows = list(beyond.points.columns), beyond.points.index
    may = named_at_all(contributions.loc[rows, names].to_numpy(dtype="float64"), names, helps)
    points = beyond.points.fillna(0.0).to_numpy()
    said = may & (points >= max(helps.similar.least_points - NOISE, NOISE))
    unusual = np.where(said, beyond.unusual.fillna(0.0).to_numpy(), 0.0)
    listed = list_largest(unusual, names, 0.0)
    most = points[np.arange(len(rows)), unusual.argmax(axis=1)] if len(rows) else np.empty(0)
    return pd.DataFrame(
        {
            "beyond_similar": pd.Series([SEPARATOR.join(row) or None for row in listed], index=rows, dtype="object"),
            "beyond_similar_points": np.where([bool(row) for row in listed], most, np.nan),
        },
        index=rows,
    )
