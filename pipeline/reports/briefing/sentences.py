"""Sentences of a briefing, each from numbers by a rule; None where the numbers do not bear one.

No sentence says that one thing is more than another, or first, where that lies within its uncertainty. The words are
those of the page (``page/src/model/worst-tenth.ts`` and ``finding.ts``), so that both say the same of an area.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.reports.words import (
    about,
    capital,
    distance,
    listed,
    ordinal,
    percent,
    plural,
    possessive,
    rank_between,
    short_board,
)
from pipeline.store.records import BoardSummary

TENTH = 0.1
WAYS = "nine of ten reasonable ways to calculate it"
STANDS_FAST, LIKELY, SELDOM = 0.9, 0.5, 0.1
"""Shares of plausible choices from which a neighbourhood is on a list firmly, likely, or at the border."""


@dataclass(frozen=True)
class Counted:
    """How many neighbourhoods of a place are in the most at-risk tenth.

    Attributes:
        whose: the place: "Norwich". ``areas``: its neighbourhoods. ``ranked``: those that have a rank.
        worst: those in the tenth. ``low``, ``high``: between which that lies in nine of ten plausible indices; None
            where nobody says.
    """

    whose: str
    areas: int
    ranked: int
    worst: int
    low: int | None = None
    high: int | None = None

    @property
    def named(self) -> str:
        """Its neighbourhoods with their number: "Norwich’s 85 neighbourhoods"."""
        ranked = "" if self.ranked == self.areas else "ranked "
        return f"{possessive(self.whose)} {self.ranked:,} {ranked}neighbourhoods"


def in_tenth(counted: Counted, tenth: str) -> str | None:
    """How many are in ``tenth``, such as "England’s most at-risk tenth"."""
    if not counted.ranked:
        return None
    if counted.areas == 1:
        return f"This neighbourhood is {'' if counted.worst else 'not '}in {tenth}."
    if not counted.worst:
        return f"None of {counted.named} is in {tenth}."
    if counted.worst == counted.ranked:
        return f"All of {counted.named} {'is' if counted.ranked == 1 else 'are'} in {tenth}."
    verb = "is" if counted.worst == 1 else "are"
    return f"{counted.worst:,} of {counted.named} ({percent(counted.worst, counted.ranked)}) {verb} in {tenth}."


def against_nation(counted: Counted, nation: str) -> str | None:
    """More or fewer than the 10% of the nation, only where plausible indices agree; else that it cannot be said."""
    if counted.low is None or counted.high is None or counted.areas == 1:
        return None
    low, high, expected = counted.low, counted.high, TENTH * counted.ranked
    said = "more" if low > expected else "fewer" if high < expected else None
    if said is None:
        why = "reasonable ways to calculate it agree with it" if low == high else f"{low:,} to {high:,} are by {WAYS}"
        return f"Whether that is more or fewer than the 10% in all of {nation} cannot be said: {why}."
    between = "" if low == high else f", and {low:,} to {high:,} by {WAYS}"
    return f"That is {said} than {possessive(nation)} 10%{between}."


def among_boards(low: int | None, high: int | None, boards: int, nation: str) -> str | None:
    """Where the share of an ICB stands among all of them, as plausible indices give it."""
    if low is None or high is None or boards < 2:
        return None
    everyone = f"of {possessive(nation)} {boards:,} ICBs"
    if low == high:
        return f"The share is the {'' if low == 1 else ordinal(low) + ' '}highest {everyone}."
    return f"The share ranks {rank_between(low, high)} {everyone}."


def extremes(boards: Sequence[BoardSummary]) -> str | None:
    """The ICBs with the highest and the lowest share, only where plausible indices agree that they differ."""
    if len(boards) < 2:
        return None
    ordered = sorted(boards, key=lambda board: (-board.worst / board.areas, board.code))
    top, last = ordered[0], ordered[-1]
    if top.worst_low is None or last.worst_high is None:
        return None
    if top.worst_low / top.areas <= last.worst_high / last.areas:
        return None
    first, final = (f"{short_board(b.name)} ({percent(b.worst, b.areas)})" for b in (top, last))
    return f"By ICB, the share is highest in {first} and lowest in {final}."


def among_each_other(worst: int, ranked: int, nation: str) -> str:
    """The same for an area whose place in the nation is not known: a tenth of it is in its tenth by definition."""
    return (
        f"Ranked among each other, {worst:,} of {ranked:,} neighbourhoods are the most at-risk tenth; how they stand "
        f"in {nation} is not known by this index."
    )


def people_at_risk(people: float, low: float, high: float, measures: tuple[str, str]) -> str:
    """The estimate, with the two measures that it lies between; ``measures`` are in words."""
    range_ = ""
    if low == low and high == high:
        range_ = f": from {about(low)} who {measures[0]} to {about(high)} who {measures[1]}"
    return f"{capital(about(people))} people living there are at risk of being shut out (an estimate){range_}."


def in_kinds(people: Sequence[tuple[str, float]]) -> str | None:
    """In which kind of place these people live, most people first; each with the words for such a place."""
    present = [(where, number) for where, number in people if number > 0]
    total = sum(number for _, number in present)
    if not present:
        return None
    return f"Of these people, {listed([f'{percent(number, total)} live where {where}' for where, number in present])}."


def on_list(counted: Counted, listed_: int, people: float | None) -> str:
    """How many neighbourhoods are on the list of where to act, and how many people at risk live in them."""
    verb = "is" if listed_ == 1 else "are"
    with_people = "" if people is None else f", with {about(people)} people at risk"
    return (
        f"{listed_:,} of {possessive(counted.whose)} {counted.areas:,} neighbourhoods {verb} on the list of where to "
        f"act{with_people}."
    )


def first_programme(name: str, neighbourhoods: int, people: float) -> str:
    """The programme that comes first, and whom it reaches."""
    areas = plural(neighbourhoods, "neighbourhood", "neighbourhoods")
    return f"First: {name} ({areas}), which reaches {about(people)} of them."


def first_neighbourhood(name: str, people: float | None) -> str:
    """The neighbourhood that comes first, where there are no programmes, or only some of them are here."""
    return f"First: {name}." if people is None else f"First: {name}, with {about(people)} of them."


def none_listed(counted: Counted, nearest: Sequence[tuple[str, float]]) -> str:
    """That none is on the list, and which listed ones are nearest, with metres."""
    none = (
        "This neighbourhood is not on the list of where to act"
        if counted.areas == 1
        else f"None of {possessive(counted.whose)} {counted.areas:,} neighbourhoods is on the list of where to act"
    )
    if not nearest:
        return f"{none}."
    places = listed([f"{name} ({distance(metres)})" for name, metres in nearest])
    return f"{none}; {'the nearest is' if len(nearest) == 1 else 'its nearest are'} {places}."


@dataclass(frozen=True)
class Ranked:
    """A larger area among those of its level, as plausible indices rank it by mean risk; 1 = the highest.

    ``people``: at risk; ``people_low`` and ``people_high``: by the two measures.
    """

    name: str
    low: int | None
    high: int | None
    people: float = 0.0
    people_low: float = 0.0
    people_high: float = 0.0


def among_level(unit: Ranked, count: int, units: str, area: str) -> str | None:
    """The place of a unit among all of its level: "Norwich ranks 2nd to 4th of Norfolk’s 8 districts"."""
    if unit.low is None or unit.high is None or count < 2:
        return None
    everyone = f"of {possessive(area)} {count:,} {units}"
    if unit.low != unit.high:
        return f"By mean risk, {unit.name} ranks {rank_between(unit.low, unit.high)} {everyone}, by {WAYS}."
    place = "" if unit.low == 1 else f"{ordinal(unit.low)} "
    return f"By mean risk, {unit.name} is the {place}highest {everyone}."


def leader(ranked: Sequence[Ranked], count: int, units: str) -> str | None:
    """Which unit is highest, only where plausible indices agree; else which may be, if these are few.

    Args:
        ranked: those shown, by rank. ``count``: all of the level.
    """
    possible = [unit for unit in ranked if unit.low == 1]
    if count < 2 or not possible or any(unit.high is None for unit in ranked):
        return None
    if len(possible) == 1 and possible[0].high == 1:
        return f"{possible[0].name} has the highest mean risk of the {count:,} {units}, by {WAYS}."
    if 1 < len(possible) <= 3:
        names = listed([unit.name for unit in possible])
        return f"Which of the {count:,} {units} has the highest mean risk cannot be said: {names} each may, by {WAYS}."
    return None


def in_front(ranked: Sequence[Ranked], most: int, units: str) -> str | None:
    """How many of the units shown are among the ``most`` highest throughout nine of ten plausible indices."""
    highs = [unit.high for unit in ranked if unit.high is not None]
    if len(highs) < len(ranked) or len(ranked) < most:
        return None
    firm = sum(high <= most for high in highs)
    if firm == len(ranked):
        return f"All of these {firm:,} {units} are among the {most:,} highest by {WAYS}."
    start = "None" if firm == 0 else f"{firm:,}"
    return (
        f"{start} of these {len(ranked):,} {units} {'is' if firm < 2 else 'are'} among the {most:,} highest by {WAYS}; "
        f"the place of {'every one' if firm == 0 else 'the others'} depends on how risk is calculated."
    )


def most_people(units: Sequence[Ranked], level: str) -> str | None:
    """Where most people at risk live, only where even the low measure there exceeds the high measure elsewhere."""
    if len(units) < 2:
        return None
    ordered = sorted(units, key=lambda unit: -unit.people)
    top = ordered[0]
    if not all(top.people_low > other.people_high for other in ordered[1:]):
        return None
    return (
        f"Of all {len(units):,} {level}, {top.name} has most people at risk ({about(top.people)}), by either measure."
    )


def money_reaches(budget: float, chosen: int, of: int, people: tuple[float, float], gap: float) -> str | None:
    """What a sum pays for, and whether any other choice reaches more; None where it pays for nothing.

    Args:
        people: reached, and all at risk in the area. ``gap``: how much more could be reached, as a share; 0 is proven.
    """
    if not chosen:
        return None
    proven = "no other choice reaches more (proven)" if gap == 0 else f"another may reach up to {gap:.1%} more"
    return (
        f"£{budget:,.0f} a year pays for {chosen:,} of {plural(of, 'programme', 'programmes')} and reaches "
        f"{about(people[0])} of {about(people[1])} people at risk; {proven}."
    )


def staying(worst: int, stay: int, draws: int, place: str) -> str | None:
    """How robust the most at-risk tenth of an area is: how much of it stays, however the index is built."""
    if not worst:
        return None
    return (
        f"Of the {worst:,} neighbourhoods in the worst tenth of {place}, {stay:,} stay there in at least 90% of "
        f"{draws:,} plausible indices. The others are there by this index, but might not be by another that is just as "
        "defensible."
    )


def truly(chances: Sequence[float], outcome: str, nation: str) -> str | None:
    """How right the nation's worst tenth is: how many of its neighbourhoods are expected in that of an outcome.

    Args:
        chances: of each neighbourhood in the nation's worst tenth by risk.
    """
    if not chances:
        return None
    if len(chances) == 1:
        return (
            f"Robust is not the same as right. The chance that this neighbourhood is truly in {possessive(nation)} "
            f"worst tenth is {percent(chances[0], 1)}, by {outcome}."
        )
    expected = int(sum(chances) + 0.5)
    return (
        f"Robust is not the same as right. Of the {len(chances):,} neighbourhoods in {possessive(nation)} most at-risk "
        f"tenth, about {expected:,} ({percent(sum(chances), len(chances))}) are expected to be truly in its worst "
        f"tenth by {outcome}, as places with such scores were."
    )


def firm_list(probabilities: Sequence[float]) -> str | None:
    """How firm the list of where to act is, over plausible indices, reaches and ways to count places."""
    if not probabilities:
        return None
    firm = sum(share >= STANDS_FAST for share in probabilities)
    likely = sum(LIKELY <= share < STANDS_FAST for share in probabilities)
    rest = len(probabilities) - firm - likely
    on = plural(len(probabilities), "neighbourhood", "neighbourhoods")
    parts = [f"{firm:,} meet{'s' if firm == 1 else ''} its bounds in at least 90% of plausible choices (firm)"]
    if likely:
        parts.append(f"{likely:,} in half or more (likely)")
    if rest:
        parts.append(f"{rest:,} in fewer than half (borderline)")
    return f"Of the {on} on the list of where to act, {listed(parts)}."


def people_in_tenth(name: str, who: str, share: tuple[float, float | None, float | None], nation: str) -> str:
    """The share of a unit's people who live in the nation's most at-risk tenth, and between which it lies."""
    value, low, high = share
    said = f"{percent(value, 1)} of {possessive(name)} {who} live in {possessive(nation)} most at-risk tenth"
    if low is None or high is None or percent(low, 1) == percent(high, 1):
        return f"{said}."
    return f"{said}; {percent(low, 1)} to {percent(high, 1)} by {WAYS}."


def people_among(name: str, who: str, people: tuple[float, ...], measures: tuple[str, str]) -> str:
    """People at risk among those of a unit: the estimate, its low and its high figure."""
    estimate, low, high = people
    return (
        f"{capital(about(estimate))} of {possessive(name)} {who} are at risk of being shut out (an estimate): from "
        f"{about(low)} who {measures[0]} to {about(high)} who {measures[1]}."
    )
