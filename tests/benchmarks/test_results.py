"""What ``make bench`` makes of what it measured: ratios, what has become slower, the page, and the exponents."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.measuring import Run
from benchmarks.page import Measured
from benchmarks.report import compose
from benchmarks.results import AreaResult, Results, find_slower, keep_ratios, ratios_of, read_ratios
from benchmarks.scaling import Measurement, fit_exponent

STEP: dict[str, float | str] = {
    "step": "score england",
    "stage": "score",
    "seconds": 2.0,
    "processor": 3.0,
    "memory": 5e8,
}


def measured(seconds: float = 20.0) -> Results:
    area = AreaResult(
        name="england",
        title="England",
        ours=Run(seconds, 30.0, 1_600_000_000),
        plain=Run(40.0, 38.0, 4_000_000_000),
        quick=Run(32.0, 30.0, 4_000_000_000),
        edit=10.0,
        copy=0.5,
        raw=150_000_000,
        plain_bytes=471_000_000,
        steps=[{**STEP, "read": 4e6, "written": 2e6}],
        page=Measured(6.6, first_drawn=300.0),
        polygons=Measured(20.0, first_drawn=200.0),
    )
    scaled = {"scoring": [Measurement(1, 0.1, 0.1, 10**8), Measurement(10, 1.2, 1.3, 10**9)]}
    return Results({"System": "invented"}, 0.1, 0.4, 0.02, [area], scaled, 4.0, 2.0)


def test_ratios_are_those_of_ours_to_what_stands_beside_it() -> None:
    ratios = ratios_of(measured())
    assert ratios["england: time / plain"] == 0.5
    assert ratios["england: time / quick"] == 0.625
    assert ratios["england: memory / plain"] == 0.4
    assert ratios["england: page drawn / polygons"] == 1.5
    assert ratios["draws / sorts"] == 2
    assert "england: page drawn / plain" not in ratios


def test_what_has_grown_by_over_a_fifth_is_named_and_nothing_else() -> None:
    before = ratios_of(measured())
    assert find_slower(ratios_of(measured(seconds=23.9)), before) == []
    slower = find_slower(ratios_of(measured(seconds=24.1)), before)
    assert [line.split(": ")[1] for line in slower] == ["time / plain", "time / quick"]
    assert find_slower({"new": 9.0}, before) == []


def test_committed_ratios_change_only_when_they_are_accepted(tmp_path: Path) -> None:
    path = tmp_path / "ratios.json"
    assert read_ratios(path) == {}
    keep_ratios({"a": 1.0}, accept=False, path=path)
    keep_ratios({"a": 2.0, "b": 3.0}, accept=False, path=path)
    assert read_ratios(path) == {"a": 1.0, "b": 3.0}
    keep_ratios({"a": 2.0}, accept=True, path=path)
    assert json.loads(path.read_text(encoding="utf-8")) == {"a": 2.0, "b": 3.0}


def test_the_page_says_what_was_measured_and_which_target_is_missed() -> None:
    text = compose(measured(seconds=30.0), "27 November 2026", ["england: time / plain: 0.75"])
    rows = [line for line in text.splitlines() if line.startswith("| England from raw files, by the plain way's time")]
    assert rows == ["| England from raw files, by the plain way's time | 0.55 | 0.75 | **no** |"]
    assert "| score | 1 | 2.00 | 3.00 | 500 | 4.0 | 2.0 |" in text
    assert "Slower than committed: england: time / plain: 0.75." in text
    assert "**England**, seconds | 30.0 | 40.0 | 0.75 | 0.50 |" in text


@given(st.floats(0.5, 2.5), st.floats(0.001, 10))
def test_the_exponent_of_a_power_is_found(power: float, unit: float) -> None:
    times = [Measurement(factor, 1.0, unit * factor**power, 0) for factor in (1, 10, 100)]
    assert fit_exponent(times) == pytest.approx(power)
    assert fit_exponent(times[:1]) is None
