"""Sentences are made from counts by rule: what is within uncertainty is never said to have changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.compare.describing import compare_people, is_clear, say_changes
from pipeline.store.records import PeopleHere
from tests.fixtures.changes import crossing, record, tenth


def test_nothing_moved_is_one_sentence() -> None:
    assert say_changes(record(tenth())) == (
        "None of 10 neighbourhoods moved by more than their uncertainty between then and now.",
    )


def test_who_entered_beyond_uncertainty_is_named_with_the_reason() -> None:
    areas = (
        crossing("Entered", moved=True, name="A", reason="Indicator values"),
        crossing("Left", moved=True, name="B"),
    )
    said = say_changes(record(tenth(*areas), up=1, down=1))
    assert said[0].startswith("2 of 10 neighbourhoods moved by more than their uncertainty")
    assert said[1] == (
        "1 neighbourhood entered England’s worst tenth and moved by more than its uncertainty: A. What moved it "
        "most: Adult skills (1)."
    )
    assert "1 neighbourhood left England’s worst tenth" in said[2]
    assert "the weights (1)" in said[2]


@given(st.integers(0, 8), st.integers(0, 8))
def test_areas_within_their_uncertainty_are_never_said_to_have_entered_or_left(entered: int, left: int) -> None:
    areas = [crossing("Entered", moved=False)] * entered + [crossing("Left", moved=False)] * left
    said = " ".join(say_changes(record(tenth(*areas))))
    assert " entered " not in said
    assert " left " not in said
    assert ("no evidence of a change" in said) == (entered + left > 0)


def test_another_boundary_is_said() -> None:
    assert "1 neighbourhood joined it, 2 left it" in say_changes(record(came=1, went=2))[-1]


@pytest.mark.parametrize(("low", "high", "clear"), [(1, 2, True), (-2, -1, True), (-1, 1, False), (None, None, False)])
def test_an_interval_is_clear_on_one_side_of_nothing(low: float | None, high: float | None, clear: bool) -> None:
    assert is_clear(low, high) is clear


@pytest.mark.parametrize(("later", "beyond"), [((150, 120, 180), False), ((200, 160, 240), True), ((60, 40, 79), True)])
def test_people_are_said_to_differ_only_where_intervals_lie_apart(later: tuple[int, int, int], beyond: bool) -> None:
    old = PeopleHere(people=100, low=80, high=130)
    people, low, high = later
    compared = compare_people({"not_online": old}, {"not_online": PeopleHere(people=people, low=low, high=high)})
    assert compared[0].beyond is beyond
    assert (len(say_changes(record(people=compared))) > 1) is beyond


def test_of_an_area_that_is_the_nation_its_worst_tenth_is_told_once() -> None:
    left = tenth(crossing("Left", moved=False))
    part, everything = (record(left, of_area=left, ranked_among=count) for count in (100, 10))
    assert [len(say_changes(each)) for each in (part, everything)] == [3, 2]
