"""Which values of a column are members of a set."""

from collections.abc import Collection

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray


def is_among(values: pd.Series | pd.Index, members: "Collection[str] | pd.Series | pd.Index") -> NDArray[np.bool_]:
    """Whether each of ``values`` is one of ``members``; both are text, and missing values match each other.

    ``Series.isin`` makes a Python string of every member of a text column: a hundred milliseconds for the codes of a
    nation, where Arrow takes two.
    """
    listed = members if isinstance(members, pd.Series | pd.Index) else list(members)
    among: NDArray[np.bool_]
    try:
        text, others = as_text(values), as_text(listed)
        # Most tables of a nation have the same codes in the same order.
        if text.equals(others):
            return np.ones(len(text), dtype=bool)
        among = pc.is_in(text, others).to_numpy(zero_copy_only=False)
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        # A column without values may have any type.
        among = pd.Index(listed).unique().get_indexer(pd.Index(values)) >= 0
    return among


def places_among(values: pd.Series | pd.Index, members: pd.Series | pd.Index) -> NDArray[np.int64]:
    """The place of each of ``values`` among ``members``, of which none appears twice; -1 where it is none of them."""
    text, others = as_text(values), as_text(members)
    if text.equals(others):
        return np.arange(len(text))
    places: NDArray[np.int64] = pc.index_in(text, others).fill_null(-1).to_numpy(zero_copy_only=False).astype("int64")
    return places


def is_unique(values: pd.Series) -> bool:
    """Whether no text of a column appears twice."""
    text = as_text(values)
    if not text.null_count and pc.all(pc.less(text[:-1], text[1:])).as_py():
        return True
    return bool(pc.count_distinct(text, mode="all").as_py() == len(text))


def is_in_order(values: pd.Series) -> bool:
    """Whether the texts of a column, none of which is missing, come in the order of their characters."""
    text = as_text(values)
    return not text.null_count and pc.all(pc.less_equal(text[:-1], text[1:])).as_py() is not False


def as_text(values: "pd.Series | pd.Index | list[str]") -> pa.Array:
    """Text as Arrow holds it, without copies of a column that is held so already."""
    text = pa.array(values, pa.large_string(), from_pandas=True)
    return text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text
