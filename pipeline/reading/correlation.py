"""How closely two columns go together."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.floating[Any]]


def correlation(one: Vector, other: Vector) -> float:
    """Pearson's correlation of two columns, -1 to 1, over the rows that have both; NaN where one of them is all alike.

    The library of linear algebra, which ``@`` and ``numpy.corrcoef`` use, shares such short sums out among all
    processors, and these then run idle for longer than the sums take.
    """
    both = ~(np.isnan(one) | np.isnan(other))
    one, other = one[both], other[both]
    if not len(one):
        return float("nan")
    one, other = one - one.mean(), other - other.mean()
    spread = float(np.sqrt(_sum_of_products(one, one) * _sum_of_products(other, other)))
    return _sum_of_products(one, other) / spread if spread else float("nan")


def _sum_of_products(one: Vector, other: Vector) -> float:
    return float(np.einsum("i,i->", one, other, optimize=False))
