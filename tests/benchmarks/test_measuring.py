"""What a program took: of all processes that it started, together and at the same moment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.measuring import Family, processes_from, run_program

HOLD = "held = bytearray(b'x') * ({megabytes} * 1_000_000)\n"
TWO = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {child!r}], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
{hold}
child.stdout.readline()
time.sleep(0.5)
child.communicate(b"go")
"""
CHILD = HOLD.format(megabytes=80) + "import sys\nsum(range(6_000_000))\nprint('ready', flush=True)\nsys.stdin.read()\n"
LISTED = list(Path("/proc/self/task").glob("*/children"))
needs_proc = pytest.mark.skipif(not LISTED, reason="the system does not list the processes that one has started")


@needs_proc
def test_memory_and_seconds_are_those_of_all_processes_together() -> None:
    program = TWO.format(child=CHILD, hold=HOLD.format(megabytes=80))
    run = run_program([sys.executable, "-c", program])
    assert 160e6 < run.memory < 220e6
    assert run.processor > 0.1


def test_a_program_by_itself_has_its_peak_also_where_it_gave_memory_back() -> None:
    run = run_program([sys.executable, "-c", HOLD.format(megabytes=100) + "del held\nimport time\ntime.sleep(0.5)"])
    assert 100e6 < run.memory < 150e6


def test_a_program_that_fails_is_named_with_what_it_printed() -> None:
    with pytest.raises(RuntimeError, match="a fault of its own"):
        run_program([sys.executable, "-c", "raise SystemExit('a fault of its own')"])


@needs_proc
def test_the_processes_that_come_from_one_are_found_and_those_that_ended_are_not() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert {os.getpid(), child.pid} <= set(processes_from(os.getpid()))
        assert processes_from(child.pid) == [child.pid]
        child.communicate(b"\n")
    assert processes_from(child.pid) == []
    with Family(child.pid) as family:
        pass
    assert family.most == 0
