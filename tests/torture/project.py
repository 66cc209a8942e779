"""The project that is damaged: the fictional nation of 60 LSOAs, with a file of every kind that an analyst adds."""

import json
import os
import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd

from tests.fixtures.draws import draw_few
from tests.fixtures.folders import DECLARED
from tests.torture.program import run_program

RAW = "data/raw/demo"
LOCAL = "data/local"
AREAS = """
[marsh]
title = "The marsh"
fictional = true
lsoa_file = "data/local/marsh.csv"

[wolds]
title = "The wolds"
fictional = true
polygon_file = "data/local/wolds.geojson"
"""
JOURNEYS = """journeys_file = "data/local/journeys.csv"
"""
INDICATORS = """
[no_car]
file = "data/local/no_car.csv"
code_column = "LSOA code"
value_column = "No car or van (%)"
title = "No car or van"
meaning = "Households without a car or van"
quantity = "share"
of = "households"
written_as = "percent"
worse = "high"
areas = ["demo"]
source = "Invented"
licence = "Invented"

[calls]
file = "data/local/calls.xlsx"
sheet = "Calls"
header_row = 3
code_column = "LSOA"
value_column = "Calls by 100"
title = "Calls for help"
meaning = "Calls for help, by 100 people"
quantity = "ratio"
unit = "calls by 100 people"
worse = "high"
areas = ["demo"]
source = "Invented"
licence = "Invented"

[signal]
file = "data/local/signal.parquet"
code_column = "lsoa11"
value_column = "minutes"
title = "Minutes without a signal"
meaning = "Minutes of a day without a mobile signal"
quantity = "minutes"
unit = "minutes a day"
worse = "high"
vintage = "lsoa11"
denominator_column = "residents"
areas = ["demo"]
source = "Invented"
licence = "Invented"
"""
KINDS = """
[kinds.hub]
title = "hub"
plural = "Hubs"
origin = "Invented"
why = "Somebody helps."
file = "data/local/hubs.csv"
areas = ["demo"]
crs = "EPSG:4326"
offers = ["skills"]
capacity = 0.5
[kinds.hub.columns]
name = "Name"
x = "Longitude"
y = "Latitude"
opening = "Opening times"

[kinds.hall]
title = "hall"
plural = "Halls"
origin = "Invented"
why = "Somewhere to go."
file = "data/local/halls.geojson"
areas = ["demo"]
offers = ["somewhere to go"]
capacity = 0.25
[kinds.hall.columns]
name = "name"
"""


def lay_out(root: Path) -> None:
    """Write the project: declared files, the nation's raw files, and the analyst's.

    Raises:
        RuntimeError: the program refuses to make it.
    """
    shutil.copytree(DECLARED, root / "declared")
    draw_few(root)
    ran = run_program(root, ("demo", "--areas", "60"))
    if ran.status:
        raise RuntimeError(ran.told)
    _declare(root)
    _write_local(root)


def _declare(root: Path) -> None:
    stories = f'stories_file = "{RAW}/stories/stories.csv"\n'
    _rewrite(root / "declared/areas.toml", {stories: stories + JOURNEYS})
    for name, text in (("areas", AREAS), ("indicators", INDICATORS), ("places", KINDS)):
        with (root / f"declared/{name}.toml").open("a", encoding="utf-8") as file:
            file.write(text)


def _rewrite(path: Path, changes: dict[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for before, after in changes.items():
        if before not in text:
            raise RuntimeError(f"{path} does not hold {before!r}")
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")


def _write_local(root: Path) -> None:
    folder = root / LOCAL
    folder.mkdir(parents=True)
    areas = gpd.read_parquet(root / RAW / "lsoa21_boundaries/LSOA21_BGC_EN.parquet").sort_values("LSOA21CD")
    codes, names = areas["LSOA21CD"].tolist(), areas["LSOA21NM"].tolist()
    random = np.random.default_rng(60)
    marsh = ["LSOA21CD,LSOA21NM", *(f"{code},{name}" for code, name in zip(codes[4:24], names[4:24], strict=True))]
    _text(folder / "marsh.csv", marsh)
    middle = areas.to_crs(27700).geometry.iloc[20].centroid.buffer(14_000)
    wolds = gpd.GeoDataFrame({"name": ["The wolds"]}, geometry=[middle.simplify(100)], crs=27700).to_crs(4326)
    wolds.to_file(folder / "wolds.geojson", driver="GeoJSON")
    share = np.round(random.uniform(3, 45, 60), 1)
    _text(folder / "no_car.csv", ["LSOA code,No car or van (%)", *map("{},{}".format, codes, share)])
    points = areas.geometry.representative_point()
    hubs = ["Name,Longitude,Latitude,Opening times"]
    hubs += [f'"Hub {n}, Café Höhle",{points.iloc[n].x:.5f},{points.iloc[n].y:.5f},Mondays' for n in range(2, 60, 9)]
    _text(folder / "hubs.csv", hubs)
    halls = points.iloc[1::12].reset_index(drop=True)
    hall_names = [f"Hall {number}" for number in range(len(halls))]
    gpd.GeoDataFrame({"name": hall_names}, geometry=halls, crs=4326).to_file(folder / "halls.geojson", driver="GeoJSON")
    minutes = np.round(random.uniform(4, 55, 60), 1)
    to = [f"gp_practice-Z9000{number}" for number in range(1, 6)]
    journeys = [
        f"{code},{to[n % len(to)]},{minute}" for n, (code, minute) in enumerate(zip(codes, minutes, strict=True))
    ]
    _text(folder / "journeys.csv", ["origin,destination,minutes", *journeys])
    sites = [f"Site {n},{points.iloc[n].x:.5f},{points.iloc[n].y:.5f},{1 + n // 4 % 4}" for n in range(0, 60, 4)]
    _text(folder / "candidates.csv", ["name,x,y,cost", *sites])
    outcome = [f"{code},{names[n]},{rate:.3f}" for n, (code, rate) in enumerate(zip(codes, share / 100, strict=True))]
    _text(folder / "outcome.csv", ["LSOA code,Name,rate", *outcome])
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Calls"
    for row in (["Calls for help"], [], ["LSOA", "Calls by 100"]):
        sheet.append(row)
    for code, calls in zip(codes, np.round(random.uniform(0, 9, 60), 2).tolist(), strict=True):
        sheet.append([code, calls])
    book.save(folder / "calls.xlsx")
    changes = pd.read_csv(root / RAW / "lsoa11_lsoa21/LSOA11_LSOA21_LAD22_EW_LU.csv", dtype=str)
    former = sorted(changes["LSOA11CD"].unique())
    signal = {"lsoa11": former, "minutes": np.round(random.uniform(0, 400, len(former)), 1)}
    pd.DataFrame({**signal, "residents": random.integers(900, 2_500, len(former))}).to_parquet(
        folder / "signal.parquet", index=False
    )


def _text(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def copy(source: Path, target: Path) -> None:
    """A copy whose files are links: whoever changes one puts another in its place."""
    for folder, _names, files in os.walk(source):
        there = target / os.path.relpath(folder, source)
        there.mkdir(parents=True)
        for name in files:
            if not name.startswith(".lock"):
                os.link(f"{folder}/{name}", there / name)


def receipts(root: Path) -> dict[str, str]:
    """The raw files of the nation by their source."""
    stamp = json.loads((root / "data/raw/areas/demo.json").read_text(encoding="utf-8"))
    return {source: f"{RAW}/{source}/{told['file']}" for source, told in stamp.items()}
