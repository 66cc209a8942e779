"""The output contract: the columns of ``risk.parquet``, of the list of where to act, and of the evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.tables.columns import GEOMETRY, LAD_NAME, LSOA_CODE, LSOA_NAME, WARD_NAME
from pipeline.tables.joined import LEADING
from pipeline.tables.place_names import PLACE_NAME
from pipeline.tables.priority_groups import group_columns
from pipeline.tables.support import (
    BEYOND_COLUMNS,
    LIST_COLUMNS,
    PEOPLE_COLUMNS,
    SUPPORT_COLUMNS,
    capacity_columns,
    driver_columns,
)
from pipeline.tables.table import Column, Family, Table

_score = Family("score")
_component = Family("components")
_certainty = Family("certainty")
_kind = Family("kinds")
_population = Family("population")
_evidence = Family("evidence")
_access = Family("access")
_exclusion = Family("exclusion")
_help = Family("help")

_HIGHEST = "rank, 1 = highest risk"
_DRAWN = "of the ranks that plausible indices give it within the area; 1 = highest risk"

UNCERTAINTY = (
    *(
        _certainty(
            name,
            "tied rank",
            f"Rank, {title}",
            f"{title[:1].upper()}{title[1:]} {_DRAWN}",
            unit=_HIGHEST,
            derived_from=("risk_rank",),
            nullable=True,
        )
        for name, title in (
            ("rank_p05", "5th percentile"),
            ("rank_median", "median"),
            ("rank_p95", "95th percentile"),
        )
    ),
    _certainty(
        "worst_decile_probability",
        "share",
        "In the worst tenth",
        "Share of plausible indices that put it in the worst tenth of the area",
        of="plausible indices",
        derived_from=("risk_rank",),
        nullable=True,
    ),
    *(
        _certainty(
            name,
            "tied rank",
            f"Rank in England, {title}",
            f"{title[:1].upper()}{title[1:]} of the ranks that plausible indices give it in England; 1 = highest risk",
            unit=_HIGHEST,
            derived_from=("england_rank",),
            nullable=True,
        )
        for name, title in (("england_rank_p05", "5th percentile"), ("england_rank_p95", "95th percentile"))
    ),
    _certainty(
        "chance_worst_tenth",
        "share",
        "Likely right",
        "How likely it is truly in the worst tenth of England by the outcome that the index was calibrated against: of "
        "areas with its place among England's scores, the share that is, judged in ICBs that the weights were not "
        "fitted to; missing where the weights are not those that were calibrated",
        of="areas placed like it",
        derived_from=("england_rank",),
        nullable=True,
    ),
)
"""How certain a rank is; missing where that was not asked for (``score --no-uncertainty``)."""

HOTSPOT_CATEGORIES = (
    "Hot spot",
    "Cold spot",
    "High among low",
    "Low among high",
    "Not significant",
    "No neighbours",
)

HOTSPOT = _score(
    "hotspot",
    "category",
    "Hot spots",
    "Whether it and its neighbours score higher or lower than chance would explain (local Moran's I and Getis-Ord Gi*)",
    derived_from=("risk_score", "geometry"),
    categories=HOTSPOT_CATEGORIES,
    nullable=True,
)

DERIVED = (
    _population(
        "population_65_plus",
        "people",
        "Residents aged 65 and over",
        "Usual residents aged 65 and over",
        derived_from=("population_65_to_74", "population_75_plus"),
    ),
    _population(
        "share_65_plus",
        "share",
        "Aged 65 and over",
        "Residents aged 65 and over as a share of all residents of the same table",
        of="residents",
        derived_from=("population_65_to_74", "population_75_plus", "population_total"),
    ),
)
"""Columns the atlas adds from those of ``risk.parquet``."""

_IN_ENGLAND = "over all of England by the same index, where all of England has its indicators"


def _rank(name: str, title: str, within: str) -> Column:
    meaning = f"Rank of the risk score {within}; 1 = highest risk"
    return _score(name, "tied rank", title, meaning, unit=_HIGHEST, derived_from=("risk_score",))


def _decile(name: str, title: str, within: str) -> Column:
    meaning = f"Decile of the risk score {within}; 1 = the most at-risk tenth"
    return _score(name, "decile", title, meaning, unit="decile, 1 = most at risk", derived_from=("risk_score",))


RISK_RANK = _rank("risk_rank", "Risk rank", "within the area")


def score_columns(components: Mapping[str, str], indicators: Mapping[str, Sequence[str]]) -> tuple[Column, ...]:
    """The scores of the components (name to title) and of their index, its ranks, and how sure they are.

    ``indicators`` are the columns that each component is made from.
    """
    scored = tuple(
        _component(
            f"component_{name}",
            "score",
            title,
            f"{title}: score of this component of the index; higher = more risk",
            derived_from=tuple(indicators.get(name, ())),
            nullable=True,
        )
        for name, title in components.items()
    )
    return (
        *scored,
        _score(
            "risk_score",
            "score",
            "Risk score",
            "Composite digital-exclusion risk; higher = more risk",
            derived_from=tuple(column.name for column in scored),
        ),
        RISK_RANK,
        _decile("risk_decile", "Risk decile", "within the area"),
        replace(_rank("england_rank", "Rank in England", _IN_ENGLAND), nullable=True),
        replace(_decile("england_decile", "Decile in England", _IN_ENGLAND), nullable=True),
        _score(
            "indicators_missing",
            "count",
            "Indicators missing",
            "Number of the index's indicators that have no published value here",
            unit="indicators",
            derived_from=tuple(dict.fromkeys(name for column in scored for name in column.derived_from)),
        ),
        *UNCERTAINTY,
        HOTSPOT,
    )


KIND_TITLES: Mapping[str, str] = {
    "age_settled": "Age and settled living",
    "money_skills_health": "Money, skills and health",
}
"""The kinds of exclusion, by the id that their columns have; declared/kinds.toml may call them otherwise."""

KIND_INDICATORS: Mapping[str, Sequence[str]] = {
    "age_settled": (
        "share_65_to_74",
        "share_75_plus",
        "share_owned_or_social",
        "residents_per_household",
        "share_disabled",
    ),
    "money_skills_health": (
        "income_deprivation",
        "adult_skills_deprivation",
        "health_deprivation",
        "share_households_two_dimensions",
    ),
}
"""The columns that each is made from as shipped; declared/kinds.toml may name others."""

KIND = _kind(
    "kind",
    "category",
    "What kind of exclusion",
    "Which kind of exclusion stands out: the title of one of the two, Both, or Neither; missing where a score is",
    derived_from=tuple(f"score_{name}" for name in KIND_TITLES),
    nullable=True,
)


def kind_columns(titles: Mapping[str, str], indicators: Mapping[str, Sequence[str]]) -> tuple[Column, ...]:
    """The score of each kind of exclusion (id to title), and which stands out.

    ``indicators`` are the columns that each is made from, by the column of the score.
    """
    return (
        *(
            _kind(
                f"score_{name}",
                "score",
                f"{title}: score",
                f"{title}: the percentage of the nation's neighbourhoods that score as high or lower; higher = more of "
                "this kind. Missing where the nation lacks a value",
                derived_from=tuple(indicators.get(f"score_{name}", KIND_INDICATORS[name])),
                nullable=True,
            )
            for name, title in titles.items()
        ),
        KIND,
    )


def risk_table(
    joined: Table,
    components: Mapping[str, str],
    kinds: Mapping[str, str] | None = None,
    indicators: Mapping[str, Sequence[str]] | None = None,
    kinds_of_exclusion: Mapping[str, str] | None = None,
    groups: Mapping[str, str] | None = None,
) -> Table:
    """The table ``risk``, as ``risk.parquet`` has it.

    Args:
        joined: the columns of the sources, including indicators that an analyst adds.
        components: name to title of the index's components.
        kinds: name to title of the kinds of support places whose distance is measured.
        indicators: the columns that each component is made from, by its name, and the score of each kind of exclusion
            and whether it is in a priority group, by their columns.
        kinds_of_exclusion: id to title. ``groups``: the same of the priority groups.
    """
    leading = [column for column in joined.columns if column.name in LEADING]
    further = [column for column in joined.columns if column.name not in LEADING]
    return Table(
        "risk",
        "Digital-exclusion risk by LSOA",
        "One row per LSOA of the area, sorted by code. Distances to nearest places are in metres or, where journeys "
        "were supplied, in minutes; the columns of the other unit are empty.",
        (
            *leading,
            *score_columns(components, indicators or {}),
            *capacity_columns(components, kinds or {}),
            *kind_columns(kinds_of_exclusion or KIND_TITLES, indicators or {}),
            *BEYOND_COLUMNS,
            *group_columns(groups or {}, indicators or {}),
            *further,
            GEOMETRY,
        ),
        key="lsoa21_code",
    )


def _of_risk(column: Column) -> Column:
    """A column of the table ``risk`` as another table repeats it."""
    return replace(column, source=None, derived_from=(f"risk.{column.name}",))


_SUPPORT_BY_NAME = {column.name: column for column in SUPPORT_COLUMNS}

PRIORITIES = Table(
    "priorities",
    "High risk and little support",
    "Where to act first: the neighbourhoods where a high risk meets little support, by the declared bounds, the "
    "largest unmet need first; what drives the risk, and what support is near. Without support places: where the risk "
    "is high.",
    (
        _exclusion(
            "priority",
            "order",
            "Priority",
            "1 = act first",
            minimum=1,
            derived_from=("risk.priority",),
        ),
        LSOA_CODE,
        LSOA_NAME,
        _of_risk(PLACE_NAME),
        WARD_NAME,
        LAD_NAME,
        *(_of_risk(_SUPPORT_BY_NAME[name]) for name in ("exclusion_rank", "exclusion_decile")),
        _of_risk(RISK_RANK),
        *(_of_risk(column) for column in UNCERTAINTY if column.name == "worst_decile_probability"),
        _of_risk(_SUPPORT_BY_NAME["exclusion_worst_decile_probability"]),
        *(_of_risk(column) for column in PEOPLE_COLUMNS),
        *(_of_risk(column) for column in driver_columns({}) if column.group == "drivers"),
        _access(
            "nearest_support",
            "name",
            "Nearest support",
            "The nearest place that offers help now",
            derived_from=("support_places.name",),
            nullable=True,
        ),
        _access(
            "nearest_support_kind",
            "name",
            "Kind of support",
            "What kind of place that is",
            derived_from=("support_places.kind",),
            nullable=True,
        ),
        _access(
            "nearest_support_metres",
            "metres",
            "Distance, metres",
            "In a straight line; missing where journeys were supplied",
            derived_from=("nearest.metres",),
            nullable=True,
            minimum=0,
        ),
        _access(
            "nearest_support_minutes",
            "minutes",
            "Journey, minutes",
            "By the journeys supplied; missing where none were",
            derived_from=("nearest.minutes",),
            nullable=True,
        ),
        _access(
            "nearest_support_distance",
            "amount",
            "Distance",
            "Metres or minutes, whichever was measured",
            unit="metres or minutes",
            derived_from=("nearest_support_metres", "nearest_support_minutes"),
            nullable=True,
        ),
        _help(
            "suggested_help",
            "text",
            "Suggested help",
            "What usually helps with this kind of exclusion and with what stands out here",
            derived_from=("kind", "beyond_similar", "main_driver"),
            nullable=True,
        ),
        _help(
            "help_source",
            "text",
            "Source of the help",
            "Who says that it helps",
            derived_from=("suggested_help",),
            nullable=True,
        ),
        _of_risk(KIND),
        *(_of_risk(column) for column in BEYOND_COLUMNS),
        *(
            _of_risk(column)
            for column in LIST_COLUMNS
            if column.name in ("lack_of_support", "unmet_need", "list_probability", "unmet_need_expected")
        ),
    ),
    key="priority",
)

EVIDENCE = Table(
    "evidence",
    "Scores compared with an outcome",
    "One row for each score and place; intervals by bootstrap. The outcome is named in the metadata.",
    (
        _evidence("entry", "identifier", "Entry", "Candidate, level and code of the place", pattern=r".+"),
        _evidence("candidate", "name", "Score", "An index by its id, or a single indicator"),
        _evidence("level", "category", "Level", "What the place is", categories=("all", "area", "icb", "lad")),
        _evidence("code", "code", "Code", "ONS code of the ICB or district; otherwise the name of the level"),
        _evidence("name", "name", "Place", "Name of the place"),
        _evidence("areas", "count", "LSOAs", "LSOAs of the place that have an outcome", unit="LSOAs", minimum=1),
        *(
            _evidence(name, "correlation", title, meaning, nullable=True)
            for name, title, meaning in (
                ("spearman", "Spearman correlation", "Positive where the outcome is worse as the score rises"),
                ("low", "Lower end", "2.5th percentile of the bootstrap"),
                ("high", "Upper end", "97.5th percentile of the bootstrap"),
            )
        ),
    ),
    key="entry",
    geography="none",
)

AGREEMENT = Table(
    "agreement",
    "All indices compared with all outcomes",
    "One row for each outcome, score and level. The metadata says what each outcome is, and what to keep in mind.",
    (
        _evidence("entry", "identifier", "Entry", "Outcome, score and level", pattern=r".+"),
        _evidence("outcome", "name", "Outcome", "The outcome by its id in declared/outcomes.toml"),
        _evidence("outcome_title", "text", "Outcome in words", "Its title"),
        _evidence("candidate", "name", "Score", "An index by its id, or a single indicator"),
        _evidence(
            "statistic",
            "category",
            "Statistic",
            "Spearman's rank correlation, or, for a group of areas, the chance that one of it scores above another",
            categories=("rank correlation", "area under the curve"),
        ),
        _evidence(
            "level",
            "category",
            "Level",
            "Over the nation, in the area alone, or the median within ICBs",
            categories=("all", "area", "icb"),
        ),
        _evidence(
            "units",
            "category",
            "Areas compared",
            "LSOAs, or the larger areas of the outcome, of which scores are weighted means of LSOAs",
            categories=("lsoa", "msoa", "district", "icb", "nuts3", "practice"),
        ),
        _evidence("areas", "count", "Number of areas", "Areas that were compared", unit="areas", minimum=1),
        _evidence("places", "count", "ICBs", "ICBs of which the median was taken, else 1", unit="places", minimum=1),
        *(
            _evidence(name, "correlation", title, meaning, nullable=nullable)
            for name, title, meaning, nullable in (
                ("agreement", "Agreement", "Higher where the outcome is worse as the score rises", False),
                ("low", "Lower end", "2.5th percentile of the bootstrap", True),
                ("high", "Upper end", "97.5th percentile of the bootstrap", True),
                ("reliability", "Reliability", "Of a survey: share of the variance that is not its error", True),
                ("corrected", "Corrected", "Of a survey: the correlation without its error, at most 1", True),
            )
        ),
        _evidence("in_sample", "flag", "In sample", "Whether the weights of the index were fitted to this outcome"),
    ),
    key="entry",
    geography="none",
)
