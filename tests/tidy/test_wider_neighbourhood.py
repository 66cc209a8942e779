import pandas as pd
import pytest

from pipeline.tidy import add_derived

NATION = pd.DataFrame(
    {
        "lsoa21_code": ["E01900001", "E01900002", "E01900003", "E01900004"],
        "lsoa21_name": ["Wold 001A", "Wold 001B", "Wold 002A", "Wold 012A"],
        "population_75_plus": [100, 300, 50, 10],
        "population_total": [1_000, 1_000, 500, 1_000],
    }
)


def test_the_wider_neighbourhood_is_the_msoa_by_the_names_of_lsoas() -> None:
    around = add_derived(NATION, [NATION]).set_index("lsoa21_code")["share_75_plus_msoa"]
    assert around.to_dict() == pytest.approx({"E01900001": 0.2, "E01900002": 0.2, "E01900003": 0.1, "E01900004": 0.01})


def test_neighbours_outside_the_area_count() -> None:
    inside = NATION.iloc[[1]].reset_index(drop=True)
    by_table = [NATION[["lsoa21_code", "lsoa21_name"]], NATION.drop(columns="lsoa21_name")]
    assert add_derived(inside, by_table)["share_75_plus_msoa"].tolist() == [0.2]
