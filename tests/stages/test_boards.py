"""An area for every ICB, without anybody declaring it."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline import Project
from pipeline.errors import DeclarationError
from pipeline.stages.boards import list_boards
from tests.fixtures.projects import lay_out

ROWS = [
    ("E54000001", "NHS Fen and Marsh Integrated Care Board", "E38000001"),
    ("E54000001", "NHS Fen and Marsh Integrated Care Board", "E38000002"),
    ("E54000002", "NHS Norfolk and Waveney Integrated Care Board", "E38000239"),
    ("E54000003", "NHS Fen & Marsh ICB", "E38000004"),
]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = lay_out(tmp_path)
    folder = project.national("england")
    folder.mkdir(parents=True)
    frame = pd.DataFrame(ROWS * 3, columns=["icb_code", "icb_name", "sicbl_code"])
    frame.assign(lsoa21_code=[f"E0100000{n}" for n in range(len(frame))]).to_parquet(folder / "lsoa21_icb.parquet")
    return project


def test_every_board_is_an_area_and_a_declared_one_is_itself(project: Project) -> None:
    boards = {area.id: area for area in list_boards(project.snapshot(), "england")}
    assert list(boards) == ["icb-fen-marsh", "icb-fen-and-marsh", "norfolk-and-waveney"]
    assert boards["icb-fen-and-marsh"].icb == ("E54000001",)
    assert boards["icb-fen-and-marsh"].title == "Fen and Marsh"
    assert boards["norfolk-and-waveney"] == project.area("norfolk-and-waveney")


def test_a_board_is_had_by_its_name(project: Project) -> None:
    assert project.area("icb-fen-marsh").icb == ("E54000003",)
    assert project.snapshot().area("icb-fen-marsh").icb == ("E54000003",)
    with pytest.raises(DeclarationError, match="There is no area 'icb-nowhere'"):
        project.area("icb-nowhere")


def test_two_boards_of_one_name_are_told_apart_by_their_codes(project: Project) -> None:
    path = project.national("england") / "lsoa21_icb.parquet"
    frame = pd.read_parquet(path)
    frame["icb_name"] = "NHS Fen Integrated Care Board"
    frame.to_parquet(path)
    names = [area.id for area in list_boards(project.snapshot(), "england")]
    assert names == ["icb-fen", "norfolk-and-waveney", "icb-e54000003"]


def test_without_a_lookup_there_is_none(tmp_path: Path) -> None:
    assert list_boards(lay_out(tmp_path).snapshot(), "england") == []
