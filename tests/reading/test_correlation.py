"""The correlation of two columns is that of pandas, and takes one processor."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.reading.correlation import correlation

VALUE = st.one_of(st.integers(-50, 50).map(float), st.just(math.nan))


@given(st.lists(st.tuples(VALUE, VALUE), max_size=30))
def test_it_is_that_of_pandas(pairs: list[tuple[float, float]]) -> None:
    frame = pd.DataFrame(pairs, columns=["one", "other"], dtype="float64")
    both = frame.dropna()
    told = correlation(frame["one"].to_numpy(), frame["other"].to_numpy())
    if len(both) < 2 or (both.nunique() < 2).any():
        assert math.isnan(told)
    else:
        assert told == pytest.approx(frame["one"].corr(frame["other"]), abs=1e-9)


def test_a_long_column_goes_with_itself_and_against_its_opposite() -> None:
    column = np.sqrt(np.arange(40_000.0))
    assert correlation(column, column) == pytest.approx(1)
    assert correlation(column, -column) == pytest.approx(-1)
