"""Values of LSOAs of 2011 on those of 2021: what must hold whatever the lookup and the values."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.places.carrying import Lookup, carry_over


@st.composite
def lookups(draw: st.DrawFn) -> Lookup:
    """A lookup of unchanged, split, merged and irregular LSOAs, with residents."""
    rows: list[tuple[str, str, str]] = []
    residents: dict[str, int] = {}
    kinds = draw(st.lists(st.sampled_from("USMX"), min_size=1, max_size=8))
    for number, kind in enumerate(kinds):
        old = [f"E011{number:03d}{n}" for n in range(1 if kind in "US" else draw(st.integers(2, 3)))]
        new = [f"E012{number:03d}{n}" for n in range(1 if kind in "UM" else draw(st.integers(2, 3)))]
        rows += [(parent, child, kind) for parent in old for child in new]
        residents |= {child: draw(st.integers(0, 3_000)) for child in new}
    changes = pd.DataFrame(rows, columns=["lsoa11_code", "lsoa21_code", "change"])
    return Lookup.of(changes, pd.Series(residents))


@st.composite
def values(
    draw: st.DrawFn,
    numbers: st.SearchStrategy[float],
) -> tuple[Lookup, pd.Series]:
    lookup = draw(lookups())
    codes = sorted(set(lookup.pairs["lsoa11_code"]))
    return lookup, pd.Series(draw(st.lists(numbers, min_size=len(codes), max_size=len(codes))), index=codes)


@given(values(st.integers(0, 10**6)))
def test_totals_of_people_stay_and_people_stay_whole(drawn: tuple[Lookup, pd.Series]) -> None:
    lookup, people = drawn
    carried = carry_over(people, lookup, "sum", in_whole_numbers=True)
    assert carried.values.sum() == people.sum()
    assert (carried.values % 1 == 0).all()
    assert (carried.values >= 0).all()
    assert not carried.lost


@given(values(st.integers(0, 10**6)))
def test_whole_numbers_are_within_one_of_the_parts_by_residents(drawn: tuple[Lookup, pd.Series]) -> None:
    lookup, people = drawn
    whole = carry_over(people, lookup, "sum", in_whole_numbers=True).values
    exact = carry_over(people, lookup, "sum").values
    parents = lookup.pairs.groupby("lsoa21_code").size().reindex(whole.index)
    assert ((whole - exact).abs() <= parents + 1e-5).all()


@given(values(st.floats(0, 1)), st.data())
def test_a_mean_lies_among_those_it_came_of_and_one_alone_stays_as_it_is(
    drawn: tuple[Lookup, pd.Series], data: st.DataObject
) -> None:
    lookup, rates = drawn
    weights = pd.Series(data.draw(st.lists(st.integers(0, 500), min_size=len(rates), max_size=len(rates))), rates.index)
    carried = carry_over(rates, lookup, "mean", data.draw(st.sampled_from([None, weights]))).values
    for code, parents in lookup.pairs.groupby("lsoa21_code")["lsoa11_code"]:
        origins = rates[parents]
        assert origins.min() - 1e-9 <= carried[code] <= origins.max() + 1e-9
        if len(origins) == 1:
            assert carried[code] == origins.iloc[0]


@given(values(st.integers(0, 100)), st.data())
def test_what_is_not_given_is_not_made_up(drawn: tuple[Lookup, pd.Series], data: st.DataObject) -> None:
    lookup, people = drawn
    kept = people[data.draw(st.lists(st.booleans(), min_size=len(people), max_size=len(people)))]
    carried = carry_over(kept, lookup, "sum")
    for code, parents in lookup.pairs.groupby("lsoa21_code")["lsoa11_code"]:
        given_parents = parents.isin(kept.index)
        assert (code in carried.values.index) == given_parents.all()
        assert (code in carried.lost) == (given_parents.any() and not given_parents.all())


def test_a_missing_value_stays_missing_and_spreads_no_further() -> None:
    changes = pd.DataFrame(
        [("E01000001", "E01000011", "M"), ("E01000002", "E01000011", "M"), ("E01000003", "E01000003", "U")],
        columns=["lsoa11_code", "lsoa21_code", "change"],
    )
    lookup = Lookup.of(changes, pd.Series({"E01000011": 10, "E01000003": 5}))
    given_values = pd.Series({"E01000001": np.nan, "E01000002": 4.0, "E01000003": 1.0})
    for carried_as in ("sum", "mean"):
        carried = carry_over(given_values, lookup, carried_as)
        assert carried.values.isna().to_dict() == {"E01000003": False, "E01000011": True}


def test_a_merged_rate_is_weighted_by_what_it_is_taken_of() -> None:
    changes = pd.DataFrame(
        [("E01000001", "E01000011", "M"), ("E01000002", "E01000011", "M")],
        columns=["lsoa11_code", "lsoa21_code", "change"],
    )
    lookup = Lookup.of(changes, pd.Series({"E01000011": 10}))
    rates, households = pd.Series({"E01000001": 0.1, "E01000002": 0.5}), pd.Series({"E01000001": 3, "E01000002": 1})
    assert carry_over(rates, lookup, "mean", households).values.tolist() == pytest.approx([0.2])
    assert carry_over(rates, lookup, "mean").values.tolist() == pytest.approx([0.3])
