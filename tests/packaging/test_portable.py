"""Nothing in the program, its build or its tests' runner that only POSIX systems have, or that Windows refuses."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path, PureWindowsPath

import pytest

from pipeline.catalogue import read_areas, read_indicators, read_sources
from pipeline.errors import DeclarationError
from pipeline.stages.graph import ASKED_FOR, area_steps
from pipeline.stages.project import Folders, Snapshot
from pipeline.stages.stage import Job, Scope
from tests.fixtures.folders import DECLARED, ROOT

SOURCES = [
    *(ROOT / "pipeline").rglob("*.py"),
    *(ROOT / "tests" / name for name in ("everything.py", "notebooks.py")),
    ROOT / "page" / "build_assets.py",
    ROOT / "hatch_build.py",
]
POSIX_ONLY = {"fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog", "posix"}
POSIX_CALLS = {
    *(f"os.{name}" for name in ("fork", "forkpty", "wait", "wait3", "wait4", "waitpid", "kill", "killpg", "getuid")),
    *(f"os.{name}" for name in ("geteuid", "setsid", "nice", "mkfifo", "chown", "uname", "link", "symlink", "system")),
    *(f"signal.{name}" for name in ("SIGKILL", "SIGALRM", "SIGHUP", "SIGUSR1", "SIGUSR2", "alarm", "pause")),
    "asyncio.get_event_loop",
    "time.tzset",
}
TEXT_IN = {"read_text", "write_text", "open"}
ALWAYS_UTF_8 = {"write_text", "store.write_text"}
"""Our own function of that name, which writes UTF-8."""
REFUSED = re.compile(r'[<>:"|?*\\\x00-\x1f]')
DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
LONGEST = 150
"""Characters that a path in a project may have, so that it is under 240 in a folder whose own path has 90."""


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def _calls(path: Path) -> list[tuple[ast.Call, str]]:
    return [(node, ast.unparse(node.func)) for node in ast.walk(_tree(path)) if isinstance(node, ast.Call)]


def _dotted(node: ast.Attribute) -> str:
    """A module and what is taken from it, such as ``os.path``; empty where it is taken from anything else."""
    return f"{node.value.id}.{node.attr}" if isinstance(node.value, ast.Name) else ""


def _place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT).as_posix()}:{getattr(node, 'lineno', 0)}"


def test_text_is_read_and_written_in_a_named_encoding() -> None:
    for path in SOURCES:
        for call, name in _calls(path):
            named = {keyword.arg for keyword in call.keywords}
            method = name.rsplit(".", 1)[-1]
            if name.startswith("subprocess.") and method in ("run", "Popen", "check_output"):
                assert not named & {"text", "universal_newlines"}, f"{_place(path, call)}: encoding= instead of text="
                if named & {"capture_output", "stdout", "stderr"}:
                    assert "encoding" in named, f"{_place(path, call)}: the encoding of what a program says"
            elif method in TEXT_IN and name not in ALWAYS_UTF_8 and not _is_binary(call, name):
                assert "encoding" in named, f"{_place(path, call)}: {name} without encoding="
            assert not (method == "open" and isinstance(call.func, ast.Name)), f"{_place(path, call)}: Path.open"


def _is_binary(call: ast.Call, name: str) -> bool:
    """Whether a call of ``open`` is for bytes: a mode with b in it, a file in an archive, or the system's own."""
    mode = next((k.value for k in call.keywords if k.arg == "mode"), call.args[0] if call.args else None)
    in_mode = mode is not None and re.search(r"'[rwa]\+?b\+?'", ast.unparse(mode)) is not None
    return name == "os.open" or (name.endswith("open") and ("archive" in name or in_mode))


ASKS_FOR_LIMITS = "pipeline/stages/machine.py"
"""Limits of memory are of POSIX: on Windows it asks for none, which mypy holds by the platform."""


BEGINS_PROCESSES = "pipeline/cluster/crews.py"
"""Begins each process by importing again, everywhere."""


def test_nothing_is_called_that_only_posix_has() -> None:
    for path in SOURCES:
        if path.relative_to(ROOT).as_posix() == ASKS_FOR_LIMITS:
            continue
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
                assert not POSIX_ONLY & {name.split(".")[0] for name in names}, _place(path, node)
                assert "multiprocessing" not in names or path.relative_to(ROOT).as_posix() == BEGINS_PROCESSES, (
                    f"{_place(path, node)}: Windows begins a process by importing again"
                )
            elif isinstance(node, ast.Attribute):
                assert _dotted(node) not in POSIX_CALLS, f"{_place(path, node)}: {_dotted(node)}"


def test_processes_are_begun_as_windows_begins_them() -> None:
    begun = [ast.unparse(node) for node, name in _calls(ROOT / BEGINS_PROCESSES) if name.startswith("multiprocessing.")]
    assert "multiprocessing.get_context('spawn')" in begun
    asking = {"multiprocessing.parent_process()", "multiprocessing.current_process()"}
    assert set(begun) - asking == {"multiprocessing.get_context('spawn')"}


def test_paths_are_joined_by_pathlib() -> None:
    for path in SOURCES:
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.Attribute):
                assert _dotted(node) not in ("os.path", "os.sep"), _place(path, node)
        for node, name in _calls(path):
            if name == "Path":
                joined = [part for part in node.args if isinstance(part, ast.JoinedStr) and "/" in ast.unparse(part)]
                assert not joined, f"{_place(path, node)}: {ast.unparse(node)}"


def test_modes_of_files_matter_nowhere_but_where_they_are_written() -> None:
    """Windows knows no modes but read-only; where files are written they only undo what the temporary file has."""
    using = {
        path.relative_to(ROOT).as_posix() for path in SOURCES for _, name in _calls(path) if name.endswith("chmod")
    }
    assert using <= {"pipeline/store/files.py"}


def test_a_module_that_is_run_does_so_only_when_it_is_run() -> None:
    """On Windows, whoever starts another process imports the main module again."""
    for path in SOURCES:
        for node in _tree(path).body:
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                called = ast.unparse(node.value.func)
                assert called in ("sys.path.insert",), f"{_place(path, node)}: {called} is called on import"


def test_every_file_of_the_project_has_a_name_that_windows_takes() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    ).stdout.split("\0")
    if listed == [""]:
        pytest.skip("this is no checkout by git")
    lower = [name.lower() for name in listed]
    assert len(set(lower)) == len(lower), "two files differ only in upper and lower case"
    for name in filter(None, listed):
        _refuse_by_name(name)


def _refuse_by_name(name: str) -> None:
    for part in name.split("/"):
        assert not REFUSED.search(part), name
        assert not part.endswith((".", " ")), name
        assert part.split(".")[0].lower() not in DEVICES, name
    assert len(name) <= LONGEST, name


def test_every_output_has_a_name_that_windows_takes_and_a_short_path(tmp_path: Path) -> None:
    area = "an-integrated-care-board-with-quite-a-long-name"
    declared = tmp_path / "declared"
    _copy_declared(declared, f'\n[{area}]\ntitle = "X"\nicb = ["E54000068"]\n')
    project = Snapshot(tmp_path)
    steps = [
        *area_steps(project, [project.area(area)]),
        *(stage.at(project, Scope("england", area=area)) for stage in ASKED_FOR if stage.scope == "area"),
    ]
    names = [project.name_of(path) for step in steps for path in (*step.writes, step.record_path)]
    staged = [Job(step, project.staging / step.name.replace(" ", "-")).output(p) for step in steps for p in step.writes]
    assert len(set(staged)) == len(staged)
    for name in [*names, *(project.name_of(path) for path in staged)]:
        if not Path(name).is_absolute():
            _refuse_by_name(name)


def _copy_declared(declared: Path, areas: str) -> None:
    for path in DECLARED.rglob("*.toml"):
        target = declared / path.relative_to(DECLARED)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    with (declared / "areas.toml").open("a", encoding="utf-8") as file:
        file.write(areas)


@pytest.mark.parametrize("name", ["con", "nul", "prn", "aux", "com1", "lpt9"])
def test_a_name_that_windows_keeps_for_itself_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "declared.toml"
    path.write_text(f'[{name}]\ntitle = "Constituency"\nlad = ["E07000148"]\n', encoding="utf-8")
    with pytest.raises(DeclarationError, match=rf"{name}: .*Windows reserves '{name}': choose another"):
        read_areas(path)
    text = (DECLARED / "sources.toml").read_text(encoding="utf-8")
    path.write_text(text.replace("[ruc2021]", f"[{name}]"), encoding="utf-8")
    with pytest.raises(DeclarationError, match=rf"{name}: .*Windows reserves"):
        read_sources(path)
    path.write_text(
        f'[{name}]\nfile = "x.csv"\ncode_column = "c"\nvalue_column = "v"\ntitle = "T"\nmeaning = "M"\n'
        'quantity = "score"\nworse = "high"\nsource = "S"\nlicence = "L"\n',
        encoding="utf-8",
    )
    with pytest.raises(DeclarationError, match=rf"{name}.*Windows reserves"):
        read_indicators(path)


def test_an_area_may_not_take_the_folder_of_the_nation(tmp_path: Path) -> None:
    path = tmp_path / "areas.toml"
    path.write_text('[national]\ntitle = "All"\neverything = true\n', encoding="utf-8")
    with pytest.raises(DeclarationError, match="another folder of data/processed"):
        read_areas(path)


@pytest.mark.parametrize(
    ("root", "path", "name"),
    [
        (r"C:\Users\O'Neil\Digital exclusion", r"C:\Users\O'Neil\Digital exclusion\data\raw\x.csv", "data/raw/x.csv"),
        (r"C:\Proj", r"c:\proj\data\raw\x.csv", "data/raw/x.csv"),
        (r"C:\Proj", r"D:\Shared\x.csv", "D:/Shared/x.csv"),
        (r"\\server\share\Größe", r"\\server\share\Größe\maps\demo\atlas.html", "maps/demo/atlas.html"),
        (".", r"data\local\x.csv", "data/local/x.csv"),
    ],
)
def test_records_name_files_with_forward_slashes(root: str, path: str, name: str) -> None:
    folders = Folders(".")
    folders.root = PureWindowsPath(root)  # type: ignore[assignment]
    assert folders.name_of(PureWindowsPath(path)) == name  # type: ignore[arg-type]


def test_relative_paths_in_what_is_written_are_turned_by_as_posix() -> None:
    """``str(path.relative_to(...))`` would put backslashes into records, pages and the data package."""
    for path in SOURCES:
        for call, name in _calls(path):
            if name == "str" and call.args:
                assert ".relative_to(" not in ast.unparse(call.args[0]), _place(path, call)
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.FormattedValue):
                text = ast.unparse(node.value)
                assert ".relative_to(" not in text or ".as_posix()" in text, _place(path, node)


AFTER_3_81 = (
    "&:",
    ".ONESHELL",
    "$(file",
    "!=",
    "::=",
    "$(guile",
    ".SHELLFLAGS",
    "undefine",
    "private ",
    "$(let",
    "$(intcmp",
)


def test_the_makefile_keeps_to_what_make_3_81_knows() -> None:
    """The make of macOS. Each target but the environment's runs one Python module, so that Windows needs no make."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    for syntax in AFTER_3_81:
        assert syntax not in text, syntax
    assert "\r" not in text
    rules = text.split("# --- said before anything is installed")[0]
    recipes = [line for line in rules.splitlines() if line.startswith("\t")]
    assert recipes
    for line in recipes:
        assert re.match(r'\t@(\$\(RUN\) \w+|"\$\(BIN\)/python" -m (tests\.|benchmarks )|sed -n)', line), line
        assert not re.search(r"[^$]\$\((AREA|MIRROR|ACCEPT|KIND|CANDIDATES|BUDGET)\)", line), (
            f"the shell reads it: {line}"
        )
