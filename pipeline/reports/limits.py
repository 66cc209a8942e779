"""What the figures do not say, in sentences that pages and briefings share."""

from pipeline.store.records import UncertaintyRecord

PLACES_NOT_PEOPLE = "The risk is of the place, not of the person: most people in a worst-tenth area are online."
ESTIMATES = "People at risk are estimates from published rates and totals, not counts of persons."


def limits_of_ranks(varied: UncertaintyRecord) -> list[str]:
    """What rank intervals leave out."""
    return [
        "A rank interval covers the choices that were varied, and no others: not which indicators were chosen, and not "
        + (
            "errors in the data, which no publisher of these indicators gives for neighbourhoods."
            if not varied.noise
            else "errors in indicators for which none is listed."
        ),
        "What is plausible is a judgement, written in declared/uncertainty.toml; a wider one widens the intervals.",
        "The interval of one area does not say whether two areas differ: their ranks move together.",
    ]
