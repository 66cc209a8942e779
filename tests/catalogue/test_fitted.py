"""Weights that were fitted, and weights that were changed by hand since."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalogue import Area, Fitted, Index, hash_weights, index_for, read_index, say_fit
from pipeline.catalogue.indicators import IndicatorColumn, IndicatorFile
from pipeline.errors import DeclarationError
from tests.fixtures.folders import DECLARED

SHIPPED = DECLARED / "indices/norfolk-waveney.toml"


def test_the_weights_of_the_shipped_index_are_those_that_were_fitted() -> None:
    index = read_index(SHIPPED)
    assert index.fitted_to is not None
    assert index.mix is not None
    assert index.fitted_to.outcomes == tuple(index.mix.outcomes)
    assert not index.weights_changed
    assert say_fit(index) == ()


@given(st.data())
def test_any_weight_that_is_changed_is_noticed(data: st.DataObject) -> None:
    index = read_index(SHIPPED)
    number = data.draw(st.integers(0, len(index.components) - 1))
    component = index.components[number]
    weight = data.draw(st.floats(0.01, 100).filter(lambda weight: weight != component.weight))
    changed = component.model_copy(update={"weight": weight})
    components = (*index.components[:number], changed, *index.components[number + 1 :])
    altered = index.model_copy(update={"components": components})
    assert altered.weights_changed
    (line,) = say_fit(altered)
    assert "changed by hand since they were fitted to ons_dpi," in line


def test_titles_and_reasons_may_change(tmp_path: Path) -> None:
    path = tmp_path / SHIPPED.name
    text = SHIPPED.read_text(encoding="utf-8")
    path.write_text(text.replace('title = "Age"', 'title = "How old people are"').replace("= 22,", "= 22.0,"), "utf-8")
    assert not read_index(path).weights_changed


def test_an_outcome_alone_is_taken_on_trust(tmp_path: Path) -> None:
    path = tmp_path / "plain.toml"
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join('fitted_to = "mine"' if ln.startswith("fitted_to") else ln for ln in lines), "utf-8")
    index = read_index(path)
    assert index.fitted_to == Fitted(outcomes=("mine",))
    assert not index.weights_changed


@pytest.mark.parametrize("value", ['{ outcome = "o", weights = "abc" }', '{ outcome = "o", sum = "x" }', '""', "3"])
def test_what_is_no_fit_is_refused(tmp_path: Path, value: str) -> None:
    path = tmp_path / "wrong.toml"
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(f"fitted_to = {value}" if ln.startswith("fitted_to") else ln for ln in lines), "utf-8")
    with pytest.raises(DeclarationError, match="fitted_to"):
        read_index(path)


def test_an_index_without_the_real_indicators_of_a_fictional_area_is_not_changed_by_hand() -> None:
    index = read_index(SHIPPED)
    column = IndicatorColumn(
        id="rurality", value_column="v", title="R", meaning="R", quantity="people", worse="high", unit="people"
    )
    file = IndicatorFile(id="f", file="f.csv", code_column="c", source="s", licence="l", columns=(column,))
    fictional = Area(id="a", title="A", everything=True, fictional=True)
    reduced, _ = index_for(index, fictional, [file])
    assert "rurality" not in reduced.columns
    assert not reduced.weights_changed
    assert index_for(_reweighted(index), fictional, [file])[0].weights_changed


def _reweighted(index: Index) -> Index:
    first = index.components[0].model_copy(update={"weight": 1.0})
    assert hash_weights((first,)) != hash_weights(index.components[:1])
    return index.model_copy(update={"components": (first, *index.components[1:])})
