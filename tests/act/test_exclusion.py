import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.act.exclusion import capacity, exclusion
from pipeline.catalogue import read_index
from pipeline.catalogue.places import Exclusion
from pipeline.catalogue.rates import Helps, Rates, read_helps, read_rates
from pipeline.errors import DeclarationError, ScoringError
from pipeline.risk.drivers import drivers
from pipeline.risk.people import covered, people_at_risk
from tests.folders import DECLARED
from tests.index.builders import make_component, make_index


def series(values, start="A"):
    return pd.Series(values, index=[f"{start}{n}" for n in range(len(values))], dtype="float64")


def test_capacity_is_the_percentile_of_access_and_nothing_within_reach_is_nothing():
    found = capacity(series([0.0, 0.0, 0.5, 2.0]))
    assert found["capacity_score"].tolist() == [0.0, 0.0, 75.0, 100.0]
    assert found["capacity_decile"].tolist() == [3, 3, 8, 10]


def test_capacity_is_compared_with_the_reference():
    assert capacity(series([1.0]), series(range(10)))["capacity_score"].tolist() == [20.0]


def test_areas_without_any_place_all_have_no_capacity():
    found = capacity(series([0.0] * 5))
    assert found["capacity_score"].tolist() == [0.0] * 5
    result = exclusion(series([10.0, 20, 30, 40, 50]), found["capacity_score"], Exclusion())
    assert result["exclusion_rank"].tolist() == [5, 4, 3, 2, 1]


def test_missing_access_is_named():
    with pytest.raises(ScoringError, match="A1"):
        capacity(series([1.0, np.nan]))


@given(st.lists(st.floats(0, 100), min_size=2, max_size=20), st.data())
def test_more_access_never_means_less_capacity(values, data):
    number = data.draw(st.integers(0, len(values) - 1))
    before = capacity(series(values))["capacity_score"]
    raised = list(values)
    raised[number] += 5
    assert capacity(series(raised))["capacity_score"].iloc[number] >= before.iloc[number]


@pytest.mark.parametrize(
    ("formula", "expected"), [("geometric", [(50 * 80) ** 0.5, 10.0, 0.0]), ("arithmetic", [65.0, 50.5, 12.5])]
)
def test_the_two_formulas(formula, expected):
    """Risks of 30, 90, 20 and 10 are the percentiles 75, 100, 50 and 25."""
    risk, capacity_score = series([20.0, 90.0, 10.0, 30.0]), series([20.0, 99.0, 100.0, 50.0])
    found = exclusion(risk, capacity_score, Exclusion(formula=formula))
    assert found["exclusion_score"].tolist()[:3] == pytest.approx(expected)


@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=1, max_size=12),
    st.floats(0, 100),
    st.sampled_from(["geometric", "arithmetic"]),
)
def test_exclusion_rises_with_risk_and_falls_with_capacity(areas, step, formula):
    how = Exclusion(formula=formula)
    risk, capacity_score = series([r for r, _ in areas]), series([c for _, c in areas])
    riskier, served = risk.copy(), capacity_score.copy()
    riskier.iloc[0] = min(100.0, risk.iloc[0] + step)
    served.iloc[0] = min(100.0, capacity_score.iloc[0] + step)
    first = exclusion(risk, capacity_score, how)["exclusion_score"].iloc[0]
    assert exclusion(riskier, capacity_score, how)["exclusion_score"].iloc[0] >= first - 1e-9
    assert exclusion(risk, served, how)["exclusion_score"].iloc[0] <= first + 1e-9


@given(st.lists(st.integers(1, 99).map(float), min_size=3, max_size=12))
def test_only_the_order_of_risks_matters(values):
    capacity_score = series(np.linspace(0, 100, len(values)))
    one = exclusion(series(values), capacity_score, Exclusion())["exclusion_score"]
    other = exclusion(series(np.array(values) / 10 + 3), capacity_score, Exclusion())["exclusion_score"]
    assert one.tolist() == pytest.approx(other.tolist())


def test_scores_of_different_areas_are_refused():
    with pytest.raises(ScoringError, match="same areas"):
        exclusion(series([1.0]), series([1.0], "B"), Exclusion())


def figure(value):
    return {"value": value, "measure": "m", "source": "s", "year": 2020, "page": "p", "accessed_as": "p"}


def rates(elasticity=None):
    content = {
        "title": "t",
        "bands": [
            {"id": "rest", "title": "rest", "low": figure(0.01), "high": figure(0.1), "adults": figure(0.8)},
            {"id": "old", "title": "old", "column": "population_65_plus", "low": figure(0.2), "high": figure(0.6)},
        ],
    }
    if elasticity is not None:
        content["scaling"] = {"column": "income_deprivation", "elasticity": elasticity, "why": "w"}
    return Rates.model_validate(content)


def areas():
    columns = {
        "population_total": [1000, 2000, 500],
        "population_65_plus": [200, 100, 0],
        "income_deprivation": [0.1, 0.2, 0.4],
    }
    return pd.DataFrame(columns, index=["A", "B", "C"])


def test_people_at_risk_by_hand():
    found = people_at_risk(areas(), rates())
    low = [800 * 0.8 * 0.01 + 200 * 0.2, 1900 * 0.8 * 0.01 + 20, 4.0]
    high = [800 * 0.8 * 0.1 + 120, 1900 * 0.8 * 0.1 + 60, 40.0]
    assert found["people_at_risk_low"].tolist() == pytest.approx(low)
    assert found["people_at_risk_high"].tolist() == pytest.approx(high)
    assert found["people_at_risk"].tolist() == pytest.approx([(a + b) / 2 for a, b in zip(low, high, strict=True)])


def test_scaling_by_deprivation_keeps_the_nations_total():
    plain, scaled = people_at_risk(areas(), rates()), people_at_risk(areas(), rates(0.3))
    for column in plain:
        assert scaled[column].sum() == pytest.approx(plain[column].sum())
    assert scaled["people_at_risk"]["C"] > plain["people_at_risk"]["C"]
    assert scaled["people_at_risk"]["A"] < plain["people_at_risk"]["A"]


@given(st.floats(0, 2), st.sampled_from([0.2, 0.6, 0.95]))
def test_no_scaling_moves_the_nations_total_though_no_rate_passes_one(elasticity, high):
    content = rates(elasticity).model_dump()
    content["bands"][1]["high"]["value"] = high
    found = people_at_risk(areas(), Rates.model_validate(content))
    plain = people_at_risk(areas(), Rates.model_validate(content | {"scaling": None}))
    assert found["people_at_risk_high"].sum() == pytest.approx(plain["people_at_risk_high"].sum())


def test_scaling_that_cannot_keep_the_total_is_refused():
    frame = areas().assign(income_deprivation=[0.0, 0.0, 0.9], population_65_plus=[200, 100, 10])
    with pytest.raises(ScoringError, match="Lower the elasticity"):
        people_at_risk(frame, rates(2))


@pytest.mark.parametrize(
    ("column", "message"), [("share_75_plus", "does not count people"), ("ruc21_code", "does not count people")]
)
def test_bands_count_people(column, message):
    content = rates().model_dump()
    content["bands"][1]["column"] = column
    with pytest.raises(ScoringError, match=message):
        people_at_risk(areas().assign(share_75_plus=0.1, ruc21_code="UN1"), Rates.model_validate(content))


def test_scaling_by_a_rank_is_refused():
    content = rates(0.5).model_dump()
    content["scaling"]["column"] = "imd_rank"
    with pytest.raises(ScoringError, match="go backwards"):
        people_at_risk(areas().assign(imd_rank=[1, 2, 3]), Rates.model_validate(content))


@given(st.floats(0, 2))
def test_the_middle_lies_between_low_and_high_and_nobody_counts_twice(elasticity):
    found = people_at_risk(areas(), rates(elasticity))
    assert (found["people_at_risk_low"] <= found["people_at_risk"] + 1e-9).all()
    assert (found["people_at_risk"] <= found["people_at_risk_high"] + 1e-9).all()
    assert (found["people_at_risk_high"] <= areas()["population_total"]).all()


def test_more_old_people_than_people_are_refused_by_code():
    with pytest.raises(ScoringError, match="more residents in the age bands than in all: C"):
        people_at_risk(areas().assign(population_65_plus=[1, 1, 501]), rates())


def test_what_a_worst_tenth_list_covers_and_misses():
    found = covered(series([10.0, 30.0, 60.0]), series([1, 2, 3]))
    assert (found.inside, found.missed, found.share) == (10.0, 90.0, 0.1)
    assert covered(series([0.0]), series([1])).share == 0


def test_shipped_rates_have_a_source_for_each_figure_and_rise_with_age():
    shipped = read_rates(DECLARED / "rates.toml")
    assert [band.low.value for band in shipped.bands] == sorted(band.low.value for band in shipped.bands)
    assert [band.high.value for band in shipped.bands] == sorted(band.high.value for band in shipped.bands)
    for band in shipped.bands:
        for one in filter(None, (band.low, band.high, band.adults)):
            assert one.page.startswith("https://")


def test_every_component_of_the_shipped_default_index_has_help():
    helps = read_helps(DECLARED / "help.toml")
    index = read_index(DECLARED / "indices" / "norfolk-waveney.toml")
    for component in index.components:
        declared = helps.of(component.name)
        assert declared is not None, component.name
        assert all(one.page.startswith("https://") for one in declared.helps)


def test_low_above_high_is_refused(tmp_path):
    file = tmp_path / "rates.toml"
    row = 'measure="m", source="s", year=2020, page="p", accessed_as="p"'
    file.write_text(f'title="t"\n[[bands]]\nid="a"\ntitle="a"\nlow={{value=0.5, {row}}}\nhigh={{value=0.1, {row}}}\n')
    with pytest.raises(DeclarationError, match="above high"):
        read_rates(file)


HELPS = Helps.model_validate(
    {
        "both_within": 3.0,
        "drivers": [
            {"component": c, "side": s, "sentence": "x", "helps": [{"what": "w", "source": "s", "page": "p"}]}
            for c, s in (("age", "people"), ("cable", "infrastructure"))
        ],
    }
)
INDEX = make_index("percentile", make_component("age", 3, ("x", 1, 1)), make_component("cable", 1, ("y", 1, 1)))
MEANS = {"component_age": 50.0, "component_cable": 50.0}


def components(age, cable):
    return pd.DataFrame({"component_age": age, "component_cable": cable}, index=[f"A{n}" for n in range(len(age))])


def test_drivers_by_hand():
    found = drivers(components([60.0, 40.0, 55.0], [90.0, 40.0, 50.0]), MEANS, INDEX, HELPS)
    assert found.contributions.to_numpy().tolist() == [[7.5, 10.0], [-7.5, -2.5], [3.75, 0.0]]
    assert found.frame["main_driver"].tolist() == ["cable", None, "age"]
    assert found.frame["drivers"].tolist() == ["cable; age", None, "age"]
    assert found.frame["points_to"].tolist() == ["Infrastructure", "Both", "People"]
    assert found.exact


@pytest.mark.parametrize(
    ("cable", "side"), [(56.0, "People"), (58.0, "Both"), (62.0, "Both"), (64.0, "Infrastructure")]
)
def test_sides_that_hardly_differ_are_both(cable, side):
    found = drivers(components([60.0], [cable]), MEANS, INDEX, HELPS)
    assert found.frame["points_to"].tolist() == [side]


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=1, max_size=10))
def test_contributions_sum_to_the_score_less_the_nations(values):
    frame = components(*(list(column) for column in zip(*values, strict=True)))
    found = drivers(frame, MEANS, INDEX, HELPS)
    score = (3 * frame["component_age"] + frame["component_cable"]) / 4
    assert found.contributions.sum(axis=1).to_numpy() == pytest.approx((score - 50.0).to_numpy(), abs=1e-9)


def test_a_geometric_index_says_that_contributions_are_not_exact():
    index = INDEX.model_copy(update={"aggregation": "geometric"})
    assert not drivers(components([60.0], [70.0]), MEANS, index, HELPS).exact


def test_a_missing_component_is_named():
    with pytest.raises(ScoringError, match="cable"):
        drivers(components([1.0], [1.0])[["component_age"]], MEANS, INDEX, HELPS)
