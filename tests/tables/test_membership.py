from collections.abc import Sequence

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.tables import is_among, is_in_order, places_among
from pipeline.tables.membership import is_unique

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


@pytest.mark.parametrize("values", [["a", None, "b"], ["a", "b"], []])
def test_the_same_texts_in_the_same_order_are_all_there(values: Sequence[str | None]) -> None:
    same = pd.Series(list(values), dtype="str")
    assert is_among(same, same.copy()).tolist() == [True] * len(values)
    assert places_among(same, same.copy()).tolist() == list(range(len(values)))
    assert places_among(same, same[::-1]).tolist() == list(range(len(values)))[::-1]


def test_what_is_no_text_is_looked_up_too() -> None:
    assert is_among(pd.Series([1, 2]), pd.Series([2, 3])).tolist() == [False, True]
    assert is_among(pd.Series([float("nan")] * 2), ["a"]).tolist() == [False, False]


@given(TEXTS, TEXTS)
def test_a_place_is_where_python_says(values: Sequence[str], members: Sequence[str]) -> None:
    once = list(dict.fromkeys(members))
    places = places_among(pd.Series(values, dtype="str"), pd.Series(once, dtype="str"))
    assert places.tolist() == [once.index(value) if value in once else -1 for value in values]


@given(TEXTS)
def test_order_and_uniqueness_are_those_of_python(values: Sequence[str]) -> None:
    for column in (pd.Series(values, dtype="str"), pd.Series(sorted(values), dtype="str")):
        listed = column.tolist()
        assert is_unique(column) == (len(set(listed)) == len(listed))
        # Arrow compares bytes, which is the order of characters.
        assert is_in_order(column) == (listed == sorted(listed))


def test_a_missing_value_may_stand_once_and_is_in_no_order() -> None:
    assert is_unique(pd.Series(["a", None], dtype="str"))
    assert not is_unique(pd.Series([None, "a", None], dtype="str"))
    assert not is_in_order(pd.Series(["a", None], dtype="str"))
