"""Numbers in a text as people write and say them: digits, words, and letters that look like digits."""

import re
from dataclasses import dataclass

_UNITS = {
    **dict.fromkeys(("zero", "oh", "o", "nought", "naught", "nil", "ought"), "0"),
    **{
        word: str(n)
        for n, word in enumerate(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], 1)
    },
}
_TEENS = {
    word: str(n)
    for n, word in enumerate(
        ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"],
        10,
    )
}
_TENS = {
    word: str(n)
    for n, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
} | {"fourty": "4"}
_TIMES = {"double": 2, "twice": 2, "triple": 3, "treble": 3}
_AS_DIGITS = str.maketrans("OoIlSBZ", "0011582")
_ALIKE = r"(?:[0-9]|[OoIlSBZ]++(?![^\W\d_]))"
"""A digit, or letters that look like digits and do not begin a word: not the first of "2one"."""
_TOKEN = re.compile(rf"[OoIlSBZ]{{1,3}}[0-9]{_ALIKE}*|[0-9]{_ALIKE}*|[^\W\d_]+")
_WORD = re.compile(
    "|".join(sorted((word for word in (*_UNITS, *_TEENS, *_TENS, *_TIMES) if len(word) > 2), key=len, reverse=True)),
    re.IGNORECASE,
)
_JOINED = re.compile(rf"(?:{_WORD.pattern}){{2,}}", re.IGNORECASE)
_FIGURES = [word for word in (*_UNITS, *_TEENS, *_TENS) if len(word) > 2]
_AFTER_FIGURE = "|".join(f"(?<={figure})" for figure in ("[0-9]", *_FIGURES))
_X_BETWEEN = re.compile(rf"(?:{_AFTER_FIGURE})x(?=[0-9]|{'|'.join(_FIGURES)})", re.IGNORECASE)
"""The letter x as a sign between figures and number words: ``0x7xtwo``."""
_SEPARATOR = r"(?:(?![#%£$€=])[\W_])"
_GAP = re.compile(
    rf"{_SEPARATOR}{{0,6}}(?:(?:x|and|then|dash|hyphen|dot|point|space|gap|slash|stroke|comma|pause){_SEPARATOR}{{0,4}})?",
    re.IGNORECASE,
)
"""What may separate the parts of one number: signs of any kind, and one word for a sign."""


_LONGEST_GAP = 24


@dataclass(frozen=True)
class Digits:
    """A number in a text: its digits and where it is.

    ``gap`` is what is between it and the one before where that is only separators, else ``None``. ``in_words``: it is
    not written in digits.
    """

    digits: str
    start: int
    end: int
    gap: str | None
    in_words: bool


def numbers_in(text: str) -> list[Digits]:
    """The numbers of a text in order. ``nine hundred`` is 900, ``double seven`` 77, ``O77OO`` (letters) 07700.

    Letters count as digits only in a group that holds a digit, or between two others.
    """
    text = _X_BETWEEN.sub(" ", text)
    tokens = [token for match in _TOKEN.finditer(text) for token in _split(match.group(), match.start())]
    items: list[Digits] = []
    position = 0
    while position < len(tokens):
        digits, used, in_words = _number_at(tokens, position, text)
        if not digits:
            position += 1
            continue
        start, end = tokens[position][1], tokens[position + used - 1][2]
        gap = text[items[-1].end : start] if items else None
        if gap is not None and not (len(gap) <= _LONGEST_GAP and _GAP.fullmatch(gap)):
            gap = None
        items.append(Digits(digits, start, end, gap, in_words))
        position += used
    return items


def _split(word: str, start: int) -> list[tuple[str, int, int]]:
    """A word with its ends; number words that are written as one, each with its ends."""
    if not _JOINED.fullmatch(word):
        return [(word, start, start + len(word))]
    return [(part.group(), start + part.start(), start + part.end()) for part in _WORD.finditer(word)]


def _number_at(tokens: list[tuple[str, int, int]], position: int, text: str) -> tuple[str, int, bool]:
    """The digits that begin at a token, how many tokens they take, and whether they are words; none: no digits."""
    word = tokens[position][0]
    lower = word.lower()
    following = tokens[position + 1][0].lower() if position + 1 < len(tokens) else ""
    beside = following if position + 1 < len(tokens) and _near(tokens, position, text) else ""
    if re.search(r"[0-9]", word):
        return word.translate(_AS_DIGITS), 1, False
    if lower in _TIMES and beside:
        single = _UNITS.get(beside) or (beside if re.fullmatch(r"[0-9]", beside) else "")
        return single * _TIMES[lower], 2 if single else 1, True
    if lower in _UNITS:
        if beside == "hundred" and _UNITS[lower] != "0":
            return f"{_UNITS[lower]}00", 2, True
        return _UNITS[lower], 1, True
    if lower in _TEENS:
        return _TEENS[lower], 1, True
    if lower in _TENS:
        unit = _UNITS.get(beside, "0")
        return (f"{_TENS[lower]}{unit}", 2, True) if unit != "0" else (f"{_TENS[lower]}0", 1, True)
    if re.fullmatch(r"[OoIl]{1,4}", word) and _is_between_digits(tokens, position):
        return word.translate(_AS_DIGITS), 1, False
    return "", 0, False


def _near(tokens: list[tuple[str, int, int]], position: int, text: str) -> bool:
    return re.fullmatch(r"[\s\-\u2010-\u2015]{0,3}", text[tokens[position][2] : tokens[position + 1][1]]) is not None


def _is_between_digits(tokens: list[tuple[str, int, int]], position: int) -> bool:
    beside = (
        tokens[position - 1][0] if position else "",
        tokens[position + 1][0] if position + 1 < len(tokens) else "",
    )
    return all(re.search(r"[0-9]", token) for token in beside)
