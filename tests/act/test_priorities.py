"""Everything that capacity adds to the risk of an area, on a country of a few areas."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from pipeline.act.priorities import Assessment, Assumptions, assess_area, list_priorities
from pipeline.act.support import Support
from pipeline.catalogue import Uncertainty
from pipeline.catalogue.kinds import read_kinds
from pipeline.catalogue.places import Exclusion
from pipeline.catalogue.rates import Helps
from pipeline.index import deciles, draw_rank_intervals, rank_scores, score
from pipeline.join import Comparison
from pipeline.risk import Risk
from pipeline.tables import BEYOND_COLUMNS, capacity_columns
from tests.fixtures.folders import DECLARED
from tests.fixtures.indices import make_component, make_index
from tests.fixtures.rates import make_rates
from tests.fixtures.support import KINDS, support

COUNT = 40
EXCLUSION_KINDS = read_kinds(DECLARED / "kinds.toml")
CODES = [f"E0100{n:04}" for n in range(COUNT)]
INDEX = make_index("percentile", make_component("age", 3, ("old", 1, 1)), make_component("cable", 1, ("slow", 1, 1)))
HELPS = Helps.model_validate(
    {
        "named_from": 0,
        "drivers": [
            {
                "component": c,
                "side": s,
                "sentence": "x",
                "helps": [{"what": f"help {c}", "source": "s", "page": "https://example.org/p"}],
            }
            for c, s in (("age", "people"), ("cable", "infrastructure"))
        ],
    }
)
UNCERTAINTY = Uncertainty.model_validate(
    {
        "draws": 200,
        "seed": 1,
        "weights": {"components": 50, "within_components": 50},
        "sensitivity": {"samples": 8, "largest_area": 10, "seed": 1},
        "hotspots": {"permutations": 99, "seed": 1, "false_discovery_rate": 0.1},
        "exclusion": {
            "reach": [0.5, 1.0],
            "could_offer": [0.0, 1.0],
            "formulas": ["geometric", "arithmetic"],
            "risk_weight": [0.4, 0.6],
        },
    }
)


@pytest.fixture(scope="module")
def country() -> pd.DataFrame:
    random = np.random.default_rng(3)
    return pd.DataFrame(
        {
            "old": random.uniform(0, 1, COUNT),
            "slow": random.uniform(0, 1, COUNT),
            "population_total": random.integers(1000, 2000, COUNT),
            "population_65_plus": random.integers(100, 600, COUNT),
            "income_deprivation": random.uniform(0.05, 0.4, COUNT),
            "share_65_to_74": random.uniform(0.05, 0.2, COUNT),
            "share_75_plus": random.uniform(0.05, 0.2, COUNT),
            "ruc21_code": "UN1",
        },
        index=pd.Index(CODES, name="lsoa21_code"),
    )


@pytest.fixture(scope="module")
def risk(country: pd.DataFrame) -> pd.DataFrame:
    scores = score(INDEX, country)
    frame = scores.components.add_prefix("component_").assign(risk_score=scores.score)
    rank = rank_scores(scores.score)
    worst = np.clip((41 - rank) / 40, 0, 1)
    names = {
        "lsoa21_name": "Name",
        "place_name": "Place",
        "ward_name": "Ward",
        "lad_name": "District",
        "kind": "Neither",
    }
    return frame.assign(risk_rank=rank, risk_decile=deciles(rank), worst_decile_probability=worst, **names)


@pytest.fixture(scope="module")
def places() -> Support:
    random = np.random.default_rng(4)
    origins = [(code, *random.uniform(0, 20_000, 2), True) for code in CODES]
    spots = [(f"{k}{n}", k, *random.uniform(0, 20_000, 2), 1.0) for k in ("library", "surgery") for n in range(5)]
    return support(spots, origins)


def act(
    country: pd.DataFrame, risk: pd.DataFrame, places: Support | None, uncertainty: Uncertainty | None = UNCERTAINTY
) -> Assessment:
    columns = [f"component_{component.name}" for component in INDEX.components]
    means = {column: float(risk[column].mean()) for column in columns}
    draws = None if uncertainty is None else draw_rank_intervals(INDEX, country, None, uncertainty).lowest
    scored = Risk(gpd.GeoDataFrame(risk), score(INDEX, country), risk, means, risk["risk_decile"], draws=draws)
    comparison = Comparison.of_joined(country, country, INDEX)
    return assess_area(comparison, scored, Assumptions(Exclusion(), make_rates(), HELPS), places, uncertainty)


def test_the_columns_are_those_of_the_schema(country: pd.DataFrame, risk: pd.DataFrame, places: Support) -> None:
    found = act(country, risk, places)
    titles = {component.name: component.title for component in INDEX.components}
    kinds = {k.id: k.title for k in KINDS if not k.mobile}
    assert list(found.frame.columns) == [c.name for c in (*capacity_columns(titles, kinds), *BEYOND_COLUMNS)]
    assert found.frame[["capacity_score", "exclusion_score", "people_at_risk"]].notna().all(axis=None)


def test_contributions_sum_to_the_difference_from_the_mean_score(
    country: pd.DataFrame, risk: pd.DataFrame, places: Support
) -> None:
    found = act(country, risk, places)
    total = found.frame.filter(like="contribution_").sum(axis=1)
    assert total.to_numpy() == pytest.approx((risk["risk_score"] - risk["risk_score"].mean()).to_numpy())
    assert found.contributions_exact


def test_the_main_driver_is_the_title_of_the_largest_contribution(
    country: pd.DataFrame, risk: pd.DataFrame, places: Support
) -> None:
    frame = act(country, risk, places).frame
    parts = frame.filter(like="contribution_")
    titles = {f"contribution_{c.name}": c.title for c in INDEX.components}
    expected = parts.idxmax(axis=1).map(titles).where(parts.max(axis=1) > 1e-9)
    assert frame["main_driver"].dropna().equals(expected.dropna().astype("str"))
    first = frame["drivers"].dropna().str.split("; ").str[0]
    assert (first == frame["main_driver"].dropna()).all()


def test_the_intervals_hold_the_median_and_the_draws_are_repeatable(
    country: pd.DataFrame, risk: pd.DataFrame, places: Support
) -> None:
    frame, again = act(country, risk, places).frame, act(country, risk, places).frame
    assert (frame["exclusion_rank_p05"] <= frame["exclusion_rank_median"]).all()
    assert (frame["exclusion_rank_median"] <= frame["exclusion_rank_p95"]).all()
    assert frame["exclusion_worst_decile_probability"].between(0, 1).all()
    assert frame["exclusion_worst_decile_probability"].sum() == pytest.approx(COUNT / 10, abs=0.05)
    pd.testing.assert_frame_equal(frame, again)


def test_one_choice_alone_gives_the_published_ranks(country: pd.DataFrame, risk: pd.DataFrame, places: Support) -> None:
    alone = {"reach": [1.0], "could_offer": [1.0], "formulas": ["geometric"], "risk_weight": [0.5, 0.5]}
    content = UNCERTAINTY.model_dump() | {
        "exclusion": alone,
        "weights": {"components": np.inf, "within_components": np.inf},
    }
    frame = act(country, risk, places, Uncertainty.model_validate(content)).frame
    for column in ("exclusion_rank_p05", "exclusion_rank_median", "exclusion_rank_p95"):
        assert frame[column].tolist() == frame["exclusion_rank"].tolist()
    assert frame["list_probability"].tolist() == frame["on_list"].astype(float).tolist()
    assert frame["unmet_need_expected"].tolist() == pytest.approx((frame["unmet_need"] * frame["on_list"]).tolist())


def test_without_uncertainty_the_intervals_are_empty(
    country: pd.DataFrame, risk: pd.DataFrame, places: Support
) -> None:
    frame = act(country, risk, places, None).frame
    assert frame["exclusion_rank_p05"].isna().all()
    assert frame["exclusion_rank"].notna().all()


def test_without_a_list_of_places_capacity_is_unknown_and_people_are_not(
    country: pd.DataFrame, risk: pd.DataFrame
) -> None:
    found = act(country, risk, None)
    assert found.frame[["capacity_score", "exclusion_score", "support_access"]].isna().all(axis=None)
    assert found.frame["people_at_risk"].notna().all()
    listed = list_priorities(risk.join(found.frame), found, None, INDEX, HELPS, EXCLUSION_KINDS)
    assert listed["people_at_risk"].tolist() == sorted(listed["people_at_risk"], reverse=True)
    assert set(listed["risk_rank"]) == set(range(1, COUNT // 5 + 1))
    assert listed[["unmet_need", "list_probability"]].isna().all(axis=None)
    assert listed["nearest_support"].isna().all()


def test_the_list_says_what_is_near_and_what_helps(country: pd.DataFrame, risk: pd.DataFrame, places: Support) -> None:
    found = act(country, risk, places)
    listed = list_priorities(risk.join(found.frame), found, places, INDEX, HELPS, EXCLUSION_KINDS)
    assert listed["unmet_need_expected"].tolist() == sorted(listed["unmet_need_expected"], reverse=True)
    assert listed["priority"].tolist() == list(range(1, len(listed) + 1))
    assert (listed["risk_rank"] <= COUNT / 5).all()
    assert (listed["list_probability"] >= 0.1).all()
    near = listed.set_index("lsoa21_code")["nearest_support_distance"]
    assert near.to_dict() == pytest.approx(found.frame.loc[near.index, "nearest_library_metres"].to_dict())
    assert set(listed["nearest_support_kind"]) == {"library"}
    titles = {c.title: f"help {c.name}" for c in INDEX.components}
    beyond = listed["beyond_similar"].str.split("; ").str[0]
    stands_out = beyond.fillna(listed["main_driver"]).dropna()
    assert listed.loc[stands_out.index, "suggested_help"].tolist() == stands_out.map(titles).tolist()


def test_what_is_suggested_differs_by_kind_and_by_what_stands_out(
    country: pd.DataFrame, risk: pd.DataFrame, places: Support
) -> None:
    driver, cable = (one.model_dump() for one in HELPS.drivers)
    first = driver["helps"][0]
    driver["helps"] = [
        {**first, "what": "for the settled", "kinds": ["age_settled"]},
        {**first, "what": "for those short of money", "kinds": ["money_skills_health"]},
    ]
    entry = {"kind": "age_settled", "helps": [{**first, "what": "for any who are settled"}]}
    helps = Helps.model_validate({"named_from": 100, "drivers": [driver, cable], "kinds": [entry]})
    found = act(country, risk, places)
    settled, short = EXCLUSION_KINDS.titles.values()
    frame = risk.join(found.frame)
    # The worst tenth has four areas.
    order = frame["exclusion_rank"].sort_values().index[:4]
    frame.loc[order, "kind"] = [settled, short, "Both", settled]
    frame.loc[order, "main_driver"] = [INDEX.components[0].title] * 3 + [np.nan]
    frame["beyond_similar"] = np.nan
    listed = list_priorities(frame, found, places, INDEX, helps, EXCLUSION_KINDS).set_index("lsoa21_code")
    assert listed.loc[order, "suggested_help"].tolist() == [
        "for the settled",
        "for those short of money",
        "for the settled",
        "for any who are settled",
    ]


def test_the_list_and_the_rest_hold_everyone(country: pd.DataFrame, risk: pd.DataFrame, places: Support) -> None:
    found = act(country, risk, places)
    everyone = found.frame["people_at_risk"].sum()
    assert found.coverage.inside + found.coverage.missed == pytest.approx(everyone)
    assert found.coverage.inside == pytest.approx(found.frame.loc[found.frame["on_list"], "people_at_risk"].sum())
