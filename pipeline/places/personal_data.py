"""What could identify someone in a text: e-mail addresses, telephone numbers, NHS numbers."""

import re
import unicodedata

_AT = r"\s{0,4}(?:@|[(\[{<]\s?at\s?[)\]}>])\s{0,4}"
_AT_WORD = r"[\s_*-]{1,4}at[\s_*-]{1,4}(?!the\b|a\b)"
_DOT_WORD = r"(?:\s{0,4}[(\[{<]\s?dot\s?[)\]}>]\s{0,4}|[\s_*-]{1,4}dot[\s_*-]{1,4})"
_LABEL, _TOP = r"[^\W_][\w-]{0,62}", r"[^\W\d_]{2,24}\b"
# "tea @ home. Then" ends a sentence: with a space beside the dot, a domain is recognised by its ending.
_KNOWN_TOP = r"(?:ac|biz|co|com|edu|email|eu|gov|ie|info|net|nhs|online|org|uk)\b"
_EMAIL = re.compile(
    rf"[\w.+'-]{{1,64}}(?:{_AT}{_LABEL}(?:(?:\.|{_DOT_WORD}){_LABEL}){{0,5}}"
    rf"(?:(?:\.|{_DOT_WORD}){_TOP}|\s{{0,3}}\.\s{{0,3}}{_KNOWN_TOP})"
    rf"|{_AT_WORD}[^\W_][^\W_-]{{0,62}}(?:\.[\w-]{{1,63}}){{0,3}}{_DOT_WORD}{_TOP})",
    re.IGNORECASE,
)

# What may separate the digits of one number; a run is digits with nothing else between them.
_GAP = r"[\s.,_/()|·•\-\u2010-\u2015\u2212]{0,6}"
_RUN = re.compile(rf"[0-9]+(?:{_GAP}[0-9]+)*")
_PLUS = re.compile(r"(?<![0-9])\+[\s(]{0,4}$")
_SHORTEST, _LONGEST = 9, 15
"""Digits of a telephone number with its country code; at most 15 (ITU-T E.164)."""

_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12][0-9]|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)[0-9]{2}"
_CLOCK = r"(?:[01]?[0-9]|2[0-3])[.:][0-5][0-9](?:[ap]m)?"
_HARMLESS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![0-9]){_YEAR}([-/.]){_MONTH}\1{_DAY}(?:T(?=[0-9]{{2}}:)|(?![0-9]))",
        rf"(?<![0-9]){_DAY}([-/.]){_MONTH}\1{_YEAR}(?![0-9])",
        rf"(?<![0-9]){_MONTH}([-/.]){_DAY}\1{_YEAR}(?![0-9])",
        rf"(?<![0-9])(?<![0-9][-/.\s]){_DAY}([-/.]){_MONTH}\1[0-9]{{2}}(?![0-9]|\1[0-9])",
        rf"(?<![0-9.]){_CLOCK}\s?(?:[-\u2010-\u2015]|to|until)\s?{_CLOCK}(?![0-9]|[.:][0-9])",
        r"(?<![0-9])(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?(?![0-9])",
        r"[£$€]\s?[0-9]{1,3}(?:,?[0-9]{3})*(?:\.[0-9]{1,2})?(?![0-9])",
        r"(?<![0-9,])(?<![0-9][-/.\s])[1-9][0-9]{0,2}(?:,[0-9]{3}){1,2}(?![0-9]|,[0-9])",
        r"(?<![0-9.])0\.[0-9]{1,3}(?![0-9]|\.[0-9])",
        r"(?<![0-9.])(?!44)(?:0\.|[1-9][0-9]?\.(?!0[0-9]{9,10}(?![0-9])))[0-9]{6,}",
        r"(?<![0-9.])10\.[0-9]{4,9}/[^\s,;]+",
        r"(?<![A-Za-z0-9])[EWSN][0-9]{8}(?![0-9])",
    )
)
"""Dates, times, amounts, decimals, DOIs and ONS codes."""
_BOOK = re.compile(
    r"(?P<named>ISBN[-\s]?(?:1[03])?[:\s]{0,3})?(?<![0-9])(?P<code>[0-9](?:[-\s]?[0-9]){8,11}[-\s]?[0-9X])(?![0-9])",
    re.IGNORECASE,
)

_UK, _ABROAD, _NHS = "a UK telephone number", "a telephone number", "an NHS number"
_NATIONAL = r"(?:1[0-9]{8,9}|[23578][0-9]{9}|800[0-9]{6}|9[0-9]{9})"
_UK_NUMBER = re.compile(rf"0{_NATIONAL}|00440?{_NATIONAL}")
_UK_WITHOUT_PLUS = re.compile(r"440?[123578][0-9]{9}|7[1-9][0-9]{8}")
_LOST_ZERO = re.compile(r"(?:1[1-9]|2[03489]|7[1-9])[0-9]{8}(?:\.0)?")
_PARTS_WITHOUT_PLUS = 5


def personal_data(text: str) -> list[str]:
    """What kinds of personal data ``text`` seems to hold: e-mail address, telephone number, NHS number.

    Digits count as one number whatever separates them: spaces, line breaks, dots, commas, dashes, brackets. Dates,
    times, amounts, decimals, book numbers and ONS codes are taken out first. Digits of other scripts count as digits.
    A cell that is nothing but ten digits is a telephone number that lost its first 0 where it could be one.
    """
    plain = _plain(text)
    kinds = {"an e-mail address"} if _EMAIL.search(plain) else set()
    left = _without_books(plain)
    for pattern in _HARMLESS:
        left = pattern.sub(" # ", left)
    for run in _RUN.finditer(left):
        groups = re.findall(r"[0-9]+", run.group())
        kinds |= _numbers(groups, has_plus=_PLUS.search(left, max(0, run.start() - 7), run.start()) is not None)
    if _LOST_ZERO.fullmatch(plain.strip()):
        kinds.add(_UK)
    return sorted(kinds)


def _numbers(groups: list[str], *, has_plus: bool) -> set[str]:
    """Kinds of number that consecutive ``groups`` of digits make up; ``has_plus``: a plus sign comes before them."""
    kinds = set()
    for start in range(len(groups)):
        digits = ""
        for end in range(start, len(groups)):
            digits += groups[end]
            if len(digits) < _SHORTEST:
                continue
            if len(digits) > _LONGEST:
                break
            parts = groups[start : end + 1]
            if has_plus and start == 0 and digits[0] != "0":
                kinds.add(_UK if digits.startswith("44") else _ABROAD)
            if _UK_NUMBER.fullmatch(digits) or (_keeps_together(parts) and _UK_WITHOUT_PLUS.fullmatch(digits)):
                kinds.add(_UK)
            elif digits.startswith("00") and len(digits) >= 11 and digits[2] != "0":
                kinds.add(_ABROAD)
            if _is_grouped_as_one(parts) and is_nhs_number(digits):
                kinds.add(_NHS)
    return kinds


def _keeps_together(groups: list[str]) -> bool:
    """Whether groups look like one number though it begins with no 0 or plus sign: few of them, or digit by digit."""
    return len(groups) <= _PARTS_WITHOUT_PLUS or all(len(group) == 1 for group in groups)


def _is_grouped_as_one(groups: list[str]) -> bool:
    """Whether ten digits are grouped as an NHS number may be: 3-3-4, digit by digit, or in few parts, none a year."""
    sizes = [len(group) for group in groups]
    if sizes == [3, 3, 4] or set(sizes) == {1}:
        return True
    return len(sizes) <= 4 and min(sizes) >= 2 and not any(re.fullmatch(_YEAR, group) for group in groups)


def _plain(text: str) -> str:
    """``text`` in plain letters and digits: compatibility forms resolved, marks and invisible characters removed."""
    resolved = unicodedata.normalize("NFKC", text)
    if resolved.isascii():
        return resolved
    seen = (c for c in resolved if unicodedata.category(c) not in ("Cf", "Mn", "Me"))
    return "".join(c if c.isascii() else str(unicodedata.decimal(c, c)) for c in seen)


def _without_books(text: str) -> str:
    """``text`` without ISBNs: thirteen digits from 978 or 979, or ten with a label or three hyphens."""

    def other(match: re.Match[str]) -> str:
        code = re.sub(r"[-\s]", "", match["code"]).upper()
        is_shaped = re.fullmatch(r"[0-9]{1,5}-[0-9]{1,7}-[0-9]{1,7}-[0-9X]", match["code"], re.IGNORECASE)
        is_ten = _is_isbn10(code) and (match["named"] or is_shaped)
        return " # " if is_ten or _is_isbn13(code) else match.group()

    return _BOOK.sub(other, text)


def _is_isbn10(code: str) -> bool:
    values = [10 if c == "X" else int(c) for c in code]
    return len(code) == 10 and sum(v * w for v, w in zip(values, range(10, 0, -1), strict=True)) % 11 == 0


def _is_isbn13(code: str) -> bool:
    if len(code) != 13 or not code.isdigit() or not code.startswith(("978", "979")):
        return False
    return sum(int(c) * (1, 3)[n % 2] for n, c in enumerate(code)) % 10 == 0


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits are a valid NHS number: weights 10 to 2, modulus 11 (NHS Data Dictionary, NHS NUMBER)."""
    if not re.fullmatch(r"[0-9]{10}", digits) or len(set(digits)) == 1:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    check = 11 - total % 11
    return check != 10 and check % 11 == int(digits[9])
