"""Larger areas that an analyst declares: what a file of them may say, and what is refused."""

from pathlib import Path

import pytest

from pipeline.catalogue import read_areas
from pipeline.catalogue.groups import Groups, read_groups
from pipeline.errors import DeclarationError
from tests.fixtures.folders import DECLARED

GROUP = """
[teams]
title = "Teams"
file = "data/local/teams.csv"
unit_column = "Team"
code_column = "LSOA"
matching = "one to one"
source = "s"
licence = "l"
"""


def declared(tmp_path: Path, text: str) -> Groups:
    path = tmp_path / "groups.toml"
    path.write_text(text, encoding="utf-8")
    return read_groups(path)


def test_what_is_shipped_declares_no_group_and_half_the_patients() -> None:
    shipped = read_groups(DECLARED / "groups.toml")
    assert shipped.groups == ()
    assert (shipped.practices.least_covered, shipped.practices.least_people) == (0.5, 100)


def test_the_example_can_be_used_as_it_is(tmp_path: Path) -> None:
    text = (DECLARED / "groups.toml").read_text(encoding="utf-8")
    lines = [line.removeprefix("# ").split("   #")[0] for line in text.splitlines()]
    start = lines.index("[health_teams]")
    kept = [line for line in lines[start : lines.index("", start)] if not line.startswith("#") and line.strip()]
    (group,) = declared(tmp_path, "\n".join(kept)).groups
    template = (DECLARED / "templates/groups.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    assert [group.unit_column, group.code_column, group.weight_column] == template


def test_a_local_file_is_for_real_areas_unless_others_are_named(tmp_path: Path) -> None:
    areas = read_areas(DECLARED / "areas.toml")
    groups = declared(tmp_path, GROUP)
    assert not groups.of(areas["demo"])
    assert groups.of(areas["norfolk-and-waveney"])
    assert declared(tmp_path, GROUP + 'areas = ["demo"]').of(areas["demo"])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[teams]", "[ward]", "there are larger areas of this name"),
        ("unit_column", "unit_colum", "Did you mean 'unit_column'"),
        ('"one to one"', '"shares"', "needs weight_column"),
        ('"one to one"', '"one-to-one"', "Did you mean 'one to one'"),
        ('code_column = "LSOA"', 'code_column = "Team"', "named twice"),
        ("teams.csv", "teams.pdf", "file should be one of"),
        ('source = "s"', 'source = "s"\nweight_column = "w"', "weight_column goes with"),
        ('source = "s"', 'source = "s"\nwritten_as = "percent"', "goes with matching"),
        ('source = "s"', 'source = "s"\nleast_covered = 50', "at most 1"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(DeclarationError, match=message):
        declared(tmp_path, GROUP.replace(old, new))
