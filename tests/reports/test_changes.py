"""The page on what changed: what analysts and publishers write is text in it, and its tables have captions."""

from tests.fixtures.changes import act, crossing, make_changes_page, record, tenth

HOSTILE = "<script>alert('x')</script>"


def test_texts_of_others_are_text() -> None:
    text = make_changes_page(
        record(tenth(crossing("Entered", moved=True, name=HOSTILE)), title=HOSTILE, actions=(act(title=HOSTILE),))
    )
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_every_table_has_a_caption_and_every_section_a_heading() -> None:
    text = make_changes_page(
        record(tenth(crossing("Left", moved=False)), actions=(act(),), about_actions=("What it cannot show.",))
    )
    assert all("<caption>" in part for part in text.split("<table>")[1:])
    assert text.count("<section") == text.count("<h2") > 4
    assert "What it cannot show." in text
    assert 'lang="en-GB"' in text


def test_a_comparison_in_which_nothing_changed_says_so() -> None:
    text = make_changes_page(record(tenth()))
    assert "none entered, none left" in text
    assert "Nothing differs" in text
    assert "<svg" not in text


def test_a_line_that_was_crossed_within_uncertainty_is_thin() -> None:
    assert 'class="unsure"' in make_changes_page(record(tenth(crossing("Entered", moved=False))))
    assert 'class="sure"' in make_changes_page(record(tenth(crossing("Entered", moved=True))))
