"""The record of ``changes``: which runs were compared, by which test, and what came of it."""

from collections.abc import Mapping
from typing import Literal

from pipeline.catalogue.areas import Reference
from pipeline.store.records import AreaRecord, Carrier


class SideCompared(Carrier):
    """One of the two sides.

    ``date`` is when its scores were built, or its release; ``releases`` are those of its sources by their id;
    ``program`` is empty for a release.
    """

    title: str
    date: str
    kind: Literal["run", "release"]
    index: str
    index_title: str
    program: str
    lsoas: int
    releases: Mapping[str, str]


class Crossing(Carrier):
    """An LSOA that entered or left a worst tenth; ``moved``: by more than its uncertainty."""

    code: str
    name: str
    change: Literal["Entered", "Left"]
    reason: str | None
    main_indicator: str | None
    moved: bool
    rank_old: float | None
    rank_new: float | None


class TenthCompared(Carrier):
    """A worst tenth in both runs: of all that are compared, or of the area.

    ``reasons`` counts those that crossed, by reason; ``_beyond`` those that moved by more than their uncertainty.
    """

    entered: int
    left: int
    stayed: int
    entered_beyond: int
    left_beyond: int
    reasons: Mapping[str, int]
    reasons_beyond: Mapping[str, int]
    areas: tuple[Crossing, ...]


class MoveTest(Carrier):
    """How areas that moved were told from those that did not, and how many did each way.

    Attributes:
        draws: plausible indices of each side. ``rate``: of false discoveries.
        usual: the standard deviation of the usual movement (normal scores), where a change was compared with that.
        without_error: the titles of changed indicators of which no error is declared.
    """

    draws: int
    rate: float
    usual: float | None
    without_error: tuple[str, ...]
    towards_higher: int
    towards_lower: int
    compared: int


class IndicatorChange(Carrier):
    """An indicator with values that changed: in how many LSOAs of the area, its medians there, and what it moved.

    ``mean_places`` is the mean over the area's LSOAs of how many places it moved a rank, either way.
    """

    column: str
    title: str
    changed: int
    median_old: str
    median_new: str
    mean_places: float


class PartOfChange(Carrier):
    """What one factor moved: the mean over the area's LSOAs of the places either way."""

    title: str
    mean_places: float


class PeopleCompared(Carrier):
    """An estimate of people in both runs, with 95% intervals; ``beyond``: the intervals do not overlap."""

    measure: str
    means: str
    old: float
    old_low: float
    old_high: float
    new: float
    new_low: float
    new_high: float
    beyond: bool


class ActionCompared(Carrier):
    """What was done, and how its areas changed beside similar ones.

    Attributes:
        areas: how many were named; ``in_area``: how many lie in both runs of this area.
        matched: those with similar ones; ``controls``: how many of these.
        difference, low, high: the difference in differences and its 95% interval; None where nothing can be said.
        said: in words, also why nothing can be said. ``unit``: of the difference.
    """

    id: str
    title: str
    programme: str | None
    start: str
    people_reached: int
    cost: float | None
    areas: int
    in_area: int
    matched: int
    controls: int
    measure: str
    unit: str
    difference: float | None
    low: float | None
    high: float | None
    p_value: float | None
    said: str


class ChangesRecord(AreaRecord):
    """Of ``changes.parquet`` and ``changes.json``.

    Attributes:
        ranked_among: the LSOAs that ranks are among. ``exact``: how the change was split (all combinations of factors,
            or orders drawn at random).
        came, went: LSOAs that the area holds in the later run alone, or in the earlier one.
        redrawn: LSOAs by what became of their outline since 2011, where values were carried over.
        england: the worst tenth of all compared; None where only the area is. ``of_area``: that of the area.
        people: None where the two runs estimate people by other rates, or not at all.
        people_at_risk_old, people_at_risk_new: their sum over the area.
        about_actions: what the comparison of actions can show and what it cannot; empty where there are none.
        sentences: what may be said, each only where it is beyond uncertainty.
        notes: what to keep in mind.
    """

    table: str = "changes"
    reference: Reference
    old: SideCompared
    new: SideCompared
    ranked_among: int
    exact: bool
    came: int
    went: int
    redrawn: Mapping[str, int]
    test: MoveTest
    parts: tuple[PartOfChange, ...]
    indicators: tuple[IndicatorChange, ...]
    england: TenthCompared | None
    of_area: TenthCompared
    people: tuple[PeopleCompared, ...] | None
    people_at_risk_old: float | None
    people_at_risk_new: float | None
    actions: tuple[ActionCompared, ...]
    about_actions: tuple[str, ...]
    sentences: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def is_nation(self) -> bool:
        """Whether the area is all that is compared, so that its worst tenth is the nation's."""
        return self.england is not None and self.new.lsoas == self.ranked_among
