"""A step does not begin where the memory is too little for any."""

import subprocess
import sys

import pytest

from pipeline.errors import MachineError
from pipeline.stages.machine import LEAST, memory_left, refuse_too_little_memory
from tests.fixtures.folders import ROOT

LIMITED = """
import resource
from pathlib import Path
from pipeline.stages.machine import memory_left
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 50_000_000, used + 50_000_000))
print(memory_left())
"""


@pytest.mark.parametrize("left", [-5, 0, LEAST - 1])
def test_too_little_memory_is_said(left: int) -> None:
    with pytest.raises(MachineError, match=r"^\d+ MB of memory are left, .*ulimit -v"):
        refuse_too_little_memory(left)


def test_enough_memory_is_enough() -> None:
    refuse_too_little_memory(LEAST)
    refuse_too_little_memory()
    assert (left := memory_left()) is None or left > LEAST


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much is used")
def test_what_a_limit_leaves_is_told() -> None:
    done = subprocess.run([sys.executable, "-c", LIMITED], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert 40_000_000 < int(done.stdout) <= 50_000_000


FREED = """
import ctypes
from pathlib import Path
from pipeline.stages.machine import held, give_back_unused
blocks = [ctypes.create_string_buffer(b"x" * 100_000, 100_000) for _ in range(3_000)]
kept = blocks[::100]
del blocks
before = held()
give_back_unused(before * 2)
beneath = held()
give_back_unused(0)
print(before - beneath, before - held())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much is held")
def test_what_was_freed_is_given_back_where_the_program_holds_much() -> None:
    done = subprocess.run([sys.executable, "-c", FREED], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    before_the_limit, given_back = map(int, done.stdout.split())
    assert abs(before_the_limit) < 1_000_000
    assert given_back > 100_000_000


MODULES = """
import gc
from pipeline.stages.machine import leave_modules_alone, set_up_memory
{first}
before = gc.get_freeze_count()
leave_modules_alone()
print(gc.get_freeze_count() - before)
leave_modules_alone()
kept = [[] for _ in range(1_000)]
print(len([each for each in gc.get_objects() if each is kept]))
"""


@pytest.mark.parametrize(("first", "left"), [("set_up_memory()", True), ("", False)])
def test_modules_are_left_alone_only_where_the_program_is_ours(first: str, left: bool) -> None:
    code = MODULES.format(first=first)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    frozen, seen = map(int, done.stdout.split())
    assert (frozen > 1_000) is left
    assert seen == 1
