"""The workers of a dask scheduler: who may be asked, over which connection, and what is said where that fails.

Plain futures of dask.distributed over our own functions (docs/decisions/0029-cluster.md), the extra ``cluster``.
"""

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from pipeline.cluster.facts import differences, facts
from pipeline.cluster.tasks import DIED, other_versions
from pipeline.errors import CHECKOUT, ClusterError, first

ENCRYPTED = ("tls://", "wss://")
PLAIN = "tcp://"
AT_ONCE = 10_000
"""Parts of the work that are handed to a scheduler at a time: it queues them."""
GRACE = 1.0
"""Seconds that dask has beyond its deadline to say itself what is wrong."""
NO_EXTRA = (
    "--scheduler needs the packages of the extra 'cluster', which are not installed. Install them here and on every "
    "worker: {command}"
)


@dataclass(frozen=True)
class TlsFiles:
    """The files of an encrypted connection: who signs the certificates, and this machine's certificate and key.

    Without any, what dask is configured with (``distributed.comm.tls``) is used.
    """

    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None

    @property
    def given(self) -> dict[str, str]:
        """The files that were named, by what dask calls them."""
        named = {"tls_ca_file": self.ca, "tls_client_cert": self.cert, "tls_client_key": self.key}
        return {name: str(path) for name, path in named.items() if path is not None}


@dataclass(frozen=True)
class SchedulerWanted:
    """A scheduler to work with.

    Attributes:
        address: such as ``tls://10.0.0.5:8786``; empty where ``file`` names it.
        file: what ``dask scheduler --scheduler-file`` writes.
        tls: the files of an encrypted connection.
        seconds: how long it may take to answer, and how long it may have no worker.
    """

    address: str = ""
    file: Path | None = None
    tls: TlsFiles = field(default_factory=TlsFiles)
    seconds: float = 20.0

    def resolved(self) -> str:
        """The address with its protocol, from the file where that names it.

        Raises:
            ClusterError: the file is missing, or is not of a scheduler.
        """
        address = self.address or self._in_file()
        return address if "://" in address else PLAIN + address

    def _in_file(self) -> str:
        try:
            content = json.loads(Path(self.file or "").read_text(encoding="utf-8"))
            return str(content["address"])
        except OSError as error:
            raise ClusterError(
                f"--scheduler-file {self.file}: cannot be read ({error.strerror}). Does the scheduler run, and is the "
                "drive that it writes this file to connected?"
            ) from None
        except (ValueError, KeyError, TypeError):
            raise ClusterError(
                f"--scheduler-file {self.file}: this is not the file of a scheduler. It is written by: dask scheduler "
                "--scheduler-file FILE"
            ) from None


def refuse_unencrypted(wanted: SchedulerWanted) -> None:
    """Refuse a scheduler that is not encrypted for work on rows of people.

    Without ``tls://`` nobody proves who they are either: anyone who reaches the scheduler can run code on machines
    that can read the rows.

    Raises:
        ClusterError: the address is not encrypted.
    """
    address = wanted.resolved()
    if not address.startswith(ENCRYPTED):
        raise ClusterError(
            f"{address}: this connection is not encrypted, and anyone who reaches the scheduler could run programs on "
            "machines that read rows of people. Start scheduler and workers with tls:// (docs/scale.md), or, where the "
            "rows are not of people, say so: --allow-unencrypted"
        )


class OnScheduler:
    """The workers of a scheduler.

    A part of the work whose worker dies is done again by another; the scheduler gives it up after some deaths
    (``distributed.scheduler.allowed-failures``, three as shipped). A part may so run twice.
    """

    at_once = AT_ONCE

    def __init__(self, wanted: SchedulerWanted) -> None:
        """Connect, and compare versions before any work is sent.

        Raises:
            ClusterError: the extra is not installed, the scheduler does not answer in time, the connection is refused,
                or a worker has other versions.
        """
        self._wanted = wanted
        self._address = wanted.resolved()
        self._client = _connect(wanted, self._address)
        self._executor = self._client.get_executor(pure=False)
        self._since: dict[str, float] = {}
        try:
            self._refuse_other_versions()
        except BaseException:
            self._client.close(timeout=1)
            raise

    def __enter__(self) -> "OnScheduler":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._executor.shutdown(wait=False)
        self._client.close(timeout=5)

    @property
    def workers(self) -> int:
        """The number of workers that the scheduler has now."""
        return len(self._client.scheduler_info(n_workers=-1)["workers"])

    def submit(self, task: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        """Hand a part of the work to the scheduler, under a name without meaning."""
        future: Future[Any] = self._executor.submit(task, *arguments)
        return future

    def check(self) -> None:
        """Look whether the scheduler answers and has a worker.

        Raises:
            ClusterError: it has not for as long as it may.
        """
        there = self._client.status == "running"
        self._patiently("scheduler", there, f"{self._address}: the connection to the scheduler was lost")
        self._patiently("workers", not there or self.workers > 0, f"{self._address}: the scheduler has no worker left")

    def _patiently(self, what: str, fine: bool, said: str) -> None:  # noqa: FBT001
        if fine:
            self._since.pop(what, None)
            return
        since = self._since.setdefault(what, time.monotonic())
        if time.monotonic() - since > self._wanted.seconds:
            raise ClusterError(
                f"{said}, for {self._wanted.seconds:g} seconds. Nothing was written in part. Start it again, and run "
                "the same command."
            )

    def renew(self) -> None:
        """The scheduler starts other workers itself."""

    def given_up(self, error: BaseException) -> str:
        """Why a part of the work was given up: its workers died, or the scheduler is gone."""
        from distributed import KilledWorker

        if isinstance(error, KilledWorker):
            return DIED.format(times=error.allowed_failures + 1)
        if isinstance(error, CancelledError) or type(error).__name__ in ("FutureCancelledError", "CommClosedError"):
            raise ClusterError(
                f"{self._address}: the scheduler stopped, or gave the work up. Nothing was written in part. Start it "
                "again, and run the same command."
            ) from None
        return ""

    def _refuse_other_versions(self) -> None:
        self._wait_for_workers()
        here, faults = facts(), []
        # A worker without this program cannot even read what it is asked.
        for address, there in self._client.run(facts, on_error="return").items():
            if isinstance(there, Mapping):
                other = differences(here, there)
                faults += [f"{address}: {', '.join(other)}"] if other else []
            else:
                faults.append(f"{address}: without this program, or with another version of it")
        if faults:
            raise ClusterError(other_versions(first(faults, 5)))

    def _wait_for_workers(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=self._wanted.seconds)
        except TimeoutError:
            raise ClusterError(
                f"{self._address}: the scheduler has had no worker for {self._wanted.seconds:g} seconds. Start one on "
                f"each machine: dask worker {self._address}"
            ) from None


def _connect(wanted: SchedulerWanted, address: str) -> Any:
    try:
        from distributed import Client, Security
    except ImportError:
        in_checkout = (CHECKOUT / "pyproject.toml").is_file()
        command = 'python -m pip install "digital-exclusion-maps[cluster]"'
        raise ClusterError(
            NO_EXTRA.format(command='python -m pip install ".[cluster]"' if in_checkout else command)
        ) from None
    # What goes wrong is said by the errors here; dask would log the same with all that it was about.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    for path in (wanted.tls.ca, wanted.tls.cert, wanted.tls.key):
        if path is not None and not path.is_file():
            raise ClusterError(f"{path}: there is no such file. It is named as a certificate or a key (--tls-…).")
    try:
        security = Security(**wanted.tls.given, require_encryption=address.startswith(ENCRYPTED))
        return _within(
            wanted.seconds,
            lambda: Client(address, timeout=wanted.seconds, security=security, set_as_default=False),
        )
    except OSError as error:
        # Of dask, a deadline that passes is an OSError, too.
        raise ClusterError(
            f"{address}: the scheduler {_why(error) or f'did not answer within {wanted.seconds:g} seconds'}. Does it "
            "run, is the address right, does a firewall stand between, and do both sides have certificates of one "
            "authority?"
        ) from None
    except (ValueError, TypeError, RuntimeError) as error:
        raise ClusterError(
            f"{address}: this is no address of a scheduler such as tls://10.0.0.5:8786, or its certificates cannot be "
            f"used ({_short(error)}). Give --tls-ca, --tls-cert and --tls-key, or configure dask for TLS."
        ) from None


def _within(seconds: float, act: Callable[[], Any]) -> Any:
    """The result of ``act`` where it has one in time.

    dask itself waits for ever for a server that takes a connection and says nothing.

    Raises:
        TimeoutError: it has none.
        Exception: what ``act`` raises.
    """
    ended: Future[Any] = Future()

    def run() -> None:
        try:
            ended.set_result(act())
        except BaseException as error:
            ended.set_exception(error)

    # Nobody waits for this thread when the program ends.
    threading.Thread(target=run, daemon=True).start()
    return ended.result(timeout=seconds + GRACE)


def _why(error: BaseException) -> str:
    """What the network says, where that is more than that time has passed."""
    cause = error.__cause__
    if cause is None or isinstance(cause, TimeoutError) or not str(cause).strip():
        return ""
    return f"could not be reached ({_short(cause)})"


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:160].rstrip(".")
