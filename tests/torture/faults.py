"""What goes wrong with the machine while the program runs: put into the forked process by an audit hook.

The hook sees every file that Python opens, renames, removes or makes; what Arrow and GDAL open themselves it does not
see, and a limit of the system (``largest_file``) is for these.
"""

import errno
import os
import resource
import signal
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

WRITES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "os.link", "os.symlink"}


@dataclass(frozen=True)
class Fault:
    """What goes wrong.

    Attributes:
        kill_at: the process is killed at its so-manieth write under ``folder``.
        kill_share: or when this share of the writes of an undisturbed run is reached, from 0 to 1.
        kill_after: or after so many seconds.
        refuse: each write under ``folder`` fails with this error number (``ENOSPC``, ``EROFS``, ``EACCES`` …).
        refuse_after: so many writes succeed first.
        largest_file: the largest file that may be written, in bytes.
        memory: how much memory more than there is may be taken, in MB.
        folder: the part of the project that is meant, such as ``data/processed``.
        twins: so many runs of the same command at once.
        environment: variables of the process.
    """

    kill_at: int = 0
    kill_share: float = 0.0
    kill_after: float = 0.0
    refuse: int = 0
    refuse_after: int = 0
    largest_file: int = 0
    memory: int = 0
    folder: str = ""
    twins: int = 1
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def kills(self) -> bool:
        """Whether the process is to be killed."""
        return bool(self.kill_at or self.kill_share or self.kill_after)


class Watch:
    """The audit hook of one process: notes what is opened under ``root``, and lets the fault strike."""

    def __init__(self, root: Path, fault: Fault) -> None:
        self.opened: set[str] = set()
        self.struck = False
        self._root = f"{root.resolve()}{os.sep}"
        self._fault = fault
        self._under = os.path.normpath(root.resolve() / fault.folder)
        self.writes = 0
        self._lock = threading.Lock()

    def start(self) -> None:
        """From now on."""
        fault = self._fault
        if fault.largest_file:
            resource.setrlimit(resource.RLIMIT_FSIZE, (fault.largest_file, fault.largest_file))
        if fault.memory:
            most = _memory() + fault.memory * 1_000_000
            resource.setrlimit(resource.RLIMIT_AS, (most, most))
        if fault.kill_after:
            signal.setitimer(signal.ITIMER_REAL, fault.kill_after)
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            path, _mode, flags = (*arguments, None, 0)[:3]
            writing = isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
            name = self._name(path)
            if not writing and name.startswith(self._root):
                self.opened.add(name[len(self._root) :])
            if not writing:
                return
        elif event in WRITES:
            name = self._name(arguments[1] if event == "os.rename" else arguments[0])
        else:
            return
        if name.startswith(self._under) and not name.endswith((".lock", ".torture")):
            self._strike(name)

    def _name(self, path: object) -> str:
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        if not isinstance(path, str | os.PathLike):
            return ""
        return os.path.normpath(Path.cwd() / os.fspath(path))

    def _strike(self, name: str) -> None:
        fault = self._fault
        with self._lock:
            self.writes += 1
            count = self.writes
        if fault.kill_at and count >= fault.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if fault.refuse and count > fault.refuse_after:
            self.struck = True
            raise OSError(fault.refuse, os.strerror(fault.refuse), name)


def _memory() -> int:
    """The memory of this process, in bytes."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    return int(pages) * resource.getpagesize()


NO_SPACE, READ_ONLY, NO_PERMISSION = errno.ENOSPC, errno.EROFS, errno.EACCES
