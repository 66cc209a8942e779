"""What is typed after the name of the program: refused in one line, with what was expected and what may be meant."""

import argparse
import ast
import math
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn

from pipeline.errors import PipelineError, did_you_mean

CHOICE = re.compile(r"argument (?P<name>\S+): invalid choice: (?P<found>.*) \(choose from (?P<choices>.*)\)", re.DOTALL)
UNKNOWN = "unrecognized arguments: "
MISSING = "the following arguments are required: "
REACH = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(km|m|min)\s*", re.IGNORECASE)
LEAST_METRES, MOST_METRES, MOST_MINUTES = 100, 300_000, 600
"""A place serves nobody within fewer metres, and everybody in England's largest region within more."""


class UsageError(PipelineError):
    """A command or an option that the program does not have, or that lacks its value."""


def refuse_broken_name(name: str) -> None:
    """Refuse the name of a file or folder that is in another encoding than UTF-8: libraries cannot open it.

    Raises:
        PipelineError: such a name, with what cannot be read shown as a question mark.
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        plain = name.encode(errors="replace").decode()
        raise PipelineError(
            f"'{_shown(plain)}': this name holds characters in another encoding than UTF-8, as an old drive or archive "
            "may have them. Rename the file or folder."
        ) from None


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are one line."""

    def error(self, message: str) -> NoReturn:
        """Refuse what was typed.

        Raises:
            UsageError: always.
        """
        raise UsageError(f"{self._in_words(message)} See: {self.prog} --help")

    def _in_words(self, message: str) -> str:
        choice = CHOICE.fullmatch(message)
        if choice is not None:
            # Versions of Python differ in what they put into quotation marks.
            typed, choices = _unquoted(choice["found"]), [_unquoted(each) for each in choice["choices"].split(", ")]
            what = "command" if choice["name"] == "COMMAND" else choice["name"]
            return (
                f"there is no {what} '{_shown(typed)}'.{did_you_mean(typed, choices)} There are: {', '.join(choices)}."
            )
        if message.startswith(UNKNOWN):
            words = message.removeprefix(UNKNOWN)
            return f"this command does not take: {words}.{self._meant(words.split()[0].split('=')[0])}"
        if message.startswith(MISSING):
            lacking = message.removeprefix(MISSING)
            return "name a command." if lacking == "COMMAND" else f"expected the name of the {lacking} after it."
        return f"{message.removeprefix('argument ')}."

    def _meant(self, option: str) -> str:
        """What to do about an option that was not taken: the commands that have it, or one spelt much the same."""
        options = self._options()
        if option not in options:
            return did_you_mean(option, options)
        return f" {option} belongs after: {', '.join(options[option])}."

    def _options(self) -> dict[str, list[str]]:
        """Every option of this command and of those below it, with the commands that take it."""
        options: dict[str, list[str]] = {}
        for action in self._actions:
            for name in action.option_strings:
                options.setdefault(name, [])
            for command, parser in action.choices.items() if isinstance(action.choices, dict) else ():
                for name in parser._options():
                    options.setdefault(name, []).append(command)
        return options


def whole_number(option: str, least: int, most: int) -> Callable[[str], int]:
    """Reads a whole number within limits.

    Raises:
        PipelineError: it is none, or outside them.
    """

    def read(text: str) -> int:
        if re.fullmatch(r"\s*[+-]?(?:[0-9]{1,12}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,3})\s*", text, re.ASCII):
            value = int(re.sub(r"[,\s]", "", text))
            if least <= value <= most:
                return value
        raise PipelineError(f"{option}: expected a whole number from {least:,} to {most:,}; found '{_shown(text)}'.")

    return read


def number(option: str, least: float, most: float, *, empty: bool = False) -> Callable[[str], float | None]:
    """Reads a number above ``least`` and up to ``most``; ``empty`` text is none where that is allowed.

    Raises:
        PipelineError: it cannot be read as a number, is infinite, or outside the limits.
    """

    def read(text: str) -> float | None:
        if empty and not text.strip():
            return None
        # Of the many spellings that Python takes for a number, only those that people write.
        if re.fullmatch(r"\s*[+-]?[0-9]{0,15}(\.[0-9]{0,15})?\s*", text, re.ASCII) and re.search(r"[0-9]", text):
            value = float(text)
            if least < value <= most and math.isfinite(value):
                return value
        limits = f"above {least:g}" if most == math.inf else f"above {least:g} and up to {most:,g}"
        raise PipelineError(f"{option}: expected a number {limits}; found '{_shown(text)}'.")

    return read


def share(option: str, most: float) -> Callable[[str], float]:
    """Reads a share from 0 to ``most``.

    Raises:
        PipelineError: it is none.
    """
    read_number = number(option, -1e-12, most)

    def read(text: str) -> float:
        try:
            return read_number(text) or 0.0
        except PipelineError:
            raise PipelineError(
                f"{option}: expected a share from 0 to {most:g}, such as 0.02; found '{_shown(text)}'."
            ) from None

    return read


def reach(text: str) -> str:
    """Reads the reach of a place: ``5km``, ``800m``, ``20min``.

    Raises:
        PipelineError: it is none of these, or out of all proportion.
    """
    match = REACH.fullmatch(text) if text.isascii() else None
    if match is None:
        asked = f" Did you mean {text.strip()}km?" if re.fullmatch(r"\s*\d+(\.\d+)?\s*", text, re.ASCII) else ""
        raise PipelineError(
            f"--reach: expected a distance or a time, such as 5km, 800m or 20min; found '{_shown(text)}'.{asked}"
        )
    value, unit = float(match[1]), match[2].lower()
    if unit == "min":
        fits, limits = 1 <= value <= MOST_MINUTES, f"from 1 to {MOST_MINUTES} minutes"
    else:
        fits = LEAST_METRES <= value * (1000 if unit == "km" else 1) <= MOST_METRES
        limits = f"from {LEAST_METRES} m to {MOST_METRES // 1000} km"
    if not fits:
        raise PipelineError(f"--reach: expected {limits}; found '{_shown(text)}'.")
    return text


def file_to_write(option: str, endings: Iterable[str]) -> Callable[[str], Path]:
    """Reads the name of a file that will be written, and ends as it should.

    Raises:
        PipelineError: it is a folder, or ends otherwise.
    """
    allowed = tuple(endings)

    def read(text: str) -> Path:
        path = Path(text)
        if not text.strip() or path.is_dir() or text.endswith(("/", "\\")):
            raise PipelineError(
                f"{option} '{_shown(text)}': this is a folder; expected the name of a file, such as result{allowed[0]}."
            )
        if path.suffix.lower() not in allowed:
            raise PipelineError(
                f"{option} '{_shown(text)}': expected a name that ends in {' or '.join(allowed)}, as that is what the "
                "file will hold."
            )
        return path

    return read


def _unquoted(text: str) -> str:
    """A word as it was typed, from how Python writes it."""
    try:
        return str(ast.literal_eval(text))
    except (ValueError, SyntaxError):
        return text


def _shown(text: str) -> str:
    """What was typed, on one line and no longer than it takes to recognise it."""
    plain = " ".join(text.split())
    return plain if len(plain) <= 60 else f"{plain[:60]}…"
