"""What a briefing is made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.reports.programmes import ProgrammeReport
from pipeline.store.records import RiskRecord, SourceUsed

LEVEL_WORDS: Mapping[str, tuple[str, str]] = {
    "ward": ("ward", "wards"),
    "msoa": ("MSOA", "MSOAs"),
    "lad": ("district", "districts"),
    "sicbl": ("Sub-ICB location", "Sub-ICB locations"),
    "icb": ("ICB", "ICBs"),
    "practice": ("GP practice", "GP practices"),
    "pcn": ("PCN", "PCNs"),
}
"""What one unit of a level and several are called; of other levels, the groups that an analyst declares."""
GROUP = ("group", "groups")


@dataclass(frozen=True, eq=False)
class BriefingInputs:
    """What briefings on an area and its units are made from.

    Attributes:
        frame: ``risk.parquet`` by code, without geometry. ``record``: its record.
        centres: longitude and latitude of the centre of each LSOA's box, in the order of ``frame``; NaN without one.
        summaries: the table ``summary`` of each level.
        programmes: None where the area was built without. ``programme_areas``: the table of that name.
        groups: the table ``priority_groups``; None where none is declared.
        limits: what these data do not show, in sentences. ``sources``: those of everything that is said.
        colours: of the kinds of exclusion on the map, by the value of the column ``kind``.
    """

    frame: pd.DataFrame
    record: RiskRecord
    centres: NDArray[np.float64]
    summaries: Mapping[str, pd.DataFrame]
    programmes: ProgrammeReport | None
    programme_areas: pd.DataFrame | None
    groups: pd.DataFrame | None
    limits: Sequence[str]
    sources: Sequence[SourceUsed]
    colours: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Unit:
    """A larger area, or a practice, of which a briefing is asked for.

    Attributes:
        level: of which it is. ``row``: its row of the table ``summary``.
        codes: its LSOAs in the area, in the order of the area's; of those that belong in part, too.
        shares: of the people of each of ``codes`` who belong to it, 0 to 1; None where LSOAs belong to it as a whole.
    """

    level: str
    row: "pd.Series[float]"
    codes: pd.Index
    shares: "pd.Series[float] | None" = None

    @property
    def name(self) -> str:
        """What people call it."""
        return str(self.row["unit_name"])
