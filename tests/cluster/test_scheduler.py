"""A scheduler on the loopback interface: the same counts whoever counts, and every way in which that can go wrong."""

import builtins
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.__main__ import main
from pipeline.cluster import Alone, Crew, OnScheduler, SchedulerWanted, TlsFiles, refuse_unencrypted, run_tasks
from pipeline.cluster.facts import PACKAGE
from pipeline.errors import ClusterError
from pipeline.places.counting import RowColumns, Tally
from pipeline.reading.blocks import parts_of_tables
from pipeline.stages.count import CountTask, count_part
from tests.fixtures.clusters import CERTIFICATE, Cluster, DeadlyTask, die_once, encrypted_cluster
from tests.fixtures.parts import square
from tests.fixtures.rows import ground_files, write_points

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with encrypted_cluster(tmp_path_factory.mktemp("cluster")) as started:
        yield started


@pytest.fixture(scope="module")
def tasks(tmp_path_factory: pytest.TempPathFactory) -> list[CountTask]:
    folder = tmp_path_factory.mktemp("rows")
    paths = write_points(folder, [400, 300, 200, 500, 100])
    return [CountTask(part, RowColumns(category="mode"), ground_files(folder)) for part in parts_of_tables(paths)]


def _counted(crew: Crew, task: Any, items: list[Any]) -> Tally:
    tally = Tally()
    for _, outcome in run_tasks(crew, task, items, confidential=True):
        assert outcome.value is not None, outcome.fault
        tally.add(outcome.value.tally)
    return tally


def _assert_equal(one: Tally, other: Tally) -> None:
    assert (one.rows, one.given, one.fitting, one.alike) == (other.rows, other.given, other.fitting, other.alike)
    assert one.unplaced.tolist() == other.unplaced.tolist()
    assert one.counts.keys() == other.counts.keys()
    assert all(np.array_equal(one.counts[name], other.counts[name]) for name in one.counts)


def test_counts_are_the_same_with_two_workers_with_one_killed_and_with_one(
    cluster: Cluster, tasks: list[CountTask], tmp_path: Path
) -> None:
    here = _counted(Alone(), count_part, tasks)
    assert here.placed > 800
    assert here.unplaced.sum() > 100
    workers = [cluster.start_worker(), cluster.start_worker()]
    with OnScheduler(cluster.wanted) as crew:
        crew._client.wait_for_workers(2, timeout=30)
        _assert_equal(_counted(crew, count_part, tasks), here)
        deadly = [DeadlyTask(task, str(tmp_path / "died")) for task in tasks]
        _assert_equal(_counted(crew, die_once, deadly), here)
        assert (tmp_path / "died").exists()
        assert crew.workers == 1
        _assert_equal(_counted(crew, count_part, tasks), here)
    assert sorted(worker.poll() is None for worker in workers) == [False, True]
    said = cluster.said()
    assert "52.5" not in said
    assert "Phone" not in said


def test_a_worker_with_other_versions_is_refused_before_work_is_sent(cluster: Cluster, tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "pipeline", ignore=shutil.ignore_patterns("assets", "__pycache__"))
    (tmp_path / "pipeline/_version.py").write_text('__version__ = "0.0.1"\n', encoding="utf-8")
    other = cluster.start_worker(tmp_path)
    wanted = cluster.wanted
    said = ""
    for _ in range(100):
        said = _refusal(wanted)
        if said:
            break
        time.sleep(0.2)
    assert "127.0.0.1" in said
    assert "this program 0.0.1 instead of" in said
    assert "the code of this program" in said
    other.terminate()
    other.wait()


def _refusal(wanted: SchedulerWanted) -> str:
    """Why a scheduler is refused; empty where it is not."""
    try:
        with OnScheduler(wanted):
            return ""
    except ClusterError as error:
        return str(error)


def test_a_scheduler_that_goes_away_is_named(tmp_path: Path) -> None:
    with encrypted_cluster(tmp_path) as alone:
        alone.start_worker()
        wanted = SchedulerWanted(alone.wanted.resolved(), tls=alone.wanted.tls, seconds=15)
        with OnScheduler(wanted) as crew:
            crew._wanted = SchedulerWanted(seconds=0.2)
            alone.processes[1].kill()
            alone.processes[1].wait()
            with pytest.raises(ClusterError, match="no worker left, for 0.2 seconds"):
                list(run_tasks(crew, square, [1], confidential=True))
            alone.processes[0].kill()
            alone.processes[0].wait()
            with pytest.raises(ClusterError, match="scheduler"):
                list(run_tasks(crew, square, [1], confidential=True))


@pytest.mark.parametrize("address", ["tcp://10.0.0.5:8786", "10.0.0.5:8786", "ws://10.0.0.5:8786"])
def test_rows_of_people_take_encrypted_connections_only(address: str) -> None:
    with pytest.raises(ClusterError, match="--allow-unencrypted"):
        refuse_unencrypted(SchedulerWanted(address))
    refuse_unencrypted(SchedulerWanted("tls://10.0.0.5:8786"))


def test_the_file_of_a_scheduler_does_not_get_round_that(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text('{"address": "tcp://10.0.0.5:8786"}')
    with pytest.raises(ClusterError, match="is not encrypted"):
        refuse_unencrypted(SchedulerWanted(file=tmp_path / "s.json"))


def test_the_command_takes_encrypted_connections_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], new_project: Any
) -> None:
    project = new_project()
    rows = write_points(tmp_path, [3])[0]
    options = ["--root", str(project.root), "count", str(rows), "demo", "--scheduler", "tcp://127.0.0.1:9"]
    assert main(options) == 1
    assert "this connection is not encrypted" in capsys.readouterr().err


def test_a_scheduler_that_does_not_answer_is_named_in_time() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        address = f"tcp://127.0.0.1:{listening.getsockname()[1]}"
        with pytest.raises(ClusterError, match=r"did not answer within 0\.5 seconds|could not be reached"):
            OnScheduler(SchedulerWanted(address, seconds=0.5))


def test_a_scheduler_that_is_not_there_is_named() -> None:
    with pytest.raises(ClusterError, match="Does it run, is the address right"):
        OnScheduler(SchedulerWanted("tcp://127.0.0.1:9", seconds=0.5))


@pytest.mark.parametrize(
    ("content", "said"), [(None, "Does the scheduler run"), ("{}", "not the file"), ("x", "not the file")]
)
def test_the_file_of_a_scheduler_is_refused(tmp_path: Path, content: str | None, said: str) -> None:
    if content is not None:
        (tmp_path / "s.json").write_text(content)
    with pytest.raises(ClusterError, match=said):
        SchedulerWanted(file=tmp_path / "s.json").resolved()


def test_certificates_that_are_not_there_are_named(tmp_path: Path) -> None:
    tls = TlsFiles(tmp_path / "ca.pem", CERTIFICATE, CERTIFICATE)
    with pytest.raises(ClusterError, match=r"ca\.pem: there is no such file"):
        OnScheduler(SchedulerWanted("tls://127.0.0.1:9", tls=tls))


def test_an_encrypted_connection_needs_certificates() -> None:
    with pytest.raises(ClusterError, match="--tls-ca, --tls-cert and --tls-key"):
        OnScheduler(SchedulerWanted("tls://127.0.0.1:9", seconds=1))


def test_the_extra_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "distributed"]:
        monkeypatch.delitem(sys.modules, name)
    imported = builtins.__import__

    def without(name: str, *arguments: Any, **more: Any) -> Any:
        if name.split(".")[0] == "distributed":
            raise ImportError(name)
        return imported(name, *arguments, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ClusterError, match=r"extra 'cluster', which are not installed.*pip install"):
        OnScheduler(SchedulerWanted("tls://127.0.0.1:9"))
