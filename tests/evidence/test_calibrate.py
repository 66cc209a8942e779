from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.catalogue import read_index
from pipeline.catalogue.indices import Component, Index, Indicator
from pipeline.errors import EvidenceError
from pipeline.evidence import FitSettings, calibrate, describe_calibration, format_index, record_calibration
from pipeline.evidence.calibrate import bootstrap_shares, fit_shares, predict_held_out, round_to_percents
from pipeline.evidence.outcome import Outcome
from pipeline.store.records import OutcomeFile
from tests.fixtures.evidence import make_outcome_nation
from tests.fixtures.folders import DECLARED


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
    result = calibrate(template(), frame, outcome, others(frame), FitSettings(least=0.0, draws=200))
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
    result = calibrate(template(), frame, outcome, others(frame), FitSettings(least=0.2, draws=50))
    assert result.weights["rounded"].min() >= 20
    assert result.weights["low"].min() >= 20 - 1e-6
    assert result.without_floor[0] > result.out_of_sample["spearman"][0]


def test_an_indicator_without_weight_is_left_out_of_the_index() -> None:
    frame, outcome = nation()
    against = Indicator(column="a", direction=-1)
    extra = (*template().components, Component(name="against", title="Against", indicators=(against,)))
    result = calibrate(template(components=extra), frame, outcome, others(frame), FitSettings(least=0.0, draws=50))
    assert "against" not in {component.name for component in result.index.components}
    assert result.index.fitted_to is not None
    assert result.index.fitted_to.outcome == "made up"


def test_failures_name_places_that_do_worse() -> None:
    frame, outcome = nation()
    values = outcome.values.copy()
    bad = frame["icb_name"] == "Board 2"
    values[bad] = np.random.default_rng(1).permutation(values[bad])
    spoilt = Outcome("o", values, True, "2021", len(values), {})
    result = calibrate(template(), frame, spoilt, others(frame), FitSettings(draws=50))
    boards = result.failures[result.failures["kind"] == "ICB"].set_index("group")
    assert boards["spearman"].idxmin() == "Board 2"
    assert set(result.failures["kind"]) == {"ICB", "rural-urban class", "share aged 75 and over"}


def test_the_index_file_is_read_back_as_it_was(tmp_path: Path) -> None:
    frame, outcome = nation(200)
    result = calibrate(template(), frame, outcome, others(frame), FitSettings(draws=20))
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
    result = calibrate(template(), frame, outcome, others(frame), FitSettings(draws=20))
    text = "\n".join(describe_calibration(result, outcome, 0.02))
    for part in ("made up: 200 areas", "each ICB left out in turn", "c alone", "Where it does worst", "Urban"):
        assert part in text
    source = OutcomeFile(file="o.csv", sha256="0", column="o")
    record = record_calibration(result, outcome, FitSettings(draws=20), source, "2026-01-01T00:00:00Z")
    assert record.weights[0].component == "of_a"
    assert record.outcome.used == 200


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(0, 0.2))
def test_shares_are_at_least_what_was_asked_and_total_one(seed: int, least: float) -> None:
    random = np.random.default_rng(seed)
    values = random.uniform(0, 100, (60, 4))
    shares = fit_shares(values, values @ random.uniform(0, 1, 4) + random.normal(0, 5, 60), least)
    assert shares.min() >= least - 1e-6
    assert shares.sum() == pytest.approx(1)


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=20))
def test_whole_percents_total_a_hundred_and_are_nearly_the_shares(parts: Sequence[float]) -> None:
    shares = np.array(parts) / sum(parts)
    percents = round_to_percents(shares)
    assert percents.sum() == 100
    assert np.abs(percents - 100 * shares).max() < 1 + 1e-6


def test_an_area_is_never_judged_by_weights_that_saw_it() -> None:
    frame, outcome = nation(400)
    values, target = frame[["a", "b", "c"]].to_numpy(), np.asarray(outcome.harm.rank(pct=True), dtype=np.float64)
    groups = frame["icb_code"].to_numpy()
    before = predict_held_out(values, target, groups, 0.0)
    own = groups == groups[0]
    changed = np.where(own, target[::-1], target)
    assert (predict_held_out(values, changed, groups, 0.0)[own] == before[own]).all()


def test_resampled_shares_are_those_of_the_resample() -> None:
    frame, outcome = nation(400)
    values, target = frame[["a", "b", "c"]].to_numpy(), np.asarray(outcome.harm.rank(pct=True), dtype=np.float64)
    clusters = frame["lad_code"].to_numpy()
    drawn = bootstrap_shares(values, target, clusters, FitSettings(0.02, 3, 9))
    counts = np.random.default_rng(9).multinomial(8, np.full(8, 1 / 8), size=3)
    names = np.unique(clusters)
    rows = np.concatenate([np.tile(np.flatnonzero(clusters == n), k) for n, k in zip(names, counts[0], strict=True)])
    assert drawn[0] == pytest.approx(fit_shares(values[rows], target[rows], 0.02), abs=1e-6)


def test_what_cannot_be_fitted_is_refused() -> None:
    frame, outcome = nation(200)
    with pytest.raises(EvidenceError, match="weighted arithmetic means"):
        calibrate(template(aggregation="geometric"), frame, outcome, others(frame))
    with pytest.raises(EvidenceError, match="--least must be at least 0 and under 0.333"):
        calibrate(template(), frame, outcome, others(frame), FitSettings(least=0.4))
    with pytest.raises(EvidenceError, match="one group of areas only"):
        calibrate(template(), frame.assign(icb_code="E54000001"), outcome, others(frame))
    backwards = Outcome("o", -(frame["a"] + frame["b"] + frame["c"]), False, "2021", 200, {})
    with pytest.raises(EvidenceError, match="None of the indicators goes with the outcome"):
        calibrate(template(), frame, backwards, others(frame))
