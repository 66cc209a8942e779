"""Damage of declared files: every key misspelt, every value of another type, and what editors do to the file."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.fixtures.draws import FEW
from tests.fixtures.folders import DECLARED
from tests.torture.cases import STOPS, STOPS_OR_UNDERSTANDS, UNDERSTANDS, Bench, Case
from tests.torture.project import AREAS, INDICATORS, KINDS

KEYS, VALUES, EDITORS, PATHS = (
    "declared: keys misspelt",
    "declared: values of another type",
    "declared: as editors write it",
    "declared: names that are paths, text that is code",
)
LINE = re.compile(r"^(?P<key>[A-Za-z_][\w-]*) = (?P<value>[^#]+?)\s*(#.*)?$")
INLINE = re.compile(r"(?<=[{,] )(?P<key>[a-z_]+) = (?P<value>\"[^\"]*\"|[^,} ]+)")
NUMBER = re.compile(r"-?[\d_.]+(e\d+)?|inf")
FILES = (
    "areas.toml",
    "sources.toml",
    "places.toml",
    "indicators.toml",
    "groups.toml",
    "indices/norfolk-waveney.toml",
    "rates.toml",
    "costs.toml",
    "help.toml",
    "outcomes.toml",
    "kinds.toml",
    "priority-groups.toml",
    "themes.toml",
    "layers.toml",
    "uncertainty.toml",
)


@dataclass(frozen=True)
class Entry:
    """A key with its value in a declared file: ``start`` and ``end`` are where the two stand."""

    file: str
    line: int
    start: int
    end: int
    key: str
    value: str


def cases() -> Iterator[Case]:
    """Every case of a declared file."""
    for file in FILES:
        for entry in _entries(file):
            yield _case(KEYS, f"{entry.key} misspelt", entry, f"{entry.key[:-1]}x{entry.key[-1]} = {entry.value}")
            for name, value in _other_values(entry):
                yield _case(VALUES, f"{entry.key} = {name}", entry, f"{entry.key} = {value}")
        for name, change, right in EDITED:
            yield Case(EDITORS, f"{file}: {name}", _edited(file, change), right, names=(_name(file),), evidence="read")
    yield from _path_cases()


def _text(file: str) -> str:
    """What the project declares, from the shipped file and what the project adds."""
    added = {"areas.toml": AREAS, "places.toml": KINDS, "indicators.toml": INDICATORS}.get(file, "")
    text = (DECLARED / file).read_text(encoding="utf-8") + added
    for before, after in FEW.items():
        text = text.replace(before, after)
    return text


def _name(file: str) -> str:
    return file.rsplit("/", 1)[-1]


def _entries(file: str) -> list[Entry]:
    """Each key of the file once, in the last table that has it: tables of England come first and are not read here."""
    entries: dict[str, Entry] = {}
    for number, line in enumerate(_text(file).splitlines()):
        if match := LINE.match(line):
            value = match["value"]
            if value.startswith(("[", "{")) and not value.endswith(("]", "}")):
                continue
            entries[match["key"]] = Entry(file, number, match.start("key"), match.end("value"), match["key"], value)
        for inner in INLINE.finditer(line.partition("# ")[0]):
            place = Entry(file, number, inner.start("key"), inner.end("value"), inner["key"], inner["value"])
            entries[f"{{{inner['key']}}}"] = place
    return list(entries.values())


def _other_values(entry: Entry) -> Iterator[tuple[str, str]]:
    value = entry.value
    if NUMBER.fullmatch(value):
        yield "a number in quotation marks", f'"{value}"'
        yield "true", "true"
        yield "nan", "nan"
        yield "a negative number", "-17"
        yield "a list", "[1]"
    elif value in ("true", "false"):
        yield "a word for yes", '"yes"'
        yield "1", "1"
    elif value.startswith('"'):
        yield "a number", "5"
        yield "true", "true"
    elif value.startswith("["):
        yield "a word", '"a word"'
        yield "a list of lists", "[[]]"


def _case(kind: str, name: str, entry: Entry, text: str) -> Case:
    # The file of the project has a line more than the shipped one where journeys are declared: found by its text.
    before = f"{entry.key} = {entry.value}"

    def act(bench: Bench) -> None:
        lines = bench.read(f"declared/{entry.file}").decode().splitlines(keepends=True)
        shipped = _text(entry.file).splitlines()[entry.line]
        number = max(n for n, line in enumerate(lines) if line.rstrip("\n") == shipped)
        line = lines[number]
        start = line.index(before, 0 if line.startswith(before) else max(0, entry.start - 6))
        lines[number] = line[:start] + text + line[start + len(before) :]
        bench.write(f"declared/{entry.file}", "".join(lines).encode())

    return Case(kind, f"{entry.file}: {name}", act, STOPS, names=(_name(entry.file),), evidence="read")


def _edited(file: str, change: Callable[[bytes], bytes]) -> Callable[[Bench], None]:
    return lambda bench: bench.write(f"declared/{file}", change(bench.read(f"declared/{file}")))


def _curly(content: bytes) -> bytes:
    return re.sub(rb'(?m)^(\w+ = )"(.*)"$', "\\1“\\2”".encode(), content, count=1)


def _twice(content: bytes) -> bytes:
    lines = content.decode().splitlines()
    number = next(n for n, line in enumerate(lines) if LINE.match(line))
    return "\n".join([*lines[: number + 1], *lines[number:]]).encode()


EDITED: tuple[tuple[str, Callable[[bytes], bytes], frozenset[str]], ...] = (
    ("with a byte-order mark", lambda b: b"\xef\xbb\xbf" + b, UNDERSTANDS),
    ("with Windows line ends", lambda b: b.replace(b"\n", b"\r\n"), UNDERSTANDS),
    ("with both", lambda b: b"\xef\xbb\xbf" + b.replace(b"\n", b"\r\n"), UNDERSTANDS),
    ("in UTF-16", lambda b: b.decode().encode("utf-16"), STOPS_OR_UNDERSTANDS),
    ("with a Windows-1252 byte", lambda b: b + b"# it\x92s\n", STOPS_OR_UNDERSTANDS),
    ("with a zero byte", lambda b: b + b"# \0\n", STOPS_OR_UNDERSTANDS),
    ("with curly quotation marks", lambda b: _curly(b), STOPS),
    ("with a key twice", _twice, STOPS),
    ("with a loose key above", lambda b: b"x = 1\n" + b, STOPS),
    ("with 5,000 nested brackets", lambda b: b"x = " + b"[" * 5_000 + b"]" * 5_000 + b"\n" + b, STOPS),
    ("with 5,000 nested tables", lambda b: b + b"\n[" + b".".join([b"a"] * 5_000) + b"]\nx = 1\n", STOPS),
    ("with a line of 40 MB", lambda b: b + b"# " + b"x" * 40_000_000, STOPS_OR_UNDERSTANDS),
    ("cut in half", lambda b: b[: len(b) // 2].rsplit(b"=", 1)[0] + b"=", STOPS),
    ("arbitrary bytes", lambda b: bytes(range(256)) * 8, STOPS),
    ("a web page", lambda b: b"<html><body>Please sign in</body></html>", STOPS),
)


def _path_cases() -> Iterator[Case]:
    outside = ("../../../../x.csv", "/tmp/x.csv", "C:\\\\x.csv", "a/../../x.csv", "..", "x\\u0000.csv", "")
    for path in outside:
        act = _declared("sources.toml", 'file = "LSOA21_RUC21_EW_LU.csv"', f'file = "{path}"')
        yield Case(PATHS, f"file of a source = {path!r}", act, STOPS, names=("sources.toml",), evidence="read")
        act = _declared("sources.toml", 'also_named = ["LSOA21_BSC_EN.parquet"]', f'also_named = ["{path}"]')
        yield Case(PATHS, f"another name of a source = {path!r}", act, STOPS, names=("sources.toml",), evidence="read")
    for name in ("../up", "a/b", "UPPER", "a b", "..", "con", "national", "x" * 300, "", "a\\u0000b", "-x"):
        act = _declared("areas.toml", "[wolds]", f'["{name}"]')
        right = STOPS_OR_UNDERSTANDS if name == "con" else STOPS
        yield Case(PATHS, f"name of an area = {name[:20]!r}", act, right, names=("areas.toml",), evidence="read")
    for name in ("../up", "a/b", "a b", "x" * 300, "", "a\\u0000b"):
        act = _declared("sources.toml", "[gp_practices]", f'["{name}"]')
        yield Case(
            PATHS,
            f"name of a source = {name[:20]!r}",
            act,
            STOPS,
            names=("sources.toml", "places.toml"),
            evidence="read",
        )
        act = _declared("places.toml", "[kinds.hall]", f'[kinds."{name}"]')
        act = _also(act, _declared("places.toml", "[kinds.hall.columns]", f'[kinds."{name}".columns]'))
        yield Case(
            PATHS, f"name of a kind of places = {name[:20]!r}", act, STOPS, names=("places.toml",), evidence="read"
        )
        act = _declared("indicators.toml", "[no_car]", f'["{name}"]')
        yield Case(
            PATHS, f"name of an indicator = {name[:20]!r}", act, STOPS, names=("indicators.toml",), evidence="read"
        )
    addresses = (
        'https://x.example/{z}/{x}/{y}.png\\" onload=\\"alert(1)',
        "https://x.example/{z}/{x}/{y}.png</script><script>alert(1)</script>",
        "javascript:alert(1)//{z}/{x}/{y}",
        "data:text/html,{z}{x}{y}",
        "https://x.example/no-places.png",
        "https://user:secret@x.example/{z}/{x}/{y}.png",
        "https://x.example/{z}/{x}/{y}.png; script-src *",
        "//x.example/{z}/{x}/{y}.png",
        "file:///{z}/{x}/{y}.png",
        "",
    )
    for address in addresses:
        act = _declared("layers.toml", "https://tile.openstreetmap.org/{z}/{x}/{y}.png", address)
        yield Case(PATHS, f"street map at {address[:46]!r}", act, STOPS, names=("layers.toml",), evidence="read")
    for file in ("missing.csv", "../outside.csv", ".", "/dev/zero", ""):
        act = _declared("areas.toml", "data/local/marsh.csv", f"data/local/{file}" if file != "/dev/zero" else file)
        commands = (("maps", "marsh"),)
        names: tuple[str, ...] = (file or "data/local", "lsoa_file", "areas.toml")
        yield Case(PATHS, f"lsoa_file = {file!r}", act, STOPS, names=names, commands=commands, evidence="read")
        act = _declared("places.toml", "data/local/hubs.csv", f"data/local/{file}" if file != "/dev/zero" else file)
        names = (file or "data/local", "places.toml", "hub")
        yield Case(PATHS, f"file of places = {file!r}", act, STOPS, names=names, evidence="read")
    meanings = (
        ('column = "residents_per_household", direction = -1', 'column = "imd_rank", direction = 1'),
        ('column = "residents_per_household", direction = -1', 'column = "imd_decile", direction = 1'),
        ('column = "rurality", direction = 1', 'column = "no_such_column", direction = 1'),
        ('column = "rurality", direction = 1', 'column = "rurality", direction = 0'),
        ('column = "rurality", direction = 1', 'column = "rurality", direction = 2'),
    )
    for before, after in meanings:
        act = _declared("indices/norfolk-waveney.toml", before, after)
        names = ("norfolk-waveney",)
        yield Case(VALUES, f"an index with {after}", act, STOPS, names=names, evidence="read")
    for before, after in (
        ("UN1 = 3000", "UN1 = 3"),
        ("UN1 = 20", "UN1 = 2000"),
        ("full_hours = 30 ", "full_hours = 300 "),
    ):
        act = _declared("places.toml", before, after)
        right = STOPS | {"said"}
        yield Case(VALUES, f"places.toml: {after}", act, right, names=("places.toml",), evidence="read")


def _declared(file: str, before: str, after: str) -> Callable[[Bench], None]:
    return lambda bench: bench.declare(file, before, after)


def _also(*acts: Callable[[Bench], None]) -> Callable[[Bench], None]:
    def act(bench: Bench) -> None:
        for one in acts:
            one(bench)

    return act
