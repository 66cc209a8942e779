"""Whatever a file holds, it is read or refused in words: no other fault gets out."""

import io
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import RawFileError
from pipeline.reading import read_codes, read_numbers, read_shapes, read_sheet
from pipeline.reading.numbers import NumberForm

FRAME = pd.DataFrame({"Code": [f"Z{n:03}" for n in range(40)], "Name": ["Café, “Hub”"] * 40, "Value": range(40)})


def csv() -> bytes:
    return FRAME.to_csv(index=False).encode()


def workbook() -> bytes:
    file = io.BytesIO()
    FRAME.to_excel(file, index=False)
    return file.getvalue()


def parquet() -> bytes:
    content: bytes = FRAME.to_parquet()
    return content


def geojson() -> bytes:
    points = gpd.GeoDataFrame(FRAME, geometry=[shapely.Point(1, 52)] * 40, crs=4326)
    return str(points.to_json()).encode()


SOUND = {"t.csv": csv, "t.xlsx": workbook, "t.parquet": parquet, "t.geojson": geojson}
Damage = Callable[[bytes], bytes]


@st.composite
def damages(draw: st.DrawFn) -> Damage:
    at, end = draw(st.floats(0, 1)), draw(st.floats(0, 1))
    noise = draw(st.binary(max_size=40))
    kind = draw(st.sampled_from(["cut", "replace", "insert", "remove", "repeat", "noise"]))

    def damage(content: bytes) -> bytes:
        a, b = sorted((int(at * len(content)), int(end * len(content))))
        return {
            "cut": content[:b],
            "replace": content[:a] + noise + content[a + len(noise) :],
            "insert": content[:a] + noise + content[a:],
            "remove": content[:a] + content[b:],
            "repeat": content[:b] + content[a:],
            "noise": noise,
        }[kind]

    return damage


def refusal_of(read: Callable[[], object]) -> str:
    """What is said of a file that is refused; empty where it is read."""
    try:
        read()
    except RawFileError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("name", SOUND)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damage=damages())
def test_a_damaged_file_is_read_or_refused(tmp_path: Path, name: str, damage: Damage) -> None:
    path = tmp_path / name
    path.write_bytes(damage(SOUND[name]()))
    for read in (
        lambda: read_sheet(path, ["Code", "Value"]),
        lambda: read_numbers(read_sheet(path).column("Value"), "Value", name, NumberForm(may_be_missing=True)),
        lambda: read_codes(path),
        lambda: read_shapes(path),
    ):
        said = refusal_of(read)
        assert name in said or not said
        assert len(said) < 2_500
