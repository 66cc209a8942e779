"""What a budget reaches: the programmes and sites that together reach most people at risk, as an integer programme."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.act.programmes import COST_COLUMNS
from pipeline.space.access import Pairs
from pipeline.space.siting import Budget, CoveringProblem, Plan, solve_covering
from pipeline.store import empty
from pipeline.tables import BUDGETS, PLAN, validate

GAP_DECIMALS = 6
"""A gap smaller than the solver can prove counts as none."""
LEAST_SECONDS = 0.05


@dataclass(frozen=True)
class Options:
    """What money can be spent on.

    Attributes:
        frame: one row for each programme and site: ``sort``, ``id``, ``name``, ``kind``, ``cost_low``, ``cost``,
            ``cost_high``, ``host``, ``what_helps``, ``lon``, ``lat``.
        reaches: which areas (``origin``) each of them (``place``) reaches.
        people: people at risk of the areas. Those whom several options reach are counted once.
    """

    frame: pd.DataFrame
    reaches: Pairs
    people: NDArray[np.float64]

    def only_reached(self) -> "Options":
        """The same without the areas that nothing reaches: most of a nation's."""
        areas, origin = np.unique(self.reaches.origin, return_inverse=True)
        reaches = Pairs(origin.astype("int64"), self.reaches.place, self.reaches.cost)
        return replace(self, reaches=reaches, people=self.people[areas])

    def problem(self, budget: float, seconds: float) -> CoveringProblem:
        """The choice for a budget, in pounds by central prices."""
        cost = self.frame["cost"].to_numpy(dtype="float64")
        return CoveringProblem(self.people, self.reaches, len(cost), None, Budget(cost, budget), seconds)


def options_of(programmes: pd.DataFrame, people: pd.Series) -> Options:
    """The programmes as options; ``people`` at risk of the area's LSOAs, by code."""
    codes = programmes["lsoa21_codes"].str.split("; ")
    row_of = {code: row for row, code in enumerate(people.index)}
    origin = np.array([row_of[code] for listed in codes for code in listed], dtype="int64")
    place = np.repeat(np.arange(len(programmes)), codes.map(len).to_numpy(dtype="int64"))
    frame = programmes.assign(sort="programme", id=programmes["programme"].astype(str))
    columns = ["sort", "id", "name", "kind", *COST_COLUMNS.values(), "host", "what_helps", "lon", "lat"]
    reaches = Pairs(origin, place, np.zeros(len(origin)))
    return Options(frame[columns].reset_index(drop=True), reaches, people.to_numpy(dtype="float64"))


def add_sites(options: Options, sites: pd.DataFrame, reaches: Pairs) -> Options:
    """``options`` with candidate sites, whose cost is the same by all prices.

    Args:
        sites: ``site_id``, ``name``, ``cost``, ``lon``, ``lat``. ``reaches``: the areas that each of them serves.
    """
    more = pd.DataFrame(
        {
            "sort": "site",
            "id": sites["site_id"].astype(str),
            "name": sites["name"],
            "kind": None,
            **{column: sites["cost"].astype("float64") for column in COST_COLUMNS.values()},
            "host": None,
            "what_helps": None,
            "lon": sites["lon"],
            "lat": sites["lat"],
        }
    )
    first = len(options.frame)
    pairs = Pairs(
        np.concatenate([options.reaches.origin, reaches.origin]),
        np.concatenate([options.reaches.place, reaches.place + first]),
        np.concatenate([options.reaches.cost, reaches.cost]),
    )
    text = dict.fromkeys(["sort", "id", "name", "kind", "host", "what_helps"], "str")
    frames = [frame.astype(text) for frame in (options.frame, more)]
    return Options(pd.concat(frames, ignore_index=True), pairs, options.people)


def choose(options: Options, budgets: Sequence[float], seconds: float) -> list[Plan]:
    """The best choice for each of some rising budgets; a larger one never reaches fewer people.

    An optimum of a smaller budget is open to every larger one, and is kept where the search finds nothing better in its
    share of ``seconds``. The objective is the number of people at risk in the areas reached, each area once: the
    budgeted maximum coverage problem (Khuller, Moss and Naor, 1999), solved by HiGHS, or for few options by looking at
    every choice.
    """
    plans: list[Plan] = []
    reached, count = options.only_reached(), len(options.frame)
    for budget in budgets:
        problem = reached.problem(budget, max(LEAST_SECONDS, seconds / len(budgets)))
        plan = solve_covering(problem, count, plans[-1].chosen.tolist() if plans else ())
        if plans and plan.value < plans[-1].value:
            plan = replace(plans[-1], bound=plan.bound)
        plans.append(plan)
    return plans


def tabulate_budgets(options: Options, budgets: Sequence[float], plans: Sequence[Plan]) -> pd.DataFrame:
    """Table ``budgets``: what each of them reaches and costs."""
    rows = []
    for budget, plan in zip(budgets, plans, strict=True):
        chosen = options.frame.iloc[plan.chosen]
        costs = {column: float(chosen[column].sum()) for column in COST_COLUMNS.values()}
        gap = round(plan.gap, GAP_DECIMALS) if plan.value > 0 or plan.bound > 0 else 0.0
        rows.append({"budget": budget, "chosen": len(chosen), "people_reached": plan.value, **costs, "gap": gap})
    frame = pd.DataFrame(rows, columns=BUDGETS.names)
    if len(frame):
        validate(frame, BUDGETS, "budgets")
    return frame


def tabulate_plan(options: Options, plan: Plan) -> pd.DataFrame:
    """Table ``plan``: what was chosen, the one that reaches most people first; without rows where nothing was."""
    if not len(plan.chosen):
        return empty(PLAN)
    frame = options.frame.iloc[plan.chosen].reset_index(drop=True)
    frame = frame.assign(
        number=range(1, len(frame) + 1),
        people_reached=plan.added,
        reached_together=np.cumsum(plan.added),
        cost_together=frame["cost"].cumsum(),
    )[PLAN.names].astype(dict.fromkeys(["kind", "host", "what_helps"], "str"))
    validate(frame, PLAN, "plan")
    return frame
