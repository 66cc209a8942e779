"""What was done, where and when, as it is declared."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.catalogue.actions import read_actions
from pipeline.errors import DeclarationError
from tests.fixtures.folders import DECLARED

GOOD = """
[tablets-2026]
title = "Tablets on loan"
programme = "A grant"
areas = ["E01000001", "E01000002"]
start = 2026-03-01
people_reached = 140
cost = 21000
note = "Two libraries."
"""


def declare(folder: Path, text: str) -> Path:
    path = folder / "actions.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_action_is_read(tmp_path: Path) -> None:
    [action] = read_actions(declare(tmp_path, GOOD))
    assert (action.id, action.start, action.areas) == ("tablets-2026", date(2026, 3, 1), ("E01000001", "E01000002"))
    assert (action.people_reached, action.cost, action.measure) == (140, 21_000, None)


def test_without_a_file_or_without_an_action_nothing_was_done(tmp_path: Path) -> None:
    assert read_actions(tmp_path / "actions.toml") == ()
    assert read_actions(DECLARED / "actions.toml") == ()


def test_the_example_of_the_shipped_file_can_be_used(tmp_path: Path) -> None:
    lines = (DECLARED / "actions.toml").read_text(encoding="utf-8").splitlines()
    start = lines.index("# [tablets-2026]")
    [action] = read_actions(declare(tmp_path, "\n".join(line.removeprefix("# ") for line in lines[start:])))
    assert action.measure == "app_registrations"


FAULTS = {
    "people_reached": ("people_reachd", "unknown key. Did you mean 'people_reached'?"),
    "start = 2026-03-01": ('start = "2026-03-01"', "expected a date such as 2026-11-27, without quotation marks"),
    'title = "Tablets on loan"': ("", "title: this key is missing"),
    '"E01000002"': ('"E01000001"', "named twice: E01000001"),
    '["E01000001", "E01000002"]': ('["Norwich"]', "areas"),
    "140": ("-1", "expected a number of at least 0"),
    "start = ": ("people_reached = 3\nstart = ", "this is not valid TOML"),
    "[tablets-2026]": ("[Tablets 2026]", "this is not valid TOML"),
}


@pytest.mark.parametrize("good", FAULTS)
def test_faults_are_said_with_their_place(tmp_path: Path, good: str) -> None:
    wrong, said = FAULTS[good]
    assert good in GOOD
    with pytest.raises(DeclarationError) as error:
        read_actions(declare(tmp_path, GOOD.replace(good, wrong, 1)))
    assert said in str(error.value)
    assert "actions.toml" in str(error.value)
