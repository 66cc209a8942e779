"""Estimates of people as they are printed; ``page/test/act.test.ts`` has the same cases."""

import pytest

from pipeline.tables import round_people, say_people


@pytest.mark.parametrize(
    ("people", "said"),
    [
        (0, "0"),
        (0.4, "under 10"),
        (9.9, "under 10"),
        (10, "10"),
        (14.9, "10"),
        (15, "20"),
        (314.2, "310"),
        (994.9, "990"),
        (995, "1,000"),
        (1049, "1,000"),
        (1050, "1,100"),
        (16_960, "17,000"),
        (140_945, "140,900"),
        (2_301_388, "2,301,400"),
    ],
)
def test_an_estimate_is_printed_to_tens_and_from_a_thousand_to_hundreds(people: float, said: str) -> None:
    assert say_people(people) == said


def test_a_rounded_estimate_is_a_number() -> None:
    assert [round_people(people) for people in (4.9, 5, 995, 996)] == [0, 10, 1000, 1000]
