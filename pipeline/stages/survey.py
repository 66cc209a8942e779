"""Estimates of people compared with the Labour Force Survey of 2020, where its tables are present."""

import pandas as pd

from pipeline import store
from pipeline.catalogue.rates import Rates
from pipeline.evidence import compare_with_survey, describe_people, fit_strength
from pipeline.risk import estimate_surveyed
from pipeline.stages.project import Snapshot
from pipeline.stages.reads import present_sources, tidy_table

SURVEY, DISTRICTS, CHANGES = "ons_internet_users", "lad22_nuts3", "lsoa11_lsoa21"
"""The survey's table, its areas by district of 2022, and the districts of LSOAs."""
REGION = 3
"""Letters of a NUTS code that name the region."""
FEWEST = 10
"""Areas of a survey from which a strength is fitted."""


def compare_people(project: Snapshot, name: str, nation: pd.DataFrame, score: pd.Series) -> list[str]:
    """How many areas of the survey have an estimate within its limits, in lines; none where a table is missing.

    Args:
        name: the nation. ``nation``: its LSOAs by code. ``score``: their risk score.
    """
    present = present_sources(project, name)
    if not {SURVEY, DISTRICTS, CHANGES} <= set(present) or not project.rates().measures.not_online.surveyed:
        return []
    tables = {
        source: store.read_table(tidy_table(project, name, project.sources()[source]))
        for source in (SURVEY, DISTRICTS, CHANGES)
    }
    membership = locate_in_survey(tables[CHANGES], tables[DISTRICTS])
    return describe_survey(nation, score, project.rates(), tables[SURVEY], membership)


def locate_in_survey(changes: pd.DataFrame, districts: pd.DataFrame) -> pd.Series:
    """The NUTS 3 area of each LSOA of 2021, by code; missing where its district of 2022 is in none.

    Args:
        changes: ``lsoa21_code, lad22_name``, several rows for an LSOA that was merged.
        districts: ``lad22_name, nuts3_code``.
    """
    district = changes.drop_duplicates("lsoa21_code").set_index("lsoa21_code")["lad22_name"]
    return district.map(districts.set_index("lad22_name")["nuts3_code"])


def describe_survey(
    nation: pd.DataFrame, score: pd.Series, rates: Rates, survey: pd.DataFrame, membership: pd.Series
) -> list[str]:
    """The comparison at the declared strength, and the strength that would fit best, in lines.

    Args:
        nation: LSOAs by code. ``score``: their risk score.
        survey: ``nuts_code`` and ``people_not_online`` with ``_low`` and ``_high``, in people, of any areas: those
            without LSOAs are left out.
        membership: the area of each LSOA, by code.
    """
    ends = {"people_not_online_low": "low", "people_not_online": "estimate", "people_not_online_high": "high"}
    areas = survey.set_index("nuts_code")[list(ends)].rename(columns=ends)
    areas = areas[areas.index.isin(membership.reindex(nation.index).dropna().unique())]
    if len(areas) < FEWEST:
        return []

    def estimate(strength: float) -> pd.Series:
        return estimate_surveyed(nation, score, rates, strength)

    regions = pd.Series(areas.index.str[:REGION], index=areas.index)
    fit = fit_strength(estimate, membership, areas, regions)
    declared = rates.shape.strength
    now = compare_with_survey(estimate(declared), membership, areas)
    return describe_people(now, fit, declared, rates.measures.not_online.surveyed[0].year)
