"""Programmes on the page on the method: how areas were bundled, what money reaches, and the assumed prices."""

from dataclasses import dataclass

import pandas as pd

from pipeline.catalogue.costs import CostItem, Price
from pipeline.reports.elements import Markup, bullets, paragraph, section, table
from pipeline.reports.sections import percent
from pipeline.reports.words import cost_range, word
from pipeline.store.records import ProgrammesRecord
from pipeline.tables import say_people

THOUSAND = 1000
PRICES_ASSUMED = "Every price is an assumption, to be replaced by local ones in declared/costs.toml."
NOTHING_ON_EFFECT = (
    "Nothing here says how well a programme works, or that a host is willing: hosts are the nearest support places."
)


@dataclass(frozen=True)
class ProgrammeReport:
    """The tables ``programmes`` and ``budgets``, and their record."""

    programmes: pd.DataFrame
    budgets: pd.DataFrame
    record: ProgrammesRecord


def programmes_section(report: ProgrammeReport) -> Markup:
    """How the programmes were made, each with its people and outline cost, what budgets reach, and the prices."""
    made, frame = report.record, report.programmes
    bounds, costs = made.bundling, made.costs
    said = [
        "Neighbourhoods on the list of where to act that touch (queen contiguity) and are of one kind make a "
        f"programme, if they hold {bounds.least_people:,.0f} to {bounds.most_people:,.0f} people at risk and lie "
        f"within {bounds.reach_metres / THOUSAND:g} km of their centre, in a straight line. One where both kinds of "
        "exclusion stand out joins the kind of most people beside it.",
        "Larger groups are divided: the smallest part joins the neighbour with which it lies closest together, as long "
        "as both bounds are kept. This makes compact parts, not the best that could be; another division may be as "
        "good.",
        f"{made.in_programmes:,} of the {made.on_list:,} neighbourhoods on the list are in a programme. The others are "
        "too small for one alone: each is listed with the nearest programme.",
        f"Outline costs are for one year and for helping {percent(costs.helped_share)} of the people at risk, which is "
        f"a decision. {PRICES_ASSUMED}",
        "A budget is spent on the programmes that reach most people at risk by central prices, as an integer programme "
        "whose gap is proven; people at risk who live there are counted as reached, not as helped.",
        NOTHING_ON_EFFECT,
    ]
    parts = [bullets(said)]
    if len(frame):
        parts += [
            table(
                "Programmes, the largest unmet need first",
                ("Programme", "Kind", "Nearest host", "Neighbourhoods", "People at risk", "Outline cost in a year"),
                [
                    (
                        str(row["name"]),
                        word(row["kind"]),
                        word(row["host"]),
                        f"{row['neighbourhoods']:,}",
                        say_people(row["people_at_risk"]),
                        cost_range(row["cost_low"], row["cost"], row["cost_high"]),
                    )
                    for row in frame.to_dict("records")
                ],
                3,
            ),
            table(
                "What budgets reach",
                ("Budget", "Programmes", "People at risk reached", "Outline cost"),
                [
                    (
                        f"£{row['budget']:,.0f}",
                        f"{row['chosen']:,}",
                        say_people(row["people_reached"]),
                        cost_range(row["cost_low"], row["cost"], row["cost_high"]),
                    )
                    for row in report.budgets.to_dict("records")
                ],
            ),
        ]
    parts += [paragraph("Assumed prices, low, central and high:"), bullets(map(_item, costs.items))]
    return section("programmes", "Programmes, and what money reaches", parts)


def _item(item: CostItem) -> str:
    share = "" if item.per == "programme" else f", {percent(item.share)} of those helped"
    kinds = "".join(f", {percent(part)} in “{kind}”" for kind, part in item.share_by_kind.items())
    prices = "; ".join(map(_price, (item.low, item.central, item.high)))
    note = f" {item.note}" if item.note else ""
    return f"{item.what}, for each {item.per}{share}{kinds}: {prices}.{note}"


def _price(price: Price) -> str:
    return f"£{price.value:,.0f} of {price.year} ({price.source})"
