"""Where people set out from in an LSOA: the postcode in the middle of its postcodes."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.tables import is_in_order

ROUNDED = 3
"""Decimals of metres within which sums of distances count as equal, so that the lower postcode is taken anywhere."""
PAIRS_AT_ONCE = 200_000
"""Distances worked out together, of LSOAs with as many postcodes: few enough to stay in a processor's memory."""


def find_median_postcodes(postcodes: pd.DataFrame) -> pd.DataFrame:
    """The median postcode of each LSOA: the one from which the way to all its postcodes is shortest in sum.

    That is the geometric median of the postcodes, restricted to the postcodes themselves (their medoid). A single
    hamlet far off hardly moves it, as it would a mean; it does not depend on how the axes lie, as medians of eastings
    and northings would; and it is always an address inside the LSOA, never a field or a lake between two villages.
    Each postcode counts once, whether one household has it or a hundred: the open file does not say.

    Args:
        postcodes: table ``postcodes``: ``postcode``, ``lsoa21_code``, ``easting``, ``northing`` in metres.

    Returns:
        ``lsoa21_code``, ``easting`` and ``northing`` of one postcode for each LSOA that has any, by code. Of postcodes
        that are equally good, the first in the alphabet.
    """
    ordered = postcodes if is_in_order(postcodes["postcode"]) else postcodes.sort_values("postcode")
    number, codes = pd.factorize(ordered["lsoa21_code"], sort=True)
    by_code = np.argsort(number, kind="stable")
    points = ordered[["easting", "northing"]].to_numpy(dtype="float64")[by_code]
    sizes = np.bincount(number, minlength=len(codes))
    starts = np.cumsum(sizes) - sizes
    chosen = np.empty(len(codes), dtype="int64")
    for size in np.unique(sizes):
        alike = np.flatnonzero(sizes == size)
        for some in np.array_split(alike, -(-len(alike) * size**2 // PAIRS_AT_ONCE)):
            chosen[some] = starts[some] + _medoids(points[starts[some][:, None] + np.arange(size)])
    return pd.DataFrame({"lsoa21_code": codes, "easting": points[chosen, 0], "northing": points[chosen, 1]})


def _medoids(points: NDArray[np.float64]) -> NDArray[np.int64]:
    """The place of the point with the least sum of distances to the others, of many sets of points of one size.

    ``points`` has the shape (sets, points, 2).
    """
    x, y = points[..., 0], points[..., 1]
    # Squares of whole metres are exact, so that np.hypot, which takes four times as long, would say the same.
    total = np.sqrt((x[:, :, None] - x[:, None]) ** 2 + (y[:, :, None] - y[:, None]) ** 2).sum(axis=2)
    return np.asarray(total.round(ROUNDED).argmin(axis=1))
