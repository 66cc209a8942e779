"""All cases; the part of them that ``make torture`` tries; the fast choice in ``make test``."""

from collections.abc import Iterator

from tests.torture import (
    chance,
    commands,
    declared,
    delimited,
    geography,
    machine,
    network,
    texts,
    workbooks,
)
from tests.torture.cases import MAPS, Case

SHARES = {
    delimited.WRITTEN: 0.1,
    delimited.LAYOUT: 0.12,
    delimited.ROWS: 0.25,
    delimited.CODES: 0.2,
    delimited.NUMBERS: 0.12,
    delimited.FILES: 0.15,
    geography.SHAPES: 0.6,
    geography.POINTS: 0.6,
    workbooks.BOOKS: 0.6,
    declared.KEYS: 0.4,
    declared.VALUES: 0.35,
    declared.EDITORS: 0.4,
    commands.OPTIONS: 0.7,
    commands.ABSENT: 0.7,
    commands.HELP: 0.7,
    machine.CHANGED: 0.2,
    machine.KILLED: 0.35,
    machine.REFUSED_BY_DISK: 0.5,
    machine.TOGETHER: 0.6,
    machine.VERSIONS: 0.6,
    network.NETWORK: 0.5,
    chance.CELLS: 0.2,
    chance.BYTES: 0.2,
    chance.ENDS: 0.2,
}
"""The share of each kind that one run tries, by another draw each time; all of what is not named."""
FAST = {
    declared.VALUES: 2,
    commands.OPTIONS: 2,
    machine.KILLED: 2,
    machine.CHANGED: 2,
}
"""How many of a kind are tried by ``make test``; one of every other."""
TOO_SLOW = {network.NETWORK}
"""What waits for publishers; ``tests/fetch`` has some of it."""
FIXED_SEED = 20260501


def every_case(seed: int) -> Iterator[Case]:
    """Every case; ``seed`` draws those that are by chance."""
    for text in (*texts.OFFICIAL, *texts.ADDED):
        yield from delimited.cases(text)
    yield from delimited.cases(texts.ADDED[0], texts.OF_LISTS)
    yield from geography.cases()
    yield from workbooks.cases()
    yield from declared.cases()
    yield from commands.cases()
    yield from machine.cases(seed)
    yield from chance.cases(seed)
    yield from network.cases()


def by_kind(seed: int) -> dict[str, list[Case]]:
    """Every case, by kind."""
    grouped: dict[str, list[Case]] = {}
    for case in every_case(seed):
        grouped.setdefault(case.kind, []).append(case)
    return grouped


def drawn_cases(seed: int) -> list[Case]:
    """What one run of ``make torture`` tries: some of each kind, by another draw for another seed."""
    return [
        case
        for number, (kind, cases) in enumerate(by_kind(seed).items())
        for case in chance.some(cases, SHARES.get(kind, 1.0), seed + number)
    ]


def fast_cases() -> list[Case]:
    """What ``make test`` tries: the same few of each kind each time."""
    chosen: list[Case] = []
    for number, (kind, cases) in enumerate(by_kind(FIXED_SEED).items()):
        quick = [case for case in cases if case.undisturbed == (MAPS,)]
        if kind not in TOO_SLOW:
            chosen += chance.some(quick, FAST.get(kind, 1) / len(quick), FIXED_SEED + number)
    return chosen
