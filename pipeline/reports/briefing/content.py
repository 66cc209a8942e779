"""What a briefing says, ready to be set: texts and figures without form. PDF, HTML and slides are made from the same."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Tile:
    """A figure to be read at a glance, and what it counts."""

    figure: str
    label: str


@dataclass(frozen=True)
class Topic:
    """A heading and the sentences below it."""

    title: str
    text: str


@dataclass(frozen=True)
class KeyEntry:
    """A colour of the map, and what it means."""

    label: str
    colour: str


@dataclass(frozen=True)
class Picture:
    """The map: an SVG, with the words for those who do not see it; ``ratio`` is its height over its width."""

    svg: str
    ratio: float
    alt: str
    caption: str
    key: tuple[KeyEntry, ...]


@dataclass(frozen=True)
class Part:
    """A part of a bar.

    Attributes:
        label: what it stands for. ``number``: its length, people or neighbourhoods.
        said: that number as it is printed. ``share``: of all, as printed. ``colour``: #rrggbb.
        neighbourhoods: how many belong to it.
    """

    label: str
    number: float
    said: str
    share: str
    colour: str
    neighbourhoods: int = 0


@dataclass(frozen=True)
class Bars:
    """Bars of the same parts: ``parts[n]`` are those of ``labels[n]``; ``caption`` says what they count."""

    caption: str
    labels: tuple[str, ...]
    parts: tuple[tuple[Part, ...], ...]


@dataclass(frozen=True)
class Grid:
    """A table whose first column names its rows; from column ``texts`` on, columns hold numbers."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    texts: int = 1
    note: str = ""


@dataclass(frozen=True)
class Section:
    """A heading, sentences, and a table where there is one."""

    title: str
    sentences: tuple[str, ...] = ()
    grid: Grid | None = None


@dataclass(frozen=True)
class Briefing:
    """A briefing on an area, or on one of its units.

    Attributes:
        title: of the document. ``place``: what it is on. ``about``: one line on what that is.
        day: when the figures were worked out, such as "27 November 2026". ``built``: the same, as ISO 8601.
        fictional: every place and number is invented.
        tiles: the main figures. ``finding``: the same in sentences, by topic.
        kinds: people at risk by kind; empty where that cannot be said. ``certainty``: how firm the lists are.
        ranking, programmes, money: None where there are none.
        sure, unsure: what is sure and how, and what is not known. ``sources``: as their licences ask.
        elsewhere: where to read more.
    """

    title: str
    place: str
    about: str
    day: str
    built: str
    fictional: bool
    tiles: tuple[Tile, ...]
    finding: tuple[Topic, ...]
    picture: Picture | None
    kinds: tuple[Part, ...]
    ranking: Section | None
    programmes: Section | None
    money: Section | None
    sure: Section
    certainty: Bars | None
    unsure: Section
    sources: Section
    elsewhere: str


def shortened(items: Sequence[str], most: int, more: str) -> tuple[str, ...]:
    """At most ``most`` items; ``more`` says with {count} how many were left out, as the last."""
    if len(items) <= most:
        return tuple(items)
    return (*items[: most - 1], more.format(count=f"{len(items) - most + 1:,}"))
