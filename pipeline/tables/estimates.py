"""Estimates of people as they are printed: with no more figures than they are worth. Data files keep all of them."""

FINE, COARSE = 10, 100
"""Estimates below 1,000 are printed to the nearest 10, larger ones to the nearest 100."""


def round_people(people: float) -> int:
    """An estimate to the nearest 10 below 1,000, and to the nearest 100 from there; halves go up, as on the page.

    Args:
        people: 0 or more.
    """
    step = FINE if people < FINE * COARSE - FINE / 2 else COARSE
    return int(people / step + 0.5) * step


def say_people(people: float) -> str:
    """An estimate in figures: "310", "17,000"; "under 10" where so few are not worth a number, "0" where nobody is."""
    if 0 < people < FINE:
        return f"under {FINE}"
    return f"{round_people(people):,}"
