import shutil
import socket
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import sync_playwright

from pipeline.stages import Project, draw_area, explain_area, join_area, make_demo, place_area, score_area, tidy_nation
from tests.browser_setup import ARGUMENTS, executable
from tests.folders import ASSETS, DECLARED

# How long an example takes says more of what else the machine is doing than of the code.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(autouse=True, scope="session")
def only_loopback():
    """Every test fails that talks to anything but this machine."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test used the network: {address}")
        return connect(self, address)

    socket.socket.connect = guarded
    yield
    socket.socket.connect = connect


@pytest.fixture(scope="session")
def new_project(tmp_path_factory):
    """Makes an empty project folder that declares what this one declares."""

    def make() -> Project:
        root: Path = tmp_path_factory.mktemp("project")
        shutil.copytree(DECLARED, root / "declared")
        return Project(root)

    return make


@pytest.fixture(scope="session")
def demo(new_project):
    """The fictional area, built through every stage by the real code; with what was said."""
    project, said = new_project(), []
    make_demo(project, 240, said.append)
    tidy_nation(project, "demo", said.append)
    join_area(project, "demo", said.append)
    place_area(project, "demo", said.append)
    score_area(project, "demo", None, None, said.append)
    draw_area(project, "demo", ASSETS, said.append)
    explain_area(project, "demo", said.append)
    return project, said


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(ARGUMENTS))
        yield browser
        browser.close()
