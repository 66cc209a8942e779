from collections.abc import Sequence

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.tables import is_among

TEXTS = st.lists(st.text(max_size=3), max_size=8)


@given(TEXTS, TEXTS)
def test_it_is_what_python_says(values: Sequence[str], members: Sequence[str]) -> None:
    expected = [value in members for value in values]
    for kind in (list, set, tuple, pd.Series, pd.Index):
        assert is_among(pd.Series(values, dtype="str"), kind(members)).tolist() == expected
    assert is_among(pd.Index(list(values), dtype="str"), pd.Series(list(members), dtype="str")).tolist() == expected


@pytest.mark.parametrize("members", [["a"], ["a", None]])
def test_missing_values_are_as_isin_has_them(members: Sequence[str | None]) -> None:
    values = pd.Series(["a", None, "b"], dtype="str")
    assert is_among(values, pd.Series(list(members), dtype="str")).tolist() == values.isin(members).tolist()
