"""Which values of a column are members of a set."""

from collections.abc import Collection

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def is_among(values: pd.Series | pd.Index, members: "Collection[str] | pd.Series | pd.Index") -> NDArray[np.bool_]:
    """Whether each of ``values`` is one of ``members``; both are text, and missing values match each other.

    ``Series.isin`` makes a Python string of every member of a text column: a hundred milliseconds for the codes of a
    nation, where looking them up in an index takes two.
    """
    listed = members if isinstance(members, pd.Series | pd.Index) else list(members)
    among: NDArray[np.bool_] = pd.Index(listed).unique().get_indexer(pd.Index(values)) >= 0
    return among
