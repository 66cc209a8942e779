"""Fetching for an area: lookups of one year, stamps, and asking addresses without fetching."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline import Project
from pipeline.__main__ import main
from pipeline.errors import FetchError, PipelineError, RawFileError
from pipeline.stages.data import Wanted, make_demo
from pipeline.stages.lock import only_run
from pipeline.stages.vintages import refuse_mixed_years
from tests.fixtures.projects import NewProject
from tests.fixtures.publisher import Fault, Publisher, invented

TABLE = b"code,value\r\nE01900001,1\r\nE01900002,2\r\n"
COMMON = """
title = "Invented"
publisher = "Nobody"
licence = "none"
attribution = "none"
landing_page = "https://example.org"
release = "first"
accessed = "2026-01-01"
geography = "none"
reads = "libraries"
required = false
"""


@pytest.fixture
def project(new_project: NewProject) -> Project:
    return new_project()


@pytest.fixture
def small(project: Project) -> Iterator[tuple[Project, Publisher]]:
    """A project with two optional sources at a publisher on loopback: a file and a service."""
    with Publisher(files={"/t.csv": TABLE}, services={"/s": invented(5)}) as publisher:
        text = f"""[table]{COMMON}format = "file"\nfile = "t.csv"
address = "{publisher.address}/t.csv"\nsize = {len(TABLE)}
[service]{COMMON}format = "arcgis-table"\nfile = "s.csv"\naddress = "{publisher.address}/s"\nkey_field = "LSOA21CD"
fields = ["LSOA21CD", "LSOA21NM"]\nrows = 5
"""
        (project.declared / "sources.toml").write_text(text, encoding="utf-8")
        yield project, publisher


def put(project: Project, source: str, name: str, headers: str) -> None:
    path = project.root / "data/raw" / source / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(headers + "\r\nE01900001,x\r\n", encoding="utf-8-sig")


ICB = {"24": "LSOA21_SICBL24_ICB24_CAL24_LAD24_EN_LU.csv", "26": "LSOA21_SICBL26_ICB26_NHSER26_LAD26.csv"}
WARDS = {"24": "LSOA21_WD24_LAD24_EW_LU.csv", "25": "LSOA21_WD25_LAD25_EW_LU_v2.csv"}


@pytest.mark.parametrize(("icb", "ward"), [("24", "24"), ("26", "25"), ("24", "25"), ("26", "24")])
def test_the_lookups_of_an_area_are_of_one_year(icb: str, ward: str, project: Project) -> None:
    put(project, "lsoa21_icb", ICB[icb], f"LSOA21CD,SICBL{icb}CD,ICB{icb}CD,LAD{icb}CD")
    put(project, "lsoa21_ward", WARDS[ward], f"LSOA21CD,WD{ward}CD,LAD{ward}CD")
    snapshot = project.snapshot()
    area = snapshot.area("norfolk-and-waveney")
    if (icb, ward) in (("24", "24"), ("26", "25")):
        refuse_mixed_years(snapshot, area)
    else:
        with pytest.raises(RawFileError, match=rf"(?s)is of 20{icb}, .* of 20{ward}.*make data"):
            refuse_mixed_years(snapshot, area)


def test_wards_without_a_lookup_and_files_of_no_year_are_left_to_others(project: Project) -> None:
    snapshot = project.snapshot()
    area = snapshot.area("norfolk-and-waveney")
    refuse_mixed_years(snapshot, area)
    put(project, "lsoa21_ward", WARDS["24"], "LSOA21CD,WD24CD")
    refuse_mixed_years(snapshot, area)
    put(project, "lsoa21_icb", ICB["26"], "no,year")
    refuse_mixed_years(snapshot, area)


def test_a_mirror_with_lookups_of_two_years_is_refused(project: Project, tmp_path: Path) -> None:
    text = (project.declared / "sources.toml").read_text(encoding="utf-8")
    kept = [table for table in text.split("\n\n") if "[lsoa21_icb]" in table or "[lsoa21_ward]" in table]
    without_rows = "\n\n".join(kept).replace("rows = 33755\n", "").replace("rows = 35672\n", "")
    (project.declared / "sources.toml").write_text(without_rows, encoding="utf-8")
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    (mirror / ICB["26"]).write_text("LSOA21CD,SICBL26CD\nE01900001,x\nE01900002,x\n", encoding="utf-8")
    (mirror / WARDS["24"]).write_text("LSOA21CD,WD24CD\nE01900001,x\nE01900002,x\n", encoding="utf-8")
    with pytest.raises(RawFileError, match="is of 2026"):
        project.fetch("norfolk-and-waveney", Wanted(mirror=mirror, quiet=True))
    assert not list((project.root / "data/raw/areas").glob("*.json"))


def test_each_address_is_asked_and_nothing_fetched(
    small: tuple[Project, Publisher], capsys: pytest.CaptureFixture[str]
) -> None:
    project, publisher = small
    assert main(["--root", str(project.root), "data", "--check"]) == 0
    said = capsys.readouterr().out
    assert "table" in said
    assert "5 / 5" in said
    assert not (project.root / "data").exists()
    publisher.files.clear()
    assert main(["--root", str(project.root), "data", "--check", "norfolk-and-waveney"]) == 1
    assert "table has moved: see https://example.org" in capsys.readouterr().out
    assert main(["--root", str(project.root), "data", "--check", "demo"]) == 0
    assert "there is no address to ask" in capsys.readouterr().out


def test_nobody_there_is_not_all_well(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    text = f'[table]{COMMON}format = "file"\nfile = "t.csv"\naddress = "https://127.0.0.1:1/t.csv"\n'
    (project.declared / "sources.toml").write_text(text, encoding="utf-8")
    assert main(["--root", str(project.root), "data", "--check"]) == 1
    assert "None of the 1 addresses could be reached" in capsys.readouterr().out


def test_a_stamp_that_was_cut_is_written_again(small: tuple[Project, Publisher]) -> None:
    project, _ = small
    project.fetch("norfolk-and-waveney", Wanted(quiet=True))
    stamp = project.root / "data/raw/areas/norfolk-and-waveney.json"
    whole = stamp.read_text(encoding="utf-8")
    assert set(json.loads(whole)) == {"table", "service"}
    for cut in ("", "[" * 100_000, whole[:20]):
        stamp.write_text(cut, encoding="utf-8")
        project.fetch("norfolk-and-waveney", Wanted(quiet=True))
        assert stamp.read_text(encoding="utf-8") == whole


def test_what_a_killed_run_left_beside_the_stamps_is_swept(small: tuple[Project, Publisher]) -> None:
    areas = small[0].root / "data/raw/areas"
    areas.mkdir(parents=True)
    (areas / ".norfolk-and-waveney.json.abcd1234.json").write_text("{", encoding="utf-8")
    small[0].fetch("norfolk-and-waveney", Wanted(quiet=True))
    assert [path.name for path in areas.iterdir()] == ["norfolk-and-waveney.json"]


def test_a_disk_that_is_full_at_the_end_is_said_in_one_line(
    small: tuple[Project, Publisher], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipeline.stages.data.store.write_json", full)
    with pytest.raises(FetchError, match=r"norfolk-and-waveney\.json: cannot be written"):
        small[0].fetch("norfolk-and-waveney", Wanted(quiet=True))


def test_a_fetch_waits_for_another_run_and_says_so(small: tuple[Project, Publisher]) -> None:
    project, publisher = small
    publisher.fail(Fault(silence=0.3))
    faults: list[BaseException] = []
    said: list[str] = []

    def fetch() -> None:
        try:
            Project(project.root).fetch("norfolk-and-waveney", Wanted(quiet=True), said.append)
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=fetch) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert any(line.startswith("Another run is working in") for line in said)
    assert not [path for path in (project.root / "data/raw").rglob("*") if ".part" in path.name]


def test_a_wait_has_an_end(project: Project) -> None:
    began = time.monotonic()
    with only_run(project.root):
        waiting: Callable[[], object] = only_run(project.root, patience=0.1).__enter__
        with pytest.raises(PipelineError, match="Another run is working"):
            waiting()
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("mirror", ["data/raw", "declared/sources.toml", "nowhere"])
def test_a_mirror_that_is_none_is_refused_before_anything_is_taken(
    mirror: str, small: tuple[Project, Publisher]
) -> None:
    project, _ = small
    (project.root / "data/raw").mkdir(parents=True)
    with pytest.raises(FetchError, match=r"copied onto themselves|this is a file|no such folder"):
        project.fetch("norfolk-and-waveney", Wanted(mirror=project.root / mirror, quiet=True))
    assert list((project.root / "data/raw").iterdir()) == []


def test_another_number_of_rows_on_a_mirror_is_accepted_by_name(
    small: tuple[Project, Publisher], tmp_path: Path
) -> None:
    project, _ = small
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    (mirror / "s.csv").write_bytes(TABLE)
    with pytest.raises(FetchError, match="expected 5 rows, got 2"):
        project.fetch("norfolk-and-waveney", Wanted(mirror=mirror, quiet=True))
    project.fetch("norfolk-and-waveney", Wanted(mirror=mirror, accept=("service",), quiet=True))
    assert (project.root / "data/raw/service/s.csv").read_bytes() == TABLE


@pytest.mark.parametrize("cut", ["", "[]", "[" * 100_000, '{"areas": 2'])
def test_a_cut_note_of_the_fictional_country_is_written_again(cut: str, project: Project) -> None:
    note = project.root / "data/raw/demo/made.json"
    note.parent.mkdir(parents=True)
    note.write_text(cut, encoding="utf-8")
    make_demo(project.snapshot(), lambda _: None, 60)
    assert json.loads(note.read_text(encoding="utf-8"))["areas"] == 60


def test_a_mirror_given_for_the_fictional_country_is_said_to_be_left_alone(project: Project, tmp_path: Path) -> None:
    make_demo(project.snapshot(), lambda _: None, 60)
    said: list[str] = []
    project.fetch("demo", Wanted(mirror=tmp_path, quiet=True), said.append)
    assert any(f"{tmp_path} is not read" in line for line in said)
