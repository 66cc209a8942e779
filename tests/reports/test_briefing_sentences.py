"""Sentences of a briefing: the words of the page, and none where a difference lies within its uncertainty."""

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.reports import words
from pipeline.reports.briefing import sentences as say
from pipeline.reports.briefing.compose import _districts
from pipeline.reports.briefing.content import _seen, cleaned
from pipeline.store.records import BoardSummary

WHOSE = "Little Fens"
MEASURES = ("have no internet at home", "lack basic skills")
SHARES = st.floats(0, 1)


def counted(
    worst: int, low: int | None = None, high: int | None = None, areas: int = 20, ranked: int = 20
) -> say.Counted:
    return say.Counted(WHOSE, areas, ranked, worst, low, high)


def board(worst: int, low: int, high: int, name: str = "Fens", areas: int = 10) -> BoardSummary:
    named = f"NHS {name} Integrated Care Board"
    return BoardSummary(
        code=f"E{name}", name=named, areas=areas, worst=worst, worst_low=low, worst_high=high, rank=1, rank_low=1,
        rank_high=1, people_at_risk=1.0,
    )  # fmt: skip


def test_numbers_are_written_as_on_the_page() -> None:
    assert [words.ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 22, 101, 111, 1001)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "101st", "111th", "1,001st",
    ]  # fmt: skip
    shares = [(0, 300), (1, 300), (1, 3), (299, 300), (300, 300), (1, 8), (57, 200)]
    assert [words.percent(*pair) for pair in shares] == ["0%", "under 1%", "33%", "over 99%", "100%", "13%", "29%"]
    assert [words.possessive(name) for name in ("Norwich", "St Albans")] == ["Norwich’s", "St Albans’"]
    assert [words.listed(list(names)) for names in ("a", "ab", "abc")] == ["a", "a and b", "a, b and c"]
    assert [words.distance(metres) for metres in (4, 344.9, 345, 999, 1000, 2150)] == [
        "0 m", "340 m", "350 m", "1,000 m", "1.0 km", "2.2 km",
    ]  # fmt: skip
    assert [words.about(people) for people in (0, 4, 314, 1234)] == ["about 0", "under 10", "about 310", "about 1,200"]
    assert words.pounds(37_440) == "£37,000"
    assert words.short_board("NHS Fens Integrated Care Board") == "Fens ICB"


def test_it_counts_the_worst_tenth_as_one_does() -> None:
    tenth = "England’s most at-risk tenth"
    assert say.in_tenth(counted(8), tenth) == (
        "8 of Little Fens’ 20 neighbourhoods (40%) are in England’s most at-risk tenth."
    )
    assert say.in_tenth(counted(1), tenth) == (
        "1 of Little Fens’ 20 neighbourhoods (5%) is in England’s most at-risk tenth."
    )
    assert (
        say.in_tenth(counted(0), tenth) == "None of Little Fens’ 20 neighbourhoods is in England’s most at-risk tenth."
    )
    assert (
        say.in_tenth(counted(20), tenth) == "All of Little Fens’ 20 neighbourhoods are in England’s most at-risk tenth."
    )
    assert say.in_tenth(counted(7, ranked=19), tenth) == (
        "7 of Little Fens’ 19 ranked neighbourhoods (37%) are in England’s most at-risk tenth."
    )
    assert say.in_tenth(counted(0, areas=1, ranked=1), tenth) == (
        "This neighbourhood is not in England’s most at-risk tenth."
    )
    assert say.in_tenth(counted(0, ranked=0), tenth) is None


def test_it_compares_with_the_nation_only_where_plausible_indices_agree() -> None:
    assert say.against_nation(counted(8, 6, 10), "England") == (
        "That is more than England’s 10%, and 6 to 10 by nine of ten reasonable ways to calculate it."
    )
    assert say.against_nation(counted(0, 0, 0), "England") == "That is fewer than England’s 10%."
    assert say.against_nation(counted(3, 0, 5), "England") == (
        "Whether that is more or fewer than the 10% in all of England cannot be said: 0 to 5 are by nine of ten "
        "reasonable ways to calculate it."
    )
    assert say.against_nation(counted(2, 2, 2), "England") == (
        "Whether that is more or fewer than the 10% in all of England cannot be said: reasonable ways to calculate it "
        "agree with it."
    )
    assert say.against_nation(counted(8), "England") is None


@given(st.integers(0, 20), st.integers(0, 20), st.integers(1, 20))
def test_no_more_and_no_fewer_within_the_interval(a: int, b: int, ranked: int) -> None:
    low, high = sorted((min(a, ranked), min(b, ranked)))
    said = str(say.against_nation(counted(low, low, high, areas=ranked + 1, ranked=ranked), "England"))
    within = low <= ranked / 10 <= high
    assert said.startswith("Whether") == within
    assert ("That is more" in said) == (low > ranked / 10)
    assert ("That is fewer" in said) == (high < ranked / 10)


def test_it_ranks_an_icb_as_plausible_indices_do() -> None:
    assert say.among_boards(1, 3, 42, "England") == "The share ranks 1st to 3rd of England’s 42 ICBs."
    assert say.among_boards(1, 1, 42, "England") == "The share is the highest of England’s 42 ICBs."
    assert say.among_boards(2, 2, 42, "England") == "The share is the 2nd highest of England’s 42 ICBs."
    assert say.among_boards(None, None, 42, "England") is None
    assert say.among_boards(1, 1, 1, "England") is None


def test_it_names_the_icbs_at_both_ends_only_where_they_differ() -> None:
    assert say.extremes([board(2, 2, 4), board(0, 0, 1, "Hills")]) == (
        "By ICB, the share is highest in Fens ICB (20%) and lowest in Hills ICB (0%)."
    )
    assert say.extremes([board(2, 1, 4), board(0, 0, 1, "Hills")]) is None
    assert say.extremes([board(2, 2, 4)]) is None


def test_it_says_people_kinds_and_lists_as_the_page_does() -> None:
    assert say.people_at_risk(2_000, 1_200, 4_000, MEASURES) == (
        "About 2,000 people living there are at risk of being shut out (an estimate): from about 1,200 who have no "
        "internet at home to about 4,000 who lack basic skills."
    )
    assert say.people_at_risk(4, float("nan"), float("nan"), MEASURES) == (
        "Under 10 people living there are at risk of being shut out (an estimate)."
    )
    assert say.in_kinds(
        [("“Old” stands out", 1_000), ("neither kind stands out", 500), ("both kinds stand out", 0)]
    ) == ("Of these people, 67% live where “Old” stands out and 33% live where neither kind stands out.")
    assert say.in_kinds([]) is None
    assert say.on_list(counted(0), 3, 300.0) == (
        "3 of Little Fens’ 20 neighbourhoods are on the list of where to act, with about 300 people at risk."
    )
    assert say.first_programme("Quay", 2, 200.0) == "First: Quay (2 neighbourhoods), which reaches about 200 of them."
    assert say.first_neighbourhood("Place 1", 100.0) == "First: Place 1, with about 100 of them."
    near = [("Place 2", 700.0), ("Quay", 1_430.0)]
    assert say.none_listed(counted(0), near) == (
        "None of Little Fens’ 20 neighbourhoods is on the list of where to act; its nearest are Place 2 (700 m) and "
        "Quay (1.4 km)."
    )
    assert say.none_listed(counted(0, areas=1), near[:1]) == (
        "This neighbourhood is not on the list of where to act; the nearest is Place 2 (700 m)."
    )


def test_a_unit_is_ranked_with_its_interval() -> None:
    assert say.among_level(say.Ranked("Norwich", 2, 4), 8, "districts", "Fens") == (
        "By mean risk, Norwich ranks 2nd to 4th of Fens’ 8 districts, by nine of ten reasonable ways to calculate it."
    )
    assert say.among_level(say.Ranked("Norwich", 1, 1), 8, "districts", "Fens") == (
        "By mean risk, Norwich is the highest of Fens’ 8 districts."
    )
    assert say.among_level(say.Ranked("Norwich", None, None), 8, "districts", "Fens") is None
    assert say.among_level(say.Ranked("Norwich", 1, 1), 1, "districts", "Fens") is None


def test_the_highest_is_named_only_where_plausible_indices_agree() -> None:
    sure = [say.Ranked("A", 1, 1), say.Ranked("B", 2, 4), say.Ranked("C", 2, 3)]
    assert str(say.leader(sure, 9, "wards")).startswith("A has the highest mean risk of the 9 wards")
    two = [say.Ranked("A", 1, 2), say.Ranked("B", 1, 2), say.Ranked("C", 3, 3)]
    assert str(say.leader(two, 9, "wards")).startswith(
        "Which of the 9 wards has the highest mean risk cannot be said: A and B"
    )
    assert say.leader([say.Ranked(name, 1, 9) for name in "ABCD"], 9, "wards") is None
    assert say.leader([say.Ranked("A", 1, None)], 9, "wards") is None
    assert say.in_front(two, 3, "wards") == (
        "All of these 3 wards are among the 3 highest by nine of ten reasonable ways to calculate it."
    )
    assert str(say.in_front(sure, 3, "wards")).startswith("2 of these 3 wards are among the 3 highest")
    assert say.in_front(sure, 4, "wards") is None


@given(st.lists(st.tuples(st.floats(1, 1e5), SHARES, SHARES), min_size=2, max_size=6))
def test_most_people_are_said_to_live_where_intervals_leave_no_doubt(given_: list[tuple[float, float, float]]) -> None:
    units = [
        say.Ranked(f"U{n}", 1, 1, people, people * (1 - down), people * (1 + up))
        for n, (people, down, up) in enumerate(given_)
    ]
    said = say.most_people(units, "wards")
    top = max(units, key=lambda unit: unit.people)
    clear = all(top.people_low > unit.people_high for unit in units if unit is not top)
    assert (said is not None) == clear
    assert said is None or f"{top.name} has most" in said


def test_money_says_what_is_proven_and_nothing_where_it_pays_for_nothing() -> None:
    assert say.money_reaches(50_000, 1, 11, (1_137, 108_300), 0.0) == (
        "£50,000 a year pays for 1 of 11 programmes and reaches about 1,100 of about 108,300 people at risk; no other "
        "choice reaches more (proven)."
    )
    assert "another may reach up to 1.2% more" in str(say.money_reaches(5e4, 1, 11, (1_137, 108_300), 0.012))
    assert say.money_reaches(25_000, 0, 11, (0, 108_300), 0.0) is None
    assert words.cost_range(13_265, 37_440, 75_241) == "£37,000 (£13,000 to £75,000)"


def test_certainty_keeps_robust_and_right_apart() -> None:
    assert str(say.staying(62, 37, 2_000, "Fens")).startswith(
        "Of the 62 neighbourhoods in the worst tenth of Fens, 37 stay there in at least 90% of 2,000 plausible indices."
    )
    assert say.staying(0, 0, 2_000, "Fens") is None
    assert str(say.truly([0.5, 0.25, 0.25], "the census", "England")).startswith(
        "Robust is not the same as right. Of the 3 neighbourhoods in England’s most at-risk tenth, about 1 (33%)"
    )
    assert "this neighbourhood is truly in England’s worst tenth is 50%" in str(say.truly([0.5], "it", "England"))
    assert say.truly([], "it", "England") is None
    assert say.firm_list([]) is None


@given(st.lists(SHARES, min_size=1, max_size=40))
def test_every_listed_neighbourhood_is_firm_likely_or_borderline(shares: list[float]) -> None:
    total, *counts = (
        int(n)
        for n in re.findall(
            r"(?<![\d%])\b(\d+)(?= (?:neighbourhood|meet|in (?:half|fewer)))", str(say.firm_list(shares))
        )
    )
    assert total == len(shares) == sum(counts)


@pytest.mark.parametrize("low", range(1, 5))
def test_ties_are_said_as_an_interval(low: int) -> None:
    assert words.rank_between(low, low) == words.ordinal(low)
    assert words.rank_between(low, 9) == f"{words.ordinal(low)} to 9th"


def test_shares_of_a_unit_s_people_are_said_with_their_interval() -> None:
    assert say.people_in_tenth("Fens PCN", "patients", (0.123, 0.05, 0.2), "England") == (
        "12% of Fens PCN’s patients live in England’s most at-risk tenth; 5% to 20% by nine of ten reasonable ways to "
        "calculate it."
    )
    assert say.people_in_tenth("Fens PCN", "patients", (0.123, None, None), "England") == (
        "12% of Fens PCN’s patients live in England’s most at-risk tenth."
    )
    assert say.people_among("Fens PCN", "patients", (2_000, 1_200, 4_000), MEASURES).startswith(
        "About 2,000 of Fens PCN’s patients are at risk of being shut out (an estimate): from about 1,200 who have"
    )


@given(st.text())
def test_texts_are_cleaned_as_letter_by_letter(text: str) -> None:
    assert cleaned(text) == "".join(map(_seen, text))


def test_a_ward_of_two_districts_goes_by_that_of_most_neighbourhoods_and_of_equals_by_the_alphabet() -> None:
    frame = pd.DataFrame(
        {
            "ward_code": pd.Series(["A", "A", "A", "B", "B", "C", None], dtype="str"),
            "lad_name": pd.Series(["Quay", "Fen", "Quay", "Quay", "Fen", None, "Fen"], dtype="str"),
        }
    )
    assert _districts(frame, "ward") == {"A": "Quay", "B": "Fen"}
    assert _districts(frame.assign(lad_name="Fen"), "ward") == {}
