"""What could identify someone in a text, also where it is disguised: numbers, addresses, accounts."""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.places.spoken_numbers import Digits, numbers_in

EMAIL, UK, ABROAD, NHS = "an e-mail address", "a UK telephone number", "a telephone number", "an NHS number"
INSURANCE, POSTCODE, STREET = "a National Insurance number", "a full postcode", "a street address"
BIRTH, ACCOUNT, BANK = "a date of birth", "a social media account", "bank details"
VEHICLE, LICENCE = "a vehicle registration", "a driving licence number"

_AT = r"\s{0,4}(?:@|[(\[{<]\s?(?:at|ät|a)\s?[)\]}>])\s{0,4}"
_AT_WORD = r"[\s_*~-]{1,4}(?:at|ät)[\s_*~-]{1,4}(?!the\b|a\b)"
_DOT_WORD = r"(?:\s{0,4}[(\[{<]\s?(?:dot|\.)\s?[)\]}>]\s{0,4}|[\s_*~-]{1,4}dot[\s_*~-]{1,4})"
_LABEL, _TOP = r"[^\W_][\w-]{0,62}", r"[^\W\d_]{2,24}\b"
# "tea @ home. Then" ends a sentence: with a space beside the dot, a domain is recognised by its ending.
_KNOWN_TOP = r"(?:ac|biz|co|com|edu|email|eu|gov|ie|info|me|net|nhs|online|org|uk)\b"
_LOCAL = r"[\w.+'-]{1,64}"
_PROVIDER = (
    r"(?:gmail|googlemail|hotmail|outlook|live|msn|yahoo|ymail|icloud|aol|btinternet|btopenworld|sky|talktalk|"
    r"virginmedia|ntlworld|protonmail|proton|gmx|mail|tiscali|blueyonder)"
)
_EMAILS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_LOCAL}{_AT}{_LABEL}(?:(?:\.|{_DOT_WORD}){_LABEL}){{0,5}}"
        rf"(?:(?:\.|{_DOT_WORD}){_TOP}|\s{{0,3}}[.,]\s{{0,3}}{_KNOWN_TOP})",
        rf"{_LOCAL}{_AT_WORD}{_LABEL}(?:(?:\.|{_DOT_WORD}){_LABEL}){{0,5}}{_DOT_WORD}{_TOP}",
        # "stay-at-home.Then" is no address, so hyphens need an ending that is one.
        rf"{_LOCAL}[_*~]{{1,3}}at[_*~]{{1,3}}{_LABEL}(?:\.{_LABEL}){{0,4}}\.{_TOP}",
        rf"{_LOCAL}-at-{_LABEL}(?:\.{_LABEL}){{0,4}}\.{_KNOWN_TOP}",
        rf"{_LOCAL}\s{{1,4}}at\s{{1,4}}{_PROVIDER}(?:\s?\.\s?|{_DOT_WORD}|\s){_KNOWN_TOP}",
        # "Apply at example.org" is no address; "jo.bloggs at example.org" and "e-mail jo at example.org" are.
        rf"(?:\b\w{{1,40}}[._\d]\w{{1,40}}|\be-?mail\W{{1,3}}(?:\w{{1,30}}\W{{1,3}}){{0,3}}?\w{{1,40}})\s{{1,4}}at\s{{1,4}}{_LABEL}(?:\.{_LABEL}){{0,4}}\.{_KNOWN_TOP}",
        r"(?<![\w@])[^\W\d_][\w.+'-]{0,63}@(?!(?:home|work|hub|the)\b)[^\W_][\w.-]{0,62}",
    )
)
_ACCOUNTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<![\w.@/])@(?!(?:home|work|hub|the)\b)[a-z_][\w.]{2,29}",
        r"\b(?:facebook|fb|instagram|twitter|x|linkedin|tiktok|snapchat|threads|youtube)\.(?:com|net)/"
        r"(?!(?:home|search|groups|watch|hashtag|share|sharer|login|help)\b)(?:in/)?@?[\w.-]{3,}",
        r"\b(?:wa|t|fb)\.me/[\w+.-]{3,}",
        r"https?://[^\s/]+/(?:@[\w.]{3,}|~\w{3,}|(?:user|users|profile|people|member|u)s?/[\w.-]{3,})",
    )
)

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
        r"(?<![0-9.])0\.[0-9]{1,3}(?![0-9]|\.\w)",
        r"(?<![0-9.])(?!44)(?:0\.|[1-9][0-9]?\.(?!0[0-9]{9,10}(?![0-9])))[0-9]{6,}",
        r"(?<![0-9.])10\.[0-9]{4,9}/[^\s,;]+",
        r"(?<![A-Za-z0-9])[EWSN][0-9]{8}(?![0-9])",
        # Samaritans and other services of that kind; directory enquiries.
        r"(?<![0-9])(?<![0-9][-/.,\s])11[68][\s-]?[0-9]{3}(?![0-9]|[-/.,\s]\s?[0-9])",
    )
)
"""Dates, times, amounts, decimals, DOIs, ONS codes, numbers of public services."""
_BOOK = re.compile(
    r"(?P<named>ISBN[-\s]?(?:1[03])?[:\s]{0,3})?(?<![0-9])(?P<code>[0-9](?:[-\s]?[0-9]){8,11}[-\s]?[0-9X])(?![0-9])",
    re.IGNORECASE,
)

_PART, _OVERLAP = 2_000, 400
_SHORTEST, _LONGEST = 9, 15
"""Digits of a telephone number with its country code; at most 15 (ITU-T E.164)."""
_NATIONAL = r"(?:1[0-9]{8,9}|[23578][0-9]{9}|800[0-9]{6}|9[0-9]{9})"
_UK_NUMBER = re.compile(rf"0{_NATIONAL}|00440?{_NATIONAL}")
_UK_WITHOUT_PLUS = re.compile(r"440?[123578][0-9]{9}|7[1-9][0-9]{8}")
_LOST_ZERO = re.compile(r"(?:1[1-9]|2[03489]|7[1-9])[0-9]{8}")
_LOST_ZERO_SHAPES = {(10,), (4, 6), (4, 3, 3), (5, 5), (3, 7), (3, 3, 4), (2, 4, 4), (2, 8), (4, 2, 4), (1,) * 10}
"""How the digits of a number that lost its first 0 are grouped."""
_PARTS_WITHOUT_PLUS, _PARTS_IN_WORDS = 5, 11
_CALLED = re.compile(
    r"\b(?:tele?(?:phone)?|phone|ph|mob(?:ile)?|cell|ring|call|dial|text|sms|whats\s?app|fax|landline)\b\W{0,6}"
    r"(?:(?:me|us|him|her|them|on|at|is|was|my|his|our|number|no|num|it|its|s)\W{1,4}){0,5}$",
    re.IGNORECASE,
)
_LEAST_CALLED = 6
"""Digits of a number without its area code, where the text says that it is called."""
_HEALTH = re.compile(r"\bNHS\W{0,3}(?:(?:number|no|num|id|is|was|my|card)\W{1,4}){0,4}$", re.IGNORECASE)

_BETWEEN = r"[\W_]{0,3}"
_DIGIT = "[0-9OoIl]"
_INSURANCE = re.compile(
    rf"(?<![^\W_])([A-Za-z]{{2}}){_BETWEEN}({_DIGIT}{{2}}){_BETWEEN}({_DIGIT}{{2}}){_BETWEEN}({_DIGIT}{{2}}){_BETWEEN}"
    r"([A-Da-d])(?![^\W_])"
)
_SHORT_WORDS = frozenset(
    {
        "am",
        "an",
        "as",
        "at",
        "be",
        "by",
        "do",
        "go",
        "he",
        "if",
        "in",
        "is",
        "it",
        "me",
        "my",
        "no",
        "of",
        "on",
        "or",
        "so",
        "to",
        "up",
        "us",
        "we",
    }
)
_POSTCODE = re.compile(
    r"(?<![^\W_])(?:GIR[\W_]{0,3}0AA|[A-Z]{1,2}[0-9O][A-Z0-9]?[\W_]{0,3}([0-9O][ABD-HJLNP-UW-Z]{2}))(?![^\W_])",
    re.IGNORECASE,
)
_SPREAD_POSTCODE = re.compile(
    r"(?<![^\W_])[A-Z](?:[ .-]?[A-Z])?[ .-]?[0-9](?:[ .-]?[A-Z0-9])?[ .-]{0,3}"
    r"[0-9][ .-]?[ABD-HJLNP-UW-Z][ .-]?[ABD-HJLNP-UW-Z](?![^\W_])"
)
_ORDINAL = re.compile(r"1st|2nd|3rd|[04-9]th")

_ROADS = (
    r"(?:street|st|road|rd|avenue|ave?|lane|ln|close|cl|drive|dr|way|court|ct|crescent|cres|place|pl|terrace|gardens?|"
    r"gdns|grove|hill|row|walk|mews|square|sq|park|green|loke|yard|rise|parade|quay|wharf|meadows?|croft|common)"
)
_SURE_ROADS = r"(?:street|road|avenue|lane|crescent|terrace|gardens|grove|mews)"
_NOT_A_NAME = (
    r"(?!(?i:a|about|across|after|all|along|an|and|are|at|away|banks?|before|behind|branch(?:es)?|bus(?:es)?|by|cars?|"
    r"children|days?|doors?|down|each|every|famil(?:y|ies)|feet|flats?|from|homes?|hours?|houses?|households?|in|is|it|"
    r"kilomet(?:re|er)s?|km|librar(?:y|ies)|members?|met(?:re|er)s?|miles?|minutes?|mins?|months?|more|near|neighbours?|of|"
    r"off|on|opposite|or|other|our|out|past|people|per|pubs?|residents?|round|shops?|steps?|stops?|the|their|this|times?|"
    r"to|up|via|volunteers?|was|weeks?|were|with|yards?|years?|january|february|march|april|may|june|july|august|september|"
    r"october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b)"
)
_HOUSE = r"(?<![\w.,:£$€/-])(?<!\d\s)([1-9][0-9]{0,3})\s?[A-Za-z]?(?:\s?[-/]\s?[0-9]{1,3}[A-Za-z]?)?,?\s{1,3}"
_STREETS = (
    # Names as they are printed, before any word for a road; or any names, before a word that is hardly anything else.
    re.compile(rf"{_HOUSE}(?:{_NOT_A_NAME}[A-Z][\w'\u2019.-]{{0,30}}\s+){{1,3}}(?i:{_ROADS})\b"),
    re.compile(rf"{_HOUSE}(?:{_NOT_A_NAME}[\w'\u2019.-]{{1,30}}\s+){{1,2}}{_SURE_ROADS}\b", re.IGNORECASE),
)
_FLAT = re.compile(rf"\b(?:flat|apartment|apt)\s?[0-9]{{1,4}}[a-z]?\b,?\s+{_NOT_A_NAME}[A-Z0-9]", re.IGNORECASE)
_PLACE_OF_WORDS = re.compile(r"///[a-z]{3,}\.[a-z]{3,}\.[a-z]{3,}", re.IGNORECASE)
_BEFORE_A_ROUTE = re.compile(
    r"\b(?:bus(?:es)?|route|service|line|train|tram)\W{1,3}(?:number\W{1,3}|no\W{1,3})?$", re.IGNORECASE
)
_BEFORE_A_YEAR = re.compile(r"\b(?:in|since|from|by|until|till|of|after|before|during|to)\W{1,2}$", re.IGNORECASE)
_HOUR = r"[0-9]{1,2}(?:[.:][0-9]{2})?\s?(?:am|pm)?"
_OPENING = re.compile(
    rf"(?:\b(?:open(?:s|ing)?|hours|from|daily|weekdays?|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?)\W+"
    rf"{_HOUR}|(?<![0-9]){_HOUR}(?<=m))\s?(?:-|\u2013|to|till|until)\s?{_HOUR}(?![0-9])",
    re.IGNORECASE,
)

_MONTH_NAME = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_A_DATE = (
    rf"(?:{_DAY}(?:st|nd|rd|th)?\W{{1,4}}(?:of\W)?{_MONTH_NAME}(?:\W{{1,3}}(?:[0-9]{{4}}|[0-9]{{2}})\b)?"
    rf"|{_MONTH_NAME}\W{{1,3}}{_DAY}(?:st|nd|rd|th)?\b(?:\W{{1,3}}(?:[0-9]{{4}}|[0-9]{{2}})\b)?"
    rf"|{_DAY}[\W_]{{1,3}}{_MONTH}[\W_]{{1,3}}(?:[0-9]{{4}}|[0-9]{{2}})\b|{_YEAR}[\W_]{_MONTH}[\W_]{_DAY}\b)"
)
_BIRTH = re.compile(
    rf"(?:\b(?:born|birthday|d\W?o\W?b|date of birth|birth date|birthdate)\b[^\n0-9]{{0,25}}?|\bb\.\s?){_A_DATE}",
    re.IGNORECASE,
)
_CARD = re.compile(r"(?<![0-9])[0-9]{4}(?:[\W_]{0,3}[0-9]{4}){3}(?![0-9])")
_BANKS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bsort\W{0,2}code\D{0,12}[0-9]{2}\W{0,3}[0-9]{2}\W{0,3}[0-9]{2}(?![0-9])",
        r"\b(?:bank |current |savings )?account\W{0,2}(?:number|no|num)\b\D{0,12}[0-9](?:[\W_]?[0-9]){5,9}(?![0-9])",
        r"(?<![0-9])[0-9]{2}[\s-][0-9]{2}[\s-][0-9]{2}[^0-9\n]{1,20}[0-9]{8}(?![0-9])",
        r"(?<![^\W_])GB[0-9]{2}\s?[A-Z]{4}(?:\s?[0-9]){14}(?![^\W_])",
    )
)
_VEHICLE = re.compile(r"(?<![^\W_])[A-Z]{2}[0-9]{2}[\s-]?[A-HJ-PR-Z]{3}(?![^\W_])")
_LICENCE = re.compile(r"(?<![^\W_])[A-Z9]{5}\W?[0-9]{6}\W?[A-Z9]{2}[0-9][A-Z]{2}(?![^\W_])", re.IGNORECASE)


def personal_data(text: str, *, postcodes: bool = True) -> list[str]:
    """What kinds of personal data ``text`` seems to hold, each by name, in alphabetical order.

    Digits count as one number whatever separates them, and so do numbers in words (``double seven``), letters that look
    like digits among digits, and digits of other scripts. Dates, times, amounts, decimals, book numbers and ONS codes
    are taken out first. A number that lost its first 0 is a telephone number where it is grouped as one.

    Names are not looked for: no rule tells a person's from a place's.

    Args:
        postcodes: whether a full postcode counts; it does not where it says where a story belongs, as it is not shown.
    """
    plain = _plain(text)
    return sorted({kind for part in _parts(plain) for kind in _kinds(part, postcodes=postcodes)})


def _parts(plain: str) -> Iterator[str]:
    """``plain`` in parts that overlap, cut at spaces where there are any, so that time grows with its length only."""
    start = 0
    while True:
        end = start + _PART
        if end >= len(plain):
            yield plain[start:]
            return
        space = plain.rfind(" ", end - _OVERLAP // 2, end)
        end = space if space > 0 else end
        yield plain[start:end]
        begin = plain.find(" ", end - _OVERLAP, end)
        start = begin if begin > 0 else end - _OVERLAP


def _kinds(plain: str, *, postcodes: bool) -> set[str]:
    kinds = {kind for kind, patterns in _BY_PATTERN.items() if any(pattern.search(plain) for pattern in patterns)}
    if any(pattern.search(other) for other in (plain, _spelt(plain)) for pattern in _EMAILS):
        kinds.add(EMAIL)
    if postcodes and _has_postcode(plain):
        kinds.add(POSTCODE)
    if any(_is_insurance(match) for match in _INSURANCE.finditer(plain)):
        kinds.add(INSURANCE)
    if _has_street(plain):
        kinds.add(STREET)
    if any(_is_card(re.sub(r"\D", "", match.group())) for match in _CARD.finditer(plain)):
        kinds.add(BANK)
    left = _without_books(plain)
    for pattern in _HARMLESS:
        left = pattern.sub(" # ", left)
    items = numbers_in(left)
    for run in _runs(items):
        kinds |= _numbers(run, left)
    if _has_spread_nhs_number(items, left):
        kinds.add(NHS)
    return kinds


_BY_PATTERN = {
    ACCOUNT: _ACCOUNTS,
    BANK: _BANKS,
    BIRTH: (_BIRTH,),
    VEHICLE: (_VEHICLE,),
    LICENCE: (_LICENCE,),
    STREET: (_PLACE_OF_WORDS,),
}


@dataclass(frozen=True)
class _Run:
    """Numbers with nothing but separators between them."""

    parts: tuple[Digits, ...]

    @property
    def groups(self) -> list[str]:
        """The digits of each."""
        return [part.digits for part in self.parts]

    @property
    def most_parts(self) -> int:
        """Of how many a number without 0 or plus sign may consist."""
        return _PARTS_IN_WORDS if any(part.in_words for part in self.parts) else _PARTS_WITHOUT_PLUS

    def is_one_number(self, start: int, end: int) -> bool:
        """Whether parts from ``start`` up to ``end`` are said, or have nothing but spaces and hyphens between them."""
        parts = self.parts[start:end]
        spaced = all(re.fullmatch(r"[\s\-\u2010-\u2015]*", part.gap or "") for part in parts[1:])
        return spaced or any(part.in_words for part in parts)


def _runs(items: Sequence[Digits]) -> Iterator[_Run]:
    run: list[Digits] = []
    for item in items:
        if run and item.gap is None:
            yield _Run(tuple(run))
            run = []
        run.append(item)
    if run:
        yield _Run(tuple(run))


def _numbers(run: _Run, text: str) -> set[str]:
    """Kinds of number that consecutive groups of digits make up."""
    kinds = set()
    groups, most = run.groups, run.most_parts
    before = text[max(0, run.parts[0].start - 60) : run.parts[0].start]
    has_plus = re.search(r"(?<![0-9])(?:\+|\bplus\b)[\W_]{0,4}$", before, re.IGNORECASE) is not None
    is_called = _CALLED.search(before) is not None
    if is_called and _LEAST_CALLED <= len("".join(groups)) <= _LONGEST and not _are_years(groups):
        kinds.add(UK)
    if _HEALTH.search(before) and len("".join(groups)) == 10:
        kinds.add(NHS)
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
                kinds.add(UK if digits.startswith("44") else ABROAD)
            if _UK_NUMBER.fullmatch(digits) or (_keeps_together(parts, most) and _UK_WITHOUT_PLUS.fullmatch(digits)):
                kinds.add(UK)
            elif digits.startswith("00") and len(digits) >= 11 and digits[2] != "0":
                kinds.add(ABROAD)
            elif _lost_its_zero(parts, digits):
                kinds.add(UK)
            if is_nhs_number(digits) and _is_grouped_as_one(parts, run.is_one_number(start, end + 1)):
                kinds.add(NHS)
    return kinds


def _are_years(groups: Sequence[str]) -> bool:
    return all(re.fullmatch(_YEAR, group) for group in groups)


def _lost_its_zero(parts: list[str], digits: str) -> bool:
    """Whether ten digits are grouped as a number whose first 0 was left out, none of the groups a year."""
    shape = tuple(len(part) for part in parts)
    if shape not in _LOST_ZERO_SHAPES or not _LOST_ZERO.fullmatch(digits):
        return False
    return not any(re.fullmatch(_YEAR, part) for part in parts)


def _keeps_together(groups: list[str], most: int) -> bool:
    """Whether groups look like one number though it begins with no 0 or plus sign: few of them, or digit by digit."""
    return len(groups) <= most or all(len(group) == 1 for group in groups)


def _is_grouped_as_one(groups: list[str], together: bool) -> bool:  # noqa: FBT001
    """Whether ten digits are grouped as an NHS number may be: 3-3-4, digit by digit, or in few parts, none a year.

    Other groupings are no list of numbers only where the parts belong ``together``.
    """
    sizes = [len(group) for group in groups]
    if sizes == [3, 3, 4] or set(sizes) == {1}:
        return True
    few = len(sizes) <= 4 and min(sizes) >= 2
    return (few or together) and not any(re.fullmatch(_YEAR, group) for group in groups)


def _has_spread_nhs_number(items: Sequence[Digits], text: str) -> bool:
    """Whether three numbers in a row, with a word or two between them, are the 3, 3 and 4 digits of an NHS number."""
    for first, second, third in zip(items, items[1:], items[2:], strict=False):
        parts = [first.digits, second.digits, third.digits]
        gaps = (text[first.end : second.start], text[second.end : third.start])
        if [len(part) for part in parts] != [3, 3, 4] or re.fullmatch(_YEAR, parts[2]):
            continue
        near = all(re.fullmatch(r"[^\w#]*(?:[^\W\d_]{1,12}[^\w#]+){0,2}", gap) for gap in gaps)
        if near and is_nhs_number("".join(parts)):
            return True
    return False


def _is_insurance(match: re.Match[str]) -> bool:
    """Whether letters and digits are those of a National Insurance number, and not a short word before numbers."""
    prefix, last = match[1], match[5]
    if not re.search(r"[0-9]", "".join(match.group(2, 3, 4))):
        return False
    return prefix.lower() not in _SHORT_WORDS or (prefix.isupper() and last.isupper())


def _has_postcode(plain: str) -> bool:
    if _SPREAD_POSTCODE.search(plain):
        return True
    # In small letters, "e10 1st" and the like are ordinals.
    return any(not (m[1] and _ORDINAL.fullmatch(m[1])) for m in _POSTCODE.finditer(plain))


def _has_street(plain: str) -> bool:
    text = _OPENING.sub(" # ", _house_numbers(plain))
    if _FLAT.search(text):
        return True
    for pattern in _STREETS:
        for match in pattern.finditer(text):
            before = text[max(0, match.start() - 20) : match.start()]
            is_year = re.fullmatch(_YEAR, match[1]) and _BEFORE_A_YEAR.search(before)
            if not is_year and not _BEFORE_A_ROUTE.search(before):
                return True
    return False


def _house_numbers(text: str) -> str:
    """``text`` with numbers of eleven and more that are written in words as digits; "one High Street bank" stays."""
    for item in reversed(numbers_in(text)):
        if item.in_words and len(item.digits) == 2 and int(item.digits) > 10:
            text = text[: item.start] + item.digits + text[item.end :]
    return text


def _is_card(digits: str) -> bool:
    """Whether 16 digits have the check digit of a bank card (ISO/IEC 7812, Luhn)."""
    doubled = (int(d) * 2 if n % 2 == 0 else int(d) for n, d in enumerate(digits))
    return len(digits) == 16 and len(set(digits)) > 1 and sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _plain(text: str) -> str:
    """``text`` in plain letters and digits: compatibility forms resolved, marks and invisible characters removed."""
    for _ in range(3):
        text = html.unescape(text)
    text = re.sub(r"%40", "@", re.sub(r"%2e", ".", text, flags=re.IGNORECASE))
    resolved = unicodedata.normalize("NFKC", text.replace("\u24d0", "@").replace("\u24b6", "@"))
    if resolved.isascii():
        return resolved
    seen = (c for c in resolved if unicodedata.category(c) not in ("Cf", "Mn", "Me"))
    return "".join(c if c.isascii() else _DOTS.get(c) or str(unicodedata.decimal(c, c)) for c in seen)


_DOTS = dict.fromkeys("\u3002\uff61\u2e31\u2024\ufe52", ".")
"""Full stops of other scripts, which stand in addresses; NFKC leaves the first."""


def _spelt(text: str) -> str:
    """``text`` with words that are written letter by letter, and the signs of an address in words, put together."""
    joined = re.sub(r"(?<![^\W_])d[\W_]{1,3}o[\W_]{1,3}t(?![^\W_])", "dot", text, flags=re.IGNORECASE)
    joined = re.sub(r"(?<![^\W_])a[\W_]{1,3}t(?![^\W_])", "at", joined, flags=re.IGNORECASE)
    joined = re.sub(r"(?<!\S)(?:[\w@.-] ){3,}[\w@.-](?!\S)", lambda match: match.group().replace(" ", ""), joined)
    return re.sub(r"\s(?:full stop|period|punkt)\s", " dot ", joined, flags=re.IGNORECASE)


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
