"""An area's pages on method, changes and self-assessment in a real browser: axe's rules, and they ask for nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Request

from pipeline.reports import Beside, compose_method_page
from tests.fixtures.changes import act, crossing, make_changes_page, record, tenth
from tests.fixtures.method import EVIDENCE, MethodParts, make_method_parts
from tests.fixtures.pages import NewPage, violations
from tests.fixtures.projects import Demo


@pytest.fixture(scope="module")
def made(demo: Demo) -> MethodParts:
    return make_method_parts(demo[0])


def note_request(asked: list[str]) -> Callable[[Request], None]:
    return lambda request: asked.append(request.url)


def note_message(asked: list[str]) -> Callable[[ConsoleMessage], None]:
    return lambda message: asked.append(message.text)


LIGHT: dict[str, Any] = {}


@pytest.mark.parametrize(
    ("look", "rules"),
    [(LIGHT, ()), ({"color_scheme": "dark"}, ("color-contrast",)), ({"viewport": {"width": 320, "height": 640}}, ())],
    ids=["light", "dark", "narrow"],
)
def test_no_rule_of_accessibility_is_broken(
    demo: Demo,
    made: MethodParts,
    new_page: NewPage,
    tmp_path: Path,
    look: dict[str, Any],
    rules: tuple[str, ...],
) -> None:
    """A page with every section in every look; in the dark other colours are all that differs.

    That of the demo, which differs by one section, as it opens in the light; the demo's self-assessment; and what
    changed.
    """
    path = tmp_path / "method.html"
    path.write_text(compose_method_page(*made, Beside([EVIDENCE])), encoding="utf-8")
    changes = tmp_path / "changes.html"
    crossed = tenth(crossing("Entered", moved=True), crossing("Left", moved=False))
    told = record(crossed, actions=(act(),), about_actions=("What it cannot show.",), notes=("A note.",))
    changes.write_text(make_changes_page(told), encoding="utf-8")
    for file in (path, changes, demo[0].method_page("demo"), demo[0].assessment_page("demo")):
        page = new_page(**look)
        asked: list[str] = []
        page.on("request", note_request(asked))
        page.on("console", note_message(asked))
        page.goto(file.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach((element) => { element.open = true; })")
        if file != demo[0].method_page("demo") or look == LIGHT:
            assert violations(page, *rules) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert asked == [file.as_uri()]
        page.close()
