"""Larger areas, and what changed between two runs: what the page cannot work out from the areas it holds."""

from typing import Literal

from pipeline.atlas.contract.base import Carried, Count
from pipeline.atlas.contract.packed import PackedTable


class LargerLevel(Carried):
    """Wards, districts, GP practices or other larger areas of one level."""

    id: str
    """``ward``, ``msoa``, ``lad``, ``sicbl``, ``icb``, ``practice``, ``pcn`` or the name of a declared group."""
    title: str
    """As readers see it: "Wards"."""
    of_areas: bool
    """Each area of the page lies in one of them as a whole, or in none: they stand in the order of their first area."""
    units: Count
    """How many the page has."""


class LargerInfo(Carried):
    """Means of larger areas and their range in the plausible indices, as ``summary_<level>.parquet`` has them."""

    levels: tuple[LargerLevel, ...]
    """In the order of the rows of ``units``."""
    units: PackedTable
    """A row for each unit: ``risk_score``, ``share_people_worst_tenth`` and the two ends of each (``_p05``, ``_p95``;
    ``_low``, ``_high``). ``unit_code``, ``unit_name``, ``share_covered`` and ``residents`` where ``of_areas`` is
    false; the columns are left out where no level has them."""


class ChangedArea(Carried):
    """An area that crossed a worst tenth, or moved by more than its uncertainty."""

    row: Count
    """Its row in the table."""
    crossed: Literal["Entered", "Left"] | None
    """What it did to the worst tenth."""
    moved: bool
    """By more than its uncertainty."""
    rank_old: float | None
    """Its rank before, 1 = highest risk,"""
    rank_new: float | None
    """and after."""
    reason: str | None
    """What moved its rank most the way it went."""
    indicator: str | None
    """The indicator whose values moved it most, where that is the reason,"""
    value_old: str | None
    """its value before, in words,"""
    value_new: str | None
    """and after."""


class ChangesInfo(Carried):
    """What changed between two runs of the area, or two releases of the Indices of Deprivation."""

    old: str
    """The earlier side, in words."""
    new: str
    """The later side, in words."""
    releases: bool
    """Two releases are compared, not scores of this page."""
    of: str
    """Whose worst tenth it is: the nation's or the area's, in words."""
    ranked_among: Count
    """How many areas ranks are among."""
    sentences: tuple[str, ...]
    """What may be said, each only where it is beyond uncertainty; the first is the finding."""
    notes: tuple[str, ...]
    """What to keep in mind."""
    areas: tuple[ChangedArea, ...]
    """Those that crossed and moved first, the largest moves first."""
    others: Count
    """How many more moved than ``areas`` has: they are in ``changes.csv``."""
