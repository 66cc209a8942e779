"""What the page says about the list of where to act, programmes, and what money reaches."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.atlas import contract
from pipeline.atlas.inputs import ProgrammeTables
from pipeline.store.records import CapacityRecord, PlanRecord
from pipeline.tables import MEASURES
from pipeline.tables.programmes import IN_PROGRAMME, MEMBER_OF, NOT_LISTED, STANDING

Row = dict[Hashable, Any]
WHOLE = 0
"""Decimals of people, pounds and metres: none of them is worth more."""
CHOSEN_BY = {"people_at_risk": 2, "cost": 2}
"""Decimals of what programmes are chosen by, so that the page chooses for a budget as the pipeline does."""


def list_info(capacity: CapacityRecord) -> contract.ListInfo:
    """The bounds of the list, in the unit in which distances were measured."""
    bounds, unit = capacity.where_to_act.bounds, MEASURES[capacity.measure]
    metres = unit == "metres"
    return contract.ListInfo(
        by_support=capacity.where_to_act.by_support,
        risk_share=bounds.risk_share,
        support_share=bounds.support_share,
        near=bounds.near_metres if metres else bounds.near_minutes,
        far=bounds.far_metres if metres else bounds.far_minutes,
        unit="metres" if metres else "minutes",
        least_probability=bounds.least_probability,
        unsure=capacity.where_to_act.unsure,
    )


def add_membership(areas: pd.DataFrame, tables: ProgrammeTables) -> pd.DataFrame:
    """``areas`` with the columns that say whether each is in a programme, and in which."""
    listed = tables.areas.set_index("lsoa21_code")
    codes = areas["lsoa21_code"]
    inside = listed[listed["standing"] == IN_PROGRAMME]
    return areas.assign(
        **{
            STANDING.name: codes.map(listed["standing"]).astype("object").fillna(NOT_LISTED).astype("str"),
            MEMBER_OF.name: codes.map(inside["programme_name"]).astype("str"),
        }
    )


def programmes_info(tables: ProgrammeTables, codes: Sequence[str]) -> contract.ProgrammesInfo:
    """Programmes with their areas as rows of the page's table, whose ``codes`` are in order."""
    row_of = {code: row for row, code in enumerate(codes)}
    made = tables.record
    small = tables.areas[tables.areas["standing"] != IN_PROGRAMME]
    return contract.ProgrammesInfo(
        programmes=tuple(_programme(row, row_of) for row in _plain(tables.programmes, CHOSEN_BY)),
        too_small=tuple(
            contract.TooSmall(area=row_of[row["lsoa21_code"]], nearest=row["programme"], metres=row["programme_metres"])
            for row in _plain(small)
        ),
        least_people=made.bundling.least_people,
        most_people=made.bundling.most_people,
        reach_metres=made.bundling.reach_metres,
        helped_share=made.costs.helped_share,
        costs=tuple(map(contract.CostInfo.model_validate, made.costs.items)),
        curve=_curve(tables.budgets),
        plan=None if tables.plan is None else _plan(tables.plan),
    )


def _plain(frame: pd.DataFrame, decimals: Mapping[str, int] | None = None) -> list[Row]:
    """Rows with whole numbers of people, pounds and metres, and None where there is nothing.

    ``decimals``: how many more are kept, by column.
    """
    places = {column: (decimals or {}).get(column, WHOLE) for column in map(str, frame.columns)}
    rounded = frame.round(places).astype("object")
    rows: list[Row] = rounded.where(frame.notna(), None).to_dict(orient="records")
    return rows


def _programme(row: Row, row_of: Mapping[str, int]) -> contract.Programme:
    same = (
        "name",
        "kind",
        "main_driver",
        "host",
        "host_kind",
        "host_metres",
        "what_helps",
        "help_source",
        "cost_low",
        "cost",
        "cost_high",
    )
    return contract.Programme.model_validate(
        {
            "order": row["programme"],
            "people": row["people_at_risk"],
            "helped": row["people_helped"],
            "areas": tuple(row_of[code] for code in str(row["lsoa21_codes"]).split("; ")),
            **{key: row[key] for key in same},
        }
    )


def _curve(budgets: pd.DataFrame) -> tuple[contract.BudgetPoint, ...]:
    renamed = budgets.rename(columns={"people_reached": "people"}).drop(columns="gap")
    return tuple(map(contract.BudgetPoint.model_validate, _plain(renamed)))


def _plan(plan: PlanRecord) -> contract.PlanInfo:
    chosen = tuple(
        contract.PlannedThing(
            sort=row.sort,
            name=row.name,
            programme=int(row.id) if row.sort == "programme" else None,
            people=round(row.people_reached),
            cost_low=round(row.cost_low),
            cost=round(row.cost),
            cost_high=round(row.cost_high),
        )
        for row in plan.chosen
    )
    return contract.PlanInfo(
        budget=plan.budget,
        people=round(plan.people_reached),
        cost_low=round(plan.cost_low),
        cost=round(plan.cost),
        cost_high=round(plan.cost_high),
        gap=plan.gap,
        candidates=plan.candidates,
        chosen=chosen,
        curve=_curve(pd.DataFrame([point.model_dump() for point in plan.curve])),
    )
