"""Where to act, and how sure that is: support, people at risk, and what both are based on."""

import pandas as pd

from pipeline.catalogue.places import Exclusion
from pipeline.reports.elements import Markup, bullets, paragraph, section, table
from pipeline.reports.sections import EXCLUSION_RANKS, percent, ranked_areas
from pipeline.store.records import CapacityRecord
from pipeline.tables import say_people

FORMULAS = {
    "geometric": "the geometric mean of the two, high only where both are",
    "arithmetic": "the arithmetic mean of the two",
}


def act_section(frame: pd.DataFrame, capacity: CapacityRecord) -> Markup:
    """High risk and little support: the method, how sure it is, and the people that the list reaches."""
    parts = [*_people(frame, capacity), *_list(capacity)]
    if capacity.exclusion is None:
        parts.append(paragraph("No list of support places was available, so support could not be measured."))
    else:
        parts += [*_support(capacity, capacity.exclusion), *_intervals(frame, capacity)]
    return section("act", "Where to act", parts)


def _people(frame: pd.DataFrame, capacity: CapacityRecord) -> list[Markup]:
    rates, total = capacity.people, float(frame["people_at_risk"].sum())
    inside = capacity.people_at_risk_listed
    by = "high risk" if capacity.exclusion is None else "high risk and little support"
    rows = [
        (
            measure.means,
            f"{percent(measure.overall.value)} of adults aged {measure.adults.from_age} and over "
            f"({measure.overall.source}, {measure.overall.year})",
            say_people(capacity.people_here[name].people),
            f"{say_people(capacity.people_here[name].low)} to {say_people(capacity.people_here[name].high)}",
        )
        for name, measure in rates.measures.named
    ]
    figures = [(figure.measure, f"{figure.source}, {figure.year}", percent(figure.value)) for figure in rates.figures]
    shaped = {
        "nation": "by how far the area’s risk score exceeds what its ages and disability alone would give",
        "area": "by the risk score within this area, as the nation cannot be scored by this index",
        "none": "by nothing else, as there is no risk score",
    }
    adults = "counted" if capacity.adults_counted else "a published share of the residents under 65, and all from 65"
    return [
        paragraph(
            f"About {say_people(total)} people here are likely to be shut out, an estimate: those who are not online, "
            f"and {percent(rates.part)} of those who are online without basic digital skills. "
            f"The list of {by} holds {say_people(inside)} of them ({percent(inside / total if total else 0)}); "
            "it misses the others."
        ),
        table(
            "The two measures here",
            ("Adults who", "Adds up over the nation to", "Here, about", "95% interval"),
            rows,
            2,
        ),
        bullets(
            [
                "Published rates by age and disability are moved, in their odds, "
                + shaped[capacity.people_shaped_over]
                + f" (strength {rates.shape.strength:g}), and then raked to the published totals.",
                f"Adults are {adults}. Adults by age and disability together are not published for LSOAs: the nation’s "
                "disability by age is raked to each area’s share of disabled residents.",
                rates.shape.why,
                rates.spread.why,
            ]
        ),
        table("What the estimates are made of", ("Measure", "Source", "Share"), figures, 2),
    ]


def _list(capacity: CapacityRecord) -> list[Markup]:
    """The bounds of the list and its order."""
    listed, straight = capacity.where_to_act, capacity.measure == "straight line"
    bounds = listed.bounds
    near, far = (bounds.near_metres, bounds.far_metres) if straight else (bounds.near_minutes, bounds.far_minutes)
    unit = "m" if straight else "minutes"
    high = f"high risk: the {percent(bounds.risk_share)} of this area’s neighbourhoods where it is highest"
    if not listed.by_support:
        said = [f"The list has {listed.areas:,} neighbourhoods of {high}, those with most people at risk first."]
        return [bullets([*said, "Where support is little is not known here, so this list asks for risk alone."])]
    left_off = (
        f"{listed.unsure:,} more meet these bounds, but in under {percent(bounds.least_probability)} of the plausible "
        "choices below, and are left off."
    )
    return [
        bullets(
            [
                f"The list has {listed.areas:,} neighbourhoods of {high}; and little support: the "
                f"{percent(bounds.support_share)} of them with the least within reach, or with the nearest place that "
                f"helps now farther than {far:,.0f} {unit}. None is on it that has such a place within {near:,.0f} "
                f"{unit}, however crowded that is. These bounds are judgements.",
                "Its order is unmet need: people at risk × lack of support, where lack is the share of this area’s "
                "neighbourhoods that have more support within reach; on average over the plausible choices below, and "
                "nothing in those by which an area does not meet the bounds.",
                left_off,
                "Neighbourhoods that are deprived and have a library nearby are not on it, whatever their risk: they "
                "need other help than a place to go, and the map of risk shows them.",
            ]
        )
    ]


def _support(capacity: CapacityRecord, exclusion: Exclusion) -> list[Markup]:
    straight = capacity.measure == "straight line"
    unit = "m" if straight else "minutes"
    reach = "; ".join(f"{name} {value:,.0f} {unit}" for name, value in capacity.reach.items())
    points = capacity.origins
    counted = [kind.plural for kind in capacity.kinds if kind.counts]
    said = [
        f"Places counted: {'; '.join(counted)}. {'Straight lines, not journeys' if straight else 'Journeys as given'}.",
        "Each place’s supply is shared among the people at risk within reach, nearer ones counting more (E2SFCA); an "
        "area adds up its shares. Its percentile within this area is the capacity.",
        f"Reach by rural-urban class, a judgement: {reach}.",
        f"Distances start from population-weighted centroids for {points.population_weighted:,} of {points.rows:,} "
        f"neighbourhoods, from the median postcode (from which the way to all other postcodes is shortest) for "
        f"{points.median_postcodes:,}, otherwise from a point inside; {points.outside:,} of these are around the area: "
        "people from there may use its places.",
        f"As one score, for the map: {FORMULAS[exclusion.formula]}, with risk counting "
        f"{percent(exclusion.risk_weight)}, both as percentiles within this area.",
    ]
    return [bullets(said)]


def _intervals(frame: pd.DataFrame, capacity: CapacityRecord) -> list[Markup]:
    varied = capacity.exclusion_uncertainty
    if varied is None:
        return []
    reach = ", ".join(f"{factor:g}" for factor in varied.reach)
    could = ", ".join(f"{factor:g}" for factor in varied.could_offer)
    low, high = varied.risk_weight
    return [
        paragraph(
            f"Of the {varied.worst_tenth:,} areas in the worst tenth, "
            f"{varied.worst_tenth_staying_in_90_percent_of_draws:,} stay there in at least 90% of "
            f"{varied.draws:,} plausible choices. Each combines one of the plausible indices above with a reach times "
            f"{reach}, a supply of places that could help times {could}, a mean ({' or '.join(varied.formulas)}), "
            f"and a weight of risk between {percent(low)} and {percent(high)}."
        ),
        ranked_areas(frame, EXCLUSION_RANKS, "areas to act in first", "Rank within the area, 1 = act first"),
    ]
