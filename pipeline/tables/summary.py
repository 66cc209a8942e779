"""Larger areas: one table for all levels, from wards to groups that an analyst declares."""

from pipeline.tables.quantities import Quantity
from pipeline.tables.risk import KIND_TITLES
from pipeline.tables.support import PEOPLE_COLUMNS
from pipeline.tables.table import Column, Family, Table

_place = Family("place")
_population = Family("population")
_score = Family("score")
_certainty = Family("certainty")
_kind = Family("kinds")
_people = Family("people_at_risk")
_support = Family("support")
_exclusion = Family("exclusion")
_deprivation = Family("deprivation")

_RANKED = "missing where the nation cannot be ranked by this index"
_DRAWN = "of plausible indices, worked out within each of them; missing where that was not asked for"
_WEIGHTED = "mean over its people"


def _count(family: Family, name: str, title: str, meaning: str, *derived_from: str) -> Column:
    return family(name, "count", title, meaning, unit="LSOAs", derived_from=derived_from, nullable=True)


def _share(family: Family, name: str, title: str, meaning: str, of: str, *derived_from: str) -> Column:
    return family(name, "share", title, meaning, of=of, derived_from=derived_from, nullable=True)


def _worst(part: str, *, of_area: bool) -> tuple[Column, ...]:
    """How much of a unit is in the worst tenth or fifth, of England or of the area."""
    name, where = f"worst_{part}{'_of_area' if of_area else ''}", "of the area" if of_area else "of England"
    source = "risk.risk_decile" if of_area else "risk.england_decile"
    title = f"in the worst {part} {where}"
    missing = "" if of_area else f"; {_RANKED}"
    return (
        _count(
            _score,
            f"lsoas_{name}",
            f"LSOAs {title}",
            f"Its LSOAs {title} by risk{missing}",
            source,
        ),
        _share(
            _score,
            f"share_lsoas_{name}",
            f"Share of LSOAs {title}",
            f"These as a share of its LSOAs{missing}",
            "LSOAs",
            f"lsoas_{name}",
        ),
        _share(
            _score,
            f"share_people_{name}",
            f"People {title}",
            f"Its people who live in LSOAs {title} by risk{missing}",
            "people",
            source,
        ),
    )


def _interval_of_worst() -> tuple[Column, ...]:
    return tuple(
        _share(
            _certainty,
            f"share_people_worst_tenth_{end}",
            f"People in the worst tenth of England, {end}",
            f"{which} percentile of share_people_worst_tenth {_DRAWN}",
            "people",
            "share_people_worst_tenth",
        )
        for end, which in (("low", "5th"), ("high", "95th"))
    )


def _interval(name: str, quantity: Quantity, title: str, of: str) -> tuple[Column, ...]:
    unit = "rank, 1 = highest mean risk" if quantity == "tied rank" else ""
    return tuple(
        _certainty(
            f"{name}_{end}",
            quantity,
            f"{title}, {which} percentile",
            f"{which} percentile of {of} {_DRAWN}",
            unit=unit,
            derived_from=(name,),
            nullable=True,
        )
        for end, which in (("p05", "5th"), ("p95", "95th"))
    )


def _of_kind(name: str, title: str, meaning: str) -> Column:
    return _kind(
        f"people_of_kind_{name}",
        "estimated people",
        f"People: {title}",
        f"Its people who live where {meaning}",
        derived_from=("residents", "risk.kind"),
        nullable=True,
    )


def _estimates() -> tuple[Column, ...]:
    """The estimates of LSOAs added up; an interval is that of the sum."""
    ends = ("_low", "_high")
    return tuple(
        _people(
            column.name,
            column.quantity,
            column.title,
            f"Sum over its LSOAs, parts in part. {column.meaning}"
            + (
                ", of the sum: narrower than its LSOAs' own, whose errors partly cancel"
                if column.name.endswith(ends) and not column.name.startswith("people_at_risk")
                else ""
            ),
            derived_from=(f"risk.{column.name}",),
            nullable=True,
            detail=column.detail,
        )
        for column in PEOPLE_COLUMNS
    )


SUMMARY = Table(
    "summary",
    "Larger areas",
    "One row for each larger area of a level (ward, MSOA, district, Sub-ICB, ICB, GP practice, primary care network or "
    "declared group) with people in the area, by code. Figures are of the part that lies in the area: share_covered "
    "says how much that is. Means are over people, and counts of LSOAs that belong to it in part are in part.",
    (
        _place("unit_code", "identifier", "Code", "Its official or declared code; of an MSOA without one, its name"),
        _place(
            "unit_name",
            "name",
            "Name",
            "As published or declared; a ward that shares its name with another is followed by its district, an MSOA "
            "goes by the name that people know, with the official one",
        ),
        _place("lsoas", "count", "LSOAs", "LSOAs of the area with any part in it", unit="LSOAs", minimum=1),
        _place("lsoas_everywhere", "count", "LSOAs in all", "LSOAs of the nation with any part in it", unit="LSOAs"),
        _place(
            "share_covered",
            "share",
            "Covered",
            "Its people whom the figures cover: those who live in LSOAs of the area. The figures say nothing of others",
            of="its people",
            derived_from=("residents",),
        ),
        _population(
            "residents",
            "estimated people",
            "Residents",
            "Its people in the area: residents, of LSOAs that belong to it in part their share; registered patients of "
            "practices and networks",
            derived_from=("risk.population_total",),
        ),
        _score(
            "risk_score",
            "score",
            "Risk score",
            f"Risk score, {_WEIGHTED}; higher = more risk",
            derived_from=("risk.risk_score", "residents"),
        ),
        *_interval("risk_score", "score", "Risk score", "the mean risk score"),
        _score(
            "mean_rank",
            "tied rank",
            "Mean rank in England",
            f"Rank of its LSOAs in England, {_WEIGHTED}; 1 = highest risk; {_RANKED}",
            unit="rank, 1 = highest risk",
            derived_from=("risk.england_rank", "residents"),
            nullable=True,
        ),
        _score(
            "unit_rank",
            "tied rank",
            "Rank",
            "Rank of its mean risk score among those of its level in the area; missing for practices, networks and "
            "groups that have less than the declared share of their people there",
            unit="rank, 1 = highest mean risk",
            derived_from=("risk_score",),
            nullable=True,
        ),
        *_interval("unit_rank", "tied rank", "Rank", "its rank"),
        *_worst("tenth", of_area=False),
        *_interval_of_worst(),
        *_worst("fifth", of_area=False),
        *_worst("tenth", of_area=True),
        *_worst("fifth", of_area=True),
        _share(
            _score,
            "extent",
            "Extent",
            "Extent, as the Indices of Deprivation define it, of risk: its people in the worst 10% of England's LSOAs "
            f"in full, from the 11th percentile (0.95) evenly less to the 30th (0.05); {_RANKED}",
            "people, those beyond the worst 10% in part",
            "risk.england_rank",
        ),
        _score(
            "local_concentration",
            "amount",
            "Local concentration",
            "Local concentration, as the Indices of Deprivation define it, of risk: mean rank of its worst LSOAs that "
            "hold a tenth of its people, ranks reversed, so that England's worst LSOA has the highest number; "
            f"{_RANKED}",
            unit="rank reversed, higher = worse",
            derived_from=("risk.england_rank", "residents"),
            nullable=True,
        ),
        *(
            _kind(
                f"score_{name}",
                "score",
                f"{title}: score",
                f"{title}: score of its LSOAs, {_WEIGHTED}; higher = more of this kind",
                derived_from=(f"risk.score_{name}", "residents"),
                nullable=True,
            )
            for name, title in KIND_TITLES.items()
        ),
        *(_of_kind(name, title, f"this kind stands out: {title}") for name, title in KIND_TITLES.items()),
        _of_kind("both", "both kinds", "both kinds stand out"),
        _of_kind("neither", "neither kind", "neither kind stands out"),
        _kind(
            "kind",
            "category",
            "What kind of exclusion",
            "Which kind stands out by the mean scores: the title of one of the two, Both, or Neither. Large areas are "
            "mixed, so that seldom any does: see the people of each kind",
            derived_from=tuple(f"score_{name}" for name in KIND_TITLES),
            nullable=True,
        ),
        *_estimates(),
        _support(
            "support_access",
            "ratio",
            "Access to support",
            f"Places within reach per 1,000 people at risk, {_WEIGHTED}",
            unit="libraries per 1,000 people at risk",
            derived_from=("risk.support_access", "residents"),
            nullable=True,
        ),
        _share(
            _support,
            "lack_of_support",
            "Lack of support",
            f"Share of the area's neighbourhoods with more support within reach, {_WEIGHTED}",
            "neighbourhoods of the area",
            "risk.lack_of_support",
        ),
        _share(
            _support,
            "share_people_little_support",
            "People with little support",
            "Its people who live where support is little by the declared bounds; missing without support places",
            "people",
            "risk.little_support",
        ),
        _count(
            _exclusion, "lsoas_on_list", "LSOAs on the list", "Its LSOAs on the list of where to act", "risk.on_list"
        ),
        _exclusion(
            "people_on_list",
            "estimated people",
            "People on the list",
            "Its people who live in LSOAs on the list of where to act",
            derived_from=("risk.on_list", "residents"),
            nullable=True,
        ),
        _deprivation(
            "imd_score",
            "score",
            "IMD score",
            "Index of Multiple Deprivation 2025, mean over the residents that the Indices count (mid-2022), or over "
            "all residents where File 7 lacks them; higher = more deprived. Of a district, Sub-ICB or ICB that lies in "
            "the area throughout: the published average score",
            derived_from=("risk.imd_score", "risk.residents_imd"),
            nullable=True,
        ),
        _share(
            _deprivation,
            "imd_share_lsoas_worst_tenth",
            "LSOAs in IMD decile 1",
            "Its LSOAs in the most deprived tenth of England by the Index of Multiple Deprivation 2025",
            "LSOAs",
            "risk.imd_decile",
        ),
    ),
    key="unit_code",
    geography="none",
)
