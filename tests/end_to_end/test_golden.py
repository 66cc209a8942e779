"""The fictional area comes out as it was committed, figure by figure."""

import numpy as np
import pytest

from tests.end_to_end import golden
from tests.fixtures.projects import Demo


def test_figures_are_those_committed(demo: Demo) -> None:
    found = golden.differences(golden.committed(), golden.figures_of(demo[0]))
    assert not found, "\n".join([*found, golden.RENEW])


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("risk_score", 0.0, "risk_score: 1 of 240 differ, E01900005 the most"),
        ("people_at_risk", np.nan, "people_at_risk: 1 of 240"),
        ("main_driver", "nothing", "is now 'nothing'"),
        ("exclusion_rank", 999, "is now 999"),
    ],
)
def test_a_figure_that_differs_is_told(column: str, value: float | str, message: str) -> None:
    old = golden.committed()
    areas = old.areas.astype({column: object})
    areas.loc["E01900005", column] = value
    (line,) = golden.differences(old, golden.Figures(areas, old.facts))
    assert message in line


def test_facts_that_differ_are_told_and_rounding_is_not() -> None:
    old = golden.committed()
    facts = dict(old.facts) | {"rows.nearest": -1, "more": 2}
    lines = golden.differences(old, golden.Figures(old.areas, facts))
    assert [line.split(":")[0] for line in lines] == ["rows.nearest", "more"]
    nearly = old.areas.assign(risk_score=old.areas["risk_score"] + golden.TOLERANCE / 10)
    assert golden.differences(old, golden.Figures(nearly, old.facts)) == []


def test_what_is_committed_is_small() -> None:
    assert sum(path.stat().st_size for path in golden.FOLDER.iterdir()) < 200_000
