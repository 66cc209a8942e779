"""What calibrating leaves beside an index, and to which weights it belongs."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.catalogue import Fit, fit_of, fit_path, hash_weights, read_fit, read_index
from pipeline.errors import DeclarationError
from tests.fixtures.folders import DECLARED

SHIPPED = DECLARED / "indices/norfolk-waveney.toml"
LOSS: dict[str, Any] = {
    "terms": ("x.a", "y"),
    "shares": (0.6, 0.4),
    "agreement": 0.5,
    "standard_error": 0.01,
    "slope": (0.0, 0.0),
    "curvature": (1.0, 0.0, 0.0, 1.0),
}
CHANCE: dict[str, Any] = {"outcome": "o", "title": "O", "areas": 10, "top": (0.01, 0.5), "chance": (0.8, 0.1)}


def fit(loss: dict[str, Any] | None = None, chance: dict[str, Any] | None = None) -> Fit:
    return Fit.model_validate(
        {"weights": "0" * 64, "nation": "england", "loss": LOSS | (loss or {}), "chance": CHANCE | (chance or {})}
    )


def test_the_fit_beside_the_shipped_index_belongs_to_its_weights_and_to_no_others() -> None:
    index, beside = read_index(SHIPPED), read_fit(fit_path(SHIPPED))
    assert beside is not None
    assert fit_of(index, beside, "england") == (beside, ())
    terms = [
        component.name if component.aggregation == "geometric" else f"{component.name}.{indicator.column}"
        for component in index.components
        for indicator in component.indicators[: 1 if component.aggregation == "geometric" else None]
    ]
    assert list(beside.loss.terms) == terms
    first = index.components[0].model_copy(update={"weight": 1.0})
    changed = index.model_copy(update={"components": (first, *index.components[1:])})
    nothing, (line,) = fit_of(changed, beside, "england")
    assert nothing is None
    assert "are not those that were calibrated" in line
    assert "left empty" in line


def test_a_normalisation_or_a_product_that_is_changed_is_noticed_too() -> None:
    index = read_index(SHIPPED)
    age = index.components[0]
    plain = age.indicators[0].model_copy(update={"normalisation": None})
    other = age.model_copy(update={"indicators": (plain, *age.indicators[1:])})
    assert hash_weights((other, *index.components[1:])) != hash_weights(index.components)
    summed = index.components[1].model_copy(update={"aggregation": None})
    assert hash_weights((age, summed, *index.components[2:])) != hash_weights(index.components)


def test_an_index_without_a_fit_and_one_of_another_nation_say_so() -> None:
    index = read_index(SHIPPED)
    assert "was not calibrated" in fit_of(index, None, "england")[1][0]
    beside = read_fit(fit_path(SHIPPED))
    assert "calibrated in another nation" in fit_of(index, beside, "demo")[1][0]
    assert read_fit(fit_path(DECLARED / "indices/deri.toml")) is None


@pytest.mark.parametrize(
    ("loss", "chance", "message"),
    [
        ({"shares": (0.6,)}, {}, "shares and slope need 2 values each, and curvature 4"),
        ({"curvature": (1.0,)}, {}, "curvature 4"),
        ({"shares": (0.6, 0.5)}, {}, "must total 1; found 1.1"),
        ({}, {"top": (0.5, 0.5)}, "values of top must rise"),
        ({}, {"chance": (0.1, 0.8)}, "must not rise"),
        ({}, {"chance": (0.1,)}, "equally many"),
    ],
)
def test_what_is_no_fit_is_refused(loss: dict[str, Any], chance: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fit(loss, chance)


def test_a_fault_in_the_file_names_it(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text('weights = "abc"', encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"x.toml: .*\n"):
        read_fit(path)
