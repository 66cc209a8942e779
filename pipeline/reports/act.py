"""Where to act, and how sure that is: support, people at risk, and what they rest on."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.reports.elements import Markup, bullets, paragraph, section, table
from pipeline.reports.sections import percent, ranked_areas

FORMULAS = {
    "geometric": "the geometric mean of the two, high only where both are",
    "arithmetic": "the arithmetic mean of the two",
}


def act_section(frame: pd.DataFrame, metadata: Mapping[str, Any]) -> Markup:
    """High risk with little support: how it was made, how sure it is, and how many people the list reaches."""
    capacity = metadata["capacity"]
    parts = [*_people(frame, capacity)]
    if capacity["exclusion"] is None:
        parts.append(paragraph("No list of support places was at hand, so support is not known here."))
    else:
        parts += [*_support(capacity), *_intervals(frame, capacity)]
    return section("act", "Where to act", parts)


def _people(frame: pd.DataFrame, capacity: Mapping[str, Any]) -> list[Markup]:
    rates, total = capacity["people"], frame["people_at_risk"].sum()
    inside = capacity["people_at_risk_in_worst_tenth"]
    by = "risk" if capacity["exclusion"] is None else "high risk with little support"
    rows = [
        (
            band["title"],
            f"{percent(band['low']['value'])} ({band['low']['source']}, {band['low']['year']})",
            f"{percent(band['high']['value'])} ({band['high']['source']}, {band['high']['year']})",
        )
        for band in rates["bands"]
    ]
    low, high = frame["people_at_risk_low"].sum(), frame["people_at_risk_high"].sum()
    return [
        paragraph(
            f"About {_hundreds(total)} people here are likely to be shut out: an estimate from published rates by "
            f"age, between {_hundreds(low)} who {rates['low_means']} and {_hundreds(high)} who {rates['high_means']}. "
            f"The worst tenth by {by} holds {_hundreds(inside)} of them ({percent(inside / total if total else 0)}); "
            "such a list misses the others."
        ),
        table("The rates, of all adults of an age in the United Kingdom", ("Age", "Low", "High"), rows, 3),
    ]


def _support(capacity: Mapping[str, Any]) -> list[Markup]:
    straight = capacity["measure"] == "straight line"
    unit = "m" if straight else "minutes"
    reach = "; ".join(f"{name} {value:,.0f} {unit}" for name, value in capacity["reach"].items())
    points = capacity["origins"]
    how = capacity["exclusion"]
    counted = [kind["plural"] for kind in capacity["kinds"] if kind["counts"]]
    said = [
        f"Counted in: {'; '.join(counted)}. {'Straight lines, not journeys' if straight else 'Journeys as supplied'}.",
        "Each place’s supply is shared among the people at risk within reach, nearer ones counting more (E2SFCA); an "
        "area sums its shares. As a percentile within this area that is its capacity.",
        f"Reach by rural-urban class: {reach}. A judgement.",
        f"Ways begin at population-weighted centroids for {points['population_weighted']:,} of {points['rows']:,} "
        f"neighbourhoods, else at a point inside; {points['outside']:,} of these lie around the area, whose people may "
        "come to its places.",
        f"High risk with little support: {FORMULAS[how['formula']]}, risk counting {percent(how['risk_weight'])}, "
        "both as percentiles within this area.",
    ]
    return [bullets(said)]


def _intervals(frame: pd.DataFrame, capacity: Mapping[str, Any]) -> list[Markup]:
    varied = capacity["exclusion_uncertainty"]
    if not varied:
        return []
    reach = ", ".join(f"{factor:g}" for factor in varied["reach"])
    could = ", ".join(f"{factor:g}" for factor in varied["could_offer"])
    low, high = varied["risk_weight"]
    return [
        paragraph(
            f"Of the {varied['worst_tenth']:,} areas in the worst tenth, "
            f"{varied['worst_tenth_staying_in_90_percent_of_draws']:,} stay there in at least 90% of "
            f"{varied['draws']:,} plausible choices. Each joins one of the plausible indices above with a reach times "
            f"{reach}, a supply of places that could help times {could}, a mean ({' or '.join(varied['formulas'])}), "
            f"and a weight of risk between {percent(low)} and {percent(high)}."
        ),
        ranked_areas(frame, "exclusion_", "areas to act in first", "Rank within the area, 1 = act first"),
    ]


def _hundreds(people: float) -> str:
    """An estimate of people to the nearest hundred: it is no surer than that."""
    return f"{round(people, -2):,.0f}"
