"""The same place in two lists, or twice in one: within 50 metres and of a like name."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue.places import PlaceKind
from pipeline.errors import first

NEAR = 50.0
"""Metres: two lists seldom give the same point for one building, one its door and the other its postcode."""
ALIKE = 0.85
"""How alike two words must be, as difflib measures it, to be one word written in two ways."""
MOST_WORDS = 0.65
"""Of the words that tell one name from others, the part that must be in the other name."""
SHOWN = 3

_SHARED = (
    "a and at by for in of on the to with centre center community digital drop hub learning online point session "
    "sessions space support club cafe office room service services skills local village town public branch group "
    "access help internet computer computers it ict wifi"
)
"""Words that many places share: they do not tell one from another."""
_SHORT = {"rd": "road", "ln": "lane", "ave": "avenue", "st": "saint", "ctr": "centre", "lib": "library"}
_PURPOSES: Mapping[str, str] = {
    "library": "library libraries",
    "health": "surgery surgeries medical practice practices health healthcare clinic doctors doctor dr drs gp hospital "
    "pharmacy dental dentist",
    "school": "school academy college university nursery",
    "worship": "church chapel mosque temple gurdwara synagogue parish",
    "hall": "hall",
    "shop": "shop store supermarket bank",
    "museum": "museum gallery archive archives",
    "sport": "leisure sports gym pool stadium",
}
"""What a building is for. Two names with different purposes are different places in one building."""
_MEANS: Mapping[str, str] = {word: what for what, words in _PURPOSES.items() for word in words.split()}
_TELLS_NOTHING = frozenset([*_SHARED.split(), *_MEANS])


@dataclass(frozen=True)
class Merged:
    """Places, each once, and what was said about those left out.

    Attributes:
        frame: table ``support_places``.
        lines: one for each kind some of whose places are in another list, or twice in its own.
    """

    frame: pd.DataFrame
    lines: tuple[str, ...] = ()


def merge_same_places(places: pd.DataFrame, kinds: Sequence[PlaceKind]) -> Merged:
    """Places, each counted and listed once.

    Two places are the same where they are at most :data:`NEAR` metres apart and their names are alike
    (:func:`are_alike`). In one file of an analyst, the names must be the same but for capitals, accents and
    punctuation; within an official list, each row is a place of its own, as it has a code there. Of several lists, the
    place of the kind that is declared first stays, with what it and the others offer; kinds that count come before
    those that do not. Mobile places stop elsewhere, so they are compared with none, and neither are those of a kind
    with ``counts_twice``.

    Args:
        places: table ``support_places``. ``kinds``: as declared, in their order.
    """
    declared = {kind.id: (not kind.counts, order) for order, kind in enumerate(kinds)}
    compared = [kind.id for kind in kinds if not kind.mobile and not kind.counts_twice]
    rows = places.index[places["kind"].isin(compared)]
    if len(rows) < 2:
        return Merged(places)
    kind_of = dict(zip(places.index, places["kind"].tolist(), strict=True))
    ordered = sorted(rows, key=lambda row: (declared[kind_of[row]], row))
    group = _groups(places.loc[ordered], {kind.id: kind for kind in kinds})
    kept: dict[int, int] = {}
    pairs = zip(ordered, group, strict=True)
    same_as = {row: kept[member] for row, member in pairs if kept.setdefault(member, row) != row}
    if not same_as:
        return Merged(places)
    offers = places["offers"].to_dict()
    for row, stays in same_as.items():
        offers[stays] = "; ".join(dict.fromkeys([*offers[stays].split("; "), *offers[row].split("; ")]))
    frame = places.assign(offers=pd.Series(offers, dtype=places["offers"].dtype))
    lines = tuple(_lines(places, same_as, kinds))
    return Merged(frame.drop(index=list(same_as)).reset_index(drop=True), lines)


def are_alike(one: str, other: str, kinds: tuple[str, str] = ("", "")) -> bool:
    """Whether two names are those of one place: ``Aylsham Library`` and ``AYLSHAM LIBRARY - learning centre``.

    The words that tell places apart must be the same, each at least :data:`ALIKE` as difflib measures it; where both
    names say the same purpose (two libraries) or differ by a word in three, one may have more of them. Names that say
    what a building is for must not say different things: a library and a surgery of one village are two places.

    Args:
        kinds: the titles of their kinds, for the purpose of a name that does not say it.
    """
    words = _words(one), _words(other)
    said = [_purposes(name) for name in words]
    meant = [name or _purposes(_words(kind)) for name, kind in zip(said, kinds, strict=True)]
    if meant[0] and meant[1] and not meant[0] & meant[1]:
        return False
    if words[0] == words[1] and words[0]:
        return True
    short, long = sorted(([word for word in name if word not in _TELLS_NOTHING] for name in words), key=len)
    if not short or [word for word in short if word.isdigit()] != [word for word in long if word.isdigit()]:
        return False
    if _is_same_word("".join(short), "".join(long)):
        return True
    enough = bool(said[0] & said[1]) or len(short) >= MOST_WORDS * len(long)
    return enough and all(any(_is_same_word(word, there) for there in long) for word in short)


def _purposes(words: Iterable[str]) -> set[str]:
    return {_MEANS[word] for word in words if word in _MEANS}


def _is_same_word(one: str, other: str) -> bool:
    if one == other:
        return True
    return min(len(one), len(other)) > 3 and SequenceMatcher(None, one, other).ratio() >= ALIKE


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ")).encode("ascii", "ignore").decode().casefold()
    return [_SHORT.get(word, word) for word in re.findall(r"[a-z0-9]+", re.sub(r"['`]", "", plain))]


def _groups(places: pd.DataFrame, declared: Mapping[str, PlaceKind]) -> list[int]:
    """For each place, the first one that it is the same as, by way of others too."""
    points = places[["easting", "northing"]].to_numpy(dtype="float64")
    names, kinds = places["name"].tolist(), places["kind"].tolist()
    first_of = np.arange(len(places))
    for one, other in _pairs_near(points):
        if kinds[one] == kinds[other]:
            same = declared[kinds[one]].source is None and _words(names[one]) == _words(names[other])
        else:
            same = are_alike(names[one], names[other], (declared[kinds[one]].title, declared[kinds[other]].title))
        if same:
            low, high = sorted((first_of[one], first_of[other]))
            first_of[first_of == high] = low
    return [int(member) for member in first_of]


def _pairs_near(points: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Places at most :data:`NEAR` metres apart, the earlier one of each pair first, in their order."""
    # Imported here because it is slow to import.
    import shapely

    shapes = np.atleast_1d(np.asarray(shapely.points(points)))
    one, other = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=NEAR)
    earlier = one < other
    return sorted(zip(one[earlier].tolist(), other[earlier].tolist(), strict=True))


def _lines(places: pd.DataFrame, same_as: Mapping[int, int], kinds: Sequence[PlaceKind]) -> Iterator[str]:
    declared = {kind.id: kind for kind in kinds}
    names = places["name"].to_dict()
    moved = pd.DataFrame({"row": list(same_as), "stays": list(same_as.values())})
    moved["kind"] = places.loc[moved["row"], "kind"].to_numpy()
    moved["other"] = places.loc[moved["stays"], "kind"].to_numpy()
    for pair, rows in moved.groupby(["kind", "other"], sort=True):
        kind, other = (str(name) for name in pair)
        shown = [f"{names[row]} is {names[stays]}" for row, stays in zip(rows["row"], rows["stays"], strict=True)]
        where = f"a {declared[other].title}" if kind != other else "another of the same list"
        advice = (
            f"If they are other places, set counts_twice = true for kinds.{kind} in declared/places.toml"
            if kind != other
            else "If they are two places, give them different names"
        )
        yield (
            f"{declared[kind].plural}: {len(rows):,} within {NEAR:g} m of {where} of a like name, each counted once: "
            f"{first(shown, SHOWN)}. {advice}"
        )
