from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipeline.catalogue import fit_of, read_fit, read_index
from pipeline.catalogue.indices import Component, Index, Indicator
from pipeline.errors import EvidenceError
from pipeline.evidence import (
    AreaOutcome,
    FitSettings,
    Observed,
    Target,
    calibrate,
    describe_calibration,
    format_fit,
    format_index,
    record_calibration,
)
from pipeline.evidence.calibrate import list_mixes
from pipeline.evidence.fit import (
    Centred,
    Fitting,
    approximate_loss,
    explained,
    fit_shares,
    prepare_fit,
    round_to_percents,
    sum_moments,
)
from pipeline.evidence.outcome import Outcome
from pipeline.store.records import OutcomeFile
from tests.fixtures.evidence import make_outcome_nation
from tests.fixtures.folders import DECLARED

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


def template(**changes: object) -> Index:
    indicators = [(name, Indicator(column=name, direction=1, why=f'what "{name}" is')) for name in ("a", "b", "c")]
    parts = tuple(Component(name=f"of_{name}", title=name.upper(), indicators=(own,)) for name, own in indicators)
    given = {"id": "t", "title": "T", "description": "d", "source": "s", "normalisation": "percentile"}
    return Index(**given | {"components": parts} | changes)


def nation(areas: int = 800, seed: int = 5) -> tuple[pd.DataFrame, Outcome]:
    """The outcome is worse by two parts of ``a`` and one of ``b``; ``c`` has nothing to do with it."""
    _, _, places = make_outcome_nation(areas)
    random = np.random.default_rng(seed)
    frame = places.assign(**{name: random.uniform(0, 1, areas) for name in "abc"})
    frame["share_75_plus"], frame["ruc21_name"] = frame["b"], np.where(frame["a"] > 0.5, "Urban", "Rural")
    harm = 2 * frame["a"] + frame["b"] + random.normal(0, 0.2, areas)
    return frame, Outcome("made up", -harm, True, "2021", areas, {})


def others(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"c alone": frame["c"]})


def test_known_weights_are_found() -> None:
    frame, outcome = nation()
    result = calibrate(template(), frame, [Target(outcome)], others(frame), FitSettings(least=0.0, draws=200))
    weights = result.weights.set_index("column")
    assert weights.loc["a", "weight"] == pytest.approx(200 / 3, abs=4)
    assert weights.loc["b", "weight"] == pytest.approx(100 / 3, abs=4)
    assert weights["weight"].loc["c"] < 3
    assert (weights["low"] <= weights["weight"] + 1e-9).all()
    assert (weights["weight"] <= weights["high"] + 1e-9).all()
    assert weights["rounded"].sum() == 100
    assert (result.out_of_sample["spearman"] > 0.9).all()
    assert result.compared.summary["candidate"].tolist() == ["t, ICB left out", "c alone"]


def test_a_least_weight_is_kept_and_its_cost_told() -> None:
    frame, outcome = nation()
    result = calibrate(template(), frame, [Target(outcome)], others(frame), FitSettings(least=0.2, draws=50))
    assert result.weights["rounded"].min() >= 20
    assert result.weights["low"].min() >= 20 - 1e-6
    assert result.without_floor[0] > result.out_of_sample["spearman"][0]


def test_an_indicator_without_weight_is_left_out_of_the_index() -> None:
    frame, outcome = nation()
    against = Indicator(column="a", direction=-1)
    extra = (*template().components, Component(name="against", title="Against", indicators=(against,)))
    result = calibrate(
        template(components=extra), frame, [Target(outcome)], others(frame), FitSettings(least=0.0, draws=50)
    )
    assert "against" not in {component.name for component in result.index.components}
    assert result.index.fitted_to is not None
    assert result.index.fitted_to.outcomes == ("made up",)


def test_failures_name_places_that_do_worse() -> None:
    frame, outcome = nation()
    values = outcome.values.copy()
    bad = frame["icb_name"] == "Board 2"
    values[bad] = np.random.default_rng(1).permutation(values[bad])
    spoilt = Outcome("o", values, True, "2021", len(values), {})
    result = calibrate(template(), frame, [Target(spoilt)], others(frame), FitSettings(draws=50))
    boards = result.failures[result.failures["kind"] == "ICB"].set_index("group")
    assert boards["spearman"].idxmin() == "Board 2"
    assert set(result.failures["kind"]) == {"ICB", "rural-urban class", "share aged 75 and over"}


def test_the_index_file_is_read_back_as_it_was(tmp_path: Path) -> None:
    frame, outcome = nation(200)
    result = calibrate(template(), frame, [Target(outcome)], others(frame), FitSettings(draws=20))
    path = tmp_path / "t.toml"
    path.write_text(format_index(result.index, ["First line", "", "third"]), encoding="utf-8")
    assert read_index(path) == result.index
    assert path.read_text(encoding="utf-8").startswith("# First line\n#\n# third\n")


@pytest.mark.parametrize("path", sorted((DECLARED / "indices").glob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_index_survives_writing(path: Path, tmp_path: Path) -> None:
    index = read_index(path)
    (tmp_path / path.name).write_text(format_index(index, []), encoding="utf-8")
    assert read_index(tmp_path / path.name) == index


def test_the_report_says_weights_comparisons_and_failures() -> None:
    frame, outcome = nation(200)
    targets = [Target(outcome)]
    result = calibrate(template(), frame, targets, others(frame), FitSettings(draws=20))
    text = "\n".join(describe_calibration(result))
    for part in ("each ICB left out in turn", "c alone", "Where it does worst", "Urban", "truly in the worst tenth"):
        assert part in text
    source = OutcomeFile(file="o.csv", sha256="0", column="o")
    record = record_calibration(
        result, targets, FitSettings(draws=20), [source, source], "england", "2026-01-01T00:00:00Z"
    )
    assert record.weights[0].component == "of_a"
    assert record.outcome.used == 200
    assert len(record.sources) == 1
    assert record.fit is not None
    assert record.outcomes[0].part == 1


def centred(values: Matrix, target: Vector, part: float = 1.0) -> Centred:
    stacked = np.column_stack([np.ones(len(target)), values, target])
    return Centred.of(stacked.T @ stacked, part)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(0, 0.2))
def test_shares_are_at_least_what_was_asked_and_total_one(seed: int, least: float) -> None:
    random = np.random.default_rng(seed)
    values = random.uniform(0, 100, (60, 4))
    parts = [
        centred(values, values @ random.uniform(0, 1, 4) + random.normal(0, 5, 60), random.uniform(0.1, 1))
        for _ in range(2)
    ]
    shares = fit_shares(parts, np.array([least, 0.0, least, 0.01]))
    assert (shares >= [least - 1e-6, 0, least - 1e-6, 0.01 - 1e-6]).all()
    assert shares.sum() == pytest.approx(1)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_no_other_weights_explain_the_outcomes_better(seed: int) -> None:
    random = np.random.default_rng(seed)
    values = random.normal(0, 1, (80, 3))
    parts = [centred(values, values @ random.uniform(0, 1, 3) + random.normal(0, 1, 80), part) for part in (1.0, 0.3)]
    best = explained(fit_shares(parts, np.zeros(3)), parts)
    for _ in range(50):
        assert explained(random.dirichlet(np.ones(3)), parts) <= best + 1e-6


def test_a_fit_to_one_outcome_is_plain_least_squares() -> None:
    random = np.random.default_rng(3)
    values = random.uniform(0, 1, (500, 3))
    target = values @ [0.5, 0.3, 0.2] + random.normal(0, 0.1, 500)
    solved = np.linalg.lstsq(values - values.mean(axis=0), target - target.mean(), rcond=None)[0]
    assert fit_shares([centred(values, target)], np.zeros(3)) == pytest.approx(solved / solved.sum(), abs=1e-4)


def test_the_mix_decides_between_outcomes_whatever_their_units() -> None:
    frame, outcome = nation(400)
    random = np.random.default_rng(4)
    other = Outcome("other", 1000 * frame["c"] + random.normal(0, 100, 400), False, "2021", 400, {})

    def weight_of_c(part: float) -> float:
        terms, fitting = prepare_fit(template(), frame, [Target(outcome), Target(other, part)], 0.0)
        assert [term.name for term in terms] == ["of_a.a", "of_b.b", "of_c.c"]
        return float(fit_shares(fitting.parts(), fitting.least)[2])

    weights = [weight_of_c(part) for part in (0.1, 1.0, 10.0)]
    assert weights == sorted(weights)
    assert weights[0] < 0.2 < 0.8 < weights[2]


def areas_of(frame: pd.DataFrame, harm: pd.Series) -> AreaOutcome:
    """A mean of every ten LSOAs, weighted by their place."""
    members = pd.DataFrame(
        {
            "unit": [f"U{n // 10:02}" for n in range(len(frame))],
            "lsoa21_code": frame.index,
            "weight": np.arange(len(frame)) % 10 + 1.0,
        }
    )
    means = harm.to_numpy() * members["weight"]
    values = means.groupby(members["unit"]).sum() / members.groupby("unit")["weight"].sum()
    return AreaOutcome("areas", values, False, "nuts3", members, len(values), {}, "survey")


def test_an_outcome_of_larger_areas_is_fitted_through_their_means() -> None:
    frame, _ = nation(800)
    smooth = frame.assign(a=np.repeat(np.random.default_rng(1).uniform(0, 1, 80), 10))
    target: Observed = areas_of(smooth, smooth["a"])
    terms, fitting = prepare_fit(template(), smooth, [Target(target)], 0.0)
    shares = fit_shares(fitting.parts(), fitting.least)
    assert len(fitting.measured[0].aim) == 80
    assert shares[0] > 0.9
    assert fitting.agreements(fitting.values[terms[0].name])["areas"] > 0.99


def test_a_product_gets_one_weight_and_keeps_the_weights_within_it() -> None:
    frame, _ = nation(800)
    product = Component(
        name="both",
        title="Both",
        aggregation="geometric",
        indicators=(Indicator(column="a", direction=1, weight=2), Indicator(column="b", direction=1, weight=1)),
    )
    index = template(components=(product, template().components[2]))
    harm = np.sqrt(frame["a"] * frame["b"]) + 0.2 * frame["c"]
    made = Outcome("o", harm, False, "2021", 800, {})
    result = calibrate(index, frame, [Target(made)], others(frame), FitSettings(least=0.0, draws=20))
    assert result.weights["column"].tolist() == ["", "c"]
    fitted = {component.name: component for component in result.index.components}
    assert fitted["both"].weight > fitted["of_c"].weight
    assert [i.weight for i in fitted["both"].indicators] == [2, 1]
    assert fitted["both"].weight + fitted["of_c"].weight == 100
    assert (result.out_of_sample["spearman"] > 0.9).all()


def test_a_declared_least_goes_before_the_general_one() -> None:
    frame, outcome = nation(200)
    kept = Component(name="of_c", title="C", indicators=(Indicator(column="c", direction=1, least=0.2),))
    result = calibrate(
        template(components=(*template().components[:2], kept)),
        frame,
        [Target(outcome)],
        others(frame),
        FitSettings(least=0.0, draws=20),
    )
    assert result.weights["rounded"].tolist()[2] == 20
    assert result.weights["least"].tolist() == [0, 0, 20]


def test_the_frontier_begins_with_the_declared_mix_and_shows_what_each_outcome_costs() -> None:
    frame, outcome = nation(400)
    other = Outcome("other", frame["c"] + 0.0, False, "2021", 400, {})
    targets = [Target(outcome), Target(other, 0.5)]
    frontier = calibrate(template(), frame, targets, others(frame), FitSettings(least=0.0, draws=20)).frontier
    by_mix = frontier.set_index("mix")
    assert frontier["mix"].iloc[0] == "declared"
    assert len(frontier) == 1 + len(list_mixes(targets)) == 1 + 2 * 6
    of_other, of_outcome = by_mix["other"].to_dict(), by_mix["made up"].to_dict()
    assert of_other["other × 4"] > of_other["declared"] > of_other["without other"]
    assert of_outcome["other × 4"] < of_outcome["without other"]
    assert list_mixes(targets[:1]) == {}


def test_the_loss_of_other_weights_is_what_they_explain_less() -> None:
    frame, outcome = nation(800)
    other = Outcome("other", frame["c"] + frame["a"], False, "2021", 800, {})
    _, fitting = prepare_fit(template(), frame, [Target(outcome), Target(other, 0.5)], 0.0)
    parts = fitting.parts()
    shares = fit_shares(parts, fitting.least)
    slope, curvature = approximate_loss(shares, parts)
    random = np.random.default_rng(7)
    for _ in range(20):
        step = random.normal(0, 0.01, 3)
        step -= step.mean()
        true = explained(shares, parts) - explained(shares + step, parts)
        assert -slope @ step + step @ curvature @ step / 2 == pytest.approx(true, abs=2e-5)
    assert np.linalg.eigvalsh(curvature).min() > -1e-9


def test_other_ways_to_build_the_index_lose_what_they_explain_less() -> None:
    frame, outcome = nation(400)
    result = calibrate(template(), frame, [Target(outcome)], others(frame), FitSettings(draws=20))
    alternatives = result.loss.alternatives
    assert next(iter(alternatives.items())) == ("percentile, arithmetic", 0.0)
    assert {words.split(", ")[0] for words in alternatives} == {"percentile", "min-max", "z-score", "rank-exponential"}
    assert alternatives["rank-exponential, arithmetic"] > 0.01


def test_the_file_of_a_fit_is_read_back_as_it_was(tmp_path: Path) -> None:
    frame, outcome = nation(400)
    result = calibrate(template(), frame, [Target(outcome)], others(frame), FitSettings(draws=20))
    path = tmp_path / "t.toml"
    path.write_text(format_fit(result.fit("england"), "t", "python -m pipeline calibrate"), encoding="utf-8")
    fit = read_fit(path)
    assert fit == result.fit("england")
    assert fit_of(result.index, fit, "england") == (fit, ())


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=20))
def test_whole_percents_total_a_hundred_and_are_nearly_the_shares(parts: Sequence[float]) -> None:
    shares = np.array(parts) / sum(parts)
    percents = round_to_percents(shares)
    assert percents.sum() == 100
    assert np.abs(percents - 100 * shares).max() < 1 + 1e-6


def fitting_of(frame: pd.DataFrame, outcome: Outcome) -> Fitting:
    return prepare_fit(template(), frame, [Target(outcome)], 0.0)[1]


def test_an_area_is_never_judged_by_weights_that_saw_it() -> None:
    frame, outcome = nation(400)
    groups = frame["icb_code"]
    before = fitting_of(frame, outcome).held_out(groups)
    inside = (groups == groups.iloc[0]).to_numpy()
    values = outcome.values.copy()
    values[inside] = values[inside].to_numpy()[::-1]
    turned = Outcome("o", values, True, "2021", 400, {})
    assert (fitting_of(frame, turned).held_out(groups)[inside] == before[inside]).all()


def test_resampled_shares_are_those_of_the_resample() -> None:
    frame, outcome = nation(400)
    fitting = fitting_of(frame, outcome)
    drawn, _ = fitting.bootstrap(3, 9, np.full(3, 1 / 3))
    moments = list(sum_moments(fitting.measured[0], fitting.measured[0].clusters).values())
    counts = np.random.default_rng(9).multinomial(8, np.full(8, 1 / 8), size=3)[0]
    drawn_again = np.sum([count * each for count, each in zip(counts, moments, strict=True)], axis=0)
    assert drawn[0] == pytest.approx(fit_shares([Centred.of(drawn_again, 1.0)], fitting.least), abs=1e-6)


def test_what_cannot_be_fitted_is_refused() -> None:
    frame, outcome = nation(200)
    with pytest.raises(EvidenceError, match="fitted to an arithmetic mean"):
        calibrate(template(aggregation="geometric"), frame, [Target(outcome)], others(frame))
    with pytest.raises(EvidenceError, match="it must be under 0.333"):
        calibrate(template(), frame, [Target(outcome)], others(frame), FitSettings(least=0.4))
    with pytest.raises(EvidenceError, match="one group of areas only"):
        calibrate(template(), frame.assign(icb_code="E54000001"), [Target(outcome)], others(frame))
    backwards = Outcome("o", -(frame["a"] + frame["b"] + frame["c"]), False, "2021", 200, {})
    with pytest.raises(EvidenceError, match="None of the indicators goes with the outcome"):
        calibrate(template(), frame, [Target(backwards)], others(frame))
    with pytest.raises(EvidenceError, match="at least one of the outcomes must be a number of LSOAs"):
        calibrate(template(), frame, [Target(areas_of(frame, frame["a"]))], others(frame))
    inside = Indicator(column="a", direction=1, least=0.1)
    multiplied = Component(name="p", title="P", aggregation="geometric", indicators=(inside,))
    with pytest.raises(EvidenceError, match="Write least beside its name"):
        calibrate(template(components=(multiplied,)), frame, [Target(outcome)], others(frame))
    plain = Component(name="p", title="P", least=0.1, indicators=(Indicator(column="a", direction=1),))
    with pytest.raises(EvidenceError, match="Write least in its indicators"):
        calibrate(template(components=(plain,)), frame, [Target(outcome)], others(frame))
