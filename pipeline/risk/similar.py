"""What stands out in a place against those of its nation that are like it in age and rurality."""

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


def compare_with_similar(
    contributions: pd.DataFrame, nation: pd.DataFrame, codes: pd.Index, neighbours: int
) -> pd.DataFrame:
    """By how many points each component's contribution exceeds its mean in similar places, for the LSOAs ``codes``.

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

    result = pd.DataFrame(np.nan, index=codes, columns=contributions.columns)
    if not {*AGES, CLASS} <= set(nation.columns):
        return result
    shares = nation[list(AGES)].to_numpy(dtype="float64")
    values = contributions.to_numpy(dtype="float64")
    usable = ~np.isnan(shares).any(axis=1) & ~np.isnan(values).any(axis=1)
    if not usable.any():
        return result
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
        mean = _mean_of_others(values[members], np.asarray(nearest), here)
        result.loc[nation.index[members[here]]] = values[members[here]] - mean
    return result


def _mean_of_others(values: Vector, nearest: NDArray[np.intp], here: NDArray[np.intp]) -> Vector:
    """The mean of each place's nearest, itself left out; where many share its point, it may not be among them."""
    others = nearest != here[:, None]
    # Of those that are not the place itself, the farthest is one too many.
    others[others.all(axis=1), -1] = False
    return np.column_stack([(column[nearest] * others).sum(axis=1) / others.sum(axis=1) for column in values.T])


def say_beyond_similar(beyond: pd.DataFrame, contributions: pd.DataFrame, helps: Helps) -> pd.DataFrame:
    """``beyond_similar`` and ``beyond_similar_points``: the components that exceed similar places, largest first.

    Silent below ``helps.similar.least_points``; infrastructure only where it may be named at all.

    Args:
        beyond: as :func:`compare_with_similar` gives. ``contributions``: of the same areas and components.
    """
    names = list(beyond.columns)
    may = named_at_all(contributions.loc[beyond.index, names].to_numpy(dtype="float64"), names, helps)
    points = np.where(may, beyond.fillna(0.0).to_numpy(), 0.0)
    least = max(helps.similar.least_points - NOISE, NOISE)
    listed = list_largest(points, names, least)
    most = np.where([bool(row) for row in listed], points.max(axis=1, initial=0.0), np.nan)
    return pd.DataFrame(
        {
            "beyond_similar": pd.Series(
                [SEPARATOR.join(row) or None for row in listed], index=beyond.index, dtype="object"
            ),
            "beyond_similar_points": most,
        },
        index=beyond.index,
    )
