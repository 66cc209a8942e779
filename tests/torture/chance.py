"""Damage by chance, drawn by Hypothesis from a seed: cells, bytes and ends of files."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import hypothesis
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st

from tests.torture import texts
from tests.torture.cases import ANY, Bench, Case
from tests.torture.delimited import Text, damage

CELLS, BYTES, ENDS = "by chance: cells", "by chance: bytes", "by chance: ends of files"
T = TypeVar("T")
ODD = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Nd"]), min_size=1, max_size=12)
NEARLY = st.from_regex(r"[-+]?[0-9]{0,3}[,.;:' ][0-9]{0,4}[a-zA-Z%£ *]{1,3}", fullmatch=True)
FOREIGN = (0x00, 0x1A, 0x81, 0x8D, 0x9D, 0xC3, 0xFE, 0xFF)
"""Bytes that no word or number of these files has."""


def drawn(strategy: st.SearchStrategy[T], count: int, seed: int) -> list[T]:
    """``count`` values of a strategy, the same ones for the same seed."""
    values: list[T] = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=count * 2,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(strategy)
    def collect(value: T) -> None:
        values.append(value)

    collect()
    return values[:count]


def cases(seed: int, each: int = 6) -> Iterator[Case]:
    """Cases by chance, ``each`` of a kind for every table of text."""
    tables = [text for text in (*texts.OFFICIAL, *texts.ADDED) if text.number is not None]
    for number, text in enumerate(tables):
        strategy = st.tuples(st.integers(0, 59), st.one_of(ODD, NEARLY).filter(_no_number))
        for row, cell in drawn(strategy, each, seed + number):
            yield _case(CELLS, text, f"{cell!r} in row {row}", damage(text, _cell(row, cell)))
    for number, text in enumerate(texts.OFFICIAL):
        foreign = st.tuples(st.floats(0.02, 0.98), st.sampled_from(FOREIGN))
        for place, byte in drawn(foreign, each, seed + 100 + number):
            yield _case(BYTES, text, f"byte {byte:#x} at {place:.0%}", _bytes(text, place, byte))
        for place in drawn(st.floats(0.02, 0.98), each, seed + 200 + number):
            yield _case(ENDS, text, f"cut at {place:.1%}", _bytes(text, place, None))


def _no_number(cell: str) -> bool:
    """Whether it is no number in any way of writing, nor one of the marks that leave a cell empty."""
    return not _readable(cell)


def _readable(cell: str) -> bool:
    try:
        float(cell.replace(",", "").strip(" %£"))
    except ValueError:
        return False
    return True


def _case(kind: str, text: Text, name: str, act: Callable[[Bench], None]) -> Case:
    return Case(kind, f"{text.label}: {name}", act, ANY, text.names, text.commands)


def _cell(row: int, cell: str) -> Callable[..., None]:
    return lambda grid: grid.column(grid.text.number, lambda _before: cell, [row])


def _bytes(text: Text, place: float, byte: int | None) -> Callable[[Bench], None]:
    def act(bench: Bench) -> None:
        content = text.get(bench)
        start = int(len(content) * place)
        rest = b"" if byte is None else bytes([byte]) + content[start + 1 :]
        text.put(bench, content[:start] + rest)

    return act


def some(cases: Sequence[Case], share: float, seed: int) -> list[Case]:
    """A share of cases, drawn by chance and in their order."""
    import random

    count = max(1, round(len(cases) * share))
    return [cases[place] for place in sorted(random.Random(seed).sample(range(len(cases)), min(count, len(cases))))]
