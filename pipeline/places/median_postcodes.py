"""Where people set out from in an LSOA: the postcode in the middle of its postcodes."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

ROUNDED = 3
"""Decimals of metres within which sums of distances count as equal, so that the lower postcode is taken anywhere."""


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
    ordered = postcodes.sort_values(["lsoa21_code", "postcode"], ignore_index=True)
    codes = ordered["lsoa21_code"].to_numpy()
    points = ordered[["easting", "northing"]].to_numpy(dtype="float64")
    ends = np.append(np.flatnonzero(codes[1:] != codes[:-1]) + 1, len(codes))
    starts = np.append(0, ends[:-1])
    chosen = [start + _medoid(points[start:end]) for start, end in zip(starts, ends, strict=True) if end > start]
    return (
        ordered.loc[chosen, ["lsoa21_code", "easting", "northing"]]
        .reset_index(drop=True)
        .astype({"easting": "float64", "northing": "float64"})
    )


def _medoid(points: NDArray[np.float64]) -> int:
    """The row of the point with the least sum of distances to all others."""
    x, y = points.T
    total = np.hypot(x[:, None] - x, y[:, None] - y).sum(axis=1)
    return int(total.round(ROUNDED).argmin())
