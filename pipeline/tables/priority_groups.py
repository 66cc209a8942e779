"""Priority groups against risk: the columns of ``risk.parquet``, and the table of neighbourhoods and people."""

from collections.abc import Mapping, Sequence

from pipeline.tables.table import Column, Family, Table

_group = Family("priority_groups")

INSIDE, OUTSIDE, UNSAID = "Inside", "Outside", "Not said"
ALL_BANDS = "All"
BAND_NAMES: Mapping[tuple[int, int], str] = {
    (1, 1): "Worst tenth",
    (2, 2): "Second tenth",
    (1, 2): "Worst fifth",
    (3, 4): "Second fifth",
    (3, 10): "Other four fifths",
    (5, 10): "Other three fifths",
}
"""Bands of risk by their first and last tenth; others are called by their tenths."""


def group_categories(title: str) -> tuple[str, str, str, str]:
    """Both, high risk only, the group only, and neither, in words."""
    return (f"{title} and high risk", "High risk elsewhere", f"{title} without high risk", "Neither")


def group_columns(titles: Mapping[str, str], origins: Mapping[str, Sequence[str]]) -> tuple[Column, ...]:
    """Whether a neighbourhood is in each group (id to title), and that together with its risk.

    ``origins`` are the columns that membership comes from, by its column; by default, that of the shipped group.
    """
    return tuple(
        column
        for name, title in titles.items()
        for column in (
            _group(
                f"in_group_{name}",
                "flag",
                f"In {title}",
                f"Whether it belongs to the priority group {title}; missing where its column is",
                derived_from=tuple(origins.get(f"in_group_{name}", ("imd_decile",))),
                nullable=True,
            ),
            _group(
                f"group_risk_{name}",
                "category",
                f"{title} and digital risk",
                f"Whether it is in {title}, and whether its risk is high: in the first band of risk_tenths in "
                "declared/priority-groups.toml, as shipped the most at-risk fifth of England",
                derived_from=(f"in_group_{name}", "england_decile", "risk_decile"),
                categories=group_categories(title),
                nullable=True,
            ),
        )
    )


def _measured(name: str, title: str) -> Sequence[Column]:
    return (
        _group(name, "estimated people", title, f"{title}. An estimate", derived_from=(f"risk.{name}",)),
        *(
            _group(
                f"{name}_{end}",
                "estimated people",
                f"{title}, {end}",
                f"{which} end of the 95% interval of the sum",
                derived_from=(f"risk.{name}",),
            )
            for end, which in (("low", "Lower"), ("high", "Upper"))
        ),
    )


PRIORITY_GROUPS = Table(
    "priority_groups",
    "Priority groups against risk",
    "One row for each group, band of risk, and whether inside or outside the group: neighbourhoods and people. Bands "
    "are tenths of the nation, or of the area where the nation cannot be scored; the record says which.",
    (
        _group("entry", "identifier", "Entry", "Group, inside or outside, and tenths of risk", pattern=r".+"),
        _group("group_id", "code", "Group", "The id of declared/priority-groups.toml; any: in at least one of them"),
        _group("group_title", "name", "Group in words", "Its title"),
        _group(
            "membership",
            "category",
            "Inside or outside",
            "Inside the group or outside; not said where its column has no value",
            categories=(INSIDE, OUTSIDE, UNSAID),
        ),
        _group("risk_band", "name", "Band of risk", "In words; All: every tenth"),
        _group("tenth_from", "decile", "From tenth", "First tenth of the band, 1 = most at risk"),
        _group("tenth_to", "decile", "To tenth", "Last tenth of the band"),
        _group("lsoas", "count", "LSOAs", "Neighbourhoods", unit="LSOAs"),
        _group("residents", "people", "Residents", "Usual residents", derived_from=("risk.population_total",)),
        _group(
            "people_at_risk",
            "estimated people",
            "People at risk",
            "Sum of people at risk. An estimate",
            derived_from=("risk.people_at_risk",),
        ),
        _group(
            "people_at_risk_low",
            "estimated people",
            "People at risk, low",
            "Only those not online. Another measure, not the end of an interval",
            derived_from=("risk.people_at_risk_low",),
        ),
        _group(
            "people_at_risk_high",
            "estimated people",
            "People at risk, high",
            "All without basic digital skills. Another measure, not the end of an interval",
            derived_from=("risk.people_at_risk_high",),
        ),
        *_measured("people_not_online", "Not online"),
        *_measured("people_without_skills", "Without basic digital skills"),
        _group(
            "share_people_at_risk",
            "share",
            "Share of people at risk",
            "People at risk as a share of all people at risk of the area",
            of="people at risk of the area",
            derived_from=("people_at_risk",),
            nullable=True,
        ),
    ),
    key="entry",
    geography="none",
)
