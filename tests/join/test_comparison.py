import geopandas as gpd
import pandas as pd
from shapely import Point

from pipeline.catalogue.areas import Reference
from pipeline.join import Comparison
from tests.fixtures.indices import make_component, make_index

INDEX = make_index("percentile", make_component("age", 1, ("old", 1, 1)))
NATION = pd.DataFrame({"lsoa21_code": ["A", "B", "C"], "old": [1.0, 2.0, 3.0]})


def test_an_area_stands_by_code_in_order_without_geometry() -> None:
    joined = gpd.GeoDataFrame(NATION.iloc[[2, 0]], geometry=[Point(0, 0)] * 2)
    comparison = Comparison.of_joined(joined, NATION, INDEX)
    assert comparison.area["old"].to_dict() == {"A": 1.0, "C": 3.0}
    assert list(comparison.area.columns) == ["old"]
    assert Comparison.of_joined(comparison.area, comparison.nation, INDEX).area.equals(comparison.area)


def test_the_reference_is_the_nation_or_the_area() -> None:
    expected: dict[Reference, list[str]] = {"england": ["A", "B", "C"], "area": ["A", "B"]}
    for reference, codes in expected.items():
        comparison = Comparison.of_joined(NATION.head(2), NATION, INDEX, reference)
        assert list(comparison.compared_with.index) == codes
