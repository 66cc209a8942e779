"""An area scored within itself by an indicator that the rest of the nation lacks; how sure ranks in the nation are."""

from collections.abc import Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from pipeline.catalogue import Fit, Index
from pipeline.catalogue.areas import Reference
from pipeline.errors import ScoringError
from pipeline.join import Comparison
from pipeline.risk.scores import estimate_chance, score_risk, summarise_nation
from tests.fixtures.uncertainties import varying, weights

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


FIT = Fit.model_validate(
    {
        "weights": "0" * 64,
        "nation": "england",
        "loss": {
            "terms": ("cars.no_car", "poverty.imd_score"),
            "shares": (0.5, 0.5),
            "agreement": 0.5,
            "standard_error": 0.01,
            "slope": (0.0, 0.0),
            "curvature": (1.0, 0.0, 0.0, 1.0),
        },
        "chance": {"outcome": "o", "title": "O", "areas": 9, "top": (0.1, 0.3, 0.5), "chance": (0.8, 0.4, 0.1)},
    }
)


def test_the_chance_is_interpolated_between_places() -> None:
    """Of ten areas the first has place 0.05, before the curve begins; the third 0.25, three quarters to its second."""
    ranks = pd.Series([1, 3, 9, np.nan], index=list("abcd"))
    assert estimate_chance(ranks, 10, FIT).tolist()[:3] == pytest.approx([0.8, 0.5, 0.1])
    assert np.isnan(estimate_chance(ranks, 10, FIT)["d"])
    assert estimate_chance(ranks, 10, None).isna().all()


def test_how_sure_a_national_rank_is_and_how_likely_it_is_right() -> None:
    all_there = comparison([0.1, 0.3, 0.2, 0.4, 0.5, 0.6], "england")
    varied = varying(draws=20, national_draws=20, weights=weights(50), fit={"tolerance": 0.01})
    risk = score_risk(replace(all_there, fit=FIT), GEOMETRY, varied)
    frame = risk.frame
    assert (frame["england_rank_p05"] <= frame["england_rank"]).all()
    assert (frame["england_rank"] <= frame["england_rank_p95"]).all()
    assert frame["chance_worst_tenth"].between(0.1, 0.8).all()
    assert risk.uncertainty is not None
    assert risk.uncertainty.tolerance == 0.01
    without = score_risk(all_there, GEOMETRY, varied)
    assert without.frame["chance_worst_tenth"].isna().all()
    assert without.uncertainty is not None
    assert without.uncertainty.tolerance is None


def test_the_interval_of_a_nation_is_that_of_its_rank() -> None:
    everywhere = comparison([0.1, 0.3, 0.2, 0.4, 0.5, 0.6], "england")
    geometry = gpd.GeoSeries([shapely.box(n, 52, n + 1, 53) for n in range(6)], index=CODES, crs=4326)
    country = replace(everywhere, area=everywhere.nation)
    frame = score_risk(country, geometry, varying(draws=20, weights=weights(50))).frame
    assert (frame["england_rank_p05"] == frame["rank_p05"]).all()
    assert (frame["england_rank_p95"] == frame["rank_p95"]).all()


def test_an_area_alone_with_an_indicator_has_no_national_interval() -> None:
    frame = score_risk(comparison(LOCAL), GEOMETRY, varying(draws=20, weights=weights(50))).frame
    assert frame[["england_rank_p05", "england_rank_p95"]].isna().all(axis=None)
