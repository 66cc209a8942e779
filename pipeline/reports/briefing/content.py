"""What a briefing says, ready to be set: texts and figures without form, from which PDF, HTML and slides are made."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TypeVar, cast

Content = TypeVar("Content")
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
"""Categories of characters that nobody sees and that file formats refuse, or that turn the order of letters."""


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
        label: what it shows. ``number``: its length, people or neighbourhoods.
        said: that number as it is printed. ``share``: of all, as printed. ``colour``: #rrggbb.
        places: how many neighbourhoods belong to it, in words.
    """

    label: str
    number: float
    said: str
    share: str
    colour: str
    places: str = ""


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
        ranking, groups, programmes, money: None where there are none; groups are priority groups.
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
    groups: Section | None
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


def cut(briefing: Briefing, rows: int) -> Briefing:
    """The briefing with at most ``rows`` rows in each table and items in each list; notes say how many are left out."""
    more = "{count} more are on the map and the page on the method."
    return replace(
        briefing,
        ranking=_cut_section(briefing.ranking, rows),
        programmes=_cut_section(briefing.programmes, rows),
        money=_cut_section(briefing.money, rows),
        unsure=replace(briefing.unsure, sentences=shortened(briefing.unsure.sentences, rows, more)),
        sources=replace(briefing.sources, sentences=shortened(briefing.sources.sentences, rows, more)),
    )


def _cut_section(section: Section | None, rows: int) -> Section | None:
    if section is None or section.grid is None or len(section.grid.rows) <= rows:
        return section
    left = len(section.grid.rows) - rows
    note = (
        f"{left:,} more {'row is' if left == 1 else 'rows are'} left out for want of room. {section.grid.note}".strip()
    )
    return replace(section, grid=replace(section.grid, rows=section.grid.rows[:rows], note=note))


def cleaned(content: Content) -> Content:
    """The same content, its texts without characters that nobody sees."""
    if isinstance(content, str):
        # What can be printed can be seen: told at once, where one by one they are tens of thousands in a picture.
        return content if content.isprintable() else cast(Content, "".join(map(_seen, content)))
    if isinstance(content, tuple):
        return cast(Content, tuple(map(cleaned, content)))
    if is_dataclass(content) and not isinstance(content, type):
        return replace(content, **{field.name: cleaned(getattr(content, field.name)) for field in fields(content)})
    return content


def _seen(character: str) -> str:
    if character in "\n\r\t":
        return " "
    return "" if unicodedata.category(character) in UNSEEN else character
