"""Dates as people write them, and those that could be two."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.reading import read_dates

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2027-09-30", date(2027, 9, 30)),
        ("2027-09-30 00:00:00", date(2027, 9, 30)),
        ("30 September 2027", date(2027, 9, 30)),
        ("30th sept 2027", date(2027, 9, 30)),
        ("1st Sep, 2027", date(2027, 9, 1)),
        ("February 2028", date(2028, 2, 29)),
        ("30/09/2027", date(2027, 9, 30)),
        ("30.9.2027", date(2027, 9, 30)),
        ("05/05/2027", date(2027, 5, 5)),
    ],
)
def test_a_date_is_read_in_each_form(text: str, value: date) -> None:
    found = read_dates({4: text})
    assert (found.dates, found.faults) == ({4: value}, {})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("03/04/2027", "could be 3 April or 4 March"),
        ("09/30/2027", "no date with the day first"),
        ("31/02/2027", "no date with the day first"),
        ("30/09/27", "is no date"),
        ("soon", "is no date"),
        ("2027-02-30", "is no date"),
        ("30/09/1997", "the year 1997"),
    ],
)
def test_what_is_no_date_or_two_is_a_fault_that_says_what_to_write(text: str, message: str) -> None:
    found = read_dates({2: "", 7: text})
    assert message in found.faults[7]
    assert found.dates == {}


def test_one_date_that_can_only_have_the_day_first_decides_for_its_column() -> None:
    found = read_dates({2: "03/04/2027", 3: "30/09/2027"})
    assert found.dates == {2: date(2027, 4, 3), 3: date(2027, 9, 30)}
    assert found.day_first
    assert not read_dates({2: "05/05/2027", 3: "30/09/2027"}).day_first


@given(DAYS, st.sampled_from(["%Y-%m-%d", "%d %B %Y", "%d %b %Y"]))
def test_every_day_is_read_back_from_forms_with_one_meaning(day: date, form: str) -> None:
    assert read_dates({2: day.strftime(form)}).dates == {2: day}


@given(DAYS)
def test_figures_are_read_with_the_day_first_or_are_a_fault(day: date) -> None:
    found = read_dates({2: f"{day:%d/%m/%Y}"})
    assert found.dates.get(2, day) == day
    assert (2 in found.faults) == (day.day <= 12 and day.day != day.month)
