"""What the command line says, and how it ends: on any console, into a log, and when it is stopped."""

import io
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.__main__ import Console
from pipeline.stages.faults import FROM_A_LIBRARY
from pipeline.stages.progress import Standing
from tests.fixtures.draws import FEW
from tests.fixtures.program import environment, run_program

DRAWS = "draws = 2000"
HEAVY = {"pandas", "numpy", "geopandas", "shapely", "pyarrow", "scipy", "folium", "httpx", "mapclassify", "SALib"}


@pytest.mark.slow
def test_a_folder_with_any_name_is_built_on_a_console_of_western_europe(built: tuple[Path, str]) -> None:
    folder, said = built
    assert "FICTIONAL DATA · Saltmarsh and the Wolds: 60 LSOAs" in said
    assert re.search(r"\[\d+/\d+\] score demo\n", said)
    assert f"Open {Path('maps/demo/atlas.html')}\n" in said
    page = (folder / "maps/demo/atlas.html").read_text(encoding="utf-8")
    assert "Saltmarsh" in page
    record = json.loads((folder / "data/processed/demo/records/score.json").read_text(encoding="utf-8"))
    assert all("\\" not in name and not name.startswith("/") for name in [*record["inputs"], *record["outputs"]])
    package = json.loads((folder / "data/processed/demo/datapackage.json").read_text(encoding="utf-8"))
    assert all("\\" not in resource["path"] for resource in package["resources"])


@pytest.mark.slow
def test_the_log_has_everything_in_utf_8(built: tuple[Path, str]) -> None:
    folder, said = built
    logged = (folder / "run.log").read_text(encoding="utf-8").splitlines(keepends=True)
    assert "".join(line for line in logged if not line.startswith(FROM_A_LIBRARY)) == said


@pytest.mark.slow
def test_nothing_to_do_and_what_is_stale_are_told_on_a_console_that_knows_no_arrow(built: tuple[Path, str]) -> None:
    folder, _ = built
    done = run_program(folder, ["maps"], "ascii")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Nothing to do: everything is up to date.\n")
    path = folder / "declared/indices/norfolk-waveney.toml"
    before = path.read_text(encoding="utf-8")
    weight = re.search(r'column = "(\w+)"[^\n]*weight = ([\d.]+)', before)
    assert weight is not None
    path.write_text(
        before.replace(weight[0], weight[0].replace(f"weight = {weight[2]}", "weight = 77")), encoding="utf-8"
    )
    for encoding, arrow in (("ascii", "?"), ("cp1252", "?"), ("utf-8", "→")):
        done = run_program(folder, ["status", "demo"], encoding)
        assert done.returncode == 0, done.stderr
        assert f"{weight[1]}: weight {float(weight[2]):g} {arrow} 77 in norfolk-waveney.toml" in done.stdout
    path.write_text(before, encoding="utf-8")
    assert run_program(folder, ["status", "demo"]).stdout == "demo: up to date\n"


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_lines_and_errors_with_other_letters_are_shown_as_far_as_they_can_be(
    built: tuple[Path, str], encoding: str
) -> None:
    folder, _ = built
    (folder / "maps/demo/atlas.html").unlink()
    done = run_program(folder, ["maps", "demo"], encoding)
    assert done.returncode == 0, done.stderr
    shown = "·".encode(encoding, "replace").decode(encoding)
    assert f"FICTIONAL DATA {shown} Saltmarsh and the Wolds: open" in done.stdout
    done = run_program(folder, ["maps", "Łódź→×≥"], encoding)
    assert done.returncode == 1
    assert "There is no area '" in done.stderr
    assert "Traceback" not in done.stderr
    done = run_program(folder.parent, ["--root", "→", "maps"], encoding)
    assert "is not a project folder" in done.stderr


@pytest.mark.slow
def test_quiet_says_nothing_unless_something_is_wrong(built: tuple[Path, str]) -> None:
    folder, _ = built
    (folder / "maps/demo/method.html").unlink()
    done = run_program(folder, ["maps", "--quiet", "--log", "quiet.log", "demo"])
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "[1/2] method demo" in (folder / "quiet.log").read_text(encoding="utf-8"), "the front door may follow"
    done = run_program(folder, ["maps", "--quiet", "nowhere"])
    assert (done.returncode, done.stdout) == (1, "")
    assert "There is no area 'nowhere'" in done.stderr


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to a whole console, this test's too")
def test_ctrl_c_finishes_what_runs_and_the_next_run_goes_on(laid_out: Callable[[], Path]) -> None:
    folder = laid_out()
    # As many draws as are declared: the step must still run when the signal comes.
    path = folder / "declared/uncertainty.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(FEW[DRAWS], DRAWS), encoding="utf-8")
    command = [sys.executable, "-m", "pipeline", "maps"]
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        said: list[str] = []
        while not said or "] score demo" not in said[-1]:
            said.append(child.stdout.readline())
            assert said[-1], "".join(said)
        child.send_signal(signal.SIGINT)
        rest, complaint = child.stdout.read(), child.stderr.read()
        assert child.wait(60) == 130
    assert re.search(r"Stopping once running steps are done: ((outline|sensitivity) demo, )?score demo", rest), rest
    assert "scored by" in rest, "what ran came to its end"
    assert "Stopped by you. Finished work is kept" in complaint
    assert "Traceback" not in complaint
    assert not (folder / "maps/demo/atlas.html").exists()
    done = run_program(folder, ["maps"])
    assert done.returncode == 0, done.stderr
    assert "score demo" not in done.stdout
    assert "map demo" in done.stdout
    assert (folder / "maps/demo/atlas.html").is_file()


@pytest.mark.slow
@pytest.mark.timed
def test_starting_and_nothing_to_do_are_fast(built: tuple[Path, str]) -> None:
    """At most twice what is promised, as other work may go on beside: the best of three."""
    folder, _ = built
    run_program(folder, ["maps", "demo"])
    for arguments, seconds in ((["--help"], 0.5), (["maps", "nowhere"], 1.0), (["maps", "demo"], 2.0)):
        assert min(_seconds(folder, arguments) for _ in range(3)) < seconds, arguments


def _seconds(folder: Path, arguments: list[str]) -> float:
    begun = time.perf_counter()
    run_program(folder, arguments)
    return time.perf_counter() - begun


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [["--help"], ["maps", "nowhere"], ["maps", "demo"], ["status", "demo"]])
def test_nothing_heavy_is_imported_where_nothing_is_built(built: tuple[Path, str], arguments: list[str]) -> None:
    folder, _ = built
    code = (
        "import sys; from pipeline.__main__ import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print('imported', *sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    imported = set(done.stdout.splitlines()[-1].split()[1:])
    assert not imported & HEAVY


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        return True

    def visible(self) -> str:
        """The line where the cursor is, as it looks."""
        shown = ""
        for part in self.getvalue().rsplit("\n", 1)[-1].split("\r"):
            shown = part + shown[len(part) :]
        return shown.rstrip()


def test_a_terminal_shows_how_far_a_run_is_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("COLUMNS", "40")
    console = Console()
    console.show(Standing(2, 9, ("score east", "score west"), "score west"))
    assert screen.visible() == "[2/9] score east, score west (0 s)"
    console.show(Standing(3, 9, ("a step of which the name is far too long for this screen",)))
    assert screen.visible() == "[3/9] a step of which the name is far t"
    console.say("east: scored")
    assert screen.visible() == ""
    console.show(Standing(9, 9, ("map east",), "map east"))
    console.show(Standing(9, 9, ()))
    assert screen.visible() == ""
    assert "\n" not in screen.getvalue()
    assert capsys.readouterr().out == "east: scored\n"


def test_outside_a_project_the_way_to_one_is_told(tmp_path: Path) -> None:
    done = run_program(tmp_path, ["maps"])
    assert done.returncode == 1
    assert "is not a project folder" in done.stderr
    assert "digital-exclusion init FOLDER" in done.stderr


def test_a_log_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    done = run_program(tmp_path, ["maps", "--log", str(tmp_path)])
    assert done.returncode == 1
    assert "cannot be written to" in done.stderr
