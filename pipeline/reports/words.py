"""Numbers, names and days as reports write them: the same as on the page (``page/src/model/format.ts``)."""

import datetime
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from pipeline.tables import say_people

KILOMETRE = 1_000
TEENS = (11, 12, 13)
ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def decimal(value: float, places: int) -> str:
    """A number with ``places`` decimals; halves go up, as written, not as stored."""
    return f"{Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,}"


def about(people: float) -> str:
    """An estimated number of people in a sentence: "about 310", "under 10"."""
    figures = say_people(people)
    return figures if figures.startswith("under") else f"about {figures}"


def capital(text: str) -> str:
    """``text`` with a capital at its start."""
    return text[:1].upper() + text[1:]


def ordinal(number: int) -> str:
    """A place in an order: "1st", "22nd", "113th", "1,001st"."""
    ending = "th" if number % 100 in TEENS else ENDINGS.get(number % 10, "th")
    return f"{number:,}{ending}"


def percent(part: float, all_: float) -> str:
    """A share as a percentage without decimals; never 0% or 100% where it is neither."""
    share = part / all_
    if part > 0 and share < 0.005:
        return "under 1%"
    if part < all_ and share >= 0.995:
        return "over 99%"
    return f"{decimal(float(Decimal(repr(float(share))) * 100), 0)}%"


def possessive(name: str) -> str:
    """Whose something is: "Norwich’s", "St Albans’"."""
    return f"{name}’" if name.endswith("s") else f"{name}’s"


def listed(items: Sequence[str]) -> str:
    """One sentence of several things: "a", "a and b", "a, b and c"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def plural(number: float, one: str, many: str) -> str:
    """A number of things: "1 neighbourhood", "1,200 neighbourhoods"."""
    return f"{number:,.0f} {one if number == 1 else many}"


def distance(metres: float) -> str:
    """A way: "340 m", "2.1 km"."""
    if metres < KILOMETRE:
        return f"{int(metres / 10 + 0.5) * 10:,} m"
    return f"{decimal(metres / KILOMETRE, 1)} km"


def pounds(amount: float) -> str:
    """An outline cost, to two figures: more would say more than is known."""
    return f"£{float(f'{amount:.2g}'):,.0f}"


def cost_range(low: float, central: float, high: float) -> str:
    """An outline cost with what all low and all high prices give."""
    return f"{pounds(central)} ({pounds(low)} to {pounds(high)})"


def rank_between(low: int, high: int) -> str:
    """A rank as nine of ten plausible indices give it: "1st", "2nd to 6th"."""
    return ordinal(low) if low == high else f"{ordinal(low)} to {ordinal(high)}"


def short_board(name: str) -> str:
    """An ICB as people say it: "Fens ICB" for "NHS Fens Integrated Care Board"."""
    return re.sub(r" Integrated Care Board$", " ICB", re.sub(r"^NHS ", "", name))


def day_in_words(day: datetime.date) -> str:
    """A date: "30 September 2027"."""
    return f"{day.day} {day:%B %Y}"


def word(value: object) -> str:
    """A cell of words; a dash where there are none."""
    return value if isinstance(value, str) else "–"
