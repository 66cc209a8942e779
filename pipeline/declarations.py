"""Declared TOML files as editors write them, bounded in size and depth. Standard library only."""

import codecs
import math
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath

from pipeline.errors import DeclarationError, first, shown

Value = object
Declaration = dict[str, Value]
"""What a file declares, by key."""

MOST_BYTES = 1_000_000
MOST_NESTED = 16
"""How deep brackets, tables and dotted keys may lie in one another. Shipped files need four."""
MOST_CHARACTERS = 10_000
"""Of one text."""
LARGEST = 1e15
"""The largest number, either way: beyond it, whole numbers are no longer exact in every reader of the outputs."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|[A-Za-z0-9_+-]+|[ \t]+|.',
    re.DOTALL,
)
_CURLY = "\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u2032\u2033"
_JOINERS = "\u200c\u200d"
"""Invisible, but part of how some scripts and symbols are spelt."""
LABELS = ("id", "name", "column", "component", "title", "whole", "what")
"""The keys by which an entry of a list of tables is called in messages, the first that it has."""
SINGULAR = {"components": "component", "indicators": "indicator", "drivers": "driver", "bands": "band", "helps": "help"}


def read_toml(path: Path) -> Declaration:
    """The content of a TOML file, with or without a byte-order mark, in UTF-8 or the UTF-16 of PowerShell.

    Raises:
        DeclarationError: the file is missing, too large, not text, not TOML (with the line of the mistake), nested too
            deep, or holds a text with control characters or a number beyond all use (with its key).
    """
    text = _decode(_read(path), path).replace("\r\n", "\n").replace("\r", "\n")
    _check_tokens(text, path)
    try:
        content: Declaration = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise DeclarationError(f"{path}: this is not valid TOML: {_explain(error, text)}") from error
    faults = [f"  {place}: {fault}" for place, fault in _value_faults(content)]
    if faults:
        raise DeclarationError("\n".join([f"{path}: {len(faults)} fault(s)", *faults[:20]]))
    return content


def tables_of(content: Mapping[str, Value], path: Path, within: str = "") -> dict[str, Declaration]:
    """``content`` where it should hold tables only, each under its name; ``within`` is the table that holds them.

    Raises:
        DeclarationError: a value stands where a table is expected, or tables are written as a list.
    """
    before = f"{within}." if within else ""
    where = f"in [{within}]" if within else "above the tables"
    tables: dict[str, Declaration] = {}
    faults = []
    for key, value in content.items():
        if isinstance(value, dict):
            tables[key] = value
        elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            faults.append(f"  [[{before}{key}]] is a list of tables; expected one table, [{before}{key}]")
        else:
            faults.append(
                f"  {shown(key)} = {value_in_words(value)} stands {where}; expected tables such as [{before}name] only"
            )
    if faults:
        raise DeclarationError("\n".join([f"{path}: {len(faults)} fault(s)", *faults[:20]]))
    return tables


def value_in_words(value: Value) -> str:
    """A value as a message shows it: what kind of value it is, and the value in short."""
    if isinstance(value, bool):
        return f"{str(value).lower()} (true or false, not text and not a number)"
    if isinstance(value, str):
        return f"the text {shown(value)}" if value else "an empty text"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    if isinstance(value, dict):
        return f"a table with {first(value, 5) or 'no keys'}"
    return f"the date or time {value}"


def place_of(content: Value, path: tuple[int | str, ...]) -> str:
    """Where a value is, in words: keys joined by dots, an entry of a list by its name and not by its number."""
    words: list[str] = []
    current = content
    for number, part in enumerate(path):
        if isinstance(part, int):
            items = current if isinstance(current, list | tuple) else ()
            current = items[part] if part < len(items) else None
            kind = words.pop() if words else ""
            words.append(f"{SINGULAR.get(kind, kind)} {_label(current, part)}".strip())
        else:
            current = current.get(part) if isinstance(current, dict) else getattr(current, part, None)
            if words and isinstance(path[number - 1], str):
                words.append(f"{words.pop()}.{part}")
            else:
                words.append(part)
    return ", ".join(words)


def file_name_fault(name: str) -> str:
    """Why ``name`` cannot be the bare name of a file on every system; empty where it can."""
    if not name.strip():
        return "it is empty"
    if PurePosixPath(name).name != name or PureWindowsPath(name).name != name or name in (".", ".."):
        return "it should be a bare name, without folders"
    if re.search(r'[<>:"|?*\x00-\x1f\x7f]', name):
        return 'it should hold none of < > : " | ? * and no control characters'
    if name[-1] in ". " or name[0] == " ":
        return "it should neither begin with a space nor end in a dot or a space"
    if name.split(".")[0].strip().lower() in DEVICES:
        return f"files are named after it, and Windows reserves '{name.split('.')[0]}'"
    return "it is longer than 200 characters" if len(name) > 200 else ""


DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))]
)
"""Names that Windows reserves for devices, whatever the ending, so that no file or folder can have them."""


def _label(item: Value, position: int) -> str:
    for key in LABELS:
        label = item.get(key) if isinstance(item, dict) else getattr(item, key, None)
        if isinstance(label, str) and label.strip():
            return shown(label, 40)
    return f"no. {position + 1}"


def _read(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise DeclarationError(f"{path}: this is a folder; expected a file.")
        if path.exists() and not path.is_file():
            raise DeclarationError(f"{path}: this is no ordinary file.")
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise DeclarationError(f"{path}: there is no such file. Is this the project folder?") from None
    except OSError as error:
        raise DeclarationError(f"{path}: this file cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise DeclarationError(f"{shown(str(path))}: this cannot be the name of a file ({error}).") from error
    if len(content) > MOST_BYTES:
        raise DeclarationError(
            f"{path}: this file is larger than {MOST_BYTES:,} bytes, so it is not a file that somebody declares. Is it "
            "data? Data go into data/local/."
        )
    return content


def _decode(content: bytes, path: Path) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            content, name = content[len(mark) :], encoding
            break
    else:
        name = "utf-8"
        if content[1:2] == b"\0" and content[:1] != b"\0":
            name = "utf-16-le"
        elif content[:1] == b"\0":
            name = "utf-16-be"
    try:
        return content.decode(name)
    except UnicodeDecodeError as error:
        raise DeclarationError(f"{path}: {_odd_byte(content, name, error.start)}") from error


def _odd_byte(content: bytes, encoding: str, position: int) -> str:
    line = content[:position].decode(encoding, "replace").count("\n") + 1
    if encoding != "utf-8":
        return f"line {line} is damaged; expected UTF-16 text. Save the file as UTF-8."
    meant = content[position : position + 1].decode("cp1252", "replace")
    likely = "" if meant == "\ufffd" or not meant.isprintable() else f", which is '{meant}' in Windows-1252"
    return (
        f"line {line} holds the byte 0x{content[position]:02X}{likely}; expected UTF-8. In your editor, choose 'Save "
        "as' and the encoding UTF-8."
    )


def _check_tokens(text: str, path: Path) -> None:
    """Refuse what is nested too deep, or typed outside quotation marks as TOML never has it, before it is parsed."""
    line, depth, dots = 1, 0, 0
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token in ("[", "{"):
            depth += 1
        elif token in ("]", "}"):
            depth = max(0, depth - 1)
        elif token == ".":
            dots += 1
        elif token in ("=", ",", "\n"):
            dots = 0
        elif not token.isascii() and token[0] not in "#\"'":
            raise DeclarationError(f"{path}: line {line}: {_odd_character(token)}")
        if max(depth, dots) > MOST_NESTED:
            raise DeclarationError(
                f"{path}: line {line} is nested more than {MOST_NESTED} deep: brackets, or dots in a key. Is a bracket "
                "not closed?"
            )
        line += token.count("\n")


def _odd_character(character: str) -> str:
    if character in _CURLY:
        return f"{character} is a curly quotation mark, as Word types it; TOML needs the straight ones, \" or '."
    if not character.isprintable() or character.isspace():
        return f"an invisible character (U+{ord(character):04X}) stands outside quotation marks. Delete it."
    return f'{character} stands outside quotation marks. Put the text, or the key, into "...".'


def _explain(error: Exception, text: str) -> str:
    """The parser's words as an analyst says them, with the line as it is in the file."""
    if isinstance(error, RecursionError):
        return "it is nested too deep."
    said = str(error)
    at = re.search(r"\s*\((?:at line (\d+), column (\d+)|at end of document)\)$", said)
    what = said[: at.start()] if at else said
    if at is None:
        return "a number has too many digits." if "digits" in said else f"{said}."
    lines = text.splitlines() or [""]
    number = min(int(at[1]) if at[1] else len(lines), len(lines))
    line = lines[number - 1].strip()
    hint = _hint(what, line)
    return f"line {number}: {hint or what}{'' if hint.endswith('.') else '.'} The line is: {shown(line, 80)}"


def _hint(what: str, line: str) -> str:
    twice = re.match(r"Cannot declare \((.*)\) twice", what)
    if twice:
        name = ".".join(part.strip(" '\"") for part in twice[1].split(",") if part.strip())
        return f"the table [{name}] is written twice. Keep one of them."
    if what.startswith(("Cannot overwrite a value", "Duplicate inline table key")):
        return "this key, or table, is written twice. Keep one of them."
    if what.startswith("Cannot mutate immutable namespace"):
        return "this table is complete above, in brackets or in a list; write all its keys in one place."
    value = line.partition("=")[2].strip()
    if what.startswith("Unescaped '\\'") or "Invalid hex value" in what or "escape" in what.lower():
        return "a backslash in \"...\" begins a special character. Write / or \\\\ instead, or put the path in '...'."
    if re.match(r"[+-]?\d+,\d+\s*(#|$)", value):
        return "a comma in a number; expected a decimal point, as in 0.5."
    if value.split("#")[0].strip() in ("True", "False", "TRUE", "FALSE", "yes", "no", "Yes", "No"):
        return "expected true or false, in lower case and without quotation marks."
    if what.startswith("Invalid value") and re.match(r"[A-Za-z]", value):
        return 'text needs quotation marks, as in "Norfolk".'
    if what.startswith(("Unterminated string", "Illegal character '\\n'")) or 'Expected "\'"' in what:
        return "a quotation mark is not closed."
    if what.startswith("Unclosed array"):
        return "a list, [ ... ], is not closed, or lacks a comma between two entries."
    return ""


def _value_faults(content: Declaration) -> Iterator[tuple[str, str]]:
    """Texts, keys and numbers that are of no use anywhere, each with its place."""
    waiting: list[tuple[tuple[int | str, ...], Value]] = [((), content)]
    while waiting:
        path, value = waiting.pop()
        if len(path) > MOST_NESTED:
            yield place_of(content, path[:3]), f"tables are nested more than {MOST_NESTED} deep"
        elif isinstance(value, dict):
            bad = [key for key in value if text_fault(key)]
            if bad:
                yield place_of(content, path) or "a key", f"the key {shown(bad[0])} {text_fault(bad[0])}"
            waiting += [((*path, key), item) for key, item in reversed(value.items()) if key not in bad]
        elif isinstance(value, list):
            waiting += [((*path, number), item) for number, item in reversed(list(enumerate(value)))]
        elif isinstance(value, str):
            fault = text_fault(value)
            if fault:
                yield place_of(content, path), f"the text {shown(value)} {fault}"
        elif isinstance(value, int | float) and math.isnan(value):
            yield place_of(content, path), "expected a number; found nan"
        elif isinstance(value, int | float) and LARGEST < abs(value) < math.inf:
            yield place_of(content, path), f"expected a number between {-LARGEST:g} and {LARGEST:g}"


def text_fault(text: str) -> str:
    """What is wrong with a text wherever it stands; empty where nothing is. Line breaks are in order."""
    if len(text) > MOST_CHARACTERS:
        return f"has more than {MOST_CHARACTERS:,} characters"
    for character in text:
        if character in "\n" or character in _JOINERS:
            continue
        if character == "\t":
            return "holds a tab. If it is a path, write / for the backslash, or put it in '...'"
        if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp", "Cs"):
            return f"holds an invisible control character, U+{ord(character):04X}. Type the text anew"
    return ""
