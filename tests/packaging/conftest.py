"""A project with an awkward name, laid out and built by the command line as a console of Windows would show it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fixtures.draws import draw_few
from tests.fixtures.program import call_program, run_program


@pytest.fixture(scope="session")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Makes a project folder whose name has spaces, an apostrophe and other letters; the smallest fictional area."""

    def make() -> Path:
        above = tmp_path_factory.mktemp("O'Neil & Söhne")
        done = call_program(above, ["init", "Größe (2) Łódź"])
        assert done.returncode == 0, done.stderr
        folder = above / "Größe (2) Łódź"
        draw_few(folder)
        done = call_program(folder, ["demo", "--areas", "60"])
        assert done.returncode == 0, done.stderr
        return folder

    return make


@pytest.fixture(scope="session")
def built(laid_out: Callable[[], Path]) -> tuple[Path, str]:
    """Such a folder after ``maps`` on a console that knows the letters of Western Europe only; with what it said."""
    folder = laid_out()
    done = run_program(folder, ["maps", "--log", "run.log"], "cp1252")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done.stdout
