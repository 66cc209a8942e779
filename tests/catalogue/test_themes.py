"""Themes and priority groups: what may be declared, and what is refused."""

from pathlib import Path

import pytest

from pipeline.catalogue.areas import Area
from pipeline.catalogue.priority_groups import PriorityGroups, read_priority_groups
from pipeline.catalogue.themes import read_themes
from pipeline.errors import DeclarationError
from tests.fixtures.folders import DECLARED

THEMES = (DECLARED / "themes.toml").read_text(encoding="utf-8")
GROUPS = (DECLARED / "priority-groups.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('number = "people_not_online"', 'number = "people_not_onlin"', "Did you mean 'people_not_online'"),
        ('id = "ease"', 'id = "access"', "the id of a theme is given twice: access"),
        ('title = "Beliefs and trust"', 'title = "skills AND capability"', "the title of a theme is given twice"),
        ("levels = [", "level = [", "Did you mean 'levels'"),
        ('page = "https://', 'page = "http://', "begins with https"),
    ],
)
def test_themes_that_cannot_be_meant_are_refused(before: str, after: str, message: str, tmp_path: Path) -> None:
    assert before in THEMES
    path = tmp_path / "themes.toml"
    path.write_text(THEMES.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(DeclarationError, match=message):
        read_themes(path)


def test_the_shipped_themes_say_whose_words_they_are() -> None:
    themes = read_themes(DECLARED / "themes.toml")
    assert len(themes.themes) == 5
    assert "NHS England has neither set nor checked them" in themes.note
    assert all(len(theme.levels) == 4 for theme in themes.themes)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("at_most = 2", "at_mots = 2", "Did you mean 'at_most'"),
        ("at_most = 2", "", "give at_most, at_least or both, or else worst_share"),
        ("at_most = 2", "at_most = 2\nworst_share = 0.2", "give at_most, at_least or both, or else worst_share"),
        ("at_most = 2", 'at_most = 2\nwithin = "area"', "go with worst_share"),
        ("at_most = 2", "at_most = 2\nat_least = 3", "no value is at least 3 and at most 2"),
        ("at_most = 2", "worst_share = 20", "below 1"),
        ('id = "core20"', 'id = "any"', "is the id of all groups together"),
        ('title = "Core20"', 'title = "Core; 20"', "no semicolon"),
        ("risk_tenths = [2, 4]", "risk_tenths = [4, 2]", "must rise"),
        ("risk_tenths = [2, 4]", "risk_tenths = [10]", "at most 9"),
    ],
)
def test_groups_that_cannot_be_meant_are_refused(before: str, after: str, message: str, tmp_path: Path) -> None:
    assert GROUPS.count(before) >= 1
    place = GROUPS.rindex(before)
    path = tmp_path / "priority-groups.toml"
    path.write_text(GROUPS[:place] + after + GROUPS[place + len(before) :], encoding="utf-8")
    with pytest.raises(DeclarationError, match=message):
        read_priority_groups(path)


def test_a_group_may_be_for_some_areas() -> None:
    group = {"id": "coast", "title": "Coast", "column": "c", "at_least": 1.0, "sentence": "s", "source": "s"}
    declared = PriorityGroups.model_validate(
        {"risk_tenths": (2,), "groups": (group, {**group, "id": "hills", "title": "Hills", "areas": ("there",)})}
    )
    here = Area(id="here", title="Here", everything=True)
    assert declared.of_area(here).titles == {"coast": "Coast"}
