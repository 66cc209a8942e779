"""Charts as inline SVG, coloured by the page's variables, so that they can be read in light, in dark and on paper."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.reports.elements import Markup, escape

WIDTH, LABELS, RIGHT, ROW, TOP, BOTTOM = 760, 275, 20, 24, 30, 40


@dataclass(frozen=True)
class Interval:
    """One row of a rank chart: where its bar starts and ends, and where it is marked."""

    label: str
    low: float
    median: float
    high: float
    nominal: float


@dataclass(frozen=True)
class Shift:
    """One row of a chart of shifts: the rank before and after, and whether that is beyond uncertainty."""

    label: str
    old: float
    new: float
    sure: bool


@dataclass(frozen=True)
class Bar:
    """One row of a bar chart: two lengths on the same axis, named by ``first_name`` and ``second_name``."""

    label: str
    first: float
    second: float


def rank_chart(title: str, rows: Sequence[Interval], bound: float, axis: str) -> Markup:
    """A bar from ``low`` to ``high`` for each row, its median a line and its published rank a dot.

    ``bound`` is the last rank of the worst tenth, drawn as a line.
    """
    top = max([*(row.high for row in rows), bound])
    x = _Axis(0.0, top)
    marks = [_grid(x, len(rows), axis, _steps(top), lambda value: f"{value:,.0f}")]
    for place, row in enumerate(rows):
        y = TOP + ROW * place + ROW / 2
        marks.append(
            f'<text class="label" x="{LABELS - 8}" y="{y + 4:.1f}">{escape(row.label)}</text>'
            f'<rect class="first" x="{x(row.low) - 1:.1f}" y="{y - 6:.1f}" height="12" '
            f'width="{x(row.high) - x(row.low) + 2:.1f}"/>'
            f'<line class="median" x1="{x(row.median):.1f}" x2="{x(row.median):.1f}" '
            f'y1="{y - 8:.1f}" y2="{y + 8:.1f}"/>'
            f'<circle class="nominal" cx="{x(row.nominal):.1f}" cy="{y:.1f}" r="4"/>'
        )
    bottom = TOP + ROW * len(rows)
    return _drawing(title, bottom + BOTTOM, [*marks, _end_of_worst_tenth(x(bound), bottom)])


def shift_chart(title: str, rows: Sequence[Shift], bound: float, axis: str) -> Markup:
    """From an earlier rank (hollow) to a later one (solid) for each row; ``bound`` is the last rank of the worst tenth.

    A row that is not ``sure`` is drawn with a thin line.
    """
    top = max([*(max(row.old, row.new) for row in rows), bound])
    x = _Axis(0.0, top)
    marks = [_grid(x, len(rows), axis, _steps(top), lambda value: f"{value:,.0f}")]
    for place, row in enumerate(rows):
        y = TOP + ROW * place + ROW / 2
        marks.append(
            f'<text class="label" x="{LABELS - 8}" y="{y + 4:.1f}">{escape(row.label)}</text>'
            f'<line class="{"sure" if row.sure else "unsure"}" x1="{x(row.old):.1f}" x2="{x(row.new):.1f}" '
            f'y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<circle class="nominal" cx="{x(row.old):.1f}" cy="{y:.1f}" r="4"/>'
            f'<circle class="later" cx="{x(row.new):.1f}" cy="{y:.1f}" r="5"/>'
        )
    bottom = TOP + ROW * len(rows)
    return _drawing(title, bottom + BOTTOM, [*marks, _end_of_worst_tenth(x(bound), bottom)])


def _end_of_worst_tenth(x: float, bottom: float) -> str:
    return (
        f'<line class="bound" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 6}" y2="{bottom}"/>'
        f'<text class="tick" x="{x:.1f}" y="{TOP - 12}">worst tenth ends</text>'
    )


def bar_chart(title: str, rows: Sequence[Bar], axis: str, first_name: str, second_name: str) -> Markup:
    """Two bars for each row, the second an outline only; lengths below zero are drawn as none."""
    top = max([1e-9, *(max(row.first, row.second) for row in rows)])
    x = _Axis(0.0, top)
    height = ROW + 10
    marks = [_grid(x, len(rows) * height / ROW, axis, _steps(top), lambda value: f"{value:.0%}")]
    for place, row in enumerate(rows):
        y = TOP + height * place + height / 2
        marks.append(f'<text class="label" x="{LABELS - 8}" y="{y + 4:.1f}">{escape(row.label)}</text>')
        for kind, value, offset in (("first", row.first, -12), ("second", row.second, 1)):
            length = max(x(max(value, 0.0)) - x(0.0), 0.0)
            marks.append(
                f'<rect class="{kind}" x="{x(0.0):.1f}" y="{y + offset:.1f}" height="11" width="{length:.1f}"/>'
            )
    marks.append(
        f'<rect class="first" x="{LABELS}" y="4" width="12" height="11"/>'
        f'<text class="key" x="{LABELS + 18}" y="14">{escape(first_name)}</text>'
        f'<rect class="second" x="{LABELS + 230}" y="4" width="12" height="11"/>'
        f'<text class="key" x="{LABELS + 248}" y="14">{escape(second_name)}</text>'
    )
    return _drawing(title, TOP + height * len(rows) + BOTTOM, marks)


@dataclass(frozen=True)
class Dumbbell:
    """One row of a dumbbell chart: the levels now and aimed at, of the levels that there are; none where not said."""

    label: str
    levels: int
    now: int | None
    target: int | None


def dumbbell_chart(title: str, description: str, rows: Sequence[Dumbbell]) -> Markup:
    """A line of levels for each row, with a ring at the level now and a disc at the one aimed at, numbered inside.

    It is as wide as its column, so that it can be read on a phone; each label stands above its line. ``description``
    says the same in words.
    """
    width, left, right, top, row_height = 440.0, 22.0, 418.0, 40.0, 66.0
    marks = [
        '<circle class="now" cx="22" cy="16" r="9"/><text class="key" x="38" y="21">now</text>'
        '<circle class="target" cx="106" cy="16" r="9"/><text class="key" x="122" y="21">where we want to be</text>'
    ]
    for place, row in enumerate(rows):
        y = top + row_height * place
        line = y + 43
        at = [left + (right - left) * step / (row.levels - 1) for step in range(row.levels)]
        marks.append(
            f'<text class="theme" x="10" y="{y + 20:.0f}">{escape(row.label)}</text>'
            f'<line class="grid" x1="{left:.0f}" x2="{right:.0f}" y1="{line:.0f}" y2="{line:.0f}"/>'
        )
        if row.now is None or row.target is None:
            marks.append(f'<text class="tick" x="{(left + right) / 2:.0f}" y="{line - 4:.0f}">not answered</text>')
            continue
        marks += [
            f'<circle class="step" cx="{x:.1f}" cy="{line:.0f}" r="3"/>'
            f'<text class="tick" x="{x:.1f}" y="{line + 19:.0f}">{level}</text>'
            for level, x in enumerate(at, 1)
            if level not in (row.now, row.target)
        ]
        start, end = at[row.now - 1], at[row.target - 1]
        marks.append(f'<line class="way" x1="{start:.1f}" x2="{end:.1f}" y1="{line:.0f}" y2="{line:.0f}"/>')
        # Where a theme stays, the disc lies inside the ring.
        radii = {"now": 15, "target": 11} if row.now == row.target else {"now": 12, "target": 12}
        for kind, level, x in (("now", row.now, start), ("target", row.target, end)):
            marks.append(f'<circle class="{kind}" cx="{x:.1f}" cy="{line:.0f}" r="{radii[kind]}"/>')
            marks.append(f'<text class="in-{kind}" x="{x:.1f}" y="{line + 5:.0f}">{level}</text>')
    height = top + row_height * len(rows)
    return Markup(
        f'<svg class="dumbbells" role="img" aria-labelledby="picture-title picture-text" '
        f'viewBox="0 0 {width:.0f} {height:.0f}"><title id="picture-title">{escape(title)}</title>'
        f'<desc id="picture-text">{escape(description)}</desc>{"".join(marks)}</svg>'
    )


def heat_map(caption: str, names: Sequence[str], matrix: NDArray[np.float64]) -> Markup:
    """A table of correlations, each on a colour between blue (-1), white (0) and orange (+1).

    The text stays dark, so the colours stop short of where it would be unreadable. NaN reads "none".
    """
    head = "".join(f'<th scope="col" class="number">{place}</th>' for place in range(1, len(names) + 1))
    rows = []
    for place, name in enumerate(names):
        cells = "".join(_cell(matrix[place, other]) for other in range(len(names)))
        rows.append(f'<tr><th scope="row">{place + 1}. {escape(name)}</th>{cells}</tr>')
    return Markup(
        f'<div class="scroll" role="group" tabindex="0" aria-label="{escape(caption)}"><table class="heat">'
        f'<caption>{escape(caption)}</caption><thead><tr><th scope="col">Indicator</th>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _cell(value: float) -> str:
    if np.isnan(value):
        return f'<td class="number">{two_decimals(value)}</td>'
    end = np.array([243, 146, 55]) if value > 0 else np.array([110, 165, 230])
    red, green, blue = np.rint(255 + (end - 255) * min(abs(value), 1.0)).astype(int)
    return f'<td class="number" style="background:rgb({red} {green} {blue})">{two_decimals(value)}</td>'


def two_decimals(value: float) -> str:
    """Two decimals with a minus sign that cannot be mistaken for a hyphen, none before zero; "none" for NaN."""
    if np.isnan(value):
        return "none"
    text = f"{value:.2f}"
    return text.replace("-0.00", "0.00").replace("-", "−")


class _Axis:
    """From values to positions across the drawing."""

    def __init__(self, low: float, high: float) -> None:
        self.low, self.width = low, (WIDTH - LABELS - RIGHT) / (high - low)

    def __call__(self, value: float) -> float:
        return LABELS + (value - self.low) * self.width


def _steps(top: float) -> list[float]:
    """Round numbers from 0 to ``top``, four to nine of them."""
    size = 10.0 ** np.floor(np.log10(top))
    step = next(size * part for part in (0.2, 0.25, 0.5, 1.0, 2.0) if top / (size * part) <= 8)
    return [float(value) for value in np.arange(0, top * (1 + 1e-9), step)]


def _grid(x: _Axis, rows: float, axis: str, steps: Sequence[float], text: Callable[[float], str]) -> str:
    bottom = TOP + ROW * rows
    lines = "".join(
        f'<line class="grid" x1="{x(step):.1f}" x2="{x(step):.1f}" y1="{TOP}" y2="{bottom:.0f}"/>'
        f'<text class="tick" x="{x(step):.1f}" y="{bottom + 15:.0f}">{text(step)}</text>'
        for step in steps
    )
    centre = (LABELS + WIDTH - RIGHT) / 2
    return f'{lines}<text class="tick" x="{centre:.0f}" y="{bottom + 32:.0f}">{escape(axis)}</text>'


def _drawing(title: str, height: float, marks: Sequence[str]) -> Markup:
    return Markup(
        f'<svg role="img" aria-label="{escape(title)}" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" '
        f'height="{height:.0f}">{"".join(marks)}</svg>'
    )
