"""Draws and areas that the workers of a scheduler share, on the loopback interface: the same bytes whoever did it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from pipeline import Project
from pipeline.__main__ import main
from pipeline.cluster import OnScheduler
from pipeline.index.drawing import Work, draw_here
from pipeline.index.plausible import draw_choices, prepare
from pipeline.index.uncertainty import RankDraws
from pipeline.stages.data import make_demo
from pipeline.stages.drawing import InBlocks
from tests.fixtures.clusters import CERTIFICATE, Cluster, encrypted_cluster
from tests.fixtures.draws import DeadlyDraws, draw_few
from tests.fixtures.indices import make_random_table, make_three_components
from tests.fixtures.projects import copy_project, lay_out
from tests.fixtures.uncertainties import EVERYTHING, varying

pytestmark = pytest.mark.slow
TLS = [word for name in ("ca", "cert", "key") for word in (f"--tls-{name}", str(CERTIFICATE))]
AREAS = ("west", "east")
AREA = """
[{name}]
title = "{name}"
fictional = true
lad = ["{code}"]
"""
DRAWS = 100
VARIED = varying(draws=DRAWS, **EVERYTHING)
INDEX, TABLE = make_three_components(), make_random_table(60, distinct=9)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with encrypted_cluster(tmp_path_factory.mktemp("cluster")) as started:
        yield started


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Two districts of a small country with few draws, none of them built yet."""
    root = tmp_path_factory.mktemp("draws") / "project"
    project = lay_out(root)
    draw_few(root)
    make_demo(project.snapshot(), lambda _: None, 60)
    project.build("demo", until="nation")
    districts = sorted(set(pd.read_parquet(project.national("demo") / "lsoa21_icb.parquet")["lad_code"]))
    with (project.declared / "areas.toml").open("a", encoding="utf-8") as file:
        file.writelines(AREA.format(name=n, code=code) for n, code in zip(AREAS, districts[:2], strict=True))
    return project


def _tables(project: Project, area: str) -> dict[str, bytes]:
    names = ("risk", "nearest", "priority_groups", "support_places")
    return {name: (project.processed(area) / f"{name}.parquet").read_bytes() for name in names}


def _scored_from(project: Project, area: str) -> object:
    """What the record of scoring an area says that it read."""
    record = json.loads((project.records("demo", area) / "score.json").read_text(encoding="utf-8"))
    return {name: record[name] for name in ("inputs", "declared", "code", "request")}


def test_draws_are_the_same_by_one_worker_two_and_after_one_was_killed(cluster: Cluster, tmp_path: Path) -> None:
    prepared = prepare(INDEX, TABLE, TABLE, VARIED)
    work = RankDraws(prepared, draw_choices(prepared, VARIED, DRAWS, VARIED.seed))
    here = draw_here(work, DRAWS)
    workers = [cluster.start_worker()]
    with OnScheduler(cluster.wanted) as crew:
        works: list[Work] = [work, work, DeadlyDraws(work, str(tmp_path / "died")), work]
        for number, of_kind in enumerate(works):
            if number == 1:
                workers.append(cluster.start_worker())
                crew._client.wait_for_workers(2, timeout=30)
            drawn = InBlocks(tmp_path / str(number), crew)(of_kind, DRAWS)
            assert drawn.ranks_of(0, DRAWS).tobytes() == here.ranks_of(0, DRAWS).tobytes()
            assert drawn.summarise().tobytes() == here.summarise().tobytes()
    assert (tmp_path / "died").exists()
    assert sorted(worker.poll() is None for worker in workers) == [False, True]
    for worker in workers:
        worker.kill()
        worker.wait()


def test_the_maps_of_one_area_and_of_several_are_the_same_whoever_worked_them_out(
    cluster: Cluster, country: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = copy_project(country, tmp_path / "sent")
    by_workers = ["--scheduler-file", str(cluster.file), *TLS]
    cluster.start_worker()
    cluster.start_worker()

    assert main(["--root", str(sent.root), "maps", "west", *by_workers]) == 0
    assert "plausible indices were drawn by" in capsys.readouterr().out
    assert sent.page("west").is_file()
    assert not list(sent.staging.rglob("*"))

    assert main(["--root", str(sent.root), "maps", *AREAS, *by_workers]) == 0
    said = capsys.readouterr().out
    assert "2 of 2 areas are up to date." in said
    assert re.search(r"^west .* up to date$", said, re.MULTILINE)
    assert re.search(r"^east .* \d+ steps made$", said, re.MULTILINE)
    assert sent.page("east").is_file()

    country.build(*AREAS, until="score")
    for area in AREAS:
        assert _tables(sent, area) == _tables(country, area)
        assert _scored_from(sent, area) == _scored_from(country, area)


def test_a_scheduler_that_is_missing_is_named_before_anything_is_built(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = lay_out(tmp_path)
    command = ["--root", str(project.root), "maps", "demo", "--scheduler-file", str(tmp_path / "gone.json")]
    assert main(command) == 1
    assert "Does the scheduler run" in capsys.readouterr().err
    assert not (project.root / "data").exists()
