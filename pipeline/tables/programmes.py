"""Programmes: neighbourhoods on the list bundled, what each budget reaches, and a plan for one."""

from dataclasses import replace

from pipeline.tables.columns import LAD_NAME, LSOA_CODE, LSOA_NAME, WARD_NAME, degrees_point
from pipeline.tables.place_names import PLACE_NAME
from pipeline.tables.quantities import Quantity
from pipeline.tables.table import Column, Family, Table

_programme = Family("programmes")
IN_PROGRAMME, TOO_SMALL = "In a programme", "On the list, too small for a programme alone"
NOT_LISTED = "Not on the list"


def _people(name: str, title: str, meaning: str, *, nullable: bool = False) -> Column:
    return _programme(
        name,
        "estimated people",
        title,
        f"{meaning}. An estimate",
        derived_from=("risk.people_at_risk",),
        nullable=nullable,
    )


def _pounds(name: str, title: str, meaning: str) -> Column:
    return _programme(name, "pounds", title, f"{meaning}, by the assumed prices of declared/costs.toml")


def _costs(of: str) -> tuple[Column, ...]:
    return (
        _pounds("cost_low", "Outline cost, low", f"{of} in a year, all prices low"),
        _pounds("cost", "Outline cost", f"{of} in a year, central prices"),
        _pounds("cost_high", "Outline cost, high", f"{of} in a year, all prices high"),
    )


def _text(name: str, quantity: Quantity, title: str, meaning: str) -> Column:
    return _programme(name, quantity, title, meaning, nullable=True)


_KIND = _text(
    "kind", "name", "Kind of exclusion", "What its neighbourhoods have in common; missing where not told apart"
)

PROGRAMMES = Table(
    "programmes",
    "Programmes",
    "One row for each programme: neighbourhoods on the list of where to act that touch and are of one kind, the "
    "largest unmet need first.",
    (
        _programme("programme", "order", "Number", "1 = the largest unmet need", minimum=1),
        _programme("name", "name", "Programme", "After the wards with most people at risk, and the nearest town"),
        _KIND,
        _people("people_at_risk", "People at risk", "People at risk in its neighbourhoods"),
        _people("people_at_risk_low", "People at risk, low", "The same by the low measure"),
        _people("people_at_risk_high", "People at risk, high", "The same by the high measure"),
        _people("unmet_need", "Unmet need", "People at risk × lack of support; people at risk without support places"),
        _people("people_helped", "People helped in a year", "People at risk × the declared share that it works with"),
        _programme("neighbourhoods", "count", "Neighbourhoods", "Number of LSOAs", unit="LSOAs", minimum=1),
        _programme("lsoa21_codes", "list", "LSOA codes", "Its neighbourhoods, separated by semicolons"),
        _programme("districts", "list", "Districts", "Where its neighbourhoods are, separated by semicolons"),
        _text("main_driver", "name", "Main driver", "What drives the risk of most of its people at risk"),
        _text("host", "name", "Nearest host", "The support place nearest to where its people live, of any kind"),
        _text("host_kind", "name", "Kind of host", "What kind of place that is"),
        _programme(
            "host_metres",
            "metres",
            "Distance to the host",
            "From the mean point of its people, in a straight line",
            nullable=True,
            minimum=0,
        ),
        _text("what_helps", "text", "What helps", "What usually helps with the main driver"),
        _text("help_source", "text", "Source of the help", "Who says that it helps"),
        *_costs("What it costs"),
        *degrees_point(_programme),
    ),
    key="programme",
    geography="none",
)

PROGRAMME_AREAS = Table(
    "programme_areas",
    "Neighbourhoods and their programmes",
    "One row for each neighbourhood on the list of where to act: its programme, or, where it is too small for one "
    "alone, the nearest.",
    (
        LSOA_CODE,
        LSOA_NAME,
        replace(PLACE_NAME, derived_from=("risk.place_name",)),
        WARD_NAME,
        LAD_NAME,
        _KIND,
        _people("people_at_risk", "People at risk", "As in risk.parquet", nullable=True),
        _programme(
            "standing",
            "category",
            "Programme",
            "Whether it is in a programme",
            categories=(IN_PROGRAMME, TOO_SMALL),
        ),
        _text("programme", "order", "Number of the programme", "As in programmes; the nearest where it is in none"),
        _text("programme_name", "name", "Programme", "Its name"),
        _programme(
            "programme_metres",
            "metres",
            "Distance to the programme",
            "To the mean point of the programme's people, in a straight line",
            nullable=True,
            minimum=0,
        ),
    ),
    key="lsoa21_code",
)

BUDGETS = Table(
    "budgets",
    "What budgets reach",
    "The programmes that reach most people at risk for each sum, by central prices.",
    (
        _programme("budget", "pounds", "Budget", "What the programmes may cost together in a year"),
        _programme("chosen", "count", "Chosen", "Number of programmes and sites", unit="programmes"),
        _people("people_reached", "People reached", "People at risk in the neighbourhoods of the programmes chosen"),
        *_costs("What they cost"),
        _programme(
            "gap",
            "ratio",
            "Gap",
            "How many more people the best choice could reach, as a share of this one; 0 = proven best",
            unit="share of this choice",
        ),
    ),
    key="budget",
    geography="none",
)

PLAN = Table(
    "plan",
    "A plan for a budget",
    "The programmes and sites that together reach most people at risk for the budget, the one that reaches most first.",
    (
        _programme("number", "order", "Number", "1 = reaches most people", minimum=1),
        _programme("sort", "category", "Sort", "What it is", categories=("programme", "site")),
        _programme("id", "identifier", "Identifier", "Number of the programme, or id of the candidate site"),
        _programme("name", "name", "Name", "As in programmes, or in the file of candidates"),
        _KIND,
        _people("people_reached", "People reached", "People at risk whom it reaches and none before it does"),
        _people("reached_together", "People reached together", "The same for it and all before it"),
        *_costs("What it costs"),
        _pounds("cost_together", "Outline cost together", "What it and all before it cost, central prices"),
        _text("host", "name", "Nearest host", "As in programmes"),
        _text("what_helps", "text", "What helps", "As in programmes"),
        *degrees_point(_programme),
    ),
    key="number",
    geography="none",
)

STANDING = _programme(
    "programme_standing",
    "category",
    "Programmes",
    "Whether it is in a programme, on the list but too small for one alone, or not on the list",
    categories=(IN_PROGRAMME, TOO_SMALL, NOT_LISTED),
)
MEMBER_OF = _programme(
    "programme_name",
    "name",
    "Programme",
    "The programme that it is in; missing where it is in none",
    nullable=True,
)
"""What the page adds to the columns of ``risk.parquet``."""
