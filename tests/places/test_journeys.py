"""What looks wrong about a matrix of journeys that can be read."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.catalogue.places import read_places_declaration
from pipeline.errors import RawFileError
from pipeline.places import describe_journeys, read_journeys
from tests.fixtures.folders import DECLARED

CODES = [f"E019000{number:02d}" for number in range(1, 31)]


@pytest.mark.parametrize(("step", "said"), [(0, True), (1, False)])
def test_the_same_minutes_in_every_row_are_said(step: int, said: bool) -> None:
    minutes = [12.0 + step * number for number in range(len(CODES))]
    frame = pd.DataFrame({"origin": CODES, "destination": "hub-1", "minutes": minutes})
    places = pd.DataFrame({"place_id": ["hub-1"], "kind": ["hub"]})
    declared = read_places_declaration(DECLARED / "places.toml")
    lines = describe_journeys(frame, set(CODES), places, declared)
    assert any("each of the 30 rows has the same 12 minutes" in line for line in lines) == said


def test_minutes_with_a_decimal_comma_are_read_where_that_is_declared(tmp_path: Path) -> None:
    path = tmp_path / "journeys.csv"
    path.write_text('origin,destination,minutes\nE01900001,hub-1,"7,5"\n', encoding="utf-8")
    with pytest.raises(RawFileError, match=r'Declare journeys_decimal = "," for the file, or write'):
        read_journeys(path)
    assert read_journeys(path, decimal=",").frame["minutes"].tolist() == [7.5]
