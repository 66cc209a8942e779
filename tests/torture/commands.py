"""Commands as people type them: odd values of every option, and inputs that there are not yet."""

from collections.abc import Callable, Iterator
from pathlib import Path

from tests.torture.cases import ANY, MAPS, STOPS, STOPS_OR_UNDERSTANDS, UNDERSTANDS, Bench, Case, Command, nothing
from tests.torture.faults import Fault
from tests.torture.project import LOCAL

OPTIONS, ABSENT, HELP = "commands: odd values", "commands: missing inputs", "commands: help and consoles"
AREAS = ("nowhere", "", "demo; x", "../demo", "DEMO", "demo ", "-x", "d" * 300, "demo\n", "démo", "$(touch x)")
OUTCOME = ("--outcome", f"{LOCAL}/outcome.csv", "--column", "rate", "--draws", "100")
NAMES = (
    *("maps", "status", "tidy", "join", "places", "map", "method", "score"),
    *("programmes", "site", "plan", "validate", "missing", "data"),
)
EVERY = (
    "init",
    "data",
    "maps",
    "status",
    "tidy",
    "join",
    "places",
    "map",
    "method",
    "score",
    "programmes",
    "site",
    "plan",
    "validate",
    "calibrate",
    "demo",
    "missing",
    "clean",
    "dictionary",
    "architecture",
    "contract",
    "assets",
)


def cases() -> Iterator[Case]:
    """Every case of a command."""
    for name in NAMES:
        for area in AREAS:
            if name in ("maps", "status", "site", "plan", "validate", "data") and area == "":
                continue
            yield _odd(f"{name} {area[:20]!r}", (name, area), area.strip()[:40] or "area", "name of the area")
    yield from _site_cases()
    yield from _outcome_cases()
    yield from _other_cases()
    yield from _absent_cases()
    for name in EVERY:
        act = _without("data/processed", "maps", "data/raw")
        yield Case(
            HELP,
            f"{name} --help before there is anything",
            act,
            ANY,
            commands=((name, "--help"),),
            usual=(MAPS,),
            evidence="words",
        )
    for encoding in ("ascii", "cp1252", "cp437", "latin-1"):
        fault = Fault(environment={"PYTHONIOENCODING": encoding})
        for command in (MAPS, ("status", "demo"), ("maps", "nowhere")):
            right = STOPS if "nowhere" in command else UNDERSTANDS
            yield (
                Case(
                    HELP,
                    f"{' '.join(command)} on a console of {encoding}",
                    _without("data/processed/demo"),
                    right,
                    names=("nowhere",),
                    commands=(command,),
                    usual=(MAPS,),
                    fault=fault,
                    evidence="words",
                )
                if command != ("status", "demo")
                else Case(
                    HELP,
                    f"status on a console of {encoding}",
                    nothing,
                    UNDERSTANDS,
                    commands=(command,),
                    usual=(MAPS,),
                    fault=fault,
                    evidence="words",
                )
            )


def _odd(name: str, command: Command, *names: str, right: frozenset[str] = STOPS, seconds: float = 60.0) -> Case:
    return Case(OPTIONS, name, nothing, right, names, (command,), evidence="words", usual=(MAPS,), seconds=seconds)


def _site_cases() -> Iterator[Case]:
    for value in ("0", "-1", "five", "1e3", "", "2.5", "nan", "1_0", "99999999999999999999"):
        right = STOPS_OR_UNDERSTANDS | {"said"} if value == "99999999999999999999" else STOPS
        yield _odd(f"site --new {value!r}", ("site", "demo", f"--new={value}"), "--new", "new", right=right)
    many = ("site", "demo", "--new", "100000", "--seconds", "3")
    name = "site --new 100000 in an area of 60"
    yield Case(OPTIONS, name, nothing, ANY, ("new",), (many,), evidence="words", usual=(many, MAPS), seconds=30)
    for value in (
        "",
        "0",
        "0km",
        "-5km",
        "5 miles",
        "5,5km",
        "inf",
        "nankm",
        "1e9km",
        "3",
        "20",
        "20 min",
        "km",
        "５km",
    ):
        right = ANY if value in ("20 min", "20", "3") else STOPS
        yield _odd(f"site --reach {value!r}", ("site", "demo", f"--reach={value}"), "reach", right=right)
    for value in ("nowhere", "nowhere.csv", "library2", ".", "data/local", "../x.csv", "hub "):
        yield _odd(f"site --candidates {value!r}", ("site", "demo", "--candidates", value), value.strip(), "candidates")
    for value in ("nowhere", "HUB", "hub,hall", ".."):
        yield _odd(f"site --kind {value!r}", ("site", "demo", "--kind", value), value, "kind")
    for value in ("-1", "nan", "inf", "lots", "1,5", "£5", "1e400", "0"):
        right = ANY if value in ("inf", "0") else STOPS
        with_costs = ("site", "demo", "--candidates", f"{LOCAL}/candidates.csv", f"--budget={value}")
        yield _odd(f"site --budget {value!r}", with_costs, "budget", right=right)
    for value in ("", "-1", "nan", "inf", "lots", "1,5", "£5", "1e400", "0", "1"):
        yield _odd(
            f"plan --budget {value!r}", ("plan", "demo", f"--budget={value}"), "budget", "nothing to choose from"
        )
    for value in ("nowhere.csv", ".", "../x.csv"):
        yield _odd(f"plan --candidates {value!r}", ("plan", "demo", "--candidates", value), value, "candidates")
    for value in ("0", "-1", "nan", "soon", "1e-9"):
        right = ANY if value == "1e-9" else STOPS
        yield _odd(f"site --seconds {value!r}", ("site", "demo", f"--seconds={value}"), "seconds", right=right)
    yield _odd("site --model nearest", ("site", "demo", "--model", "nearest"), "--model")
    blank = _costs(lambda lines: [*lines[:2], lines[2].rsplit(",", 1)[0] + ",", *lines[3:]])
    command = ("site", "demo", "--candidates", f"{LOCAL}/candidates.csv", "--budget", "3")
    right = STOPS | {"said"}
    yield Case(
        OPTIONS,
        "site --budget with a candidate without cost",
        blank,
        right,
        ("candidates",),
        (command,),
        usual=(command,),
    )


def _costs(change: Callable[[list[str]], list[str]]) -> Callable[[Bench], None]:
    def act(bench: Bench) -> None:
        lines = bench.read(f"{LOCAL}/candidates.csv").decode().splitlines()
        bench.write(f"{LOCAL}/candidates.csv", ("\n".join(change(lines)) + "\n").encode())

    return act


def _outcome_cases() -> Iterator[Case]:
    for value in ("0", "-5", "many", "1.5", "nan", "1e3"):
        command: Command = ("validate", "demo", *OUTCOME[:4], f"--draws={value}")
        yield _odd(f"validate --draws {value!r}", command, "draws")
    for value in ("nothing", "", "RATE", " rate", "%", "Rate "):
        right = ANY if value.strip().lower() == "rate" else STOPS
        command = ("validate", "demo", "--outcome", f"{LOCAL}/outcome.csv", f"--column={value}", "--draws=100")
        yield _odd(f"validate --column {value!r}", command, "column", "outcome", right=right)
    for value in ("nothing", "rate", "Name"):
        yield _odd(
            f"validate --code-column {value!r}",
            ("validate", "demo", *OUTCOME, f"--code-column={value}"),
            "column",
            "code",
            "outcome",
        )
    for value in (".", "data/local", "/dev/null", "nowhere.csv", "declared/areas.toml", "maps/demo/atlas.html", ""):
        command = ("validate", "demo", f"--outcome={value}", "--column=rate", "--draws=100")
        yield _odd(f"validate --outcome {value!r}", command, "outcome", Path(value).name or "folder")
    yield _odd("validate without a column", ("validate", "demo", *OUTCOME[:2]), "column")
    base = ("calibrate", "--nation", "demo", *OUTCOME)
    for value in ("nowhere", "../x", "", "areas.toml", "declared/areas.toml"):
        yield _odd(f"calibrate --index {value!r}", (*base, f"--index={value}"), "index", value or "index")
    for value in ("-1", "2", "nan", "half", "0.9"):
        yield _odd(f"calibrate --least {value!r}", (*base, f"--least={value}"), "least")
    for value in (".", "x.csv", "declared/areas.toml", "nowhere/x.toml", "declared/indices/../areas.toml"):
        yield _odd(f"calibrate --output {value!r}", (*base, f"--output={value}"), "output", "toml", "group")
    yield _odd("calibrate --nation wales", ("calibrate", "--nation", "wales"), "nation")


def _other_cases() -> Iterator[Case]:
    for value in ("10", "59", "0", "-1", "x", "1e9", "2.5", "nan", "", "60 ", "99999999999999"):
        right = ANY if value == "60 " else STOPS
        yield _odd(f"demo --areas {value!r}", ("demo", f"--areas={value}"), "areas", right=right)
    for value in (
        ".",
        "data/processed/demo/risk.parquet",
        "x.csv",
        "maps",
        "declared/areas.toml",
        "nowhere/x.parquet",
        "",
    ):
        right = ANY if value == "nowhere/x.parquet" else STOPS
        yield _odd(
            f"score --output {value!r}",
            ("score", "demo", f"--output={value}"),
            "output",
            "parquet",
            "score",
            right=right,
        )
    for value in ("nowhere", "../x", "x.toml", ".toml", "declared/areas.toml", "declared"):
        yield _odd(
            f"score --index {value!r}", ("score", "demo", "--index", value, "--output", "x.parquet"), "index", value
        )
    yield _odd("score --index without --output", ("score", "demo", "--index", "imd2025"), "--output")
    yield _odd("score --no-uncertainty without --output", ("score", "demo", "--no-uncertainty"), "--output")
    for value in (".", "nowhere/x.log", "maps", "/proc/x", ""):
        yield _odd(f"maps --log {value!r}", ("maps", "demo", f"--log={value}"), "--log", "log")
    yield _odd("no command", (), "command", "usage")
    yield _odd("a command that there is not", ("mpas", "demo"), "mpas")
    yield _odd("an option that there is not", ("maps", "demo", "--fast"), "--fast")
    yield _odd("init where there is a project", ("init", "."), "project", ".")
    yield _odd("init at a file", ("init", "declared/areas.toml"), "areas.toml")
    for root in ("nowhere", "declared/areas.toml", "data", ""):
        yield _odd(
            f"--root {root!r}", (f"--root={root}", "maps", "demo"), "project", root, right=ANY if not root else STOPS
        )
    for value in ("nowhere", ".", "declared/areas.toml", "/dev/null"):
        command = ("data", "norfolk-and-waveney", "--mirror", value)
        yield _odd(f"data --mirror {value!r}", command, "mirror", value, "does not hold")
    yield _odd("data --accept nothing", ("data", "norfolk-and-waveney", "--accept", "nothing"), "accept")


def _absent_cases() -> Iterator[Case]:
    """Before anything is made, and before anything is fetched."""
    for folders in (("data/processed", "maps"), ("data/processed", "maps", "data/raw"), ("data/raw",), ("data",)):
        for command in (
            ("status", "demo"),
            ("join", "demo"),
            ("places", "demo"),
            ("score", "demo"),
            ("method", "demo"),
            ("site", "demo", "--new", "1"),
            ("validate", "demo", *OUTCOME),
            ("missing", "demo"),
            ("clean",),
            ("maps", "norfolk-and-waveney"),
            ("score", "england"),
            ("join", "england"),
            ("places", "england"),
            ("site", "norfolk-and-waveney"),
            ("validate", "norfolk-and-waveney"),
            ("calibrate",),
            ("status", "england"),
            ("missing", "norfolk-and-waveney"),
            ("score", "norfolk-and-waveney", "--output", "x.parquet"),
        ):
            yield Case(
                ABSENT,
                f"{' '.join(command[:2])} without {' and '.join(folders)}",
                _without(*folders),
                ANY,
                names=("missing", "data", "make", "does not exist", "no file", "cannot", "local", "removed"),
                commands=(command,),
                usual=_made_again(command),
                evidence="words",
            )


def _made_again(command: Command) -> tuple[Command, ...]:
    """What makes everything again that a command takes away, or that it leaves otherwise than it was."""
    if command == ("clean",):
        return (("maps", "demo", "marsh", "wolds"),)
    return (command, MAPS) if command[:2] == ("site", "demo") else (MAPS,)


def _without(*folders: str) -> Callable[[Bench], None]:
    def act(bench: Bench) -> None:
        for folder in folders:
            if (bench.root / folder).exists():
                bench.remove(folder)

    return act
