import gc
import os
import socket
from collections import Counter
from collections.abc import Iterator
from typing import Any
from zlib import crc32

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from benchmarks.browsers import ARGUMENTS, executable
from pipeline import Project
from pipeline.stages.machine import COLLECTED_AFTER
from tests.fixtures.folders import MIRROR
from tests.fixtures.projects import Built, Demo, NewProject, build_demo, build_once, build_real, build_small, lay_out

if "PYTEST_XDIST_WORKER" in os.environ:
    # Collecting makes millions of objects, and none that may go before it is done; what gives out work collects none.
    gc.disable()

# How long an example takes says more of what else the machine is doing than of the code.
settings.register_profile("unhurried", deadline=None, max_examples=25)
settings.register_profile("quick", deadline=None, max_examples=10)
settings.load_profile("unhurried")

IMPLIED = {"browser": ("browser",), "real": ("real", "slow"), "demo": ("slow",), "small": ("slow",)}
"""The marks of a test that asks for a fixture: a browser, what was built from the mirror, a fictional area."""


CHECKED = 4
"""Of the cases of a test that is marked as broad, ``make check`` tries one in so many, drawn by their names."""

LONGEST = ("browser", "end_to_end", "packaging", "torture")
"""The folders whose files take longest: begun first, so that no worker is left with one of them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by the fixtures they use, so that no mark can be forgotten; skip real ones without a mirror.

    A file goes to one worker: those of many slow tests are begun first, so that none is left with one at the end.
    """
    absent = pytest.mark.skip(reason="no mirror of the official files: set MIRROR to its folder")
    for item in items:
        for fixture in IMPLIED.keys() & set(getattr(item, "fixturenames", ())):
            for mark in IMPLIED[fixture]:
                item.add_marker(mark)
        if item.get_closest_marker("broad") and hasattr(item, "callspec") and crc32(item.nodeid.encode()) % CHECKED:
            item.add_marker("alike")
        if item.get_closest_marker("real") and not (MIRROR / "PROVENANCE.md").exists():
            item.add_marker(absent)
    places = {name: place for place, name in enumerate(LONGEST)}
    slow = Counter(item.path for item in items if item.get_closest_marker("slow"))
    tests = Counter(item.path for item in items)

    def order(item: pytest.Item) -> tuple[int, bool, int]:
        return places.get(item.path.parent.name, len(LONGEST)), not slow[item.path], -tests[item.path]

    items.sort(key=order)


def pytest_collection_finish() -> None:
    """What was imported and collected stays until the end: looking through it for rubbish costs each test its part.

    From here on Python looks as seldom as it does when the program runs.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)
    gc.enable()


@pytest.fixture(autouse=True, scope="session")
def only_loopback() -> Iterator[None]:
    """Every test fails that talks to anything but this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test used the network: {address}")
        return connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(scope="session")
def new_project(tmp_path_factory: pytest.TempPathFactory) -> NewProject:
    """Makes an empty project folder that declares what this one declares."""

    def make() -> Project:
        return lay_out(tmp_path_factory.mktemp("project"))

    return make


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The fictional area, built through every stage by the real code; with what was said."""
    return build_once(tmp_path_factory, "demo", build_demo)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The smallest fictional area, built with few draws: to copy and change where the sizes of things do not matter."""
    return build_once(tmp_path_factory, "small", build_small)[0]


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Norfolk and Waveney from a mirror of the official files, built through every stage; with what was said."""
    return build_once(tmp_path_factory, "real", build_real)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for all tests of a worker; its pages share a process, as to start one takes a tenth of what a page takes."""
    with sync_playwright() as playwright:
        arguments = [*ARGUMENTS, "--process-per-site"]
        browser = playwright.chromium.launch(executable_path=executable(), args=arguments)
        yield browser
        browser.close()
