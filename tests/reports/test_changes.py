"""The page on what changed: what analysts and publishers write is text in it, and its tables have captions."""

import pandas as pd

from pipeline.reports.changes import compose_changes_page
from pipeline.store.changes import ActionCompared, ChangesRecord
from pipeline.tables import CHANGES
from tests.fixtures.changes import crossing, record, tenth

HOSTILE = "<script>alert('x')</script>"


def page(of: ChangesRecord) -> str:
    frame = pd.DataFrame({name: pd.Series(dtype="object") for name in CHANGES.names})
    return compose_changes_page(frame, of)


def act(**options: object) -> ActionCompared:
    given = {
        "id": "loans",
        "title": HOSTILE,
        "programme": None,
        "start": "2026-03-01",
        "people_reached": 90,
        "cost": None,
        "areas": 12,
        "in_area": 12,
        "matched": 12,
        "controls": 30,
        "measure": "place",
        "unit": "points",
        "difference": None,
        "low": None,
        "high": None,
        "p_value": None,
        "said": "Too few to say.",
    }
    return ActionCompared.model_validate({**given, **options})


def test_texts_of_others_are_text() -> None:
    text = page(record(tenth(crossing("Entered", moved=True, name=HOSTILE)), title=HOSTILE, actions=(act(),)))
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_every_table_has_a_caption_and_every_section_a_heading() -> None:
    text = page(record(tenth(crossing("Left", moved=False)), actions=(act(),), about_actions=("What it cannot show.",)))
    assert all("<caption>" in part for part in text.split("<table>")[1:])
    assert text.count("<section") == text.count("<h2") > 4
    assert "What it cannot show." in text
    assert 'lang="en-GB"' in text


def test_a_comparison_in_which_nothing_changed_says_so() -> None:
    text = page(record(tenth()))
    assert "none entered, none left" in text
    assert "Nothing differs" in text
    assert "<svg" not in text


def test_a_line_that_was_crossed_within_uncertainty_is_thin() -> None:
    assert 'class="unsure"' in page(record(tenth(crossing("Entered", moved=False))))
    assert 'class="sure"' in page(record(tenth(crossing("Entered", moved=True))))
