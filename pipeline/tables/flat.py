"""``risk`` for tools that read no shapes, and the columns of it that a colleague needs."""

from dataclasses import replace

from pipeline.tables.quantities import Group, Quantity
from pipeline.tables.table import Column, Family, Table

_place = Family("place")

CENTROID = (
    _place(
        "centroid_lon",
        "degrees",
        "Longitude of the centroid",
        "EPSG:4326 longitude of the centroid of the boundary, which may lie outside an area that is bent",
        minimum=-180,
        maximum=180,
        derived_from=("risk.geometry",),
    ),
    _place(
        "centroid_lat",
        "degrees",
        "Latitude of the centroid",
        "EPSG:4326 latitude of the centroid of the boundary",
        minimum=-90,
        maximum=90,
        derived_from=("risk.geometry",),
    ),
)


def flat_table(risk: Table) -> Table:
    """The table ``risk_flat``: every column of ``risk`` but its boundary, and the centroid in place of that."""
    plain = tuple(column for column in risk.columns if column.storage not in ("geometry", "box"))
    return replace(
        risk,
        name="risk_flat",
        title="Digital-exclusion risk by LSOA, without boundaries",
        description="The rows and columns of risk.parquet without its boundaries, for tools that read no shapes: text, "
        "whole numbers, numbers and yes or no only, and the centroid of each LSOA as longitude and latitude.",
        columns=(*plain, *CENTROID),
    )


LEADING_NAMES = (
    *("lsoa21_code", "lsoa21_name", "place_name", "ward_name", "lad_name", "sicbl_name", "icb_name", "ruc21_name"),
    *("risk_score", "risk_rank", "risk_decile", "england_rank", "england_decile"),
    *("rank_p05", "rank_p95", "worst_decile_probability", "chance_worst_tenth", "hotspot"),
    *("kind", "main_driver", "points_to"),
    *("people_at_risk", "people_at_risk_low", "people_at_risk_high"),
    *("people_not_online", "people_without_skills"),
    *("on_list", "priority", "list_probability", "exclusion_rank", "exclusion_decile"),
    *("support_access", "capacity_decile", "lack_of_support", "unmet_need"),
)
"""What most people look for first: where, how high the risk, how sure, what kind, how many people, what support."""
LATER_GROUPS: tuple[Group, ...] = ("priority_groups", "components", "indicators")
LAST_NAMES = ("population_total", "share_65_to_74", "share_75_plus", "share_disabled", "imd_rank", "imd_decile")


def colleague_columns(risk: Table, measured: Quantity) -> tuple[Column, ...]:
    """The columns of ``risk`` that a colleague needs, in the order in which they are read.

    They are the scores and how sure they are, kinds, people, support, distances as they were ``measured`` (metres or
    minutes), components, indicators that an analyst added, and the residents. ``risk_flat`` has all the others.
    """
    by_name = {column.name: column for column in risk.columns}
    access = [c for c in risk.columns if c.group == "access" and c.quantity == measured and c.copy_of is None]
    later = [column for group in LATER_GROUPS for column in risk.columns if column.group == group]
    named = [[by_name[name] for name in names if name in by_name] for names in (LEADING_NAMES, LAST_NAMES)]
    return tuple(dict.fromkeys([*named[0], *access, *later, *named[1]]))
