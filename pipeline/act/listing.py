"""Which areas are on the list of where to act, in which order, and how sure that is."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue.places import ListBounds
from pipeline.tables import Quantity

Vector = NDArray[np.float64]
Flags = NDArray[np.bool_]
FULL_SCALE = 100.0
LIST_COLUMNS = (
    "little_support",
    "lack_of_support",
    "unmet_need",
    "on_list",
    "list_probability",
    "unmet_need_expected",
    "priority",
)
"""What the list adds to ``risk.parquet``."""


@dataclass(frozen=True)
class ListRule:
    """The declared bounds of the list, for the areas that it is of.

    ``distance`` is that of each area to the nearest place that is staffed and offers help now, in ``unit``; infinite
    where there is none.
    """

    bounds: ListBounds
    distance: Vector
    unit: Quantity = "metres"

    def is_high(self, risk_rank: Vector) -> Flags:
        """Which areas have a high risk: those in the declared worst share, by ranks from 1 = worst."""
        return np.asarray(risk_rank <= self.bounds.risk_share * len(risk_rank))

    def is_little(self, capacity: Vector) -> Flags:
        """Which areas have little support: a capacity in the declared lowest share, or help farther than declared.

        No area with help nearby counts as one of little support, however crowded that help is. ``capacity`` is the
        percentile of access to support, 0 to 100.
        """
        metres = self.unit == "metres"
        near = self.bounds.near_metres if metres else self.bounds.near_minutes
        far = self.bounds.far_metres if metres else self.bounds.far_minutes
        least = capacity <= FULL_SCALE * self.bounds.support_share
        return np.asarray((least | (self.distance > far)) & (self.distance > near))


@dataclass(frozen=True)
class ListDraws:
    """How the list varies over plausible choices, one number for each area.

    ``probability`` is the share of choices in which an area meets both bounds; ``lack`` the mean of its lack of support
    over all choices, none counted where it does not meet them.
    """

    probability: Vector
    lack: Vector


def lack_of_support(capacity: Vector) -> Vector:
    """From 0, as much support within reach as anywhere in the area, to 1, no place within reach: 1 − capacity / 100.

    As ``capacity`` is a percentile, this is the share of the area's neighbourhoods that have more support.
    """
    lack: Vector = np.clip(1.0 - capacity / FULL_SCALE, 0.0, 1.0)
    return lack


def summarise_draws(high: NDArray[np.int64], draws: int, capacities: Vector, rule: ListRule) -> ListDraws:
    """How sure it is that an area meets both bounds.

    Args:
        high: in how many of the draws that use a way to measure capacity each area has a high risk, ways × areas.
        draws: the number of all draws. ``capacities``: by each way, ways × areas.
    """
    probability, lack = np.zeros(high.shape[1]), np.zeros(high.shape[1])
    for of_way, capacity in zip(high, capacities, strict=True):
        share = of_way / draws * rule.is_little(capacity)
        probability += share
        lack += share * lack_of_support(capacity)
    # Sums of shares of a thousand draws may pass 1 in the last digit.
    return ListDraws(np.clip(probability, 0.0, 1.0), np.clip(lack, 0.0, 1.0))


def list_areas(
    risk_rank: pd.Series, people: pd.Series, capacity: pd.Series | None, rule: ListRule, draws: ListDraws | None
) -> pd.DataFrame:
    """:data:`LIST_COLUMNS` of areas, indexed as ``risk_rank``.

    On the list are the areas of high risk and little support that are so in at least the declared share of plausible
    choices. They stand in the order of people at risk × lack of support, on average over plausible choices and counted
    as nothing where an area does not meet both bounds; without draws, by the declared choice alone. Equal needs stand
    in the order of risk, then of code.

    Args:
        risk_rank: 1 = the highest risk. ``people``: people at risk.
        capacity: percentile of access to support, 0 to 100. None where no list of places is available: the list is then
            of those with a high risk, in the order of people at risk.
        draws: None where none were made.
    """
    index, nothing = risk_rank.index, pd.Series(np.nan, index=risk_rank.index)
    meets = rule.is_high(risk_rank.to_numpy(dtype="float64"))
    little, lack, unmet, need = nothing, nothing, nothing, people
    if capacity is not None:
        levels = capacity.reindex(index).to_numpy(dtype="float64")
        is_little = rule.is_little(levels)
        meets = meets & is_little
        little, lack = pd.Series(is_little, index=index), pd.Series(lack_of_support(levels), index=index)
        unmet = need = people * lack
    probability = expected = nothing
    if draws is not None:
        probability = pd.Series(draws.probability, index=index)
        expected = need = people * pd.Series(draws.lack, index=index)
    listed = meets & ~(probability < rule.bounds.least_probability).to_numpy(dtype=bool)
    order = pd.DataFrame({"need": -need, "rank": risk_rank, "code": index}, index=index)[listed]
    priority = pd.Series(
        np.arange(1.0, len(order) + 1), index=order.sort_values(["need", "rank", "code"]).index, dtype="float64"
    )
    return pd.DataFrame(
        {
            "little_support": little,
            "lack_of_support": lack,
            "unmet_need": unmet,
            "on_list": pd.Series(listed, index=index),
            "list_probability": probability,
            "unmet_need_expected": expected,
            "priority": priority.reindex(index),
        }
    )


def count_unsure(frame: pd.DataFrame, risk_rank: pd.Series, rule: ListRule) -> int:
    """How many areas meet both bounds by the declared choice, but in too few plausible ones to be on the list."""
    if frame["little_support"].isna().any():
        return 0
    meets = rule.is_high(risk_rank.to_numpy(dtype="float64")) & frame["little_support"].to_numpy(dtype=bool)
    return int(np.count_nonzero(meets & ~frame["on_list"].to_numpy(dtype=bool)))
