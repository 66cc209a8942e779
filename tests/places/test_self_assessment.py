"""A team's answers: read as people write them, and refused by row with what to do."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.catalogue.themes import Themes
from pipeline.errors import RawFileError
from pipeline.places import read_self_assessment
from tests.fixtures.assessments import make_themes

HEADER = "theme,now,target,how,owner,by_when\n"
GOOD = "skills,1,3,Train staff,Training hub,2027-09-30\n"
THEMES = make_themes()


def written(tmp_path: Path, text: str, name: str = "answers.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_answers_are_in_the_order_of_the_themes_and_gaps_are_noted(tmp_path: Path) -> None:
    text = HEADER + "Skills & Capability,1,3,,Training hub,30 September 2027\nACCESS,2,2,,,\ntrust,,,,,\n"
    answers = read_self_assessment(written(tmp_path, text), THEMES)
    assert answers.frame[["theme", "file_row", "now", "target"]].to_numpy().tolist() == [
        ["access", 3, 2, 2],
        ["skills", 2, 1, 3],
    ]
    assert answers.frame["by_when"].tolist()[1] == "2027-09-30"
    assert answers.notes == ("no answer: Trust", "no plan: Skills and capability")


def test_what_was_recognised_in_the_file_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes((HEADER + GOOD.replace("Train staff", "Café")).replace(",", ";").encode("cp1252"))
    notes = read_self_assessment(path, THEMES).notes
    assert {"separated by semicolons", "not UTF-8, read as Windows-1252: row(s) 2"} <= set(notes)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("skils,1,3,,,", r"row 3: there is no theme 'skils'. Did you mean 'skills'\? Themes: access, skills, trust"),
        (",1,3,,,", "row 3: the theme is empty"),
        ("skills,1,2,,,", "row 3: 'Skills and capability' is answered in row 2 already"),
        ("access,0,3,,,", "row 3: now '0' is no level of 'Access': give a whole number from 1 to 3"),
        ("access,1,4,,,", "row 3: target '4' is no level"),
        ("access,1.5,2,,,", "row 3: now '1.5' is no level"),
        ("access,one,2,,,", "row 3: now 'one' is no level"),
        ("access,,2,,,", "row 3: now is empty"),
        ("access,3,2,,,", "row 3: the target 2 is below now 3: swap the two"),
        ("access,1,2,,,03/04/2027", "row 3: by when: '03/04/2027' could be 3 April or 4 March"),
        ("access,1,2,,Ring 01632 960001,", r"a UK telephone number: row 3, column 5"),
        ("access,1,2,Ask ada@example.org,,", r"an e-mail address: row 3, column 4"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_what_to_do(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(RawFileError, match=message):
        read_self_assessment(written(tmp_path, HEADER + GOOD + row + "\n"), THEMES)


def test_every_fault_is_said_at_once(tmp_path: Path) -> None:
    text = HEADER + "skils,1,3,,,\naccess,9,9,,,soon\n"
    with pytest.raises(RawFileError, match=r"2 row\(s\) cannot be used") as refused:
        read_self_assessment(written(tmp_path, text), THEMES)
    assert str(refused.value).count("\n  row ") == 2
    assert "by when" in str(refused.value)
    assert "now '9'" in str(refused.value)


def test_details_are_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(RawFileError) as refused:
        read_self_assessment(written(tmp_path, HEADER + "access,1,2,,ada@example.org,\n"), THEMES)
    assert "ada@" not in str(refused.value)
    assert "a role or a team" in str(refused.value)


def test_headers_that_teams_use_are_recognised_and_others_declared(tmp_path: Path) -> None:
    named = "Domain,Where are we now?,Where do we want to be?,How do we get there?,Lead,Due date\n"
    usual = read_self_assessment(written(tmp_path, HEADER + GOOD), THEMES).frame
    assert read_self_assessment(written(tmp_path, named + GOOD), THEMES).frame.equals(usual)
    declared = HEADER.replace("now", "Stand").replace("theme", "Feld")
    columns = {"now": "Stand", "theme": "Feld"}
    assert read_self_assessment(written(tmp_path, declared + GOOD), THEMES, columns).frame.equals(usual)
    with pytest.raises(RawFileError, match="the columns theme, now are missing"):
        read_self_assessment(written(tmp_path, declared + GOOD), THEMES)


def test_a_workbook_with_dates_is_read_like_the_text(tmp_path: Path) -> None:
    path = tmp_path / "answers.xlsx"
    row = ["skills", 1, 3.0, "Train staff", "Training hub", pd.Timestamp("2027-09-30")]
    pd.DataFrame([row], columns=HEADER.strip().split(",")).to_excel(path, index=False)
    usual = read_self_assessment(written(tmp_path, HEADER + GOOD), THEMES).frame
    assert read_self_assessment(path, THEMES).frame.equals(usual)


def test_a_file_without_any_level_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RawFileError, match="no theme has levels"):
        read_self_assessment(written(tmp_path, HEADER + "skills,,,later,,\n"), THEMES)


def test_levels_are_those_of_the_theme(tmp_path: Path) -> None:
    longer = THEMES.themes[0].model_copy(update={"levels": ("a", "b", "c", "d", "e")})
    themes: Themes = THEMES.model_copy(update={"themes": (longer, *THEMES.themes[1:])})
    answers = read_self_assessment(written(tmp_path, HEADER + "access,1,5,,,\n"), themes)
    assert answers.frame["target"].tolist() == [5]
