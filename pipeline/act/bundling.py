"""Neighbouring areas on the list, of one kind, bundled into groups that one programme can serve."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.catalogue.kinds import BOTH
from pipeline.catalogue.places import Bundling
from pipeline.space.neighbours import Neighbours

Vector = NDArray[np.float64]
Points = NDArray[np.float64]
ALONE = -1


@dataclass(frozen=True)
class Listed:
    """Areas on the list, in the order of their codes.

    Attributes:
        people: people at risk. ``points``: where people live, EPSG:27700 metres, shape (areas, 2).
        kinds: the kind of exclusion of each; all the same where kinds are not told apart.
        neighbours: which of them touch (queen contiguity).
    """

    people: Vector
    points: Points
    kinds: tuple[str, ...]
    neighbours: Neighbours

    def beside(self, area: int) -> list[int]:
        """The areas that touch it."""
        start, end = self.neighbours.starts[area : area + 2]
        beside: list[int] = self.neighbours.ids[start:end].tolist()
        return beside

    def centre(self, members: Iterable[int]) -> Points:
        """The mean point of their people; of the areas where nobody is at risk."""
        rows = sorted(members)
        weights = self.people[rows] if self.people[rows].sum() > 0 else np.ones(len(rows))
        point: Points = np.average(self.points[rows], axis=0, weights=weights)
        return point

    def spread(self, members: Iterable[int]) -> float:
        """Metres from the centre of areas to the farthest of them."""
        rows = sorted(members)
        away = self.points[rows] - self.centre(rows)
        return float(np.hypot(away[:, 0], away[:, 1]).max())

    def count(self, members: Iterable[int]) -> float:
        """People at risk in areas together."""
        return float(self.people[sorted(members)].sum())


def settle_kinds(listed: Listed) -> tuple[str, ...]:
    """The kind by which each area is bundled: areas of both kinds take that of most people beside them.

    Areas of both kinds that touch go together. They take the kind, other than their own, of the areas around them with
    most people at risk, the first in the alphabet of equal ones; with none around them they stay of both kinds.
    """
    settled = list(listed.kinds)
    for group in _touching(listed, [kind == BOTH for kind in listed.kinds], listed.kinds):
        around = {near for area in group for near in listed.beside(area)} - group
        votes: dict[str, float] = {}
        for area in sorted(around):
            if listed.kinds[area] != BOTH:
                votes[listed.kinds[area]] = votes.get(listed.kinds[area], 0.0) + float(listed.people[area])
        if votes:
            kind = min(votes, key=lambda name: (-votes[name], name))
            for area in group:
                settled[area] = kind
    return tuple(settled)


def bundle(listed: Listed, declared: Bundling) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """The number of the bundle of each area, :data:`ALONE` where it is too small for one, and the kind it goes by.

    Areas of one kind that touch are one bundle where they hold no more people, and lie no farther from their centre,
    than declared. Larger groups are divided: starting from single areas, the group with fewest people joins the
    neighbour with which it lies closest together, as long as the two keep within these bounds. Bundles with too few
    people are none. Every choice depends on people, places and codes alone, not on the order of the areas.
    """
    kinds = settle_kinds(listed)
    bundles: list[frozenset[int]] = []
    for group in _touching(listed, [True] * len(kinds), kinds):
        bundles += [group] if _fits(listed, group, declared) else _divide(listed, group, declared)
    enough = sorted((b for b in bundles if listed.count(b) >= declared.least_people), key=min)
    numbers = np.full(len(kinds), ALONE, dtype="int64")
    for number, members in enumerate(enough):
        numbers[sorted(members)] = number
    return numbers, kinds


def _fits(listed: Listed, members: frozenset[int], declared: Bundling) -> bool:
    alone = len(members) == 1
    return alone or (listed.count(members) <= declared.most_people and listed.spread(members) <= declared.reach_metres)


def _touching(listed: Listed, wanted: list[bool], kinds: tuple[str, ...]) -> list[frozenset[int]]:
    """Groups of the wanted areas that touch and are of one kind."""
    seen: set[int] = set()
    groups = []
    for start in range(len(wanted)):
        if not wanted[start] or start in seen:
            continue
        group, waiting = {start}, [start]
        while waiting:
            area = waiting.pop()
            new = [n for n in listed.beside(area) if wanted[n] and kinds[n] == kinds[start] and n not in group]
            group.update(new)
            waiting += new
        seen |= group
        groups.append(frozenset(group))
    return groups


def _divide(listed: Listed, group: frozenset[int], declared: Bundling) -> list[frozenset[int]]:
    """A group in parts that touch and keep within the bounds, none of which could be joined to one beside it."""
    parts = {area: frozenset([area]) for area in sorted(group)}
    part_of = {area: area for area in group}
    settled: set[int] = set()
    while True:
        open_parts = [name for name in parts if name not in settled]
        if not open_parts:
            return list(parts.values())
        name = min(open_parts, key=lambda n: (listed.count(parts[n]), n))
        beside = {part_of[n] for area in parts[name] for n in listed.beside(area) if n in part_of} - {name}
        joined = {other: parts[name] | parts[other] for other in sorted(beside)}
        fitting = [other for other, members in joined.items() if _fits(listed, members, declared)]
        if not fitting:
            settled.add(name)
            continue
        other = min(fitting, key=lambda o: (listed.spread(joined[o]), o))
        members = joined[other]
        for old in (name, other):
            del parts[old]
            settled.discard(old)
        parts[min(members)] = members
        part_of.update(dict.fromkeys(members, min(members)))
