"""The output contract: the columns of ``risk.parquet``, and of the evidence for its score."""

from collections.abc import Mapping

from pipeline.tables.columns import GEOMETRY, count_column, name_column, share_column
from pipeline.tables.sources import FURTHER, JOINED_BY_NAME, LEADING
from pipeline.tables.support import capacity_columns
from pipeline.tables.table import Column, Table


def _decile(name: str, title: str, within: str) -> Column:
    return Column(
        name,
        "integer",
        title,
        f"Decile of the risk score {within}; 1 = the most at-risk tenth",
        unit="decile, 1 = most at risk",
        minimum=1,
        maximum=10,
    )


def _risk_rank(name: str, title: str, within: str) -> Column:
    return Column(
        name,
        "number",
        title,
        f"Rank of the risk score {within}; 1 = highest risk",
        unit="rank, 1 = highest risk",
        minimum=1,
    )


_DRAWN = "of the ranks that plausible indices give it within the area; 1 = highest risk"

UNCERTAINTY = (
    *(
        Column(
            name,
            "number",
            title,
            f"{which} {_DRAWN}",
            unit="rank, 1 = highest risk",
            minimum=1,
            nullable=True,
        )
        for name, title, which in (
            ("rank_p05", "Rank, 5th percentile", "5th percentile"),
            ("rank_median", "Rank, median", "Median"),
            ("rank_p95", "Rank, 95th percentile", "95th percentile"),
        )
    ),
    Column(
        "worst_decile_probability",
        "number",
        "In the worst tenth",
        "Share of plausible indices that put it in the worst tenth of the area",
        unit="share, 0 to 1",
        minimum=0,
        maximum=1,
        nullable=True,
    ),
)
"""How sure a rank is; missing where it was not asked for (``score --no-uncertainty``)."""

HOTSPOT_CATEGORIES = (
    "Hot spot",
    "Cold spot",
    "High among low",
    "Low among high",
    "Not significant",
    "No neighbours",
)

HOTSPOT = Column(
    "hotspot",
    "string",
    "Hot spots",
    "Whether it and its neighbours score higher or lower than chance would have it (local Moran's I and Getis-Ord Gi*)",
    categories=HOTSPOT_CATEGORIES,
    nullable=True,
)

DERIVED = (
    count_column("population_65_plus", "Residents aged 65 and over", "Usual residents aged 65 and over"),
    share_column(
        "share_65_plus", "Aged 65 and over", "Residents aged 65 and over as a share of all residents of the same table"
    ),
)
"""Columns the atlas adds from those of ``risk.parquet``."""


def risk_table(
    components: Mapping[str, str], kinds: Mapping[str, str] | None = None, measure: str = "straight line"
) -> Table:
    """The schema of ``risk.parquet`` for an index with these components and these kinds of place (name to title).

    ``measure`` is how the way to a place was measured (:data:`pipeline.tables.support.MEASURES`).
    """
    scored = [
        Column(
            f"component_{name}",
            "number",
            title,
            f"{title}: score of this component of the index; higher = more risk",
            unit="score, 0 to 100",
            minimum=0,
            maximum=100,
            nullable=True,
        )
        for name, title in components.items()
    ]
    return Table(
        "risk",
        "Digital-exclusion risk by LSOA",
        "One row per LSOA of the area, sorted by code.",
        (
            *(JOINED_BY_NAME[name] for name in LEADING),
            *scored,
            Column(
                "risk_score",
                "number",
                "Risk score",
                "Composite digital-exclusion risk; higher = more risk",
                unit="score, 0 to 100",
                minimum=0,
                maximum=100,
            ),
            _risk_rank("risk_rank", "Risk rank", "within the area"),
            _decile("risk_decile", "Risk decile", "within the area"),
            _risk_rank("england_rank", "Rank in England", "over all of England by the same index"),
            _decile("england_decile", "Decile in England", "over all of England by the same index"),
            Column(
                "indicators_missing",
                "integer",
                "Indicators missing",
                "How many of the index's indicators have no published value here",
                unit="indicators",
                minimum=0,
            ),
            *UNCERTAINTY,
            HOTSPOT,
            *capacity_columns(components, kinds or {}, measure),
            *(JOINED_BY_NAME[name] for name in FURTHER),
            GEOMETRY,
        ),
        key="lsoa21_code",
    )


EVIDENCE = Table(
    "evidence",
    "Scores held against an outcome",
    "One row for each score and place; intervals by bootstrap. The outcome is named in the metadata.",
    (
        Column("row", "string", "Row", "Candidate, level and code of the place", pattern=r".+"),
        name_column("candidate", "Score", "An index by its id, or a single indicator"),
        Column("level", "string", "Level", "What the place is", categories=("all", "area", "icb", "lad")),
        Column("code", "string", "Code", "ONS code of the ICB or district; otherwise the name of the level"),
        name_column("name", "Place", "Name of the place"),
        Column("areas", "integer", "LSOAs", "LSOAs of the place that have an outcome", unit="LSOAs", minimum=1),
        *(
            Column(name, "number", title, what, unit="correlation, -1 to 1", minimum=-1, maximum=1, nullable=True)
            for name, title, what in (
                ("spearman", "Spearman correlation", "Positive where the outcome is worse as the score rises"),
                ("low", "Lower end", "2.5th percentile of the bootstrap"),
                ("high", "Upper end", "97.5th percentile of the bootstrap"),
            )
        ),
    ),
    key="row",
    geography="none",
)
