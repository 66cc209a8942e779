"""Districts, wards and the census office's groups of areas: neighbours together, in groups of similar size."""

import numpy as np
from numpy.typing import NDArray

from pipeline.demo.geography import Land
from pipeline.demo.noise import Floats

Integers = NDArray[np.int64]

AREAS_PER_DISTRICT, AREAS_PER_CITY_DISTRICT = 85, 140
AREAS_PER_WARD, AREAS_PER_GROUP = 5.5, 4.5
UNEVEN = 0.05


def divide(places: Floats, parts: int, uneven: float = 0.0) -> Integers:
    """A number from 0 for each place: ``parts`` groups of nearby places, repeatedly cut in two across their length.

    ``uneven`` shifts cuts alternately to one side and the other, by this share of the group.
    """
    label = np.zeros(len(places), dtype=np.int64)
    waiting = [(np.arange(len(places)), parts, 0)]
    while waiting:
        members, count, first = waiting.pop()
        if count <= 1:
            label[members] = first
            continue
        here = places[members]
        extent = here.max(axis=0) - here.min(axis=0)
        order = members[np.argsort(-here[:, 1] if extent[1] > extent[0] else here[:, 0], kind="stable")]
        left = count // 2
        shift = uneven * (1 if first % 2 else -1)
        cut = min(max(round(len(members) * (left / count + shift)), left), len(members) - count + left)
        waiting += [(order[:cut], left, first), (order[cut:], count - left, first + left)]
    return label


def make_districts(land: Land) -> Integers:
    """The city by itself, or cut up when it is too large for one district; the country around it in blocks."""
    city = land.in_town & (land.town == 0)
    inner = max(1, round(city.sum() / AREAS_PER_CITY_DISTRICT))
    outer = max(1, round((~city).sum() / AREAS_PER_DISTRICT))
    district = np.zeros(len(city), dtype=np.int64)
    district[city] = divide(land.centres[city], inner)
    district[~city] = inner + divide(land.centres[~city], outer)
    return district


def within(land: Land, district: Integers, size: float) -> Integers:
    """Groups of about ``size`` areas that keep to the districts, numbered from 0 across all of them."""
    label, first = np.zeros(len(district), dtype=np.int64), 0
    for number in range(int(district.max()) + 1):
        members = np.flatnonzero(district == number)
        parts = max(1, round(len(members) / size))
        label[members] = first + divide(land.centres[members], parts, UNEVEN)
        first += parts
    return label
