"""The plain way is a fair rival: the files are read right, and its ranks are those of the pipeline's percentiles."""

import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from benchmarks.plain import KEY, LOW_IS_RISK, WEIGHTS, add_distance, add_ranks, read_support, score, without_year
from pipeline.index.normalise import percentile


@pytest.mark.parametrize(
    ("column", "plain"),
    [
        ("WD24NM", "WDNM"),
        ("SICBL26CDH", "SICBLCDH"),
        ("LAD24CD", "LADCD"),
        ("LSOA21CD", "LSOA21CD"),
        ("RUC21NM", "RUCNM"),
    ],
)
def test_columns_of_lookups_are_named_without_their_year(column: str, plain: str) -> None:
    assert without_year(column) == plain


def test_percentages_are_those_of_the_pipeline_and_the_score_is_their_weighted_mean() -> None:
    values = pd.DataFrame(np.random.default_rng(1).random((40, len(WEIGHTS))), columns=list(WEIGHTS))
    frame = add_ranks(values.copy())
    for column in WEIGHTS:
        given = values[column].to_numpy()
        expected = percentile(given, given, -1 if column in LOW_IS_RISK else 1, 100.0)
        assert frame[f"{column}_percent"].to_numpy() == pytest.approx(expected)
    assert frame["share_75_plus_decile"].value_counts().tolist() == [4] * 10
    weights = np.array(list(WEIGHTS.values()))
    shares = frame[[f"{column}_percent" for column in WEIGHTS]].to_numpy() @ weights / weights.sum()
    assert frame.apply(score, axis=1).to_numpy() == pytest.approx(shares)


def test_places_are_those_that_are_open_and_the_nearest_one_is_named(tmp_path: Path) -> None:
    for source in ("code_point_open", "gp_practices", "libraries"):
        (tmp_path / source).mkdir()
    with zipfile.ZipFile(tmp_path / "code_point_open/codes.zip", "w") as archive:
        archive.writestr("Data/CSV/qz.csv", '"QZ1 1AA",10,500000,300000\n"QZ11AB",10,500000,305000\n')
        archive.writestr("Doc/Headers.csv", "a,b\n")
    rows = [("OPEN", "QZ1 1AA", "A", 4), ("CLOSED", "QZ1 1AB", "C", 4), ("HOSPITAL", "QZ1 1AB", "A", 7)]
    given = [["Z1", name, *[""] * 7, code, "", "", status, *[""] * 12, kind] for name, code, status, kind in rows]
    pd.DataFrame(given).to_csv(tmp_path / "gp_practices/practices.csv", header=False, index=False)
    library = {"Type": "Static Library", "Easting": 500000.0, "Northing": 309000.0}
    open_in = [("Here", "LA"), ("Gone", None)]
    listed = [{"Name": name, "Operation in 2023": operation, **library} for name, operation in open_in]
    pd.DataFrame(listed).to_csv(tmp_path / "libraries/list.csv", index=False)
    places = read_support(tmp_path)
    assert places["name"].tolist() == ["OPEN", "Here"]
    squares = [shapely.box(499900, north - 100, 500100, north + 100) for north in (301000, 308000)]
    areas = gpd.GeoDataFrame({KEY: ["a", "b"]}, geometry=squares, crs=27700).to_crs(4326)
    near = add_distance(areas, places)
    assert near["nearest"].tolist() == ["OPEN", "Here"]
    assert near["distance"].tolist() == pytest.approx([1000, 1000], abs=1)
