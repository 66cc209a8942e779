"""The page with a team's self-assessment: where it is, where it wants to be, how it gets there, what the map says."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from pipeline.catalogue.themes import Figure, Theme, Themes
from pipeline.reports.charts import Dumbbell, dumbbell_chart
from pipeline.reports.elements import (
    Markup,
    Part,
    bullets,
    cards,
    emphasis,
    figure,
    joined,
    link,
    paragraph,
    section,
    stacked,
    steps,
    subsection,
    table,
)
from pipeline.reports.page import compose_page
from pipeline.reports.sections import percent
from pipeline.reports.words import about, day_in_words, listed
from pipeline.store.records import PeopleHere, RiskRecord
from pipeline.tables import say_people

NOT_SAID = "–"
MOST_NAMED = 3
"""Themes that a sentence names; of more it says how many."""
MAP = "atlas.html"
LAYERS: Mapping[Figure, str] = {
    "people_at_risk": "people_at_risk",
    "people_not_online": "people_at_risk",
    "people_without_skills": "people_at_risk",
    "share_little_support": "capacity_decile",
}
"""The layer of the map that is about a figure; the others are in the list of where to act."""


@dataclass(frozen=True)
class Answer:
    """What the team says of one theme; ``now`` and ``target`` are levels, the first is 1."""

    theme: Theme
    now: int
    target: int
    plan: str | None
    owner: str | None
    by_when: date | None

    @property
    def gap(self) -> int:
        """How many levels it wants to rise."""
        return self.target - self.now


@dataclass(frozen=True)
class MapFigure:
    """A figure of the map in words, and the address of the map that shows it."""

    text: str
    address: str


@dataclass(frozen=True)
class Asked:
    """What a page answers: the themes, the answers as the team gave them, and on which date, if that is declared."""

    themes: Themes
    answers: tuple[Answer, ...]
    as_of: date | None

    @property
    def unanswered(self) -> list[str]:
        """The titles of themes without an answer, in their order."""
        there = {answer.theme.id for answer in self.answers}
        return [theme.title for theme in self.themes.themes if theme.id not in there]

    @property
    def rising(self) -> list[Answer]:
        """The answers that aim higher."""
        return [answer for answer in self.answers if answer.gap > 0]

    def is_overdue(self, answer: Answer) -> bool:
        """Whether it was to be there before the date of the self-assessment and is not."""
        due = answer.by_when
        return answer.gap > 0 and due is not None and self.as_of is not None and due < self.as_of


def gather_answers(frame: pd.DataFrame, themes: Themes, as_of: date | None) -> Asked:
    """The table ``self_assessment`` as answers, in the order of the themes."""
    by_id = {theme.id: theme for theme in themes.themes}
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    answers = [
        Answer(
            by_id[row["theme"]],
            int(row["now"]),
            int(row["target"]),
            row["how"],
            row["owner"],
            None if row["by_when"] is None else date.fromisoformat(row["by_when"]),
        )
        for row in rows
    ]
    return Asked(themes, tuple(answers), as_of)


def find_figures(frame: pd.DataFrame, record: RiskRecord, layers: Collection[str]) -> dict[Figure, MapFigure]:
    """The figures of the map that there are for an area, in words.

    Args:
        frame: the columns of ``risk.parquet``. ``record``: its record. ``layers``: the ids of the map's layers.
    """
    here, total = record.capacity.people_here, float(frame["people_at_risk"].sum())
    said: dict[Figure, str] = {}
    if total:
        low, high = (say_people(float(frame[f"people_at_risk_{end}"].sum())) for end in ("low", "high"))
        said["people_at_risk"] = (
            f"{about(total)} people at risk ({low} if only those not online count, {high} if all without "
            "basic digital skills do)"
        )
        inside = record.capacity.people_at_risk_listed
        said["people_on_list"] = f"{about(inside)} people at risk in neighbourhoods on the list of where to act"
    measures: tuple[tuple[Figure, str, str], ...] = (
        ("people_not_online", "not_online", "people without internet at home"),
        ("people_without_skills", "without_skills", "people without the Foundation Level of digital skills"),
    )
    said |= {name: _people(here[measure], words) for name, measure, words in measures if measure in here}
    little = frame["little_support"]
    residents = frame["population_total"].astype("float64")
    if little.notna().all() and residents.sum():
        share = float(residents[little.astype(bool)].sum() / residents.sum())
        said["share_little_support"] = f"{percent(share)} of residents live where support within reach is little"
    return {name: MapFigure(text, _address(name, layers)) for name, text in said.items()}


def compose_assessment_page(asked: Asked, record: RiskRecord, figures: Mapping[Figure, MapFigure], file: str) -> str:
    """The page of an area; ``file`` is where the answers were read from, by its name."""
    title = f"{'Fictional data: ' if record.fictional else ''}Self-assessment of {record.title}"
    first, *others = summarise(asked)
    lead = joined(paragraph(first, "lead"), bullets(others) if others else "")
    sections = [_picture(asked), _plan(asked), _themes(asked, figures), _about(asked, file)]
    footer = f"Figures of the map by the index “{record.index.title}”. Map of {record.title}: {MAP} beside this page."
    return compose_page(title, lead, sections, footer, fictional=record.fictional)


def summarise(asked: Asked) -> list[str]:
    """The sentences at the top: how many themes aim higher, the widest gap, what is due first, and what is lacking."""
    return [
        text
        for text in (
            say_answered(asked),
            say_widest(asked.rising),
            say_due(asked),
            say_overdue(asked),
            say_lacking(asked),
        )
        if text
    ]


def say_answered(asked: Asked) -> str:
    """How many themes are answered, and how many aim higher."""
    there, every, up = len(asked.answers), len(asked.themes.themes), len(asked.rising)
    said = (
        f"{'All' if there == every else f'{there} of'} {every} themes are answered"
        if every > 1
        else "The theme is answered"
    )
    if up == there:
        return f"{said}; {'all of them aim' if up > 1 else 'it aims'} higher."
    if not up:
        return f"{said}; {'none of them aims' if there > 1 else 'it does not aim'} higher than now."
    stay = there - up
    return f"{said}; {up} {'aims' if up == 1 else 'aim'} higher, {stay} {'is' if stay == 1 else 'are'} to stay."


def say_widest(rising: Sequence[Answer]) -> str:
    """The theme with most levels to rise; those, where a few share them; nothing where all of several are alike."""
    if not rising:
        return ""
    most = max(answer.gap for answer in rising)
    widest = [answer for answer in rising if answer.gap == most]
    levels = f"{most} {'level' if most == 1 else 'levels'}"
    if len(widest) == 1:
        one = widest[0]
        last = len(one.theme.levels)
        return f"The widest gap is in “{one.theme.title}”: from level {one.now} to level {one.target} of {last}."
    if len(widest) == len(rising):
        return f"Each of those that aim higher is to rise by {levels}."
    return f"The widest gaps, {levels} each, are in {_named(widest)}."


def say_due(asked: Asked) -> str:
    """What is due first, of what is not overdue."""
    dated = [answer for answer in asked.rising if answer.by_when is not None and not asked.is_overdue(answer)]
    if not dated:
        return "" if any(answer.by_when for answer in asked.rising) or not asked.rising else "No date is given."
    earliest = min(answer.by_when for answer in dated if answer.by_when is not None)
    due = [answer for answer in dated if answer.by_when == earliest]
    by_whom = f" ({due[0].owner})" if len(due) == 1 and due[0].owner else ""
    return f"Due first: {_named(due)}, by {day_in_words(earliest)}{by_whom}."


def say_overdue(asked: Asked) -> str:
    """What was due before the date of the self-assessment; nothing where no date is declared."""
    late = [answer for answer in asked.rising if asked.is_overdue(answer)]
    if not late or asked.as_of is None:
        return ""
    return f"Overdue on {day_in_words(asked.as_of)}: {_named(late)}."


def say_lacking(asked: Asked) -> str:
    """What the plan does not say yet, of themes that aim higher, and the themes without an answer."""
    rising = asked.rising
    lacking = [
        (what, [answer.theme.title for answer in rising if not getattr(answer, name)])
        for name, what in (("plan", "plan"), ("owner", "owner"), ("by_when", "date"))
    ]
    if rising and len(lacking[2][1]) == len(rising):
        lacking = lacking[:2]
    said = [f"no {what} for {_listed(titles)}" for what, titles in lacking if titles]
    if asked.unanswered:
        said.append(f"no answer for {_listed(asked.unanswered)}")
    return f"Still open: {'; '.join(said)}." if said else ""


def _people(people: PeopleHere, words: str) -> str:
    return f"{about(people.people)} {words} ({say_people(people.low)} to {say_people(people.high)})"


def _address(name: Figure, layers: Collection[str]) -> str:
    layer = LAYERS.get(name)
    if layer is None:
        return f"{MAP}#show=act"
    return f"{MAP}#layer={layer}" if layer in layers else MAP


def _named(answers: Iterable[Answer]) -> str:
    return _listed([answer.theme.title for answer in answers])


def _listed(titles: Sequence[str]) -> str:
    if len(titles) > MOST_NAMED:
        return f"{len(titles)} themes"
    return listed([f"“{title}”" for title in titles])


def _level(theme: Theme, level: int) -> str:
    return f"{level} of {len(theme.levels)}"


def _picture(asked: Asked) -> Markup:
    by_id = {answer.theme.id: answer for answer in asked.answers}
    rows, cells, words = [], [], []
    for theme in asked.themes.themes:
        answer, last = by_id.get(theme.id), len(theme.levels)
        now, target = (None, None) if answer is None else (answer.now, answer.target)
        rows.append(Dumbbell(theme.title, last, now, target))
        cells.append((theme.title, *(NOT_SAID if value is None else str(value) for value in (now, target)), str(last)))
        words.append(
            f"{theme.title}: " + ("not answered" if answer is None else f"now {now}, target {target}, of {last}")
        )
    caption = "Where we are now (ring) and where we want to be (disc), by level; each theme has its own levels."
    equivalent = table("Levels by theme", ("Theme", "Now", "Target", "Highest level"), cells)
    chart = dumbbell_chart("Levels now and aimed at, by theme", "; ".join(words) + ".", rows)
    return section("picture", "Now, and where we want to be", [figure(chart, caption, equivalent)])


def _plan(asked: Asked) -> Markup:
    latest = date.max
    ordered = sorted(asked.answers, key=lambda answer: (answer.gap == 0, answer.by_when or latest))
    rows: list[tuple[Part, ...]] = [
        (
            answer.theme.title,
            _step(answer),
            answer.plan or NOT_SAID,
            answer.owner or NOT_SAID,
            _due(answer, asked),
        )
        for answer in ordered
    ]
    columns = ("Theme", "Levels", "How we get there", "Owner", "By when")
    parts = [cards("The plan, what is due first at the top", columns, rows)]
    if asked.as_of is not None:
        parts.append(
            paragraph(f"Overdue: was due before {day_in_words(asked.as_of)}, the date of this self-assessment.", "note")
        )
    return section("plan", "How we get there", parts)


def _step(answer: Answer) -> str:
    return f"stay at {answer.now}" if answer.gap == 0 else f"{answer.now} to {answer.target}"


def _due(answer: Answer, asked: Asked) -> Part:
    if answer.by_when is None:
        return NOT_SAID
    said = day_in_words(answer.by_when)
    return stacked(said, emphasis("overdue")) if asked.is_overdue(answer) else said


def _themes(asked: Asked, figures: Mapping[Figure, MapFigure]) -> Markup:
    by_id = {answer.theme.id: answer for answer in asked.answers}
    parts = [_theme(theme, by_id.get(theme.id), figures) for theme in asked.themes.themes]
    return section("themes", "Theme by theme", parts)


def _theme(theme: Theme, answer: Answer | None, figures: Mapping[Figure, MapFigure]) -> Markup:
    parts = [paragraph(question) for question in theme.questions]
    parts.append(steps([_with_mark(text, level, answer) for level, text in enumerate(theme.levels, 1)]))
    if answer is None:
        parts.append(paragraph("Not answered yet.", "note"))
    linked = figures.get(theme.number) if theme.number is not None else None
    if linked is not None:
        parts.append(paragraph(joined(f"On the map: {linked.text}: ", link("see the map", linked.address))))
    return subsection(theme.title, parts)


def _with_mark(text: str, level: int, answer: Answer | None) -> Part:
    """The sentence of a level, which says so where the team is there or wants to be."""
    if answer is None or level not in (answer.now, answer.target):
        return text
    now = "Now: " if answer.gap else "Now, and to stay: "
    return joined(emphasis(now if level == answer.now else "Target: "), text)


def _about(asked: Asked, file: str) -> Markup:
    themes = asked.themes
    source: Part = themes.source if themes.page is None else link(themes.source, themes.page)
    return section(
        "about",
        "About this page",
        [
            bullets(
                [
                    joined(f"Themes: {themes.title}. Source: ", source),
                    themes.note,
                    f"Answers: {file}, as the team gave them; nobody else has checked them. Levels are an order, "
                    "not an amount: two levels are not twice one, and those of different themes cannot be added up.",
                    "Figures of the map are estimates of the area, and say nothing of what the team has done.",
                ]
            )
        ],
    )
