"""Priority groups: neighbourhoods picked by a column, such as Core20, which risk is set against."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from pipeline.catalogue.areas import Area
from pipeline.catalogue.reading import Address, Declared, Name, Number, Slug, Text, parse, read_toml

ANY = "any"
"""The id that rows of all groups together have, where several are declared."""
Tenth = Annotated[int, Field(ge=1, le=9)]


class PriorityGroup(Declared):
    """One group of neighbourhoods.

    Those belong to it whose ``column`` is ``at_most`` or ``at_least`` a bound (both: between the two), or in the
    ``worst_share`` of all that are compared: of the nation, or ``within`` the area. ``worse`` says which end of the
    column is the worst where the column itself does not. ``sentence`` says what it means to belong, ``source`` and
    ``page`` who defined the group. ``areas`` are those that it is for; none given means all.
    """

    id: Name
    title: Text
    column: Name
    at_most: Number | None = None
    at_least: Number | None = None
    worst_share: float | None = Field(default=None, gt=0, lt=1, allow_inf_nan=False)
    within: Literal["nation", "area"] = "nation"
    worse: Literal["low", "high"] | None = None
    sentence: Text
    source: Text
    page: Address | None = None
    areas: tuple[Slug, ...] = ()

    @model_validator(mode="after")
    def _bounded_once(self) -> "PriorityGroup":
        bounded = self.at_most is not None or self.at_least is not None
        if bounded == (self.worst_share is not None):
            raise ValueError("give at_most, at_least or both, or else worst_share")
        if bounded and (self.worse is not None or self.within != "nation"):
            raise ValueError("worse and within go with worst_share")
        if self.at_most is not None and self.at_least is not None and self.at_least > self.at_most:
            raise ValueError(f"no value is at least {self.at_least:g} and at most {self.at_most:g}")
        return self

    def is_for(self, area: Area) -> bool:
        """Whether ``area`` has this group."""
        return not self.areas or area.id in self.areas


class PriorityGroups(Declared):
    """What ``priority-groups.toml`` declares.

    ``risk_tenths`` are the last tenths of the bands of risk, worst first; what is beyond the last of them is one band
    more. The first band is called high risk.
    """

    risk_tenths: tuple[Tenth, ...] = Field(min_length=1, max_length=5)
    groups: tuple[PriorityGroup, ...] = Field(default=(), max_length=12)

    @model_validator(mode="after")
    def _in_order(self) -> "PriorityGroups":
        if list(self.risk_tenths) != sorted(set(self.risk_tenths)):
            raise ValueError("risk_tenths must rise, each given once")
        ids = [group.id for group in self.groups]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"declared twice: {', '.join(twice)}")
        if ANY in ids:
            raise ValueError(f"'{ANY}' is the id of all groups together: choose another")
        titles = [group.title.casefold() for group in self.groups]
        if len(set(titles)) < len(titles):
            raise ValueError("titles of groups must differ")
        if any(";" in group.title for group in self.groups):
            raise ValueError("titles hold no semicolon")
        return self

    @property
    def titles(self) -> dict[str, str]:
        """The titles by id."""
        return {group.id: group.title for group in self.groups}

    def of_area(self, area: Area) -> "PriorityGroups":
        """The same with the groups that are for ``area``."""
        return self.model_copy(update={"groups": tuple(group for group in self.groups if group.is_for(area))})


def read_priority_groups(path: Path) -> PriorityGroups:
    """What ``path`` declares.

    Raises:
        DeclarationError: a fault in the file.
    """
    return parse(PriorityGroups, read_toml(path), path, "")
