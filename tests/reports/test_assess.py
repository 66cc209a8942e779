"""The page of a self-assessment: its sentences by their rules, its picture and plan, and what it links to."""

from datetime import date
from html.parser import HTMLParser

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import store
from pipeline.reports import compose_assessment_page, find_figures, gather_answers
from pipeline.reports.assess import (
    Answer,
    MapFigure,
    say_answered,
    say_due,
    say_lacking,
    say_overdue,
    say_widest,
    summarise,
)
from pipeline.reports.charts import Dumbbell, dumbbell_chart
from pipeline.reports.page import POLICY
from pipeline.store.records import RiskRecord
from tests.fixtures.assessments import make_answer, make_asked, make_themes
from tests.fixtures.hostile import HOSTILE
from tests.fixtures.projects import Demo

SPRING, AUTUMN = date(2027, 3, 31), date(2027, 9, 30)


@pytest.fixture(scope="module")
def record(demo: Demo) -> RiskRecord:
    return store.read_record(demo[0].processed("demo") / "risk.parquet", RiskRecord)


@pytest.fixture(scope="module")
def areas(demo: Demo) -> pd.DataFrame:
    return store.read_table(demo[0].processed("demo") / "risk.parquet").drop(columns=["geometry", "bbox"])


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        ([(1, 2), (1, 3), (2, 2)], "All 3 themes are answered; 2 aim higher, 1 is to stay."),
        ([(1, 2)], "1 of 3 themes are answered; it aims higher."),
        ([(1, 2), (1, 2)], "2 of 3 themes are answered; all of them aim higher."),
        ([(2, 2), (3, 3)], "2 of 3 themes are answered; none of them aims higher than now."),
    ],
)
def test_it_is_said_how_many_are_answered_and_aim_higher(levels: list[tuple[int, int]], said: str) -> None:
    names = ("access", "skills", "trust")
    answers = [make_answer(name, *pair) for name, pair in zip(names, levels, strict=False)]
    assert say_answered(make_asked(*answers)) == said


def test_the_widest_gap_is_named_only_where_there_is_one() -> None:
    access, skills, trust = make_answer("access", 1, 3), make_answer("skills", 1, 2), make_answer("trust", 2, 3)
    assert say_widest([access, skills]) == "The widest gap is in “Access”: from level 1 to level 3 of 3."
    assert say_widest([skills, trust]) == "Each of those that aim higher is to rise by 1 level."
    both = make_answer("skills", 1, 3)
    assert say_widest([access, both, trust]) == (
        "The widest gaps, 2 levels each, are in “Access” and “Skills and capability”."
    )
    assert say_widest([]) == ""


def test_what_is_due_first_is_the_earliest_that_is_not_overdue() -> None:
    answers = (make_answer("access", 1, 2, SPRING), make_answer("skills", 1, 2, AUTUMN, None))
    assert say_due(make_asked(*answers)) == "Due first: “Access”, by 31 March 2027 (A team)."
    later = make_asked(*answers, as_of=date(2027, 4, 1))
    assert say_due(later) == "Due first: “Skills and capability”, by 30 September 2027."
    assert say_overdue(later) == "Overdue on 1 April 2027: “Access”."
    assert say_overdue(make_asked(*answers, as_of=SPRING)) == ""
    assert say_due(make_asked(make_answer("access", 1, 2))) == "No date is given."


def test_a_theme_that_stays_is_never_overdue_or_due() -> None:
    asked = make_asked(make_answer("access", 2, 2, SPRING), as_of=AUTUMN)
    assert (say_due(asked), say_overdue(asked)) == ("", "")


def test_what_the_plan_lacks_is_said_once() -> None:
    asked = make_asked(make_answer("access", 1, 2, SPRING, None), make_answer("skills", 1, 2))
    assert say_lacking(asked) == (
        "Still open: no owner for “Access”; no date for “Skills and capability”; no answer for “Trust”."
    )
    undated = make_asked(make_answer("access", 1, 2), make_answer("skills", 1, 2), make_answer("trust", 1, 2))
    assert (say_due(undated), say_lacking(undated)) == ("No date is given.", "")


ANSWERS = st.builds(
    lambda name, now, rise, due, owner: make_answer(name, now, min(now + rise, 3), due, owner),
    st.sampled_from(["access", "skills", "trust"]),
    st.integers(1, 3),
    st.integers(0, 2),
    st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2028, 1, 1))),
    st.one_of(st.none(), st.just("A team")),
)


@given(st.lists(ANSWERS, min_size=1, max_size=3, unique_by=lambda a: a.theme.id), st.sampled_from([None, SPRING]))
def test_sentences_agree_with_the_answers(answers: list[Answer], as_of: date | None) -> None:
    asked = make_asked(*answers, as_of=as_of)
    said = " ".join(summarise(asked))
    assert ("widest" in said) <= (len({a.gap for a in asked.rising}) > 1 or len(asked.rising) == 1)
    assert ("Overdue" in said) == any(asked.is_overdue(answer) for answer in answers)
    assert said.count("Due first") <= 1
    assert "  " not in said


def test_the_table_becomes_answers_with_dates() -> None:
    frame = pd.DataFrame(
        {
            "theme": ["access", "trust"],
            "file_row": [2, 3],
            "now": [1, 2],
            "target": [2, 2],
            "how": ["Lend", None],
            "owner": [None, None],
            "by_when": ["2027-03-31", None],
        }
    )
    asked = gather_answers(frame, make_themes(), SPRING)
    assert [(a.gap, a.plan, a.by_when) for a in asked.answers] == [(1, "Lend", SPRING), (0, None, None)]
    assert asked.unanswered == ["Skills and capability"]


def test_figures_are_those_of_the_map_and_link_to_its_layers(areas: pd.DataFrame, record: RiskRecord) -> None:
    figures = find_figures(areas, record, {"people_at_risk"})
    assert set(figures) == {
        "people_at_risk",
        "people_not_online",
        "people_without_skills",
        "share_little_support",
        "people_on_list",
    }
    people = record.capacity.people_here["without_skills"]
    assert figures["people_without_skills"].text.startswith(f"about {round(people.people, -2):,.0f} people without")
    assert figures["people_without_skills"].address == "atlas.html#layer=people_at_risk"
    assert figures["share_little_support"].address == "atlas.html"
    assert figures["people_on_list"].address == "atlas.html#show=act"
    without = find_figures(areas.assign(little_support=None), record, set())
    assert "share_little_support" not in without


class _Outline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]


def test_the_page_has_its_parts_and_loads_nothing(record: RiskRecord) -> None:
    theme = make_themes().themes[0].model_copy(update={"number": "people_at_risk"})
    asked = make_asked(make_answer("access", 1, 3, SPRING), make_answer("skills", 2, 2), as_of=AUTUMN)
    themes = asked.themes.model_copy(update={"themes": (theme, *asked.themes.themes[1:])})
    asked = type(asked)(themes, asked.answers, asked.as_of)
    page = compose_assessment_page(asked, record, {"people_at_risk": MapFigure("about 10", "atlas.html#x=1")}, "a.csv")
    outline = _Outline()
    outline.feed(page)
    assert [name for name in outline.ids if not name.startswith("picture-")] == ["picture", "plan", "themes", "about"]
    assert len(outline.ids) == len(set(outline.ids))
    assert not {"script", "img", "link", "iframe"} & set(outline.tags)
    assert POLICY.replace("'", "&#x27;") in page
    assert "31 March 2027<br><strong>overdue</strong>" in page
    assert "Was due" not in page
    assert 'about 10: <a href="atlas.html#x=1">see the map</a>' in page
    assert "<strong>Now, and to stay: </strong>some" in page
    assert "Not answered yet." in page
    assert page == compose_assessment_page(
        asked, record, {"people_at_risk": MapFigure("about 10", "atlas.html#x=1")}, "a.csv"
    )


@pytest.mark.parametrize("words", HOSTILE[:6])
def test_words_of_a_team_stay_words(record: RiskRecord, words: str) -> None:
    plain = make_answer("access", 1, 2, SPRING)
    pages = [
        compose_assessment_page(make_asked(Answer(plain.theme, 1, 2, text, text, SPRING)), record, {}, "a.csv")
        for text in ("words", words)
    ]
    outlines = []
    for page in pages:
        outline = _Outline()
        outline.feed(page)
        outlines.append(outline.tags)
    assert outlines[0] == outlines[1]


def test_the_picture_tells_now_from_the_target_by_shape_and_in_words() -> None:
    rows = [Dumbbell("A & B", 4, 1, 3), Dumbbell("C", 3, 2, 2), Dumbbell("D", 4, None, None)]
    drawing = dumbbell_chart("Levels", "A & B: now 1.", rows).text
    assert '<title id="picture-title">Levels</title><desc id="picture-text">A &amp; B: now 1.</desc>' in drawing
    assert drawing.count('class="now"') == drawing.count('class="target"') == 3
    assert 'class="in-now" x="22.0"' in drawing
    assert "not answered" in drawing
    # The disc of a theme that stays lies inside its ring, so that both can be seen.
    assert 'class="now" cx="220.0" cy="149" r="15"' in drawing
    assert 'class="target" cx="220.0" cy="149" r="11"' in drawing
