"""An area scored within itself by an indicator that the rest of the nation lacks."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from pipeline.catalogue import Index
from pipeline.catalogue.areas import Reference
from pipeline.errors import ScoringError
from pipeline.join import Comparison
from pipeline.risk.scores import score_risk, summarise_nation

CODES = [f"E0190000{n}" for n in range(1, 7)]
HERE = CODES[:3]
GEOMETRY = gpd.GeoSeries([shapely.box(n, 52, n + 1, 53) for n in range(3)], index=HERE, crs=4326)


def comparison(values: Sequence[float], reference: Reference = "area", missing: str = "error") -> Comparison:
    nation = pd.DataFrame({"no_car": values, "imd_score": range(6)}, index=pd.Index(CODES, name="lsoa21_code"))
    index = Index.model_validate(
        {
            "id": "cars",
            "title": "Cars",
            "description": "-",
            "source": "-",
            "normalisation": "percentile",
            "missing": missing,
            "components": [
                {"name": name, "title": name, "indicators": [{"column": column, "direction": 1}]}
                for name, column in (("cars", "no_car"), ("poverty", "imd_score"))
            ],
        }
    )
    return Comparison(nation.loc[HERE], nation, index, reference)


LOCAL = [0.1, 0.3, 0.2, np.nan, np.nan, np.nan]


def test_an_indicator_of_the_area_alone_ranks_the_area_and_not_the_nation() -> None:
    risk = score_risk(comparison(LOCAL), GEOMETRY)
    everywhere = score_risk(comparison([0.1, 0.3, 0.2, 0.4, 0.5, 0.6]), GEOMETRY)
    assert risk.frame["risk_score"].tolist() == everywhere.frame["risk_score"].tolist()
    assert risk.frame[["england_rank", "england_decile"]].isna().all(axis=None)
    assert everywhere.frame["england_rank"].notna().all()
    assert risk.national.columns.tolist() == everywhere.national.columns.tolist()
    assert risk.national.index.tolist() == CODES
    assert risk.national.isna().all(axis=None)
    assert risk.means == everywhere.means


def test_what_most_of_the_nation_lacks_is_no_median_of_it() -> None:
    lacking = comparison(LOCAL)
    summary = summarise_nation(lacking.nation, score_risk(lacking, GEOMETRY).national, "England")
    assert set(summary.medians) == set(summary.means) == {"imd_score"}


def test_it_cannot_be_compared_with_the_nation() -> None:
    with pytest.raises(ScoringError, match="no_car"):
        score_risk(comparison(LOCAL, reference="england"), GEOMETRY)
